"""Sample notices, grants and cases that show the portal at work. None of it happened; all is marked サンプル."""

import csv
from datetime import datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

from django.utils import timezone
from PIL import Image, ImageDraw

from centres.information import services
from centres.information.models import Case, CasePhoto, Grant, News, Permission
from centres.information.uploads import CASE_PHOTOS
from centres.models import Group
from civic.calendar import fiscal_year_of
from civic.uploads import services as uploads
from civic.uploads.checking import check


def load_demo(random: Random) -> None:
    """Add notices, grants and cases, unless there are sample ones already. Run inside `acting_as`, after the groups."""
    if News.objects.filter(is_sample=True).exists():
        return
    _add_news()
    _add_grants()
    _add_cases(random)


def _rows(name: str) -> list[dict[str, str]]:
    with (Path(__file__).parent / f"demo_{name}.csv").open() as rows:
        return list(csv.DictReader(rows))


def _published(days_ago: int) -> dict[str, Any]:
    at = timezone.make_aware(datetime.combine(timezone.localdate() - timedelta(days=days_ago), time(9)))
    return {"is_published": True, "published_at": at, "changed_at": at, "is_sample": True}


def _add_news() -> None:
    today = timezone.localdate()
    News.objects.bulk_create(
        News(
            title=row["title"],
            body=row["body"],
            shows_from=today - timedelta(days=int(row["days_ago"])),
            is_pinned=row["pinned"] == "1",
            **_published(int(row["days_ago"])),
        )
        for row in _rows("news")
    )


def _add_grants() -> None:
    today = timezone.localdate()
    Grant.objects.bulk_create(
        Grant(
            title=row["title"],
            giver=row["giver"],
            giver_name=row["giver_name"],
            audience=row["audience"],
            amount=row["amount"],
            closes_on=today + timedelta(days=int(row["closes_in"])),
            body=row["body"],
            **_published(40),
        )
        for row in _rows("grants")
    )


def _add_cases(random: Random) -> None:
    this_year = fiscal_year_of(timezone.localdate())
    for position, row in enumerate(_rows("cases")):
        groups = Group.objects.filter(is_sample=True, is_published=True, fields__field=int(row["field"]))
        case = Case(
            title=row["title"],
            fiscal_year=this_year - int(row["years_ago"]),
            field=int(row["field"]),
            partners=row["partners"],
            done=row["done"],
            outcome=row["outcome"],
            **_published(30 * (position + 1)),
        )
        case.save()
        services.write_case(case, random.sample(list(groups.order_by("number")), min(2, len(groups))))
        if row["picture"]:
            _add_picture(case, row["picture"], row["colour"])


def _add_picture(case: Case, alt: str, colour: str) -> None:
    """A drawing in the place of a photo: nobody is in it."""
    image = Image.new("RGB", (800, 500), "#f4f4f0")
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 340, 800, 500), fill="#c9d8b6")
    for x in range(100, 800, 150):
        pen.line((x, 400, x, 300), fill="#4f7a3a", width=10)
        pen.ellipse((x - 55, 210, x + 55, 320), fill=colour)
    file = BytesIO()
    image.save(file, "PNG")
    checked = check("sample.png", file.getvalue(), CASE_PHOTOS)
    CasePhoto.objects.create(
        case=case, file=uploads.store(checked, uploaded_by=None), alt=alt, permission=Permission.NOBODY
    )
