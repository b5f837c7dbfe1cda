"""Forms and letters made from the tracker through the command line, and opened again."""

from __future__ import annotations

import datetime as dt
import functools
import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn

from scripts import make_document, weekly_summary
from scripts.adapters.word.documents.making import Maker
from scripts.adapters.word.templates.template_files import FOLDER
from tests.scripts.layouts import save_sheets
from tests.scripts.trackers import AS_OF, incident, run_job, save_tracker, told
from tests.word.documents import controls_of, is_prompt, opened, text_in, text_of
from tracker_schema.documents.documents import documents
from tracker_schema.errors import TrackerError, UsageError

RISK = "Made up: the adult & <others> may come back; {{ 7 * 7 }} “quoted”.\nSecond line.\tAfter a tab. שלום 👩‍👧"
DAY = "2026-11-23"


@pytest.fixture(scope="module")
def tracker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    asked = [
        {"reference": "CI-2026-001", "agency": agency, "sent": sent, "returned": returned, "contact": None}
        for agency, sent, returned in (
            ("Made-up Police", dt.date(2026, 11, 20), None),
            ("Health: trust/A", None, None),
            ("School", dt.date(2026, 11, 19), dt.date(2026, 11, 20)),
        )
    ]
    return save_tracker(
        tmp_path_factory.mktemp("tracker") / "Critical incidents.xlsx",
        [
            incident("CI-2026-001", risk=RISK, child_id="Zanzibar 77", looked_after="Yes"),
            incident("../../CI:2026|002?"),
            incident("CI-2026-003", closed=AS_OF),
        ],
        scoping=asked,
    )


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def make(tracker: Path, *words: str) -> int:
    return make_document.main([*words, "--tracker", str(tracker), "--as-of", DAY])


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_form_for_an_incident_that_is_not_in_the_tracker_yet(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It needs no tracker at all, and asks for everything."""
    assert make_document.main(["critical-incident-form", "--blank", "--as-of", DAY]) == 0
    (form,) = (here / "documents").iterdir()
    assert form.name == "New incident critical-incident-form 2026-11-23.docx"
    assert capsys.readouterr().out == f"Made {form.relative_to(here)}\n"
    found = controls_of(form)
    assert text_in(found["reference"]) == "New incident"
    asked = [tag for tag in found if tag in ("summary", "aware_date", "child_1_child_id", "risk")]
    assert len(asked) == 4
    assert all(is_prompt(found[tag]) for tag in asked)
    assert "Not recorded" not in text_of(form)
    assert "from the tracker" not in text_of(form)


def test_a_form_for_several_children_has_a_part_for_each(here: Path) -> None:
    assert make_document.main(["critical-incident-form", "--blank", "--children", "4", "--as-of", DAY]) == 0
    (form,) = (here / "documents").iterdir()
    asked = [tag for tag in controls_of(form) if tag.endswith("_child_id")]
    assert asked == [f"child_{number}_child_id" for number in range(1, 5)]
    assert "The child: child 4" in text_of(form)


@pytest.mark.parametrize("words", ["--blank --children 0", "--blank --children 10", "--children 2"])
def test_so_many_children_there_are_not(words: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        make_document.main(["critical-incident-form", *words.split(), "--as-of", DAY])
    assert "--children goes with --blank, and with a number from 1 to 9" in capsys.readouterr().err


def test_no_other_document_is_made_for_no_incident(here: Path) -> None:
    with pytest.raises(UsageError, match=r"Give its reference; --blank is for critical-incident-form\."):
        make_document.main(["initial-scoping", "--blank", "--as-of", DAY])
    with pytest.raises(SystemExit, match="2"):
        make_document.main(["critical-incident-form", "CI-2026-001", "--blank", "--as-of", DAY])


def test_a_form_says_what_the_tracker_says(tracker: Path, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = tracker.read_bytes()
    assert make(tracker, "critical-incident-form", "ci-2026-001") == 0
    file = here / "documents" / f"CI-2026-001 critical-incident-form {DAY}.docx"
    assert names(here / "documents") == [file.name]
    said = text_of(file)
    lines = said.splitlines()
    assert lines[0] == "OFFICIAL-SENSITIVE"
    assert lines[-1] == "CI-2026-001: Critical Incident Form\tPage 1 of 1"
    assert "Wednesday 18 November 2026" in lines
    assert "None" not in said
    assert "NaT" not in said
    controls = controls_of(file)
    assert text_in(controls["risk"]) == RISK
    assert not is_prompt(controls["risk"])
    assert text_in(controls["child_1_child_id"]) == "Zanzibar 77"
    aware = controls["aware_date"].find(f"{qn('w:sdtPr')}/{qn('w:date')}")
    assert aware.get(qn("w:fullDate")) == "2026-11-18T00:00:00Z"
    assert text_in(controls["immediate_action"]).startswith("Not recorded. ")
    assert is_prompt(controls["immediate_action"])
    assert text_in(controls["panel_care_or_plan"]) == "☒"
    assert text_in(controls["panel_institution"]) == "☐"
    assert tracker.read_bytes() == before
    shown = capsys.readouterr().out
    assert f"Made {Path('documents') / file.name}" in shown
    assert "Still lacks: " in shown
    assert "Immediate action" in shown
    assert "Zanzibar" not in shown


def test_only_the_fields_can_be_changed_and_no_password_is_needed(tracker: Path, here: Path) -> None:
    make(tracker, "initial-scoping", "CI-2026-001", "--agency", "made-up police", "--out", "out")
    (file,) = (here / "out").iterdir()
    assert file.name == f"CI-2026-001 initial-scoping Made-up Police {DAY}.docx"
    document = opened(file)
    protection = document.settings.element.find(qn("w:documentProtection"))
    assert dict(protection.attrib) == {qn("w:edit"): "forms", qn("w:enforcement"): "1"}
    assert protection.getnext().tag == qn("w:defaultTabStop")
    controls = controls_of(file)
    assert text_in(controls["agency"]) == "Made-up Police"
    assert "Friday 27 November 2026" in text_of(file)  # five working days after Friday 20 November
    for tag, control in controls.items():
        lock = control.find(f"{qn('w:sdtPr')}/{qn('w:lock')}").get(qn("w:val"))
        fixed = tag in ("reference", "agency", "form:initial-scoping")
        assert lock == ("sdtContentLocked" if fixed else "sdtLocked"), tag
    properties = document.core_properties
    assert (properties.title, properties.keywords) == ("Initial Scoping, CI-2026-001", "OFFICIAL-SENSITIVE")
    assert properties.language == "en-GB"


def test_a_form_without_rows_is_a_group_in_which_word_checks_the_spelling(tracker: Path, here: Path) -> None:
    make(tracker, "critical-incident-form", "CI-2026-001")
    (file,) = (here / "documents").iterdir()
    document = docx.Document(str(file))
    assert document.settings.element.find(qn("w:documentProtection")) is None
    group, section = document.element.body
    assert section.tag == qn("w:sectPr")
    about = group.find(qn("w:sdtPr"))
    assert about.find(qn("w:group")) is not None
    assert about.find(qn("w:lock")).get(qn("w:val")) == "contentLocked"
    assert all(control in list(group.iter(qn("w:sdt"))) for control in document.element.body.iter(qn("w:sdt")))
    with zipfile.ZipFile(file) as parts:
        assert b"<ns0:Application>Critical Incident Tracker</ns0:Application>" in parts.read("docProps/app.xml")


def test_nothing_is_ever_overwritten(tracker: Path, here: Path) -> None:
    for _ in range(3):
        assert make(tracker, "cspr-referral", "CI-2026-001") == 0
    stem = f"CI-2026-001 cspr-referral {DAY}"
    assert names(here / "documents") == [f"{stem} (2).docx", f"{stem} (3).docx", f"{stem}.docx"]


def test_everything_the_stage_calls_for_is_made(tracker: Path, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert make(tracker, "--list", "CI-2026-001", "--json") == 0
    listed = json.loads(capsys.readouterr().out)
    called = {each["name"] for each in listed["documents"] if each["called_for"]}
    assert called == {"day-4-meeting", "panel-notification", "case-details", "initial-scoping", "case-timeline"}
    lacking = {each["name"]: each["lacking"] for each in listed["documents"]}
    assert "Immediate action to make the child safer" in lacking["panel-notification"]
    assert lacking["initial-scoping"] == [
        "Full name", "Home address", "Person asked (Made-up Police, Health: trust/A, School)",
    ]  # fmt: skip
    assert make(tracker, "--all", "CI-2026-001", "--json") == 0
    made = json.loads(capsys.readouterr().out)
    assert {(each["name"], each["agency"]) for each in made["documents"]} == {
        *((name, None) for name in called - {"initial-scoping"}),
        ("initial-scoping", "Made-up Police"),
        ("initial-scoping", "Health: trust/A"),  # the school has returned
    }
    assert sorted(Path(each["file"]).name for each in made["documents"]) == names(here / "documents")
    assert f"CI-2026-001 initial-scoping Health- trust-A {DAY}.docx" in names(here / "documents")


def test_what_is_missing_stands_on_top_of_the_panel_worksheet(tracker: Path, here: Path) -> None:
    make(tracker, "panel-notification", "CI-2026-001")
    lines = text_of(next((here / "documents").iterdir())).splitlines()
    missing, first = lines.index("Still missing"), lines.index("1. Who notifies")
    assert missing < lines.index("Immediate action to make the child safer") < first
    assert "Panel notified" not in lines[missing:first]
    assert "Notify by Wednesday 25 November 2026: five working days from becoming aware." in lines
    assert "The facts recorded meet the Panel’s criteria (Children Act 2004, section 16C); people decide." in lines


@pytest.mark.parametrize("name", ["day-4-meeting", "panel-notification", "rapid-review-report"])
def test_earlier_incidents_with_features_in_common_are_listed(name: str, here: Path) -> None:
    earlier = {"aware_date": dt.date(2026, 3, 2), "incident_date": dt.date(2026, 3, 1), "date_of_birth": None}
    log = save_tracker(
        here / "log.xlsx",
        [
            incident("CI-2026-001", **earlier, team="Team A", learning="Curiosity; Voice of the child", initials="QQ"),
            incident("CI-2026-002", **earlier, team="Team B"),
            incident("CI-2026-003", team="Team A"),
        ],
        actions=[{"reference": "CI-2026-001", "action": "Made up: to ask", "owner": "Made-up owner"}],
    )
    make(log, name, "CI-2026-003")
    make(log, name, "CI-2026-002")
    third, second = (text_of(path.read_bytes()) for path in sorted((here / "documents").iterdir(), reverse=True))
    shown = third[third.index("Earlier incidents with features in common") :]
    for words in ("CI-2026-001", "Team: Team A", "Curiosity; Voice of the child", "1 open, 0 done"):
        assert words in shown
    assert not [words for words in ("CI-2026-002", "QQ", "Made up: to ask", "Made-up owner") if words in shown]
    assert "The tracker has no earlier incident with features in common." in second


def test_a_feature_of_any_child_is_in_common(here: Path) -> None:
    earlier = {"aware_date": dt.date(2026, 3, 2), "incident_date": dt.date(2026, 3, 1), "date_of_birth": None}
    log = save_tracker(
        here / "log.xlsx",
        [
            incident("CI-2026-001/1", **earlier, category="Burn\nFall", team="Team A", initials="AA"),
            incident("CI-2026-001/2", **earlier, category="Neglect", team="Team B", initials="BB"),
            incident("CI-2026-002/1", category="fall", team="Team C", initials="CC"),
            incident("CI-2026-002/2", category="Burns; neglect", team="Team B", initials="DD"),
        ],
    )
    settings = here / "config.toml"
    settings.write_text("[layout]\nchild_in_reference = true\n", "utf-8")
    make(log, "day-4-meeting", "CI-2026-002", "--config", str(settings))
    (path,) = (here / "documents").iterdir()
    assert "Category of harm: fall; category of harm: neglect; team: Team B" in text_of(path.read_bytes())


def test_the_list_of_all_documents_needs_no_tracker(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert make_document.main(["--list"]) == 0
    shown = capsys.readouterr().out
    assert "operational-head-notice" in shown
    assert make_document.main(["--list", "--json"]) == 0
    assert [each["name"] for each in json.loads(capsys.readouterr().out)["documents"]] == list(documents())
    assert list(here.iterdir()) == []


def test_a_closed_case_calls_for_nothing_but_has_what_is_named(
    tracker: Path, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert make(tracker, "--all", "CI-2026-003") == 0
    assert "calls for no document" in capsys.readouterr().out
    assert not (here / "documents").exists()
    assert make(tracker, "learning-briefing", "CI-2026-003") == 0


def test_a_reference_is_text_and_never_a_path(tracker: Path, here: Path) -> None:
    assert make(tracker, "day-4-meeting", "../../CI:2026|002?", "--out", "a/b") == 0
    assert [path.relative_to(here).as_posix() for path in here.rglob("*.docx")] == [
        f"a/b/-..-CI-2026-002- day-4-meeting {DAY}.docx"
    ]


def test_a_dry_run_makes_nothing_and_says_what_it_would(
    tracker: Path, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert make(tracker, "initial-scoping", "CI-2026-001", "--dry-run") == 0
    assert capsys.readouterr().out.count("Would make ") == 3
    assert list(here.iterdir()) == []


def test_a_template_that_cannot_be_used_stops_no_other_document(
    tracker: Path, here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(FOLDER, here / "templates")
    (here / "templates" / "initial-scoping.docx").write_bytes(b"PK half of a template")
    monkeypatch.setattr(make_document, "Maker", functools.partial(Maker, folder=here / "templates"))
    with pytest.raises(UsageError, match=r"initial-scoping\.docx is no Word document") as error:
        make(tracker, "--all", "CI-2026-001", "--out", "made")
    assert error.value.exit_code == 2
    made = names(here / "made")
    assert made
    assert not any("initial-scoping" in name for name in made)
    assert capsys.readouterr().out.count("Made made") == len(made)


def test_a_form_for_an_agency_that_was_not_asked_is_made_and_that_is_said(
    tracker: Path, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make(tracker, "initial-scoping", "CI-2026-001", "--agency", "Scool")
    said = capsys.readouterr().out
    assert len(list(here.iterdir())) == 1
    assert "Scool is not on the Scoping sheet for CI-2026-001; the agencies there are Made-up Police," in said
    assert "Still lacks: Full name, Home address" in said


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["critical-incident", "CI-2026-001"], r"no document critical-incident\. Did you mean “critical-incident-f"),
        (["cspr-referral", "CI-2026-009"], r"no incident CI-2026-009\. Did you mean “CI-2026-00"),
        (["cspr-referral", "CI-2026-001", "--agency", "School"], "Leave out --agency"),
        (["initial-scoping", "CI-2026-003"], "the Scoping sheet has none for CI-2026-003"),
    ],
)
def test_what_cannot_be_made_is_an_error(words: list[str], says: str, tracker: Path, here: Path) -> None:
    with pytest.raises(UsageError, match=says):
        make(tracker, *words)
    assert list(here.iterdir()) == []


@pytest.mark.parametrize(
    "words",
    [
        ["cspr-referral"],
        ["--all"],
        ["--all", "--list", "CI-2026-001"],
        ["--all", "cspr-referral", "CI-2026-001"],
        ["--all", "CI-2026-001", "--agency", "School"],
        ["--demo"],  # with --tracker
    ],
)
def test_wrong_usage_is_exit_code_2(words: list[str], tracker: Path, here: Path) -> None:
    with pytest.raises(SystemExit) as stopped:
        make(tracker, *words)
    assert stopped.value.code == 2


def test_a_folder_that_cannot_be_written_is_an_error(tracker: Path, here: Path) -> None:
    (here / "documents").write_text("a file, not a folder", "utf-8")
    with pytest.raises(UsageError, match=r"Nothing can be written to the folder documents .* Name another with --out"):
        make(tracker, "cspr-referral", "CI-2026-001")


def test_no_libreoffice_is_said_before_anything_is_made(
    tracker: Path, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    for variable in ("ProgramFiles", "ProgramFiles(x86)"):
        monkeypatch.delenv(variable, raising=False)
    with pytest.raises(UsageError, match=r"LibreOffice is not installed\. Leave out --pdf"):
        make(tracker, "cspr-referral", "CI-2026-001", "--pdf")
    assert list(here.iterdir()) == []


def test_a_libreoffice_that_fails_leaves_the_word_document(
    tracker: Path, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scripts.adapters.word.documents.pdf.libreoffice", lambda: shutil.which("false") or "false")
    with pytest.raises(TrackerError, match=r"LibreOffice did not make the PDF\. The Word document was made"):
        make(tracker, "cspr-referral", "CI-2026-001", "--pdf")
    assert names(here / "documents") == [f"CI-2026-001 cspr-referral {DAY}.docx"]


def test_the_demonstration_makes_documents_of_a_made_up_case_in_a_process_of_its_own(here: Path) -> None:
    done = run_job("make_document", "--demo", "--as-of", DAY, "--json", cwd=here)
    assert (done.returncode, done.stderr) == (0, "")
    documents = told(done.stdout)["documents"]
    assert len(documents) >= 4
    for each in documents:
        assert (here / each["file"]).exists()


def test_several_children_are_each_on_the_form(here: Path) -> None:
    def child(number: object, **cells: object) -> dict[str, object]:
        return {"child_number": number, **incident("CI-2026-014"), "risk": None, **cells}

    rows = [
        child("A", initials="AA", outcome="Serious harm", date_of_birth="31/02/2015", team="North"),
        child("B", initials="BB", outcome="Death", looked_after="Yes", team="South", risk="Made up"),
    ]
    log = save_sheets(here / "Log.xlsx", {"Incidents": rows})
    assert make(log, "critical-incident-form", "CI-2026-014") == 0
    (file,) = (here / "documents").iterdir()
    found = controls_of(file)
    assert [text_in(found[f"child_{number}_initials"]) for number in (1, 2)] == ["AA", "BB"]
    assert "child_3_initials" not in found
    born = text_in(found["child_1_date_of_birth"])
    assert re.match(r"Not readable \(see Incidents![A-Z]+\d+ in the tracker\)\. ", born)
    assert text_in(found["child_2_date_of_birth"]) == "Wednesday 4 March 2015"
    assert [text_in(found[f"child_{number}_outcome"]) for number in (1, 2)] == ["Serious harm", "Death"]
    assert text_in(found["team"]) == "child 1: North; child 2: South"
    assert text_in(found["panel_care_or_plan"]) == "☒"
    assert make(log, "director-briefing", "CI-2026-014", "--out", "more") == 0
    (file,) = (here / "more").iterdir()
    assert "child 1: Serious harm; child 2: Death" in text_of(file)


@pytest.mark.skipif(not (shutil.which("soffice") and shutil.which("pdftotext")), reason="needs LibreOffice and poppler")
def test_a_pdf_says_the_same(tracker: Path, here: Path) -> None:
    assert make(tracker, "day-4-meeting", "CI-2026-001", "--pdf") == 0
    stem = f"CI-2026-001 day-4-meeting {DAY}"
    assert names(here / "documents") == [f"{stem}.docx", f"{stem}.pdf"]
    read = ["pdftotext", "-layout", str(here / "documents" / f"{stem}.pdf"), "-"]
    said = subprocess.run(read, capture_output=True, encoding="utf-8", check=True).stdout
    assert "OFFICIAL-SENSITIVE" in said
    assert "Page 1 of " in said
    assert "Made up: the adult & <others> may come back; {{ 7 * 7 }} “quoted”." in said
    assert "Second line." in said
    assert "Not recorded" in said


def test_the_ofsted_worksheet_is_of_those_who_died(here: Path) -> None:
    rows = [
        {"child_number": number, **incident("CI-2026-014"), "child_id": f"X{number}", "outcome": outcome}
        for number, outcome in ((1, "Serious harm"), (2, "Death"), (3, None))
    ]
    log = save_sheets(here / "Log.xlsx", {"Incidents": [*rows, {"child_number": None, **incident("CI-2026-015")}]})
    assert make(log, "ofsted-notification", "CI-2026-014") == 0
    (file,) = (here / "documents").iterdir()
    found = controls_of(file)
    assert [tag for tag in found if tag.endswith("_child_id")] == ["child_2_child_id"]
    assert not is_prompt(found["incident_date"])
    said = text_of(file)
    assert "4. The child or young person: child 2" in said
    assert "Outcome (child 3)" in said
    assert make(log, "ofsted-notification", "CI-2026-015", "--out", "alive") == 0
    (file,) = (here / "alive").iterdir()
    assert is_prompt(controls_of(file)["incident_date"])
    assert "The tracker does not say that a child or young person has died." in text_of(file)


def test_the_decision_letter_is_addressed_and_says_that_the_review_was_published(here: Path) -> None:
    decided = {"review_decision": "Local review", "review_decided": AS_OF, "panel_notified": AS_OF}
    published = dt.date(2026, 11, 20)
    log = save_tracker(here / "log.xlsx", [incident("CI-2026-001", **decided, review_published=published)])
    assert make(log, "review-decision-letter", "CI-2026-001") == 0
    (file,) = (here / "documents").iterdir()
    lines = text_of(file).splitlines()
    assert "To: the Child Safeguarding Practice Review Panel; Ofsted; the Department for Education" in lines
    assert {"Dear colleagues,", "Yours sincerely,"} <= set(lines)
    assert "The review was published on Friday 20 November 2026." in lines
    assert not [line for line in lines if "intend to publish" in line]


# The paper of all cases


def test_the_paper_for_slt_is_of_all_cases_and_says_what_the_last_summary_did_not(here: Path) -> None:
    """Outcomes are in it; the summary of the week before decides what is new; its file has the day for a name."""
    log = here / "log.xlsx"
    action = {"reference": "CI-2026-001", "action": "Made up: visit", "owner": None, "due": None, "done": None}
    save_tracker(log, [incident("CI-2026-001"), incident("CI-2026-002")], actions=[action | {"outcome": None}])
    (here / "config.toml").write_text(
        '[tracker]\nfile = "log.xlsx"\ncopies = 0\n[mail]\ndrafts_folder = "drafts"\nallowed_domains = ["a.example"]\n'
        '[recipients]\nslt = ["ann.sample@a.example"]\n[ledger]\nfile = "ledger.sqlite3"\n',
        "utf-8",
    )
    assert weekly_summary.main(["--as-of", "2026-11-23"]) == 0
    outcome = "Made up: the family is safe & well"
    rows = [incident("CI-2026-001", outcome_of_action=outcome), incident("CI-2026-002")]
    save_tracker(log, rows, actions=[action | {"outcome": "Made up: seen"}])
    assert make_document.main(["slt-paper", "--as-of", "2026-12-01"]) == 0
    (paper,) = (here / "documents").iterdir()
    assert paper.name == "slt-paper 2026-12-01.docx"
    said = text_of(paper)
    assert "Monday 23 November 2026, the day of the last summary" in said
    assert outcome in said
    assert "Made up: seen" in said
    headings = [each.text for each in opened(paper).paragraphs if each.style.name == "Heading 1"]
    assert headings == ["All cases", "CI-2026-001"]
    assert opened(paper).core_properties.title == "Critical Incidents: Paper for SLT, Tue 1 Dec 2026"


def test_the_paper_for_slt_takes_no_reference_and_is_on_no_list_of_a_case(
    tracker: Path, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        make(tracker, "slt-paper", "CI-2026-001")
    assert "slt-paper is about all cases; leave out the reference and --agency" in capsys.readouterr().err
    assert make(tracker, "--list", "CI-2026-001") == 0
    assert "slt-paper" not in capsys.readouterr().out
    assert make(tracker, "slt-paper", "--json", "--dry-run") == 0
    made = json.loads(capsys.readouterr().out)
    assert made["reference"] is None
    assert [Path(each["file"]).name for each in made["documents"]] == [f"slt-paper {DAY}.docx"]
