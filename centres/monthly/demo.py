"""Sample reports: of two months and the same of last year, closed by the manager, and the last month's draft.

Printing takes seconds: the latest closed one is printed, the others when somebody asks.
"""

from datetime import date, datetime, time, timedelta
from itertools import cycle

from django.utils import timezone

from centres.monthly.models import MonthlyReport
from centres.monthly.queries import closed_snapshot
from centres.monthly.services import printed
from centres.monthly.snapshot import build_snapshot, signed_off
from centres.periods import days_of_month
from civic.accounts.models import Role, User
from civic.calendar import fiscal_year_of, months_before
from civic.tenancy.context import current_municipality

CLOSED, DRAFT = (15, 14, 3, 2), 1
"""How many months ago the months are that are closed, and the one that is still a draft."""
CLOSED_ON = 5
"""The day of the next month on which a month is closed."""
WORDS = (
    "サンプル：窓口では、会計と助成金の相談が多い月でした。講座のあとに登録の相談へつながった団体もあります。",
    "サンプル：夜の会議室がこみあいました。来月は、空いている午前の時間も案内します。",
    "サンプル：交流会で知り合った団体どうしの、初めての共催が決まりました。",
)


def load_demo() -> None:
    """Add the reports, unless there are some already. Run inside `acting_as`, after all that they count."""
    manager = User.objects.filter(
        is_sample=True, memberships__municipality=current_municipality(), memberships__role=Role.MANAGER
    ).first()
    if manager is None or MonthlyReport.objects.exists():
        return
    this_month = timezone.localdate().replace(day=1)
    for months_ago, words in zip((*CLOSED, DRAFT), cycle(WORDS), strict=False):
        month = months_before(this_month, months_ago)
        report = _report(month, words)
        if months_ago != DRAFT:
            report.snapshot = signed_off(report.snapshot, by=manager, on=timezone.localdate(report.made_at))
            report.closed_at, report.closed_by = report.made_at, manager
        if months_ago == CLOSED[-1]:
            report.pdf = printed(report.snapshot, _unwatched)
        report.save()


def _report(month: date, words: str) -> MonthlyReport:
    _first, last = days_of_month(fiscal_year_of(month), month.month)
    made_on = last + timedelta(days=CLOSED_ON)
    made_at = min(timezone.now(), timezone.make_aware(datetime.combine(made_on, time(16))))
    return MonthlyReport(
        month=month,
        words=words,
        made_at=made_at,
        snapshot=build_snapshot(
            month,
            words=words,
            made_on=timezone.localdate(made_at),
            progress=_unwatched,
            last_year=closed_snapshot(month.replace(year=month.year - 1)),
        ),
    )


def _unwatched(_percent: int, _words: str) -> None:
    """Nobody watches how far it is."""
