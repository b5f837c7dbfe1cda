"""Row status, stage, timeline, documents called for, next step and mail never contradict each other on any case."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.tracker_schema.clocks.oracle import Settings
from tests.tracker_schema.clocks.random_rows import (
    Case,
    Recipe,
    cases_of,
    missing_columns,
    rows_of_recipes,
    settings_of_councils,
    tracker_of,
)
from tracker_schema.clocks.results import State
from tracker_schema.documents.case_timeline import timeline_of
from tracker_schema.documents.documents import documents
from tracker_schema.incidents.incident import Incident, Tracker
from tracker_schema.incidents.stages import StageStatus, current_stage, is_at_the_end, stages_of, standard_process
from tracker_schema.mail.waiting import paused, waiting

AT_ONCE = ("Overdue", "Due today", "Due soon")
UNSURE = (State.CANNOT_TELL, State.PAUSED)


@settings(
    max_examples=120,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(rows_of_recipes, settings_of_councils, missing_columns, st.sampled_from((1, 1, 2)), st.booleans())
def test_what_is_said_of_a_case_agrees(
    recipes: list[dict[str, Recipe]], council: Settings, missing: set[str], children: int, whole: bool
) -> None:
    cases = cases_of(recipes, council, () if whole else sorted(missing), children)
    tracker = tracker_of(cases, council)
    waiting_in_mail = {each.reference: each.what for each in waiting(tracker)}
    paused_in_mail = {each.reference for each in paused(tracker)}
    for case, incident in zip(cases, tracker.incidents, strict=True):
        columns: dict[str, Any] = incident.worked_out
        _status_and_next_step(incident, columns, council, case)
        _stage(incident, columns, case)
        _timeline(incident, columns, tracker, case)
        _documents(incident, columns, case)
        in_mail = waiting_in_mail.get(incident.reference)
        is_paused = incident.reference in paused_in_mail
        # (The mail names what a stage waits for also while another step of the case has a deadline.)
        assert in_mail in (None, incident.waits_for or current_stage(incident).waits), case
        if incident.waits_for and not incident.is_finished:
            assert in_mail or is_paused, case


def _status_and_next_step(incident: Incident, columns: dict[str, Any], council: Settings, case: Case) -> None:
    status, step, due = columns["status"], columns["next_step"], columns["next_due"]
    states = {result.state for result in incident.clocks.values()}
    assert (status == "Closed") is incident.is_closed, case
    assert (columns["working_days_left"] is None) is (due is None), case
    if incident.is_closed:
        assert (step, due, columns["overdue_steps"], incident.waits_for) == (None, None, None, ""), case
        return
    assert (status == "Overdue") is (State.OVERDUE in states) is bool(columns["overdue_steps"]), case
    if status in AT_ONCE:
        # What is late, or due in the next days, has its day in the row.
        assert step, case
        assert due is not None, case
    if status in ("Overdue", "Due today"):
        assert due <= council.as_of, case
    if status in ("Complete", "Before start"):
        assert (step, due, columns["overdue_steps"]) == (None, None, None), case
    if status in ("Chase", "On track"):
        assert step, case
    if status == "Chase" and due is None:
        assert step == incident.waits_for, case
    if incident.waits_for:
        assert step.split("; ")[-1] == incident.waits_for, case
        assert status not in ("Complete", "Before start", "Overdue"), case
        assert all(result.clock.is_of_case for result in incident.open_clocks), case


def _stage(incident: Incident, columns: dict[str, Any], case: Case) -> None:
    found = stages_of(incident)
    is_open = bool(incident.open_clocks) or any(result.state in UNSURE for result in incident.clocks.values())
    if columns["status"] == "Complete":
        assert is_at_the_end(incident), case
        assert not is_open, case
    elif not incident.is_closed and columns["status"] != "Before start":
        has_error = any(problem.severity == "error" for problem in incident.problems)
        unwatched = columns["data_problems"] is not None and "There is no column" in columns["data_problems"]
        assert is_open or not is_at_the_end(incident) or has_error or unwatched, case
    if incident.waits_for and not incident.waits_for.startswith("Paused until "):
        assert incident.waits_for == current_stage(incident).waits, case
    for each in found:
        result = incident.clocks.get(each.stage.clock or "")
        # A step that somebody is to take, or may have to, is never drawn as not needed.
        if result and (result.is_open or (result.state == State.CANNOT_TELL and result.unknown)):
            assert each.status != StageStatus.NOT_NEEDED, (each.stage.id, str(case))
    ends = incident.is_filled("closed") and "closed" not in incident.unreadable
    assert not ends or current_stage(incident) == standard_process().stage[-1], case


def _timeline(incident: Incident, columns: dict[str, Any], tracker: Tracker, case: Case) -> None:
    rows = timeline_of(incident, tracker.as_of)
    labels = {row.label: row for row in rows}
    for result in incident.open_clocks:
        row = labels[result.clock.label]
        assert (row.state, row.due) == (result.state, result.due), case
    if not incident.is_closed:
        overdue = [result.clock.label for result in incident.clocks.values() if result.state == State.OVERDUE]
        assert {row.label for row in rows if row.state == State.OVERDUE} == set(overdue), case
        assert (columns["overdue_steps"] or "") == "; ".join(overdue), case
    if columns["status"] == "Complete":
        assert {row.state for row in rows} <= {State.MET, State.MET_LATE}, case
    if incident.waits_for and not any(row.state in UNSURE for row in rows):
        assert rows[-1].label == incident.waits_for, case


def _documents(incident: Incident, columns: dict[str, Any], case: Case) -> None:
    called = {name for name, document in documents().items() if document.is_called_for(incident)}
    whatever = {name for name, document in documents().items() if any(call.always for call in document.called_for)}
    if incident.is_closed:
        assert called == set(), case
    elif columns["status"] == "Complete":
        # A case on which nothing is to come asks for the page that says so, and for what no stage waits for.
        unwatched = {name for name, document in documents().items() if document.when_complete}
        assert called - unwatched == whatever, case
