"""The timeliness of the notifications of a period, by type and quarter, and why they were late.

A notification is counted in the quarter in which it was made, as in the national statistics; one that is overdue and
not made, in the quarter of its deadline.
"""

from __future__ import annotations

import datetime as dt
import statistics
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tracker_schema.clocks.clocks import Clock, Rules
from tracker_schema.clocks.results import State, earliest
from tracker_schema.evidence.columns import evidence_columns
from tracker_schema.evidence.quarters import Quarter, quarters_between
from tracker_schema.incidents.incident import Incident, Tracker
from tracker_schema.layouts.layouts import NotificationType, layout_schema

NOT_RECORDED = "Not recorded"
NO_LATE_STEP = "None: the earlier steps were in time"

Counts = Mapping[str, int | None]
"""A number by its name; None: suppressed."""


@dataclass(frozen=True)
class Line:
    """The notifications of one quarter, or of all of them.

    label: the quarter
    made: how many were made
    within, late: how many of them within the limit, and after it; None for a type without a limit
    share: the share of those made within the limit, 0 to 1; None when none was made, or without a limit
    median_days: the median of the working days from awareness; None when none was made
    not_made: how many are overdue and not made; None for a type without a limit

    In numbers that are passed on, None also stands for a suppressed number.
    """

    label: str
    made: int | None
    within: int | None
    late: int | None
    share: float | None
    median_days: int | None
    not_made: int | None


@dataclass(frozen=True)
class Timeliness:
    """One type of notification.

    kind: the type
    limit: its limit in words, such as “5 working days”; None when it has none
    lines, total: a line for each quarter, and one for all of them
    reasons: of the late ones, how many for each reason that is recorded
    late_steps: of the late ones, how many for each earlier step that was the first to be late
    """

    kind: NotificationType
    limit: str | None
    lines: tuple[Line, ...]
    total: Line
    reasons: Counts
    late_steps: Counts


def timeliness(tracker: Tracker, first: Quarter, last: Quarter) -> tuple[Timeliness, ...]:
    """Return the true numbers of each type of notification in the quarters from `first` to `last`.

    An incident whose reference is on several rows is counted once, by the first of them. For a type with a limit, only
    notifications are counted of which the date and the day of awareness can be read.
    """
    incidents = list(_each_once(tracker.incidents))
    return tuple(_of_type(kind, incidents, tracker.rules, first, last) for kind in layout_schema().type)


def _each_once(incidents: Sequence[Incident]) -> Iterator[Incident]:
    seen: set[str] = set()
    for incident in incidents:
        if not incident.reference or incident.reference not in seen:
            yield incident
        seen.add(incident.reference)


@dataclass(frozen=True)
class _Notification:
    """The notification of one incident: when it was made and due, the working days from awareness to it, and why late.

    `made` is None for one that is overdue and not made.
    """

    made: dt.date | None
    due: dt.date | None
    days: int | None
    reason: str
    late_step: str

    @property
    def is_late(self) -> bool:
        return self.made is not None and self.due is not None and self.made > self.due

    def is_between(self, first: dt.date, last: dt.date) -> bool:
        day = self.made or self.due
        return day is not None and first <= day <= last


def _of_type(
    kind: NotificationType, incidents: Sequence[Incident], rules: Rules, first: Quarter, last: Quarter
) -> Timeliness:
    clocks = [clock for clock in rules.clocks if clock.id in kind.clocks]
    earlier = rules.clocks[: rules.clocks.index(clocks[0])] if clocks else ()
    found = [each for incident in incidents if (each := _notification(incident, kind, clocks, earlier, rules))]
    late = [each for each in found if each.is_late and each.is_between(first.first, last.last)]
    lines = [_line(each.label, found, each.first, each.last, clocks) for each in quarters_between(first, last)]
    return Timeliness(
        kind,
        clocks[0].limit if clocks else None,
        tuple(lines),
        _line("All quarters", found, first.first, last.last, clocks),
        _most_frequent_first(each.reason for each in late),
        _most_frequent_first(each.late_step for each in late) if earlier else {},
    )


def _notification(
    incident: Incident, kind: NotificationType, clocks: Sequence[Clock], earlier: Sequence[Clock], rules: Rules
) -> _Notification | None:
    """Return the notification of the incident; None when there is none, or it cannot be counted.

    A death notified to both the Panel and Ofsted counts once, on the earlier day: one form serves both.
    """
    columns = evidence_columns()
    made, aware = earliest(incident, kind.made), incident.date(columns.aware)
    anchors = [(clock, anchor) for clock in clocks if (anchor := earliest(incident, clock.anchor))]
    due = min((due for clock, anchor in anchors if (due := rules.deadline(clock, anchor))), default=None)
    if made:
        if clocks and not due:
            return None
    elif not any(_state(incident, clock) == State.OVERDUE for clock in clocks):
        return None
    days = None
    if made and aware and rules.days.covers(made) and rules.days.covers(aware):
        days = rules.days.between(aware, made)
    late_step = next((clock.label for clock in earlier if _state(incident, clock) in _LATE), NO_LATE_STEP)
    return _Notification(made, due, days, incident.text(columns.reason) or NOT_RECORDED, late_step)


_LATE = (State.MET_LATE, State.OVERDUE)


def _state(incident: Incident, clock: Clock) -> State | None:
    result = incident.clocks.get(clock.id)
    return result.state if result else None


def _line(label: str, found: Sequence[_Notification], first: dt.date, last: dt.date, clocks: Sequence[Clock]) -> Line:
    of_period = [each for each in found if each.is_between(first, last)]
    made = [each for each in of_period if each.made]
    days = [each.days for each in made if each.days is not None]
    median = statistics.median_low(days) if days else None
    if not clocks:
        return Line(label, len(made), None, None, None, median, None)
    late = sum(each.is_late for each in made)
    within = len(made) - late
    share = within / len(made) if made else None
    return Line(label, len(made), within, late, share, median, len(of_period) - len(made))


def _most_frequent_first(names: Iterator[str]) -> dict[str, int | None]:
    counts = Counter(names)
    ordered = sorted(counts, key=lambda name: (name == NOT_RECORDED, -counts[name], name))
    return {name: counts[name] for name in ordered}
