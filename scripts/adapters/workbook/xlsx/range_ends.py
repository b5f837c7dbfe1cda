"""What reads a log only down to the row where it ended: formulas elsewhere, names, charts.

Where a table grows in Excel, Excel lets these grow too. They are people's, and nobody can tell for sure what one is
meant for, so they are not changed here but told.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from scripts.adapters.workbook.xlsx.addresses import Range, address
from scripts.adapters.workbook.xlsx.package import Package
from tracker_schema.columns.excel_limits import LAST_ROW

_RANGE = re.compile(
    r"(?:('(?:[^']|'')+'|[\w.]+)!)?(?<![\w.$])(\$?[A-Z]{1,3}\$?[0-9]{1,7}:\$?[A-Z]{1,3}\$?[0-9]{1,7})(?![\w.(])",
    re.IGNORECASE,
)
_CHART_RANGE = re.compile(rb"<(?:[\w.-]+:)?f>([^<]+)</")
_FILTER = "_xlnm._FilterDatabase"  # which grows with the filter
_PRINTED = "_xlnm.Print_Area"


def ending_with(package: Package, sheet: str, log: Range) -> list[str]:
    """What ends with the last row of `log`, the cells of a log with its headings on that sheet, in words.

    Such as "Summary!B3", "the name Outcomes", "the print area" and "a chart". Raises TrackerUnusable when a sheet is
    damaged.
    """
    found = list(_cells(package, sheet, log))
    names = package.workbook.child("definedNames")
    data = package.read(package.workbook_part)
    for name in names.children if names else ():
        called = name.attributes.get("name", "")
        text = html.unescape(data[name.opened : name.closing].decode("utf-8", "replace"))
        if called != _FILTER and _ends(text, "", sheet, log):
            found.append("the print area" if called == _PRINTED else f"the name {called}")
    charts = [part for part in package.entries if re.fullmatch(r".*/charts?/chart[^/]*\.xml", part)]
    for part in charts:
        ranges = (html.unescape(text.decode("utf-8", "replace")) for text in _CHART_RANGE.findall(package.read(part)))
        if any(_ends(text, "", sheet, log) for text in ranges):
            found.append("a chart")
    return list(dict.fromkeys(found))


def _cells(package: Package, sheet: str, log: Range) -> Iterator[str]:
    for name in package.sheet_names:
        for (row, column), formula in package.formulas_and_values(name, LAST_ROW)[0].items():
            inside = name == sheet and log.holds(row, column)
            if formula and not inside and _ends(formula, name, sheet, log):
                yield f"{name}!{address(row, column)}"


def _ends(formula: str, own: str, sheet: str, log: Range) -> bool:
    """Whether a formula that stands on the sheet `own` has a range of several rows that ends with the log."""
    for named, reference in _RANGE.findall(formula):
        of = named[1:-1].replace("''", "'") if named.startswith("'") else named or own
        area = Range.parse(reference)
        ends = area.first_row < area.last_row == log.last_row and area.overlaps(log)
        if ends and of.casefold() == sheet.casefold():
            return True
    return False
