"""Settings from the environment: a wrong one ends the program with one line that says which it is and what to do."""

from typing import Any, NoReturn

import environ
from django.core.exceptions import ImproperlyConfigured

_NO = ("false", "off", "no", "n", "0")


class Environment(environ.Env):
    """django-environ, which raises SystemExit with that line where a variable is missing or cannot be read.

    A variable set to nothing counts as not set: that is how docker compose passes on one that is not there.
    """

    def __init__(self, variables: dict[str, str]) -> None:
        super().__init__()
        self.ENVIRON = {name: value for name, value in variables.items() if value}

    def get_value(self, var: str, cast: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Return the value as the type `cast`; a word that is neither yes nor no is refused, not taken for no."""
        given = self.ENVIRON.get(var)
        if cast is bool and given and given.lower() not in (*self.BOOLEAN_TRUE_STRINGS, *_NO):
            _refuse(f"{var}={given} is neither true nor false.")
        try:
            return super().get_value(var, cast, *args, **kwargs)
        except ImproperlyConfigured:
            _refuse(f"{var} is not set: docs/architecture/running.md says what it is; `make run` needs no settings.")
        except ValueError:
            _refuse(f"{var}={given} cannot be read as {cast.__name__}.")

    def postgres(self, var: str, **default: str) -> dict[str, Any]:
        """Return Django's settings of a PostgreSQL database from its address."""
        address = str(self.str(var, **default))
        try:
            is_postgres = address.startswith(("postgres://", "postgresql://"))
            config: dict[str, Any] = self.db_url_config(address) if is_postgres else {}
        except ValueError:
            config = {}
        if not (config.get("NAME") and config.get("USER")):
            _refuse(f"{var} is no address of a database: write postgres://user:password@host:5432/database.")
        return config

    def broker(self, var: str) -> str:
        """Return the address of Redis."""
        address = str(self.str(var))
        if not address.startswith(("redis://", "rediss://", "unix:///")):
            _refuse(f"{var} is no address of Redis: write redis://host:6379/0.")
        return address

    def mail(self, var: str, *, default: str) -> dict[str, Any]:
        """Return Django's settings of outgoing mail from a server's address."""
        try:
            config: dict[str, Any] = self.email_url_config(self.str(var, default=default))
        except (ImproperlyConfigured, ValueError):
            _refuse(f"{var} is no address of a mail server: write smtp+tls://user:password@host:587.")
        return config


def _refuse(line: str) -> NoReturn:
    raise SystemExit(f"civic: {line}")
