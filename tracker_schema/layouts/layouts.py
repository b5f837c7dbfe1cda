"""How a log may be laid out: one row for each incident, for each notification, or a sheet for each type of them.

layouts.toml holds the types of notification and the columns that only such logs have.
"""

from __future__ import annotations

from collections.abc import Mapping
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
        """The column as which the date of a row about such a notification is read."""
        return self.made[0]


class LayoutSchema(Part):
    """Everything layouts.toml says."""

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
        """The columns by their id."""
        return {column.id: column for column in self.column}


@cache
def layout_schema() -> LayoutSchema:
    """What layouts.toml says. Raises SchemaError when that file holds a slip."""
    return read_data_file("layouts/layouts.toml", LayoutSchema)


@dataclass(frozen=True)
class Layout:
    """How this council's log of incidents is laid out.

    `dates` says, by the id of a type, as which column of the incident the date of such a notification is read, where
    that is not the usual one. `joined_with` stands between the two columns of a reference. `child_in_reference` says
    whether references end in the child's number (None: only where that cannot be mistaken), `heading_rows` how many
    rows of headings there are (None: that is found), `struck_closed` whether a row that is struck through counts as
    closed.
    """

    kind: Kind = PER_INCIDENT
    dates: Mapping[str, str] = field(default_factory=dict)
    joined_with: str = "/"
    child_in_reference: bool | None = None
    heading_rows: int | None = None
    struck_closed: bool = True

    def date_of(self, type_name: str) -> str:
        """The column as which the date of a notification of that type is read."""
        type_ = next(type_ for type_ in layout_schema().type if type_.name == type_name)
        return self.dates.get(type_.id, type_.date)


def incident_columns() -> list[Column]:
    """Every column that config.toml may name of the Incidents: those of the tracker, and those of any layout."""
    return [*tracker_schema().sheets[INCIDENTS].column, *layout_schema().column]


def with_layout(sheet: Sheet, layout: Layout, configured: Mapping[str, str]) -> Sheet:
    """`sheet`, the Incidents, with the columns that a log of this `layout` may have besides.

    `configured` are this council's own headings by column id.
    """
    of_kind = {
        PER_INCIDENT: {CHILD},
        PER_NOTIFICATION: {TYPE, DATE, CHILD},
        SHEET_PER_TYPE: {DATE, CHILD},
    }[layout.kind]
    wanted = of_kind | ({PREFIX} if PREFIX in configured else set())
    more = tuple(column for column in layout_schema().column if column.id in wanted)
    # What the notification's date is read as needs no heading of its own.
    dated = layout.dates.values() if DATE in wanted else ()
    own = tuple(
        column.model_copy(update={"required": False}) if column.id in dated else column for column in sheet.column
    )
    fields = {name: getattr(sheet, name) for name in Sheet.model_fields}
    return Sheet.model_construct(**fields | {"column": (*own, *more)})
