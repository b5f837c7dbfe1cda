"""A person's sign-in, kept between runs in a file that only this account can read.

What it holds lets this program act as that person until it is not used for some 90 days, so it lies in the user's own
folder and never beside the project.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from scripts.adapters.settings.paths import user_state_folder
from scripts.adapters.storage.atomic_write import temporary_file
from tracker_schema.errors import TrackerError


def kept_file() -> Path:
    """Where it is kept."""
    return user_state_folder() / "sign-in.json"


def load() -> Any:
    """The cache that MSAL keeps its tokens in, as the last run left it; an empty one when there is none."""
    import msal  # type: ignore[import-untyped]

    cache = msal.SerializableTokenCache()
    try:
        cache.deserialize(kept_file().read_text("utf-8"))
    except (OSError, ValueError):  # never signed in, or damaged: somebody is asked to sign in (again)
        return msal.SerializableTokenCache()
    return cache


def save(cache: Any) -> None:
    """Keep what MSAL has learnt, if it is anything new."""
    if not cache.has_state_changed:
        return
    path = kept_file()
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with temporary_file(path.parent, path.name, cache.serialize().encode()) as new:
            new.replace(path)
    except OSError as error:
        raise TrackerError(
            f"The sign-in cannot be kept in {path} ({error.strerror}); let this account write there."
        ) from None
    cache.has_state_changed = False
