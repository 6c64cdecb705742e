"""The full report of Yamaguchi's plan as a PDF, against as many plain pages by WeasyPrint.

The report has all sheets with four years of progress, and charts. Plain pages are paragraphs in the report's own
stylesheet, tagged as it is. Run as a program it measures, within servers that are thrown away afterwards.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

from civic.runtime.throwaway import throwaway_servers
from tests.bench.measurement import Measurement

TURNS = 3
YEARS = range(2009, 2013)
# A page full of paragraphs.
PARAGRAPHS = f"<p>{'市民活動団体と行政が、力を合わせてまちづくりを進めます。' * 14}</p>" * 5
PLAIN_PAGE = f'<section class="chapter">{PARAGRAPHS}</section>'


def annual_report() -> list[Measurement]:
    """Return the seconds of the report against those of plain pages, and the memory of the process that makes it."""
    with throwaway_servers() as environment:
        settings = {"DJANGO_SETTINGS_MODULE": "tests.settings"}
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.annual_report"],
            env=os.environ | environment | settings,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    measured = json.loads(done.stdout.splitlines()[-1])
    name = f"the report of 52 sheets, {measured['pages']} pages, against as many plain ones"
    return [
        Measurement(name, "<= 3.0", *measured["seconds"], "s"),
        Measurement("peak memory while it is made, against the process before", None, *measured["megabytes"], "MB"),
    ]


def main() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from civic.tenancy.context import acting_as
    from civic.tenancy.models import Municipality
    from plans.models import Plan
    from plans.reports.pdf import render_pdf
    from plans.services import draft_snapshot

    call_command("migrate", verbosity=0)
    municipality = Municipality.objects.create(code="352039", slug="yamaguchi", name="山口市", office_name="協働推進課")
    with acting_as(municipality):
        _fill()
        snapshot = draft_snapshot(Plan.objects.get(slug="first"), YEARS[-1])
    before = _peak_megabytes()
    pages = render_pdf(snapshot, _say_nothing).pages
    megabytes = [_peak_megabytes(), before]
    seconds = _medians(lambda: render_pdf(snapshot, _say_nothing), lambda: _print_plain(pages))
    print(json.dumps({"pages": pages, "seconds": seconds, "megabytes": megabytes}))


def _fill() -> None:
    """The plan as its city published it, with four years as departments reported them."""
    from django.conf import settings

    from civic.accounts.models import Membership, Role, User
    from civic.tenancy.context import current_municipality
    from plans.loading import load
    from plans.models import Plan
    from tests.plans.four_years import report_years

    load(settings.BASE_DIR / "fixtures" / "yamaguchi")
    users = [User.objects.create(email=f"{role}@example.jp") for role in (Role.OFFICER, Role.PLANNER)]
    officer = Membership.objects.create(user=users[0], municipality=current_municipality(), role=Role.OFFICER)
    report_years(Plan.objects.get(), YEARS, officer, users[1])


def _print_plain(pages: int) -> None:
    """Print so many plain pages. Raises RuntimeError where they are not as many."""
    from civic.printing import lay_out, write_pdf

    html = f'<!doctype html><html lang="ja"><title>文だけのページ</title><body>{PLAIN_PAGE * pages}</body></html>'
    document = lay_out(html, "css/report.css")
    if len(document.pages) != pages:
        raise RuntimeError(f"{len(document.pages)} plain pages instead of {pages}.")
    write_pdf(document)


def _say_nothing(percent: int, words: str) -> None:
    """Nobody waits for it."""


def _peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _medians(*prints: Callable[[], object]) -> list[float]:
    """The median seconds of each, taken in turns so that a noisy machine disturbs both alike."""
    seconds: list[list[float]] = [[] for _print in prints]
    for _turn in range(TURNS):
        for taken, make in zip(seconds, prints, strict=True):
            began = time.perf_counter()
            make()
            taken.append(time.perf_counter() - began)
    return [statistics.median(taken) for taken in seconds]


if __name__ == "__main__":
    main()
