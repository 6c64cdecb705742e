"""The letters about a plan's year."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from civic.calendar import fiscal_year_label
from civic.tenancy.context import current_municipality
from civic.tenancy.urls import tenant_reverse
from plans.models import ProgressNotice
from plans.progress.queries import reports_of

Kind = ProgressNotice.Kind


def mail_notice(notice_id: int) -> None:
    """Send a letter and note when; does nothing where it went out, or its officer left, or the year ended meanwhile.

    Raises OSError where the mail server cannot be reached or refuses.
    """
    notice = (
        ProgressNotice.objects.select_for_update(of=("self",))
        .select_related("year__plan", "membership__user", "round__report__item")
        .filter(pk=notice_id, mailed_at=None, membership__ended_at=None, year__closed_at=None)
        .first()
    )
    if notice is None:
        return
    municipality, year = current_municipality(), notice.year
    text = render_to_string(
        f"plans/mail/{notice.kind}.txt",
        {
            "notice": notice,
            "year": year,
            "left": [report.item for report in reports_of(notice.membership, year) if report.is_with_department],
            "municipality": municipality,
            "url": settings.PORTAL_URL
            + tenant_reverse("plans:own_reports", plan=year.plan.slug, fiscal_year=year.fiscal_year),
        },
    )
    subject = _subject(Kind(notice.kind)) % {
        "municipality": municipality.name,
        "year": fiscal_year_label(year.fiscal_year),
    }
    send_mail(subject, text, None, [notice.membership.user.email])
    notice.mailed_at = timezone.now()
    notice.save(update_fields=["mailed_at"])


def _subject(kind: Kind) -> str:
    return {
        Kind.OPENED: _("【%(municipality)s】%(year)sの進捗報告のお願い"),
        Kind.BEFORE_DUE: _("【%(municipality)s】%(year)sの進捗報告のしめきりが近づいています"),
        Kind.OVERDUE: _("【%(municipality)s】%(year)sの進捗報告のしめきりが過ぎました"),
        Kind.RETURNED: _("【%(municipality)s】%(year)sの進捗報告について、直していただきたいところがあります"),
    }[kind]
