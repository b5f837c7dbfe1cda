"""Entries put into a log that has several rows for an incident, or stands on several sheets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from scripts.adapters.storage.local_store import LocalStore
from scripts.adapters.tracker.entering import Entered, enter
from scripts.adapters.workbook.read import Names
from tests.adapters.tracker.test_entering import PERSONS
from tests.builders import rules
from tests.scripts.layouts import by_year, per_notification, save_sheets, sheet_per_type
from tests.scripts.trackers import AS_OF, cells_of, column_of, incident
from tracker_schema.layouts.layouts import PER_NOTIFICATION, SHEET_PER_TYPE, Layout
from tracker_schema.returns.entries.entries import Entry

EARLIER = dt.date(2025, 11, 19)
INCIDENTS = [
    incident("CI-1", aware_date=EARLIER, incident_date=EARLIER, form_received=EARLIER),
    incident("CI-2", panel_notified=dt.date(2026, 11, 20)),
]
FACTS: dict[str, Any] = {"aware_date": AS_OF, "outcome": "Death"}
NEW = Entry("incidents", "CI-3", FACTS, new_row=True)
FORM = Entry("incidents", "CI-3", {**FACTS, "form_received": AS_OF}, new_row=True)


def entered(path: Path, names: Names, *entries: Entry) -> Entered:
    store = LocalStore(path, copies_folder=None, copies=0)
    return enter(store, names, rules(), entries, AS_OF, allowed=PERSONS, dry_run=False, progress=lambda _: None)


def filled(done: Entered) -> dict[str, Any]:
    assert done.refusal is None
    return {write.cell: write.new for write in done.plan.cells}


def names(kind: str | None = None, choices: Any = None, **sheets: Any) -> Names:
    return Names(sheets, choices=choices or {}, layout=Layout(kind=kind) if kind else Layout())  # type: ignore[arg-type]


def test_a_row_for_each_notification(tmp_path: Path) -> None:
    rows = per_notification(INCIDENTS, shared_once=True)
    path = save_sheets(tmp_path / "log.xlsx", {"Incidents": rows})
    completed = Entry(
        "incidents",
        "CI-2",
        {"heads_met": AS_OF, "form_received": dt.date(2026, 11, 18), "panel_notified": AS_OF, "cspr_referred": AS_OF},
    )
    done = entered(path, names(PER_NOTIFICATION), completed, NEW)
    headings = cells_of(path)[2]
    column = headings.index("Heads of Service met")
    assert list(filled(done).values()) == [AS_OF]
    assert [row[column] for row in cells_of(path)[3:]] == ["", AS_OF, ""]
    conflict, no_place = done.plan.placed[0].conflicts, done.plan.placed[0].unplaced
    assert [each.column for each in conflict] == ["panel_notified"]
    assert "holds something else and was not changed" in conflict[0].message
    assert no_place == ['The sheet “Incidents” has no column “CSPR referral made”. Add that heading, or name yours in '
                        "config.toml as columns.incidents.cspr_referred."]  # fmt: skip
    assert done.plan.placed[1].unplaced == (
        "The log has a row for each notification, so no row can be added for CI-3. Please add a row for CI-3 yourself, "
        "then run again to fill it in.",
    )


@pytest.mark.parametrize(("words", "written"), [({}, "Critical incident"), ({"CIF": "Critical incident"}, "CIF")])
def test_a_row_for_the_first_notification(words: Mapping[str, str], written: str, tmp_path: Path) -> None:
    path = save_sheets(tmp_path / "log.xlsx", {"Incidents": per_notification(INCIDENTS, shared_once=True)})
    own = names(PER_NOTIFICATION, choices={"notification_type": words})
    late = Entry("incidents", "ci-3", {"form_received": dt.date(2026, 11, 24), "team": "North"}, new_row=True)
    done = entered(path, own, FORM, late)
    assert done.rows_added == 1
    new = dict(zip(cells_of(path)[2], cells_of(path)[-1], strict=True))
    assert {heading: value for heading, value in new.items() if value != ""} == {
        "Reference": "CI-3",
        "Notification type": written,
        "Date of notification": AS_OF,
        "Date aware": AS_OF,
        "Outcome": "Death",
    }
    assert "was given two different answers" in done.plan.placed[1].conflicts[0].message
    again = entered(path, own, FORM)
    assert not again.plan
    assert not again.plan.placed[0].conflicts
    assert again.tracker.incidents[-1].date("form_received") == dt.date(2026, 11, 23)


def test_a_sheet_for_each_type(tmp_path: Path) -> None:
    every = [*INCIDENTS, incident("CI-9", panel_notified=AS_OF, cspr_referred=AS_OF)]
    path = save_sheets(tmp_path / "log.xlsx", sheet_per_type(every))
    completed = Entry("incidents", "CI-2", {"heads_met": AS_OF})
    other = Entry("incidents", "CI-4", FACTS, new_row=True)
    done = entered(path, names(SHEET_PER_TYPE), completed, FORM, other)
    assert {cell.partition("!")[0] for cell in filled(done)} == {"Critical incident"}
    assert column_of(path, "Reference", "Critical incident") == ["CI-1", "CI-2", "CI-9", "CI-3"]
    assert column_of(path, "Date of notification", "Critical incident")[-1] == AS_OF
    assert "so no row can be added for CI-4." in done.plan.placed[2].unplaced[0]
    again = entered(path, names(SHEET_PER_TYPE), completed, FORM)
    assert not again.plan
    assert [each.reference for each in again.tracker.incidents] == ["CI-1", "CI-2", "CI-9", "CI-3"]


def test_a_sheet_for_each_year(tmp_path: Path) -> None:
    path = save_sheets(tmp_path / "log.xlsx", by_year(INCIDENTS))
    before = cells_of(path, "2025")
    done = entered(path, names(incidents=["2025", "2026"]), Entry("incidents", "CI-2", {"heads_met": AS_OF}), NEW)
    assert [cell.partition("!")[0] for cell in filled(done)] == ["2026"]
    assert done.plan.placed[1].unplaced[0].startswith("The log is on several sheets, so no row can be added for CI-3.")
    done = entered(path, names(incidents=["2026"], closed=["2025"]), NEW, Entry("incidents", "CI-1", {"team": "North"}))
    assert done.rows_added == 1
    assert [row[0] for row in cells_of(path, "2026")[3:]] == ["CI-2", "CI-3"]
    assert cells_of(path, "2025") == before  # it has no column for a team


CHILDREN = [
    incident(reference, child_id=child, sex=None)
    for reference, child in (("CI-1/1", "1001"), ("CI-1/2", "1002"), ("CI-2", "1003"))
]


def test_what_is_said_of_each_child_is_left_to_a_person(tmp_path: Path) -> None:
    path = save_sheets(tmp_path / "log.xlsx", {"Incidents": CHILDREN})
    done = entered(
        path,
        Names(),
        Entry("incidents", "CI-1", {"heads_met": AS_OF, "sex": "Made up", "outcome": "Serious harm"}),
        Entry("incidents", "CI-2", {"sex": "Made up"}),
        NEW,
    )
    assert done.refusal is None
    assert [row[0] for row in cells_of(path)[3:]] == ["CI-1/1", "CI-1/2", "CI-2", "CI-3"]
    first, second, third = done.plan.placed
    assert [cell.row for cell in first.cells] == [4]
    assert first.unplaced == ["“Sex” is filled in for each child of CI-1, which has several. Enter it by hand."]
    assert not first.conflicts
    assert [cell.row for cell in second.cells] == [6]
    assert third.is_new
    of_child = entered(path, Names(), Entry("incidents", "CI-1/2", {"decision": "Notify Panel"}, new_row=True))
    assert [cell.row for cell in of_child.plan.cells] == [4]  # of the incident, which a reference of a child names too


@pytest.mark.parametrize(("choices", "written"), [({"outcome": {"SI": "Serious harm"}}, "SI"), ({}, "Serious harm")])
def test_a_choice_is_entered_in_the_councils_own_word(
    choices: Mapping[str, Mapping[str, str]], written: str, tmp_path: Path
) -> None:
    path = save_sheets(tmp_path / "log.xlsx", {"Incidents": [incident("CI-1", outcome=None)]})
    own = Names(choices=choices)
    wanted = Entry("incidents", "CI-1", {"outcome": "serious harm"})
    assert list(filled(entered(path, own, wanted)).values()) == [written]
    again = entered(path, own, wanted)
    assert not again.plan
    assert not again.plan.placed[0].conflicts
