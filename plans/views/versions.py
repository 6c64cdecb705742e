"""A plan from its beginning to its end: copies, status, revisions, and files that carry it out and back."""

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from civic.accounts.requests import MemberRequest
from civic.accounts.rules import allow
from civic.spreadsheets import CSV, Fault
from civic.tenancy.urls import tenant_reverse
from plans.editing import checking, exchange, lifecycle, queries, services
from plans.editing.comparing import compare
from plans.editing.document import Document, read
from plans.editing.forms import CopyForm, DecisionForm, ImportForm, RevisionForm
from plans.editing.lifecycle import EditRefused
from plans.editing.services import EditedMeanwhile
from plans.models import Plan, PlanImport
from plans.rules import EDITS_PLANS, READS_DRAFTS
from plans.views.editing import form_page, form_view, of_a_plan, tree_url

NOW = "now"


@form_view
@allow(EDITS_PLANS)
def copy_plan(request: MemberRequest, plan: str) -> HttpResponse:
    source = get_object_or_404(Plan, slug=plan)

    def act(given: dict[str, Any]) -> str:
        copy = lifecycle.copy_plan(source, **given, by=request.user)
        messages.success(request, _("「%(title)s」の案を作りました。") % {"title": copy.title})
        return tree_url(copy)

    following = source.last_fiscal_year + 1
    form = CopyForm(
        request.POST if request.method == "POST" else None,
        initial={
            "first_fiscal_year": following,
            "last_fiscal_year": following + source.last_fiscal_year - source.first_fiscal_year,
        },
    )
    title = _("「%(title)s」をもとに新しい計画を作る") % {"title": source.title}
    words = _(
        "項目はすべて写し、もとの項目とつなぎます。年次計画、現状値と目標値、取り下げた項目は写しません。"
        "できた案は、公開するまでだれにも見えません。"
    )
    return form_page(request, source, form, act, title=title, words=words, submit=_("案を作る"))


@form_view
@allow(EDITS_PLANS)
def change_status(request: MemberRequest, plan: str) -> HttpResponse:
    """A plan's next status, where there is one."""
    found = get_object_or_404(Plan, slug=plan)
    following = next(iter(lifecycle.TRANSITIONS[Plan.Status(found.status)]), None)
    if following is None:
        messages.error(request, _("期間が終わった計画です。"))
        return redirect(tree_url(found))

    def act(given: dict[str, Any]) -> str:
        lifecycle.move_plan(found, following, decided_on=given["decided_on"], by=request.user)
        messages.success(request, _("計画を「%(status)s」にしました。") % {"status": following.label})
        return tree_url(found)

    words = {
        Plan.Status.IN_FORCE: _("計画がだれにでも見えるようになります。このあとの変更は、改定として残ります。"),
        Plan.Status.SUPERSEDED: _("計画はこれからも公開されますが、変えられなくなります。"),
    }[following]
    title = _("計画を「%(status)s」にする") % {"status": following.label}
    form = DecisionForm(request.POST if request.method == "POST" else None)
    return form_page(request, found, form, act, title=title, words=words, submit=title)


# ---- revisions ----


@require_safe
@allow(READS_DRAFTS)
def revision_list(request: MemberRequest, plan: str) -> HttpResponse:
    found = get_object_or_404(Plan, slug=plan)
    return render(
        request, "plans/editing/revision_list.html", {"plan": found, "revisions": queries.revisions(found), "now": NOW}
    )


@form_view
@allow(EDITS_PLANS)
def start_revision(request: MemberRequest, plan: str) -> HttpResponse:
    found = get_object_or_404(Plan, slug=plan)

    def act(given: dict[str, Any]) -> str:
        lifecycle.start_revision(found, **given, by=request.user)
        messages.success(request, _("改定をはじめました。変更が終わったら「改定を終える」を押してください。"))
        return tree_url(found)

    form = RevisionForm(request.POST if request.method == "POST" else None)
    words = _(
        "改定のあいだの変更は、保存するとすぐに公開のページに出ます。終えたときの計画が、この改定として残ります。"
    )
    return form_page(request, found, form, act, title=_("改定をはじめる"), words=words, submit=_("改定をはじめる"))


@require_POST
@allow(EDITS_PLANS)
def finish_revision(request: MemberRequest, plan: str) -> HttpResponse:
    found = get_object_or_404(Plan, slug=plan)
    try:
        lifecycle.finish_revision(found)
    except EditRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(tree_url(found))
    messages.success(request, _("改定を終えました。"))
    return redirect(tenant_reverse("plans:revision_list", plan=found.slug))


@require_safe
@allow(READS_DRAFTS)
def compare_revisions(request: MemberRequest, plan: str) -> HttpResponse:
    """Two states of a plan beside one another: `from` and `to` are revisions' numbers, or the plan as it is now."""
    found = get_object_or_404(Plan, slug=plan)
    # What the form shows before anything is chosen in it: the first revision, and the plan as it is now.
    first = queries.revisions(found).filter(finished_at__isnull=False).values_list("number", flat=True).first()
    chosen_before = request.GET.get("from", NOW if first is None else str(first))
    before, after = _state(found, chosen_before), _state(found, request.GET.get("to", NOW))
    return render(
        request,
        "plans/editing/compare.html",
        {
            "plan": found,
            "before": before[0],
            "after": after[0],
            "sections": compare(before[1], after[1]),
            "revisions": queries.revisions(found),
            "now": NOW,
        },
    )


def _state(plan: Plan, wanted: str) -> tuple[str, Document]:
    """A state of the plan and what it is called. Raises Http404 where there is none."""
    if wanted in ("", NOW):
        return _("いまの計画"), read(plan)
    revision = plan.revisions.exclude(document=None).filter(number=int(wanted) if wanted.isdecimal() else -1).first()
    if revision is None:
        raise Http404(_("この改定はありません。"))
    return f"{revision.number} {revision.reason}", cast(Document, revision.document)


# ---- files ----


@require_safe
@allow(READS_DRAFTS)
def export_workbook(request: MemberRequest, plan: str) -> HttpResponse:
    found = get_object_or_404(Plan, slug=plan)
    try:
        content = exchange.workbook(found)
    except EditRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(tenant_reverse("plans:office_plan_detail", plan=found.slug))
    return _file(content, exchange.XLSX, f"{found.slug}.xlsx")


@require_safe
@allow(READS_DRAFTS)
def export_items(request: MemberRequest, plan: str) -> HttpResponse:
    found = get_object_or_404(Plan, slug=plan)
    return _file(exchange.items_csv(found), CSV, f"{found.slug}-items.csv")


def _file(content: bytes, content_type: str, filename: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{filename}"'}
    )


@form_view
@allow(EDITS_PLANS)
@of_a_plan
def import_file(request: MemberRequest, plan: Plan) -> HttpResponse:
    """Read a file, and show what is wrong with it or what it would change."""
    posted = request.method == "POST"
    form = ImportForm(*((request.POST, request.FILES) if posted else ()))
    faults: list[Fault] = []
    if posted and form.is_valid():
        file = form.cleaned_data["file"]
        reader = exchange.read_items_csv if file.name.lower().endswith(".csv") else exchange.read_workbook
        try:
            document = reader(file.read(), plan)
        except checking.Faulty as refusal:
            faults = refusal.faults
        else:
            services.propose(plan, document, file.name, by=request.user)
            return redirect(tenant_reverse("plans:import_check", plan=plan.slug))
    return render(
        request,
        "plans/editing/import.html",
        {"plan": plan, "form": form, "faults": faults},
        status=400 if posted else 200,
    )


@form_view
@allow(EDITS_PLANS)
@of_a_plan
def import_check(request: MemberRequest, plan: Plan) -> HttpResponse:
    """What the file that this person read would change; a POST confirms it."""
    proposed = get_object_or_404(PlanImport.objects.select_related("plan"), plan=plan, read_by=request.user)
    if request.method == "POST":
        try:
            services.confirm(proposed)
        except EditedMeanwhile:
            services.compare_again(proposed)
            messages.error(request, _("そのあいだに計画が変わりました。変わるところを、もう一度お確かめください。"))
            return redirect(request.path)
        messages.success(request, _("ファイルの内容を、すべて計画に入れました。"))
        return redirect(tree_url(plan))
    sections = compare(read(plan), proposed.document)
    return render(request, "plans/editing/import_check.html", {"plan": plan, "import": proposed, "sections": sections})


@require_POST
@allow(EDITS_PLANS)
@of_a_plan
def discard_import(request: MemberRequest, plan: Plan) -> HttpResponse:
    services.discard(get_object_or_404(PlanImport, plan=plan, read_by=request.user))
    messages.success(request, _("ファイルを読みこむのをやめました。計画は変わっていません。"))
    return redirect(tree_url(plan))
