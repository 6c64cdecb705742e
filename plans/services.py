"""What happens to annual reports: each function is one thing, in one transaction."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from civic.accounts.models import User
from civic.calendar import fiscal_year_label
from civic.jobs.kinds import JobError
from civic.tenancy.context import current_municipality
from indicators.services import FigureRefused
from plans.figures.queries import changed_figures, words_of_figure
from plans.figures.services import close_some_figures
from plans.models import AnnualReport, Plan, ReportCorrection, ReportPdf, ReportUnfreezing
from plans.queries import correcting_edition, read_tree
from plans.reports.corrections import COMPUTED, FIGURE, KPI, corrected, places, words_at
from plans.reports.figures import centre_figures
from plans.reports.open_figures import publish_open_figures
from plans.reports.pdf import ReportProgress, render_pdf
from plans.reports.snapshot import Snapshot, build_snapshot, digest, finalise_figures, printed_figures

Status = AnnualReport.Status

TRANSITIONS: dict[Status, frozenset[Status]] = {
    Status.DRAFT: frozenset({Status.FROZEN}),
    Status.FROZEN: frozenset({Status.DRAFT, Status.PUBLISHED}),
    # When the next edition, with its corrections, is published.
    Status.PUBLISHED: frozenset({Status.CORRECTED}),
    Status.CORRECTED: frozenset(),
}


class ReportRefused(JobError):
    """A report cannot go where it was asked to go. The message is for the person who asked."""


def draft_snapshot(plan: Plan, fiscal_year: int, *, is_sample: bool = False) -> Snapshot:
    """Return what a plan's report of a year would say today.

    Raises ReportRefused for a year outside the plan's period.
    """
    if not plan.first_fiscal_year <= fiscal_year <= plan.last_fiscal_year:
        raise ReportRefused(_("計画の期間にない年度です。"))
    return build_snapshot(
        current_municipality(),
        read_tree(plan, fiscal_year),
        fiscal_year,
        made_on=timezone.localdate(),
        is_sample=is_sample,
        centre=centre_figures(fiscal_year),
    )


def make_report(plan: Plan, fiscal_year: int, progress: ReportProgress, *, is_sample: bool = False) -> AnnualReport:
    """Freeze the first edition of a plan's report of a fiscal year: its snapshot, and the PDF made from that.

    Raises ReportRefused for a year outside the plan's period and for a report that is frozen or published, and
    NoJapaneseFont.
    """
    _refuse_unless_draft(plan, fiscal_year, 1)
    progress(5, _("計画を読んでいます"))
    snapshot = draft_snapshot(plan, fiscal_year, is_sample=is_sample)
    finalise_figures(snapshot)
    return _freeze(plan, snapshot, progress)


def make_corrected_edition(report: AnnualReport, progress: ReportProgress) -> AnnualReport:
    """Freeze the next edition of a published report: what it says, with its corrections.

    Raises ReportRefused where it is not published, has no corrections, or has a next edition already, and
    NoJapaneseFont.
    """
    _refuse_unless(report, Status.CORRECTED)
    corrections = list(report.corrections.all())
    if not corrections:
        raise ReportRefused(_("訂正がまだありません。"))
    edition = report.edition + 1
    _refuse_unless_draft(report.plan, report.fiscal_year, edition)
    snapshot = corrected(report.said, corrections, edition=edition, made_on=timezone.localdate())
    return _freeze(report.plan, snapshot, progress)


def _refuse_unless_draft(plan: Plan, fiscal_year: int, edition: int) -> None:
    """Raise ReportRefused for an edition that is frozen already, before work is spent on it."""
    report = AnnualReport.objects.filter(plan=plan, fiscal_year=fiscal_year, edition=edition).first()
    if report:
        _refuse_unless(report, Status.FROZEN)


def _freeze(plan: Plan, snapshot: Snapshot, progress: ReportProgress) -> AnnualReport:
    pdf = render_pdf(snapshot, progress)
    progress(95, _("保存しています"))
    with transaction.atomic():
        draft, _is_new = AnnualReport.objects.get_or_create(
            plan=plan, fiscal_year=snapshot["fiscal_year"], edition=snapshot["edition"]
        )
        report = _move(draft, Status.FROZEN)
        report.snapshot, report.sha256 = snapshot, digest(snapshot)
        report.frozen_at, report.is_sample = timezone.now(), snapshot["is_sample"]
        report.save()
        ReportPdf.objects.create(report=report, content=pdf.content, pages=pdf.pages)
    return report


def unfreeze_report(report: AnnualReport, reason: str, by: User) -> None:
    """Open a frozen edition again, so that it can be made anew; its snapshot and its PDF go.

    Who did it and why stays on record. Raises ReportRefused where it is not frozen.
    """
    with transaction.atomic():
        report = _move(report, Status.DRAFT)
        ReportUnfreezing.objects.create(report=report, sha256=report.sha256, reason=reason, by=by)
        ReportPdf.objects.filter(report=report).delete()
        report.snapshot, report.sha256, report.frozen_at = None, "", None
        report.save()


def publish_report(report: AnnualReport, by: User | None = None) -> None:
    """Show a frozen edition to everyone, as it was frozen, and close the figures that its first edition prints.

    Raises ReportRefused where it is not frozen, and where a figure is no longer what it says: the figure of a published
    report is what its closing holds, with the records behind it.
    """
    with transaction.atomic():
        report = _move(report, Status.PUBLISHED)
        report.published_at = timezone.now()
        report.save(update_fields=["status", "published_at"])
        if report.edition == 1:
            _close_printed_figures(report, by)
        else:
            former = AnnualReport.objects.get(
                plan=report.plan_id, fiscal_year=report.fiscal_year, edition=report.edition - 1
            )
            _move(former, Status.CORRECTED).save(update_fields=["status"])
        publish_open_figures(report)


def _close_printed_figures(report: AnnualReport, by: User | None) -> None:
    """A KPI without a figure stays open: its figure may still come."""
    printed = printed_figures(report.said)
    try:
        close_some_figures(report.plan, printed, report.fiscal_year, by, is_sample=report.is_sample)
    except FigureRefused as refusal:
        raise ReportRefused(str(refusal)) from refusal
    changed = [figure.now.name for figure in changed_figures(report.plan, report.said) if figure.now.key in printed]
    if changed:
        raise ReportRefused(
            _(
                "報告書を確定したあとに、実績値が変わりました：%(names)s。"
                "報告書の確定を取り消して、作りなおしてください。記録が毎日増えている指標は、先に実績値を確定してください。"
            )
            % {"names": "、".join(changed)}
        )


def correct_report(
    report: AnnualReport, place: str, words: Mapping[str, str], reason: str, by: User
) -> list[ReportCorrection]:
    """Write down what is wrong at a place of a published edition; the edition itself stays as it is.

    `words` gives each field as it should read; what is computed from a KPI's figure follows the figure, unless it is
    given too. Raises ReportRefused where the report is not published, its next edition is frozen already, it has no
    such place, or nothing is different.
    """
    with transaction.atomic():
        report = AnnualReport.objects.select_for_update().get(pk=report.pk)
        _refuse_unless(report, Status.CORRECTED)
        if correcting_edition(report):
            raise ReportRefused(_("訂正版がもう確定しています。確定を取り消してから訂正してください。"))
        title = dict(places(report.said)).get(place)
        if title is None:
            raise ReportRefused(_("報告書にないところです。"))
        words = _with_what_follows(report, place, words)
        different = [old for old in words_at(report.said, place) if words.get(old.field, old.text) != old.text]
        if not different:
            raise ReportRefused(_("訂正前と同じです。ちがうところを直してください。"))
        return [
            ReportCorrection.objects.update_or_create(
                report=report,
                place=place,
                field=old.field,
                defaults={
                    "label": f"{title}（{old.label}）",
                    "old": old.text,
                    "new": words[old.field],
                    "reason": reason,
                    "made_on": timezone.localdate(),
                    "made_by": by,
                },
            )[0]
            for old in different
        ]


def _with_what_follows(report: AnnualReport, place: str, words: Mapping[str, str]) -> Mapping[str, str]:
    """Add to the words of a corrected figure those that are computed from it, where nobody gave others."""
    said = {old.field: old.text for old in words_at(report.said, place)}
    kind, _colon, key = place.partition(":")
    if kind != KPI or words.get(FIGURE, said[FIGURE]) == said[FIGURE]:
        return words
    given = {field: text for field, text in words.items() if field != FIGURE and text != said.get(field)}
    return {**words, **words_of_figure(report.plan, key, report.fiscal_year, words[FIGURE]), **given}


def withdraw_correction(correction: ReportCorrection) -> None:
    """Take back a correction that is in no edition yet, and with a figure's those of what is computed from it.

    Raises ReportRefused where the next edition is frozen already.
    """
    with transaction.atomic():
        report = AnnualReport.objects.select_for_update().get(pk=correction.report_id)
        if correcting_edition(report):
            raise ReportRefused(_("訂正版がもう確定しています。確定を取り消してから訂正してください。"))
        taken_back = Q(field=correction.field)
        if correction.place.startswith(KPI) and correction.field == FIGURE:
            taken_back |= Q(field__in=COMPUTED)
        report.corrections.filter(taken_back, place=correction.place).delete()


def _move(report: AnnualReport, to: Status) -> AnnualReport:
    """Return the report, locked, with its new status, not yet saved. Raises ReportRefused where that may not follow."""
    report = AnnualReport.objects.select_for_update().get(pk=report.pk)
    _refuse_unless(report, to)
    report.status = to
    return report


def _refuse_unless(report: AnnualReport, to: Status) -> None:
    """Raise ReportRefused where a status may not follow the report's."""
    if to not in TRANSITIONS[Status(report.status)]:
        raise ReportRefused(
            _("%(year)sの報告書は「%(status)s」のため、変えられません。")
            % {"year": fiscal_year_label(report.fiscal_year), "status": report.get_status_display()}
        )
