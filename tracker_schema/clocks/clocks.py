"""The clocks of clocks.toml, and how this council runs them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationError, model_validator

from tracker_schema.calendar.working_days import WorkingDays, add_months, next_meeting
from tracker_schema.clocks.conditions import CONDITIONS, ProcessCondition
from tracker_schema.columns.schema import Condition, Identifier, Part, Text, read_data_file, tracker_schema
from tracker_schema.errors import SchemaError

Unit = Literal["working days", "days", "months", "SLT meetings"]
Basis = Literal["law", "statutory guidance", "national guidance", "local procedure", "local default", "chase"]
Mail = Literal[
    "day 4 call", "after the day 4 call", "referral", "chaser", "learning", "discussion", "reminder without column"
]
STATUTORY = ("law", "statutory guidance")
NATIONAL = "national guidance"
CHASE = "chase"


class Clock(Part):
    """One deadline of the process; clocks.toml explains each key."""

    id: Identifier
    sheet: Identifier
    label: Text
    anchor: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    anchor_is: Literal["earliest", "first"] = "earliest"
    anchor_if: Mapping[Identifier, Condition] = {}
    stop: tuple[Identifier, ...]
    length: Annotated[int, Field(gt=0)] | None = None
    unit: Unit
    basis: Basis
    source: Text
    owner: Text
    applies: Identifier | None = None
    mail: Mail | None = None
    count_from: Literal[0, 1] = 0
    honours_closures: bool = False
    warn_working_days: Annotated[int, Field(ge=0)] | None = None
    may_pause: bool = False
    on: bool = True

    @model_validator(mode="after")
    def _names_exist(self) -> Self:
        sheet = tracker_schema().sheets.get(self.sheet)
        if not sheet:
            raise ValueError(f"sheet = “{self.sheet}” is not a sheet of columns.toml")
        if self.on and self.length is None:
            raise ValueError("a clock that is on needs a length")
        for column, condition in self.anchor_if.items():
            if column not in self.anchor or condition.column not in sheet.columns:
                raise ValueError(f"anchor_if names {column} or {condition.column}, which it cannot")
        for column in (*self.anchor, *self.stop):
            if column not in sheet.columns or sheet.columns[column].type != "date":
                raise ValueError(f"{column} is not a date column of {self.sheet}")
        if self.applies and self.applies not in CONDITIONS:
            raise ValueError(f"applies = “{self.applies}” is not a condition of conditions.py")
        return self

    @cached_property
    def condition(self) -> ProcessCondition | None:
        """The condition under which the clock applies; None when it applies to every row."""
        return CONDITIONS[self.applies] if self.applies else None

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Every column that the clock is worked out from."""
        of_condition = self.condition.columns if self.condition else ()
        of_anchor = (condition.column for condition in self.anchor_if.values())
        return tuple(dict.fromkeys((*self.anchor, *of_anchor, *self.stop, *of_condition)))

    @property
    def limit(self) -> str:
        """The length in words, such as “5 working days”."""
        if self.unit == "SLT meetings":
            return "the next SLT meeting"
        if self.length is None:
            return "as long as the council sets"
        return f"{self.length} {self.unit if self.length > 1 else self.unit.removesuffix('s')}"

    @property
    def is_statutory(self) -> bool:
        """Whether law or statutory guidance sets the deadline."""
        return self.basis in STATUTORY

    @property
    def authority(self) -> str:
        """Whose deadline it is where lists mark that: “statutory”, “national” for national guidance, or ""."""
        if self.is_statutory:
            return "statutory"
        return "national" if self.basis == NATIONAL else ""

    @property
    def is_chase(self) -> bool:
        """Whether its deadline is a day to ask on, and passing it is no breach."""
        return self.basis == CHASE or self.unit == "SLT meetings"

    @property
    def is_of_case(self) -> bool:
        """Whether it applies only while something else of the case is open or still to come."""
        return self.condition is not None and self.condition.of_case

    def missing_columns(self, present: Collection[str]) -> tuple[str, ...]:
        """Return the columns without which the clock cannot be worked out and that are not among `present`.

        One anchor and one stop are enough; a clock that nothing stops needs its first anchor. Of the columns of its
        condition only those count that the condition requires: it takes any other one as blank when the sheet does not
        have it.
        """
        required = self.condition.required if self.condition else ()
        needed = [self.anchor, self.stop or self.anchor[:1], *((column,) for column in required)]
        return tuple(columns[0] for columns in needed if not any(column in present for column in columns))


class _Clocks(Part):
    clock: tuple[Clock, ...]

    @model_validator(mode="after")
    def _ids_differ(self) -> Self:
        if len({clock.id for clock in self.clock}) < len(self.clock):
            raise ValueError("two clocks have the same id")
        return self


@cache
def standard_clocks() -> tuple[Clock, ...]:
    """Return the clocks of clocks.toml, in the order of the process. Raises SchemaError when that file is wrong."""
    return read_data_file("clocks/clocks.toml", _Clocks).clock


@cache
def default_clocks() -> tuple[Clock, ...]:
    """Return the clocks that run without any settings, in the order of the process."""
    return tuple(clock for clock in standard_clocks() if clock.on)


def changed(clock: Clock, changes: Mapping[str, object]) -> Clock:
    """Return `clock` with some of its keys changed. Raises SchemaError when the result is not a valid clock."""
    try:
        return Clock.model_validate(clock.model_dump(by_alias=True) | dict(changes))
    except ValidationError as error:
        raise SchemaError(f"The clock {clock.id} is wrong: {error.errors()[0]['msg']}.") from None


@dataclass(frozen=True)
class Rules:
    """The clocks as this council runs them.

    days                 the calendar
    clocks               those that are switched on, in the order of the process
    warn_working_days    a clock is due soon from so many working days before its deadline
    care_leavers         whether the deaths of care leavers under 25 are notified
    closures             days on which the council is closed, for the clocks that honour them
    start_from           deadlines before this day raise no alarm
    slt_weekday          the weekday on which SLT meets, Monday is 0
    """

    days: WorkingDays
    clocks: tuple[Clock, ...]
    warn_working_days: int = 2
    care_leavers: bool = True
    closures: Collection[dt.date] = ()
    start_from: dt.date | None = None
    slt_weekday: int = 1

    @cached_property
    def _days_with_closures(self) -> WorkingDays:
        return self.days.with_closures(self.closures) if self.closures else self.days

    def calendar(self, clock: Clock) -> WorkingDays:
        """Return the working days by which `clock` counts."""
        return self._days_with_closures if clock.honours_closures else self.days

    def deadline(self, clock: Clock, anchor: dt.date) -> dt.date | None:
        """Return when `clock` is due that starts on `anchor`; None when the calendar does not cover both days."""
        calendar = self.calendar(clock)
        if clock.unit == "SLT meetings":
            return next_meeting(anchor, self.slt_weekday, calendar)
        if clock.length is None:
            return None
        if clock.unit == "working days":
            return calendar.due(anchor, clock.length, count_from=clock.count_from)
        if clock.unit == "days":
            due = anchor + dt.timedelta(days=clock.length - clock.count_from)
        else:
            due = add_months(anchor, clock.length)
        return due if calendar.covers(anchor) and calendar.covers(due) else None

    def warns_from(self, clock: Clock) -> int:
        """Return from how many working days before its deadline the clock is due soon."""
        return self.warn_working_days if clock.warn_working_days is None else clock.warn_working_days

    def clocks_of(self, sheet: str) -> tuple[Clock, ...]:
        """Return the clocks whose dates are on the sheet with that id, in the order of the process."""
        return tuple(clock for clock in self.clocks if clock.sheet == sheet)
