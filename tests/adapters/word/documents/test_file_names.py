"""What a document's file is called, whatever the reference says."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scripts.adapters.word.documents.file_names import file_stem, free_name, save_new

DAY = dt.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("reference", "stem"),
    [
        ("CI-2026-001", "CI-2026-001 cspr-referral 2026-11-23"),
        ("  CI 2026\t001  ", "CI 2026 001 cspr-referral 2026-11-23"),
        ("../../etc/passwd", "-..-etc-passwd cspr-referral 2026-11-23"),
        (r"C:\Windows\system32", "C--Windows-system32 cspr-referral 2026-11-23"),
        ("CON", "_CON cspr-referral 2026-11-23"),
        ("com1.txt", "_com1.txt cspr-referral 2026-11-23"),
        ("~$hidden", "hidden cspr-referral 2026-11-23"),
        ("...", "no reference cspr-referral 2026-11-23"),
        ("exe\u202excod", "exexcod cspr-referral 2026-11-23"),
        ("line\nbreak", "line break cspr-referral 2026-11-23"),
        ("é" * 100, "é" * 60 + " cspr-referral 2026-11-23"),
    ],
)
def test_a_reference_is_text(reference: str, stem: str) -> None:
    assert file_stem(reference, "cspr-referral", DAY) == stem


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(reference=st.text(max_size=90), agency=st.text(max_size=90))
def test_any_reference_names_a_file_in_the_folder(reference: str, agency: str, tmp_path: Path) -> None:
    name = f"{file_stem(reference, 'cspr-referral', DAY, agency)}.docx"
    for kind in (PurePosixPath, PureWindowsPath):
        assert kind(name).name == name
        assert not kind(name).is_absolute()
    assert len(name.encode()) < 255 * 4
    assert not re.search(r'[<>:"/\\|?*\x00-\x1f\u202a-\u202e]', name)
    assert not name.startswith((".", " ", "~$"))


def test_a_file_that_is_there_stays(tmp_path: Path) -> None:
    first = save_new(tmp_path, "a", ".docx", b"1")
    assert free_name(tmp_path, "a", ".docx") == tmp_path / "a (2).docx"
    second = save_new(tmp_path, "a", ".docx", b"2")
    assert (first.read_bytes(), second.read_bytes(), second.name) == (b"1", b"2", "a (2).docx")
