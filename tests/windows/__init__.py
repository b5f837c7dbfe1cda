"""What tests say of the system that they run on.

    WORTH_RUNNING    what is worth running there after a change: where files, paths and programs matter
    ON_WINDOWS       true on Windows, and in Wine
    IN_WINE          true in Wine
    STATE            the folder of a test's home in which the program keeps what is its own
    of_linux         skips a test of something that only Linux (and macOS) has
    wine_lacks       skips a test, in Wine only, of something that Windows does and Wine does not
    is_ours_alone    whether other accounts are kept from a file

The README beside this file says how the suite is run on Windows and what comes of it.
"""

from __future__ import annotations

import ctypes
import os
from pathlib import Path

import pytest

WORTH_RUNNING = (
    "windows",
    "adapters/cli",
    "adapters/ledger",
    "adapters/mail/test_posting.py",
    "adapters/schedule",
    "adapters/settings",
    "adapters/storage",
    "adapters/tracker",
    "adapters/word/returns",
    "docs/test_readme.py",
    "scripts/documents",
    "scripts/mail",
    "scripts/tracker/test_check_tracker.py",
    "scripts/tracker/test_real_workbooks.py",
)
ON_WINDOWS = os.name == "nt"
STATE = "localappdata" if ON_WINDOWS else "xdg_state_home"
IN_WINE = ON_WINDOWS and hasattr(ctypes.WinDLL("ntdll"), "wine_get_version")  # type: ignore[attr-defined,unused-ignore]


def of_linux(what: str) -> pytest.MarkDecorator:
    """Return a mark for a test of `what`, that Windows has not or has otherwise."""
    return pytest.mark.skipif(ON_WINDOWS, reason=f"about Linux: {what}")


def wine_lacks(what: str) -> pytest.MarkDecorator:
    """Return a mark for a test that needs `what`: Windows has it and Wine has it not."""
    return pytest.mark.skipif(IN_WINE, reason=f"Wine lacks: {what}")


def is_ours_alone(path: Path) -> bool:
    """Return whether no other account may use that file, by its mode; on Windows it has the rights of its folder."""
    return ON_WINDOWS or path.stat().st_mode & 0o077 == 0
