"""Write values into a workbook that belongs to people, or add sheets: nothing but the bytes of those changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scripts.adapters.workbook.xlsx import markup
from scripts.adapters.workbook.xlsx.addresses import Range
from scripts.adapters.workbook.xlsx.archive import Packed, damaged, pack
from scripts.adapters.workbook.xlsx.edit import calculation
from scripts.adapters.workbook.xlsx.edit.cells import CellValue, CellWriter
from scripts.adapters.workbook.xlsx.edit.column_formats import format_columns
from scripts.adapters.workbook.xlsx.edit.extend_ranges import extended_filter_name
from scripts.adapters.workbook.xlsx.edit.new_columns import NewColumn, check_headings_kept, place_columns
from scripts.adapters.workbook.xlsx.edit.new_rows import place_rows
from scripts.adapters.workbook.xlsx.edit.new_sheets import NewSheet, added_sheets
from scripts.adapters.workbook.xlsx.edit.sheet_editor import SheetEditor
from scripts.adapters.workbook.xlsx.edit.sheet_edits import NewRow, Obstacle, SheetEdits
from scripts.adapters.workbook.xlsx.edit.status_colours import ColouredColumn
from scripts.adapters.workbook.xlsx.edit.style_editor import StyleEditor
from scripts.adapters.workbook.xlsx.package import CONTENT_TYPES, Package, Worksheet, part_name, relations_of
from tracker_schema.errors import TrackerUnusable

SheetCells = Mapping[int, Mapping[int, CellValue]]


def patch(
    source: bytes,
    cells: Mapping[str, SheetCells],
    new_columns: Sequence[NewColumn] = (),
    new_rows: Sequence[NewRow] = (),
    coloured: Sequence[ColouredColumn] = (),
) -> bytes:
    """Return the workbook's new bytes; `source` itself when nothing would change.

    `cells[sheet][row][column]` is the new value of a cell, rows and columns counted from 1; None empties the cell and
    leaves its style. The values of new rows are among them. `coloured` are columns that get colours unless they have
    some. The content of every part of the workbook that is not concerned stays as it was, byte for byte.

    Raises TrackerUnusable when the file is no workbook that can be written, or when writing would harm it.
    """
    package = _opened_to_change(source)
    patching = _Patch(package)
    growing = [*(column.sheet for column in new_columns), *(row.sheet for row in new_rows)]
    for sheet in dict.fromkeys([*cells, *growing, *(column.sheet for column in coloured)]):
        patching.edit(
            package.worksheet(sheet),
            cells.get(sheet, {}),
            [column for column in new_columns if column.sheet == sheet],
            [row for row in new_rows if row.sheet == sheet],
            [column for column in coloured if column.sheet == sheet],
        )
    if not patching.changes:
        return source
    patching.finish()
    return package.archive.rewritten(
        {package.entries[part].filename: packed for part, packed in patching.changes.items()}
    )


def with_sheets(source: bytes, sheets: Sequence[NewSheet]) -> bytes:
    """Return the workbook's new bytes, with `sheets` after those that it has.

    The content of every other part stays as it was, byte for byte, but for the three that list the parts: the workbook,
    its links and the content types. Raises TrackerUnusable when the file is no workbook that can be written, its
    structure is protected, or it has a sheet of one of the names.
    """
    package = _opened_to_change(source)
    changed, new = added_sheets(package, sheets)
    return package.archive.rewritten(
        {package.entries[part].filename: pack([data]) for part, data in changed.items()},
        {name: pack([data]) for name, data in new.items()},
    )


def _opened_to_change(source: bytes) -> Package:
    package = Package.open(source)
    if any(part.startswith("_xmlsignatures/") for part in package.entries):
        raise TrackerUnusable(
            "The workbook is digitally signed, and any change would break the signature.", "Remove it in Excel first."
        )
    return package


class _Patch:
    """The changes to the parts of one workbook. `changes` are the new parts by name; None leaves a part out."""

    def __init__(self, package: Package) -> None:
        self.changes: dict[str, Packed | None] = {}
        self._package = package
        part = package.styles_part()
        self._styles = StyleEditor(package.read(part) if part else b"", part or "")
        self._has_formulas = False
        self._replaced_formulas: dict[int, set[tuple[int, int]]] = {}  # by the number of their sheet
        self._added_formulas: dict[int, set[tuple[int, int]]] = {}
        self._new_rows: dict[str, Range] = {}  # by the name of their sheet

    def edit(
        self,
        worksheet: Worksheet,
        cells: SheetCells,
        new_columns: Sequence[NewColumn],
        new_rows: Sequence[NewRow],
        coloured: Sequence[ColouredColumn],
    ) -> None:
        """Make the changes to one sheet and its tables."""
        package = self._package
        edits = SheetEdits(worksheet.name, dict(cells))
        tables = package.table_parts(worksheet.name)
        check_headings_kept(edits, tables)
        new_headings = place_columns(new_columns, tables, edits)
        gained = place_rows(new_rows, tables, edits)
        for area in package.pivot_tables(worksheet.name):
            edits.occupied.append(Obstacle(area, "a pivot table", "Move the pivot table to another sheet."))
            edits.check_claims(edits.occupied[-1])
        for table in tables:
            headings, rows = new_headings.get(table.part, ()), gained.get(table.part, 0)
            if headings or rows:
                self._replace(table.part, table.grown(headings, rows))
        if new_rows:
            self._new_rows[worksheet.name] = edits.new_area()
        if new_columns:
            format_columns(new_columns, package.reader(worksheet.name), self._styles, edits)
        reader = package.reader(worksheet.name)
        writer = CellWriter(worksheet.name, reader.prefix, reader.encoding, self._styles, package.date_1904)
        editor = SheetEditor(reader, edits, writer, self._styles, coloured)
        packed = pack(editor.pieces())
        self._has_formulas = self._has_formulas or editor.has_formulas
        if editor.changed:
            if worksheet.part in self.changes:
                raise damaged(f"two sheets share the part {worksheet.part}")
            self.changes[worksheet.part] = packed
            self._replaced_formulas[worksheet.number] = editor.replaced_formulas
            self._added_formulas[worksheet.number] = editor.added_formulas

    def finish(self) -> None:
        """Make the changes to the rest of the workbook that follow from those to its sheets."""
        styles, part = self._styles.changed(), self._package.styles_part()
        if styles is not None and part is not None:
            self._replace(part, styles)
        workbook = self._package.workbook_part
        chain = self._package.related(workbook, "calcChain")
        old = new = self._package.read(workbook)
        if self._has_formulas or chain is not None or self._other_sheets_have_formulas():
            new = calculation.recalculated_on_load(old, workbook)
        for sheet, rows in self._new_rows.items():
            new = extended_filter_name(new, workbook, sheet, rows)
        if new != old:
            self._replace(workbook, new)
        if chain is not None:
            self._update_calculation_chain(chain)

    def _other_sheets_have_formulas(self) -> bool:
        others = [sheet for sheet in self._package.worksheets.values() if sheet.part not in self.changes]
        return any(self._package.reader(sheet.name).has_formulas() for sheet in others)

    def _update_calculation_chain(self, chain: str) -> None:
        """Remove replaced formulas from Excel's list of formulas and add new ones; leave out an empty list."""
        before = self._package.read(chain)
        data: bytes | None = before
        for sheet, cells in self._replaced_formulas.items():
            if cells and data is not None:
                data = calculation.without_cells(data, sheet, cells)
        for sheet, cells in self._added_formulas.items():
            if cells and data is not None:
                data = calculation.with_cells(data, chain, sheet, cells)
        if data is None:
            self.changes[chain] = None
            self._remove_links_to(chain)
        elif data != before:
            self._replace(chain, data)

    def _remove_links_to(self, part: str) -> None:
        """Remove a part that is left out from the workbook's links and from the list of content types."""
        links = self._package.relations(self._package.workbook_part)
        overrides = self._package.tree(CONTENT_TYPES).named("Override")
        listings = {
            relations_of(self._package.workbook_part): [link.element for link in links if link.part == part],
            CONTENT_TYPES: [each for each in overrides if part_name(each.attributes.get("PartName", "")) == part],
        }
        for listing, elements in listings.items():
            cuts = [(element.start, element.end, b"") for element in elements]
            if cuts:
                self._replace(listing, markup.splice(self._package.read(listing), cuts))

    def _replace(self, part: str, data: bytes) -> None:
        markup.check(data, part)
        self.changes[part] = pack([data])
