"""What is entered by people's leave: empty cells, once, in the columns a job may fill, and rows that are not there."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import MONDAY, assess_rows, cell
from tracker_schema.columns.parsing import NO_RESULT, ErrorValue
from tracker_schema.columns.schema import INCIDENTS, SCOPING, tracker_schema
from tracker_schema.incidents.incident import Tracker
from tracker_schema.returns.entries.entries import AppendPosition, Entry, EntryPlan
from tracker_schema.returns.entries.placing import plan_entries

Cells = dict[str, Any]

FIRST: Cells = {"reference": "CI-2026-001", "aware_date": MONDAY, "form_received": MONDAY}
SECOND: Cells = {"reference": "CI-2026-002", "aware_date": MONDAY}
POLICE: Cells = {"reference": "CI-2026-001", "agency": "Police", "sent": MONDAY}
HEALTH: Cells = {"reference": "CI-2026-001", "agency": "Health", "sent": ""}
TUESDAY = MONDAY + dt.timedelta(days=1)

PERSONS = {sheet.id: [column.id for column in sheet.column if not column.by_script] for sheet in tracker_schema().sheet}


def position(page: str, **changes: Any) -> AppendPosition:
    """A log that ends in row 6, with nothing below it."""
    fields: dict[str, Any] = {"page": page, "last_row": 6, "free": 1000, "first": 1, "last": 60, "like": 6}
    return AppendPosition(**fields | changes)


def tracker(*incidents: Cells, **more: Any) -> Tracker:
    return assess_rows(*(incidents or (FIRST, SECOND)), **{"scoping": [POLICE, HEALTH]} | more)


def planned(*entries: Entry, on: Tracker | None = None, **changes: Any) -> EntryPlan:
    positions = {INCIDENTS: [position("Incidents", **changes)], SCOPING: [position("Scoping", **changes)]}
    return plan_entries(on or tracker(), entries, PERSONS, positions)


def incident(reference: str = "CI-2026-001", *, new_row: bool = False, **values: Any) -> Entry:
    return Entry(INCIDENTS, reference, values, new_row=new_row)


def filled(plan: EntryPlan) -> dict[str, Any]:
    return {write.cell: write.new for write in plan.cells}


# Rows that are there


def test_an_empty_cell_is_filled() -> None:
    plan = planned(incident(outcome="Death", summary="Made up: a fall"))
    assert [(write.row, write.column, write.old, write.new) for write in plan.cells] == [
        (5, "outcome", "", "Death"),
        (5, "summary", "", "Made up: a fall"),
    ]
    (placed,) = plan.placed
    assert (placed.row, placed.is_new, placed.conflicts, placed.unplaced) == (5, False, [], [])
    assert not plan.rows


def test_what_the_cell_says_already_is_no_write() -> None:
    plan = planned(incident(form_received=MONDAY))
    assert not plan
    assert not plan.placed[0].conflicts


@pytest.mark.parametrize(
    ("column", "held", "value"),
    [
        ("form_received", dt.datetime(2026, 11, 23), MONDAY),
        ("form_received", "23/11/2026", MONDAY),
        ("form_received", MONDAY, "23 November 2026"),
        ("outcome", "death", "Death"),
        ("abuse_or_neglect", " Known ", "Known"),
        ("summary", "Made up:\nfell  twice", " Made up: fell twice\n"),
        ("team", 7.0, "7"),
    ],
)
def test_the_same_said_another_way_is_the_same(column: str, held: object, value: Any) -> None:
    assert not planned(incident(**{column: value}), on=tracker(FIRST | {column: held}))


@pytest.mark.parametrize(
    ("column", "held", "value"),
    [
        ("form_received", TUESDAY, MONDAY),
        ("form_received", "soon", MONDAY),
        ("outcome", "Other", "Death"),
        ("outcome", "Dead?", "Death"),
        ("summary", "Made up: somebody else", "Made up: Sam Sample"),
        ("summary", ErrorValue("#REF!"), "Made up: Sam Sample"),
        ("date_of_birth", NO_RESULT, dt.date(2015, 3, 4)),
    ],
)
def test_a_cell_that_holds_something_else_is_left(column: str, held: object, value: Any) -> None:
    on = tracker(FIRST | {column: held})
    plan = planned(incident(**{column: value}), on=on)
    assert not plan
    (conflict,) = plan.placed[0].conflicts
    heading = tracker_schema().sheets[INCIDENTS].columns[column].heading
    assert conflict.column == column
    assert (
        conflict.message == f"{conflict.cell}, “{heading}”, holds something else and was not changed. Compare the two."
    )


def test_a_formula_that_shows_nothing_is_left() -> None:
    number = PERSONS[INCIDENTS].index("outcome") + 1
    plan = planned(incident(outcome="Death"), formulas={("Incidents", 5, number)})
    assert not plan
    assert "holds a formula and was not changed" in plan.placed[0].conflicts[0].message


def test_a_formula_that_says_the_same_is_no_conflict() -> None:
    number = PERSONS[INCIDENTS].index("form_received") + 1
    plan = planned(incident(form_received=MONDAY), formulas={("Incidents", 5, number)})
    assert not plan
    assert not plan.placed[0].conflicts


@pytest.mark.parametrize("nothing", ["", "  \n", None])
def test_an_empty_answer_enters_nothing(nothing: str | None) -> None:
    plan = planned(incident(summary=nothing))
    assert not plan
    assert not plan.placed[0].unplaced


@pytest.mark.parametrize("reference", ["ci-2026-001", " CI-2026-001 ", "CI-2026-001\u200b"])
def test_a_reference_is_found_however_it_is_spelt(reference: str) -> None:
    plan = planned(incident(reference, outcome="Death", new_row=True))
    assert not plan.rows
    assert [write.row for write in plan.cells] == [5]


def test_text_is_entered_as_it_is_but_for_what_no_cell_shows() -> None:
    (write,) = planned(incident(summary=" Made up:\r\nfirst\rsecond\x07\ttab \u200fright-to-left 👨\u200d👩 \n")).cells
    assert write.new == "Made up:\nfirst\nsecond\ttab \u200fright-to-left 👨\u200d👩"


def test_a_choice_is_entered_as_the_list_has_it() -> None:
    assert [write.new for write in planned(incident(outcome=" serious HARM", looked_after="Y")).cells] == [
        "Yes",
        "Serious harm",
    ]


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("outcome", "Sam Sample", "“Outcome” is not on the list. Choose one of: Death; Serious harm; Other."),
        ("date_of_birth", "Sam Sample", "“Date of birth” does not hold a date that can be read. Type it as"),
        ("date_of_birth", dt.date(1066, 1, 1), "“Date of birth” does not hold a date that can be read"),
        ("summary", "x" * 32_768, "“Summary” is given more than the 32,767 characters a cell can hold. Shorten it."),
        ("summary", "🙂" * 16_384, "“Summary” is given more than the 32,767 characters a cell can hold. Shorten it."),
    ],
)
def test_what_no_cell_of_the_column_can_hold(column: str, value: Any, said: str) -> None:
    plan = planned(incident(**{column: value}))
    assert not plan
    (sentence,) = plan.placed[0].unplaced
    assert sentence.startswith(said)
    assert "Sample" not in sentence


def test_a_column_the_tracker_has_not() -> None:
    columns = ["reference", "aware_date", "outcome"]
    on = assess_rows({"reference": "CI-2026-001", "aware_date": MONDAY}, columns=columns)
    plan = planned(incident(outcome="Death", category="Made up"), on=on)
    assert [write.column for write in plan.cells] == ["outcome"]
    assert plan.placed[0].unplaced == [
        "The sheet “Incidents” has no column “Category of harm”. Add that heading, or name yours in config.toml as "
        "columns.incidents.category."
    ]


def test_a_sheet_the_tracker_has_not() -> None:
    plan = planned(Entry(SCOPING, "CI-2026-001", {"returned": MONDAY}, "Police"), on=assess_rows(FIRST))
    assert plan.placed[0].unplaced == (
        "The tracker has no sheet “Scoping”. Add one with its headings, or name yours in config.toml as "
        "sheets.scoping.",
    )


@pytest.mark.parametrize("column", ["status", "closed"])
def test_a_column_that_is_not_allowed_is_never_filled(column: str) -> None:
    with pytest.raises(ValueError, match=f"incidents.{column} may not be filled by this job"):
        plan_entries(
            tracker(), [Entry(INCIDENTS, "CI-2026-001", {column: "x"})], {INCIDENTS: ["status", "outcome"]}, {}
        )


# Scoping


def test_a_return_is_found_by_its_reference_and_agency() -> None:
    plan = planned(Entry(SCOPING, "ci-2026-001", {"returned": TUESDAY}, " health "))
    assert filled(plan) == {cell("returned", 6, SCOPING): TUESDAY}


def test_an_agency_that_was_not_asked() -> None:
    plan = planned(Entry(SCOPING, "CI-2026-001", {"returned": TUESDAY}, "Sam Sample"))
    assert plan.placed[0].unplaced == (
        "The sheet “Scoping” has no row for CI-2026-001 and that agency. Correct one of the two.",
    )


@pytest.mark.parametrize(("reference", "agency", "lacks"), [(" ", "Police", "reference"), ("CI-1", None, "agency")])
def test_an_entry_that_does_not_say_whose_it_is(reference: str, agency: str | None, lacks: str) -> None:
    plan = planned(Entry(SCOPING, reference, {"returned": TUESDAY}, agency, new_row=True))
    assert plan.placed[0].unplaced == (f"The entry for the sheet “Scoping” has no {lacks}.",)


def test_a_row_for_an_agency() -> None:
    plan = planned(Entry(SCOPING, "CI-2026-001", {"sent": MONDAY}, "Schools", new_row=True))
    values = {"reference": "CI-2026-001", "agency": "Schools", "sent": MONDAY}
    assert filled(plan) == {cell(column, 7, SCOPING): value for column, value in values.items()}
    assert [(row.row, row.like) for row in plan.rows] == [(7, 6)]


# New rows


def test_a_reference_that_is_not_there_gets_a_row() -> None:
    plan = planned(incident("CI-2026-003", outcome="Death", new_row=True))
    assert filled(plan) == {cell("reference", 7): "CI-2026-003", cell("outcome", 7): "Death"}
    assert [(row.sheet, row.row, row.like, row.first, row.last, row.reference) for row in plan.rows] == [
        ("Incidents", 7, 6, 1, 60, "CI-2026-003")
    ]
    assert all(write.old == "" and write.reference == "CI-2026-003" for write in plan.cells)
    assert plan.placed[0].is_new


def test_only_where_that_is_wanted() -> None:
    plan = planned(incident("CI-2026-003", outcome="Death"))
    assert not plan
    assert plan.placed[0].unplaced == ("The sheet “Incidents” has no row for CI-2026-003. Correct one of the two.",)


def test_two_forms_for_one_new_incident_make_one_row() -> None:
    plan = planned(
        incident("CI-2026-003", outcome="Death", team="North", new_row=True),
        incident("ci-2026-003", outcome="Other", team="North", summary="Made up", new_row=True),
        incident("CI-2026-004", outcome="Other", new_row=True),
    )
    assert [row.row for row in plan.rows] == [7, 8]
    assert filled(plan)[cell("outcome", 7)] == "Death"
    assert "Made up" in filled(plan).values()
    assert [conflict.message for conflict in plan.placed[1].conflicts] == [
        f"{cell('outcome', 7)}, “Outcome”, was given two different answers. Only the first is entered."
    ]
    assert not plan.placed[2].conflicts


def test_no_room_below_the_log() -> None:
    entries = [incident(f"CI-2026-00{n}", new_row=True) for n in (3, 4)]
    plan = planned(*entries, free=1, obstacle="Incidents!A8")
    assert [row.row for row in plan.rows] == [7]
    assert plan.placed[1].unplaced == (
        "Incidents!A8 is not empty, so no row can be added below the log. Insert empty rows in Excel below row 6, and "
        "run again.",
    )


def test_a_reference_that_stands_twice_cannot_be_completed() -> None:
    plan = planned(incident(outcome="Death"), on=tracker(FIRST, SECOND, FIRST))
    assert plan.placed[0].unplaced == (
        f"CI-2026-001 has more than one row, at {cell('reference', 5)} and {cell('reference', 7)}. Leave only one of "
        "them, and run again.",
    )


@pytest.mark.parametrize("held", [ErrorValue("#REF!"), NO_RESULT])
def test_no_row_is_added_while_a_reference_cannot_be_read(held: object) -> None:
    on = tracker(FIRST, {"reference": held, "aware_date": MONDAY})
    plan = planned(incident("CI-2026-003", new_row=True), incident(outcome="Death"), on=on)
    assert plan.placed[0].unplaced == (
        f"{cell('reference', 6)} cannot be read, so it is not known whether CI-2026-003 is in the tracker already. "
        "Correct that cell, and run again.",
    )
    assert filled(plan) == {cell("outcome", 5): "Death"}


# Whatever comes


TEXTS = st.text(st.sampled_from("ab =\n’"), max_size=5)
VALUES = st.fixed_dictionaries(
    {}, optional={"team": TEXTS, "summary": TEXTS, "outcome": st.sampled_from(["Death", "Other", "?", ""])}
)
ENTRIES = st.lists(st.tuples(st.sampled_from(["CI-1", "ci-1", "CI-2", "CI-3", "CI-4"]), VALUES, st.booleans()))


@given(st.lists(VALUES, min_size=2, max_size=2), ENTRIES)
def test_whatever_comes_no_filled_cell_is_written_and_no_reference_added_twice(held: list[Any], given: Any) -> None:
    rows = [{"reference": f"CI-{n}", "aware_date": MONDAY} | cells for n, cells in enumerate(held, 1)]
    entries = [incident(reference, new_row=new, **values) for reference, values, new in given]
    plan = planned(*entries, on=tracker(*rows))
    places = [(write.row, write.number) for write in plan.cells]
    assert len(places) == len(set(places))
    assert all(not str(write.old).strip() for write in plan.cells)
    new = [row.reference.casefold() for row in plan.rows]
    assert len(new) == len(set(new))
    assert not set(new) & {"ci-1", "ci-2"}
    assert [row.row for row in plan.rows] == list(range(7, 7 + len(new)))
