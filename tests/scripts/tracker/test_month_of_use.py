"""A month of use, day by day: each slip in the log is named by the next run, and nothing else is."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from scripts import check_tracker, explain_deadline, make_document, send_reminders, themes_report, weekly_summary
from tests.scripts.layouts import save_sheets
from tests.scripts.run_here import RunHere
from tests.scripts.tracker.test_layouts import LAYOUTS
from tests.scripts.trackers import Row, incident, told
from tests.windows import is_ours_alone
from tracker_schema.columns.schema import tracker_schema

CONFIG = """
[tracker]
file = "log.xlsx"
copies = 0

[sheets]
incidents = ["20*"]

[mail]
allowed_domains = ["council.example"]
drafts_folder = "drafts"

[recipients]
slt = ["slt@council.example"]
hos_safeguarding = ["head@council.example"]

[ledger]
file = "kept/ledger.sqlite3"
"""
HEADINGS = tracker_schema().sheets["incidents"].columns
AWARE, REVIEWED = HEADINGS["aware_date"].heading, HEADINGS["rapid_review_completed"].heading
REFERENCE, NOTIFIED = HEADINGS["reference"].heading, HEADINGS["panel_notified"].heading


def november(day: int) -> dt.date:
    return dt.date(2026, 11, day)


def case(reference: str, **cells: object) -> Row:
    """A case of which the Panel was notified in October, so that its rapid review runs."""
    days = {"aware_date": dt.date(2026, 10, 26), "panel_notified": dt.date(2026, 10, 28)}
    more = {"decision": "Notify Panel", "decision_date": dt.date(2026, 10, 28), "rapid_review_completed": None}
    return incident(reference, incident_date=dt.date(2026, 10, 24), looked_after="No", **days | more | cells)


class Log:
    """A log of critical incidents that is changed by hand, and the jobs that read it."""

    def __init__(self, folder: Path, run: RunHere) -> None:
        self.folder = folder
        self.path = folder / "log.xlsx"
        self.run = run
        (folder / "config.toml").write_text(CONFIG, "utf-8")
        workbook = openpyxl.Workbook()
        workbook.remove(workbook.worksheets[0])
        self._fill_in(workbook.create_sheet("2026"), "incidents", [case(f"CI/{number}") for number in range(1, 6)])
        asked = [{"reference": "CI/1", "agency": "Example Police", "sent": november(2), "returned": None}]
        self._fill_in(workbook.create_sheet("Scoping"), "scoping", asked)
        workbook.save(self.path)

    @staticmethod
    def _fill_in(page: Worksheet, sheet: str, rows: Sequence[Row]) -> None:
        columns = tracker_schema().sheets[sheet].columns
        page.append([columns[column].heading for column in rows[0]])
        for row in rows:
            page.append(list(row.values()))

    def change(self, by: Callable[[Worksheet], None], sheet: str = "2026") -> None:
        """Change one worksheet and save the workbook."""
        workbook = openpyxl.load_workbook(self.path)
        by(workbook[sheet])
        workbook.save(self.path)

    def add_sheet(self, name: str, rows: Sequence[Row]) -> None:
        workbook = openpyxl.load_workbook(self.path)
        self._fill_in(workbook.create_sheet(name), "incidents", rows)
        workbook.save(self.path)

    def changes(self, day: dt.date, *options: str) -> list[str]:
        """Return what a check on that day says is gone or changed, the kind of each and what it is about."""
        done = self.run(check_tracker.main, "--as-of", day, "--json", *options)
        found = told(done.stdout)
        stops = any(change["stops_deadlines"] for change in found["log_changes"])
        assert done.returncode == (3 if stops else 0), done.stderr
        return [change["message"] for change in found["log_changes"]]

    def daily_list(self, day: dt.date) -> str:
        """Return the text of the daily list of that day, "" when there is no news and none is sent."""
        return self._new_draft("daily-list", send_reminders.main, day)

    def summary(self, day: dt.date) -> str:
        """Return the text of SLT's summary of that day."""
        return self._new_draft("weekly-summary", weekly_summary.main, day)

    def _new_draft(self, kind: str, job: Callable[[Sequence[str]], int], day: dt.date) -> str:
        """Run the job, and return the text of the message that it drafts; "" when there is none."""
        drafts = self.folder / "drafts"
        before = set(drafts.glob("*.eml"))
        self.run(job, "--as-of", day)
        new = [path for path in drafts.glob(f"* {kind} *.eml") if path not in before]
        if not new:
            return ""
        (path,) = new
        mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        body = mail.get_body(("plain",))
        assert body is not None
        return " ".join(str(body.get_content()).split())


def column_of(page: Worksheet, heading: str) -> int:
    return next(number for number, cell in enumerate(page[1], 1) if cell.value == heading)


def row_of(page: Worksheet, reference: str) -> int:
    column = column_of(page, REFERENCE)
    return next(row for row in range(2, page.max_row + 1) if page.cell(row, column).value == reference)


def enter(reference: str, heading: str, value: dt.date | None) -> Callable[[Worksheet], None]:
    def by(page: Worksheet) -> None:
        page.cell(row_of(page, reference), column_of(page, heading)).value = value

    return by


def rename(old: str, new: str) -> Callable[[Worksheet], None]:
    def by(page: Worksheet) -> None:
        page.cell(1, column_of(page, old)).value = new

    return by


def delete(reference: str) -> Callable[[Worksheet], None]:
    return lambda page: page.delete_rows(row_of(page, reference))


def add_at(row: int, cells: Row) -> Callable[[Worksheet], None]:
    def by(page: Worksheet) -> None:
        page.insert_rows(row)
        for column, value in cells.items():
            page.cell(row, column_of(page, HEADINGS[column].heading)).value = value  # type: ignore[assignment]

    return by


def sort_backwards(page: Worksheet) -> None:
    rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=2)]
    for number, values in enumerate(reversed(rows), 2):
        for column, value in enumerate(values, 1):
            page.cell(number, column).value = value


def move_to_the_end(heading: str) -> Callable[[Worksheet], None]:
    def by(page: Worksheet) -> None:
        number = column_of(page, heading)
        values = [page.cell(row, number).value for row in range(1, page.max_row + 1)]
        page.delete_cols(number)
        last = page.max_column + 1
        for row, value in enumerate(values, 1):
            page.cell(row, last).value = value

    return by


@pytest.fixture
def log(tmp_path: Path, run_here: RunHere) -> Log:
    return Log(tmp_path, run_here)


def test_each_slip_of_a_month_is_named_by_the_next_run_and_nothing_else_is(log: Log) -> None:
    assert log.changes(november(2)) == []
    assert "Gone or changed" not in log.summary(november(2))
    assert "Gone or changed" not in log.daily_list(november(2))

    # Work as it should be: late entries, rows inserted and sorted, columns moved and added.
    log.change(add_at(7, case("CI/6", aware_date=dt.date(2026, 10, 20), panel_notified=None)))
    assert log.changes(november(3)) == []
    log.change(add_at(3, case("CI/7")))
    assert log.changes(november(4)) == []
    log.change(sort_backwards)
    assert log.changes(november(5)) == []
    log.change(move_to_the_end(REVIEWED))
    assert log.changes(november(6)) == []
    log.change(lambda page: page.insert_cols(2))
    log.change(lambda page: page.__setitem__("B1", "Seen by me"))
    assert log.changes(november(9)) == []
    assert "Gone or changed" not in log.summary(november(9))
    assert "Gone or changed" not in log.daily_list(november(9))

    # A heading renamed: named until it is back, or the settings name the new one.
    log.change(rename(REVIEWED, "Rapid Review done"))
    (renamed,) = log.changes(november(10))
    assert f"“{REVIEWED}” was there at the last run" in renamed
    assert "Did you mean “Rapid Review done”?" in renamed
    assert log.changes(november(11)) == [renamed]
    for job, more in ((explain_deadline, ("CI/1",)), (make_document, ("--list", "CI/1")), (themes_report, ())):
        done = log.run(job.main, *more, "--as-of", november(11))
        assert done.returncode == 3
        assert f"“{REVIEWED}” was there at the last run" in done.stderr
    assert f"“{REVIEWED}” was there at the last run" in log.daily_list(november(11))
    log.change(rename("Rapid Review done", REVIEWED))
    assert log.changes(november(12)) == []
    log.change(rename(REVIEWED, "Rapid Review done"))
    config = log.folder / "config.toml"
    config.write_text(f'{CONFIG}\n[columns.incidents]\nrapid_review_completed = "Rapid Review done"\n', "utf-8")
    assert log.changes(november(13)) == []
    assert "Gone or changed" not in log.daily_list(november(13))

    # Dates of statutory deadlines changed and emptied: named once. Dates filled in are work.
    log.change(enter("CI/2", AWARE, dt.date(2026, 10, 27)))
    (moved,) = log.changes(november(16))
    assert moved.startswith(f"{AWARE} of CI/2 was 26/10/2026, is 27/10/2026 since Friday 13 November.")
    assert f"{AWARE} of CI/2 was 26/10/2026, is 27/10/2026 since Monday 9 November." in log.summary(november(16))
    assert log.changes(november(17)) == []
    log.change(enter("CI/3", NOTIFIED, None))
    log.change(enter("CI/4", "Rapid Review done", november(17)))
    (emptied,) = log.changes(november(18))
    assert emptied.startswith(f"{NOTIFIED} of CI/3 was 28/10/2026, is empty since yesterday.")
    log.change(enter("CI/3", NOTIFIED, dt.date(2026, 10, 28)))
    assert log.changes(november(19)) == []

    # A row deleted: named until a person says that it was meant.
    log.daily_list(november(19))
    log.change(delete("CI/5"))
    (gone,) = log.changes(november(20))
    assert gone.startswith("In the last check, not in the tracker any more: CI/5.")
    assert gone in log.run(explain_deadline.main, "CI/5", "--as-of", november(20)).stderr
    assert gone not in log.run(explain_deadline.main, "CI/4", "--as-of", november(20)).stderr
    assert "In the last list, not in the tracker any more: CI/5." in log.daily_list(november(20))
    assert log.changes(november(23)) == [gone]
    summary = log.summary(november(23))
    assert "In the last summary, not in the tracker any more: CI/5." in summary
    assert summary.index("Rows about CI/5 are gone from the tracker") < summary.index("OPEN CASES")
    assert log.changes(november(24), "--removed", "CI/5") == []
    assert "Gone or changed" not in log.daily_list(november(24))

    # The year's end: a case closed, the next year's sheet; a heading of one sheet and a whole sheet renamed.
    log.change(enter("CI/7", HEADINGS["closed"].heading, november(24)))
    log.add_sheet("2027", [case("CI/8"), case("CI/9")])
    config.write_text(CONFIG, "utf-8")
    log.change(rename("Rapid Review done", REVIEWED))
    assert log.changes(november(25)) == []
    log.change(rename(NOTIFIED, "Panel letter"), "2027")
    (on_one,) = log.changes(november(26))
    assert "is not on the sheet “2027” any more" in on_one
    log.change(rename("Panel letter", NOTIFIED), "2027")
    log.change(lambda page: setattr(page, "title", "Old returns"), "Scoping")
    (sheet,) = log.changes(november(27))
    assert sheet.startswith("The sheet “Scoping” was in the tracker on Thursday 26 November and is not found any more.")
    log.change(lambda page: setattr(page, "title", "Scoping"), "Old returns")
    assert log.changes(november(30)) == []


def test_a_dry_run_and_a_run_on_another_workbook_do_not_change_what_is_remembered(log: Log) -> None:
    log.changes(november(2))
    log.change(delete("CI/5"))
    gone = ["In the last check, not in the tracker any more: CI/5."]
    for options in (("--dry-run",), ("--dry-run",)):
        assert [each.split(" Put")[0] for each in log.changes(november(3), *options)] == gone
    assert log.changes(november(3), "--tracker", "log.xlsx") == []
    assert [each.split(" Put")[0] for each in log.changes(november(4))] == gone


def test_what_is_remembered_is_for_this_account_only_and_holds_nothing_personal(log: Log) -> None:
    log.changes(november(2))
    kept = log.folder / "kept" / "ledger.sqlite3"
    assert is_ours_alone(kept)
    content = kept.read_bytes()
    assert b"CI/5" in content
    assert b"2015-03-04" not in content
    assert b'"ZZ"' not in content


def test_a_damaged_memory_is_said_and_not_silently_begun_anew(log: Log) -> None:
    log.changes(november(2))
    kept = log.folder / "kept" / "ledger.sqlite3"
    kept.write_bytes(kept.read_bytes().replace(b'"pages"', b'"pagez"'))
    (damaged,) = log.changes(november(3))
    assert damaged.startswith("Nobody can tell whether a heading or a row is gone")
    assert log.changes(november(4)) == []
    kept.write_bytes(b"no database" * 100)
    (damaged,) = log.changes(november(5))
    assert "cannot be used" in damaged


def test_a_name_that_was_never_there_is_refused(log: Log) -> None:
    log.changes(november(2))
    done = log.run(check_tracker.main, "--as-of", november(3), "--removed", "CI/55")
    assert done.returncode == 2
    assert "Did you mean “CI/5”" in done.stderr


def test_an_earlier_version_of_the_file_is_named(log: Log) -> None:
    assert log.changes(november(9)) == []
    earlier = log.path.read_bytes()
    assert log.changes(november(10)) == log.changes(november(11)) == []
    log.path.write_bytes(earlier)
    (told,) = log.changes(november(12))
    assert told == (
        "This is an earlier version of the tracker: “Checked on” says 09/11/2026, and at the last run it said "
        "10/11/2026. See its version history, and that OneDrive is running if it syncs the file."
    )
    assert log.changes(november(13)) == []


def test_a_heading_of_the_settings_that_is_gone_keeps_nobody_from_being_told(log: Log) -> None:
    log.change(rename(REVIEWED, "RR signed off"))
    config = log.folder / "config.toml"
    config.write_text(f'{CONFIG}\n[columns.incidents]\nrapid_review_completed = "RR signed off"\n', "utf-8")
    log.changes(november(9))
    log.change(rename("RR signed off", "RR sign-off"))
    (gone,) = log.changes(november(10))
    assert "“RR signed off” was there at the last run" in gone
    assert "Did you mean “RR sign-off”?" in gone
    assert "“RR signed off” was there at the last run" in log.daily_list(november(10))
    assert "“RR signed off” was there at the last run" in log.summary(november(10))
    config.write_text(f"{CONFIG}\n[columns.incidents]\nrapid_review_completed = false\n", "utf-8")
    assert log.changes(november(11)) == []


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_log_of_any_layout_that_stays_as_it_was_raises_no_alarm(
    layout: str, tmp_path: Path, run_here: RunHere
) -> None:
    sheets, settings = LAYOUTS[layout]
    path = save_sheets(tmp_path / "Log.xlsx", sheets)
    (tmp_path / "config.toml").write_text(f'[tracker]\nfile = "Log.xlsx"\n{settings}', "utf-8")
    for day in (23, 24):
        done = run_here(check_tracker.main, "--as-of", november(day), "--json")
        assert told(done.stdout)["log_changes"] == []
    workbook = openpyxl.load_workbook(path)
    before = {each["reference"] for each in told(done.stdout)["incidents"]}
    for page in workbook.worksheets:
        page.delete_rows(5, page.max_row)
    workbook.save(path)
    found = told(run_here(check_tracker.main, "--as-of", november(25), "--json").stdout)
    (rows,) = [set(change["references"]) for change in found["log_changes"] if change["kind"] == "row"]
    assert rows == before - {each["reference"] for each in found["incidents"]}
    # An incident of several rows has lost what its other rows said.
    assert {change["kind"] for change in found["log_changes"]} <= {"row", "date"}
