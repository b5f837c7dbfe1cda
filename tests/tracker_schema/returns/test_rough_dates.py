"""The day from which an event of a chronology is sorted."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker_schema.returns.rough_dates import first_day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("03/04/2025", (2025, 4, 3)),
        ("3.4.25", (2025, 4, 3)),
        ("2025-04-03", (2025, 4, 3)),
        ("Thursday 3 April 2025", (2025, 4, 3)),
        ("3rd of April 2025, evening", (2025, 4, 3)),
        ("w/c 7/4/2025", (2025, 4, 7)),
        ("03/04/2025 – 09/05/2025", (2025, 4, 3)),
        ("from March 2024 until today", (2024, 3, 1)),
        ("Sept. 2023", (2023, 9, 1)),
        ("04/2024", (2024, 4, 1)),
        ("Summer 2022", (2022, 6, 1)),
        ("2019 to 2021", (2019, 1, 1)),
        ("in 1998", (1998, 1, 1)),
        ("31/02/2025", None),
        ("13/13/2025", None),
        ("last spring", None),
        ("", None),
        ("at age 12", None),
        ("call 2025550", None),
    ],
)
def test_the_first_day_that_a_text_names(text: str, day: tuple[int, int, int] | None) -> None:
    assert first_day(text) == (dt.date(*day) if day else None)


@given(
    st.dates(dt.date(1950, 1, 1), dt.date(2049, 12, 31)),
    st.sampled_from(["{0:%d/%m/%Y}", "{0.day} {0:%B %Y}", "{0:%Y-%m-%d}"]),
)
def test_every_date_however_it_is_written_is_read(day: dt.date, written: str) -> None:
    assert first_day(f"about {written.format(day)} or so") == day


@given(st.text(max_size=80))
def test_no_text_stops_it(text: str) -> None:
    first_day(text)
