"""The workbook API: sessions, sheets, ranges and tables, on the bytes of a stored workbook."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from openpyxl.styles.numbers import is_date_format
from openpyxl.workbook import Workbook

from scripts.adapters.workbook.xlsx import Range, Table
from tests.servers.graph.entra.access import Access
from tests.servers.graph.excel import editing, entering
from tests.servers.graph.excel.books import Book, Page, Place, Value, read_book
from tests.servers.graph.excel.ranges import (
    column_properties,
    find_page,
    free_heading,
    grid,
    heading_range,
    headings_of,
    page_properties,
    parse_range,
    range_properties,
    table_id,
    table_properties,
)
from tests.servers.graph.exchange import Refusal, Request, Response, invalid_argument, no_such_request, selected
from tests.servers.graph.files import people
from tests.servers.graph.files.files import Item

REFUSALS = {
    "EditModeAccessDenied": (403, "You do not have permission to edit this workbook."),
    "AccessDenied": (403, "Could not obtain a WAC access token."),
    "badRequest": (400, "The workbook cannot be opened by the Excel service."),
    "notImplemented": (501, "The functionality isn't implemented."),
}


@dataclass
class Session:
    """A workbook session; without `persistent` its changes go into a copy of its own."""

    item: Item
    persistent: bool
    copy: bytes = field(repr=False)
    formats: dict[tuple[str, Place], str] = field(default_factory=dict)


class Excel:
    """The Excel service; the attributes are the switches of a test."""

    def __init__(self) -> None:
        self.today = dt.date(2026, 11, 23)
        self.sessions: dict[str, Session] = {}  # those that are open
        self.save_delay = 0  # how many requests later the stored file shows a change
        self.keeps_sessionless_changes = True
        self.names_columns = True  # or a new column is Column1, whatever name is asked for
        self.renames_columns = True
        self.shown: dict[tuple[str, int], dict[str, Any]] = {}  # how a sheet's columns are shown
        self._refusal: Refusal | None = None
        self._ended: dict[str, str] = {}  # why a session is no longer known
        self._to_save: list[tuple[int, Item]] = []
        self._number = 0

    def refuse(self, code: str, status: int | None = None, message: str | None = None) -> None:
        """Refuse to open workbooks for editing from now on; `REFUSALS` are the known errors of Microsoft."""
        usual_status, usual_message = REFUSALS.get(code, (403, code))
        self._refusal = Refusal(status or usual_status, code, message or usual_message)

    def end_sessions(self, code: str = "invalidSessionReCreatable") -> None:
        """End all sessions as the service does when they were idle; their ids are answered with that code."""
        self._ended |= dict.fromkeys(self.sessions, code)
        self.sessions.clear()

    def save_due(self, number: int) -> None:
        """Store the changes that are due at the request of that number."""
        self._number = number
        self._save([item for at, item in self._to_save if at <= number])

    def save_all(self) -> None:
        """Store all changes that are not stored yet."""
        self._save([item for _, item in self._to_save])

    def _save(self, items: Sequence[Item]) -> None:
        self._to_save = [(at, item) for at, item in self._to_save if item not in items]
        for item in items:
            if item.unsaved is not None:
                item.save(item.unsaved)

    def answer(self, request: Request, item: Item, steps: Sequence[str], access: Access) -> Response:
        """Return the answer to a request, its path taken to pieces after /workbook."""
        if self._refusal and (request.method != "GET" or "workbook-session-id" in request.headers):
            raise self._refusal
        if request.method == "POST" and list(steps) == ["createSession"]:
            persistent = request.json().get("persistChanges", False) is True
            access.check_site(item.drive.site, write=persistent)
            return self._open(item, persistent)
        changes = request.method != "GET" and steps[-1:] not in (["closeSession"], ["refreshSession"])
        access.check_site(item.drive.site, write=changes)
        session = self._session(request, item)
        try:
            return self._within(request, item, session, steps)
        except (ValueError, KeyError) as error:
            raise invalid_argument(str(error)) from error

    def _open(self, item: Item, persistent: bool) -> Response:
        identifier = f"cluster=PUK1&session=15.{uuid.uuid4()}"
        self.sessions[identifier] = Session(item, persistent, item.live)
        return Response(201, {"id": identifier, "persistChanges": persistent})

    def _session(self, request: Request, item: Item) -> Session:
        identifier = request.headers.get("workbook-session-id")
        if identifier is None:
            return Session(item, self.keeps_sessionless_changes, item.live)
        session = self.sessions.get(identifier)
        if session is None or session.item is not item:
            code = self._ended.get(identifier, "invalidSession")
            raise Refusal(404, "itemNotFound", "The workbook session is no longer valid.", inner=code)
        return session

    def _within(self, request: Request, item: Item, session: Session, steps: Sequence[str]) -> Response:
        method = request.method
        book = read_book(item.live if session.persistent else session.copy)
        match method, *steps:
            case ["POST", "refreshSession"]:
                return Response(204)
            case ["POST", "closeSession"]:
                self._close(request)
                return Response(204)
            case ["GET", "worksheets"]:
                return Response(200, {"value": [page_properties(book, name) for name in book.pages]})
            case ["GET", "tables"]:
                return Response(200, {"value": [table_properties(table) for _, table in book.tables()]})
            case [_, "tables", *rest]:
                return self._table(request, session, book, rest)
            case ["GET", "worksheets", name]:
                return Response(200, page_properties(book, find_page(book, name).name))
            case ["GET", "worksheets", name, "tables"]:
                return Response(200, {"value": [table_properties(table) for table in find_page(book, name).tables]})
            case [_, "worksheets", name, "tables", *rest]:
                return self._table(request, session, book, rest)
            case ["GET", "worksheets", name, "usedRange" | "usedRange()" | "usedRange(valuesOnly=false)"]:
                page = find_page(book, name)
                return self._range(request, session, page, page.used(values_only=False))
            case ["GET", "worksheets", name, "usedRange(valuesOnly=true)"]:
                page = find_page(book, name)
                return self._range(request, session, page, page.used(values_only=True))
            case [_, "worksheets", name, call] if call.startswith("range(address='") and call.endswith("')"):
                address = call.removeprefix("range(address='").removesuffix("')").replace("''", "'")
                page = find_page(book, name)
                return self._range(request, session, page, parse_range(page, address))
            case ["PATCH", "worksheets", name, call, "format"] if call.startswith("range(address='"):
                address = call.removeprefix("range(address='").removesuffix("')")
                area = parse_range(find_page(book, name), address)
                self.shown.setdefault((name, area.first_column), {}).update(request.json())
                return Response(200, request.json())
        raise no_such_request(request)

    def _close(self, request: Request) -> None:
        identifier = request.headers.get("workbook-session-id", "")
        if self.sessions.pop(identifier, None) is None:
            raise Refusal(400, "badRequest", "The request names no workbook session.")
        self._ended[identifier] = "invalidSession"

    def _range(self, request: Request, session: Session, page: Page, area: Range) -> Response:
        if request.method == "PATCH":
            body = request.json()
            if "columnHidden" in body:
                self.shown.setdefault((page.name, area.first_column), {})["columnHidden"] = body["columnHidden"]
            page = self._changed(body, session, page, area)
        elif request.method != "GET":
            raise no_such_request(request)
        return Response(200, selected(request, range_properties(page, area, self._formats(session))))

    def _changed(self, body: Mapping[str, Any], session: Session, page: Page, area: Range) -> Page:
        """Return the page after what a PATCH asks for: formats first, so that they decide how the values are taken."""
        formats = self._formats(session)
        data = session.item.live if session.persistent else session.copy
        new_formats = grid(body.get("numberFormat"), area)
        values: dict[Place, Value] = {}
        for place, number_format in new_formats.items():
            formats[page.name, place] = str(number_format)
            value = page.at(*place).value
            if isinstance(value, int | float) and not isinstance(value, bool) and is_date_format(str(number_format)):
                values[place] = value
        values |= grid(body.get("formulas"), area) | grid(body.get("values"), area)
        own = {place: number_format for (name, place), number_format in formats.items() if name == page.name}
        new = entering.enter(data, page.name, values, self.today, own)
        self._store(session, new)
        return read_book(new).pages[page.name]

    def _table(self, request: Request, session: Session, book: Book, rest: Sequence[str]) -> Response:
        found = [
            (page, table)
            for page, table in book.tables()
            if rest and rest[0].lower() in (table.name.lower(), table_id(table).lower())
        ]
        if not found:
            raise Refusal(404, "ItemNotFound", "The requested resource doesn't exist.")
        page, table = found[0]
        match request.method, *rest[1:]:
            case ["GET"]:
                return Response(200, selected(request, table_properties(table)))
            case ["GET", "range"]:
                return self._range(request, session, page, table.range)
            case ["GET", "headerRowRange"]:
                return self._range(request, session, page, heading_range(table))
            case ["GET", "columns"]:
                columns = [column_properties(page, table, index) for index in range(len(headings_of(page, table)))]
                return Response(200, {"value": [selected(request, each) for each in columns]})
            case [("PATCH" | "DELETE"), "columns", identifier]:
                return self._change_column(request, session, page, table, int(identifier) - 1)
            case ["POST", "columns"] | ["POST", "columns", "add"]:
                return self._add_column(request.json(), session, page, table)
            case ["POST", "rows"] | ["POST", "rows", "add"]:
                return self._add_row(request.json(), session, page, table)
        raise no_such_request(request)

    def _add_column(self, body: Mapping[str, Any], session: Session, page: Page, table: Table) -> Response:
        width = table.last_column - table.first_column + 1
        if body.get("index") not in (None, -1, width):
            raise Refusal(501, "notImplemented", "The test server adds columns at the right of a table only.")
        if table.header_rows != 1:
            raise invalid_argument()
        column = table.last_column + 1
        given = [row[0] for row in body.get("values") or []]
        below = Range(table.first_row + 1, column, table.last_row - table.totals_rows, column)
        if given and len(given) != 2 + below.last_row - below.first_row:
            raise invalid_argument()
        name = str(body.get("name") or (given[0] if given else "")) if self.names_columns else ""
        heading = free_heading(name or "Column1", headings_of(page, table))
        if any(page.at(row, column).value != "" for row in range(table.first_row, table.last_row + 1)):
            raise invalid_argument()
        self._edit(session, lambda book: editing.add_column(book[page.name], table.name, heading))
        data = session.item.live if session.persistent else session.copy
        values = {(below.first_row + at, column): value for at, value in enumerate(given[1:]) if value is not None}
        self._store(session, entering.enter(data, page.name, values, self.today, {}))
        page, table = self._again(session, table)
        return Response(201, column_properties(page, table, width))

    def _change_column(self, request: Request, session: Session, page: Page, table: Table, index: int) -> Response:
        if request.method == "DELETE":
            if index != table.last_column - table.first_column:
                raise Refusal(501, "notImplemented", "The test server deletes the last column of a table only.")
            self._edit(session, lambda book: editing.delete_last_column(book[page.name], table.name))
            return Response(204)
        if self.renames_columns:
            name = str(request.json()["name"])
            self._edit(session, lambda book: editing.rename_column(book[page.name], table.name, index, name))
        page, table = self._again(session, table)
        return Response(200, column_properties(page, table, index))

    def _edit(self, session: Session, change: Callable[[Workbook], object]) -> None:
        self._store(session, editing.edited(session.item.live if session.persistent else session.copy, change))

    def _again(self, session: Session, table: Table) -> tuple[Page, Table]:
        """Return a table and its page as they are now."""
        book = read_book(session.item.live if session.persistent else session.copy)
        return next((page, each) for page, each in book.tables() if each.name == table.name)

    def _add_row(self, body: Mapping[str, Any], session: Session, page: Page, table: Table) -> Response:
        """Return a row at the table's end, as Excel adds it: with the formats and the formulas of the one above."""
        if body.get("index") is not None:
            raise Refusal(501, "notImplemented", "The test server adds rows at the end of a table only.")
        row = table.last_row + 1
        place = Range(row, table.first_column, row, table.last_column)
        values = grid(body.get("values"), place)
        columns = range(place.first_column, place.last_column + 1)
        if table.totals_rows:
            raise Refusal(501, "notImplemented", "The test server pushes no totals down.")
        if any(page.at(row, column).value != "" for column in columns):
            people.push_down(session.item, page.name, row)
        self._edit(session, lambda book: editing.add_row(book[page.name], table.name))
        data = session.item.live if session.persistent else session.copy
        self._store(session, entering.enter(data, page.name, values, self.today, {}))
        shown = read_book(session.item.live if session.persistent else session.copy).pages[page.name]
        return Response(
            201, {"index": row - table.first_row - 1, "values": [[shown.at(row, n).value for n in columns]]}
        )

    def _formats(self, session: Session) -> dict[tuple[str, Place], str]:
        return session.item.number_formats if session.persistent else session.formats

    def _store(self, session: Session, data: bytes) -> None:
        """Keep a changed workbook: in the file, soon in the file, or in a session's own copy."""
        item = session.item
        if not session.persistent:
            session.copy = data
        elif data != item.live and self.save_delay:
            item.unsaved = data
            self._to_save.append((self._number + self.save_delay, item))
        elif data != item.live:
            item.save(data)
