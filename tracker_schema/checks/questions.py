"""What is asked about the facts of a case, in words: facts that are not known, and a decision against the facts.

No fact of a child is repeated: only the reference, the cell, the decision, and whether a reason for it is recorded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracker_schema.checks.decision import AGAINST_FACTS, FACT_NOT_KNOWN, QUESTIONS
from tracker_schema.clocks.clocks import Rules
from tracker_schema.clocks.conditions import ADULT, CONDITIONS, has_reached, is_ruled_out, is_young_leaver
from tracker_schema.columns.schema import INCIDENTS, tracker_schema
from tracker_schema.incidents.incident import Incident, Tracker
from tracker_schema.layouts.record import Record

CRITERIA_SOURCE = CONDITIONS["panel_to_be_notified"].source
"""The Panel's criteria, after the law that sets them."""

REASON = "decision_reason"
"""The column for the reason of a decision."""

_ALTHOUGH = {
    "met": "although the facts recorded meet the Panel’s criteria",
    "ruled out": "although a fact recorded rules the Panel out",
    "open": "although no fact recorded rules the Panel out",
}


@dataclass(frozen=True, slots=True)
class Question:
    """A fact that decides who must be told and is not known.

    references    the incidents, as they are shown outside the tracker
    cell          where the answer belongs, "" when the tracker has no column for it
    question      what is asked, in sentences
    stops         whether a deadline cannot be worked out without the answer
    """

    references: tuple[str, ...]
    cell: str
    question: str
    stops: bool


@dataclass(frozen=True, slots=True)
class DecisionAgainstFacts:
    """A decision on the threshold that the facts recorded contradict.

    reference    the incident, as it is shown outside the tracker
    cell         where the decision is
    words        the decision, and what the facts come to
    explained    whether a reason is recorded
    remedy       what to do about it, "" when there is a reason
    """

    reference: str
    cell: str
    words: str
    explained: bool
    remedy: str


def questions(tracker: Tracker) -> list[Question]:
    """Return what is asked about open cases: first what stops a deadline, then by cell, then what has no column."""
    asked = [
        Question((incident.shown_reference,), problem.cell, problem.message, problem.severity == "error")
        for incident in tracker.incidents
        if not incident.is_finished
        for problem in incident.problems
        if problem.code == FACT_NOT_KNOWN
    ]
    return sorted(asked, key=lambda question: not question.stops) + list(_without_column(tracker))


def decision_against_facts(incident: Incident) -> DecisionAgainstFacts | None:
    """Return the incident's decision when the facts recorded contradict it, else None."""
    problem = next((problem for problem in incident.problems if problem.code == AGAINST_FACTS), None)
    if problem is None:
        return None
    explained = incident.is_filled(REASON)
    reason = "a reason is recorded" if explained else "no reason is recorded"
    if not incident.has_column(REASON):
        reason = "the tracker has no column for a reason"
    words = f"“{incident.decision}”, {_ALTHOUGH[incident.criteria]}; {reason}."
    return DecisionAgainstFacts(incident.shown_reference, problem.cell, words, explained, problem.remedy)


def _without_column(tracker: Tracker) -> Iterator[Question]:
    """Give each question for whose answer the tracker has no column, with the open cases that it decides."""
    columns = tracker_schema().sheets[INCIDENTS].columns
    for column, question in QUESTIONS.items():
        references = [
            incident.shown_reference
            for incident in tracker.incidents
            if not incident.is_finished and _is_missing(incident.children, column, tracker.rules)
        ]
        if references:
            heading = columns[column].heading
            words = f"{question} The tracker has no column “{heading}”, so it cannot say."
            yield Question(tuple(references), "", words, stops=False)


def _is_missing(children: Sequence[Record], column: str, rules: Rules) -> bool:
    return not children[0].has_column(column) and any(_is_decisive(child, column, rules) for child in children)


def _is_decisive(child: Record, column: str, rules: Rules) -> bool:
    """Return whether an answer in `column` decides who must be told of this child, who has died as far as is known.

    It does not once that step is recorded or decided, or another fact settles it.
    """
    if child["outcome"] not in (None, "Death") or has_reached(child, ADULT):
        return False
    if column == "looked_after":
        told = child.is_filled("ofsted_notified") or child.is_filled("panel_notified")
        return not (told or (rules.care_leavers and is_young_leaver(child)))
    decided = child["decision"] == "Notify Panel" or child.is_filled("panel_notified")
    return not (decided or is_ruled_out(child))
