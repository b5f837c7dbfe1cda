"""The sheets and columns of the tracker, as columns.toml describes them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from typing import Annotated, Any, Literal, Protocol, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, PositiveInt, ValidationError, model_validator

from tracker_schema.errors import SchemaError

INCIDENTS, SCOPING, ACTIONS, DOCUMENTS, SLT = "incidents", "scoping", "actions", "documents", "slt"

_NOT_A_LETTER = re.compile(r"[^a-z0-9/]+")

Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Text = Annotated[str, Field(min_length=1)]


Identity = Literal["number", "initials", "birth", "day"]


class Part(BaseModel):
    """A table of one of this package's data files: every key known, nothing changed after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class HasValues(Protocol):
    """Facts by column id: a mapping, or a record of the tracker."""

    def get(self, column: str, /) -> object:
        """Return what the column says, None when it says nothing."""


class Condition(Part):
    """When a column has to be filled in: another column holds one of `is_`, or anything at all."""

    column: Identifier
    is_: tuple[Text, ...] = Field(default=(), alias="is")
    filled: Literal[True] | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if bool(self.is_) == bool(self.filled):
            raise ValueError('needs either is = ["…"] or filled = true')
        return self

    def holds(self, row: HasValues) -> bool:
        """Return whether the facts in `row` meet it."""
        value = row.get(self.column)
        return value in self.is_ if self.is_ else bool(value)


class Column(Part):
    """One column of a sheet; columns.toml explains each key."""

    id: Identifier
    heading: Text
    type: Literal["text", "date", "choice", "number"]
    about: Text
    aliases: tuple[Text, ...] = ()
    choices: tuple[Text, ...] = ()
    optional: bool = False
    required: bool = False
    required_when: tuple[Condition, ...] = ()
    unique: bool = False
    not_before: tuple[Identifier, ...] = ()
    may_be_future: bool = False
    personal: bool = False
    describes_child: bool = False
    of_each_child: bool = False
    among_rows: Literal["same", "first", "earliest", "latest", "every"] | None = None
    identity: Identity | None = None
    written_by: Literal["person", "script"] = "person"
    row_key: bool = False
    event: Text | None = None
    event_choice: Identifier | None = None
    needed_for: Literal["Heads of Service meeting"] | None = None
    meanings: tuple[Text, ...] = ()
    group: Text | None = None
    width: PositiveInt | None = None

    @model_validator(mode="after")
    def _keys_fit_the_type(self) -> Self:
        if (self.type == "choice") != bool(self.choices):
            raise ValueError('choices goes with type = "choice", and only with it')
        if self.type != "date" and (self.not_before or self.may_be_future):
            raise ValueError('not_before and may_be_future go with type = "date" only')
        if self.type != "date" and self.among_rows in ("earliest", "latest", "every"):
            raise ValueError('among_rows = "earliest", "latest" or "every" goes with type = "date" only')
        if self.event_choice and not self.event:
            raise ValueError("event_choice goes with event, and only with it")
        if self.meanings and len(self.meanings) != len(self.choices):
            raise ValueError("meanings needs one sentence for each of the choices, in their order")
        if self.width and self.type not in ("text", "choice"):
            raise ValueError('width goes with type = "text" or "choice" only')
        return self

    @property
    def of_several_rows(self) -> str:
        """Return which of several values counts if rows are about one incident: `among_rows`, or the default."""
        return self.among_rows or ("first" if self.type == "text" else "same")

    @property
    def by_script(self) -> bool:
        """Return True if this program writes the column."""
        return self.written_by == "script"


class Sheet(Part):
    """One sheet of the tracker and its columns, in order."""

    id: Identifier
    heading: Text
    about: Text
    aliases: tuple[Text, ...] = ()
    required: bool = False
    column: tuple[Column, ...]

    @model_validator(mode="after")
    def _columns_fit_each_other(self) -> Self:
        dates = {column.id for column in self.column if column.type == "date"}
        by_id = {column.id: column for column in self.column}
        if len(by_id) < len(self.column):
            raise ValueError("two columns have the same id")
        for column in self.column:
            for other in column.not_before:
                if other not in dates:
                    raise ValueError(f"{column.id}.not_before names {other}, which is no date column of this sheet")
            if column.event_choice and not (column.event_choice in by_id and by_id[column.event_choice].choices):
                raise ValueError(f"{column.id}.event_choice names {column.event_choice}, which has no choices")
            for condition in column.required_when:
                if condition.column not in by_id:
                    raise ValueError(f"{column.id}.required_when names {condition.column}, which is no column here")
                unknown = set(condition.is_) - set(by_id[condition.column].choices)
                if unknown:
                    raise ValueError(f"{column.id}.required_when names “{unknown.pop()}”, which is no choice there")
        return self

    @cached_property
    def columns(self) -> Mapping[str, Column]:
        """The columns by their id, in order."""
        return {column.id: column for column in self.column}

    def identity(self, *kinds: Identity) -> tuple[str, ...]:
        """Return the ids of the columns that hold one of these parts of an incident's identity, in order."""
        return tuple(column.id for column in self.column if column.identity in kinds)

    @cached_property
    def row_key(self) -> tuple[str, ...]:
        """Return the ids of the columns that tell one row from another, the reference first."""
        return tuple(column.id for column in self.column if column.row_key)

    def written_by_script(self) -> Iterator[Column]:
        """Return each column that this program writes, in order."""
        return (column for column in self.column if column.by_script)


class TrackerSchema(Part):
    """The content of columns.toml."""

    synonyms: Mapping[Text, tuple[Text, ...]]
    sheet: tuple[Sheet, ...]

    @model_validator(mode="after")
    def _synonyms_are_of_choices(self) -> Self:
        choices = {choice for sheet in self.sheet for column in sheet.column for choice in column.choices}
        unknown = set(self.synonyms) - choices
        if unknown:
            raise ValueError(f"[synonyms] has “{min(unknown)}”, which is no choice of any column")
        return self

    @cached_property
    def sheets(self) -> Mapping[str, Sheet]:
        """Return the sheets by their id."""
        return {sheet.id: sheet for sheet in self.sheet}


Model = TypeVar("Model", bound=Part)


def read_data_file(name: str, model: type[Model]) -> Model:
    """Return the checked content of one of this package's TOML files.

    `name` is the file's name, `model` what it must hold. Raises SchemaError, with the file and the entry, when it holds
    anything else.
    """
    return check_data(name, files("tracker_schema").joinpath(name).read_text("utf-8"), model)


def check_data(name: str, text: str, model: type[Model]) -> Model:
    """Return the checked content of `text`, the TOML of the file called `name`; otherwise as `read_data_file`."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SchemaError(f"{name}: {error}") from None
    try:
        return model.model_validate(data)
    except ValidationError as error:
        mistakes = error.errors(include_url=False, include_context=False)
        lines = [f"{name}: {_place(each['loc'], data)}: {each['msg']}" for each in mistakes]
        raise SchemaError("\n".join(lines)) from None


def _place(location: tuple[int | str, ...], data: Any) -> str:
    """Return the place of a mistake in words: with the ids on the way to it, not with positions."""
    words: list[str] = []
    for step in location:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            data = None
        if isinstance(step, int):
            words[-1] += f" “{data['id']}”" if isinstance(data, dict) and "id" in data else f" {step + 1}"
        else:
            words.append(step)
    return ", ".join(words) or "the whole file"


@cache
def tracker_schema() -> TrackerSchema:
    """Return the sheets and columns of columns.toml. Raises SchemaError when that file is wrong."""
    return read_data_file("columns/columns.toml", TrackerSchema)


@cache
def new_tracker_schema() -> TrackerSchema:
    """Return the sheets with the columns that a new tracker has: those that are not optional."""
    schema = tracker_schema()
    sheets = [
        sheet.model_dump(by_alias=True)
        | {"column": [column.model_dump(by_alias=True) for column in sheet.column if not column.optional]}
        for sheet in schema.sheet
    ]
    return TrackerSchema.model_validate({"synonyms": schema.synonyms, "sheet": sheets})


@lru_cache(maxsize=4096)
def plain(heading: str) -> str:
    """Return `heading` as headings are compared: only small letters and figures.

    Case, spaces, line breaks and punctuation do not matter; a solidus does: “Y/N” is not “YN”. A heading without any
    letter or figure, such as “#”, is compared as it is.
    """
    return _NOT_A_LETTER.sub("", heading.casefold().replace("&", "and")) or exact(heading)


def exact(name: str) -> str:
    """Return a name without the spaces around it, in small letters, with one space between words."""
    return " ".join(name.casefold().split())
