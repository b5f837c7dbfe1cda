"""The names of the files of documents: the reference, the document and the day, and nothing about a person.

A reference is what somebody typed. It is part of a file's name, and never leads to another folder.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
import unicodedata
from collections.abc import Collection
from pathlib import Path

from scripts.adapters.storage.atomic_write import write_new
from tracker_schema.errors import UsageError

MOST_LETTERS = 60
MOST_OF_A_NAME = 1000

# What Windows, the strictest, does not allow in a name; and names that mean devices there.
_NOT_IN_A_NAME = re.compile(r'[<>:"/\\|?*]')
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)


def file_stem(reference: str | None, name: str, day: dt.date, agency: str | None = None) -> str:
    """Return the name without its ending, such as “CI-2026-001 initial-scoping Police 2026-11-23”.

    `reference` is None for a document of all cases: “slt-paper 2026-11-23”.
    """
    about = "" if reference is None else _safe(reference) or "no reference"
    words = [about, name, _safe(agency or ""), day.isoformat()]
    stem = " ".join(filter(None, words))
    return f"_{stem}" if _DEVICES.fullmatch(stem.partition(" ")[0]) else stem


def beginning_of(reference: str | None, name: str, agency: str | None = None) -> str:
    """Return what the names of the files of a document about an incident begin with, on whatever day it was made."""
    day = dt.date.max
    return file_stem(reference, name, day, agency).removesuffix(day.isoformat())


def latest(folder: Path, stem: str, ending: str) -> Path | None:
    """Return the file of that name in `folder` with the highest number; None when there is none."""
    latest = None
    for path in itertools.islice(_names(folder, stem, ending), MOST_OF_A_NAME):
        if not path.exists():
            return latest
        latest = path
    return latest


def _safe(text: str) -> str:
    """Return `text` as part of a file's name: on one line, from left to right, without a path in it."""
    text = _NOT_IN_A_NAME.sub("-", unicodedata.normalize("NFC", text))
    letters = [letter for letter in " ".join(text.split()) if not unicodedata.category(letter).startswith("C")]
    return "".join(letters[:MOST_LETTERS]).strip(" .~$")


def folder_name(reference: str) -> str:
    """Return the name of the folder of a case, which holds its reference and nothing else."""
    name = _safe(reference) or "no reference"
    return f"_{name}" if _DEVICES.fullmatch(name) else name


def numbered(stem: str, number: int) -> str:
    """Return the name, without its ending, of the copy with that number, which begins at 1."""
    return stem if number == 1 else f"{stem} ({number})"


def save_new(folder: Path, stem: str, ending: str, data: bytes) -> Path:
    """Write `data` to a new file in `folder`, with a number in its name if the name is taken; return the file.

    Raises UsageError when nothing can be written there.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path in itertools.islice(_names(folder, stem, ending), MOST_OF_A_NAME):
            try:
                write_new(path, data)
            except FileExistsError:
                continue
            return path
    except OSError as error:
        problem = f"Nothing can be written to the folder {folder} ({error.strerror})."
        raise UsageError(problem, "Name another with --out.") from None
    raise UsageError(f"The folder {folder} has too many files called {stem}.", "Move them away, or use --out.")


def free_name(folder: Path, stem: str, ending: str, taken: Collection[Path] = ()) -> Path:
    """Return the file that `save_new` would write now, other than those in `taken`."""
    return next(path for path in _names(folder, stem, ending) if path not in taken and not path.exists())


def _names(folder: Path, stem: str, ending: str) -> itertools.chain[Path]:
    numbered = (folder / f"{stem} ({number}){ending}" for number in itertools.count(2))
    return itertools.chain([folder / f"{stem}{ending}"], numbered)
