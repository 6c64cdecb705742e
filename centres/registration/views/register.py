"""The register: groups by their standing, and what the staff does with it."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from centres.models import Group, GroupStanding
from centres.models.standing import TRANSITIONS
from centres.registration import entries, merging, representatives, services, yearly
from centres.registration.forms import (
    ApplicationForm,
    HandOverForm,
    MergeForm,
    RegisterSearchForm,
    StandingForm,
)
from centres.registration.models import OPEN
from centres.registration.queries import current_registration, register_of, registration_rule, representative_of
from centres.registration.rules import KEEPS_REGISTER
from centres.registration.views.exchange import pdf_of, sent_with
from civic.accounts.models import User
from civic.accounts.requests import MemberRequest
from civic.accounts.rules import allow
from civic.audit.services import record_viewing
from civic.paging import page_of
from civic.tenancy.urls import tenant_reverse

S = GroupStanding


@require_safe
@allow(KEEPS_REGISTER)
def group_list(request: MemberRequest) -> HttpResponse:
    """Groups with their standing and the end of their registration; `?q=` and `?standing=` narrow."""
    form = RegisterSearchForm(request.GET)
    is_valid = form.is_valid()
    found = register_of(form.cleaned_data.get("standing", ""), form.cleaned_data.get("q", ""))
    context = {"page": page_of(request, found), "form": form}
    return render(request, "registration/office/group_list.html", context, status=200 if is_valid else 400)


@require_safe
@allow(KEEPS_REGISTER)
def group(request: MemberRequest, number: int) -> HttpResponse:
    """A group's history with the centre, and what can be done with its standing."""
    found = get_object_or_404(Group.objects.select_related("merged_into"), number=number)
    record_viewing(request.user, found, _("団体の登録のようすを読む"))
    context = {
        "group": found,
        "representative": representative_of(found),
        "registrations": found.registrations.select_related("certificate").order_by("-valid_until"),
        "changes": found.standing_changes.select_related("by"),
        "applications": found.applications.all(),
        "may_follow": TRANSITIONS[S(found.standing)],
        "may_apply": found.standing not in (S.MERGED, S.SUSPENDED)
        and not found.applications.filter(state__in=OPEN).exists(),
    }
    return render(request, "registration/office/group.html", context)


def _change(
    request: MemberRequest, number: int, change: Callable[..., None], title: str, explanation: str, done: str
) -> HttpResponse:
    """Ask why, then change a group's standing and lead back to it."""
    found = get_object_or_404(Group, number=number)
    form = StandingForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            change(found, form.cleaned_data["reason"], by=request.user)
        except ValidationError as refusal:
            messages.error(request, refusal.messages[0])
        else:
            messages.success(request, done)
        return redirect(tenant_reverse("registration:group", number=number))
    context = {"group": found, "form": form, "title": title, "explanation": explanation}
    return render(request, "registration/office/standing.html", context, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(KEEPS_REGISTER)
def suspend(request: MemberRequest, number: int) -> HttpResponse:
    explanation = _("団体は「団体をさがす」から外れ、部屋の予約と手伝いの募集もできなくなります。あとで再開できます。")
    return _change(request, number, yearly.suspend, _("登録を停止する"), explanation, _("登録を停止しました。"))


@require_http_methods(["GET", "HEAD", "POST"])
@allow(KEEPS_REGISTER)
def resume(request: MemberRequest, number: int) -> HttpResponse:
    explanation = _("登録の期間が残っていれば「登録中」に、残っていなければ「期限切れ」に戻ります。")
    return _change(request, number, yearly.resume, _("登録を再開する"), explanation, _("登録を再開しました。"))


@require_http_methods(["GET", "HEAD", "POST"])
@allow(KEEPS_REGISTER)
def dissolve(request: MemberRequest, number: int) -> HttpResponse:
    explanation = _("団体は「団体をさがす」から外れます。これまでの記録は残ります。")
    return _change(request, number, yearly.dissolve, _("解散を記録する"), explanation, _("解散を記録しました。"))


@require_http_methods(["GET", "HEAD", "POST"])
@allow(KEEPS_REGISTER)
def renew(request: MemberRequest, number: int) -> HttpResponse:
    """Another year, or a first registration of a group that is in the directory already, asked for at the counter."""
    found = get_object_or_404(Group.objects.prefetch_related("fields", "in_districts"), number=number)
    form = ApplicationForm(*sent_with(request), at_counter=True)
    form.offer_group(found)
    if form.is_valid():
        return _apply(request, found, form, request.user)
    context = {"group": found, "form": form, "rule": registration_rule()}
    return render(request, "registration/office/renew.html", context, status=400 if form.is_bound else 200)


def _apply(request: MemberRequest, found: Group, form: ApplicationForm, by: User) -> HttpResponse:
    name, email = form.cleaned_data["representative_name"], form.cleaned_data["representative_email"]
    try:
        application = services.apply_for_group(found, form.answers(), name, email, form.papers(), by=by)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
        return redirect(tenant_reverse("registration:group", number=found.number))
    messages.success(request, _("申込みを受け付けました。"))
    return redirect(tenant_reverse("registration:application_detail", pk=application.pk))


@require_http_methods(["GET", "HEAD", "POST"])
@allow(KEEPS_REGISTER)
def hand_over(request: MemberRequest, number: int) -> HttpResponse:
    """Another representative, from now on."""
    found = get_object_or_404(Group, number=number)
    form = HandOverForm(request.POST if request.method == "POST" else None, at_counter=True)
    if form.is_valid():
        try:
            representatives.seat(found, form.cleaned_data["name"], form.cleaned_data["email"], by=request.user)
        except ValidationError as refusal:
            form.add_error("email", refusal)
        else:
            messages.success(
                request,
                _("代表者を交代しました。新しい代表者にメールを送ります。")
                if form.cleaned_data["email"]
                else _("代表者を交代しました。"),
            )
            return redirect(tenant_reverse("registration:group", number=number))
    context = {"group": found, "form": form, "representative": representative_of(found)}
    return render(request, "registration/office/hand_over.html", context, status=400 if form.is_bound else 200)


@require_safe
@allow(KEEPS_REGISTER)
def duplicates(request: MemberRequest) -> HttpResponse:
    """Groups that may be in the register twice."""
    return render(request, "registration/office/duplicates.html", {"found": merging.possible_duplicates()})


@require_http_methods(["GET", "HEAD", "POST"])
@allow(KEEPS_REGISTER)
def merge(request: MemberRequest, number: int) -> HttpResponse:
    """Ask into which, show both side by side, and merge once that is confirmed."""
    groups = Group.objects.prefetch_related("fields", "in_districts")
    found = get_object_or_404(groups, number=number)
    form = MergeForm(request.POST if request.method == "POST" else None, initial={"into": request.GET.get("into")})
    context = {"group": found, "form": form}
    if not form.is_valid():
        return render(request, "registration/office/merge.html", context, status=400 if form.is_bound else 200)
    into = form.cleaned_data["into"]
    if not form.cleaned_data["confirmed"]:
        lines = entries.lines(entries.entry_of(found), entries.entry_of(into))
        return render(request, "registration/office/merge_confirm.html", context | {"into": into, "lines": lines})
    try:
        merging.merge(found, into, by=request.user)
    except ValidationError as refusal:
        form.add_error("into", refusal)
        return render(request, "registration/office/merge.html", context, status=400)
    messages.success(request, _("まとめました。古い団体番号のページを開くと、まとめた先の団体が出ます。"))
    return redirect(tenant_reverse("registration:group", number=into.number))


@require_safe
@allow(KEEPS_REGISTER)
def certificate(request: MemberRequest, number: int) -> HttpResponse:
    return pdf_of(current_registration(get_object_or_404(Group, number=number)))
