"""Bring the installation up to date before its services start: tables, static files, municipalities, demo records."""

import hashlib
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connections

from civic.runtime.errors import first_line
from civic.tenancy.floor import refuse_unsafe_floor


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            connections["owner"].ensure_connection()
        except OperationalError as error:
            raise CommandError(f"DATABASE_OWNER_URL leads to no database ({first_line(error)}).") from error
        call_command("migrate", interactive=False, verbosity=options["verbosity"])
        # Before the first record: a role that row security does not hold would write into the wrong municipality.
        refuse_unsafe_floor()
        collect_static_files()
        call_command("load_municipalities")
        # Sample records belong where somebody gave the sample people a password, and nowhere else.
        if os.environ.get("DEMO_PASSWORD"):
            call_command("load_demo")


def collect_static_files() -> None:
    """Collect and compress static files, which takes seconds, only when one of them has changed."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            file = Path(storage.path(path))
            digest.update(f"{path} {file.stat().st_size} {file.stat().st_mtime_ns}\n".encode())
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    if not stamp.exists() or stamp.read_text() != digest.hexdigest():
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.write_text(digest.hexdigest())
