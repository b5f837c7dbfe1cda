"""The picture of the weekly summary: the same on every run, and whole whatever it is given."""

from __future__ import annotations

import datetime as dt
import struct

import pytest

from scripts.adapters.pictures.deadlines import calendar_alt, calendar_picture
from tests.builders import MONDAY
from tests.tracker_schema.mail.cases import deadline
from tracker_schema.calendar.working_days import england_and_wales
from tracker_schema.mail.deadlines import Deadline

LAST = MONDAY + dt.timedelta(days=14)
DAYS = england_and_wales()


def step(reference: str, day: int = 0, statutory: bool = False) -> Deadline:
    return deadline(reference, "notify_panel" if statutory else "decide_threshold", day)


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def test_it_has_a_line_for_each_case_and_says_the_same_in_words() -> None:
    due = [step("CI-1"), step("CI-2", 2, statutory=True)]
    plain = calendar_picture(due, MONDAY, LAST, DAYS)
    assert calendar_picture(due, MONDAY, LAST, DAYS) == plain
    more = [*due, step("CI-1", 2), step("CI-1", 2), step("CI-2", 6)]
    assert size(calendar_picture(more, MONDAY, LAST, DAYS)) == size(plain)  # on a Sunday, too
    assert size(calendar_picture([*due, step("CI-3")], MONDAY, LAST, DAYS))[1] > size(plain)[1]
    assert calendar_alt(more, MONDAY, LAST) == (
        "Due from 23 November to 7 December: CI-1 23 Nov, 25 Nov; CI-2 25 Nov, 29 Nov."
    )


@pytest.mark.parametrize(
    "reference", ["$x^{2}$ \\frac{", "CI-2026-001 " * 5, "W" * 60, "\u202eabc\u0000", "事件\U0001f600", ""]
)
def test_a_reference_is_text_and_stays_in_the_picture(reference: str) -> None:
    drawn = calendar_picture([step(reference), step("CI-1")], MONDAY, LAST, DAYS)
    assert size(drawn) == size(calendar_picture([step("CI-2"), step("CI-1")], MONDAY, LAST, DAYS))
