"""Find out whether a file is on a disk of this computer, as far as the system says.

Two computers can write a database on a network share, or in a folder that is synced, at the same time.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path, PureWindowsPath

from scripts.adapters.settings.paths import is_on_a_share
from scripts.adapters.storage.synced_folders import is_synced

MOUNTS = Path("/proc/self/mounts")
_NETWORK = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "fuse.rclone", "fuse.onedriver", "davfs", "afs", "9p"}
_REMOTE_DRIVE = 4


def not_local(path: Path) -> str | None:
    """Return where `path` is if not on a disk of this computer alone, such as “on a network share”; else None."""
    if is_on_a_share(path):
        return "on a network share"
    if is_synced(path):
        return "in a folder that OneDrive syncs"
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
    except OSError:  # not Linux
        return None
    innermost = max(_mounts_above(path.resolve(), mounts), default=(0, ""))
    return "on a network drive" if innermost[1] in _NETWORK else None


def _mounts_above(path: Path, mounts: Iterable[str]) -> Iterable[tuple[int, str]]:
    for mount in mounts:
        _, mounted_on, kind, *_ = [*mount.split(), "", "", ""]
        folder = Path(mounted_on.replace("\\040", " "))
        if path.is_relative_to(folder):
            yield len(folder.parts), kind
