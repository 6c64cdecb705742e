"""The reports of the real plans, printed once for all the tests that read them."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property

from pypdf import PdfReader

from civic.accounts.models import Membership, Role, User
from civic.tenancy.context import acting_as, current_municipality
from civic.tenancy.models import Municipality
from plans.demo import REPORT_YEARS
from plans.loading import load
from plans.models import Plan
from plans.queries import read_tree
from plans.reports.figures import CentreFigure
from plans.reports.pdf import Pdf, render_pdf
from plans.reports.snapshot import Snapshot, build_snapshot
from plans.services import make_report, publish_report
from plans.tree import Tree
from tests.fixtures.documents import FIXTURES
from tests.plans.four_years import report_years
from tests.plans.printed_pages import Words, bare, read_page

PLANS = [(slug, plan) for slug, plans in REPORT_YEARS.items() for plan in plans]
FOUR_YEARS = range(2009, 2013)
"""Those in which Yamaguchi's departments have reported."""

CENTRE = [
    CentreFigure("tests.consultations", "センターで受けた相談", "件", "1234", "1,234件"),
    CentreFigure("tests.cases", "公開した活動事例", "件", None, "5件未満"),
]


@dataclass
class Printed:
    """A report of a real plan, and its PDF read back: of each page its text, and its words where they stand."""

    tree: Tree
    snapshot: Snapshot
    pdf: Pdf
    reader: PdfReader
    pages: list[str]
    words: list[list[Words]]

    @cached_property
    def text(self) -> str:
        return bare("".join(self.pages))

    @cached_property
    def anchors(self) -> dict[str, int]:
        """The number of the page on which each anchor of the document stands."""
        named = self.reader.named_destinations.items()
        return {anchor: self.reader.get_destination_page_number(place) + 1 for anchor, place in named}

    def outline(self) -> Iterator[tuple[str, int]]:
        """Every bookmark with the number of the page it leads to."""

        def walk(entries: list) -> Iterator[tuple[str, int]]:
            for entry in entries:
                if isinstance(entry, list):
                    yield from walk(entry)
                else:
                    yield entry.title, self.reader.get_destination_page_number(entry) + 1

        return walk(self.reader.outline)


@cache
def print_report(slug: str, plan: str) -> Printed:
    """The report, made once for all tests: what it says needs no database afterwards."""
    year = REPORT_YEARS[slug][plan]
    with acting_as(Municipality.objects.get(slug=slug)):
        load(FIXTURES / slug)
        found = Plan.objects.get(slug=plan)
        if slug == "yamaguchi":
            snapshot, pdf = _published_after_four_years(found, year)
            tree = read_tree(found, year)
        else:
            tree = read_tree(found, year)
            snapshot = build_snapshot(
                current_municipality(), tree, year, made_on=date(2026, 6, 1), is_sample=True, centre=CENTRE
            )
            pdf = render_pdf(snapshot, _say_nothing)
    reader = PdfReader(io.BytesIO(pdf.content))
    pages, words = zip(*(read_page(page) for page in reader.pages), strict=True)
    return Printed(tree, snapshot, pdf, reader, list(pages), list(words))


def _published_after_four_years(plan: Plan, year: int) -> tuple[Snapshot, Pdf]:
    officer, planner = (User.objects.create(email=f"{role}@example.jp") for role in (Role.OFFICER, Role.PLANNER))
    member = Membership.objects.create(user=officer, municipality=current_municipality(), role=Role.OFFICER)
    report_years(plan, FOUR_YEARS, member, planner)
    report = make_report(plan, year, _say_nothing, is_sample=True)
    publish_report(report, planner)
    return report.said, Pdf(bytes(report.pdf.content), report.pdf.pages)


def _say_nothing(percent: int, words: str) -> None:
    """Nobody waits for it."""
