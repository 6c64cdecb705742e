"""Servers that live as long as a block of code, for tests and checks."""

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from civic.runtime.data_directory import DataDirectory
from civic.runtime.embedded import EmbeddedPostgres, EmbeddedRedis, remove_sockets
from civic.runtime.errors import StartError
from civic.runtime.processes import Program, end, start


@contextmanager
def throwaway_servers() -> Iterator[dict[str, str]]:
    """Yield the environment that reaches a fresh PostgreSQL and a fresh Redis; both are gone when the block ends.

    A server whose address the environment already gives is not started. Raises StartError when one does not come up.
    """
    with ExitStack() as stack:
        directory = Path(tempfile.mkdtemp(prefix="civic-throwaway-"))
        stack.callback(shutil.rmtree, directory, ignore_errors=True)
        directory.chmod(0o711)  # PostgreSQL may run as another user, who passes through here
        data = DataDirectory(directory)
        keys = data.secrets()
        stack.callback(remove_sockets, keys)
        environment = {"CIVIC_DATA_DIR": str(directory), "SECRET_KEY": keys.secret_key}
        if not os.environ.get("REDIS_URL"):
            redis = EmbeddedRedis(directory, keys)
            _run(redis.program(), redis.ready, directory, stack)
            environment |= redis.environment
        if not os.environ.get("DATABASE_URL"):
            postgres = EmbeddedPostgres(directory, keys, throwaway=True)
            _run(postgres.program(), postgres.ready, directory, stack)
            postgres.create_roles()
            environment |= postgres.environment
        yield environment


def _run(program: Program, ready: Callable[[], bool], directory: Path, stack: ExitStack) -> None:
    log = directory / f"{program.name}.log"
    with log.open("wb") as output:
        process = start(program, output)
    stack.callback(end, program, process)
    deadline = time.monotonic() + 30
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline:
            raise StartError(f"{program.name} did not start: {log.read_text(errors='replace').strip()[-500:]}")
        time.sleep(0.05)
