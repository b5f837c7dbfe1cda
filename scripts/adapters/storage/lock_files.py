"""Who has a workbook open, from the small file that Excel or LibreOffice lays beside it for as long."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

EXCEL = "~$"
LONGEST_NAME = 54  # the room that Excel leaves for a name


@dataclass(frozen=True, slots=True)
class Lock:
    """A workbook that is open in a program, as the file beside it says."""

    path: Path
    program: str
    holder: str
    """The name that the person gave to the program, or an empty text where it cannot be read."""


def lock_on(workbook: Path) -> Lock | None:
    """The lock on `workbook`, or None when nobody has it open in Excel or LibreOffice."""
    folder, name = workbook.parent, workbook.name
    excel = [folder / f"{EXCEL}{name}"]
    # Office may write ~$ over the first two letters of a long name, unless that is the lock of a shorter named file.
    if len(workbook.stem) > 8 and not (folder / name[2:]).exists():
        excel.append(folder / f"{EXCEL}{name[2:]}")
    for path in excel:
        if path.exists():
            return Lock(path, "Excel", _name_in_owner_file(_content(path)))
    path = folder / f".~lock.{name}#"
    if path.exists():
        return Lock(path, "LibreOffice", _name_in_lock_file(_content(path)))
    return None


def _content(path: Path) -> bytes:
    # The program may keep its lock file to itself; that it is there is enough.
    try:
        with path.open("rb") as lock:
            return lock.read(4096)
    except OSError:
        return b""


def _name_in_owner_file(content: bytes) -> str:
    """The name in Excel's owner file: its length and 54 bytes in the old Windows encoding, then again in UTF-16."""
    again = 1 + LONGEST_NAME
    length = int.from_bytes(content[again : again + 2], "little")
    if 0 < length <= LONGEST_NAME:
        name = _printable(content[again + 2 : again + 2 + 2 * length].decode("utf-16-le", "replace"))
        if name:
            return name
    return _printable(content[1 : 1 + content[0]].decode("cp1252", "replace")) if content else ""


def _name_in_lock_file(content: bytes) -> str:
    """The name in LibreOffice's lock file, whose fields are the person, the login, the computer, the time and more."""
    fields = content.decode("utf-8", "replace").split(",")
    return next((name for field in fields[:2] if (name := _printable(field))), "")


def _printable(name: str) -> str:
    name = name.strip(" \0")
    return name if name.isprintable() and "\N{REPLACEMENT CHARACTER}" not in name else ""
