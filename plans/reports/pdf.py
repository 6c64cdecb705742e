"""The annual report as a PDF, made from its snapshot alone."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from civic.jobs.kinds import JobError
from civic.runtime.bootstrap import has_japanese_font
from plans.reports.snapshot import Snapshot, require_readable

ReportProgress = Callable[[int, str], None]
"""Told how far the work is, in per cent, and in words what is being done."""


class NoJapaneseFont(JobError):
    """The machine has no font with which Japanese can be printed."""


@dataclass(frozen=True)
class Pdf:
    """A report's PDF and how many pages it has."""

    content: bytes
    pages: int


def render_pdf(snapshot: Snapshot, progress: ReportProgress) -> Pdf:
    """Return the report as tagged PDF (PDF/UA-1) with its fonts embedded; nothing is fetched from anywhere.

    The same snapshot gives the same bytes wherever the same version of WeasyPrint and the same fonts are installed.
    Raises NoJapaneseFont where the machine has none, and UnreadableSnapshot.
    """
    require_readable(snapshot)
    if not has_japanese_font():
        raise NoJapaneseFont(_("日本語の文字の形（フォント）がこのコンピューターに入っていないため、PDFを作れません。"))
    # Loaded only where a PDF is made: it adds 28 MB to a process.
    from weasyprint import CSS, HTML
    from weasyprint.urls import URLFetcher

    html = render_to_string("plans/report.html", {"snapshot": snapshot, "tree": snapshot["plan"]})
    progress(30, _("ページを組んでいます"))
    document = HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=())).render(
        stylesheets=[CSS(finders.find("css/report.css"))], pdf_variant="pdf/ua-1"
    )
    progress(80, _("PDFに書き出しています"))
    return Pdf(document.write_pdf(pdf_variant="pdf/ua-1"), len(document.pages))
