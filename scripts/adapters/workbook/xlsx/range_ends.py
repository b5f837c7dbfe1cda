"""What covers a log down to its last row, and does not grow with it: formulas elsewhere, names, charts.

Excel extends these when its own table grows. They belong to people, and nobody can be sure what each is for, so they
are not changed here but reported.
"""

from __future__ import annotations

import html
import re
from collections import deque
from collections.abc import Iterator

from scripts.adapters.workbook.xlsx.addresses import Range, address
from scripts.adapters.workbook.xlsx.edit.extend_ranges import unreadable_ranges
from scripts.adapters.workbook.xlsx.package import Package
from tracker_schema.columns.excel_limits import LAST_ROW

_RANGE = re.compile(
    r"(?:((?<!')'(?:[^']|'')+'|(?<![\w.])[\w.]+)!)?(?<![\w.$])(\$?[A-Z]{1,3}\$?[0-9]{1,7}:\$?[A-Z]{1,3}\$?[0-9]{1,7})(?![\w.(])",
    re.IGNORECASE,
)
_CHART_RANGE = re.compile(rb"<(?:[\w.-]+:)?f>([^<]+)</")
_CHART = re.compile(r".*/charts?/chart[^/]*\.xml")
_FILTER = "_xlnm._FilterDatabase"  # grows with the filter
_PRINT_AREA = "_xlnm.Print_Area"


def ending_with(package: Package, sheet: str, log: Range) -> list[str]:
    """Return, in words, what ends with the last row of `log`, the cells of a log with its headings on that sheet.

    Such as "Summary!B3", "the name Outcomes", "the print area" and "a chart". Raises TrackerUnusable when a sheet is
    damaged.
    """
    found = list(_cells(package, sheet, log))
    data = package.read(package.workbook_part)
    for defined in package.workbook.grandchildren("definedNames"):
        name = defined.attributes.get("name", "")
        text = html.unescape(data[defined.opened : defined.closing].decode("utf-8", "replace"))
        if name != _FILTER and _ends(text, "", sheet, log):
            found.append("the print area" if name == _PRINT_AREA else f"the name {name}")
    for part in filter(_CHART.fullmatch, package.entries):
        ranges = (html.unescape(text.decode("utf-8", "replace")) for text in _CHART_RANGE.findall(package.read(part)))
        if any(_ends(text, "", sheet, log) for text in ranges):
            found.append("a chart")
    return list(dict.fromkeys(found))


def rules_without_range(package: Package, sheet: str) -> list[str]:
    """Return, in words, the drop-downs and conditional formats of a sheet with a range that cannot be read.

    Such as "a drop-down for #REF!". Raises TrackerUnusable when the sheet is damaged.
    """
    reader = package.reader(sheet)
    deque(reader.blocks(), maxlen=0)  # read to the end, where the rules are
    return unreadable_ranges(reader.head + reader.tail, reader.frame_tree())


def _cells(package: Package, sheet: str, log: Range) -> Iterator[str]:
    for name in package.sheet_names:
        for (row, column), formula in package.formulas_and_values(name, LAST_ROW)[0].items():
            inside = name == sheet and log.holds(row, column)
            if formula and not inside and _ends(formula, name, sheet, log):
                yield f"{name}!{address(row, column)}"


def _ends(formula: str, own: str, sheet: str, log: Range) -> bool:
    """Return True when a formula on the sheet `own` has a range of several rows that ends with the log."""
    for named, reference in _RANGE.findall(formula):
        of = named[1:-1].replace("''", "'") if named.startswith("'") else named or own
        area = Range.parse(reference)
        ends = area.first_row < area.last_row == log.last_row and area.overlaps(log)
        if ends and of.casefold() == sheet.casefold():
            return True
    return False
