"""What an earlier run left is found and ended; a stranger never is; one run at a time uses a data directory."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from civic.runtime.data_directory import DataDirectory
from civic.runtime.errors import StartError
from civic.runtime.processes import MARK, PROJECT, end_leftovers

SLEEP = ("sleep", "300")


@pytest.fixture
def sleepers() -> Iterator[list[subprocess.Popen[bytes]]]:
    processes: list[subprocess.Popen[bytes]] = []
    yield processes
    for process in processes:
        process.kill()
        process.wait()


def test_what_a_run_left_is_ended_and_a_stranger_is_not(
    sleepers: list[subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    sleepers += (
        *(subprocess.Popen(SLEEP, env={**os.environ, MARK: mark}) for mark in ("ours", "another's", "ours and more")),
        subprocess.Popen(SLEEP, cwd=tmp_path),  # in the cluster's directory, but not PostgreSQL
    )
    assert end_leftovers("ours", tmp_path, patience=0) == 1
    assert sleepers[0].wait(5) == -signal.SIGKILL
    assert [process.poll() for process in sleepers[1:]] == [None, None, None]


def test_what_is_ending_by_itself_is_given_time(sleepers: list[subprocess.Popen[bytes]], tmp_path: Path) -> None:
    sleepers.append(subprocess.Popen(("sleep", "0.3"), env={**os.environ, MARK: "ours"}))
    assert end_leftovers("ours", tmp_path, patience=5) == 0
    assert sleepers[0].wait(1) == 0


def test_a_child_ends_with_whoever_started_it() -> None:
    starter = """
import subprocess, sys, time
from civic.runtime.processes import Program, start
print(start(Program("sleeper", ("sleep", "300"), {}), subprocess.DEVNULL).pid, flush=True)
time.sleep(300)
"""
    with subprocess.Popen([sys.executable, "-c", starter], cwd=PROJECT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        child = os.pidfd_open(int(process.stdout.readline()))
        process.kill()
    ended, _, _ = select.select([child], [], [], 5)
    assert ended == [child]
    os.close(child)


def test_one_run_at_a_time(tmp_path: Path) -> None:
    held = DataDirectory(tmp_path).lock()
    with pytest.raises(StartError, match=f"in use by process {os.getpid()}"):
        DataDirectory(tmp_path).lock(patience=0)
    os.close(held)
    os.close(DataDirectory(tmp_path).lock(patience=0))


def test_secrets_are_made_once_and_for_the_owner_alone(tmp_path: Path) -> None:
    made = DataDirectory(tmp_path).secrets()
    assert DataDirectory(tmp_path).secrets() == made
    assert (tmp_path / "secrets.json").stat().st_mode & 0o077 == 0
