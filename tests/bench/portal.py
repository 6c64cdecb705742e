"""A portal of its own to measure: started as `make run` starts it, in a directory that is thrown away."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 240


@dataclass(frozen=True)
class Portal:
    """A running portal. `seconds` is how long it took to be ready to serve."""

    port: int
    supervisor: int
    seconds: float


@contextmanager
def portal(data_directory: Path, *, settings: str = "civic.settings") -> Iterator[Portal]:
    """Start the portal on a free port, yield it when it is ready, and end it.

    Raises RuntimeError, with the end of its log, when it does not become ready.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
    environment |= {"PORT": str(port), "CIVIC_DATA_DIR": str(data_directory), "DJANGO_SETTINGS_MODULE": settings}
    with tempfile.TemporaryFile() as log:
        began = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "-m", "civic.runtime"], env=environment, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            while not _is_ready(port):
                if process.poll() is not None or time.monotonic() - began > PATIENCE:
                    log.seek(0)
                    raise RuntimeError(f"The portal did not start:\n{log.read().decode()[-3000:]}")
                time.sleep(0.05)
            yield Portal(port, process.pid, time.monotonic() - began)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def _is_ready(port: int) -> bool:
    with suppress(OSError, http.client.HTTPException):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == http.HTTPStatus.OK
        finally:
            connection.close()
    return False
