"""Rating schemes that a plan can begin with. From then on the marks are the plan's own."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# The best mark first. The letters are those in use in cities; what they mean is worded for progress of work.
SCHEMES: dict[str, list[tuple[str, str | Promise]]] = {
    "abcd": [
        ("A", _("予定より進んでいる")),
        ("B", _("予定どおり進んでいる")),
        ("C", _("予定より遅れている")),
        ("D", _("ほとんど進んでいない")),
    ],
    "sabc": [
        ("S", _("目標をこえた")),
        ("A", _("目標に向けて進んだ")),
        ("B", _("あまり変わらない")),
        ("C", _("目標から遠のいた")),
        ("−", _("まだ判断できない")),
    ],
}


def scheme_choices() -> list[tuple[str, str]]:
    """Return the schemes by name, with their marks as words."""
    return [(name, "・".join(mark for mark, _meaning in marks)) for name, marks in SCHEMES.items()]
