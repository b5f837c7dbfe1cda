"""The clocks as a council's settings make them: each can have a section of its own."""

from __future__ import annotations

import pytest

from scripts.adapters.settings import build
from scripts.adapters.settings.config import Config
from tests.builders import assess_rows, persons_columns, rules
from tracker_schema.clocks.clocks import Clock, Rules, standard_clocks
from tracker_schema.columns.schema import INCIDENTS, tracker_schema
from tracker_schema.errors import UsageError

OFF = [clock for clock in standard_clocks() if not clock.on]
OPTIONAL = [column.id for column in tracker_schema().sheets[INCIDENTS].column if column.optional]


def rules_with(section: str, **settings: object) -> Rules:
    return build.rules_of(Config.model_validate({"clocks": {section: settings}}))


@pytest.mark.parametrize("clock", standard_clocks(), ids=lambda clock: clock.id)
def test_every_clock_can_have_its_length_and_its_warning_set(clock: Clock) -> None:
    found = rules_with(clock.id, on=True, length=7, warn_working_days=1)
    (mine,) = [each for each in found.clocks if each.id == clock.id]
    assert (mine.length, found.warns_from(mine)) == (7, 1)


@pytest.mark.parametrize("clock", OFF, ids=lambda clock: clock.id)
def test_a_clock_without_a_length_of_ours_needs_one_of_the_council(clock: Clock) -> None:
    assert clock.id not in {each.id for each in build.rules_of(Config()).clocks}
    with pytest.raises(UsageError, match=rf"switch on the clock {clock.id} .*\[clocks\.{clock.id}\]"):
        rules_with(clock.id, on=True)


def test_a_column_that_is_missing_is_named_only_when_a_clock_that_is_on_needs_it() -> None:
    columns = [column for column in persons_columns(tracker_schema().sheets[INCIDENTS]) if column not in OPTIONAL]
    row = {"reference": "CI-1"}
    by = rules_with(OFF[0].id, on=True, length=5)
    named = [
        [problem.column for problem in assess_rows(row, columns=columns, by=each).problems
         if problem.code == "missing-heading"]
        for each in (rules(), by)
    ]  # fmt: skip
    assert named == [[], list(OFF[0].stop)]
