"""What other programs do to files on Windows while a job runs: a virus scanner for a moment, Excel or Word for long."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts import check_tracker, make_document, read_returns, request_scoping, send_reminders
from tests.scripts.run_here import Done, RunHere
from tests.scripts.trackers import incident, save_tracker
from tests.windows import ON_WINDOWS

pytestmark = pytest.mark.skipif(not ON_WINDOWS, reason="only Windows keeps others from a file that is open")
DAY = ("--as-of", "2026-11-23")

OPEN = """
import ctypes, os, sys, threading, time
kernel = ctypes.WinDLL("kernel32")
kernel.CreateFileW.restype = ctypes.c_void_p
def hold(path, access, share):
    return kernel.CreateFileW(str(path), access, share, None, 3, 0, None)
"""
PROGRAM = (
    OPEN
    + """
assert hold(sys.argv[1], 0xC0000000, 1) != ctypes.c_void_p(-1).value
print("ready", flush=True)
sys.stdin.read(1)
"""
)
SCANNER = (
    OPEN
    + """
stopped = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(1), stopped.set()), daemon=True).start()
def files():
    return {os.path.join(folder, name) for folder in filter(os.path.isdir, sys.argv[1:]) for name in os.listdir(folder)}
known, held = files(), []
print("ready", flush=True)
while not stopped.is_set():
    for path in files() - known:
        known.add(path)
        held.append((time.time() + 0.3, hold(path, 0x80000000, 3)))
    for until, handle in [each for each in held if each[0] < time.time()]:
        kernel.CloseHandle(ctypes.c_void_p(handle))
        held.remove((until, handle))
    time.sleep(0.002)
"""
)


@contextlib.contextmanager
def other_program(script: str, *paths: Path) -> Iterator[None]:
    """Run another program beside the block: `PROGRAM` holds a file, `SCANNER` each new file of folders for 0.3 s."""
    command = [sys.executable, "-c", script, *map(str, paths)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline().strip() == b"ready"
        yield
        process.stdin.close()


@pytest.fixture
def tracker(tmp_path: Path) -> Path:
    (tmp_path / "shared").mkdir()
    return save_tracker(tmp_path / "shared" / "Our log.xlsx", [incident("CI-2026-001"), incident("CI-2026-002")])


def check(run_here: RunHere, tracker: Path) -> Done:
    return run_here(check_tracker.main, "--tracker", tracker, *DAY)


def test_a_scanner_that_holds_each_new_file_for_a_moment(run_here: RunHere, tracker: Path, own_home: Path) -> None:
    copies = own_home / "localappdata" / "critical-incident-tracker" / "copies"
    with other_program(SCANNER, tracker.parent, copies):
        done = check(run_here, tracker)
    assert done.returncode == 0, done.stderr
    assert [path.name for path in tracker.parent.iterdir()] == [tracker.name]
    assert [path.suffix for path in copies.iterdir()] == [".xlsx"]


def test_a_scanner_where_drafts_are_put(run_here: RunHere, tmp_path: Path) -> None:
    run_here(send_reminders.main, "--demo", *DAY, "--dry-run")
    with other_program(SCANNER, tmp_path / "demo", tmp_path / "demo" / "mail"):
        done = run_here(send_reminders.main, "--demo", *DAY)
    assert (done.returncode, done.stderr) == (0, "")
    assert {path.suffix for path in (tmp_path / "demo" / "mail").iterdir()} == {".eml"}


def test_a_scanner_where_forms_are_made_and_come_back(run_here: RunHere, tmp_path: Path) -> None:
    demo = tmp_path / "demo"
    run_here(read_returns.main, "--demo", *DAY)
    (tracker,) = demo.glob("*.xlsx")
    with other_program(SCANNER, demo / "documents", demo / "returns", demo / "returns" / "Processed"):
        made = run_here(make_document.main, "--demo", *DAY)
        asked = run_here(request_scoping.main, "--demo", *DAY)
        entered = run_here(read_returns.main, demo / "returns", "--tracker", tracker, *DAY, "--apply")
    for done in (made, asked, entered):
        assert done.returncode == 0, done.stderr
    assert "3 forms entered, 18 cells written, and moved to “Processed”" in entered.stdout
    assert not [path for path in demo.rglob("*") if path.suffix == ".tmp"]


def test_excel_has_it_open(run_here: RunHere, tracker: Path) -> None:
    before = tracker.read_bytes()
    with other_program(PROGRAM, tracker):
        done = check(run_here, tracker)
    assert done.returncode == 4
    assert done.stderr.startswith("Our log.xlsx is open in another program")
    assert [path.name for path in tracker.parent.iterdir()] == [tracker.name]
    assert tracker.read_bytes() == before
    assert check(run_here, tracker).returncode == 0


def test_word_has_a_form_open_and_only_the_others_are_moved(run_here: RunHere, tmp_path: Path) -> None:
    run_here(read_returns.main, "--demo", *DAY)
    returns = tmp_path / "demo" / "returns"
    (tracker,) = (tmp_path / "demo").glob("*.xlsx")
    form = min(returns.glob("*Housing*.docx"))
    with other_program(OPEN + "hold(sys.argv[1], 0x80000000, 1); print('ready', flush=True); sys.stdin.read(1)", form):
        done = run_here(read_returns.main, returns, "--tracker", tracker, *DAY, "--apply")
    assert done.returncode == 0
    assert "2 of them moved to “Processed”" in done.stdout
    assert "It is in the tracker but could not be moved (it is open in another program). Close it" in done.stdout
    assert form.exists()
    done = run_here(read_returns.main, returns, "--tracker", tracker, *DAY, "--apply")
    assert "1 form entered, 0 cells written, and moved to “Processed”" in done.stdout
    assert not form.exists()
