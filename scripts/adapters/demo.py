"""The demonstration: a tracker of made-up cases, in a folder of its own, that shows what the jobs do."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from tracker_schema.errors import UsageError

DEMO_TRACKER = "Critical incident tracker (demo).xlsx"


def make_demo(folder: Path, as_of: dt.date) -> Path:
    """The path of a new tracker of made-up cases in `folder`, whose dates lie around `as_of`.

    One from an earlier demonstration is replaced. Raises UsageError when it cannot be, because somebody has it open.
    """
    # Making a workbook takes openpyxl, which takes long to load and which no other job needs.
    from scripts.adapters.blank_workbook import build
    from tracker_schema.made_up import cases
    from tracker_schema.working_days import england_and_wales

    path = folder / DEMO_TRACKER
    try:
        folder.mkdir(exist_ok=True)
        path.write_bytes(build(cases(as_of, england_and_wales())))
    except OSError as error:
        raise UsageError(
            f"The demonstration cannot be written to {path} ({error.strerror}); close it if it is open in Excel."
        ) from None
    return path
