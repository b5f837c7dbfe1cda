"""Completed forms into the tracker, through the command line on real files."""

from __future__ import annotations

import copy
import datetime as dt
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from scripts import check_tracker, read_returns
from scripts.adapters.storage import atomic_write
from tests.adapters.graph.sharepoint import PATH, config_file, saved
from tests.scripts.layouts import per_notification, save_sheets
from tests.scripts.trackers import address_of, cells_of, column_of, incident, save_tracker
from tests.word.foreign import EVERY, with_foreign_parts
from tests.word.forms import Value, changed, filled, form, paragraph, run, unfilled, w
from tests.word.returned import CI, POLICE, REPORTED, SCOPED, SCOPING, TRUST, reported, scoped
from tracker_schema.columns.schema import tracker_schema
from tracker_schema.documents.documents import documents
from tracker_schema.errors import TrackerBusy, UsageError
from tracker_schema.incidents.incident import NEW_INCIDENT

if TYPE_CHECKING:
    from tests.servers.graph.server import GraphServer

AS_OF = dt.date(2026, 11, 23)
DAY = ["--as-of", AS_OF.isoformat()]
OTHER_CHILD = {"initials": "YY", "date_of_birth": dt.date(2014, 5, 6)}


@pytest.fixture
def tracker(tmp_path: Path) -> Path:
    """Two incidents; of the first, two agencies were asked and a third came back."""
    columns = {column.id: None for column in tracker_schema().sheets["incidents"].column if not column.by_script}
    (tmp_path / "tracker").mkdir()
    return save_tracker(
        tmp_path / "tracker" / "Critical incidents.xlsx",
        [
            {**columns, **incident("CI-2026-032")},
            {**columns, **incident("CI-2026-033", **OTHER_CHILD, form_received=None)},
        ],
        scoping=[
            {"reference": "CI-2026-032", "agency": POLICE, "sent": dt.date(2026, 11, 16), "returned": None},
            {"reference": "CI-2026-032", "agency": TRUST, "sent": dt.date(2026, 11, 16), "returned": None},
            {"reference": "CI-2026-032", "agency": "Example School", "sent": dt.date(2026, 11, 16),
             "returned": dt.date(2026, 11, 19)},
        ],
        table=True,
    )  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "Returns"
    folder.mkdir()
    return folder


Job = Callable[..., dict[str, Any]]


@pytest.fixture
def job(tracker: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> Job:
    def job(*more: str, as_of: dt.date = AS_OF) -> dict[str, Any]:
        arguments = [str(folder), "--tracker", str(tracker), "--as-of", as_of.isoformat(), "--json", *more]
        assert read_returns.main(arguments) == 0
        told: dict[str, Any] = json.loads(capsys.readouterr().out)
        return told

    return job


def put(folder: Path, data: bytes, name: str = "form.docx") -> Path:
    (folder / name).write_bytes(data)
    return folder / name


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def row_of(tracker: Path, reference: str) -> dict[str, Any]:
    """The incident's cells by heading."""
    cells = cells_of(tracker)
    headings = next(row for row in cells if "Reference" in row)
    (found,) = [row for row in cells if row[headings.index("Reference")] == reference]
    return dict(zip(headings, found, strict=True))


# Scoping returns


def test_a_scoping_return_is_shown_and_nothing_is_written(job: Job, tracker: Path, folder: Path) -> None:
    put(folder, scoped())
    before = tracker.read_bytes()
    told = job()
    assert told["forms"] == [
        {
            "file": "form.docx",
            "form": SCOPING,
            "reference": "CI-2026-032",
            "agency": POLICE,
            "state": "to be entered",
            "required": 6,
            "answered": 6,
            "missing": [],
            "row": 5,
            "new_row": False,
            "cells": [address_of(tracker, "returned", 5, "scoping")],
            "remarks": [],
        }
    ]
    assert told["written"] == {"cells": 0, "rows": 0, "dry_run": True}
    assert tracker.read_bytes() == before
    assert files(folder) == ["form.docx"]


def test_a_scoping_return_is_entered_and_put_aside(job: Job, tracker: Path, folder: Path) -> None:
    put(folder, scoped())
    put(folder, scoped(TRUST), "second.docx")
    told = job("--apply")
    assert [form["state"] for form in told["forms"]] == ["entered", "entered"]
    assert told["written"] == {"cells": 2, "rows": 0, "dry_run": False}
    assert column_of(tracker, "Returned", "Scoping") == [AS_OF, AS_OF, dt.date(2026, 11, 19)]
    assert files(folder) == ["Processed/form.docx", "Processed/second.docx"]
    assert job("--apply")["forms"] == []


BORN = [dt.date(1900, 1, 1), dt.date(1900, 2, 1), dt.date(1890, 1, 1), dt.date(9999, 12, 31)]


@pytest.mark.parametrize("born", BORN)
def test_one_form_with_an_impossible_date_does_not_stop_the_others(
    job: Job, tracker: Path, folder: Path, born: dt.date
) -> None:
    put(folder, reported(child_1_date_of_birth=born), "a.docx")
    put(folder, scoped(), "b.docx")
    told = job("--apply")
    first, second = told["forms"]
    assert second["state"] == "entered"
    assert column_of(tracker, "Returned", "Scoping")[0] == AS_OF
    remark = "“Date of birth” is given a day before 01/03/1900, the first that this workbook can hold."
    assert any(remark in each for each in first["remarks"]) or told["refused"][0]["file"] == first["file"]
    assert f"{born:%d/%m/%Y}" not in json.dumps(told)


def test_what_no_form_of_ours_holds_is_named(job: Job, tracker: Path, folder: Path) -> None:
    put(folder, with_foreign_parts(scoped()))
    (told,) = job("--apply")["forms"]
    assert told["state"] == "entered"
    (remark,) = told["remarks"]
    assert remark.startswith("It holds ")
    assert all(each in remark for each in EVERY)
    assert remark.endswith("None of that was opened. Ask the sender why it is there before you open the file.")


def test_the_day_it_came_back_is_not_the_day_it_was_completed(job: Job, tracker: Path, folder: Path) -> None:
    """Else a return that was completed in time and sent late would look as if it had come in time."""
    put(folder, scoped(completed_on=dt.date(2026, 11, 20)))
    told = job("--apply", as_of=dt.date(2026, 11, 25))
    assert column_of(tracker, "Returned", "Scoping")[0] == dt.date(2026, 11, 25)
    assert told["forms"][0]["remarks"] == [
        "It was due on 23/11/2026 and counts as returned on 25/11/2026. If it came in time, run again with --received "
        "and that day."
    ]


def test_a_return_that_was_read_later_than_it_came(job: Job, tracker: Path, folder: Path) -> None:
    put(folder, scoped())
    told = job("--apply", "--received", "2026-11-23", as_of=dt.date(2026, 11, 25))
    assert told["received"] == "2026-11-23"
    assert told["forms"][0]["remarks"] == []
    assert column_of(tracker, "Returned", "Scoping")[0] == dt.date(2026, 11, 23)


def test_what_is_missing_is_named(job: Job, folder: Path) -> None:
    values = {tag: value for tag, value in SCOPED.items() if tag not in ("learning", "completed_by")}
    put(folder, filled(unfilled(SCOPING, "CI-2026-032", POLICE), values))
    (told,) = job()["forms"]
    assert (told["answered"], told["required"], told["missing"]) == (
        4, 6, ["Completed by", "What your agency has learned"],
    )  # fmt: skip


NOW = " Read it now; if it is an agency's return, enter the date on which it came."
LOST = (
    "It has lost its fields: it was saved by a program that does not keep them, or it is no form of ours. Ask for "
    "the Word file itself, saved by Word." + NOW
)
UNKNOWN = (
    "It is about a reference that the tracker does not have. Correct it there, or ask for the form as it was sent."
    + NOW
)
NOT_ASKED = (
    "It is from an agency that was not asked about this incident. If it was, add its row to the sheet “Scoping”." + NOW
)
BLANK = "It has none of the required answers. Ask for it filled in." + NOW
TWICE = (
    "It came back before: see {returned}. If it is the same, move it away; if it says more, move it to “Processed”: "
    "the rapid review report shows the answers of both."
)
NO_DATE = (
    "It has no valid date in “Date of incident”. Type it as day/month/year, for example 05/11/2026. Then run again."
    + NOW
)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"%PDF-1.7", "It is not a Word document, whatever its name says. Ask for the Word form itself." + NOW),
        (form(paragraph(run("no field at all"))), LOST),
        (scoped(reference="CI-2026-999"), UNKNOWN),
        (scoped(reference=""), UNKNOWN),
        (scoped("Example Fire Service"), NOT_ASKED),
        (scoped(agency=""), NOT_ASKED),
        (scoped("Example School"), TWICE),
        (unfilled(SCOPING, "CI-2026-032", POLICE), BLANK),
        (
            unfilled("cspr-referral", "CI-2026-032"),
            "It is “Referral for a Local Child Safeguarding Practice Review”, which is not read back. "
            "File it with the case.",
        ),
        *(
            (
                unfilled(name, "CI-2026-032"),
                f"It is “{documents()[name].title}”, which is not read back. File it with the case.",
            )
            for name in ("rapid-review-report", "operational-head-notice", "learning-briefing", "case-timeline")
        ),
        (reported(incident_date="soon"), NO_DATE),
    ],
    ids=[
        "no Word",
        "lost",
        "reference",
        "no reference",
        "agency",
        "no agency",
        "twice",
        "blank",
        "other",
        "report",
        "notice",
        "briefing",
        "timeline",
        "no date",
    ],
)
def test_refused_and_left_where_it_is(data: bytes, why: str, job: Job, tracker: Path, folder: Path) -> None:
    put(folder, data)
    before = tracker.read_bytes()
    told = job("--apply")
    returned = address_of(tracker, "returned", 7, "scoping")
    assert [(each["file"], each["why"]) for each in told["refused"]] == [("form.docx", why.format(returned=returned))]
    assert told["written"]["cells"] == 0
    assert tracker.read_bytes() == before
    assert [name for name in files(folder) if "Being entered" not in name] == ["form.docx"]


def test_a_form_of_which_half_is_lost_is_not_read_as_empty(job: Job, folder: Path) -> None:
    def lose(root: Any) -> None:
        for tag in list(root.iter(w("tag")))[3:]:
            tag.getparent().remove(tag)

    put(folder, changed(scoped(), lose))
    assert "lost its fields" in job()["refused"][0]["why"]


def test_a_field_that_is_lost_is_named(job: Job, folder: Path) -> None:
    def lose(root: Any) -> None:
        for tag in root.iter(w("tag")):
            if tag.get(w("val")) == "learning":
                tag.set(w("val"), "other")

    put(folder, changed(scoped(), lose))
    (told,) = job()["forms"]
    assert told["missing"] == ["What your agency has learned"]
    assert told["remarks"] == ["This copy of the form has lost “What your agency has learned”. Ask for the answers."]


def test_a_form_with_the_reference_of_another_child(job: Job, tracker: Path, folder: Path) -> None:
    put(folder, reported("CI-2026-033"))
    before = tracker.read_bytes()
    (refused,) = job("--apply")["refused"]
    assert refused["why"] == (
        "It is about another child than the row of its reference: see "
        f"{address_of(tracker, 'date_of_birth', 6)}. If that cell is wrong, "
        f"correct it and run again; else ask which incident the form is about.{NOW}"
    )
    assert tracker.read_bytes() == before


def test_two_returns_of_one_agency(job: Job, tracker: Path, folder: Path) -> None:
    put(folder, scoped(), "a.docx")
    put(folder, scoped(learning="Made up: something else."), "b.docx")
    told = job("--apply")
    assert [form["state"] for form in told["forms"]] == ["entered", "refused"]
    assert told["refused"][0]["why"].startswith("It is the second form here about the same incident and agency")
    assert files(folder) == ["Processed/a.docx", "b.docx"]


@pytest.mark.parametrize(
    ("name", "lock"),
    [
        ("form.docx", "~$form.docx"),
        ("Scoping.docx", "~$coping.docx"),
        ("Scoping return.docx", "~$oping return.docx"),
        ("form.docx", ".~lock.form.docx#"),
    ],
)
def test_a_form_that_is_open_in_word_waits(name: str, lock: str, job: Job, folder: Path) -> None:
    put(folder, scoped(), name)
    put(folder, b"", lock)
    told = job("--apply")
    (refused,) = told["refused"]
    assert (refused["file"], refused["why"]) == (
        name, "It is open in Word or LibreOffice. Save and close it, and run again.",
    )  # fmt: skip
    assert len(told["forms"]) == 0


def test_tracked_changes_and_prompts_are_read_right(job: Job, folder: Path) -> None:
    """The agency's own words: one deleted from a required answer, one put into another that still showed its prompt."""

    def track(root: Any) -> None:
        for sdt in root.iter(w("sdt")):
            tag = sdt.find(f"{w('sdtPr')}/{w('tag')}")
            if tag is not None and tag.get(w("val")) == "learning":
                first = next(sdt.iter(w("r")))
                deletion = first.makeelement(w("del"), {w("id"): "1"})
                first.addprevious(deletion)
                deletion.append(first)

    put(folder, changed(scoped(), track))
    assert job()["forms"][0]["missing"] == ["What your agency has learned"]


def test_a_prompt_that_a_program_saved_as_text_is_no_answer(job: Job, folder: Path) -> None:
    def forget(root: Any) -> None:
        for mark in list(root.iter(w("showingPlcHdr"))):
            mark.getparent().remove(mark)

    blank = unfilled(SCOPING, "CI-2026-032", POLICE)
    put(folder, blank)
    (meant,) = job()["forms"]
    put(folder, changed(blank, forget))
    (found,) = job()["forms"]
    assert meant["missing"]
    assert (found["missing"], found["cells"]) == (meant["missing"], meant["cells"])


# Critical Incident Forms


def test_a_new_incident_becomes_a_row(job: Job, tracker: Path, folder: Path) -> None:
    put(folder, reported())
    told = job("--apply")
    (found,) = told["forms"]
    assert (found["reference"], found["new_row"], found["row"], found["missing"]) == ("CI-2026-034", True, 7, [])
    assert told["written"]["rows"] == 1
    row = row_of(tracker, "CI-2026-034")
    assert row["Child ID"] == "X0001"
    assert row["Date of birth"] == dt.date(2016, 2, 29)
    assert row["Child protection plan"] == "Recently ended"
    assert row["Summary"] == REPORTED["summary"]
    assert row["Specific risk"] == "=1+1"
    assert row["Critical incident form received"] == AS_OF
    assert row["Date aware"] == dt.date(2026, 11, 22)
    assert row["Decision"] == ""
    assert files(folder) == ["Processed/form.docx"]


def test_two_new_incidents_get_two_references(job: Job, tracker: Path, folder: Path) -> None:
    put(folder, reported(), "a.docx")
    put(folder, reported(child_1_child_id="X0002", child_1_initials="RR"), "b.docx")
    assert [form["reference"] for form in job("--apply")["forms"]] == ["CI-2026-034", "CI-2026-035"]
    assert column_of(tracker, "Reference") == ["CI-2026-032", "CI-2026-033", "CI-2026-034", "CI-2026-035"]


def test_two_forms_about_one_new_incident(job: Job, folder: Path) -> None:
    put(folder, reported(), "a.docx")
    put(folder, reported(child_1_initials="RR"), "b.docx")
    told = job("--apply")
    assert [form["state"] for form in told["forms"]] == ["entered", "refused"]
    assert told["refused"][0]["why"].startswith("It is the second form here about the same child and day")


def test_a_form_completes_the_row_of_its_reference(job: Job, tracker: Path, folder: Path) -> None:
    same: dict[str, Value] = {"child_1_date_of_birth": dt.date(2014, 5, 6), "incident_date": dt.date(2026, 11, 17)}
    put(folder, reported("CI-2026-033", **same))
    told = job("--apply")
    (found,) = told["forms"]
    assert (found["reference"], found["new_row"], found["row"]) == ("CI-2026-033", False, 6)
    row = row_of(tracker, "CI-2026-033")
    assert row["Initials"] == "YY"  # as it was
    assert row["Child ID"] == "X0001"
    assert row["Critical incident form received"] == AS_OF
    differing = [remark for remark in found["remarks"] if "Compare the two" in remark]
    assert [remark.split(",")[0] for remark in differing] == [
        address_of(tracker, column, 6) for column in ("initials", "aware_date")
    ]
    assert "QQ" not in str(told)


def about(initials: str, born: dt.date, **more: Value) -> bytes:
    """A form without a reference, about the child with those initials."""
    child: dict[str, Value] = {"child_1_initials": initials, "child_1_date_of_birth": born}
    return filled(unfilled(CI), {**REPORTED, **child, **more})


def test_a_form_without_a_reference_finds_the_row_of_its_child_and_day(job: Job, tracker: Path, folder: Path) -> None:
    put(folder, about("yy", dt.date(2014, 5, 6), aware_date=dt.date(2026, 11, 18)), "same.docx")
    put(folder, about("yy", dt.date(2014, 5, 7), aware_date=dt.date(2026, 11, 18)), "other child.docx")
    put(folder, about("ZZ", dt.date(2015, 3, 4), incident_date=dt.date(2026, 10, 1)), "other day.docx")
    told = {form["new_row"]: form for form in job("--apply")["forms"]}
    assert (
        f"It has no reference; its child and date are those of {address_of(tracker, 'reference', 6)}."
        in told[False]["remarks"]
    )
    assert [form["new_row"] for form in job("--apply")["forms"]] == []


def test_a_form_that_might_be_about_either_of_two_rows(job: Job, tracker: Path, folder: Path) -> None:
    child = {"initials": "QQ", "date_of_birth": dt.date(2016, 2, 29), "incident_date": dt.date(2026, 11, 21)}
    save_tracker(tracker, [incident("CI-2026-001", **child), incident("CI-2026-002", **child)])
    put(folder, reported())
    (refused,) = job("--apply")["refused"]
    rows = " and ".join(address_of(tracker, "reference", row) for row in (5, 6))
    assert refused["why"] == (
        f"It may be about any of {rows}. Make the form from the right row, or enter it there.{NOW}"
    )


def test_the_same_form_again_adds_nothing(job: Job, tracker: Path, folder: Path) -> None:
    put(folder, reported())
    job("--apply")
    put(folder, reported(), "again.docx")
    before = tracker.read_bytes()
    told = job("--apply")
    assert [refused["why"] for refused in told["refused"]] == [
        f"It adds nothing to the row of {address_of(tracker, 'reference', 7)}. Move it away."
    ]
    assert tracker.read_bytes() == before


def test_dates_that_cannot_be_are_told_and_entered(job: Job, folder: Path) -> None:
    put(folder, reported(aware_date=dt.date(2026, 11, 20), completed_on=dt.date(2026, 11, 30)))
    (found,) = job()["forms"]
    assert found["state"] == "to be entered"
    assert found["remarks"] == [
        "“Date completed” is in the future.",
        "“Date the council became aware” is before “Date of incident”.",
    ]


# Several children


OTHER_CHILDREN: dict[str, Value] = {
    "child_2_child_id": "X0002", "child_2_initials": "SS", "child_2_date_of_birth": dt.date(2018, 1, 2),
    "child_2_looked_after": "No", "child_2_outcome": "Serious harm", "child_2_abuse_or_neglect": "Suspected",
    "child_3_child_id": "X0003", "child_3_initials": "TT", "child_3_date_of_birth": dt.date(2012, 3, 4),
    "child_3_looked_after": "Yes", "child_3_outcome": "Death", "child_3_abuse_or_neglect": "No",
}  # fmt: skip


def of_three_children(**more: Value) -> bytes:
    """A report of three children, of whom the third, who was looked after, has died."""
    return filled(unfilled(CI, children=3), REPORTED | OTHER_CHILDREN | more)


def checked(log: Path, *more: str, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """The incidents by reference, as check_tracker has them."""
    assert check_tracker.main(["--tracker", str(log), "--as-of", AS_OF.isoformat(), "--json", *more]) == 0
    return {each["reference"]: each for each in json.loads(capsys.readouterr().out)["incidents"]}


def test_every_child_gets_a_row_and_a_looked_after_child_3_who_died_starts_the_clock(
    job: Job, tracker: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(folder, of_three_children())
    (found,) = job("--apply")["forms"]
    assert found["remarks"] == []
    rows = [row_of(tracker, f"CI-2026-034{child}") for child in ("", "/2", "/3")]
    assert [row["Child ID"] for row in rows] == ["X0001", "X0002", "X0003"]
    assert [row["Outcome"] for row in rows] == ["Serious harm", "Serious harm", "Death"]
    assert [row["Looked after"] for row in rows] == ["No", "No", "Yes"]
    assert [bool(row["Summary"]) for row in rows] == [True, False, False]
    assert files(folder) == ["Processed/form.docx"]
    incidents = checked(tracker, "--dry-run", capsys=capsys)
    assert "CI-2026-034/3" not in incidents
    clocks = {clock["id"]: clock for clock in incidents["CI-2026-034"]["clocks"]}
    assert clocks["notify_ofsted"]["due"] == "2026-11-27"
    assert clocks["notify_panel"]["due"] == "2026-11-27"
    put(folder, of_three_children(), "again.docx")
    assert len(job("--apply")["refused"]) == 1


def test_a_part_of_a_child_that_was_copied_in_word_is_another_child(job: Job, tracker: Path, folder: Path) -> None:
    def copy_part(root: Any) -> None:
        for tag in [each for each in root.iter(w("tag")) if each.get(w("val")) == "child_3_child_id"]:
            part = next(tag.iterancestors(w("tbl")))
            part.addnext(copy.deepcopy(part))
            control = next(part.getnext().iter(w("sdt")))
            next(control.iter(w("t"))).text = "X0004"

    put(folder, changed(of_three_children(), copy_part))
    (found,) = job("--apply")["forms"]
    assert found["remarks"] == [
        "The part of child 3 was copied in Word, and the copy read as child 4. Compare it with the form."
    ]
    assert [row_of(tracker, f"CI-2026-034/{child}")["Child ID"] for child in (3, 4)] == ["X0003", "X0004"]


def test_a_log_with_a_column_for_the_child_gets_its_number(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facts = {"looked_after": None, "child_id": None, "operational_head": None}
    rows = [{"child_number": number, **incident("CI-2026-010", **facts)} for number in (1, 2)]
    log = save_sheets(tmp_path / "log.xlsx", {"Incidents": rows})
    put(folder, of_three_children())
    assert read_returns.main([str(folder), "--tracker", str(log), "--as-of", "2026-11-23", "--apply"]) == 0
    cells = cells_of(log)
    headings = next(row for row in cells if "Reference" in row)
    of = [row for row in cells if row[headings.index("Reference")] == "CI-2026-011"]
    assert [row[headings.index("Child")] for row in of] == ["1", "2", "3"]
    capsys.readouterr()
    incidents = checked(log, "--dry-run", capsys=capsys)
    assert "notify_ofsted" in {clock["id"] for clock in incidents["CI-2026-011"]["clocks"]}


def test_a_log_with_no_place_for_a_second_child_has_an_error_on_the_row_until_it_is_seen_to(
    job: Job, tracker: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without the day of the incident, rows with CI-2026-034/2 would not be read as about one incident."""
    put(folder, filled(unfilled(CI, children=3), {key: value for key, value in (REPORTED | OTHER_CHILDREN).items()
                                                  if key != "incident_date"}))  # fmt: skip
    (found,) = job("--apply")["forms"]
    (remark,) = found["remarks"]
    assert remark.startswith("Without “Date of incident”, the rows of several children are not read as one incident.")
    row = row_of(tracker, "CI-2026-034")
    assert row["Outcome"] == "child 1: Serious harm; child 2: Serious harm; child 3: Death"
    assert row["Child ID"] == "child 1: X0001; child 2: X0002; child 3: X0003"
    for _ in range(2):
        found = checked(tracker, capsys=capsys)["CI-2026-034"]
        assert found["status"] == "Check data"
        cell = address_of(tracker, "outcome", found["row"])
        assert "error" in {each["severity"] for each in found["problems"] if each["cell"] == cell}


def one_row(tmp_path: Path, folder: Path, **cells: object) -> Path:
    """A log that has one child of an incident, and no day to join rows by; and a form about three children of it."""
    log = save_tracker(tmp_path / "log.xlsx", [incident("CI-2026-032", incident_date=None, initials="QQ",
                       date_of_birth=dt.date(2016, 2, 29), child_id=None, **cells)])  # fmt: skip
    answers = {key: value for key, value in (REPORTED | OTHER_CHILDREN).items() if key != "incident_date"}
    put(folder, filled(unfilled(CI, "CI-2026-032", children=3), answers))
    return log


def read_into(folder: Path, log: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """What the job enters from the forms in the folder."""
    assert read_returns.main([str(folder), "--tracker", str(log), *DAY, "--json", "--apply"]) == 0
    done: dict[str, Any] = json.loads(capsys.readouterr().out)
    return done


def test_a_known_row_with_no_place_for_a_second_child_has_the_error_until_it_is_seen_to(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = one_row(tmp_path, folder, outcome=None)
    (found,) = read_into(folder, log, capsys)["forms"]
    assert found["state"] == "entered"
    assert any("Until then, “Outcome” in its row cannot be read." in remark for remark in found["remarks"])
    row = row_of(log, "CI-2026-032")
    assert row["Outcome"] == "child 1: Serious harm; child 2: Serious harm; child 3: Death"
    assert row["Initials"] == "QQ"
    for _ in range(2):
        found = checked(log, capsys=capsys)["CI-2026-032"]
        assert found["status"] == "Check data"
        cell = address_of(log, "outcome", found["row"])
        (of_cell,) = (each for each in found["problems"] if each["cell"] == cell)
        assert of_cell["severity"] == "error"
        assert of_cell["code"] == "not-a-choice"


def test_a_known_row_with_the_outcome_of_one_child_keeps_it_and_has_an_error_while_the_form_waits(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = one_row(tmp_path, folder)
    checked(log, capsys=capsys)
    before = log.read_bytes()
    for _ in range(2):
        done = read_into(folder, log, capsys)
        (refused,) = done["refused"]
        assert "the rows of several children are not read as one incident" in refused["why"]
        cell = address_of(log, "outcome", 5)
        assert f"{cell}, “Outcome”, speaks of one child only." in refused["why"]
        assert log.read_bytes() == before
        assert files(folder) == ["form.docx"]
    for _ in range(2):
        found = checked(log, capsys=capsys)["CI-2026-032"]
        assert found["status"] == "Check data"
        (waits,) = [each for each in found["problems"] if each["code"] == "child-without-row"]
        assert waits["severity"] == "error"
        assert "a form which waits: it tells of 3 children, and the log has no place for child 2." in waits["message"]
    (folder / "form.docx").rename(tmp_path / "read and entered by hand.docx")
    read_into(folder, log, capsys)
    found = checked(log, capsys=capsys)["CI-2026-032"]
    assert "child-without-row" not in [each["code"] for each in found["problems"]]


def test_a_new_year_begins_again(job: Job, folder: Path) -> None:
    put(folder, reported())
    assert job(as_of=dt.date(2027, 1, 4))["forms"][0]["reference"] == "CI-2027-001"


# The record of day 4


def met(reference: str = "CI-2026-033") -> bytes:
    """The record of a meeting of the Heads of Service, who decided."""
    answers: dict[str, Value] = {
        "risk": "Made up: another risk", "immediate_action": "Made up", "partner_views": "Made up",
        "heads_met": dt.date(2026, 11, 20), "decision": "Refer to DSPP only", "decision_date": dt.date(2026, 11, 20),
        "decision_reason": "Made up: the local criteria are met.",
    }  # fmt: skip
    return filled(unfilled("day-4-meeting", reference), answers)


def test_the_record_of_day_4_fills_in_the_meeting_the_decision_and_its_reason(
    job: Job, tracker: Path, folder: Path
) -> None:
    put(folder, met())
    (found,) = job("--apply")["forms"]
    assert found["remarks"] == []
    assert found["missing"] == []
    row = row_of(tracker, "CI-2026-033")
    assert row["Heads of Service met"] == row["Decision date"] == dt.date(2026, 11, 20)
    assert (row["Decision"], row["Reason for decision"]) == (
        "Refer to DSPP only",
        "Made up: the local criteria are met.",
    )
    assert not row["Critical incident form received"]
    assert files(folder) == ["Processed/form.docx"]
    put(folder, met(NEW_INCIDENT), "nobody's.docx")
    (refused,) = job("--apply")["refused"]
    assert "It does not say which incident it is about." in refused["why"]


# Stopped in between


@pytest.fixture
def stopped(job: Job, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], list[str]]:
    """Starts a run over two forms that is stopped where it calls what is named; gives the files there are then."""

    def stopped(where: str) -> list[str]:
        put(folder, reported(), "a.docx")
        put(folder, scoped(), "b.docx")

        def killed(*_: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr(where, killed)
            with pytest.raises(KeyboardInterrupt):
                job("--apply")
        return files(folder)

    return stopped


def test_stopped_after_the_tracker_was_written(
    stopped: Callable[[str], list[str]], job: Job, tracker: Path, folder: Path
) -> None:
    left = stopped("scripts.adapters.word.returns.folder.Processed.take")
    assert left == ["Processed/Being entered.txt", "a.docx", "b.docx"]
    written = tracker.read_bytes()
    told = job("--apply", as_of=dt.date(2026, 11, 24))
    assert [form["state"] for form in told["forms"]] == ["entered before", "entered before"]
    assert tracker.read_bytes() == written
    assert files(folder) == ["Processed/a.docx", "Processed/b.docx"]


def test_stopped_before_the_tracker_was_written(
    stopped: Callable[[str], list[str]], job: Job, tracker: Path, folder: Path
) -> None:
    stopped("scripts.adapters.storage.local_store.LocalStore.write")
    told = job("--apply", as_of=dt.date(2026, 11, 24))
    assert [form["state"] for form in told["forms"]] == ["entered", "entered"]
    assert files(folder) == ["Processed/a.docx", "Processed/b.docx"]
    assert len(column_of(tracker, "Reference")) == 3


FILES = ("folder.py", "reading_in.py", "entering.py", "local_store.py", "backups.py", "atomic_write.py")


class StoppedHere(BaseException):
    """The end of a process, which no code can catch or clean up after."""


def stop_after(lines: int, run: Callable[[], object]) -> int:
    """Ends `run` before one of the lines of FILES, counted as they are run; gives how many it ran."""
    count = 0

    def on_line(_frame: Any, event: str, _argument: object) -> Any:
        nonlocal count
        count += event == "line"
        if event == "line" and count > lines:
            sys.settrace(None)
            raise StoppedHere
        return on_line

    before = sys.gettrace()
    sys.settrace(lambda frame, _event, _argument: on_line if frame.f_code.co_filename.endswith(FILES) else None)
    try:
        run()
    except StoppedHere:
        pass
    finally:
        sys.settrace(before)
    return count


# Stopped between the end of a with block and its clean-up, an open file is left to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_stopped_anywhere(job: Job, tracker: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever was done by then, the next run leaves two forms entered once, and both put aside."""
    untouched = tracker.read_bytes()

    def begin() -> None:
        tracker.write_bytes(untouched)
        shutil.rmtree(folder)
        folder.mkdir()
        put(folder, reported(), "a.docx")
        put(folder, scoped(), "b.docx")

    begin()
    every = stop_after(1_000_000, lambda: job("--apply"))
    for lines in range(every // 24, every, every // 12):
        begin()
        stop_after(lines, lambda: job("--apply"))
        atomic_write._remove_left_overs_once.cache_clear()  # the next run is another process
        capsys.readouterr()
        job("--apply", as_of=dt.date(2026, 11, 24))
        assert column_of(tracker, "Reference") == ["CI-2026-032", "CI-2026-033", "CI-2026-034"], lines
        assert column_of(tracker, "Returned", "Scoping")[0] in (AS_OF, dt.date(2026, 11, 24)), lines
        assert files(folder) == ["Processed/a.docx", "Processed/b.docx"], lines


def test_stopped_while_the_row_was_written(
    stopped: Callable[[str], list[str]], job: Job, tracker: Path, folder: Path
) -> None:
    """Through Excel's own service a row is written cell by cell: the next run completes it, and adds no second one."""
    stopped("scripts.adapters.word.returns.folder.Processed.take")
    workbook = openpyxl.load_workbook(tracker)
    for cell in workbook["Incidents"][7][1:]:
        cell.value = None
    workbook.save(tracker)
    put(folder, reported(child_1_child_id="X0002", child_1_initials="RR"), "A new one.docx")
    told = {form["row"]: form for form in job("--apply")["forms"] if form["form"] == CI}
    assert {row: (form["reference"], form["new_row"], form["state"]) for row, form in told.items()} == {
        7: ("CI-2026-034", False, "entered"),
        8: ("CI-2026-035", True, "entered"),
    }
    assert row_of(tracker, "CI-2026-034")["Summary"] == REPORTED["summary"]


def test_a_reference_that_was_taken_while_a_run_was_stopped(
    stopped: Callable[[str], list[str]], job: Job, tracker: Path, folder: Path
) -> None:
    stopped("scripts.adapters.storage.local_store.LocalStore.write")
    workbook = openpyxl.load_workbook(tracker)
    for number, cell in enumerate(["CI-2026-034", None, "SS", dt.date(2011, 1, 1)], 1):
        workbook["Incidents"].cell(7, number, cell)
    table = workbook["Incidents"].tables["T_incidents"]
    table.ref = f"{table.ref[:-1]}7"
    workbook.save(tracker)
    (form,) = [form for form in job("--apply")["forms"] if form["form"] == CI]
    assert (form["reference"], form["new_row"]) == ("CI-2026-035", True)
    assert row_of(tracker, "CI-2026-034")["Child ID"] == ""


def test_a_tracker_that_is_open_leaves_every_form_where_it_is(
    job: Job, tracker: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(folder, scoped())
    lock = tracker.with_name(f"~${tracker.name}")
    lock.write_bytes(b"")
    with pytest.raises(TrackerBusy):
        job("--apply")
    assert "form.docx" in files(folder)
    lock.unlink()
    capsys.readouterr()
    assert job("--apply")["forms"][0]["state"] == "entered"


def test_a_form_that_cannot_be_moved_is_moved_by_the_next_run(
    job: Job, tracker: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(folder, scoped())

    def held(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr("scripts.adapters.word.returns.folder.Processed.take", held)
        (found,) = job("--apply")["forms"]
    (remark,) = found["remarks"]
    assert remark.startswith("It is in the tracker but could not be moved (this account may not write in that folder).")
    assert job("--apply")["forms"][0]["state"] == "entered before"
    assert files(folder) == ["Processed/form.docx"]


def test_a_file_that_was_put_aside_before_is_never_written_over(job: Job, folder: Path) -> None:
    (folder / "Processed").mkdir()
    put(folder / "Processed", b"an older one")
    put(folder, scoped())
    job("--apply")
    assert files(folder) == ["Processed/form (2).docx", "Processed/form.docx"]
    assert (folder / "Processed" / "form.docx").read_bytes() == b"an older one"


# Other layouts of the log


LOGGED: dict[str, object] = {**dict.fromkeys(("child_id", "summary", "risk")), **incident("CI-2026-032")}


def test_a_log_with_a_sheet_for_each_year(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where a new row is for a person to add, it is filled in once they have, under the reference they were told."""
    log, config = tmp_path / "log.xlsx", tmp_path / "config.toml"
    config.write_text("[sheets]\nincidents = ['2025', '2026']\n[tracker]\ncopies = 0\n", "utf-8")
    before = [LOGGED | {"reference": "CI-2025-007"}]
    save_sheets(log, {"2025": before, "2026": [LOGGED]})
    put(folder, reported())
    arguments = [str(folder), "--tracker", str(log), "--config", str(config), "--as-of", "2026-11-23", "--json"]
    assert read_returns.main([*arguments, "--apply"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert "Please add a row for CI-2026-033 yourself" in told["refused"][0]["why"]
    assert "form.docx" in files(folder)

    save_sheets(log, {"2025": before, "2026": [LOGGED, {"reference": "CI-2026-033"}]})
    assert read_returns.main([*arguments, "--apply"]) == 0
    (form,) = json.loads(capsys.readouterr().out)["forms"]
    assert (form["reference"], form["state"], form["new_row"]) == ("CI-2026-033", "entered", False)
    cells = cells_of(log, "2026")
    assert cells[-1][cells[2].index("Summary")] == REPORTED["summary"]


def test_a_log_with_a_row_for_each_notification(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log, config = tmp_path / "log.xlsx", tmp_path / "config.toml"
    config.write_text("[layout]\nkind = 'one row per notification'\n[tracker]\ncopies = 0\n", "utf-8")
    save_sheets(log, {"Incidents": per_notification([LOGGED])})
    put(folder, reported())
    arguments = [str(folder), "--tracker", str(log), "--config", str(config), "--as-of", "2026-11-23", "--json"]
    assert read_returns.main([*arguments, "--apply"]) == 0
    (form,) = json.loads(capsys.readouterr().out)["forms"]
    assert (form["reference"], form["state"], form["new_row"]) == ("CI-2026-033", "entered", True)
    added = dict(zip(cells_of(log)[2], cells_of(log)[-1], strict=True))
    assert added["Notification type"] == "Critical incident"
    assert added["Date of notification"] == dt.date(2026, 11, 23)
    assert added["Summary"] == REPORTED["summary"]


def test_an_incident_with_several_children(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "log.xlsx"
    day = dt.date(2026, 11, 21)
    save_sheets(
        log, {"Incidents": [incident(f"CI-2026-01{of}", child_id=child, incident_date=day, outcome=None, risk=None)
                            for of, child in (("1/1", "X0001"), ("1/2", "X0002"), ("2", "X0003"))]}
    )  # fmt: skip
    several: dict[str, Value] = {
        "child_1_child_id": "X0002", "child_1_initials": "QR", "child_1_date_of_birth": dt.date(2015, 3, 4),
        "child_2_child_id": "X0001", "child_2_initials": "ZZ", "child_2_outcome": "Death",
        "child_3_child_id": "X0009",
    }  # fmt: skip
    put(folder, filled(unfilled(CI, "CI-2026-011", children=3), {**REPORTED, **several}), "named.docx")
    born = dt.date(2015, 3, 4)
    put(folder, reported(child_1_child_id="X0003", child_1_date_of_birth=born), "not named.docx")
    arguments = [str(folder), "--tracker", str(log), "--as-of", "2026-11-23", "--json"]
    assert read_returns.main(arguments) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["refused"] == []
    named = next(form for form in told["forms"] if form["reference"] == "CI-2026-011")
    assert named["cells"] == [f"Incidents!{cell}" for cell in ("S4", "G5", "G4", "A7", "D7", "E7", "I7", "R7")]
    conflict = f"{address_of(log, 'initials', 5)}, “Initials”, holds something else and was not changed."
    assert any(remark.startswith(conflict) for remark in named["remarks"])
    assert {form["reference"]: form["new_row"] for form in told["forms"]} == {
        "CI-2026-011": False,
        "CI-2026-012": False,
    }


# In SharePoint


@pytest.mark.parametrize("mode", ["cells", "upload"])
def test_a_tracker_in_sharepoint(
    mode: str,
    graph: GraphServer,
    tracker: Path,
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TRACKER_CLIENT_SECRET", graph.entra.secret)
    item = graph.add_file(f"/{PATH}", tracker.read_bytes())
    config = config_file(graph, tmp_path, mode=mode)
    put(folder, reported(), "a.docx")
    put(folder, scoped(), "b.docx")
    arguments = [str(folder), "--config", str(config), "--as-of", AS_OF.isoformat(), "--json", "--apply"]
    assert read_returns.main(arguments) == 0
    told = json.loads(capsys.readouterr().out)
    assert [form["state"] for form in told["forms"]] == ["entered", "entered"]
    now = saved(item, tmp_path / "now.xlsx")
    assert row_of(now, "CI-2026-034")["Summary"] == REPORTED["summary"]
    assert column_of(now, "Returned", "Scoping")[0] == AS_OF
    assert files(folder) == ["Processed/a.docx", "Processed/b.docx"]


# What is said in public


def test_no_answer_and_no_file_named_for_a_person_is_shown(
    tracker: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(folder, reported(), "Quentin Quill critical incident form.docx")
    put(
        folder,
        reported("CI-2026-033", child_1_date_of_birth=dt.date(2014, 5, 6)),
        "CI-2026-033 critical-incident-form 2026-11-23 (2).docx",
    )
    put(folder, scoped(), f"CI-2026-032 Initial Scoping {POLICE} completed.docx")
    put(folder, b"", "Q. Quill.pdf")
    arguments = [str(folder), "--tracker", str(tracker), "--as-of", AS_OF.isoformat()]
    for more in ([], ["--apply"]):
        assert read_returns.main([*arguments, *more]) == 0
        shown = capsys.readouterr().out
        assert "CI-2026-033 critical-incident-form 2026-11-23 (2).docx" in shown
        assert f"CI-2026-032 Initial Scoping {POLICE} completed.docx" in shown
        for secret in ("Quill", "Quentin", "X0001", "QQ", "29/02/2016", "Made up", "safe place", "Recently"):
            assert secret not in shown, secret


def test_what_a_form_says_it_was_made_for_is_shown_when_the_tracker_has_it(job: Job, folder: Path) -> None:
    """The two fields are locked, and yet what stands in them might be typed by anybody."""
    put(folder, scoped("Quentin Quill"), "a.docx")
    put(folder, scoped(reference="Quentin Quill"), "b.docx")
    told = job()
    assert [(form["reference"], form["agency"]) for form in told["forms"]] == [("CI-2026-032", None), (None, POLICE)]
    assert "Quill" not in str(told)


def test_a_form_about_a_closed_incident(job: Job, tracker: Path, folder: Path) -> None:
    asked = {"reference": "CI-2026-032", "agency": POLICE, "sent": dt.date(2026, 11, 16), "returned": None}
    save_tracker(tracker, [incident("CI-2026-032", closed=dt.date(2026, 11, 19))], scoping=[asked])
    put(folder, scoped())
    assert job()["forms"][0]["remarks"] == [f"The incident is closed: see {address_of(tracker, 'closed', 5)}."]


def test_what_a_person_reads(tracker: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(folder, scoped(), f"CI-2026-032 Initial Scoping {POLICE}.docx")
    put(folder, b"%PDF", "form.pdf")
    arguments = [str(folder), "--tracker", str(tracker), "--as-of", AS_OF.isoformat()]
    assert read_returns.main(arguments) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"2 files in {folder}, for Critical incidents.xlsx"
    assert lines[-1] == "1 form to enter; 1 file left where it is. Nothing was written: run again with --apply."
    assert any("would be entered: 1 cell in row 5" in line for line in lines)


def test_the_demonstration(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert read_returns.main(["--demo", "--as-of", "2026-11-23", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [(form["form"], form["state"]) for form in told["forms"]] == [
        (SCOPING, "to be entered"), (SCOPING, "to be entered"), (CI, "to be entered"),
    ]  # fmt: skip
    assert told["forms"][1]["remarks"][0].startswith("Read it now")
    assert told["forms"][1]["missing"]
    assert len(told["refused"]) == 1
    assert read_returns.main(["--demo", "--apply", "--as-of", "2026-11-23", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {form["state"] for form in told["forms"]} == {"entered"}


# Wrong usage


def test_no_such_folder(tracker: Path, folder: Path) -> None:
    with pytest.raises(UsageError, match=r"There is no folder elsewhere\. Name the folder"):
        read_returns.main(["elsewhere", "--tracker", str(tracker), "--as-of", "2026-11-23"])


@pytest.mark.parametrize("more", [["--apply", "--dry-run"], ["--received", "2026-11-24"], ["--demo"]])
def test_options_that_contradict_each_other(more: list[str], folder: Path) -> None:
    with pytest.raises(SystemExit, match="2"):
        read_returns.parse([str(folder), "--as-of", "2026-11-23", *more])
