"""Changing what a plan's items say, and the plan's own lists and texts."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from civic.accounts.requests import MemberRequest
from civic.accounts.rules import allow
from plans.editing import queries, services
from plans.editing.comparing import compare, merge
from plans.editing.document import Content, Document, read, read_content
from plans.editing.forms import ItemForm, ListsForm, PlanForm
from plans.editing.kpis import KpiFormSet
from plans.editing.lifecycle import EditRefused
from plans.editing.rows import LevelFormSet, PassageFormSet, RoleFormSet, TermFormSet, signed, unsigned
from plans.editing.services import EditedMeanwhile
from plans.models import Plan, PlanItem
from plans.queries import read_tree
from plans.rules import EDITS_PLANS
from plans.views.editing import form_view, item_url, of_a_plan, tree_url


@form_view
@allow(EDITS_PLANS)
@of_a_plan
def edit_item(request: MemberRequest, plan: Plan, key: str) -> HttpResponse:
    item = get_object_or_404(plan.items.select_related("plan", "level", "parent"), key=key)
    if request.method != "POST":
        content = read_content(item)
        return _item_page(request, item, _ItemForms(plan, content), {"version": item.version, "content": content})
    base = unsigned(request.POST.get("base", ""))
    given = _ItemForms(plan, base["content"], request.POST)
    if not given.are_valid():
        return _item_page(request, item, given, base, status=400)
    mine = given.said(base["content"])
    try:
        services.save_item(item, mine, version=base["version"])
    except EditRefused as refusal:
        given.form.add_error(None, str(refusal))
        return _item_page(request, item, given, base, status=400)
    except EditedMeanwhile as other:
        merged = merge(base["content"], mine, other.saved)
        return _item_page(
            request,
            item,
            _ItemForms(plan, merged.content),
            {"version": other.version, "content": other.saved},
            merged=merged,
            last_change=queries.last_change(item),
            status=409,
        )
    messages.success(request, _("「%(title)s」を保存しました。") % {"title": mine["title"]})
    return redirect(item_url(plan, key) if "stay" in request.POST else tree_url(plan, key))


class _ItemForms:
    """The form of an item with its rows of passages and of roles."""

    def __init__(self, plan: Plan, content: Content, data: Any = None) -> None:
        document = {
            "pillars": [row.name for row in plan.pillars.all()],
            "audiences": [row.name for row in plan.audiences.all()],
            "schedule_years": [row.fiscal_year for row in plan.schedule_years.all()],
        }
        actors = [row.name for row in plan.actors.all()]
        self.form = ItemForm(data, initial=ItemForm.initial_of(content), document=document)
        self.texts: Any = PassageFormSet(data, initial=content["texts"], prefix="texts")
        self.roles: Any = (
            RoleFormSet(data, initial=content["roles"], prefix="roles", form_kwargs={"actors": actors})
            if actors
            else None
        )

    def all(self) -> list[Any]:
        return [self.form, self.texts, *([self.roles] if self.roles is not None else [])]

    def are_valid(self) -> bool:
        # Each is asked, so that every error stands by its field.
        answers = [part.is_valid() for part in self.all()]
        return all(answers)

    def said(self, base: Content) -> Content:
        roles = base["roles"] if self.roles is None else self.roles.records()
        return {**self.form.said(base), "texts": self.texts.records(), "roles": roles}


def _item_page(
    request: MemberRequest,
    item: PlanItem,
    given: _ItemForms,
    base: dict[str, Any],
    *,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    return render(
        request,
        "plans/editing/item.html",
        {
            "plan": item.plan,
            "item": item,
            "form": given.form,
            "texts": given.texts,
            "roles": given.roles,
            "base": signed(base),
            "traces": queries.traces_of(item),
            **context,
        },
        status=status,
    )


# ---- the plan's own words and lists ----


def _parts_page(
    request: MemberRequest,
    plan: Plan,
    make: Callable[[Any, Document], Any],
    save: Callable[[Any, Document], None],
    parts: tuple[str, ...],
    template: str,
    title: str,
) -> HttpResponse:
    """A page on which parts of a plan's document are changed: `make` gives its form, `save` saves what it says."""
    document = read(plan)
    base = {name: document[name] for name in parts}
    others: list[Any] = []
    form = make(None, base)
    if request.method == "POST":
        began = unsigned(request.POST.get("base", ""))
        form = make(request.POST, began)
        if form.is_valid():
            try:
                save(form, began)
            except EditRefused as refusal:
                messages.error(request, str(refusal))
            except EditedMeanwhile:
                others = compare(document | began, document)
            else:
                messages.success(request, _("保存しました。"))
                return redirect(tree_url(plan))
        else:
            base = began
    return render(
        request,
        template,
        {"plan": plan, "form": form, "base": signed(base), "title": title, "others": others},
        status=(409 if others else 400) if request.method == "POST" else 200,
    )


@form_view
@allow(EDITS_PLANS)
@of_a_plan
def edit_about(request: MemberRequest, plan: Plan) -> HttpResponse:
    def save(form: Any, base: Document) -> None:
        services.save_parts(plan, {"plan": base["plan"] | form.cleaned_data}, base=base)

    return _parts_page(
        request,
        plan,
        lambda data, base: PlanForm(data, initial=base["plan"]),
        save,
        ("plan",),
        "plans/editing/parts_form.html",
        _("計画の名前と期間"),
    )


@form_view
@allow(EDITS_PLANS)
@of_a_plan
def edit_levels(request: MemberRequest, plan: Plan) -> HttpResponse:
    return _rows_page(request, plan, LevelFormSet, "levels", _("階層の名前と番号"))


@form_view
@allow(EDITS_PLANS)
@of_a_plan
def edit_texts(request: MemberRequest, plan: Plan) -> HttpResponse:
    return _rows_page(request, plan, PassageFormSet, "texts", _("計画の本文"))


@form_view
@allow(EDITS_PLANS)
@of_a_plan
def edit_terms(request: MemberRequest, plan: Plan) -> HttpResponse:
    return _rows_page(request, plan, TermFormSet, "terms", _("用語の説明"))


@form_view
@allow(EDITS_PLANS)
@of_a_plan
def edit_kpis(request: MemberRequest, plan: Plan) -> HttpResponse:
    items = [(node.key, f"{node.reference} {node.title}".strip()) for node in read_tree(plan).walk()]

    def make(data: Any, base: Document) -> Any:
        known = {"plan": plan, "items": items}
        return KpiFormSet(data, initial=base["indicators"], prefix="indicators", form_kwargs=known)

    def save(form: Any, base: Document) -> None:
        services.save_parts(plan, {"indicators": form.records()}, base=base)

    return _parts_page(request, plan, make, save, ("indicators",), "plans/editing/kpis.html", _("成果指標"))


def _rows_page(request: MemberRequest, plan: Plan, formset: Any, part: str, title: str) -> HttpResponse:
    def save(form: Any, base: Document) -> None:
        services.save_parts(plan, {part: form.records()}, base=base)

    return _parts_page(
        request,
        plan,
        lambda data, base: formset(data, initial=base[part], prefix=part),
        save,
        (part,),
        "plans/editing/rows.html",
        title,
    )


@form_view
@allow(EDITS_PLANS)
@of_a_plan
def edit_lists(request: MemberRequest, plan: Plan) -> HttpResponse:
    def save(form: Any, base: Document) -> None:
        services.save_lists(plan, form.entries(), form.cleaned_data["schedule_years"], base=base)

    return _parts_page(
        request,
        plan,
        lambda data, base: ListsForm(data, document=base),
        save,
        (*services.LISTS, "schedule_years"),
        "plans/editing/lists.html",
        _("柱・対象・主体・年次計画の年度"),
    )
