"""PDFs on A4: tagged (PDF/UA-1), their fonts embedded, nothing fetched from anywhere.

The same page gives the same bytes wherever the same version of WeasyPrint and the same fonts are installed.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.staticfiles import finders
from django.utils.translation import gettext as _

from civic.jobs.kinds import JobError
from civic.runtime.bootstrap import has_japanese_font

VARIANT = "pdf/ua-1"


class NoJapaneseFont(JobError):
    """The machine has no font with which Japanese can be printed."""


def lay_out(html: str, stylesheet: str) -> Any:
    """Return WeasyPrint's document of a page with a stylesheet of static/, its pages laid out.

    Raises NoJapaneseFont where the machine has none.
    """
    if not has_japanese_font():
        raise NoJapaneseFont(_("日本語の文字の形（フォント）がこのコンピューターに入っていないため、PDFを作れません。"))
    # Loaded only where a PDF is made: it adds 28 MB to a process.
    from weasyprint import CSS, HTML
    from weasyprint.urls import URLFetcher

    with _uncollected():
        page = HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=()))
        return page.render(stylesheets=[CSS(finders.find(stylesheet))], pdf_variant=VARIANT)


def write_pdf(document: Any) -> bytes:
    """Return a document that is laid out, as a PDF."""
    with _uncollected():
        return bytes(document.write_pdf(pdf_variant=VARIANT))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Put the garbage collector off.

    The boxes of a document are all in use until it is done. Looking through them for garbage again and again took a
    third of a long report's time, and found next to nothing.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
