"""CIVIC_DATA_DIR: what a run keeps on disk, its secrets, and the lock that lets one run at a time use it."""

import fcntl
import json
import os
import secrets
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from civic.runtime.errors import StartError


@dataclass(frozen=True)
class Secrets:
    """Made once for a data directory, readable by its owner only."""

    secret_key: str
    admin_password: str
    owner_password: str
    serving_password: str
    demo_password: str
    mark: str

    @classmethod
    def make(cls) -> "Secrets":
        """New random secrets; the demo password is short enough to type from a screen."""
        return cls(
            secret_key=secrets.token_urlsafe(48),
            admin_password=secrets.token_urlsafe(24),
            owner_password=secrets.token_urlsafe(24),
            serving_password=secrets.token_urlsafe(24),
            demo_password=secrets.token_urlsafe(9),
            mark=secrets.token_hex(8),
        )


class DataDirectory:
    """The directory of one installation; made when missing."""

    def __init__(self, path: Path) -> None:
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StartError(f"CIVIC_DATA_DIR={path} cannot be made: {error.strerror}.") from error
        self.path = path.resolve()

    def lock(self, patience: float = 20.0) -> int:
        """Take the directory for this process until it ends, and return the lock's file descriptor.

        A run that is being ended gets `patience` seconds to let go. Raises StartError when it does not.
        """
        descriptor = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        deadline = time.monotonic() + patience
        waiting = False
        while not _locks(descriptor):
            holder = os.pread(descriptor, 20, 0).decode()
            if time.monotonic() > deadline:
                os.close(descriptor)
                raise StartError(
                    f"{self.path} is in use by process {holder}: end it, or set CIVIC_DATA_DIR to another place."
                )
            if not waiting:
                print(f"{self.path} is in use by process {holder}, waiting for it to end ...", flush=True)
                waiting = True
            time.sleep(0.2)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        return descriptor

    def secrets(self) -> Secrets:
        """The directory's secrets, made at the first call."""
        file = self.path / "secrets.json"
        if not file.exists():
            unfinished = file.with_suffix(".new")
            unfinished.touch(mode=0o600)
            unfinished.write_text(json.dumps(asdict(Secrets.make()), indent=1))
            unfinished.replace(file)
        return Secrets(**json.loads(file.read_text()))


def _locks(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
