"""What the serving role can reach of another municipality by SQL: nothing.

Each test has something that could leak: both municipalities have a department, and a person who reports for it.
"""

from dataclasses import dataclass

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.backends.utils import CursorWrapper

from civic.accounts.models import Department, DepartmentMember, Membership, Role, User
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality


@dataclass
class Records:
    """What one municipality has."""

    municipality: Municipality
    membership: Membership
    department: Department
    member: DepartmentMember


def records(municipality: Municipality) -> Records:
    user = User.objects.create_user(f"officer@{municipality.slug}.example.jp")
    membership = Membership.objects.create(user=user, municipality=municipality, role=Role.OFFICER)
    with acting_as(municipality):
        department = Department.objects.create(name=f"{municipality.slug}の課")
        member = DepartmentMember.objects.create(membership=membership, department=department)
    return Records(municipality, membership, department, member)


@pytest.fixture
def theirs(yamaguchi: Municipality) -> Records:
    return records(yamaguchi)


@pytest.fixture
def ours(shimonoseki: Municipality, theirs: Records) -> Records:
    return records(shimonoseki)


@pytest.fixture
def cursor(ours: Records):
    """Raw SQL as the serving role, acting as Shimonoseki."""
    with acting_as(ours.municipality), connection.cursor() as cursor:
        yield cursor


def refused(
    cursor: CursorWrapper, sql: str, parameters: list[object], expected: type[Exception] = DatabaseError
) -> str:
    """Run a statement that must fail, and return what PostgreSQL says."""
    with pytest.raises(expected) as caught, transaction.atomic():
        cursor.execute(sql, parameters)
    return str(caught.value)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT count(*) FROM accounts_department WHERE id = %(theirs)s",
        "SELECT count(*) FROM accounts_department WHERE municipality_id = %(other)s",
        "SELECT count(*) FROM accounts_departmentmember m JOIN accounts_department d ON d.id = m.department_id"
        " WHERE d.id = %(theirs)s",
        "SELECT count(*) FROM tenancy_municipality WHERE id IN"
        " (SELECT municipality_id FROM accounts_department) AND id = %(other)s",
        "SELECT count(*) FROM (SELECT * FROM accounts_department UNION ALL SELECT * FROM accounts_department) u"
        " WHERE municipality_id = %(other)s",
        "WITH d AS MATERIALIZED (SELECT * FROM accounts_department) SELECT count(*) FROM d WHERE id = %(theirs)s",
        "SELECT count(*) FROM accounts_membership m LEFT JOIN accounts_departmentmember d ON d.membership_id = m.id"
        " WHERE m.municipality_id = %(other)s AND d.id IS NOT NULL",
        "SELECT count(*) FROM audit_change WHERE municipality_id = %(other)s",
        "SELECT count(*) FROM audit_change WHERE after ->> 'name' LIKE 'yamaguchi%%'",
    ],
)
def test_reading_finds_nothing_of_theirs(cursor: CursorWrapper, theirs: Records, sql: str) -> None:
    cursor.execute(sql, {"theirs": theirs.department.pk, "other": theirs.municipality.pk})
    assert cursor.fetchone() == (0,)


def test_reading_finds_our_own(cursor: CursorWrapper, ours: Records) -> None:
    cursor.execute("SELECT id FROM accounts_department")
    assert cursor.fetchall() == [(ours.department.pk,)]


def test_copying_out_holds_our_own_only(cursor: CursorWrapper) -> None:
    with cursor.copy("COPY accounts_department TO STDOUT") as copy:
        text = b"".join(copy).decode()
    assert "shimonosekiの課" in text
    assert "yamaguchiの課" not in text


def test_copying_in_is_refused(cursor: CursorWrapper, theirs: Records) -> None:
    copying = "COPY accounts_department (name, position, municipality_id) FROM STDIN"
    with pytest.raises(psycopg.errors.FeatureNotSupported), transaction.atomic(), cursor.copy(copying) as copy:
        copy.write_row(("課", 0, theirs.municipality.pk))


def test_inserting_for_them_is_refused(cursor: CursorWrapper, theirs: Records) -> None:
    said = refused(
        cursor,
        "INSERT INTO accounts_department (name, position, municipality_id) VALUES ('課', 0, %s)",
        [theirs.municipality.pk],
    )
    assert "row-level security" in said


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE accounts_department SET name = 'x' WHERE id = %s",
        "DELETE FROM accounts_department WHERE id = %s",
        "UPDATE accounts_department d SET name = 'x' FROM accounts_departmentmember m WHERE m.department_id = %s",
        "DELETE FROM accounts_department d USING accounts_departmentmember m WHERE m.department_id = %s",
    ],
)
def test_changing_theirs_touches_no_row(cursor: CursorWrapper, theirs: Records, sql: str) -> None:
    cursor.execute(sql, [theirs.department.pk])
    assert cursor.rowcount == 0


def test_changing_everything_touches_our_own_only(cursor: CursorWrapper, theirs: Records) -> None:
    cursor.execute("UPDATE accounts_department SET name = 'x'")
    assert cursor.rowcount == 1


def test_giving_a_row_away_is_refused(cursor: CursorWrapper, theirs: Records) -> None:
    said = refused(cursor, "UPDATE accounts_department SET municipality_id = %s", [theirs.municipality.pk])
    assert "row-level security" in said


def test_pointing_at_theirs_is_refused(cursor: CursorWrapper, ours: Records, theirs: Records) -> None:
    """PostgreSQL checks keys past the policies: the plain key alone would let this pass."""
    for sql, target in (
        ("UPDATE accounts_departmentmember SET department_id = %s", theirs.department.pk),
        ("UPDATE accounts_departmentmember SET membership_id = %s", theirs.membership.pk),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute(sql, [target])
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_numbers_give_nothing_away(cursor: CursorWrapper) -> None:
    """The sequences behind the ids can be neither read nor moved."""
    for sql in (
        "SELECT last_value FROM accounts_department_id_seq",
        "SELECT nextval('accounts_department_id_seq')",
        "SELECT setval('accounts_department_id_seq', 1)",
    ):
        assert "permission denied" in refused(cursor, sql, [])


def test_the_planner_s_statistics_give_nothing_away(cursor: CursorWrapper) -> None:
    cursor.execute("SELECT count(*) FROM pg_stats WHERE tablename = 'accounts_department'")
    assert cursor.fetchone() == (0,)


@pytest.mark.parametrize(
    "sql",
    [
        "SET ROLE civic_owner",
        "ALTER TABLE accounts_department DISABLE ROW LEVEL SECURITY",
        "DROP POLICY own_municipality ON accounts_department",
        "CREATE POLICY p ON accounts_department USING (true)",
        "ALTER TABLE accounts_department OWNER TO CURRENT_USER",
        "TRUNCATE accounts_department",
        "CREATE TABLE loot AS SELECT * FROM accounts_department",
        "CREATE VIEW loot AS SELECT * FROM accounts_department",
        "DROP TRIGGER audit_update ON accounts_department",
        "ALTER TABLE accounts_department DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('x', 'y', now())",
    ],
)
def test_the_floor_cannot_be_lifted(cursor: CursorWrapper, sql: str) -> None:
    refused(cursor, sql, [])


def test_row_security_cannot_be_switched_off(cursor: CursorWrapper) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        cursor.execute("SET LOCAL row_security = off")
        cursor.execute("SELECT * FROM accounts_department")


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM accounts_department",
        "SELECT count(*) FROM accounts_department WHERE id = -1",
        "SELECT 1 WHERE EXISTS (SELECT FROM accounts_department)",
        "INSERT INTO accounts_department (name, position) VALUES ('課', 0)",
        "UPDATE accounts_department SET name = 'x' WHERE id = -1",
        "DELETE FROM accounts_department WHERE id = -1",
    ],
)
def test_nothing_set_is_an_error(theirs: Records, sql: str) -> None:
    with connection.cursor() as cursor:
        assert "bigint" in refused(cursor, sql, [])
