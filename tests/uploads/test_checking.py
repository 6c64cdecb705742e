"""Which files are taken, and what is kept of them."""

import zipfile
from io import BytesIO

import pytest
from PIL import Image, ImageCms
from PIL.ExifTags import Base
from PIL.PngImagePlugin import PngInfo

from civic.uploads.checking import check
from civic.uploads.images import MAX_SIDE
from civic.uploads.kinds import MAX_PARTS, FileKind, RefusedFile
from tests.uploads.files import (
    DOCX_MAIN,
    XLSM_MAIN,
    a_pdf,
    a_photo,
    a_png,
    a_png_that_says,
    an_office_file,
    an_xlsx,
)
from tests.uploads.purposes import PAPERS, POSTERS

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (a_pdf(), FileKind.PDF),
        (an_xlsx(), FileKind.XLSX),
        (an_office_file(DOCX_MAIN), FileKind.DOCX),
        (a_photo(), FileKind.JPEG),
        (a_png(), FileKind.PNG),
    ],
    ids=lambda value: value.name if isinstance(value, FileKind) else "",
)
def test_the_kind_is_told_by_the_content_whatever_the_name(content: bytes, kind: FileKind) -> None:
    checked = check("会則.html", content, PAPERS)
    assert checked.kind is kind
    assert checked.filename == f"会則{kind.extension}"


@pytest.mark.parametrize(
    "content",
    [SVG, b"<!doctype html><script>alert(1)</script>", b"MZ\x90\x00", b"GIF89a", an_office_file(XLSM_MAIN)],
    ids=["svg", "html", "exe", "gif", "macros"],
)
def test_what_is_not_on_the_list_is_refused_whatever_it_calls_itself(content: bytes) -> None:
    with pytest.raises(RefusedFile, match="この形式のファイルは受けつけられません。PDF・Excel"):
        check("会則.pdf", content, PAPERS)


def test_a_purpose_takes_its_own_kinds_only() -> None:
    with pytest.raises(RefusedFile, match="JPEG・PNGのファイルをえらんでください"):
        check("ちらし.pdf", a_pdf(), POSTERS)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        (r"C:\書類\名簿.xlsx", "名簿.pdf"),
        ("gpj.\u202eexe", "gpj.pdf"),
        ("改行\r\nSet-Cookie: a=b", "改行Set-Cookie: a=b.pdf"),
        ("．pdf", "．pdf.pdf"),
        ("..", "file.pdf"),
        ("名" * 300, "名" * 100 + ".pdf"),
    ],
)
def test_a_name_keeps_its_words_and_nothing_that_deceives(name: str, kept: str) -> None:
    assert check(name, a_pdf(), PAPERS).filename == kept


def test_a_photo_loses_the_place_the_device_and_the_comment() -> None:
    sent = a_photo()
    assert opened(sent).getexif().get_ifd(0x8825), "the photo has a place to lose"
    kept = check("写真.jpg", sent, POSTERS).content
    assert not opened(kept).getexif()
    assert b"Kamome" not in kept
    assert b"taken at home" not in kept
    assert opened(kept).size == (300, 200)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_of_either_kind_is_its_pixels_alone(kind: str) -> None:
    sent, written = BytesIO(), PngInfo()
    written.add_text("Author", "Kamome")
    exif = Image.Exif()
    exif[Base.Make] = "Kamome Phone"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    Image.new("RGB", (40, 30), "red").save(sent, kind, exif=exif, icc_profile=profile, pnginfo=written)
    assert opened(sent.getvalue()).info.keys() >= {"exif", "icc_profile"}
    kept = check("図", sent.getvalue(), POSTERS).content
    assert opened(kept).info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert b"Kamome" not in kept


def test_a_photo_that_was_held_sideways_stands_upright() -> None:
    kept = opened(check("写真.jpg", a_photo(turned=True), POSTERS).content)
    assert kept.size == (200, 300)
    red, _green, blue = kept.getpixel((190, 150))
    assert red > 200 > blue, "what was above is now at the right"


def test_a_large_photo_is_made_smaller() -> None:
    kept = opened(check("写真.jpg", a_photo((4000, 2000)), POSTERS).content)
    assert kept.size == (MAX_SIDE, MAX_SIDE // 2)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "I;16", "RGB"])
def test_pictures_of_every_mode_are_drawn(mode: str) -> None:
    assert opened(check("図.png", a_png(mode), POSTERS).content).mode in ("RGB", "RGBA")


@pytest.mark.parametrize("side", [7_100, 10_000, 60_000])
def test_a_picture_that_would_unpack_to_too_much_is_refused_unopened(side: int) -> None:
    """Above the portal's own limit; above the size at which Pillow warns; above the one at which it raises."""
    with pytest.raises(RefusedFile, match="写真が大きすぎます"):
        check("図.png", a_png_that_says(side, side), POSTERS)


def test_an_office_file_that_would_unpack_to_too_much_is_refused() -> None:
    bomb = an_office_file(DOCX_MAIN, bytes(101 * 1024 * 1024))
    assert len(bomb) < 1024 * 1024
    with pytest.raises(RefusedFile, match="開くと大きくなりすぎる"):
        check("会則.docx", bomb, PAPERS)


def test_an_office_file_of_too_many_parts_is_refused() -> None:
    file = BytesIO(an_office_file(DOCX_MAIN))
    with zipfile.ZipFile(file, "a") as archive:
        for number in range(MAX_PARTS):
            archive.writestr(f"{number}", b"")
    with pytest.raises(RefusedFile, match="開くと大きくなりすぎる"):
        check("会則.docx", file.getvalue(), PAPERS)


def test_an_office_file_that_lies_about_what_it_holds_is_refused() -> None:
    honest = an_office_file(DOCX_MAIN, b"a" * 100_000)
    lying = honest.replace((100_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lying != honest
    with pytest.raises(RefusedFile, match="こわれている"):
        check("会則.docx", lying, PAPERS)


@pytest.mark.parametrize("content", [a_photo()[:500], a_png()[:40], an_xlsx()[:600]], ids=["jpeg", "png", "xlsx"])
def test_a_broken_file_is_refused(content: bytes) -> None:
    with pytest.raises(RefusedFile, match="こわれている"):
        check("ファイル", content, PAPERS)


def test_nothing_and_too_much_are_refused() -> None:
    with pytest.raises(RefusedFile, match="空です"):
        check("会則.pdf", b"", PAPERS)
    with pytest.raises(RefusedFile, match=r"大きすぎます（10\.5 MB）。10 MBまで"):
        check("会則.pdf", a_pdf() + bytes(int(10.5 * 1024 * 1024) - len(a_pdf())), PAPERS)
