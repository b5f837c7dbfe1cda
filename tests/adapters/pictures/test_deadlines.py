"""The pictures of the weekly summary: the same on every run, and whole whatever they are given."""

from __future__ import annotations

import datetime as dt
import struct

import pytest

from scripts.adapters.pictures.deadlines import status_alt, status_picture, timeline_alt, timeline_picture
from tests.builders import MONDAY
from tests.tracker_schema.mail.cases import deadline
from tracker_schema.calendar.working_days import england_and_wales
from tracker_schema.columns.schema import tracker_schema
from tracker_schema.mail.deadlines import Deadline

LAST = MONDAY + dt.timedelta(days=14)
DAYS = england_and_wales()
STATUSES = [status for status in tracker_schema().sheets["incidents"].columns["status"].choices if status != "Closed"]


def step(reference: str, day: int = 0, statutory: bool = False) -> Deadline:
    return deadline(reference, "notify_panel" if statutory else "decide_threshold", day)


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def test_every_status_that_an_open_case_may_have_can_be_drawn() -> None:
    counts = {status: 10**number for number, status in enumerate(STATUSES)}
    assert status_picture(counts) == status_picture(counts)
    assert "1,000 due soon" in status_alt(counts)


def test_the_timeline_has_a_line_for_each_working_day_and_each_day_on_which_something_is_due() -> None:
    due = [step("CI-1"), step("CI-2", 2, statutory=True)]
    plain = timeline_picture(due, MONDAY, LAST, DAYS)
    assert timeline_picture(due, MONDAY, LAST, DAYS) == plain
    on_sunday = timeline_picture([*due, step("CI-3", 6)], MONDAY, LAST, DAYS)
    assert size(on_sunday)[1] > size(plain)[1]
    assert timeline_alt(due, MONDAY, LAST) == (
        "Deadlines from 23 November to 7 December: 1 on 23 November, 1 on 25 November."
    )
    assert timeline_alt([], MONDAY, LAST) == "Nothing falls due from 23 November to 7 December."


@pytest.mark.parametrize(
    "reference", ["$x^{2}$ \\frac{", "CI-2026-001 " * 5, "W" * 60, "\u202eabc\u0000", "事件\U0001f600", ""]
)
def test_a_reference_is_text_and_stays_in_the_picture(reference: str) -> None:
    drawn = timeline_picture([step(reference), step("CI-1")], MONDAY, LAST, DAYS)
    assert size(drawn) == size(timeline_picture([step("CI-2")], MONDAY, LAST, DAYS))


def test_a_hundred_deadlines_on_one_day_fit_too() -> None:
    many = [step(f"CI-2026-{number:03}", statutory=number % 3 == 0) for number in range(100)]
    assert size(timeline_picture(many, MONDAY, LAST, DAYS)) == size(timeline_picture(many[:1], MONDAY, LAST, DAYS))
