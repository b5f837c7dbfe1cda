"""A log in another layout says the same as one with a row for each incident, whatever stands in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.builders import MONDAY, persons_columns, rules, sheet_as_read, tracker
from tests.tracker_schema.clocks.oracle import Settings
from tests.tracker_schema.clocks.random_rows import (
    Recipe,
    cell_and_fact,
    rows_of_recipes,
    rules_of,
    settings_of_councils,
)
from tracker_schema.clocks.results import State
from tracker_schema.columns.schema import INCIDENTS, tracker_schema
from tracker_schema.incidents.assess import assess
from tracker_schema.incidents.incident import Tracker
from tracker_schema.layouts.combine_sheets import combine_sheets
from tracker_schema.layouts.layouts import (
    CHILD,
    DATE,
    PER_NOTIFICATION,
    SHEET_PER_TYPE,
    TYPE,
    Layout,
    layout_schema,
    with_layout,
)
from tracker_schema.layouts.rows import SheetRows, WorkbookRows

Row = Mapping[str, Any]
Rows = list[dict[str, Any]]
SHEET = tracker_schema().sheets[INCIDENTS]
TYPES = {type_.name: type_.date for type_ in layout_schema().type}
# Of which columns a log with the notification's date in one column has no other.
DATES = set(TYPES.values())


def page(rows: Sequence[Row], layout: Layout, name: str, **more: Any) -> SheetRows:
    """A worksheet with those rows and the columns that they have; the first is the reference."""
    columns = ["reference", *dict.fromkeys(column for row in rows for column in row if column != "reference")]
    return sheet_as_read(INCIDENTS, rows, columns, sheet=with_layout(SHEET, layout, {}), name=name, **more)


def exploded(incidents: Sequence[Row], *, once: bool) -> Rows:
    """A row for each notification; with `once` the facts stand on the first of an incident only."""
    rows: Rows = []
    for incident in incidents:
        facts = {column: cell for column, cell in incident.items() if column not in DATES}
        for number, (type_, date) in enumerate(TYPES.items()):
            cell = incident.get(date, "")
            if number == 0 or cell != "":
                said = {"reference": incident["reference"]} if number and once else facts
                rows.append({TYPE: type_, DATE: cell} | said)
    return rows


def per_notification(incidents: Sequence[Row], once: bool) -> SheetRows:
    layout = Layout(PER_NOTIFICATION)
    return combine_sheets(SHEET, [page(exploded(incidents, once=once), layout, "Log")], layout, date_1904=False)


def sheet_per_type(incidents: Sequence[Row], once: bool) -> SheetRows:
    layout = Layout(SHEET_PER_TYPE)
    rows = exploded(incidents, once=once)
    pages = []
    for type_ in TYPES:
        of_type = [
            {column: cell for column, cell in row.items() if column != TYPE} for row in rows if row[TYPE] == type_
        ]
        if not of_type:
            of_type = [{"reference": "", DATE: ""}]
        pages.append(page(of_type, layout, type_, notification_type=type_))
    return combine_sheets(SHEET, pages, layout, date_1904=False)


def sheets_of_years(incidents: Sequence[Row], once: bool) -> SheetRows:
    """Three sheets, of which each has only the columns that it needs; the middle one may be empty."""
    cuts = (0, len(incidents) // 2, len(incidents) // 2 + int(once), len(incidents))
    names = ("2024", "2025", "2026")
    pages = [page(incidents[cuts[n] : cuts[n + 1]], Layout(), names[n]) for n in range(3)]
    return combine_sheets(SHEET, pages, Layout(), date_1904=False)


LAYOUTS: tuple[Callable[[Sequence[Row], bool], SheetRows], ...] = (per_notification, sheet_per_type, sheets_of_years)


def facts_of(read: Tracker) -> dict[str, Any]:
    """Return the clocks, status columns and problems of each incident, without its place in the workbook."""
    return {
        incident.reference: (
            {
                clock: (result.anchor, result.due, result.stopped, result.state, result.working_days_left)
                for clock, result in incident.clocks.items()
            },
            {column: value for column, value in incident.worked_out.items() if column != "data_problems"},
            sorted(
                (problem.code, problem.severity, str(problem.column))
                for problem in incident.problems
                if problem.code != "wrong-column"
            ),
        )
        for incident in read.incidents
    }


@settings(
    max_examples=40,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(rows_of_recipes, settings_of_councils, st.sampled_from(LAYOUTS), st.booleans())
def test_a_log_in_any_layout_says_what_it_says_with_a_row_for_each_incident(
    recipes: list[dict[str, Recipe]], council: Settings, lay_out: Callable[..., SheetRows], once: bool
) -> None:
    incidents: Rows = []
    for number, row in enumerate(recipes):
        cells = {column: cell_and_fact(recipe, council.as_of)[0] for column, recipe in row.items()}
        incidents.append({"reference": f"CI-{number}"} | dict.fromkeys(persons_columns(SHEET)[1:], "") | cells)
    as_of, by = council.as_of, rules_of(council)
    gathered = WorkbookRows("Log.xlsx", {INCIDENTS: lay_out(incidents, once)})
    plainly, differently = assess(tracker(*incidents), by, as_of), assess(gathered, by, as_of)
    there = facts_of(differently)
    there.pop("", None)  # of a sheet on which there is nothing
    assert there == facts_of(plainly)


@pytest.mark.parametrize("lay_out", LAYOUTS)
@pytest.mark.parametrize("once", [False, True])
def test_each_row_of_the_workbook_is_about_one_incident(lay_out: Callable[..., SheetRows], once: bool) -> None:
    incidents = [
        {"reference": f"CI-{number}", "aware_date": f"0{number}/11/2026", "panel_notified": "20/11/2026"}
        for number in range(1, 8)
    ]
    read = lay_out(incidents, once)
    lines = [(sheet.name, row) for position in range(len(read)) for sheet, row in read.lines(position)]
    assert sorted(lines) == sorted((sheet.name, row) for sheet in read.pages for row in sheet.rows)
    for sheet in read.pages:
        for row, position in zip(sheet.rows, read.positions_on(sheet), strict=True):
            assert (sheet, row) in read.lines(position)


OF_EACH_CHILD = [column.id for column in SHEET.column if column.of_each_child]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(rows_of_recipes, settings_of_councils)
def test_a_duty_holds_when_it_holds_for_any_child(recipes: list[dict[str, Recipe]], council: Settings) -> None:
    rows = [{column: cell_and_fact(recipe, council.as_of)[0] for column, recipe in row.items()} for row in recipes]
    empty = dict.fromkeys(persons_columns(SHEET)[1:], "")
    children: Rows = []
    for number, row in enumerate(rows):
        first = rows[number - number % 3]  # three children to an incident, which share what is said of the incident
        own = {column: row.get(column, "") for column in OF_EACH_CHILD}
        children.append({"reference": f"CI-{number // 3}", **empty, **first, **own})
    as_of, by = council.as_of, rules_of(replace(council, start_from=None))
    alone = [child | {"reference": f"CI-{number}"} for number, child in enumerate(children)]
    singly = assess(tracker(*alone), by, as_of).incidents
    marked = [{CHILD: str(number % 3 + 1)} | child for number, child in enumerate(children)]
    read = combine_sheets(SHEET, [page(marked, Layout(), "Log")], Layout(), date_1904=False)
    together = assess(WorkbookRows("Log.xlsx", {INCIDENTS: read}), by, as_of).incidents
    assert sum(len(incident.children) for incident in together) == len(children)
    for number, incident in enumerate(together):
        of_children = singly[number * 3 : number * 3 + 3]
        # (Whether SLT goes on discussing a case depends on all of its other clocks, and so is not one child's.)
        for clock in (clock for clock in by.clocks if not clock.is_of_case):
            states = {child.clocks[clock.id].state for child in of_children if clock.id in child.clocks}
            applying = states - {State.CANNOT_TELL}
            assert len(applying) < 2
            here = {incident.clocks[clock.id].state} if clock.id in incident.clocks else set()
            assert here == (applying or states), (clock.id, children[number * 3 : number * 3 + 3])


def test_an_incident_has_each_of_its_children() -> None:
    rows: Rows = [
        {"reference": "CI-1", CHILD: "A", "aware_date": MONDAY, "initials": "AA", "outcome": "Serious harm"},
        {"reference": "CI-1", CHILD: "B", "initials": "BB", "outcome": "Death", "date_of_birth": "31/02/2015"},
        {"reference": "CI-2", CHILD: "", "aware_date": MONDAY, "initials": "CC"},
    ]
    read = combine_sheets(SHEET, [page(rows, Layout(), "Log")], Layout(), date_1904=False)
    returns = sheet_as_read("scoping", [{"reference": "CI-1", "agency": "School", "sent": MONDAY}])
    together = assess(WorkbookRows("Log.xlsx", {INCIDENTS: read, "scoping": returns}), rules(), MONDAY)
    first, second = together.find("ci-1"), together.find("CI-2")
    assert [child["initials"] for child in first.children] == ["AA", "BB"]
    assert [set(child.unreadable) for child in first.children] == [set(), {"date_of_birth"}]
    place = first.children[1].place("date_of_birth")
    assert (place.page.name, place.row, place.heading) == ("Log", 6, "Date of birth")
    assert (first["outcome"], first["initials"]) == ("Death", "AA")
    assert [row.agency for row in first.scoping] == ["School"]
    assert [child["initials"] for child in second.children] == ["CC"]
    assert (first.criteria, second.criteria) == ("open", "open")
