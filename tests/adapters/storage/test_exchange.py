"""What somebody saves in the instant in which we write is never lost."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.adapters.storage import exchange
from scripts.adapters.storage.local_store import LocalStore
from tracker_schema.errors import TrackerChanged, TrackerError
from tracker_schema.incidents.plan import Plan
from tracker_schema.layouts.rows import WorkbookRows

ROOT = Path(__file__).parents[3]
OLD, OURS, THEIRS, LATER = b"PK as it was read", b"PK with our columns", b"PK as a person saved it", b"PK saved again"

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith(("linux", "win")), reason="this system cannot exchange two files"
)


@pytest.fixture
def tracker(tmp_path: Path) -> Path:
    path = tmp_path / "shared" / "Critical incidents.xlsx"
    path.parent.mkdir()
    path.write_bytes(OLD)
    return path


@pytest.fixture
def store(tracker: Path, tmp_path: Path) -> LocalStore:
    return LocalStore(tracker, copies_folder=tmp_path / "copies", copies=3)


@pytest.fixture
def saved_before(monkeypatch: pytest.MonkeyPatch, tracker: Path) -> Callable[..., None]:
    """Let a person save these versions, each just before our next exchange."""

    def plan(*versions: bytes) -> None:
        real, left = exchange._exchange, list(versions)

        def after_a_save(one: Path, other: Path) -> bool:
            if left:
                theirs = tracker.with_name("theirs")
                theirs.write_bytes(left.pop(0))
                theirs.replace(tracker)
            return real(one, other)

        monkeypatch.setattr(exchange, "_exchange", after_a_save)

    return plan


def contents(folder: Path) -> list[bytes]:
    return sorted(path.read_bytes() for path in folder.iterdir()) if folder.exists() else []


def test_nobody_saves(store: LocalStore, tracker: Path, tmp_path: Path) -> None:
    assert store.replace(store.read(), OURS).remarks == ()
    assert contents(tracker.parent) == [OURS]
    assert contents(tmp_path / "copies") == [OLD]


def test_a_save_in_the_last_instant_stays(
    store: LocalStore, tracker: Path, tmp_path: Path, saved_before: Callable[..., None]
) -> None:
    saved_before(THEIRS)
    with pytest.raises(TrackerChanged, match=r"Somebody saved Critical incidents\.xlsx just now, so nothing"):
        store.replace(store.read(), OURS)
    assert contents(tracker.parent) == [THEIRS]
    assert contents(tmp_path / "copies") == []


@pytest.mark.parametrize("copies", [0, 3])
def test_two_saves_in_the_last_instant_are_both_kept(
    tracker: Path, tmp_path: Path, saved_before: Callable[..., None], copies: int
) -> None:
    store = LocalStore(tracker, copies_folder=tmp_path / "copies", copies=copies)
    saved_before(THEIRS, LATER)
    with pytest.raises(TrackerError, match=r"was saved twice .* the earlier one is kept as .*\.xlsx\. Compare the two"):
        store.replace(store.read(), OURS)
    assert tracker.read_bytes() == LATER
    assert contents(tmp_path / "copies" if copies else tracker.parent) == sorted(
        [THEIRS] if copies else [LATER, THEIRS]
    )


KILLED = """
import os, pathlib, sys
from scripts.adapters.storage import exchange
from scripts.adapters.storage.local_store import LocalStore
tracker = pathlib.Path(sys.argv[1])
real = exchange._exchange
def killed(one, other):
    if sys.argv[3]:
        tracker.with_name("theirs").write_bytes(sys.argv[3].encode())
        tracker.with_name("theirs").replace(tracker)
    away = one.with_name(one.stem + exchange._MOVED)
    if sys.argv[4] == "after":
        real(one, other)
    if sys.argv[4] in ("moved", "replaced"):  # as Windows does it, in three steps
        other.replace(away)
    if sys.argv[4] == "replaced":
        one.replace(other)
    os._exit(9)
exchange._exchange = killed
store = LocalStore(tracker, copies_folder=pathlib.Path(sys.argv[2]), copies=3)
store.replace(store.read(), b"PK with our columns")
"""


@pytest.mark.parametrize("theirs", [b"", THEIRS])
@pytest.mark.parametrize("when", ["before", "moved", "replaced", "after"])
def test_killed_between_the_exchange_and_the_comparison(
    store: LocalStore, tracker: Path, tmp_path: Path, theirs: bytes, when: str
) -> None:
    script = [sys.executable, "-c", KILLED, str(tracker), str(tmp_path / "copies"), theirs.decode(), when]
    assert subprocess.run(script, cwd=ROOT, check=False).returncode == 9
    assert tracker.exists() == (when != "moved")
    assert store.read().data == (OURS if when in ("replaced", "after") else theirs or OLD)
    remarks = store.replace(store.read(), b"PK of the next run").remarks
    assert contents(tracker.parent) == [b"PK of the next run"]
    if theirs and when in ("replaced", "after"):
        (remark,) = remarks
        assert remark.startswith("Somebody saved Critical incidents.xlsx just when an earlier run was stopped. That")
        assert THEIRS in contents(tmp_path / "copies")
    else:
        assert remarks == ()


def test_where_files_cannot_be_exchanged(store: LocalStore, tracker: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = "_exchange_on_windows" if os.name == "nt" else "_exchange_on_linux"
    monkeypatch.setattr(exchange, name, lambda *_: False)
    store.replace(store.read(), OURS)
    assert contents(tracker.parent) == [OURS]


def test_what_is_left_is_cleared_although_there_is_nothing_to_write(
    store: LocalStore, tracker: Path, tmp_path: Path
) -> None:
    script = [sys.executable, "-c", KILLED, str(tracker), str(tmp_path / "copies"), "", "after"]
    assert subprocess.run(script, cwd=ROOT, check=False).returncode == 9
    assert len(contents(tracker.parent)) == 2
    rows = WorkbookRows("", {}, False)
    assert store.write(store.read(), rows, Plan((), ())).remarks == ()
    assert contents(tracker.parent) == [OURS]
