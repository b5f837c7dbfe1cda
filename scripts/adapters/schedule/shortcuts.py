"""The two shortcuts on the desktop: one that runs a pass now, and one that opens the results page."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from scripts.adapters.schedule.timer import program
from scripts.adapters.storage.atomic_write import write_over
from tracker_schema.errors import UsageError

_RUNS = 0o700  # the rights of a shortcut, which can be started
CHECK_NOW, RESULTS = "Check now", "What the tracker says"
_SHELL_FOLDERS = r"Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders"


def make(project: Path, config: Path, page: Path) -> list[Path]:
    """Make both shortcuts, in the place of earlier ones, and return them. `page` is the results page.

    Raises UsageError when they cannot be written.
    """
    folder = desktop()
    files = _windows(project, config, page) if os.name == "nt" else _linux(project, config, page)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            write_over(folder / name, text.replace("\n", os.linesep).encode("utf-8"), rights=_RUNS)
    except OSError as error:
        raise UsageError(f"The shortcuts cannot be written to {folder} ({error.strerror}).") from None
    return [folder / name for name in files]


def remove() -> None:
    """Take both shortcuts away."""
    for name in (CHECK_NOW, RESULTS):
        for ending in (".cmd", ".url", ".desktop"):
            (desktop() / f"{name}{ending}").unlink(missing_ok=True)


def desktop() -> Path:
    """Return the desktop of this user, which OneDrive may have moved."""
    if sys.platform == "win32":
        import winreg

        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _SHELL_FOLDERS) as key:
            return Path(winreg.ExpandEnvironmentStrings(winreg.QueryValueEx(key, "Desktop")[0]))
    return Path.home() / "Desktop"


def _windows(project: Path, config: Path, page: Path) -> dict[str, str]:
    # In a .cmd file %% is a %; chcp makes it read the rest as UTF-8.
    python, folder, settings = (str(path).replace("%", "%%") for path in (program(with_window=True), project, config))
    check = (
        "@echo off\nchcp 65001 >nul\n"
        f'cd /d "{folder}"\n"{python}" -m scripts.results_page --check --open --config "{settings}"\n'
        "if errorlevel 1 pause\n"
    )
    return {f"{CHECK_NOW}.cmd": check, f"{RESULTS}.url": f"[InternetShortcut]\nURL={page.as_uri()}\n"}


def _linux(project: Path, config: Path, page: Path) -> dict[str, str]:
    python, settings = (str(path).replace("%", "%%") for path in (program(), config))
    entry = "[Desktop Entry]\nType={kind}\nName={name}\n{rest}"
    check = (
        f'Exec="{python}" -m scripts.results_page --check --open --config "{settings}"\nPath={project}\nTerminal=true\n'
    )
    return {
        f"{CHECK_NOW}.desktop": entry.format(kind="Application", name=CHECK_NOW, rest=check),
        f"{RESULTS}.desktop": entry.format(kind="Link", name=RESULTS, rest=f"URL={page.as_uri()}\n"),
    }
