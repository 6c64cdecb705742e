"""What happens to notices, grants and cases: each function is one thing, in one transaction."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from centres.information.models import Case, CaseGroup, CasePhoto, Entry
from centres.models import Group
from civic.accounts.models import User
from civic.uploads import services as uploads
from civic.uploads.checking import CheckedFile


def write(entry: Entry) -> None:
    """Keep the words of an entry, new or corrected. It stays as published as it is."""
    entry.changed_at = timezone.now()
    entry.save()


@transaction.atomic
def write_case(case: Case, groups: Iterable[Group]) -> None:
    """Keep the words of a case, and which groups took part in it."""
    write(case)
    case.in_groups.exclude(group__in=groups).delete()
    known = set(case.in_groups.values_list("group", flat=True))
    CaseGroup.objects.bulk_create(CaseGroup(case=case, group=group) for group in groups if group.pk not in known)


def publish(entry: Entry) -> None:
    """Show an entry to everybody."""
    entry.is_published = True
    entry.published_at = entry.published_at or timezone.now()
    entry.save(update_fields=["is_published", "published_at"])


def withdraw(entry: Entry) -> None:
    """Show an entry to nobody outside the office any more; it can be published again."""
    entry.is_published = False
    entry.save(update_fields=["is_published"])


@transaction.atomic
def delete(entry: Entry) -> None:
    """Delete an entry for good, the photos of a case included."""
    if isinstance(entry, Case):
        for photo in entry.photos.select_related("file"):
            delete_photo(photo)
    entry.delete()


@transaction.atomic
def add_photo(photo: CasePhoto, checked: CheckedFile, *, uploaded_by: User) -> None:
    """Put a photo on the page of its case, after those that are there."""
    photo.file = uploads.store(checked, uploaded_by=uploaded_by)
    photo.save()


@transaction.atomic
def delete_photo(photo: CasePhoto) -> None:
    """Delete a photo for good, as when somebody in it takes the permission back."""
    photo.delete()
    uploads.discard(photo.file)
