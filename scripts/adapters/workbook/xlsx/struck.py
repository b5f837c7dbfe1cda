"""Which rows of a sheet are struck through, as people do with what is done with or was entered by mistake."""

from __future__ import annotations

import re
from collections.abc import Collection

from scripts.adapters.workbook.xlsx.package import Package
from scripts.adapters.workbook.xlsx.rows import RowFinder
from scripts.adapters.workbook.xlsx.styles import Styles

_STYLE = re.compile(rb"""\ss\s*=\s*["'](\d+)["']""")
_HOLDS = re.compile(rb"<(?:[\w.-]+:)?(?:v|is)[\s>]")


def struck_rows(package: Package, sheet: str, columns: Collection[int]) -> frozenset[int]:
    """The rows of a sheet in which every cell of `columns` that holds something is struck through, and one does.

    It is the cell's own format that counts, not that of single words in it or one that depends on a condition.
    Raises TrackerUnusable when there is no such sheet, or it is damaged.
    """
    styles = Styles(package).struck_through
    if not styles:  # as in nearly every workbook
        return frozenset()
    reader = package.reader(sheet)
    finder = RowFinder(reader.prefix, reader.encoding, reader.place)
    signs = re.compile(rb"""\ss\s*=\s*["'](?:%b)["']""" % b"|".join(b"%d" % style for style in sorted(styles)))
    found = set()
    for block in reader.blocks():
        for number, start, opened in finder.rows(block):
            row = block[start : finder.row_end(block, opened)]
            if signs.search(row) and _is_struck(row, number, finder, styles, columns):
                found.add(number)
    return frozenset(found)


def _is_struck(row: bytes, number: int, finder: RowFinder, styles: Collection[int], columns: Collection[int]) -> bool:
    struck = False
    for cell in finder.cells(row, number):
        if cell.column in columns and _HOLDS.search(row, cell.opened, cell.end):
            style = _STYLE.search(row, cell.start, cell.opened)
            if not style or int(style[1]) not in styles:
                return False
            struck = True
    return struck
