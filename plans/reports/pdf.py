"""The annual report as a PDF, made from its snapshot alone."""

from collections.abc import Callable
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from civic.printing import lay_out, write_pdf
from plans.reports.snapshot import Snapshot, require_readable

ReportProgress = Callable[[int, str], None]
"""Told how far the work is, in per cent, and in words what is being done."""


@dataclass(frozen=True)
class Pdf:
    """A report's PDF and how many pages it has."""

    content: bytes
    pages: int


def render_html(snapshot: Snapshot) -> str:
    """Return the report as the HTML that is laid out on pages."""
    return render_to_string("plans/report.html", {"snapshot": snapshot, "tree": snapshot["plan"]})


def render_pdf(snapshot: Snapshot, progress: ReportProgress) -> Pdf:
    """Return the report as tagged PDF (PDF/UA-1) with its fonts embedded; nothing is fetched from anywhere.

    The same snapshot gives the same bytes wherever the same version of WeasyPrint and the same fonts are installed.
    Raises NoJapaneseFont where the machine has none, and UnreadableSnapshot.
    """
    require_readable(snapshot)
    html = render_html(snapshot)
    progress(30, _("ページを組んでいます"))
    document = lay_out(html, "css/report.css")
    progress(80, _("PDFに書き出しています"))
    return Pdf(write_pdf(document), len(document.pages))
