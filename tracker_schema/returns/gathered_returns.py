"""What the agencies returned about one incident, side by side, and their chronologies merged into one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tracker_schema.documents.forms import Form, Group
from tracker_schema.incidents.incident import ScopingReturn
from tracker_schema.returns.returned_answers import ReturnedAnswers
from tracker_schema.returns.returned_forms import ReturnedForm
from tracker_schema.returns.rough_dates import first_day

Row = Mapping[str, str]


@dataclass(frozen=True)
class AgencyReturn:
    """What one agency returned, in one form or several.

    agency   its name, as the first form has it
    answers  the answers by tag, the newest of each; a box that is ticked is “Yes”
    rows     the rows of each repeated part, by its tag; a row that is in several forms is there once
    missing  the labels of the required answers that no form has
    """

    agency: str
    answers: Mapping[str, str] = field(repr=False)
    rows: Mapping[str, Sequence[Row]] = field(repr=False)
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Event:
    """One row of the merged chronology.

    day     the day from which it is sorted; None when its date names none
    agency  the agency that says so
    cells   what it says, by tag
    """

    day: dt.date | None
    agency: str
    cells: Row = field(repr=False)


@dataclass(frozen=True)
class GatheredReturns:
    """What the agencies returned about one incident.

    form      what they were asked
    agencies  those that returned a form that could be read, in the order in which they did
    waiting   the agencies that a file came from which was not read, in small letters
    """

    form: Form
    agencies: Sequence[AgencyReturn] = ()
    waiting: frozenset[str] = frozenset()

    @property
    def chronology(self) -> Group:
        """The repeated part that is merged: its first field is the date."""
        return next(group for group in self.form.groups if group.tag == self.form.document.chronology)

    @property
    def events(self) -> list[Event]:
        """Every row of every chronology, once, sorted by date; those whose date cannot be told come last."""
        group = self.chronology
        events = [
            Event(first_day(row.get(group.fields[0].tag, "")), each.agency, row)
            for each in self.agencies
            for row in each.rows.get(group.tag, ())
        ]
        return sorted(events, key=lambda event: (event.day is None, event.day or dt.date.min))

    def of(self, agency: str) -> AgencyReturn | None:
        """Return what an agency returned, in any spelling of capitals; None when nothing could be read."""
        return next((each for each in self.agencies if each.agency.casefold() == agency.casefold()), None)

    def state(self, scoping_return: ScopingReturn) -> str:
        """Return in words whether the agency of a row has returned."""
        found = self.of(scoping_return.agency)
        if found:
            return "Returned in part" if found.missing else "Returned"
        if scoping_return.agency.casefold() in self.waiting:
            return "Came as a file that the program cannot read: read it"
        return "Returned, but the form was not found" if scoping_return.returned else "Not returned"


def gather(
    form: Form, returned: Iterable[tuple[ReturnedForm, ReturnedAnswers]], waiting: Iterable[str] = ()
) -> GatheredReturns:
    """Return what the forms about one incident say, by agency.

    `returned` are the completed forms in the order in which they came, `waiting` the agencies with a file that was not
    read.
    """
    by_agency: dict[str, list[tuple[ReturnedForm, ReturnedAnswers]]] = {}
    for each in returned:
        by_agency.setdefault(each[0].agency.casefold(), []).append(each)
    agencies = [_merged(form, forms) for forms in by_agency.values()]
    return GatheredReturns(form, agencies, frozenset(agency.casefold() for agency in waiting))


def _merged(form: Form, returned: Sequence[tuple[ReturnedForm, ReturnedAnswers]]) -> AgencyReturn:
    answers: dict[str, str] = {}
    rows: dict[str, list[Row]] = {group.tag: [] for group in form.groups}
    for _, found in returned:
        answers |= {answer.tag: answer.text or "Yes" for answer in found.by_tag.values() if answer.filled}
        for group in form.groups:
            for row in found.rows_of(group.tag, {each.tag for each in group.fields}):
                cells = {answer.tag: answer.text for answer in row}
                if cells not in rows[group.tag]:
                    rows[group.tag].append(cells)
    missing = [each.label for each in form.fields if each.required and not answers.get(each.tag)]
    missing += [group.label for group in form.groups if group.required and not rows[group.tag]]
    return AgencyReturn(returned[0][0].agency, answers, rows, tuple(missing))
