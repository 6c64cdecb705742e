"""What must hold in the database before the portal serves, read from PostgreSQL's own catalogue."""

from collections.abc import Iterator

from django.apps import apps
from django.db import DatabaseError, connection

from civic.tenancy.models import TenantModel
from civic.tenancy.operations import POLICY_EXPRESSION

ROLE = """
SELECT r.rolname, r.rolsuper, r.rolbypassrls,
       EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND pg_has_role(r.oid, c.relowner, 'MEMBER'))
FROM pg_roles r WHERE r.rolname = session_user
"""
TABLES = """
SELECT c.relname, c.relrowsecurity,
       ARRAY(SELECT pg_get_expr(p.polqual, p.polrelid) || ' / ' || pg_get_expr(p.polwithcheck, p.polrelid)
                    || ' / ' || p.polcmd::text || ' / ' || p.polpermissive || ' / ' || (p.polroles = '{0}')
             FROM pg_policy p WHERE p.polrelid = c.oid)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND c.relname = ANY(%s)
"""
# One permissive policy, for every command and every role.
EXPECTED_POLICY = f"{POLICY_EXPRESSION} / {POLICY_EXPRESSION} / * / true / true"


def tenant_models() -> list[type[TenantModel]]:
    """Return every concrete tenant model of the project."""
    return [model for model in apps.get_models() if issubclass(model, TenantModel)]


def faults() -> Iterator[str]:
    """Yield, one line each, what is wrong with the serving role or with a tenant table.

    Raises DatabaseError where the database cannot be asked.
    """
    with connection.cursor() as cursor:
        cursor.execute(ROLE)
        name, is_superuser, bypasses, owns = cursor.fetchone()
        if is_superuser:
            yield f"the database role {name} is a superuser"
        if bypasses:
            yield f"the database role {name} may bypass row security"
        if owns:
            yield f"the database role {name} owns tables, or is a member of the role that does"
        tables = [model._meta.db_table for model in tenant_models()]
        cursor.execute(TABLES, [tables])
        found = {table: (enabled, policies) for table, enabled, policies in cursor.fetchall()}
    if missing := [table for table in tables if table not in found]:
        yield f"{len(missing)} tables are missing, {missing[0]} the first: run `manage.py migrate`"
    for table, (enabled, policies) in found.items():
        if not enabled:
            yield f"the table {table} has no row security"
        elif policies != [EXPECTED_POLICY]:
            yield f"the table {table} does not carry exactly the one policy"


def refuse_unsafe_floor() -> None:
    """Raise SystemExit with one line where the portal must not serve."""
    try:
        found = list(faults())
    except DatabaseError as error:
        raise SystemExit(
            f"The database cannot be reached ({str(error).splitlines()[0]}): check DATABASE_URL."
        ) from None
    if found:
        raise SystemExit(
            f"Refusing to serve: {'; '.join(found)}. `manage.py create_database_roles` makes the role that may."
        )
