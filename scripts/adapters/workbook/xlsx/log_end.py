"""What a row to be added must know of its sheet: which cells hold formulas, and what stands below the last row."""

from __future__ import annotations

import re

from scripts.adapters.workbook.xlsx import markup
from scripts.adapters.workbook.xlsx.new_rows import plain_formula
from scripts.adapters.workbook.xlsx.rows import RowFinder
from scripts.adapters.workbook.xlsx.sheet import SheetReader

Cell = tuple[int, int]  # row and column


def formulas_and_values(reader: SheetReader, below: int) -> tuple[dict[Cell, str | None], set[Cell]]:
    """The formula of each cell of the sheet that holds one, and each cell below that row that holds a value.

    A formula is None where it is shared with other cells or fills a range. Raises TrackerUnusable when the sheet is
    damaged.
    """
    finder = RowFinder(reader.prefix, reader.encoding, reader.place)
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
