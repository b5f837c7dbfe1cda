"""The parts of a workbook and how they hang together: which sheet is which part, and what belongs to it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from scripts.adapters.workbook.xlsx import markup
from scripts.adapters.workbook.xlsx.addresses import Range
from scripts.adapters.workbook.xlsx.archive import Archive, Entry, damaged
from scripts.adapters.workbook.xlsx.log_end import Cell, formulas_and_values
from scripts.adapters.workbook.xlsx.markup import Element
from scripts.adapters.workbook.xlsx.sheet import SheetReader
from scripts.adapters.workbook.xlsx.survey import Survey, survey
from scripts.adapters.workbook.xlsx.tables import Table, TablePart
from tracker_schema.errors import TrackerUnusable

CONTENT_TYPES = "[content_types].xml"

_COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # what .xls files and encrypted files are wrapped in


@dataclass(frozen=True, slots=True)
class Relation:
    """A link from one part to another: what the other is to it, and which one it is."""

    identifier: str
    kind: str  # the last word of its type: "worksheet", "table", ...
    part: str
    element: Element


@dataclass(frozen=True, slots=True)
class Worksheet:
    """A worksheet's name, the number Excel knows it by, and its part."""

    name: str
    number: int
    part: str


class Package:
    """An .xlsx or .xlsm workbook, opened for a look; `patch` is what changes one."""

    def __init__(self, archive: Archive) -> None:
        """Use `Package.open`."""
        self.archive = archive
        self.entries = _by_part(archive)
        self.workbook_part = self._find_workbook()
        self.workbook = self.tree(self.workbook_part)
        self.worksheets = {sheet.name: sheet for sheet in self._find_worksheets()}
        self.sheet_names = list(self.worksheets)
        properties = self.workbook.child("workbookPr")  # a direct child: Excel 2013's extensions hold another
        self.date_1904 = properties is not None and properties.true("date1904")
        self._surveys: dict[str, Survey] = {}

    @classmethod
    def open(cls, data: bytes) -> Package:
        """The workbook in these bytes.

        Raises TrackerUnusable when they are no .xlsx or .xlsm workbook, or an encrypted or damaged one.
        """
        if not data.startswith(b"PK"):
            raise _not_a_zip(data)
        return cls(Archive(data))

    def tables(self, sheet: str) -> list[Table]:
        """The tables (ListObjects) of a sheet.

        Raises TrackerUnusable when there is no such sheet, or a table of it cannot be read.
        """
        return [part.table for part in self.table_parts(sheet)]

    def auto_filter(self, sheet: str) -> Range | None:
        """The range of a sheet's own filter, which is not a table's; None when it has none.

        Raises TrackerUnusable as `tables` does.
        """
        return self._survey(sheet).auto_filter

    def extent(self, sheet: str) -> tuple[int, int]:
        """The last row and the last column of a sheet in which a value stands; (0, 0) when there is none.

        python-calamine keeps a place in memory for every cell up to there, so one stray value in the last corner of a
        sheet ends the whole process. Ask this first. Raises TrackerUnusable as `tables` does.
        """
        return self._survey(sheet).extent

    def formulas_without_result(self, sheet: str) -> set[tuple[int, int]]:
        """The (row, column) of each cell that holds a formula and no stored value of it.

        Raises TrackerUnusable as `tables` does.
        """
        return self._survey(sheet).formulas_without_result

    def error_cells(self, sheet: str) -> dict[tuple[int, int], str]:
        """What each cell that shows an error says, such as "#REF!", by its (row, column).

        python-calamine reads such a cell as empty text, so this is the only way to tell.
        Raises TrackerUnusable as `tables` does.
        """
        return self._survey(sheet).error_cells

    def formulas_and_values(self, sheet: str, below: int) -> tuple[dict[Cell, str | None], set[Cell]]:
        """The formula of each cell that holds one, None where it is not its own alone, and the cells below the row
        `below` that hold a value; cells by (row, column).

        Raises TrackerUnusable as `tables` does.
        """
        return formulas_and_values(self.reader(sheet), below)

    def worksheet(self, name: str) -> Worksheet:
        """The worksheet of that name; raises TrackerUnusable when there is none."""
        if name not in self.worksheets:
            raise TrackerUnusable(f"The workbook has no worksheet '{name}'.")
        return self.worksheets[name]

    def table_parts(self, sheet: str) -> list[TablePart]:
        """The tables of a sheet with the parts that hold them."""
        return [
            TablePart.parse(relation.part, self.read(relation.part))
            for relation in self.relations(self.worksheet(sheet).part)
            if relation.kind == "table"
        ]

    def table_with_heading(self, sheet: str, row: int, column: int) -> TablePart | None:
        """The table of a sheet that has a heading at that place, or None."""
        for part in self.table_parts(sheet):
            if part.heading_row == row and part.table.range.holds(row, column):
                return part
        return None

    def reader(self, sheet: str) -> SheetReader:
        """The worksheet's part, to be read once from front to back."""
        return SheetReader(self.pieces(self.worksheet(sheet).part), f"sheet '{sheet}'")

    def read(self, part: str) -> bytes:
        """The bytes of a part; raises TrackerUnusable when there is no such part."""
        return b"".join(self.pieces(part))

    def pieces(self, part: str) -> Iterator[bytes]:
        """The bytes of a part, a few megabytes at a time."""
        if part not in self.entries:
            raise damaged(f"its part {part} is missing")
        return self.archive.pieces(self.entries[part])

    def tree(self, part: str) -> Element:
        """A part as a tree of elements."""
        return markup.parse(self.read(part), part)

    def relations(self, part: str) -> list[Relation]:
        """Where a part points to inside the workbook; "" is the package itself."""
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
        """The first part of that kind that another points to and that exists, or None."""
        found = (relation.part for relation in self.relations(part) if relation.kind == kind)
        return next((target for target in found if target in self.entries), None)

    def _survey(self, sheet: str) -> Survey:
        if sheet not in self._surveys:
            self._surveys[sheet] = survey(self.reader(sheet))
        return self._surveys[sheet]

    def _find_workbook(self) -> str:
        part = self.related("", "officeDocument")
        if part is None:
            raise _no_workbook(self)
        if part.endswith(".bin"):
            raise TrackerUnusable("The file is a binary workbook (.xlsb); save it as an Excel Workbook (.xlsx).")
        if part.startswith(("word/", "ppt/", "visio/")):
            raise TrackerUnusable("The file is a document of another Office program, not an Excel workbook.")
        return part

    def _find_worksheets(self) -> Iterator[Worksheet]:
        targets = {relation.identifier: relation for relation in self.relations(self.workbook_part)}
        for sheets in self.workbook.named("sheets"):
            for sheet in sheets.named("sheet"):
                # Writers name the prefix of r:id as they like.
                identifier = next((value for name, value in sheet.attributes.items() if name.endswith(":id")), "")
                relation = targets.get(identifier)
                if relation is not None and relation.kind == "worksheet":
                    yield Worksheet(sheet.attributes.get("name", ""), sheet.number("sheetId", 0), relation.part)


def relations_of(part: str) -> str:
    """The part that holds the links of a part."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def part_name(name: str) -> str:
    """The one spelling under which a part is known here, whichever way a writer spelt it."""
    return unquote(name.replace("\\", "/")).lstrip("/").lower()


def _resolved(folder: str, target: str) -> str:
    target = target.replace("\\", "/").partition("#")[0]
    absolute = target if target.startswith("/") else f"/{folder}/{target}"
    return part_name(posixpath.normpath(absolute))


def _by_part(archive: Archive) -> dict[str, Entry]:
    entries: dict[str, Entry] = {}
    for entry in archive.entries:
        name = part_name(entry.name)
        if name.endswith("/"):
            continue
        if name in entries:
            raise damaged(f"it holds two parts named {name}")
        entries[name] = entry
    return entries


def _not_a_zip(data: bytes) -> TrackerUnusable:
    """The error that says what a file is that is not even a zip file."""
    if not data:
        return TrackerUnusable("The file is empty; if it comes from OneDrive, let it finish downloading.")
    if data.startswith(_COMPOUND_FILE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            return TrackerUnusable(
                "The workbook is encrypted by a password or a sensitivity label; save it without the password, "
                "or under a label that does not encrypt."
            )
        return TrackerUnusable("The file is not an .xlsx workbook but an old one (.xls); save it as .xlsx.")
    if data.lstrip()[:1] == b"<":
        return TrackerUnusable("The file is a web page or XML file, not an .xlsx workbook; save it as .xlsx.")
    return TrackerUnusable("The file is not an .xlsx workbook; save it as an Excel Workbook (.xlsx).")


def _no_workbook(package: Package) -> TrackerUnusable:
    """The error that says what a zip file is that holds no Excel workbook."""
    if "mimetype" in package.entries or "content.xml" in package.entries:
        return TrackerUnusable("The file is an OpenDocument file (.ods), not an .xlsx workbook; save it as .xlsx.")
    if "index.xml" in package.entries or "index/document.iwa" in package.entries:
        return TrackerUnusable("The file is an Apple Numbers document, not an .xlsx workbook; export it to Excel.")
    return TrackerUnusable("The file is a zip file without an Excel workbook in it.")
