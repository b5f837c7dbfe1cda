"""What is said of each child is read, checked and timed for each; a duty that one child raises is the incident's."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import openpyxl
import pytest

from scripts.adapters.workbook.read import Names, read_tracker
from tests.builders import MONDAY, rules
from tracker_schema.incidents.assess import assess
from tracker_schema.incidents.incident import Tracker

DAY, AWARE = dt.date(2026, 11, 17), dt.date(2026, 11, 18)
BORN = dt.date(2015, 3, 4)
FACTS = ("Date of birth", "Outcome", "Looked after", "Care leaver", "Abuse or neglect")
DIED_LOOKED_AFTER = (BORN, "Death", "Yes", "No", "No")
HARMED = (BORN, "Serious harm", "No", "No", "No")
ENDS = {
    "rows": (("CI-1", None), ("CI-1", None)),
    "a column": (("CI-1", "1"), ("CI-1", "2")),
    "a suffix": (("CI-1a", None), ("CI-1b", None)),
}


def read(kind: str, *children: tuple[Any, ...]) -> Tracker:
    """The tracker with one incident of two children, told apart in that way, and another before it."""
    workbook = openpyxl.Workbook()
    page = workbook.worksheets[0]
    page.title = "Incidents"
    page.append(
        (
            "Reference",
            "Child",
            "Date of incident",
            "Date aware",
            *FACTS,
            "Secretary of State and Ofsted notified",
            "Panel notified",
        )
    )
    page.append(("CI-0", None, DAY, AWARE, *HARMED))
    first, second = ENDS[kind]
    for (reference, mark), facts in zip((first, second), children, strict=True):
        page.append((reference, mark, DAY, AWARE, *facts))
    if kind == "rows":
        page.merge_cells("A3:A4")
    target = io.BytesIO()
    workbook.save(target)
    return assess(read_tracker(target.getvalue(), "log.xlsx", Names()), rules(), MONDAY)


@pytest.mark.parametrize("kind", ENDS)
@pytest.mark.parametrize("order", [1, -1])
def test_a_looked_after_child_who_died_makes_the_duty_the_incidents(kind: str, order: int) -> None:
    tracker = read(kind, *(DIED_LOOKED_AFTER, HARMED)[::order])
    assert [len(incident.children) for incident in tracker.incidents] == [1, 2]
    assert "notify_ofsted" not in tracker.find("CI-0").clocks
    assert "notify_ofsted" in tracker.find("CI-1").clocks


@pytest.mark.parametrize("kind", ENDS)
def test_facts_of_two_children_do_not_add_up_to_one(kind: str) -> None:
    died = (BORN, "Death", "No", "No", "No")
    looked_after = (BORN, "Serious harm", "Yes", "No", "No")
    assert "notify_ofsted" not in read(kind, died, looked_after).find("CI-1").clocks


@pytest.mark.parametrize("kind", ENDS)
def test_a_fact_that_cannot_be_read_is_named_at_its_childs_cell(kind: str) -> None:
    tracker = read(kind, HARMED, ("soon", *HARMED[1:]))
    assert "Incidents!E4" in {problem.cell for problem in tracker.problems if problem.code == "unreadable-date"}
