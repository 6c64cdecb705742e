"""The styles in which plans number their items."""

import pytest

from plans.numbering import is_counted, number


@pytest.mark.parametrize(
    ("pattern", "ordinal", "printed"),
    [
        ("基本方針 {arabic}", 4, "基本方針 4"),
        ("基本方針{fullwidth}", 3, "基本方針３"),
        ("{fullwidth}", 10, "１０"),
        ("{roman}", 5, "Ⅴ"),
        ("{roman}", 12, "Ⅻ"),
        ("{roman}", 14, "XIV"),
        ("{roman}", 49, "XLIX"),
        ("({arabic})", 11, "(11)"),
        ("{circled}", 8, "⑧"),
        ("{circled}", 50, "㊿"),
        ("{circled}", 51, "(51)"),
        ("✔", 7, "✔"),
        ("", 7, ""),
    ],
)
def test_number(pattern: str, ordinal: int, printed: str) -> None:
    assert number(pattern, ordinal) == printed


def test_a_mark_counts_nothing() -> None:
    assert not is_counted("○")
    assert is_counted("推進方針{roman}")
