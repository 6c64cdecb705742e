"""What happens to a month's report: each function is one thing, in one transaction."""

from datetime import date

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from centres.monthly.models import MonthlyReport
from centres.monthly.snapshot import Progress, Snapshot, build_snapshot, signed_off
from centres.periods import days_of_month
from civic.accounts.models import User
from civic.calendar import fiscal_year_of
from civic.printing import lay_out, write_pdf


class CannotClose(Exception):
    """The report cannot be signed off now. The message is a plain Japanese sentence for whoever wanted to."""


@transaction.atomic
def make_report(month: date, progress: Progress) -> None:
    """Count a month anew and print it; of a report that is closed, only print what it says where that is missing.

    Raises NoJapaneseFont.
    """
    report = _locked(month)
    if report.is_closed and report.pdf is not None:
        return
    if not report.is_closed:
        report.made_at = timezone.now()
        report.snapshot = build_snapshot(
            month, words=report.words, made_on=timezone.localdate(report.made_at), progress=progress
        )
    report.pdf = _printed(report.said, progress)
    report.save()


@transaction.atomic
def write_words(month: date, words: str) -> None:
    """Keep what the centre says of the month in its own words; the PDF is to be made anew.

    Raises CannotClose where the report is closed.
    """
    report = _locked(month)
    if report.is_closed:
        raise CannotClose(_("この報告書は締めたので、もう変えられません。"))
    report.words = words
    if report.snapshot is not None:
        report.snapshot = report.said | {"words": words}
    report.pdf = None
    report.save()


@transaction.atomic
def close_report(month: date, *, seen: str, by: User) -> None:
    """Sign a month's report off, as it was `seen`: its `made_at` as text. Nothing of it changes afterwards.

    Raises CannotClose before the month is over, where the report is not made or already closed, and where it has been
    made anew since.
    """
    report = _locked(month)
    today = timezone.localdate()
    _first, last = days_of_month(fiscal_year_of(month), month.month)
    if report.is_closed:
        raise CannotClose(_("この報告書は、もう締めてあります。"))
    if today <= last:
        raise CannotClose(_("月が終わってから締めてください。"))
    if report.made_at is None or report.made_at.isoformat() != seen:
        raise CannotClose(_("見ているあいだに作りなおされました。もう一度、内容を確かめてください。"))
    report.snapshot = signed_off(report.said, by=by, on=today)
    report.closed_at, report.closed_by = timezone.now(), by
    report.pdf = None
    report.save()


def _locked(month: date) -> MonthlyReport:
    """The report of a month, there from now on, and nobody else's until the transaction ends."""
    MonthlyReport.objects.get_or_create(month=month)
    return MonthlyReport.objects.select_for_update().get(month=month)


def _printed(snapshot: Snapshot, progress: Progress) -> bytes:
    progress(60, _("ページを組んでいます"))
    document = lay_out(render_to_string("monthly/print.html", {"snapshot": snapshot}), "css/monthly.css")
    progress(90, _("PDFに書き出しています"))
    return write_pdf(document)
