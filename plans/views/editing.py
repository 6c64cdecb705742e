"""Changing a plan's tree."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from civic.accounts.requests import MemberRequest
from civic.accounts.rules import allow
from civic.tenancy.urls import tenant_reverse
from plans.editing import lifecycle, queries, restructuring
from plans.editing.forms import MergeForm, MoveForm, RelistForm, RelistingForm, RetireForm, SplitForm, TitleForm
from plans.editing.lifecycle import EditRefused
from plans.models import Plan, PlanItem, Relisting
from plans.rules import EDITS_PLANS
from plans.tree import Node

PlanView = Callable[..., HttpResponse]
form_view = require_http_methods(["GET", "HEAD", "POST"])
OUTERMOST = ("", "（いちばん上の階層にする）")


def of_a_plan(view: PlanView) -> PlanView:
    """Give a view the plan of its address. A plan that cannot be changed now sends back to where that is said.

    What was typed meanwhile is answered by the view itself, which keeps it.
    """

    @wraps(view)
    def wrapped(request: MemberRequest, plan: str, **kwargs: Any) -> HttpResponse:
        found = get_object_or_404(Plan, slug=plan)
        try:
            if request.method != "POST" and not lifecycle.may_be_edited(found):
                raise EditRefused(_("この計画は、いまは変えられません。"))
            return view(request, found, **kwargs)
        except EditRefused as refusal:
            messages.error(request, str(refusal))
            return redirect(tree_url(found))

    return wrapped


def tree_url(plan: Plan, key: str = "") -> str:
    """Return the address of a plan's editor, at one of its places."""
    url = tenant_reverse("plans:edit", plan=plan.slug)
    return f"{url}#item-{key}" if key else url


def form_page(
    request: MemberRequest, plan: Plan, form: forms.BaseForm, act: Callable[[dict[str, Any]], str], **words: Any
) -> HttpResponse:
    """Do what a form asks for, and go where `act` says; else show it, with what is wrong and what was typed."""
    if form.is_valid():
        try:
            return redirect(act(form.cleaned_data))
        except EditRefused as refusal:
            form.add_error(None, str(refusal))
    context = {"plan": plan, "form": form, "cancel_url": tree_url(plan), **words}
    return render(request, "plans/editing/form.html", context, status=400 if form.is_bound else 200)


@require_safe
@allow(EDITS_PLANS)
def edit(request: MemberRequest, plan: str) -> HttpResponse:
    found = get_object_or_404(Plan, slug=plan)
    return render(
        request,
        "plans/editing/tree.html",
        {
            "plan": found,
            "lines": queries.outline(found),
            "retired": queries.retired_items(found),
            "revision": lifecycle.open_revision(found),
            "is_editable": lifecycle.may_be_edited(found),
        },
    )


@form_view
@allow(EDITS_PLANS)
@of_a_plan
def add_item(request: MemberRequest, plan: Plan) -> HttpResponse:
    """A new item, under the one that the address names, or at the outermost level."""
    under = request.GET.get("under", "")
    parent = get_object_or_404(plan.items, key=under) if under else None

    def act(given: dict[str, Any]) -> str:
        item = restructuring.add_item(plan, parent, given["title"])
        messages.success(request, _("「%(title)s」を加えました。") % {"title": item.title})
        return item_url(plan, item.key)

    title = _("「%(title)s」の下に加える") % {"title": parent.title} if parent else _("いちばん上の階層に加える")
    return form_page(
        request,
        plan,
        TitleForm(request.POST if request.method == "POST" else None),
        act,
        title=title,
        submit=_("加える"),
    )


def item_url(plan: Plan, key: str) -> str:
    """Return the address at which an item is changed."""
    return tenant_reverse("plans:edit_item", plan=plan.slug, key=key)


@require_POST
@allow(EDITS_PLANS)
@of_a_plan
def shift(request: MemberRequest, plan: Plan, key: str) -> HttpResponse:
    """One up or down, among those under the same item."""
    place: PlanItem | Relisting | None = plan.items.filter(key=key).first()
    place = place or get_object_or_404(plan.relistings, key=key)
    by = {"up": -1, "down": 1}.get(request.POST.get("by", ""))
    if by is None:
        raise BadRequest
    restructuring.shift(place, by)
    return redirect(tree_url(plan, key))


@form_view
@allow(EDITS_PLANS)
@of_a_plan
def move_item(request: MemberRequest, plan: Plan, key: str) -> HttpResponse:
    item = _live(plan, key)

    def act(given: dict[str, Any]) -> str:
        restructuring.move_item(item, _chosen(plan, given["parent"]))
        messages.success(request, _("「%(title)s」を移しました。") % {"title": item.title})
        return tree_url(plan, key)

    options = [OUTERMOST, *_options(plan, lambda line: line.may_have_below and line.place.key != key)]
    form = MoveForm(options, request.POST if request.method == "POST" else None, initial={"parent": _parent_key(item)})
    title = _("「%(title)s」を移す") % {"title": item.title}
    words = _("下にある項目もいっしょに移ります。番号は付けなおされ、ページのアドレスは変わりません。")
    return form_page(request, plan, form, act, title=title, words=words, submit=_("移す"))


def _live(plan: Plan, key: str) -> PlanItem:
    return get_object_or_404(plan.items.select_related("plan", "parent", "level"), key=key, retired_on=None)


def _chosen(plan: Plan, key: str) -> PlanItem | None:
    return _live(plan, key) if key else None


def _parent_key(item: PlanItem) -> str:
    return item.parent.key if item.parent else ""


def _options(plan: Plan, wanted: Callable[[queries.Line], bool]) -> list[tuple[str, str]]:
    """Items of the tree to choose among, each set in by its level."""
    return [
        (line.place.key, f"{'　' * (line.depth - 1)}{line.place.number} {line.place.title}")
        for line in queries.outline(plan)
        if isinstance(line.place, Node) and wanted(line)
    ]


@form_view
@allow(EDITS_PLANS)
@of_a_plan
def retire_item(request: MemberRequest, plan: Plan, key: str) -> HttpResponse:
    item = _live(plan, key)

    def act(given: dict[str, Any]) -> str:
        restructuring.retire_item(item, on=given["on"], reason=given["reason"])
        messages.success(request, _("「%(title)s」を取り下げました。いつでも戻せます。") % {"title": item.title})
        return tree_url(plan)

    form = RetireForm(request.POST if request.method == "POST" else None)
    title = _("「%(title)s」を取り下げる") % {"title": item.title}
    words = _("下にある項目もいっしょに計画からなくなります。記録とページのアドレスは残ります。")
    return form_page(request, plan, form, act, title=title, words=words, submit=_("取り下げる"))


@require_POST
@allow(EDITS_PLANS)
@of_a_plan
def restore_item(request: MemberRequest, plan: Plan, key: str) -> HttpResponse:
    item = get_object_or_404(plan.items.select_related("plan", "parent").exclude(retired_on=None), key=key)
    restructuring.restore_item(item)
    messages.success(request, _("「%(title)s」を戻しました。") % {"title": item.title})
    return redirect(tree_url(plan, key))


@form_view
@allow(EDITS_PLANS)
@of_a_plan
def split_item(request: MemberRequest, plan: Plan, key: str) -> HttpResponse:
    item = _live(plan, key)

    def act(given: dict[str, Any]) -> str:
        parts = restructuring.split_item(item, given["titles"], on=timezone.localdate(), by=request.user)
        messages.success(request, _("「%(title)s」を分けました。") % {"title": item.title})
        return tree_url(plan, parts[0].key)

    form = SplitForm(request.POST if request.method == "POST" else None)
    title = _("「%(title)s」を分ける") % {"title": item.title}
    words = _("いまの項目は取り下げとなり、分けた先とのつながりが残ります。再掲と成果指標は、一つめに付きます。")
    return form_page(request, plan, form, act, title=title, words=words, submit=_("分ける"))


@form_view
@allow(EDITS_PLANS)
@of_a_plan
def merge_items(request: MemberRequest, plan: Plan, key: str) -> HttpResponse:
    item = _live(plan, key)

    def act(given: dict[str, Any]) -> str:
        others = list(plan.items.select_related("plan").filter(key__in=given["others"]))
        restructuring.merge_items(item, others, on=timezone.localdate(), by=request.user)
        messages.success(request, _("「%(title)s」にまとめました。") % {"title": item.title})
        return tree_url(plan, key)

    same_level = [
        (line.place.key, f"{line.place.reference} {line.place.title}")
        for line in queries.outline(plan)
        if isinstance(line.place, Node) and line.depth == item.level.depth and line.place.key != key
    ]
    form = MergeForm(same_level, request.POST if request.method == "POST" else None)
    title = _("「%(title)s」にまとめる") % {"title": item.title}
    words = _(
        "選んだ項目は取り下げとなり、まとめた先とのつながりが残ります。下の項目、再掲、成果指標はこの項目へ移ります。"
    )
    return form_page(request, plan, form, act, title=title, words=words, submit=_("まとめる"))


@form_view
@allow(EDITS_PLANS)
@of_a_plan
def relist(request: MemberRequest, plan: Plan, key: str) -> HttpResponse:
    item = _live(plan, key)

    def act(given: dict[str, Any]) -> str:
        parent = _live(plan, given["parent"])
        place = restructuring.relist(item, parent, title=given["title"], marked=given["marked"])
        messages.success(request, _("「%(title)s」を再掲しました。") % {"title": item.title})
        return tree_url(plan, place.key)

    form = RelistForm(
        _options(plan, lambda line: line.may_have_below and line.place.key != key),
        request.POST if request.method == "POST" else None,
        initial={"title": item.title, "marked": True},
    )
    title = _("「%(title)s」をほかの場所にも載せる（再掲）") % {"title": item.title}
    words = _("項目は一つのままです。内容はもとの場所で直し、数えるのも一度だけです。")
    return form_page(request, plan, form, act, title=title, words=words, submit=_("再掲する"))


@form_view
@allow(EDITS_PLANS)
@of_a_plan
def edit_relisting(request: MemberRequest, plan: Plan, key: str) -> HttpResponse:
    place = get_object_or_404(plan.relistings.select_related("plan", "item"), key=key)

    def act(given: dict[str, Any]) -> str:
        restructuring.change_relisting(place, title=given["title"], marked=given["marked"])
        return tree_url(plan, key)

    form = RelistingForm(
        request.POST if request.method == "POST" else None, initial={"title": place.title, "marked": place.marked}
    )
    title = _("再掲の言い回しを直す")
    words = _("もとの項目：%(title)s") % {"title": place.item.title}
    return form_page(request, plan, form, act, title=title, words=words, submit=_("保存する"))


@require_POST
@allow(EDITS_PLANS)
@of_a_plan
def remove_relisting(request: MemberRequest, plan: Plan, key: str) -> HttpResponse:
    place = get_object_or_404(plan.relistings.select_related("plan", "item"), key=key)
    restructuring.remove_relisting(place)
    messages.success(request, _("再掲をやめました。もとの項目は変わりません。"))
    return redirect(tree_url(plan, place.item.key))
