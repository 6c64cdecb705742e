"""The council reads the year and records what it says of it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from civic.accounts.requests import MemberRequest
from civic.accounts.rules import allow
from plans.models import Evaluation
from plans.progress import queries, services
from plans.progress.forms import EvaluationForm
from plans.queries import read_tree
from plans.rules import EVALUATES
from plans.views.editing import form_view
from plans.views.progress.addresses import to_page, year_at


@require_safe
@allow(EVALUATES)
def evaluation_list(request: MemberRequest, plan: str, fiscal_year: int) -> HttpResponse:
    year = year_at(plan, fiscal_year)
    return render(
        request,
        "plans/progress/evaluation_list.html",
        {
            "plan": year.plan,
            "year": year,
            "lines": queries.lines(read_tree(year.plan), year, queries.with_words(year)),
            "evaluations": queries.evaluations_of(year),
        },
    )


@form_view
@allow(EVALUATES)
def record_evaluation(request: MemberRequest, plan: str, fiscal_year: int) -> HttpResponse:
    year = year_at(plan, fiscal_year)
    item = year.plan.items.filter(key=request.GET.get("item", "")).first()
    return _evaluate(request, Evaluation(year=year, item=item))


@form_view
@allow(EVALUATES)
def change_evaluation(request: MemberRequest, plan: str, fiscal_year: int, pk: int) -> HttpResponse:
    return _evaluate(request, get_object_or_404(year_at(plan, fiscal_year).evaluations, pk=pk))


def _evaluate(request: MemberRequest, evaluation: Evaluation) -> HttpResponse:
    year = evaluation.year
    form = EvaluationForm(
        year.plan,
        read_tree(year.plan),
        request.POST if request.method == "POST" else None,
        instance=evaluation,
    )
    if form.is_valid():
        try:
            services.record_evaluation(form.instance, request.user)
        except services.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("評価を記録しました。"))
            return to_page("evaluation_list", year)
    return render(
        request,
        "plans/progress/evaluate.html",
        {"plan": year.plan, "year": year, "form": form},
        status=400 if form.errors else 200,
    )


@form_view
@allow(EVALUATES)
def delete_evaluation(request: MemberRequest, plan: str, fiscal_year: int, pk: int) -> HttpResponse:
    """Ask first, then delete."""
    year = year_at(plan, fiscal_year)
    evaluation = get_object_or_404(queries.evaluations_of(year), pk=pk)
    if request.method == "POST":
        try:
            services.delete_evaluation(evaluation)
        except services.Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("評価を消しました。"))
        return to_page("evaluation_list", year)
    return render(
        request,
        "plans/progress/delete_evaluation.html",
        {"plan": year.plan, "year": year, "evaluation": evaluation},
    )
