"""Open a completed form safely: return the parts of a Word file that hold answers, or say why it is not opened.

Strangers send these files, so nothing in them is trusted. No part is unpacked to disk, or beyond a limit in bytes; the
XML is read without document types, entities or other files; and no macro, link or picture is opened.
"""

from __future__ import annotations

import hashlib
import posixpath
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias
from zipfile import ZipInfo

from lxml import etree

from scripts.adapters.word.foreign_parts import foreign_kind
from scripts.adapters.workbook.xlsx.archive import Archive
from scripts.adapters.workbook.xlsx.package import part_name, relations_of
from tracker_schema.errors import TrackerUnusable
from tracker_schema.returns.returned_answers import ASK_BY_TELEPHONE, ReturnRefused

Element: TypeAlias = etree._Element

LARGEST_FILE = 25 << 20  # more than most councils' e-mail lets through
MOST_PARTS = 2_000
LARGEST_UNPACKED = 200 << 20  # all parts together, as the file declares them; only a few are ever unpacked
MOST_XML = 8 << 20  # read from one file; a return of a hundred pages has a tenth of it

# The memory of a tree for each element, and for each attribute with its value. 150 pages need half of the limit.
_ELEMENT_BYTES, _ATTRIBUTE_BYTES = 128, 232
_HEAVIEST_TREES = 56 << 20

_COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of .doc files and encrypted files
_CONTENT_TYPES = "[content_types].xml"
_MAIN_TYPE = "wordprocessingml.document.main+xml"
_MACROS = ("vbaproject", "vbadata", "macroenabled")

# What is wrong, and the remedy.
_DAMAGED = ("It is damaged, perhaps on its way here.", "Ask for it to be sent again.")
_TOO_LARGE = (
    "It unpacks to far more than a form can hold, so it was not opened.",
    "Ask for the Word form itself.",
    ASK_BY_TELEPHONE,
)
_PROTECTED = (
    "It is locked by a password or a sensitivity label.",
    "Ask for it without one, or with a label that does not lock it.",
)
_MACROS_INSIDE = (
    "It holds macros, so it was not opened.",
    "Ask for the form itself, saved as .docx.",
    ASK_BY_TELEPHONE,
)
_DOCUMENT_TYPE = (
    "It holds a document type, which Word never writes, so it was not opened.",
    "Ask for the Word form itself.",
    ASK_BY_TELEPHONE,
)
_NO_WORD_FILE = ("It is not a Word document, whatever its name says.", "Ask for the Word form itself.")
_AS_WORD_FILE = "Ask for the Word form itself, saved as .docx."
_OTHER_FILES = {
    ".doc": ("It is an old Word document (.doc), which loses the form's fields.", _AS_WORD_FILE),
    ".docm": ("It is a Word document with macros (.docm).", _AS_WORD_FILE, ASK_BY_TELEPHONE),
    ".dotx": ("It is a Word template (.dotx).", _AS_WORD_FILE),
    ".dotm": ("It is a Word template with macros (.dotm).", _AS_WORD_FILE, ASK_BY_TELEPHONE),
    ".rtf": ("It is a Rich Text file (.rtf), which loses the form's fields.", _AS_WORD_FILE),
    ".odt": ("It is an OpenDocument text (.odt), which loses the form's fields.", _AS_WORD_FILE),
    ".pdf": ("It is a PDF, whose answers cannot be read.", _AS_WORD_FILE),
    ".msg": ("It is an e-mail.", "Save the form that is attached to it."),
    ".eml": ("It is an e-mail.", "Save the form that is attached to it."),
    ".zip": ("It is a zip file.", "Take the form out of it."),
}


@dataclass(frozen=True, eq=False)
class ReturnedFile:
    """A Word file that may be a completed form.

    document: its text
    around: its headers and footers
    title: its title among its properties (File > Info)
    digest: the SHA-256 of its bytes, by which the same file is recognised
    foreign: what it holds and no form of ours has, such as “an embedded object”; none of it was opened
    """

    document: Element
    around: tuple[Element, ...]
    title: str = field(repr=False)
    digest: str
    foreign: tuple[str, ...] = ()


def open_returned(path: Path) -> ReturnedFile:
    """Return the Word file at `path`, which is left in place.

    Raises ReturnRefused when it is no .docx, cannot be read, is damaged or locked, holds macros, or is larger than a
    form can be.
    """
    return returned_from(_read(path))


def whole_form(path: Path) -> bytes:
    """Return the bytes of the Word file at `path`, which was opened to see that it is whole. Raises as `open_returned`.

    A file that is sent on is checked like this first: a run that was killed, or a full disk, may have left half of one.
    """
    data = _read(path)
    returned_from(data)
    return data


def returned_from(data: bytes) -> ReturnedFile:
    """Return the Word file with that content. Raises as `open_returned`."""
    if not data.startswith(b"PK"):
        raise ReturnRefused(*_why_no_zip(data))
    try:
        return _Parts(Archive(data)).returned_file(hashlib.sha256(data).hexdigest())
    except TrackerUnusable as error:  # its sentence is about a workbook
        raise ReturnRefused(*_DAMAGED) from error


def _read(path: Path) -> bytes:
    if path.suffix.lower() != ".docx":
        raise ReturnRefused(*_OTHER_FILES.get(path.suffix.lower(), ("It is no Word document (.docx).", _AS_WORD_FILE)))
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise ReturnRefused("It is no file but a folder or the like.", "Put the form itself here.")
        if status.st_size > LARGEST_FILE:
            raise ReturnRefused(
                f"It is larger than {LARGEST_FILE >> 20} MB, so it was not opened.", "Ask for it without its pictures."
            )
        with path.open("rb") as file:
            return file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise ReturnRefused(
            f"It cannot be read ({error.strerror or type(error).__name__}).",
            "If it is open in Word, close it; if OneDrive is still fetching it, let it finish.",
        ) from None


def _why_no_zip(data: bytes) -> tuple[str, ...]:
    """Return why bytes that are not even a zip file are refused, and the remedy."""
    if not data.strip(b"\0"):
        return "It is empty.", "If OneDrive is still fetching it, let it finish; else ask for it to be sent again."
    if data.startswith(_COMPOUND_FILE):
        locked = any(word.encode("utf-16-le") in data for word in ("EncryptedPackage", "DataSpaces"))
        return _PROTECTED if locked else _OTHER_FILES[".doc"]
    return _NO_WORD_FILE


class _Parts:
    """The parts of one Word file, by their names in one spelling."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._entries = _by_name(archive)
        self._bytes_left = MOST_XML
        self._weight = 0
        if sum(entry.file_size for entry in archive.entries) > LARGEST_UNPACKED:
            raise ReturnRefused(*_TOO_LARGE)
        if any(word in name for name in self._entries for word in _MACROS):
            raise ReturnRefused(*_MACROS_INSIDE)

    def returned_file(self, digest: str) -> ReturnedFile:
        """Return the parts that hold answers."""
        types = self._content_types()
        related = dict(self._relations(""))
        main = related.get("officeDocument", "")
        if main not in self._entries:
            raise ReturnRefused(*(_NO_WORD_FILE if types else _DAMAGED))
        if not types.get(main, "").endswith(_MAIN_TYPE):
            raise ReturnRefused(*_NO_WORD_FILE)
        around = [part for kind, part in self._relations(main) if kind in ("header", "footer")]
        core = related.get("core-properties", "")
        return ReturnedFile(
            document=self.tree(main),
            around=tuple(self.tree(part) for part in dict.fromkeys(around) if part in self._entries),
            title=_title(self.tree(core)) if core in self._entries else "",
            digest=digest,
            foreign=self._foreign(),
        )

    def _foreign(self) -> tuple[str, ...]:
        """Return what the file holds besides a form, in words. Macros are refused."""
        kinds: dict[str, None] = {}
        for part in self._entries:
            if part.endswith(".rels"):
                kinds |= dict.fromkeys(kind for each in self.tree(part) if (kind := foreign_kind(each)))
        return tuple(kinds)

    def tree(self, part: str) -> Element:
        """Return a part as a tree of elements."""
        data = self._unpacked(self._entries[part])
        # Without a document type there are no entities to expand or fetch. Word never writes one.
        if b"<!DOCTYPE" in data:
            raise ReturnRefused(*_DOCUMENT_TYPE)
        # Counted before the tree is made: an empty element of four letters becomes a hundred bytes.
        self._weight += data.count(b"<") * _ELEMENT_BYTES + data.count(b"=") * _ATTRIBUTE_BYTES
        if self._weight > _HEAVIEST_TREES:
            raise ReturnRefused(*_TOO_LARGE)
        parser = etree.XMLParser(
            # In no other encoding, in which a document type could hide.
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
            raise ReturnRefused(*_DAMAGED) from error

    def _unpacked(self, entry: ZipInfo) -> bytes:
        pieces: list[bytes] = []
        for piece in self._archive.pieces(entry):
            self._bytes_left -= len(piece)
            if self._bytes_left < 0:
                raise ReturnRefused(*_TOO_LARGE)
            pieces.append(piece)
        return b"".join(pieces)

    def _content_types(self) -> dict[str, str]:
        """Return the content type of each part. Macros are known by it, whatever their names are."""
        if _CONTENT_TYPES not in self._entries:
            return {}
        elements = list(self.tree(_CONTENT_TYPES))
        if any(word in element.get("ContentType", "").lower() for element in elements for word in _MACROS):
            raise ReturnRefused(*_MACROS_INSIDE)
        by_ending = {element.get("Extension", "").lower(): element.get("ContentType", "") for element in elements}
        by_part = {part_name(element.get("PartName", "")): element.get("ContentType", "") for element in elements}
        return {name: by_part.get(name) or by_ending.get(name.rpartition(".")[2], "") for name in self._entries}

    def _relations(self, part: str) -> Iterator[tuple[str, str]]:
        """Yield the kind and the name of each part that `part` points to; "" is the file itself."""
        relations = relations_of(part)
        if relations not in self._entries:
            return
        for element in self.tree(relations):
            kind = element.get("Type", "").rpartition("/")[2]
            if kind.lower().startswith(_MACROS):
                raise ReturnRefused(*_MACROS_INSIDE)
            if element.get("TargetMode") != "External":
                target = posixpath.join("/", posixpath.dirname(part), element.get("Target", "").replace("\\", "/"))
                yield _KINDS.get(kind, kind), part_name(posixpath.normpath(target))


# As strict documents spell it.
_KINDS = {"coreProperties": "core-properties"}
_TITLE = "{http://purl.org/dc/elements/1.1/}title"


def _by_name(archive: Archive) -> dict[str, ZipInfo]:
    if len(archive.entries) > MOST_PARTS:
        raise ReturnRefused(*_TOO_LARGE)
    entries: dict[str, ZipInfo] = {}
    for entry in archive.entries:
        name = part_name(entry.filename)
        if name in entries:  # programs differ in which of the two they read
            raise ReturnRefused(*_DAMAGED)
        entries[name] = entry
    return entries


def _title(core: Element) -> str:
    """Return the document's title among its core properties."""
    return "".join(text for element in core.iter(_TITLE) for text in map(str, element.itertext())).strip()
