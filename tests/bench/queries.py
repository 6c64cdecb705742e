"""How many queries a page asks, where it is long and where it is short."""

import os
import tempfile
from pathlib import Path

from civic.runtime.data_directory import DataDirectory
from civic.runtime.embedded import EmbeddedPostgres, EmbeddedRedis
from tests.bench.measurement import Measurement
from tests.portal import Portal

CONSULTATIONS = "/nagato/office/consultations/"
# (page, an address where it is short, one where it is long)
PAGES = (
    ("directory: 1 group, 30 groups", "/nagato/groups/?q={group}", "/nagato/groups/"),
    ("plan: 27 items, 52 entries with their sheets", "/shimonoseki/plans/5th/", "/yamaguchi/plans/first/"),
    (
        "plan: 1 item, 100 items with all that they have",
        "/nagato/plans/short/",
        "/nagato/plans/long/",
    ),
    (
        "consultations: 1 found, a full page",
        "/nagato/office/consultations/?q={consultation}",
        "/nagato/office/consultations/",
    ),
)


def queries_per_page(portal: Portal) -> list[Measurement]:
    """Return, for each page, the queries of the long one against those of the short one."""
    keys = DataDirectory(portal.data).secrets()
    os.environ |= EmbeddedPostgres(portal.data, keys).environment | EmbeddedRedis(portal.data, keys).environment
    os.environ |= {"SECRET_KEY": keys.secret_key, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    import django

    django.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from centres.models import Consultation, Group, GroupKind
    from civic.accounts.models import User
    from civic.tenancy.context import acting_as
    from civic.tenancy.models import Municipality
    from plans.loading import load
    from plans.models import Plan
    from tests.plans.long_plan import lengthen
    from tests.plans.sample_plan import write_plan

    with acting_as(Municipality.objects.get(slug="nagato")):
        consultation = Consultation.objects.create(summary="ひとつだけの相談", is_sample=True)
        group = Group.objects.create(
            number=999_999, name="ひとつだけの会", kind=GroupKind.CIVIC, is_published=True, is_sample=True
        )
        for slug, items in (("short", 1), ("long", 100)):
            with tempfile.TemporaryDirectory() as folder:
                load(write_plan(Path(folder), slug=slug))
            lengthen(Plan.objects.get(slug=slug), items)
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(User.objects.get(email="staff@nagato.example.jp"))
    measured = []
    for name, short, long in PAGES:
        counts = []
        for address in (short, long):
            with CaptureQueriesContext(connection) as asked:
                answer = browser.get(address.format(group=group.name, consultation=consultation.summary))
            if answer.status_code != 200:
                raise RuntimeError(f"{address} answered {answer.status_code}")
            counts.append(len(asked))
        measured.append(Measurement(f"queries, {name}", "<= 1.0", counts[1], counts[0], "queries"))
    return measured
