"""What those who came thought of it: by the code on a sheet, or on paper."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.test import Client
from pytest_django import Settings

from centres.events import services
from centres.events.codes import qr_code
from centres.events.models import Event, Satisfaction, SurveyAnswer
from centres.events.queries import survey_result
from centres.events.tokens import token_of
from civic.audit.models import Change
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from tests.events.conftest import Book, MakeEvent

URL = "/shimonoseki/office/events/"


@pytest.fixture
def held(shimonoseki: Municipality, make_event: MakeEvent) -> Event:
    with acting_as(shimonoseki):
        return make_event("手話講座", timedelta(days=-1))


def address(event: Event) -> str:
    return f"/shimonoseki/events/survey/{token_of(event)}/"


def test_an_answer_on_a_telephone(client: Client, held: Event) -> None:
    assert "お名前はうかがいません" in client.get(address(held)).content.decode()
    sent = client.post(address(held), {"satisfaction": "2", "heard_from": "leaflet", "comment": "よかった"})
    assert "ありがとうございました" in client.get(sent.headers["Location"]).content.decode()
    with acting_as(held.municipality):
        answer = SurveyAnswer.objects.get()
        assert (answer.satisfaction, answer.heard_from, answer.way) == (2, "leaflet", "web")
        assert "よかった" not in str(Change.objects.get(table_name="events_surveyanswer").after)


def test_a_browser_answers_once_and_the_rate_stays_within_a_hundred(client: Client, staff: Client, held: Event) -> None:
    for _again in range(2):
        sent = client.post(address(held), {"satisfaction": "1"})
        assert sent.headers["Location"] == f"{address(held)}thanks/"
    assert client.get(address(held)).status_code == 302
    assert Client().get(address(held)).status_code == 200, "others still may"
    with acting_as(held.municipality):
        assert SurveyAnswer.objects.count() == 1
        services.count_walk_ins(held.sessions.get(), 1)
        SurveyAnswer.objects.create(event=held, satisfaction=1, way="paper")
    page = staff.get(f"{URL}{held.pk}/survey/").content.decode()
    assert "回収率 100.0％" in page
    assert "出席の記録（1人）より回答が多くなっています" in page


def test_one_machine_answers_no_end_of_times(held: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings.ACCOUNT_RATE_LIMITS, "answer_survey", "1/1h/ip")
    assert [Client().post(address(held), {"satisfaction": "1"}).status_code for _turn in range(2)] == [302, 429]


@pytest.mark.parametrize("wrong", [{}, {"satisfaction": "6"}, {"satisfaction": "1", "heard_from": "nowhere"}])
def test_a_wrong_answer_is_refused(client: Client, held: Event, wrong: dict[str, str]) -> None:
    assert client.post(address(held), wrong).status_code == 400
    with acting_as(held.municipality):
        assert not SurveyAnswer.objects.exists()


@pytest.mark.parametrize("starts", [timedelta(hours=1), timedelta(days=-15)])
def test_it_is_open_from_the_beginning_for_two_weeks(
    client: Client, shimonoseki: Municipality, make_event: MakeEvent, starts: timedelta
) -> None:
    with acting_as(shimonoseki):
        event = make_event("手話講座", starts)
    assert "いまは受け付けていません" in client.get(address(event)).content.decode()
    assert client.post(address(event), {"satisfaction": "1"}).status_code == 400
    with acting_as(shimonoseki):
        assert not SurveyAnswer.objects.exists()


def test_answers_on_paper_are_typed_one_after_the_other(staff: Client, held: Event) -> None:
    url = f"{URL}{held.pk}/survey/entry/"
    for step in "112":
        assert staff.post(url, {"satisfaction": step}).headers["Location"] == url
    assert "いままでに3枚" in staff.get(url).content.decode()
    refused = staff.post(url, {"satisfaction": "7"})
    assert refused.status_code == 400
    assert "1から5までの数字" in refused.content.decode()


def test_results_tell_satisfaction_with_answers_and_response_rate(staff: Client, held: Event, book: Book) -> None:
    with acting_as(held.municipality):
        session = held.sessions.get()
        for name in "abcd":
            services.tick(book(held, name), session, 1)
        services.count_walk_ins(session, 4)
        for step in (Satisfaction.VERY_SATISFIED, Satisfaction.SATISFIED, Satisfaction.DISSATISFIED):
            SurveyAnswer.objects.create(event=held, satisfaction=step, heard_from="web", wish="料理も", way="paper")
        result = survey_result(held).totals
        assert (result.answers, result.satisfied, result.people) == (3, 2, 8)
        assert result.response_rate == Decimal("37.5")
    page = staff.get(f"{URL}{held.pk}/survey/").content.decode()
    for words in ("満足度 66.7％（回答3件のうち、とても満足・満足が2件）", "回収率 37.5％（参加8人のうち）", "料理も"):
        assert words in page
    assert "満足度 66.7％（回答3件" in staff.get(f"{URL}{held.pk}/").content.decode()


def test_without_attendance_there_is_no_response_rate(held: Event) -> None:
    with acting_as(held.municipality):
        SurveyAnswer.objects.create(event=held, satisfaction=1, way="web")
        assert survey_result(held).totals.response_rate is None
        assert survey_result(held).totals.satisfaction == 100


def test_the_sheet_carries_code_address_and_questions(staff: Client, held: Event, settings: Settings) -> None:
    settings.PORTAL_URL = "https://portal.example.jp"
    page = staff.get(f"{URL}{held.pk}/survey/sheet/").content.decode()
    url = f"https://portal.example.jp{address(held)}"
    assert url in page
    assert qr_code(url) in page
    for words in ("とても不満", "ちらし・ポスター", "これから取りあげてほしいこと"):
        assert words in page
