"""A tracker on this computer: the file, who has it open, its folder, and the folder for copies."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from scripts.adapters.doctor.checks import BUSY, SETTINGS, TRACKER, Answer, check, fine, not_checked, warning, wrong
from scripts.adapters.doctor.examined import Examined
from scripts.adapters.settings.build import open_store
from scripts.adapters.storage.atomic_write import temporary_file
from scripts.adapters.storage.lock_files import lock_on

READING = "Reading the tracker"
DRY_RUN = "With --dry-run not even a file that is removed again is made."
WITHOUT_DRY_RUN = "Run doctor without --dry-run."


@check(READING, needs=("Settings",), exit_code=TRACKER)
def reading(examined: Examined) -> Answer:
    """Check that the file can be read."""
    file = _file(examined)
    if file is None:
        return wrong(
            "No tracker is named.",
            "Name the workbook with --tracker FILE, or in config.toml (copy config.example.toml) as tracker.file or "
            "under [sharepoint].",
            SETTINGS,
        )
    examined.file = file
    examined.snapshot = open_store(examined.config, file).read()
    if examined.snapshot.remarks:
        return warning(" ".join(examined.snapshot.remarks), "See to that before you rely on what the tracker says.")
    return fine(f"{examined.snapshot.name} can be read ({size(len(examined.snapshot.data))}).")


def _file(examined: Examined) -> Path | None:
    named: Path | None = examined.options.tracker
    return named or examined.config.tracker.file


@check("Open elsewhere", needs=("Settings", READING), exit_code=BUSY)
def lock(examined: Examined) -> Answer:
    """Check that nobody has the file open."""
    for workbook in dict.fromkeys((examined.file, examined.file.resolve())):
        if found := lock_on(workbook):
            by = f" by {found.holder}" if found.holder else ""
            return wrong(
                f"{workbook.name} is open in {found.program}{by}; while it is, nothing is written.",
                f"Close it, or if nobody has it open, delete {found.path.name} beside it.",
            )
    return fine("Nobody has it open.")


@check("Write permission", needs=("Settings", READING), exit_code=TRACKER)
def writing(examined: Examined) -> Answer:
    """Check that the file may be replaced."""
    target = examined.file.resolve()
    if not os.access(target, os.W_OK):
        return wrong(f"{target.name} is read-only.", "Clear that mark, or ask its owner for access.")
    if examined.writes_nothing:
        return not_checked(DRY_RUN, WITHOUT_DRY_RUN)
    try:
        with temporary_file(target.parent, "doctor", b""):
            pass
    except OSError as error:
        return wrong(
            f"No file can be made in the tracker's folder ({error.strerror}), which is how a new version is written.",
            "Ask the folder's owner to let this account write there, or make room on the disk.",
        )
    return fine("A file beside the tracker could be made and removed.")


@check("Copies folder", needs=("Settings",), exit_code=SETTINGS)
def copies_folder(examined: Examined) -> Answer | None:
    """Check that copies of earlier versions can be kept where nobody else sees them."""
    tracker = examined.config.tracker
    folder = tracker.copies_folder
    file = _file(examined)
    if not tracker.copies:
        return warning("No copies of earlier versions are kept.", "Set tracker.copies in config.toml to 30 or so.")
    if file is not None and folder.resolve().is_relative_to(file.resolve().parent):
        return warning(
            f"The copies folder {shown(folder)} is in the tracker's own folder, where everyone who sees the "
            "tracker would see its old copies too.",
            "Name a folder elsewhere as tracker.copies_folder in config.toml.",
        )
    if examined.writes_nothing:
        return not_checked(DRY_RUN, WITHOUT_DRY_RUN)
    try:
        with _made(folder), temporary_file(folder, "doctor", b""):
            others = _is_readable_by_others(folder)
    except OSError as error:
        return wrong(
            f"No copy can be put in {shown(folder)} ({error.strerror}), and without one nothing is written.",
            "Let this account write there, or name another folder as tracker.copies_folder in config.toml.",
        )
    if others:
        return warning(
            f"Other users of this computer can read the copies in {shown(folder)}.",
            f"Close it to them, as with chmod 700 {shown(folder)}.",
        )
    return fine(f"The copies folder {shown(folder)} can be written to.")


@contextlib.contextmanager
def _made(folder: Path) -> Iterator[None]:
    """Make `folder` as a job would, and remove it again if it did not exist."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        yield
    finally:
        for each in missing:
            with contextlib.suppress(OSError):  # somebody has put a file there
                each.rmdir()


def _is_readable_by_others(folder: Path) -> bool:
    """Whether other users can read the files in `folder`; False on Windows, which uses access lists."""
    if os.name == "nt":
        return False
    resolved = folder.resolve()
    group, all_users = (
        bool(resolved.stat().st_mode & read) and all(each.stat().st_mode & enter for each in resolved.parents)
        for read, enter in ((stat.S_IRGRP, stat.S_IXGRP), (stat.S_IROTH, stat.S_IXOTH))
    )
    return group or all_users


def shown(path: Path) -> str:
    """Return the path without the name of the account."""
    with contextlib.suppress(ValueError, RuntimeError):
        return str(Path("~") / path.relative_to(Path.home()))
    return str(path)


def size(count: int) -> str:
    """Return a number of bytes in kB or MB."""
    return f"{count / 2**20:.1f} MB" if count >= 2**20 else f"{max(1, round(count / 1024))} kB"


CHECKS = (copies_folder, reading, lock, writing)
