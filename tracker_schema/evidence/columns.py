"""The columns that the reports read, and the features that incidents may share."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from tracker_schema.columns.schema import INCIDENTS, Condition, Identifier, Part, Text, read_data_file, tracker_schema


class Kind(Part):
    """A kind of child by the facts recorded; evidence.toml explains each key."""

    words: Text
    all: Annotated[tuple[Condition, ...], Field(min_length=1)]
    enough: bool = True


class Feature(Part):
    """A feature that two incidents may share; evidence.toml explains each key."""

    words: Text
    column: Identifier | None = None
    listed: bool = False
    age: Literal[True] | None = None
    kinds: tuple[Kind, ...] = ()

    @model_validator(mode="after")
    def _has_one_source(self) -> Self:
        if sum(map(bool, (self.column, self.age, self.kinds))) != 1:
            raise ValueError("needs one of column, age, kinds")
        return self

    @property
    def columns(self) -> Iterator[str]:
        """Each column that it names."""
        yield from (self.column,) if self.column else ()
        yield from (condition.column for kind in self.kinds for condition in kind.all)


class EvidenceColumns(Part):
    """The content of evidence.toml, which explains each key."""

    aware: Identifier
    reason: Identifier
    born: Identifier
    age_on: tuple[Identifier, ...]
    learning: Identifier
    followed: tuple[Identifier, ...]
    no_answer: tuple[Text, ...]
    feature: tuple[Feature, ...]

    @model_validator(mode="after")
    def _columns_exist(self) -> Self:
        of_features = (column for feature in self.feature for column in feature.columns)
        named = (self.aware, self.reason, self.born, *self.age_on, self.learning, *self.followed, *of_features)
        for column in named:
            if column not in tracker_schema().sheets[INCIDENTS].columns:
                raise ValueError(f"{column} is not a column of {INCIDENTS}")
        return self


@cache
def evidence_columns() -> EvidenceColumns:
    """Return the content of evidence.toml. Raises SchemaError when that file has a mistake."""
    return read_data_file("evidence/evidence.toml", EvidenceColumns)
