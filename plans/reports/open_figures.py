"""A published report's figures, written where they can be read beside those of other municipalities."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from civic.calendar import fiscal_year_label
from civic.tenancy.context import current_municipality
from indicators.small_counts import is_small, small_label
from indicators.wording import number_in
from plans.models import AnnualReport, PublishedOpenFigure


def publish_open_figures(report: AnnualReport) -> None:
    """Write the figures of a report that is being published, in place of those of its last edition.

    What the report hides is hidden here. A count under 5 that the report prints, since it counts no people, is not set
    beside those of other municipalities (docs/architecture/small-counts.md).
    """
    municipality, snapshot = current_municipality(), report.said
    plan = snapshot["plan"]
    PublishedOpenFigure.objects.filter(
        municipality=municipality, plan_slug=plan["slug"], fiscal_year=report.fiscal_year
    ).delete()
    PublishedOpenFigure.objects.bulk_create(
        PublishedOpenFigure(
            municipality=municipality,
            fiscal_year=report.fiscal_year,
            plan_slug=plan["slug"],
            plan_title=plan["title"],
            population=municipality.population,
            population_label=municipality.population_label,
            edition=report.edition,
            is_sample=report.is_sample,
            **figure,
        )
        for figure in [*_of_kpis(snapshot), *_of_the_centre(snapshot)]
    )


def _of_kpis(snapshot: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for kpi in snapshot["kpis"]:
        printed, unit = kpi["actual"], kpi["unit"]
        is_hidden = printed == small_label(unit)
        value = None if is_hidden else number_in(printed, unit)
        if not is_hidden and (value is None or _is_small_count(value, unit)):
            continue
        yield {
            "series": kpi["series"],
            "title": kpi["name"],
            "unit": unit,
            "definition": kpi["definition"] or kpi["answer"],
            "breaks": "\n".join(f"{fiscal_year_label(b['fiscal_year'])} {b['note']}" for b in kpi["breaks"]),
            "value": value,
            "printed": printed,
        }


def _is_small_count(value: Decimal, unit: str) -> bool:
    """Whether a printed figure is a small count: no score, which is printed with decimals."""
    return value.as_tuple().exponent == 0 and is_small(value, unit)


def _of_the_centre(snapshot: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for figure in snapshot["centre"]:
        yield {
            "series": figure["measure"],
            "title": figure["title"],
            "unit": figure["unit"],
            "definition": _("ポータルの記録から、どの市も同じ数え方で数えます。"),
            "value": None if figure["value"] is None else Decimal(figure["value"]),
            "printed": figure["printed"],
        }
