"""A person's sign-in, stored between runs in a file that only this account can read.

It lets this program act as that person until it has not been used for some 90 days. So it is in the user's own folder,
never beside the project.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from scripts.adapters.settings.paths import user_state_folder
from scripts.adapters.storage.atomic_write import write_over
from tracker_schema.errors import SignInRefused, TrackerError


def cache_file() -> Path:
    """Return where the sign-in is stored."""
    return user_state_folder() / "sign-in.json"


def new_cache() -> Any:
    """Return an empty cache for MSAL."""
    import msal  # type: ignore[import-untyped]

    return msal.SerializableTokenCache()


def load() -> Any:
    """Return MSAL's cache as the last run stored it, an empty one when nothing is stored.

    Raises SignInRefused when it cannot be read.
    """
    cache, path = new_cache(), cache_file()
    try:
        stored = path.read_text("utf-8")
        if not isinstance(json.loads(stored), dict):
            raise ValueError
    except FileNotFoundError:
        return cache
    except OSError as error:
        raise SignInRefused(
            f"The stored sign-in {path} cannot be read ({error.strerror}).", "Let this account read it."
        ) from None
    except ValueError:
        raise SignInRefused(
            f"The stored sign-in {path} is damaged.", "Run python -m scripts.login again, as this user."
        ) from None
    cache.deserialize(stored)
    return cache


def save(cache: Any) -> None:
    """Store the cache if MSAL has changed it. Raises TrackerError when it cannot be written."""
    if not cache.has_state_changed:
        return
    path = cache_file()
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_over(path, cache.serialize().encode())
    except OSError as error:
        raise TrackerError(
            f"The sign-in cannot be stored in {path} ({error.strerror}).", "Let this account write there."
        ) from None
    cache.has_state_changed = False
