"""The worksheets of a workbook, for adoption."""

from __future__ import annotations

from scripts.adapters.workbook.open_workbook import open_workbook
from tracker_schema.adoption.find_log import Page


def read_pages(data: bytes, file_name: str) -> list[Page]:
    """Return every worksheet of the workbook in `data`, hidden ones too.

    Raises TrackerUnusable when it is not a readable workbook.
    """
    workbook = open_workbook(data, file_name)
    names, date_1904 = workbook.package.sheet_names, workbook.package.date_1904
    return [Page(name, workbook.rows(name), name not in workbook.visible, date_1904) for name in names]
