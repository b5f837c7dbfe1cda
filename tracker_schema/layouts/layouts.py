"""How a log may be laid out: one row for each incident, for each notification, or a sheet for each type of them.

layouts.toml holds the types of notification and the columns that only such logs have.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, Literal, Self, get_args

from pydantic import Field, model_validator

from tracker_schema.columns.schema import (
    INCIDENTS,
    Column,
    Identifier,
    Part,
    Sheet,
    Text,
    read_data_file,
    tracker_schema,
)

Kind = Literal["one row per incident", "one row per notification", "one sheet per type"]
PER_INCIDENT, PER_NOTIFICATION, SHEET_PER_TYPE = get_args(Kind)

# The date columns as which the date of a notification may be read.
DateOfNotification = Literal["form_received", "panel_notified", "ofsted_notified", "cspr_referred", "aware_date"]

TYPE, DATE, CHILD, PREFIX = "notification_type", "notification_date", "child_number", "reference_prefix"


class NotificationType(Part):
    """One of the three kinds of notification; layouts.toml explains each key."""

    id: Identifier
    name: Text
    made: Annotated[tuple[DateOfNotification, ...], Field(min_length=1)]
    clocks: tuple[Identifier, ...] = ()

    @property
    def date(self) -> DateOfNotification:
        """Return the column id as which the date of a row about such a notification is read."""
        return self.made[0]

    def made_on(self, date: Callable[[str], dt.date | None]) -> dt.date | None:
        """Return the day on which an incident's notification of this type was made; None when it was not.

        `date` gives the incident's date in a column. A death reported to both the Panel and Ofsted counts once, on the
        earlier day: one form serves both.
        """
        return min(filter(None, map(date, self.made)), default=None)


class LayoutSchema(Part):
    """The content of layouts.toml."""

    synonyms: Mapping[Text, tuple[Text, ...]]
    type: tuple[NotificationType, ...]
    column: tuple[Column, ...]

    @model_validator(mode="after")
    def _types_are_choices(self) -> Self:
        names = {type_.name for type_ in self.type}
        if names != set(self.columns[TYPE].choices) or set(self.synonyms) - names:
            raise ValueError(f"the choices of {TYPE}, the types and the keys of [synonyms] must be the same")
        return self

    @property
    def columns(self) -> Mapping[str, Column]:
        """Return the columns by their id."""
        return {column.id: column for column in self.column}


@cache
def layout_schema() -> LayoutSchema:
    """Return the content of layouts.toml. Raises SchemaError when that file is wrong."""
    return read_data_file("layouts/layouts.toml", LayoutSchema)


def notification_types() -> tuple[NotificationType, ...]:
    """Return the three types of notification, in the order of the process."""
    return layout_schema().type


@dataclass(frozen=True)
class Layout:
    """How this council's log of incidents is laid out; config.toml says so under [layout].

    kind: what a row or a sheet of the log is about
    dates: by the id of a type of notification, the column id as which its date is read, if not the usual one
    joined_with: the separator between the two columns of a reference
    child_in_reference: references end in the child's number or letter; None: only where that cannot be a mistake
    heading_rows: how many rows of headings there are, 1 or 2; None: as many as match more columns
    strikethrough_closed: a row that is struck through counts as closed
    closed_column: the heading of the column that says in words that a case is closed; "" when there is none
    closed_words: the words in it that mean closed, alone or before others
    """

    kind: Kind = PER_INCIDENT
    dates: Mapping[str, str] = field(default_factory=dict)
    joined_with: str = "/"
    child_in_reference: bool | None = None
    heading_rows: int | None = None
    strikethrough_closed: bool = True
    closed_column: str = ""
    closed_words: tuple[str, ...] = ()

    def date_of(self, type_name: str) -> str:
        """Return the column id as which the date of a notification of that type is read."""
        type_ = next(type_ for type_ in layout_schema().type if type_.name == type_name)
        return self.dates.get(type_.id, type_.date)


def incident_columns() -> list[Column]:
    """Return every column of the incidents that config.toml may name: those of the tracker and of any layout."""
    return [*tracker_schema().sheets[INCIDENTS].column, *layout_schema().column]


def with_layout(sheet: Sheet, layout: Layout, configured: Mapping[str, str]) -> Sheet:
    """Return `sheet`, the schema's sheet of incidents, with the columns that a log of this `layout` may also have.

    `configured` are this council's own headings, by column id.
    """
    of_kind = {
        PER_INCIDENT: {CHILD},
        PER_NOTIFICATION: {TYPE, DATE, CHILD},
        SHEET_PER_TYPE: {DATE, CHILD},
    }[layout.kind]
    wanted = of_kind | ({PREFIX} if PREFIX in configured else set())
    more = tuple(column for column in layout_schema().column if column.id in wanted)
    # A column as which the date of a notification is read needs no heading of its own.
    dated = layout.dates.values() if DATE in wanted else ()
    own = tuple(
        column.model_copy(update={"required": False}) if column.id in dated else column for column in sheet.column
    )
    return Sheet(
        id=sheet.id,
        heading=sheet.heading,
        about=sheet.about,
        aliases=sheet.aliases,
        required=sheet.required,
        column=(*own, *more),
    )
