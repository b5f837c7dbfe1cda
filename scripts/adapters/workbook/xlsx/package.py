"""The parts of a workbook and their links: which sheet is which part, and what belongs to it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from urllib.parse import unquote
from zipfile import ZipInfo

from scripts.adapters.workbook.xlsx import markup
from scripts.adapters.workbook.xlsx.addresses import Range
from scripts.adapters.workbook.xlsx.archive import Archive, damaged, not_a_zip
from scripts.adapters.workbook.xlsx.formulas import Cell, formulas_and_values
from scripts.adapters.workbook.xlsx.markup import Element
from scripts.adapters.workbook.xlsx.scan import SheetScan, rows_in_styles, scan, styles_of_cells
from scripts.adapters.workbook.xlsx.sheet_reader import SheetReader
from scripts.adapters.workbook.xlsx.styles import Styles
from scripts.adapters.workbook.xlsx.tables import Table, TablePart
from tracker_schema.errors import TrackerUnusable

CONTENT_TYPES = "[content_types].xml"
_PROTECTION = re.compile(rb"<(?:\w+:)?sheetProtection\b[^<>]{0,1000}>")
_SWITCHED_ON = re.compile(rb"""\ssheet=["'](?:1|true)["']""")
_LONGEST_TAG = 1100


@dataclass(frozen=True, slots=True)
class Relation:
    """A link from one part to another.

    identifier  by which the part names the link
    kind        the last word of the link's type: "worksheet", "table", ...
    part        the other part
    element     the link's XML element
    """

    identifier: str
    kind: str
    part: str
    element: Element


@dataclass(frozen=True, slots=True)
class Worksheet:
    """A worksheet: its name, the number by which Excel knows it, and its part."""

    name: str
    number: int
    part: str


class Package:
    """An .xlsx or .xlsm workbook, opened for reading; `patch` changes one.

    archive        the zip file
    entries        the zip file's entries by part
    workbook_part  the part that lists the sheets
    workbook       its tree
    worksheets     by name, in the order of the workbook
    sheet_names    the names of the worksheets, in that order
    date_1904      dates count from 1904
    """

    def __init__(self, archive: Archive) -> None:
        """Use `Package.open`."""
        self.archive = archive
        self.entries = _by_part(archive)
        self.workbook_part = self._find_workbook()
        self.workbook = self.tree(self.workbook_part)
        self.worksheets = {sheet.name: sheet for sheet in self._find_worksheets()}
        self.sheet_names = list(self.worksheets)
        properties = self.workbook.child("workbookPr")  # a direct child: Excel 2013's extensions have another
        self.date_1904 = properties is not None and properties.true("date1904")
        self._scans: dict[str, SheetScan] = {}

    @classmethod
    def open(cls, data: bytes) -> Package:
        """Return the workbook in these bytes.

        Raises TrackerUnusable when they are no .xlsx or .xlsm workbook, or an encrypted or damaged one.
        """
        if not data.startswith(b"PK"):
            raise not_a_zip(data)
        return cls(Archive(data))

    def tables(self, sheet: str) -> list[Table]:
        """Return the tables (ListObjects) of a sheet.

        Raises TrackerUnusable when there is no such sheet, or a table of it cannot be read.
        """
        return [part.table for part in self.table_parts(sheet)]

    def scan(self, sheet: str) -> SheetScan:
        """Return what one pass over a sheet finds that a reader of values does not see. The pass is made once.

        Check `extent` before reading a sheet with python-calamine, which takes memory for every cell up to there.
        Raises TrackerUnusable as `tables` does.
        """
        if sheet not in self._scans:
            self._scans[sheet] = scan(self.reader(sheet))
        return self._scans[sheet]

    def strikethrough_rows(self, sheet: str, columns: Collection[int]) -> frozenset[int]:
        """Return the rows of a sheet in which every filled cell of `columns` has strikethrough text, and one is filled.

        Only the format of the whole cell counts. Raises TrackerUnusable as `tables` does.
        """
        reader = self.reader(sheet)
        styles = self.styles().struck_through
        return rows_in_styles(reader, styles, columns) if styles else frozenset()

    def number_formats(self, sheet: str, columns: Collection[int]) -> dict[tuple[int, int], str]:
        """Return the code of the number format of each cell of `columns` that is not shown plainly, by row and column.

        Raises TrackerUnusable as `tables` does.
        """
        codes = self.styles().codes
        found = styles_of_cells(self.reader(sheet), codes.keys(), columns) if codes and columns else {}
        return {cell: codes[style] for cell, style in found.items()}

    def cell_styles(self, sheet: str, columns: Collection[int]) -> dict[tuple[int, int], int]:
        """Return the style of each cell of `columns` that is there, by row and column; not of those in the plain one.

        Raises TrackerUnusable as `tables` does.
        """
        styles = range(1, len(self.styles()))
        return styles_of_cells(self.reader(sheet), styles, columns) if styles and columns else {}

    def marked_rows(self, sheet: str, columns: Collection[int]) -> frozenset[int]:
        """Return the rows of a sheet in which every filled cell of `columns` has strikethrough text or a fill.

        Raises TrackerUnusable as `tables` does.
        """
        styles = self.styles()
        marked = styles.struck_through | styles.filled
        return rows_in_styles(self.reader(sheet), marked, columns) if marked else frozenset()

    def formulas_and_values(self, sheet: str, below: int) -> tuple[dict[Cell, str | None], set[Cell]]:
        """Return the formula of each cell that holds one, and the cells below the row `below` that hold a value.

        A formula that is shared with other cells is None. Raises TrackerUnusable as `tables` does.
        """
        return formulas_and_values(self.reader(sheet), below)

    def is_protected(self, sheet: str) -> bool:
        """Return True when cells of a sheet may be changed only after its protection is taken off."""
        before = b""
        for piece in self.pieces(self.worksheet(sheet).part):
            if found := _PROTECTION.search(before + piece):
                return _SWITCHED_ON.search(found[0]) is not None
            before = piece[-_LONGEST_TAG:]
        return False

    def worksheet(self, name: str) -> Worksheet:
        """Return the worksheet of that name. Raises TrackerUnusable when there is none."""
        if name not in self.worksheets:
            raise TrackerUnusable(f"The workbook has no worksheet '{name}'.")
        return self.worksheets[name]

    def table_parts(self, sheet: str) -> list[TablePart]:
        """Return the tables of a sheet with the parts that define them. Raises TrackerUnusable as `tables` does."""
        return [TablePart.parse(part, self.read(part)) for part in self._linked(self.worksheet(sheet).part, "table")]

    def table_with_heading(self, sheet: str, row: int, column: int) -> TablePart | None:
        """Return the table of a sheet that has a heading in that cell, or None.

        Raises TrackerUnusable as `tables` does.
        """
        for part in self.table_parts(sheet):
            if part.heading_row == row and part.table.range.holds(row, column):
                return part
        return None

    def pivot_tables(self, sheet: str) -> list[Range]:
        """Return the ranges of a sheet's pivot tables. Raises TrackerUnusable as `tables` does."""
        trees = [self.tree(part) for part in self._linked(self.worksheet(sheet).part, "pivotTable")]
        places = [place for tree in trees if (place := tree.child("location"))]
        return [Range.parse(place.attributes.get("ref", "")) for place in places]

    def styles_part(self) -> str | None:
        """Return the part of the cell formats; None when the workbook has none."""
        return self.related(self.workbook_part, "styles")

    def styles(self) -> Styles:
        """Return the cell formats of the workbook. Raises TrackerUnusable when their part is damaged."""
        part = self.styles_part()
        return Styles(self.read(part) if part else b"", part or "")

    def reader(self, sheet: str) -> SheetReader:
        """Return a reader of a worksheet's part. Raises TrackerUnusable when there is no such sheet."""
        return SheetReader(self.pieces(self.worksheet(sheet).part), f"sheet '{sheet}'")

    def read(self, part: str) -> bytes:
        """Return the bytes of a part. Raises TrackerUnusable when there is no such part."""
        return b"".join(self.pieces(part))

    def pieces(self, part: str) -> Iterator[bytes]:
        """Yield the bytes of a part, half a megabyte at a time. Raises TrackerUnusable when there is no such part."""
        if part not in self.entries:
            raise damaged(f"its part {part} is missing")
        return self.archive.pieces(self.entries[part])

    def tree(self, part: str) -> Element:
        """Return a part as a tree of elements. Raises TrackerUnusable when it cannot be read as XML."""
        return markup.parse(self.read(part), part)

    def relations(self, part: str) -> list[Relation]:
        """Return the links of a part to others in the workbook; "" is the package itself."""
        relations_part = relations_of(part)
        if relations_part not in self.entries:
            return []
        folder = posixpath.dirname(part)
        return [
            Relation(
                element.attributes.get("Id", ""),
                element.attributes.get("Type", "").rpartition("/")[2],
                _resolved(folder, element.attributes.get("Target", "")),
                element,
            )
            for element in self.tree(relations_part).named("Relationship")
            if element.attributes.get("TargetMode") != "External"
        ]

    def related(self, part: str, kind: str) -> str | None:
        """Return the first part of that kind that another links to and that exists, or None."""
        return next((target for target in self._linked(part, kind) if target in self.entries), None)

    def _linked(self, part: str, kind: str) -> list[str]:
        return [relation.part for relation in self.relations(part) if relation.kind == kind]

    def _find_workbook(self) -> str:
        part = self.related("", "officeDocument")
        if part is None:
            raise _no_workbook(self)
        if part.endswith(".bin"):
            raise TrackerUnusable("The file is a binary workbook (.xlsb).", "Save it as an Excel Workbook (.xlsx).")
        if part.startswith(("word/", "ppt/", "visio/")):
            raise TrackerUnusable("The file is a document of another Office program, not an Excel workbook.")
        return part

    def _find_worksheets(self) -> Iterator[Worksheet]:
        targets = {relation.identifier: relation for relation in self.relations(self.workbook_part)}
        for sheets in self.workbook.named("sheets"):
            for sheet in sheets.named("sheet"):
                # Programs name the prefix of r:id as they like.
                identifier = next((value for name, value in sheet.attributes.items() if name.endswith(":id")), "")
                relation = targets.get(identifier)
                if relation is not None and relation.kind == "worksheet":
                    yield Worksheet(sheet.attributes.get("name", ""), sheet.number("sheetId", 0), relation.part)


def relations_of(part: str) -> str:
    """Return the part that holds the links of a part."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def part_name(name: str) -> str:
    """Return the one spelling of a part's name that is used here, however a program spelt it."""
    return unquote(name.replace("\\", "/")).lstrip("/").lower()


def _resolved(folder: str, target: str) -> str:
    target = target.replace("\\", "/").partition("#")[0]
    absolute = target if target.startswith("/") else f"/{folder}/{target}"
    return part_name(posixpath.normpath(absolute))


def _by_part(archive: Archive) -> dict[str, ZipInfo]:
    entries: dict[str, ZipInfo] = {}
    for entry in archive.entries:
        name = part_name(entry.filename)
        if name.endswith("/"):
            continue
        if name in entries:
            raise damaged(f"it holds two parts named {name}")
        entries[name] = entry
    return entries


def _no_workbook(package: Package) -> TrackerUnusable:
    """Return the error that says what a zip file is that holds no Excel workbook."""
    if "mimetype" in package.entries or "content.xml" in package.entries:
        return TrackerUnusable("The file is an OpenDocument file (.ods), not an .xlsx workbook.", "Save it as .xlsx.")
    if "index.xml" in package.entries or "index/document.iwa" in package.entries:
        return TrackerUnusable("The file is an Apple Numbers document, not an .xlsx workbook.", "Export it to Excel.")
    return TrackerUnusable("The file is a zip file without an Excel workbook in it.")
