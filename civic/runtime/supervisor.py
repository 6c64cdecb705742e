"""One process that starts the others, interleaves their logs, and ends them all when one dies or it is told to."""

import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType

from civic.runtime.errors import StartError
from civic.runtime.processes import Program, end_group, start


class StopRequested(Exception):
    """Ctrl-C or SIGTERM: end everything; nothing is wrong."""


@dataclass
class _Child:
    program: Program
    process: subprocess.Popen[bytes]
    lasts: bool
    unfinished_line: bytes = b""

    def failure(self) -> str:
        """How it ended, for the one line that says so."""
        code = self.process.returncode
        how = f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
        return f"{self.program.name} {how}"


class Supervisor:
    """Starts programs; whatever waits here also passes their logs on and notices a death.

    To be used from the main thread: the kernel ties a child's life to the thread that started it.
    """

    def __init__(self) -> None:
        self._children: list[_Child] = []
        self._logs = selectors.DefaultSelector()
        self._stop_requested = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._request_stop)

    def start(self, program: Program) -> None:
        """Start a program that runs until the end."""
        self._start(program, lasts=True)

    def run(self, program: Program) -> None:
        """Run a program to its end. Raises StartError when it fails."""
        child = self._start(program, lasts=False)
        self.wait_until(lambda: child.process.poll() is not None, patience=float("inf"))
        self._children.remove(child)
        self._pass_on_logs(wait=0)
        if child.process.returncode:
            raise StartError(f"{child.failure()}; its last lines above say why.")

    def wait_until(self, ready: Callable[[], bool], patience: float = 60) -> None:
        """Wait for a condition. Raises StartError after `patience` seconds, or when a program dies."""
        deadline = time.monotonic() + patience
        while not ready():
            if time.monotonic() > deadline:
                raise StartError(f"The portal is not ready after {patience:.0f} seconds.")
            self._tick()

    def watch(self) -> None:
        """Stay until told to stop (StopRequested) or until a program dies (StartError)."""
        while True:
            self._tick()

    def end(self, patience: float = 12) -> None:
        """End every program: those that use the servers first, each side within `patience` seconds."""
        for serves in (False, True):
            children = [child for child in self._children if child.program.serves == serves]
            for child in children:
                child.process.send_signal(child.program.stop_signal)
            deadline = time.monotonic() + patience
            while any(child.process.poll() is None for child in children) and time.monotonic() < deadline:
                self._pass_on_logs(wait=0.1)
            for child in children:
                end_group(child.process)
        self._pass_on_logs(wait=0)

    def _start(self, program: Program, *, lasts: bool) -> _Child:
        log, its_output = os.pipe()
        child = _Child(program, start(program, its_output), lasts)
        os.close(its_output)
        self._logs.register(log, selectors.EVENT_READ, child)
        self._children.append(child)
        return child

    def _request_stop(self, number: int, frame: FrameType | None) -> None:
        self._stop_requested = True

    def _tick(self) -> None:
        self._pass_on_logs(wait=0.1)
        if self._stop_requested:
            raise StopRequested
        for child in self._children:
            if child.lasts and child.process.poll() is not None:
                raise StartError(f"{child.failure()}, so everything is ended; its last lines above say why.")

    def _pass_on_logs(self, wait: float) -> None:
        for key, _ in self._logs.select(wait):
            child: _Child = key.data
            read = os.read(key.fd, 65536)
            *lines, child.unfinished_line = (child.unfinished_line + read).split(b"\n")
            if not read:
                self._logs.unregister(key.fd)
                os.close(key.fd)
                if child.unfinished_line:
                    lines.append(child.unfinished_line)
            self._print(child.program.name, lines)

    def _print(self, name: str, lines: list[bytes]) -> None:
        try:
            for line in lines:
                sys.stdout.buffer.write(f"{name:<10} | ".encode() + line + b"\n")
            sys.stdout.flush()
        except BrokenPipeError:  # whoever read the log has gone
            self._stop_requested = True
