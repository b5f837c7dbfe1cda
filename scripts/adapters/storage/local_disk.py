"""Whether a file would lie on a disk of this computer, as far as that can be told.

A database on a network share or in a folder that is kept in step with others can be written by two computers at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path, PureWindowsPath

MOUNTS = Path("/proc/self/mounts")
_NETWORK = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "fuse.rclone", "fuse.onedriver", "davfs", "afs", "9p"}
_REMOTE_DRIVE = 4


def not_local(path: Path) -> str | None:
    """Why `path` is not on a disk of this computer alone, as in “it lies …”; None when nothing speaks against it."""
    if str(path).startswith(("\\\\", "//")):
        return "on a network share"
    for variable in ("OneDrive", "OneDriveCommercial", "OneDriveConsumer"):
        folder = os.environ.get(variable)
        if folder and path.resolve().is_relative_to(Path(folder).resolve()):
            return "in a folder that OneDrive keeps in step"
    if sys.platform == "win32":
        import ctypes

        drive = PureWindowsPath(path.resolve()).drive
        if ctypes.windll.kernel32.GetDriveTypeW(f"{drive}\\") == _REMOTE_DRIVE:
            return f"on the network drive {drive}"
        return None
    return _on_a_network_mount(path)


def _on_a_network_mount(path: Path) -> str | None:
    try:
        mounts = MOUNTS.read_text("utf-8", "replace").splitlines()
    except OSError:  # another system than Linux, which does not tell
        return None
    here = path.resolve()
    innermost = max(_mounts_above(here, mounts), default=(0, ""))
    return "on a network drive" if innermost[1] in _NETWORK else None


def _mounts_above(path: Path, mounts: Iterable[str]) -> Iterable[tuple[int, str]]:
    for mount in mounts:
        _, place, kind, *_ = [*mount.split(), "", "", ""]
        folder = Path(place.replace("\\040", " "))
        if path.is_relative_to(folder):
            yield len(folder.parts), kind
