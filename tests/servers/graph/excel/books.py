"""A stored workbook as Excel would show it: raw values, formulas and number formats, read straight from its XML."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from string import digits
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from openpyxl.styles.numbers import BUILTIN_FORMATS

from scripts.adapters.workbook.xlsx import Range, Table
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


class _Parts:
    """The parts of a workbook, by the links between them."""

    def __init__(self, data: bytes) -> None:
        self._zip = zipfile.ZipFile(io.BytesIO(data))
        self.workbook = next(target for _, kind, target in self.links("") if kind == "officeDocument")

    def tree(self, part: str) -> Element:
        return ElementTree.fromstring(self._zip.read(part))  # noqa: S314  made by the tests themselves

    def links(self, part: str) -> list[tuple[str, str, str]]:
        """Return the id, the kind and the part of each link of a part; "" is the package itself."""
        folder, name = posixpath.split(part)
        try:
            root = self.tree(posixpath.join(folder, "_rels", f"{name}.rels"))
        except KeyError:
            return []
        return [
            (
                link.get("Id", ""),
                link.get("Type", "").rpartition("/")[2],
                posixpath.normpath(posixpath.join("/", folder, link.get("Target", ""))).lstrip("/"),
            )
            for link in root
        ]

    def linked(self, part: str, kind: str) -> list[str]:
        return [target for _, of_kind, target in self.links(part) if of_kind == kind]


@lru_cache(maxsize=32)
def read_book(data: bytes) -> Book:
    """Return the workbook in these bytes; raises ValueError when they are none."""
    try:
        parts = _Parts(data)
    except (zipfile.BadZipFile, KeyError, StopIteration):
        raise ValueError("no workbook") from None
    root = parts.tree(parts.workbook)
    texts, formats = _shared_texts(parts), _formats(parts)
    places = {identifier: target for identifier, kind, target in parts.links(parts.workbook) if kind == "worksheet"}
    pages = {}
    for sheet in _children(_child(root, "sheets"), "sheet"):
        identifier = next(value for name, value in sheet.attrib.items() if name.endswith("}id"))
        if identifier in places:
            name, part = sheet.get("name", ""), places[identifier]
            tables = [_table(parts.tree(each)) for each in parts.linked(part, "table")]
            pages[name] = Page(name, dict(_cells(parts.tree(part), texts, formats)), tables)
    properties = _child(root, "workbookPr")
    date_1904 = properties is not None and properties.get("date1904") in ("1", "true")
    return Book(pages, date_1904)


def _table(root: Element) -> Table:
    area = Range.parse(root.get("ref", ""))
    return Table(
        root.get("displayName", ""),
        *(area.first_row, area.first_column, area.last_row, area.last_column),
        int(root.get("headerRowCount", "1")),
        int(root.get("totalsRowCount", "0")),
    )


def _kind(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _children(element: Element | None, kind: str) -> list[Element]:
    return [child for child in element if _kind(child) == kind] if element is not None else []


def _child(element: Element, kind: str) -> Element | None:
    return next(iter(_children(element, kind)), None)


def _shared_texts(parts: _Parts) -> list[str]:
    found = parts.linked(parts.workbook, "sharedStrings")
    return [_text(entry) for part in found for entry in _children(parts.tree(part), "si")]


def _formats(parts: _Parts) -> list[str]:
    """Return the number format of each cell style."""
    found = parts.linked(parts.workbook, "styles")
    if not found:
        return []
    root = parts.tree(found[0])
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
