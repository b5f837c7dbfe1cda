"""Files that another program has open, which Windows then neither renames nor lets be read.

A virus scanner, OneDrive and the search indexer hold each new file for a moment, so the step is tried again.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from scripts.adapters.cli.clock import pause

T = TypeVar("T")

# "Access denied" is what a rename over an open file gets; the folder's rights were tried before, by the temporary file.
_ACCESS_DENIED, _SHARING, _LOCKED = 5, 32, 33
_NOT_EXCHANGED = {1175, 1176, 1177}  # ReplaceFileW could not move one of the two files
_HELD = {_SHARING, _LOCKED, *_NOT_EXCHANGED}
_WAITS = (0.05, 0.1, 0.2, 0.4, 0.6, 0.65)
"""In seconds; two of them in all."""


def patiently(step: Callable[[], T]) -> T:
    """Return what `step` returns. On Windows, try it for two seconds while another program has its file open.

    Raises the OSError of the last time.
    """
    for wait in _WAITS:
        try:
            return step()
        except OSError as error:
            if getattr(error, "winerror", None) not in {_ACCESS_DENIED, *_HELD}:
                raise
        pause(wait)
    return step()


def is_open_elsewhere(error: OSError) -> bool:
    """Return whether the step failed because another program has the file open, and not for want of rights."""
    return getattr(error, "winerror", None) in _HELD


def may_read(path: Path) -> bool:
    """Return whether this account is allowed to read the file, whoever has it open."""
    if sys.platform == "win32":
        import ctypes

        # os.access looks at no access list, and open() does not say which of the two it was.
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.CreateFileW.restype = ctypes.c_void_p
        read, share_all, existing = 0x80000000, 7, 3
        handle = kernel.CreateFileW(str(path), read, share_all, None, existing, 0, None)
        if handle == ctypes.c_void_p(-1).value:
            return ctypes.get_last_error() in (_SHARING, _LOCKED)
        kernel.CloseHandle(ctypes.c_void_p(handle))
        return True
    return os.access(path, os.R_OK)


def reason(error: OSError) -> str:
    """Return why a file could not be written, in plain words."""
    if is_open_elsewhere(error):
        return "it is open in another program"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "the disk is full"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return "this account may not write in that folder"
    return error.strerror or type(error).__name__
