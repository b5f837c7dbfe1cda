"""The layout of the log: [layout] and [sheets] of config.toml."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, PlainValidator, ValidationInfo

from scripts.adapters.settings.errors import WrongValue
from scripts.adapters.settings.field_types import Section, Separator, Sheets, Text
from tracker_schema.layouts.layouts import PER_INCIDENT, SHEET_PER_TYPE, DateOfNotification, Kind, layout_schema


class LayoutSettings(Section):
    """The layout of the log of incidents."""

    kind: Kind = PER_INCIDENT
    dates: Mapping[str, DateOfNotification] = Field(default_factory=dict)
    joined_with: Separator = "/"
    child_in_reference: bool | None = None
    heading_rows: Annotated[int, Field(ge=1, le=2)] | None = None
    struck_through: Literal["closed", "open"] = "closed"


def _words(value: object) -> tuple[str, ...]:
    """The words in `value`: one text, or a list of them."""
    words = [value] if isinstance(value, str) else value
    if not isinstance(words, list | tuple) or not words or not all(isinstance(word, str) and word for word in words):
        raise WrongValue('must be a word in quotes, or a list of such words, like ["Closed", "Y"]')
    return tuple(words)


class ClosedSettings(Section):
    """The column that says in words that a case is closed, and the words that mean it."""

    column: Text | None = None
    words: Annotated[tuple[Text, ...], BeforeValidator(_words)] = ("Closed", "Yes", "Y", "TRUE")


def _name_or_false(value: object) -> str | Literal[False] | None:
    """The name of a sheet, or False when the workbook has none."""
    if value is None or value is False:
        return value
    if not isinstance(value, str):
        raise WrongValue("must be text in quotes")
    if not value.strip():
        raise WrongValue("is empty", "Give it a value or delete the line.")
    return value.strip()


OptionalSheet = Annotated[str | Literal[False] | None, PlainValidator(_name_or_false)]


class SheetNames(Section):
    """The names of the sheets in this council's workbook, where they are not the usual ones.

    The incidents may be on several sheets, and so may closed ones; a name may be a pattern, such as “20*”. False: the
    workbook has no such sheet.
    """

    incidents: Sheets = ()
    closed: Sheets = ()
    critical_incident: Text | None = None
    national_panel: Text | None = None
    cspr_referral: Text | None = None
    scoping: OptionalSheet = None
    actions: OptionalSheet = None
    documents: OptionalSheet = None
    slt: OptionalSheet = None


def sheets_of_the_layout(sheets: SheetNames, info: ValidationInfo) -> SheetNames:
    """Return `sheets`. Raises WrongValue when it names a sheet that the layout does not have."""
    layout: LayoutSettings | None = info.data.get("layout")
    if layout is None:
        return sheets
    by_type = [type_.id for type_ in layout_schema().type if getattr(sheets, type_.id)]
    if by_type and layout.kind != SHEET_PER_TYPE:
        raise WrongValue(f"names the sheet of one type, {by_type[0]}", f'That needs layout.kind = "{SHEET_PER_TYPE}".')
    if sheets.incidents and layout.kind == SHEET_PER_TYPE:
        names = ", ".join(type_.id for type_ in layout_schema().type)
        raise WrongValue(f'names a sheet of incidents, but layout.kind is "{SHEET_PER_TYPE}"', f"Name {names} instead.")
    return sheets
