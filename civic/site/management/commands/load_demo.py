"""Load sample accounts and records to try the portal on. Loading again adds nothing, and sets the password anew."""

import os
from pathlib import Path
from random import Random
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

import centres.demo
import centres.events.demo
import centres.information.demo
import centres.monthly.demo
import centres.registration.demo
import centres.rooms.demo
import matching.afterwards.demo
import matching.demo
import plans.demo
from civic.accounts.demo import create_demo_accounts
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality

ACCOUNTS_FILE = "demo-accounts.txt"


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        password = os.environ.get("DEMO_PASSWORD")
        if not password:
            raise CommandError("DEMO_PASSWORD is not set: give the password that the sample accounts are to have.")
        addresses = create_demo_accounts(password)
        for municipality in Municipality.objects.filter(slug__in=centres.demo.SLUGS):
            with acting_as(municipality):
                # Each its own, so that the records of one do not move when another asks for more.
                centres.demo.load_demo(_dice("centres", municipality))
                centres.rooms.demo.load_demo(_dice("rooms", municipality))
                centres.information.demo.load_demo(_dice("information", municipality))
                centres.events.demo.load_demo(_dice("events", municipality))
                centres.registration.demo.load_demo(_dice("registration", municipality))
                matching.demo.load_demo(_dice("matching", municipality))
                matching.afterwards.demo.load_demo(_dice("introductions", municipality))
                centres.monthly.demo.load_demo()
                plans.demo.load_demo()
        _write_accounts(settings.DATA_DIR / ACCOUNTS_FILE, addresses)


def _dice(records: str, municipality: Municipality) -> Random:
    return Random(f"{records} {municipality.slug}")  # noqa: S311  nothing secret: the same records every time


def _write_accounts(path: Path, addresses: list[str]) -> None:
    """Name the accounts to whoever started the portal, and to nobody else on the machine."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text("\n".join(["Demo accounts:", *(f"  {address}" for address in addresses), ""]))
