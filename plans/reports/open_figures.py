"""A published report's figures, written where they can be read beside those of other municipalities."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from civic.calendar import fiscal_year_label
from civic.tenancy.context import current_municipality
from plans.models import AnnualReport, PublishedOpenFigure
from plans.reports.figures import is_small, small_label

NUMBER = re.compile(r"-?\d[\d,]*(\.\d+)?")
SHARES = ("％", "%")


def publish_open_figures(report: AnnualReport) -> None:
    """Write the figures of a report that is being published, in place of those of its last edition.

    A count under 5 is left out of the table, whatever its report prints. Nothing here lets it be computed: there are no
    totals across municipalities, no achievement, and no other figure that contains it.
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
        if printed is None or not NUMBER.fullmatch(bare := printed.removesuffix(unit)):
            continue
        value = Decimal(bare.replace(",", ""))
        hidden = unit not in SHARES and is_small(value)
        yield {
            "series": kpi["series"],
            "title": kpi["name"],
            "unit": unit,
            "definition": kpi["definition"] or kpi["answer"],
            "breaks": "\n".join(f"{fiscal_year_label(b['fiscal_year'])} {b['note']}" for b in kpi["breaks"]),
            "value": None if hidden else value,
            "printed": small_label(unit) if hidden else printed,
        }


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
