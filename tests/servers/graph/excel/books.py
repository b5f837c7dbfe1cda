"""A stored workbook as Excel would show it: raw values, formulas and number formats, read straight from its XML."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from string import digits
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from openpyxl.styles.numbers import BUILTIN_FORMATS

from scripts.adapters.workbook.xlsx import Package, Range, Table
from scripts.adapters.workbook.xlsx.addresses import column_number
from scripts.adapters.workbook.xlsx.markup import decoded

Value = str | int | float | bool
Place = tuple[int, int]  # row and column, from 1

_LOCAL_FORMATS = BUILTIN_FORMATS | {14: "dd/mm/yyyy", 22: "dd/mm/yyyy hh:mm"}


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: dates are serial numbers, "" is emptiness."""

    value: Value = ""
    formula: str = ""
    number_format: str = "General"
    styled: bool = False


_EMPTY = Cell()


@dataclass(frozen=True)
class Page:
    """A worksheet."""

    name: str
    cells: dict[Place, Cell]
    tables: list[Table]

    def at(self, row: int, column: int) -> Cell:
        """Return the cell there; an empty one when nothing is stored."""
        return self.cells.get((row, column), _EMPTY)

    def used(self, *, values_only: bool) -> Range:
        """Return the smallest range with all values in it, or all values and formats; A1 on an empty sheet."""
        places = [
            place
            for place, cell in self.cells.items()
            if cell.value != "" or cell.formula or (cell.styled and not values_only)
        ]
        if not places:
            return Range(1, 1, 1, 1)
        rows, columns = [row for row, _ in places], [column for _, column in places]
        return Range(min(rows), min(columns), max(rows), max(columns))


@dataclass(frozen=True)
class Book:
    """A workbook."""

    pages: dict[str, Page]
    date_1904: bool

    def tables(self) -> Iterator[tuple[Page, Table]]:
        """Return all tables, each with its page."""
        for page in self.pages.values():
            for table in page.tables:
                yield page, table


@lru_cache(maxsize=32)
def read_book(data: bytes) -> Book:
    """Return the workbook in these bytes; raises TrackerUnusable when they are none."""
    package = Package.open(data)
    texts = _shared_texts(package)
    formats = _formats(package)
    pages = {
        name: Page(name, dict(_cells(_parse(package.read(sheet.part)), texts, formats)), package.tables(name))
        for name, sheet in package.worksheets.items()
    }
    return Book(pages, package.date_1904)


def _parse(data: bytes) -> Element:
    return ElementTree.fromstring(data)  # noqa: S314  made by the tests themselves


def _kind(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _children(element: Element | None, kind: str) -> list[Element]:
    return [child for child in element if _kind(child) == kind] if element is not None else []


def _child(element: Element, kind: str) -> Element | None:
    return next(iter(_children(element, kind)), None)


def _shared_texts(package: Package) -> list[str]:
    part = package.related(package.workbook_part, "sharedStrings")
    return [_text(entry) for entry in _children(_parse(package.read(part)), "si")] if part else []


def _formats(package: Package) -> list[str]:
    """Return the number format of each cell style."""
    part = package.related(package.workbook_part, "styles")
    if part is None:
        return []
    root = _parse(package.read(part))
    own = {
        int(entry.get("numFmtId", "0")): entry.get("formatCode", "General")
        for entry in _children(_child(root, "numFmts"), "numFmt")
    }
    numbers = [int(entry.get("numFmtId", "0")) for entry in _children(_child(root, "cellXfs"), "xf")]
    return [own.get(number) or _LOCAL_FORMATS.get(number, "General") for number in numbers]


def _cells(sheet: Element, texts: list[str], formats: list[str]) -> Iterator[tuple[Place, Cell]]:
    row_number = 0
    for row in _children(_child(sheet, "sheetData"), "row"):
        row_number = int(row.get("r", row_number + 1))
        column = 0
        for cell in _children(row, "c"):
            reference = cell.get("r")
            column = column_number(reference.rstrip(digits)) if reference else column + 1
            style = int(cell.get("s", "0"))
            formula = _child(cell, "f")
            yield (
                (row_number, column),
                Cell(
                    _value(cell, texts),
                    "" if formula is None else f"={formula.text or ''}",
                    formats[style] if style < len(formats) else "General",
                    bool(style),
                ),
            )


def _value(cell: Element, texts: list[str]) -> Value:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        inline = _child(cell, "is")
        return "" if inline is None else _text(inline)
    stored = _child(cell, "v")
    raw = (stored.text or "") if stored is not None else ""
    if raw == "" or kind in ("str", "e", "d"):
        return decoded(raw)
    if kind == "s":
        return texts[int(raw)]
    if kind == "b":
        return raw == "1"
    number = float(raw)
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


def _text(entry: Element) -> str:
    """Return the text of a string, its runs joined and its reading aids left out."""
    pieces = _children(entry, "t") + [piece for run in _children(entry, "r") for piece in _children(run, "t")]
    return decoded("".join(piece.text or "" for piece in pieces))
