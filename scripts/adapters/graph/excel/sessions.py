"""A session of Excel's service on one workbook."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from scripts.adapters.graph.calls import Calls
from scripts.adapters.graph.drive_item import DriveItem
from scripts.adapters.graph.errors import NoAnswer, content_of
from tracker_schema.errors import TrackerError

if TYPE_CHECKING:
    from requests import Response


class ExcelRefused(Exception):
    """Excel's service cannot serve this workbook; the whole file can still be uploaded.

    code     the status and the code of its answer, as they are shown
    sent     something was sent to the workbook before, so it has to be read again first
    passes   the error for a trouble that may go away by itself; None for one that stays
    """

    def __init__(self, code: str, *, sent: bool, passes: TrackerError | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.sent = sent
        self.passes = passes


class ExcelSession:
    """An open workbook, by the id of its session. `sent`: a change was sent, whether or not it was answered."""

    def __init__(self, calls: Calls, item: DriveItem, identifier: str) -> None:
        self.sent = False
        self._calls = calls
        self._path = f"{item.path}/workbook"
        self._headers = {"workbook-session-id": identifier}

    def get(self, path: str) -> Any:
        """Return the answer to a GET within the workbook."""
        return self._calls.read(f"{self._path}/{path}", self._headers)

    def send(self, method: str, path: str, body: dict[str, Any] | None = None) -> Response:
        """Change something within the workbook, and return the answer; the request is made once."""
        try:
            response = self._calls.once(method, f"{self._path}/{path}", body, self._headers)
        except NoAnswer as error:
            self.sent = self.sent or not error.not_done
            raise
        self.sent = True
        return response

    def repeat(self, method: str, path: str, body: dict[str, Any] | None = None) -> Response:
        """Make a change that may be made twice without harm, and return the answer."""
        self.sent = True
        return self._calls.repeated(method, f"{self._path}/{path}", body, self._headers)

    def close(self) -> None:
        """End the session; its changes stay."""
        self._calls.once("post", f"{self._path}/closeSession", {}, self._headers)


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
            session.close()
