"""The settings of the clocks: [clocks] of config.toml, and a section for each clock that differs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from scripts.adapters.settings.field_types import CountFrom, Line, Section


class ClockSettings(Section):
    """The settings of one clock that differ from the schema."""

    on: bool = True
    label: Line | None = None
    length: Annotated[int, Field(gt=0)] | None = None
    unit: Literal["working days", "days", "months"] | None = None
    honours_closures: bool | None = None
    count_from: CountFrom | None = None
    warn_working_days: Annotated[int, Field(ge=0, le=60)] | None = None


class ClocksSettings(Section):
    """The settings of all clocks, and under `by_id` those of single ones."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, ClockSettings]

    warn_working_days: Annotated[int, Field(ge=0, le=20)] = 2
    count_from: CountFrom = 0
    care_leavers: bool = True
    closure_days: Annotated[tuple[date, ...], Field(strict=False)] = ()
    start_from: date | None = None

    @property
    def by_id(self) -> Mapping[str, ClockSettings]:
        """The settings of the clocks that have a section of their own, by the id of the clock."""
        return self.__pydantic_extra__
