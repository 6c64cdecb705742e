"""The plan's year: departments report, the planner reviews, the council evaluates."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import reswap, retarget

from civic.accounts.models import Membership, Role
from civic.accounts.queries import membership_of
from civic.accounts.requests import MemberRequest
from civic.accounts.rules import allow, may
from civic.calendar import fiscal_year_label
from civic.tenancy.urls import tenant_reverse
from plans.models import Evaluation, ItemWeight, ManualStatus, Plan, PlanItem, ProgressReport, Rating, ReportingYear
from plans.models.progress import WITH_DEPARTMENT, WorkStatus
from plans.progress import queries, services
from plans.progress.forms import (
    AcceptForm,
    CloseYearForm,
    EvaluationForm,
    OpenYearForm,
    ProgressForm,
    ReopenYearForm,
    SchemeForm,
    SendBackForm,
    StandingForm,
)
from plans.queries import read_tree
from plans.rules import COLLECTS_PROGRESS, EVALUATES, READS_PROGRESS, REPORTS_PROGRESS, answers_for

read_and_post = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@allow(READS_PROGRESS)
def progress_home(request: MemberRequest) -> HttpResponse:
    member = _member(request)
    return render(
        request,
        "plans/progress/home.html",
        {
            "years": queries.reporting_years(),
            "plans": queries.plans_to_ask_for(timezone.localdate()),
            "may_collect": may(COLLECTS_PROGRESS, member),
            "may_report": may(REPORTS_PROGRESS, member),
            "may_evaluate": may(EVALUATES, member),
        },
    )


# ---- the planner opens the year and sees who has reported


@read_and_post
@allow(COLLECTS_PROGRESS)
def open_year(request: MemberRequest, plan: str) -> HttpResponse:
    found = get_object_or_404(Plan, slug=plan)
    form = OpenYearForm(found, timezone.localdate(), request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            year = services.open_year(found, **form.cleaned_data)
        except services.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("担当課に依頼しました。担当者にメールを送ります。"))
            return _to("year_board", year)
    return render(
        request, "plans/progress/open_year.html", {"plan": found, "form": form}, status=400 if form.errors else 200
    )


@read_and_post
@allow(COLLECTS_PROGRESS)
def rating_scheme(request: MemberRequest, plan: str) -> HttpResponse:
    found = get_object_or_404(Plan, slug=plan)
    form = SchemeForm(
        request.POST if request.method == "POST" else None,
        initial={"scheme": "\n".join(f"{rating.mark} {rating.meaning}" for rating in found.ratings.all())},
    )
    if form.is_valid():
        try:
            services.set_scheme(found, form.cleaned_data["scheme"])
        except services.Refused as refusal:
            form.add_error("scheme", str(refusal))
        else:
            messages.success(request, _("評価の区分を保存しました。"))
            return redirect(tenant_reverse("plans:progress_home"))
    return render(
        request, "plans/progress/rating_scheme.html", {"plan": found, "form": form}, status=400 if form.errors else 200
    )


@require_safe
@allow(COLLECTS_PROGRESS)
def year_board(request: MemberRequest, plan: str, fiscal_year: int) -> HttpResponse:
    return _board(request, _year(plan, fiscal_year), CloseYearForm())


def _board(request: MemberRequest, year: ReportingYear, form: CloseYearForm) -> HttpResponse:
    return render(
        request,
        "plans/progress/board.html",
        {
            "plan": year.plan,
            "year": year,
            "form": form,
            "rows": queries.board(year, timezone.localdate()),
            "unasked": queries.unasked(year).count() if not year.closed_at else 0,
            "is_past_due": timezone.localdate() > year.due_on,
            "reopenings": year.reopenings.select_related("by"),
        },
        status=400 if form.errors else 200,
    )


@require_POST
@allow(COLLECTS_PROGRESS)
def ask_departments(request: MemberRequest, plan: str, fiscal_year: int) -> HttpResponse:
    year = _year(plan, fiscal_year)
    try:
        count = services.ask_departments(year)
    except services.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%(count)s件の項目を依頼に加えました。") % {"count": count})
    return _to("year_board", year)


@require_POST
@allow(COLLECTS_PROGRESS)
def close_year(request: MemberRequest, plan: str, fiscal_year: int) -> HttpResponse:
    year = _year(plan, fiscal_year)
    form = CloseYearForm(request.POST)
    if not form.is_valid():
        return _board(request, year, form)
    try:
        services.close_year(year)
    except services.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%(year)sをしめました。") % {"year": fiscal_year_label(year.fiscal_year)})
    return _to("year_board", year)


@read_and_post
@allow(COLLECTS_PROGRESS)
def reopen_year(request: MemberRequest, plan: str, fiscal_year: int) -> HttpResponse:
    year = _year(plan, fiscal_year)
    form = ReopenYearForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.reopen_year(year, form.cleaned_data["reason"], request.user)
        except services.Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(
                request, _("%(year)sをもう一度開きました。") % {"year": fiscal_year_label(year.fiscal_year)}
            )
        return _to("year_board", year)
    return render(
        request,
        "plans/progress/reopen_year.html",
        {"plan": year.plan, "year": year, "form": form},
        status=400 if form.errors else 200,
    )


# ---- the officer writes


@require_safe
@allow(REPORTS_PROGRESS)
def own_reports(request: MemberRequest, plan: str, fiscal_year: int) -> HttpResponse:
    return _own_page(request, _year(plan, fiscal_year))


@require_POST
@allow(REPORTS_PROGRESS)
def save_report(request: MemberRequest, plan: str, fiscal_year: int, key: str) -> HttpResponse:
    """Keep what is typed, and hand it in where that is asked. With htmx only the item's own part is answered."""
    year = _year(plan, fiscal_year)
    report = get_object_or_404(queries.awaited(year).select_related("item"), item__key=key)
    member = _member(request)
    if not answers_for(member, report.item_id):
        raise PermissionDenied(_("ほかの課の項目です。"))
    form = ProgressForm(_ratings(year), request.POST, instance=report)
    theirs: ProgressReport | None = None
    is_submitted = False
    if form.is_valid():
        over = form.cleaned_data["over"]
        version = form.cleaned_data["version"] if over is None else over
        try:
            saved = services.save(report, version, form.written(), member, over=over is not None)
            if request.POST.get("then") == "submit":
                services.submit(saved, member)
                is_submitted = True
        except services.WrittenMeanwhile as meanwhile:
            theirs = meanwhile.report
        except services.Refused as refusal:
            form.add_error(None, str(refusal))
        except ValidationError as missing:
            form.add_error(None, missing)
    stored = get_object_or_404(queries.reports_of(member, year), pk=report.pk)
    if request.htmx:
        if theirs and form.cleaned_data["seen"] == theirs.version:
            # It is on the page already; a button there must not be replaced while it is being pressed.
            return HttpResponse(status=204)
        if is_submitted:
            return retarget(reswap(_own_part(request, year, stored), "outerHTML"), f"#item-{key}")
        return render(
            request, "plans/progress/saved.html", {"report": stored, "form": form, "theirs": theirs, "year": year}
        )
    if theirs or form.errors:
        return _own_page(request, year, form, theirs)
    messages.success(request, _("提出しました。") if is_submitted else _("保存しました。"))
    return redirect(tenant_reverse("plans:own_reports", plan=plan, fiscal_year=fiscal_year) + f"#item-{key}")


@require_POST
@allow(REPORTS_PROGRESS)
def submit_reports(request: MemberRequest, plan: str, fiscal_year: int) -> HttpResponse:
    year = _year(plan, fiscal_year)
    try:
        handed_in, left = services.submit_all(year, _member(request))
    except services.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        if handed_in:
            messages.success(request, _("%(count)s件を提出しました。") % {"count": handed_in})
        if left:
            messages.warning(
                request,
                _("%(count)s件は、「進みぐあい」か「この年度にしたこと」が空のため、提出していません。")
                % {"count": left},
            )
    return _to("own_reports", year)


@dataclass(frozen=True)
class OwnEntry:
    """An item on its officer's page; `theirs` is what somebody else saved first."""

    line: queries.Line
    form: ProgressForm
    theirs: ProgressReport | None = None


def _own_page(
    request: MemberRequest,
    year: ReportingYear,
    typed: ProgressForm | None = None,
    theirs: ProgressReport | None = None,
) -> HttpResponse:
    """All the officer's items; `typed` is what could not be saved, as it was typed."""
    ratings = _ratings(year)
    entries = [
        OwnEntry(line, typed, theirs)
        if typed is not None and typed.instance.pk == line.report.pk
        else OwnEntry(line, ProgressForm(ratings, instance=line.report))
        for line in queries.lines(read_tree(year.plan), year, queries.reports_of(_member(request), year))
    ]
    context = {
        "plan": year.plan,
        "year": year,
        "entries": entries,
        "departments": [own.department for own in _member(request).departments.select_related("department")],
        "left": sum(entry.line.report.is_with_department for entry in entries),
        "is_past_due": timezone.localdate() > year.due_on,
    }
    status = 200 if typed is None else 409 if theirs else 400
    return render(request, "plans/progress/own_reports.html", context, status=status)


def _own_part(request: MemberRequest, year: ReportingYear, report: ProgressReport) -> HttpResponse:
    own = queries.reports_of(_member(request), year)
    line = _line(year, own.filter(pk=report.pk))
    entry = OwnEntry(line, ProgressForm(_ratings(year), instance=report))
    context = {
        "plan": year.plan,
        "year": year,
        "entry": entry,
        "left": own.filter(state__in=WITH_DEPARTMENT).count(),
        "has_just_moved": True,
    }
    return render(request, "plans/progress/own_report.html", context)


# ---- the planner reads, sends back, accepts


@read_and_post
@allow(COLLECTS_PROGRESS)
def review_queue(request: MemberRequest, plan: str, fiscal_year: int) -> HttpResponse:
    year = _year(plan, fiscal_year)
    form = AcceptForm(year, request.POST if request.method == "POST" else None)
    if form.is_valid():
        reports = list(form.cleaned_data["reports"])
        try:
            services.accept(reports, request.user)
        except services.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(count)s件を承認しました。") % {"count": len(reports)})
            return _to("review_queue", year)
    lines = queries.lines(read_tree(year.plan), year, queries.submitted(year))
    return render(
        request,
        "plans/progress/review_queue.html",
        {"plan": year.plan, "year": year, "lines": lines, "form": form},
        status=400 if form.errors else 200,
    )


@require_safe
@allow(READS_PROGRESS)
def report_page(request: MemberRequest, plan: str, fiscal_year: int, key: str) -> HttpResponse:
    return _report_page(request, _report(plan, fiscal_year, key), SendBackForm())


@require_POST
@allow(COLLECTS_PROGRESS)
def accept_report(request: MemberRequest, plan: str, fiscal_year: int, key: str) -> HttpResponse:
    report = _report(plan, fiscal_year, key)
    try:
        services.accept([report], request.user)
    except services.Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(tenant_reverse("plans:progress_report", plan=plan, fiscal_year=fiscal_year, key=key))
    messages.success(request, _("「%(item)s」を承認しました。") % {"item": report.item.title})
    return _to("review_queue", report.year)


@require_POST
@allow(COLLECTS_PROGRESS)
def send_back_report(request: MemberRequest, plan: str, fiscal_year: int, key: str) -> HttpResponse:
    report = _report(plan, fiscal_year, key)
    form = SendBackForm(request.POST)
    if form.is_valid():
        try:
            services.send_back(report, form.cleaned_data["comment"], request.user)
        except services.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("「%(item)s」を差し戻しました。担当者にメールを送ります。") % {"item": report.item.title}
            )
            return _to("review_queue", report.year)
    return _report_page(request, report, form)


def _report_page(request: MemberRequest, report: ProgressReport, form: SendBackForm) -> HttpResponse:
    member = _member(request)
    if member.role == Role.OFFICER and not answers_for(member, report.item_id):
        raise PermissionDenied(_("ほかの課の項目です。"))
    year = report.year
    line = _line(year, queries.with_words(year).filter(pk=report.pk))
    return render(
        request,
        "plans/progress/report_page.html",
        {
            "plan": year.plan,
            "year": year,
            "line": line,
            "rounds": queries.rounds_of(report),
            "evaluations": queries.evaluations_of(year).filter(item=report.item_id),
            "form": form,
            "may_collect": may(COLLECTS_PROGRESS, member),
        },
        status=400 if form.errors else 200,
    )


# ---- weights, and statuses by hand


@require_safe
@allow(COLLECTS_PROGRESS)
def standings(request: MemberRequest, plan: str, fiscal_year: int) -> HttpResponse:
    year = _year(plan, fiscal_year)
    tree = read_tree(year.plan, year.fiscal_year)
    weights = dict(ItemWeight.objects.filter(item__plan=year.plan).values_list("item__key", "weight"))
    rows = [{"node": node, "weight": weights.get(node.key, 1)} for node in tree.walk()]
    return render(
        request, "plans/progress/standings.html", {"plan": year.plan, "year": year, "tree": tree, "rows": rows}
    )


@read_and_post
@allow(COLLECTS_PROGRESS)
def set_standing(request: MemberRequest, plan: str, fiscal_year: int, key: str) -> HttpResponse:
    year = _year(plan, fiscal_year)
    item = get_object_or_404(PlanItem, plan=year.plan, key=key, retired_on=None)
    weight = ItemWeight.objects.filter(item=item).first()
    by_hand = ManualStatus.objects.filter(year=year, item=item).first()
    form = StandingForm(
        request.POST if request.method == "POST" else None,
        initial={
            "weight": weight.weight if weight else 1,
            "status": by_hand.status if by_hand else "",
            "reason": by_hand.reason if by_hand else "",
        },
    )
    if form.is_valid():
        status = form.cleaned_data["status"]
        try:
            if status:
                services.set_status_by_hand(year, item, WorkStatus(status), form.cleaned_data["reason"], request.user)
            else:
                services.clear_status_by_hand(year, item)
            services.weigh(item, form.cleaned_data["weight"])
        except services.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("「%(item)s」を保存しました。") % {"item": item.title})
            return _to("standings", year)
    path = read_tree(year.plan, year.fiscal_year).path_to(key)
    return render(
        request,
        "plans/progress/set_standing.html",
        {"plan": year.plan, "year": year, "item": item, "node": path[-1] if path else None, "form": form},
        status=400 if form.errors else 200,
    )


# ---- the council


@require_safe
@allow(EVALUATES)
def evaluation_list(request: MemberRequest, plan: str, fiscal_year: int) -> HttpResponse:
    year = _year(plan, fiscal_year)
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


@read_and_post
@allow(EVALUATES)
def record_evaluation(request: MemberRequest, plan: str, fiscal_year: int) -> HttpResponse:
    year = _year(plan, fiscal_year)
    item = year.plan.items.filter(key=request.GET.get("item", "")).first()
    return _evaluate(request, Evaluation(year=year, item=item))


@read_and_post
@allow(EVALUATES)
def change_evaluation(request: MemberRequest, plan: str, fiscal_year: int, pk: int) -> HttpResponse:
    return _evaluate(request, get_object_or_404(_year(plan, fiscal_year).evaluations, pk=pk))


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
            return _to("evaluation_list", year)
    return render(
        request,
        "plans/progress/evaluate.html",
        {"plan": year.plan, "year": year, "form": form},
        status=400 if form.errors else 200,
    )


@read_and_post
@allow(EVALUATES)
def delete_evaluation(request: MemberRequest, plan: str, fiscal_year: int, pk: int) -> HttpResponse:
    """Ask first, then delete."""
    year = _year(plan, fiscal_year)
    evaluation = get_object_or_404(queries.evaluations_of(year), pk=pk)
    if request.method == "POST":
        try:
            services.delete_evaluation(evaluation)
        except services.Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("評価を消しました。"))
        return _to("evaluation_list", year)
    return render(
        request,
        "plans/progress/delete_evaluation.html",
        {"plan": year.plan, "year": year, "evaluation": evaluation},
    )


def _member(request: MemberRequest) -> Membership:
    """Who asks: the rule of the view let only a member pass."""
    return cast(Membership, membership_of(request))


def _year(plan: str, fiscal_year: int) -> ReportingYear:
    return get_object_or_404(ReportingYear.objects.select_related("plan"), plan__slug=plan, fiscal_year=fiscal_year)


def _report(plan: str, fiscal_year: int, key: str) -> ProgressReport:
    return get_object_or_404(
        queries.with_words(_year(plan, fiscal_year)).select_related("year__plan", *queries.WITH_WORDS), item__key=key
    )


def _line(year: ReportingYear, one: QuerySet[ProgressReport]) -> queries.Line:
    """The report of an item that stands in the plan."""
    found = queries.lines(read_tree(year.plan), year, one)
    if not found:
        raise Http404(_("この項目は、計画にありません。"))
    return found[0]


def _ratings(year: ReportingYear) -> Sequence[Rating]:
    return list(year.plan.ratings.all())


def _to(name: str, year: ReportingYear) -> HttpResponseRedirect:
    return redirect(tenant_reverse(f"plans:{name}", plan=year.plan.slug, fiscal_year=year.fiscal_year))
