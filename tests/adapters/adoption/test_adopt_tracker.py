"""Made-up councils' own logs are adopted from the command line, and checked with the settings that were written."""

from __future__ import annotations

import contextlib
import io
import os
import pty
import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from scripts import adopt_tracker, check_tracker
from scripts.adapters.adoption.pages import read_pages
from scripts.adapters.adoption.trial import try_settings
from scripts.adapters.workbook.new.new_workbook import build
from tests.adapters.adoption.council_logs import HELD_OUT, LOGS
from tests.adapters.adoption.made_up_logs import Log, cases
from tests.adapters.graph.sharepoint import PATH, config_file
from tests.adapters.workbook.xlsx.books import changed_parts
from tests.builders import MONDAY, rules, tracker
from tests.made_up_sample import sample
from tests.scripts.trackers import PROJECT, told
from tracker_schema.adoption.proposal import propose
from tracker_schema.calendar.working_days import england_and_wales
from tracker_schema.columns.schema import tracker_schema
from tracker_schema.errors import TrackerUnusable, UsageError
from tracker_schema.incidents.assess import assess
from tracker_schema.layouts.layouts import layout_schema
from tracker_schema.layouts.rows import WorkbookRows

if TYPE_CHECKING:
    from tests.servers.graph.server import GraphServer

AS_OF = ["--as-of", "2026-11-23"]
PERSONAL = [column.id for column in tracker_schema().sheets["incidents"].column if column.personal]


class Adopted:
    """One of the twelve logs, adopted with --yes in its own folder: the output and the settings."""

    def __init__(self, log: Log, folder: Path) -> None:
        self.log = log
        self.folder = folder
        self.workbook = folder / f"{log.name}.xlsx"
        self.workbook.write_bytes(log.saved())
        self.before = self.workbook.read_bytes()
        self.config = folder / "settings" / "config.toml"
        self.config.parent.mkdir()
        arguments = [self.workbook, "--yes", "--json", "--config", self.config, "--report", folder / "report.html"]
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            assert adopt_tracker.main([*map(str, arguments), *AS_OF]) == 0
        self.output = said.getvalue()
        self.found = told(self.output)
        self.matches = {
            (sheet["name"], openpyxl.utils.cell.coordinate_from_string(heading["cell"])[0]): heading
            for sheet in self.found["sheets"]
            for heading in sheet["headings"]
        }

    def match(self, place: tuple[str, int]) -> dict[str, Any] | None:
        """Return what was found about the heading there."""
        sheet, number = place
        return self.matches.get((sheet, openpyxl.utils.get_column_letter(number)))


@pytest.fixture(scope="module")
def twelve(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Adopted]:
    """The twelve logs, each adopted."""
    return {name: Adopted(make(), tmp_path_factory.mktemp(name)) for name, make in LOGS.items()}


@pytest.fixture(params=LOGS)
def adopted(request: pytest.FixtureRequest, twelve: dict[str, Adopted]) -> Adopted:
    """Each of the twelve."""
    return twelve[request.param]


def shares(logs: list[Adopted]) -> tuple[int, int]:
    """Return how many headings of the logs are columns of ours, and how many of them were found without a question."""
    wanted = [(each, place, column) for each in logs for place, column in each.log.truth.items() if column]
    right = 0
    for each, place, column in wanted:
        match = each.match(place)
        right += bool(match and match["sure"] and match["column"] == column)
    return len(wanted), right


def test_95_in_100_of_the_headings_need_no_question(twelve: dict[str, Adopted]) -> None:
    wanted, right = shares(list(twelve.values()))
    assert wanted > 300
    assert right / wanted >= 0.95, f"{right} of {wanted}"
    wanted, right = shares([twelve[name] for name in HELD_OUT])
    assert right / wanted >= 0.95, f"{right} of {wanted} of those held out"


def test_no_heading_is_surely_wrong(adopted: Adopted) -> None:
    wrong = []
    for place, column in adopted.log.truth.items():
        match = adopted.match(place)
        if match and match["sure"] and match["column"] not in (None, column):
            wrong.append((match["heading"], match["column"], column))
    assert not wrong


def test_the_layout_and_the_sheets_are_found(adopted: Adopted) -> None:
    assert adopted.found["layout"] == adopted.log.kind
    assert {sheet["name"] for sheet in adopted.found["sheets"]} == {sheet for sheet, _ in adopted.log.truth}
    assert adopted.found["conflicts"] == []


def test_no_word_is_surely_taken_for_another_choice(adopted: Adopted) -> None:
    for word in adopted.found["words"]:
        truth = adopted.log.words.get(word["column"], {}).get(word["word"])
        if word["sure"] and truth is not None:
            assert word["choice"] == truth


def test_nothing_of_a_personal_column_is_shown_or_written(adopted: Adopted) -> None:
    texts = {
        value if isinstance(value, str) else f"{value:%d/%m/%Y}"
        for case in cases(26)
        for value in (case.get(column) for column in PERSONAL)
        if value and len(str(value)) > 3 and value not in ("Male", "Female", "Mixed", "Not stated")
    }
    said = adopted.output + adopted.config.read_text("utf-8") + (adopted.folder / "report.html").read_text("utf-8")
    assert not {text for text in texts if text in said}


def as_a_new_tracker_has_it(log: Log) -> dict[str, dict[str, Any]]:
    """Return the facts of the log, by reference, in the columns and words of a new tracker."""
    dates = {"CI form": "form_received", "National Panel": "panel_notified", "LCSPR referral": "cspr_referred"}
    incidents: dict[str, dict[str, Any]] = {}
    for columns, rows in log.filled:
        if any(column.is_ == "agency" or column.is_ == "action" for column in columns):
            continue
        for case in rows:
            facts = {column.is_: column.means(case) for column in columns if column.is_}
            if "notification_date" in facts:
                facts[dates.get(case.get("type", ""), "cspr_referred")] = facts.pop("notification_date")
            if "reference_prefix" in facts:
                facts["reference"] = f"{facts.pop('reference_prefix')}/{facts['reference']}"
            incident = incidents.setdefault(str(facts.get("reference", case["reference"])), {})
            incident |= {column: value for column, value in facts.items() if value not in (None, "N/A", "tbc")}
    return incidents


def test_the_statuses_are_those_of_a_new_tracker_with_the_same_facts(adopted: Adopted) -> None:
    log = adopted.log
    proposal = propose(read_pages(adopted.before, log.name), log.name)
    for part, match in [*proposal.doubtful()]:
        now = next(p for p in proposal.parts if p.name == part.name)
        same = next(m for m in now.matches if m.number == match.number)
        proposal = proposal.answered(now, same, log.truth.get((part.name, match.number)))
    meanings = [
        replace(found, choice=log.words.get(found.column, {}).get(found.word, found.choice), sure=True)
        for found in proposal.meanings()
    ]
    read = try_settings(adopted.before, log.name, proposal, meanings, doubtful=True).tracker
    wanted = as_a_new_tracker_has_it(log)
    known = tracker_schema().sheets["incidents"].columns
    columns = [
        c for c in known if any(c in facts for facts in wanted.values()) or c in read.sheets["incidents"].numbers
    ]
    new = tracker(
        *({c: v for c, v in facts.items() if c in known} for facts in wanted.values()),
        columns=[c for c in columns if not known[c].by_script],
    )
    struck = dict.fromkeys(log.struck, ("Closed", None, None, None, None))
    assert _statuses(read) == _statuses(new) | struck


def _statuses(read: WorkbookRows) -> dict[str, tuple[object, ...]]:
    columns = ("status", "next_step", "next_due", "working_days_left", "overdue_steps")
    incidents = assess(read, rules(), MONDAY).incidents
    return {incident.reference: tuple(incident[column] for column in columns) for incident in incidents}


def test_a_remark_in_any_column_is_shown_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    made = LOGS["very_wide"]()
    sheet = made.workbook.worksheets[0]
    for number, cell in enumerate(sheet[3], 1):
        if cell.value:
            for row in range(8 + number % 2, 12, 2):  # in a personal column on many rows, in others on one
                if made.truth["MASTER", number] in PERSONAL or row > 9:
                    sheet.cell(row, number, f"Death Zanzibarovich {number}")
    made.workbook.save(tmp_path / "log.xlsx")
    assert adopt_tracker.main(["log.xlsx", "--yes", "--report", "report.html"]) == 0
    assert adopt_tracker.main(["log.xlsx", "--yes", "--json", "--config", "other.toml"]) == 0
    written = "".join(path.read_text("utf-8") for path in tmp_path.iterdir() if path.suffix in (".html", ".toml"))
    assert "zanzibarovich" not in (capsys.readouterr().out + written).casefold()


def test_the_sheets_of_the_years_are_a_pattern_that_next_year_fits(
    twelve: dict[str, Adopted], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    adopted = twelve["sheet_per_year"]
    assert tomllib.loads(adopted.config.read_text("utf-8"))["sheets"] == {"incidents": "20*"}
    workbook = openpyxl.load_workbook(adopted.workbook)
    workbook.copy_worksheet(workbook["2026"]).title = "2027"
    for row in workbook["2027"].iter_rows(min_row=4, max_col=1):
        row[0].value = f"{row[0].value}-27"
    path = tmp_path / "next year.xlsx"
    workbook.save(path)
    arguments = ["--config", str(adopted.config), "--tracker", str(path), *AS_OF, "--dry-run", "--json"]
    assert check_tracker.main(arguments) == 0
    references = {incident["reference"] for incident in told(capsys.readouterr().out)["incidents"]}
    assert {reference.removesuffix("-27") for reference in references if reference.endswith("-27")} < references


def test_a_note_below_the_log_is_no_incident(twelve: dict[str, Adopted], capsys: pytest.CaptureFixture[str]) -> None:
    adopted = twelve["dates_with_times"]
    assert check_tracker.main(["--config", str(adopted.config), *AS_OF, "--dry-run", "--json"]) == 0
    said = capsys.readouterr().out
    assert len(told(said)["incidents"]) == len(cases(20))
    assert "duty team" not in said


def test_clocks_that_cannot_be_worked_out_name_the_missing_headings(twelve: dict[str, Adopted]) -> None:
    clocks = {clock["id"]: clock["missing"] for clock in twelve["questions"].found["clocks"]}
    assert clocks["decide_threshold"] == []
    assert clocks["notify_panel"] == []
    assert clocks["tell_partners"] == ["Safeguarding partners told"]
    assert clocks["scoping_return"] == ["sheet Scoping"]
    clocks = {clock["id"]: clock["missing"] for clock in twelve["three_sheets"].found["clocks"]}
    assert clocks["scoping_return"] == []


def test_after_the_check_only_the_status_cells_have_changed(
    adopted: Adopted, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert adopted.workbook.read_bytes() == adopted.before, "adoption only reads"
    folder = tmp_path / adopted.log.name
    shutil.copytree(adopted.folder, folder)
    monkeypatch.chdir(tmp_path)
    config = folder / "settings" / "config.toml"
    workbook = folder / adopted.workbook.name
    text = config.read_text("utf-8")
    # The settings name the workbook where it was.
    config.write_text(text.replace(str(adopted.workbook), str(workbook)), "utf-8")
    arguments = ["--config", str(config), *AS_OF, "--json"]
    assert check_tracker.main(arguments) == 0
    done = told(capsys.readouterr().out)
    after = workbook.read_bytes()
    assert done["written"]["cells"] > 0
    assert _worksheets_and_styles(changed_parts(adopted.before, after))
    before_cells, after_cells = _cells(adopted.workbook), _cells(workbook)
    for place, value in before_cells.items():
        assert after_cells[place] == value, place
    assert check_tracker.main(arguments) == 0
    assert told(capsys.readouterr().out)["written"]["cells"] == 0
    assert workbook.read_bytes() == after, "a second run leaves the file untouched"


def _worksheets_and_styles(parts: set[str]) -> bool:
    return all(re.search(r"worksheets/|tables/|styles\.xml|workbook\.xml|\[Content_Types\]", part) for part in parts)


def _cells(path: Path) -> dict[tuple[str, str], object]:
    workbook = openpyxl.load_workbook(path)
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in workbook.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def test_the_settings_are_short_toml_in_the_order_of_the_columns(adopted: Adopted) -> None:
    text = adopted.config.read_text("utf-8")
    settings = tomllib.loads(text)
    assert next(iter(settings)) == "tracker"
    known = [*tracker_schema().sheets["incidents"].columns, *layout_schema().columns]
    there = [column for column in settings["columns"]["incidents"] if column in known]
    assert there == sorted(there, key=known.index)
    every = re.findall(r"^#?(\w+) = ", text.partition("[columns.incidents]")[2].partition("\n\n")[0], re.MULTILINE)
    assert len(every) == len(set(every)) >= 10


def test_a_tracker_of_our_own_is_sure_from_end_to_end_and_needs_no_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("new.xlsx").write_bytes(build(sample(60, MONDAY, england_and_wales())))
    assert check_tracker.main(["--tracker", "new.xlsx", *AS_OF]) == 0
    capsys.readouterr()
    assert adopt_tracker.main(["new.xlsx", "--yes", "--json"]) == 0
    headings = [heading for sheet in told(capsys.readouterr().out)["sheets"] for heading in sheet["headings"]]
    assert all(heading["sure"] and heading["column"] for heading in headings)
    settings = tomllib.loads((tmp_path / "config.toml").read_text("utf-8"))
    assert not any(settings["columns"].values())


def test_a_heading_merged_over_both_rows_of_headings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    made = LOGS["two_heading_rows"]()
    sheet = made.workbook.worksheets[0]
    sheet.cell(2, 1, "Ref")
    sheet.cell(3, 1).value = None
    sheet.merge_cells("A2:A3")
    made.workbook.save(tmp_path / "log.xlsx")
    assert adopt_tracker.main(["log.xlsx", "--yes", "--json"]) == 0
    first = told(capsys.readouterr().out)["sheets"][0]["headings"][0]
    assert (first["heading"], first["column"], first["sure"]) == ("Ref", "reference", True)
    assert check_tracker.main([*AS_OF, "--dry-run", "--json"]) == 0
    assert len(told(capsys.readouterr().out)["incidents"]) == len(cases(16))


# Workbooks that are no tracker, and files that exist already


def test_a_workbook_that_is_no_tracker_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    sheet.append(["Ref", "Date received", "Complainant", "Team", "Summary", "Outcome", "Decision", "Date closed"])
    for number in range(8):
        sheet.append([f"C-{number}", "01/02/2026", "(made up)", "Team Heron", "Made up.", "Upheld", "Apology", ""])
    workbook.save(tmp_path / "Complaints.xlsx")
    with pytest.raises(TrackerUnusable, match=r"Complaints\.xlsx is no log of critical incidents") as refused:
        adopt_tracker.main(["Complaints.xlsx", "--yes"])
    assert refused.value.exit_code == 3
    assert sorted(path.name for path in tmp_path.iterdir()) == ["Complaints.xlsx"]


def test_a_log_without_the_date_of_awareness_is_refused_with_the_remedy(tmp_path: Path) -> None:
    made = LOGS["questions"]()
    made.workbook.worksheets[0].delete_cols(5)
    made.workbook.save(tmp_path / "log.xlsx")
    with pytest.raises(TrackerUnusable, match=r"no heading “Date aware”\. Add it, or give your heading") as refused:
        adopt_tracker.main([str(tmp_path / "log.xlsx"), "--yes", "--config", str(tmp_path / "config.toml")])
    assert refused.value.exit_code == 3
    assert f"What was found so far is in {tmp_path / 'config.toml'}" in str(refused.value)
    text = (tmp_path / "config.toml").read_text("utf-8")
    assert re.search(r"^#aware_date = .*# (\d+ % sure|required)", text, re.MULTILINE)
    assert "panel_notified" in tomllib.loads(text)["columns"]["incidents"]


def test_the_date_of_awareness_is_asked_for_and_never_guessed(tmp_path: Path) -> None:
    made = LOGS["questions"]()
    made.workbook.worksheets[0].cell(*_heading_of(made, "aware_date")).value = "Zeta"
    made.workbook.save(tmp_path / "log.xlsx")
    config = tmp_path / "config.toml"
    with pytest.raises(TrackerUnusable, match="no heading “Date aware”"):
        adopt_tracker.main([str(tmp_path / "log.xlsx"), "--yes", "--config", str(config)])
    assert "aware_date" not in tomllib.loads(config.read_text("utf-8"))["columns"]["incidents"]
    config.unlink()
    code, seen = at_a_terminal(tmp_path, "\n" * 20, "log.xlsx")
    assert code == 0, seen
    assert tomllib.loads(config.read_text("utf-8"))["columns"]["incidents"]["aware_date"] == "Zeta"


def _heading_of(made: Log, column: str) -> tuple[int, int]:
    """Return the row and column number of the heading of that column."""
    number = next(number for (_, number), is_ in made.truth.items() if is_ == column)
    heading = next(col.heading for columns, _ in made.filled for col in columns if col.is_ == column)
    sheet = made.workbook.worksheets[0]
    return next(row for row in range(1, 20) if sheet.cell(row, number).value == heading), number


def test_the_sheet_of_a_year_that_has_just_begun_is_read_like_the_others(tmp_path: Path) -> None:
    """Only its cells identify one heading, and the new sheet has too few of them."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    cases_ = [case for case in cases(24) if case.get("decision")]
    for year, filled in (("2025", cases_[:-1]), ("2026", cases_[-1:])):
        sheet = workbook.create_sheet(year)
        sheet.append(["Unique ID", "Event date", "Date LA aware", "Type", "Verdict", "Decided", "Panel notified"])
        for case in filled:
            ids = ("reference", "incident_date", "aware_date", "outcome", "decision", "decision_date", "panel_notified")
            sheet.append([case.get(column) for column in ids])
    workbook.save(tmp_path / "log.xlsx")
    proposal = propose(read_pages((tmp_path / "log.xlsx").read_bytes(), "log.xlsx"), "log.xlsx")
    first, second = ({m.heading: m.column for m in part.matches} for part in proposal.parts)
    assert first == second


def test_there_is_a_question_about_a_date_without_a_meaning_right_of_the_decision(tmp_path: Path) -> None:
    made = LOGS["questions"]()
    place = _heading_of(made, "decision_date")
    assert place[1] == _heading_of(made, "decision")[1] + 1
    for heading, column in (("On", "decision_date"), ("Strategy meeting", None)):
        made.workbook.worksheets[0].cell(*place).value = heading
        made.workbook.save(tmp_path / "log.xlsx")
        proposal = propose(read_pages((tmp_path / "log.xlsx").read_bytes(), "log.xlsx"), "log.xlsx")
        found = next(match for match in proposal.parts[0].matches if match.heading == heading)
        assert found.column == column
        assert column is None or not found.sure


def test_there_is_a_question_about_the_date_beside_the_type_of_notification(tmp_path: Path) -> None:
    made = LOGS["row_per_notification"]()
    made.workbook.worksheets[0].cell(*_heading_of(made, "notification_date")).value = "Form date"
    made.workbook.save(tmp_path / "log.xlsx")
    proposal = propose(read_pages((tmp_path / "log.xlsx").read_bytes(), "log.xlsx"), "log.xlsx")
    found = next(match for match in proposal.parts[0].matches if match.heading == "Form date")
    assert (found.column, found.sure) == ("notification_date", False)


def test_a_tracker_in_sharepoint(
    graph: GraphServer, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_CLIENT_SECRET", graph.entra.secret)
    config = config_file(graph, tmp_path)
    before = config.read_bytes()
    item = graph.add_file(f"/{PATH}", LOGS["abbreviations"]().saved())
    assert adopt_tracker.main(["--config", str(config), "--yes", "--json"]) == 0
    found = told(capsys.readouterr().out)
    assert config.read_bytes() == before
    assert not item.history, "it was only read"
    proposed = Path(found["settings"]["written"])
    assert proposed == config.with_name(f"{config.stem}.proposed.toml")
    config.write_bytes(proposed.read_bytes())
    assert check_tracker.main(["--config", str(config), *AS_OF, "--json"]) == 0
    assert told(capsys.readouterr().out)["written"]["cells"] > 0


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The log “abbreviations” with one heading that is not sure, in the folder in which the job runs."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "Our log.xlsx"
    made = LOGS["abbreviations"]()
    made.workbook.worksheets[0].cell(4, 28, "Partnership decision")
    path.write_bytes(made.saved())
    return path


def test_existing_settings_are_never_overwritten(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = log.with_name("config.toml")
    own = "[tracker]\nfile = 'Our log.xlsx'\ncopies = 3\n\n[columns.incidents]\naware_date = \"LA aware\"\n\n"
    own += "[clocks]\nwarn_working_days = 3\n"
    config.write_text(own, "utf-8")
    assert adopt_tracker.main(["--yes"]) == 0
    said = capsys.readouterr().out
    assert config.read_text("utf-8") == own
    assert '-aware_date = "LA aware"' in said
    assert '+summary = "Brief circumstances"' in said
    assert "config.proposed.toml" in said
    proposed = tomllib.loads(log.with_name("config.proposed.toml").read_text("utf-8"))
    assert proposed["tracker"] == {"file": "Our log.xlsx", "copies": 3}
    assert proposed["clocks"] == {"warn_working_days": 3}
    assert proposed["columns"]["incidents"]["summary"] == "Brief circumstances"

    config.write_text(log.with_name("config.proposed.toml").read_text("utf-8"), "utf-8")
    assert adopt_tracker.main(["--yes"]) == 0
    assert "already has all these settings" in capsys.readouterr().out


def test_a_dry_run_writes_nothing(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert adopt_tracker.main([log.name, "--yes", "--dry-run", "--report", "report.html"]) == 0
    assert "Nothing was written" in capsys.readouterr().out
    assert [path.name for path in log.parent.iterdir()] == [log.name]


def test_an_existing_report_is_not_overwritten(log: Path) -> None:
    log.with_name("report.html").write_text("mine", "utf-8")
    with pytest.raises(UsageError, match="already exists"):
        adopt_tracker.main([log.name, "--yes", "--report", "report.html"])
    assert log.with_name("report.html").read_text("utf-8") == "mine"
    assert not log.with_name("config.toml").exists()  # refused before anything is written


def test_the_workbook_is_named_once(log: Path) -> None:
    with pytest.raises(SystemExit) as left:
        adopt_tracker.main([log.name, "--tracker", log.name])
    assert left.value.code == 2


def run_without_a_terminal(log: Path) -> subprocess.CompletedProcess[str]:
    """Run the job without a terminal, so that there are no questions."""
    return subprocess.run(
        [sys.executable, "-m", "scripts.adopt_tracker", log.name],
        cwd=log.parent,
        env=os.environ | {"PYTHONPATH": str(PROJECT)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )


def test_without_a_terminal_what_is_not_sure_becomes_comments(log: Path) -> None:
    run = run_without_a_terminal(log)
    text = log.with_name("config.toml").read_text("utf-8")
    assert re.search(r'^#review_decision = "Partnership decision"  # \d+ % sure: ', text, re.MULTILINE)
    assert re.search(r'^#"Near miss" = "…"  # \d+ rows; which choice is meant\?', text, re.MULTILINE)
    assert "review_decision" not in tomllib.loads(text)["columns"]["incidents"]
    assert "check it" in run.stdout


def test_a_heading_that_is_left_out_without_an_answer_is_named(log: Path) -> None:
    """The check would find this heading without a setting, and adoption is not sure of it."""
    workbook = openpyxl.load_workbook(log)
    sheet = workbook.worksheets[0]
    heading = next(cell for row in sheet.iter_rows(max_row=6) for cell in row if cell.value == "Inits")
    heading.value = "Child initials"
    for row in range(heading.row + 1, sheet.max_row + 1):
        cell = sheet.cell(row, heading.column)
        cell.value = f"{cell.value}{row}" if cell.value else None  # not quite like initials
    workbook.save(log)
    found = run_without_a_terminal(log)
    assert re.search(r"“?Child initials”?", found.stdout)
    text = log.with_name("config.toml").read_text("utf-8")
    assert re.search(r"^initials = false  # check this: perhaps “Child initials”, \d+ % sure$", text, re.MULTILINE)


# Questions


def at_a_terminal(folder: Path, answers: str, *arguments: str) -> tuple[int, str]:
    """Run the job with a person's `answers` on a pseudo-terminal. Return its exit code and all that is shown."""
    person, terminal = pty.openpty()
    job = subprocess.Popen(
        [sys.executable, "-m", "scripts.adopt_tracker", *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(PROJECT), "COLUMNS": "200"},
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
    )
    os.close(terminal)
    os.write(person, answers.encode())
    seen = b""
    while True:
        try:
            piece = os.read(person, 65536)
        except OSError:
            break  # on Linux: the other end is closed
        if not piece:
            break
        seen += piece
    code = job.wait()
    os.close(person)
    return code, seen.decode()


def test_a_person_is_asked_and_enter_accepts_the_proposal(log: Path) -> None:
    # The one doubtful heading: Enter. Then the words: Ended <12m is 2, LCSPR ref only is 2, Near miss counts as
    # empty, No LCSPR is left.
    code, seen = at_a_terminal(log.parent, "\n?\n" + "2\n2\n4\n0\n0\n0\n", log.name)
    assert code == 0, seen
    assert "Press Enter to accept the proposal" in seen
    settings = tomllib.loads(log.with_name("config.toml").read_text("utf-8"))
    assert settings["columns"]["incidents"]["review_decision"] == "Partnership decision"
    assert "Ended <12m" in settings["choices"]["protection_plan"]


def test_none_of_them_and_another_by_name(log: Path) -> None:
    code, seen = at_a_terminal(log.parent, "nonsense\nreview completed\n" + "0\n" * 8, log.name)
    assert code == 0, seen
    assert "“nonsense” is not a column" in seen
    text = log.with_name("config.toml").read_text("utf-8")
    assert 'review_completed = "Partnership decision"' in text


def test_nothing_is_written_when_a_person_stops_in_the_middle(log: Path) -> None:
    code, seen = at_a_terminal(log.parent, "\x04", log.name)
    assert code == 2
    assert "You stopped before the last question" in seen
    assert [path.name for path in log.parent.iterdir()] == [log.name]


def test_the_report_is_a_page_that_quotes_headings_safely(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    made = LOGS["questions"]()
    made.workbook.worksheets[0].cell(1, 15, "<script>alert(1)</script>")
    made.workbook.save(tmp_path / "log.xlsx")
    assert adopt_tracker.main(["log.xlsx", "--yes", "--report", "report.html"]) == 0
    page = (tmp_path / "report.html").read_text("utf-8")
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
