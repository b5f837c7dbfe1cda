"""The folder for the files of this program: copies, drafts, the ledger and the token cache."""

from __future__ import annotations

import os
from pathlib import Path

WINDOWS = os.name == "nt"
PROGRAM = "critical-incident-tracker"


def user_state_folder() -> Path:
    """Return the folder for this user of this computer; it need not exist yet."""
    if WINDOWS:
        local = os.environ.get("LOCALAPPDATA")
        return (Path(local) if local else Path.home() / "AppData" / "Local") / PROGRAM
    state = Path(os.environ.get("XDG_STATE_HOME", ""))
    return (state if state.is_absolute() else Path.home() / ".local" / "state") / PROGRAM
