"""A session of Excel's service on one workbook."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from scripts.adapters.graph.calls import Calls
from scripts.adapters.graph.places import Place
from tracker_schema.errors import TrackerError


class ExcelSession:
    """An open workbook, by the id of its session."""

    def __init__(self, calls: Calls, place: Place, identifier: str) -> None:
        self._calls = calls
        self._path = f"{place.path}/workbook"
        self._headers = {"workbook-session-id": identifier}

    def get(self, path: str) -> Any:
        """The answer to a GET within the workbook."""
        return self._calls.get(f"{self._path}/{path}", self._headers).json()

    def send(self, method: str, path: str, body: dict[str, Any]) -> None:
        """Change something within the workbook; the request is made once."""
        self._calls.once(method, f"{self._path}/{path}", body, self._headers)

    def close(self) -> None:
        """End the session; if that fails, it ends by itself in a few minutes."""
        with contextlib.suppress(TrackerError):
            self.send("post", "closeSession", {})


def open_session(calls: Calls, place: Place, *, keeps_changes: bool) -> ExcelSession:
    """A session of Excel's service on a workbook. Raises Refused when there is none for us."""
    answer = calls.repeated("post", f"{place.path}/workbook/createSession", {"persistChanges": keeps_changes}).json()
    return ExcelSession(calls, place, str(answer["id"]))


@contextlib.contextmanager
def excel_session(calls: Calls, place: Place, *, keeps_changes: bool) -> Iterator[ExcelSession]:
    """A session as `open_session` gives it, closed afterwards whatever happens."""
    with contextlib.closing(open_session(calls, place, keeps_changes=keeps_changes)) as session:
        yield session
