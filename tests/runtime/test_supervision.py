"""`make run` as a whole: it serves, it ends completely, and after any crash it starts again with its records."""

import os
import shutil
import signal
import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.portal import Portal

pytestmark = pytest.mark.slow

COMMANDS = {
    "web": "gunicorn",
    "worker": "civic worker",
    "scheduler": "civic beat",
    "redis": "redis-server",
    "postgresql": "bin/postgres",
}


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    """A data directory that lives through the starts and crashes of this module."""
    directory = Path(tempfile.mkdtemp(prefix="civic-runtime-"))
    directory.chmod(0o755)
    yield directory / "var"
    shutil.rmtree(directory)


@pytest.fixture
def start(data: Path) -> Iterator[Callable[..., Portal]]:
    """Start a portal and wait until it serves; whatever the test does to it, nothing of it is left afterwards."""
    portals: list[Portal] = []

    def start_one(**environment: str) -> Portal:
        portals.append(Portal(data, **environment))
        portals[-1].wait_until_ready()
        return portals[-1]

    yield start_one
    for portal in portals:
        portal.end()
    for portal in portals:
        portal.wait_until_gone()


def remember(portal: Portal, crash: str) -> None:
    with portal.database() as owner:
        owner.execute("CREATE TABLE IF NOT EXISTS survived (crash text)")
        owner.execute("INSERT INTO survived VALUES (%s)", (crash,))


def remembered(portal: Portal) -> list[object]:
    with portal.database() as owner:
        return [crash for (crash,) in owner.execute("SELECT crash FROM survived")]


def test_serves_and_ends_completely(start: Callable[..., Portal]) -> None:
    portal = start()
    assert portal.status("/readyz") == 200
    assert portal.status("/") == 200
    assert f"http://localhost:{portal.port}/" in portal.output
    for name in COMMANDS:
        portal.wait_for(f"\n{name:<10} | ")
    assert portal.end() == 0
    assert portal.processes() == {}


def test_when_one_dies_all_end_and_the_next_start_has_every_record(start: Callable[..., Portal]) -> None:
    portal = start()
    for crashes, (name, words) in enumerate(COMMANDS.items(), start=1):
        remember(portal, name)
        os.kill(portal.pid_of(words), signal.SIGKILL)
        assert portal.process.wait(60) == 1
        assert portal.output.splitlines()[-1].startswith(f"civic: {name} was killed by SIGKILL")
        portal.wait_until_gone(patience=2)
        portal = start()
        assert remembered(portal) == list(COMMANDS)[:crashes]


def test_a_killed_supervisor_leaves_nothing_and_the_next_start_has_every_record(start: Callable[..., Portal]) -> None:
    portal = start()
    remember(portal, "supervisor")
    portal.process.kill()
    again = start()  # at once, while the killed run's processes are still ending
    assert "supervisor" in remembered(again)
    again.process.kill()
    again.wait_until_gone()


def test_servers_that_the_environment_names_are_used_and_none_is_embedded(start: Callable[..., Portal]) -> None:
    portal = start(**{name: os.environ[name] for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")})
    assert portal.status("/readyz") == 200
    assert not [command for command in portal.processes().values() if "postgres" in command or "redis" in command]
    assert portal.end() == 0


def test_an_interrupt_while_starting_ends_everything(data: Path) -> None:
    portal = Portal(data)
    portal.wait_for("postgresql |")
    portal.process.send_signal(signal.SIGINT)
    assert portal.process.wait(60) == 0
    assert portal.processes() == {}


def test_a_busy_port_is_one_line(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        portal = Portal(data, PORT=str(port))
        assert portal.process.wait(60) == 1
    assert portal.output.splitlines() == [
        f"civic: Port {port} cannot be used (Address already in use): end what uses it, or set PORT to another one."
    ]


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("PORT", "http"),
        ("DATABASE_URL", "postgres://civic_app:secret@127.0.0.1:1/civic"),
        ("REDIS_URL", "redis://127.0.0.1:1/0"),
        ("REDIS_URL", "127.0.0.1"),
        ("DEBUG", "perhaps"),
    ],
)
def test_a_wrong_setting_or_an_unreachable_server_is_one_line(data: Path, variable: str, value: str) -> None:
    portal = Portal(data, **{variable: value})
    assert portal.process.wait(60) == 1
    line = portal.output.splitlines()[-1]
    assert line.startswith("civic: ")
    assert variable in portal.output
    assert "Traceback" not in portal.output
    assert "secret" not in portal.output
