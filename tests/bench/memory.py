"""Resident memory of the portal's processes, against a process that has loaded Django and nothing of the portal."""

import subprocess
import sys
from pathlib import Path

from tests.bench.measurement import Measurement
from tests.portal import Portal

LIMIT = "<= 4.0"
LOAD_DJANGO = "import django, django.db.models, django.template; print(flush=True); input()"


def resident_megabytes(portal: Portal) -> list[Measurement]:
    """Return the largest web and the largest worker process."""
    bare = _bare_django()
    commands = portal.processes()
    web = max(_resident(pid) for pid, command in commands.items() if "gunicorn" in command)
    worker = max(_resident(pid) for pid, command in commands.items() if "celery" in command and "worker" in command)
    return [
        Measurement("resident memory of a web process against bare Django", LIMIT, web, bare, "MB"),
        Measurement("resident memory of a worker process against bare Django", LIMIT, worker, bare, "MB"),
    ]


def _bare_django() -> float:
    with subprocess.Popen(
        [sys.executable, "-c", LOAD_DJANGO], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        process.stdout.readline()  # type: ignore[union-attr]
        resident = _resident(process.pid)
        process.kill()
    return resident


def _resident(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmRSS:")) / 1024
