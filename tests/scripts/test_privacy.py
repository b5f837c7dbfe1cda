"""No job says anything of a child outside the tracker: words planted in the personal columns come out nowhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from scripts import check_tracker, explain_deadline, make_document
from tests.scripts.run_here import RunHere
from tests.scripts.trackers import AS_OF, incident, save_tracker
from tracker_schema.columns.schema import Sheet, tracker_schema

PLANTED = "Zanzibarovich"
# A date nobody else in the tracker has, in the ways in which it might be printed.
BORN = dt.date(2011, 8, 27)
TRACES = (PLANTED.casefold(), "2011-08-27", "27/08/2011", "27 august 2011", "40782", "zq77", "943 476 5919")

BAD_DATES = (f"{PLANTED} 31/02/2026", "943 476 5919", PLANTED, "27/08/2011 zq77", "40999")


def personal(sheet: Sheet, value: object) -> dict[str, object]:
    """Every personal column of a sheet with something planted in it."""
    return {
        column.id: BORN if column.type == "date" else f"{value} in {column.id} {BORN:%d/%m/%Y}"
        for column in sheet.column
        if column.personal
    }


def free_text(sheet: Sheet) -> dict[str, object]:
    """Every column that is no date and no reference with something planted in it, personal or not."""
    return {
        column.id: f"{PLANTED} zq77"
        for column in sheet.column
        if column.type in ("text", "choice") and not column.by_script and column.id not in ("reference", "agency")
    }


def trackers(folder: Path) -> Iterator[Path]:
    """Good input, and every kind of bad input."""
    sheets = tracker_schema().sheets
    incidents, scoping, actions = sheets["incidents"], sheets["scoping"], sheets["actions"]
    yield save_tracker(
        folder / "good.xlsx",
        [incident("CI-1", **personal(incidents, PLANTED))],
        scoping=[{"reference": "CI-1", "agency": "Police", "sent": AS_OF} | personal(scoping, PLANTED)],
        actions=[{"reference": "CI-1", "due": AS_OF} | personal(actions, PLANTED)],
    )

    rows = [incident("CI-1", **free_text(incidents))]
    for number, bad in enumerate(BAD_DATES, 2):
        dates = {column.id: bad for column in incidents.column if column.type == "date" and not column.by_script}
        rows.append(incident(f"CI-{number}", **(free_text(incidents) | dates)))
    before, after = BORN - dt.timedelta(days=1), BORN + dt.timedelta(days=1)
    rows.append(incident("CI-1", date_of_birth=BORN, incident_date=before, aware_date=after))
    bad_dates = dict.fromkeys(("sent", "returned"), BAD_DATES[0])
    yield save_tracker(
        folder / "bad.xlsx",
        rows,
        scoping=[{"reference": "CI-9", "agency": "Police"} | free_text(scoping) | bad_dates],
        actions=[{"reference": "CI-9"} | free_text(actions) | dict.fromkeys(("due", "done"), BAD_DATES[0])],
        table=True,
    )

    no_headings = openpyxl.Workbook()
    for row in range(1, 9):
        no_headings.worksheets[0].append([f"{PLANTED} {row}", BORN, "zq77"])
    no_headings.save(folder / "no headings.xlsx")
    yield folder / "no headings.xlsx"

    cut = (folder / "good.xlsx").read_bytes()
    (folder / "damaged.xlsx").write_bytes(cut[: len(cut) // 2])
    yield folder / "damaged.xlsx"


JOBS = [
    (check_tracker, ("--dry-run",)),
    (check_tracker, ("--json", "--dry-run", "--verbose")),
    (explain_deadline, ("CI-1", "--verbose")),
    (explain_deadline, ("CI-3", "--json")),
    (make_document, ("panel-notification", "CI-1", "--verbose")),
    (make_document, ("--list", "CI-1", "--json")),
    (check_tracker, ("--verbose",)),
    (check_tracker, ("--json",)),
]


@pytest.mark.parametrize("which", ["good", "bad", "no headings", "damaged"])
def test_nothing_personal_comes_out(tmp_path: Path, which: str, run_here: RunHere) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    path = next(path for path in trackers(folder) if path.stem == which)
    for job, options in JOBS:
        done = run_here(job.main, *options, "--tracker", path, "--as-of", AS_OF)
        assert done.returncode in (0, 2, 3), done.stderr
        assert done.stdout or done.stderr
        said = f"{done.stdout}\n{done.stderr}".casefold()
        for trace in TRACES:
            assert trace not in said, (job.__name__, options, trace)
    for made in tmp_path.rglob("*"):
        assert PLANTED.casefold() not in made.name.casefold()
        if made.is_file() and made.suffix not in (".xlsx", ".docx"):  # the tracker, and what is made for a case
            assert PLANTED.encode() not in made.read_bytes(), made


def test_what_is_planted_is_read(tmp_path: Path) -> None:
    """The words are really in the files that the jobs read: else the tests above could not fail."""
    for path in list(trackers(tmp_path))[:2]:
        cells = [cell.value for page in openpyxl.load_workbook(path) for row in page.iter_rows() for cell in row]
        assert sum(PLANTED in str(cell) for cell in cells) > 8
