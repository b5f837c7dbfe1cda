"""The clocks of one row, worked out slowly and plainly: what the design's section 5 says, a day and a row at a time.

Nothing of tracker_schema is used here. A fact is a date or a text, None where the cell is empty, and `UNREADABLE` where
it holds something that cannot be read. A truth is True, False, or None where it cannot be known.
"""

from __future__ import annotations

import calendar
import datetime as dt
import enum
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path


class Unreadable(enum.Enum):
    UNREADABLE = enum.auto()


UNREADABLE = Unreadable.UNREADABLE
Fact = dt.date | str | None | Unreadable
Truth = bool | None
ONE_DAY = dt.timedelta(days=1)
NOT_KNOWN = (None, "Not known")

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
    slt_meets: int = 1
    """The weekday of SLT's meeting; Monday is 0."""


# Counting


def works(day: dt.date, closures: frozenset[dt.date]) -> bool:
    return day.weekday() < 5 and day not in BANK_HOLIDAYS and day not in closures


@cache
def working_days_after(first: dt.date, last: dt.date, closures: frozenset[dt.date]) -> int:
    """How many working days there are after `first` up to and including `last`."""
    return sum(works(first + number * ONE_DAY, closures) for number in range(1, (last - first).days + 1))


@cache
def deadline(
    anchor: dt.date, length: int, unit: str, count_from: int, closures: frozenset[dt.date], slt_meets: int
) -> dt.date | None:
    """The last day of the limit; None where the bank holidays are not known so far."""
    day = anchor
    if unit == "months":
        year, month = divmod(anchor.year * 12 + anchor.month - 1 + length, 12)
        day = dt.date(year, month + 1, min(anchor.day, calendar.monthrange(year, month + 1)[1]))
    elif unit == "meetings":
        day = next(meeting for meeting in meetings_about(anchor, slt_meets, closures) if meeting > anchor)
    else:
        number = count_from
        while number < length:
            day += ONE_DAY
            number += works(day, closures)
    return day if anchor >= FIRST_DAY and day <= LAST_DAY else None


def meetings_about(day: dt.date, weekday: int, closures: frozenset[dt.date]) -> Iterable[dt.date]:
    """SLT's meetings from two weeks before `day`: weekly, on the next working day where that is a bank holiday."""
    for number in range(-14, 15):
        meeting = day + number * ONE_DAY
        if meeting.weekday() == weekday:
            while not works(meeting, closures):
                meeting += ONE_DAY
            yield meeting


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
    """What the tracker says of an incident, by column id; a column that is not named is empty.

    `children` is what is said of each child besides; a fact of a child is asked of the row of that child. `columns` are
    those that the log has, all by default.
    """

    facts: Mapping[str, Fact]
    settings: Settings
    children: tuple[Mapping[str, Fact], ...] = ({},)
    columns: frozenset[str] | None = None

    def __getitem__(self, column: str) -> Fact:
        return self.facts.get(column)

    @property
    def of_each_child(self) -> list[Row]:
        return [replace(self, facts={**self.facts, **child}, children=({},)) for child in self.children]

    def filled(self, column: str) -> bool:
        return self[column] is not None

    def date(self, column: str) -> dt.date | None:
        value = self[column]
        return value if isinstance(value, dt.date) else None

    def keeps(self, *columns: str) -> bool:
        """Whether the log has one of the columns."""
        return self.columns is None or not self.columns.isdisjoint(columns)

    def is_not_known(self, column: str) -> bool:
        """Whether the log has a column for the fact and nobody knows it."""
        return self.keeps(column) and self[column] in NOT_KNOWN

    def says(self, column: str, *choices: str | None) -> Truth:
        return None if self[column] is UNREADABLE else self[column] in choices

    def has(self, column: str) -> Truth:
        return None if self[column] is UNREADABLE else self.filled(column)

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
        """Whether a fact of this child rules the Panel out."""
        return any_of(
            self.says("abuse_or_neglect", "No"),
            self.says("outcome", "Other"),
            self.says("place", "Elsewhere in England"),
            all_of(self.says("place", "Outside England"), self.says("normally_resident", "No")),
            self.reached(18),
        )

    def all_ruled_out(self) -> Truth:
        """Whether the Panel is ruled out for each of the children."""
        return all_of(*(child.ruled_out() for child in self.of_each_child))

    def young_care_leaver(self) -> Truth:
        return all_of(self.settings.care_leavers, self.says("care_leaver", "Yes"), opposite(self.reached(25)))

    def ofsted_is_to_know(self) -> Truth:
        """Whether the Secretary of State and Ofsted are to be notified of this child."""
        return all_of(self.says("outcome", "Death"), any_of(self.says("looked_after", "Yes"), self.young_care_leaver()))

    def ofsted_unknown(self) -> bool:
        """Whether a fact of this child that is blank, or not known, decides whether Ofsted is to be notified."""
        if self.ofsted_is_to_know() is not False:
            return False
        outcome = "Death" if self.is_not_known("outcome") else self["outcome"]
        unknown = self.is_not_known("looked_after") and self.reached(18) is False
        at_worst = {"outcome": outcome} | ({"looked_after": "Yes"} if unknown else {})
        return replace(self, facts={**self.facts, **at_worst}).ofsted_is_to_know() is True

    def panel_unknown(self) -> bool:
        """Whether a fact of this child that is blank decides whether the Panel is to be notified."""
        blank = any(self.keeps(column) and not self.filled(column) for column in ("outcome", "abuse_or_neglect"))
        return self.ruled_out() is False and blank

    def decision_against_the_facts(self) -> bool:
        """Whether the decision is another than the facts ask for; a blank fact is a question, and no contradiction."""
        if self["decision"] == "Notify Panel":
            return self.all_ruled_out() is True
        known = any(child.ruled_out() is False and not child.panel_unknown() for child in self.of_each_child)
        return isinstance(self["decision"], str) and known


# When a clock applies; `due` is when it is due, None where that is not known.


def always(row: Row, due: dt.date | None) -> Truth:
    return True


def unless_decided_without_a_date(row: Row, due: dt.date | None) -> Truth:
    return None if row.filled("decision") and not row.filled("decision_date") else True


def from_day_4_on_without_a_decision(row: Row, due: dt.date | None) -> Truth:
    as_of, aware = row.settings.as_of, row["aware_date"]
    if due:
        day_4_has_come: Truth = as_of >= due
    else:  # not started; or not known, unless it lies beyond the last day known, which is after today
        day_4_has_come = False if aware is None or (isinstance(aware, dt.date) and aware >= FIRST_DAY) else None
    return any_of(row.filled("heads_met"), all_of(row.says("decision", None), day_4_has_come))


def is_pressing(row: Row, due: dt.date | None) -> bool:
    """Whether an unknown fact is an error by now: there is a decision, or the deadline is due soon or past."""
    soon = due is not None and left(row.settings.as_of, due, row.settings.closures) <= row.settings.warn_working_days
    return row.filled("decision") or soon


def panel_to_be_notified(row: Row, due: dt.date | None, own: Sequence[str] = ("panel_notified",)) -> Truth:
    to_notify = row.says("decision", "Notify Panel")
    if to_notify:
        return True
    children = row.of_each_child
    sure = any(child.ruled_out() is False and not child.panel_unknown() for child in children)
    unknown = any(child.panel_unknown() for child in children) and not any(row.filled(column) for column in own)
    if unknown and is_pressing(row, due) and (row.filled("decision") or not sure):
        return None
    return any_of(to_notify, all_of(row.says("decision", None), opposite(row.all_ruled_out())))


def partners_to_be_told(row: Row, due: dt.date | None) -> Truth:
    return panel_to_be_notified(row, due, ("partners_told",))


def ofsted_to_be_notified(row: Row, due: dt.date | None) -> Truth:
    children = row.of_each_child
    known = any_of(*(child.ofsted_is_to_know() for child in children))
    done = row.filled("ofsted_notified") or row.filled("panel_notified")
    if known is False and any(child.ofsted_unknown() for child in children) and is_pressing(row, due) and not done:
        return None
    return known


def refer_only(row: Row, due: dt.date | None) -> Truth:
    return row.says("decision", "Refer to DSPP only")


def panel_not_notified(row: Row, due: dt.date | None) -> Truth:
    return opposite(row.has("panel_notified"))


def rapid_review_expected(row: Row, due: dt.date | None) -> Truth:
    children = (
        all_of(opposite(child.reached(18)), opposite(child.says("abuse_or_neglect", "No")))
        for child in row.of_each_child
    )
    return all_of(
        opposite(row.has("notification_withdrawn")),
        opposite(row.says("decision", "Threshold not met")),
        any_of(*children),
    )


def review_to_be_decided(row: Row, due: dt.date | None) -> Truth:
    # Before there is a rapid review, a decision of the partnership asks for another one only when it is to progress.
    referred = row.filled("dspp_decided") and not row.filled("rapid_review_completed")
    return any_of(not referred and rapid_review_expected(row, due), row.says("dspp_decision", "Progress"))


def local_review(row: Row, due: dt.date | None) -> Truth:
    return row.says("review_decision", "Local review")


@dataclass(frozen=True)
class Clock:
    """A line of the design's table.

    The first day of `anchor` starts the clock, or the first that is filled when `in_order`; a stop counts where those
    before are blank.
    """

    id: str
    anchor: tuple[str, ...]
    stop: tuple[str, ...]
    length: int
    unit: str
    basis: str
    applies: Callable[[Row, dt.date | None], Truth] = always
    sheet: str = "incidents"
    in_order: bool = False
    warns: int | None = None
    can_pause: bool = False


_LAW, _PANEL, _LOCAL, _DEFAULT = "statutory guidance", "national guidance", "local procedure", "local default"
_WD = "working days"
_REFERRAL = ("panel_notified", "cspr_referred")
_TO_SLT = ("slt_discussed", "form_received", "aware_date")

# fmt: off
CLOCKS = (
    Clock("report_incident", ("aware_date",), ("form_received",), 1, _WD, _LOCAL),
    Clock("decide_threshold", ("aware_date",), ("decision_date",), 4, _WD, _LOCAL, unless_decided_without_a_date),
    Clock("heads_of_service_meet", ("aware_date",), ("heads_met",), 4, _WD, _LOCAL, from_day_4_on_without_a_decision),
    Clock("notify_panel", ("aware_date",), ("panel_notified",), 5, _WD, _LAW, panel_to_be_notified),
    Clock("notify_ofsted", ("aware_date",), ("ofsted_notified", "panel_notified"), 5, _WD, _LAW, ofsted_to_be_notified),
    Clock("tell_partners", ("aware_date",), ("partners_told",), 5, _WD, _LAW, partners_to_be_told),
    Clock("tell_directors", _REFERRAL, ("directors_told",), 1, _WD, _DEFAULT),
    Clock("brief_lead_member", _REFERRAL, ("lead_member_briefed",), 2, _WD, _DEFAULT),
    Clock("tell_operational_head", ("cspr_referred", "review_decided"), ("operational_head_told",), 1, _WD, _DEFAULT),
    Clock("refer_to_dspp", ("decision_date",), ("cspr_referred",), 1, _WD, _DEFAULT, refer_only),
    Clock("dspp_decide", ("cspr_referred",), ("dspp_decided",), 15, _WD, _DEFAULT, panel_not_notified),
    Clock("scoping_return", ("sent",), ("returned",), 5, _WD, _LOCAL, sheet="scoping"),
    Clock("rapid_review", ("panel_notified",), ("rapid_review_completed",), 15, _WD, _PANEL, rapid_review_expected,
          warns=5),
    Clock("decide_review", ("rapid_review_completed", "dspp_decided"), ("review_decided",), 1, _WD, _DEFAULT,
          review_to_be_decided, in_order=True),
    Clock("send_rapid_review", ("rapid_review_completed",), ("rapid_review_sent",), 1, _WD, _DEFAULT),
    Clock("panel_reply", ("rapid_review_sent",), ("panel_response",), 10, _WD, "chase"),
    Clock("inform_of_local_review", ("review_decided",), ("review_informed",), 1, _WD, _DEFAULT, local_review),
    Clock("publish_local_review", ("review_decided",), ("review_published",), 6, "months", _LAW, local_review,
          warns=30, can_pause=True),
    Clock("discuss_at_extended_dlt", ("review_completed",), ("dlt_discussed",), 20, _WD, _DEFAULT),
    Clock("share_learning", ("dlt_discussed",), ("learning_shared",), 20, _WD, _DEFAULT),
    Clock("discuss_at_slt", _TO_SLT, (), 1, "meetings", _LOCAL, in_order=True),
)
# fmt: on

OPEN = ("running", "due soon", "due today", "overdue", "chase")


@dataclass(frozen=True)
class Expected:
    """The state of one clock; `left` is None unless the clock is open."""

    state: str
    anchor: dt.date | None = None
    due: dt.date | None = None
    stopped: dt.date | None = None
    left: int | None = None


def anchors_of(clock: Clock, row: Row) -> list[Fact]:
    """The cells that may start the clock: one of them, or all of which the first day counts."""
    found = [row[column] for column in clock.anchor if row.filled(column) and counts(column, clock, row) is not False]
    if any(counts(column, clock, row) is None for column in clock.anchor if row.filled(column)):
        found.append(UNREADABLE)
    return found[:1] if clock.in_order else found


def counts(column: str, clock: Clock, row: Row) -> Truth:
    """Whether a date of `column` starts the clock: the operational head hears of a review that is to be held."""
    if clock.id == "tell_operational_head" and column == "review_decided":
        return row.says("review_decision", "Local review", "National review")
    return True


def read_clock(clock: Clock, row: Row) -> Expected | None:
    """The state of `clock` on `row`; None where it does not apply."""
    settings = row.settings
    anchors = anchors_of(clock, row)
    anchor = None if UNREADABLE in anchors else min((day for day in anchors if isinstance(day, dt.date)), default=None)
    due = due_of(clock, anchor, settings)
    applies = clock.applies(row, due)
    if applies is False:
        return None
    stop = next((row[column] for column in clock.stop if row.filled(column)), None)
    is_known = applies is True and anchor is not None and due is not None and stop is not UNREADABLE
    if is_known and not stop and clock.can_pause and is_paused(row):
        return Expected("paused", anchor, due)
    if not (is_known and stop) and is_past(clock, row, anchors, due):
        return Expected("before start")
    if not anchors:
        # Of a clock that may apply, and may have begun, nothing is known; of one without a beginning it is.
        return Expected("not started")
    if applies is None or anchor is None or due is None or stop is UNREADABLE:
        return Expected("cannot tell")
    if isinstance(stop, dt.date):
        return Expected("met" if stop <= due else "met late", anchor, due, stop)
    working_days_left = left(settings.as_of, due, settings.closures)
    warns = settings.warn_working_days if clock.warns is None else clock.warns
    if settings.as_of > due:
        state = "chase" if clock.basis == "chase" or clock.id == "discuss_at_slt" else "overdue"
    elif settings.as_of == due:
        state = "due today"
    else:
        state = "due soon" if working_days_left <= warns else "running"
    return Expected(state, anchor, due, None, working_days_left)


def due_of(clock: Clock, anchor: dt.date | None, settings: Settings) -> dt.date | None:
    limit = (clock.length, clock.unit, settings.count_from, settings.closures, settings.slt_meets)
    return deadline(anchor, *limit) if anchor else None


def is_paused(row: Row) -> bool:
    until = row.date("paused_until")
    return until is not None and row.settings.as_of < until


def is_past(clock: Clock, row: Row, anchors: Sequence[Fact], due: dt.date | None) -> bool:
    """Whether the deadline was before the day from which alarms are raised."""
    start = row.settings.start_from
    if start is None:
        return False
    # One of several anchors that cannot be read can only have been earlier still.
    first = min((day for day in anchors if isinstance(day, dt.date)), default=None)
    last = due or due_of(clock, first, row.settings)
    if last:
        return last < start
    if anchors and clock.sheet == "incidents" and row.was_before(start - 365 * ONE_DAY, 0):
        return True
    return clock.anchor == ("aware_date",) and row.date("aware_date") is None and row.is_history


# The process: what is still to come, whether or not a clock watches it


AWARE = "the day of awareness"
FORM = "the Critical Incident Form"
DECISION = "the decision on the threshold"
PANEL = "the notification of the Panel"
REFERRAL = "the referral"
OFSTED = "the notification of Ofsted"
REFERRAL_DECISION = "the partnership's decision on the referral"
RAPID_REVIEW = "the rapid review"
PANEL_ANSWER = "the Panel's answer"
REVIEW_DECISION = "the decision on a review"
REVIEW = "the review"
EXTENDED_DLT = "Extended DLT"
TEAMS = "the teams"
PAUSE = "the end of the pause"
FROM_A_DECISION = (PANEL, REFERRAL, OFSTED)


def still_to_come(row: Row) -> list[str]:
    """The stages that are to come on the way of the case, in the order of the process.

    A stage before one that is done is passed, recorded or not; but notifications and referrals may be made before a
    decision is recorded, and what cannot be read is not known to be done.
    """

    def done(column: str) -> bool:
        return row.has(column) is True

    notify, refer = row["decision"] == "Notify Panel", row["decision"] == "Refer to DSPP only"
    rapid = rapid_review_expected(row, None) is not False and (notify or done("panel_notified"))
    held = done("rapid_review_completed") or done("panel_response")
    notified = rapid and done("panel_notified")
    referred = (done("cspr_referred") or refer) and not notified
    review = row["review_decision"] in ("Local review", "National review")
    watched = row.keeps("ofsted_notified", "panel_notified")
    to_ofsted = watched and ofsted_to_be_notified(row, None) is not False
    one_form = done("panel_notified") and not row.filled("ofsted_notified")
    # A group of stages of which each may be on the way, and what says that it is done.
    process: tuple[tuple[tuple[str, bool, bool], ...], ...] = (
        ((AWARE, True, done("aware_date")),),
        ((FORM, True, done("form_received")),),
        ((DECISION, True, done("decision")), ("the meeting", False, done("heads_met"))),
        (
            (PANEL, notify, done("panel_notified")),
            (REFERRAL, refer, done("cspr_referred")),
            (OFSTED, to_ofsted, done("ofsted_notified") or one_form),
            ("nothing", False, row["decision"] == "Threshold not met"),
        ),
        (
            (RAPID_REVIEW, rapid, done("rapid_review_completed")),
            (REFERRAL_DECISION, referred, done("dspp_decision")),
        ),
        ((PANEL_ANSWER, rapid or held, done("panel_response")),),
        ((REVIEW_DECISION, rapid or held or row["dspp_decision"] == "Progress", done("review_decision")),),
        ((REVIEW, review, done("review_completed")),),
        ((EXTENDED_DLT, review or done("review_completed"), done("dlt_discussed")),),
        (
            (
                TEAMS,
                review or done("dlt_discussed") or row["dspp_decision"] == "Other learning",
                done("learning_shared"),
            ),
        ),
    )
    furthest = max(
        (
            number
            for number, group in enumerate(process)
            if any(stage[2] for stage in group if stage[0] not in FROM_A_DECISION)
        ),
        default=0,
    )
    return [stage for group in process[furthest:] for stage, on_the_way, is_done in group if on_the_way and not is_done]


@dataclass(frozen=True)
class RowStatus:
    """The status columns of an incident: steps are ids of clocks; `waits_for` is a stage where no step is due."""

    status: str
    next_step: str | None
    next_due: dt.date | None
    working_days_left: int | None
    overdue_steps: tuple[str, ...]
    waits_for: str | None = None


def row_status(row: Row, clocks: Mapping[str, Expected], to_come: Sequence[str], not_watched: bool) -> RowStatus:
    """The status columns of an incident with those clocks, in the order of the process.

    Where nothing but SLT's weekly discussion is open, the next step is what the case waits for; the day of the
    discussion comes first when it is due soon or today, so that the status and the next step are about one thing.
    """
    if row.filled("closed"):
        return RowStatus("Closed", None, None, None, ())
    overdue = tuple(clock_id for clock_id, clock in clocks.items() if clock.state == "overdue")
    steps = [
        (clock.due, clock_id, clock.left) for clock_id, clock in clocks.items() if clock.state in OPEN and clock.due
    ]
    due, clock_id, working_days_left = min(steps, key=lambda step: step[0]) if steps else (None, None, None)
    waits_for: str | None = None
    before_start = any(clock.state == "before start" for clock in clocks.values())
    if all(step[1] == "discuss_at_slt" for step in steps) and not before_start:
        paused = any(clock.state == "paused" for clock in clocks.values())
        waits_for = PAUSE if paused else to_come[0] if to_come else None
    in_doubt = not_watched and clock_id in (None, "discuss_at_slt")
    status = _status(row, clocks, waits_for, in_doubt)
    if waits_for and not (clock_id and clocks[clock_id].state in ("due soon", "due today")):
        due, clock_id, working_days_left = None, None, None
    return RowStatus(status, clock_id, due, working_days_left, overdue, waits_for)


def _status(row: Row, clocks: Mapping[str, Expected], waits_for: str | None, in_doubt: bool) -> str:
    states = {clock.state for clock in clocks.values()}
    no_reason = row.keeps("decision_reason") and not row.filled("decision_reason")
    wrong = lacks_a_date(row, clocks) or (row.decision_against_the_facts() and no_reason)
    if row.is_history and not states & set(OPEN):
        wrong = False
    for status, holds in (
        ("Overdue", "overdue" in states),
        ("Check data", "cannot tell" in states or wrong),
        ("Due today", "due today" in states),
        ("Due soon", "due soon" in states),
        ("Chase", "chase" in states),
        ("Check data", in_doubt),
        ("On track", bool(states & set(OPEN))),
        ("Before start", "before start" in states),
        ("On track", waits_for is not None),
    ):
        if holds:
            return status
    return "Complete"


def lacks_a_date(row: Row, clocks: Mapping[str, Expected]) -> bool:
    """Whether a clock cannot start for want of a date that another cell of the row says there is."""
    if not row.filled("aware_date"):
        # Nothing is stopped on a row of which all that starts on the day of awareness is history.
        from_awareness = {clock.id for clock in CLOCKS if clock.anchor == ("aware_date",)}
        waiting = any(clock.state == "not started" and clock_id in from_awareness for clock_id, clock in clocks.items())
        if waiting and not row.is_history:
            return True
    no_review_date = row.keeps("review_decided") and not row.filled("review_decided")
    if no_review_date and row.says("review_decision", "Local review") is not False:
        return True
    if no_review_date and row["review_decision"] == "National review" and not row.filled("cspr_referred"):
        return True
    if row["decision"] == "Refer to DSPP only" and row.keeps("decision_date") and not row.filled("decision_date"):
        return row.keeps("cspr_referred")
    undated = row.filled("dspp_decision") and row.keeps("dspp_decided") and not row.filled("dspp_decided")
    return (
        undated
        and row.keeps("review_decided")
        and not row.filled("rapid_review_completed")
        and review_to_be_decided(row, None) is not False
    )


def read_row(row: Row) -> tuple[dict[str, Expected], RowStatus, list[str]]:
    """The clocks of an incident, those left out that do not apply, its status columns, and the stages to come.

    A clock that has no column to start it, or none to stop it, is left out; a statutory one that has begun leaves in
    doubt that everything is done.
    """
    clocks: dict[str, Expected] = {}
    not_watched = False
    for clock in CLOCKS[:-1]:
        if clock.sheet != "incidents" or not row.keeps(*clock.anchor):
            continue
        if clock.id == "heads_of_service_meet" and not row.keeps("decision"):
            continue  # nobody can say whether there is no decision
        expected = read_clock(clock, row)
        if expected and row.keeps(*clock.stop):
            clocks[clock.id] = expected
        elif expected and clock.basis == _LAW and expected.state not in ("not started", "before start"):
            not_watched = True
    to_come = [] if row.filled("closed") else still_to_come(row)
    goes_on = any(clock.state in (*OPEN, "paused", "cannot tell") for clock in clocks.values()) or bool(to_come)
    slt = CLOCKS[-1]
    if goes_on and not row.filled("closed") and row.keeps("slt_discussed"):
        expected = read_clock(slt, row)
        if expected:
            clocks[slt.id] = expected
    return clocks, row_status(row, clocks, to_come, not_watched), to_come
