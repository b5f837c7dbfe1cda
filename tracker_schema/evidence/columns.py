"""The columns that the timeliness report and its extract read."""

from __future__ import annotations

from functools import cache
from typing import Self

from pydantic import model_validator

from tracker_schema.columns.schema import INCIDENTS, Identifier, Part, read_data_file, tracker_schema


class EvidenceColumns(Part):
    """The content of evidence.toml, which explains each key."""

    aware: Identifier
    reason: Identifier
    born: Identifier
    age_on: tuple[Identifier, ...]

    @model_validator(mode="after")
    def _columns_exist(self) -> Self:
        for column in (self.aware, self.reason, self.born, *self.age_on):
            if column not in tracker_schema().sheets[INCIDENTS].columns:
                raise ValueError(f"{column} is not a column of {INCIDENTS}")
        return self


@cache
def evidence_columns() -> EvidenceColumns:
    """Return the content of evidence.toml. Raises SchemaError when that file has a mistake."""
    return read_data_file("evidence/evidence.toml", EvidenceColumns)
