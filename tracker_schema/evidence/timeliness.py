"""How timely the notifications of a period were, by type and quarter, with small counts kept back.

A notification belongs to the quarter in which it was made, as the national statistics count them; one that is overdue
and not made, to the quarter of its deadline.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from tracker_schema.clocks.clocks import Rules
from tracker_schema.clocks.results import State
from tracker_schema.columns.schema import INCIDENTS
from tracker_schema.evidence.fit_to_tell import NOT_RECORDED, Counts, Line, counts_fit_to_tell, fit_to_tell
from tracker_schema.evidence.suppression import FEWEST
from tracker_schema.layouts.layouts import NotificationType, notification_types
from tracker_schema.old_assessment import Assessment
from tracker_schema.old_clocks import Reading
from tracker_schema.old_facts import Facts, Mask, made_on
from tracker_schema.working_days import Days

_MONTHS = ("January", "April", "July", "October", "March", "June", "September", "December")


@dataclass(frozen=True, order=True)
class Quarter:
    """Three months of the calendar, which are also a quarter of the council's year: `number` 1 begins in January."""

    year: int
    number: int

    @classmethod
    def of(cls, day: dt.date) -> Quarter:
        """The quarter that `day` lies in."""
        return cls(day.year, (day.month + 2) // 3)

    @property
    def first(self) -> dt.date:
        """Its first day."""
        return dt.date(self.year, 3 * self.number - 2, 1)

    @property
    def last(self) -> dt.date:
        """Its last day."""
        return self.next.first - dt.timedelta(days=1)

    @property
    def next(self) -> Quarter:
        """The quarter after it."""
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def label(self) -> str:
        """How people call it, such as “April to June 2026”."""
        return f"{_MONTHS[self.number - 1]} to {_MONTHS[self.number + 3]} {self.year}"


def quarters(first: Quarter, last: Quarter) -> Iterator[Quarter]:
    """Each quarter from `first` to `last`."""
    while first <= last:
        yield first
        first = first.next


@dataclass(frozen=True)
class Timeliness:
    """One notification type: a line for each quarter and their total, and why those that came late did: `reasons` as
    people recorded them, `stages` by which step before the notification was late already (for the Panel only). Both
    are empty where none was late or all is kept back. `limit` is in words, None for a type that has none.
    """

    kind: NotificationType
    limit: str | None
    lines: tuple[Line, ...]
    total: Line
    reasons: Counts
    stages: Counts


def timeliness(assessment: Assessment, rules: Rules, first: Quarter, last: Quarter) -> tuple[Timeliness, ...]:
    """How timely each type of notification was in the quarters from `first` to `last`, fit to be passed on.

    An incident whose reference stands on several rows counts once, by the first of them. Where a type has a limit, a
    notification counts when its day of awareness and its own can be read.
    """
    sheet = assessment.sheets[INCIDENTS]
    facts = sheet.facts
    counted = _first_of_each(facts.column("reference").values)
    found = tuple(
        _of_type(kind, facts, sheet.readings, rules, counted, tuple(quarters(first, last)))
        for kind in notification_types()
    )
    # Whose form came after the Panel's deadline, sent it late: told where the late forms are kept back, it would tell
    # of them.
    forms_told = all(
        each.total.within is not None for each in found if each.limit and "form_received" in each.kind.made
    )
    return found if forms_told else tuple(replace(each, stages={}) for each in found)


def _first_of_each(references: npt.NDArray[np.object_]) -> Mask:
    seen: set[object] = set()
    first = np.ones(len(references), bool)
    for position, reference in enumerate(references.tolist()):
        first[position] = reference is None or reference not in seen
        seen.add(reference)
    return first


def _of_type(
    kind: NotificationType,
    facts: Facts,
    readings: Mapping[str, Reading],
    rules: Rules,
    counted: Mask,
    periods: Sequence[Quarter],
) -> Timeliness:
    made = made_on(facts, kind)
    clocks = [readings[clock] for clock in kind.clocks if clock in readings]
    due: Days = np.full(len(facts), np.datetime64("NaT", "D"))
    overdue = np.zeros(len(facts), bool)
    for reading in clocks:
        due = np.fmin(due, reading.due)
        overdue |= reading.is_in(State.OVERDUE)
    taken = _working_days_taken(facts.column("aware_date").values, made, rules)
    can_be_told = ~np.isnat(due) if clocks else np.ones(len(facts), bool)
    rows = _Rows(made, due, taken, counted & can_be_told & ~np.isnat(made), counted & overdue & np.isnat(made))

    lines = [rows.line(quarter.label, quarter.first, quarter.last, bool(clocks)) for quarter in periods]
    total = rows.line("All quarters", periods[0].first, periods[-1].last, bool(clocks))
    lines, total = fit_to_tell(lines, total)
    late = rows.late_between(periods[0].first, periods[-1].last)
    return Timeliness(
        kind,
        clocks[0].clock.limit if clocks else None,
        tuple(lines),
        total,
        _of_late(_reasons(facts), late, total),
        _of_late(_stages(facts, due), late, total) if "panel_notified" in kind.made else {},
    )


def _working_days_taken(aware: Days, made: Days, rules: Rules) -> npt.NDArray[np.float64]:
    """From awareness to the notification; NaN where one of the two is not known or lies beyond the bank holidays."""
    known = rules.days.covers(aware) & rules.days.covers(made)
    some_day = np.datetime64(rules.days.first)
    days = rules.days.between(np.where(known, aware, some_day), np.where(known, made, some_day))
    return np.where(known, days, np.nan)


@dataclass(frozen=True, eq=False)
class _Rows:
    """Every incident: when the notification was made and due, the working days taken, whether it was made and counts,
    and whether it is overdue instead.
    """

    made: Days
    due: Days
    taken: npt.NDArray[np.float64]
    was_made: Mask
    is_overdue: Mask

    def line(self, label: str, first: dt.date, last: dt.date, limited: bool) -> Line:
        """What happened from `first` to `last`, nothing kept back yet."""
        here = self.was_made & _lies_between(self.made, first, last)
        made = int(here.sum())
        days = self.taken[here & ~np.isnan(self.taken)]
        line = Line(label, made, half_by=_half_by(days) if len(days) >= FEWEST else None)
        if not limited:
            return line
        late = int((here & (self.made > self.due)).sum())
        return replace(
            line,
            within=made - late,
            late=late,
            share=(made - late) / made if made else None,
            not_made=int((self.is_overdue & _lies_between(self.due, first, last)).sum()),
        )

    def late_between(self, first: dt.date, last: dt.date) -> Mask:
        """Which were made from `first` to `last`, and late."""
        return self.was_made & _lies_between(self.made, first, last) & (self.made > self.due)


def _lies_between(days: Days, first: dt.date, last: dt.date) -> Mask:
    return (days >= np.datetime64(first)) & (days <= np.datetime64(last))


def _half_by(days: npt.NDArray[np.float64]) -> int:
    # One of the values, not the mean of the middle two, nor further quantiles: of few notifications those would tell
    # how many were late where that is kept back.
    return int(np.sort(days)[(len(days) - 1) // 2])


def _of_late(words: npt.NDArray[np.object_], late: Mask, total: Line) -> Counts:
    """How often each word stands on a row that was late; nothing when none was, or how many were is kept back."""
    return counts_fit_to_tell(words[late].tolist()) if total.late else {}


def _reasons(facts: Facts) -> npt.NDArray[np.object_]:
    """For each row why a notification was late, as somebody recorded it."""
    recorded = facts.column("late_reason").values
    return np.array([reason or NOT_RECORDED for reason in recorded.tolist()], dtype=object)


def _stages(facts: Facts, due: Days) -> npt.NDArray[np.object_]:
    """For each row which step before the notification had come too late for it already."""
    form, decision = facts.column("form_received").values, facts.column("decision_date").values
    return np.select(
        [form > due, decision > due, decision <= due],
        [
            "The Critical Incident Form came after the deadline",
            "The decision came after the deadline",
            "Decided in time, notified after the deadline",
        ],
        NOT_RECORDED,
    ).astype(object)
