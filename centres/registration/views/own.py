"""A group's own pages: what its representative keeps, renews and hands on. Anybody else's group is not there."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from centres.models import Group
from centres.registration import entries, representatives, services
from centres.registration.forms import ApplicationForm, EntryForm, HandOverForm
from centres.registration.models import OPEN
from centres.registration.queries import (
    current_registration,
    groups_of,
    may_renew,
    registration_rule,
)
from centres.registration.rules import KEEPS_OWN_GROUP
from centres.registration.views.exchange import pdf_of, sent_with
from civic.accounts.queries import member_of
from civic.accounts.requests import MemberRequest
from civic.accounts.rules import allow
from civic.tenancy.urls import tenant_reverse


def _own_or_404(request: MemberRequest, number: int) -> Group:
    groups = groups_of(member_of(request)).prefetch_related("fields", "in_districts")
    return get_object_or_404(groups, number=number)


def _back(number: int) -> HttpResponse:
    return redirect(tenant_reverse("registration:own_group", number=number))


@require_safe
@allow(KEEPS_OWN_GROUP)
def own_groups(request: MemberRequest) -> HttpResponse:
    return render(request, "registration/own/group_list.html", {"groups": groups_of(member_of(request))})


@require_safe
@allow(KEEPS_OWN_GROUP)
def own_group(request: MemberRequest, number: int) -> HttpResponse:
    """The entry as it is, what waits for approval, and for how long the group is registered."""
    group = _own_or_404(request, number)
    entry = entries.entry_of(group)
    waiting = group.applications.filter(state__in=OPEN).first()
    context = {
        "group": group,
        "lines": entries.lines(None, entry),
        "waiting": waiting,
        "waiting_lines": [line for line in entries.lines(entry, waiting.answers) if line.is_changed] if waiting else [],
        "registration": current_registration(group),
        "may_renew": waiting is None and may_renew(group, timezone.localdate()),
        "rule": registration_rule(),
    }
    return render(request, "registration/own/group.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(KEEPS_OWN_GROUP)
def edit(request: MemberRequest, number: int) -> HttpResponse:
    """Change the entry; what the rule says needs approval waits for it."""
    group = _own_or_404(request, number)
    form = EntryForm(request.POST if request.method == "POST" else None, initial=entries.entry_of(group))
    if form.is_valid():
        try:
            waiting = services.keep_entry(group, form.answers(), by=request.user)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(
                request,
                _("保存しました。職員の確認がいる項目は、確認がすむまで、いまの内容のままです。")
                if waiting
                else _("保存しました。"),
            )
            return _back(number)
    context = {"group": group, "form": form, "looked_at": entries.labels_looked_at()}
    return render(request, "registration/own/edit.html", context, status=400 if form.is_bound else 200)


@require_POST
@allow(KEEPS_OWN_GROUP)
def confirm(request: MemberRequest, number: int) -> HttpResponse:
    """The representative says that the entry is right as it stands."""
    services.confirm_entry(_own_or_404(request, number), timezone.localdate())
    messages.success(request, _("きょうを最終確認日にしました。"))
    return _back(number)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(KEEPS_OWN_GROUP)
def renew(request: MemberRequest, number: int) -> HttpResponse:
    """Ask for another year; a new representative takes over with the approval."""
    group = _own_or_404(request, number)
    if not may_renew(group, timezone.localdate()):
        messages.error(request, _("いまは更新を受け付けていません。"))
        return _back(number)
    form = ApplicationForm(*sent_with(request), for_renewal=True)
    form.offer_group(group)
    if form.is_valid():
        name, email = form.cleaned_data["representative_name"], form.cleaned_data["representative_email"]
        try:
            services.apply_for_group(group, form.answers(), name, email, form.papers(), by=request.user)
        except ValidationError as refusal:
            messages.error(request, refusal.messages[0])
        else:
            messages.success(request, _("更新を申し込みました。センターの職員が確かめて、メールでお知らせします。"))
        return _back(number)
    context = {"group": group, "form": form, "rule": registration_rule()}
    return render(request, "registration/own/renew.html", context, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(KEEPS_OWN_GROUP)
def hand_over(request: MemberRequest, number: int) -> HttpResponse:
    """Hand the group to its next representative. Who does it has no access from then on."""
    group = _own_or_404(request, number)
    form = HandOverForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            representatives.seat(group, form.cleaned_data["name"], form.cleaned_data["email"], by=request.user)
        except ValidationError as refusal:
            form.add_error("email", refusal)
        else:
            messages.success(request, _("代表者を交代しました。おつかれさまでした。"))
            return redirect("account_start")
    context = {"group": group, "form": form}
    return render(request, "registration/own/hand_over.html", context, status=400 if form.is_bound else 200)


@require_safe
@allow(KEEPS_OWN_GROUP)
def certificate(request: MemberRequest, number: int) -> HttpResponse:
    return pdf_of(current_registration(_own_or_404(request, number)))
