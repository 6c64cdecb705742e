"""What happens to rooms: each function is one thing, in one transaction.

A ValidationError says, in words for the person who asked, why it cannot be done.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from secrets import token_hex

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from centres.queries import centre_of_municipality
from centres.rooms.booking_rules import BookingRules, Wanted, last_day_to_cancel, occasions
from centres.rooms.mail import send_room_notice
from centres.rooms.models import (
    TRANSITIONS,
    BookedBand,
    Booking,
    BookingStatus,
    Closure,
    Draw,
    Equipment,
    Loan,
    Room,
    RoomBand,
    RoomNotice,
    Use,
)
from centres.rooms.opening import booking_opens
from centres.rooms.queries import bookings_within, draw_again, wishes_of_month
from civic.accounts.models import User

SEED_BYTES = 16
HELD_ONCE = "rooms_band_held_once"


def _lock(rooms: Iterable[Room]) -> None:
    """Let nobody else book or close these rooms until the transaction ends: the rules are counted meanwhile."""
    list(Room.objects.select_for_update(no_key=True).filter(pk__in=[room.pk for room in rooms]).order_by("pk"))


@transaction.atomic
def book(wanted: Wanted, by: User | None) -> Booking:
    """Book a room, or on the first day of its month put the wish to the draw.

    Raises ValidationError where a rule stands against it or somebody else has a band of it.
    """
    _lock([wanted.room])
    rules = BookingRules(wanted.room, wanted.group, wanted.day, wanted.day)
    if obstacle := rules.why_not(wanted):
        raise ValidationError(obstacle)
    return place(wanted, rules.status_of(wanted), by)


@transaction.atomic
def book_several(wanted: Sequence[Wanted], by: User) -> list[Booking]:
    """Book a room on several days for one group, or none of them.

    Raises ValidationError naming the first day on which it cannot be had.
    """
    _lock([wanted[0].room])
    booked = []
    for occasion in occasions(wanted):
        one = occasion.wanted
        if occasion.why_not:
            raise ValidationError(f"{one.day.month}月{one.day.day}日：{occasion.why_not}")
        booked.append(place(one, BookingStatus.WISHED if occasion.is_wish else BookingStatus.BOOKED, by))
    return booked


def place(wanted: Wanted, status: BookingStatus, by: User | None) -> Booking:
    """Write a booking. Whether its bands are free the database decides, by a unique constraint.

    Raises ValidationError where somebody else has one of them.
    """
    try:
        with transaction.atomic():
            booking = Booking.objects.create(
                room=wanted.room,
                day=wanted.day,
                group=wanted.group,
                purpose=wanted.purpose,
                people=wanted.people,
                status=status,
                is_exception=wanted.is_exception,
                made_by=by,
            )
            BookedBand.objects.bulk_create(
                BookedBand(
                    booking=booking,
                    room=wanted.room,
                    band=band,
                    day=wanted.day,
                    is_held=status == BookingStatus.BOOKED,
                )
                for band in wanted.bands
            )
    except IntegrityError as error:
        if HELD_ONCE not in str(error):
            raise
        raise ValidationError(
            _("ほかの方の予約が、ひと足先に入りました。空き状況を見て、ほかの時間をえらんでください。")
        ) from error
    return booking


def _move(bookings: Iterable[Booking], to: BookingStatus, **values: object) -> int:
    """Change the status of those of `bookings` that may change to it; return how many did.

    The only way in which a status changes. Two that move the same booking at once: the second finds it moved.
    """
    sources = [status for status, targets in TRANSITIONS.items() if to in targets]
    found = Booking.objects.filter(pk__in=[booking.pk for booking in bookings], status__in=sources)
    return found.update(status=to, **values)


def _cancel(bookings: Iterable[Booking], by: User | None, because: str) -> int:
    return _move(
        bookings,
        BookingStatus.CANCELLED,
        cancelled_at=timezone.now(),
        cancelled_by=by,
        cancelled_because=because,
    )


@transaction.atomic
def give_back(booking: Booking, by: User) -> None:
    """Cancel one's own group's booking or wish.

    Raises ValidationError after the room's last day for it, and where it was used.
    """
    _refuse_used(booking)
    last = last_day_to_cancel(booking)
    if booking.status == BookingStatus.BOOKED and timezone.localdate() > last:
        raise ValidationError(_("取消しの期限が過ぎました。センターに電話でお知らせください。"))
    if not _cancel([booking], by, _("団体による取消し")):
        raise ValidationError(_("この予約は、もう取り消されています。"))


@transaction.atomic
def cancel(booking: Booking, because: str, by: User) -> None:
    """Cancel a booking or wish as the centre, and write to its group.

    Raises ValidationError where it is not open any more or was used.
    """
    _refuse_used(booking)
    if not _cancel([booking], by, because):
        raise ValidationError(_("この予約は、もう取り消されています。"))
    _tell_cancelled([booking])


def _refuse_used(booking: Booking) -> None:
    # The room is locked, so that nobody counts the people of a booking while it is cancelled.
    _lock([booking.room])
    if Use.objects.filter(booking=booking).exists():
        raise ValidationError(_("利用の記録がある予約は取り消せません。先に利用の記録を消してください。"))


def _tell_cancelled(bookings: Iterable[Booking]) -> None:
    _write(
        RoomNotice(group=booking.group, booking=booking)
        for booking in bookings
        if booking.group and not booking.is_sample
    )


def _write(notices: Iterable[RoomNotice]) -> None:
    for notice in RoomNotice.objects.bulk_create(notices):
        send_room_notice.enqueue(notice.pk)


@transaction.atomic
def close(closure: Closure, seen: Collection[int], by: User) -> None:
    """Close a room, or all, for some days; cancel what is booked then, and write to the groups.

    `seen` are the bookings that whoever closes knows of. Raises ValidationError where there are others by now.
    """
    _lock([closure.room] if closure.room else Room.objects.all())
    concerned = list(bookings_within(closure))
    if {booking.pk for booking in concerned} != set(seen):
        raise ValidationError(_("その間の予約が変わりました。もう一度お確かめください。"))
    closure.closed_by = by
    closure.save()
    _cancel(concerned, by, closure.reason)
    _tell_cancelled(concerned)


def reopen(closure: Closure) -> None:
    """Take a closure back. What it cancelled stays cancelled."""
    closure.delete()


@transaction.atomic
def release(bookings: Iterable[Booking]) -> None:
    """Cancel what groups had booked that may not have it any more by their standing, and write to them."""
    bookings = list(bookings)
    _cancel(bookings, None, _("団体の登録が切れたため"))
    _tell_cancelled(bookings)


@transaction.atomic
def hold_draw(room: Room, month: date, by: User | None = None) -> Draw:
    """Draw among the wishes for a room in a month, and write to each group what it got.

    Raises ValidationError where the day for wishes is not over or the draw was held already.
    """
    _lock([room])
    if timezone.localdate() <= timezone.localdate(booking_opens(room, month)):
        raise ValidationError(_("申し込みを受け付けている日が終わってから、抽選できます。"))
    if Draw.objects.filter(room=room, month=month).exists():
        raise ValidationError(_("この月の抽選は、もうすんでいます。"))
    held = Draw.objects.create(room=room, month=month, seed=token_hex(SEED_BYTES), drawn_by=by)
    wishes = list(wishes_of_month(room, month))
    granted = draw_again(held, wishes)
    _move([wish for wish in wishes if wish.pk in granted], BookingStatus.BOOKED, draw=held)
    _move([wish for wish in wishes if wish.pk not in granted], BookingStatus.LOST, draw=held)
    groups = {wish.group for wish in wishes if wish.group and not wish.is_sample}
    _write(RoomNotice(group=group, draw=held) for group in sorted(groups, key=lambda group: group.number))
    return held


@transaction.atomic
def record_use(room: Room, people: int, by: User, booking: Booking | None = None) -> Use:
    """Count the people who use a room or space now, or who came with a booking.

    Raises ValidationError where the booking's people are recorded already or it is not booked any more.
    """
    if booking is None:
        return Use.objects.create(room=room, people=people, used_at=timezone.now(), recorded_by=by)
    _lock([booking.room])
    booking.refresh_from_db(fields=["status"])
    first = booking.bands.select_related("band").first()
    if booking.status != BookingStatus.BOOKED or first is None or booking.day > timezone.localdate():
        raise ValidationError(_("この予約の利用は記録できません。"))
    used_at = timezone.make_aware(datetime.combine(booking.day, first.band.starts))
    use, is_new = Use.objects.get_or_create(
        booking=booking, defaults={"room": booking.room, "people": people, "used_at": used_at, "recorded_by": by}
    )
    if not is_new:
        raise ValidationError(_("この予約の利用は、もう記録されています。"))
    return use


def correct_use(use: Use) -> None:
    """Write down how many it really were, or where; what it was before is in the trail."""
    use.save(update_fields=["room", "used_at", "people"])


def delete_use(use: Use) -> None:
    """Delete a record of use that was a mistake; the trail keeps it."""
    use.delete()


def keep_equipment(thing: Equipment) -> None:
    """Add a kind of equipment, or say how many there are now. How many are lent is left alone."""
    if thing.pk:
        thing.save(update_fields=["name", "quantity", "position"])
    else:
        thing.save()


@transaction.atomic
def lend(loan: Loan, by: User) -> None:
    """Lend equipment. Raises ValidationError where there is not so much left."""
    try:
        with transaction.atomic():
            Equipment.objects.filter(pk=loan.equipment_id).update(lent=F("lent") + loan.quantity)
    except IntegrityError as error:
        raise ValidationError(_("残りの数が足りません。")) from error
    loan.lent_by = by
    loan.save()


@transaction.atomic
def take_back(loan: Loan) -> None:
    """Take lent equipment back. Nothing happens to what is back already."""
    if Loan.objects.filter(pk=loan.pk, returned_at=None).update(returned_at=timezone.now()):
        Equipment.objects.filter(pk=loan.equipment_id).update(lent=F("lent") - loan.quantity)


@transaction.atomic
def add_room(room: Room, bands: Iterable[RoomBand]) -> Room:
    """Offer a room, its day divided into bands."""
    room.centre = centre_of_municipality()
    room.save()
    for band in bands:
        band.room = room
    RoomBand.objects.bulk_create(bands)
    return room


def change_room(room: Room) -> None:
    """Give a room another name or other rules. What is booked stays booked."""
    room.save()


def keep_band(band: RoomBand) -> None:
    """Add a band to a room's day, or give it another name or other times."""
    band.save()


@transaction.atomic
def remove_band(band: RoomBand) -> None:
    """Take a band out of a room's day. Raises ValidationError where it was ever booked: its records would go."""
    if band.booked.exists():
        raise ValidationError(_("予約の記録がある区分は消せません。"))
    band.delete()
