"""How to reach the person who asked: held apart, opened on purpose, purged in time."""

from datetime import date, datetime, timedelta

import pytest
from django.db import Error
from django.test import Client
from django.utils import timezone

from centres import services
from centres.measures import _consultations
from centres.models import Consultation, ConsultationContact, RetentionRule
from centres.tasks import purge_contacts
from civic.accounts.models import Role
from civic.audit.models import Change, PersonalRecordView
from civic.calendar import fiscal_year_of, months_before
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from tests.centres.conftest import LogOne
from tests.conftest import SignIn

URL = "/shimonoseki/office/consultations/"
CONTACT = {
    "name": "髙橋 花子",
    "phone": "0901-555-0123",
    "email": "hana@example.jp",
    "address": "港町1",
    "note": "夜に",
}


@pytest.fixture
def consultation(shimonoseki: Municipality, log_one: LogOne) -> Consultation:
    with acting_as(shimonoseki):
        consultation = log_one("会のつくり方")
        ConsultationContact.objects.create(consultation=consultation, **CONTACT)
        return consultation


def holds_any(page: str) -> bool:
    return any(value in page for value in CONTACT.values())


def test_it_shows_nowhere_until_a_purpose_is_chosen(staff: Client, consultation: Consultation) -> None:
    opening = f"{URL}{consultation.pk}/contact/"
    for address in (URL, f"{URL}?q=髙橋", f"{URL}{consultation.pk}/", f"{URL}{consultation.pk}/edit/", opening):
        assert not holds_any(staff.get(address).content.decode()), address
    assert staff.get(f"{opening}edit/").headers["Location"] == opening
    for wrong in ({}, {"purpose": "curiosity"}):
        refused = staff.post(opening, wrong)
        assert refused.status_code == 400
        assert not holds_any(refused.content.decode())
    with acting_as(consultation.municipality):
        assert not PersonalRecordView.objects.filter(table_name="centres_consultationcontact").exists()


def test_opening_it_is_noted_with_its_purpose(staff: Client, consultation: Consultation) -> None:
    response = staff.post(f"{URL}{consultation.pk}/contact/", {"purpose": "reply"})
    assert all(value in response.content.decode() for value in CONTACT.values())
    assert "no-store" in response.headers["Cache-Control"]
    with acting_as(consultation.municipality):
        viewing = PersonalRecordView.objects.get(table_name="centres_consultationcontact")
        assert (viewing.row_id, viewing.purpose) == (consultation.contact.pk, "相談への連絡・返事")


def test_it_is_written_down_and_emptied_without_a_copy_in_the_trail(
    staff: Client, shimonoseki: Municipality, log_one: LogOne
) -> None:
    with acting_as(shimonoseki):
        consultation = log_one("会のつくり方")
    edit = f"{URL}{consultation.pk}/contact/edit/"
    assert staff.get(edit).status_code == 200
    assert staff.post(edit, CONTACT).headers["Location"] == f"{URL}{consultation.pk}/"
    with acting_as(shimonoseki):
        assert ConsultationContact.objects.get().name == "髙橋 花子"
    staff.post(edit, CONTACT | {"phone": "0901-555-9999"})
    assert staff.post(edit, CONTACT | {"email": "no address"}).status_code == 400
    staff.post(edit, dict.fromkeys(CONTACT, ""))
    with acting_as(shimonoseki):
        assert not ConsultationContact.objects.exists()
        trail = Change.objects.filter(table_name="centres_consultationcontact").order_by("id")
        assert [change.action for change in trail] == ["insert", "update", "delete"]
        images = [image for change in trail for image in (change.before, change.after) if image]
        assert len(images) == 4
        assert not any(holds_any(str(image)) or "9999" in str(image) for image in images)


@pytest.mark.parametrize("role", [Role.PLANNER, Role.OFFICER, Role.COUNCIL, Role.GROUP, Role.SUPPORTER])
def test_other_roles_may_not(
    signed_in: SignIn, shimonoseki: Municipality, consultation: Consultation, role: Role
) -> None:
    refused = signed_in(shimonoseki, role).post(f"{URL}{consultation.pk}/contact/", {"purpose": "reply"})
    assert refused.status_code == 403


def test_another_municipalitys_is_not_there(staff: Client, nagato: Municipality, log_one: LogOne) -> None:
    with acting_as(nagato):
        consultation = log_one("長門の相談")
        ConsultationContact.objects.create(consultation=consultation, **CONTACT)
    for address in ("contact/", "contact/edit/"):
        assert staff.post(f"{URL}{consultation.pk}/{address}", {"purpose": "reply"}).status_code == 404


def on(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, 12))  # noqa: DTZ001  made aware right here


def test_the_scheduler_purges_what_is_past_each_municipalitys_period(
    shimonoseki: Municipality, nagato: Municipality, log_one: LogOne
) -> None:
    today = timezone.localdate()
    for municipality, months in ((shimonoseki, 36), (nagato, 12)):
        with acting_as(municipality):
            if municipality == nagato:
                RetentionRule.objects.create(months=months)
            last_kept = months_before(today, months)
            for name, day in (("残る", last_kept), ("消える", last_kept - timedelta(days=1))):
                consultation = log_one(name, received_at=on(day), minutes=20)
                ConsultationContact.objects.create(consultation=consultation, name="だれか")
            counted = _consultations(fiscal_year_of(last_kept)).count()
            assert counted
    for _twice in range(2):
        purge_contacts()
    for municipality in (shimonoseki, nagato):
        with acting_as(municipality):
            assert [str(contact.consultation) for contact in ConsultationContact.objects.all()] == ["残る"]
            assert sorted(Consultation.objects.values_list("summary", "minutes")) == [("残る", 20), ("消える", 20)]
            assert Change.objects.filter(table_name="centres_consultationcontact", action="delete").count() == 1


def test_one_municipality_that_fails_stops_no_other(
    shimonoseki: Municipality, nagato: Municipality, log_one: LogOne, monkeypatch: pytest.MonkeyPatch
) -> None:
    purge = services.purge_contacts
    calls = []

    def fail_first(today: date) -> int:
        calls.append(today)
        if len(calls) == 1:
            raise Error("lost")
        return purge(today)

    with acting_as(nagato):
        consultation = log_one("古い相談", received_at=on(date(2001, 1, 1)))
        ConsultationContact.objects.create(consultation=consultation, name="だれか")
    monkeypatch.setattr(services, "purge_contacts", fail_first)
    purge_contacts()
    with acting_as(nagato):
        assert not ConsultationContact.objects.exists()


def test_the_manager_sets_the_period(signed_in: SignIn, shimonoseki: Municipality) -> None:
    manager = signed_in(shimonoseki, Role.MANAGER)
    url = "/shimonoseki/office/retention/"
    assert manager.get(url).context["form"]["months"].value() == 36
    assert manager.post(url, {"months": "0"}).status_code == 400
    for months in ("12", "60"):
        assert manager.post(url, {"months": months}).status_code == 302
    with acting_as(shimonoseki):
        assert RetentionRule.objects.get().months == 60
    assert signed_in(shimonoseki, Role.STAFF).get(url).status_code == 403


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 11, 22), 36, date(2023, 11, 22)),
        (date(2026, 5, 31), 1, date(2026, 4, 30)),
        (date(2026, 1, 31), 1, date(2025, 12, 31)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
    ],
)
def test_months_before(day: date, months: int, expected: date) -> None:
    assert months_before(day, months) == expected
