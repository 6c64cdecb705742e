"""Load the municipalities, their centres, guilds and plans from fixtures/. Loading again changes nothing."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

import centres.information.loading
import centres.loading
import centres.registration.loading
import centres.rooms.loading
import matching.loading
import plans.loading
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality, Theme

FIXTURES = settings.BASE_DIR / "fixtures"
THEMES = {"shimonoseki": Theme.BLUE, "yamaguchi": Theme.GREEN, "nagato": Theme.ORANGE}


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        for line in load(FIXTURES):
            self.stdout.write(line)


def load(fixtures: Path) -> list[str]:
    """Load what the folder holds, and return what is to be said about it.

    Raises OSError where municipalities.json is missing.
    """
    said = []
    for record in json.loads((fixtures / "municipalities.json").read_text())["municipalities"]:
        municipality = _municipality(record)
        folder = fixtures / record["slug"]
        with acting_as(municipality):
            centres.loading.load(folder, [district["name"] for district in record["districts"]])
            centres.information.loading.load(folder)
            centres.registration.loading.load()
            centres.rooms.loading.load(folder)
            matching.loading.load(record["guild"])
            said += [f"{municipality.name}: {line}" for line in plans.loading.load(folder)]
    return said


def _municipality(record: dict[str, Any]) -> Municipality:
    """The municipality, made where it is missing and left alone where it is there."""
    office, people = record["planning_office"], record.get("population", {"value": None, "label": ""})
    municipality, _is_new = Municipality.objects.get_or_create(
        code=record["code"],
        defaults={
            "slug": record["slug"],
            "name": record["name"],
            "name_kana": record["kana"],
            "prefecture": record["prefecture"],
            "theme": THEMES.get(record["slug"], Theme.BLUE),
            "population": people["value"],
            "population_label": people["label"],
            "guild_name": record["guild"]["name"],
            "office_name": office["name"],
            "office_address": f"〒{office['postal_code']} {office['address']}",
            "office_phone": office["tel"],
            "office_fax": office["fax"],
            "office_email": office["email"],
            "website": office["url"] or "",
            "source": record["source"],
        },
    )
    return municipality
