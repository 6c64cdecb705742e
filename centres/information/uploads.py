"""What is sent for the case library."""

from centres.information.models import CasePhoto
from centres.information.rules import WRITES_INFORMATION
from civic.accounts.rules import PUBLIC, Rule
from civic.uploads.kinds import IMAGES
from civic.uploads.models import UploadedFile
from civic.uploads.purposes import Purpose, register


def _readers(file: UploadedFile) -> Rule:
    """Everybody, once the page that the photo is on is published; until then those who write it."""
    is_shown = CasePhoto.objects.filter(file=file, case__is_published=True).exists()
    return PUBLIC if is_shown else WRITES_INFORMATION


CASE_PHOTOS = register(Purpose("information.case_photo", IMAGES, rule=_readers))
