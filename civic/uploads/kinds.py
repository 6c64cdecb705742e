"""The kinds of file that the portal takes, told by what is in them and never by their name."""

import zlib
from enum import Enum
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from django.utils.translation import gettext as _

MAX_UNPACKED_BYTES = 100 * 1024 * 1024
"""How much a spreadsheet or document may hold once unpacked."""
MAX_PARTS = 5_000
"""Of how many parts it may consist; a workbook has some twenty."""
_OFFICE_XML = b"application/vnd.openxmlformats-officedocument."


class RefusedFile(Exception):
    """The file is not taken. The message is a plain Japanese sentence for the person who sent it."""


class FileKind(Enum):
    """A kind of file: what people call it, how it is served, and how its name ends.

    No kind that a browser would run is among them: no HTML, no SVG, and no office file with macros.
    """

    PDF = ("PDF", "application/pdf", ".pdf")
    JPEG = ("JPEG", "image/jpeg", ".jpg")
    PNG = ("PNG", "image/png", ".png")
    XLSX = ("Excel（.xlsx）", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx")
    DOCX = ("Word（.docx）", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx")

    def __init__(self, label: str, content_type: str, extension: str) -> None:
        self.label = label
        self.content_type = content_type
        self.extension = extension


IMAGES = (FileKind.JPEG, FileKind.PNG)
DOCUMENTS = (FileKind.PDF, FileKind.XLSX, FileKind.DOCX, *IMAGES)


def kind_of(content: bytes) -> FileKind | None:
    """Return what a file is, or None where it is nothing that the portal takes.

    Raises RefusedFile for an office file that is broken or would unpack to more than MAX_UNPACKED_BYTES or MAX_PARTS.
    """
    for beginning, kind in (
        (b"%PDF-", FileKind.PDF),
        (b"\xff\xd8\xff", FileKind.JPEG),
        (b"\x89PNG\r\n\x1a\n", FileKind.PNG),
    ):
        if content.startswith(beginning):
            return kind
    return _office_kind(content) if content.startswith(b"PK\x03\x04") else None


def _office_kind(content: bytes) -> FileKind | None:
    """An office file is a zip archive that lists its parts' types; with macros its main part is of another type."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_PARTS or sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
                raise RefusedFile(_("このファイルは、開くと大きくなりすぎるため受けつけられません。"))
            # Unpacks each part, which never yields more than the size it states, and compares its checksum.
            if any(entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for entry in entries) or archive.testzip():
                raise BadZipFile
            types = archive.read("[Content_Types].xml")
    except KeyError:
        return None
    # RuntimeError: a part asks for a password.
    except (BadZipFile, EOFError, NotImplementedError, OSError, RuntimeError, zlib.error):
        raise RefusedFile(_("このファイルはこわれているか、パスワードがかかっているため、読めませんでした。")) from None
    if _OFFICE_XML + b"spreadsheetml.sheet.main+xml" in types:
        return FileKind.XLSX
    if _OFFICE_XML + b"wordprocessingml.document.main+xml" in types:
        return FileKind.DOCX
    return None
