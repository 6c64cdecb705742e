"""What every test stands on: three municipalities in a real database, and people in them.

The tests' bodies run as the serving role, so row security holds in them as it does in the portal.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection, connections
from django.test import Client
from django.test.utils import setup_databases, teardown_databases
from playwright.sync_api import Browser, sync_playwright
from pytest_django import DjangoDbBlocker

from civic.accounts.models import Membership, Role, User
from civic.accounts.rules import SECOND_FACTOR_ROLES
from civic.accounts.services import create_account
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality

MakeMember = Callable[[Municipality, Role], User]
SignIn = Callable[[Municipality, Role], Client]

PASSWORD = "a-password-of-tests"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

MUNICIPALITIES = [
    ("352012", "shimonoseki", "下関市"),
    ("352039", "yamaguchi", "山口市"),
    ("352110", "nagato", "長門市"),
]


# What setting up the database put there, and what Django says of its own models.
_KEPT = {"tenancy_municipality", "django_migrations", "django_content_type", "auth_permission"}


def _filled_tables() -> list[str]:
    """The tables that hold rows beside those of the set-up."""
    with connections["owner"].cursor() as cursor:
        tables = sorted({*connections["owner"].introspection.table_names(cursor)} - _KEPT)
        cursor.execute("SELECT " + ", ".join(f'EXISTS (SELECT FROM "{table}")' for table in tables))
        return [table for table, has_rows in zip(tables, cursor.fetchone() or (), strict=True) if has_rows]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of tests that run side by side (`-n`), those of a file stay together, and those that walk the one portal."""
    walks = Path(__file__).parent / "browser"
    for item in items:
        together = walks if walks in item.path.parents else item.path
        item.add_marker(pytest.mark.xdist_group(str(together)))


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_modify_db_settings: None,
    django_db_keepdb: bool,
    django_db_createdb: bool,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[None]:
    """Make the test database as its owner; the three municipalities are there for every test.

    pytest-django's own fixture makes the databases that tests name, and tests name the serving role's alone. With
    `--reuse-db`, and servers of one's own in `DATABASE_URL`, the next run finds the database made.
    """
    keepdb = django_db_keepdb and not django_db_createdb
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False, aliases={"default", "owner"}, keepdb=keepdb)
        for code, slug, name in MUNICIPALITIES:
            Municipality.objects.get_or_create(
                code=code,
                slug=slug,
                name=name,
                prefecture="山口県",
                guild_name="ギルド",
                office_name="担当課",
            )
    yield
    with django_db_blocker.unblock():
        left = _filled_tables()
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]
        teardown_databases(made, verbosity=0, keepdb=django_db_keepdb)
    assert not left, f"a test committed rows and left them to the others: {left}"


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """No transaction around the test: other connections see what it writes. All of it is deleted afterwards."""
    with django_db_blocker.unblock():
        yield
        connection.close()
        if filled := _filled_tables():
            with connections["owner"].cursor() as cursor:
                # Waits for writers that are not done yet, such as a worker.
                cursor.execute(f"TRUNCATE {', '.join(filled)} CASCADE")
        connections.close_all()


@pytest.fixture
def shimonoseki(db: None) -> Municipality:
    return Municipality.objects.get(slug="shimonoseki")


@pytest.fixture
def yamaguchi(db: None) -> Municipality:
    return Municipality.objects.get(slug="yamaguchi")


@pytest.fixture
def nagato(db: None) -> Municipality:
    return Municipality.objects.get(slug="nagato")


@pytest.fixture
def in_shimonoseki(shimonoseki: Municipality) -> Iterator[Municipality]:
    """The test's body acts as Shimonoseki."""
    with acting_as(shimonoseki):
        yield shimonoseki


@pytest.fixture
def member(db: None) -> MakeMember:
    """Make a person with a role in a municipality, and with a second factor where the role needs one."""

    def make(municipality: Municipality, role: Role) -> User:
        user = create_account(f"{role}@{municipality.slug}.example.jp", PASSWORD, f"{role.label}の人")
        Membership.objects.create(user=user, municipality=municipality, role=role)
        if role in SECOND_FACTOR_ROLES:
            Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": TOTP_SECRET})
        return user

    return make


@pytest.fixture
def signed_in(member: MakeMember) -> SignIn:
    """Make a browser in which a person with a role in a municipality is signed in."""

    def make(municipality: Municipality, role: Role) -> Client:
        client = Client()
        client.force_login(member(municipality, role))
        return client

    return make


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    """Chromium, driven by the test."""
    # Playwright runs an event loop in this thread, in which Django would refuse to ask the database.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-background-networking"]
        )
        yield browser
        browser.close()
        # The connections that were opened beside the loop are known here only.
        connections.close_all()
