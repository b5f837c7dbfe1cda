"""The week's summary as facts: what is in which part, and that everything adds up to the tracker."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import MONDAY, Cells, assess_rows, rules
from tests.tracker_schema.mail.cases import only
from tracker_schema.incidents.incident import Tracker
from tracker_schema.mail.case_lines import CaseState
from tracker_schema.mail.daily_list import daily_list
from tracker_schema.mail.deadlines import KEEPER, Deadline, open_deadlines
from tracker_schema.mail.events import Key, kinds_of_notification
from tracker_schema.mail.slt_meetings import Meetings
from tracker_schema.mail.summary import NOT_READABLE, NotDiscussed, Summary, summarise

MEETINGS = Meetings(dt.date(2026, 11, 17), dt.date(2026, 11, 24), dt.date(2026, 12, 1))
A_WEEK_AGO = MONDAY - dt.timedelta(days=7)


def ago(days: int) -> dt.date:
    return MONDAY - dt.timedelta(days=days)


def incident(reference: str | None = "CI-1", **cells: Any) -> Cells:
    """An incident of last Wednesday, with its form; SLT has discussed it."""
    return {
        "reference": reference,
        "date_of_birth": dt.date(2015, 3, 4),
        "aware_date": ago(5),
        "form_received": ago(5),
        "outcome": "Serious harm",
        "abuse_or_neglect": "Suspected",
        "slt_discussed": ago(3),
    } | cells


def summed_up(
    *incidents: Cells,
    since: dt.date = A_WEEK_AGO,
    reported: frozenset[Key] | None = None,
    before: Mapping[str, CaseState] | None = None,
    **sheets: Any,
) -> Summary:
    rows = [{column: "" if cell is None else cell for column, cell in row.items()} for row in incidents]
    return summarise(assess_rows(*rows, **sheets), MEETINGS, since, reported, before)


def clock_of(deadline: Deadline) -> str | None:
    return deadline.clock.id if deadline.clock else None


# What needs SLT


def test_overdue_steps_come_statutory_first_and_then_by_their_day() -> None:
    found = summed_up(
        incident("CI-1", aware_date=ago(40), form_received=None, slt_discussed=None),
        incident("CI-2", aware_date=ago(12), form_received=ago(12)),
        by=only("report_incident", "decide_threshold", "heads_of_service_meet", "notify_panel"),
    )
    told = [(step.reference, clock_of(step), step.statutory) for step in found.overdue]
    assert told == [
        ("CI-1", "notify_panel", True),
        ("CI-2", "notify_panel", True),
        ("CI-1", "report_incident", False),
        ("CI-1", "decide_threshold", False),
        ("CI-1", "heads_of_service_meet", False),
        ("CI-2", "decide_threshold", False),
        ("CI-2", "heads_of_service_meet", False),
    ]
    assert found.overdue[1].left == -3  # from Wednesday 18 November, five working days after Wednesday the 11th
    assert found.overdue[1].owner == KEEPER


def test_what_is_due_before_the_meeting_after_next_and_nothing_later() -> None:
    # Aware on Wednesday 18 November: the Panel told by the 25th. Aware on Tuesday the 24th: by 1 December, SLT's day.
    by = only("notify_panel", "tell_partners")
    found = summed_up(incident("CI-1"), incident("CI-2", aware_date=MONDAY + dt.timedelta(days=1)), by=by)
    assert {(step.reference, clock_of(step)) for step in found.due} == {
        ("CI-1", "notify_panel"),
        ("CI-1", "tell_partners"),
    }
    # The line of the case names the first of them, and so the other one is named below it.
    assert [(line.reference, line.step) for line in found.cases] == [
        ("CI-1", "Notify the national Panel"),
        ("CI-2", "Notify the national Panel"),
    ]
    assert [clock_of(step) for step in found.besides] == ["tell_partners"]


# A line for each open case


def test_the_lines_say_what_each_case_is_and_what_needs_slt_is_at_the_top() -> None:
    rows = [
        incident("CI-1", looked_after="No", decision="Notify Panel", decision_date=ago(4), panel_notified=ago(3)),
        incident("CI-2", aware_date="tbc", looked_after=""),
        incident("CI-3", outcome="Death", looked_after="Yes", aware_date=ago(20), form_received=ago(20)),
        incident("CI-4", closed=ago(1)),
    ]
    lines = summed_up(*rows).cases
    assert [(line.reference, line.what, line.state.status) for line in lines] == [
        ("CI-3", "Death, looked after", "Overdue"),
        ("CI-2", "Serious harm, looked after: not known", "Check data"),
        ("CI-1", "Serious harm", "Due today"),
    ]
    first = lines[0]
    # The Panel is statutory, and so it comes before the decision, which was due a day earlier.
    assert (first.step, first.authority, first.owner) == ("Notify the national Panel", "statutory", KEEPER)
    assert first.overdue


def test_a_line_does_not_ask_slt_for_its_own_discussion() -> None:
    row = dict(incident(aware_date=ago(42), decision="Notify Panel", decision_date=ago(40), panel_notified=ago(39)))
    told = ("partners_told", "directors_told", "lead_member_briefed", "operational_head_told")
    row |= dict.fromkeys((*told, "rapid_review_completed", "rapid_review_sent", "review_decided"), ago(36))
    row |= {"review_decision": "National review", "panel_response": ago(30), "slt_discussed": ago(6)}
    (line,) = summed_up(row).cases
    assert (line.step, line.owner, line.due) == ("Wait for the review to be completed", "reviewer", None)
    assert (line.state, line.slt) == (CaseState("Review", "Due soon"), MEETINGS.next)


def test_what_has_changed_in_a_line_since_the_last_summary() -> None:
    row = incident()
    (line,) = summed_up(row).cases
    assert line.changes == ("new",)
    known: dict[str, Any] = {"reported": summed_up(row).reported, "since": MONDAY}

    def changes(*before: CaseState) -> tuple[str, ...]:
        return summed_up(row, **known, before=dict.fromkeys(["ci-1"], *before) if before else {}).cases[0].changes

    assert changes(line.state) == ()
    assert changes(CaseState("Form", line.state.status)) == ("was at: Form",)
    assert changes(CaseState(line.state.stage, "On track")) == ("was: On track",)
    assert changes() == ("not in the last summary",)
    # Where no states are remembered, nothing is said.
    assert summed_up(row, **known).cases[0].changes == ()
    assert not summed_up(row, **known).compared


# What needs SLT besides


def test_an_overdue_action_is_named_by_its_number_and_never_in_its_words_or_by_its_owner() -> None:
    action = {"reference": "CI-1", "number": "3", "action": "Made up: see Ann Sample", "owner": "Ann Sample"}
    found = summed_up(incident(), actions=[action | {"due": ago(7)}])
    (step,) = [step for step in found.overdue if step.clock is None]
    assert (step.reference, step.label, step.owner) == ("CI-1", "Action 3", "as the Actions sheet says")
    assert "Ann" not in repr(found)


def test_a_closed_incident_needs_nobody() -> None:
    found = summed_up(incident(aware_date=ago(60), slt_discussed=None, closed=ago(30)))
    assert not any([found.cases, found.overdue, found.due, found.reviews, found.not_discussed, found.cannot_tell])


def test_an_incident_whose_deadlines_cannot_be_worked_out_is_named() -> None:
    found = summed_up(incident("CI-1", aware_date="last Tuesday"), incident("CI-2"), incident(None, aware_date=None))
    assert found.cannot_tell == {NOT_READABLE: ["CI-1", "row 7"]}


# What is new


def test_the_three_types_of_notification_are_read_off_the_row() -> None:
    found = summed_up(
        incident("CI-1", panel_notified=ago(3), cspr_referred=ago(2)),
        incident("CI-2", aware_date=ago(20), form_received=ago(20), ofsted_notified=ago(1)),
        incident("CI-3", aware_date=ago(1), form_received=None),
        incident("CI-4", aware_date=ago(20), form_received=ago(20), panel_notified=ago(9)),
    )
    told = {kind: [each.reference for each in new] for kind, new in found.new.items()}
    assert tuple(told) == kinds_of_notification()
    assert list(told.values()) == [["CI-1"], ["CI-1", "CI-2"], ["CI-1"], ["CI-3"]]
    assert found.notified == 5


def test_what_was_told_is_not_told_again_and_what_was_entered_late_is_told() -> None:
    rows = [incident("CI-1", panel_notified=ago(3))]
    first = summed_up(*rows)
    assert first.notified == 2
    assert summed_up(*rows, since=MONDAY, reported=first.reported).notified == 0
    late = incident("CI-9", aware_date=ago(90), form_received=ago(90))
    found = summed_up(*rows, late, since=MONDAY, reported=first.reported)
    assert [each.reference for each in found.new["Critical incident"]] == ["CI-9"]
    assert summed_up(*rows, late).notified == 2  # where nothing is remembered, the dates decide


def test_decisions_and_outcomes_since_then() -> None:
    action = {"reference": "CI-1", "action": "Made up", "due": ago(1), "done": ago(2), "outcome": "Made up: private"}
    found = summed_up(
        incident("CI-1", decision="Notify Panel", decision_date=ago(3), outcome_of_action="Made up: private"),
        incident("CI-2", decision="Threshold not met", decision_date=ago(8), decision_reason="Made up: private"),
        incident("CI-3", review_decision="Local review", review_decided=ago(4), closed=ago(1)),
        actions=[action, action | {"done": ""}],
    )
    assert [(each.reference, each.what, each.day) for each in found.since_then] == [
        ("CI-3", "Review decision: Local review", ago(4)),
        ("CI-1", "Decision: Notify Panel", ago(3)),
        ("CI-1", "Actions done: 1 of 2", ago(2)),
        ("CI-3", "Closed", ago(1)),
        ("CI-1", "Outcome of action recorded", None),
    ]
    assert "private" not in repr(found)


def test_another_decision_is_kinds_of_notification() -> None:
    before = summed_up(incident(decision="Threshold not met", decision_date=ago(3)))
    after = summed_up(incident(decision="Notify Panel", decision_date=ago(3)), since=MONDAY, reported=before.reported)
    assert [each.what for each in after.since_then] == ["Decision: Notify Panel"]


def test_an_outcome_recorded_since_the_last_summary_is_told_although_it_has_no_date() -> None:
    before = summed_up(incident())
    after = summed_up(incident(outcome_of_action="Made up"), since=MONDAY, reported=before.reported)
    assert [each.what for each in after.since_then] == ["Outcome of action recorded"]


def test_a_decision_against_the_facts_is_told_once() -> None:
    facts: dict[str, Any] = {"place": "In area", "decision": "Threshold not met", "decision_date": ago(3)}
    first = summed_up(incident("CI-1", **facts), incident("CI-2"))
    assert [(each.reference, each.what) for each in first.against_facts] == [
        (
            "CI-1",
            "“Threshold not met”, although the facts recorded meet the Panel’s criteria; no reason is recorded.",
        )
    ]
    explained = incident("CI-1", **facts, decision_reason="Made up: private")
    assert not summed_up(explained, since=MONDAY, reported=first.reported).against_facts
    assert "private" not in repr(summed_up(explained))
    other = incident("CI-1", **facts | {"decision": "Refer to DSPP only"})
    assert len(summed_up(other, since=MONDAY, reported=first.reported).against_facts) == 1


@pytest.mark.parametrize(
    ("days", "closed", "told"), [(3, None, True), (60, None, True), (3, ago(1), True), (60, ago(50), False)]
)
def test_an_old_decision_against_the_facts_is_told_while_its_case_is_open(
    days: int, closed: dt.date | None, told: bool
) -> None:
    decided = {"decision": "Threshold not met", "decision_date": ago(days), "aware_date": ago(days)}
    facts: dict[str, Any] = decided | {"place": "In area"}
    assert bool(summed_up(incident(**facts, closed=closed)).against_facts) is told


def test_what_the_log_has_no_column_for_is_named() -> None:
    found = summed_up(incident_without_slt(), columns=["reference", "aware_date"])
    assert "Notify the national Panel" in found.not_watched
    assert not summed_up(incident(), scoping=[]).not_watched


# How everything stands


def test_reviews_with_their_dates() -> None:
    notified = {"decision": "Notify Panel", "decision_date": ago(60), "panel_notified": ago(60)}
    reviewed = {"rapid_review_completed": ago(45), "rapid_review_sent": ago(44)}
    local = {
        "review_decision": "Local review",
        "review_decided": ago(30),
        "review_form": "Audit",
        "panel_response": ago(31),
    }
    found = summed_up(
        incident("CI-1", aware_date=ago(60), **notified),
        incident("CI-2", aware_date=ago(60), **notified, **reviewed),
        incident("CI-3", aware_date=ago(60), **notified, **reviewed, **local),
    )
    # CI-2 waits for the Panel's reply; its rapid review is over.
    rapid, of_council = found.reviews
    assert (rapid.reference, rapid.began, rapid.due, rapid.late) == ("CI-1", ago(60), dt.date(2026, 10, 15), True)
    assert (of_council.reference, of_council.kind, of_council.began, of_council.due) == (
        *("CI-3", "Local review", ago(30)),
        dt.date(2027, 4, 24),
    )


def test_agencies_that_are_late_and_learning_that_waits() -> None:
    learning = {"review_decision": "Local review", "review_decided": ago(90), "review_completed": ago(40)}
    found = summed_up(
        incident("CI-1", **learning),
        incident("CI-2", **learning, dlt_discussed=ago(10)),
        scoping=[
            {"reference": "CI-1", "agency": "Example Police", "contact": "Ann Sample", "sent": ago(12)},
            {"reference": "CI-1", "agency": "Example Hospital", "sent": ago(3)},
        ],
    )
    assert [(step.agency, step.reference, step.left) for step in found.late_returns] == [("Example Police", "CI-1", -3)]
    # What the line of a case names, the part for learning does not.
    steps = ("Discuss the review at Extended DLT", "Share the learning with teams")
    named = [(each.reference, each.step) for each in found.cases if each.step in steps]
    waiting = [(each.reference, each.label) for each in found.learning]
    assert sorted(named + waiting) == [("CI-1", steps[0]), ("CI-2", steps[1])]
    assert "Ann" not in repr(found)


def test_open_incidents_that_slt_has_not_discussed_since_its_last_meeting() -> None:
    found = summed_up(
        incident("CI-1", slt_discussed=MEETINGS.last),
        incident("CI-2", slt_discussed=ago(7)),
        incident("CI-3", slt_discussed=None),
    )
    assert found.not_discussed == [NotDiscussed("CI-3", None), NotDiscussed("CI-2", ago(7))]
    assert summed_up(incident_without_slt(), columns=["reference", "aware_date"]).not_discussed is None


def incident_without_slt() -> Cells:
    return {"reference": "CI-1", "aware_date": ago(5)}


def test_an_empty_tracker() -> None:
    found = summed_up()
    assert (found.totals.logged, found.totals.open, found.cases, found.notified) == (0, 0, [], 0)
    assert not any([found.overdue, found.due, found.since_then, found.coming, found.reviews])


@pytest.mark.parametrize("reference", ["CI-1\u202e<b>", "x" * 500, "a\x07b"])
def test_a_reference_is_shown_on_one_line_and_no_longer_than_it_can_be(reference: str) -> None:
    (first, *_) = summed_up(incident(reference)).due
    assert first.reference.isprintable()
    assert len(first.reference) <= 60


# It adds up

_DAYS = st.one_of(st.none(), st.dates(ago(120), ago(-3)), st.sampled_from(["tbc", "31/02/2026"]))
_ROWS = st.fixed_dictionaries(
    {
        "reference": st.sampled_from(["CI-1", "CI-2", "CI-3", "ci-3", None]),
        "aware_date": _DAYS,
        "form_received": _DAYS,
        "closed": st.one_of(st.none(), _DAYS),
    },
    optional={
        **dict.fromkeys(
            ("decision_date", "panel_notified", "cspr_referred", "rapid_review_completed", "rapid_review_sent"), _DAYS
        ),
        **dict.fromkeys(("review_decided", "review_completed", "dlt_discussed", "slt_discussed", "heads_met"), _DAYS),
        "decision": st.sampled_from(["Notify Panel", "Threshold not met", "Notfy"]),
        "review_decision": st.sampled_from(["Local review", "No review"]),
        "outcome": st.sampled_from(["Death", "Other", "Deth"]),
        "outcome_of_action": st.just("Made up"),
    },
)
_RETURNS = st.fixed_dictionaries(
    {
        "reference": st.sampled_from(["CI-1", "CI-9"]),
        "agency": st.just("Example Police"),
        "sent": _DAYS,
        "returned": _DAYS,
    }
)
_ACTIONS = st.fixed_dictionaries(
    {"reference": st.just("CI-1"), "action": st.just("Made up"), "due": _DAYS, "done": _DAYS}
)


def _cells(row: Cells) -> Cells:
    return {column: "" if cell is None else cell for column, cell in row.items()}


@settings(max_examples=60)
@given(
    st.lists(_ROWS, max_size=6),
    st.lists(_RETURNS, max_size=4),
    st.lists(_ACTIONS, max_size=4),
    st.sampled_from([None, ago(60), ago(10)]),
)
def test_everything_adds_up_to_the_trackers_own_columns(
    incidents: list[Cells], returns: list[Cells], actions: list[Cells], start_from: dt.date | None
) -> None:
    by = rules(start_from=start_from)
    scoping = [_cells(row) for row in returns]
    tracker = assess_rows(*map(_cells, incidents), scoping=scoping, actions=[_cells(row) for row in actions], by=by)
    found = summarise(tracker, MEETINGS, A_WEEK_AGO, None)

    statuses = [incident.status for incident in tracker.incidents]
    assert found.totals.incidents == Counter(statuses)
    assert found.totals.logged == len(incidents)
    is_open = [status for status in statuses if status not in ("Closed", "Before start")]
    assert found.totals.open == len(is_open)
    assert Counter(line.state.status for line in found.cases) == Counter(is_open)
    named = [str(incident["overdue_steps"]).split("; ") for incident in tracker.incidents if incident["overdue_steps"]]
    kinds = Counter("action" if not step.clock else step.sheet for step in found.overdue)
    assert found.totals.steps_overdue == kinds["incidents"] == sum(map(len, named))
    assert found.totals.actions.get("Overdue", 0) == kinds["action"]
    assert found.totals.returns.get("Overdue", 0) == kinds["scoping"] == len(found.late_returns)
    assert sum(found.totals.returns.values()) == len(returns)
    assert sum(found.totals.actions.values()) == len(actions)
    # The daily list of the same morning counts the same.
    listed = daily_list(tracker)
    assert listed.overdue == len(found.overdue)
    _check_rows(tracker, found)
    _check_parts(tracker, found)
    assert not any(summarise(tracker, MEETINGS, MONDAY, found.reported).new.values())


def _check_rows(tracker: Tracker, found: Summary) -> None:
    """Each row is in the parts that its status says, by its number."""
    by_status: dict[str, set[int]] = {}
    for incident in tracker.incidents:
        by_status.setdefault(incident.status, set()).add(incident.row)
    assert {step.row for step in found.overdue if step.sheet == "incidents"} == by_status.get("Overdue", set())
    closed = by_status.get("Closed", set())
    assert not closed & {step.row for step in [*found.overdue, *found.due, *found.coming] if step.sheet == "incidents"}


def _check_parts(tracker: Tracker, found: Summary) -> None:
    """Everything overdue, or due before the meeting after next, is in exactly one part."""
    lines = Counter((line.reference, line.step) for line in found.cases)
    reviews = {(review.position, review.clock) for review in found.reviews if review.clock}
    for step in open_deadlines(tracker):
        if step.is_discussion or not (step.overdue or step.due < MEETINGS.after_next):
            continue
        in_line = step.step is not None and (step.reference, step.label) in lines
        others = [step in found.besides, step in found.late_returns, step in found.learning, step.step in reviews]
        # A reference that two rows have may have one line that names a step and one that does not.
        assert any([in_line, *others])
        if lines and max(Counter(line.reference for line in found.cases).values()) == 1:
            assert sum(others) + (in_line and step.step not in reviews) == 1, step
