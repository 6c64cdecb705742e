"""Events as data: the list (イベント一覧) of the data sets recommended to municipalities (推奨データセット)."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from centres.events.models import Event
from centres.events.queries import public_events
from centres.models import Centre
from centres.queries import centre_of_municipality
from centres.search import HIRAGANA, KATAKANA
from civic.spreadsheets import FORMULAS
from civic.tenancy.models import Municipality
from civic.tenancy.urls import tenant_reverse

COLUMNS = (
    "都道府県コード又は市区町村コード",
    "NO",
    "都道府県名",
    "市区町村名",
    "イベント名",
    "イベント名_カナ",
    "イベント名_英語",
    "開始日",
    "終了日",
    "開始時間",
    "終了時間",
    "開始日時特記事項",
    "説明",
    "料金(基本)",
    "料金(詳細)",
    "連絡先名称",
    "連絡先電話番号",
    "連絡先内線番号",
    "主催者",
    "場所名称",
    "住所",
    "方書",
    "緯度",
    "経度",
    "アクセス方法",
    "駐車場情報",
    "定員",
    "参加申込終了日",
    "参加申込終了時間",
    "参加申込方法",
    "URL",
    "備考",
)
TO_KATAKANA = str.maketrans(HIRAGANA, KATAKANA)


def events_as_csv(municipality: Municipality) -> bytes:
    """Return every event that was announced, one row each, as CSV for spreadsheet programs: UTF-8 with BOM.

    A cell that such a program would take for a formula begins with an apostrophe.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    centre = centre_of_municipality()
    for event in public_events().exclude(sessions=None).order_by("pk"):
        row = _row(event, municipality, centre)
        writer.writerow(_cell(row.get(column, "")) for column in COLUMNS)
    return text.getvalue().encode("utf-8-sig")


def _row(event: Event, municipality: Municipality, centre: Centre | None) -> dict[str, Any]:
    sessions = event.sessions.all()
    first, last = (
        timezone.localtime(moment) for moment in (sessions[0].starts_at, sessions[len(sessions) - 1].ends_at)
    )
    ends = event.booking_ends_at if event.takes_bookings else None
    closes = timezone.localtime(ends) if ends else None
    return {
        "都道府県コード又は市区町村コード": municipality.code,
        "NO": event.pk,
        "都道府県名": municipality.prefecture,
        "市区町村名": municipality.name,
        "イベント名": event.title,
        "イベント名_カナ": event.title_kana.translate(TO_KATAKANA),
        "開始日": _day(first),
        "終了日": _day(last),
        "開始時間": _clock(first),
        "終了時間": _clock(last),
        "開始日時特記事項": "、".join(_days(event)) if len(sessions) > 1 else "",
        "説明": event.description or event.summary,
        "料金(基本)": event.fee,
        "料金(詳細)": event.fee_note,
        "連絡先名称": centre.name if centre else municipality.office_name,
        "連絡先電話番号": centre.phone if centre else municipality.office_phone,
        "主催者": event.group.name if event.group else (centre.name if centre else municipality.office_name),
        "場所名称": event.place_name,
        "住所": event.place_address,
        "方書": event.place_note,
        "定員": event.capacity,
        "参加申込終了日": _day(closes) if closes else "",
        "参加申込終了時間": _clock(closes) if closes else "",
        "参加申込方法": _("ウェブ、電話または窓口") if event.takes_bookings else _("申込不要"),
        "URL": settings.PORTAL_URL + tenant_reverse("events:event_detail", number=event.pk),
        "備考": "、".join(_remarks(event)),
    }


def _days(event: Event) -> Iterator[str]:
    for session in event.sessions.all():
        starts = timezone.localtime(session.starts_at)
        yield f"{_day(starts)} {_clock(starts)}-{_clock(timezone.localtime(session.ends_at))}"


def _remarks(event: Event) -> Iterator[str]:
    if event.is_cancelled:
        yield _("中止：%(reason)s") % {"reason": event.cancelled_because}
    if event.is_sample:
        yield _("サンプル")


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"


def _clock(moment: datetime) -> str:
    return f"{moment:%H:%M}"


def _cell(value: Any) -> Any:
    return FORMULAS.put_on(value) if isinstance(value, str) else value
