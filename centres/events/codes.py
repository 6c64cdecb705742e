"""Addresses as QR codes."""

import qrcode
from django.utils.safestring import SafeString, mark_safe
from qrcode.constants import ERROR_CORRECT_M
from qrcode.image.svg import SvgPathImage


def qr_code(url: str) -> SafeString:
    """Return an address as a QR code in SVG, to stand within a page. Error correction M bears a crease in the paper."""
    image = qrcode.make(url, image_factory=SvgPathImage, error_correction=ERROR_CORRECT_M)
    svg: str = image.to_string(encoding="unicode")
    return mark_safe(svg)  # noqa: S308  made by the library of squares alone
