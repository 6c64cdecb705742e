"""`make run`: from whatever state an earlier run left to a portal that serves."""

import http.client
import os
import socket
import sys
from pathlib import Path

import psycopg
import redis

from civic.runtime.data_directory import DataDirectory, Secrets
from civic.runtime.embedded import EmbeddedPostgres, EmbeddedRedis, remove_sockets
from civic.runtime.errors import StartError, first_line
from civic.runtime.processes import MARK, PROJECT, Program, end_leftovers
from civic.runtime.services import PREPARE, SERVICES
from civic.runtime.supervisor import StopRequested, Supervisor

_HOST = "127.0.0.1"


def run() -> None:
    """Start everything and stay until told to stop. Raises StartError where that fails, with everything ended."""
    port = _port()
    data = DataDirectory(Path(os.environ.get("CIVIC_DATA_DIR") or PROJECT / "var"))
    lock = data.lock()  # held to the end: what runs on this directory from here on is ours or a killed run's
    keys = data.secrets()
    end_leftovers(keys.mark, (data.path / "postgresql" / "cluster").resolve())
    _refuse_busy_port(port)
    _refuse_unreachable_servers()

    environment = _environment(data, keys, port)
    supervisor = Supervisor()
    try:
        if not os.environ.get("REDIS_URL"):
            broker = EmbeddedRedis(data.path, keys)
            supervisor.start(broker.program())
            supervisor.wait_until(broker.ready)
            environment |= broker.environment
        if not os.environ.get("DATABASE_URL"):
            database = EmbeddedPostgres(data.path, keys)
            supervisor.start(database.program())
            supervisor.wait_until(database.ready)
            database.create_roles()
            environment |= database.environment
        supervisor.run(Program("prepare", PREPARE, environment))
        for service in SERVICES:
            supervisor.start(Program(service.name, service.command, environment))
        supervisor.wait_until(lambda: _ready(port))
        _greet(data, environment["DEMO_PASSWORD"], port)
        supervisor.watch()
    except StopRequested:
        pass
    finally:
        supervisor.end()
        remove_sockets(keys)
        os.close(lock)


def _environment(data: DataDirectory, keys: Secrets, port: int) -> dict[str, str]:
    given = {name: value for name, value in os.environ.items() if value}
    hosts = [host for host in (given.get("ALLOWED_HOSTS"), "localhost", _HOST) if host]
    return {
        "SECRET_KEY": keys.secret_key,
        "DEMO_PASSWORD": keys.demo_password,
        "SERVE_OVER_HTTPS": "false",
        **given,
        "ALLOWED_HOSTS": ",".join(hosts),
        "CIVIC_DATA_DIR": str(data.path),
        "PORT": str(port),
        # Reached from this machine only; in a container the services bind to every address.
        "GUNICORN_CMD_ARGS": f"--bind={_HOST}:{port}",
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), given.get("PATH", os.defpath))),
        "PYTHONUNBUFFERED": "1",
        MARK: keys.mark,
    }


def _port() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise StartError(f"PORT={text} is no port: give a number from 1 to 65535.")
    return int(text)


def _refuse_busy_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, port))
        except OSError as error:
            raise StartError(
                f"Port {port} cannot be used ({error.strerror}): end what uses it, or set PORT to another one."
            ) from error


def _refuse_unreachable_servers() -> None:
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        if url := os.environ.get(name):
            try:
                psycopg.connect(url, connect_timeout=5).close()
            except psycopg.Error as error:
                raise StartError(
                    f"{name} leads to no database ({first_line(error)}): correct it, or start the server."
                ) from error
    if url := os.environ.get("REDIS_URL"):
        try:
            with redis.Redis.from_url(url, socket_connect_timeout=5) as client:
                client.ping()
        except (redis.RedisError, ValueError) as error:
            raise StartError(
                f"REDIS_URL leads to no broker ({first_line(error)}): correct it, or start the server."
            ) from error


def _ready(port: int) -> bool:
    connection = http.client.HTTPConnection(_HOST, port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _greet(data: DataDirectory, password: str, port: int) -> None:
    print(f"\nThe portal is ready: http://localhost:{port}/  (Ctrl-C ends it)")
    accounts = data.path / "demo-accounts.txt"
    if accounts.exists():
        print(accounts.read_text().rstrip())
        greeted = data.path / "greeted"
        if os.environ.get("DEMO_PASSWORD") or not greeted.exists():
            print(f"Password of the demo accounts: {password}")
            greeted.touch()
        else:
            print(f"Their password was printed at the first start; it is kept in {data.path / 'secrets.json'}.")
    sys.stdout.flush()
