"""The clocks of one row, worked out slowly and plainly: what the design's section 5 says, a day and a row at a time.

Nothing of tracker_schema is used here. A fact is a date or a text, None where the cell is empty, and `UNREADABLE` where
it holds something that cannot be read. Whether something is so is True, False, or None where it cannot be told.
"""

from __future__ import annotations

import calendar
import datetime as dt
import enum
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path


class Unreadable(enum.Enum):
    UNREADABLE = enum.auto()


UNREADABLE = Unreadable.UNREADABLE
Fact = dt.date | str | None | Unreadable
Truth = bool | None
ONE_DAY = dt.timedelta(days=1)

_DATA = Path(__file__).parents[3] / "tracker_schema" / "calendar" / "bank_holidays.json"
_EVENTS = json.loads(_DATA.read_text("utf-8"))["england-and-wales"]["events"]
BANK_HOLIDAYS = frozenset(dt.date.fromisoformat(event["date"]) for event in _EVENTS)
FIRST_DAY = dt.date(min(BANK_HOLIDAYS).year, 1, 1)
LAST_DAY = dt.date(max(BANK_HOLIDAYS).year, 12, 31)


@dataclass(frozen=True)
class Settings:
    """The day, and what a council may set."""

    as_of: dt.date
    warn_working_days: int = 2
    care_leavers: bool = True
    count_from: int = 0
    closures: frozenset[dt.date] = field(default=frozenset())
    start_from: dt.date | None = None


# Counting


def works(day: dt.date, closures: frozenset[dt.date]) -> bool:
    return day.weekday() < 5 and day not in BANK_HOLIDAYS and day not in closures


@cache
def working_days_after(first: dt.date, last: dt.date, closures: frozenset[dt.date]) -> int:
    """How many working days there are after `first` up to and including `last`."""
    return sum(works(first + number * ONE_DAY, closures) for number in range(1, (last - first).days + 1))


@cache
def deadline(anchor: dt.date, length: int, unit: str, count_from: int, closures: frozenset[dt.date]) -> dt.date | None:
    """The last day of the limit; None where the bank holidays are not known so far."""
    day = anchor
    if unit == "months":
        year, month = divmod(anchor.year * 12 + anchor.month - 1 + length, 12)
        day = dt.date(year, month + 1, min(anchor.day, calendar.monthrange(year, month + 1)[1]))
    number = count_from
    while unit != "months" and number < length:
        day += ONE_DAY
        number += unit == "days" or works(day, closures)
    return day if anchor >= FIRST_DAY and day <= LAST_DAY else None


def left(as_of: dt.date, due: dt.date, closures: frozenset[dt.date]) -> int:
    return working_days_after(as_of, due, closures) if due >= as_of else -working_days_after(due, as_of, closures)


# Facts


def any_of(*truths: Truth) -> Truth:
    return True if True in truths else None if None in truths else False


def all_of(*truths: Truth) -> Truth:
    return False if False in truths else None if None in truths else True


def opposite(truth: Truth) -> Truth:
    return None if truth is None else not truth


@dataclass(frozen=True)
class Row:
    """What one row says, by column id; a column that is not named is empty."""

    facts: Mapping[str, Fact]
    settings: Settings

    def __getitem__(self, column: str) -> Fact:
        return self.facts.get(column)

    def filled(self, column: str) -> bool:
        return self[column] is not None

    def date(self, column: str) -> dt.date | None:
        value = self[column]
        return value if isinstance(value, dt.date) else None

    def says(self, column: str, *choices: str | None) -> Truth:
        return None if self[column] is UNREADABLE else self[column] in choices

    def reached(self, age: int) -> Truth:
        """Whether the child was that old on the day of the incident, or of awareness when that is blank."""
        born, day = self["date_of_birth"], self["incident_date"] or self["aware_date"]
        if born is None or (day is None and born is not UNREADABLE):
            return False  # an unknown age counts as a child's
        if not isinstance(born, dt.date) or not isinstance(day, dt.date):
            return None
        # Whoever was born on 29 February comes of age on 1 March.
        return (day.year - born.year, day.month, day.day) >= (age, born.month, born.day)

    def was_before(self, day: dt.date, days_before: int) -> bool:
        """Whether the council was aware before `day`; where that cannot be read, whether it was so long before it."""
        aware, incident = self.date("aware_date"), self.date("incident_date")
        if aware:
            return aware < day
        return incident is not None and incident < day - days_before * ONE_DAY

    @property
    def is_history(self) -> bool:
        return self.settings.start_from is not None and self.was_before(self.settings.start_from, 30)

    def ruled_out(self) -> Truth:
        return any_of(
            self.says("abuse_or_neglect", "No"),
            self.says("outcome", "Other"),
            self.says("place", "Elsewhere in England"),
            all_of(self.says("place", "Outside England"), self.says("normally_resident", "No")),
            self.reached(18),
        )


# When a clock applies; `due` is when it is due, None where that is not known.


def always(row: Row, due: dt.date | None) -> Truth:
    return True


def unless_decided_without_a_date(row: Row, due: dt.date | None) -> Truth:
    return None if row.filled("decision") and not row.filled("decision_date") else True


def from_day_4_on_without_a_decision(row: Row, due: dt.date | None) -> Truth:
    as_of, aware = row.settings.as_of, row["aware_date"]
    if due:
        day_4_has_come: Truth = as_of >= due
    else:  # not started; or not to be told, unless it lies beyond the last day known, which is after today
        day_4_has_come = False if aware is None or (isinstance(aware, dt.date) and aware >= FIRST_DAY) else None
    return any_of(row.filled("heads_met"), all_of(row.says("decision", None), day_4_has_come))


def panel_to_be_notified(row: Row, due: dt.date | None) -> Truth:
    undecided = row.says("decision", None)
    return any_of(row.says("decision", "Notify Panel"), all_of(undecided, opposite(row.ruled_out())))


def ofsted_to_be_notified(row: Row, due: dt.date | None) -> Truth:
    leaver = all_of(row.settings.care_leavers, row.says("care_leaver", "Yes"), opposite(row.reached(25)))
    return all_of(row.says("outcome", "Death"), any_of(row.says("looked_after", "Yes"), leaver))


def notification_stands(row: Row, due: dt.date | None) -> Truth:
    withdrawn = None if row["notification_withdrawn"] is UNREADABLE else row.filled("notification_withdrawn")
    return all_of(opposite(withdrawn), opposite(row.says("abuse_or_neglect", "No")))


def local_review(row: Row, due: dt.date | None) -> Truth:
    return row.says("review_decision", "Local review")


@dataclass(frozen=True)
class Clock:
    """A line of the design's table. The first anchor starts the clock, a stop counts where those before are blank."""

    id: str
    anchor: tuple[str, ...]
    stop: tuple[str, ...]
    length: int
    unit: str
    basis: str
    applies: Callable[[Row, dt.date | None], Truth] = always
    sheet: str = "incidents"


_LAW, _LOCAL, _DEFAULT = "statutory guidance", "local procedure", "local default"
_WD = "working days"
_REFERRAL = ("panel_notified", "cspr_referred")

# fmt: off
CLOCKS = (
    Clock("report_incident", ("aware_date",), ("form_received",), 1, _WD, _LOCAL),
    Clock("decide_threshold", ("aware_date",), ("decision_date",), 4, _WD, _LOCAL, unless_decided_without_a_date),
    Clock("heads_of_service_meet", ("aware_date",), ("heads_met",), 4, _WD, _LOCAL, from_day_4_on_without_a_decision),
    Clock("notify_panel", ("aware_date",), ("panel_notified",), 5, _WD, _LAW, panel_to_be_notified),
    Clock("notify_ofsted", ("aware_date",), ("ofsted_notified", "panel_notified"), 5, _WD, _LAW, ofsted_to_be_notified),
    Clock("tell_partners", ("aware_date",), ("partners_told",), 5, _WD, _LAW, panel_to_be_notified),
    Clock("tell_directors", _REFERRAL, ("directors_told",), 1, _WD, _DEFAULT),
    Clock("brief_lead_member", _REFERRAL, ("lead_member_briefed",), 2, _WD, _DEFAULT),
    Clock("tell_operational_head", ("cspr_referred",), ("operational_head_told",), 1, _WD, _DEFAULT),
    Clock("scoping_return", ("sent",), ("returned",), 5, _WD, _LOCAL, sheet="scoping"),
    Clock("rapid_review", ("panel_notified",), ("rapid_review_completed",), 15, _WD, _LAW, notification_stands),
    Clock("send_rapid_review", ("rapid_review_completed",), ("rapid_review_sent",), 1, _WD, _DEFAULT),
    Clock("panel_reply", ("rapid_review_sent",), ("panel_response",), 10, _WD, "chase"),
    Clock("inform_of_local_review", ("review_decided",), ("review_informed",), 1, _WD, _DEFAULT, local_review),
    Clock("publish_local_review", ("review_decided",), ("review_published",), 6, "months", _LAW, local_review),
    Clock("discuss_at_extended_dlt", ("review_completed",), ("dlt_discussed",), 20, _WD, _DEFAULT),
    Clock("share_learning", ("dlt_discussed",), ("learning_shared",), 20, _WD, _DEFAULT),
    Clock("discuss_at_slt", ("form_received",), ("slt_discussed",), 7, "days", _LOCAL),
)
# fmt: on

OPEN = ("running", "due soon", "due today", "overdue", "chase")


@dataclass(frozen=True)
class Standing:
    """How one clock stands on one row; `left` is None unless the clock is open."""

    state: str
    anchor: dt.date | None = None
    due: dt.date | None = None
    stopped: dt.date | None = None
    left: int | None = None


def stand(clock: Clock, row: Row) -> Standing | None:
    """How `clock` stands on `row`; None where it does not apply."""
    settings = row.settings
    anchors = [row[column] for column in clock.anchor if row.filled(column)]
    anchor = None if UNREADABLE in anchors else min((day for day in anchors if isinstance(day, dt.date)), default=None)
    due = deadline(anchor, clock.length, clock.unit, settings.count_from, settings.closures) if anchor else None
    applies = clock.applies(row, due)
    if applies is False:
        return None
    stop = next((row[column] for column in clock.stop if row.filled(column)), None)
    can_be_told = applies is True and anchor is not None and due is not None and stop is not UNREADABLE
    if not (can_be_told and stop) and is_past(clock, row, anchors, due):
        return Standing("before start")
    if not anchors:
        return Standing("not started")
    if applies is None or anchor is None or due is None or stop is UNREADABLE:
        return Standing("cannot tell")
    if isinstance(stop, dt.date):
        return Standing("met" if stop <= due else "met late", anchor, due, stop)
    working_days_left = left(settings.as_of, due, settings.closures)
    if settings.as_of > due:
        state = "chase" if clock.basis == "chase" else "overdue"
    elif settings.as_of == due:
        state = "due today"
    else:
        state = "due soon" if working_days_left <= settings.warn_working_days else "running"
    return Standing(state, anchor, due, None, working_days_left)


def is_past(clock: Clock, row: Row, anchors: Sequence[Fact], due: dt.date | None) -> bool:
    """Whether the deadline was before the day from which alarms are raised."""
    start = row.settings.start_from
    if start is None:
        return False
    # One of several anchors that cannot be read can only have been earlier still.
    first = min((day for day in anchors if isinstance(day, dt.date)), default=None)
    council = row.settings
    last = due or (deadline(first, clock.length, clock.unit, council.count_from, council.closures) if first else None)
    if last:
        return last < start
    if anchors and clock.sheet == "incidents" and row.was_before(start - 365 * ONE_DAY, 0):
        return True
    return clock.anchor == ("aware_date",) and row.date("aware_date") is None and row.is_history


@dataclass(frozen=True)
class RowStatus:
    status: str
    next_step: str | None
    next_due: dt.date | None
    working_days_left: int | None
    overdue_steps: tuple[str, ...]


def row_status(row: Row, standings: Mapping[str, Standing]) -> RowStatus:
    """The status columns of an incident whose clocks, in the order of the process, stand so; steps are clock ids."""
    if row.filled("closed"):
        return RowStatus("Closed", None, None, None, ())
    by_due = sorted(_open(standings), key=lambda step: step[0])  # a stable sort: ties stay in the order of the process
    due, clock_id, working_days_left = by_due[0] if by_due else (None, None, None)
    overdue = tuple(clock_id for clock_id, standing in standings.items() if standing.state == "overdue")
    return RowStatus(_status(row, standings), clock_id, due, working_days_left, overdue)


def _open(standings: Mapping[str, Standing]) -> Iterator[tuple[dt.date, str, int]]:
    for clock_id, standing in standings.items():
        if standing.state in OPEN and standing.due and standing.left is not None:
            yield standing.due, clock_id, standing.left


def _status(row: Row, standings: Mapping[str, Standing]) -> str:
    states = {standing.state for standing in standings.values()}
    # A local review, or what may be one, needs the day on which it was decided.
    undated = not row.filled("review_decided") and row.says("review_decision", "Local review") is not False
    # Without the day of awareness nothing is stopped on a row of which all that runs from there is history.
    unaware = not row.filled("aware_date") and not row.is_history
    wrong = unaware or undated
    if row.is_history and not states & set(OPEN):
        wrong = False
    for status, holds in (
        ("Overdue", "overdue" in states),
        ("Check data", "cannot tell" in states or wrong),
        ("Due today", "due today" in states),
        ("Due soon", bool(states & {"due soon", "chase"})),
        ("On track", bool(states & set(OPEN))),
        ("Before start", "before start" in states),
    ):
        if holds:
            return status
    return "Complete"


def read_row(
    facts: Mapping[str, Fact], settings: Settings, clocks: Sequence[Clock] = CLOCKS
) -> tuple[dict[str, Standing], RowStatus]:
    """How every clock of an incident stands, those left out that do not apply, and its status columns."""
    row = Row(facts, settings)
    standings = {clock.id: stand(clock, row) for clock in clocks if clock.sheet == "incidents"}
    applying = {clock_id: standing for clock_id, standing in standings.items() if standing}
    return applying, row_status(row, applying)
