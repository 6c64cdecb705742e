"""A portal started as `make run` starts it, in a process of its own."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import psycopg

from civic.runtime.data_directory import DataDirectory
from civic.runtime.embedded import EmbeddedPostgres
from civic.runtime.processes import MARK, PROJECT

# The tests' own servers, which a portal with embedded ones must not see.
_OF_THE_TESTS = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "SECRET_KEY", "DJANGO_SETTINGS_MODULE")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Portal:
    """One run on a data directory."""

    def __init__(self, data: Path, **environment: str) -> None:
        self.data = data
        self.port = free_port()
        self._log = data.parent / "log"
        inherited = {name: value for name, value in os.environ.items() if name not in _OF_THE_TESTS}
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "civic.runtime"],
                cwd=PROJECT,
                env={**inherited, "CIVIC_DATA_DIR": str(data), "PORT": str(self.port), **environment},
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    @property
    def output(self) -> str:
        return self._log.read_text(errors="replace")

    def wait_until_ready(self) -> None:
        # The first start makes the demo's records and reports, and other tests may run beside it.
        self.wait_for("The portal is ready", patience=400)

    def wait_for(self, words: str, patience: float = 120) -> None:
        deadline = time.monotonic() + patience
        while words not in self.output:
            assert self.process.poll() is None, self.output
            assert time.monotonic() < deadline, self.output
            time.sleep(0.02)

    def status(self, path: str) -> int:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)) as connection:
            connection.request("GET", path)
            return connection.getresponse().status

    def processes(self) -> dict[int, str]:
        """The processes of the run, the supervisor aside, by what they were started as."""
        mark = f"{MARK}={DataDirectory(self.data).secrets().mark}".encode()
        found = {}
        for entry in Path("/proc").iterdir():
            try:
                if entry.name.isdigit() and mark in (entry / "environ").read_bytes():
                    found[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
        return found

    def pid_of(self, words: str) -> int:
        """The oldest process whose command has these words."""
        return min(pid for pid, command in self.processes().items() if words in command)

    def wait_until_gone(self, patience: float = 20) -> None:
        deadline = time.monotonic() + patience
        while left := self.processes():
            assert time.monotonic() < deadline, left
            time.sleep(0.1)

    def end(self) -> int:
        """End it as a service manager would, and return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)

    def database(self) -> psycopg.Connection[tuple[object, ...]]:
        """A connection as the owner."""
        server = EmbeddedPostgres(self.data, DataDirectory(self.data).secrets())
        return psycopg.connect(server.environment["DATABASE_OWNER_URL"], autocommit=True)
