"""The worksheets of a workbook, for adoption."""

from __future__ import annotations

from python_calamine import SheetVisibleEnum

from scripts.adapters.workbook.open_workbook import open_workbook
from tracker_schema.adoption.find_log import Page


def read_pages(data: bytes, file_name: str) -> list[Page]:
    """Return every worksheet of the workbook in `data`, hidden ones too.

    Raises TrackerUnusable when it is not a readable workbook.
    """
    workbook = open_workbook(data, file_name)
    package = workbook.package
    visible = {sheet.name for sheet in workbook.values.sheets_metadata if sheet.visible is SheetVisibleEnum.Visible}
    return [Page(name, workbook.rows(name), name not in visible, package.date_1904) for name in package.sheet_names]
