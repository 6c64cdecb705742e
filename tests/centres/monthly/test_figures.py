"""The figures of a month, beside last year's."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from centres.events.models import Event, EventSession, EventStatus, SurveyAnswer
from centres.models import ConsultationCategory, ConsultationEntry, Referral, ReferralKind
from centres.monthly.figures import Line, Span, Spans, sections
from centres.monthly.snapshot import Snapshot, build_snapshot, lines_of, signed_off
from centres.rooms.models import BookedBand, Booking, Room, RoomBand, Use
from civic.accounts.models import User
from civic.measures import registry
from civic.measures.registry import Counted, Measure, MeasuredRow, find, offered
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from matching.models import HelpRequest, RequestStatus
from tests.centres.conftest import LogOne, MakeGroup

OCTOBER = date(2026, 10, 1)


def at(year: int, month: int, day: int) -> datetime:
    return timezone.make_aware(datetime(year, month, day, 10))  # noqa: DTZ001  made aware right here


def built(month: date, **last_year: Any) -> Snapshot:
    return build_snapshot(
        month, words="", made_on=date(2026, 11, 2), progress=lambda _percent, _words: None, **last_year
    )


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
        assert counted["相談の件数"] == Line("consultations.cases", "相談の件数", "件", 1, 1, 2, 1)
        assert counted["相談した人"] == Line("consultations.people", "相談した人", "人", 2, 1, 3, 1)
        assert counted["相談にかけた時間"] == Line("consultations.minutes", "相談にかけた時間", "分", 27, 30, 32, 30)
        assert counted["団体・催し・担当課などへのつなぎ"].month == 1
        (by_category,) = next(sections(OCTOBER)).tables
        assert by_category.rows == [["設立", 1, 27], ["会計", 1, 27]]


def test_before_the_first_record_there_is_no_number_and_after_it_nothing_is_zero(
    shimonoseki: Municipality, log_one: LogOne
) -> None:
    with acting_as(shimonoseki):
        log_one("はじめての相談", received_at=at(2025, 11, 5))
        october, november = lines()["相談の件数"], lines(date(2026, 11, 1))["相談の件数"]
    assert october == Line("consultations.cases", "相談の件数", "件", 0, None, 0, None)
    assert november == Line("consultations.cases", "相談の件数", "件", 0, 1, 0, 1)


def test_groups_by_the_end_of_the_month(shimonoseki: Municipality, make_group: MakeGroup) -> None:
    with acting_as(shimonoseki):
        make_group("ふるい会", registered_on=date(2020, 1, 1))
        make_group("日のわからない会")
        make_group("10月の会", registered_on=date(2026, 10, 31))
        make_group("11月の会", registered_on=date(2026, 11, 1))
        counted = lines()
    assert counted["月末の登録団体"] == Line("groups.active", "月末の登録団体", "団体", 3, 2)
    assert counted["新しく登録した団体"] == Line("groups.new", "新しく登録した団体", "団体", 1, 0, 1, 0)


def test_matching_is_counted_by_the_names_it_registers(shimonoseki: Municipality, make_group: MakeGroup) -> None:
    with acting_as(shimonoseki):
        group = make_group("花の会")
        asked = {"group": group, "what": "手伝い", "when": "土曜", "where": "公園", "people_needed": 1}
        HelpRequest.objects.create(title="公開", posted_on=date(2026, 10, 3), status=RequestStatus.OPEN, **asked)
        HelpRequest.objects.create(title="非公開", posted_on=date(2026, 10, 3), **asked)
        (matching,) = (section for section in sections(OCTOBER) if section.title == "ボランティア")
        counted = {line.key: line for line in matching.lines}
        assert counted.keys() == {measure.name for measure in offered() if measure.name.startswith("matching.")}
        requests = counted["matching.help_requests"]
        assert (requests.name, requests.month) == ("ボランティアの募集", 1)
        assert find("matching.help_requests").count(2026).value == 1


def test_users_and_events_of_the_month(shimonoseki: Municipality) -> None:
    with acting_as(shimonoseki):
        hall = Room.objects.create(name="ホール")
        for month, people in ((10, 12), (10, 3), (9, 7)):
            Use.objects.create(room=hall, used_at=at(2025, month, 4), people=people)
        course = Event.objects.create(title="手話講座", status=EventStatus.PUBLISHED, published_at=timezone.now())
        EventSession.objects.create(event=course, starts_at=at(2025, 10, 4), ends_at=at(2025, 10, 5), walk_ins=4)
        for satisfaction in (1, 2, 4):
            SurveyAnswer.objects.create(event=course, satisfaction=satisfaction, way="paper")
        by_title = {section.title: section for section in sections(date(2025, 10, 1))}
        counted = {line.key: line for line in by_title["催し・講座"].lines}
    assert by_title["利用者と部屋"].lines[0] == Line("centres.users", "センターの利用者", "人", 15, None, 22, None)
    assert by_title["利用者と部屋"].tables[0].rows == [["ホール", 15, 0, 0, None]]
    assert counted["centres.events_held"].month == 1
    assert by_title["催し・講座"].tables[0].rows == [["手話講座（講座・研修）", 4, 3, 75.0, 66.7]]
    assert [counted[f"courses.{key}"].month for key in ("answers", "satisfaction", "response_rate")] == [3, 66.7, 75.0]
    assert counted["courses.satisfaction"].month_before is None


def test_bands_of_rooms_used_of_those_open(shimonoseki: Municipality) -> None:
    with acting_as(shimonoseki):
        hall = Room.objects.create(name="ホール", offered_from=date(2025, 4, 1))
        Room.objects.create(name="交流スペース", is_bookable=False)
        for name, hour, people in (("午前", 9, 5), ("午後", 13, None)):
            band = RoomBand.objects.create(room=hall, name=name, starts=time(hour), ends=time(hour + 3))
            booking = Booking.objects.create(room=hall, day=date(2025, 10, 6), purpose="会議", people=5)
            BookedBand.objects.create(booking=booking, room=hall, band=band, day=booking.day, is_held=True)
            if people:
                Use.objects.create(room=hall, booking=booking, used_at=at(2025, 10, 6), people=people)
        (rooms,) = (section for section in sections(date(2025, 10, 1)) if section.title == "利用者と部屋")
    # Twenty-three weekdays in October 2025, one of them a holiday, at two bands each.
    assert {line.key: line.month for line in rooms.lines} == {
        "centres.users": 5,
        "rooms.bookings": 2,
        "rooms.bands_used": 1,
        "rooms.rate": 2.3,
        "rooms.lendings": None,
    }
    assert rooms.tables[0].rows == [["ホール", 5, 1, 44, 2.3]]


def test_what_another_app_registers_is_a_line_of_its_own(
    shimonoseki: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rows(year: int) -> list[MeasuredRow]:
        days = (date(year, 10, 3), date(year, 10, 9), date(year, 4, 1))
        values = (100, 0, 50) if year == 2026 else (100, 100, 100)
        return [MeasuredRow(1, "", day, "", value=Decimal(value)) for day, value in zip(days, values, strict=True)]

    def offer(name: str, **said: Any) -> None:
        measure = Measure(f"matching.{name}", name, "", lambda _year: Counted(Decimal(0), False), rows, **said)
        monkeypatch.setitem(registry._measures, measure.name, measure)

    offer("sum")
    offer("share", is_share=True)
    with acting_as(shimonoseki):
        counted = lines()
    assert counted["sum"] == Line("matching.sum", "sum", "", 100, 200, 150, 300)
    assert counted["share"] == Line("matching.share", "share", "", 50.0, 100.0, 50.0, 100.0)


def test_last_years_figures_are_those_that_were_handed_over(shimonoseki: Municipality, log_one: LogOne) -> None:
    with acting_as(shimonoseki):
        log_one("去年", received_at=at(2025, 10, 5))
        handed_over = signed_off(built(date(2025, 10, 1)), by=User(email="a@example.jp"), on=date(2025, 11, 4))
        handed_over["sections"][0]["lines"] = [
            line for line in handed_over["sections"][0]["lines"] if line["key"] != "consultations.minutes"
        ]
        log_one("去年、あとから", received_at=at(2025, 10, 6), minutes=20)
        counted, taken = built(OCTOBER), built(OCTOBER, last_year=handed_over)
    cases, minutes = (
        [lines_of(snapshot)[f"consultations.{key}"]["month_before"] for snapshot in (counted, taken)]
        for key in ("cases", "minutes")
    )
    assert cases == [2, 1]
    assert minutes == [35, 35], "what last year's report does not tell is counted"
    assert counted["last_year"] is None
    assert taken["last_year"] == {
        "on_label": "令和7年11月4日",
        "edition": 1,
        "counted": ["相談にかけた時間"],
    }


def test_samples_are_told(shimonoseki: Municipality, log_one: LogOne) -> None:
    def is_sample() -> bool:
        return bool(built(OCTOBER)["is_sample"])

    with acting_as(shimonoseki):
        log_one("相談", received_at=at(2026, 10, 5))
        assert not is_sample()
        log_one("見本", received_at=at(2026, 10, 5), is_sample=True)
        assert is_sample()
