"""Reading the pages of a PDF: their words, where they stand, and the colours that they are painted in."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from pypdf import PageObject, PdfReader
from pypdf.generic import DictionaryObject

from tests.indicators.greyscale import Colour

PAINTED = re.compile(r"^([\d.]+) ([\d.]+) ([\d.]+) (?:rg|RG)$", re.MULTILINE)


def bare(text: str) -> str:
    """Text without white space and with one shape of each letter, which is what a PDF's text keeps."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


@dataclass(frozen=True)
class Words:
    """Words on a page of a PDF, and where they stand, in points from its lower left corner."""

    text: str
    x: float
    y: float


def read_page(page: PageObject) -> tuple[str, list[Words]]:
    """The text of a page, and its words where they stand, both in the order of print."""
    found = []

    def keep(text: str, cm: list[float], tm: list[float], font: object, size: float) -> None:
        if text.strip():
            found.append(Words(text.strip(), tm[4] * cm[0] + cm[4], tm[5] * cm[3] + cm[5]))

    return page.extract_text(visitor_text=keep), found


def parts(reader: PdfReader) -> Iterator[tuple[DictionaryObject, bytes]]:
    """What is painted on each page, and each drawing on them once, with what it uses."""
    seen = set()
    for page in reader.pages:
        content = page.get_contents()
        assert content is not None
        yield page["/Resources"], content.get_data()
        drawings = page["/Resources"].get("/XObject", DictionaryObject())
        for place in (drawings.raw_get(name) for name in drawings):
            if place.idnum not in seen:
                seen.add(place.idnum)
                yield place.get_object()["/Resources"], place.get_object().get_data()


def colours_in(content: bytes) -> set[Colour]:
    """Every colour in which something is filled or drawn."""
    painted = PAINTED.findall(content.decode("latin-1"))
    return {(round(float(r) * 255), round(float(g) * 255), round(float(b) * 255)) for r, g, b in painted}
