"""The folder of completed forms: what is looked at, what a file may be called in public, and where it is moved."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from scripts.adapters.word.returns.folder import Processed, forms_in, shown_name, shown_names
from tests.windows import wine_lacks
from tracker_schema.errors import UsageError

KNOWN = ["CI-2026-001", "CI-2026-0012", "Police & Fire: West", "Example Hospital Trust", "-"]


@pytest.mark.parametrize(
    "name",
    [
        "CI-2026-001 initial-scoping Example Hospital Trust 2026-11-23.docx",
        "ci-2026-001 Initial Scoping EXAMPLE HOSPITAL TRUST completed.docx",
        "CI-2026-0012 Critical Incident Form (2).docx",
        "CI-2026-001_initial-scoping_Police & Fire- West_v2 final.docx",
        "form.docx",
        "Returned form 3.pdf",
    ],
)
def test_a_name_that_says_only_what_we_know_is_shown(name: str, tmp_path: Path) -> None:
    assert shown_name(tmp_path / name, KNOWN) == name


@pytest.mark.parametrize(
    "name",
    [
        "CI-2026-001 initial-scoping Quentin Quill.docx",
        "QQ 12.03.2015.docx",
        "form QQ.docx",
        "1234567.docx",
        "CI-2026-002.docx",
        "Formby Trusty.docx",
        "CI-2026-001 אב.docx",
    ],
)
def test_a_name_that_may_name_a_person_is_not(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(bytes(5000))
    os.utime(tmp_path / name, (1763978700, 1763978700))
    assert shown_name(tmp_path / name, KNOWN) == "the file of 4 KB saved on 24/11/2025 at 10:05:00"
    (tmp_path / name).unlink()
    assert shown_name(tmp_path / name, KNOWN) == "a file whose name is not shown"


def test_files_that_are_called_alike_are_told_apart_by_their_order(tmp_path: Path) -> None:
    for name in ("A Quill.docx", "b Quill.docx", "CI-2026-001 initial-scoping.docx"):
        (tmp_path / name).write_bytes(bytes(5000))
        os.utime(tmp_path / name, (1763978700, 1763978700))
    alike = "the file of 4 KB saved on 24/11/2025 at 10:05:00"
    assert list(shown_names(forms_in(tmp_path), KNOWN).values()) == [
        f"{alike}, 1 of 2 by name",
        f"{alike}, 2 of 2 by name",
        "CI-2026-001 initial-scoping.docx",
    ]


def test_what_programs_lay_beside_files_is_no_form(tmp_path: Path) -> None:
    for name in ("b.docx", "A.docx", "~$b.docx", ".DS_Store", ".~lock.b.docx#", "Thumbs.db", "desktop.ini"):
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "Processed").mkdir()
    assert [path.name for path in forms_in(tmp_path)] == ["A.docx", "b.docx"]


@pytest.mark.parametrize("name", ["nowhere", pytest.param("file", marks=wine_lacks("“the directory name is invalid”"))])
def test_no_folder(name: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(UsageError, match=f"There is no folder .*{name}. Name the folder"):
        forms_in(tmp_path / name)


def test_a_form_never_takes_the_place_of_another(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / "form.docx").write_bytes(b"%d" % number)
        Processed(tmp_path).take(tmp_path / "form.docx")
    found = {path.name: path.read_bytes() for path in (tmp_path / "Processed").iterdir()}
    assert found == {"form.docx": b"0", "form (2).docx": b"1", "form (3).docx": b"2"}


def test_the_empty_file_that_a_stopped_run_left_is_used(tmp_path: Path) -> None:
    (tmp_path / "Processed").mkdir()
    (tmp_path / "Processed" / "form.docx").touch()
    (tmp_path / "form.docx").write_bytes(b"a form")
    assert Processed(tmp_path).take(tmp_path / "form.docx").read_bytes() == b"a form"
    assert [path.name for path in (tmp_path / "Processed").iterdir()] == ["form.docx"]


def test_a_form_that_cannot_be_moved_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Processed(tmp_path).take(tmp_path / "gone.docx")
    assert list((tmp_path / "Processed").iterdir()) == []


def test_the_note_says_which_forms_are_being_entered(tmp_path: Path) -> None:
    assert Processed(tmp_path).being_entered == {}
    Processed(tmp_path).note({"0" * 64: "CI-2026-001", "f" * 64: "a reference\nwith spaces"})
    assert Processed(tmp_path).being_entered == {"0" * 64: "CI-2026-001", "f" * 64: "a reference with spaces"}
    Processed(tmp_path).note({})
    assert list((tmp_path / "Processed").iterdir()) == []


def test_a_note_that_cannot_be_written_is_told_before_anything_is_entered(tmp_path: Path) -> None:
    (tmp_path / "Processed").write_bytes(b"a file")
    with pytest.raises(UsageError, match=r"Processed cannot be written to .* so nothing was entered"):
        Processed(tmp_path).note({"0" * 64: "CI-2026-001"})
