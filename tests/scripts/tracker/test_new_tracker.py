"""The job that makes a new tracker, run as people run it."""

from __future__ import annotations

import errno
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.adapters.workbook.read import Names, read_tracker
from scripts.new_tracker import main
from tracker_schema.errors import UsageError

ROOT = Path(__file__).parents[3]


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "scripts.new_tracker", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)


def incidents_of(path: Path) -> int:
    return len(read_tracker(path.read_bytes(), path.name, Names()).sheets["incidents"])


def test_an_empty_tracker(tmp_path: Path) -> None:
    out = tmp_path / "Critical incidents.xlsx"
    done = run(out)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{out} is ready to be filled in. Its sheet Notes explains every column.\n"
    assert incidents_of(out) == 0
    assert list(tmp_path.iterdir()) == [out]


def test_every_empty_tracker_is_the_same(tmp_path: Path) -> None:
    one, two = tmp_path / "one.xlsx", tmp_path / "two.XLSX"
    assert [main([str(path)]) for path in (one, two)] == [0, 0]
    assert one.read_bytes() == two.read_bytes()


def test_one_json_object_and_nothing_else(tmp_path: Path) -> None:
    done = run(tmp_path / "new.xlsx", "--json")
    assert json.loads(done.stdout) == {"tracker": "new.xlsx"}


def test_a_file_that_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    out = tmp_path / "ours.xlsx"
    out.write_bytes(b"ours")
    done = run(out)
    assert done.returncode == 2
    assert done.stderr == f"{out} already exists and was not changed. Choose another name, or move that file away.\n"
    assert done.stdout == ""
    assert out.read_bytes() == b"ours"


def test_a_file_that_somebody_makes_meanwhile_is_left_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "ours.xlsx"
    out.write_bytes(b"ours")
    monkeypatch.setattr("scripts.new_tracker._check_place", lambda place: None)
    with pytest.raises(UsageError, match="already exists"):
        main([str(out)])
    assert out.read_bytes() == b"ours"


@pytest.mark.parametrize("name", ["tracker.xls", "tracker.xlsm", "tracker", "tracker.xlsx.txt"])
def test_only_a_workbook_without_macros_can_be_made(name: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"does not end in \.xlsx"):
        main([str(tmp_path / name)])
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"There is no folder .*nowhere. Make it first"):
        main([str(tmp_path / "nowhere" / "new.xlsx")])


def test_a_name_that_no_file_can_have(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"cannot be written .* Give it another name"):
        main([str(tmp_path / f"{'n' * 300}.xlsx")])


def test_half_a_workbook_is_not_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class FullDisk(io.FileIO):
        def write(self, data: object) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "open", lambda path, mode: FullDisk(path, mode))
    monkeypatch.setattr("scripts.adapters.workbook.new.new_workbook.build", lambda rows: b"PK")
    with pytest.raises(UsageError, match=r"cannot be written \(No space left on device\)"):
        main([str(tmp_path / "new.xlsx")])
    assert not list(tmp_path.iterdir())


def test_help_says_what_it_does() -> None:
    done = run("--help")
    assert done.returncode == 0
    assert "python -m scripts.new_tracker OUT.xlsx\n" in done.stdout
