"""Which agencies are reminded today of their Initial Scoping return, how urgently, and when each was reminded last."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from tracker_schema.clocks.results import ClockResult, State
from tracker_schema.clocks.timed_record import digest
from tracker_schema.incidents.incident import ScopingReturn, Tracker
from tracker_schema.mail.deadlines import REMIND_WITHIN
from tracker_schema.returns.returns_so_far import ReturnSoFar
from tracker_schema.wording import short_date

ChaserKey = tuple[str, str]
"""The reference of an incident and a digest of an agency, as `chaser_key` makes them."""


class Stage(enum.Enum):
    """How urgently an agency is reminded. A stage that is over is not sent later: the next one says more.

    INCOMPLETE is for a return that came and lacks answers.
    """

    BEFORE_DUE = "before-due"
    DUE_TODAY = "due-today"
    OVERDUE = "overdue"
    INCOMPLETE = "incomplete"
    ESCALATED = "escalated"


@dataclass(frozen=True, slots=True)
class Chaser:
    """One reminder to one agency about one incident; an ESCALATED one goes to the partnership's business unit.

    reference    the incident
    agency       the agency
    stage        how urgent it is
    sent         when the agency was sent the template
    due          when it is to return it
    late         by how many working days the return is late, 0 when it is not
    missing      of a return that came, the questions that it leaves open
    came_on      the day on which it came, None when none came
    chased_on    the day on which the agency was last reminded, None when the tracker does not say so
    """

    reference: str
    agency: str
    stage: Stage
    sent: dt.date
    due: dt.date
    late: int
    missing: tuple[str, ...] = ()
    came_on: dt.date | None = None
    chased_on: dt.date | None = None

    @property
    def period(self) -> dt.date:
        """The day that tells it from other chasers of its stage."""
        return self.came_on if self.stage is Stage.INCOMPLETE and self.came_on else self.due


@dataclass(frozen=True)
class Chasers:
    """The chasers of a day.

    chasers       the reminders
    not_chased    a sentence for each return that should be chased and cannot be: its cell, why, and what to do
    """

    chasers: tuple[Chaser, ...]
    not_chased: tuple[str, ...]


def chasers(
    tracker: Tracker, escalate_after: int, so_far: Mapping[ChaserKey, ReturnSoFar] = MappingProxyType({})
) -> Chasers:
    """Return every reminder that is due; the ledger knows which of them were sent.

    `so_far` is what agencies have sent back: one whose file a person has still to read is not reminded, which is said
    from the day it came, and one whose return lacks answers is asked for these.

    A return is chased from the day it is due soon until it arrives, and escalated `escalate_after` working days after
    its deadline. Source: the council's guidance gives each agency five working days from being sent the template; the
    reminders are this program's own.
    """
    found: list[Chaser] = []
    not_chased: list[str] = []
    open_names = {
        name.casefold()
        for incident in tracker.incidents
        if not incident.is_closed
        for name in (incident.reference, *incident.names)
        if name
    }
    for scoping_return in tracker.scoping:
        result = scoping_return.clock
        came = so_far.get(chaser_key(scoping_return.reference, scoping_return.agency))
        chased = _chasers_of(scoping_return, result, escalate_after, came) if result else []
        waits = came is not None and came.unread and scoping_return.returned is None
        waits = waits and scoping_return.reference.casefold() in open_names
        if (chased or waits) and (why := _why_not(scoping_return, open_names, came)):
            not_chased += [why] if waits or any(each.stage is not Stage.INCOMPLETE for each in chased) else []
        else:
            found += chased
    return Chasers(tuple(found), tuple(not_chased))


def _chasers_of(
    scoping_return: ScopingReturn, result: ClockResult, escalate_after: int, came: ReturnSoFar | None
) -> list[Chaser]:
    if result.anchor is None or result.due is None:
        return []
    chaser = Chaser(
        scoping_return.shown_reference,
        scoping_return.shown_agency,
        Stage.INCOMPLETE,
        result.anchor,
        result.due,
        max(-(result.working_days_left or 0), 0),
        came.missing if came else (),
        came.came_on if came and came.missing else None,
        scoping_return.last_chased,
    )
    stages = list(_stages(result, escalate_after)) or ([Stage.INCOMPLETE] if chaser.missing else [])
    return [replace(chaser, stage=stage) for stage in stages]


def _stages(result: ClockResult, escalate_after: int) -> Iterator[Stage]:
    late = -(result.working_days_left or 0)
    match result.state:
        case State.DUE_SOON:
            yield Stage.BEFORE_DUE
        case State.DUE_TODAY:
            yield Stage.DUE_TODAY
        case State.OVERDUE | State.CHASE:
            if 0 < late <= max(REMIND_WITHIN, escalate_after):
                yield Stage.OVERDUE
            if escalate_after <= late <= escalate_after + REMIND_WITHIN:
                yield Stage.ESCALATED


def _why_not(scoping_return: ScopingReturn, open_names: set[str], came: ReturnSoFar | None) -> str | None:
    """Return why the return is not chased, as a sentence; None when it is."""
    if not scoping_return.shown_agency:
        return f"{scoping_return.address('agency')}: no agency is named, so nobody is reminded. Fill in the agency."
    if scoping_return.reference.casefold() not in open_names:
        return (
            f"{scoping_return.address('reference')}: there is no open incident with this reference, so nobody is "
            "reminded. Correct it, or fill in “Returned”."
        )
    if came and came.unread:
        return (
            f"{scoping_return.address('agency')}: a file that may be this return came on {short_date(came.came_on)} "
            "and cannot be read by the program, so nobody is reminded. Read it now, and fill in “Returned”; if it is "
            "not the return, move it away."
        )
    return None


def chaser_key(reference: str, agency: str) -> ChaserKey:
    """Return by what the ledger knows an incident and an agency, in any spelling of capitals.

    Of the agency it holds letters and figures only.
    """
    return reference.casefold(), digest(agency)


def set_last_chased(tracker: Tracker, chased: Mapping[ChaserKey, dt.date]) -> bool:
    """Set what “Last chased” is to say of each agency, and return whether that is news to the tracker.

    `chased` are the days that are known. A later day that is there stays, as does everything else in the column.
    """
    news = False
    for scoping_return in tracker.scoping:
        day = chased.get(chaser_key(scoping_return.shown_reference, scoping_return.shown_agency))
        if day and (scoping_return.last_chased is None or scoping_return.last_chased < day):
            scoping_return.set_last_chased(day)
            news = True
    return news
