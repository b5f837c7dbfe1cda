"""Logs with keys, titles, separators, blocks, references in advance, hidden and decoy sheets, at random."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from typing import NamedTuple

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.adapters.workbook.read import Names, read_tracker
from tests.builders import MONDAY, rules
from tracker_schema.incidents.assess import assess

HEADINGS = ("Reference", "Initials", "Date of incident", "Date aware", "Team", "Outcome", "Closed")
AWARE = dt.date(2026, 11, 18)
STYLES = ("CI-2026-{:03}", "{}/26", "CI/{}", "DUD{:03}", "{}", "SIN {:02}-26")

asides = st.lists(
    st.sampled_from(
        [
            (),
            ("KEY",),
            ("Red", "Overdue"),
            ("Amber", None, None, None, "Due soon"),
            ("Last updated: 20/11/2026",),
            ("Last updated", None, None, dt.date(2026, 11, 20)),
            ("Updated by A. Sample",),
            ("Please do not sort this sheet; ask the duty desk first, because 3 formulas depend on it.",),
            ("Total", 3.0),
            ("November 2026",),
            ("2025/26 cases",),
            (None, None, None, None, "Team Otter"),
            ("e.g. CI-2026-000", "ZZ", AWARE, AWARE, "Heron"),
            HEADINGS,
        ]
    ),
    max_size=4,
)


class Made(NamedTuple):
    """A log that was made: its rows, the references of its open and its closed incidents, and those in advance."""

    rows: Sequence[Sequence[object]]
    is_open: Sequence[str]
    closed: Sequence[str]
    in_advance: Sequence[str]


@st.composite
def logs(draw: st.DrawFn) -> Made:
    style = draw(st.sampled_from(STYLES))
    count = draw(st.integers(1, 6))
    references = [style.format(number) for number in range(1, count + 1)]
    rows: list[Sequence[object]] = [HEADINGS, *draw(asides)]
    for number, reference in enumerate(references):
        # Of all but the first, the date aware may be missing.
        aware = AWARE if number == 0 or draw(st.booleans()) else None
        rows.append((reference, "ZZ", AWARE, aware, draw(st.sampled_from([None, "Heron"])), "Death"))
        if draw(st.integers(0, 4)) == 0:
            rows += draw(asides)
    in_advance = [style.format(number) for number in range(count + 1, count + 1 + draw(st.integers(0, 3)))]
    rows += [(reference,) for reference in in_advance]
    rows += draw(asides)
    closed: list[str] = []
    if draw(st.booleans()):
        closed = [style.format(number) for number in range(count + 4, count + 4 + draw(st.integers(1, 3)))]
        rows += [(), (draw(st.sampled_from(["CLOSED CASES", "Closed", "Archived cases"])),), HEADINGS]
        rows += [(reference, "ZZ", AWARE, AWARE, "Heron", "Death") for reference in closed]
        rows += [(), ("KEY",), ("Red", "Overdue")]
    return Made(rows, references, closed, in_advance)


def saved(made: Made, decoys: Sequence[tuple[str, str, bool]]) -> bytes:
    """A workbook with the log on “Cases”, and before it the decoys: name, state, with or without rows."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, state, has_rows in decoys:
        decoy = workbook.create_sheet(name)
        decoy.append(HEADINGS)
        if has_rows:
            decoy.append(("OLD-1", "ZZ", AWARE, AWARE, "Heron", "Death"))
        decoy.sheet_state = state
    page = workbook.create_sheet("Cases")
    for row in made.rows:
        page.append(row)
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


decoy_sheets = st.lists(
    st.sampled_from(
        [
            ("Incidents", "hidden", True),
            ("Tracker", "veryHidden", True),
            ("Log", "visible", False),
            ("Old", "hidden", True),
        ]
    ),
    max_size=3,
    unique=True,
)


@settings(deadline=None, max_examples=150)
@given(logs(), decoy_sheets)
def test_exactly_the_incidents_that_were_put_in(made: Made, decoys: Sequence[tuple[str, str, bool]]) -> None:
    rows = read_tracker(saved(made, decoys), "log.xlsx", Names())
    tracker = assess(rows, rules(), MONDAY)
    assert rows.sheets["incidents"].name == "Cases"
    assert [incident.reference for incident in tracker.incidents] == [*made.is_open, *made.closed]
    assert [incident.reference for incident in tracker.incidents if incident.is_closed] == list(made.closed)
    assert list(rows.sheets["incidents"].in_advance.values()) == list(made.in_advance)
    assert len([remark for remark in tracker.problems if remark.code == "not-entries"]) <= 1
    assert len([remark for remark in tracker.problems if remark.code == "other-sheet"]) == bool(decoys)
