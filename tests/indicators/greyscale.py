"""Colours as they look without their hue: on a printer that has black alone, or to an eye that sees none."""

Colour = tuple[int, int, int]
WHITE: Colour = (255, 255, 255)


def rgb(colour: str) -> Colour:
    """A colour as #rrggbb."""
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red, green, blue


def contrast(one: Colour, other: Colour) -> float:
    """How far two colours are apart in lightness: WCAG 2, from 1 (alike) to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: Colour) -> float:
    """Relative luminance: WCAG 2, from 0 (black) to 1 (white)."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (c / 255 for c in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
