"""Made-up councils' own logs are adopted from the command line, and checked with the settings that were written."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import os
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
from scripts.adapters.adoption.trial import read_pages, try_settings
from scripts.adapters.workbook.new.new_workbook import build
from tests.adapters.adoption.council_logs import LOGS
from tests.adapters.adoption.made_up_logs import Log, cases
from tests.adapters.adoption.pages import adopt as by_page
from tests.adapters.adoption.pages import correct
from tests.adapters.graph.sharepoint import PATH, config_file
from tests.adapters.workbook.xlsx.books import changed_parts
from tests.builders import MONDAY, rules, tracker
from tests.made_up_sample import sample
from tests.scripts.trackers import PROJECT, told
from tracker_schema.adoption.matches import needed_columns
from tracker_schema.adoption.proposal import propose
from tracker_schema.adoption.question import Answers
from tracker_schema.calendar.working_days import england_and_wales
from tracker_schema.clocks.clocks import standard_clocks
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
    """One of the twelve logs, adopted in its own folder by correcting the page: the output and the settings."""

    def __init__(self, log: Log, folder: Path) -> None:
        self.log = log
        self.folder = folder
        self.workbook = folder / f"{log.name}.xlsx"
        self.workbook.write_bytes(log.saved())
        self.before = self.workbook.read_bytes()
        self.config = folder / "settings" / "config.toml"
        self.config.parent.mkdir()
        self.page = self.config.with_name(f"Headings of {log.name}.xlsx")
        arguments = [*map(str, [self.workbook, "--json", "--config", self.config]), *AS_OF]
        self.proposal = propose(read_pages(self.before, log.name), log.name)
        self.output = _run(arguments)
        self.questions = values_of(self.page)
        for _ in range(2):
            correct(self.page, lambda sheet, number, _: log.truth.get((sheet, number)))
            answered = _run(arguments)
            self.output += answered
            if self.config.exists():
                break
            self.questions += values_of(self.page)
        self.found = told(answered)


def _run(arguments: list[str]) -> str:
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        assert adopt_tracker.main(arguments) == 0
    return said.getvalue()


def values_of(page: Path) -> str:
    """Return all that is in a workbook, as one text."""
    return " ".join(str(value) for value in _cells(page).values())


@pytest.fixture(scope="module")
def twelve(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Adopted]:
    """The twelve logs, each adopted."""
    return {name: Adopted(make(), tmp_path_factory.mktemp(name)) for name, make in LOGS.items()}


@pytest.fixture(params=LOGS)
def adopted(request: pytest.FixtureRequest, twelve: dict[str, Adopted]) -> Adopted:
    """Each of the twelve."""
    return twelve[request.param]


def test_nearly_all_proposals_are_right_and_nothing_that_a_clock_needs_is_lost(twelve: dict[str, Adopted]) -> None:
    wanted = right = sure = 0
    for each in twelve.values():
        for part in each.proposal.parts:
            for match in part.matches:
                column = each.log.truth.get((part.name, match.number))
                wanted += column is not None
                right += column is not None and match.column == column
                sure += column is not None and match.column == column and match.sure
                if column in needed_columns(part.sheet):
                    assert match.column == column or not match.sure, (each.log.name, match.heading)
    assert wanted > 300
    assert right >= 0.9 * wanted, f"{right} of {wanted}"
    assert sure >= 0.65 * wanted, f"{sure} of {wanted}"


def test_no_heading_is_surely_wrong(adopted: Adopted) -> None:
    matches = [(part, match) for part in adopted.proposal.parts for match in part.matches]
    assert not [
        (match.heading, match.column)
        for part, match in matches
        if match.sure and match.column and match.column != adopted.log.truth.get((part.name, match.number))
    ]


def test_the_layout_and_the_sheets_are_found(adopted: Adopted) -> None:
    assert adopted.found["layout"] == adopted.log.kind
    assert {sheet["name"] for sheet in adopted.found["sheets"]} == {sheet for sheet, _ in adopted.log.truth}
    assert not [each for each in adopted.found["remarks"] if "is not read as" in each]


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
    said = adopted.output + adopted.config.read_text("utf-8") + adopted.questions
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
    for row in proposal.rows():
        proposal = proposal.answered(row, log.truth.get(row.places[0]))
    meanings = [
        replace(found, choice=log.words.get(found.column, {}).get(found.word, found.choice), sure=True)
        for found in proposal.meanings()
    ]
    read = try_settings(adopted.before, log.name, Answers(proposal, meanings)).tracker
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


def adopt(folder: Path, name: str, log: Log, *arguments: str) -> None:
    """Adopt the workbook by correcting the page as the truth about `log` says."""
    page = folder / f"Headings of {Path(name).stem}.xlsx"
    arguments = arguments or ("--config", str(folder / "config.toml"))
    by_page([str(folder / name), *arguments], page, lambda sheet, number, _: log.truth.get((sheet, number)))


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
    adopt(tmp_path, "log.xlsx", made)
    adopt(tmp_path, "log.xlsx", made, "--json", "--config", "other.toml")
    written = "".join(path.read_text("utf-8") for path in tmp_path.glob("*.toml"))
    written += values_of(tmp_path / "Headings of log.xlsx")
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
    every = re.findall(r"^#?(\w+) = ", text.partition("[columns.incidents]")[2].partition("\n[")[0], re.MULTILINE)
    assert len(every) == len(set(every)) > 5


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
    adopt(tmp_path, "log.xlsx", made, "--json")
    first = told("{" + capsys.readouterr().out.rpartition("\n{")[2])["sheets"][0]["headings"][0]
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


def test_the_date_of_awareness_is_asked_for_and_never_guessed(tmp_path: Path) -> None:
    made = LOGS["questions"]()
    made.workbook.worksheets[0].cell(*_heading_of(made, "aware_date")).value = "Zeta"
    made.workbook.save(tmp_path / "log.xlsx")
    config = tmp_path / "config.toml"
    arguments = [str(tmp_path / "log.xlsx"), "--config", str(config)]
    with pytest.raises(TrackerUnusable, match=r"No heading is surely “Date aware”\. It may be .*“Zeta”") as refused:
        adopt_tracker.main([*arguments, "--yes"])
    assert refused.value.exit_code == 3
    assert not config.exists()
    for _ in range(2):  # the second time for the words of the headings chosen
        correct(tmp_path / "Headings of log.xlsx", lambda sheet, number, _: made.truth.get((sheet, number)))
        assert adopt_tracker.main(arguments) == 0
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


def test_a_tracker_in_sharepoint(
    graph: GraphServer, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_CLIENT_SECRET", graph.entra.secret)
    config = config_file(graph, tmp_path)
    before = config.read_bytes()
    made = LOGS["abbreviations"]()
    item = graph.add_file(f"/{PATH}", made.saved())
    page = config.with_name(f"Headings of {Path(PATH).stem}.xlsx")
    by_page(["--config", str(config)], page, lambda sheet, number, _: made.truth.get((sheet, number)))
    capsys.readouterr()
    config.with_name(f"{config.stem}.proposed.toml").unlink()
    assert adopt_tracker.main(["--config", str(config), "--json"]) == 0
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
    """A log with two headings that are not sure, in the folder in which the job runs."""
    monkeypatch.chdir(tmp_path)
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    sheet.append(
        ["Reference", "Date aware", "Outcome", "Decision", "Decision date", "Panel notified", "CI form recd", "Zeta"]
    )
    for number in range(1, 9):
        day = dt.datetime(2026, 11, number)
        word = "Death" if number % 2 else "Near miss"
        sheet.append([f"CI-2026-{number:03}", day, word, "Notify Panel", day, day, day, day])
    path = tmp_path / "Our log.xlsx"
    workbook.save(path)
    return path


PAGE = "Headings of Our log.xlsx"


def test_the_first_run_writes_the_page_and_an_unconfirmed_page_is_not_taken(
    log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert adopt_tracker.main([log.name]) == 0
    assert "2 headings and 1 word to check" in capsys.readouterr().out
    assert sorted(path.name for path in log.parent.iterdir()) == [PAGE, log.name]
    with pytest.raises(UsageError, match="Nobody has confirmed"):
        adopt_tracker.main([log.name])
    assert not log.with_name("config.toml").exists()


def test_the_answers_of_the_page_become_settings(log: Path) -> None:
    assert adopt_tracker.main([log.name]) == 0
    late = "Publish the review"
    changed = correct(
        log.with_name(PAGE),
        lambda _, number, __: ["reference", "aware_date", "outcome", "decision", "decision_date", "panel_notified",
                               "form_received", "partners_told"][number - 1],
        {"Outcome": {"Near miss": "Other"}},
        others={"From which day": dt.date(2026, 11, 2), "colours": "Yes"},
        not_done=[clock.label for clock in standard_clocks() if clock.id == "publish_review"] or [late],
    )  # fmt: skip
    assert "Zeta" in changed
    assert adopt_tracker.main([log.name]) == 0
    settings = tomllib.loads(log.with_name("config.toml").read_text("utf-8"))
    assert settings["columns"]["incidents"] == {"form_received": "CI form recd", "partners_told": "Zeta"}
    assert settings["choices"]["outcome"] == {"Near miss": "Other"}
    assert settings["clocks"]["start_from"] == dt.date(2026, 11, 2)
    assert settings["tracker"]["status_colours"] is True
    assert adopt_tracker.main([log.name]) == 0, "a second time the settings are there already"
    assert not log.with_name("config.proposed.toml").exists()
    before = log.read_bytes(), _cells(log)
    assert check_tracker.main([*AS_OF]) == 0
    assert _cells(log).items() >= before[1].items()
    assert _worksheets_and_styles(changed_parts(before[0], log.read_bytes()))
    (coloured,) = openpyxl.load_workbook(log).worksheets[0].conditional_formatting
    assert str(coloured.sqref).startswith("I2:"), "the status, right beside the log"


def test_copies_hidden_and_empty_sheets_are_asked_about_or_named(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workbook = openpyxl.load_workbook(log)
    for name in ("Incidents", "Copy for audit", "Template"):
        workbook.copy_worksheet(workbook.worksheets[0]).title = name
    workbook["Incidents"].sheet_state = "hidden"
    workbook["Template"].delete_rows(2, 20)
    workbook.save(log)
    assert adopt_tracker.main([log.name]) == 0
    assert "1 sheet to check" in capsys.readouterr().out
    columns = [
        "reference",
        "aware_date",
        "outcome",
        "decision",
        "decision_date",
        "panel_notified",
        "form_received",
        None,
    ]
    correct(log.with_name(PAGE), lambda _, number, __: columns[number - 1])
    assert adopt_tracker.main([log.name]) == 0
    said = capsys.readouterr().out
    assert "“Copy for audit”, “Template” and “Incidents” (hidden) could be it too" in said
    assert tomllib.loads(log.with_name("config.toml").read_text("utf-8"))["sheets"] == {"incidents": "Sheet"}


def test_a_page_whose_headings_have_words_is_confirmed_once_more(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workbook = openpyxl.load_workbook(log)
    workbook.worksheets[0]["C1"] = "What came of it"
    workbook.save(log)
    columns = [
        "reference",
        "aware_date",
        "outcome",
        "decision",
        "decision_date",
        "panel_notified",
        "form_received",
        None,
    ]
    page = log.with_name(PAGE)
    assert adopt_tracker.main([log.name]) == 0
    for words in ({}, {"Outcome": {"Near miss": "Other"}}):
        assert not log.with_name("config.toml").exists()
        correct(page, lambda _, number, __: columns[number - 1], words)
        assert adopt_tracker.main([log.name]) == 0
    assert "Confirm it once more" in capsys.readouterr().out
    settings = tomllib.loads(log.with_name("config.toml").read_text("utf-8"))
    assert settings["choices"]["outcome"] == {"Near miss": "Other"}


def test_with_json_the_page_is_named_in_json(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert adopt_tracker.main([log.name, "--json"]) == 0
    assert told(capsys.readouterr().out) == {"page": PAGE, "to_check": "2 headings and 1 word"}


def test_two_headings_cannot_be_one_column(log: Path) -> None:
    assert adopt_tracker.main([log.name]) == 0
    correct(log.with_name(PAGE), lambda *_: "aware_date")
    with pytest.raises(UsageError, match=r"Both “.+” and “.+” are “Date aware”"):
        adopt_tracker.main([log.name])


def test_a_page_about_other_headings_is_refused(log: Path) -> None:
    assert adopt_tracker.main([log.name]) == 0
    correct(log.with_name(PAGE), lambda *_: None)
    workbook = openpyxl.load_workbook(log)
    workbook.worksheets[0]["H1"] = "Eta"
    workbook.save(log)
    with pytest.raises(UsageError, match="about other headings"):
        adopt_tracker.main([log.name])


def test_yes_takes_what_is_sure_and_says_what_is_open(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert adopt_tracker.main([log.name, "--yes"]) == 0
    assert "To be checked: 2 headings and 1 word" in capsys.readouterr().out
    text = log.with_name("config.toml").read_text("utf-8")
    assert '#form_received = "CI form recd"  # check this: similar to “Critical incident form received”' in text
    assert '#"Near miss" = "…"  # 4 rows; which choice is meant?' in text
    assert tomllib.loads(text)["columns"]["incidents"] == {}


def test_existing_settings_are_never_overwritten(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = log.with_name("config.toml")
    own = "[tracker]\nfile = 'Our log.xlsx'\ncopies = 3\n\n[columns.incidents]\nteam = false\n\n"
    own += "[clocks]\nwarn_working_days = 3\n"
    config.write_text(own, "utf-8")
    assert adopt_tracker.main(["--yes"]) == 0
    said = capsys.readouterr().out
    assert config.read_text("utf-8") == own
    assert "-team = false" in said
    assert "config.proposed.toml" in said
    proposed = tomllib.loads(log.with_name("config.proposed.toml").read_text("utf-8"))
    assert proposed["tracker"] == {"file": "Our log.xlsx", "copies": 3}
    assert proposed["clocks"] == {"warn_working_days": 3}

    config.write_text(log.with_name("config.proposed.toml").read_text("utf-8"), "utf-8")
    assert adopt_tracker.main(["--yes"]) == 0
    assert "already has all these settings" in capsys.readouterr().out


@pytest.mark.parametrize("option", [[], ["--yes"]])
def test_a_dry_run_writes_nothing(log: Path, option: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert adopt_tracker.main([log.name, "--dry-run", *option]) == 0
    assert "Nothing was written" in capsys.readouterr().out
    assert [path.name for path in log.parent.iterdir()] == [log.name]


def test_the_workbook_is_named_once(log: Path) -> None:
    with pytest.raises(SystemExit) as left:
        adopt_tracker.main([log.name, "--tracker", log.name])
    assert left.value.code == 2


# Questions


def at_a_terminal(folder: Path, answers: str, *arguments: str) -> tuple[int, str]:
    """Run the job with a person's `answers` on a pseudo-terminal. Return its exit code and all that is shown."""
    pty = pytest.importorskip("pty", reason="about Linux: a pseudo-terminal")
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
    os.write(person, f"{answers}\x04".encode())  # then the end, so that no question waits
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


def test_a_person_is_asked_can_go_back_and_can_correct_any_line(log: Path) -> None:
    # Here; the first heading gets a wrong column, then back, then Enter; “Zeta” is none; line 5 is wrong and right
    # again; all is right; “Near miss” is Other; from 2 November on; no heading or word that closes; colours; all
    # deadlines are wanted.
    answers = "\nreview completed\nb\n\n0\n5\n\n\n3\n2/11/2026\n\n\nyes\n\n"
    code, seen = at_a_terminal(log.parent, answers, log.name)
    assert code == 0, seen
    assert "Is anything wrong?" in seen
    settings = tomllib.loads(log.with_name("config.toml").read_text("utf-8"))
    assert settings["columns"]["incidents"]["form_received"] == "CI form recd"
    assert settings["choices"]["outcome"] == {"Near miss": "Other"}
    assert settings["clocks"]["start_from"] == dt.date(2026, 11, 2)
    assert settings["tracker"]["status_colours"] is True


def test_an_answer_that_is_no_column_is_asked_again(log: Path) -> None:
    code, seen = at_a_terminal(
        log.parent, "\nnonsense\n0\nsafeguarding partners tld\nSafeguarding partners told\n\n\n\n\n\n\n\n", log.name
    )
    assert code == 0, seen
    assert "“nonsense”, beside “CI form recd” on the sheet Headings, is not one of the choices" in seen
    assert "Did you mean “Safeguarding partners told”?" in seen


def test_a_person_may_choose_the_page(log: Path) -> None:
    code, seen = at_a_terminal(log.parent, "e\n", log.name)
    assert code == 0, seen
    assert log.with_name(PAGE).exists()
    assert not log.with_name("config.toml").exists()


def test_nothing_is_written_when_a_person_stops_in_the_middle(log: Path) -> None:
    code, seen = at_a_terminal(log.parent, "\n", log.name)
    assert code == 2
    assert "You stopped before the last question" in seen
    assert [path.name for path in log.parent.iterdir()] == [log.name]
