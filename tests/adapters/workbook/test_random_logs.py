"""Logs with keys, titles, separators, blocks, references in advance, hidden and decoy sheets, at random.

The incidents in them are read and counted, and a new one is entered as `read_returns` does.
"""

from __future__ import annotations

import datetime as dt
import io
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.styles import Border, Font, PatternFill, Side

from scripts.adapters.adoption.trial import read_pages
from scripts.adapters.storage.local_store import LocalStore
from scripts.adapters.tracker.entering import Entered, enter
from scripts.adapters.workbook.read import Names, read_tracker
from tests.adapters.workbook.xlsx.books import changed_parts
from tests.builders import MONDAY, rules
from tracker_schema.adoption.proposal import propose
from tracker_schema.documents.documents import report_form
from tracker_schema.incidents.assess import assess
from tracker_schema.incidents.incident import Tracker
from tracker_schema.returns.entries.entries import Entry, Value
from tracker_schema.returns.match_returns import ReturnMatcher
from tracker_schema.returns.returned_forms import ReturnedForm

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
    """A log that was made: its rows, and their numbers by the reference in them.

    block: the incidents of the first block, closed ones too
    archived: those below the title of a closed block
    in_advance: the references typed in advance
    closed: of the first block, those struck through, with a date of closing or without
    following: the next reference in the style of the log
    """

    rows: Sequence[Sequence[object]]
    block: Sequence[str]
    archived: Sequence[str]
    in_advance: Sequence[str]
    closed: Sequence[str]
    following: str

    def row_of(self, reference: str) -> int:
        return next(number for number, row in enumerate(self.rows, 1) if row and row[0] == reference)


@st.composite
def logs(draw: st.DrawFn) -> Made:
    style = draw(st.sampled_from(STYLES))
    count = draw(st.integers(1, 6))
    references = [style.format(number) for number in range(1, count + 1)]
    closed = [each for each in references if draw(st.integers(0, 3)) == 0]
    rows: list[Sequence[object]] = [HEADINGS, *draw(asides)]
    for number, reference in enumerate(references):
        # Of all but the first, the date aware may be missing.
        aware = AWARE if number == 0 or draw(st.booleans()) else None
        team = draw(st.sampled_from([None, "Heron"]))
        rows.append(
            (reference, "ZZ", AWARE, aware, team, "Death", AWARE if reference in closed and number % 2 else None)
        )
        if draw(st.integers(0, 4)) == 0:
            rows += draw(asides)
    in_advance = [style.format(number) for number in range(count + 1, count + 1 + draw(st.integers(0, 3)))]
    rows += [(reference,) for reference in in_advance]
    rows += [()] * draw(st.integers(0, 2))
    rows += draw(asides)
    archived: list[str] = []
    if draw(st.booleans()):
        archived = [style.format(number) for number in range(count + 4, count + 4 + draw(st.integers(1, 3)))]
        rows += [(), (draw(st.sampled_from(["CLOSED CASES", "Closed", "Archived cases"])),), HEADINGS]
        rows += [(reference, "ZZ", AWARE, AWARE, "Heron", "Death") for reference in archived]
        rows += [(), ("KEY",), ("Red", "Overdue")]
    last = count + 3 + len(archived) if archived else count
    return Made(rows, references, archived, in_advance, closed, style.format(last + 1))


OPEN_FONT, CLOSED_FONT = Font(name="Arial", size=9), Font(name="Arial", size=9, strike=True)
OPEN_FILL, CLOSED_FILL = PatternFill("solid", fgColor="FFFDF5"), PatternFill("solid", fgColor="BFBFBF")


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
    for reference in (*made.block, *made.archived):
        is_closed = reference not in made.block or reference in made.closed
        for cell in page[made.row_of(reference)]:
            cell.font = CLOSED_FONT if is_closed else OPEN_FONT
            cell.fill = CLOSED_FILL if is_closed else OPEN_FILL
            cell.border = Border(bottom=Side("thin"))
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


@settings(deadline=None, max_examples=100)
@given(logs(), decoy_sheets)
def test_exactly_the_incidents_that_were_put_in(made: Made, decoys: Sequence[tuple[str, str, bool]]) -> None:
    rows = read_tracker(saved(made, decoys), "log.xlsx", Names())
    tracker = assess(rows, rules(), MONDAY)
    assert rows.sheets["incidents"].name == "Cases"
    assert [incident.reference for incident in tracker.incidents] == [*made.block, *made.archived]
    assert [incident.reference for incident in tracker.incidents if incident.is_closed] == [
        *made.closed,
        *made.archived,
    ]
    assert list(rows.sheets["incidents"].in_advance.values()) == list(made.in_advance)
    assert len([remark for remark in tracker.problems if remark.code == "not-entries"]) <= 1
    others = [remark for remark in tracker.problems if remark.code == "other-sheet"]
    assert len(others) == bool(decoys)
    adopted = propose(read_pages(saved(made, decoys), "log.xlsx"), "log.xlsx")
    assert [part.name for part in adopted.parts] == ["Cases"], "adopt_tracker chooses alike"
    assert [remark.message for remark in adopted.remarks()] == [remark.message for remark in others]


def enter_a_form(path: Path) -> Entered:
    """Enter a completed Critical Incident Form in the log at `path`, as `read_returns --apply` does."""
    told: dict[str, Value] = {"aware_date": MONDAY, "outcome": "Serious harm", "initials": "QQ"}
    form = ReturnedForm(report_form(), "", "", told, (told,), MONDAY, 0, 0, (), ())

    def entries(tracker: Tracker) -> list[Entry]:
        return [ReturnMatcher(tracker, MONDAY).match(form).entry]

    store = LocalStore(path, copies_folder=None, copies=0)
    allowed = {"incidents": [*told, "form_received"]}
    return enter(store, Names(), rules(), entries, MONDAY, allowed=allowed, dry_run=False, progress=lambda _: None)


def looks(data: bytes) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """Return the value and the looks of each cell of a workbook that has either."""
    found: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for sheet in openpyxl.load_workbook(io.BytesIO(data)).worksheets:
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            if cell.value is not None or cell.has_style:
                of_cell = (
                    cell.value,
                    cell.font.name,
                    cell.font.strike,
                    cell.fill.fgColor.rgb,
                    cell.border.bottom.style,
                )
                found[sheet.title, cell.row, cell.column] = of_cell
    return found


@settings(deadline=None, max_examples=50)
@given(logs(), decoy_sheets)
def test_a_new_incident_takes_the_next_reference_below_the_open_block(
    made: Made, decoys: Sequence[tuple[str, str, bool]]
) -> None:
    before = saved(made, decoys)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.xlsx"
        path.write_bytes(before)
        done = enter_a_form(path)
        after = path.read_bytes()
    assert done.refusal is None
    last = made.row_of(made.block[-1])
    reference = made.in_advance[0] if made.in_advance else made.following
    row = made.row_of(reference) if made.in_advance else last + 1
    if not made.in_advance and row <= len(made.rows) and any(made.rows[row - 1]):
        assert "no row can be added below the log" in done.plan.placed[0].unplaced[0]
        assert after == before
        return
    tracker = assess(read_tracker(after, "log.xlsx", Names()), rules(), MONDAY)
    assert [each.reference for each in tracker.incidents] == [*made.block, reference, *made.archived]
    (new,) = (each for each in tracker.incidents if each.reference == reference)
    assert (new.row, new.is_closed, new.date("aware_date"), new["initials"]) == (row, False, MONDAY, "QQ")
    cells = looks(after)
    assert {place: cells.get(place) for place in looks(before)} == looks(before)
    if not made.in_advance and (is_open := [each for each in made.block if each not in made.closed]):
        like = made.row_of(is_open[-1])
        for number in range(1, len(HEADINGS) + 1):
            assert cells["Cases", row, number][1:] == cells["Cases", like, number][1:]
    elif not made.in_advance:
        assert all(
            not of[2] and of[3] != CLOSED_FILL.fgColor.rgb for place, of in cells.items() if place[:2] == ("Cases", row)
        )
    page = 1 + len(decoys)
    assert changed_parts(before, after) <= {f"xl/worksheets/sheet{page}.xml", "xl/styles.xml"}
