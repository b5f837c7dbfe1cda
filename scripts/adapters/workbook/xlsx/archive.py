"""The zip file that holds a workbook's parts: read piece by piece, and written again with some parts changed.

`zipfile` reads it. It cannot copy an entry without compressing it again, so the new file is put together here.
"""

from __future__ import annotations

import io
import itertools
import struct
import zipfile
import zlib
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from copy import copy
from dataclasses import dataclass
from types import MappingProxyType
from zipfile import ZipInfo

from tracker_schema.errors import TrackerUnusable

MOST_PARTS = 5_000
MOST_BYTES = 2 << 30  # of all parts together, unpacked
RATIO_CHECKED_FROM = 64 << 20  # a part smaller than this, unpacked, may have any ratio
HIGHEST_RATIO = 200  # 100,000 rows of made-up data pack about 30 to 1; a zip bomb 1,000 to 1

PIECE = 1 << 19  # bytes of a part read at a time

# Of 1 to 9. A sheet of 180 MB (100,000 rows of 52 cells) packs at level 1 in 0.6 s to 37 MB, at 4 in 0.9 s to 32 MB,
# at 5 in 1.4 s to 28 MB, at 6 in 2.1 s to 27 MB. Level 5 keeps a file about as large as Excel made it.
LEVEL = 5

_MOST_WAITING = 2  # pieces to be compressed; more would only fill the memory

_4_GB = 0xFFFFFFFF

# Of the header before an entry, and of its record in the directory at the end of the file.
_HEADER_SIZE, _VERSION_AT, _LENGTHS_AT = 30, 4, 26
_LENGTHS = struct.Struct("<2H")
_RECORD_START, _RECORD_END = struct.Struct("<4s2B"), struct.Struct("<3H2L")
_DIRECTORY_END = struct.Struct("<4s4H2LH")
_SIZES_COME_AFTER = 0x08  # flag of a zip file that was written as a stream
_ZIP64_FIELD = 1

_COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of .xls files and of encrypted files

# zipfile raises all of these on damaged input.
_DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, OverflowError, NotImplementedError)


def damaged(what: str) -> TrackerUnusable:
    """Return the error for a damaged workbook; `what` is wrong with it, in words without a full stop."""
    return TrackerUnusable(f"The workbook is damaged: {what}.", "Restore an earlier version of it.")


def not_a_zip(data: bytes) -> TrackerUnusable:
    """Return the error that says what a file is that is not a zip file."""
    if not data:
        return TrackerUnusable("The file is empty.", "If it comes from OneDrive, let it finish downloading.")
    if data.startswith(_COMPOUND_FILE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            return TrackerUnusable(
                "The workbook is encrypted by a password or a sensitivity label.",
                "Save it without the password, or under a label that does not encrypt.",
            )
        return TrackerUnusable("The file is not an .xlsx workbook but an old one (.xls).", "Save it as .xlsx.")
    if data.lstrip()[:1] == b"<":
        return TrackerUnusable("The file is a web page or XML file, not an .xlsx workbook.", "Save it as .xlsx.")
    return TrackerUnusable("The file is not an .xlsx workbook.", "Save it as an Excel Workbook (.xlsx).")


@dataclass(frozen=True, slots=True)
class Packed:
    """The content of a zip entry, compressed.

    method       of compression, one of zipfile's numbers
    crc, size    of the content before it was compressed
    packed_size  of all pieces together
    pieces       the compressed bytes
    """

    method: int
    crc: int
    size: int
    packed_size: int
    pieces: Sequence[bytes | memoryview]


class Archive:
    """A zip file in memory. `entries` are its files, in the order of its directory."""

    def __init__(self, data: bytes) -> None:
        """Read the directory.

        Raises TrackerUnusable when it is damaged, the file is too large, or a part is packed more tightly than a real
        one: of each part it is known before any is unpacked.
        """
        self._data = data
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _DAMAGE as error:
            raise damaged("it is cut off, or is not a zip file") from error
        self.entries = self._zip.infolist()
        if len(self.entries) > MOST_PARTS:
            raise TrackerUnusable(
                f"The workbook has {len(self.entries):,} parts, more than the limit of {MOST_PARTS:,}."
            )
        if sum(entry.file_size for entry in self.entries) > MOST_BYTES:
            raise TrackerUnusable(f"The workbook unpacks to more than the limit of {MOST_BYTES >> 30} GB.")
        if sum(entry.compress_size for entry in self.entries) > len(data):
            raise damaged("some of its parts share the same bytes")
        for entry in self.entries:
            if entry.file_size > max(RATIO_CHECKED_FROM, HIGHEST_RATIO * entry.compress_size):
                raise TrackerUnusable(
                    f"The part {entry.filename} unpacks to far more than a real one would, so the file was not opened.",
                    "Ask who made it how, and for a copy saved by Excel or Word.",
                )

    def pieces(self, entry: ZipInfo) -> Iterator[bytes]:
        """Yield the content of an entry, unpacked, PIECE bytes at a time.

        Raises TrackerUnusable when the entry is encrypted, damaged, or packed in a way that spreadsheet programs do not
        use.
        """
        if entry.flag_bits & 1:
            raise TrackerUnusable("The workbook is password-protected.", "Save it without a password.")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            # For these two alone zipfile limits how much it unpacks at a time.
            raise TrackerUnusable(
                f"The workbook's part {entry.filename} is packed in an unusual way.", "Open it in Excel and save it."
            )
        try:
            with self._zip.open(entry) as file:
                while piece := file.read(PIECE):
                    yield piece
        except _DAMAGE as error:
            raise damaged(f"{entry.filename} is not as it was saved") from error

    def rewritten(
        self, changes: Mapping[str, Packed | None], added: Mapping[str, Packed] = MappingProxyType({})
    ) -> bytes:
        """Return the bytes of the zip file with some entries replaced, by their name; None leaves an entry out.

        `added` are new entries, by their names, which come last.

        The packed bytes of all other entries are copied as they are. The order, names, dates, comments and attributes
        of all entries stay. Raises TrackerUnusable when the file is damaged.
        """
        pieces: list[bytes | memoryview] = []
        directory: list[bytes] = []
        at = 0
        rewritten = (
            (each, changes[each.filename] if each.filename in changes else self._packed(each)) for each in self.entries
        )
        new = ((ZipInfo(name), packed) for name, packed in added.items())
        for entry, packed in itertools.chain(rewritten, new):
            if packed is None:
                continue
            header, record = _headers(entry, packed, at)
            pieces += [header, *packed.pieces]
            directory.append(record)
            at += len(header) + packed.packed_size
        count, length = len(directory), sum(map(len, directory))
        if at + length >= _4_GB:
            raise TrackerUnusable("The workbook would grow beyond 4 GB.")
        end = _DIRECTORY_END.pack(b"PK\5\6", 0, 0, count, count, length, at, len(self._zip.comment))
        return b"".join([*pieces, *directory, end, self._zip.comment])

    def _packed(self, entry: ZipInfo) -> Packed:
        """Return an entry as it is in the file."""
        header = entry.header_offset
        if not self._data.startswith(b"PK\3\4", header):
            raise damaged(f"{entry.filename} is not where it should be")
        name_length, extra_length = _LENGTHS.unpack_from(self._data, header + _LENGTHS_AT)
        start = header + _HEADER_SIZE + name_length + extra_length
        raw = memoryview(self._data)[start : start + entry.compress_size]
        if len(raw) < entry.compress_size:
            raise damaged(f"{entry.filename} is not where it should be")
        return Packed(entry.compress_type, entry.CRC, entry.file_size, entry.compress_size, [raw])


def pack(pieces: Iterable[bytes]) -> Packed:
    """Return the pieces compressed, by a helper thread while the iterator makes the next piece."""
    deflater = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed: list[bytes | memoryview] = []
    waiting: deque[Future[bytes]] = deque()
    size = crc = 0
    with ThreadPoolExecutor(max_workers=1) as helper:
        for piece in pieces:
            size += len(piece)
            crc = zlib.crc32(piece, crc)
            waiting.append(helper.submit(deflater.compress, piece))
            if len(waiting) > _MOST_WAITING:
                packed.append(waiting.popleft().result())
        packed += [future.result() for future in waiting]
    packed.append(deflater.flush())
    return Packed(zipfile.ZIP_DEFLATED, crc, size, sum(map(len, packed)), packed)


def _headers(entry: ZipInfo, packed: Packed, offset: int) -> tuple[bytes, bytes]:
    """Return the header before an entry and its record in the directory, which repeats most of the header."""
    new = copy(entry)
    new.flag_bits &= ~_SIZES_COME_AFTER
    new.compress_type, new.CRC, new.file_size, new.compress_size = (
        packed.method,
        packed.crc,
        packed.size,
        packed.packed_size,
    )
    new.extra = b"".join(_extra_fields(entry.extra))
    header = new.FileHeader()
    record = (
        _RECORD_START.pack(b"PK\1\2", new.create_version, new.create_system)
        + header[_VERSION_AT:_HEADER_SIZE]
        + _RECORD_END.pack(len(new.comment), 0, new.internal_attr, new.external_attr, offset)
        + header[_HEADER_SIZE:]
        + new.comment
    )
    return header, record


def _extra_fields(extra: bytes) -> Iterator[bytes]:
    """Yield the extra fields of an entry, such as its times, but not its sizes in 64 bits, which may have changed."""
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<2H", extra, at)
        if kind != _ZIP64_FIELD:
            yield extra[at : at + 4 + size]
        at += 4 + size
