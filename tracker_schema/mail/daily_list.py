"""What needs the Head of Service for Safeguarding today, by case: what is new since the last list, and the rest."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from tracker_schema.calendar.working_days import WorkingDays
from tracker_schema.checks.decision import AGAINST_FACTS, FACT_NOT_KNOWN
from tracker_schema.checks.questions import REASON, decision_against_facts, questions
from tracker_schema.checks.references import UNKNOWN_REFERENCE
from tracker_schema.clocks.results import State
from tracker_schema.clocks.timed_record import TimedRecord, digest
from tracker_schema.columns.problems import Problem
from tracker_schema.incidents.guard import HEADING_GONE
from tracker_schema.incidents.incident import COMPLETE, Incident, Tracker
from tracker_schema.incidents.memory import Change
from tracker_schema.mail.chasers import ChaserKey
from tracker_schema.mail.deadlines import Deadline, not_watched, open_deadlines, unrecorded_deadlines
from tracker_schema.mail.waiting import Paused, Waiting, paused, waiting
from tracker_schema.returns.came_in import received, returns_to_see_to
from tracker_schema.returns.returns_so_far import ReturnSoFar

_BRIEF = {
    AGAINST_FACTS: "the decision is against the facts recorded and has no reason",
    FACT_NOT_KNOWN: "a fact that decides who must be told is not known",
}
_SHOWN = (State.OVERDUE, State.DUE_TODAY, State.DUE_SOON, State.CHASE)

Key = tuple[str, str]
"""A reference in small letters, and what is said of it in our own words: by this the next list knows what is new."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that needs the Head of Service.

    key         by what it is known from one list to the next
    deadline    the deadline that it is, None when it is something to put right in the tracker
    words       what to put right, in sentences that begin with the cell; "" for a deadline
    cell        where to put it right, "" when it is no single cell
    stops       whether it keeps a deadline from being worked out
    has_column  of a deadline: whether the tracker has a column to record it in
    brief       the same in a few words, where the cell alone does not say enough; else ""
    asks        whether it asks anything of anybody; a decision whose reason is recorded is only told of once
    """

    key: Key
    deadline: Deadline | None = None
    words: str = ""
    cell: str = ""
    stops: bool = False
    has_column: bool = True
    brief: str = ""
    asks: bool = True


@dataclass(frozen=True, slots=True)
class CaseItems:
    """What one case needs, or with reference "" no single case: what is new since the last list, and the rest."""

    reference: str
    new: Sequence[Item]
    rest: Sequence[Item]

    @property
    def deadlines(self) -> list[Deadline]:
        """The deadlines of the rest."""
        return [item.deadline for item in self.rest if item.deadline]

    @property
    def to_put_right(self) -> list[Item]:
        """What the rest has to put right in the tracker."""
        return [item for item in self.rest if not item.deadline]


@dataclass(frozen=True)
class DailyList:
    """What needs the Head of Service for Safeguarding.

    since         the day of the last list, None when none is remembered; then everything is new
    changes       what is gone or changed in the log, and whether the last list did not say so
    cases         what each case needs, those with something new first
    received      the forms that were entered as received since the last list, in words
    overdue       the number of steps, returns and actions that are past their day
    today         the number of those that are due today
    soon          the number of those that are due soon
    to_discuss    the cases that SLT discusses next, by the day
    undiscussed   the cases that are not recorded as discussed at SLT's last meeting, and whether one of them is new
    to_close      open cases of which nothing is left to do; named once a week
    waiting       open cases whose stage has no deadline; named once a week
    paused        paused steps of reviews; named once a week
    not_watched   the labels of the clocks that the tracker has no column for; named once a week
    keys          the keys of all items; the next list needs them
    """

    since: dt.date | None
    changes: Sequence[tuple[Change, bool]]
    cases: Sequence[CaseItems]
    received: Sequence[str]
    overdue: int
    today: int
    soon: int
    to_discuss: Sequence[Deadline]
    undiscussed: tuple[Sequence[Deadline], bool]
    to_close: Sequence[str]
    waiting: Sequence[Waiting]
    paused: Sequence[Paused]
    not_watched: Sequence[str]
    keys: frozenset[Key]

    @property
    def new(self) -> int:
        """The number of things that are new since the last list."""
        new = sum(is_new for _, is_new in self.changes) + sum(len(case.new) for case in self.cases)
        return new + self.undiscussed[1]

    @property
    def has_news(self) -> bool:
        """Whether something is new, or is gone that deadlines hang on: that is said until it is back."""
        return self.new > 0 or any(change.stops for change, _ in self.changes)

    @property
    def is_empty(self) -> bool:
        """Whether nothing needs anybody today. What only waits needs nobody."""
        return not (self.changes or self.cases or self.undiscussed[0])


def daily_list(
    tracker: Tracker,
    before: Collection[Key] | None = None,
    since: dt.date | None = None,
    so_far: Mapping[ChaserKey, ReturnSoFar] = MappingProxyType({}),
) -> DailyList:
    """Return everything that needs whoever keeps the tracker, as seen after the list of the day `since`.

    `before` are the keys of that list; None when none is remembered. `so_far` is what agencies have sent back that is
    not all of their return. Source: by the council's guidance the Head of
    Service for Safeguarding keeps the tracker.
    """
    deadlines = open_deadlines(tracker)
    counts = Counter(deadline.state for deadline in deadlines if not deadline.is_discussion)
    came = [
        (name, Item((name.casefold(), key), words=words, brief=words.rstrip(".")))
        for name, key, words in returns_to_see_to(tracker, so_far)
    ]
    items = _unique([*_steps(tracker, deadlines), *came, *_to_put_right(tracker)])
    entered = {(name.casefold(), key): words for name, key, words in received(tracker)}
    weekly = begins_the_week(tracker.as_of, tracker.rules.days)
    to_come = (State.DUE_SOON, State.DUE_TODAY)
    undiscussed = {
        (deadline.reference.casefold(), f"not discussed {deadline.due}"): deadline
        for deadline in deadlines
        if deadline.is_discussion and deadline.state == State.CHASE
    }
    return DailyList(
        since,
        [(change, _key(change) not in (before or ())) for change in tracker.changes],
        _by_case(items, before or ()),
        [words for key, words in entered.items() if before is not None and key not in before],
        counts[State.OVERDUE],
        counts[State.DUE_TODAY],
        counts[State.DUE_SOON],
        [deadline for deadline in deadlines if deadline.is_discussion and deadline.state in to_come],
        (list(undiscussed.values()), not undiscussed.keys() <= set(before or ())),
        [each.shown_reference for each in tracker.open_incidents if each.status == COMPLETE] if weekly else (),
        waiting(tracker) if weekly else (),
        paused(tracker) if weekly else (),
        not_watched(tracker) if weekly else (),
        frozenset((*(item.key for _, item in items), *map(_key, tracker.changes), *undiscussed, *entered)),
    )


def _key(change: Change) -> Key:
    return "", f"gone {change.kind} {digest(change.problem)}"


Named = tuple[str, Item]
"""The reference of a case, as it is shown outside the tracker, and something that it needs."""


def _steps(tracker: Tracker, deadlines: Iterable[Deadline]) -> Iterator[Named]:
    """Give every deadline that is past, due today or due soon, but for SLT's discussions."""
    for each in deadlines:
        if each.state in _SHOWN and not each.is_discussion:
            yield each.reference, _step(each)
    for each in unrecorded_deadlines(tracker):
        yield each.reference, _step(each, has_column=False)


def _step(deadline: Deadline, *, has_column: bool = True) -> Item:
    words = f"{deadline.state.words} {deadline.key} {deadline.due}"
    return Item((deadline.reference.casefold(), words), deadline, has_column=has_column)


def _to_put_right(tracker: Tracker) -> Iterator[Named]:
    """Give what is to be put right in the tracker: by case, then what is of no one case.

    A heading that is gone is among the changes.
    """
    lost = {name for change in tracker.changes if change.kind == "row" for name in change.references}
    of_rows = set()
    for sheet_id, records in tracker.records.items():
        for record in records:
            of_rows |= set(record.problems)
            against_facts = any(problem.code == AGAINST_FACTS for problem in record.problems)
            for problem in record.problems if not _is_finished(record) else ():
                # A decision against the facts asks for its reason itself, and a row that is gone is among the changes.
                said = against_facts and problem.column == REASON
                said = said or (problem.code == UNKNOWN_REFERENCE and record.shown_reference in lost)
                if _is_to_put_right(problem) and not said:
                    yield record.shown_reference, _problem(problem, sheet_id, record)
    for sheet_id, problems in tracker.by_sheet.items():
        for problem in problems:
            if _is_to_put_right(problem) and problem not in of_rows:
                yield "", _problem(problem, sheet_id, None)
    for question in questions(tracker):
        if not question.cell:
            words = f"{', '.join(question.references)}: {question.question}"
            yield "", Item(("", f"question {' '.join(question.references).casefold()}"), words=words)


def _is_to_put_right(problem: Problem) -> bool:
    return problem.severity != "note" and problem.code != HEADING_GONE


def _is_finished(record: TimedRecord) -> bool:
    return isinstance(record, Incident) and record.is_finished


def _problem(problem: Problem, sheet_id: str, record: TimedRecord | None) -> Item:
    words = problem.message
    key = f"{sheet_id} {problem.code} {problem.column or ''}"
    decision = decision_against_facts(record) if isinstance(record, Incident) else None
    if problem.code == AGAINST_FACTS and decision:
        words = f"{decision.words} {decision.remedy}".strip()
        key = f"{key} {decision.explained}"
    reference = record.shown_reference.casefold() if record else ""
    return Item(
        (reference, key),
        words=f"{problem.cell}: {words}",
        cell=problem.cell,
        stops=problem.severity == "error" and problem.code != AGAINST_FACTS,
        brief=f"{_BRIEF[problem.code]} ({problem.cell})" if problem.code in _BRIEF else "",
        asks=not (problem.code == AGAINST_FACTS and decision and decision.explained),
    )


def _unique(items: Iterable[Named]) -> list[Named]:
    """Return the items, of which no two have the same key: a second one of a kind is numbered."""
    seen: Counter[Key] = Counter()
    found = []
    for reference, item in items:
        seen[item.key] += 1
        if seen[item.key] > 1:
            item = replace(item, key=(item.key[0], f"{item.key[1]} {seen[item.key]}"))
        found.append((reference, item))
    return found


def _by_case(items: Iterable[Named], before: Collection[Key]) -> list[CaseItems]:
    by_case: dict[str, list[Item]] = {}
    for reference, item in items:
        by_case.setdefault(reference, []).append(item)
    found = []
    for reference, of_case in by_case.items():
        ordered = sorted(of_case, key=_urgency)
        new = [item for item in ordered if item.key not in before]
        rest = [item for item in ordered if item.key in before and item.asks]
        if new or rest:
            found.append(CaseItems(reference, new, rest))
    return sorted(found, key=lambda case: (not case.reference, _urgency((*case.new, *case.rest)[0])))


def _urgency(item: Item) -> tuple[int, bool, dt.date]:
    """What is overdue comes first, then what stops a deadline, what is due, and the rest; the statutory steps first."""
    deadline = item.deadline
    if deadline is None:
        return (1 if item.stops else 4), True, dt.date.max
    rank = {State.OVERDUE: 0, State.DUE_TODAY: 2, State.DUE_SOON: 3}.get(deadline.state, 4)
    return rank, not deadline.statutory, deadline.due


def begins_the_week(day: dt.date, days: WorkingDays) -> bool:
    """Return whether `day` is the first working day of its week: Monday, unless that is a bank holiday."""
    monday = day - dt.timedelta(days=day.weekday())
    before = (monday + dt.timedelta(days=number) for number in range(day.weekday()))
    return days.is_working_day(day) and not any(map(days.is_working_day, before))
