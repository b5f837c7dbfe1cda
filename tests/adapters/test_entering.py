"""Entries put into a tracker: what was empty is filled, what a person saved in between stays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from scripts.adapters.entering import Entered, enter
from scripts.adapters.local_store import LocalStore
from scripts.adapters.store import Store
from scripts.adapters.workbook import Names
from tests.builders import rules
from tests.scripts.trackers import AS_OF, cells_of, column_of, incident, save_tracker
from tracker_schema.columns import tracker_schema
from tracker_schema.entries import Entry

TUESDAY = dt.date(2026, 11, 24)
PERSONS = {sheet.id: [column.id for column in sheet.column if not column.by_script] for sheet in tracker_schema().sheet}
SCOPING = [
    {"reference": "CI-1", "agency": agency, "contact": None, "sent": AS_OF, "returned": None}
    for agency in ("Police", "Health")
]


@pytest.fixture
def tracker(tmp_path: Path) -> Path:
    return save_tracker(tmp_path / "log.xlsx", [incident("CI-1"), incident("CI-2")], scoping=SCOPING)


def entered(
    path: Path, *entries: Entry, dry_run: bool = False, store: Store | None = None, steps: Sequence[str] = ()
) -> Entered:
    return enter(
        store or LocalStore(path, copies_folder=None, copies=0),
        Names(),
        rules(),
        entries,
        AS_OF,
        allowed=PERSONS,
        dry_run=dry_run,
        progress=lambda _: None,
    )


RETURNED = Entry("scoping", "CI-1", {"returned": TUESDAY}, "Health")


def test_an_empty_cell_is_filled(tracker: Path) -> None:
    before = cells_of(tracker)
    done = entered(tracker, RETURNED)
    assert (done.refusal, done.cells_written, done.rows_added) == (None, 1, 0)
    assert column_of(tracker, "Returned", "Scoping") == ["", TUESDAY]
    assert cells_of(tracker) == before
    again = entered(tracker, RETURNED)
    assert (again.cells_written, again.plan.placed[0].conflicts) == (0, [])


def test_a_dry_run_writes_nothing(tracker: Path) -> None:
    before = tracker.read_bytes()
    done = entered(tracker, RETURNED, dry_run=True)
    assert done.plan.cells
    assert done.cells_written == 0
    assert tracker.read_bytes() == before


class Interrupted(LocalStore):
    """A tracker into which a person types just before each of the first writes."""

    edits: list[tuple[str, Any]]

    def write(self, *arguments: Any) -> Any:
        if self.edits:
            sheet, cells = self.edits.pop(0)
            book = openpyxl.load_workbook(self._path)
            for address, value in cells.items():
                book[sheet][address] = value
            book.save(self._path)
        return super().write(*arguments)


def test_what_a_person_types_in_between_stays(tracker: Path) -> None:
    store = Interrupted(tracker, copies_folder=None, copies=0)
    store.edits = [("Scoping", {"E6": dt.date(2026, 11, 20)})]
    done = entered(tracker, RETURNED, store=store)
    assert done.cells_written == 0
    assert [conflict.cell for conflict in done.plan.placed[0].conflicts] == ["Scoping!E6"]
    assert column_of(tracker, "Returned", "Scoping") == ["", dt.date(2026, 11, 20)]


def test_entries_may_be_made_from_the_tracker_as_it_is(tracker: Path) -> None:
    store = Interrupted(tracker, copies_folder=None, copies=0)
    store.edits = [("Scoping", {"B6": "Nurses"})]
    seen = []

    def entries(assessment: Any) -> list[Entry]:
        agencies = assessment.sheets["scoping"].facts.column("agency").values.tolist()
        seen.append(agencies)
        return [Entry("scoping", "CI-1", {"returned": TUESDAY}, agencies[-1])]

    done = enter(store, Names(), rules(), entries, AS_OF, allowed=PERSONS, dry_run=False, progress=lambda _: None)
    assert seen == [["Police", "Health"], ["Police", "Nurses"]]
    assert done.cells_written == 1


def test_a_formula_that_shows_nothing_is_left(tracker: Path) -> None:
    book = openpyxl.load_workbook(tracker)
    book["Scoping"]["E6"] = '=IF(D6="","","")'
    book.save(tracker)
    done = entered(tracker, RETURNED)
    assert done.cells_written == 0
    assert done.plan.placed[0].conflicts[0].message == (
        "Scoping!E6, “Returned”, holds a formula and was left as it is; compare the two."
    )


def test_a_tracker_that_is_open_is_left_alone(tracker: Path) -> None:
    (tracker.parent / "~$log.xlsx").write_bytes(b"\x06Sample" + bytes(158))
    before = tracker.read_bytes()
    done = entered(tracker, RETURNED)
    assert done.refusal is not None
    assert done.refusal.exit_code == 4
    assert done.cells_written == 0
    assert tracker.read_bytes() == before
