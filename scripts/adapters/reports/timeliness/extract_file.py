"""The pseudonymised extract as a file for analysts: comma-separated, as Excel and every statistics program read it."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from scripts.adapters.settings.secrets import NAMES_IN_KEYRING, PSEUDONYM_KEY, SERVICE, find_secret
from tracker_schema.errors import UsageError
from tracker_schema.evidence.extract import SHORTEST_KEY


def pseudonym_key() -> bytes:
    """The secret on which the pseudonyms hang. Raises UsageError when it is nowhere, or so short that it can be
    guessed.
    """
    key = find_secret(PSEUDONYM_KEY)
    if key is None:
        raise UsageError(
            "The extract needs a key of its own, so that the same incident has the same pseudonym in every extract and "
            "nobody without the key can tell which it is. Think of a long one, keep it safe, and put it in the "
            f"environment as {PSEUDONYM_KEY}, or in the keyring with python -m keyring set {SERVICE} "
            f"{NAMES_IN_KEYRING[PSEUDONYM_KEY]}."
        )
    if len(key) < SHORTEST_KEY:
        raise UsageError(
            f"The key of the pseudonyms ({PSEUDONYM_KEY}) is too short to be safe; take one of {SHORTEST_KEY} "
            "characters or more."
        )
    return key.encode("utf-8")


def build(rows: Sequence[Mapping[str, str]]) -> bytes:
    """The bytes of the file with `rows` below their headings; without rows, of one that says so."""
    text = io.StringIO(newline="")
    if rows:
        writer = csv.DictWriter(text, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    else:
        text.write("There is no incident in the tracker.\r\n")
    # With a byte order mark, by which Excel knows the encoding.
    return text.getvalue().encode("utf-8-sig")
