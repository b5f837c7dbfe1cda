"""The folder with completed forms, and the folder in it for those that are in the tracker.

Nothing is deleted or overwritten. A form is moved once it has been entered and read back. Until then a note in the
second folder lists the forms that are being entered, so that the next run can finish a run that was stopped.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from scripts.adapters.storage.atomic_write import move_into, remove, write_over
from scripts.adapters.storage.lock_files import EXCEL, lock_on
from tracker_schema.documents.documents import documents
from tracker_schema.errors import UsageError
from tracker_schema.incidents.incident import NEW_INCIDENT, ScopingReturn

PROCESSED = "Processed"
_NOTE = "Being entered.txt"
_ABOUT = "Forms that were being entered when this was written: the SHA-256 of each file, and its reference."
_NOTED = re.compile(r"([0-9a-f]{64}) (\S.*)")

# Files that Office, LibreOffice, macOS and Windows put beside others.
_BESIDE_FILES = (EXCEL, ".", "desktop.ini", "thumbs.db")

# Words that a file's name may have besides ours: they are nobody's name.
_HARMLESS = re.compile(
    r"\b(?:\d{4}-\d\d-\d\d|completed?|final|signed|return(?:ed)?|copy|form|template|scoping|from|for|of|v?\d{1,2})\b",
    re.IGNORECASE | re.ASCII,
)


def forms_in(folder: Path) -> list[Path]:
    """Return the files in `folder`, by name, without those that programs put beside others.

    Raises UsageError when there is no such folder, or it may not be read.
    """
    try:
        found = [path for path in folder.iterdir() if not path.name.lower().startswith(_BESIDE_FILES)]
    except (FileNotFoundError, NotADirectoryError):
        raise UsageError(f"There is no folder {folder}.", "Name the folder with the completed forms.") from None
    except OSError as error:
        raise UsageError(f"The folder {folder} cannot be read ({error.strerror}).", "Ask for access.") from None
    return sorted((path for path in found if not path.is_dir()), key=lambda path: path.name.casefold())


def is_open(path: Path) -> bool:
    """Return True if somebody has the file open in Word or LibreOffice."""
    # In the name of its lock file Word replaces the first one or two letters, unless the name is short.
    locks = [path.name[letters:] for letters in (1, 2) if not path.with_name(path.name[letters:]).exists()]
    return lock_on(path) is not None or any(path.with_name(EXCEL + name).exists() for name in locks)


def shown_name(path: Path, known: Iterable[str]) -> str:
    """Return the file's name if nothing in it can name a person; else its size and when it was saved.

    `known` are the references and agencies of the tracker. The names of our documents may be shown too.
    """
    rest = path.stem.replace("_", " ")
    ours = [text for document in documents().values() for text in (document.name, document.title)]
    for text in sorted({NEW_INCIDENT, *known, *ours}, key=len, reverse=True):
        words = r"[\W_]+".join(map(re.escape, re.findall(r"[^\W_]+", text)))  # a file's name has no : or / in it
        rest = re.sub(rf"(?<![^\W_]){words}(?![^\W_])", " ", rest, flags=re.IGNORECASE) if words else rest
    if not re.sub(r"[\W_]+", "", _HARMLESS.sub(" ", rest)):
        return path.name
    try:
        status = path.stat()
    except OSError:
        return "a file whose name is not shown"
    saved = dt.datetime.fromtimestamp(status.st_mtime, ZoneInfo("Europe/London"))
    return f"the file of {max(1, status.st_size >> 10):,} KB saved on {saved:%d/%m/%Y at %H:%M:%S}"


def shown_names(paths: Iterable[Path], known: Iterable[str]) -> dict[Path, str]:
    """Return the `shown_name` of each of `paths`, which are in order of their names; equal ones get a number."""
    known = tuple(known)
    shown = {path: shown_name(path, known) for path in paths}
    alike: dict[str, list[Path]] = {}
    for path, name in shown.items():
        alike.setdefault(name, []).append(path)
    for name, several in alike.items():
        if len(several) > 1:
            shown |= {path: f"{name}, {number} of {len(several)} by name" for number, path in enumerate(several, 1)}
    return shown


def return_named_in(path: Path, scoping: Sequence[ScopingReturn], head: str = "") -> ScopingReturn | None:
    """Return the row of the agency that a file names; None unless there is just one.

    It is named in the file's name, in those of the folders above it, or in `head`, the text at its head. Where no
    reference is named, it is the only row of the agency that has not been returned.
    """
    text = _words(" ".join([path.stem, *path.parts[-4:-1], head]))
    named = [row for row in scoping if row.agency and _words(row.agency) in text]
    # “West Midlands Police” names no agency called “Police”.
    longest = [row for row in named if not any(_is_within(row.agency, other.agency) for other in named)]
    about = [row for row in longest if row.reference and _words(row.reference) in text]
    if not about and not any(row.reference and _words(row.reference) in text for row in scoping):
        about = [row for row in longest if row.returned is None]
    return about[0] if len(about) == 1 else None


def _words(text: str) -> str:
    """Return the words of `text` in small letters, with a space around each."""
    words = re.findall(r"[^\W_]+", text.casefold())
    return f" {' '.join(words)} "


def _is_within(name: str, other: str) -> bool:
    return _words(name) != _words(other) and _words(name) in _words(other)


class Processed:
    """The subfolder for forms that are in the tracker."""

    def __init__(self, folder: Path, note: Path | None = None) -> None:
        self._folder = folder / PROCESSED
        self._note = note or self._folder / _NOTE
        self.being_entered = self._read_note()

    def note(self, being_entered: Mapping[str, str]) -> None:
        """Note on disk that these forms, and no others, are being entered: references by digest.

        Raises UsageError when the folder cannot be written to.
        """
        try:
            if being_entered:
                self._note.parent.mkdir(exist_ok=True)
                lines = (f"{digest} {' '.join(being_entered[digest].split())}" for digest in sorted(being_entered))
                text = "\n".join((_ABOUT, *lines, ""))
                write_over(self._note, text.encode())
            else:
                remove(self._note)
        except OSError as error:
            raise UsageError(
                f"The folder {self._folder} cannot be written to ({error.strerror}), so nothing was entered.",
                "Forms that are done are moved there: make sure that you may write to it.",
            ) from None

    def take(self, path: Path, reference: str = "") -> Path:
        """Move the form of an incident here, with a number if there is a file of its name; return its new path.

        Raises OSError when it cannot be moved, perhaps because somebody has it open; then it is left in place.
        """
        self._folder.mkdir(exist_ok=True)
        return move_into(self._folder, path)

    def _read_note(self) -> dict[str, str]:
        try:
            lines = self._note.read_text("utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            return {}
        return {found[1]: found[2] for line in lines if (found := _NOTED.fullmatch(line))}
