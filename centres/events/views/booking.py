"""Booking by anybody, and one's own booking by its secret link."""

from datetime import timedelta

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from centres.events import services
from centres.events.forms import SurveyForm, WebBookingForm
from centres.events.models import AnswerWay, Booking, BookingSource, Event, EventStatus, SurveyAnswer
from centres.events.queries import place_in_line, public_events, retention, survey_is_open
from centres.events.tokens import record_of, token_of
from civic.accounts.rules import PUBLIC, allow
from civic.tenancy.requests import TenantRequest
from civic.tenancy.urls import tenant_reverse

REMEMBERED = timedelta(days=90)
"""For so long a browser knows that it has answered a survey: longer than any is open after its event's last session."""


def too_many(request: TenantRequest) -> HttpResponse:
    """Say that a machine or an address has asked for too much at once."""
    refusal: HttpResponse = ratelimit.respond_429(request)
    return refusal


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@allow(PUBLIC)
def book(request: TenantRequest, number: int) -> HttpResponse:
    """Ask for a place. What became of it is on the page to which the answer leads."""
    event = get_object_or_404(public_events(), pk=number)
    if request.method != "POST" and not event.can_be_booked(timezone.now()):
        return redirect(tenant_reverse("events:event_detail", number=number))
    form = WebBookingForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        # The form writes to any address that is typed into it, and takes seats.
        if not ratelimit.consume(request, action="book_event", key=form.cleaned_data["email"].lower()):
            return too_many(request)
        try:
            booking = services.book(event, form.cleaned_data["people"], form.save(commit=False), BookingSource.WEB)
        except services.EventRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(tenant_reverse("events:own_booking", token=token_of(booking)))
    context = {"form": form, "event": event, "months": retention().months}
    return render(request, "events/book.html", context, status=400 if form.is_bound else 200)


def _booking_of(token: str) -> Booking:
    try:
        return record_of(Booking, token)
    except Booking.DoesNotExist:
        raise Http404(_("この申し込みはありません。")) from None


@never_cache
@require_safe
@allow(PUBLIC)
def own_booking(request: TenantRequest, token: str) -> HttpResponse:
    """How one's booking stands. Says nothing of who one is: the link may have been passed on."""
    booking = _booking_of(token)
    context = {"booking": booking, "event": booking.event, "token": token, "place_in_line": place_in_line(booking)}
    return render(request, "events/own_booking.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@allow(PUBLIC)
def give_up(request: TenantRequest, token: str) -> HttpResponse:
    """Ask whether one really wants to, and give up the place."""
    booking = _booking_of(token)
    if request.method == "POST":
        try:
            services.give_up(booking)
        except services.EventRefused as refusal:
            messages.error(request, str(refusal))
        return redirect(tenant_reverse("events:own_booking", token=token))
    return render(request, "events/give_up.html", {"booking": booking, "event": booking.event, "token": token})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@allow(PUBLIC)
def survey(request: TenantRequest, token: str) -> HttpResponse:
    """An event's survey, to which the printed code leads."""
    try:
        event = record_of(Event, token)
    except Event.DoesNotExist:
        raise Http404(_("このアンケートはありません。")) from None
    if event.status == EventStatus.DRAFT:
        raise Http404(_("このアンケートはありません。"))
    # Nothing leads from an answer to a person: that somebody has answered is known to their browser alone.
    has_answered, thanks = f"survey-{event.pk}", redirect(tenant_reverse("events:survey_thanks", token=token))
    if request.get_signed_cookie(has_answered, default=None):
        return thanks
    answer = SurveyAnswer(event=event, way=AnswerWay.WEB)
    form = SurveyForm(request.POST if request.method == "POST" else None, instance=answer)
    if form.is_valid():
        if not ratelimit.consume(request, action="answer_survey"):
            return too_many(request)
        try:
            services.answer_survey(form.save(commit=False))
        except services.EventRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            secure = settings.SESSION_COOKIE_SECURE
            thanks.set_signed_cookie(
                has_answered, "1", max_age=REMEMBERED, secure=secure, httponly=True, samesite="Lax"
            )
            return thanks
    context = {"event": event, "form": form, "is_open": survey_is_open(event, timezone.now())}
    return render(request, "events/survey.html", context, status=400 if form.is_bound else 200)


@require_safe
@allow(PUBLIC)
def survey_thanks(request: TenantRequest, token: str) -> HttpResponse:
    try:
        event = record_of(Event, token)
    except Event.DoesNotExist:
        raise Http404(_("このアンケートはありません。")) from None
    return render(request, "events/survey_thanks.html", {"event": event})
