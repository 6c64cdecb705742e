"""Writing notices, grants and cases: the same steps for all three."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from centres.information import services
from centres.information.forms import CaseForm, GrantForm, NewsForm, WordsForm
from centres.information.models import Case, Entry, Grant, News
from centres.information.rules import WRITES_INFORMATION
from centres.search import matching
from civic.accounts.requests import MemberRequest
from civic.accounts.rules import allow
from civic.paging import page_of
from civic.tenancy.urls import tenant_reverse


@dataclass(frozen=True)
class Kind:
    """One of the three things that are written: how it is called, filled in, kept and shown."""

    name: str
    label: Any
    model: type[Entry]
    form: type[NewsForm | GrantForm | CaseForm]
    write: Callable[[Any], None]
    body: str
    public_page: str

    @property
    def address(self) -> str:
        return tenant_reverse(f"information:{self.name}_office")

    @property
    def new_address(self) -> str:
        return tenant_reverse(f"information:{self.name}_new")


def _write(form: NewsForm | GrantForm) -> None:
    services.write(form.save(commit=False))


def _write_case(form: CaseForm) -> None:
    services.write_case(form.save(commit=False), form.cleaned_data["groups"])


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            name="news",
            label=gettext_lazy("お知らせ"),
            model=News,
            form=NewsForm,
            write=_write,
            body="information/news_body.html",
            public_page="information:news_detail",
        ),
        Kind(
            name="grants",
            label=gettext_lazy("助成金"),
            model=Grant,
            form=GrantForm,
            write=_write,
            body="information/grant_body.html",
            public_page="information:grant_detail",
        ),
        Kind(
            name="cases",
            label=gettext_lazy("活動事例"),
            model=Case,
            form=CaseForm,
            write=_write_case,
            body="information/case_body.html",
            public_page="information:case_detail",
        ),
    )
}


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise Http404(_("このページはありません。"))
    return KINDS[name]


def _entry(kind: Kind, pk: int) -> Entry:
    return get_object_or_404(kind.model._default_manager, pk=pk)


def _page_of_entry(kind: Kind, entry: Entry) -> HttpResponse:
    return redirect(tenant_reverse("information:entry_detail", kind=kind.name, pk=entry.pk))


@require_safe
@allow(WRITES_INFORMATION)
def entry_list(request: MemberRequest, kind: str) -> HttpResponse:
    """All of a kind, drafts and what is over included, the last written first."""
    found = _kind(kind)
    form = WordsForm(request.GET)
    is_valid = form.is_valid()
    entries = matching(found.model._default_manager.order_by("-changed_at", "-pk"), form.words())
    context = {"form": form, "kind": found, "kinds": KINDS.values(), "page": page_of(request, entries)}
    return render(request, "information/office/entry_list.html", context, status=200 if is_valid else 400)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(WRITES_INFORMATION)
def entry_new(request: MemberRequest, kind: str) -> HttpResponse:
    """Write a new one: a draft, whose next page shows how it will look."""
    found = _kind(kind)
    form = found.form(request.POST if request.method == "POST" else None)
    if form.is_valid():
        found.write(form)
        messages.success(request, _("下書きを保存しました。よければ公開してください。"))
        return _page_of_entry(found, form.instance)
    context = {"form": form, "kind": found}
    return render(request, "information/office/entry_new.html", context, status=400 if form.is_bound else 200)


@require_safe
@allow(WRITES_INFORMATION)
def entry_detail(request: MemberRequest, kind: str, pk: int) -> HttpResponse:
    """How it looks, or will look, to everybody; and what can be done with it."""
    found = _kind(kind)
    context = {"kind": found, "entry": _entry(found, pk)}
    return render(request, "information/office/entry_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(WRITES_INFORMATION)
def entry_edit(request: MemberRequest, kind: str, pk: int) -> HttpResponse:
    found = _kind(kind)
    entry = _entry(found, pk)
    form = found.form(request.POST if request.method == "POST" else None, instance=entry)
    if form.is_valid():
        found.write(form)
        messages.success(request, _("保存しました。"))
        return _page_of_entry(found, entry)
    context = {"form": form, "kind": found, "entry": entry}
    return render(request, "information/office/entry_edit.html", context, status=400 if form.is_bound else 200)


@require_POST
@allow(WRITES_INFORMATION)
def entry_publish(request: MemberRequest, kind: str, pk: int) -> HttpResponse:
    found = _kind(kind)
    entry = _entry(found, pk)
    services.publish(entry)
    messages.success(request, _("公開しました。"))
    return _page_of_entry(found, entry)


@require_POST
@allow(WRITES_INFORMATION)
def entry_withdraw(request: MemberRequest, kind: str, pk: int) -> HttpResponse:
    found = _kind(kind)
    entry = _entry(found, pk)
    services.withdraw(entry)
    messages.success(request, _("公開をやめました。下書きとして残っています。"))
    return _page_of_entry(found, entry)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(WRITES_INFORMATION)
def entry_delete(request: MemberRequest, kind: str, pk: int) -> HttpResponse:
    """Ask, and delete for good."""
    found = _kind(kind)
    entry = _entry(found, pk)
    if request.method == "POST":
        services.delete(entry)
        messages.success(request, _("削除しました。"))
        return redirect(found.address)
    return render(request, "information/office/entry_delete.html", {"kind": found, "entry": entry})
