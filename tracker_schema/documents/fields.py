"""The answers in forms: single ones, rows of them, and the criteria of the guidance as boxes to tick."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Literal, Self

from pydantic import Field as PydanticField
from pydantic import model_validator

from tracker_schema.columns.schema import INCIDENTS, Column, Condition, Identifier, Part, Text, read_data_file
from tracker_schema.columns.schema import tracker_schema as schema

# The columns in which people write as much as they like.
_LONG = {
    *("summary", "risk", "immediate_action", "partner_views", "decision_reason"),
    *("learning", "outcome_of_action", "overdue_steps", "data_problems"),
}

Kind = Literal["text", "multiline", "date", "choice", "checkbox"]


def known_column(sheet: str, column: str) -> Column:
    """The column of columns.toml. Raises ValueError when there is none such."""
    found = schema().sheets.get(sheet)
    if not found or column not in found.columns:
        raise ValueError(f"there is no column {column} on the sheet {sheet}")
    return found.columns[column]


def is_long(column: str) -> bool:
    """Whether what the column says may run to many lines."""
    return column in _LONG


class Field(Part):
    """One answer in a form; documents.toml explains each key. With a `column`, what is not given comes from there."""

    tag: Identifier
    label: Text
    kind: Kind = "text"
    help: str = ""
    choices: tuple[Text, ...] = ()
    choices_of: Identifier | None = None
    urgent: tuple[Text, ...] = ()
    required: bool = False
    later: bool = False
    sheet: Identifier = INCIDENTS
    column: Identifier | None = None
    ticked_when: tuple[Condition, ...] = ()
    and_when: tuple[Condition, ...] = ()
    not_asked_when: tuple[Condition, ...] = ()
    filled_with: Literal["council", "partnership"] | None = None

    @model_validator(mode="before")
    @classmethod
    def _as_the_known_column(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        if "choices" in given and ("column" in given or "choices_of" in given):
            raise ValueError("choices are those of its column; leave them out")
        if "choices_of" in given:
            return given | {"choices": known_column(INCIDENTS, given["choices_of"]).choices}
        if "column" not in given:
            return given
        column = known_column(given.get("sheet", INCIDENTS), given["column"])
        kind = column.type if column.type in ("date", "choice") else "multiline" if is_long(column.id) else "text"
        standard = {"tag": column.id, "label": column.heading, "help": column.about, "kind": kind}
        return standard | given | {"choices": column.choices if kind == "choice" else ()}

    @model_validator(mode="after")
    def _keys_fit_the_kind(self) -> Self:
        if (self.kind == "choice") != bool(self.choices):
            raise ValueError('choices goes with kind = "choice", and only with it')
        if unknown := set(self.urgent) - set(self.choices):
            raise ValueError(f"urgent names “{unknown.pop()}”, which is none of the choices")
        if (self.kind == "checkbox") == bool(self.help):
            raise ValueError('help goes with every kind but "checkbox"')
        if self.ticked_when and self.kind != "checkbox":
            raise ValueError('ticked_when goes with kind = "checkbox"')
        if self.and_when and not self.ticked_when:
            raise ValueError("and_when goes with ticked_when")
        for key in ("ticked_when", "and_when", "not_asked_when"):
            for condition in getattr(self, key):
                column = known_column(self.sheet, condition.column)
                if unknown := set(condition.is_) - set(column.choices or condition.is_):
                    raise ValueError(f"{key} names “{unknown.pop()}”, which is no choice of {column.id}")
        return self

    def tag_of(self, child: int | None) -> str:
        """The tag of the control: that of the field, and in a section about each child the child's number before it."""
        return self.tag if child is None else f"child_{child}_{self.tag}"


class Group(Part):
    """Rows of answers, each row with the same fields; Word's “+” adds further ones. `rows` are there to start with."""

    tag: Identifier
    label: Text
    rows: Annotated[int, PydanticField(ge=1, le=40)]
    field: Annotated[tuple[Field, ...], PydanticField(min_length=1)]
    required: bool = False


class CriteriaList(Part):
    """Criteria as a list of boxes to tick, with the heading and the text above them."""

    id: Identifier
    heading: Text
    text: tuple[Text, ...] = ()
    field: tuple[Field, ...]

    @model_validator(mode="before")
    @classmethod
    def _boxes(cls, given: Any) -> Any:
        if isinstance(given, dict) and isinstance(given.get("field"), list):
            return given | {"field": [{"kind": "checkbox"} | field for field in given["field"]]}
        return given


class _Criteria(Part):
    list: tuple[CriteriaList, ...]


@cache
def criteria() -> Mapping[str, CriteriaList]:
    """The lists of criteria.toml by their id. Raises SchemaError when that file holds a slip."""
    return {each.id: each for each in read_data_file("documents/criteria.toml", _Criteria).list}
