"""Whom to remind on which day."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import MONDAY, Cells, assessed, rules, sheet_as_read
from tracker_schema.clocks.clocks import changed, standard_clocks
from tracker_schema.layouts.rows import WorkbookRows
from tracker_schema.mail.chasers import MAKE_UP, Stage, asked, chasers, with_last_chased
from tracker_schema.mail.reminders import CallStage, begins_the_week, calls, daily_list, referrals
from tracker_schema.old_assessment import Assessment, assess
from tracker_schema.old_plan import plan_writes
from tracker_schema.working_days import england_and_wales

DAYS = england_and_wales()


def day(after: int) -> dt.date:
    """So many working days after Monday 23 November 2026."""
    return DAYS.add(MONDAY, after) if after else MONDAY


def incident(reference: str = "CI-1", **cells: Any) -> Cells:
    """An incident of which the council became aware on Monday 23 November: day 4 is Friday, day 5 Monday."""
    return {"reference": reference, "aware_date": MONDAY, "operational_head": "Head of Service One"} | cells


def asked_of(agency: str = "Example Police", **cells: Any) -> Cells:
    """A return that is due on Monday 30 November."""
    return {"reference": "CI-1", "agency": agency, "sent": MONDAY} | cells


# The call to the Heads of Service


@pytest.mark.parametrize(
    ("after", "stage"),
    [
        *((0, None), (1, None), (2, None)),
        (3, CallStage.WARNED),
        (4, CallStage.CALLED),
        (5, CallStage.REPEATED),
        (9, CallStage.REPEATED),  # the computer was off on days 3 to 8
        (10, None),  # and this is too long ago for that; the list goes on naming it
        (200, None),
    ],
)
def test_the_heads_are_warned_on_day_3_called_on_day_4_and_again_on_day_5(after: int, stage: CallStage | None) -> None:
    found = calls(assessed(incident(), as_of=day(after)))
    assert [call.stage for call in found] == ([stage] if stage else [])


def test_days_off_do_not_count() -> None:
    before_christmas = incident(aware_date=dt.date(2026, 12, 22))  # a Tuesday; day 3 is the 29th, day 4 the 30th
    stages = {
        date: [call.stage for call in calls(assessed(before_christmas, as_of=dt.date(2026, 12, date)))]
        for date in (24, 29, 30, 31)
    }
    assert stages == {24: [], 29: [CallStage.WARNED], 30: [CallStage.CALLED], 31: [CallStage.REPEATED]}


@pytest.mark.parametrize(
    "settled",
    [
        {"decision": "Threshold not met", "decision_date": day(2)},
        {"decision": "Notify Panel"},  # undated: a problem of the data, and not of the decision
        {"decision_date": day(2)},
        {"closed": day(3)},
        {"aware_date": "last Tuesday"},
    ],
)
def test_nobody_is_called_when_it_is_settled_or_cannot_be_told(settled: dict[str, Any]) -> None:
    assert calls(assessed(incident(**settled), as_of=day(4))) == []


@pytest.mark.parametrize("after", [3, 4, 5])
def test_a_meeting_is_no_decision(after: int) -> None:
    met, decided = incident(heads_met=day(2)), incident("CI-2", heads_met=day(2), decision="Notify Panel")
    found = calls(assessed(met, decided, incident("CI-3"), as_of=day(after)))
    assert [(call.reference, call.met) for call in found] == [("CI-1", True), ("CI-3", False)]
    by = rules(start_from=day(5))
    assert calls(assessed(met, as_of=day(5), by=by)) == []


def test_the_call_says_what_the_meeting_needs_and_never_what_it_is() -> None:
    said = {"risk": "Made up: private", "partner_views": "Made up: private"}
    (call,) = calls(assessed(incident(**said), as_of=day(4)))
    assert [(need.heading, need.recorded) for need in call.needs] == [
        ("Specific risk", True),
        ("Immediate action", False),
        ("Partner views", True),
    ]
    assert (call.head, call.meet_by, call.panel_by) == ("Head of Service One", day(4), day(5))
    assert "private" not in repr(call)


def test_where_the_facts_rule_the_panel_out_no_day_for_it_is_named() -> None:
    (call,) = calls(assessed(incident(outcome="Other"), as_of=day(4)))
    assert call.panel_by is None


def test_the_council_may_meet_on_another_day_or_not_at_all() -> None:
    by_id = {clock.id: clock for clock in standard_clocks()}
    earlier = changed(by_id["heads_of_service_meet"], {"length": 3})
    sooner = rules(clocks=tuple(earlier if clock.id == earlier.id else clock for clock in standard_clocks()))
    assert [call.stage for call in calls(assessed(incident(), as_of=day(3), by=sooner))] == [CallStage.CALLED]
    without = rules(clocks=tuple(clock for clock in standard_clocks() if clock.id != "heads_of_service_meet"))
    assert [call.stage for call in calls(assessed(incident(), as_of=day(4), by=without))] == [CallStage.CALLED]
    neither = rules(clocks=(by_id["notify_panel"],))
    assert calls(assessed(incident(), as_of=day(4), by=neither)) == []


# Word of a referral


@pytest.mark.parametrize(("after", "told"), [(0, True), (1, True), (1 + MAKE_UP, True), (2 + MAKE_UP, False)])
def test_the_operational_head_is_told_of_a_referral_and_for_a_while_after(after: int, told: bool) -> None:
    found = referrals(assessed(incident(cspr_referred=MONDAY), as_of=day(after)), rules())
    assert [referral.head for referral in found] == ["Head of Service One"] * told


def test_what_was_due_before_the_start_is_told_to_nobody() -> None:
    by = rules(start_from=day(5))
    row = incident(cspr_referred=MONDAY, slt_discussed=MONDAY)
    assessment = assessed(row, scoping=[asked_of(sent=day(-2))], as_of=day(5), by=by)
    assert referrals(assessment, by) == []
    assert calls(assessment) == []
    assert chasers(assessment, 3).chasers == ()


def test_nobody_is_told_of_a_referral_twice_or_of_one_that_is_closed() -> None:
    told = incident(cspr_referred=MONDAY, operational_head_told=MONDAY)
    closed = incident("CI-2", cspr_referred=MONDAY, closed=MONDAY)
    assert referrals(assessed(told, closed, incident("CI-3")), rules()) == []


def test_a_tracker_without_a_column_for_it_does_not_keep_a_referral_from_the_operational_head() -> None:
    row = {"reference": "CI-1", "aware_date": MONDAY, "cspr_referred": MONDAY}
    assessment = assessed(row, columns=list(row))
    assert [referral.reference for referral in referrals(assessment, rules())] == ["CI-1"]
    without = rules(clocks=tuple(clock for clock in standard_clocks() if clock.id != "tell_operational_head"))
    assert referrals(assessment, without) == []


# The agencies


@pytest.mark.parametrize(
    ("after", "stages"),
    [
        (0, []),
        (2, []),
        (3, [Stage.BEFORE_DUE]),
        (4, [Stage.BEFORE_DUE]),  # the same one, which the ledger knows
        (5, [Stage.DUE_TODAY]),
        (6, [Stage.OVERDUE]),
        (7, [Stage.OVERDUE]),
        (8, [Stage.OVERDUE, Stage.ESCALATED]),
        (10, [Stage.OVERDUE, Stage.ESCALATED]),
        (11, [Stage.ESCALATED]),
        (13, [Stage.ESCALATED]),
        (14, []),  # after an outage of weeks nobody gets a storm of old messages
    ],
)
def test_an_agency_is_reminded_more_and_more_urgently(after: int, stages: list[Stage]) -> None:
    found = chasers(assessed(incident(), scoping=[asked_of()], as_of=day(after)), 3)
    assert [chaser.stage for chaser in found.chasers] == stages
    assert found.not_chased == ()


def test_an_agency_that_has_returned_is_left_in_peace() -> None:
    rows = [asked_of(returned=day(4)), asked_of("Example Hospital", returned=day(6)), asked_of("Housing", sent="")]
    assert chasers(assessed(incident(), scoping=rows, as_of=day(6)), 3).chasers == ()


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"reference": "CI-9"}, "Scoping!A5: there is no open incident with this reference"),
        ({"reference": ""}, "Scoping!A5: there is no open incident with this reference"),
        ({"reference": "CI-2"}, "Scoping!A5: there is no open incident with this reference"),  # which is closed
        ({"agency": ""}, "Scoping!B5: no agency is named"),
    ],
)
def test_a_return_that_cannot_be_chased_is_named_with_its_cell(row: dict[str, str], says: str) -> None:
    closed = incident("CI-2", closed=MONDAY)
    found = chasers(assessed(incident(), closed, scoping=[{**asked_of(), **row}], as_of=day(6)), 3)
    assert found.chasers == ()
    assert [sentence.startswith(says) for sentence in found.not_chased] == [True]


def _last_chased(assessment: Assessment, chased: dict[tuple[str, str], dt.date]) -> dict[int, Any]:
    plan = plan_writes(with_last_chased(assessment, chased))
    return {cell.row: cell.new for cell in plan.cells if cell.column == "last_chased"}


def test_when_an_agency_was_last_chased_is_planned_for_its_row_and_no_other() -> None:
    rows = [asked_of(), asked_of("Example Hospital"), asked_of(reference="CI-2")]
    assessment = assessed(incident(), incident("CI-2"), scoping=rows, as_of=day(6))
    assert _last_chased(assessment, {asked("ci-1", "EXAMPLE POLICE"): day(6)}) == {5: day(6)}
    assert _last_chased(assessment, {}) == {}


def test_a_later_day_and_whatever_else_stands_under_last_chased_stays() -> None:
    columns = ["reference", "agency", "sent", "returned", "return_due", "return_status", "last_chased"]
    rows = [
        asked_of("A", last_chased=day(4), return_status="Awaited"),
        asked_of("B", last_chased=day(8), return_status="Awaited"),
        asked_of("C", last_chased="by telephone", return_status="Awaited"),
    ]
    sheets = {
        "incidents": sheet_as_read(
            "incidents", [incident()], ["reference", "aware_date", "operational_head", "checked_on"]
        ),
        "scoping": sheet_as_read("scoping", rows, columns),
    }
    assessment = assess(WorkbookRows("Log.xlsx", sheets), rules(), day(6))
    chased = {asked("CI-1", agency): day(6) for agency in ("A", "B")}
    planned = with_last_chased(assessment, chased).sheets["scoping"].status["last_chased"]
    assert planned == [day(6), day(8), "by telephone"]


@given(st.lists(st.integers(0, 40), max_size=12))
@settings(max_examples=15)
def test_over_a_case_each_stage_is_reached_once_and_in_order_whatever_days_are_missed(days: list[int]) -> None:
    seen: list[str] = []
    for after in sorted(set(days)):
        assessment = assessed(incident(), scoping=[asked_of()], as_of=day(after))
        reached = [chaser.stage.value for chaser in chasers(assessment, 3).chasers]
        reached += [call.stage.value for call in calls(assessment)]
        seen += [stage for stage in reached if stage not in seen]
    agency = [stage for stage in seen if stage in ("before-due", "due-today", "overdue", "escalated")]
    heads = [stage for stage in seen if stage not in agency]
    assert agency == sorted(agency, key=["before-due", "due-today", "overdue", "escalated"].index)
    assert heads == sorted(heads, key=["warned", "called", "repeated"].index)


# The list


def test_the_list_has_everything_that_needs_the_head_of_service() -> None:
    rows = [
        incident("CI-1", form_received=MONDAY),
        incident("CI-2", aware_date="tbc"),
        incident("CI-3", aware_date=day(-30), closed=day(-3)),
    ]
    found = daily_list(assessed(*rows, scoping=[asked_of(sent=day(-6))], as_of=day(4)), rules())
    assert {step.clock for step in found.today} == {"decide_threshold", "heads_of_service_meet"}
    assert {step.clock for step in found.soon} == {"notify_panel", "tell_partners", "discuss_at_slt"}
    assert [step.agency for step in found.overdue] == ["Example Police"]
    assert [problem.cell for problem in found.errors] == ["Incidents!O6"]
    assert not found.is_empty


def test_the_list_is_empty_when_nothing_needs_anybody() -> None:
    found = daily_list(assessed(incident(form_received=MONDAY), as_of=MONDAY), rules())
    assert found.is_empty


@pytest.mark.parametrize(
    ("date", "begins"),
    [
        ("2026-11-23", True),
        ("2026-11-24", False),
        ("2026-11-28", False),  # a Saturday
        ("2026-12-28", False),  # a bank holiday
        ("2026-12-29", True),
        ("2027-03-30", True),  # after Easter Monday
    ],
)
def test_a_week_begins_on_its_first_working_day(date: str, begins: bool) -> None:
    assert begins_the_week(dt.date.fromisoformat(date), rules()) is begins
