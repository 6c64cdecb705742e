"""What one types to ask for help, and the pages on which one does."""

import html
from datetime import date
from typing import Any

from django.test import Client

OFFICE = "/shimonoseki/office/guild/requests/"
TYPED: dict[str, Any] = {
    "kind": "volunteers",
    "title": "海岸の清掃",
    "what": "ごみを拾います。",
    "timing": "shifts",
    "when": "毎週土曜日",
    "where": "海岸",
    "people_needed": "5",
    "insurance": "group",
    "responsible_name": "見本 責任者",
}


def date_parts(name: str, day: date) -> dict[str, int]:
    return {f"{name}_{part}": getattr(day, part) for part in ("year", "month", "day")}


def text(client: Client, url: str) -> str:
    return html.unescape(client.get(url).content.decode())
