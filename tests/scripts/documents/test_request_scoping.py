"""Agencies asked for their scoping returns, through the command line on real files; and the whole way back."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from scripts import read_returns, request_scoping
from scripts.adapters.mail.messages import scoping_request
from scripts.adapters.mail.messages.templates import LetterError, environment
from tests.scripts.trackers import address_of, column_of, incident, save_tracker
from tests.word.forms import Value, filled, w
from tests.word.returned import details, scoped
from tracker_schema.errors import TrackerBusy, UsageError

AS_OF = dt.date(2026, 11, 23)
CONFIG = """
[council]
name = "Example Council"
[mail]
allowed_domains = ["police.example", "health.example"]
[agencies]
"Example Police" = "safeguarding@police.example"
"Example Hospital Trust" = "named.nurse@health.example"
"""
POLICE = "CI-2026-001 initial-scoping Example Police 2026-11-23"


@pytest.fixture
def tracker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An incident with four agencies: two to be asked, one asked last week, one that has returned."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.toml").write_text(CONFIG, "utf-8")
    (tmp_path / "tracker").mkdir()
    rows: list[dict[str, object]] = [
        {"agency": "Example Police", "sent": None, "returned": None},
        {"agency": "Example School", "sent": None, "returned": None},
        {"agency": "Example Hospital Trust", "sent": dt.date(2026, 11, 18), "returned": None},
        {"agency": "Example Housing", "sent": dt.date(2026, 11, 11), "returned": dt.date(2026, 11, 12)},
    ]
    return save_tracker(
        tmp_path / "tracker" / "Critical incidents.xlsx",
        [incident("CI-2026-001", initials="QQ", summary="Made up: a fall."), incident("CI-2026-002")],
        scoping=[{"reference": "CI-2026-001", "contact": "Made up: D. Sample", **row} for row in rows],
        table=True,
    )


Job = Callable[..., dict[str, Any]]


@pytest.fixture
def job(tracker: Path, capsys: pytest.CaptureFixture[str]) -> Job:
    """The job, with the case details filled in."""
    for reference in ("CI-2026-001", "CI-2026-002"):
        put_details("out", reference)

    def job(*more: str, as_of: dt.date = AS_OF) -> dict[str, Any]:
        arguments = ["--tracker", str(tracker), "--as-of", as_of.isoformat(), "--out", "out", "--json", *more]
        assert request_scoping.main(arguments) == 0
        answer: dict[str, Any] = json.loads(capsys.readouterr().out)
        return answer

    return job


def put_details(folder: str | Path, reference: str, **more: Value) -> Path:
    """The case details of an incident, filled in, in a folder, from long ago."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    path = Path(folder) / f"{reference} case-details 2026-11-20.docx"
    path.write_bytes(details(reference, more))
    os.utime(path, (1_700_000_000, 1_700_000_000))
    return path


def files(folder: Path) -> list[str]:
    """What is in a folder besides the case details."""
    return sorted(path.name for path in folder.iterdir() if "case-details" not in path.name)


def sent(tracker: Path, row: int) -> str:
    return address_of(tracker, "sent", row, "scoping")


def draft(path: Path) -> email.message.EmailMessage:
    return email.message_from_bytes(path.read_bytes(), policy=email.policy.default)


def test_each_agency_gets_a_form_and_a_draft(job: Job, tracker: Path, tmp_path: Path) -> None:
    before = tracker.read_bytes()
    answer = job("CI-2026-001")
    assert [(each["agency"], each["return_by"], each["made"]) for each in answer["agencies"]] == [
        ("Example Police", "2026-11-30", ["template", "e-mail"]),
        ("Example School", "2026-11-30", ["template", "e-mail"]),
        ("Example Hospital Trust", "2026-11-25", ["template", "e-mail"]),
    ]
    assert answer["remarks"] == [
        "Example Housing has returned its form already, and is not asked again.",
        "Example Hospital Trust was sent its form on 18/11/2026; its time runs from then.",
        "The e-mail to Example School has no address, because config.toml has none under [agencies]. Type it in before "
        "you send it.",
        "When the forms have gone out to Example Police, Example School, fill in “Sent”, or run with --mark-sent.",
    ]
    assert len(files(tmp_path / "out")) == 6
    assert draft(tmp_path / "out" / "CI-2026-001 initial-scoping Example School 2026-11-23.eml")["To"] is None
    assert tracker.read_bytes() == before


def test_the_covering_e_mail(job: Job, tmp_path: Path) -> None:
    job("CI-2026-001")
    mail = draft(tmp_path / "out" / f"{POLICE}.eml")
    assert (
        mail["Subject"] == "OFFICIAL-SENSITIVE: Initial Scoping CI-2026-001: please return by Monday 30 November 2026"
    )
    assert mail["To"] == "safeguarding@police.example"
    assert mail["X-Unsent"] == "1"
    body = mail.get_body(("plain",))
    assert body is not None
    said = " ".join(body.get_content().split())
    assert "by Monday 30 November 2026" in said
    assert "asks Example Police for an Initial Scoping return" in said
    assert "The form names the child and, as far as we know them, the family and household" in said
    (attached,) = mail.iter_attachments()
    assert attached.get_filename() == f"{POLICE}.docx"
    assert attached.get_content() == (tmp_path / "out" / f"{POLICE}.docx").read_bytes()
    for detail in ("QQ", "fall", "Serious harm", "2015", "17/11/2026", "17 November", "D. Sample"):
        assert detail not in f"{mail['Subject']} {said}", detail


def test_running_twice_writes_nothing_over(job: Job, tmp_path: Path) -> None:
    job("CI-2026-001")
    before = {path: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    answer = job("CI-2026-001")
    assert {path: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before
    assert not any(each["made"] for each in answer["agencies"])
    for name in (f"{POLICE}.docx", f"{POLICE}.eml"):
        sentence = f"{name} already exists and was not changed. To have it made again, move it away first."
        assert sentence in answer["remarks"]


def test_a_draft_made_anew_carries_the_form_as_it_was_left(job: Job, tmp_path: Path) -> None:
    job("CI-2026-001")
    before = (tmp_path / "out" / f"{POLICE}.eml").read_bytes()
    form = tmp_path / "out" / f"{POLICE}.docx"
    typed = filled(form.read_bytes(), {"completed_by": "Made up: typed by a person"})
    form.write_bytes(typed)
    answer = job("CI-2026-001")
    assert [each["made"] for each in answer["agencies"]] == [["e-mail"], [], []]
    (attached,) = draft(tmp_path / "out" / f"{POLICE} (2).eml").iter_attachments()
    assert attached.get_content() == typed
    assert (tmp_path / "out" / f"{POLICE}.eml").read_bytes() == before
    takes_its_place = f"{POLICE} (2).eml takes the place of {POLICE}.eml, which holds an older form. Delete that one."
    assert takes_its_place in answer["remarks"]
    assert not any(each["made"] for each in job("CI-2026-001")["agencies"])


@pytest.mark.parametrize("length", [0, 8382])
def test_half_a_form_is_never_sent_on(job: Job, tmp_path: Path, length: int) -> None:
    """As a full disk or a person's stopped copy leaves it."""
    job("CI-2026-001")
    form = tmp_path / "out" / f"{POLICE}.docx"
    form.write_bytes(form.read_bytes()[:length])
    form.with_suffix(".eml").unlink()
    answer = job("CI-2026-001")
    assert not form.with_suffix(".eml").exists()
    (remark,) = [each for each in answer["remarks"] if each.startswith("No e-mail was drafted to Example Police")]
    assert f"because of {form.name}. It is {'damaged' if length else 'empty'}" in remark
    assert remark.endswith("move it away, and run again.")


# The case details


def text_of(path: Path) -> str:
    return "\n".join("".join(cell.itertext()) for cell in body_of(path).iter(w("p")))


def body_of(path: Path) -> Any:
    with zipfile.ZipFile(path) as archive:
        return etree.fromstring(archive.read("word/document.xml"))


def test_nothing_goes_out_before_it_is_known_whom_to_search_for(job: Job, tracker: Path, tmp_path: Path) -> None:
    before = tracker.read_bytes()
    answer = job("CI-2026-001", "--out", "new", "--mark-sent")
    assert (answer["agencies"], answer["sent"], tracker.read_bytes()) == ([], [], before)
    made = tmp_path / "new" / "CI-2026-001 case-details 2026-11-23.docx"
    assert list((tmp_path / "new").iterdir()) == [made]
    assert any("Fill in whom the agencies are to search for" in remark for remark in answer["remarks"])
    made.write_bytes(filled(made.read_bytes(), {"child_1_full_name": "Zed Example"}))
    with pytest.raises(UsageError, match="lacks “Home address”, and no form goes out without"):
        job("CI-2026-001", "--out", "new")
    made.write_bytes(filled(made.read_bytes(), {"child_1_address": "1 Made-up Street"}))
    assert [each["made"] for each in job("CI-2026-001", "--out", "new")["agencies"]] == [["template", "e-mail"]] * 3


def test_the_case_details_may_be_in_the_folder_of_the_case(job: Job, tracker: Path, tmp_path: Path) -> None:
    for form in (tmp_path / "out").iterdir():
        form.unlink()
    kept = put_details(tracker.parent / "Cases" / "CI-2026-001", "CI-2026-001")
    done = job("CI-2026-001")
    assert f"The case details are those of {Path('Cases', 'CI-2026-001', kept.name)}." in done["remarks"]
    assert len(list((tmp_path / "out").glob("*initial-scoping*.docx"))) == 3


def test_every_agency_is_told_whom_to_search_for(job: Job, tmp_path: Path) -> None:
    more = {"child_1_other_names": "Zee", "child_1_school": "Made-up School", "child_1_plan_history": "CIN 2024",
            "child_1_nhs_number": "000 000 0000", "child_1_gp": "{{ reference }} <b>&amp; =1+1"}  # fmt: skip
    put_details("out", "CI-2026-001", **more)
    job("CI-2026-001")
    forms = sorted((tmp_path / "out").glob("*initial-scoping*.docx"))
    assert len(forms) == 3
    for path in forms:
        said = text_of(path)
        for each in ("Zed 1 Example", "1 Made-up Street", "Ann Example", "Mother", "01/02/1990", *more.values()):
            assert each in said, each
        assert "Earlier addresses" not in said
        assert "Do not send this form yet" not in said


def test_a_mistake_in_the_e_mails_template_stops_no_form(
    job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "scoping_request.txt.j2").write_text("Subject: For {{ nobody }}\n")
    monkeypatch.setattr(scoping_request, "environment", lambda names: environment(names, tmp_path))
    with pytest.raises(
        LetterError, match=r"templates/emails/scoping_request\.txt\.j2, line 1: 'nobody' is undefined\."
    ):
        job("CI-2026-001", "--mark-sent")
    forms = [path.suffix for path in (tmp_path / "out").iterdir() if "initial-scoping" in path.name]
    assert forms == [".docx"] * 3


def test_newer_case_details_make_newer_forms(job: Job, tmp_path: Path) -> None:
    job("CI-2026-001")
    path = put_details("out", "CI-2026-001", child_1_address="2 Made-up Street")
    os.utime(path)
    answer = job("CI-2026-001")
    assert answer["agencies"][0]["template"] == f"{POLICE} (2).docx"
    assert f"{POLICE} (2).docx takes the place of {POLICE}.docx: the case details are newer." in answer["remarks"]
    (attached,) = draft(tmp_path / "out" / f"{POLICE} (2).eml").iter_attachments()
    assert attached.get_content() == (tmp_path / "out" / f"{POLICE} (2).docx").read_bytes()
    assert "2 Made-up Street" in text_of(tmp_path / "out" / f"{POLICE} (2).docx")
    assert not any(each["made"] for each in job("CI-2026-001")["agencies"])


def test_case_details_that_cannot_be_used(job: Job, tmp_path: Path) -> None:
    path = tmp_path / "out" / "CI-2026-001 case-details 2026-11-20.docx"
    for data, why in (
        (details("CI-2026-002"), "is about another incident"),
        (scoped(reference="CI-2026-001"), "is not the form “Case Details”"),
        (b"PK", "cannot be used. It is damaged"),
        (
            details("CI-2026-001", {"child_1_initials": "XX", "child_1_date_of_birth": "1 May 2001"}),
            "about another child",
        ),
    ):
        path.write_bytes(data)
        with pytest.raises(UsageError, match=why) as refused:
            job("CI-2026-001")
        assert "XX" not in str(refused.value)
    path.with_name(f"~${path.name[2:]}").write_bytes(b"")
    with pytest.raises(UsageError, match="is open in Word"):
        job("CI-2026-001")


def test_one_agency_on_the_sheet_or_not(job: Job, tracker: Path) -> None:
    assert [each["agency"] for each in job("CI-2026-001", "--agency", "example school")["agencies"]] == [
        "Example School"
    ]
    answer = job("CI-2026-001", "--agency", "Example Fire Service", "--mark-sent")
    assert [each["agency"] for each in answer["agencies"]] == ["Example Fire Service"]
    assert (
        "Example Fire Service is not on the Scoping sheet. With --mark-sent it gets a row there." in answer["remarks"]
    )
    assert column_of(tracker, "Agency", "Scoping")[4:] == ["Example Fire Service"]
    assert column_of(tracker, "Sent", "Scoping")[:2] == ["", ""]


def test_forms_of_another_day_are_named(job: Job) -> None:
    job("CI-2026-001")
    answer = job("CI-2026-001", as_of=dt.date(2026, 11, 24))
    assert f"{POLICE}.docx was made earlier for the same agency." in answer["remarks"]
    assert [each["return_by"] for each in answer["agencies"]] == ["2026-12-01", "2026-12-01", "2026-11-25"]


def test_sent_is_filled_in_where_it_is_empty(job: Job, tracker: Path) -> None:
    answer = job("CI-2026-001", "--mark-sent")
    assert answer["sent"] == [sent(tracker, 5), sent(tracker, 6)]
    assert f"“Sent” was filled in as 23/11/2026: {sent(tracker, 5)}, {sent(tracker, 6)}." in answer["remarks"]
    assert column_of(tracker, "Sent", "Scoping") == [AS_OF, AS_OF, dt.date(2026, 11, 18), dt.date(2026, 11, 11)]
    again = job("CI-2026-001", "--mark-sent", as_of=dt.date(2026, 11, 24))
    assert again["sent"] == []
    assert column_of(tracker, "Sent", "Scoping")[0] == AS_OF


def test_agencies_of_the_settings_get_a_row_with_mark_sent(job: Job, tracker: Path) -> None:
    with pytest.raises(UsageError, match=r"CI-2026-002 has no agency on the Scoping sheet\. Add a row there for each"):
        job("CI-2026-002")
    answer = job("CI-2026-002", "--agencies")
    assert [each["agency"] for each in answer["agencies"]] == ["Example Police", "Example Hospital Trust"]
    assert len(column_of(tracker, "Agency", "Scoping")) == 4
    answer = job("CI-2026-002", "--agencies", "--mark-sent")
    assert answer["sent"] == [sent(tracker, 9), sent(tracker, 10)]
    assert column_of(tracker, "Agency", "Scoping")[4:] == ["Example Police", "Example Hospital Trust"]
    assert column_of(tracker, "Reference", "Scoping")[4:] == ["CI-2026-002"] * 2
    assert column_of(tracker, "Sent", "Scoping")[4:] == [AS_OF, AS_OF]


def test_a_dry_run_makes_nothing(job: Job, tracker: Path, tmp_path: Path) -> None:
    before = tracker.read_bytes()
    answer = job("CI-2026-001", "--mark-sent", "--dry-run")
    assert [each["made"] for each in answer["agencies"]] == [["template", "e-mail"]] * 3
    assert answer["sent"] == [sent(tracker, 5), sent(tracker, 6)]
    assert files(tmp_path / "out") == []
    assert tracker.read_bytes() == before


def test_a_tracker_that_is_open(job: Job, tracker: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tracker.with_name(f"~${tracker.name}").write_bytes(b"")
    with pytest.raises(TrackerBusy):
        job("CI-2026-001", "--mark-sent")
    answer = json.loads(capsys.readouterr().out)
    assert "“Sent” was not filled in." in answer["remarks"]
    assert len(files(tmp_path / "out")) == 6


def test_a_folder_that_cannot_be_written_to(job: Job, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"a file")
    with pytest.raises(UsageError, match=r"Nothing can be written to the folder file .* Name another with --out"):
        job("CI-2026-001", "--out", "file")


def test_no_such_incident(job: Job) -> None:
    with pytest.raises(UsageError, match=r"The tracker has no incident CI-2026-009\. Did you mean “CI-2026-00"):
        job("CI-2026-009")


def test_what_a_person_reads(tracker: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put_details("documents", "CI-2026-001")
    assert request_scoping.main(["CI-2026-001", "--tracker", str(tracker), "--as-of", "2026-11-23"]) == 0
    shown = capsys.readouterr().out
    assert f"Example Police          30/11/2026  {POLICE}.docx" in shown
    assert shown.endswith("\n6 files put in documents.\n")
    assert "Sample" not in shown


def test_the_demonstration(tracker: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert request_scoping.main(["--demo", "--as-of", "2026-11-23", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["agencies"]
    assert all(each["made"] == ["template", "e-mail"] for each in answer["agencies"])
    assert {Path(name).suffix for name in files(tmp_path / answer["folder"])} == {".docx", ".eml"}


def test_there_and_back(job: Job, tracker: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Asked, filled in as Word does it, sent back, read in."""
    job("CI-2026-001", "--mark-sent")
    (tmp_path / "back").mkdir()
    answers: dict[str, Value] = {
        "completed_by": "Made up: E. Sample",
        "completed_on": dt.date(2026, 11, 26),
        "involved": "No",
        "involvement": "None",
        "action_needed": "No",
        "learning": "None",
    }
    for path in (tmp_path / "out").glob("*initial-scoping*.docx"):
        (tmp_path / "back" / path.name).write_bytes(filled(path.read_bytes(), answers))
    arguments = ["back", "--tracker", str(tracker), "--as-of", "2026-11-27", "--json", "--apply"]
    assert read_returns.main(arguments) == 0
    answer = json.loads(capsys.readouterr().out)
    assert {form["agency"]: (form["state"], form["missing"]) for form in answer["forms"]} == {
        name: ("entered", []) for name in ("Example Police", "Example School", "Example Hospital Trust")
    }
    assert {form["file"] for form in answer["forms"]} >= {f"{POLICE}.docx"}
    assert column_of(tracker, "Returned", "Scoping") == [*[dt.date(2026, 11, 27)] * 3, dt.date(2026, 11, 12)]
