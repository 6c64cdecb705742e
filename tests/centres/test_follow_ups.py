"""Whom to contact today."""

from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from centres.models import Consultation
from civic.accounts.models import User
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from tests.centres.conftest import LogOne, MakeGroup

OFFICE = "/shimonoseki/office/"
URL = f"{OFFICE}follow-ups/"


def test_ones_own_that_are_due(staff: Client, shimonoseki: Municipality, log_one: LogOne) -> None:
    today = timezone.localdate()
    me = User.objects.get(email="staff@shimonoseki.example.jp")
    with acting_as(shimonoseki):
        log_one("きょうの相談", staff=me, follow_up_on=today)
        log_one("おくれた相談", staff=me, follow_up_on=today - timedelta(days=3))
        log_one("あすの相談", staff=me, follow_up_on=today + timedelta(days=1))
        log_one("ほかの職員の相談", follow_up_on=today)
    mine, everybodys = staff.get(URL).content.decode(), staff.get(f"{URL}?of=all").content.decode()
    assert mine.index("おくれた相談") < mine.index("きょうの相談")
    assert "ほかの職員の相談" in everybodys
    assert "ほかの職員の相談" not in mine
    assert "あすの相談" not in mine + everybodys


def test_done_and_put_off(staff: Client, shimonoseki: Municipality, log_one: LogOne) -> None:
    today = timezone.localdate()
    later = today + timedelta(days=7)
    with acting_as(shimonoseki):
        done, put_off = (log_one(name, follow_up_on=today, minutes=20) for name in ("すんだ", "延びた"))
    assert staff.post(f"{OFFICE}consultations/{done.pk}/follow-up/done/").headers["Location"] == URL
    for day, status in ((today, 400), (later, 302)):
        parts = {"day_year": day.year, "day_month": day.month, "day_day": day.day}
        assert staff.post(f"{OFFICE}consultations/{put_off.pk}/follow-up/", parts).status_code == status
    with acting_as(shimonoseki):
        found = dict(Consultation.objects.values_list("summary", "follow_up_on"))
        assert found == {"すんだ": None, "延びた": later}
    assert "延びた" not in staff.get(f"{URL}?of=all").content.decode()


def test_another_municipalitys_is_not_there(staff: Client, nagato: Municipality, log_one: LogOne) -> None:
    with acting_as(nagato):
        theirs = log_one("長門の相談", follow_up_on=timezone.localdate())
    assert "長門の相談" not in staff.get(f"{URL}?of=all").content.decode()
    for address in ("done/", ""):
        assert staff.post(f"{OFFICE}consultations/{theirs.pk}/follow-up/{address}").status_code == 404


def test_the_same_number_of_queries_however_long_the_list(
    staff: Client, shimonoseki: Municipality, make_group: MakeGroup, log_one: LogOne
) -> None:
    me = User.objects.get(email="staff@shimonoseki.example.jp")
    counts = []
    for more in (1, 9):
        with acting_as(shimonoseki):
            for _ in range(more):
                log_one("相談", staff=me, group=make_group("花の会"), follow_up_on=timezone.localdate())
        with CaptureQueriesContext(connection) as queries:
            page = staff.get(URL).content.decode()
        counts.append(len(queries))
    assert page.count("花の会") == 10
    assert counts[0] == counts[1]
