"""The main job on a tracker in SharePoint, through its command line and the real libraries, while people work in it.

Whatever is done to the tracker is done before the first request of a run, then before the second of another, and so on.
"""

from __future__ import annotations

import datetime as dt
import os
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from scripts import check_tracker, explain_deadline
from scripts.adapters.graph import calls
from tests.adapters.graph.sharepoint import COLUMN, NAME, column_numbers, config_file, put, saved
from tests.scripts.trackers import AS_OF, cells_of, incident, save_tracker, told
from tracker_schema.columns.schema import tracker_schema
from tracker_schema.errors import TrackerBusy, TrackerError, TrackerUnreachable, TrackerUnusable

if TYPE_CHECKING:
    from tests.servers.graph.files.files import Item
    from tests.servers.graph.server import GraphServer

MODES = ("cells", "upload")
HEADINGS = 4  # their row
SHEETS = ("Incidents", "Scoping", "Actions")
RETURN = {"reference": "CI-1", "agency": "School", "sent": dt.date(2026, 11, 16), "returned": None}
SCOPING = column_numbers("scoping", RETURN)
REFERENCE, AWARE, PLACE, REASON = (COLUMN[each] for each in ("reference", "aware_date", "place", "decision_reason"))
DAY_BEFORE = (AS_OF - dt.timedelta(days=3)).isoformat()  # a Friday


def workbook(path: Path, *, table: bool) -> bytes:
    """Five incidents, one of them without a reference, with returns of several agencies and an action."""
    return save_tracker(
        path,
        [
            incident("CI-1"),
            incident("CI-2", aware_date=dt.date(2026, 11, 12), incident_date=dt.date(2026, 11, 12)),
            incident("CI-3", outcome="Other"),
            incident("CI-4", aware_date=dt.date(2026, 11, 20)),
        ],
        scoping=[
            RETURN,
            RETURN | {"agency": "Police", "returned": dt.date(2026, 11, 18)},
            RETURN | {"reference": "CI-2", "agency": "Health", "sent": dt.date(2026, 11, 19)},
        ],
        actions=[{"reference": "CI-1", "action": "made up", "due": dt.date(2026, 11, 20), "done": None}],
        table=table,
    ).read_bytes()


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[bool, bool], bytes]:
    """Trackers by (a table or not, checked on the day before or never)."""
    folder = tmp_path_factory.mktemp("books")
    found = {}
    for table in (True, False):
        path = folder / f"table {table}" / NAME
        path.parent.mkdir()
        found[table, False] = workbook(path, table=table)
        (folder / "config.toml").write_text("tracker.copies = 0")
        arguments = ["--tracker", str(path), "--as-of", DAY_BEFORE, "--config", str(folder / "config.toml")]
        assert check_tracker.main([*arguments, "--json"]) == 0
        found[table, True] = path.read_bytes()
    return found


class Installation:
    """The tracker in SharePoint, and the job that checks it."""

    def __init__(self, graph: GraphServer, config: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.graph = graph
        self.config = config
        self.folder = folder
        self.capsys = capsys
        self.item: Item

    def put(self, data: bytes) -> None:
        """Begin anew with this workbook."""
        self.item = put(self.graph, data)

    def run(self, *more: str) -> dict[str, Any]:
        """Run the job and return its JSON. Raises the error that it ends with."""
        self.graph.new_run()
        check_tracker.main(["--config", str(self.config), "--as-of", AS_OF.isoformat(), "--json", *more])
        return told(self.capsys.readouterr().out)

    def run_to_the_end(self) -> type[TrackerError] | None:
        """Run the job. Return the kind of failure with which the next run has to catch up, None without one."""
        try:
            check_tracker.main(["--config", str(self.config), "--as-of", AS_OF.isoformat(), "--json"])
        except TrackerBusy as busy:
            return type(busy)
        return None

    def goes_wrong_at(self, number: int, **fault: Any) -> None:
        """Let the n-th request of the next run go wrong."""
        if number == 1:
            self.graph.fault(**fault)
        else:
            self.graph.after_request(number - 1, lambda: self.graph.fault(**fault))

    def moments(self, first: int = 1) -> Iterator[int]:
        """Give the numbers of the requests of the last run at which something is to happen, from the `first` on.

        Every one with EVERY_REQUEST=1. Without it every third: a test of each kind begins at another one.
        """
        step = 1 if os.environ.get("EVERY_REQUEST") else 3
        begin = zlib.crc32(os.environ.get("PYTEST_CURRENT_TEST", "").partition(" ")[0].encode()) % step
        yield from range(first + begin, len(self.graph.run) + 1, step)

    def requests(self) -> list[str]:
        """Return the requests of the last run to Graph itself."""
        return [str(request) for request in self.graph.run if request.host == "graph.microsoft.com"]

    def peoples_rows(self) -> dict[str, Counter[tuple[Any, ...]]]:
        """Return people's cells of each sheet, row by row in any order."""
        return {sheet: Counter(self._rows(sheet)) for sheet in SHEETS}

    def _rows(self, sheet: str) -> Iterator[tuple[Any, ...]]:
        ours = {column.heading for column in tracker_schema().sheets[sheet.lower()].written_by_script()}
        cells = cells_of(saved(self.item, self.folder / "persons.xlsx"), sheet)
        headings = cells[HEADINGS - 1]
        assert all(headings.count(heading) <= 1 for heading in ours)
        assert not any(str(heading).startswith("Column") or str(heading)[-1:].isdigit() for heading in headings)
        for row in cells:
            values = [cell for cell, heading in zip(row, headings, strict=True) if heading not in ours]
            if any(value != "" for value in values):
                yield tuple(values)

    def is_right(self) -> bool:
        """Return True when a check of the file itself finds nothing more to write."""
        path = saved(self.item, self.folder / "right" / NAME)
        arguments = ["--tracker", str(path), "--as-of", AS_OF.isoformat(), "--dry-run", "--json"]
        self.capsys.readouterr()
        check_tracker.main(arguments)
        return bool(told(self.capsys.readouterr().out)["written"]["cells"] == 0) and "Status" in str(cells_of(path))


@pytest.fixture
def installed(
    graph: GraphServer,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    waits: list[float],
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[str], Installation]:
    """An installation that writes in a given mode."""
    (tmp_path / "right").mkdir()
    monkeypatch.setenv("TRACKER_CLIENT_SECRET", graph.entra.secret)
    return lambda mode: Installation(graph, config_file(graph, tmp_path, mode=mode), tmp_path, capsys)


@pytest.fixture(params=MODES)
def tracker(request: pytest.FixtureRequest, installed: Callable[[str], Installation]) -> Installation:
    """An installation in each of the modes."""
    return installed(request.param)


# What a person may do


def types(graph: GraphServer, item: Item) -> None:
    """Type another date, a summary, and a return that came."""
    graph.person_edits(
        item,
        {"Incidents": {(6, AWARE): dt.date(2026, 11, 19), (7, PLACE): "Elsewhere in England"}},
    )
    graph.person_edits(item, {"Scoping": {(5, SCOPING["returned"]): dt.date(2026, 11, 20)}})


def sorts(graph: GraphServer, item: Item) -> None:
    """Sort the newest first, and the returns by agency."""
    graph.sort_rows(item, "Incidents", REFERENCE, HEADINGS + 1, descending=True)
    graph.sort_rows(item, "Scoping", SCOPING["agency"], HEADINGS + 1)


def inserts(graph: GraphServer, item: Item) -> None:
    """Insert a new incident among the others."""
    graph.insert_row(item, "Incidents", 6, {REFERENCE: "CI-9", AWARE: dt.date(2026, 11, 20)})


def deletes(graph: GraphServer, item: Item) -> None:
    """Delete an incident that was none, and its return."""
    graph.delete_row(item, "Incidents", 6)
    graph.delete_row(item, "Scoping", 7)


def clears(graph: GraphServer, item: Item) -> None:
    """Empty the row of an incident that was entered by mistake."""
    graph.person_edits(item, {"Incidents": dict.fromkeys([(7, column) for column in COLUMN.values()], None)})


DEEDS = (types, sorts, inserts, deletes, clears)


@pytest.mark.parametrize(
    ("deed", "table", "checked"),
    [*((deed, True, True) for deed in DEEDS), (types, False, False)],
)
def test_what_a_person_does_at_any_moment_stays(
    deed: Callable[[GraphServer, Item], None],
    table: bool,
    checked: bool,
    tracker: Installation,
    books: dict[tuple[bool, bool], bytes],
) -> None:
    book = books[table, checked]
    tracker.put(book)
    deed(tracker.graph, tracker.item)
    wanted = tracker.peoples_rows()
    tracker.put(book)
    tracker.run()
    for number in tracker.moments(1):
        tracker.put(book)
        tracker.graph.before_request(number, lambda: deed(tracker.graph, tracker.item))
        ended = tracker.run_to_the_end()
        assert ended is None, f"before request {number}"
        assert tracker.peoples_rows() == wanted, f"before request {number}"
        if not tracker.is_right():  # it came too late to be seen
            tracker.run()
        assert tracker.is_right(), f"before request {number}"
        assert tracker.peoples_rows() == wanted, f"before request {number}"
        assert not tracker.graph.excel.sessions


def test_what_is_gone_from_the_log_is_named_until_it_is_back(
    tracker: Installation, books: dict[tuple[bool, bool], bytes]
) -> None:
    tracker.put(books[False, True])
    assert tracker.run()["log_changes"] == []
    tracker.graph.delete_row(tracker.item, "Incidents", 6)
    tracker.graph.delete_row(tracker.item, "Scoping", 5)
    tracker.graph.person_edits(tracker.item, {"Incidents": {(5, AWARE): dt.date(2026, 11, 17)}})
    first, second, third = tracker.run()["log_changes"]
    assert first["message"].startswith("In the last check, not in the tracker any more: CI-2. Put the row back")
    assert second["message"].startswith("Fewer rows on the sheet “Scoping” than in the last check: CI-1 had 2, has 1.")
    assert third["message"].startswith("Date aware of CI-1 was")
    tracker.graph.person_edits(tracker.item, {"Incidents": {(HEADINGS, COLUMN["panel_notified"]): "Panel letter"}})
    with pytest.raises(TrackerUnusable, match="“Panel notified” was there at the last run"):
        tracker.run()
    told_all = told(tracker.capsys.readouterr().out)
    assert [change["kind"] for change in told_all["log_changes"]] == ["heading", "row", "row"]
    with pytest.raises(TrackerUnusable, match="“Panel notified” was there at the last run"):
        explain_deadline.main(["CI-1", "--config", str(tracker.config), "--as-of", AS_OF.isoformat()])
    assert "State    cannot tell" in tracker.capsys.readouterr().out
    tracker.put(books[False, True])
    assert [change["kind"] for change in tracker.run()["log_changes"]] == ["file", "date"]
    assert tracker.run()["log_changes"] == []


@pytest.mark.parametrize("deed", [sorts, inserts])
def test_while_downloads_are_behind_what_people_see(
    deed: Callable[[GraphServer, Item], None],
    installed: Callable[[str], Installation],
    books: dict[tuple[bool, bool], bytes],
) -> None:
    tracker = installed("cells")
    tracker.put(books[True, True])
    deed(tracker.graph, tracker.item)
    wanted = tracker.peoples_rows()
    tracker.put(books[True, True])
    tracker.run()
    tracker.graph.excel.save_delay = 2
    for number in tracker.moments(8):
        tracker.put(books[True, True])
        tracker.graph.before_request(number, lambda: deed(tracker.graph, tracker.item))
        tracker.run_to_the_end()
        assert tracker.peoples_rows() == wanted, f"before request {number}"
        tracker.capsys.readouterr()
        tracker.graph.excel.save_due(-1)
        tracker.run()
        tracker.graph.excel.save_due(-1)
        assert tracker.is_right(), f"before request {number}"
        assert tracker.peoples_rows() == wanted, f"before request {number}"


@pytest.mark.parametrize("after_work", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("table", "checked"), [(False, False), (True, True)], ids=["new", "known"])
def test_killed_at_any_request_and_run_again(
    after_work: bool, table: bool, checked: bool, tracker: Installation, books: dict[tuple[bool, bool], bytes]
) -> None:
    from tests.servers.graph.redirect import Killed

    book = books[table, checked]
    tracker.put(book)
    wanted = tracker.peoples_rows()
    told_first = tracker.run()
    written = tracker.item.live
    for number in tracker.moments(1):
        tracker.put(book)
        tracker.graph.kill_at(number, after_work=after_work)
        with pytest.raises(Killed):
            tracker.run_to_the_end()
        tracker.capsys.readouterr()
        assert tracker.peoples_rows() == wanted, f"killed at request {number}"
        again = tracker.run()
        assert again["written"]["cells"] <= told_first["written"]["cells"]
        assert tracker.is_right(), f"killed at request {number}"
        assert tracker.peoples_rows() == wanted, f"killed at request {number}"
    versions = len(tracker.item.history)
    assert tracker.run()["written"]["cells"] == 0
    assert len(tracker.item.history) == versions
    assert [cells_of(saved(tracker.item, tracker.folder / "a.xlsx"), sheet) for sheet in SHEETS] == [
        cells_of(_file(tracker.folder / "b.xlsx", written), sheet) for sheet in SHEETS
    ]


@pytest.mark.parametrize("after_work", [False, True], ids=["before", "after"])
def test_an_answer_lost_at_any_request(
    after_work: bool, tracker: Installation, books: dict[tuple[bool, bool], bytes]
) -> None:
    tracker.put(books[False, True])
    wanted = tracker.peoples_rows()
    tracker.run()
    for number in tracker.moments(1):
        tracker.put(books[False, True])
        tracker.goes_wrong_at(number, drop="after" if after_work else "before")
        assert tracker.run_to_the_end() is None, f"lost at request {number}"
        assert tracker.is_right(), f"lost at request {number}"
        assert tracker.peoples_rows() == wanted, f"lost at request {number}"


@pytest.mark.parametrize(
    ("trouble", "names"),
    [
        *(("before", True), ("after", True), ("killed before", True), ("killed after", True)),
        *(("before", False), ("after", False)),
    ],
)
def test_a_column_is_added_to_a_table_once(
    trouble: str, names: bool, installed: Callable[[str], Installation], books: dict[tuple[bool, bool], bytes]
) -> None:
    from tests.servers.graph.redirect import Killed

    tracker = installed("cells")
    tracker.put(books[True, False])
    tracker.graph.excel.names_columns = names  # or each comes as Column1, and is renamed
    wanted = tracker.peoples_rows()
    tracker.run()
    added = [
        number
        for number, request in enumerate(tracker.graph.run, 1)
        if request.path.endswith("/columns") and request.method == "POST"
    ]
    assert len(added) == sum(
        len(list(sheet.written_by_script())) for sheet in tracker_schema().sheet if sheet.heading in SHEETS
    )
    for number in (added[0], added[3], added[-1]):
        tracker.put(books[True, False])
        if trouble.startswith("killed"):
            tracker.graph.kill_at(number, after_work=trouble.endswith("after"))
            with pytest.raises(Killed):
                tracker.run_to_the_end()
            tracker.capsys.readouterr()
            tracker.run()
        else:
            tracker.goes_wrong_at(number, drop=trouble)
            assert tracker.run_to_the_end() is None
        assert tracker.peoples_rows() == wanted
        assert tracker.is_right()


def _file(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


# Trouble of a known kind


def test_open_in_excel_for_an_hour(
    installed: Callable[[str], Installation], books: dict[tuple[bool, bool], bytes], waits: list[float]
) -> None:
    tracker = installed("upload")
    tracker.put(books[False, True])
    before = tracker.item.live
    tracker.item.locked_by = "Ann Sample"
    with pytest.raises(TrackerBusy) as caught:
        tracker.run()
    assert caught.value.exit_code == 4
    assert str(caught.value) == (
        f"{NAME} is locked by Ann Sample, so nothing was written. Run again when it is closed, or let the next run "
        "catch up."
    )
    assert tracker.item.live == before
    assert waits == []
    assert len(tracker.graph.requests_to("/content", "PUT")) == 1
    assert told(tracker.capsys.readouterr().out)["written"]["cells"] == 0
    tracker.item.locked_by = None
    tracker.run()
    assert tracker.is_right()


def test_open_in_excel_does_not_stop_cells(
    installed: Callable[[str], Installation], books: dict[tuple[bool, bool], bytes]
) -> None:
    tracker = installed("cells")
    tracker.put(books[True, True])
    tracker.item.locked_by = "Ann Sample"
    tracker.run()
    assert tracker.is_right()


def test_throttled_for_thirty_seconds_at_any_request(
    tracker: Installation, books: dict[tuple[bool, bool], bytes], waits: list[float]
) -> None:
    tracker.put(books[True, True])
    tracker.run()
    for number, request in enumerate(list(tracker.graph.run), 1):
        if request.host != "graph.microsoft.com":
            continue
        tracker.put(books[True, True])
        waits.clear()
        tracker.goes_wrong_at(number, status=429, headers={"Retry-After": "30"})
        assert tracker.run_to_the_end() is None
        assert waits == ([] if request.path.endswith("closeSession") else [30]), str(request)
        assert tracker.is_right()


def test_throttled_for_longer_than_anybody_waits(
    tracker: Installation, books: dict[tuple[bool, bool], bytes], waits: list[float]
) -> None:
    tracker.put(books[True, True])
    tracker.graph.fault(path_contains="/content", status=429, headers={"Retry-After": "3600"})
    with pytest.raises(TrackerUnreachable, match=r"^SharePoint has too many requests .* Run again in 60 minutes"):
        tracker.run()
    assert waits == []


def test_offline(tracker: Installation, books: dict[tuple[bool, bool], bytes], waits: list[float]) -> None:
    tracker.put(books[True, True])
    tracker.run()
    for number in range(3, len(tracker.graph.run) - 1):
        tracker.put(books[True, True])
        waits.clear()
        tracker.graph.drop_from(number)
        assert tracker.run_to_the_end() is not None, number
        assert calls.ATTEMPTS - 1 <= len(waits) <= 2 * (calls.ATTEMPTS - 1), number
        tracker.capsys.readouterr()
        tracker.run()
        assert tracker.is_right()


def test_the_answer_to_an_upload_that_was_done_is_lost(
    installed: Callable[[str], Installation], books: dict[tuple[bool, bool], bytes]
) -> None:
    tracker = installed("upload")
    for lost in ({"drop": "after"}, {"status": 504, "after_work": True}):
        tracker.put(books[False, True])
        tracker.graph.fault(method="PUT", **lost)
        assert tracker.run()["written"]["cells"] > 0
        assert len([request for request in tracker.graph.run if request.method == "PUT"]) == 1
        assert len(tracker.item.history) == 1
        assert tracker.is_right()


def test_the_token_runs_out_in_mid_run(tracker: Installation, books: dict[tuple[bool, bool], bytes]) -> None:
    tracker.put(books[True, True])
    tracker.run()
    for number in tracker.moments(1):
        tracker.put(books[True, True])
        tracker.graph.before_request(number, tracker.graph.entra.expire_tokens)
        tracker.run_to_the_end()
        assert tracker.is_right(), f"before request {number}"


def test_somebody_who_saves_each_time(
    installed: Callable[[str], Installation], books: dict[tuple[bool, bool], bytes]
) -> None:
    tracker = installed("upload")
    tracker.put(books[True, True])
    real = tracker.graph.drives.answer

    def racing(request: Any, *more: Any) -> Any:
        if request.method == "PUT":
            tracker.graph.person_edits(tracker.item, {"Incidents": {(6, REASON): f"made up {len(tracker.graph.log)}"}})
        return real(request, *more)

    tracker.graph.drives.answer = racing  # type: ignore[method-assign, assignment]
    with pytest.raises(TrackerBusy, match="The tracker had changed each time it was to be written"):
        tracker.run()
    assert len(tracker.graph.requests_to("/content", "PUT")) == 4


# How many requests


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A tracker with 200 incidents, checked today."""
    path = tmp_path_factory.mktemp("large") / NAME
    save_tracker(path, [incident(f"CI-{number:03}") for number in range(200)], table=True)
    (path.parent / "config.toml").write_text("tracker.copies = 0")
    arguments = ["--tracker", str(path), "--as-of", AS_OF.isoformat(), "--config", str(path.parent / "config.toml")]
    assert check_tracker.main([*arguments, "--json"]) == 0
    return path.read_bytes()


@pytest.mark.parametrize(("mode", "most"), [("cells", 20), ("auto", 20), ("upload", 7)])
@pytest.mark.parametrize("changed", [range(5, 205, 20), range(5, 15), [*range(5, 10), 60, 100, 101, 150, 204]])
def test_ten_rows_of_two_hundred(
    mode: str, most: int, changed: list[int], installed: Callable[[str], Installation], large: bytes
) -> None:
    tracker = installed(mode)
    tracker.put(large)
    late = dict.fromkeys([(row, AWARE) for row in changed], dt.date(2026, 11, 12))
    tracker.graph.person_edits(tracker.item, {"Incidents": late})
    assert tracker.run()["written"]["cells"] >= 3 * len(changed)
    assert len(tracker.requests()) <= most, "\n".join(tracker.requests())
    assert tracker.is_right()
    tracker.run()
    assert len(tracker.requests()) == 4


def test_ten_rows_on_the_next_day_and_with_agencies(
    installed: Callable[[str], Installation], books: dict[tuple[bool, bool], bytes]
) -> None:
    tracker = installed("cells")
    tracker.put(books[True, True])
    tracker.run()
    assert len(tracker.requests()) <= 20


# Other jobs, other places


def test_a_file_on_the_command_line_goes_before_sharepoint(
    tracker: Installation, books: dict[tuple[bool, bool], bytes]
) -> None:
    path = _file(tracker.folder / NAME, books[True, True])
    tracker.run("--tracker", str(path))
    assert tracker.graph.log == []


def test_a_dry_run_and_an_explanation_only_read(tracker: Installation, books: dict[tuple[bool, bool], bytes]) -> None:
    tracker.put(books[True, False])
    assert tracker.run("--dry-run")["written"]["dry_run"]
    assert len(tracker.requests()) == 4
    tracker.graph.new_run()
    explain = ["CI-1", "--config", str(tracker.config), "--as-of", AS_OF.isoformat()]
    assert explain_deadline.main(explain) == 0
    assert "Decide on the threshold" in tracker.capsys.readouterr().out
    assert {request.method for request in tracker.graph.run if request.host == "graph.microsoft.com"} == {"GET"}
    assert len(tracker.requests()) == 4


# Nothing of a child


def test_nothing_personal_in_addresses_or_messages(
    tracker: Installation, books: dict[tuple[bool, bool], bytes], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    secret = "Zanzibarovich"  # noqa: S105 - a made-up name
    for trouble in ({}, {"status": 500}, {"status": 403}, {"status": 404}, {"drop": "before"}):
        tracker.put(books[True, True])
        personal = (COLUMN["initials"], REASON)
        edits: dict[tuple[int, int], Any] = {(row, column): secret for row in (5, 6) for column in personal}
        tracker.graph.person_edits(tracker.item, {"Incidents": edits})
        tracker.graph.log.clear()
        message = ""
        if trouble:
            tracker.graph.fault(path_contains="/items/", times=50, **trouble)
        try:
            tracker.run()
        except TrackerError as error:
            message = str(error)
        output = tracker.capsys.readouterr()
        addresses = " ".join(f"{request.target} {request.headers}" for request in tracker.graph.log)
        assert message or not trouble
        for text in (message, output.out, output.err, caplog.text, addresses):
            assert secret not in text
            assert "CI-1" not in addresses
        assert "graph.microsoft.com" not in message
        assert "Bearer" not in caplog.text
