"""Pictures, drawn anew: what a camera wrote beside them (place, time, its own number) does not come along."""

from io import BytesIO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from civic.uploads.kinds import FileKind, RefusedFile

MAX_PIXELS = 50_000_000
"""As many as the cameras of telephones take. More is refused before it is unpacked."""
MAX_SIDE = 1600
"""The longer side of a kept picture, in pixels: enough for a page and for print on half a sheet."""
_QUALITY = 85


def redraw(content: bytes, kind: FileKind) -> bytes:
    """Return a picture as pixels alone, upright, and no larger than MAX_SIDE.

    Raises RefusedFile where it cannot be read, or has more than MAX_PIXELS.
    """
    try:
        with Image.open(BytesIO(content), formats=[kind.name]) as image:
            if image.width * image.height > MAX_PIXELS:
                raise Image.DecompressionBombError
            # A JPEG is unpacked no larger than needed; for a PNG this does nothing.
            image.draft("RGB", (MAX_SIDE, MAX_SIDE))
            drawn = ImageOps.exif_transpose(image)
            transparent = kind is FileKind.PNG and drawn.has_transparency_data
            drawn = drawn.convert("RGBA" if transparent else "RGB")
    # Beyond a size of its own Pillow warns before anything is unpacked, and beyond twice that it raises.
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise RefusedFile(_("写真が大きすぎます。縦と横をかけて5,000万画素までの写真をえらんでください。")) from None
    except (OSError, SyntaxError, ValueError):
        raise RefusedFile(_("この写真はこわれているため、読めませんでした。")) from None
    drawn.thumbnail((MAX_SIDE, MAX_SIDE))
    # Comments, colour profiles and the like, which saving would carry over.
    drawn.info.clear()
    file = BytesIO()
    drawn.save(file, kind.name, quality=_QUALITY, optimize=True)
    return file.getvalue()
