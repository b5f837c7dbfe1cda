"""The pseudonymised extract as a CSV file, which Excel and statistics programs read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scripts.adapters.settings.secrets import NAMES_IN_KEYRING, PSEUDONYM_KEY, SERVICE, find_secret
from tracker_schema.errors import UsageError
from tracker_schema.evidence.extract import SHORTEST_KEY


def pseudonym_key() -> bytes:
    """Return the key of the pseudonyms. Raises UsageError when there is none, or it is short enough to be guessed."""
    key = find_secret(PSEUDONYM_KEY)
    if key is None:
        raise UsageError(
            "The extract needs a key for its pseudonyms. With the same key an incident has the same pseudonym in every "
            "extract, and without the key nobody can tell which incident it is.",
            f"Choose a key of {SHORTEST_KEY} characters or more and keep it safe. Put it in the environment as "
            f"{PSEUDONYM_KEY}, or in the keyring with python -m keyring set {SERVICE} "
            f"{NAMES_IN_KEYRING[PSEUDONYM_KEY]}.",
        )
    if len(key) < SHORTEST_KEY:
        raise UsageError(
            f"The key of the pseudonyms ({PSEUDONYM_KEY}) is too short to be safe.",
            f"Use one of {SHORTEST_KEY} characters or more.",
        )
    return key.encode("utf-8")


def build(rows: Sequence[Mapping[str, str]]) -> bytes:
    """Return the bytes of the file: `rows` below their headings, or a sentence when there are none."""
    # Loaded here, because pandas takes long to load and few runs make an extract.
    import pandas as pd

    table = pd.DataFrame(rows) if rows else pd.DataFrame(columns=["There is no incident in the tracker."])
    # With a byte order mark, by which Excel recognises the encoding.
    return table.to_csv(index=False).encode("utf-8-sig")
