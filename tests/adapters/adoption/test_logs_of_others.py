"""Three logs as councils keep them, with headings that nobody here chose. Everybody in them is made up."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from scripts import check_tracker
from scripts.adapters.adoption.trial import read_pages
from tests.adapters.adoption.pages import adopt
from tests.scripts.trackers import told
from tracker_schema.adoption.matches import Match, needed_columns
from tracker_schema.adoption.proposal import propose
from tracker_schema.adoption.questions import proposed


def day(month: int, number: int, year: int = 2026) -> dt.datetime:
    return dt.datetime(year, month, number)


@dataclass(frozen=True)
class Case:
    """A log: its sheets with their rows, the row of the headings,
    and the column of each heading ("": none of ours).
    """

    sheets: dict[str, list[list[Any]]]
    row: int
    truth: Sequence[str]
    incidents: int

    def save(self, path: Path) -> None:
        workbook = openpyxl.Workbook()
        workbook.remove(workbook.worksheets[0])
        for name, rows in self.sheets.items():
            sheet = workbook.create_sheet(name)
            for row in rows:
                sheet.append(row)
        workbook.save(path)

    def column_of(self, number: int) -> str | None:
        return (self.truth[number - 1] if number <= len(self.truth) else "") or None


NOTIFICATIONS = Case(
    {
        "Notifications": [
            ["Notifications log"],
            [],
            ["CI Ref", "Notification", "Date sent", "Mosaic no.", "Child", "Incident date", "Date LA aware",
             "What happened",
             "Nature", "Abuse/neglect?", "Service Head", "SW", "Threshold decision", "Date decided", "Rationale",
             "Panel ref",
             "Director told", "Lead Member told", "RR done", "RR sent Panel", "Panel letter", "Outcome",
             "Date closed"],
            ["CI-26-07", "CI Form", day(7, 6), "M4411", "AB", day(7, 4), day(7, 6), "Made up", "Serious Injury",
             "Suspected",
             "Ann Sample", "SW1", "Not met", day(7, 9), "Made up", None, day(7, 9), None, None, None, None, "NFA",
             day(9, 30)],
            ["CI-26-08", "CI Form", day(9, 21), "M4502", "CD", day(9, 19), day(9, 20), "Made up", "Fatal", "Suspected",
             "Bob Sample", "SW2", "Met", day(9, 22), "Made up", None, day(9, 22), day(9, 24)],
            ["CI-26-08", "SIN", day(9, 24), "M4502", "CD", day(9, 19), day(9, 20), None, "Fatal", "Suspected",
             "Bob Sample",
             "SW2", None, None, None, "SIN-94001", None, None, day(10, 14), day(10, 15)],
            ["CI-26-09", "CI Form", day(10, 27), "M4577", "EF / GH (sibs)", day(10, 24), day(10, 26), "Made up",
             "Serious Injury", "Suspected", "Ann Sample", "SW3"],
        ]
    },
    3,
    ["reference", "notification_type", "notification_date", "child_id", "initials", "incident_date", "aware_date",
     "summary",
     "outcome", "abuse_or_neglect", "operational_head", "practitioner", "decision", "decision_date", "decision_reason",
     "panel_reference", "directors_told", "lead_member_briefed", "rapid_review_completed", "rapid_review_sent",
     "panel_response", "outcome_of_action", "closed"],
    3,
)  # fmt: skip

SMALL = Case(
    {
        "Sheet1": [
            ["No.", "Child(ren)", "Childrens DOBs", "Team", "Date of inc.", "When did we know?",
             "What happened (short)",
             "died/SH", "CIF rec'd", "Decision by HoS group", "Notified to Panel?", "DSCP told", "LM/DCS", "RR",
             "Panel came back", "What next", "Done?", None, "Yellow = with HoS, Red = urgent"],
            ["1", "TB", "3/4/19", "CP1", day(1, 5), day(1, 6), "made up", "SH", day(1, 7), "No",
             "n/a - did not meet", "n/a",
             day(1, 9), "n/a", "n/a", "NFA", "Y"],
            ["2", "MK + LK", "12/12/22; 4.5.24", "CP2", "16/03/26", "17/03/26", "made up", "SH", "18/3/26",
             "yes - 20/3",
             "23/03/2026", "23/3", "24/3 (DCS only)", "13/4/26 sent 14/4", "letter 6/5/26 agree no LCSPR",
             "briefing", "Y"],
            ["3", "RS", "1.9.09", "16+", "w/e 12th Sept", day(9, 14), "made up", "died", day(9, 15), "YES 17/09",
             day(9, 18),
             day(9, 18), day(9, 18), day(10, 9), "tbc", "chase"],
            ["4", "PQ", "15/07/2016", "CP1", day(10, 21), day(10, 22), "made up", "SH", day(10, 23), "Yes - 27/10/26",
             "29/10/2026 - chased", day(10, 29), day(10, 28), "due 19/11"],
        ]
    },
    1,
    ["reference", "initials", "date_of_birth", "team", "incident_date", "aware_date", "summary", "outcome",
     "form_received",
     "decision", "panel_notified", "partners_told", "lead_member_briefed", "rapid_review_completed", "panel_response"],
    4,
)  # fmt: skip

_YEARS = ["FY", "No", "Liquidlogic ID", "Initials", "D.O.B.", "Gender", "CLA?", "Death/Serious Harm",
"Date of Incident",
          "Date Notified to LA", "Abuse / Neglect", "Locality", "HOS", "Critical Incident Form received",
          "HOS mtg date",
          "Threshold met?", "Decision Date", "National Panel notified (date)", "DSPP notified (date)",
          "DCS / Service Director", "Lead Member", "CSPR ref date", "RR complete", "RR sent", "Panel decision rec'd",
          "LCSPR? (Local/National/None)", "Date agreed", "Ext DLT", "Closed"]  # fmt: skip
YEARS = Case(
    {
        "2025-26": [["LOG 2025-26"], [], _YEARS,
            ["2025-26", "1", "13", "CC", day(3, 1, 2025), "M", "N", "Child death", day(11, 5, 2025), day(11, 6,
             2025), "Y",
             "North", "Ann Sample", day(11, 6, 2025), None, "Yes", day(11, 10, 2025), day(11, 12, 2025), day(11, 12,
             2025),
             day(11, 12, 2025), day(11, 12, 2025), day(11, 12, 2025), day(12, 2, 2025), day(12, 3, 2025),
             day(12, 19, 2025), "Local", day(12, 3, 2025)]],
        "2026-27": [["LOG 2026-27"], [], _YEARS,
            ["2026-27", "1", "14", "DD", day(3, 1, 2012), "F", "N", "Serious harm", day(5, 12), day(5, 13), "Y",
             "South",
             "Bob Sample", day(5, 14), None, "No", day(5, 18), None, None, day(5, 18), None, None, None, None, None,
             None,
             None, None, day(6, 12)],
            ["2026-27", "2", "15", "EE", day(9, 1), "M", "N", "Child death", day(10, 11), day(10, 12), "Y", "North",
             "Ann Sample", day(10, 12), None, "Yes", day(10, 15), day(10, 16), day(10, 16), day(10, 16), day(10, 19),
             day(10, 16)]],
    },
    3,
    ["reference_prefix", "reference", "child_id", "initials", "date_of_birth", "sex", "looked_after", "outcome",
     "incident_date", "aware_date", "abuse_or_neglect", "", "operational_head", "form_received", "heads_met",
     "decision",
     "decision_date", "panel_notified", "partners_told", "directors_told", "lead_member_briefed", "cspr_referred",
     "rapid_review_completed", "rapid_review_sent", "panel_response", "review_decision", "review_decided",
     "dlt_discussed", "closed"],
    3,
)  # fmt: skip

CASES = {"notifications": NOTIFICATIONS, "small": SMALL, "years": YEARS}


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Case:
    """Each of the three, saved as log.xlsx in the folder in which the job runs."""
    found = CASES[request.param]
    monkeypatch.chdir(tmp_path)
    found.save(tmp_path / "log.xlsx")
    return found


def matches() -> list[tuple[Match, frozenset[str]]]:
    """Return each match of log.xlsx, with the columns that its sheet needs."""
    proposal = propose(read_pages(Path("log.xlsx").read_bytes(), "log.xlsx"), "log.xlsx")
    return [(match, needed_columns(part.sheet)) for part in proposal.parts for match in part.matches]


def test_no_heading_is_wrong_or_lost_without_a_question(case: Case) -> None:
    for match, needed in matches():
        column = case.column_of(match.number)
        if match.sure and match.column:
            assert match.column == column, match
        assert not (match.sure and match.column is None and column in needed), match


def test_the_page_is_answered_and_the_log_can_be_checked(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    adopt(["log.xlsx"], Path("Headings of log.xlsx"), lambda _, number, __: case.column_of(number))
    capsys.readouterr()
    assert check_tracker.main(["--as-of", "2026-11-23", "--dry-run", "--json"]) == 0
    assert len(told(capsys.readouterr().out)["incidents"]) == case.incidents
    settings = tomllib.loads(Path("config.toml").read_text("utf-8"))
    assert settings["columns"]["incidents"]["reference"] in ("CI Ref", "No.", "No")


def test_the_date_of_awareness_of_the_small_log_is_asked_for_with_candidates(tmp_path: Path) -> None:
    SMALL.save(tmp_path / "log.xlsx")
    proposal = propose(read_pages((tmp_path / "log.xlsx").read_bytes(), "log.xlsx"), "log.xlsx")
    perhaps = [m.heading for part in proposal.parts for m in part.matches if "aware_date" in m.suggestions]
    assert "When did we know?" in perhaps
    found = proposed(proposal)
    assert (found.closed_by, list(found.closed_words)) == ("Done?", ["Y"])


def test_actions_refer_to_incidents_by_the_column_that_holds_their_references(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    log, plan = workbook.worksheets[0], workbook.create_sheet("Plan")
    log.append(["Reference", "Date aware", "Decision", "Decision date", "Panel notified"])
    plan.append(["Rec no.", "Case", "Action", "Lead officer", "Due", "Done"])
    for number in range(1, 7):
        log.append([f"CI/{number}", day(11, number), "Notify Panel", day(11, number), day(11, number)])
        plan.append([number, f"CI/{number}", "Made up.", "Made Up", day(12, number), None])
    workbook.save(tmp_path / "log.xlsx")
    proposal = propose(read_pages((tmp_path / "log.xlsx").read_bytes(), "log.xlsx"), "log.xlsx")
    (actions,) = proposal.of("actions")
    found = {match.heading: match for match in actions.matches}
    assert (found["Case"].column, found["Case"].sure) == ("reference", False)
    assert found["Rec no."].column == "number"


@pytest.mark.parametrize(
    ("heading", "words", "closed"), [("Case open?", ["Yes", "No"], ["No"]), ("Status", ["Open", "Closed"], ["Closed"])]
)
def test_what_says_that_a_case_is_closed_is_never_the_word_for_open(
    tmp_path: Path, heading: str, words: Sequence[str], closed: Sequence[str]
) -> None:
    workbook = openpyxl.Workbook()
    workbook.worksheets[0].append(["Reference", "Date aware", "Decision", "Decision date", "Panel notified", heading])
    for number, word in enumerate(words, 1):
        aware = day(11, number)
        workbook.worksheets[0].append([f"CI/{number}", aware, "Threshold not met", aware, None, word])
    workbook.save(tmp_path / "log.xlsx")
    found = proposed(propose(read_pages((tmp_path / "log.xlsx").read_bytes(), "log.xlsx"), "log.xlsx"))
    assert (found.closed_by, list(found.closed_words)) == (heading, closed)


def test_words_that_mean_closed_are_proposed_and_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    workbook = openpyxl.Workbook()
    workbook.worksheets[0].append(["Reference", "Date aware", "Decision", "Decision date", "Panel notified", "Closed"])
    for number, closed in enumerate(["Y", "Yes 12/11", "N", None], 1):
        aware = day(11, number)
        workbook.worksheets[0].append([f"CI/{number}", aware, "Threshold not met", aware, None, closed])
    workbook.save("log.xlsx")
    columns = ["reference", "aware_date", "decision", "decision_date", "panel_notified", None]
    adopt(["log.xlsx"], Path("Headings of log.xlsx"), lambda _, number, __: columns[number - 1])
    settings = tomllib.loads(Path("config.toml").read_text("utf-8"))
    assert settings["closed"] == {"column": "Closed", "words": ["Y", "Yes"]}
    assert check_tracker.main(["--as-of", "2026-11-23"]) == 0
    rows = openpyxl.load_workbook("log.xlsx").worksheets[0].values
    headings = next(rows)
    assert [row[headings.index("Status")] == "Closed" for row in rows] == [True, True, False, False]


def test_a_sheet_with_the_references_that_is_read_as_nothing_is_named(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    log, forms = workbook.worksheets[0], workbook.create_sheet("Forms out")
    log.append(["Reference", "Date aware", "Decision", "Decision date", "Panel notified"])
    forms.append(["Which case", "To whom", "Went", "Came"])
    for number in range(1, 7):
        log.append([f"CI/{number}", day(11, number), "Notify Panel", day(11, number), day(11, number)])
        forms.append([f"CI/{number}", "Police", day(11, number), None])
    workbook.save(tmp_path / "log.xlsx")
    proposal = propose(read_pages((tmp_path / "log.xlsx").read_bytes(), "log.xlsx"), "log.xlsx")
    assert proposal.others == ["Forms out"]
    assert [remark.cell for remark in proposal.remarks()] == ["Forms out!A1"]
