"""Row security and composite keys, read from PostgreSQL's catalogue; and the refusal to serve without them."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.conf import settings
from django.db import connection, connections, models

from civic.tenancy.floor import faults, tenant_models
from civic.tenancy.models import TenantForeignKey, TenantOneToOneField

TABLE = "accounts_department"


@contextmanager
def changed_by_the_owner(change: str, undo: str) -> Iterator[None]:
    """Change a table for real, as its owner, and put it back."""
    owner = connections["owner"].get_connection_params()
    with psycopg.connect(**{**owner, "cursor_factory": psycopg.Cursor}, autocommit=True) as connection:
        connection.execute(change)
        try:
            yield
        finally:
            connection.execute(undo)


POLICY = (
    "CREATE POLICY own_municipality ON accounts_department"
    " USING (municipality_id = current_setting('app.municipality_id')::bigint)"
    " WITH CHECK (municipality_id = current_setting('app.municipality_id')::bigint)"
)


def test_the_floor_holds(db: None) -> None:
    assert list(faults()) == []


@pytest.mark.parametrize(
    ("change", "undo", "fault"),
    [
        (
            f"ALTER TABLE {TABLE} DISABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY",
            "has no row security",
        ),
        (f"DROP POLICY own_municipality ON {TABLE}", POLICY, "exactly the one policy"),
        (
            f"CREATE POLICY everything ON {TABLE} USING (true)",
            f"DROP POLICY everything ON {TABLE}",
            "exactly the one policy",
        ),
        (
            f"ALTER POLICY own_municipality ON {TABLE} WITH CHECK (true)",
            f"DROP POLICY own_municipality ON {TABLE}; {POLICY}",
            "exactly the one policy",
        ),
    ],
)
def test_a_table_off_the_floor_is_named(db: None, change: str, undo: str, fault: str) -> None:
    with changed_by_the_owner(change, undo):
        assert [line for line in faults() if TABLE in line and fault in line]
    assert list(faults()) == []


def test_every_key_between_tenant_tables_includes_the_municipality(db: None) -> None:
    """Of all foreign keys in the catalogue whose two tables both have a municipality."""
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT conrelid::regclass::text, conname,
                   ARRAY(SELECT attname::text FROM unnest(conkey) WITH ORDINALITY k(num, o)
                         JOIN pg_attribute ON attrelid = conrelid AND attnum = num ORDER BY o),
                   ARRAY(SELECT attname::text FROM unnest(confkey) WITH ORDINALITY k(num, o)
                         JOIN pg_attribute ON attrelid = confrelid AND attnum = num ORDER BY o)
            FROM pg_constraint
            WHERE contype = 'f'
              AND EXISTS (SELECT FROM pg_attribute WHERE attrelid = conrelid AND attname = 'municipality_id')
              AND EXISTS (SELECT FROM pg_attribute WHERE attrelid = confrelid AND attname = 'municipality_id')
        """)
        keys = cursor.fetchall()
    assert keys
    for table, name, columns, target_columns in keys:
        assert (columns[0], target_columns[0]) == ("municipality_id", "municipality_id"), (table, name)

    # A key over further columns holds a copied value to its original, beside the key of the relation.
    relations = [key for key in keys if key[3] == ["municipality_id", "id"]]
    in_catalogue = {(table, columns[1]) for table, _name, columns, _target in relations}
    in_models = {
        (model._meta.db_table, field.column)
        for model in tenant_models()
        for field in model._meta.local_fields
        if isinstance(field, TenantForeignKey | TenantOneToOneField)
    }
    assert in_models == in_catalogue


def test_every_tenant_row_has_a_municipality_from_the_database(db: None) -> None:
    for model in tenant_models():
        field = model._meta.get_field("municipality")
        assert isinstance(field, models.ForeignKey)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT is_nullable, column_default FROM information_schema.columns"
                " WHERE table_name = %s AND column_name = 'municipality_id'",
                [model._meta.db_table],
            )
            assert cursor.fetchone() == ("NO", "(current_setting('app.municipality_id'::text))::bigint")


@pytest.mark.parametrize(
    "process",
    [
        [sys.executable, "-c", "import civic.wsgi"],
        [sys.executable, "-m", "celery", "-A", "civic", "worker", "--pool", "solo"],
        [sys.executable, "manage.py", "prepare"],
    ],
)
def test_the_portal_refuses_to_serve_as_the_owner(db: None, process: list[str]) -> None:
    database = connections["owner"].settings_dict["NAME"]
    url = urlunsplit(urlsplit(os.environ["DATABASE_OWNER_URL"])._replace(path=f"/{database}"))
    answer = subprocess.run(
        process,
        env={**os.environ, "DATABASE_URL": url, "DATABASE_OWNER_URL": url},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert answer.returncode == 1
    said = answer.stderr.strip().splitlines()[-1]
    assert said.startswith("Refusing to serve: the database role ")
    assert "owns tables" in said


def test_the_serving_role_can_do_nothing_special(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication FROM pg_roles"
            " WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (False,) * 5
        cursor.execute("SELECT session_user")
        assert cursor.fetchone() == (settings.DATABASES["default"]["USER"],)
