"""A write that is killed at each moment at which the disk has just changed; the run after it puts everything right.

The kill is of the process (TerminateProcess on Windows), so that nothing of Python's own clearing up runs.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from scripts.adapters.storage.local_store import LocalStore

ROOT = Path(__file__).parents[3]
OLD, NEW, NEXT = b"PK as it was read", b"PK with our columns", b"PK of the next run"

WRITE = """
import os, pathlib, signal, sys
from scripts.adapters.storage import atomic_write, backups, exchange, held_files, local_store
watched = {each.__file__ for each in (atomic_write, backups, exchange, held_files, local_store)}
folder, kill_at = pathlib.Path(sys.argv[1]), int(sys.argv[2])
store = local_store.LocalStore(folder / "shared" / "Our log.xlsx", copies_folder=folder / "copies", copies=3)
snapshot, lines, before = store.read(), 0, None

def on_disk():
    return sorted((str(path), path.stat().st_size) for path in folder.rglob("*") if path.is_file())

def trace(frame, event, argument):
    global lines, before
    if frame.f_code.co_filename not in watched:
        return None
    if event == "line":
        lines += 1
        if lines == kill_at:
            os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
        if not kill_at and (now := on_disk()) != before:
            before = now
            print(lines, flush=True)
    return trace

sys.settrace(trace)
store.replace(snapshot, b"PK with our columns")
"""


def write(folder: Path, kill_at: int) -> subprocess.CompletedProcess[str]:
    (folder / "shared").mkdir(parents=True)
    (folder / "shared" / "Our log.xlsx").write_bytes(OLD)
    command = [sys.executable, "-c", WRITE, str(folder), str(kill_at)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_killed_after_each_change_on_the_disk(tmp_path: Path) -> None:
    whole = write(tmp_path / "whole", 0)
    assert (whole.returncode, whole.stderr) == (0, "")
    moments = [int(line) for line in whole.stdout.split()]
    assert len(moments) >= 6
    for moment in moments:
        folder = tmp_path / str(moment)
        assert write(folder, moment).returncode != 0
        store = LocalStore(folder / "shared" / "Our log.xlsx", copies_folder=folder / "copies", copies=3)
        snapshot = store.read()
        assert snapshot.data in (OLD, NEW), moment
        store.replace(snapshot, NEXT)
        assert [path.name for path in (folder / "shared").iterdir()] == ["Our log.xlsx"], moment
        assert store.read().data == NEXT
        copies = [path.read_bytes() for path in (folder / "copies").iterdir()]
        assert snapshot.data in copies, moment
        assert set(copies) <= {OLD, NEW}, moment
