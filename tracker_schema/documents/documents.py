"""The documents of the process, as documents.toml lists them: who needs each, when, and what it must ask."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, cached_property
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from tracker_schema.clocks.clocks import standard_clocks
from tracker_schema.clocks.conditions import is_for_panel
from tracker_schema.clocks.results import State
from tracker_schema.columns.schema import (
    INCIDENTS,
    SCOPING,
    Column,
    Condition,
    Identifier,
    Part,
    Text,
    read_data_file,
    tracker_schema,
)
from tracker_schema.incidents.incident import COMPLETE, Incident
from tracker_schema.layouts.record import Record

Name = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]

# The tags of the controls that say which form this is, and about whom. We fill them in, and nobody can change them in
# Word. The tag of the first is FORM with the name of the document.
FORM, REFERENCE, AGENCY = "form:", "reference", "agency"
# The tag of the field for the name of the council.
COUNCIL_NAME = "authority"
# The tag of the field for the day on which the form was completed.
COMPLETED_ON = "completed_on"


class Call(Part):
    """A reason why the stage of an incident calls for a document; documents.toml explains each key.

    Exactly one of the first four is given.
    """

    clock: Identifier | None = None
    column: Identifier | None = None
    scoping: Literal["awaited"] | None = None
    always: Literal[True] | None = None

    states: tuple[Text, ...] = ()
    is_: tuple[Text, ...] = Field(default=(), alias="is")
    until: Identifier | None = None

    @model_validator(mode="after")
    def _names_exist(self) -> Self:
        if sum(map(bool, (self.clock, self.column, self.scoping, self.always))) != 1:
            raise ValueError("needs one of clock, column, scoping, always")
        if self.clock and self.clock not in {clock.id for clock in standard_clocks()}:
            raise ValueError(f"there is no clock {self.clock}")
        if unknown := set(self.states) - {state.words for state in State}:
            raise ValueError(f"states names “{unknown.pop()}”, which is no state of a clock")
        if self.column and set(self.is_) - set(_column(INCIDENTS, self.column).choices):
            raise ValueError(f"is names something that is no choice of {self.column}")
        if self.until:
            _column(INCIDENTS, self.until)
        return self

    def holds(self, incident: Incident) -> bool:
        """Return True if the incident gives this reason."""
        if self.always:
            return True
        if self.until and incident[self.until] is not None:
            return False
        if self.scoping:
            return any(scoping_return.returned is None for scoping_return in incident.scoping)
        if self.column:
            value = incident[self.column]
            return value in self.is_ if self.is_ else value is not None
        result = incident.clocks.get(self.clock or "")
        if result is None:
            return False
        return result.state.words in self.states if self.states else result.is_open


class Box(Part):
    """A check box that is ticked in advance; documents.toml explains each key."""

    tags: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    ticked_when: Annotated[tuple[Condition, ...], Field(min_length=1)]
    and_when: tuple[Condition, ...] = ()
    panel: bool = False

    @model_validator(mode="after")
    def _facts_exist(self) -> Self:
        for condition in (*self.ticked_when, *self.and_when):
            column = _column(INCIDENTS, condition.column)
            if unknown := set(condition.is_) - set(column.choices or condition.is_):
                raise ValueError(f"“{min(unknown)}” is no choice of {column.id}")
        return self

    def is_ticked(self, child: Record) -> bool:
        """Return True if the facts of one child tick the box."""
        if self.panel and not is_for_panel(child):
            return False
        return any(each.holds(child) for each in self.ticked_when) and (
            not self.and_when or any(each.holds(child) for each in self.and_when)
        )


class Document(Part):
    """One document of the process; documents.toml explains each key."""

    name: Name
    title: Text
    made_for: Text
    purpose: Text
    called_for: tuple[Call, ...] = ()
    when_complete: bool = False
    per_agency: bool = False
    all_cases: bool = False
    protected: bool = False
    returned: bool = False
    reports: bool = False
    case_details: Literal["asked", "shown"] | None = None
    children_when: tuple[Condition, ...] = ()
    chronology: Identifier | None = None
    shows_returns: bool = False
    most_children: Annotated[int, Field(gt=0)] | None = None
    columns: tuple[Identifier, ...] = ()
    later: tuple[Identifier, ...] = ()
    read_at_once: Mapping[Identifier, tuple[Text, ...]] = {}

    @model_validator(mode="after")
    def _keys_fit_together(self) -> Self:
        if self.all_cases == bool(self.called_for):
            raise ValueError("needs called_for, or all_cases, and not both")
        for column in (*self.columns, *self.later):
            _column(self.sheet, column)
        for condition in self.children_when:
            _column(INCIDENTS, condition.column)
        return self

    def children_of(self, incident: Incident) -> list[tuple[int, Record]]:
        """Return the children who have a part in the document, each with its number in the incident."""
        found = [
            (number, child)
            for number, child in enumerate(incident.children, 1)
            if not self.children_when or any(condition.holds(child) for condition in self.children_when)
        ]
        return found[: self.most_children]

    @property
    def sheet(self) -> str:
        """The id of the sheet whose columns the fields of the document hold."""
        return SCOPING if self.per_agency else INCIDENTS

    @property
    def comes_back(self) -> bool:
        """True for a form whose return is a date in the tracker; the record of a meeting says itself when that was."""
        return self.returned and (self.reports or self.per_agency)

    @property
    def needed_tags(self) -> list[str]:
        """The tags without which the program cannot fill the document in or read it."""
        about = [FORM + self.name, REFERENCE] if self.returned else []
        about += [COMPLETED_ON] if self.comes_back else []
        about += [AGENCY] if self.returned and self.per_agency else []
        return [*about, *self.read_at_once, *self.columns, *self.later]

    def column_of(self, tag: str) -> Column | None:
        """Return the column of the tracker that the field with this tag holds; None if it holds none."""
        column = tracker_schema().sheets[self.sheet].columns.get(tag)
        return None if column is None or column.by_script or tag in (REFERENCE, AGENCY) else column

    def is_called_for(self, incident: Incident) -> bool:
        """Return True if the stage of the incident calls for the document.

        A closed incident calls for none; a complete one only for what no stage of the process waits for.
        """
        is_done = incident.status == COMPLETE and not self.when_complete
        calls = [call for call in self.called_for if call.always or not is_done]
        return not incident.is_closed and any(call.holds(incident) for call in calls)


class DocumentList(Part):
    """Everything documents.toml says."""

    document: tuple[Document, ...]
    box: tuple[Box, ...] = ()

    @cached_property
    def by_name(self) -> Mapping[str, Document]:
        """The documents by their name, in the order of the process."""
        return {document.name: document for document in self.document}

    @cached_property
    def box_by_tag(self) -> Mapping[str, Box]:
        """The boxes that are ticked in advance, by the tags of their check boxes."""
        return {tag: box for box in self.box for tag in box.tags}


def documents() -> Mapping[str, Document]:
    """Return the documents by name, in the order of the process. Raises SchemaError when documents.toml is wrong."""
    return _list().by_name


def boxes() -> Mapping[str, Box]:
    """Return the boxes that are ticked in advance, by tag. Raises SchemaError when documents.toml is wrong."""
    return _list().box_by_tag


@cache
def _list() -> DocumentList:
    return read_data_file("documents/documents.toml", DocumentList)


def agency_form() -> Document:
    """Return the form that is made for each agency and comes back. Raises SchemaError when documents.toml is wrong."""
    return next(document for document in documents().values() if document.per_agency and document.returned)


def report_form() -> Document:
    """Return the form that reports a new incident. Raises SchemaError when documents.toml is wrong."""
    return next(document for document in documents().values() if document.reports)


def document_of_tag(tag: str) -> Document | None:
    """Return the document whose form has a control with this tag; None for every other tag."""
    return documents().get(tag.removeprefix(FORM)) if tag.startswith(FORM) else None


def _column(sheet: str, column: str) -> Column:
    found = tracker_schema().sheets[sheet].columns.get(column)
    if found is None:
        raise ValueError(f"there is no column {column} on the sheet {sheet}")
    return found
