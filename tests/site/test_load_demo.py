"""The command that fills the portal with samples."""

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client, override_settings
from pytest_django import DjangoDbBlocker

from centres.models import Consultation, Group
from centres.monthly.models import MonthlyReport
from civic.accounts.models import User
from civic.audit.models import Change
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality


@pytest.fixture(scope="module")
def demo(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """The demo, loaded once for all tests that look at it; where its files are."""
    var = tmp_path_factory.mktemp("demo") / "var"
    with (
        pytest.MonkeyPatch.context() as environment,
        override_settings(DATA_DIR=var),
        django_db_blocker.unblock(),
        transaction.atomic(),
    ):
        environment.setenv("DEMO_PASSWORD", "ためしのことば")
        call_command("load_municipalities")
        call_command("load_demo")
        yield var
        transaction.set_rollback(True)


def test_the_accounts_are_named_to_the_owner_of_the_machine_only(demo: Path) -> None:
    accounts = demo / "demo-accounts.txt"
    assert stat.S_IMODE(accounts.stat().st_mode) == 0o600
    assert "  staff@nagato.example.jp\n" in accounts.read_text()
    assert "ためしのことば" not in accounts.read_text()


@pytest.mark.usefixtures("demo")
def test_one_can_sign_in_and_work(yamaguchi: Municipality) -> None:
    staff = User.objects.get(email="staff@yamaguchi.example.jp")
    assert staff.check_password("ためしのことば")
    client = Client()
    client.force_login(staff)
    assert "1200件" in client.get("/yamaguchi/office/consultations/").content.decode()
    assert "342団体のうち" in client.get("/yamaguchi/groups/").content.decode()
    with acting_as(yamaguchi):
        counter = set(Consultation.objects.values_list("staff__email", flat=True))
        handed_over = MonthlyReport.objects.exclude(closed_at=None).exclude(pdf=None).get()
        assert handed_over.snapshot["last_year"], "last year's figures are those of last year's closed report"
        assert counter == {"staff@yamaguchi.example.jp", "manager@yamaguchi.example.jp"}


@pytest.mark.usefixtures("demo")
def test_loading_again_adds_nothing(shimonoseki: Municipality, monkeypatch: pytest.MonkeyPatch) -> None:
    with acting_as(shimonoseki):
        last = Change.objects.latest("id").pk
    monkeypatch.setenv("DEMO_PASSWORD", "あたらしいことば")
    call_command("load_demo")
    with acting_as(shimonoseki):
        assert Change.objects.latest("id").pk == last
        assert Group.objects.count() == 260
    assert User.objects.get(email="staff@shimonoseki.example.jp").check_password("あたらしいことば")


def test_without_a_password_it_stops(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DEMO_PASSWORD", raising=False)
    with pytest.raises(CommandError, match="DEMO_PASSWORD"):
        call_command("load_demo")
