"""Consultations, as the counter logs them and finds them again."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from centres.models import Consultation, ConsultationCategory, Method
from centres.queries import follow_ups_due
from civic.accounts.models import Role
from civic.audit.models import Change, PersonalRecordView
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from tests.centres.conftest import LogOne, MakeGroup
from tests.conftest import SignIn

URL = "/shimonoseki/office/consultations/"


def typed(**values: Any) -> dict[str, Any]:
    """What the form sends when only the summary was typed: the rest as it was offered."""
    now = timezone.localtime()
    return {
        "method": "phone",
        "asker_kind": "person",
        "is_anonymous": "on",
        "summary": "会のつくり方",
        "people": "1",
        "minutes": "15",
        "received_on_year": str(now.year),
        "received_on_month": str(now.month),
        "received_on_day": str(now.day),
        "received_time": f"{now:%H:%M}",
    } | values


def test_the_form_offers_now_and_anonymous(staff: Client) -> None:
    form = staff.get(f"{URL}new/").context["form"]
    assert form["received_on"].value() == timezone.localdate()
    assert form["is_anonymous"].value() is True
    assert (form["people"].value(), form["method"].value()) == (1, Method.PHONE)


def test_a_summary_is_enough(staff: Client, shimonoseki: Municipality) -> None:
    response = staff.post(f"{URL}new/", typed())
    with acting_as(shimonoseki):
        consultation = Consultation.objects.get()
        assert response.headers["Location"] == f"{URL}{consultation.pk}/"
        assert (consultation.summary, consultation.staff.email) == ("会のつくり方", "staff@shimonoseki.example.jp")
        assert consultation.is_anonymous
        assert timezone.now() - consultation.received_at < timedelta(minutes=2)
        assert Change.objects.get(table_name="centres_consultation").actor_id == consultation.staff_id
    assert "相談を記録しました。" in staff.get(response.headers["Location"]).content.decode()


def test_it_is_found_again(
    staff: Client, categories: list[ConsultationCategory], shimonoseki: Municipality, make_group: MakeGroup
) -> None:
    with acting_as(shimonoseki):
        group = make_group("花の会")
    staff.post(
        f"{URL}new/",
        typed(
            method="visit",
            asker_kind="npo",
            people="2",
            minutes="20",
            categories=[categories[0].pk, categories[1].pk],
            field="7",
            content="カイケイのしかたがわからない。",
            answer="様式を渡した。",
            follow_up_on_year="2027",
            follow_up_on_month="1",
            follow_up_on_day="8",
            group=group.pk,
        ),
    )
    for query in ("?q=かいけい", f"?category={categories[1].pk}", "?method=visit", "?asker_kind=npo"):
        page = staff.get(URL + query).content.decode()
        assert "1件" in page
        assert "会のつくり方" in page
        assert "設立、会計" in page
        assert "令和9年1月8日" in page
    assert "会のつくり方" not in staff.get(f"{URL}?method=phone").content.decode()
    with acting_as(shimonoseki):
        consultation = Consultation.objects.get()
    page = staff.get(f"{URL}{consultation.pk}/").content.decode()
    for words in ("来所", "NPO（匿名）", "2人", "20分", "環境の保全", "花の会", "カイケイのしかた", "様式を渡した"):
        assert words in page


def test_who_opens_one_is_noted(staff: Client, shimonoseki: Municipality, log_one: LogOne) -> None:
    with acting_as(shimonoseki):
        consultation = log_one("会のつくり方")
    staff.get(URL)
    staff.get(f"{URL}{consultation.pk}/")
    staff.get(f"{URL}{consultation.pk}/edit/")
    with acting_as(shimonoseki):
        viewings = PersonalRecordView.objects.filter(table_name="centres_consultation", row_id=consultation.pk)
        assert {viewing.purpose for viewing in viewings} == {"相談の記録を読む", "相談の記録を直す"}


def test_it_is_found_by_its_day(staff: Client, shimonoseki: Municipality, log_one: LogOne) -> None:
    with acting_as(shimonoseki):
        for day in (1, 2, 3):
            received = timezone.make_aware(datetime(2026, 5, day, 23, 30))  # noqa: DTZ001  made aware right here
            log_one(f"{day}日の相談", received_at=received)
    query = "?since_year=2026&since_month=5&since_day=2&until_year=2026&until_month=5&until_day=2"
    page = staff.get(URL + query).content.decode()
    assert "2日の相談" in page
    assert "1日の相談" not in page
    assert "3日の相談" not in page


def test_it_is_completed_later(
    staff: Client, categories: list[ConsultationCategory], shimonoseki: Municipality, log_one: LogOne
) -> None:
    with acting_as(shimonoseki):
        consultation = log_one("会のつくり方", categories[0], categories[1])
        last = Change.objects.latest("id").pk
    edit = f"{URL}{consultation.pk}/edit/"
    page = staff.get(edit).content.decode()
    assert page.count("checked") == 5  # method, asker, anonymous, two categories
    response = staff.post(
        edit, typed(is_anonymous="", answer="規約の例を渡した。", categories=[categories[1].pk, categories[2].pk])
    )
    assert response.headers["Location"] == f"{URL}{consultation.pk}/"
    with acting_as(shimonoseki):
        consultation.refresh_from_db()
        assert (consultation.answer, consultation.is_anonymous) == ("規約の例を渡した。", False)
        assert set(consultation.categories.all()) == set(categories[1:])
        changes = Change.objects.filter(id__gt=last, table_name="centres_consultationincategory")
        assert sorted(changes.values_list("action", flat=True)) == ["delete", "insert"]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"summary": ""}, "件名：入力してください。"),
        ({"summary": "あ" * 101}, "件名：この値は 100 文字以下でなければなりません"),
        ({"summary": "a\x00b"}, "件名："),
        ({"content": "a\x08b"}, "相談の内容：使えない文字（制御文字）がまじっています。"),
        ({"people": "0"}, "人数（人）："),
        ({"minutes": "40000"}, "所要時間（分）："),
        ({"method": "pigeon"}, "相談方法："),
        ({"field": "21"}, "活動分野：一覧の中からえらんでください。"),
        ({"received_on_month": "13"}, "受付日：月は1から12までの数字で入力してください。"),
        ({"received_time": "25:00"}, "受付時刻：時刻は 13:30 のように入力してください。"),
        ({"received_on_year": "2999"}, "受付日：まだ来ていない日時です。"),
    ],
)
def test_what_is_wrong_is_named_and_what_was_typed_stays(
    staff: Client, shimonoseki: Municipality, wrong: dict[str, str], message: str
) -> None:
    response = staff.post(f"{URL}new/", typed(answer="もう書いた回答") | wrong)
    page = response.content.decode()
    assert response.status_code == 400
    assert message in page
    assert "もう書いた回答" in page
    with acting_as(shimonoseki):
        assert not Consultation.objects.exists()


@pytest.mark.parametrize(
    "query", ["?method=pigeon", "?since_year=abc&since_month=1&since_day=1", "?q=" + "あ" * 101, "?q=%01"]
)
def test_a_wrong_filter_is_named_and_left_out(
    staff: Client, shimonoseki: Municipality, log_one: LogOne, query: str
) -> None:
    with acting_as(shimonoseki):
        log_one("会のつくり方")
    response = staff.get(URL + query)
    assert response.status_code == 400
    assert "入力内容をお確かめください" in response.content.decode()
    assert "会のつくり方" in response.content.decode()


def test_another_municipalitys_numbers_are_not_there(
    staff: Client, nagato: Municipality, log_one: LogOne, make_group: MakeGroup
) -> None:
    with acting_as(nagato):
        category = ConsultationCategory.objects.create(name="長門の種類")
        group = make_group("長門の会")
        consultation = log_one("長門の相談", category, group=group)
    assert "長門の相談" not in staff.get(URL).content.decode()
    for address in (f"{consultation.pk}/", f"{consultation.pk}/edit/", f"?category={category.pk}", "?page=2"):
        assert staff.get(URL + address).status_code == 404
    assert staff.post(f"{URL}{consultation.pk}/edit/", typed()).status_code == 404
    for foreign in ({"categories": [category.pk]}, {"group": group.pk}):
        assert staff.post(f"{URL}new/", typed(**foreign)).status_code == 404
    with acting_as(nagato):
        assert Consultation.objects.get().summary == "長門の相談"


@pytest.mark.parametrize("role", [Role.PLANNER, Role.OFFICER, Role.COUNCIL, Role.GROUP, Role.SUPPORTER])
def test_other_roles_may_not(signed_in: SignIn, shimonoseki: Municipality, role: Role) -> None:
    client = signed_in(shimonoseki, role)
    assert client.get(URL).status_code == 403
    assert client.post(f"{URL}new/", typed()).status_code == 403


def test_the_list_takes_the_same_number_of_queries_however_long_it_is(
    staff: Client,
    shimonoseki: Municipality,
    categories: list[ConsultationCategory],
    make_group: MakeGroup,
    log_one: LogOne,
) -> None:
    counts = []
    for more in (1, 29):
        with acting_as(shimonoseki):
            for number in range(more):
                log_one(f"{number}の相談", *categories, group=make_group("花の会"))
        with CaptureQueriesContext(connection) as queries:
            page = staff.get(URL).content.decode()
        counts.append(len(queries))
    assert page.count("花の会") == 30
    assert counts[0] == counts[1]


def test_follow_ups_due(shimonoseki: Municipality, log_one: LogOne) -> None:
    today = date(2026, 11, 20)
    with acting_as(shimonoseki):
        log_one("きのう", follow_up_on=today - timedelta(days=1))
        log_one("きょう", follow_up_on=today)
        log_one("あす", follow_up_on=today + timedelta(days=1))
        log_one("なし")
        assert {str(due) for due in follow_ups_due(today)} == {"きのう", "きょう"}
