"""Events as staff keep them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from centres.events import services
from centres.events.forms import CallOffForm, EventForm, EventSearchForm, NewEventForm, RetentionForm, SessionForm
from centres.events.models import Event, EventSession, EventStatus
from centres.events.queries import (
    events,
    introductions,
    past,
    retention,
    sessions_of,
    survey_result,
    undated,
    upcoming,
    with_seats,
)
from centres.events.rules import EVENTS, SETTLE_EVENTS
from civic.accounts.requests import MemberRequest
from civic.accounts.rules import allow
from civic.paging import page_of
from civic.tenancy.urls import tenant_reverse


@require_safe
@allow(EVENTS)
def event_list(request: MemberRequest) -> HttpResponse:
    """What is to come, and drafts; with `?when=past` what was. A wrong filter is answered with 400 and left out."""
    form = EventSearchForm(request.GET)
    is_valid = form.is_valid()
    found, now = events(form.search()), timezone.now()
    is_past = request.GET.get("when") == "past"
    context = {
        "form": form,
        "is_past": is_past,
        "page": page_of(request, (past if is_past else upcoming)(found, now)),
        "undated": () if is_past else undated(found),
    }
    return render(request, "events/office/event_list.html", context, status=200 if is_valid else 400)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(EVENTS)
def event_new(request: MemberRequest) -> HttpResponse:
    form = NewEventForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        event = form.save(commit=False)
        services.plan_event(event, form.session(event))
        messages.success(request, _("催しを下書きとして保存しました。確かめてから公開してください。"))
        return _to(event)
    return render(request, "events/office/event_new.html", {"form": form}, status=400 if form.is_bound else 200)


@require_safe
@allow(EVENTS)
def event_detail(request: MemberRequest, pk: int) -> HttpResponse:
    """Everything about an event, and the way to all that is done with it."""
    event = get_object_or_404(with_seats(Event.objects.select_related("group")), pk=pk)
    context = {
        "event": event,
        "sessions": sessions_of(event),
        "result": survey_result(event),
        "introductions": introductions(event),
    }
    return render(request, "events/office/event_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(EVENTS)
def event_edit(request: MemberRequest, pk: int) -> HttpResponse:
    event = get_object_or_404(Event, pk=pk)
    form = EventForm(request.POST if request.method == "POST" else None, instance=event)
    if form.is_valid():
        try:
            services.change_event(form.save(commit=False))
        except services.EventRefused as refusal:
            form.add_error("capacity", str(refusal))
        else:
            messages.success(request, _("催しの内容を直しました。"))
            return _to(event)
    context = {"form": form, "event": event}
    return render(request, "events/office/event_edit.html", context, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(EVENTS)
def event_delete(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask whether one really wants to, and delete a draft."""
    event = get_object_or_404(Event, pk=pk, status=EventStatus.DRAFT)
    if request.method == "POST":
        try:
            services.delete_draft(event)
        except services.EventRefused as refusal:
            messages.error(request, str(refusal))
            return _to(event)
        messages.success(request, _("下書きを消しました。"))
        return redirect(tenant_reverse("events:office_event_list"))
    return render(request, "events/office/event_delete.html", {"event": event})


@require_POST
@allow(EVENTS)
def publish(request: MemberRequest, pk: int) -> HttpResponse:
    event = get_object_or_404(Event, pk=pk)
    try:
        services.publish(event)
    except services.EventRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("公開しました。"))
    return _to(event)


@require_POST
@allow(EVENTS)
def withdraw(request: MemberRequest, pk: int) -> HttpResponse:
    event = get_object_or_404(Event, pk=pk)
    try:
        services.withdraw(event)
    except services.EventRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("下書きに戻しました。"))
    return _to(event)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(EVENTS)
def call_off(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask why, and call the event off."""
    event = get_object_or_404(with_seats(Event.objects.all()), pk=pk)
    form = CallOffForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.call_off(event, form.cleaned_data["reason"])
        except services.EventRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("中止にしました。申し込んだ人にメールを送ります。"))
            return _to(event)
    context = {"form": form, "event": event}
    return render(request, "events/office/call_off.html", context, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(EVENTS)
def session_new(request: MemberRequest, pk: int) -> HttpResponse:
    event = get_object_or_404(Event, pk=pk)
    form = SessionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.add_session(form.session(event))
        except services.EventRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("日程を加えました。"))
            return _to(event)
    context = {"form": form, "event": event}
    return render(request, "events/office/session_new.html", context, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(EVENTS)
def session_move(request: MemberRequest, pk: int) -> HttpResponse:
    """Hold a session at another time; whoever booked is written to."""
    session = get_object_or_404(EventSession.objects.select_related("event"), pk=pk)
    if request.method == "POST":
        form = SessionForm(request.POST)
    else:
        form = SessionForm(initial=SessionForm.initial_of(session))
    if form.is_valid():
        try:
            services.move_session(session, form.session(session.event))
        except services.EventRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("日程を変えました。申し込んだ人がいれば、メールでお知らせします。"))
            return _to(session.event)
    context = {"form": form, "session": session, "event": session.event}
    return render(request, "events/office/session_move.html", context, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(EVENTS)
def session_remove(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask whether one really wants to, and remove a session."""
    session = get_object_or_404(EventSession.objects.select_related("event"), pk=pk)
    if request.method == "POST":
        try:
            services.remove_session(session)
        except services.EventRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("日程を消しました。申し込んだ人がいれば、メールでお知らせします。"))
        return _to(session.event)
    return render(request, "events/office/session_remove.html", {"session": session, "event": session.event})


@require_http_methods(["GET", "HEAD", "POST"])
@allow(SETTLE_EVENTS)
def participant_retention(request: MemberRequest) -> HttpResponse:
    """For how long participants are kept."""
    form = RetentionForm(request.POST if request.method == "POST" else None, instance=retention())
    if form.is_valid():
        form.save()
        messages.success(request, _("保存する期間を変えました。"))
        return redirect(tenant_reverse("events:retention"))
    return render(request, "events/office/retention.html", {"form": form}, status=400 if form.is_bound else 200)


def _to(event: Event) -> HttpResponse:
    return redirect(tenant_reverse("events:office_event_detail", pk=event.pk))
