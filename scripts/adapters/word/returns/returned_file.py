"""A completed form as it came back: the parts of a Word file that hold answers, or one sentence why it is not opened.

Strangers send these files, so nothing in one is believed. No part is unpacked to disk or beyond a limit that counts
the bytes themselves; the XML is read without a document type, an entity or a look at any other file; and no macro,
link or picture is touched. What is left is a handful of trees, small enough to be walked at once.
"""

from __future__ import annotations

import hashlib
import posixpath
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias
from zipfile import ZipInfo

from lxml import etree

from scripts.adapters.workbook.xlsx.archive import Archive
from scripts.adapters.workbook.xlsx.package import part_name, relations_of
from tracker_schema.errors import TrackerUnusable
from tracker_schema.returns.returned_answers import ReturnRefused

Element: TypeAlias = etree._Element

LARGEST_FILE = 25 << 20  # more than most councils' e-mail lets through
MOST_PARTS = 2_000
LARGEST_UNPACKED = 200 << 20  # of all parts together, by their own account; only a few of them are ever unpacked
MOST_XML = 8 << 20  # that is read of one file; a return of a hundred pages takes a tenth of it

# What trees take: for each element, and for each attribute with its value. 150 pages weigh about half of the most.
_ELEMENT_BYTES, _ATTRIBUTE_BYTES = 128, 232
_HEAVIEST_TREES = 56 << 20

_COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # what .doc files and encrypted files are wrapped in
_CONTENT_TYPES = "[content_types].xml"
_MAIN_TYPE = "wordprocessingml.document.main+xml"
_MACROS = ("vbaproject", "vbadata", "macroenabled")

_DAMAGED = "is damaged, perhaps on its way here; ask for it to be sent again"
_TOO_LARGE = "unpacks to far more than a form can hold, so it was not opened; ask for the Word form itself"
_PROTECTED = "is locked by a password or a sensitivity label; ask for it without, or under a label that does not lock"
_MACROS_INSIDE = "holds macros, so it was not opened; ask for the form itself, saved as .docx"
_NO_WORD_FILE = "is not a Word document, whatever its name says; ask for the Word form itself"
_OTHER_FILES = {
    ".doc": "an old Word document (.doc), which loses the form's fields",
    ".docm": "a Word document with macros (.docm)",
    ".dotx": "a Word template (.dotx)",
    ".dotm": "a Word template with macros (.dotm)",
    ".rtf": "a Rich Text file (.rtf), which loses the form's fields",
    ".odt": "an OpenDocument text (.odt), which loses the form's fields",
    ".pdf": "a PDF, whose answers cannot be read",
    ".msg": "an e-mail; save the form that is attached to it",
    ".eml": "an e-mail; save the form that is attached to it",
    ".zip": "a zip file; take the form out of it",
}


@dataclass(frozen=True, eq=False)
class ReturnedFile:
    """A Word file that may be a completed form: its text, its headers and footers, and the properties given to it.

    `digest` is the SHA-256 of its bytes, by which the same file is known again.
    """

    document: Element
    around: tuple[Element, ...]
    properties: Mapping[str, str] = field(repr=False)
    digest: str


def open_returned(path: Path) -> ReturnedFile:
    """The Word file at `path`, read and left where it is.

    Raises ReturnRefused when it is no .docx, cannot be read, is damaged, locked or holds macros, or is larger, packed
    or unpacked, than a form can be.
    """
    data = _read(path)
    if not data.startswith(b"PK"):
        raise ReturnRefused(_what_else(data))
    try:
        return _Parts(Archive(data)).returned_file(hashlib.sha256(data).hexdigest())
    except TrackerUnusable as error:  # in which the zip container is called a workbook
        raise ReturnRefused(_DAMAGED) from error


def _read(path: Path) -> bytes:
    if path.suffix.lower() != ".docx":
        kind = _OTHER_FILES.get(path.suffix.lower(), "no Word document (.docx)")
        remedy = "" if ";" in kind else "; ask for the Word form itself, saved as .docx"
        raise ReturnRefused(f"is {kind}{remedy}")
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise ReturnRefused("is no file but a folder or the like; put the form itself here")
        if status.st_size > LARGEST_FILE:
            raise ReturnRefused(
                f"is larger than the {LARGEST_FILE >> 20} MB that are read; ask for the form without its pictures"
            )
        with path.open("rb") as file:
            return file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise ReturnRefused(
            f"cannot be read ({error.strerror or type(error).__name__}); if it is open in Word, close it, and if "
            "OneDrive is still fetching it, let it finish"
        ) from None


def _what_else(data: bytes) -> str:
    """Why bytes that are not even a zip file are refused."""
    if not data.strip(b"\0"):
        return "holds nothing; if OneDrive is still fetching it, let it finish, else ask for it to be sent again"
    if data.startswith(_COMPOUND_FILE):
        locked = any(word.encode("utf-16-le") in data for word in ("EncryptedPackage", "DataSpaces"))
        return _PROTECTED if locked else f"is {_OTHER_FILES['.doc']}; ask for the Word form itself, saved as .docx"
    return _NO_WORD_FILE


class _Parts:
    """The parts of one Word file, by the one spelling under which each is known."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._entries = _by_name(archive)
        self._room = MOST_XML
        self._weight = 0
        if sum(entry.file_size for entry in archive.entries) > LARGEST_UNPACKED:
            raise ReturnRefused(_TOO_LARGE)
        if any(word in name for name in self._entries for word in _MACROS):
            raise ReturnRefused(_MACROS_INSIDE)

    def returned_file(self, digest: str) -> ReturnedFile:
        """The parts that hold answers, and no others."""
        types = self._content_types()
        related = dict(self._relations(""))
        main = related.get("officeDocument", "")
        if main not in self._entries:
            raise ReturnRefused(_NO_WORD_FILE if types else _DAMAGED)
        if not types.get(main, "").endswith(_MAIN_TYPE):
            raise ReturnRefused(_NO_WORD_FILE)
        around = [part for kind, part in self._relations(main) if kind in ("header", "footer")]
        properties = related.get("custom-properties", "")
        return ReturnedFile(
            document=self.tree(main),
            around=tuple(self.tree(part) for part in dict.fromkeys(around) if part in self._entries),
            properties=_custom_properties(self.tree(properties)) if properties in self._entries else {},
            digest=digest,
        )

    def tree(self, part: str) -> Element:
        """A part as a tree of elements."""
        data = self._unpacked(self._entries[part])
        # Without a document type there are no entities to be expanded or fetched. Word never writes one.
        if b"<!DOCTYPE" in data:
            raise ReturnRefused("holds a document type, which Word never writes, so it was not opened")
        # Counted before anything is built: an empty element of four letters becomes a hundred bytes.
        self._weight += data.count(b"<") * _ELEMENT_BYTES + data.count(b"=") * _ATTRIBUTE_BYTES
        if self._weight > _HEAVIEST_TREES:
            raise ReturnRefused(_TOO_LARGE)
        parser = etree.XMLParser(
            # In no other encoding, so that what was looked for above cannot hide in one.
            encoding="utf-8",
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            return etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise ReturnRefused(_DAMAGED) from error

    def _unpacked(self, entry: ZipInfo) -> bytes:
        pieces: list[bytes] = []
        for piece in self._archive.pieces(entry):
            self._room -= len(piece)
            if self._room < 0:
                raise ReturnRefused(_TOO_LARGE)
            pieces.append(piece)
        return b"".join(pieces)

    def _content_types(self) -> dict[str, str]:
        """What kind of part each part with a type of its own is; macros go by these whatever their names are."""
        if _CONTENT_TYPES not in self._entries:
            return {}
        elements = list(self.tree(_CONTENT_TYPES))
        if any(word in element.get("ContentType", "").lower() for element in elements for word in _MACROS):
            raise ReturnRefused(_MACROS_INSIDE)
        by_ending = {element.get("Extension", "").lower(): element.get("ContentType", "") for element in elements}
        by_part = {part_name(element.get("PartName", "")): element.get("ContentType", "") for element in elements}
        return {name: by_part.get(name) or by_ending.get(name.rpartition(".")[2], "") for name in self._entries}

    def _relations(self, part: str) -> Iterator[tuple[str, str]]:
        """What each part that `part` points to is to it, and its name; "" is the file itself."""
        relations = relations_of(part)
        if relations not in self._entries:
            return
        for element in self.tree(relations):
            kind = element.get("Type", "").rpartition("/")[2]
            if kind.lower().startswith(_MACROS):
                raise ReturnRefused(_MACROS_INSIDE)
            if element.get("TargetMode") != "External":
                target = posixpath.join("/", posixpath.dirname(part), element.get("Target", "").replace("\\", "/"))
                yield _KINDS.get(kind, kind), part_name(posixpath.normpath(target))


# As strict documents spell it.
_KINDS = {"customProperties": "custom-properties"}


def _by_name(archive: Archive) -> dict[str, ZipInfo]:
    if len(archive.entries) > MOST_PARTS:
        raise ReturnRefused(_TOO_LARGE)
    entries: dict[str, ZipInfo] = {}
    for entry in archive.entries:
        name = part_name(entry.filename)
        if name in entries:  # one program would read the one, another the other
            raise ReturnRefused(_DAMAGED)
        entries[name] = entry
    return entries


def _custom_properties(root: Element) -> dict[str, str]:
    """The properties that a person or program gave the document, under File > Info > Properties > Advanced."""
    return {
        name: "".join(map(str, element.itertext())).strip()
        for element in root
        if (name := element.get("name")) is not None
    }
