"""Documents asked for on the sheet Documents: made once each, put into the case's folder, and entered."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from scripts import check_tracker, doctor, make_document
from scripts.adapters.storage.case_folders.on_disk import FoldersOnDisk
from scripts.adapters.storage.local_store import LocalStore
from scripts.adapters.workbook.new.new_workbook import build
from scripts.adapters.workbook.xlsx import patch
from tests.adapters.workbook.xlsx.books import changed_parts
from tests.scripts.trackers import AS_OF, cells_of, incident, save_tracker
from tests.windows import of_linux, wine_lacks
from tests.word.documents import controls_of, text_in, text_of
from tests.word.returned import details
from tracker_schema.errors import TrackerBusy, TrackerError

ASKED = ["--asked", "--as-of", "2026-11-23"]
FORM = "Critical Incident Form"
SCOPING = [
    {"reference": "CI-2026-001", "agency": agency, "sent": None, "returned": None} for agency in ("Police", "School")
]
FIRST = 5


@pytest.fixture(scope="module")
def new_tracker() -> bytes:
    """Return a new tracker with two incidents, the first of which asked two agencies."""
    return build({"incidents": [incident("CI-2026-001"), incident("CI/2026:002")], "scoping": SCOPING})


@pytest.fixture
def tracker(new_tracker: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "Tracker.xlsx"
    path.write_bytes(new_tracker)
    return path


def ask(tracker: Path, rows: Sequence[Sequence[str | None]], first: int = FIRST) -> None:
    """Type rows into the sheet Documents, as a person would."""
    cells = {row: dict(enumerate(values, 1)) for row, values in enumerate(rows, first)}
    tracker.write_bytes(patch(tracker.read_bytes(), {"Documents": cells}))


def rows_of(tracker: Path) -> list[Mapping[str, Any]]:
    """Return the rows of the sheet Documents by heading."""
    cells = cells_of(tracker, "Documents")
    heading = next(number for number, row in enumerate(cells) if "Made on" in row)
    return [dict(zip(cells[heading], row, strict=True)) for row in cells[heading + 1 :]]


def files(tracker: Path) -> list[str]:
    folder = tracker.parent / "Cases"
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_forms_for_agencies_name_whom_the_case_details_name(tracker: Path) -> None:
    case = tracker.parent / "Cases" / "CI-2026-001"
    case.mkdir(parents=True)
    for name, address in (("", "1 Old Street"), (" (2)", "2 New Street")):
        data = details("CI-2026-001", {"child_1_address": address})
        (case / f"CI-2026-001 case-details 2026-11-20{name}.docx").write_bytes(data)
    ask(tracker, [("CI-2026-001", "initial-scoping", "all")])
    assert make_document.main([*ASKED, "--tracker", str(tracker)]) == 0
    for path in case.glob("*initial-scoping*.docx"):
        said = text_of(path.read_bytes())
        assert "2 New Street" in said
        assert "Ann Example" in said
    assert rows_of(tracker)[0]["Still lacks"] == "Person asked"


def test_each_row_is_made_once_and_filled_in(tracker: Path) -> None:
    ask(
        tracker,
        [
            ("CI-2026-001", FORM),
            ("ci-2026-001", "initial scoping", "all"),
            ("CI/2026:002", "case-timeline", "Police"),
            ("CI-2026-001", FORM),
            (None, "Critical Incidents: Paper for SLT"),
        ],
    )
    before = tracker.read_bytes()
    assert make_document.main([*ASKED, "--tracker", str(tracker)]) == 0
    assert files(tracker) == [
        "CI-2026-001/CI-2026-001 critical-incident-form 2026-11-23 (2).docx",
        "CI-2026-001/CI-2026-001 critical-incident-form 2026-11-23.docx",
        "CI-2026-001/CI-2026-001 initial-scoping Police 2026-11-23.docx",
        "CI-2026-001/CI-2026-001 initial-scoping School 2026-11-23.docx",
        "CI-2026-002/CI-2026-002 case-timeline 2026-11-23.docx",
        "SLT/slt-paper 2026-11-23.docx",
    ]
    rows = rows_of(tracker)
    assert [row["Made on"] for row in rows] == [AS_OF] * 5
    assert rows[0]["File"] == "CI-2026-001 critical-incident-form 2026-11-23"
    assert "Child ID" in rows[0]["Still lacks"]
    assert rows[1]["File"] == "2 files: CI-2026-001 initial-scoping All 2026-11-23"
    assert "the agency was not used" in rows[2]["Remark"]
    assert rows[0]["Remark"] == ""
    page = openpyxl.load_workbook(tracker)["Documents"]
    assert page["E5"].value == (
        '=HYPERLINK("Cases/CI-2026-001/CI-2026-001 critical-incident-form 2026-11-23.docx",'
        '"CI-2026-001 critical-incident-form 2026-11-23")'
    )
    form = tracker.parent / "Cases" / files(tracker)[2]
    assert text_in(controls_of(form)["agency"]) == "Police"
    changed = changed_parts(before, tracker.read_bytes())
    assert changed <= {"xl/worksheets/sheet4.xml", "xl/workbook.xml", "xl/styles.xml"}
    # Another pass, and the check of the tracker, change nothing of it.
    made = tracker.read_bytes()
    assert make_document.main([*ASKED, "--tracker", str(tracker)]) == 0
    assert tracker.read_bytes() == made
    check_tracker.main(["--tracker", str(tracker), "--as-of", "2026-11-23"])
    assert rows_of(tracker) == rows


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (("CI-2026-01", FORM), "The tracker has no incident CI-2026-01. Did you mean “CI-2026-001”?"),
        ((None, FORM), "No incident is chosen. Choose one under “Reference”."),
        (("CI-2026-001", None, "Police"), "No document is chosen."),
        (("CI-2026-001", "National panel notice"), "Did you mean “National Panel Notification: Worksheet”?"),
        (("CI-2026-001", "../../x"), "There is no document with that name. Choose one from the list."),
        (("CI-2026-001", "Initial Scoping"), "Choose one under “Agency”, or “All”."),
        (("CI-2026-001", "Initial Scoping", "Fire service"), "no row for Fire service on the Scoping sheet."),
        (("CI/2026:002", "Initial Scoping", "All"), "The Scoping sheet has no agency for CI/2026:002."),
    ],
)
def test_a_row_that_cannot_be_met_says_why_and_is_tried_again(
    tracker: Path, row: Sequence[str | None], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ask(tracker, [row, ("CI-2026-001", FORM)])
    assert make_document.main([*ASKED, "--tracker", str(tracker), "--json"]) == 0
    first, second = rows_of(tracker)
    assert why in first["Remark"]
    assert not first["Made on"]
    assert second["Made on"] == AS_OF
    assert why in json.loads(capsys.readouterr().out)["rows"][0]["remark"]
    ask(tracker, [("CI-2026-001", FORM, None)])
    assert make_document.main([*ASKED, "--tracker", str(tracker)]) == 0
    assert (rows_of(tracker)[0]["Made on"], rows_of(tracker)[0]["Remark"]) == (AS_OF, "")


def test_a_formula_in_the_reference_counts_as_what_it_shows(tracker: Path) -> None:
    ask(tracker, [(None, FORM)])
    workbook = openpyxl.load_workbook(tracker)
    workbook["Documents"]["A5"] = "=Incidents!A5"
    workbook.save(tracker)  # without its result
    assert make_document.main([*ASKED, "--tracker", str(tracker)]) == 0
    assert "“Reference” cannot be read" in rows_of(tracker)[0]["Remark"]
    data = tracker.read_bytes()
    sheet = next(name for name in changed_parts(data, patch(data, {"Documents": {6: {1: "x"}}})) if "sheet4" in name)
    assert sheet  # the formula itself was left as it is
    assert openpyxl.load_workbook(tracker)["Documents"]["A5"].value == "=Incidents!A5"


@wine_lacks("“the directory name is invalid”")
def test_a_folder_that_cannot_be_written_is_said_and_nothing_is_lost(tracker: Path) -> None:
    ask(tracker, [("CI-2026-001", FORM)])
    (tracker.parent / "Cases").mkdir()
    (tracker.parent / "Cases" / "CI-2026-001").write_text("a file in the way")
    assert make_document.main([*ASKED, "--tracker", str(tracker)]) == 0
    assert "is no folder. Rename that file." in rows_of(tracker)[0]["Remark"]
    (tracker.parent / "Cases" / "CI-2026-001").unlink()
    assert make_document.main([*ASKED, "--tracker", str(tracker)]) == 0
    assert (rows_of(tracker)[0]["Made on"], rows_of(tracker)[0]["Remark"]) == (AS_OF, "")


def test_a_folder_that_somebody_renamed(tracker: Path) -> None:
    ask(tracker, [("CI-2026-001", FORM)])
    make_document.main([*ASKED, "--tracker", str(tracker)])
    cases = tracker.parent / "Cases"
    (cases / "CI-2026-001").rename(cases / "CI-2026-001 Made-up")
    make_document.main([*ASKED, "--tracker", str(tracker)])
    assert "is not there any more: it was renamed, moved or deleted." in rows_of(tracker)[0]["Remark"]
    ask(tracker, [("CI-2026-001", FORM)], first=6)
    make_document.main([*ASKED, "--tracker", str(tracker)])
    assert rows_of(tracker)[1]["Remark"].endswith("A new one was made.")
    assert len(files(tracker)) == 2


def test_a_dry_run_only_says_what_it_would_do(tracker: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ask(tracker, [("CI-2026-001", FORM)])
    before = tracker.read_bytes()
    assert make_document.main([*ASKED, "--tracker", str(tracker), "--dry-run"]) == 0
    assert capsys.readouterr().out == "Row 5: Would make CI-2026-001 critical-incident-form 2026-11-23.docx.\n"
    assert tracker.read_bytes() == before
    assert not (tracker.parent / "Cases").exists()


def test_what_the_stage_calls_for_is_entered_and_made_once(tracker: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tracker.parent / "config.toml"
    config.write_text(f'[tracker]\nfile = "{tracker.name}"\n[documents]\nmake = "stage"\nfolder = "Made/Here"\n')
    ask(tracker, [("CI-2026-001", "Case Timeline")])
    assert make_document.main(ASKED) == 0
    rows = rows_of(tracker)
    wanted = [(row["Reference"], row["Document"], row["Agency"]) for row in rows]
    assert wanted[0] == ("CI-2026-001", "Case Timeline", "")
    assert ("CI-2026-001", "Initial Scoping", "School") in wanted
    assert len(set(wanted)) == len(wanted) > 5
    assert all(row["Made on"] == AS_OF for row in rows)
    made = sorted(path.name for path in (tracker.parent / "Made/Here").rglob("*.docx"))
    assert len(made) == len(rows)
    ask(tracker, [(None,) * 7], first=FIRST + len(rows) - 1)  # a person deletes the last row
    assert make_document.main(ASKED) == 0
    assert sorted(path.name for path in (tracker.parent / "Made/Here").rglob("*.docx")) == made
    capsys.readouterr()


def test_the_sheet_is_added_on_a_persons_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    tracker = save_tracker(tmp_path / "Log.xlsx", [incident("CI-2026-001")])
    config = tmp_path / "config.toml"
    config.write_text('[tracker]\nfile = "Log.xlsx"\n')
    before = tracker.read_bytes()
    assert make_document.main(ASKED) == 0
    assert tracker.read_bytes() == before
    config.write_text('[tracker]\nfile = "Log.xlsx"\n[documents]\nsheet = true\n')
    assert make_document.main(ASKED) == 0
    assert openpyxl.load_workbook(tracker).sheetnames == ["Incidents", "Documents", "Documents lists"]
    ask(tracker, [("CI-2026-001", FORM)], first=3)
    config.write_text('[tracker]\nfile = "Log.xlsx"\n[documents]\nsheet = false\n')  # the word taken back
    assert make_document.main(ASKED) == 0
    assert rows_of(tracker)[0]["Made on"] == AS_OF
    assert files(tracker) == ["CI-2026-001/CI-2026-001 critical-incident-form 2026-11-23.docx"]


class Killed(BaseException):
    """The process ends here."""


def test_a_run_killed_anywhere_is_finished_by_the_next(tracker: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed before and after each write of the tracker and each file; then two passes, of which the second is idle."""
    ask(tracker, [("CI-2026-001", FORM), ("CI-2026-001", "Initial Scoping", "All"), ("CI-2026-001", FORM)])
    begun = tracker.read_bytes()
    calls = 0
    dies_at = 0

    def dying(name: str, target: Any) -> None:
        real = getattr(target, name)

        def call(*arguments: Any, **options: Any) -> Any:
            nonlocal calls
            for when in ("before", "after"):
                calls += 1
                if calls == dies_at:
                    raise Killed
                if when == "before":
                    result = real(*arguments, **options)
            return result

        monkeypatch.setattr(target, name, call)

    dying("write", LocalStore)
    dying("add", FoldersOnDisk)
    for last in range(1, 13):
        dies_at = last
        tracker.write_bytes(begun)
        for path in (tracker.parent / "Cases").rglob("*.docx"):
            path.unlink()
        calls = 0
        with pytest.raises(Killed):
            make_document.main([*ASKED, "--tracker", str(tracker)])
        assert make_document.main([*ASKED, "--tracker", str(tracker)]) == 0
        assert [row["Made on"] for row in rows_of(tracker)] == [AS_OF] * 3
        assert len(files(tracker)) == 4
        names = {row["File"] for row in rows_of(tracker)}
        assert len(names) == 3


def test_a_tracker_that_is_open_gets_nothing_half_done(tracker: Path) -> None:
    ask(tracker, [("CI-2026-001", FORM)])
    lock = tracker.with_name("~$Tracker.xlsx")
    lock.write_bytes(b"\x06Made up" + b" " * 150)
    with pytest.raises(TrackerBusy):
        make_document.main([*ASKED, "--tracker", str(tracker)])
    assert not (tracker.parent / "Cases").exists()
    lock.unlink()
    assert make_document.main([*ASKED, "--tracker", str(tracker)]) == 0
    assert rows_of(tracker)[0]["Made on"] == AS_OF


@of_linux("permissions by a mode")
def test_doctor_says_when_the_folder_is_open_to_more_people(tracker: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tracker.chmod(0o600)
    (tracker.parent / "Cases").mkdir(mode=0o700)
    for mode, is_wider in ((0o700, False), (0o755, True)):
        (tracker.parent / "Cases").chmod(mode)
        with suppress(TrackerError):
            doctor.main(["--tracker", str(tracker), "--dry-run", "--as-of", "2026-11-23"])
        assert ("is open to more people than the tracker" in capsys.readouterr().out) is is_wider
