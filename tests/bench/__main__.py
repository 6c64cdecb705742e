"""`make bench`: start a portal on the demo records, measure it, print a table and write bench.json."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.annual_report import annual_report
from tests.bench.directory import directory
from tests.bench.guild import guild
from tests.bench.live_figures import live_figures
from tests.bench.load import Visit, throughput
from tests.bench.measurement import Measurement, report
from tests.bench.memory import resident_megabytes
from tests.bench.queries import queries_per_page
from tests.portal import Portal

DIRECTORY = "/shimonoseki/groups/"
# A visitor who is to be told something is never answered with a page kept for all.
NOT_KEPT = "messages=none"
# What a first and a second start may take, in seconds.
FIRST_START, SECOND_START = 60.0, 10.0


def main() -> None:
    # Before the portal, whose servers the environment names from then on.
    measurements = [*live_figures(), *annual_report(), *directory(), *guild()]
    with tempfile.TemporaryDirectory(prefix="civic-bench-") as folder:
        # PostgreSQL may run as another user, who passes through here.
        Path(folder).chmod(0o711)
        data = Path(folder) / "var"
        with started(data) as (_portal, seconds):
            measurements.append(Measurement("first start, with demo records", "<= 1.0", seconds, FIRST_START, "s"))
        with started(data) as (portal, seconds):
            bare, visitors, anew = throughput(
                portal.port, [Visit("/bare/"), Visit(DIRECTORY), Visit(DIRECTORY, cookie=NOT_KEPT)]
            )
            measurements += [
                Measurement("second start to /readyz", "<= 1.0", seconds, SECOND_START, "s"),
                Measurement("directory against a bare view with one query", ">= 0.5", visitors, bare, "requests/s"),
                Measurement("the same, each page rendered anew", None, anew, bare, "requests/s"),
                *resident_megabytes(portal),
                *queries_per_page(portal),
            ]
    report(measurements, Path("bench.json"))


@contextmanager
def started(data: Path) -> Iterator[tuple[Portal, float]]:
    """Start the portal, yield it with the seconds until it was ready, and end it."""
    began = time.monotonic()
    portal = Portal(data, DJANGO_SETTINGS_MODULE="tests.bench.settings")
    try:
        portal.wait_until_ready()
        yield portal, time.monotonic() - began
    finally:
        portal.end()


if __name__ == "__main__":
    main()
