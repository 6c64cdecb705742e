"""Whether a file is taken, and what of it is kept."""

import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.utils.translation import gettext as _

from civic.uploads.images import redraw
from civic.uploads.kinds import IMAGES, FileKind, RefusedFile, kind_of
from civic.uploads.purposes import Purpose

NAME_LENGTH = 100


@dataclass(frozen=True)
class CheckedFile:
    """A file that may be kept, for the purpose it was checked against."""

    purpose: Purpose
    filename: str
    kind: FileKind
    content: bytes


def refuse_size(size: int, purpose: Purpose) -> None:
    """Raise RefusedFile where `size` (bytes) is nothing or more than the purpose allows."""
    if not size:
        raise RefusedFile(_("このファイルは空です。"))
    if size > purpose.max_bytes:
        raise RefusedFile(
            _("ファイルが大きすぎます（%(size)s MB）。%(limit)s MBまでのファイルをえらんでください。")
            % {"size": f"{size / 1024 / 1024:.1f}", "limit": purpose.max_bytes // 1024 // 1024}
        )


def check(name: str, content: bytes, purpose: Purpose) -> CheckedFile:
    """Return what is kept of a file: pictures drawn anew, a name that ends as its content says.

    Raises RefusedFile where it is too large, broken, or not what the purpose takes.
    """
    refuse_size(len(content), purpose)
    kind = kind_of(content)
    if kind not in purpose.accepts or kind is None:
        raise RefusedFile(
            _("この形式のファイルは受けつけられません。%(kinds)sのファイルをえらんでください。")
            % {"kinds": "・".join(accepted.label for accepted in purpose.accepts)}
        )
    return CheckedFile(purpose, _filename(name, kind), kind, redraw(content, kind) if kind in IMAGES else content)


def _filename(name: str, kind: FileKind) -> str:
    """The name without folders, without characters that show nothing or turn the text round, with the right ending."""
    shown = "".join(character for character in name if unicodedata.category(character)[0] != "C")
    stem = PurePosixPath(shown.replace("\\", "/")).stem.strip(". ")
    return f"{stem[:NAME_LENGTH] or 'file'}{kind.extension}"
