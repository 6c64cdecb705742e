"""A KPI counted from a million records, against the same aggregate asked of PostgreSQL in plain SQL.

Run as a program it measures, within servers that are thrown away afterwards, and prints both medians for each spread.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

from civic.runtime.throwaway import throwaway_servers
from tests.bench.measurement import Measurement

RECORDS = 1_000_000
TURNS = 15
YEAR = 2025
"""The last of the fiscal years over which the records are spread."""
SPREADS = (10, 4)
"""Over how many years: the fewer, the larger the share of the table that a year's count reads."""
FILL = """
    INSERT INTO centres_consultation (municipality_id, received_at, method, asker_kind, is_anonymous, people, minutes,
                                      summary, content, answer, is_sample)
    SELECT %(municipality)s,
           timestamptz '2026-03-31 23:59+09' - %(years)s * n::float8 / %(records)s * interval '365 days',
           'phone', 'person', true, 1, 15, '相談', '', '', true
    FROM generate_series(0, %(records)s - 1) AS n
"""
PLAIN = """
    SELECT count(*), coalesce(bool_or(is_sample), false) FROM centres_consultation
    WHERE municipality_id = %s AND received_at >= %s AND received_at < %s
"""


def live_figures() -> list[Measurement]:
    """Return the seconds of a live figure against those of the plain aggregate, both the median of turns, by spread."""
    with throwaway_servers() as environment:
        settings = {"DJANGO_SETTINGS_MODULE": "tests.settings"}
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.live_figures"],
            env=os.environ | environment | settings,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    return [
        Measurement(
            f"a KPI counted from {RECORDS:,} records of {years} years against plain SQL",
            "<= 1.3",
            live * 1000,
            plain * 1000,
            "ms",
        )
        for years, (live, plain) in zip(SPREADS, json.loads(done.stdout.splitlines()[-1]), strict=True)
    ]


def main() -> None:
    import django

    django.setup()
    from datetime import datetime

    import psycopg
    from django.core.management import call_command
    from django.db import connections

    from civic.tenancy.context import acting_as
    from civic.tenancy.models import Municipality
    from indicators.models import Indicator
    from indicators.queries import figures_of

    call_command("migrate", verbosity=0)
    municipality = Municipality.objects.create(
        code="000000", slug="million", name="百万市", guild_name="", office_name=""
    )
    owner = connections["owner"].get_connection_params()
    with psycopg.connect(**{**owner, "cursor_factory": psycopg.ClientCursor}, autocommit=True) as connection:
        # The trail of a million additions is not what is measured.
        connection.execute("ALTER TABLE centres_consultation DISABLE TRIGGER USER")
        # A vacuum of PostgreSQL's own beside ours would leave pages that ours cannot mark as visible to all.
        connection.execute("ALTER TABLE centres_consultation SET (autovacuum_enabled = off)")
        year = [datetime.fromisoformat(f"{begin}-04-01T00:00+09:00") for begin in (YEAR, YEAR + 1)]

        def plain() -> int:
            return int(connection.execute(PLAIN, [municipality.pk, *year]).fetchone()[0])  # type: ignore[index]

        with acting_as(municipality):
            Indicator.objects.create(
                key="consultations", name="相談", unit="件", measure="centres.consultations", measured_from=YEAR
            )

        def live() -> int:
            return int(figures_of(indicator, since=YEAR, until=YEAR)[YEAR].value)

        measured = []
        for years in SPREADS:
            connection.execute("TRUNCATE centres_consultation CASCADE")
            connection.execute(FILL, {"municipality": municipality.pk, "records": RECORDS, "years": years})
            connection.execute("VACUUM ANALYZE centres_consultation")
            with acting_as(municipality):
                # As pages read it, for all KPIs at once.
                indicator = Indicator.objects.prefetch_related("actuals", "closings").get()
                if live() != plain():
                    raise RuntimeError(f"{live()} records were counted live, {plain()} in plain SQL.")
                measured.append(_medians(live, plain))
        print(json.dumps(measured))


def _medians(*counts: Callable[[], int]) -> list[float]:
    """The median seconds of each, taken in turns so that a noisy machine disturbs both alike."""
    seconds: list[list[float]] = [[] for _count in counts]
    for _turn in range(TURNS):
        for taken, count in zip(seconds, counts, strict=True):
            began = time.perf_counter()
            count()
            taken.append(time.perf_counter() - began)
    return [statistics.median(taken) for taken in seconds]


if __name__ == "__main__":
    main()
