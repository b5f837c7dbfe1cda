"""The objects that every job works on: the tracker as on one day, and its incidents."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from tracker_schema.calendar.working_days import age_on
from tracker_schema.clocks.clocks import Rules
from tracker_schema.clocks.conditions import is_ruled_out, meets_criteria
from tracker_schema.clocks.results import ClockResult, State
from tracker_schema.clocks.timed_record import TimedRecord, short_name
from tracker_schema.clocks.undecided import undecided_facts
from tracker_schema.columns.links import Link
from tracker_schema.columns.parsing import Fault
from tracker_schema.columns.problems import Problem
from tracker_schema.columns.schema import ACTIONS, DOCUMENTS, INCIDENTS, SCOPING, SLT, tracker_schema
from tracker_schema.errors import UsageError
from tracker_schema.incidents.memory import Change, Memory
from tracker_schema.layouts.record import Record, Value
from tracker_schema.layouts.rows import SheetRows, WorkbookRows
from tracker_schema.wording import did_you_mean

CellContent = Value | Link
Asks = tuple[str, str, str]
"""A reference, a document and an agency."""
_NUMBER = re.compile(r"[A-Za-z]{0,4}[ ./-]?[0-9]{1,4}([./-][0-9]{1,4}){0,2}[a-z]?")

CLOSED, BEFORE_START, COMPLETE = "Closed", "Before start", "Complete"

# The reference in a form about an incident that the tracker does not have yet.
NEW_INCIDENT = "New incident"


class ScopingReturn(TimedRecord):
    """One agency that was asked for its Initial Scoping return."""

    __slots__ = ()

    @property
    def agency(self) -> str:
        """The agency, "" when the row names none."""
        return self.text("agency")

    @property
    def shown_agency(self) -> str:
        """The agency as it is shown outside the tracker: short and on one line."""
        return short_name(self.agency)

    @property
    def last_chased(self) -> dt.date | None:
        """When the agency was last reminded, as the tracker has it."""
        return self.date("last_chased")

    @property
    def is_chaser_sent(self) -> bool:
        """Whether a person says that the reminders drafted so far were sent."""
        return self.text("chaser_sent") == "Yes"

    @property
    def chaser_sent_heading(self) -> str:
        """The heading under which a person says so, "" where the sheet has no such column."""
        return self.heading("chaser_sent") if self.has_column("chaser_sent") else ""

    def set_last_chased(self, day: dt.date) -> None:
        """Let the tracker say that the agency was last reminded on that day."""
        self.worked_out["last_chased"] = day

    @property
    def sent(self) -> dt.date | None:
        """The day on which the agency was asked, None when there is none that can be read."""
        return self.date("sent")

    @property
    def returned(self) -> dt.date | None:
        """The day on which its return came back, None when there is none that can be read."""
        return self.date("returned")

    @property
    def return_due(self) -> dt.date | None:
        """The day by which the agency is to return its form, None when that cannot be told."""
        due = self["return_due"]
        return due if isinstance(due, dt.date) else None

    @property
    def status(self) -> str:
        """The status of the return, such as “Awaited”."""
        return str(self["return_status"] or "")

    @property
    def clock(self) -> ClockResult | None:
        """The clock of the return; None when it is switched off or cannot be worked out."""
        return next(iter(self.clocks.values()), None)


class Action(TimedRecord):
    """One action of an incident."""

    __slots__ = ()

    @property
    def number(self) -> str:
        """The number that its own sheet gives it, such as “3” or “Rec 1.2”; "" where it has none, or words."""
        number = self.text("number")
        return number if _NUMBER.fullmatch(number) else ""

    @property
    def owner(self) -> str:
        """Who does it, as a person typed it, short and on one line; "" when that is not recorded."""
        return short_name(self.text("owner"))

    @property
    def due(self) -> dt.date | None:
        """The day by which it is to be done."""
        return self.date("due")

    @property
    def done(self) -> dt.date | None:
        """The day on which it was done."""
        return self.date("done")

    @property
    def status(self) -> str:
        """The status of the action, such as “On track”."""
        return str(self["action_status"] or "")


class Meeting(TimedRecord):
    """One meeting of SLT."""

    __slots__ = ()

    @property
    def met_on(self) -> dt.date | None:
        """The day of the meeting, None when there is none that can be read."""
        return self.date("met_on")

    @property
    def is_entered(self) -> bool:
        """Whether the incidents discussed at it were marked."""
        return self.is_filled("incidents_discussed")

    def set_discussed(self, count: int) -> None:
        """Let the tracker say how many incidents were marked as discussed at it."""
        self.worked_out["incidents_discussed"] = count


class WantedDocument(TimedRecord):
    """One document that somebody wants."""

    __slots__ = ()

    @property
    def document(self) -> str:
        """The document as somebody chose or typed it, "" when the row names none."""
        return self.text("document")

    @property
    def agency(self) -> str:
        """The agency as somebody chose or typed it, "" when the row names none."""
        return self.text("agency")

    @property
    def is_made(self) -> bool:
        """Whether the row says that it was made."""
        return self.is_filled("made")

    @property
    def file(self) -> str:
        """The name of the file that was made, or is being made; "" when there is none."""
        return self.text("file")

    @property
    def asks_for(self) -> Asks:
        """What the row asks for, as somebody chose or typed it, in small letters."""
        return self.reference.casefold(), self.document.casefold(), self.agency.casefold()

    def not_made(self, remark: str) -> dict[str, CellContent]:
        """Return what the row is to say while the document is not made, by column id."""
        return {"made": None, "file": None, "still_lacks": None, "remark": remark or None}

    def made(self, day: dt.date, link: Link, lacking: str, remark: str) -> dict[str, CellContent]:
        """Return what the row is to say once the document is made, by column id."""
        return {"made": day, "file": link, "still_lacks": lacking or None, "remark": remark or None}

    @property
    def remark(self) -> str:
        """The remark in the row."""
        return self.text("remark")


class Incident(TimedRecord):
    """One incident, as on one day.

    children    its children, at least one; each says what is said of it, and of the incident as a whole
    scoping     its rows on the Scoping sheet
    actions     its rows on the Actions sheet
    is_closed   whether it is closed: its row says so, or is in a place or a format that means closed
    has_scoping_sheet   whether the tracker has a Scoping sheet
    names       its reference and every other reference by which the workbook calls it
    rules       the clocks as this council runs them; None for an incident that the tracker does not have
    next_step   the clock of its next step; None when it is closed or complete, or waits for something without a date
    stage       the id of the stage where it is; None until somebody asks for it (`stages.current_stage`)
    waits_for   what it waits for while no step but SLT's weekly discussion is open; "" when nothing is to come

    Of several children, a column of the incident says what holds for the gravest.
    """

    __slots__ = (
        *("actions", "children", "has_scoping_sheet", "is_closed", "names", "next_step", "rules", "scoping", "stage"),
        "waits_for",
    )

    def __init__(
        self, sheet: SheetRows, position: int, values: Mapping[str, Value], unreadable: Mapping[str, Fault]
    ) -> None:
        super().__init__(sheet, position, values, unreadable)
        self.children: list[Record] = []
        self.scoping: list[ScopingReturn] = []
        self.actions: list[Action] = []
        self.is_closed = False
        self.names: list[str] = []
        self.has_scoping_sheet = False
        self.rules: Rules | None = None
        self.next_step: ClockResult | None = None
        self.waits_for = ""
        self.stage: str | None = None

    @property
    def status(self) -> str:
        """The status of the row, such as “Overdue”."""
        return str(self["status"] or "")

    @property
    def paused_until(self) -> dt.date | None:
        """The day until which its local review is paused, None when there is none that can be read."""
        return self.date("paused_until")

    @property
    def has_pause_reason(self) -> bool:
        """Whether a reason for the pause is recorded."""
        return self.is_filled("pause_reason")

    @property
    def overdue_steps(self) -> list[str]:
        """The labels of the overdue clocks, in the order of the process; none when it is closed."""
        if self.is_closed:
            return []
        return [result.clock.label for result in self.clocks.values() if result.state == State.OVERDUE]

    def undecided(self, clock_id: str) -> tuple[str, ...]:
        """Return the columns of the facts that are not known and leave open whether a clock applies."""
        result = self.clocks.get(clock_id)
        clocks = self.rules.clocks_of(INCIDENTS) if self.rules else ()
        clock = next((clock for clock in clocks if clock.id == clock_id), None)
        if clock is None or self.rules is None or (result is not None and not result.unknown):
            return ()
        return undecided_facts(clock, self.children, care_leavers=self.rules.care_leavers)

    @property
    def is_new(self) -> bool:
        """Whether the tracker does not have the incident yet, so that nothing is known of it."""
        return self.reference == NEW_INCIDENT

    @property
    def aware(self) -> dt.date | None:
        """The day on which the council became aware of it."""
        return self.date("aware_date")

    @property
    def is_decided(self) -> bool:
        """Whether a decision on the threshold is recorded, readable or not, with or without its date."""
        return self.is_filled("decision") or self.is_filled("decision_date")

    @property
    def decision(self) -> str:
        """The decision on the threshold, "" when there is none that can be read."""
        return self.text("decision")

    @property
    def decided(self) -> dt.date | None:
        """The day of that decision."""
        return self.date("decision_date")

    @property
    def operational_head(self) -> str:
        """The Operational Head of Service, a name; "" when the tracker has none."""
        return self.text("operational_head")

    @property
    def is_finished(self) -> bool:
        """Whether it asks nothing of anybody: it is closed, or from before the day to start from."""
        return self.is_closed or self.status == BEFORE_START

    @property
    def criteria(self) -> str:
        """The Panel's criteria by the facts recorded: “met” or “open” for any child, or “ruled out” for every one."""
        if any(meets_criteria(child) for child in self.children):
            return "met"
        return "ruled out" if all(is_ruled_out(child) for child in self.children) else "open"

    def differing(self, column: str) -> str | None:
        """Return what the column says of each child, such as “child 1: Death; child 2: Serious harm”.

        None when it says the same of all of them, or is not said of each child.
        """
        if not self.sheet.sheet.columns[column].of_each_child:
            return None
        values = [child[column] for child in self.children]
        if len(set(values)) < 2:
            return None
        return "; ".join(f"child {number}: {value or 'not recorded'}" for number, value in enumerate(values, 1))

    def age_of(self, child: Record) -> int | None:
        """Return the age of one of the children in years, on the date of the incident or, if that is blank, the date
        aware; None when the date of birth or both of these dates are not known.
        """
        born, day = child.date("date_of_birth"), self.date("incident_date") or self.date("aware_date")
        return age_on(born, day) if born and day else None

    def scoping_of(self, agency: str) -> ScopingReturn:
        """Return the row of an agency, in any spelling of capitals; one that the Scoping sheet does not have yet."""
        wanted = agency.strip().casefold()
        found = (each for each in self.scoping if each.agency.casefold() == wanted)
        return next(found, None) or new_scoping_return(agency.strip())


@dataclass(frozen=True, eq=False)
class Tracker:
    """A tracker as on one day.

    name        the file's name
    as_of       the day
    rules       the clocks as this council runs them
    rows        the workbook as it was read
    incidents   every incident, in the order of the workbook
    scoping     every row of the Scoping sheet, those of unknown incidents too
    actions     every row of the Actions sheet, those of unknown incidents too
    wanted      every row of the Documents sheet
    meetings    every row of the SLT sheet
    by_sheet    the problems of each sheet, by its id: of its headings and of its rows
    before      what the last run found in it, None when there was none
    changes     what is gone or changed since then
    """

    name: str
    as_of: dt.date
    rules: Rules
    rows: WorkbookRows
    incidents: Sequence[Incident]
    scoping: Sequence[ScopingReturn]
    actions: Sequence[Action]
    wanted: Sequence[WantedDocument]
    meetings: Sequence[Meeting]
    by_sheet: Mapping[str, Sequence[Problem]]
    before: Memory | None = None
    changes: Sequence[Change] = ()

    @property
    def problems(self) -> list[Problem]:
        """Every problem, sheet by sheet."""
        return [problem for problems in self.by_sheet.values() for problem in problems]

    @property
    def stopping_changes(self) -> list[Change]:
        """What is gone since the last run and keeps deadlines from being worked out."""
        return [change for change in self.changes if change.stops]

    @property
    def records(self) -> Mapping[str, Sequence[TimedRecord]]:
        """What was read from each sheet that the workbook has, by the sheet's id."""
        records: dict[str, Sequence[TimedRecord]] = {
            INCIDENTS: self.incidents,
            SCOPING: self.scoping,
            ACTIONS: self.actions,
            DOCUMENTS: self.wanted,
            SLT: self.meetings,
        }
        return {sheet: records[sheet] for sheet in self.rows.sheets if sheet in records}

    @property
    def open_incidents(self) -> Iterator[Incident]:
        """Each incident with a reference that still asks something of somebody, in the order of the workbook."""
        return (incident for incident in self.incidents if incident.reference and not incident.is_finished)

    @cached_property
    def _by_name(self) -> Mapping[str, Incident]:
        found: dict[str, Incident] = {}
        for incident in self.incidents:
            if incident.reference:
                found.setdefault(incident.reference.casefold(), incident)
        for incident in self.incidents:
            for name in incident.names:
                found.setdefault(name.casefold(), incident)
        return found

    def find(self, reference: str) -> Incident:
        """Return the incident with that reference, in any spelling of capitals.

        Raises UsageError, which offers the nearest reference, when the tracker has none.
        """
        incident = self._by_name.get(reference.strip().casefold())
        if incident:
            return incident
        known = [incident.reference for incident in self.incidents if incident.reference]
        remedy = did_you_mean(reference.upper(), known) or "Look it up in the tracker's Reference column."
        raise UsageError(f"The tracker has no incident {reference}.", remedy)


def child_columns() -> tuple[str, ...]:
    """Return the ids of the columns that are about each child of an incident; all others are about the incident."""
    return tuple(column.id for column in tracker_schema().sheets[INCIDENTS].column if column.of_each_child)


def new_scoping_return(agency: str) -> ScopingReturn:
    """Return a row for an agency that the Scoping sheet does not have yet."""
    return ScopingReturn(no_rows(SCOPING), 0, {"agency": agency}, {})


def new_incident(children: int = 1) -> Incident:
    """Return an incident of which nothing is known but how many children, for a form that reports one."""
    rows = no_rows(INCIDENTS)
    incident = Incident(rows, 0, {"reference": NEW_INCIDENT}, {})
    incident.children = [Record(rows, 0, {}, {}) for _ in range(children)]
    return incident


def no_rows(sheet_id: str) -> SheetRows:
    """Return a sheet without any column, for what no workbook has yet."""
    sheet = tracker_schema().sheets[sheet_id]
    return SheetRows(sheet, sheet.heading, heading_row=1, cells={}, rows=(0,), numbers={}, headings={})
