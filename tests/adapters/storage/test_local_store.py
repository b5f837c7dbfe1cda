"""A tracker on disk: read or refused in plain words, written whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from scripts.adapters.storage import backups, local_store
from scripts.adapters.storage import store as stores
from scripts.adapters.storage.local_store import LocalStore
from scripts.adapters.storage.locks import tracker_lock
from scripts.adapters.storage.store import Snapshot, Store
from scripts.adapters.workbook.read import Names, read_tracker
from tests.scripts.trackers import incident, save_tracker
from tests.windows import of_linux
from tracker_schema.errors import TrackerBusy, TrackerChanged, TrackerError, TrackerUnusable
from tracker_schema.incidents.plan import CellWrite, Plan

ROOT = Path(__file__).parents[3]
OLD, NEW = b"PK the old version", b"PK the new version"
NAME = "Critical incidents.xlsx"
POSIX = of_linux("permissions by a mode")


@pytest.fixture
def tracker(tmp_path: Path) -> Path:
    path = tmp_path / "shared" / NAME
    path.parent.mkdir()
    path.write_bytes(OLD)
    return path


@pytest.fixture
def copies(tmp_path: Path) -> Path:
    return tmp_path / "state" / "copies"


@pytest.fixture
def store(tracker: Path, copies: Path) -> LocalStore:
    return LocalStore(tracker, copies_folder=copies, copies=3)


@pytest.fixture
def ticks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the clock a minute later each time it is read."""
    times = (datetime(2026, 11, 23, 9, 0, tzinfo=UTC) + timedelta(minutes=minute) for minute in range(1000))
    monkeypatch.setattr(backups, "_now", lambda: next(times))


def files_under(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


# Reading


def test_read(tracker: Path, store: LocalStore) -> None:
    snapshot = store.read()
    assert snapshot == Snapshot(OLD, hashlib.sha256(OLD).hexdigest(), NAME, str(tracker))
    assert "old version" not in repr(snapshot)


def test_it_is_a_store(store: LocalStore) -> None:
    kept: Store = store
    assert kept.read().data == OLD


def refusal(path: Path) -> str:
    with pytest.raises(TrackerUnusable) as caught:
        LocalStore(path, copies_folder=None, copies=0).read()
    assert caught.value.exit_code == 3
    return str(caught.value).replace(f"{path.parent}{os.sep}", "")


def test_missing(tracker: Path) -> None:
    assert refusal(tracker.with_name("Log.xlsx")) == "Log.xlsx does not exist. Check its name and folder."


@pytest.mark.parametrize(
    "wrong", ["critical incident.xlsx", "Critical incidents.xlsm", "Critical incidents", "Critcal Incidents.xlsx"]
)
def test_missing_with_one_like_it(wrong: str, tracker: Path) -> None:
    assert refusal(tracker.with_name(wrong)) == f"{wrong} does not exist. Did you mean “{NAME}”?"


def test_other_peoples_files_are_not_named(tracker: Path) -> None:
    for other in ("~$Critical incident.xlsx", "Critical incident.docx", "Critical incident form Sam Madeup.xlsx"):
        tracker.with_name(other).write_bytes(b"")
    tracker.rename(tracker.with_name("Other.xlsx"))
    assert refusal(tracker) == f"{NAME} does not exist. Check its name and folder."


def test_missing_folder(tracker: Path) -> None:
    problem = "does not exist, nor does its folder. Check the path, and that the drive or OneDrive is connected."
    assert refusal(tracker.parent / "nowhere" / NAME) == f"{NAME} {problem}"
    assert refusal(tracker / NAME) == f"{NAME} {problem}"


def test_folder(tracker: Path) -> None:
    assert refusal(tracker.parent) == "shared is a folder. Give the path of the workbook in it."


@pytest.mark.parametrize("ending", [".xls", ".xlsb", ".ods", ".csv", ""])
def test_not_a_workbook_by_its_name(ending: str, tracker: Path) -> None:
    other = tracker.rename(tracker.with_suffix(ending))
    assert refusal(other) == f"{other.name} is not an .xlsx or .xlsm workbook. Open it in Excel and save it as .xlsx."


@pytest.mark.parametrize("ending", [".XLSX", ".xlsm"])
def test_workbooks_by_their_name(ending: str, tracker: Path) -> None:
    other = tracker.rename(tracker.with_suffix(ending))
    assert LocalStore(other, copies_folder=None, copies=0).read().data == OLD


def test_empty(tracker: Path) -> None:
    tracker.write_bytes(b"")
    assert refusal(tracker) == f"{NAME} is empty. If OneDrive is still downloading it, try again when it has finished."


def test_too_large(tracker: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "LARGEST_FILE", 2**20)
    tracker.write_bytes(b"x" * (2**20 + 1))
    assert refusal(tracker) == (
        f"{NAME} has 1 MB, more than the 1 MB that a tracker may have. Move old years or pictures to another workbook."
    )


def failing(error: BaseException) -> Callable[..., Any]:
    def fail(*_: object, **__: object) -> None:
        raise error

    return fail


def test_in_the_cloud_only(tracker: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "read_bytes", failing(OSError(errno.EINVAL, "The cloud file provider is not running")))
    assert refusal(tracker) == (
        f"{NAME} cannot be read (The cloud file provider is not running). If OneDrive syncs it, "
        "check that OneDrive is running, and choose “Always keep on this device” for it."
    )


def test_open_in_another_program(store: LocalStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "read_bytes", failing(PermissionError(errno.EACCES, "Permission denied")))
    with pytest.raises(TrackerBusy, match=rf"{NAME} is open in another program\. Close it and try again\."):
        store.read()


@of_linux("a name that is no UTF-8, and a link to itself")
def test_names_and_links_that_no_program_can_follow(tmp_path: Path) -> None:
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.xlsx"))
    odd.write_bytes(OLD)
    assert refusal(odd).endswith(r"caf\udce9.xlsx' has a letter that cannot be shown. Rename that file or folder.")
    (tmp_path / "loop.xlsx").symlink_to(tmp_path / "loop.xlsx")
    assert "cannot be read (Too many levels of symbolic links)." in refusal(tmp_path / "loop.xlsx")


def test_not_allowed(tracker: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "read_bytes", failing(PermissionError(errno.EACCES, "Permission denied")))
    monkeypatch.setattr(local_store, "may_read", lambda _: False)
    assert refusal(tracker) == f"This account is not allowed to read {NAME}. Ask its owner for access."


# Writing


@pytest.mark.parametrize(
    ("beside", "stops"),
    [
        ("DESKTOP-4F7K2", True),
        ("COUNCIL-PC7", True),
        ("LBX-L12345", True),
        ("DESKTOP-4F7K2 (1)", True),
        ("FY2526", False),
        ("JAN25", False),
        ("Q3-2025", False),
        ("BACKUP1", False),
        ("V12-FINAL", False),
        ("2025", False),
        ("OLD", False),
        ("old version 2", False),
    ],
)
def test_two_versions_that_onedrive_keeps_stop_the_writing(
    beside: str, stops: bool, tracker: Path, store: LocalStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tracker.with_name(f"{tracker.stem}-{beside}{tracker.suffix}")
    copy.write_bytes(OLD)
    store.replace(store.read(), OLD)  # in a folder that nobody syncs, the name says nothing
    monkeypatch.setenv("OneDriveCommercial", str(tracker.parent))
    if not stops:
        store.replace(store.read(), NEW)
        return
    with pytest.raises(TrackerUnusable) as error:
        store.replace(store.read(), NEW)
    assert f"see {copy.name} beside it. Nothing was written." in str(error.value)
    assert tracker.read_bytes() == OLD


def test_a_library_that_is_synced_for_reading_only(
    tracker: Path, store: LocalStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OneDriveCommercial", str(tracker.parent))
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(TrackerUnusable, match="OneDrive syncs this library for reading only"):
        store.replace(store.read(), NEW)


def test_a_file_that_stands_still_while_its_folder_is_synced(
    tracker: Path, store: LocalStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tracker.with_name("Minutes.docx")
    other.write_bytes(b"")
    os.utime(tracker, (1_800_000_000, 1_800_000_000))
    for seconds, told in ((90_000, True), (80_000, False)):
        os.utime(other, (1_800_000_000 + seconds,) * 2)
        assert store.read().remarks == ()  # in a folder that nobody syncs
        with monkeypatch.context() as patched:
            patched.setenv("OneDriveCommercial", str(tracker.parent))
            assert [text[:53] for text in store.read().remarks] == told * [
                "The tracker has not changed for more than a day, whil"
            ]


def test_write(tracker: Path, copies: Path, store: LocalStore) -> None:
    written = store.replace(store.read(), NEW)
    assert written == store.read()
    assert tracker.read_bytes() == NEW
    assert files_under(tracker.parent) == {NAME}
    (copy,) = copies.iterdir()
    assert re.fullmatch(r"Critical incidents \d{4}-\d\d-\d\d \d{6} [0-9a-f]{8}\.xlsx", copy.name)
    assert copy.name.endswith(f" {hashlib.sha256(OLD).hexdigest()[:8]}.xlsx")
    assert copy.read_bytes() == OLD


def test_a_macro_workbook_keeps_its_ending(tracker: Path, copies: Path) -> None:
    macros = tracker.rename(tracker.with_suffix(".xlsm"))
    store = LocalStore(macros, copies_folder=copies, copies=1)
    store.replace(store.read(), NEW)
    assert [copy.suffix for copy in copies.iterdir()] == [".xlsm"]


@pytest.mark.parametrize("number", [0, 3])
def test_without_copies(number: int, tracker: Path, copies: Path) -> None:
    store = LocalStore(tracker, copies_folder=copies if not number else None, copies=number)
    store.replace(store.read(), NEW)
    assert tracker.read_bytes() == NEW
    assert not copies.exists()


@pytest.mark.usefixtures("ticks")
def test_the_oldest_copies_go_and_nothing_else(tracker: Path, copies: Path, store: LocalStore) -> None:
    copies.mkdir(parents=True)
    others = {
        "Critical incidents.xlsx",
        "Critical incidents 2020-01-01 090000 0123abcd.xlsm",
        "Critical incidents 2020-01-01 090000 0123abcd (2).xlsx",
        "Critical incidents 2020-01-01 090000.xlsx",
        "Critical incidents old 2020-01-01 090000 0123abcd.xlsx",
        "Other 2020-01-01 090000 0123abcd.xlsx",
        "notes.txt",
    }
    for other in others:
        (copies / other).write_bytes(b"theirs")
    snapshot = store.read()
    for version in range(5):
        snapshot = store.replace(snapshot, b"PK version %d" % version)
    kept = sorted(files_under(copies) - others)
    assert [(copies / copy).read_bytes() for copy in kept] == [b"PK version 1", b"PK version 2", b"PK version 3"]
    assert files_under(copies) >= others


def test_a_clock_set_back_does_not_cost_the_newest_copy(
    copies: Path, store: LocalStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot = store.read()
    for day in (25, 24, 23, 22, 21):
        monkeypatch.setattr(backups, "_now", lambda day=day: datetime(2026, 11, day, 9, 0, tzinfo=UTC))
        before = snapshot.data
        snapshot = store.replace(snapshot, b"PK on day %d" % day)
        assert before in [copy.read_bytes() for copy in copies.iterdir()]
    assert len(list(copies.iterdir())) == 3


@POSIX
def test_only_this_account_can_open_the_copies(copies: Path, store: LocalStore) -> None:
    store.replace(store.read(), NEW)
    assert stat.S_IMODE(copies.stat().st_mode) == 0o700
    assert [stat.S_IMODE(copy.stat().st_mode) for copy in copies.iterdir()] == [0o600]


@POSIX
@pytest.mark.parametrize("mode", [0o664, 0o600, 0o640])
def test_the_file_keeps_its_permissions(mode: int, tracker: Path, store: LocalStore) -> None:
    tracker.chmod(mode)
    before = tracker.stat()
    store.replace(store.read(), NEW)
    after = tracker.stat()
    assert (after.st_mode, after.st_uid, after.st_gid) == (before.st_mode, before.st_uid, before.st_gid)
    assert after.st_mtime >= before.st_mtime


def test_permissions_that_the_system_refuses_do_not_stop_a_write(
    tracker: Path, store: LocalStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.copystat", failing(PermissionError(errno.EPERM, "Operation not permitted")))
    monkeypatch.setattr(os, "chown", failing(PermissionError(errno.EPERM, "Operation not permitted")), raising=False)
    store.replace(store.read(), NEW)
    assert tracker.read_bytes() == NEW


@POSIX
def test_a_link_stays_a_link(tracker: Path, copies: Path, tmp_path: Path) -> None:
    link = tmp_path / "desktop" / "My tracker.xlsx"
    link.parent.mkdir()
    link.symlink_to(tracker)
    store = LocalStore(link, copies_folder=copies, copies=3)
    assert store.replace(store.read(), NEW).name == "My tracker.xlsx"
    assert link.is_symlink()
    assert tracker.read_bytes() == NEW
    assert files_under(tmp_path) >= {"desktop/My tracker.xlsx", f"shared/{NAME}"}
    (tracker.parent / f"~${NAME}").write_bytes(b"")
    with pytest.raises(TrackerBusy):
        store.replace(store.read(), OLD)


@pytest.mark.parametrize("lock", [f"~${NAME}", "~$itical incidents.xlsx", f".~lock.{NAME}#"])
def test_nothing_is_written_while_it_is_open(lock: str, tracker: Path, copies: Path, store: LocalStore) -> None:
    content = b"Robin Example,robin,office-pc,23.11.2026 09:00,;" if "lock" in lock else b"\x0dRobin Example"
    tracker.with_name(lock).write_bytes(content)
    with pytest.raises(TrackerBusy) as caught:
        store.replace(store.read(), NEW)
    assert caught.value.exit_code == 4
    program = "LibreOffice" if "lock" in lock else "Excel"
    assert str(caught.value) == (
        f"{NAME} is open in {program} by Robin Example, so nothing was written. "
        f"Close it and run again. If nobody has it open, delete {lock} beside it."
    )
    assert tracker.read_bytes() == OLD
    assert files_under(tracker.parent) == {NAME, lock}
    assert not copies.exists()


def test_nothing_is_written_over_somebodys_save(tracker: Path, copies: Path, store: LocalStore) -> None:
    snapshot = store.read()
    tracker.write_bytes(b"PK saved by a person")
    with pytest.raises(TrackerChanged, match=rf"Somebody saved {NAME} just now, so nothing was written\. Run again\."):
        store.replace(snapshot, NEW)
    assert tracker.read_bytes() == b"PK saved by a person"
    assert files_under(tracker.parent.parent) == {f"shared/{NAME}"}
    assert store.replace(store.read(), NEW).data == NEW


def test_a_tracker_that_was_deleted_is_not_made_again(tracker: Path, store: LocalStore) -> None:
    snapshot = store.read()
    tracker.unlink()
    with pytest.raises(TrackerUnusable, match="does not exist"):
        store.replace(snapshot, NEW)
    assert files_under(tracker.parent) == set()


def test_a_read_only_tracker(tracker: Path, store: LocalStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda _, mode: mode != os.W_OK)
    with pytest.raises(
        TrackerUnusable, match=r"is read-only\. Clear the read-only mark, or ask its owner for access\."
    ):
        store.replace(store.read(), NEW)
    assert tracker.read_bytes() == OLD


def test_what_a_killed_run_left_is_deleted(tracker: Path, copies: Path, store: LocalStore, tmp_path: Path) -> None:
    script = f"""
import os, pathlib, sys
from scripts.adapters.storage.local_store import LocalStore
store = LocalStore(pathlib.Path({str(tracker)!r}), copies_folder=pathlib.Path({str(copies)!r}), copies=3)
snapshot = store.read()
fsyncs = 0
def killed(_):
    global fsyncs
    fsyncs += 1
    if fsyncs == 2:  # the first is of the tracker's new version, the second of the copy
        os._exit(9)
os.fsync = killed
store.replace(snapshot, b"PK never finished")
"""
    killed = subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False)
    assert killed.returncode == 9
    assert tracker.read_bytes() == OLD
    assert len(files_under(tmp_path)) == 3
    theirs = tracker.with_name(".critical-incident-tracker-notes.tmp")
    theirs.write_bytes(b"")
    store.replace(store.read(), NEW)
    assert files_under(tracker.parent) == {NAME, theirs.name}
    assert [copy.read_bytes() for copy in copies.iterdir()] == [OLD]


def test_two_runs_at_once_do_not_take_each_others_work_away(tracker: Path, copies: Path, tmp_path: Path) -> None:
    script = f"""
import pathlib, sys
from scripts.adapters.storage.local_store import LocalStore
from tracker_schema.errors import TrackerBusy
store = LocalStore(pathlib.Path({str(tracker)!r}), copies_folder=pathlib.Path({str(copies)!r}), copies=3)
written = 0
while written < 25:
    try:
        snapshot = store.read()
        store.replace(snapshot, snapshot.data + sys.argv[1].encode())
        written += 1
    except TrackerBusy:
        pass
"""
    runs = [subprocess.Popen([sys.executable, "-c", script, letter], cwd=ROOT) for letter in "ab"]
    assert [run.wait(60) for run in runs] == [0, 0]
    assert sorted(tracker.read_bytes().removeprefix(OLD)) == sorted(b"ab" * 25)
    assert files_under(tracker.parent) == {NAME}
    assert len(files_under(tmp_path)) == 1 + 3


def test_a_run_while_another_writes(tracker: Path, store: LocalStore, tmp_path: Path) -> None:
    snapshot = store.read()
    with tracker_lock(tracker.resolve()), pytest.raises(TrackerBusy, match="Another run of this program is writing"):
        store.replace(snapshot, NEW)
    assert files_under(tmp_path) == {f"shared/{NAME}"}
    assert store.replace(snapshot, NEW).data == NEW


@pytest.mark.parametrize("name", [pytest.param("open", marks=of_linux("os.open makes the lock")), "mkdir"])
def test_where_no_lock_can_be_made_nothing_is_written(
    name: str, tracker: Path, store: LocalStore, own_home: Path
) -> None:
    snapshot = store.read()
    with (
        at_call(1, os, name, failing(OSError(errno.EROFS, "Read-only file system"))),
        pytest.raises(TrackerError, match=r"cannot be used \(Read-only file system\), so nothing was done\.") as caught,
    ):
        store.replace(snapshot, NEW)
    assert caught.value.exit_code == 1
    assert caught.value.remedy == "Let this account write in that folder."
    assert tracker.read_bytes() == OLD
    assert store.replace(snapshot, NEW).data == NEW


# Failures at every step


@contextlib.contextmanager
def at_call(number: int, module: object, name: str, then: Callable[..., Any]) -> Iterator[None]:
    """`module.name` does as `then` does, and nothing else, when it is called for the `number`th time."""
    real = getattr(module, name)
    calls = 0

    def counted(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        calls += 1
        return (then if calls == number else real)(*args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, name, counted)
        yield
    assert calls >= number, f"{name} was called {calls} times"


FULL = OSError(errno.ENOSPC, "No space left on device")
DENIED = PermissionError(errno.EACCES, "Permission denied")
READ_ONLY = OSError(errno.EROFS, "Read-only file system")
BROKEN = OSError(errno.EIO, "Input/output error")
STOPPED = KeyboardInterrupt()
NOT_WRITTEN = f"{NAME} could not be written"
NO_COPY = f"{NAME} was not written, because no copy of it could be put in "


@pytest.mark.parametrize(
    ("number", "module", "name", "error", "message"),
    [
        (1, Path, "touch", DENIED, f"{NOT_WRITTEN} (this account may not write in that folder). It is as it was."),
        (1, Path, "touch", READ_ONLY, f"{NOT_WRITTEN} (this account may not write in that folder). It is as it was."),
        (1, os, "fsync", FULL, f"{NOT_WRITTEN} (the disk is full). It is as it was."),
        (1, os, "fsync", BROKEN, f"{NOT_WRITTEN} (Input/output error). It is as it was."),
        (2, Path, "touch", DENIED, NO_COPY),
        (2, os, "fsync", FULL, "(the disk is full). Correct that, or name another folder as copies_folder"),
        (1, os, "replace", DENIED, NO_COPY),
        (2, os, "replace", BROKEN, f"{NOT_WRITTEN} (Input/output error). It is as it was."),
    ],
)
def test_a_failure_leaves_everything_as_it_was(
    number: int,
    module: object,
    name: str,
    error: OSError,
    message: str,
    store: LocalStore,
    tracker: Path,
    tmp_path: Path,
) -> None:
    snapshot = store.read()
    with pytest.raises(TrackerError, match=re.escape(message)), at_call(number, module, name, failing(error)):
        store.replace(snapshot, NEW)
    assert tracker.read_bytes() == OLD
    assert files_under(tmp_path) == {f"shared/{NAME}"}


def test_a_folder_for_copies_that_cannot_be_made(
    store: LocalStore, tracker: Path, copies: Path, tmp_path: Path
) -> None:
    copies.parent.write_bytes(b"a file where the folder should be")
    with pytest.raises(TrackerError, match=re.escape(NO_COPY)):
        store.replace(store.read(), NEW)
    assert tracker.read_bytes() == OLD
    assert files_under(tmp_path) == {f"shared/{NAME}", "state"}


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (DENIED, f"{NAME} is open in another program, so nothing was written"),
        (FileNotFoundError(errno.ENOENT, "No such file"), f"A run on another computer is writing {NAME}, so nothing"),
    ],
)
def test_somebody_who_holds_the_file_at_the_last_moment(
    error: OSError, message: str, store: LocalStore, tracker: Path, tmp_path: Path
) -> None:
    snapshot = store.read()
    with pytest.raises(TrackerBusy, match=message), at_call(2, os, "replace", failing(error)):
        store.replace(snapshot, NEW)
    assert tracker.read_bytes() == OLD
    assert files_under(tmp_path) == {f"shared/{NAME}"}


@pytest.mark.parametrize(
    ("number", "module", "name"),
    [(1, os, "fsync"), (2, os, "fsync"), (1, os, "replace"), (2, os, "replace"), (2, Path, "read_bytes")],
)
def test_the_keyboard_leaves_everything_as_it_was(
    number: int, module: object, name: str, store: LocalStore, tracker: Path, tmp_path: Path
) -> None:
    snapshot = store.read()
    with pytest.raises(KeyboardInterrupt), at_call(number, module, name, failing(STOPPED)):
        store.replace(snapshot, NEW)
    assert tracker.read_bytes() == OLD
    assert files_under(tmp_path) == {f"shared/{NAME}"}


def test_a_save_at_the_last_moment_stays(store: LocalStore, tracker: Path, tmp_path: Path) -> None:
    snapshot = store.read()
    with (
        pytest.raises(TrackerChanged),
        at_call(1, local_store, "_copy_permissions", lambda *_: tracker.write_bytes(b"PK saved by a person")),
    ):
        store.replace(snapshot, NEW)
    assert tracker.read_bytes() == b"PK saved by a person"
    assert files_under(tmp_path) == {f"shared/{NAME}"}


def test_somebody_who_opens_it_at_the_last_moment(store: LocalStore, tracker: Path, tmp_path: Path) -> None:
    lock = tracker.with_name(f"~${NAME}")
    snapshot = store.read()
    with (
        pytest.raises(TrackerBusy, match="is open in Excel, so nothing was written"),
        at_call(1, local_store, "_copy_permissions", lambda *_: lock.write_bytes(b"")),
    ):
        store.replace(snapshot, NEW)
    assert tracker.read_bytes() == OLD
    assert files_under(tmp_path) == {f"shared/{NAME}", f"shared/{lock.name}"}


@of_linux("a folder is put on the disk by a call of its own")
@pytest.mark.parametrize("number", [3, 4])
def test_a_folder_that_cannot_be_synced_does_no_harm(number: int, store: LocalStore, tracker: Path) -> None:
    snapshot = store.read()
    with at_call(number, os, "fsync", failing(OSError(errno.EINVAL, "Invalid argument"))):
        store.replace(snapshot, NEW)
    assert tracker.read_bytes() == NEW


def test_what_reads_back_differently_is_said_with_the_copy(store: LocalStore, tracker: Path, copies: Path) -> None:
    snapshot = store.read()
    with (
        pytest.raises(TrackerError) as caught,
        at_call(1, local_store, "sync_folder", lambda _: tracker.write_bytes(b"PK something else")),
    ):
        store.replace(snapshot, NEW)
    (copy,) = copies.iterdir()
    assert copy.read_bytes() == OLD
    assert caught.value.exit_code == 1
    assert str(caught.value).startswith(f"{NAME} does not hold what was written to it: somebody saved it ")
    assert str(caught.value).endswith(f"Open it and check it. The version before is kept as {copy}.")


def test_what_cannot_be_read_back_is_not_called_unwritten(tracker: Path) -> None:
    store = LocalStore(tracker, copies_folder=None, copies=0)
    snapshot = store.read()
    with pytest.raises(TrackerError) as caught, at_call(4, Path, "read_bytes", failing(DENIED)):
        store.replace(snapshot, NEW)
    assert caught.value.exit_code == 1
    assert str(caught.value) == (
        f"{NAME} was written but could not be read back. {NAME} is open in another program. "
        "Open it and check it. No copy of the version before was kept."
    )


def test_an_old_copy_that_cannot_be_removed_is_left_for_another_time(
    store: LocalStore, copies: Path, tracker: Path
) -> None:
    copies.mkdir(parents=True)
    for day in range(1, 6):
        (copies / f"Critical incidents 2026-11-0{day} 090000 0123abcd.xlsx").write_bytes(b"PK")
    with at_call(2, Path, "unlink", failing(DENIED)):
        store.replace(store.read(), NEW)
    assert tracker.read_bytes() == NEW


@pytest.mark.parametrize("protected", [True, False])
def test_a_protected_sheet_is_not_written_around_in_silence(protected: bool, tmp_path: Path) -> None:
    import openpyxl

    path = save_tracker(tmp_path / "Log.xlsx", [incident("CI-1") | {"status": "On track"}])
    book = openpyxl.load_workbook(path)
    book["Incidents"].protection.sheet = protected
    book.save(path)
    store = LocalStore(path, copies_folder=tmp_path / "copies", copies=0)
    snapshot = store.read()
    rows = read_tracker(snapshot.data, snapshot.name, Names())
    number = rows.sheets["incidents"].numbers["status"]
    plan = Plan([], [CellWrite("Incidents", 5, number, "status", "CI-1", "On track", "Overdue")])
    told = store.write(snapshot, rows, plan).remarks
    assert any("The sheet “Incidents” is protected." in remark for remark in told) == protected
