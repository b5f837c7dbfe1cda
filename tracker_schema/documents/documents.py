"""The documents of the process, as documents.toml lists them, and what each holds, as contents/NAME.toml says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Annotated, Any, Literal, Self

from pydantic import Field as PydanticField
from pydantic import model_validator

from tracker_schema.case import Case, CaseClock
from tracker_schema.clocks import OPEN, State, standard_clocks
from tracker_schema.columns.schema import INCIDENTS, SCOPING, Identifier, Part, Text, read_data_file
from tracker_schema.documents.fields import Field, Group, criteria, known_column

Table = Literal["clocks", "agencies", "actions", "missing"]
Name = Annotated[str, PydanticField(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]

# How a returned form is known: these controls are filled in by us and cannot be changed. The tag of the first is
# FORM with the document's name.
FORM, REFERENCE, AGENCY = "form:", "reference", "agency"

# What a document that is made for each agency lacks when none is to be asked.
AN_AGENCY = "An agency on the Scoping sheet"

# More children than the national form takes on one notification are told of in words.
MOST_CHILDREN = 4


class Section(Part):
    """A part of a document under its own heading: text, then facts, then a table, then a picture, then answers."""

    heading: Text | None = None
    level: Literal[1, 2] = 1
    for_each: Literal["children"] | None = None
    at_most: Annotated[int, PydanticField(gt=0)] | None = None
    only_if: Text | None = None
    new_page: bool = False
    text: tuple[Text, ...] = ()
    bullets: tuple[Text, ...] = ()
    facts: tuple[Identifier, ...] = ()
    table: Table | None = None
    picture: Identifier | None = None
    field: tuple[Field, ...] = ()
    group: Group | None = None

    @model_validator(mode="before")
    @classmethod
    def _with_its_criteria(cls, given: Any) -> Any:
        if not isinstance(given, dict) or "criteria" not in given:
            return given
        if given["criteria"] not in criteria():
            raise ValueError(f"there is no list of criteria {given['criteria']}")
        taken = criteria()[given["criteria"]]
        standard = {"heading": taken.heading, "text": taken.text, "field": taken.field}
        return standard | {key: value for key, value in given.items() if key != "criteria"}

    @model_validator(mode="after")
    def _facts_are_columns(self) -> Self:
        for fact in self.facts:
            if fact != "age":
                known_column(INCIDENTS, fact)
        return self


class Contents(Part):
    """What one document holds, in order."""

    section: tuple[Section, ...]

    @model_validator(mode="after")
    def _tags_differ(self) -> Self:
        tags = [field.tag for section in self.section for field in section.field]
        tags += [section.group.tag for section in self.section if section.group]
        tags += [field.tag for section in self.section if section.group for field in section.group.field]
        twice = {tag for tag in tags if tags.count(tag) > 1} | {tag for tag in tags if tag in (REFERENCE, AGENCY)}
        if twice:
            raise ValueError(f"the tag {min(twice)} stands twice")
        return self


class Call(Part):
    """A reason why the stage of a case calls for a document: exactly one of the first four, see documents.toml."""

    clock: Identifier | None = None
    column: Identifier | None = None
    scoping: Literal["awaited"] | None = None
    always: Literal[True] | None = None

    states: tuple[Text, ...] = ()
    is_: tuple[Text, ...] = PydanticField(default=(), alias="is")
    until: Identifier | None = None

    @model_validator(mode="after")
    def _names_exist(self) -> Self:
        if sum(map(bool, (self.clock, self.column, self.scoping, self.always))) != 1:
            raise ValueError("needs one of clock, column, scoping, always")
        if self.clock and self.clock not in {clock.id for clock in standard_clocks()}:
            raise ValueError(f"there is no clock {self.clock}")
        if unknown := set(self.states) - {state.words for state in State}:
            raise ValueError(f"states names “{unknown.pop()}”, which is no state of a clock")
        if self.column and set(self.is_) - set(known_column(INCIDENTS, self.column).choices):
            raise ValueError(f"is names something that is no choice of {self.column}")
        if self.until:
            known_column(INCIDENTS, self.until)
        return self

    def holds(self, case: Case) -> bool:
        """Whether the case gives this reason."""
        if self.always:
            return True
        if self.until and case.facts[self.until] is not None:
            return False
        if self.scoping:
            return any(row["returned"] is None for row in case.scoping)
        if self.column:
            value = case.facts[self.column]
            return value in self.is_ if self.is_ else value is not None
        clock = case.clock_by_id.get(self.clock or "")
        return clock is not None and self._is_in_state(clock)

    def _is_in_state(self, clock: CaseClock) -> bool:
        return clock.state.words in self.states if self.states else clock.state in OPEN


class Document(Part):
    """One document of the process; documents.toml explains each key."""

    name: Name
    title: Text
    made_for: Text
    purpose: Text
    called_for: Annotated[tuple[Call, ...], PydanticField(min_length=1)]
    per_agency: bool = False
    protected: bool = False
    returned: bool = False
    letter: bool = False

    @property
    def reports(self) -> bool:
        """Whether an incident that the tracker does not have yet is reported by it."""
        return self.returned and not self.per_agency

    @property
    def sections(self) -> tuple[Section, ...]:
        """What the document holds, in order. Raises SchemaError when its file holds a slip."""
        return _contents(self.name).section

    def fields(self) -> Iterator[tuple[Section, Field]]:
        """Each single answer with its section, in order; those of repeating rows are in `groups`."""
        return ((section, field) for section in self.sections for field in section.field)

    def groups(self) -> Iterator[Group]:
        """The repeating rows of answers, in order."""
        return (section.group for section in self.sections if section.group)

    def is_called_for(self, case: Case) -> bool:
        """Whether the stage of the case calls for the document; a closed case calls for none."""
        return not case.closed and any(call.holds(case) for call in self.called_for)


class _Documents(Part):
    document: tuple[Document, ...]


@cache
def documents() -> Mapping[str, Document]:
    """The documents of documents.toml by name, in the order of the process. Raises SchemaError when it holds a slip."""
    return {document.name: document for document in read_data_file("documents/documents.toml", _Documents).document}


@cache
def _contents(name: str) -> Contents:
    return read_data_file(f"documents/contents/{name}.toml", Contents)


def document_of_tag(tag: str) -> Document | None:
    """The document whose form carries a control with this tag; None for every other tag."""
    return documents().get(tag.removeprefix(FORM)) if tag.startswith(FORM) else None


def missing_fields(document: Document, case: Case, agency: str | None = None) -> list[str]:
    """The labels of the fields that the tracker could fill in and does not, in order; where there are several children
    or agencies, with those concerned.

    Of a document made for each agency, only the row of `agency` counts, where that is given. Raises UsageError when
    that one was not asked.
    """
    if case.is_new:
        return []
    asked = [case.scoping_of(agency)] if agency else case.scoping
    if document.per_agency and not asked:
        return [AN_AGENCY]
    lacking: list[str] = []
    for section, field in document.fields():
        column = field.column
        if column is None or field.later or any(each.holds(case.facts) for each in field.not_asked_when):
            continue
        if section.for_each:
            children = case.children[: section.at_most]
            without = [str(number) for number, child in enumerate(children, 1) if child.get(column) is None]
            label = field.label if len(children) == 1 else f"{field.label} (child {', '.join(without)})"
        elif field.sheet == SCOPING:
            without = [str(row["agency"]) for row in asked if row[column] is None]
            label = field.label if agency else f"{field.label} ({', '.join(without)})"
        else:
            without = [column] if case.facts[column] is None else []
            label = field.label
        lacking += [label] if without else []
    return lacking
