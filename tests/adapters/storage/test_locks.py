"""Locks between runs: one holds it, others wait or are refused, and a run that ends lets go of it."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from scripts.adapters.storage.locks import exclusive_lock, is_locked, tracker_lock
from tracker_schema.errors import MailNotSent, TrackerBusy, TrackerError

ROOT = Path(__file__).parents[3]
BUSY = TrackerBusy("Another run holds it.")


def test_nobody_else_can_hold_it(tmp_path: Path) -> None:
    file = tmp_path / "new folder" / "a.lock"
    assert not is_locked(file)
    with exclusive_lock(file, BUSY):
        assert is_locked(file)
        with pytest.raises(TrackerBusy, match="Another run holds it"), exclusive_lock(file, BUSY):
            raise AssertionError
        assert is_locked(file)
    assert not is_locked(file)
    with exclusive_lock(file, BUSY):
        assert is_locked(file)


def test_the_second_waits_for_the_first(tmp_path: Path) -> None:
    file, waits = tmp_path / "a.lock", threading.Event()
    order = []

    def second() -> None:
        with exclusive_lock(file, BUSY, seconds=30, on_wait=waits.set):
            order.append("second")

    with exclusive_lock(file, BUSY):
        thread = threading.Thread(target=second)
        thread.start()
        assert waits.wait(30)
        order.append("first")
    thread.join()
    assert order == ["first", "second"]


def test_an_error_of_the_block_is_its_own_and_ends_the_lock(tmp_path: Path) -> None:
    file = tmp_path / "a.lock"
    with pytest.raises(PermissionError), exclusive_lock(file, BUSY):
        raise PermissionError
    assert not is_locked(file)


def test_a_killed_run_lets_go(tmp_path: Path) -> None:
    script = f"""
import os, pathlib
from scripts.adapters.storage.locks import tracker_lock
with tracker_lock(pathlib.Path({str(tmp_path / "a.xlsx")!r})):
    os._exit(9)
"""
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == 9
    with tracker_lock(tmp_path / "a.xlsx"), pytest.raises(TrackerBusy), tracker_lock(tmp_path / "a.xlsx"):
        raise AssertionError


@pytest.mark.parametrize("failure", [TrackerError, MailNotSent])
def test_a_lock_that_cannot_be_made_is_not_held(failure: type[TrackerError], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(failure) as caught, exclusive_lock(tmp_path / "file" / "a.lock", BUSY, failure=failure):
        raise AssertionError
    assert caught.value.problem.startswith(f"The lock file {tmp_path / 'file' / 'a.lock'} cannot be used (")
    assert caught.value.remedy == "Let this account write in that folder."
