"""What is planned to be written: cells of our own columns, where they are to change, and nothing else."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from openpyxl.utils import get_column_letter

from tests.builders import HEADING_ROW, MONDAY, persons_columns, rules, sheet_as_read, tracker
from tracker_schema.calendar.working_days import england_and_wales
from tracker_schema.columns.parsing import NO_RESULT
from tracker_schema.columns.schema import ACTIONS, INCIDENTS, SCOPING, tracker_schema
from tracker_schema.incidents.assess import assess
from tracker_schema.incidents.own_columns import NOT_OURS
from tracker_schema.incidents.plan import Plan, plan_writes
from tracker_schema.layouts.rows import SheetRows, WorkbookRows
from tracker_schema.made_up import Formula, cases

Cells = dict[str, Any]

TUESDAY = MONDAY + dt.timedelta(days=1)
SCRIPT_COLUMNS = {sheet.id: [column.id for column in sheet.written_by_script()] for sheet in tracker_schema().sheet}
# Our columns are at the right of people's, in the order of the schema.
NUMBERS = {
    column: len(persons_columns(tracker_schema().sheets[INCIDENTS])) + number
    for number, column in enumerate(SCRIPT_COLUMNS[INCIDENTS], 1)
}
FIRST = get_column_letter(NUMBERS["status"])
INCIDENT: Cells = {"reference": "CI-2026-001", "aware_date": MONDAY, "form_received": MONDAY}
RETURN: Cells = {"reference": "CI-2026-001", "agency": "Police", "sent": MONDAY}
ACTION: Cells = {"reference": "CI-2026-001", "action": "Made up", "due": MONDAY}


def planned(read: WorkbookRows, as_of: dt.date = MONDAY) -> Plan:
    return plan_writes(assess(read, rules(slt_weekday=MONDAY.weekday()), as_of))


def with_columns(sheet_id: str, rows: list[Cells], *ours: str, **more: Any) -> WorkbookRows:
    """A tracker one sheet of which has some of our columns too, right of the person's."""
    columns = [*persons_columns(tracker_schema().sheets[sheet_id]), *ours]
    sheets = {} if sheet_id == INCIDENTS else {INCIDENTS: sheet_as_read(INCIDENTS, [INCIDENT])}
    return WorkbookRows("Critical incidents.xlsx", sheets | {sheet_id: sheet_as_read(sheet_id, rows, columns, **more)})


def carried_out(read: WorkbookRows, plan: Plan) -> WorkbookRows:
    """The tracker as it is read when the plan has been written: numbers as floats, dates as midnights, "" for none."""
    return replace(read, sheets={sheet_id: _carried_out(sheet, plan) for sheet_id, sheet in read.sheets.items()})


def _carried_out(sheet: SheetRows, plan: Plan) -> SheetRows:
    new = [heading for heading in plan.headings if heading.sheet == sheet.name]
    cells = {column: list(of_column) for column, of_column in sheet.cells.items()}
    cells |= {heading.column: [""] * len(sheet) for heading in new}
    for write in plan.cells:
        if write.sheet == sheet.name and write.row in sheet.rows:
            cells[write.column][sheet.rows.index(write.row)] = _as_read(write.new)
    numbers = dict(sheet.numbers) | {heading.column: heading.number for heading in new}
    headings = dict(sheet.headings) | {heading.column: heading.heading for heading in new}
    return replace(sheet, cells=cells, numbers=numbers, headings=headings, emptied=())


def _as_read(value: Any) -> Any:
    if isinstance(value, dt.date):
        return dt.datetime.combine(value, dt.time())
    return "" if value is None else float(value) if isinstance(value, int) else value


@pytest.fixture(scope="module")
def made_up() -> WorkbookRows:
    """The made-up cases of the demonstration, which show every status and kind of problem; none of our columns yet."""
    rows = {
        sheet_id: [
            {
                column: NO_RESULT if isinstance(cell, Formula) else "" if cell is None else cell
                for column, cell in row.items()
            }
            for row in of_sheet
        ]
        for sheet_id, of_sheet in cases(MONDAY, england_and_wales()).items()
    }
    return tracker(*rows[INCIDENTS], scoping=rows[SCOPING], actions=rows[ACTIONS])


def test_only_our_own_columns_are_planned(made_up: WorkbookRows) -> None:
    plan = planned(made_up)
    ours = {tracker_schema().sheets[sheet_id].heading: SCRIPT_COLUMNS[sheet_id] for sheet_id in made_up.sheets}
    assert {(new.sheet, new.column) for new in plan.headings} == {
        (sheet, column) for sheet, columns in ours.items() for column in columns
    }
    places = {(new.sheet, new.number): new.column for new in plan.headings}
    assert all(places[write.sheet, write.number] == write.column for write in plan.cells)


def test_a_cell_is_planned_once_and_in_order(made_up: WorkbookRows) -> None:
    for name in ("Incidents", "Scoping", "Actions"):
        places = [(write.row, write.number) for write in planned(made_up).cells if write.sheet == name]
        assert places == sorted(set(places))


def test_nothing_is_planned_when_the_tracker_shows_the_assessment_already(made_up: WorkbookRows) -> None:
    written = carried_out(made_up, planned(made_up))
    assert not planned(written)


def test_a_day_later_only_what_has_changed_is_planned(made_up: WorkbookRows) -> None:
    written = carried_out(made_up, planned(made_up))
    plan = planned(written, TUESDAY)
    assert not plan.headings
    assert all(write.old != _as_read(write.new) for write in plan.cells)
    read = made_up.sheets[INCIDENTS]
    still_open = {row for row, closed in zip(read.rows, read.cells["closed"], strict=True) if closed == ""}
    assert {write.row for write in plan.cells if write.column == "checked_on"} == still_open
    assert not planned(carried_out(written, plan), TUESDAY)


def test_when_an_agency_was_last_chased_is_not_for_this_job_to_say(made_up: WorkbookRows) -> None:
    assert "last_chased" not in {write.column for write in planned(made_up).cells}


def test_a_write_says_what_the_cell_held_and_whose_row_it_is() -> None:
    rows = [INCIDENT | {"status": "Complete", "checked_on": MONDAY}]
    plan = planned(with_columns(INCIDENTS, rows, *SCRIPT_COLUMNS[INCIDENTS]))
    (status,) = [write for write in plan.cells if write.column == "status"]
    assert (status.reference, status.old, status.new) == ("CI-2026-001", "Complete", "On track")
    assert status.cell == f"Incidents!{FIRST}{HEADING_ROW + 1}"


# Closed rows


def closed_row(**cells: Any) -> WorkbookRows:
    rows = [INCIDENT | {"closed": MONDAY} | ({"checked_on": MONDAY - dt.timedelta(days=3)} if cells else {}) | cells]
    return with_columns(INCIDENTS, rows, *SCRIPT_COLUMNS[INCIDENTS])


def test_a_row_just_closed_is_written_once_more() -> None:
    plan = planned(closed_row(status="On track", next_step="Decide on the threshold", working_days_left=4.0))
    news = {write.column: write.new for write in plan.cells}
    assert news["status"] == "Closed"
    assert (news["next_step"], news["working_days_left"]) == (None, None)
    assert news["checked_on"] == MONDAY


def test_a_closed_row_once_written_is_left_alone_whatever_becomes_of_it() -> None:
    written = carried_out(closed_row(), planned(closed_row()))
    assert not planned(written, TUESDAY + dt.timedelta(days=60))
    cells = written.sheets[INCIDENTS].cells
    cells["aware_date"][0], cells["decision"][0], cells["data_problems"][0] = "soon", "Deth", "what somebody wrote here"
    assert not planned(written, TUESDAY)


def test_a_row_that_is_opened_again_is_written_again() -> None:
    written = carried_out(closed_row(), planned(closed_row()))
    written.sheets[INCIDENTS].cells["closed"][0] = ""
    assert {write.column for write in planned(written, TUESDAY).cells} >= {"status", "next_step", "checked_on"}


# Headings of ours


def test_new_headings_go_to_the_right_end_in_the_schemas_order() -> None:
    read = tracker(INCIDENT, scoping=[RETURN], actions=[ACTION])
    plan = planned(read)
    for sheet_id in read.sheets:
        sheet, columns = tracker_schema().sheets[sheet_id], SCRIPT_COLUMNS[sheet_id]
        new = [heading for heading in plan.headings if heading.sheet == sheet.heading]
        first = len(persons_columns(sheet)) + 1
        assert [heading.column for heading in new] == columns
        assert [heading.number for heading in new] == list(range(first, first + len(columns)))
        assert {heading.row for heading in new} == {HEADING_ROW}
        assert [heading.heading for heading in new] == [sheet.columns[column].heading for column in columns]


def test_only_the_headings_that_are_missing_are_new() -> None:
    *there, last = SCRIPT_COLUMNS[INCIDENTS]
    (new,) = planned(with_columns(INCIDENTS, [INCIDENT], *there)).headings
    assert (new.column, new.heading) == (last, "Checked on")


def test_a_council_may_have_given_our_column_another_heading() -> None:
    read = with_columns(INCIDENTS, [INCIDENT], headings={"status": "RAG"})
    assert planned(read).headings[0].heading == "RAG"


def test_a_tracker_without_rows_gets_its_headings() -> None:
    plan = planned(tracker())
    assert [heading.column for heading in plan.headings] == SCRIPT_COLUMNS[INCIDENTS]
    assert not plan.cells


def test_an_emptied_row_loses_what_we_wrote_there() -> None:
    row = INCIDENT | {"status": "On track", "checked_on": MONDAY}  # this program has written to the tracker before
    read = with_columns(
        INCIDENTS, [row], *SCRIPT_COLUMNS[INCIDENTS], emptied=[(9, NUMBERS["status"], "status", "Overdue")]
    )
    (write,) = [write for write in planned(read).cells if write.row == 9]
    assert (write.cell, write.column, write.reference, write.old, write.new) == (
        f"Incidents!{FIRST}9",
        "status",
        None,
        "Overdue",
        None,
    )


# Somebody's own column under one of our headings, on first use


@pytest.mark.parametrize(
    ("sheet_id", "row", "column", "typed", "cell"),
    [
        (INCIDENTS, INCIDENT, "status", "Ongoing", f"Incidents!{FIRST}5"),
        (INCIDENTS, INCIDENT, "next_step", "Ring the school", f"Incidents!{FIRST}5"),
        (INCIDENTS, INCIDENT, "next_due", dt.date(2026, 12, 1), f"Incidents!{FIRST}5"),
        (SCOPING, RETURN, "return_due", dt.date(2026, 12, 1), "Scoping!G5"),
        (SCOPING, RETURN, "return_status", "chased twice", "Scoping!G5"),
    ],
)
def test_it_is_left_alone_and_said_with_the_cell_and_the_remedy(
    sheet_id: str, row: Cells, column: str, typed: Any, cell: str
) -> None:
    message = left_alone(with_columns(sheet_id, [row | {column: typed}], column), sheet_id)
    heading = tracker_schema().sheets[sheet_id].columns[column].heading
    assert message.startswith(f"{cell} holds something that this program did not write, so “{heading}” is left alone")
    assert "Rename that column" in message
    assert f"columns.{sheet_id}.{column} = " in message
    assert str(typed) not in message


def left_alone(rows: WorkbookRows, sheet_id: str = INCIDENTS) -> str:
    """The message that a column is somebody else's; nothing is planned on its worksheet."""
    name = rows.sheets[sheet_id].name
    plan = planned(rows)
    assert name not in {heading.sheet for heading in plan.headings} | {write.sheet for write in plan.cells}
    (problem,) = [problem for problem in assess(rows, rules(), MONDAY).problems if problem.code == NOT_OURS]
    assert problem.severity == "warning"
    return problem.message


def test_it_is_left_alone_also_where_two_of_our_headings_are_taken() -> None:
    row = INCIDENT | {"status": "Ongoing", "next_step": "Ring the school"}
    left_alone(with_columns(INCIDENTS, [row], "status", "next_step"))


def test_what_a_column_holds_does_not_make_it_ours() -> None:
    row = INCIDENT | {"status": "Overdue", "checked_on": MONDAY}
    left_alone(with_columns(INCIDENTS, [row], "status", "checked_on"))


def test_an_empty_column_under_our_heading_is_taken_for_ours() -> None:
    plan = planned(with_columns(INCIDENTS, [INCIDENT], "status"))
    assert "status" not in {heading.column for heading in plan.headings}
    assert "On track" in {write.new for write in plan.cells if write.column == "status"}


def test_after_somebody_deleted_one_of_our_columns_it_is_made_again() -> None:
    written = carried_out(tracker(INCIDENT), planned(tracker(INCIDENT)))
    read = written.sheets[INCIDENTS]
    left = {column: number for column, number in read.numbers.items() if column != "overdue_steps"}
    cells = {column: read.cells[column] for column in left}
    without = replace(read, cells=cells, numbers=left)
    plan = planned(replace(written, sheets={INCIDENTS: without}))
    assert [heading.column for heading in plan.headings] == ["overdue_steps"]


def test_somebodys_own_action_status_is_left_alone_on_first_use() -> None:
    row = ACTION | {"action_status": "waiting for the school"}
    left_alone(with_columns(ACTIONS, [row], "action_status"), ACTIONS)


def test_somebodys_own_three_scoping_columns_are_left_alone_on_first_use() -> None:
    row = RETURN | {"return_due": "asap", "return_status": "rang them"}
    left_alone(with_columns(SCOPING, [row], "return_due", "return_status", "last_chased"), SCOPING)


def test_a_status_of_somebodys_own_that_says_closed_does_not_make_their_next_step_ours() -> None:
    row = INCIDENT | {"status": "Closed", "next_step": "Ring the school"}
    left_alone(with_columns(INCIDENTS, [row], "status", "next_step"), INCIDENTS)


def test_what_somebody_scribbles_in_our_columns_is_written_over() -> None:
    """Once this program has written to the tracker its columns are its own."""
    rows = [INCIDENT | {"reference": f"CI-{n}", "status": "On track", "checked_on": MONDAY} for n in range(3)]
    rows.append(INCIDENT | {"status": "ask Ann", "next_step": "ring her", "checked_on": "later"})
    plan = planned(with_columns(INCIDENTS, rows, *SCRIPT_COLUMNS[INCIDENTS]))
    assert {"ask Ann", "ring her", "later"} <= {write.old for write in plan.cells}


def test_a_heading_of_ours_that_was_deleted_comes_back() -> None:
    ours = [column for column in SCRIPT_COLUMNS[INCIDENTS] if column != "overdue_steps"]
    rows = [INCIDENT | {"status": "On track", "next_step": "Decide on the threshold", "checked_on": MONDAY}]
    plan = planned(with_columns(INCIDENTS, rows, *ours))
    assert [heading.heading for heading in plan.headings] == ["Overdue steps"]


def test_a_remark_below_the_log_is_left_alone_on_first_use_and_never_emptied() -> None:
    remark = [(90, NUMBERS["status"], "status", "Key: red is late")]
    read = with_columns(INCIDENTS, [INCIDENT], *SCRIPT_COLUMNS[INCIDENTS], emptied=remark)
    assert left_alone(read).startswith(f"Incidents!{FIRST}90 holds something that this program did not write")
    row = INCIDENT | {"status": "On track", "checked_on": MONDAY}
    left = [
        (91, NUMBERS["status"], "status", "Overdue"),
        (91, NUMBERS["next_step"], "next_step", "Decide on the threshold"),
    ]
    plan = planned(with_columns(INCIDENTS, [row], *SCRIPT_COLUMNS[INCIDENTS], emptied=[*remark, *left]))
    assert [(write.row, write.new) for write in plan.cells if write.row >= 90] == [(91, None), (91, None)]


def test_a_tracker_of_which_every_row_was_emptied_is_still_known_for_ours() -> None:
    left = [(9, NUMBERS["status"], "status", "Overdue"), (9, NUMBERS["checked_on"], "checked_on", MONDAY)]
    plan = planned(with_columns(INCIDENTS, [INCIDENT], *SCRIPT_COLUMNS[INCIDENTS], emptied=left))
    assert [write.column for write in plan.cells if write.row == 9] == ["status", "checked_on"]


def test_the_day_of_the_check_alone_is_renewed_after_so_many_days() -> None:
    saturday, sunday = MONDAY + dt.timedelta(days=5), MONDAY + dt.timedelta(days=6)
    read = with_columns(INCIDENTS, [INCIDENT])
    written = carried_out(read, planned(read, saturday))
    tracker = assess(written, rules(slt_weekday=MONDAY.weekday()), sunday)
    assert {cell.column for cell in plan_writes(tracker).cells} == {"checked_on"}
    assert not plan_writes(tracker, checked_on_days=2)
    on_monday = assess(written, rules(slt_weekday=MONDAY.weekday()), sunday + dt.timedelta(days=1))
    assert {"checked_on", "working_days_left"} <= {
        cell.column for cell in plan_writes(on_monday, checked_on_days=31).cells
    }
