"""Who comes, and who came."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from centres.events import services
from centres.events.forms import ContactForm, CounterBookingForm, WalkInsForm
from centres.events.models import Booking, BookingContact, BookingSource, Event, EventSession
from centres.events.queries import expected_at, participants, place_in_line, with_people, with_seats
from centres.events.rules import EVENTS
from civic.accounts.requests import MemberRequest
from civic.accounts.rules import allow
from civic.audit.services import record_viewing
from civic.tenancy.urls import tenant_reverse


@never_cache
@require_safe
@allow(EVENTS)
def participant_list(request: MemberRequest, pk: int) -> HttpResponse:
    """Everybody who booked. Whoever opens it is noted."""
    event = get_object_or_404(with_seats(Event.objects.all()), pk=pk)
    record_viewing(request.user, event, _("参加者の一覧を見る"))
    return render(request, "events/office/participants.html", {"event": event, "bookings": participants(event)})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@allow(EVENTS)
def booking_new(request: MemberRequest, pk: int) -> HttpResponse:
    """Take a booking at the counter or on the telephone."""
    event = get_object_or_404(with_seats(Event.objects.all()), pk=pk)
    form = CounterBookingForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            booking = services.book(event, form.cleaned_data["people"], form.save(commit=False), BookingSource.COUNTER)
        except services.EventRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            if booking.is_waiting:
                words = _("満席のため、キャンセル待ちの%(place)s番目で受け付けました。")
                messages.warning(request, words % {"place": place_in_line(booking)})
            else:
                messages.success(
                    request, _("申し込みを受け付けました。受付番号は%(number)sです。") % {"number": booking.pk}
                )
            return redirect(tenant_reverse("events:booking_new", pk=pk))
    context = {"form": form, "event": event}
    return render(request, "events/office/booking_new.html", context, status=400 if form.is_bound else 200)


@never_cache
@require_safe
@allow(EVENTS)
def booking_detail(request: MemberRequest, pk: int) -> HttpResponse:
    """One booking with how to reach whoever made it. Whoever opens it is noted."""
    booking = get_object_or_404(Booking.objects.select_related("event"), pk=pk)
    contact = BookingContact.objects.filter(booking=booking).first()
    if contact:
        record_viewing(request.user, contact, _("参加者の連絡先を見る"))
    context = {
        "booking": booking,
        "event": booking.event,
        "contact": contact,
        "place_in_line": place_in_line(booking),
        "notices": booking.notices.select_related("session").order_by("pk"),
    }
    return render(request, "events/office/booking_detail.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@allow(EVENTS)
def contact_edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Put right how to reach whoever booked. Whoever opens it is noted."""
    contact = get_object_or_404(BookingContact.objects.select_related("booking__event"), booking=pk)
    record_viewing(request.user, contact, _("参加者の連絡先を直す"))
    form = ContactForm(request.POST if request.method == "POST" else None, instance=contact)
    if form.is_valid():
        services.correct_contact(form.save(commit=False))
        messages.success(request, _("連絡先を直しました。"))
        return redirect(tenant_reverse("events:booking_detail", pk=pk))
    context = {"form": form, "booking": contact.booking, "event": contact.booking.event}
    return render(request, "events/office/contact_edit.html", context, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(EVENTS)
def booking_give_up(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask whether they really want to, and give up somebody's place for them."""
    booking = get_object_or_404(Booking.objects.select_related("event"), pk=pk)
    if request.method == "POST":
        try:
            services.give_up(booking)
        except services.EventRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("申し込みを取り消しました。"))
        return redirect(tenant_reverse("events:booking_detail", pk=pk))
    return render(request, "events/office/booking_give_up.html", {"booking": booking, "event": booking.event})


def _session(pk: int) -> EventSession:
    return get_object_or_404(with_people(EventSession.objects.select_related("event")), pk=pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@allow(EVENTS)
def attendance(request: MemberRequest, pk: int) -> HttpResponse:
    """The list that is ticked, or printed; sent, it says how many came without booking."""
    session = _session(pk)
    form = WalkInsForm(request.POST if request.method == "POST" else None, instance=session)
    if form.is_valid():
        services.count_walk_ins(session, form.cleaned_data["walk_ins"])
        messages.success(request, _("申し込まずに来た人の数を記録しました。"))
        return redirect(tenant_reverse("events:attendance", pk=pk))
    record_viewing(request.user, session.event, _("出席をとる"))
    context = {
        "session": session,
        "event": session.event,
        "bookings": expected_at(session),
        "form": form,
        "now": timezone.now(),
    }
    return render(request, "events/office/attendance.html", context, status=400 if form.is_bound else 200)


@require_POST
@allow(EVENTS)
def tick(request: MemberRequest, pk: int, booking: int) -> HttpResponse:
    """Somebody is here, or was ticked by mistake. Answered with their row where htmx asks."""
    session = _session(pk)
    found = get_object_or_404(expected_at(session), pk=booking)
    services.tick(found, session, 0 if found.came else found.people)  # type: ignore[attr-defined]
    if not request.htmx:
        return redirect(f"{tenant_reverse('events:attendance', pk=pk)}#booking-{booking}")
    context = {"session": _session(pk), "booking": expected_at(session).get(pk=booking)}
    return render(request, "events/office/attendance_ticked.html", context)
