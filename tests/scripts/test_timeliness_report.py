"""The timeliness report through its command line: true numbers, numbers to publish, and the extract."""

from __future__ import annotations

import csv
import datetime as dt
import json
import zipfile
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from scripts import timeliness_report
from scripts.adapters.reports.content import PUBLISHED_NUMBERS, TRUE_NUMBERS
from tests.scripts.trackers import AS_OF, incident, run_job, save_tracker
from tracker_schema.errors import UsageError
from tracker_schema.evidence.extract import pseudonym
from tracker_schema.evidence.timeliness import NO_LATE_STEP

KEY = "a made-up key of some length"
CANARY = "CANARYBIRD"


def notified(number: int, taken: int, **cells: object) -> dict[str, object]:
    """Return an incident of a Monday in July, of which the Panel was notified `taken` days later."""
    aware = dt.date(2026, 7, 6)
    return incident(
        f"CI-2026-{number:03}",
        incident_date=aware,
        aware_date=aware,
        form_received=aware,
        decision="Notify Panel",
        decision_date=aware,
        panel_notified=aware + dt.timedelta(days=taken),
        **cells,
    )


@pytest.fixture
def tracker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TRACKER_PSEUDONYM_KEY", raising=False)
    rows = [notified(number, 2) for number in range(1, 8)]
    rows += [notified(number, 9, late_reason="Oversight", summary=CANARY, initials=CANARY) for number in range(8, 14)]
    return save_tracker(tmp_path / "t.xlsx", rows)


TRUE, TO_PUBLISH = "Timeliness 2025-10 to 2026-09, true numbers", "Timeliness 2025-10 to 2026-09, to publish"


def report(tracker: Path, *arguments: str) -> int:
    return timeliness_report.main([*arguments, "--tracker", str(tracker), "--as-of", AS_OF.isoformat()])


def in_json(tracker: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert report(tracker, "--json", *arguments) == 0
    return json.loads(capsys.readouterr().out)


def test_the_last_four_whole_quarters_unless_others_are_asked_for(
    tracker: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = in_json(tracker, capsys)
    assert (found["from"], found["to"]) == ("2025-10-01", "2026-09-30")
    found = in_json(tracker, capsys, "--from", "2026-07-01", "--to", "2026-12-31")
    assert (found["from"], found["to"]) == ("2026-07-01", "2026-12-31")


def rows_of(page: Worksheet) -> list[list[Any]]:
    return [[cell for cell in row if cell is not None] for row in page.iter_rows(values_only=True)]


def test_the_terminal_and_the_workbook_have_the_true_numbers_and_say_so(
    tracker: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report(tracker) == 0
    shown = capsys.readouterr().out
    assert TRUE_NUMBERS in shown
    assert "National Panel: 13 were made, 7 of them (53%) within 5 working days." in shown
    assert "CSPR referral: None were made." in shown
    workbook = openpyxl.load_workbook(f"{TRUE}.xlsx")
    assert workbook.sheetnames == ["Critical incident", "National Panel", "CSPR referral", "How to read this"]
    assert all([TRUE_NUMBERS] in rows_of(page) for page in workbook)
    rows = rows_of(workbook["National Panel"])
    assert ["July to September 2026", 13, 7, 6, 0.53, 2, 0] in rows
    assert ["Oversight", 6] in rows
    assert [NO_LATE_STEP, 6] in rows
    with zipfile.ZipFile(f"{TRUE}.xlsx") as parts:
        assert sum("charts/chart" in name for name in parts.namelist()) == 2  # there are no referrals to draw


def test_the_word_document_has_the_same_numbers(tracker: Path) -> None:
    assert report(tracker) == 0
    word = docx.Document(f"{TRUE}.docx")
    assert [each.text for each in word.paragraphs if each.style and each.style.name == "Heading 1"] == [
        *("Critical incident", "National Panel", "CSPR referral", "How to read this report")
    ]
    texts = [each.text for each in word.paragraphs]
    assert TRUE_NUMBERS in texts
    assert "13 were made, 7 of them (53%) within 5 working days." in texts
    rows = [[cell.text for cell in row.cells] for table in word.tables for row in table.rows]
    assert ["July to September 2026", "13", "7", "6", "53%", "2", "0"] in rows
    assert ["Oversight", "6"] in rows
    assert not [text for text in texts if "{" in text]
    header = word.sections[0].header.paragraphs[0].text
    assert header == "OFFICIAL-SENSITIVE"


def test_numbers_to_publish_are_rounded_and_say_so(tracker: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert report(tracker, "--publish") == 0
    shown = capsys.readouterr().out
    assert "National Panel: About 15 were made, about 5 of them (53%) within 5 working days." in shown
    workbook = openpyxl.load_workbook(f"{TO_PUBLISH}.xlsx")
    assert ["July to September 2026", 15, 5, 5, 0.53, 2, 0] in rows_of(workbook["National Panel"])
    word = docx.Document(f"{TO_PUBLISH}.docx")
    rows = [[cell.text for cell in row.cells] for table in word.tables for row in table.rows]
    assert ["July to September 2026", "15", "5", "5", "53%", "2", "0"] in rows
    written = shown + "".join(each.text for each in word.paragraphs)
    assert PUBLISHED_NUMBERS in written
    assert TRUE_NUMBERS not in written + str([rows_of(page) for page in workbook])


def test_small_numbers_are_nowhere_in_what_is_published(tracker: Path, capsys: pytest.CaptureFixture[str]) -> None:
    few = save_tracker(tracker.with_name("few.xlsx"), [notified(1, 2), notified(2, 2), notified(3, 12)])
    found = in_json(few, capsys, "--publish")
    assert found["published"] is True
    for each in found["types"]:
        for line in (*each["quarters"], each["total"]):
            assert {line["made"], line["within"], line["late"], line["not_made"]} <= {0, None}
    workbook = openpyxl.load_workbook(found["files"][0])
    cells = [cell for page in workbook for row in page.iter_rows(min_row=6, values_only=True) for cell in row]
    assert not {cell for cell in cells if isinstance(cell, int)} - {0}
    assert "c" in cells
    words = docx.Document(found["files"][1])
    texts = {cell.text for table in words.tables for row in table.rows for cell in row.cells}
    assert not texts & {"1", "2", "3", "4"}


def test_what_is_suppressed_is_marked_so_and_has_no_bar(tracker: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [notified(number, 2) for number in range(1, 19)] + [notified(number, 12) for number in (19, 20)]
    for number, day in enumerate([dt.date(2026, 4, 20), *[dt.date(2026, 1, 12)] * 6], 21):
        rows += [notified(number, 2) | {"aware_date": day, "panel_notified": day, "form_received": day}]
    found = in_json(save_tracker(tracker.with_name("few late.xlsx"), rows), capsys, "--publish")
    page = openpyxl.load_workbook(found["files"][0])["Critical incident"]
    assert ["A quarter with a suppressed number has no bar for it."] in rows_of(page)
    cells = rows_of(openpyxl.load_workbook(found["files"][0])["National Panel"])
    assert ["July to September 2026", 20, 20, "c", "c", 2, 0] in cells
    assert ["April to June 2026", "c", "c", 0, "c", "c", 0] in cells
    assert ["January to March 2026", 5, 5, 0, 1, 0, 0] in cells
    assert ["All quarters", 25, 25, "c", "c", 2, 0] in cells


def test_nothing_is_overwritten_and_a_dry_run_makes_nothing(tracker: Path) -> None:
    assert report(tracker, "--dry-run") == 0
    assert list(Path().glob("Timeliness*")) == []
    assert report(tracker, "--out", "new folder") == report(tracker, "--out", "new folder") == 0
    assert sorted(path.name for path in Path("new folder").glob("*.xlsx")) == [
        f"{TRUE} (2).xlsx",
        f"{TRUE}.xlsx",
    ]


def test_the_extract_has_pseudonyms_bands_and_months_and_no_typed_text(
    tracker: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_PSEUDONYM_KEY", KEY)
    assert report(tracker, "--extract") == 0
    made = Path(f"Pseudonymised extract {AS_OF}.csv").read_bytes()
    rows = list(csv.DictReader(made.decode("utf-8-sig").splitlines()))
    assert len(rows) == 13
    row = next(row for row in rows if row["Incident"] == pseudonym("CI-2026-008", KEY.encode()))
    assert row["Age band"] == "11 to 15"
    assert row["Date aware"] == "2026-07"
    assert row["Reason for lateness"] == "Oversight"
    assert row["Notify the national Panel: state"] == "met late"
    assert row["Notify the national Panel: working days"] == "7"
    assert CANARY.encode() not in made
    assert b"CI-2026" not in made
    assert b"2026-07-" not in made


def test_each_child_has_a_row_and_an_incident_counts_once(
    tracker: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TRACKER_PSEUDONYM_KEY", KEY)
    Path("config.toml").write_text("[layout]\nchild_in_reference = true\n", "utf-8")
    born = (dt.date(2025, 3, 4), dt.date(2010, 3, 4))
    rows = [
        notified(number, 2) | {"reference": f"CI-2026-{number:03}/{child}", "date_of_birth": born[child - 1]}
        for number in range(1, 7)
        for child in (1, 2)
    ]
    found = in_json(save_tracker(tracker.with_name("two.xlsx"), rows), capsys, "--extract")
    assert found["types"][1]["total"]["made"] == 6
    with Path(found["files"][-1]).open(encoding="utf-8-sig", newline="") as file:
        extracted = list(csv.DictReader(file))
    assert len(extracted) == 12
    assert len({row["Incident"] for row in extracted}) == 6
    assert {row["Age band"] for row in extracted} == {"1 to 5", "16 and 17"}
    assert {row["Notify the national Panel: working days"] for row in extracted} == {"2"}


def test_pseudonyms_are_stable_and_depend_on_the_key() -> None:
    assert pseudonym("CI-2026-001", b"one key") == pseudonym(" ci-2026-001 ", b"one key")
    assert pseudonym("CI-2026-001", b"one key") != pseudonym("CI-2026-001", b"another")
    assert pseudonym("CI-2026-001", b"one key") != pseudonym("CI-2026-002", b"one key")


@pytest.mark.parametrize(
    ("arguments", "gist"),
    [
        (["--from", "2026-04-02"], "--from 2026-04-02 is not the first day of a quarter. Use 2026-04-01 or 2026-07-01"),
        (["--to", "2026-06-29"], "--to 2026-06-29 is not the last day of a quarter. Use 2026-06-30 or 2026-03-31"),
        (["--from", "2026-07-01", "--to", "2026-03-31"], "Swap the two days"),
        (["--to", "2027-03-31"], "Use 2026-12-31 or an earlier last day"),
        (["--from", "2019-01-01", "--to", "2026-03-31"], "at most 20 quarters"),
    ],
)
def test_only_whole_quarters_are_accepted(tracker: Path, arguments: list[str], gist: str) -> None:
    with pytest.raises(UsageError, match=gist):
        report(tracker, *arguments)


def test_the_extract_needs_a_key_that_cannot_be_guessed(tracker: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="TRACKER_PSEUDONYM_KEY"):
        report(tracker, "--extract")
    monkeypatch.setenv("TRACKER_PSEUDONYM_KEY", "secret")
    with pytest.raises(UsageError, match="too short") as refused:
        report(tracker, "--extract")
    assert "secret" not in str(refused.value)
    assert list(Path().glob("Timeliness*")) == []


def test_the_demonstration(tmp_path: Path) -> None:
    done = run_job("timeliness_report", "--demo", "--extract", "--as-of", AS_OF, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    made = {path.name for path in (tmp_path / "demo").iterdir()}
    assert {f"{TRUE}.xlsx", f"Pseudonymised extract {AS_OF}.csv"} <= made
