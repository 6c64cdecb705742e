"""The two database roles: an owner that migrates, and a serving role that row security always binds."""

from dataclasses import dataclass

import psycopg
from psycopg import sql

from civic.runtime.errors import StartError

OWNER = "civic_owner"
SERVING = "civic_app"
DATABASE = "civic"


@dataclass(frozen=True)
class Roles:
    """Names and passwords of the two roles, and the name of the database."""

    owner: str
    owner_password: str
    serving: str
    serving_password: str
    database: str


def create_roles(
    connection: psycopg.Connection[tuple[object, ...]], roles: Roles, *, owner_creates_databases: bool = False
) -> None:
    """Create both roles and the database, or bring those that exist to what they must be.

    The connection is an administrator's, in autocommit; CREATEROLE and CREATEDB suffice. Rights on tables are the
    migrations' business. Raises StartError where one role is named for both, or the serving role belongs to the owner.
    """
    if roles.owner == roles.serving:
        raise StartError(f"One role, {roles.owner}, is named for both owner and serving role: they must be two.")
    _create_role(connection, roles.owner, roles.owner_password, createdb=owner_creates_databases)
    _create_role(connection, roles.serving, roles.serving_password, createdb=False)
    member = connection.execute("SELECT pg_has_role(%s, %s, 'MEMBER')", (roles.serving, roles.owner)).fetchone()
    if member == (True,):
        raise StartError(f"{roles.serving} is a member of {roles.owner}: revoke that, the serving role owns nothing.")
    _create_database(connection, roles)


def _create_role(
    connection: psycopg.Connection[tuple[object, ...]], name: str, password: str, *, createdb: bool
) -> None:
    role = sql.Identifier(name)
    attributes = connection.execute(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolreplication, rolcreatedb FROM pg_roles WHERE rolname = %s",
        (name,),
    ).fetchone()
    if attributes is None:
        connection.execute(sql.SQL("CREATE ROLE {}").format(role))
        attributes = (False,) * 5
    wanted = (False, False, False, False, createdb)
    # Only what differs is named: a server's managed administrator may not so much as mention SUPERUSER.
    for word, present, want in zip(
        ("SUPERUSER", "BYPASSRLS", "CREATEROLE", "REPLICATION", "CREATEDB"), attributes, wanted, strict=True
    ):
        if present != want:
            connection.execute(sql.SQL("ALTER ROLE {} {}").format(role, sql.SQL(word if want else f"NO{word}")))
    # Sent as its hash, so that no log of statements holds the password.
    hashed = connection.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256").decode()
    connection.execute(sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(role, sql.Literal(hashed)))


def _create_database(connection: psycopg.Connection[tuple[object, ...]], roles: Roles) -> None:
    database, owner = sql.Identifier(roles.database), sql.Identifier(roles.owner)
    # An administrator who is no superuser must be a member of the role to which he gives the database.
    superuser = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone() == (True,)
    if not superuser:
        connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(owner))
    if connection.execute("SELECT FROM pg_database WHERE datname = %s", (roles.database,)).fetchone() is None:
        connection.execute(sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(database))
    connection.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(database, owner))
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, sql.Identifier(roles.serving)))
    if not superuser:
        connection.execute(sql.SQL("REVOKE {} FROM CURRENT_USER").format(owner))
