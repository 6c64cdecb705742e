"""Numbers of plan items as the plan writes them, from a level's pattern and an item's place.

A pattern is fixed text around at most one field: `{arabic}` 1 · `{fullwidth}` １ · `{roman}` Ⅰ · `{circled}` ①. A
pattern without a field is a fixed mark such as ✔ or ○, and an empty one prints nothing.
"""

from collections.abc import Callable

_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㉒㉓㉔㉕㉖㉗㉘㉙㉚㉛㉜㉝㉞㉟㊱㊲㊳㊴㊵㊶㊷㊸㊹㊺㊻㊼㊽㊾㊿"
_ROMAN = "ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ"


def _circled(ordinal: int) -> str:
    """There is no circled number above 50; plans go on in brackets."""
    return _CIRCLED[ordinal - 1] if ordinal <= len(_CIRCLED) else f"({ordinal})"


def _roman(ordinal: int) -> str:
    """Up to Ⅻ the character that Japanese texts use; above it the letters."""
    if ordinal <= len(_ROMAN):
        return _ROMAN[ordinal - 1]
    letters = ""
    for value, letter in ((50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        count, ordinal = divmod(ordinal, value)
        letters += letter * count
    return letters


_FIELDS: dict[str, Callable[[int], str]] = {
    "{arabic}": str,
    "{fullwidth}": lambda ordinal: str(ordinal).translate(_FULL_WIDTH),
    "{roman}": _roman,
    "{circled}": _circled,
}


def is_counted(pattern: str) -> bool:
    """Return whether the pattern tells one item from the next."""
    return any(field in pattern for field in _FIELDS)


def number(pattern: str, ordinal: int) -> str:
    """Return the number of the item that stands at `ordinal` (1, 2, 3, …) of its count."""
    for field, write in _FIELDS.items():
        pattern = pattern.replace(field, write(ordinal))
    return pattern
