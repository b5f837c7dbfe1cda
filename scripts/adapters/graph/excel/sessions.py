"""A session of Excel's service on one workbook."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from scripts.adapters.graph.calls import Calls
from scripts.adapters.graph.drive_item import DriveItem
from scripts.adapters.graph.errors import content_of
from tracker_schema.errors import TrackerError


class ExcelSession:
    """An open workbook, by the id of its session."""

    def __init__(self, calls: Calls, item: DriveItem, identifier: str) -> None:
        self._calls = calls
        self._path = f"{item.path}/workbook"
        self._headers = {"workbook-session-id": identifier}

    def get(self, path: str) -> Any:
        """Return the answer to a GET within the workbook."""
        return self._calls.read(f"{self._path}/{path}", self._headers)

    def send(self, method: str, path: str, body: dict[str, Any]) -> None:
        """Change something within the workbook; the request is made once."""
        self._calls.once(method, f"{self._path}/{path}", body, self._headers)


@contextlib.contextmanager
def excel_session(calls: Calls, item: DriveItem, *, keeps_changes: bool) -> Iterator[ExcelSession]:
    """Open a session on a workbook, and close it after the block. Raises Refused when Excel's service grants none."""
    body = {"persistChanges": keeps_changes}
    answer = content_of(calls.repeated("post", f"{item.path}/workbook/createSession", body))
    session = ExcelSession(calls, item, str(answer["id"]))
    try:
        yield session
    finally:
        with contextlib.suppress(TrackerError):  # otherwise it ends by itself in a few minutes
            session.send("post", "closeSession", {})
