"""Make Excel recalculate when it opens the workbook, and keep its list of formulas (calcChain) right."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable

from scripts.adapters.workbook.xlsx import markup
from scripts.adapters.workbook.xlsx.addresses import address, column_number
from scripts.adapters.workbook.xlsx.archive import damaged

# The order of a workbook's elements is fixed; calcPr comes after the last of these.
_BEFORE = {
    "fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets", "functionGroups",
    "externalReferences", "definedNames",
}  # fmt: skip

_CHAINED = re.compile(rb"""<(?:[\w.-]+:)?c(?:\s[^<>]*)?(?:/>|>\s*</(?:[\w.-]+:)?c\s*>)""")
_CELL = re.compile(rb"""\sr\s*=\s*["']([A-Z]{1,3})([0-9]{1,7})["']""")
_SHEET = re.compile(rb"""\si\s*=\s*["']([0-9]{1,9})["']""")


def recalculated_on_load(workbook: bytes, place: str) -> bytes:
    """Return the bytes of the workbook part with the setting that Excel recalculates all formulas on opening."""
    root = markup.parse(workbook, place)
    found = root.child("calcPr")
    if found is not None:
        if found.true("fullCalcOnLoad"):
            return workbook
        return markup.splice(workbook, [markup.attribute_cut(workbook, found, "fullCalcOnLoad", "1")])
    at = max((element.end for element in root.children if element.name in _BEFORE), default=root.opened)
    return markup.splice(workbook, [(at, at, b'<%bcalcPr fullCalcOnLoad="1"/>' % root.prefix)])


def with_cells(chain: bytes, place: str, sheet: int, cells: Iterable[tuple[int, int]]) -> bytes:
    """Return the bytes of the calcChain part with those (row, column) of that sheet number added at its end."""
    root = markup.parse(chain, place)
    added = [b'<%bc r="%b" i="%d"/>' % (root.prefix, address(*cell).encode(), sheet) for cell in sorted(cells)]
    return markup.splice(chain, [(root.closing, root.closing, b"".join(added))])


def without_cells(chain: bytes, sheet: int, cells: Container[tuple[int, int]]) -> bytes | None:
    """Return the bytes of the calcChain part without those (row, column) of that sheet number; None when it is empty.

    An entry without a sheet number is of the same sheet as the one before. Raises TrackerUnusable when the part is
    damaged.
    """
    cuts: list[markup.Cut] = []
    current, named, left = 0, True, 0
    for entry in _CHAINED.finditer(chain):
        cell, own = _CELL.search(entry[0]), _SHEET.search(entry[0])
        if cell is None:
            raise damaged("its list of formulas is broken")
        if own:
            current, named = int(own[1]), True
        if current == sheet and (int(cell[2]), column_number(cell[1].decode())) in cells:
            cuts.append((entry.start(), entry.end(), b""))
            named = named and not own
            continue
        if not named:
            tag_end = entry.start() + entry[0].index(b">") + 1
            tag = markup.set_attribute(chain[entry.start() : tag_end], "i", str(current))
            cuts.append((entry.start(), tag_end, tag))
        named = True
        left += 1
    return markup.splice(chain, cuts) if left else None
