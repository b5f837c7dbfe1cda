"""Files that another program has open for a moment, as a virus scanner on Windows does."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.adapters.storage import held_files
from scripts.adapters.storage.atomic_write import write_over
from scripts.adapters.storage.held_files import is_open_elsewhere, may_read, patiently, reason
from tests.windows import of_linux


class Held(PermissionError):
    """What Windows raises."""

    def __init__(self, number: int) -> None:
        super().__init__(errno.EACCES, "The process cannot access the file")
        if os.name != "nt":
            self.winerror = number


@pytest.fixture
def waited(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that were waited, of which none passes."""
    seconds: list[float] = []
    monkeypatch.setattr(held_files, "pause", seconds.append)
    return seconds


@of_linux("the errors of Windows are made up here")
@pytest.mark.parametrize("number", [5, 32, 33])
def test_a_moments_hold_is_waited_for(number: int, waited: list[float]) -> None:
    failures = iter([Held(number), Held(number)])

    def step() -> str:
        for failure in failures:
            raise failure
        return "done"

    assert patiently(step) == "done"
    assert len(waited) == 2


@of_linux("the errors of Windows are made up here")
def test_what_stays_held_fails_after_two_seconds_and_is_not_called_a_want_of_rights(waited: list[float]) -> None:
    def step() -> None:
        raise Held(32)

    with pytest.raises(PermissionError) as error:
        patiently(step)
    assert sum(waited) == pytest.approx(2)
    assert is_open_elsewhere(error.value)
    assert reason(error.value) == "it is open in another program"


def test_other_errors_are_not_tried_again(waited: list[float]) -> None:
    def step() -> None:
        raise PermissionError(errno.EACCES, "x")

    with pytest.raises(PermissionError):
        patiently(step)
    assert waited == []
    assert reason(PermissionError(errno.EACCES, "x")) == "this account may not write in that folder"


@pytest.mark.skipif(os.name != "nt", reason="only Windows keeps others from a file that is open")
def test_a_real_hold_on_windows(tmp_path: Path) -> None:
    file = tmp_path / "held.txt"
    file.write_text("before")
    holder = (
        "import ctypes, sys\n"
        "kernel = ctypes.WinDLL('kernel32')\n"
        "kernel.CreateFileW(sys.argv[1], 0x80000000, 1, None, 3, 0, None)\n"
        "print('held', flush=True)\n"
        "sys.stdin.read(1)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holder, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline().strip() == b"held"
        assert may_read(file)
        with pytest.raises(OSError) as error:
            write_over(file, b"after")
        assert file.read_text() == "before"
        assert getattr(error.value, "winerror", None) in (5, 32, 33)
        process.stdin.close()
    write_over(file, b"after")
    assert file.read_text() == "after"
    assert [path.name for path in tmp_path.iterdir()] == ["held.txt"]
