"""A whole round: ten agencies asked, their forms filled in and saved as people do, read in, and the report made."""

from __future__ import annotations

import datetime as dt
import io
import json
import shutil
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from lxml import etree

from scripts import make_document, read_returns, request_scoping, send_reminders
from tests.scripts.trackers import column_of, incident, save_tracker
from tests.word.documents import opened
from tests.word.forms import Value, changed, filled, run, w
from tests.word.returned import SCOPED, details

ASKED, RECEIVED, LATE = dt.date(2026, 11, 23), dt.date(2026, 11, 27), dt.date(2026, 12, 2)
CASE = "CI-2026-001"
AGENCIES = [f"Made-up agency {number:02}" for number in range(1, 11)]
PLAIN, SPLIT, TRACKED, MANY, UNTAGGED, LONG, PARTIAL, PDF, LATE_ONE, LATE_TWO = AGENCIES
LONG_TEXT = "Made up {{ reference }} {% x %} <b>&amp; =1+1 é 字 " * 80  # about 4,000 characters


def rows_of(agency: str) -> list[dict[str, Value]]:
    """The chronology of an agency: the dates as people write them, not in order."""
    number = AGENCIES.index(agency) + 1
    dates = [f"{number:02}/03/2025", f"{number} June 2024 onwards", f"March {2000 + number}", "a long time ago"]
    dates += [f"{day:02}.11.{number:02}" for day in range(1, 9)] if agency == MANY else []
    return [
        {"chronology_date": date, "chronology_event": f"{agency} saw {place}", "chronology_response": f"noted {place}"}
        for place, date in enumerate(dates)
    ]


def answers_of(agency: str) -> dict[str, Value]:
    said: dict[str, Value] = {
        **SCOPED,
        "involvement": f"{agency} knew the family.\nIn two lines.",
        "action_needed": "Yes" if agency == TRACKED else "No",
        "action_what": f"{agency} has acted.",
        "learning": LONG_TEXT if agency == LONG else f"{agency} has learned.",
    }
    return {tag: value for tag, value in said.items() if agency != PARTIAL or tag not in ("learning", "completed_by")}


def split(root: Any) -> None:
    """Each text in runs of a few letters, with the marks of the spelling checker between them."""
    for text in list(root.iter(w("t"))):
        word, letters = text.getparent(), text.text or ""
        if len(word.findall(w("t"))) > 1 or not any(a.tag == w("sdtContent") for a in text.iterancestors()):
            continue
        for place in range(len(letters), 0, -5):
            piece = letters[max(place - 5, 0) : place]
            new = etree.fromstring(f'<r xmlns:w="{word.nsmap["w"]}">{run(piece)}</r>')[0]
            word.addnext(new)
            word.addnext(word.makeelement(w("proofErr"), {w("type"): "spellStart"}))
        word.remove(text)


def track(root: Any) -> None:
    """What was typed is a tracked insertion, after a deleted prompt."""
    for word in [each for content in root.iter(w("sdtContent")) for each in content if each.tag == w("r")]:
        gone, old = word.makeelement(w("del"), {w("id"): "1"}), word.makeelement(w("r"))
        etree.SubElement(old, w("delText")).text = "Deleted text"
        gone.append(old)
        put_in = word.makeelement(w("ins"), {w("id"): "2"})
        word.addprevious(gone)
        word.addprevious(put_in)
        put_in.append(word)


def untag(root: Any) -> None:
    for tag in list(root.iter(w("tag"))):
        tag.getparent().remove(tag)


SAVED: Mapping[str, Callable[[Any], None]] = {SPLIT: split, TRACKED: track, UNTAGGED: untag}


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder after the whole round."""
    folder = tmp_path_factory.mktemp("round")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        save_tracker(
            Path("tracker.xlsx"), [incident(CASE, initials="QQ")],
            scoping=[{"reference": CASE, "agency": each, "sent": None, "returned": None} for each in AGENCIES],
        )  # fmt: skip
        Path("out").mkdir()
        Path("out", f"{CASE} case-details 2026-11-23.docx").write_bytes(details(CASE))
        Path("config.toml").write_text('[ledger]\nfile = "ledger.sqlite3"\n', "utf-8")
        common = ["--config", "config.toml", "--tracker", "tracker.xlsx"]
        assert request_scoping.main([CASE, *common, "--as-of", str(ASKED), "--out", "out", "--mark-sent"]) == 0
        Path("returns").mkdir()
        for agency in AGENCIES:
            (sent,) = Path("out").glob(f"*{agency}*.docx")
            form = filled(sent.read_bytes(), answers_of(agency), {"chronology": rows_of(agency)})
            form = changed(form, SAVED[agency]) if agency in SAVED else form
            Path("out", f"{agency} back.docx").write_bytes(form)
        for day, came in ((RECEIVED, AGENCIES[:8]), (LATE, AGENCIES[8:])):
            for agency in came:
                if agency == PDF:
                    Path("returns", f"{CASE} {agency}.pdf").write_bytes(b"%PDF-1.7")
                else:
                    Path("out", f"{agency} back.docx").rename(Path("returns", f"{CASE} {agency}.docx"))
            assert read_returns.main(["returns", *common, "--as-of", str(day), "--apply"]) == 0
        report = ["rapid-review-report", CASE, *common, "--as-of", str(LATE), "--out", "report"]
        assert make_document.main(report) == 0
    return folder


def tables_of(done: Path, folder: str = "report") -> list[list[list[str]]]:
    (report,) = (done / folder).glob("*.docx")
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in opened(report.read_bytes()).tables]


def table(done: Path, *headings: str) -> list[list[str]]:
    (found,) = [table for table in tables_of(done) if table[0] == list(headings)]
    return found[1:]


def test_the_chronology_has_every_row_that_was_sent_once_and_in_order(done: Path) -> None:
    found = table(done, "Date or period", "Agency", "What happened", "What the agency did")
    sent = [
        [row["chronology_date"], agency, row["chronology_event"], row["chronology_response"]]
        for agency in AGENCIES if agency != PDF for row in rows_of(agency)
    ]  # fmt: skip
    assert sorted(found) == sorted(sent)
    dated = [date for date, *_ in found if date != "a long time ago"]
    assert [date for date, *_ in found][len(dated) :] == ["a long time ago"] * 9
    years = [2001, 2002, 2003, 2004, *[2004] * 8, 2005, 2006, 2007, 2009, 2010, *[2024] * 9, *[2025] * 9]
    assert [int(date[-2:]) % 100 if date[-2:].isdigit() else 24 for date in dated] == [year % 100 for year in years]


def test_what_each_agency_says_stands_side_by_side(done: Path) -> None:
    learned = dict(row[:2] for row in table(done, "Agency", "Its own learning", "How agencies worked together"))
    assert learned[PLAIN] == f"{PLAIN} has learned."
    assert learned[LONG] == LONG_TEXT.strip()
    assert (learned[PARTIAL], learned[PDF]) == (
        "Returned in part", "Came as a file that the program cannot read: read it",
    )  # fmt: skip
    action = {row[0]: row[1:] for row in table(done, "Agency", "Needed at once?", "Done, and still to be done")}
    assert action[TRACKED] == ["Yes", f"{TRACKED} has acted."]
    knew = table(done, "Agency", "Kind of involvement", "Involvement with the child and family")
    assert {row[0]: row[2] for row in knew} == {
        agency: "Not recorded" if agency == PDF else f"{agency} knew the family.\nIn two lines." for agency in AGENCIES
    }


def test_who_has_returned_in_part_and_not(done: Path) -> None:
    states = {row[0]: row[4] for row in table(done, "Agency", "Sent", "Return by", "Returned", "State")}
    assert states[PARTIAL] == "Returned in part. It lacks “Completed by”, “What your agency has learned”"
    assert states[PDF].startswith("Came as a file")
    assert {state for agency, state in states.items() if agency not in (PARTIAL, PDF)} == {"Returned"}
    returned = column_of(done / "tracker.xlsx", "Returned", "Scoping")
    assert returned == [*[RECEIVED] * 7, "", LATE, LATE]


def test_the_workbook_says_the_same(done: Path) -> None:
    (file,) = (done / "report").glob("*.xlsx")
    assert file.name == f"{CASE} chronology 2026-12-02.xlsx"
    workbook = openpyxl.load_workbook(io.BytesIO(file.read_bytes()))
    rows = [[cell.value for cell in row] for row in workbook["Chronology"].iter_rows(min_row=6)]
    found = table(done, "Date or period", "Agency", "What happened", "What the agency did")
    assert [row[1:] for row in rows] == found
    assert workbook["Agencies"].max_row == 5 + len(AGENCIES)
    assert not any(cell.data_type == "f" for page in workbook for row in page.iter_rows() for cell in row)


def test_the_forms_in_the_folder_of_the_case_are_read_too(done: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where every pass moves them; a form that is in both places counts once."""
    monkeypatch.chdir(done)
    processed = done / "Cases" / CASE / "Processed"
    processed.mkdir(parents=True)
    for path in (done / "returns" / "Processed").iterdir():
        shutil.copy(path, processed)
    (done / "Cases" / "Returned forms").mkdir()
    shutil.copy(done / "returns" / f"{CASE} {PDF}.pdf", done / "Cases" / "Returned forms")
    options = ["rapid-review-report", CASE, "--tracker", "tracker.xlsx", "--as-of", str(LATE)]
    assert make_document.main([*options, "--out", "both"]) == 0
    (done / "returns").rename(done / "away")
    try:
        assert make_document.main([*options, "--out", "case"]) == 0
    finally:
        (done / "away").rename(done / "returns")
    meant = tables_of(done)
    assert tables_of(done, "both") == meant
    assert sorted(map(str, tables_of(done, "case"))) == sorted(map(str, meant))


def test_the_agency_of_the_pdf_is_not_reminded(
    done: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(done)
    options = ["--config", "config.toml", "--tracker", "tracker.xlsx", "--as-of", str(LATE)]
    assert send_reminders.main([*options, "--dry-run", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert not [each for each in told["mail"] if each["to"] == f"agency {PDF}"]
    assert any("a file that may be this return came on 27/11/2026" in why for why in told["not_reminded"])


def test_nothing_of_the_forms_is_taken_for_a_template(done: Path) -> None:
    (report,) = (done / "report").glob("*.docx")
    with zipfile.ZipFile(report) as archive:
        text = "".join(map(str, etree.fromstring(archive.read("word/document.xml")).itertext()))
    assert text.count("{{ reference }}") == 80
