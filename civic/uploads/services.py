"""Keeping what was sent, and letting go of it."""

import hashlib

from django.db import transaction

from civic.accounts.models import User
from civic.uploads.checking import CheckedFile
from civic.uploads.models import UploadedContent, UploadedFile


@transaction.atomic
def store(checked: CheckedFile, *, uploaded_by: User | None) -> UploadedFile:
    """Keep a file that was checked. The caller makes its record refer to it in the same transaction."""
    file = UploadedFile.objects.create(
        purpose=checked.purpose.name,
        filename=checked.filename,
        content_type=checked.kind.content_type,
        size=len(checked.content),
        sha256=hashlib.sha256(checked.content).hexdigest(),
        uploaded_by=uploaded_by,
    )
    UploadedContent.objects.create(file=file, content=checked.content)
    return file


def discard(file: UploadedFile) -> None:
    """Delete a file with its content, once no record refers to it any more."""
    file.delete()
