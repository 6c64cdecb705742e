"""Resident memory of the portal's processes, against a bare Django process."""

import subprocess
import sys
from pathlib import Path

from tests.bench.measurement import Measurement

# Ratios of a process that serves to one that has only loaded Django.
WEB_LIMIT, WORKER_LIMIT = "<= 4.0", "<= 4.0"


def resident_megabytes(supervisor: int) -> list[Measurement]:
    """Return the largest web and worker process of the portal that `supervisor` (a pid) started."""
    bare = _bare_django()
    commands = {pid: _command(pid) for pid in _descendants(supervisor)}
    web = max(_resident(pid) for pid, command in commands.items() if "gunicorn" in command)
    worker = max(_resident(pid) for pid, command in commands.items() if "celery" in command and "worker" in command)
    return [
        Measurement("resident memory of a web process against bare Django", WEB_LIMIT, web, bare, "MB"),
        Measurement("resident memory of a worker process against bare Django", WORKER_LIMIT, worker, bare, "MB"),
    ]


def _bare_django() -> float:
    loaded = "import django; from django.conf import settings; settings.configure(); django.setup(); import django.db.models"
    process = subprocess.Popen(
        [sys.executable, "-c", f"{loaded}; print(flush=True); input()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        process.stdout.readline()
        return _resident(process.pid)
    finally:
        process.kill()
        process.wait()


def _resident(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"Process {pid} has no memory of its own.")


def _command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()


def _descendants(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [found for child in map(int, children) for found in (child, *_descendants(child))]
