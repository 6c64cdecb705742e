"""What happens in a centre: each function is one thing, in one transaction."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone

from centres.models import (
    Consultation,
    ConsultationCategory,
    ConsultationContact,
    ConsultationDraft,
    ConsultationEntry,
    ConsultationInCategory,
    Referral,
)
from centres.queries import contacts_to_purge, drafts_to_purge
from civic.accounts.models import User


@transaction.atomic
def log_consultation(
    consultation: Consultation, categories: Iterable[ConsultationCategory], *, staff: User
) -> Consultation:
    """Record a consultation that a member of staff took."""
    consultation.staff = staff
    consultation.save()
    _categorise(consultation, categories)
    discard_draft(staff)
    return consultation


def save_draft(staff: User, typed: dict[str, list[str]]) -> None:
    """Keep what somebody has typed so far, in the place of what was kept before."""
    ConsultationDraft.objects.update_or_create(staff=staff, defaults={"typed": typed, "saved_at": timezone.now()})


def discard_draft(staff: User) -> None:
    """Forget what somebody had typed."""
    ConsultationDraft.objects.filter(staff=staff).delete()


@transaction.atomic
def correct_consultation(consultation: Consultation, categories: Iterable[ConsultationCategory]) -> None:
    """Record what has become known of a consultation, or was wrong in it."""
    consultation.save()
    _categorise(consultation, categories)


def _categorise(consultation: Consultation, categories: Iterable[ConsultationCategory]) -> None:
    consultation.in_categories.exclude(category__in=categories).delete()
    known = set(consultation.in_categories.values_list("category", flat=True))
    ConsultationInCategory.objects.bulk_create(
        ConsultationInCategory(consultation=consultation, category=category)
        for category in categories
        if category.pk not in known
    )


@transaction.atomic
def add_entry(entry: ConsultationEntry, *, follow_up_on: date | None, staff: User) -> None:
    """Record a later contact about a case, and when the person is to be contacted next; None where that is done."""
    entry.staff = staff
    entry.save()
    set_follow_up(entry.consultation, follow_up_on)


@transaction.atomic
def correct_entry(entry: ConsultationEntry, *, follow_up_on: date | None) -> None:
    """Record what was wrong in a later contact."""
    entry.save()
    set_follow_up(entry.consultation, follow_up_on)


def refer(referral: Referral, *, staff: User) -> None:
    """Record to whom the person who asked was led on."""
    referral.staff = staff
    referral.save()


def set_follow_up(consultation: Consultation, day: date | None) -> None:
    """Put off to a day when the person who asked is to be contacted; None where that is done."""
    consultation.follow_up_on = day
    consultation.save(update_fields=["follow_up_on"])


def keep_contact(contact: ConsultationContact) -> bool:
    """Keep how to reach the person who asked; where all of it is empty, keep nothing. Return whether it is kept."""
    is_kept = any((contact.name, contact.phone, contact.email, contact.address, contact.note))
    if is_kept:
        contact.save()
    elif contact.pk:
        contact.delete()
    return is_kept


@transaction.atomic
def purge_contacts(today: date) -> int:
    """Forget how to reach those whose consultation is longer ago than the municipality's period; return how many.

    The consultations stay as they are, and so does all that is counted.
    """
    purged, _by_model = contacts_to_purge(today).delete()
    return purged


def purge_drafts(today: date) -> int:
    """Forget what was left half written too long ago; return how many."""
    purged, _by_model = drafts_to_purge(today).delete()
    return purged
