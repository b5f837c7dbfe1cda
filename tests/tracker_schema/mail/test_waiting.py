"""Which cases wait without a deadline and for what, and which reviews are paused."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import MONDAY, assess_rows, rules
from tests.tracker_schema.mail.cases import day, incident
from tracker_schema.clocks.clocks import standard_clocks
from tracker_schema.incidents.incident import COMPLETE, Incident, Tracker
from tracker_schema.incidents.stages import current_stage, is_at_the_end, standard_process
from tracker_schema.mail.daily_list import daily_list
from tracker_schema.mail.deadlines import Deadline
from tracker_schema.mail.slt_meetings import Meetings
from tracker_schema.mail.summary import summarise
from tracker_schema.mail.waiting import Paused, Waiting, paused, waiting

MEETINGS = Meetings(dt.date(2026, 11, 17), dt.date(2026, 11, 24), dt.date(2026, 12, 1))
TO_BE_CLOSED = standard_process().stage[-1].short
TOLD: dict[str, Any] = {
    "form_received": day(-60),
    "aware_date": day(-60),
    "partners_told": day(-58),
    "directors_told": day(-50),
    "lead_member_briefed": day(-50),
    "operational_head_told": day(-50),
}
REFERRED = TOLD | {
    "outcome": "Other",
    "decision": "Refer to DSPP only",
    "decision_date": day(-57),
    "decision_reason": "Made up",
    "cspr_referred": day(-57),
}
REVIEWED = TOLD | {
    "place": "In area",
    "decision": "Notify Panel",
    "decision_date": day(-57),
    "panel_notified": day(-57),
    "rapid_review_completed": day(-45),
    "rapid_review_sent": day(-45),
    "panel_response": day(-40),
}
LOCAL = REVIEWED | {"review_decision": "Local review", "review_decided": day(-45), "review_informed": day(-45)}
NATIONAL = REVIEWED | {"review_decision": "National review", "review_decided": day(-45)}


@pytest.mark.parametrize(
    ("cells", "off", "what"),
    [
        (REFERRED, "dspp_decide", "Wait for the partnership’s decision on the referral"),
        (REVIEWED, "decide_review", "Wait for the decision on a review"),
        (NATIONAL, None, "Wait for the review to be completed"),
        (LOCAL | {"review_published": day(-2)}, None, "Wait for the review to be completed"),
        (NATIONAL | {"operational_head_told": ""}, None, "Wait for the review to be completed"),  # and that is overdue
    ],
)
def test_a_case_without_a_deadline_says_what_it_waits_for(cells: dict[str, Any], off: str | None, what: str) -> None:
    by = rules(clocks=tuple(clock for clock in standard_clocks() if clock.on and clock.id != off))
    tracker = assess_rows(incident(**cells), by=by)
    assert waiting(tracker) == daily_list(tracker).waiting == [Waiting("CI-1", what)]
    (line,) = summarise(tracker, MEETINGS, day(-5), None).cases
    assert line.state.stage != TO_BE_CLOSED


@pytest.mark.parametrize(
    "cells",
    [
        REVIEWED,  # the review is to be decided on, and that is overdue
        LOCAL,  # the review is to be published
        TOLD | {"outcome": "Other", "decision": "Refer to DSPP only", "decision_date": day(-57)},
    ],
)
def test_a_case_whose_stage_has_a_deadline_is_not_said_to_wait_without_one(cells: dict[str, Any]) -> None:
    tracker = assess_rows(incident(**cells))
    assert tracker.incidents[0].open_clocks
    assert waiting(tracker) == []


def test_a_case_that_is_complete_waits_for_nothing() -> None:
    decided = TOLD | {"outcome": "Other", "decision": "Threshold not met", "decision_date": day(-57)}
    tracker = assess_rows(incident(**decided, decision_reason="Made up"))
    assert [each.status for each in tracker.incidents] == [COMPLETE]
    assert waiting(tracker) == []
    (line,) = summarise(tracker, MEETINGS, day(-5), None).cases
    assert (line.state.stage, line.step) == (TO_BE_CLOSED, "Close it")


@pytest.mark.parametrize("reason", ["", "Made up: private"])
def test_a_paused_review_raises_no_alarm_and_keeps_its_date(reason: str) -> None:
    late = LOCAL | {"aware_date": day(-200), "review_decided": day(-150), "slt_discussed": MONDAY}
    running = assess_rows(incident(**late))
    (step,) = [each for each in _shown(running) if each.overdue and each.statutory]
    tracker = assess_rows(incident(**late, paused_until=day(30), pause_reason=reason))
    assert paused(tracker) == [Paused("CI-1", step.label, step.due, day(30), bool(reason))]
    found = daily_list(tracker)
    assert {each.label for each in _shown(tracker)} <= {"Discuss at SLT"}
    assert not found.waiting
    assert "private" not in repr(found)
    (review,) = summarise(tracker, MEETINGS, day(-5), None).reviews
    assert (review.due, review.late, review.paused, review.explained) == (step.due, False, day(30), bool(reason))
    # It comes back by itself.
    again = assess_rows(incident(**late, paused_until=day(30), pause_reason=reason), as_of=day(30))
    assert not paused(again)
    assert step.label in [each.label for each in _shown(again) if each.overdue]


def _shown(tracker: Tracker) -> list[Deadline]:
    items = (item for case in daily_list(tracker).cases for item in case.new)
    return [item.deadline for item in items if item.deadline]


_DAYS = st.one_of(st.just(""), st.dates(day(-120), day(-1)), st.just("tbc"))
_ROWS = st.fixed_dictionaries(
    {"aware_date": st.dates(day(-130), MONDAY)},
    optional={
        **dict.fromkeys(("form_received", "decision_date", "panel_notified", "cspr_referred", "dspp_decided"), _DAYS),
        **dict.fromkeys(("rapid_review_completed", "rapid_review_sent", "panel_response", "review_decided"), _DAYS),
        **dict.fromkeys(("review_completed", "review_published", "dlt_discussed", "learning_shared"), _DAYS),
        **dict.fromkeys(("slt_discussed", "partners_told", "closed"), _DAYS),
        "paused_until": st.sampled_from(["", day(-3), day(20)]),
        "decision": st.sampled_from(["Notify Panel", "Refer to DSPP only", "Threshold not met", ""]),
        "dspp_decision": st.sampled_from(["Progress", "Other learning", "No further action"]),
        "review_decision": st.sampled_from(["Local review", "National review", "No review"]),
        "outcome": st.sampled_from(["Death", "Serious harm", "Other", ""]),
        "looked_after": st.sampled_from(["Yes", "No", ""]),
    },
)


@settings(max_examples=150)
@given(st.lists(_ROWS, min_size=1, max_size=5))
def test_mail_never_contradicts_status_or_stage(rows: list[dict[str, Any]]) -> None:
    tracker = assess_rows(*(incident(f"CI-{number}", **row) for number, row in enumerate(rows)))
    found, summary = daily_list(tracker), summarise(tracker, MEETINGS, day(-5), None)
    waits = {each.reference: each.what for each in found.waiting}
    on_hold = {each.reference for each in found.paused}
    open_now = [each for each in tracker.incidents if not each.is_finished]
    stages = [line.state.stage for line in summary.cases]
    assert stages.count(TO_BE_CLOSED) == sum(each.status == COMPLETE for each in open_now)
    assert [(line.reference, line.state.status) for line in sorted(summary.cases, key=lambda line: line.reference)] == [
        (each.reference, each.status) for each in open_now
    ]
    for each in tracker.incidents:
        _check(each, waits.get(each.reference), each.reference in on_hold)
    overdue = {each.reference for each in _shown(tracker) if each.overdue}
    assert overdue == {each.reference for each in open_now if each.overdue_steps}


def _check(incident: Incident, waits: str | None, is_paused: bool) -> None:
    """A case that waits is neither complete nor done with, and its row says the same when no step is open."""
    if waits:
        assert not incident.is_finished
        assert waits == current_stage(incident).waits
        assert not is_at_the_end(incident)
        assert incident["next_step"] == waits or incident.open_clocks
    if incident.waits_for and not is_paused:
        assert incident.waits_for == waits
        assert waits in str(incident["next_step"])
    if incident.status == COMPLETE:
        assert is_at_the_end(incident)
        assert incident["next_step"] is None
        assert not is_paused
    elif not (incident.is_finished or is_paused or waits or incident.status == "Check data"):
        assert [result for result in incident.open_clocks if not result.clock.is_chase or result.clock.stop]
