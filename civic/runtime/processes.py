"""Child processes that cannot outlive their supervisor, and finding those that a killed one left behind."""

import ctypes
import os
import pwd
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypedDict

PROJECT = Path(__file__).resolve().parents[2]

# Stands in the environment of every process of a run, so that the next run knows them as its own.
MARK = "CIVIC_RUN_MARK"

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


def end_with_parent(signal_number: signal.Signals) -> None:
    """Let the kernel send this process the signal when its parent ends, however it ends."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal_number)


@dataclass(frozen=True)
class Program:
    """What is needed to start a process; `user` is who runs it when not the caller, `serves` that others use it."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    stop_signal: signal.Signals = signal.SIGTERM
    user: pwd.struct_passwd | None = None
    serves: bool = False


def start(program: Program, output: int | IO[bytes]) -> subprocess.Popen[bytes]:
    """Start a program in a session of its own: Ctrl-C reaches the supervisor alone, which ends them in order."""
    supervisor = os.getpid()

    def in_the_child() -> None:
        # Here, not earlier: a change of user clears the signal. Asked of the thread that forks: call from the main one.
        end_with_parent(program.stop_signal)
        if os.getppid() != supervisor:
            os._exit(1)

    return subprocess.Popen(
        program.command,
        cwd=PROJECT if program.user is None else "/",
        env=dict(program.environment),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=in_the_child,
        **as_user(program.user),
    )


class AsUser(TypedDict, total=False):
    """The arguments of subprocess that say who runs a command."""

    user: int
    group: int
    extra_groups: list[int]


def as_user(user: pwd.struct_passwd | None) -> AsUser:
    """The arguments of subprocess that run a command as this user; none when it is the caller's own."""
    if user is None:
        return {}
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def end(program: Program, process: subprocess.Popen[bytes], patience: float = 10) -> None:
    """Tell a program to end, and end it by force after `patience` seconds."""
    process.send_signal(program.stop_signal)
    with suppress(subprocess.TimeoutExpired):
        process.wait(patience)
    end_group(process)


def end_group(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of a process and of the children in its group."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def end_leftovers(mark: str, cluster: Path, patience: float = 5.0) -> int:
    """End what an earlier run left running, and return how many had to be killed.

    A killed supervisor's children have been told to end by the kernel, so they are given `patience` seconds first.
    Nothing but a process that carries the run's mark, or a PostgreSQL process at work in its cluster, is touched.
    """
    deadline = time.monotonic() + patience
    while (left := _processes_of(mark, cluster)) and time.monotonic() < deadline:
        time.sleep(0.1)
    for pid in left:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    while _processes_of(mark, cluster):
        time.sleep(0.05)
    return len(left)


def _processes_of(mark: str, cluster: Path) -> list[int]:
    marked = f"{MARK}={mark}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            environment = (entry / "environ").read_bytes().split(b"\0")
            # PostgreSQL's children write their titles over their environment; their working directory stays.
            in_cluster = (entry / "cwd").readlink() == cluster and (entry / "exe").readlink().name == "postgres"
        except OSError:  # ended meanwhile, or another user's
            continue
        if marked in environment or in_cluster:
            found.append(int(entry.name))
    return found
