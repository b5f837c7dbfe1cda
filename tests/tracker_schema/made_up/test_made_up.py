"""The demonstration shows what it is there to show, whatever the day; and nobody in it is real."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.adapters.workbook.new.new_workbook import build
from scripts.adapters.workbook.read import Names, read_tracker
from tests.builders import rules
from tests.made_up_sample import sample
from tracker_schema.calendar.working_days import OutsideCalendar, england_and_wales, next_meeting
from tracker_schema.clocks.clocks import standard_clocks
from tracker_schema.clocks.results import OPEN, State
from tracker_schema.columns.schema import ACTIONS, INCIDENTS, SCOPING, tracker_schema
from tracker_schema.incidents.assess import assess
from tracker_schema.incidents.incident import Incident, Tracker
from tracker_schema.made_up import Formula, Rows, cases

DAYS = england_and_wales()
SCHEMA = tracker_schema()
AS_OF = date(2026, 11, 24)  # Tuesday

# Each incident of the demonstration by its summary: its status, and the state of the clocks that it is an example of.
SHOWN: dict[str, tuple[str, dict[str, State]]] = {
    "closed after a full local review.": (
        "Closed", {"rapid_review": State.MET, "inform_of_local_review": State.MET, "publish_local_review": State.MET}
    ),
    "closed while a statutory step was outstanding.": ("Closed", {"tell_partners": State.OVERDUE}),
    "a local review that is not yet published.": (
        "Overdue",
        {"inform_of_local_review": State.MET_LATE, "publish_local_review": State.OVERDUE,
         "share_learning": State.RUNNING},
    ),
    "a local review that was published late.": (
        "Overdue", {"publish_local_review": State.MET_LATE, "share_learning": State.OVERDUE}
    ),
    "everything done, ready to be closed.": (
        "Complete", {"discuss_at_extended_dlt": State.MET_LATE, "share_learning": State.MET_LATE}
    ),
    "dates kept in words, which no deadline can be worked out from.": (
        "Check data",
        dict.fromkeys(
            ("tell_directors", "brief_lead_member", "tell_operational_head", "rapid_review", "send_rapid_review",
             "panel_reply", "inform_of_local_review", "publish_local_review", "discuss_at_extended_dlt",
             "share_learning", "discuss_at_slt"),
            State.CANNOT_TELL,
        ),
    ),
    "a national review, to be discussed at Extended DLT today.": (
        "Due today", {"discuss_at_extended_dlt": State.DUE_TODAY}
    ),
    "a local review that is paused for criminal proceedings.": ("On track", {"publish_local_review": State.PAUSED}),
    "a local review without form and reviewer, long finished.": (
        "Overdue",
        {"inform_of_local_review": State.OVERDUE, "publish_local_review": State.RUNNING,
         "discuss_at_extended_dlt": State.OVERDUE},
    ),
    "a review that is published, and not recorded as completed.": (
        "On track", {"publish_local_review": State.MET, "discuss_at_extended_dlt": State.NOT_STARTED}
    ),
    "a national review that is under way.": ("On track", {"decide_review": State.MET, "panel_reply": State.MET}),
    "a referral that the partnership took further: a local review.": (
        "On track",
        {"refer_to_dspp": State.MET, "dspp_decide": State.MET, "decide_review": State.MET,
         "publish_local_review": State.RUNNING},
    ),
    "a local review whose decision has no date.": (
        "Overdue", {"decide_review": State.OVERDUE, "discuss_at_extended_dlt": State.RUNNING}
    ),
    "a referral that ends with other learning, still to be shared.": ("On track", {"dspp_decide": State.MET}),
    "a rapid review without a decision on what follows.": ("Overdue", {"decide_review": State.OVERDUE}),
    "the Panel has not answered for more than ten working days.": ("Chase", {"panel_reply": State.CHASE}),
    "a national review that SLT has not discussed for weeks.": ("Chase", {"discuss_at_slt": State.CHASE}),
    "a rapid review that was late and is with the Panel.": (
        "On track",
        {"rapid_review": State.MET_LATE, "send_rapid_review": State.MET_LATE, "panel_reply": State.RUNNING},
    ),
    "a rapid review that is overdue, and a Lead Member not yet briefed.": (
        "Overdue",
        {"tell_directors": State.MET_LATE, "brief_lead_member": State.OVERDUE, "rapid_review": State.OVERDUE},
    ),
    "a rapid review that goes to the Panel today.": ("Due today", {"send_rapid_review": State.DUE_TODAY}),
    "a notification that was withdrawn, and a date in the future.": ("Complete", {"notify_panel": State.MET}),
    "a rapid review due tomorrow, and a date kept as a number.": ("Due soon", {"rapid_review": State.DUE_SOON}),
    "referred to the partnership only, which is to decide; the form came late.": (
        "On track",
        {"report_incident": State.MET_LATE, "tell_operational_head": State.MET_LATE, "dspp_decide": State.RUNNING},
    ),
    "a looked after child's death without abuse, sent to the Panel.": ("Complete", {"notify_ofsted": State.MET}),
    "threshold not met; this row stands here twice.": ("Complete", {"decide_threshold": State.MET}),
    "a decision that the facts recorded contradict; known of late.": ("Check data", {"decide_threshold": State.MET}),
    "a decision against the facts recorded, with its reason.": ("Complete", {"decide_threshold": State.MET}),
    "a child's death, and nobody knows whether the child was looked after.": (
        "Check data", {"notify_ofsted": State.CANNOT_TELL}
    ),
    "the day of the notification typed in the wrong column.": (
        "Overdue",
        {"decide_threshold": State.MET_LATE, "heads_of_service_meet": State.MET, "notify_panel": State.OVERDUE,
         "tell_partners": State.MET_LATE, "discuss_at_slt": State.CHASE},
    ),
    "day 5, no form, and nothing is decided.": (
        "Overdue",
        {"report_incident": State.OVERDUE, "decide_threshold": State.OVERDUE, "heads_of_service_meet": State.OVERDUE,
         "notify_panel": State.DUE_TODAY, "tell_partners": State.DUE_TODAY},
    ),
    "a looked after child's death, to be told to Ofsted today.": ("Due today", {"notify_ofsted": State.DUE_TODAY}),
    "day 4 without a decision: the Heads of Service meet today.": (
        "Due today",
        {"decide_threshold": State.DUE_TODAY, "heads_of_service_meet": State.DUE_TODAY,
         "notify_panel": State.DUE_SOON, "tell_partners": State.DUE_SOON},
    ),
    "a decision without its date.": ("Check data", {"decide_threshold": State.CANNOT_TELL}),
    "to be referred to the partnership; decided today.": ("Due soon", {"refer_to_dspp": State.DUE_SOON}),
    "notified and referred today; everybody is to be told.": (
        "Due soon",
        dict.fromkeys(("tell_directors", "brief_lead_member", "tell_operational_head"), State.DUE_SOON)
        | {"rapid_review": State.RUNNING},
    ),
    "referred yesterday; everybody is to be told today.": (
        "Due today", {"tell_directors": State.DUE_TODAY, "tell_operational_head": State.DUE_TODAY}
    ),
    "a care leaver's death without a date of birth.": ("On track", {"notify_ofsted": State.RUNNING}),
    "a new incident, on track.": (
        "On track",
        {"decide_threshold": State.RUNNING, "notify_panel": State.RUNNING, "tell_partners": State.RUNNING},
    ),
    "a day of becoming aware that cannot be read; a formula without result.": (
        "Check data",
        dict.fromkeys(
            ("report_incident", "decide_threshold", "heads_of_service_meet", "notify_panel", "tell_partners"),
            State.CANNOT_TELL,
        ),
    ),
    "no day of becoming aware, a broken formula, and a word misspelt.": (
        "Check data", {"discuss_at_slt": State.CANNOT_TELL}
    ),
    "a row without a reference, and two dates in the wrong order.": ("Due soon", {"decide_threshold": State.DUE_SOON}),
    "known of today; the form has not come yet.": ("Due soon", {"report_incident": State.DUE_SOON}),
}  # fmt: skip

# The clocks that the demonstration is about. A new clock changes nothing here.
CLOCKS = {clock for _, clocks in SHOWN.values() for clock in clocks} | {"scoping_return"}
# Counted in months and in weeks: these are not in the same state on every day.
BY_THE_CALENDAR = {"publish_local_review", "discuss_at_slt"}
RULES = rules(clocks=tuple(clock for clock in standard_clocks() if clock.id in CLOCKS))

# Every kind of problem that a row can have. (The others are of headings, or of dates beyond the bank holidays.)
PROBLEMS = {
    "aware-long-after-incident",
    "closed-with-steps-outstanding",
    "date-as-number",
    "date-order",
    "decision-contradicts-facts",
    "duplicate-reference",
    "excel-error",
    "fact-not-known",
    "formula-without-result",
    "future-date",
    "not-a-choice",
    "panel-will-not-consider",
    "published-not-completed",
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
    "refer_to_dspp",
    "send_rapid_review",
    "decide_review",
    "inform_of_local_review",
}
# A clock that nothing stops, because each anchor starts it anew.
NEVER_MET = {clock.id for clock in standard_clocks() if not clock.stop}


def assessed(rows: Rows, as_of: date) -> Tracker:
    return assess(read_tracker(build(rows), "made up.xlsx", Names()), RULES, as_of)


def statuses(tracker: Tracker, sheet: str) -> set[str]:
    """Return the statuses of the rows of a sheet."""
    return {
        INCIDENTS: {incident.status for incident in tracker.incidents},
        SCOPING: {scoping_return.status for scoping_return in tracker.scoping},
        ACTIONS: {action.status for action in tracker.actions},
    }[sheet]


def choices(sheet: str) -> set[str]:
    """Return the statuses that rows of a sheet can have, when no day is set from which alarms are raised."""
    status = {INCIDENTS: "status", SCOPING: "return_status", ACTIONS: "action_status"}
    return set(SCHEMA.sheets[sheet].columns[status[sheet]].choices) - {"Before start"}


def choices_on(as_of: date) -> set[str]:
    """Return the statuses that incidents can have on that day.

    An open incident was discussed on the last Tuesday and is due at the meeting after it, which is this week when that
    Tuesday was a bank holiday: shortly before the meeting, or after it, none is on track. Nothing that is counted in
    working days is due on a day off.
    """
    discussed = as_of - timedelta(days=(as_of.weekday() - RULES.slt_weekday) % 7)
    meeting = next_meeting(discussed, RULES.slt_weekday, DAYS)
    assert meeting is not None
    never = {"On track"} if DAYS.between(as_of, meeting) <= RULES.warn_working_days else set()
    return choices(INCIDENTS) - never - (set() if DAYS.is_working_day(as_of) else {"Due today"})


def problems(tracker: Tracker) -> set[str]:
    return {problem.code for problem in tracker.problems}


def states(tracker: Tracker, clock: str) -> set[State]:
    """Return the states of a clock on the rows where it applies."""
    return {each.clocks[clock].state for each in (*tracker.incidents, *tracker.scoping) if clock in each.clocks}


def summary_of(incident: Incident) -> str:
    return incident.text("summary").removeprefix("Made up: ")


@pytest.fixture(scope="module")
def demo() -> Tracker:
    return assessed(cases(AS_OF, DAYS), AS_OF)


# Towards the end of what is known of bank holidays, the demo would show that a deadline lies beyond it.
working_days = st.dates(date(2014, 1, 2), DAYS.last - timedelta(days=200)).filter(DAYS.is_working_day)


# The demo


@settings(max_examples=25, deadline=None)
@given(working_days)
def test_on_every_working_day_each_incident_shows_what_it_is_there_to_show(as_of: date) -> None:
    found = assessed(cases(as_of, DAYS), as_of)
    for incident in found.incidents:
        for clock, state in SHOWN[summary_of(incident)][1].items():
            assert clock in BY_THE_CALENDAR or incident.clocks[clock].state == state, (summary_of(incident), clock)
    assert statuses(found, INCIDENTS) == choices_on(as_of)
    assert statuses(found, SCOPING) == choices(SCOPING)
    assert statuses(found, ACTIONS) == choices(ACTIONS)
    assert problems(found) == PROBLEMS
    for clock in CLOCKS:
        assert states(found, clock) & set(OPEN), clock


def test_every_incident_is_an_example_of_what_its_summary_says(demo: Tracker) -> None:
    assert {summary_of(incident) for incident in demo.incidents} == SHOWN.keys()
    for incident in demo.incidents:
        status, clocks = SHOWN[summary_of(incident)]
        found = {clock: incident.clocks[clock].state for clock in clocks}
        assert (incident.status, found) == (status, clocks), summary_of(incident)


def test_every_status_and_every_state_has_its_example(demo: Tracker) -> None:
    assert {status for status, _ in SHOWN.values()} == choices(INCIDENTS)
    assert set().union(*(states(demo, clock) for clock in CLOCKS)) == set(State) - {State.BEFORE_START}


@pytest.mark.parametrize(
    "as_of", [date(2026, 11, 28), date(2027, 12, 25), date(2028, 2, 27)], ids="{:%A %d %B %Y}".format
)
def test_on_a_day_off_only_returns_are_not_due_today(as_of: date) -> None:
    found = assessed(cases(as_of, DAYS), as_of)
    assert statuses(found, INCIDENTS) == choices_on(as_of)
    assert statuses(found, SCOPING) == choices(SCOPING) - {"Due today"}
    assert statuses(found, ACTIONS) == choices(ACTIONS)
    assert problems(found) == PROBLEMS


def test_every_clock_is_shown_met_and_running(demo: Tracker) -> None:
    for clock in CLOCKS:
        assert clock in NEVER_MET or {State.MET, State.MET_LATE} & states(demo, clock), clock
        assert (State.RUNNING in states(demo, clock)) == (clock not in NEVER_RUNNING), clock


@pytest.mark.parametrize("state", [State.NOT_STARTED, State.OVERDUE, State.MET_LATE, State.CANNOT_TELL])
def test_most_clocks_are_shown_in_each_of_the_telling_states(state: State, demo: Tracker) -> None:
    assert sum(state in states(demo, clock) for clock in CLOCKS) >= len(CLOCKS) // 2


def test_incidents_are_in_the_order_in_which_they_became_known() -> None:
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
        assert set(rows) <= set(SCHEMA.sheets)
        for sheet in map(SCHEMA.sheets.__getitem__, rows):
            by_person = {column.id for column in sheet.column if not column.by_script}
            for row in rows[sheet.id]:
                assert set(row) <= by_person
                assert all(isinstance(value, str | int | date | Formula | None) for value in row.values())

    def test_references_are_those_of_the_incidents(self, rows: Rows) -> None:
        incidents = {row["reference"] for row in rows[INCIDENTS]}
        others = [row["reference"] for sheet in (SCOPING, ACTIONS) for row in rows[sheet]]
        assert sum(reference not in incidents for reference in others) <= 2


# The sample of the benchmarks and of the logs that are adopted


def test_a_sample_is_mostly_clean_and_at_every_stage() -> None:
    rows = sample(800, AS_OF, DAYS)
    found = assessed(rows, AS_OF)
    spoilt = {problem.row for problem in found.by_sheet[INCIDENTS]}
    assert 0.01 < len(spoilt) / 800 < 0.10
    assert statuses(found, INCIDENTS) == choices(INCIDENTS)
    for clock in CLOCKS - NEVER_MET:
        assert State.MET in states(found, clock), clock
    assert max(sum(value is not None for value in row.values()) for row in rows[INCIDENTS]) >= 45


def test_the_same_seed_gives_the_same_sample() -> None:
    assert sample(50, AS_OF, DAYS) == sample(50, AS_OF, DAYS, seed=1) != sample(50, AS_OF, DAYS, seed=2)
