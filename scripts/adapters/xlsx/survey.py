"""What a reader of values alone does not see in a sheet."""

from __future__ import annotations

import re
from dataclasses import dataclass

from scripts.adapters.xlsx.addresses import Range
from scripts.adapters.xlsx.rows import RowFinder
from scripts.adapters.xlsx.sheet import SheetReader


@dataclass(frozen=True, slots=True)
class Survey:
    """What a reader of values alone would not see in a sheet."""

    auto_filter: Range | None
    formulas_without_result: set[tuple[int, int]]
    error_cells: dict[tuple[int, int], str]


def survey(reader: SheetReader) -> Survey:
    """The sheet's own filter, the formulas without a stored value, and the cells that show an error.

    Raises TrackerUnusable when the sheet is damaged.
    """
    finder = RowFinder(reader.prefix, reader.encoding, reader.place)
    p = reader.prefix
    empty_value = rb"(?:<%bv\s*/>|<%bv\s*>\s*</%bv\s*>)" % (p, p, p)
    formula = re.compile(rb"<%bf[\s/>]" % p)
    without_result = re.compile(rb"(?:</%bf\s*>|<%bf(?:\s[^>]*)?/>)\s*%b?\s*</%bc\s*>" % (p, p, empty_value, p))
    error = re.compile(rb"""\st\s*=\s*["']e["']""")
    empty_text = re.compile(rb"""\st\s*=\s*["']str["']""")
    value = re.compile(rb"<%bv(?:\s[^>]*)?>([^<]*)<" % p)
    unresolved: set[tuple[int, int]] = set()
    errors: dict[tuple[int, int], str] = {}
    for block in reader.blocks():
        formulas = b"</%bf" % p in block or b"<%bf" % p in block
        suspicious = b'"e"' in block or b"'e'" in block or (formulas and without_result.search(block) is not None)
        for number, start, opened in finder.rows(block):
            if not suspicious:
                continue
            row = block[start : finder.row_end(block, opened)]
            if error.search(row) is None and without_result.search(row) is None:
                continue
            for cell in finder.cells(row, number):
                tag, content = row[cell.start : cell.opened], row[cell.opened : cell.end]
                if error.search(tag) and (shown := value.match(content[content.find(b"<%bv" % p) :])):
                    errors[number, cell.column] = shown[1].decode("utf-8", "replace").strip()
                if formula.search(content) and without_result.search(content):
                    # A formula may well result in empty text; then its cell says that it is text.
                    if not (empty_text.search(tag) and b"v" in content[content.rfind(b"</%bf" % p) :]):
                        unresolved.add((number, cell.column))
    found = reader.frame_tree().child("autoFilter")
    reference = found.attributes.get("ref") if found is not None else None
    return Survey(Range.parse(reference) if reference else None, unresolved, errors)
