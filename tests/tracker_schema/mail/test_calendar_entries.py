"""The deadlines as calendar entries: known again when they move, and telling nothing of a child."""

from __future__ import annotations

import datetime as dt

from tests.builders import MONDAY
from tests.tracker_schema.mail.cases import deadline
from tracker_schema.mail.calendar_entries import calendar_entries, uid_of


def test_an_entry_is_known_again_when_it_moves_and_tells_nothing() -> None:
    assert uid_of(deadline(after=3)) == uid_of(deadline("ci-1", after=9))
    others = [deadline("CI-2"), deadline(clock="rapid_review"), deadline(agency="Police")]
    assert len({uid_of(each) for each in (deadline(), *others)}) == 4
    assert "CI-1" not in uid_of(deadline())


def test_of_a_case_that_is_there_twice_the_first_deadline_counts_and_an_action_has_no_entry() -> None:
    (entry,) = calendar_entries([deadline(after=9), deadline(after=4), deadline(clock=None)])
    assert entry.due == MONDAY + dt.timedelta(days=4)


def test_another_day_is_another_version_and_the_same_entry() -> None:
    ((first,), (again,), (moved,)) = (calendar_entries([deadline(after=after)]) for after in (3, 3, 5))
    assert first == again
    assert first.uid == moved.uid
    assert first.version != moved.version
