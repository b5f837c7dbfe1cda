"""Who has a workbook open, read from the lock files of Excel and LibreOffice."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.adapters.storage import lock_files
from scripts.adapters.storage.lock_files import lock_on


def owner_file(name: str) -> bytes:
    """Return the 165 bytes that Excel writes into ~$Name.xlsx."""
    ansi = name.encode("cp1252", "replace")
    return bytes([len(ansi)]) + ansi.ljust(54) + len(name).to_bytes(2, "little") + name.ljust(54).encode("utf-16-le")


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    path = tmp_path / "Critical incidents.xlsx"
    path.write_bytes(b"PK")
    return path


def test_nobody_has_it_open(workbook: Path) -> None:
    assert lock_on(workbook) is None


@pytest.mark.parametrize("name", ["Robin Example", "Zoë Ünlikely", "Щ"])
def test_excel(name: str, workbook: Path) -> None:
    path = workbook.with_name("~$Critical incidents.xlsx")
    path.write_bytes(owner_file(name))
    lock = lock_on(workbook)
    assert lock
    assert (lock.path, lock.program, lock.holder) == (path, "Excel", name)


def test_the_old_encoding_serves_where_the_new_one_cannot_be_read(workbook: Path) -> None:
    workbook.with_name("~$Critical incidents.xlsx").write_bytes(owner_file("Robin Example")[:55])
    lock = lock_on(workbook)
    assert lock
    assert lock.holder == "Robin Example"


def test_a_long_name_with_its_first_letters_written_over(workbook: Path) -> None:
    workbook.with_name("~$itical incidents.xlsx").write_bytes(owner_file("Robin Example"))
    lock = lock_on(workbook)
    assert lock
    assert lock.holder == "Robin Example"


def test_the_lock_of_another_workbook_is_not_taken_for_ours(workbook: Path) -> None:
    workbook.with_name("~$itical incidents.xlsx").write_bytes(owner_file("Robin Example"))
    workbook.with_name("itical incidents.xlsx").write_bytes(b"PK")
    workbook.with_name("~$Other.xlsx").write_bytes(b"")
    workbook.with_name(".~lock.Other.xlsx#").write_bytes(b"")
    assert lock_on(workbook) is None


@pytest.mark.parametrize(
    ("content", "holder"),
    [
        (",robin,office-pc,23.11.2026 09:00,file:///C:/Users/robin/AppData;", "robin"),
        ("Robin Example,robin,office-pc,23.11.2026 09:00,file:///home/robin;", "Robin Example"),
        ("Zoë Ünlikely,zoe,office-pc,23.11.2026 09:00,;", "Zoë Ünlikely"),
        ("", ""),
    ],
)
def test_libreoffice(content: str, holder: str, workbook: Path) -> None:
    path = workbook.with_name(".~lock.Critical incidents.xlsx#")
    path.write_text(content, "utf-8")
    lock = lock_on(workbook)
    assert lock
    assert (lock.path, lock.program, lock.holder) == (path, "LibreOffice", holder)


def test_a_lock_file_that_may_not_be_read_is_a_lock_all_the_same(
    workbook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workbook.with_name("~$Critical incidents.xlsx").write_bytes(owner_file("Robin Example"))

    def denied(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    lock = lock_on(workbook)
    assert lock
    assert lock.holder == ""


@given(st.binary(max_size=200))
def test_whatever_is_in_a_lock_file_it_does_no_harm(content: bytes) -> None:
    for read in (lock_files._name_in_owner_file, lock_files._name_in_lock_file):
        assert (name := read(content)) == "" or name.isprintable()
