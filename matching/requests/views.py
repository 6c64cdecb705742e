"""Requests as a group's representative keeps their own, and staff everybody's. Anybody else's is not there."""

from typing import Any

import jpholiday
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from centres.queries import centre_of_municipality
from civic.accounts.queries import member_of
from civic.accounts.requests import MemberRequest
from civic.accounts.rules import allow, may
from civic.audit.services import record_viewing
from civic.paging import page_of
from civic.tenancy.urls import tenant_reverse
from matching.models import PUBLIC_STATUSES, HelpRequest, RequestStatus, Shift, Timing
from matching.requests import services
from matching.requests.forms import KeptSearchForm, RequestForm, SeriesForm, ShiftForm
from matching.requests.places import places, places_of, shifts_with_places
from matching.requests.queries import asks_for, kept, may_ask, requests_for
from matching.rules import ASKS_FOR_HELP, KEEPS_GUILD

form_view = require_http_methods(["GET", "HEAD", "POST"])


def request_or_404(request: MemberRequest, number: int) -> HelpRequest:
    """Return a request that the member keeps. Raises Http404 for any other."""
    return get_object_or_404(requests_for(member_of(request)), pk=number)


def back_to(asked: HelpRequest) -> HttpResponse:
    """Lead to a request's page in the office."""
    return redirect(tenant_reverse("matching:office_request", number=asked.pk))


def form_page(
    request: MemberRequest,
    form: Any,
    title: str,
    *,
    asked: HelpRequest | None = None,
    submit: str = "",
    danger: bool = False,
) -> HttpResponse:
    """Show a form about a request; with `danger`, one that destroys something."""
    context = {"form": form, "title": title, "submit": submit or _("保存する"), "danger": danger, "help_request": asked}
    return render(request, "matching/requests/form.html", context, status=400 if form.is_bound else 200)


def _is_staff(request: MemberRequest) -> bool:
    return may(KEEPS_GUILD, member_of(request))


@require_safe
@allow(ASKS_FOR_HELP)
def request_list(request: MemberRequest) -> HttpResponse:
    """One's own groups' requests; for staff all, those to be checked first."""
    form = KeptSearchForm(request.GET or None)
    form.is_valid()
    found = kept(requests_for(member_of(request)), **(form.cleaned_data if form.is_bound else {}))
    context = {
        "form": form,
        "page": page_of(request, found),
        "is_staff": _is_staff(request),
        "may_ask": may_ask(asks_for(member_of(request))),
    }
    return render(request, "matching/requests/request_list.html", context)


@form_view
@allow(ASKS_FOR_HELP)
def request_new(request: MemberRequest) -> HttpResponse:
    """A new request, as a draft."""
    groups = asks_for(member_of(request))
    if not may_ask(groups):
        raise PermissionDenied(
            _("募集は、登録のある団体の代表者ができます。あなたが代表する、募集のできる団体はありません。")
        )
    form = RequestForm(request.POST if request.method == "POST" else None, groups=groups)
    if form.is_valid():
        asked = services.write(form.save(commit=False), form.wanted_skills(), by=request.user)
        named = asked.timing != Timing.OPEN
        messages.success(
            request,
            _("下書きを保存しました。つぎに、日時を加えてください。") if named else _("下書きを保存しました。"),
        )
        return back_to(asked)
    return form_page(request, form, _("募集を書く"))


@require_safe
@allow(ASKS_FOR_HELP)
def office_request(request: MemberRequest, number: int) -> HttpResponse:
    """A request with its times and places, and what can be done with it."""
    asked = request_or_404(request, number)
    is_staff = _is_staff(request)
    if is_staff and asked.responsible_name:
        record_viewing(request.user, asked, _("募集の責任者を見る"))
    context = {
        "help_request": asked,
        "shifts": [(shift, places(shift)) for shift in shifts_with_places(asked)],
        "places": places_of(asked),
        "centre": centre_of_municipality(),
        "skills": asked.skills.select_related("skill"),
        "is_staff": is_staff,
        "letters": asked.letters.all() if is_staff else (),
        "is_public": asked.status in PUBLIC_STATUSES,
        "is_over": asked.status in (RequestStatus.CLOSED, RequestStatus.CANCELLED),
    }
    return render(request, "matching/requests/request.html", context)


@require_POST
@allow(ASKS_FOR_HELP)
def request_copy(request: MemberRequest, number: int) -> HttpResponse:
    """Ask for the same again, a year later."""
    copied = services.copy(request_or_404(request, number), by=request.user)
    messages.success(
        request,
        _("同じ内容の下書きを作りました。日時は、つぎの同じ月の同じ曜日にしてあります。確かめて直してください。")
        if copied.shifts.exists()
        else _("同じ内容の下書きを作りました。確かめて直してください。"),
    )
    return back_to(copied)


# ---- times


@form_view
@allow(ASKS_FOR_HELP)
def request_shift_add(request: MemberRequest, number: int) -> HttpResponse:
    asked = request_or_404(request, number)
    initial = {"people": asked.people_needed}
    form = ShiftForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        return _add(request, asked, [form.span()], form.cleaned_data["people"])
    return form_page(request, form, _("日時を加える"), asked=asked)


def _add(request: MemberRequest, asked: HelpRequest, spans: list[services.Span], people: int) -> HttpResponse:
    try:
        added = services.add_shifts(asked, spans, people)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        if added:
            messages.success(request, _("%(count)s件の日時を加えました。") % {"count": added})
        else:
            messages.info(request, _("同じ日時に始まるものが、もうあります。"))
    return back_to(asked)


@form_view
@allow(ASKS_FOR_HELP)
def request_shift_series(request: MemberRequest, number: int) -> HttpResponse:
    """Ask for the days, show them with the holidays among them, and add those that were left ticked."""
    asked = request_or_404(request, number)
    form = SeriesForm(request.POST if request.method == "POST" else None, initial={"people": asked.people_needed})
    if not form.is_valid():
        title = _("くりかえしの日時を加える")
        return form_page(request, form, title, asked=asked, submit=_("日にちを確かめる"))
    days = form.days()
    chosen = request.POST.getlist("day")
    if chosen:
        spans = [form.span_on(day) for day in days if day.isoformat() in chosen]
        return _add(request, asked, spans, form.cleaned_data["people"])
    typed = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in ("csrfmiddlewaretoken", "day")
    ]
    context = {
        "help_request": asked,
        "days": [(day, jpholiday.is_holiday_name(day) or "") for day in days],
        "times": form.cleaned_data,
        "typed": typed,
    }
    return render(request, "matching/requests/series_confirm.html", context)


def _shift_or_404(request: MemberRequest, number: int, shift: int) -> Shift:
    return get_object_or_404(request_or_404(request, number).shifts, pk=shift)


@form_view
@allow(ASKS_FOR_HELP)
def request_shift_edit(request: MemberRequest, number: int, shift: int) -> HttpResponse:
    """Move a time, or change its places."""
    found = _shift_or_404(request, number, shift)
    form = ShiftForm(request.POST if request.method == "POST" else None, initial=ShiftForm.of(found))
    if form.is_valid():
        try:
            services.change_shift(found, form.span(), form.cleaned_data["people"])
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("保存しました。"))
            return back_to(found.request)
    return form_page(request, form, _("日時を直す"), asked=found.request)


@form_view
@allow(ASKS_FOR_HELP)
def request_shift_remove(request: MemberRequest, number: int, shift: int) -> HttpResponse:
    """Ask, then take a time away."""
    found = _shift_or_404(request, number, shift)
    if request.method != "POST":
        return render(request, "matching/requests/shift_remove.html", {"help_request": found.request, "shift": found})
    try:
        services.remove_shift(found)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, _("日時を消しました。"))
    return back_to(found.request)
