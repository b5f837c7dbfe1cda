"""A workbook opened for reading, and the cells of its worksheets as python-calamine gives them."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from zipfile import ZipInfo

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from scripts.adapters.workbook.xlsx import Package
from tracker_schema.columns.parsing import Cell
from tracker_schema.errors import TrackerUnusable
from tracker_schema.layouts.rows import column_letters

# Three times the cells of 100,000 incidents.
_MOST_CELLS = 20_000_000

# Of the texts or the formats of all cells, unpacked; ten times those of 100,000 incidents. The reader takes three times
# as much memory.
_MOST_SHARED = 512 << 20
# A part of fewer bytes than this cannot unpack to more than 64 MB, whatever its size is said to be.
_CHECKED_FROM = 60 << 10

_READ_ERRORS = (CalamineError, OSError, ValueError)


@dataclass(frozen=True, eq=False)
class OpenWorkbook:
    """A workbook opened for reading.

    package: its parts, which hold the tables, filters, formats and errors
    values: the values of its cells
    """

    package: Package
    values: CalamineWorkbook
    _opened: dict[str, CalamineSheet] = field(default_factory=dict, repr=False)

    @cached_property
    def visible(self) -> frozenset[str]:
        """The names of the worksheets that people see."""
        sheets = self.values.sheets_metadata
        return frozenset(sheet.name for sheet in sheets if sheet.visible is SheetVisibleEnum.Visible)

    def worksheet(self, name: str) -> CalamineSheet:
        """Return a worksheet. Raises TrackerUnusable when it is too large to be a log, or cannot be read."""
        last_row, last_column = self.package.scan(name).extent
        if last_row * last_column > _MOST_CELLS:  # the reader keeps each of them in memory, empty or not
            raise TrackerUnusable(
                f"The sheet “{name}” reaches as far as {column_letters(last_column)}{last_row}; no log is so large.",
                "Delete what is far below or beside the log (Ctrl+End in Excel goes there), and save the workbook.",
            )
        try:
            if name not in self._opened:
                self._opened[name] = self.values.get_sheet_by_name(name)
            return self._opened[name]
        except _READ_ERRORS as error:
            raise _unreadable(name) from error

    def rows(self, name: str, worksheet: CalamineSheet | None = None, most: int | None = None) -> list[list[Cell]]:
        """Return the cells of a worksheet from A1 on; with `most`, only of so many rows. Raises as `worksheet`."""
        worksheet = worksheet or self.worksheet(name)
        try:
            # Rows come from row 1 on, but cells from the first column in use: the columns before it are put back.
            before = [""] * (worksheet.start or (0, 0))[1]
            seen: dict[Cell, Cell] = {}
            return [_shared(before + row, seen) for row in islice(worksheet.iter_rows(), most)]
        except _READ_ERRORS as error:
            raise _unreadable(name) from error


def open_workbook(data: bytes, file_name: str) -> OpenWorkbook:
    """Return the workbook in `data`. Raises TrackerUnusable when it is no readable workbook."""
    package = Package.open(data)
    for entry in package.archive.entries:
        if entry.filename.lower().endswith(("sharedstrings.xml", "styles.xml")):
            _check_shared(package, entry)
    try:
        return OpenWorkbook(package, CalamineWorkbook.from_filelike(io.BytesIO(data)))
    except _READ_ERRORS as error:
        raise TrackerUnusable(f"{file_name} cannot be read.", "Open it in Excel and save it again.") from error


def _check_shared(package: Package, entry: ZipInfo) -> None:
    """Raise TrackerUnusable when a part that python-calamine reads as a whole is too large, or not as large as said."""
    if entry.file_size > _MOST_SHARED:
        raise TrackerUnusable(
            f"The part {entry.filename} unpacks to {entry.file_size >> 20:,} MB, more than the limit of "
            f"{_MOST_SHARED >> 20} MB.",
            "Move old years to another workbook.",
        )
    if entry.compress_size > _CHECKED_FROM:
        for _ in package.archive.pieces(entry):  # more than was said is damage
            pass


def _unreadable(name: str) -> TrackerUnusable:
    return TrackerUnusable(f"The sheet “{name}” cannot be read.", "Save the workbook again from Excel.")


def _shared(row: list[Cell], seen: dict[Cell, Cell]) -> list[Cell]:
    """Return the row with one object for all equal cells in `seen`.

    A log repeats the same few cells, so a large one takes half the memory.
    """
    if 0 in row or 1 in row:  # 1 equals TRUE, and is another cell
        return [cell if isinstance(cell, bool | float) else seen.setdefault(cell, cell) for cell in row]
    return list(map(seen.setdefault, row, row))
