"""Events for other programs: calendars, feed readers and spreadsheets read them back."""

import csv
import io
import xml.etree.ElementTree as ElementTree
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from centres.events.models import EventSession
from centres.events.open_data import COLUMNS
from centres.models import Centre
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from tests.events.conftest import MakeEvent, MakeGroup

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(autouse=True)
def portal(settings: Settings) -> None:
    settings.PORTAL_URL = "https://portal.example.jp"


def entries(calendar: bytes) -> list[dict[str, str]]:
    """Read a calendar as RFC 5545 says: lines unfolded, entries parted, what is marked in texts taken as meant."""
    assert all(len(line) <= 75 for line in calendar.split(b"\r\n"))
    lines = calendar.replace(b"\r\n ", b"").decode().removesuffix("\r\n").split("\r\n")
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    found: list[dict[str, str]] = []
    for line in lines:
        name, _colon, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found and line != "END:VEVENT":
            found[-1][name] = value.replace("\\n", "\n").replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\")
    return found


def test_a_calendar_program_reads_every_session_to_come(
    client: Client, shimonoseki: Municipality, nagato: Municipality, make_event: MakeEvent
) -> None:
    with acting_as(nagato):
        make_event("長門の催し")
    with acting_as(shimonoseki):
        event = make_event(
            "手話講座; 入門, その1",
            timedelta(days=7),
            timedelta(days=8),
            summary="長い紹介です。" * 20,
            place_note="2階\\東",
        )
        make_event("終わった催し", timedelta(days=-7))
        make_event("下書き", status="draft", published_at=None)
        make_event("中止", timedelta(days=9), status="cancelled", cancelled_because="台風")
        first = EventSession.objects.filter(event=event)[0]
    answer = client.get("/shimonoseki/events/calendar.ics")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    found = entries(answer.content)
    assert [entry["SUMMARY"] for entry in found] == ["手話講座; 入門, その1"] * 2 + ["中止"]
    assert [entry["STATUS"] for entry in found] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    entry = found[0]
    begins = datetime.strptime(entry["DTSTART"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    assert begins == first.starts_at.replace(microsecond=0)
    assert entry["DESCRIPTION"] == "長い紹介です。" * 20
    assert entry["LOCATION"] == "会議室 2階\\東"
    assert entry["URL"] == f"https://portal.example.jp/shimonoseki/events/{event.pk}/"
    assert len({entry["UID"] for entry in found}) == 3
    one = client.get(f"/shimonoseki/events/{event.pk}/event.ics")
    assert [entry["SUMMARY"] for entry in entries(one.content)] == ["手話講座; 入門, その1"] * 2


def test_a_feed_reader_reads_what_was_announced_last_first(
    client: Client, shimonoseki: Municipality, make_event: MakeEvent
) -> None:
    with acting_as(shimonoseki):
        make_event("先に知らせた催し", published_at=timezone.now() - timedelta(days=3))
        event = make_event("いま知らせた催し", timedelta(days=20))
        make_event("下書き", status="draft", published_at=None)
    answer = client.get("/shimonoseki/events/feed.atom")
    feed = ElementTree.fromstring(answer.content)  # noqa: S314  the portal's own
    titles = [entry.findtext(f"{ATOM}title") or "" for entry in feed.iter(f"{ATOM}entry")]
    assert [title.partition("（")[0] for title in titles] == ["いま知らせた催し", "先に知らせた催し"]
    newest = next(feed.iter(f"{ATOM}entry"))
    assert newest.findtext(f"{ATOM}id") == f"https://portal.example.jp/shimonoseki/events/{event.pk}/"
    assert newest.findtext(f"{ATOM}updated")
    assert "/shimonoseki/events/feed.atom" in client.get("/shimonoseki/events/").content.decode()


def test_the_recommended_data_set(
    client: Client, shimonoseki: Municipality, nagato: Municipality, make_event: MakeEvent, make_group: MakeGroup
) -> None:
    with acting_as(nagato):
        make_event("長門の催し")
    with acting_as(shimonoseki):
        Centre.objects.create(name="センター", address="竹崎町", phone="083-000-0001")
        event = make_event(
            "=手話講座",
            timedelta(days=-7),
            title_kana="しゅわコウザ",
            fee=500,
            capacity=20,
            place_address="竹崎町4",
            description="一行目\n二行目",
            group=make_group("花の会"),
        )
        EventSession.objects.all().delete()
        for day in (10, 17):
            begins = timezone.make_aware(datetime(2026, 4, day, 10))  # noqa: DTZ001  made aware right here
            EventSession.objects.create(event=event, starts_at=begins, ends_at=begins + timedelta(hours=2))
        make_event("中止した催し", status="cancelled", cancelled_because="台風", takes_bookings=False, is_sample=True)
        make_event("下書き", status="draft", published_at=None)
    answer = client.get("/shimonoseki/open-data/events.csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert tuple(rows[0]) == COLUMNS
    assert len(COLUMNS) == 32
    first, second = rows
    assert [first[name] for name in ("都道府県コード又は市区町村コード", "都道府県名", "市区町村名")] == [
        "352012",
        "山口県",
        "下関市",
    ]
    assert (first["イベント名"], first["イベント名_カナ"]) == ("'=手話講座", "シュワコウザ")
    assert [first[name] for name in ("開始日", "終了日", "開始時間", "終了時間")] == [
        "2026-04-10",
        "2026-04-17",
        "10:00",
        "12:00",
    ]
    assert first["開始日時特記事項"] == "2026-04-10 10:00-12:00、2026-04-17 10:00-12:00"
    assert (first["料金(基本)"], first["定員"], first["説明"]) == ("500", "20", "一行目\n二行目")
    assert (first["主催者"], first["連絡先名称"], first["住所"]) == ("花の会", "センター", "竹崎町4")
    assert (first["参加申込終了日"], first["参加申込終了時間"]) == ("2026-04-10", "10:00")
    assert (second["参加申込方法"], second["参加申込終了日"], second["定員"]) == ("申込不要", "", "")
    assert second["備考"] == "中止：台風、サンプル"
    page = client.get("/shimonoseki/open-data/").content.decode()
    assert 'href="/shimonoseki/open-data/events.csv"' in page
