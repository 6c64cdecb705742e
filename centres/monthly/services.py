"""What happens to a month's report: each function is one thing, in one transaction."""

from datetime import date

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from centres.monthly.models import MonthlyReport
from centres.monthly.queries import closed_snapshot
from centres.monthly.snapshot import Correction, Progress, Snapshot, build_snapshot, corrected, signed_off
from centres.periods import days_of_month
from civic.accounts.models import User
from civic.calendar import fiscal_year_of
from civic.printing import lay_out, write_pdf


class Refused(Exception):
    """That cannot be done with the report. The message is a plain Japanese sentence for whoever wanted to."""


@transaction.atomic
def make_report(month: date, progress: Progress) -> None:
    """Count a month anew and print it; of a report that is closed, only print what it says where that is missing.

    Raises NoJapaneseFont.
    """
    report = _locked(month) or MonthlyReport(month=month)
    if report.is_closed and report.pdf is not None:
        return
    if not report.is_closed:
        report.made_at = timezone.now()
        report.snapshot = build_snapshot(
            month,
            words=report.words,
            made_on=timezone.localdate(report.made_at),
            progress=progress,
            last_year=closed_snapshot(month.replace(year=month.year - 1)),
            corrects=_corrects(report),
        )
    report.pdf = printed(report.snapshot, progress)
    report.save()


def _corrects(report: MonthlyReport) -> Correction | None:
    closed = closed_snapshot(report.month)
    return Correction(report.reason, closed) if closed else None


@transaction.atomic
def correct_report(month: date, reason: str) -> None:
    """Begin the next edition of a closed report, for a reason; it says what the closed one does until it is made.

    Raises Refused where the report is still open, or its PDF missing; and MonthlyReport.DoesNotExist.
    """
    report = _locked(month)
    if report is None:
        raise MonthlyReport.DoesNotExist
    if not report.is_closed:
        raise Refused(_("まだ締めていないので、そのまま数えなおせます。"))
    if report.pdf is None:
        raise Refused(_("締めた報告書のPDFがまだありません。先にPDFを作ってください。"))
    MonthlyReport.objects.create(
        month=month,
        edition=report.edition + 1,
        reason=reason,
        words=report.words,
        snapshot=corrected(Correction(reason, report.snapshot)),
        made_at=timezone.now(),
    )


@transaction.atomic
def drop_correction(month: date) -> None:
    """Delete a next edition that was begun and not closed: the closed one is the month's report again.

    Raises Refused where the open one is the first, or there is none; and MonthlyReport.DoesNotExist.
    """
    report = _open(month)
    if report.edition == 1:
        raise Refused(_("はじめの版は、取りやめられません。"))
    report.delete()


@transaction.atomic
def write_words(month: date, words: str) -> None:
    """Keep what the centre says of the month in its own words; the PDF is to be made anew.

    Raises Refused where the report is closed, and MonthlyReport.DoesNotExist.
    """
    report = _open(month)
    report.words = words
    report.snapshot = report.snapshot | {"words": words}
    report.pdf = None
    report.save()


@transaction.atomic
def close_report(month: date, *, seen: str, by: User) -> None:
    """Sign a month's report off, as it was `seen`: its `made_at` as text. Nothing of it changes afterwards.

    Raises Refused before the month is over, where the report is closed already, and where it has been made anew
    since; and MonthlyReport.DoesNotExist.
    """
    report = _open(month)
    today = timezone.localdate()
    _first, last = days_of_month(fiscal_year_of(month), month.month)
    if today <= last:
        raise Refused(_("月が終わってから締めてください。"))
    if report.made_at.isoformat() != seen:
        raise Refused(_("見ているあいだに作りなおされました。もう一度、内容を確かめてください。"))
    report.snapshot = signed_off(report.snapshot, by=by, on=today)
    report.closed_at, report.closed_by = timezone.now(), by
    report.pdf = None
    report.save()


def _locked(month: date) -> MonthlyReport | None:
    """The latest edition of a month, nobody else's until the transaction ends; None where there is none."""
    editions = MonthlyReport.objects.filter(month=month)
    list(editions.select_for_update().values_list("pk"))  # whoever had it may have added one meanwhile
    return editions.first()


def _open(month: date) -> MonthlyReport:
    """The same, where it can still be changed."""
    report = _locked(month)
    if report is None:
        raise MonthlyReport.DoesNotExist
    if report.is_closed:
        raise Refused(_("この報告書は締めてあるので、もう変えられません。"))
    return report


def printed(snapshot: Snapshot, progress: Progress) -> bytes:
    """Return a report as PDF. Raises NoJapaneseFont."""
    progress(60, _("ページを組んでいます"))
    document = lay_out(render_to_string("monthly/print.html", {"snapshot": snapshot}), "css/monthly.css")
    progress(90, _("PDFに書き出しています"))
    return write_pdf(document)
