"""The deadlines as calendar entries: known again when they move, cancelled when they are met, and never set back."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from tests.builders import MONDAY
from tests.tracker_schema.mail.cases import deadline
from tracker_schema.mail.calendar_entries import CANCELLED_FOR, CalendarEntry, SentEntry, next_entries, to_send, uid_of


def remembered(entries: list[CalendarEntry]) -> dict[str, SentEntry]:
    return {entry.uid: entry.as_sent for entry in entries}


def test_an_entry_is_known_again_when_it_moves_and_tells_nothing() -> None:
    assert uid_of(deadline(after=3)) == uid_of(deadline("ci-1", after=9))
    others = [deadline("CI-2"), deadline(clock="rapid_review"), deadline(agency="Police")]
    assert len({uid_of(each) for each in (deadline(), *others)}) == 4
    assert "CI-1" not in uid_of(deadline())


def test_its_life() -> None:
    memory: dict[str, SentEntry] = {}
    seen = []
    for after in (3, 3, 5, None, None, 5, 4):
        (entry,) = next_entries([deadline(after=after)] if after else [], memory, MONDAY)
        memory = remembered([entry])
        seen.append((entry.sequence, entry.due.day, entry.deadline is None))
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
    (entry,) = next_entries([deadline(after=9), deadline(after=4), deadline(clock=None)], {}, MONDAY)
    assert entry.due == MONDAY + dt.timedelta(days=4)


def test_what_is_met_is_cancelled_for_some_weeks_even_when_its_day_is_over_and_what_is_overdue_is_sent_always() -> None:
    met, late = deadline(after=2), deadline("CI-2", after=-9)
    before = remembered(next_entries([met, late], {}, MONDAY))
    for week, expected in ((1, {uid_of(met), uid_of(late)}), (4, {uid_of(met), uid_of(late)}), (5, {uid_of(late)})):
        as_of = MONDAY + week * dt.timedelta(weeks=1)
        entries = next_entries([late], before, as_of)
        assert {entry.uid for entry in to_send(entries, as_of)} == expected
        before = remembered(entries)
    assert before[uid_of(met)] == SentEntry(met.due, 1, True, MONDAY + dt.timedelta(weeks=1))
    assert dt.timedelta(weeks=4) == CANCELLED_FOR


@given(st.lists(st.dictionaries(st.sampled_from(["CI-1", "CI-2", "CI-3"]), st.integers(-5, 20)), max_size=8))
def test_the_number_goes_up_exactly_when_something_changes(weeks: list[dict[str, int]]) -> None:
    memory: dict[str, SentEntry] = {}
    for week in weeks:
        entries = next_entries([deadline(reference, after=day) for reference, day in week.items()], memory, MONDAY)
        assert {entry.uid for entry in entries if entry.deadline} == {uid_of(deadline(reference)) for reference in week}
        assert {entry.uid for entry in entries} >= set(memory)
        for entry in entries:
            before = memory.get(entry.uid)
            if before is None:
                assert entry.sequence == 0
            elif (before.due, before.cancelled) == (entry.due, entry.deadline is None):
                assert entry.sequence == before.sequence
            else:
                assert entry.sequence == before.sequence + 1
        memory = remembered(entries)
