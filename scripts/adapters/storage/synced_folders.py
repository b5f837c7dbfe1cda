"""The folders of this computer that OneDrive keeps in step with SharePoint."""

from __future__ import annotations

import contextlib
import glob
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

_OWN = ("OneDrive", "OneDriveCommercial", "OneDriveConsumer")
# Libraries of SharePoint that are synced lie beside OneDrive's own folder, and only the registry knows them.
_LIBRARIES = r"Software\SyncEngines\Providers\OneDrive"
_ACCOUNTS = r"Software\Microsoft\OneDrive\Accounts"


# OneDrive adds the name of the computer: Log-DESKTOP-4F7K2.xlsx. “Log-OLD” and “Log-FY2526” are names that people give.
_COMPUTER = re.compile(r"(?=.*\d)(?=.*[A-Z])[A-Z0-9-]{5,15}(?: \(\d+\))?")
_OF_PEOPLE = re.compile(
    r"(?:\d+|(?:FY|Q|V|VER|VERSION|REV|WK|WEEK|YR|YEAR|BACKUP|BAK|COPY|FINAL|OLD|NEW|DRAFT|ARCHIVE|TO|TERM|PART"
    r"|JAN|FEB|MAR|APR|MAY|JUNE?|JULY?|AUG|SEPT?|OCT|NOV|DEC)\d*(?:TO\d+)?)"
)


_A_DAY = 24 * 60 * 60


def is_synced(path: Path) -> bool:
    """Return whether OneDrive keeps the folder of this file in step."""
    return any(path.resolve().is_relative_to(Path(folder).resolve()) for folder in synced_folders())


def conflict_copies(path: Path) -> list[str]:
    """Return the names of the copies that OneDrive made beside a file because two computers changed it at once."""
    if not is_synced(path):
        return []
    names = (file.name for file in path.parent.glob(f"{glob.escape(path.stem)}-*{glob.escape(path.suffix)}"))
    computers = {os.environ.get("COMPUTERNAME", "").upper()} - {""}
    begin, end = len(path.stem) + 1, len(path.suffix)
    return sorted(name for name in names if name[begin:-end] in computers or _is_computer(name[begin:-end]))


def _is_computer(ending: str) -> bool:
    if not _COMPUTER.fullmatch(ending):
        return False
    return not all(_OF_PEOPLE.fullmatch(part) for part in ending.partition(" ")[0].split("-"))


def stands_still(path: Path) -> bool:
    """Return whether OneDrive keeps the folder of this file in step, and another file there is a day newer."""
    if not is_synced(path):
        return False
    with contextlib.suppress(OSError):
        files = [file for file in path.parent.iterdir() if file.is_file() and not file.name.startswith((".", "~"))]
        return max(file.stat().st_mtime for file in files) - path.stat().st_mtime >= _A_DAY
    return False


def synced_folders() -> list[str]:
    """Return the folders that OneDrive syncs: the person's own, and the libraries of SharePoint."""
    own = [folder for folder in map(os.environ.get, _OWN) if folder]
    return own + list(_libraries())


if sys.platform == "win32":
    import winreg
    from winreg import HKEYType

    def _libraries() -> Iterator[str]:
        for library in _keys(winreg.HKEY_CURRENT_USER, _LIBRARIES):
            yield from (str(value) for name, value in _values(library) if name == "MountPoint")
        for account in _keys(winreg.HKEY_CURRENT_USER, _ACCOUNTS):
            for tenant in _keys(account, "Tenants"):
                # The folder is the name of a value, whose value says nothing.
                yield from (name for name, _ in _values(tenant))

    def _keys(parent: HKEYType | int, name: str) -> Iterator[HKEYType]:
        """Give each key below the one of that name, open; none when there is no such key."""
        try:
            with winreg.OpenKey(parent, name) as key:
                for number in range(winreg.QueryInfoKey(key)[0]):
                    with winreg.OpenKey(key, winreg.EnumKey(key, number)) as inner:
                        yield inner
        except OSError:
            return

    def _values(key: HKEYType) -> Iterator[tuple[str, object]]:
        for number in range(winreg.QueryInfoKey(key)[1]):
            name, value, _ = winreg.EnumValue(key, number)
            yield name, value

else:

    def _libraries() -> Iterator[str]:
        return iter(())
