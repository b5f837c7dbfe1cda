"""SLT met: which incidents were discussed at a meeting, and the days to enter under “Last discussed at SLT”."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import ClassVar

from tracker_schema.columns.schema import INCIDENTS, SLT, tracker_schema
from tracker_schema.incidents.incident import Incident, Meeting, Tracker
from tracker_schema.incidents.own_columns import columns_left_alone
from tracker_schema.incidents.plan import CellWrite, Plan
from tracker_schema.wording import counted, long_date

_DISCUSSED, _AWARE, _CLOSED = "slt_discussed", "aware_date", "closed"


@dataclass(frozen=True, slots=True)
class Discussed:
    """What became of one meeting.

    met_on       its day
    incidents    how many incidents were discussed at it; None when the log has no column for it
    """

    met_on: dt.date
    incidents: int | None


@dataclass(frozen=True, eq=False)
class MeetingPlan(Plan):
    """The plan that enters meetings.

    discussed      the meetings, the earliest first
    not_entered    a sentence for each incident, or all of a kind, of which it cannot be told
    """

    peoples: ClassVar[bool] = True

    discussed: Sequence[Discussed] = ()
    not_entered: Sequence[str] = ()


def new_meetings(tracker: Tracker) -> list[Meeting]:
    """Return the meetings of the SLT sheet that are not entered yet. One that is still to come is not among them.

    A meeting is entered once: an incident that is added to the tracker later was not discussed at it.
    """
    if SLT not in tracker.rows.sheets or any(columns_left_alone(tracker.rows, SLT)):
        return []
    days = ((meeting, meeting.met_on) for meeting in tracker.meetings if not meeting.is_entered)
    return [meeting for meeting, day in days if day and day <= tracker.as_of]


def plan_meetings(
    tracker: Tracker, days: Collection[dt.date], formulas: Collection[tuple[str, int, int]] = ()
) -> MeetingPlan:
    """Return the plan that enters each of the `days` on which SLT met for every incident that was open that day.

    A later day that is there stays. `formulas` are the cells of the log with a formula: worksheet, row, column; none of
    them is changed. Source: the council's guidance has SLT discuss every open incident each week.
    """
    in_order = sorted(set(days))
    if _DISCUSSED not in tracker.rows.sheets[INCIDENTS].numbers:
        heading = tracker_schema().sheets[INCIDENTS].columns[_DISCUSSED].heading
        why = f"The log has no column “{heading}”, so SLT's meetings cannot be entered. Add a column with that heading."
        return MeetingPlan((), (), discussed=[Discussed(day, None) for day in in_order], not_entered=[why])
    counts = dict.fromkeys(in_order, 0)
    cells: list[CellWrite] = []
    remarks: list[str] = []
    undated = 0
    for incident in tracker.incidents:
        known = incident.date(_DISCUSSED)
        # A day of another of these meetings is no later one: a run that was cut short may have entered it.
        earlier = [day for day in in_order if known is None or known <= day or known in counts]
        was_open = {day: _was_open(incident, day) for day in earlier}
        last = max((day for day, is_known in was_open.items() if is_known), default=None)
        is_new = last is not None and (known is None or known < last)
        if is_new and (left_alone := _why_left_alone(incident, formulas)):
            remarks.append(left_alone)
            continue
        for day, is_known in was_open.items():
            counts[day] += bool(is_known)
        if last and is_new:
            place, name = incident.place(_DISCUSSED), incident.reference or None
            cells.append(CellWrite(place.page.name, place.row, place.number, _DISCUSSED, name, place.cell, last))
        unknown = [day for day, is_known in was_open.items() if is_known is None and (known is None or known < day)]
        if unknown and incident.is_closed:
            undated += 1
        elif unknown:
            remarks.append(_without_day(incident, unknown[-1]))
    if undated:
        has = "has" if undated == 1 else "have"
        remarks.append(
            f"{counted(undated, 'closed incident')} {has} no date of closing, so it is not known whether SLT discussed "
            "them. They were left as they are."
        )
    cells.sort(key=lambda cell: (cell.sheet, cell.row))
    return MeetingPlan((), cells, discussed=[Discussed(*each) for each in counts.items()], not_entered=remarks)


def _was_open(incident: Incident, day: dt.date) -> bool | None:
    """Return whether the incident was known and open on that day; None when that cannot be told."""
    aware, closed = incident.aware, incident.date(_CLOSED)
    if aware and aware > day:
        return False
    if incident.is_closed and closed and closed < day:
        return False
    return None if aware is None or (incident.is_closed and closed is None) else True


def _why_left_alone(incident: Incident, formulas: Collection[tuple[str, int, int]]) -> str | None:
    """Return why the day is not entered for the incident, as a sentence; None when it can be."""
    place, name = incident.sheet.cell_for(_DISCUSSED, incident.position), incident.shown_reference
    if place is None:
        return f"No row of {name} has a column “{incident.heading(_DISCUSSED)}”. Enter the day of the meeting by hand."
    where = f"{place.address}, “{place.heading}” of {name},"
    if (place.page.name, place.row, place.number) in formulas:
        return f"{where} holds a formula, so it was not changed. Enter the day of the meeting there by hand."
    if _DISCUSSED in incident.unreadable:
        return f"{where} cannot be read, so it was not changed. Correct it."
    return None


def _without_day(incident: Incident, day: dt.date) -> str:
    where = incident.address(_AWARE) if incident.has_column(_AWARE) else incident.shown_reference
    return (
        f"{where}: without “{incident.heading(_AWARE)}” it is not known whether SLT discussed "
        f"{incident.shown_reference} on {long_date(day)}. Enter the day by hand."
    )


def set_discussed(tracker: Tracker, discussed: Sequence[Discussed]) -> None:
    """Let the SLT sheet say of each new meeting how many incidents were discussed at it."""
    counts = {each.met_on: each.incidents for each in discussed}
    for meeting in new_meetings(tracker):
        count = counts.get(meeting.met_on) if meeting.met_on else None
        if count is not None:
            meeting.set_discussed(count)
