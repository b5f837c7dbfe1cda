"""Find out who has a workbook open, from the small file that Excel or LibreOffice keeps beside it meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

EXCEL = "~$"
LONGEST_NAME = 54
"""Bytes that Excel leaves for a name in its owner file."""


@dataclass(frozen=True, slots=True)
class LockFile:
    """A lock file beside a workbook that is open.

    path      the lock file
    program   Excel or LibreOffice
    holder    the name that the person gave to the program; "" when it cannot be read
    """

    path: Path
    program: str
    holder: str


def lock_on(workbook: Path) -> LockFile | None:
    """Return the lock on `workbook`, or None when nobody has it open in Excel or LibreOffice."""
    folder, name = workbook.parent, workbook.name
    excel = [folder / f"{EXCEL}{name}"]
    # Office may write ~$ over the first two letters of a long name, unless a file with that shorter name exists.
    if len(workbook.stem) > 8 and not (folder / name[2:]).exists():
        excel.append(folder / f"{EXCEL}{name[2:]}")
    for path in excel:
        if path.exists():
            return LockFile(path, "Excel", _name_in_owner_file(_content(path)))
    path = folder / f".~lock.{name}#"
    if path.exists():
        return LockFile(path, "LibreOffice", _name_in_lock_file(_content(path)))
    return None


def _content(path: Path) -> bytes:
    # The program may not let us read its lock file; that the file exists is enough.
    try:
        with path.open("rb") as lock:
            return lock.read(4096)
    except OSError:
        return b""


def _name_in_owner_file(content: bytes) -> str:
    """Return the name in Excel's owner file: its length and 54 bytes in cp1252, then again in UTF-16."""
    utf_16 = 1 + LONGEST_NAME
    length = int.from_bytes(content[utf_16 : utf_16 + 2], "little")
    if 0 < length <= LONGEST_NAME:
        name = _printable(content[utf_16 + 2 : utf_16 + 2 + 2 * length].decode("utf-16-le", "replace"))
        if name:
            return name
    return _printable(content[1 : 1 + content[0]].decode("cp1252", "replace")) if content else ""


def _name_in_lock_file(content: bytes) -> str:
    """Return the name in LibreOffice's lock file, whose fields are the person, login, computer, time and more."""
    fields = content.decode("utf-8", "replace").split(",")
    return next((name for field in fields[:2] if (name := _printable(field))), "")


def _printable(name: str) -> str:
    name = name.strip(" \0")
    return name if name.isprintable() and "\N{REPLACEMENT CHARACTER}" not in name else ""
