"""The figures of a month, beside last year's."""

from datetime import date, datetime

import pytest
from django.utils import timezone

from centres.events.models import Event, EventSession, EventStatus, SurveyAnswer
from centres.models import ConsultationCategory, ConsultationEntry, Referral, ReferralKind
from centres.monthly.figures import Line, Span, Spans, sections
from centres.monthly.snapshot import build_snapshot
from centres.rooms.models import Room, Use
from civic.measures.registry import find
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from matching.models import HelpRequest, RequestStatus
from tests.centres.conftest import LogOne, MakeGroup

OCTOBER = date(2026, 10, 1)


def at(year: int, month: int, day: int) -> datetime:
    return timezone.make_aware(datetime(year, month, day, 10))  # noqa: DTZ001  made aware right here


def lines(month: date = OCTOBER) -> dict[str, Line]:
    return {line.name: line for section in sections(month) for line in section.lines}


@pytest.mark.parametrize(
    ("month", "expected"),
    [
        (
            date(2026, 10, 1),
            Spans(
                Span(date(2026, 10, 1), date(2026, 10, 31)),
                Span(date(2025, 10, 1), date(2025, 10, 31)),
                Span(date(2026, 4, 1), date(2026, 10, 31)),
                Span(date(2025, 4, 1), date(2025, 10, 31)),
            ),
        ),
        (
            date(2028, 2, 1),
            Spans(
                Span(date(2028, 2, 1), date(2028, 2, 29)),
                Span(date(2027, 2, 1), date(2027, 2, 28)),
                Span(date(2027, 4, 1), date(2028, 2, 29)),
                Span(date(2026, 4, 1), date(2027, 2, 28)),
            ),
        ),
    ],
)
def test_what_is_compared(month: date, expected: Spans) -> None:
    assert Spans.of(month) == expected


def test_a_month_and_its_year_so_far_beside_last_year(
    shimonoseki: Municipality, nagato: Municipality, log_one: LogOne
) -> None:
    with acting_as(nagato):
        log_one("長門の相談", received_at=at(2026, 10, 5))
    with acting_as(shimonoseki):
        both = [ConsultationCategory.objects.create(name=name) for name in ("設立", "会計")]
        october = log_one("今年の10月", *both, received_at=at(2026, 10, 5), people=2, minutes=20)
        log_one("今年の4月", received_at=at(2026, 4, 1), minutes=5)
        log_one("今年の11月", received_at=at(2026, 11, 1), minutes=5)
        log_one("去年の10月", received_at=at(2025, 10, 31), minutes=30)
        log_one("去年の3月", received_at=at(2026, 3, 31), minutes=5)
        ConsultationEntry.objects.create(consultation=october, said="話", minutes=7, made_at=at(2026, 10, 30))
        Referral.objects.create(consultation=october, kind=ReferralKind.GUILD, referred_on=date(2026, 10, 7))
        counted = lines()
        assert counted["相談の件数"] == Line("相談の件数", "件", 1, 1, 2, 1)
        assert counted["相談した人"] == Line("相談した人", "人", 2, 1, 3, 1)
        assert counted["相談にかけた時間"] == Line("相談にかけた時間", "分", 27, 30, 32, 30)
        assert counted["団体・催し・担当課などへのつなぎ"].month == 1
        (by_category,) = next(sections(OCTOBER)).tables
        assert by_category.rows == [["設立", 1, 27], ["会計", 1, 27]]


def test_before_the_first_record_there_is_no_number_and_after_it_nothing_is_zero(
    shimonoseki: Municipality, log_one: LogOne
) -> None:
    with acting_as(shimonoseki):
        log_one("はじめての相談", received_at=at(2025, 11, 5))
        october, november = lines()["相談の件数"], lines(date(2026, 11, 1))["相談の件数"]
    assert october == Line("相談の件数", "件", 0, None, 0, None)
    assert november == Line("相談の件数", "件", 0, 1, 0, 1)


def test_groups_by_the_end_of_the_month(shimonoseki: Municipality, make_group: MakeGroup) -> None:
    with acting_as(shimonoseki):
        make_group("ふるい会", registered_on=date(2020, 1, 1))
        make_group("日のわからない会")
        make_group("10月の会", registered_on=date(2026, 10, 31))
        make_group("11月の会", registered_on=date(2026, 11, 1))
        counted = lines()
    assert counted["月末の登録団体"] == Line("月末の登録団体", "団体", 3, 2)
    assert counted["新しく登録した団体"] == Line("新しく登録した団体", "団体", 1, 0, 1, 0)


def test_matching_is_counted_by_the_names_it_registers(shimonoseki: Municipality, make_group: MakeGroup) -> None:
    with acting_as(shimonoseki):
        group = make_group("花の会")
        asked = {"group": group, "what": "手伝い", "when": "土曜", "where": "公園", "people_needed": 1}
        HelpRequest.objects.create(title="公開", posted_on=date(2026, 10, 3), status=RequestStatus.OPEN, **asked)
        HelpRequest.objects.create(title="非公開", posted_on=date(2026, 10, 3), **asked)
        (matching,) = (section for section in sections(OCTOBER) if section.title == "ボランティア")
        assert (matching.lines[0].name, matching.lines[0].month) == ("ボランティアの募集", 1)
        assert find("matching.help_requests").count(2026).value == 1


def test_users_and_events_of_the_month(shimonoseki: Municipality) -> None:
    with acting_as(shimonoseki):
        hall = Room.objects.create(name="ホール")
        for month, people in ((10, 12), (10, 3), (9, 7)):
            Use.objects.create(room=hall, used_at=at(2025, month, 4), people=people)
        course = Event.objects.create(title="手話講座", status=EventStatus.PUBLISHED, published_at=timezone.now())
        EventSession.objects.create(event=course, starts_at=at(2025, 10, 4), ends_at=at(2025, 10, 5))
        for satisfaction in (1, 2, 4):
            SurveyAnswer.objects.create(event=course, satisfaction=satisfaction, way="paper")
        by_title = {section.title: section for section in sections(date(2025, 10, 1))}
    rooms, events = by_title["利用者と部屋"], by_title["催し・講座"]
    assert rooms.lines == [Line("センターの利用者", "人", 15, None, 22, None)]
    assert rooms.tables[0].rows == [["ホール", 2, 15]]
    assert (events.lines[0].name, events.lines[0].month) == ("開いた催し・講座", 1)
    assert events.tables[0].rows == [["手話講座", 0, 3, 67]]


def test_samples_are_told(shimonoseki: Municipality, log_one: LogOne) -> None:
    def is_sample() -> bool:
        snapshot = build_snapshot(OCTOBER, words="", made_on=date(2026, 11, 2), progress=lambda _percent, _words: None)
        return bool(snapshot["is_sample"])

    with acting_as(shimonoseki):
        log_one("相談", received_at=at(2026, 10, 5))
        assert not is_sample()
        log_one("見本", received_at=at(2026, 10, 5), is_sample=True)
        assert is_sample()
