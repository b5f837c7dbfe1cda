"""Writing values into a workbook that belongs to people: nothing but the bytes of those cells changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scripts.adapters.workbook.xlsx import calculation, markup
from scripts.adapters.workbook.xlsx.addresses import Range
from scripts.adapters.workbook.xlsx.archive import damaged
from scripts.adapters.workbook.xlsx.cells import CellValue, CellWriter
from scripts.adapters.workbook.xlsx.columns import NewColumn, check_headings_kept, place_columns
from scripts.adapters.workbook.xlsx.editing import SheetEditor
from scripts.adapters.workbook.xlsx.edits import SheetEdits
from scripts.adapters.workbook.xlsx.following import filter_name
from scripts.adapters.workbook.xlsx.new_rows import NewRow, place_rows
from scripts.adapters.workbook.xlsx.package import CONTENT_TYPES, Package, Worksheet, part_name, relations_of
from scripts.adapters.workbook.xlsx.packing import Packed, pack
from scripts.adapters.workbook.xlsx.sheet import has_formulas
from scripts.adapters.workbook.xlsx.styles import Styles
from tracker_schema.errors import TrackerUnusable

SheetCells = Mapping[int, Mapping[int, CellValue]]


def patch(
    source: bytes,
    cells: Mapping[str, SheetCells],
    new_columns: Sequence[NewColumn] = (),
    new_rows: Sequence[NewRow] = (),
) -> bytes:
    """The workbook's new bytes; `source` itself when nothing would change.

    `cells[sheet][row][column]` is the value a cell is to hold, rows and columns counted from 1; None empties the
    cell and leaves its style. What new rows are to hold stands among them. Every part of the workbook that is not
    concerned stays byte for byte as it was.

    Raises TrackerUnusable when the file is no workbook that can be written, or when writing would harm it; then
    nothing is half done.
    """
    package = Package.open(source)
    if any(part.startswith("_xmlsignatures/") for part in package.entries):
        raise TrackerUnusable(
            "The workbook is digitally signed, and any change would break the signature; remove it in Excel first."
        )
    patching = _Patch(package)
    growing = [*(column.sheet for column in new_columns), *(row.sheet for row in new_rows)]
    for sheet in dict.fromkeys([*cells, *growing]):
        patching.edit(
            package.worksheet(sheet),
            cells.get(sheet, {}),
            [column for column in new_columns if column.sheet == sheet],
            [row for row in new_rows if row.sheet == sheet],
        )
    if not patching.packed:
        return source
    patching.finish()
    return package.archive.rebuilt({package.entries[part].name: packed for part, packed in patching.packed.items()})


class _Patch:
    """The changes to the parts of one workbook."""

    def __init__(self, package: Package) -> None:
        self.packed: dict[str, Packed | None] = {}  # by part; None is a part to be left out
        self._package = package
        self._styles = Styles(package)
        self._formulas_seen = False
        self._replaced_formulas: dict[int, set[tuple[int, int]]] = {}  # by the number of their sheet
        self._added_formulas: dict[int, set[tuple[int, int]]] = {}
        self._new_rows: dict[str, Range] = {}  # by the name of their sheet

    def edit(
        self,
        worksheet: Worksheet,
        cells: SheetCells,
        new_columns: Sequence[NewColumn],
        new_rows: Sequence[NewRow],
    ) -> None:
        """Make the changes to one sheet and its tables."""
        package = self._package
        edits = SheetEdits(worksheet.name, dict(cells))
        tables = package.table_parts(worksheet.name)
        check_headings_kept(edits, tables)
        new_headings = place_columns(new_columns, tables, edits)
        gained = place_rows(new_rows, tables, edits)
        for area in self._pivot_tables(worksheet.part):
            edits.occupied.append((area, "a pivot table; move that to another sheet"))
            edits.check_claims(*edits.occupied[-1])
        for table in tables:
            headings, rows = new_headings.get(table.part, ()), gained.get(table.part, 0)
            if headings or rows:
                self._replace(table.part, table.grown(headings, rows))
        if new_rows:
            self._new_rows[worksheet.name] = edits.new_area()
        reader = package.reader(worksheet.name)
        writer = CellWriter(worksheet.name, reader.prefix, reader.encoding, self._styles, package.date_1904)
        editor = SheetEditor(reader, edits, writer)
        packed = pack(editor.pieces())
        self._formulas_seen = self._formulas_seen or editor.has_formulas
        if editor.changed:
            if worksheet.part in self.packed:
                raise damaged(f"two sheets share the part {worksheet.part}")
            self.packed[worksheet.part] = packed
            self._replaced_formulas[worksheet.number] = editor.replaced_formulas
            self._added_formulas[worksheet.number] = editor.added_formulas

    def finish(self) -> None:
        """Make the changes to the rest of the workbook that those to its sheets entail."""
        styles = self._styles.changed()
        if styles is not None and self._styles.part is not None:
            self._replace(self._styles.part, styles)
        workbook = self._package.workbook_part
        chain = self._package.related(workbook, "calcChain")
        old = new = self._package.read(workbook)
        if self._formulas_seen or chain is not None or self._formulas_elsewhere():
            new = calculation.recalculated_on_load(old, workbook)
        for sheet, rows in self._new_rows.items():
            new = filter_name(new, workbook, sheet, rows)
        if new != old:
            self._replace(workbook, new)
        if chain is not None:
            self._relist(chain)

    def _formulas_elsewhere(self) -> bool:
        others = [sheet for sheet in self._package.worksheets.values() if sheet.part not in self.packed]
        return any(has_formulas(self._package.reader(sheet.name)) for sheet in others)

    def _relist(self, chain: str) -> None:
        """Take replaced formulas out of the list of formulas and add new ones; an empty list is left out."""
        data: bytes | None = self._package.read(chain)
        before = data
        for sheet, cells in self._replaced_formulas.items():
            if cells and data is not None:
                data = calculation.without_cells(data, sheet, cells)
        for sheet, cells in self._added_formulas.items():
            if cells and data is not None:
                data = calculation.with_cells(data, chain, sheet, cells)
        if data is None:
            self.packed[chain] = None
            self._unlist(chain)
        elif data != before:
            self._replace(chain, data)

    def _unlist(self, part: str) -> None:
        """Take a part that is left out from the workbook's relations and from the list of content types."""
        relations = self._package.relations(self._package.workbook_part)
        overrides = self._package.tree(CONTENT_TYPES).named("Override")
        listings = {
            relations_of(self._package.workbook_part): [link.element for link in relations if link.part == part],
            CONTENT_TYPES: [each for each in overrides if part_name(each.attributes.get("PartName", "")) == part],
        }
        for listing, elements in listings.items():
            cuts = [(element.start, element.end, b"") for element in elements]
            if cuts:
                self._replace(listing, markup.splice(self._package.read(listing), cuts))

    def _pivot_tables(self, part: str) -> list[Range]:
        locations = [
            self._package.tree(relation.part).child("location")
            for relation in self._package.relations(part)
            if relation.kind == "pivotTable"
        ]
        return [Range.parse(location.attributes.get("ref", "")) for location in locations if location]

    def _replace(self, part: str, data: bytes) -> None:
        markup.check(data, part)
        self.packed[part] = pack([data])
