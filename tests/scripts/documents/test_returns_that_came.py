"""What came back and cannot be read, or is only part of a return: nothing in it is lost, and no agency is wronged."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scripts import read_returns, send_reminders
from scripts.adapters.word.documents.pdf import libreoffice
from tests.scripts.trackers import column_of, incident, save_tracker
from tests.word.forms import changed, filled, unfilled, w
from tests.word.returned import POLICE, SCOPED, SCOPING, TRUST, reported, scoped

AS_OF = dt.date(2026, 11, 23)
READ_NOW = "Read it now: to “Is anything needed at once to keep this or another child safe?” it answers “Yes”."
NOT_REMINDED = (
    "It may be this agency's return, so the agency is not reminded until “Returned” is filled in, or the file is moved "
    "away and this is run again."
)

Run = Callable[..., dict[str, Any]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the returns are; both agencies were asked a week ago, so both are due today."""
    monkeypatch.chdir(tmp_path)
    save_tracker(
        tmp_path / "tracker.xlsx",
        [incident("CI-2026-032")],
        scoping=[
            {"reference": "CI-2026-032", "agency": agency, "sent": dt.date(2026, 11, 16), "returned": None}
            for agency in (POLICE, TRUST)
        ],
    )
    (tmp_path / "Returns").mkdir()
    return tmp_path / "Returns"


@pytest.fixture
def read(folder: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def read(*more: str) -> dict[str, Any]:
        assert (
            read_returns.main([str(folder), "--tracker", "tracker.xlsx", "--as-of", str(AS_OF), "--json", *more]) == 0
        )
        told: dict[str, Any] = json.loads(capsys.readouterr().out)
        return told

    return read


@pytest.fixture
def remind(capsys: pytest.CaptureFixture[str], folder: Path) -> Callable[[], tuple[set[str], list[str]]]:
    """Returns which agencies are reminded, and why others are not."""

    def remind() -> tuple[set[str], list[str]]:
        assert send_reminders.main(["--tracker", "tracker.xlsx", "--as-of", str(AS_OF), "--dry-run", "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        return {each["to"] for each in told["mail"] if each["kind"] == "chaser"}, told["not_reminded"]

    return remind


def without_its_name(data: bytes) -> bytes:
    """The form without the tag of the field that says which form it is."""

    def lose(root: Any) -> None:
        for tag in [each for each in root.iter(w("tag")) if str(each.get(w("val"))).startswith("form:")]:
            tag.getparent().remove(tag)

    return changed(data, lose)


@pytest.mark.parametrize(
    "data",
    [
        scoped(reference="CI-2026-999", action_needed="Yes"),
        scoped("Example Fire Service", action_needed="Yes"),
        without_its_name(scoped(action_needed="Yes")),
        scoped(action_needed="Yes", completed_on="25.11.26"),
    ],
    ids=["reference", "agency", "lost", "date"],
)
def test_what_is_urgent_is_said_first_whatever_else_is_wrong(
    data: bytes, folder: Path, read: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "form.docx").write_bytes(data)
    told = read()
    (one,) = told["refused"] or told["forms"]
    assert one["remarks"][0] == READ_NOW
    assert read_returns.main([str(folder), "--tracker", "tracker.xlsx", "--as-of", str(AS_OF)]) == 0
    said = capsys.readouterr().out
    assert said.index("Read it now: to") < said.index("1 file in")


def test_a_date_that_goes_into_no_column_refuses_no_form(folder: Path, read: Run) -> None:
    (folder / "form.docx").write_bytes(scoped(completed_on="25.11.26"))
    told = read("--apply")
    assert [(each["state"], each["remarks"]) for each in told["forms"]] == [
        ("entered", ["“Date completed” is not a date. Look at the form itself."])
    ]
    assert column_of(Path("tracker.xlsx"), "Returned", "Scoping") == [AS_OF, ""]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("CI-2026-032 initial-scoping Example Police 2026-11-16.pdf", b"%PDF-1.7"),
        ("Example Police return.odt", b"PK"),
        ("scan from EXAMPLE POLICE.jpg", b"\xff\xd8"),
        ("Example_Police CI-2026-032.docx", filled(unfilled("day-4-meeting"), {})[:2000]),
        ("CI-2026-032 Example Police.gdoc", b"{}"),
    ],
)
def test_a_form_of_another_kind_came_and_its_agency_is_not_reminded(
    name: str, data: bytes, folder: Path, read: Run, remind: Callable[[], tuple[set[str], list[str]]]
) -> None:
    both = {f"agency {POLICE}", f"agency {TRUST}"}
    assert remind()[0] == both
    (folder / name).write_bytes(data)
    (refused,) = read()["refused"]
    assert (refused["reference"], refused["agency"]) == ("CI-2026-032", POLICE)
    assert refused["why"].endswith("Read it now; if it is an agency's return, enter the date on which it came.")
    assert refused["remarks"] == [NOT_REMINDED]
    reminded, why = remind()
    assert reminded == both - {f"agency {POLICE}"}
    assert "a file that may be this return came on 23/11/2026" in why[0]
    (folder / "Looked at").mkdir()
    (folder / name).rename(folder / "Looked at" / name)
    read()
    assert remind()[0] == both


def test_a_copy_without_fields_tells_at_its_head_whose_it_is(folder: Path, read: Run) -> None:
    """As Google Docs and others save it: the text is there, and no field is."""

    def unwrap(root: Any) -> None:
        for sdt in list(root.iter(w("sdt")))[::-1]:
            for held in sdt.find(w("sdtContent")):
                sdt.addprevious(held)
            sdt.getparent().remove(sdt)

    (folder / "Scan0001.docx").write_bytes(changed(scoped(action_needed="Yes"), unwrap))
    (refused,) = read()["refused"]
    assert (refused["reference"], refused["agency"]) == ("CI-2026-032", POLICE)
    assert refused["remarks"] == [READ_NOW, NOT_REMINDED]


def test_a_file_that_names_nobody_stops_no_reminder(
    folder: Path, read: Run, remind: Callable[[], tuple[set[str], list[str]]]
) -> None:
    (folder / "Scan0001.pdf").write_bytes(b"%PDF-1.7")
    (refused,) = read()["refused"]
    assert (refused["agency"], refused["remarks"]) == (None, [])
    assert len(remind()[0]) == 2


def test_a_dry_run_records_nothing(folder: Path, read: Run, remind: Callable[[], tuple[set[str], list[str]]]) -> None:
    (folder / "Example Police.pdf").write_bytes(b"%PDF-1.7")
    read("--dry-run")
    assert len(remind()[0]) == 2


def test_the_rest_of_a_return_completes_it(folder: Path, read: Run) -> None:
    partly = {tag: value for tag, value in SCOPED.items() if tag != "learning"}
    (folder / "form 1.docx").write_bytes(filled(unfilled(SCOPING, "CI-2026-032", POLICE), partly))
    assert read("--apply")["forms"][0]["missing"] == ["What your agency has learned"]
    (folder / "form 2.docx").write_bytes(
        filled(unfilled(SCOPING, "CI-2026-032", POLICE), {**partly, "approved_by": "X"})
    )
    (folder / "form 3.docx").write_bytes(scoped())
    told = read("--apply")
    assert [(each["file"], each["state"]) for each in told["forms"]] == [
        ("form 2.docx", "refused"), ("form 3.docx", "completes an earlier one"),
    ]  # fmt: skip
    assert sorted(path.name for path in (folder / "Processed").iterdir()) == ["form 1.docx", "form 3.docx"]
    (folder / "form 2.docx").rename(folder / "Processed" / "second.docx")
    (folder / "form 3.docx").write_bytes(scoped(learning="Made up: more."))
    assert read("--apply")["refused"][0]["why"].startswith("It came back before")


@pytest.fixture(scope="module")
def resaved(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A return and a report of an incident, opened and saved in LibreOffice."""
    if not shutil.which("soffice"):
        pytest.skip("needs LibreOffice")
    into = tmp_path_factory.mktemp("resaved")
    rows = [{"chronology_date": f"0{day}/03/2025", "chronology_event": f"Made up: {day}"} for day in range(1, 10)]
    forms = {
        "return.docx": filled(scoped(action_needed="Yes", records_secured=True), {}, {"chronology": rows}),
        "report.docx": reported(),
    }
    for name, data in forms.items():
        (into / name).write_bytes(data)
    profile = (into / "profile").as_uri()
    subprocess.run(
        [libreoffice(), f"-env:UserInstallation={profile}", "--headless", "--convert-to", "docx", "--outdir",
         into / "out", *(into / name for name in forms)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return {name: (into / "out" / name).read_bytes() for name in forms}


@pytest.mark.parametrize("name", ["return.docx", "report.docx"])
def test_a_form_saved_by_libreoffice_is_read_by_its_labels(
    name: str, resaved: dict[str, bytes], folder: Path, read: Run
) -> None:
    (folder / name).write_bytes({"return.docx": scoped(action_needed="Yes"), "report.docx": reported()}[name])
    (meant,) = read()["forms"]
    (folder / name).write_bytes(resaved[name])
    (found,) = read("--apply")["forms"]
    assert (found["state"], found["missing"]) == ("entered", meant["missing"])
    assert len(found["cells"]) == len(meant["cells"])
    by_labels = (
        "It was saved by a program that drops the names of its fields, so it was read by their labels. Compare what "
        "was entered with the form."
    )
    assert [remark for remark in found["remarks"] if remark != by_labels] == meant["remarks"]
    assert by_labels in found["remarks"]
