"""The deadlines as calendar entries: known again when they move, cancelled when they are met, and never set back."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from tests.builders import MONDAY
from tracker_schema.clocks.results import State
from tracker_schema.mail.calendar_entries import TOLD_FOR, CalendarEntry, Remembered, next_entries, to_send, uid_of
from tracker_schema.mail.steps import Step


def step(reference: str = "CI-1", clock: str | None = "notify_panel", day: int = 3, agency: str | None = None) -> Step:
    due = MONDAY + dt.timedelta(days=day)
    return Step(
        "incidents", 5, reference, clock, "Notify the national Panel", "HoS", due, 1, State.RUNNING, True, agency
    )


def remembered(entries: list[CalendarEntry]) -> dict[str, Remembered]:
    return {entry.uid: entry.remembered for entry in entries}


def test_an_entry_is_known_again_when_it_moves_and_tells_nothing() -> None:
    assert uid_of(step(day=3)) == uid_of(step("ci-1", day=9))
    assert (
        len({uid_of(step()), uid_of(step("CI-2")), uid_of(step(clock="rapid_review")), uid_of(step(agency="Police"))})
        == 4
    )
    assert "CI-1" not in uid_of(step())


def test_its_life() -> None:
    memory: dict[str, Remembered] = {}
    seen = []
    for steps in ([step(day=3)], [step(day=3)], [step(day=5)], [], [], [step(day=5)], [step(day=4)]):
        (entry,) = next_entries(steps, memory, MONDAY)
        memory = remembered([entry])
        seen.append((entry.sequence, entry.due.day, entry.step is None))
    assert seen == [
        (0, 26, False),
        (0, 26, False),  # nothing has changed
        (1, 28, False),  # moved
        (2, 28, True),  # met, or gone
        (2, 28, True),
        (3, 28, False),  # open again
        (4, 27, False),
    ]


def test_of_a_case_that_stands_twice_the_first_deadline_counts_and_an_action_has_no_entry() -> None:
    (entry,) = next_entries([step(day=9), step(day=4), step(clock=None)], {}, MONDAY)
    assert entry.due == MONDAY + dt.timedelta(days=4)


def test_what_is_met_is_cancelled_for_some_weeks_even_when_its_day_is_over_and_what_is_overdue_is_sent_always() -> None:
    met, late = step(day=2), step("CI-2", day=-9)
    before = remembered(next_entries([met, late], {}, MONDAY))
    for week, expected in ((1, {uid_of(met), uid_of(late)}), (4, {uid_of(met), uid_of(late)}), (5, {uid_of(late)})):
        as_of = MONDAY + week * dt.timedelta(weeks=1)
        entries = next_entries([late], before, as_of)
        assert {entry.uid for entry in to_send(entries, as_of)} == expected
        before = remembered(entries)
    assert before[uid_of(met)] == Remembered(met.due, 1, True, MONDAY + dt.timedelta(weeks=1))
    assert dt.timedelta(weeks=4) == TOLD_FOR


@given(st.lists(st.dictionaries(st.sampled_from(["CI-1", "CI-2", "CI-3"]), st.integers(-5, 20)), max_size=8))
def test_the_number_goes_up_exactly_when_something_changes(weeks: list[dict[str, int]]) -> None:
    memory: dict[str, Remembered] = {}
    for week in weeks:
        entries = next_entries([step(reference, day=day) for reference, day in week.items()], memory, MONDAY)
        assert {entry.uid for entry in entries if entry.step} == {uid_of(step(reference)) for reference in week}
        assert {entry.uid for entry in entries} >= set(memory)
        for entry in entries:
            before = memory.get(entry.uid)
            if before is None:
                assert entry.sequence == 0
            elif (before.due, before.cancelled) == (entry.due, entry.step is None):
                assert entry.sequence == before.sequence
            else:
                assert entry.sequence == before.sequence + 1
        memory = remembered(entries)
