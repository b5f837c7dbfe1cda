"""The folder to which completed forms are saved, and the one in it for those that are in the tracker.

Nothing is deleted or written over. A form is moved when what it says has been entered and read back; until then a note
in the folder for finished ones says which were being entered, so that a run that was stopped in between is made good.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

from scripts.adapters.storage.atomic_write import temporary_file
from scripts.adapters.storage.lock_files import EXCEL, lock_on
from tracker_schema.case import NEW_INCIDENT
from tracker_schema.documents.documents import documents
from tracker_schema.errors import UsageError

PROCESSED = "Processed"
_NOTE = "Being entered.txt"
_ABOUT = "Forms that were being entered when this was written: the SHA-256 of each file, and its reference."
_NOTED = re.compile(r"([0-9a-f]{64}) (\S.*)")

# What is laid beside files by Office, LibreOffice, macOS and Windows, and is no form.
_BESIDE_FILES = (EXCEL, ".", "desktop.ini", "thumbs.db")

# What a file's name may say besides names of ours: nobody is called so.
_HARMLESS = re.compile(
    r"\b(?:\d{4}-\d\d-\d\d|completed?|final|signed|return(?:ed)?|copy|form|template|scoping|from|for|of|v?\d{1,2})\b",
    re.IGNORECASE | re.ASCII,
)


def forms_in(folder: Path) -> list[Path]:
    """The files in `folder`, by name; those that programs lay beside others are left out.

    Raises UsageError when it is no folder, or may not be looked into.
    """
    try:
        found = [path for path in folder.iterdir() if not path.name.lower().startswith(_BESIDE_FILES)]
    except (FileNotFoundError, NotADirectoryError):
        raise UsageError(f"There is no folder {folder}; name the folder that the completed forms are in.") from None
    except OSError as error:
        raise UsageError(f"The folder {folder} cannot be looked into ({error.strerror}); ask for access.") from None
    return sorted((path for path in found if not path.is_dir()), key=lambda path: path.name.casefold())


def is_open(path: Path) -> bool:
    """Whether somebody has the file open in Word or LibreOffice."""
    # Of all but short names Word writes over one letter or two for the name of its lock.
    locks = [path.name[letters:] for letters in (1, 2) if not path.with_name(path.name[letters:]).exists()]
    return lock_on(path) is not None or any(path.with_name(EXCEL + name).exists() for name in locks)


def shown_name(path: Path, known: Iterable[str]) -> str:
    """The file's name when nothing in it can name a person, else its size and when it was saved.

    `known` are the references and agencies of the tracker; the names of our documents are known anyway.
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
    """What each of `paths`, in order of their names, is called as by `shown_name`; those alike are told apart."""
    known = tuple(known)
    shown = {path: shown_name(path, known) for path in paths}
    alike: dict[str, list[Path]] = {}
    for path, name in shown.items():
        alike.setdefault(name, []).append(path)
    for name, several in alike.items():
        if len(several) > 1:
            shown |= {path: f"{name}, {number} of {len(several)} by name" for number, path in enumerate(several, 1)}
    return shown


class Processed:
    """The subfolder for forms that are in the tracker."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / PROCESSED
        self._note = self._folder / _NOTE
        self.being_entered = self._read_note()

    def note(self, being_entered: Mapping[str, str]) -> None:
        """Says on the disk that the forms with these digests, and no others, are being entered under these references.

        Raises UsageError when the folder cannot be written to.
        """
        try:
            if being_entered:
                self._folder.mkdir(exist_ok=True)
                lines = (f"{digest} {' '.join(being_entered[digest].split())}" for digest in sorted(being_entered))
                text = "\n".join((_ABOUT, *lines, ""))
                with temporary_file(self._folder, _NOTE, text.encode()) as temporary:
                    temporary.replace(self._note)
            else:
                self._note.unlink(missing_ok=True)
        except OSError as error:
            raise UsageError(
                f"The folder {self._folder} cannot be written to ({error.strerror}), so nothing was entered; forms "
                "that are done are moved there."
            ) from None

    def take(self, path: Path) -> Path:
        """The form's new place: it is moved there, under another number when a file of its name is there already.

        Raises OSError when it cannot be moved, perhaps because somebody has it open; then it is where it was.
        """
        self._folder.mkdir(exist_ok=True)
        for number in count(1):
            place = self._folder / (path.name if number == 1 else f"{path.stem} ({number}){path.suffix}")
            try:
                place.touch(exist_ok=False)  # the name is ours now: what is put over it is this empty file
            except FileExistsError:
                if place.stat().st_size:  # an empty one is what a run that was stopped here left behind
                    continue
            try:
                path.replace(place)
            except OSError:
                with suppress(OSError):
                    place.unlink()
                raise
            return place
        raise AssertionError  # there is always another number

    def _read_note(self) -> dict[str, str]:
        try:
            lines = self._note.read_text("utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            return {}
        return {found[1]: found[2] for line in lines if (found := _NOTED.fullmatch(line))}
