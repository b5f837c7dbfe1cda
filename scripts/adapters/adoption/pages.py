"""The worksheets of a workbook, for adoption."""

from __future__ import annotations

import io

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from scripts.adapters.workbook.worksheet import rows_of
from scripts.adapters.workbook.xlsx import Package
from tracker_schema.adoption.find_log import Page
from tracker_schema.errors import TrackerUnusable


def read_pages(data: bytes, file_name: str) -> list[Page]:
    """Return every worksheet of the workbook in `data`, hidden ones too.

    Raises TrackerUnusable when it is not a readable workbook.
    """
    package = Package.open(data)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    except (CalamineError, OSError, ValueError) as error:
        raise TrackerUnusable(f"{file_name} cannot be read.", "Open it in Excel and save it again.") from error
    visible = {sheet.name for sheet in workbook.sheets_metadata if sheet.visible is SheetVisibleEnum.Visible}
    return [
        Page(name, rows_of(package, workbook, name), name not in visible, package.date_1904)
        for name in package.sheet_names
    ]
