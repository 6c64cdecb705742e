"""A KPI counted from a million records, against the same aggregate asked of PostgreSQL in plain SQL.

Run as a program it measures, within servers that are thrown away afterwards, and prints the two medians as JSON.
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
# The last of the ten fiscal years over which the records are spread.
FILL = """
    INSERT INTO centres_consultation (municipality_id, received_at, method, asker_kind, is_anonymous, people, minutes,
                                      summary, content, answer, is_sample)
    SELECT %(municipality)s, timestamptz '2016-04-01 00:00+09' + (n * interval '315 seconds'), 'phone', 'person', true,
           1, 15, '相談', '', '', true
    FROM generate_series(0, %(records)s - 1) AS n
"""
PLAIN = """
    SELECT count(*), coalesce(bool_or(is_sample), false) FROM centres_consultation
    WHERE municipality_id = %s AND received_at >= %s AND received_at < %s
"""


def live_figures() -> list[Measurement]:
    """Return the seconds of a live figure against those of the plain aggregate, both the median of turns."""
    with throwaway_servers() as environment:
        settings = {"DJANGO_SETTINGS_MODULE": "tests.settings"}
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.live_figures"],
            env=os.environ | environment | settings,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    live, plain = json.loads(done.stdout.splitlines()[-1])
    name = f"a KPI counted from {RECORDS:,} records against plain SQL"
    return [Measurement(name, "<= 1.3", live * 1000, plain * 1000, "ms")]


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
        connection.execute(FILL, {"municipality": municipality.pk, "records": RECORDS})
        connection.execute("VACUUM ANALYZE centres_consultation")
        year = [datetime.fromisoformat(f"{begin}-04-01T00:00+09:00") for begin in (YEAR, YEAR + 1)]

        def plain() -> int:
            return int(connection.execute(PLAIN, [municipality.pk, *year]).fetchone()[0])  # type: ignore[index]

        with acting_as(municipality):
            Indicator.objects.create(
                key="consultations", name="相談", unit="件", measure="centres.consultations", measured_from=YEAR
            )
            # As pages read it, for all KPIs at once.
            indicator = Indicator.objects.prefetch_related("actuals", "closings").get()

            def live() -> int:
                return int(figures_of(indicator, since=YEAR, until=YEAR)[YEAR].value)

            if live() != plain():
                raise RuntimeError(f"{live()} records were counted live, {plain()} in plain SQL.")
            print(json.dumps(_medians(live, plain)))


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
