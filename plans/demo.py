"""Sample reports, so that a portal started for the first time has what to show. Run inside `acting_as`."""

from civic.tenancy.context import current_municipality
from plans.models import Plan
from plans.services import make_report, publish_report

REPORT_YEARS = {
    "shimonoseki": {"5th": 2026, "3rd": 2020},
    "yamaguchi": {"first": 2012},
    "nagato": {"second": 2021},
}


def publish_sample_reports() -> None:
    """Publish one report, marked as a sample, of each of the municipality's plans that has none."""
    years = REPORT_YEARS.get(current_municipality().slug, {})
    for plan in Plan.objects.filter(slug__in=years, reports=None):
        report = make_report(plan, years[plan.slug], _say_nothing, is_sample=True)
        publish_report(report)


def _say_nothing(percent: int, words: str) -> None:
    """Nobody waits for it."""
