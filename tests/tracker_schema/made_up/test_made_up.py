"""The made-up cases show everything they are there to show, whatever the day; and nobody in them is real."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.adapters.workbook.new.new_workbook import build
from scripts.adapters.workbook.read import Names, read_tracker
from tracker_schema.assessment import Assessment, assess
from tracker_schema.clocks import OPEN, Rules, State, standard_clocks
from tracker_schema.columns.schema import ACTIONS, INCIDENTS, SCOPING, tracker_schema
from tracker_schema.made_up import Formula, Rows, cases, sample
from tracker_schema.working_days import OutsideCalendar, england_and_wales

DAYS = england_and_wales()
RULES = Rules(DAYS, standard_clocks())
SCHEMA = tracker_schema()
AS_OF = date(2026, 11, 24)  # Tuesday

# Every kind of problem that a row can have. (The others are of headings, or of dates beyond the bank holidays.)
PROBLEMS = {
    "aware-long-after-incident",
    "closed-with-steps-outstanding",
    "date-as-number",
    "date-order",
    "decision-contradicts-facts",
    "duplicate-reference",
    "excel-error",
    "formula-without-result",
    "future-date",
    "not-a-choice",
    "panel-will-not-consider",
    "required",
    "required-when",
    "unknown-reference",
    "unreadable-date",
    "wrong-column",
}

# A clock that runs one or two days is due soon from the start, and the day 4 meeting is asked for on day 4.
NEVER_RUNNING = {
    "report_incident",
    "heads_of_service_meet",
    "tell_directors",
    "brief_lead_member",
    "tell_operational_head",
    "send_rapid_review",
    "inform_of_local_review",
}


def assessed(rows: Rows, as_of: date) -> Assessment:
    return assess(read_tracker(build(rows), "made up.xlsx", Names()), RULES, as_of)


def statuses(found: Assessment, sheet: str, column: str) -> set[str]:
    return set(found.sheets[sheet].status[column])


def choices(sheet: str, column: str) -> set[str]:
    """Those that there are without a day from which alarms are raised."""
    return set(SCHEMA.sheets[sheet].columns[column].choices) - {"Before start"}


def problems(found: Assessment) -> set[str]:
    return {problem.code for sheet in found.sheets.values() for problem in sheet.problems}


def states(found: Assessment, clock: str) -> set[State]:
    readings = {name: reading for sheet in found.sheets.values() for name, reading in sheet.readings.items()}
    return {State(state) for state in readings[clock].state.tolist()}


@pytest.fixture(scope="module")
def demo() -> Assessment:
    return assessed(cases(AS_OF, DAYS), AS_OF)


# Towards the end of what is known of bank holidays, the demo would show that a deadline lies beyond it.
working_days = st.dates(date(2014, 1, 2), DAYS.last - timedelta(days=100)).filter(DAYS.is_working_day)


# The demo


@settings(max_examples=25, deadline=None)
@given(working_days)
def test_on_every_working_day_every_status_and_every_problem_is_shown(as_of: date) -> None:
    found = assessed(cases(as_of, DAYS), as_of)
    assert statuses(found, INCIDENTS, "status") == choices(INCIDENTS, "status")
    assert statuses(found, SCOPING, "return_status") == choices(SCOPING, "return_status")
    assert statuses(found, ACTIONS, "action_status") == choices(ACTIONS, "action_status")
    assert problems(found) == PROBLEMS
    for clock in standard_clocks():
        assert states(found, clock.id) & set(OPEN), clock.id


@pytest.mark.parametrize(
    "as_of", [date(2026, 11, 28), date(2027, 12, 25), date(2028, 2, 27)], ids="{:%A %d %B %Y}".format
)
def test_on_a_day_off_only_returns_are_not_due_today(as_of: date) -> None:
    found = assessed(cases(as_of, DAYS), as_of)
    assert statuses(found, INCIDENTS, "status") == choices(INCIDENTS, "status")
    assert statuses(found, SCOPING, "return_status") == choices(SCOPING, "return_status") - {"Due today"}
    assert statuses(found, ACTIONS, "action_status") == choices(ACTIONS, "action_status")
    assert problems(found) == PROBLEMS


def test_every_clock_is_shown_met_and_running(demo: Assessment) -> None:
    for clock in standard_clocks():
        shown = states(demo, clock.id)
        assert State.MET in shown or State.MET_LATE in shown, clock.id
        assert (State.RUNNING in shown) == (clock.id not in NEVER_RUNNING), clock.id


def test_every_state_of_a_clock_is_shown(demo: Assessment) -> None:
    assert set().union(*(states(demo, clock.id) for clock in standard_clocks())) == set(State) - {State.BEFORE_START}


@pytest.mark.parametrize("state", [State.NOT_STARTED, State.OVERDUE, State.MET_LATE, State.CANNOT_TELL])
def test_most_clocks_are_shown_in_each_of_the_telling_states(state: State, demo: Assessment) -> None:
    shown = [clock.id for clock in standard_clocks() if state in states(demo, clock.id)]
    assert len(shown) >= len(standard_clocks()) // 2


def test_what_a_case_is_there_to_show_is_what_its_summary_says(demo: Assessment) -> None:
    status = dict(zip(_summaries(cases(AS_OF, DAYS)), demo.sheets[INCIDENTS].status["status"], strict=True))
    assert status["Made up: closed after a full local review."] == "Closed"
    assert status["Made up: a rapid review that is overdue, and a Lead Member not yet briefed."] == "Overdue"
    assert status["Made up: no day of becoming aware, a broken formula, and a word misspelt."] == "Check data"
    assert status["Made up: day 4 without a decision: the Heads of Service meet today."] == "Due today"
    assert status["Made up: a rapid review due tomorrow, and a date kept as a number."] == "Due soon"
    assert status["Made up: a new incident, on track."] == "On track"
    assert status["Made up: everything done, ready to be closed."] == "Complete"


def _summaries(rows: Rows) -> list[str]:
    # The row that is pasted twice says the same twice.
    return [str(row["summary"]) for row in rows[INCIDENTS]]


def test_incidents_stand_in_the_order_in_which_they_became_known() -> None:
    aware = [row["aware_date"] for row in cases(AS_OF, DAYS)[INCIDENTS]]
    known = [day for day in aware if isinstance(day, date)]
    late = sum(later < earlier for earlier, later in itertools.pairwise(known))
    assert late <= 2


def test_a_day_without_bank_holidays_before_it_is_refused() -> None:
    with pytest.raises(OutsideCalendar):
        cases(DAYS.first + timedelta(days=30), DAYS)


# Both


@pytest.mark.parametrize("rows", [cases(AS_OF, DAYS), sample(300, AS_OF, DAYS)], ids=["demo", "sample"])
class TestAnyMadeUpTracker:
    def test_nobody_in_it_is_real(self, rows: Rows) -> None:
        for row in rows[INCIDENTS]:
            assert str(row["child_id"]).startswith("DEMO-")
            assert row["initials"] == "ZZ"
            assert row["practitioner"] == "A. Practitioner"
            assert str(row["summary"]).startswith("Made up: ")
        # No mail can ever reach a domain that ends in .example.
        assert all(str(row["contact"]).endswith("@agency.example") for row in rows[SCOPING])
        assert all(str(row["action"]).startswith("Made up: ") for row in rows[ACTIONS])

    def test_only_columns_of_people_are_filled_in_and_every_value_fits_a_cell(self, rows: Rows) -> None:
        assert set(rows) == set(SCHEMA.sheets)
        for sheet in SCHEMA.sheet:
            by_person = {column.id for column in sheet.column if not column.by_script}
            for row in rows[sheet.id]:
                assert set(row) <= by_person
                assert all(isinstance(value, str | int | date | Formula | None) for value in row.values())

    def test_references_are_those_of_the_incidents(self, rows: Rows) -> None:
        incidents = {row["reference"] for row in rows[INCIDENTS]}
        others = [row["reference"] for sheet in (SCOPING, ACTIONS) for row in rows[sheet]]
        assert sum(reference not in incidents for reference in others) <= 2


# Samples


def test_the_same_seed_gives_the_same_sample() -> None:
    assert sample(50, AS_OF, DAYS) == sample(50, AS_OF, DAYS, seed=1) != sample(50, AS_OF, DAYS, seed=2)


@pytest.mark.parametrize("n", [0, 1, 1000])
def test_a_sample_has_as_many_incidents_as_asked_for_each_with_its_own_reference(n: int) -> None:
    incidents = sample(n, AS_OF, DAYS)[INCIDENTS]
    assert len({row["reference"] for row in incidents}) == len(incidents) == n


def test_a_sample_is_mostly_clean_and_at_every_stage() -> None:
    rows = sample(2000, AS_OF, DAYS)
    found = assessed(rows, AS_OF)
    spoilt = {problem.row for problem in found.sheets[INCIDENTS].problems}
    assert 0.01 < len(spoilt) / 2000 < 0.10
    assert statuses(found, INCIDENTS, "status") == choices(INCIDENTS, "status")
    for clock in standard_clocks():
        assert State.MET in states(found, clock.id), clock.id
    assert max(sum(value is not None for value in row.values()) for row in rows[INCIDENTS]) >= 45


@settings(max_examples=25, deadline=None)
@given(st.dates(date(2012, 1, 1), date(2028, 12, 31)))
def test_a_sample_can_be_made_for_any_day_whose_bank_holidays_are_known(as_of: date) -> None:
    rows = sample(40, as_of, DAYS)
    days = [value for row in rows[INCIDENTS] for value in row.values() if isinstance(value, date)]
    assert max(days) <= as_of


def test_no_sample_is_made_beyond_the_bank_holidays() -> None:
    with pytest.raises(OutsideCalendar):
        sample(1, DAYS.last + timedelta(days=1), DAYS)


def test_the_fields_of_a_sample_hold_what_their_columns_allow() -> None:
    wrong: list[Any] = []
    for row in sample(500, AS_OF, DAYS)[INCIDENTS]:
        for name, value in row.items():
            allowed = SCHEMA.sheets[INCIDENTS].columns[name].choices
            if allowed and value not in allowed:
                wrong.append(value)
    assert set(wrong) <= {"Deth", "suspicious"}
