"""What happens to requests: each function is one thing, in one transaction. Run inside `acting_as`.

A ValidationError says, in words for the person who asked, why it cannot be done.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from civic.accounts.models import User
from civic.calendar import fiscal_year_of
from matching.models import (
    ENDED,
    REQUEST_TRANSITIONS,
    HelpRequest,
    RequestSkill,
    RequestStatus,
    Shift,
    Skill,
    SkillLevel,
    Timing,
)
from matching.requests.places import places, places_of, shifts_with_places
from matching.requests.queries import past_requests

Status = RequestStatus
Span = tuple[datetime, datetime]
"""From when to when."""


class Wanted(NamedTuple):
    """How well a thing has to be done, and whether it must be."""

    is_needed: bool
    level: SkillLevel


# ---- what is asked for


@transaction.atomic
def write(request: HelpRequest, skills: Mapping[Skill, Wanted], *, by: User | None) -> HelpRequest:
    """Write down a request, new or corrected; its places and status follow.

    Raises ValidationError where more have a place than there would be, and once it is over.
    """
    if request.pk:
        stands = HelpRequest.objects.select_for_update(no_key=True).get(pk=request.pk)
        _refuse_ended(stands)
        for name in ("status", "posted_on", "sent_back_because"):
            setattr(request, name, getattr(stands, name))
    else:
        request.entered_by = by
    _save(request)
    request.skills.all().delete()
    RequestSkill.objects.bulk_create(
        RequestSkill(request=request, skill=skill, is_needed=wanted.is_needed, level=wanted.level)
        for skill, wanted in skills.items()
    )
    settle(request)
    return request


def _save(changed: HelpRequest | Shift) -> None:
    """Save, where those who have a place keep it: the database counts them."""
    try:
        with transaction.atomic():
            changed.save()
    except IntegrityError as refused:
        diagnosis = getattr(refused.__cause__, "diag", None)
        if diagnosis and diagnosis.constraint_name == "matching_no_overfilling":
            raise ValidationError(_("すでに決まっている人数より、少なくはできません。")) from refused
        raise


def _refuse_ended(request: HelpRequest) -> None:
    if request.status in (Status.CLOSED, Status.CANCELLED):
        words = {"status": request.get_status_display()}
        raise ValidationError(_("この募集は「%(status)s」なので、もう変えられません。") % words)


# ---- its times


@transaction.atomic
def add_shifts(request: HelpRequest, spans: Collection[Span], people: int) -> int:
    """Add times, each with places of its own; return how many. Those that begin when another does are left out.

    Raises ValidationError once the request is over, where one that is for once would have several, and where people
    were asked for it without a time: their places would be counted nowhere.
    """
    stands = HelpRequest.objects.select_for_update(no_key=True).get(pk=request.pk)
    _refuse_ended(stands)
    if stands.matches.filter(shift=None).exclude(state__in=ENDED).exists():
        raise ValidationError(
            _("日時を決めないで声をかけた方がいるので、日時は加えられません。別の募集を書いてください。")
        )
    there = set(stands.shifts.values_list("starts_at", flat=True))
    if stands.timing == Timing.ONCE and len(there | {starts_at for starts_at, _ends_at in spans}) > 1:
        raise ValidationError(_("「1回だけ」の募集の日時は一つです。ほかにもあるときは、日時の種類を変えてください。"))
    added = Shift.objects.bulk_create(
        Shift(request=stands, starts_at=starts_at, ends_at=ends_at, people_needed=people)
        for starts_at, ends_at in dict(spans).items()
        if starts_at not in there
    )
    settle(stands)
    return len(added)


@transaction.atomic
def change_shift(shift: Shift, span: Span, people: int) -> None:
    """Move a time, or change its places. Raises ValidationError where people were asked for it already and it would
    move, where fewer places than taken would be left, where another begins then, and once the request is over."""
    stands = HelpRequest.objects.select_for_update(no_key=True).get(pk=shift.request_id)
    _refuse_ended(stands)
    if (shift.starts_at, shift.ends_at) != span:
        _refuse_asked(shift, _("声をかけた方がいるので、日時は変えられません。別の日時を加えてください。"))
    if stands.shifts.filter(starts_at=span[0]).exclude(pk=shift.pk).exists():
        raise ValidationError(_("同じ日時に始まるものが、もうあります。"))
    (shift.starts_at, shift.ends_at), shift.people_needed = span, people
    _save(shift)
    settle(stands)


@transaction.atomic
def remove_shift(shift: Shift) -> None:
    """Take a time away. Raises ValidationError where people were asked for it, where it is the only one of a public
    request, and once the request is over."""
    stands = HelpRequest.objects.select_for_update(no_key=True).get(pk=shift.request_id)
    _refuse_ended(stands)
    if shift.matches.exists():
        raise ValidationError(_("声をかけた方がいるので、この日時は消せません。"))
    if stands.status not in (Status.DRAFT, Status.SENT_BACK) and stands.shifts.count() == 1:
        raise ValidationError(_("ただ一つの日時は消せません。先に、別の日時を加えてください。"))
    shift.delete()
    settle(stands)


def _refuse_asked(shift: Shift, words: str) -> None:
    if shift.matches.exclude(state__in=ENDED).exists():
        raise ValidationError(words)


@transaction.atomic
def copy(request: HelpRequest, *, by: User) -> HelpRequest:
    """Ask for the same again, as a draft: each time on the same weekday of the same month, in this fiscal year or, for
    one of this year and where all would be over, in the next. The second Saturday of June stays it; a fifth becomes the
    month's last. What would be over is left out.
    """
    skills, shifts = list(request.skills.all()), list(request.shifts.all())
    copied = HelpRequest.objects.get(pk=request.pk)
    copied.pk, copied._state.adding = None, True
    copied.status, copied.sent_back_because, copied.posted_on = Status.DRAFT, "", timezone.localdate()
    copied.copied_from, copied.entered_by = request, by
    moved = _moved(shifts)
    copied.apply_by = _closing_day(copied.apply_by, moved)
    copied.save()
    RequestSkill.objects.bulk_create(
        RequestSkill(request=copied, skill_id=row.skill_id, is_needed=row.is_needed, level=row.level) for row in skills
    )
    for shift, span in moved:
        add_shifts(copied, [span], shift.people_needed)
    return copied


def _moved(shifts: Sequence[Shift]) -> list[tuple[Shift, Span]]:
    """Shifts, in their order, with the times so many years later that the first is in this fiscal year, at least one;
    another year where all of them would be over."""
    if not shifts:
        return []
    first = timezone.localdate(shifts[0].starts_at)
    years = max(1, fiscal_year_of(timezone.localdate()) - fiscal_year_of(first))
    return _to_come(shifts, years) or _to_come(shifts, years + 1)


def _to_come(shifts: Sequence[Shift], years: int) -> list[tuple[Shift, Span]]:
    moved = [(shift, _years_later(shift, years)) for shift in shifts]
    return [(shift, span) for shift, span in moved if span[0] > timezone.now()]


def _years_later(shift: Shift, years: int) -> Span:
    starts = timezone.localtime(shift.starts_at)
    begins = timezone.make_aware(datetime.combine(same_weekday(starts.date(), years), starts.time()))
    return begins, begins + (shift.ends_at - shift.starts_at)


def _closing_day(closed: date | None, moved: Sequence[tuple[Shift, Span]]) -> date | None:
    """As long before the first time as it was; none where that day is over, and for what has no times."""
    if closed is None or not moved:
        return None
    shift, (begins, _ends) = moved[0]
    day = timezone.localdate(begins) - (timezone.localdate(shift.starts_at) - closed)
    return day if day >= timezone.localdate() else None


def same_weekday(day: date, years: int) -> date:
    """Return the same of its month's weekdays so many years later, as the second Saturday of June; a fifth that the
    month does not have then becomes the fourth."""
    first = date(day.year + years, day.month, 1)
    first_of_weekday = first + timedelta(days=(day.weekday() - first.weekday()) % 7)
    found = first_of_weekday + timedelta(weeks=(day.day - 1) // 7)
    return found if found.month == day.month else found - timedelta(weeks=1)


# ---- where it stands


@transaction.atomic
def move_request(request: HelpRequest, status: RequestStatus, *, by: User | None, comment: str = "") -> None:
    """Bring a request to a status, by the table `REQUEST_TRANSITIONS` and under a lock: the only way.

    `comment` is what the group is to put right, where a request is sent back. Raises ValidationError where the request
    stands elsewhere by now, where a request that names times has none, and where it would be past once it is public.
    """
    stands = HelpRequest.objects.select_for_update(no_key=True).get(pk=request.pk)
    if status not in REQUEST_TRANSITIONS[Status(stands.status)]:
        raise ValidationError(
            _("この募集はいま「%(now)s」なので、「%(wanted)s」にはできません。")
            % {"now": stands.get_status_display(), "wanted": status.label}
        )
    changed: dict[str, object] = {"status": status}
    if status in (Status.SUBMITTED, Status.OPEN) and not (stands.timing == Timing.OPEN or stands.shifts.exists()):
        raise ValidationError(_("日時がまだありません。先に日時を加えてください。"))
    is_new = status == Status.SUBMITTED or (status == Status.OPEN and stands.status != Status.FILLED)
    if is_new and past_requests(timezone.now()).filter(pk=stands.pk).exists():
        raise ValidationError(_("申込みの締切か、最後の日時が、もう過ぎています。先に直してください。"))
    if status == Status.OPEN and stands.status != Status.FILLED:
        changed |= {"posted_on": timezone.localdate(), "sent_back_because": ""}
    if status == Status.SENT_BACK:
        changed |= {"sent_back_because": comment}
    for name, value in changed.items():
        setattr(request, name, value)
    request.save(update_fields=list(changed))


@transaction.atomic
def settle(request: HelpRequest) -> None:
    """Fill an open request whose places are all taken, and open a filled one that has a place again.

    Places of shifts that have begun count no more.
    """
    stands = HelpRequest.objects.select_for_update(no_key=True).get(pk=request.pk)
    if stands.status not in (Status.OPEN, Status.FILLED):
        return
    wanted = Status.OPEN if _has_place(stands, timezone.now()) else Status.FILLED
    if stands.status != wanted:
        move_request(request, wanted, by=None)


def _has_place(request: HelpRequest, now: datetime) -> bool:
    shifts = list(shifts_with_places(request))
    if not shifts:
        return places_of(request).left > 0
    return any(places(shift).left > 0 for shift in shifts if shift.starts_at > now)


@transaction.atomic
def close_past() -> int:
    """Close the requests whose last shift has begun, or whose closing day is over; return how many."""
    running = past_requests(timezone.now()).filter(status__in=[Status.OPEN, Status.FILLED])
    # In the order in which whoever moves several of them locks them.
    past = list(running.order_by("pk"))
    for request in past:
        move_request(request, Status.CLOSED, by=None)
    return len(past)
