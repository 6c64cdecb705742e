"""What happens in a centre: each function is one thing, in one transaction."""

from collections.abc import Iterable

from django.db import transaction

from centres.models import Consultation, ConsultationCategory, ConsultationInCategory
from civic.accounts.models import User


@transaction.atomic
def log_consultation(
    consultation: Consultation, categories: Iterable[ConsultationCategory], *, staff: User
) -> Consultation:
    """Record a consultation that a member of staff took."""
    consultation.staff = staff
    consultation.save()
    _categorise(consultation, categories)
    return consultation


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
