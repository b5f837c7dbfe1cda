"""A new file: whole or not at all, never over another, and nothing left over after the next run."""

from __future__ import annotations

import errno
import os
import re
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scripts.adapters.storage import atomic_write
from scripts.adapters.storage.atomic_write import write_new, write_over
from tests.windows import of_linux

ROOT = Path(__file__).parents[3]

KILLED = """
import os, pathlib, sys
from scripts.adapters.storage import atomic_write
if sys.argv[1] == "link":
    atomic_write.renameat2 = lambda *_: False
real = getattr(os, sys.argv[1])
def killed(*arguments, **more):
    if sys.argv[2] == "after":
        real(*arguments, **more)
    os._exit(9)
setattr(os, sys.argv[1], killed)
atomic_write.write_new(pathlib.Path(sys.argv[3]), b"whole")
"""


@pytest.mark.parametrize("call", ["fsync", "link"])
@pytest.mark.parametrize("when", ["before", "after"])
@of_linux("a new file gets its name by a link")
def test_killed_it_is_whole_or_not_there_and_the_next_run_clears_up(tmp_path: Path, call: str, when: str) -> None:
    path = tmp_path / "a form.docx"
    killed = subprocess.run([sys.executable, "-c", KILLED, call, when, str(path)], cwd=ROOT, check=False)
    assert killed.returncode == 9
    assert len(list(tmp_path.glob(".*.tmp"))) == 1
    assert path.exists() is (call == "link" and when == "after")
    assert not path.exists() or path.read_bytes() == b"whole"
    write_new(tmp_path / "another.docx", b"x")
    assert not list(tmp_path.glob(".*.tmp"))


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO])
def test_a_disk_that_is_full_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: int) -> None:
    def full(_: int) -> None:
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match=os.strerror(error)):
        write_new(tmp_path / "a form.docx", b"whole")
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_there_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a form.docx"
    path.write_bytes(b"theirs")
    with pytest.raises(FileExistsError):
        write_new(path, b"ours")
    monkeypatch.setattr(Path, "exists", lambda _: False)  # it was made after we looked
    with pytest.raises(FileExistsError):
        write_new(path, b"ours")
    assert [each.read_bytes() for each in tmp_path.iterdir()] == [b"theirs"]


@of_linux("a new file gets its name by a link")
def test_a_disk_without_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: Any) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(atomic_write, "renameat2", lambda *_: False)
    monkeypatch.setattr(os, "link", no_links)
    write_new(tmp_path / "a form.docx", b"whole")
    with pytest.raises(FileExistsError):
        write_new(tmp_path / "a form.docx", b"ours")
    assert [each.read_bytes() for each in tmp_path.iterdir()] == [b"whole"]


@of_linux("a file that is open can be deleted")
def test_a_run_that_clears_up_at_the_same_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes our temporary file for left over; the file is written all the same."""
    real: Callable[[int], None] = os.fsync
    calls = 0

    def another_run_begins(handle: int) -> None:
        nonlocal calls
        calls += 1
        real(handle)
        if calls == 1:
            for path in tmp_path.glob(".*.tmp"):
                path.unlink()

    monkeypatch.setattr(os, "fsync", another_run_begins)
    write_new(tmp_path / "a form.docx", b"whole")
    assert [each.read_bytes() for each in tmp_path.iterdir()] == [b"whole"]


@of_linux("permissions by a mode")
@pytest.mark.parametrize("write", [write_new, write_over])
def test_only_this_account_reads_a_private_file(tmp_path: Path, write: Callable[..., None]) -> None:
    before = os.umask(0o022)
    try:
        write(tmp_path / "a form.docx", b"x")
        write(tmp_path / "a tracker.xlsx", b"x", rights=None)
        write(tmp_path / "in a shared folder.docx", b"x", rights=0o664)
    finally:
        os.umask(before)
    assert [stat.S_IMODE(each.stat().st_mode) for each in sorted(tmp_path.iterdir())] == [0o600, 0o644, 0o664]


def test_thousands_of_files_do_not_each_look_through_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, looked = Path.iterdir, []

    def counted(path: Path) -> Any:
        looked.append(path)
        return real(path)

    monkeypatch.setattr(Path, "iterdir", counted)
    for number in range(20):
        write_new(tmp_path / f"{number}.eml", b"x")
        write_over(tmp_path / f"{number}.eml", b"y")
    assert len(looked) == 1


def test_every_file_is_written_in_one_place() -> None:
    """No other module writes or renames a file; only LibreOffice reads its source from a temporary folder."""
    writes = re.compile(
        r"""\.write_(?:bytes|text)\(|\bopen\([^()]*["'][wxa]b?["']|\.rename\(|os\.(?:replace|rename|link)\("""
    )
    here = {Path(atomic_write.__file__), ROOT / "scripts" / "adapters" / "word" / "documents" / "pdf.py"}
    modules = set((ROOT / "scripts").rglob("*.py")) - here
    texts = {path: path.read_text("utf-8").replace("Path(os.devnull).open", "") for path in modules}
    assert [str(path) for path, text in texts.items() if writes.search(text)] == []
    assert all(writes.search(path.read_text("utf-8")) for path in here - {Path(atomic_write.__file__)})
