"""The formulas of a sheet: which cells hold one, and which of them can be copied into the row below."""

from __future__ import annotations

import html
import re

from scripts.adapters.workbook.xlsx import markup
from scripts.adapters.workbook.xlsx.rows import RowFinder
from scripts.adapters.workbook.xlsx.sheet_reader import SheetReader

Cell = tuple[int, int]  # row and column

_QUOTED = re.compile(r'"[^"]*"|\'[^\']*\'')
_BRACKETED = re.compile(r"\[[^\[\]]*\]")
_OF_ANOTHER_ROW = re.compile(r"(?<![\w.$])\$?[A-Z]{1,3}[0-9]{1,7}(?![\w.(])|(?<![\w.$])[0-9]+:|:[0-9]+", re.IGNORECASE)


def formulas_and_values(reader: SheetReader, below: int) -> tuple[dict[Cell, str | None], set[Cell]]:
    """Return the formula of each cell of a sheet that holds one, and the cells below the row `below` that hold a value.

    A formula is None where it is shared with other cells or fills a range. Raises TrackerUnusable when the sheet is
    damaged.
    """
    finder = RowFinder(reader)
    mark = b"<%bf" % reader.prefix
    formula = markup.start_tags(reader.prefix, "f")
    p = re.escape(reader.prefix)
    value = re.compile(rb"<%bv(?:\s[^>]*)?>[^<]|<%bis[\s>]" % (p, p))
    formulas: dict[Cell, str | None] = {}
    values: set[Cell] = set()
    for block in reader.blocks():
        has_formulas = mark in block
        for number, start, opened in finder.rows(block):
            if number <= below and not has_formulas:
                continue
            row = block[start : finder.row_end(block, opened)]
            if number <= below and mark not in row:
                continue
            for cell in finder.cells(row, number):
                content = row[cell.opened : cell.end]
                if formula.search(content):
                    formulas[number, cell.column] = plain_formula(content, reader.prefix)
                elif number > below and value.search(content):
                    values.add((number, cell.column))
    return formulas, values


def plain_formula(content: bytes, prefix: bytes) -> str | None:
    """Return the formula in the content of a cell; None when there is none, or it is shared or fills a range."""
    found = re.match(rb"\s*<%bf>([^<]*)</%bf>" % (re.escape(prefix), re.escape(prefix)), content)
    return html.unescape(found[1].decode("utf-8", "replace")) if found else None


def can_be_copied_down(formula: str | None, of_column: str | None) -> bool:
    """Return True when the formula that a table has for a column can go unchanged into a new row.

    `formula` is the one in the row above, which must be the same, and must name no cell by a row number: the number
    would have to change.
    """
    if formula is None or formula != of_column:
        return False
    rest = _QUOTED.sub("", formula)
    while (shorter := _BRACKETED.sub("", rest)) != rest:
        rest = shorter
    return _OF_ANOTHER_ROW.search(rest) is None
