"""A month's report as a spreadsheet, made from its snapshot alone."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from centres.monthly.snapshot import Snapshot
from civic.workbooks import Cell, Sheet, workbook

VALUES = ("month", "month_before", "month_change", "year", "year_before", "year_change")


def spreadsheet(snapshot: Snapshot) -> bytes:
    """Return the report as xlsx: the figures, each detailed table, and the words."""
    return workbook(list(_sheets(snapshot)))


def _sheets(snapshot: Snapshot) -> Iterator[Sheet]:
    month, year = snapshot["month_name"], snapshot["year_name"]
    last = _("前年の%(span)s")
    headings = [
        _("項目"),
        _("区分"),
        _("単位"),
        month,
        last % {"span": month},
        _("増減"),
        year,
        last % {"span": year},
        _("累計の増減"),
    ]
    rows: list[list[Cell]] = [
        [line["name"], section["title"], line["unit"], *(line[value] for value in VALUES)]
        for section in snapshot["sections"]
        for line in section["lines"]
    ]
    yield Sheet(_("月次報告"), headings, rows)
    for section in snapshot["sections"]:
        for table in section["tables"]:
            yield Sheet(table["title"].replace("/", "・")[:31], table["headings"], table["rows"])
    signed, correction = snapshot["signed_off"], snapshot["correction"]
    if correction:
        headings = [_("項目"), _("単位"), _("期間"), _("訂正前"), _("訂正後")]
        changes = [[change[told] for told in ("name", "unit", "span", "was", "is")] for change in correction["changes"]]
        yield Sheet(_("訂正"), headings, changes)
    yield Sheet(
        _("この報告について"),
        [_("項目"), _("内容")],
        [
            [_("センター"), snapshot["centre"]],
            [_("報告の月"), snapshot["month_label"]],
            [_("版"), snapshot["edition"]],
            [_("訂正の理由"), correction and correction["reason"]],
            [_("作成日"), snapshot["made_on_label"]],
            [_("締めた日"), signed and signed["on_label"]],
            [_("締めた人"), signed and signed["by"]],
            [_("センターからひとこと"), snapshot["words"]],
        ],
    )
