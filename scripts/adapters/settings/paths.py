"""Paths as people type them, and the folder for the files of this program: copies, drafts, the ledger, the sign-in."""

from __future__ import annotations

import os
import re
from pathlib import Path

from scripts.adapters.settings.errors import WrongValue

WINDOWS = os.name == "nt"
PROGRAM = "critical-incident-tracker"


def user_state_folder() -> Path:
    """Return the folder for this user of this computer; it need not exist yet."""
    if WINDOWS:
        local = os.environ.get("LOCALAPPDATA")
        return (Path(local) if local else Path.home() / "AppData" / "Local") / PROGRAM
    state = Path(os.environ.get("XDG_STATE_HOME", ""))
    return (state if state.is_absolute() else Path.home() / ".local" / "state") / PROGRAM


def results_path() -> Path:
    """Return where the results page is on this computer, if set_up has made one."""
    return user_state_folder() / "What the tracker says.html"


def typed_path(text: str) -> Path:
    """Return the path that somebody typed or pasted.

    The quotes of “Copy as path” do not count, and %NAME% stands for that variable of the computer, as in Explorer.
    Raises WrongValue for a web address, a variable that this computer does not have, and a quotation mark within.
    """
    path = text.strip()
    for quote in ('"', "'"):
        if len(path) > 1 and path.startswith(quote) and path.endswith(quote):
            path = path[1:-1]
    if "://" in path or re.match(r"https?:[/\\]", path, re.IGNORECASE):
        raise WrongValue(
            "is a web address",
            "Name a file on this computer, or in a folder that OneDrive keeps in step. "
            "A tracker in SharePoint goes into config.toml, under [sharepoint].",
        )
    if '"' in path:
        raise WrongValue(
            "has a quotation mark in it", r"If a folder ends with \" on the command line, leave out that \."
        )
    try:
        return Path(re.sub(r"%(\w+)%", _variable, path)).expanduser()
    except RuntimeError:
        raise WrongValue("starts with ~, but the home folder of that user is not known", "Write it in full.") from None


def _variable(found: re.Match[str]) -> str:
    value = os.environ.get(found[1])
    if value is None:
        raise WrongValue(f"has %{found[1]}%, and this computer has no such variable", "Write the folder in full.")
    return value


def is_on_a_share(path: Path) -> bool:
    """Return whether the path itself says that it is on another computer.

    On Windows a path of this computer may begin with two backslashes and a question mark, so that it may be long.
    """
    name = str(path).replace("/", "\\").upper()
    if name.startswith("\\\\?\\"):
        return name.startswith("\\\\?\\UNC\\")
    return name.startswith("\\\\")
