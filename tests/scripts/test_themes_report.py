"""The report on themes through its command line: the workbook, what is printed, and what is nowhere in either."""

from __future__ import annotations

import datetime as dt
import json
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from scripts import themes_report
from scripts.adapters.reports.themes_report import NO_DATE, NO_THEME, WHO_MAY_SEE
from tests.scripts.trackers import AS_OF, incident, run_job, save_tracker
from tracker_schema.columns.schema import tracker_schema
from tracker_schema.errors import UsageError
from tracker_schema.evidence.learning import NO_COLUMN, NOT_RECORDED

CANARY = "CANARYBIRD"
FILE = f"Learning themes {AS_OF}.xlsx"
SPRING, SUMMER = "April to June 2026", "July to September 2026"


def of(reference: str, month: int, **cells: object) -> dict[str, object]:
    return incident(reference, aware_date=dt.date(2026, month, 6), incident_date=dt.date(2026, month, 6), **cells)


ROWS = (
    of(
        "CI-2026-001",
        4,
        learning="Curiosity; =1+1",
        review_form="Audit",
        dlt_discussed=dt.date(2026, 8, 3),
        learning_shared=dt.date(2026, 9, 1),
    ),
    of("CI-2026-002", 5, learning="curiosity\nVoice of the child"),
    of("CI-2026-003", 7, learning="CURIOSITY", dlt_discussed="soon"),
    of("CI-2026-004", 8),
    incident("CI-2026-005", learning="Curiosity", aware_date="soon"),
    of("CI-2026-006", 8),
)
ACTIONS = (
    {"reference": "CI-2026-001", "action": "Made up: one", "due": dt.date(2026, 5, 1), "done": dt.date(2026, 6, 1)},
    {"reference": "CI-2026-001", "action": "Made up: two", "due": dt.date(2026, 11, 20)},
    {"reference": "ci-2026-001", "action": "Made up: three", "due": dt.date(2026, 12, 1)},
    {"reference": "CI-2026-004", "action": "Made up: four", "done": "soon"},
    {"reference": "CI-1999-001", "action": "Made up: five"},
)


@pytest.fixture
def tracker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return save_tracker(tmp_path / "t.xlsx", ROWS, actions=ACTIONS)


def report(tracker: Path, *arguments: str) -> int:
    return themes_report.main([*arguments, "--tracker", str(tracker), "--as-of", AS_OF.isoformat()])


def rows_of(name: str, path: str = FILE) -> list[list[Any]]:
    """Return the rows below the lines at the head of a page, its headings first, each without its last empty cells."""
    page = openpyxl.load_workbook(path)[name]
    rows = [list(row) for row in page.iter_rows(min_row=6, values_only=True)]
    return [[cell.date() if isinstance(cell, dt.datetime) else cell for cell in row] for row in rows]


def test_the_themes_by_quarter_of_date_aware(tracker: Path) -> None:
    assert report(tracker) == 0
    assert rows_of("Themes") == [
        ["Theme", "In all", "Quarter", "Incidents", "References"],
        ["Curiosity", 4, SPRING, 2, "CI-2026-001; CI-2026-002"],
        ["Curiosity", 4, SUMMER, 1, "CI-2026-003"],
        ["Curiosity", 4, NO_DATE, 1, "CI-2026-005"],
        ["=1+1", 1, SPRING, 1, "CI-2026-001"],
        ["Voice of the child", 1, SPRING, 1, "CI-2026-002"],
    ]
    cell = openpyxl.load_workbook(FILE)["Themes"]["A10"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")  # what somebody typed never becomes a formula


def test_the_actions_by_theme_and_incident(tracker: Path) -> None:
    assert report(tracker) == 0
    counts = [2, 1, 1, dt.date(2026, 11, 20), "row 5; row 6; row 7"]
    assert rows_of("Actions")[1:] == [
        ["Curiosity", "CI-2026-001", *counts],
        ["=1+1", "CI-2026-001", *counts],
        [NO_THEME, "CI-2026-004", 1, 0, 0, None, "row 8"],
    ]
    about = openpyxl.load_workbook(FILE)["Actions"]["A4"].value
    assert "Left out: 1 action that names no incident of the tracker." in str(about)


def test_what_followed_from_the_learning(tracker: Path) -> None:
    assert report(tracker) == 0
    headings, *rows = rows_of("Learning")
    assert headings[:6] == [
        *("Incident", "Date aware", "Learning themes", "Form of review"),
        *("Discussed at Extended DLT", "Learning shared with teams"),
    ]
    first, second, third, fourth, fifth = rows
    assert first[1:6] == [*(dt.date(2026, 4, 6), "Curiosity; =1+1", "Audit", dt.date(2026, 8, 3), dt.date(2026, 9, 1))]
    assert second[:8] == [
        "CI-2026-002",
        dt.date(2026, 5, 6),
        "curiosity; Voice of the child",
        *[NOT_RECORDED] * 3,
        0,
        0,
    ]
    assert third[4].startswith("Not readable (see Incidents!")
    assert fourth[:3] == ["CI-2026-004", dt.date(2026, 8, 6), NOT_RECORDED]  # it has an action
    assert fifth[1].startswith("Not readable (see Incidents!")


def test_a_column_that_the_log_does_not_have_is_not_called_empty(tracker: Path) -> None:
    assert report(save_tracker(tracker, [of("CI-2026-001", 4, learning="Curiosity")])) == 0
    assert rows_of("Learning")[1][3:6] == [NO_COLUMN] * 3


def test_the_council_s_own_headings_are_shown(tracker: Path) -> None:
    own = {"dlt_discussed": "DLT date", "learning": "Themes"}
    assert report(save_tracker(tracker, ROWS, headings=own)) == 0
    assert rows_of("Learning")[0][4] == "DLT date"


def test_every_page_says_who_may_see_it(tracker: Path) -> None:
    assert report(tracker) == 0
    workbook = openpyxl.load_workbook(FILE)
    assert workbook.sheetnames == ["Themes", "Actions", "Learning"]
    for page in workbook:
        assert page["A1"].value == f"OFFICIAL-SENSITIVE: Learning themes: {page.title}"
        assert page["A2"].value == WHO_MAY_SEE
        assert page["A3"].value.endswith("Incidents with learning themes: 4 of 6. Themes: 3.")
        assert "OFFICIAL-SENSITIVE" in str(page.oddHeader)


def test_nothing_that_identifies_anybody_is_in_it_and_no_theme_is_printed(
    tracker: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    columns = {
        name: [
            column.id for column in tracker_schema().sheets[name].column if column.personal and column.type == "text"
        ]
        for name in ("incidents", "actions")
    }
    rows = [row | dict.fromkeys(columns["incidents"], CANARY) for row in ROWS]
    actions = [row | dict.fromkeys(columns["actions"], CANARY) | {"owner": CANARY} for row in ACTIONS]
    marked = save_tracker(tracker, rows, actions=actions)
    assert report(marked) == 0
    assert report(marked, "--json") == 0
    printed = capsys.readouterr()
    with zipfile.ZipFile(FILE) as parts:
        written = b"".join(map(parts.read, parts.namelist())).decode("utf-8")
    assert "Curiosity" in written
    assert CANARY not in written + printed.out + printed.err
    assert "uriosity" not in printed.out + printed.err


def test_json_has_the_numbers(tracker: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert report(tracker, "--json") == 0
    assert json.loads(capsys.readouterr().out) == {
        "as_of": AS_OF.isoformat(),
        "incidents": 6,
        "with_themes": 4,
        "themes": 3,
        "actions": {"open": 3, "overdue": 1, "done": 1, "without_incident": 1},
        "files": [FILE],
    }


def test_a_dry_run_writes_nothing(tracker: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert report(tracker, "--dry-run") == 0
    assert f"{FILE} would be made." in capsys.readouterr().out
    assert not Path(FILE).exists()


def test_a_file_that_is_there_is_kept(tracker: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path(FILE).write_bytes(b"mine")
    assert report(tracker) == 0
    assert Path(FILE).read_bytes() == b"mine"
    assert f"Learning themes {AS_OF} (2).xlsx is made." in capsys.readouterr().out


def test_a_folder_that_cannot_be_written_is_named(tracker: Path) -> None:
    with pytest.raises(UsageError, match=r"t\.xlsx"):
        report(tracker, "--out", str(tracker))


def test_an_incident_of_several_children_is_counted_once(tracker: Path) -> None:
    settings = tracker.with_name("config.toml")
    settings.write_text("[layout]\nchild_in_reference = true\n", "utf-8")
    children = [of(f"CI-2026-001/{number}", 4, learning="Curiosity", initials=f"A{number}") for number in (1, 2)]
    actions = [{"reference": "CI-2026-001", "action": "Made up"}]
    assert report(save_tracker(tracker, children, actions=actions), "--config", str(settings)) == 0
    assert rows_of("Themes")[1:] == [["Curiosity", 1, SPRING, 1, "CI-2026-001"]]
    assert rows_of("Actions")[1:] == [["Curiosity", "CI-2026-001", 1, 0, 0, None, "row 5"]]


def test_a_log_without_learning_says_so(tracker: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert report(save_tracker(tracker, [of("CI-2026-001", 4)])) == 0
    assert "Incidents with learning themes: 0 of 1. Themes: 0." in capsys.readouterr().out
    assert [rows_of(name)[1][0] for name in ("Themes", "Actions", "Learning")] == [
        "No incident has a learning theme yet.",
        "No incident has an action.",
        "No incident has learning, a review or an action.",
    ]


def test_the_demonstration(tmp_path: Path) -> None:
    ran = run_job("themes_report", "--demo", "--as-of", AS_OF, cwd=tmp_path)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert (tmp_path / "demo" / FILE).exists()
