"""The questions of a proposal, and the effect of an answer."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import openpyxl
import pytest

from scripts.adapters.adoption.trial import read_pages
from tests.adapters.adoption.council_logs import LOGS
from tests.adapters.workbook.xlsx.books import saved
from tracker_schema.adoption.find_log import Page
from tracker_schema.adoption.proposal import Proposal, propose
from tracker_schema.errors import TrackerUnusable


def proposed(name: str) -> Proposal:
    return propose(read_pages(LOGS[name]().saved(), name), name)


def test_an_answer_holds_for_the_same_heading_on_the_sheet_of_each_year() -> None:
    made = LOGS["sheet_per_year"]()
    for sheet in made.workbook.worksheets[1:]:
        sheet.cell(3, 12, "Steps")
    proposal = propose(read_pages(made.saved(), "log"), "log")
    (row,) = (row for row in proposal.rows() if row.heading == "Steps")
    settled = proposal.answered(row, "immediate_action")
    assert [p.numbers.get("immediate_action") for p in settled.parts] == [12, 12, 12]
    assert all(m.sure for p in settled.parts for m in p.matches if m.heading == "Steps")


def test_a_column_that_somebody_gives_to_a_heading_is_taken_from_another() -> None:
    proposal = proposed("abbreviations")
    row = next(row for row in proposal.rows() if row.heading == "RR due")
    settled = proposal.answered(row, "rapid_review_completed").parts[0]
    assert settled.numbers["rapid_review_completed"] == row.match.number
    assert [m.column for m in settled.matches if m.heading == "RR held"] == [None]


def test_a_hidden_sheet_is_taken_only_where_no_other_is_the_log() -> None:
    made = LOGS["questions"]()
    copy = made.workbook.copy_worksheet(made.workbook.worksheets[0])
    copy.title, copy.sheet_state = "Old copy", "hidden"
    assert [part.name for part in propose(read_pages(made.saved(), "log"), "log").parts] == ["Sheet1"]
    made.workbook.worksheets[0].sheet_state, copy.sheet_state = "hidden", "visible"
    assert [part.name for part in propose(read_pages(made.saved(), "log"), "log").parts] == ["Old copy"]


@pytest.mark.parametrize(
    "headings",
    [
        [],
        ["Name", "Telephone", "Notes"],
        [
            "ID",
            "Date reported",
            "Employee",
            "Type of incident",
            "Location",
            "Injury",
            "RIDDOR?",
            "Action taken",
            "Closed",
        ],
        ["Case ref", "Child initials", "DOB", "Social worker", "Team", "CP plan", "Conference date", "Decision"],
        ["Reference", "Agency", "Sent", "Returned"],
    ],
)
def test_other_logs_of_a_council_are_none(headings: list[str]) -> None:
    workbook = openpyxl.Workbook()
    workbook.worksheets[0].append(headings)
    for number in range(6):
        workbook.worksheets[0].append([f"{number} {heading[:3]}" for heading in headings])
    with pytest.raises(TrackerUnusable, match="is no log of critical incidents"):
        propose(read_pages(saved(workbook), "other.xlsx"), "other.xlsx")


FOLDER = os.environ.get("REAL_WORKBOOKS")


@pytest.mark.skipif(FOLDER is None, reason="REAL_WORKBOOKS names no folder of workbooks")
def test_workbooks_of_all_kinds_are_refused_in_a_sentence() -> None:
    refused = 0
    for path in Path(FOLDER or "").glob("*.xls[xm]"):
        with pytest.raises(TrackerUnusable) as refusal:
            propose(read_pages(path.read_bytes(), path.name), path.name)
        refused += "is no log of critical incidents" in str(refusal.value)
    assert refused > 10


def test_a_short_sheet_of_one_type_is_found_beside_the_others() -> None:
    """Three sheets by type, one of them with a few headings only, one whose date has a heading without a meaning."""
    day = dt.datetime(2026, 3, 2)
    days = [day + dt.timedelta(days=7 * number) for number in range(8)]
    refs = [f"CI-2026-{number:03}" for number in range(8)]
    forms = ["Case No", "Initials", "Date of event", "Date made aware", "A/N", "Form in", "Decision", "Dec date"]
    sins = ["Case No", "Date notified to Panel", "Panel no.", "RR completed", "RR sent to Panel", "Date closed"]
    pages = [
        Page(
            "CI forms",
            [forms, *([r, "AB", d, d, "Known", d, "Notify Panel", d] for r, d in zip(refs, days, strict=True))],
        ),
        Page("SINs", [sins, *([r, d, f"P{r}", d, d, d] for r, d in zip(refs, days, strict=True))]),
        Page(
            "LCSPR referrals",
            [["Case No", "Referral sent", "Date of outcome"], *map(list, zip(refs, days, days, strict=True))],
        ),
    ]
    found = {part.key: part for part in propose(pages, "log.xlsx").parts}
    assert found.keys() == {"critical_incident", "national_panel", "cspr_referral"}
    matches = {match.heading: match for match in found["critical_incident"].matches}
    assert not matches["Form in"].sure
    assert "form_received" in matches["Form in"].suggestions
