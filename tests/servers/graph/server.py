"""Microsoft's part of a test: each request is logged, then answered or made to fail as the test says."""

from __future__ import annotations

import datetime as dt
import ssl
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal, Self

from tests.servers.graph.calendar import Calendar
from tests.servers.graph.entra.entra import Entra
from tests.servers.graph.excel.books import Place
from tests.servers.graph.excel.entering import CellValue
from tests.servers.graph.excel.excel import Excel
from tests.servers.graph.exchange import Refusal, Request, Response, no_such_request
from tests.servers.graph.faults import Fault, Faults, fault_response
from tests.servers.graph.files import people
from tests.servers.graph.files.drives import Drives
from tests.servers.graph.files.files import SHAREPOINT_HOST, Drive, Item, Site
from tests.servers.graph.mail import Mail
from tests.servers.graph.web import WebServer

GRAPH_HOST = "graph.microsoft.com"
LOGIN_HOST = "login.microsoftonline.com"
HOSTS = {GRAPH_HOST, LOGIN_HOST, SHAREPOINT_HOST}


class GraphServer:
    """Microsoft's part of a test, with one site and its library "Documents" to begin with.

    `drives`, `excel`, `mail` and `entra` are its departments, each with switches of its own.
    """

    def __init__(self) -> None:
        self.clock_ahead = dt.timedelta()  # by how much Microsoft's clock is ahead of this machine's
        self.entra = Entra(self.now)
        self.excel = Excel()
        self.drives = Drives(self.excel)
        self.mail = Mail()
        self.calendar = Calendar()
        self.site = self.add_site("/sites/slt")
        self.drive = self.site.add_drive("Documents", "Shared Documents")
        self.log: list[Request] = []
        self.run: list[Request] = []  # the requests since `new_run`
        self.accidents: list[BaseException] = []  # errors of the server itself; the fixture raises them
        self.kills_client = False
        self._faults = Faults()
        self._lock = threading.RLock()
        self._stopping = threading.Event()
        self._web = WebServer(self.handle, self.now)

    def __enter__(self) -> Self:
        """Start it."""
        self._web.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop it, and every connection to it."""
        self._stopping.set()
        self._web.stop()

    def inspects_traffic(self, certificate: Path, key: Path) -> None:
        """Be a proxy too, which answers as every host of Microsoft's with this certificate, for jobs that are run as
        processes of their own.
        """
        self._web.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._web.tls.load_cert_chain(certificate, key)

    @property
    def port(self) -> int:
        """Where it listens on 127.0.0.1."""
        return int(self._web.server_address[1])

    def now(self) -> dt.datetime:
        """Return the time by Microsoft's clock."""
        return dt.datetime.now(dt.UTC) + self.clock_ahead

    # What there is.

    def add_site(self, path: str, grant: str | None = "write") -> Site:
        """Add a site; `grant` is what an app with Sites.Selected may do there: "write", "read" or None."""
        site = Site(path, grant)
        self.drives.sites.append(site)
        return site

    def add_file(self, path: str, content: bytes, drive: Drive | None = None) -> Item:
        """Put a file into the library "Documents", or into another, at a path such as "/Trackers/Tracker.xlsx"."""
        return (drive or self.drive).add(path, content)

    # What a person does meanwhile.

    def person_edits(self, item: Item, edits: Mapping[str, Mapping[Place, CellValue]]) -> None:
        """Type values into cells, by sheet and (row, column); None empties a cell."""
        with self._lock:
            people.person_edits(item, edits)

    def sort_rows(self, item: Item, sheet: str, column: int, first_row: int, *, descending: bool = False) -> None:
        """Sort the rows from `first_row` on by a column."""
        with self._lock:
            people.sort_rows(item, sheet, column, first_row, descending=descending)

    def insert_row(self, item: Item, sheet: str, row: int, values: Mapping[int, CellValue] | None = None) -> None:
        """Insert a row above `row`, with values by column."""
        with self._lock:
            people.insert_row(item, sheet, row, values)

    def delete_row(self, item: Item, sheet: str, row: int) -> None:
        """Delete a row."""
        with self._lock:
            people.delete_row(item, sheet, row)

    # What goes wrong.

    def fault(
        self,
        *,
        method: str | None = None,
        path_contains: str = "",
        status: int | None = None,
        headers: Mapping[str, str] | None = None,
        body: Any = None,
        code: str | None = None,
        inner: str = "",
        times: int = 1,
        drop: Literal["before", "after"] | None = None,
        after_work: bool = False,
        delay: float = 0,
    ) -> None:
        """Let something go wrong with the next `times` requests of that method whose host and path contain a text.

        With `status` they are answered with an error: its `body`, or Microsoft's usual one with `code` and, on its
        second level, `inner`; with `after_work` the work was done all the same. `drop` breaks the connection without
        an answer, before or after the work. `delay` is in seconds; alone, it only makes the request slow.
        """
        response = fault_response(status, headers, body, code, inner) if status is not None else None
        self._faults.coming.append(Fault(method, path_contains, response, drop, after_work, delay, times))

    def before_request(self, number: int, action: Callable[[], object]) -> None:
        """Do something just before the n-th request of this run, counted from 1 with sign-in and downloads."""
        self._faults.before[number] = action

    def after_request(self, number: int, action: Callable[[], object]) -> None:
        """Do something just after the n-th request of this run has done its work, before it is answered."""
        self._faults.after[number] = action

    def drop_from(self, number: int) -> None:
        """Break all connections from the n-th request of this run on, its work not done."""
        self._faults.dead_from = number

    def kill_at(self, number: int, *, after_work: bool = False) -> None:
        """Let the client die at the n-th request of this run, its work not done unless `after_work`.

        The request raises `Killed` in the client, which is no Exception, and so does every request after it: no
        cleaning up reaches the server either. `new_run` brings the client back to life.
        """
        self._faults.dead_from = number
        self._faults.last_work = number if after_work else None
        self.kills_client = True

    def new_run(self) -> None:
        """Count requests from 1 again, and forget hooks and death; faults stay."""
        with self._lock:
            self.run = []
            self.kills_client = False
            self._faults.forget_run()

    def clear_faults(self) -> None:
        """Forget the faults that have not been used yet."""
        self._faults.coming.clear()

    # What the client sent.

    def requests_to(self, path_contains: str, method: str | None = None) -> list[Request]:
        """Return the requests, in order, whose host and decoded path contain a text."""
        return [
            request
            for request in self.log
            if path_contains in f"{request.host}{request.path}" and method in (None, request.method)
        ]

    # Answering.

    def handle(self, request: Request) -> Response | None:
        """Return the answer to a request; None drops the connection."""
        with self._lock:
            self.log.append(request)
            self.run.append(request)
            number = len(self.run)
            fault = None if self._faults.is_dead(number) else self._faults.take(request)
        if fault and fault.delay:
            self._stopping.wait(fault.delay)
        with self._lock:
            try:
                response = self._outcome(request, number, fault)
            except Exception as accident:
                self.accidents.append(accident)
                raise
            request.status = response.status if response else 0
            return response

    def _outcome(self, request: Request, number: int, fault: Fault | None) -> Response | None:
        dead = self._faults.is_dead(number)
        works = number == self._faults.last_work if dead else fault is None or fault.works
        self.excel.save_due(len(self.log))
        if not dead or works:
            self._faults.before.pop(number, lambda: None)()
        response = self._answer(request) if works else None
        if not dead or works:
            self._faults.after.pop(number, lambda: None)()
        if dead or (fault and fault.drop):
            return None
        return fault.response if fault and fault.response else response

    def _answer(self, request: Request) -> Response:
        try:
            return self._routed(request)
        except Refusal as refusal:
            return refusal.response

    def _routed(self, request: Request) -> Response:
        match request.host, *request.segments:
            case [host, *_] if host == LOGIN_HOST:
                return self.entra.answer(request)
            case [host, *_, "_layouts", "15", "download.aspx"] if host == SHAREPOINT_HOST:
                return self.drives.download(request)
            case [host, "v1.0", "users", _, ("calendar" | "events"), *_] if host == GRAPH_HOST:
                access = self.entra.access(request.authorization)
                return self.calendar.answer(request, request.segments[1:], access)
            case [host, "v1.0", ("users" | "me"), *_] if host == GRAPH_HOST:
                return self.mail.answer(request, request.segments[1:], self.entra.access(request.authorization))
            case [host, "v1.0", *steps] if host == GRAPH_HOST:
                return self.drives.answer(request, steps, self.entra.access(request.authorization))
        raise no_such_request(request)
