"""Real files of each kind, made as programs make them."""

import zipfile
from io import BytesIO

from openpyxl import Workbook
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base
from weasyprint import HTML

CONTENT_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/part.xml" ContentType="{}"/></Types>'
)
DOCX_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
XLSM_MAIN = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"


def a_pdf() -> bytes:
    return HTML(string="<p>Kamome").write_pdf()


def an_xlsx() -> bytes:
    workbook = Workbook()
    workbook.active.append(["name", "kamome"])
    file = BytesIO()
    workbook.save(file)
    return file.getvalue()


def an_office_file(main: str, part: bytes = b"<x/>") -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", CONTENT_TYPES.format(main))
        archive.writestr("part.xml", part)
    return file.getvalue()


def a_photo(size: tuple[int, int] = (300, 200), *, turned: bool = False) -> bytes:
    """A JPEG as a telephone takes it: with the place, the device and a comment; red above, blue below."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0], size[1] // 2))
    exif = image.getexif()
    exif[Base.Make] = "Kamome Phone"
    exif.get_ifd(IFD.GPSInfo).update({GPS.GPSLatitudeRef: "N", GPS.GPSLatitude: (33.0, 57.0, 27.5)})
    if turned:
        exif[Base.Orientation] = 6  # to be turned by 90 degrees, clockwise
    file = BytesIO()
    image.save(file, "JPEG", exif=exif, comment=b"taken at home")
    return file.getvalue()


def a_png(mode: str = "RGBA") -> bytes:
    file = BytesIO()
    Image.new(mode, (40, 30)).save(file, "PNG")
    return file.getvalue()


def a_png_that_says(width: int, height: int) -> bytes:
    """A small file whose header promises a picture of the given size."""
    content = bytearray(a_png())
    content[16:24] = width.to_bytes(4) + height.to_bytes(4)
    content[29:33] = zipfile.crc32(bytes(content[12:29])).to_bytes(4)
    return bytes(content)
