"""The zip container of a workbook: reads entries piece by piece, and rebuilds the file around those that changed.

An entry nobody changed is copied as the bytes it was, compressed data and headers alike. The standard `zipfile`
cannot do that, so the directory at the end of the file is read here.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from scripts.adapters.workbook.xlsx.packing import Packed
from tracker_schema.errors import TrackerUnusable

MOST_PARTS = 5_000
MOST_BYTES = 2 << 30  # of all parts together, unpacked
RATIO_CHECKED_FROM = 64 << 20  # a part smaller than this, unpacked, may be packed as tightly as it likes
HIGHEST_RATIO = 200  # 100,000 rows of made-up data pack about 30 to 1; a zip bomb 1,000 to 1

PIECE = 1 << 19  # bytes of a part handled at a time: less to wait for at the end than with more, and less memory

_DIRECTORY_END = struct.Struct("<4s4H2LH")
_WIDE_DIRECTORY_END = struct.Struct("<4sQ2H2L4Q")
_WIDE_LOCATOR = struct.Struct("<4sLQL")
_RECORD = struct.Struct("<4s6H3L5H2L")
_LOCAL_HEADER = struct.Struct("<4s5H3L2H")
_PACKED_SIZE_AT, _SIZE_AT, _OFFSET_AT = 20, 24, 42  # in the record
_IN_WIDE_EXTRA = 0xFFFFFFFF
_STORED, _DEFLATED = 0, 8
_UTF8_NAME = 0x0800
_WIDE_EXTRA = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One file in the zip."""

    name: str
    raw_name: bytes
    flags: int
    method: int
    crc: int
    packed_size: int
    size: int
    offset: int  # of its local header
    record: bytes  # its line in the directory, as it was
    offset_at: int  # where in the record the offset stands
    offset_format: str


def damaged(what: str) -> TrackerUnusable:
    """The error for a file whose bytes do not hang together."""
    return TrackerUnusable(f"The workbook is damaged ({what}); restore an earlier version of it.")


class Archive:
    """A zip file in memory."""

    def __init__(self, data: bytes) -> None:
        """Read the directory; raises TrackerUnusable when it is damaged, or the file is too large to be read."""
        self._data = data
        count, directory, size, self._comment = _find_directory(data)
        if count > MOST_PARTS:
            raise TrackerUnusable(f"The workbook has {count:,} parts, more than the {MOST_PARTS:,} that are read.")
        self.entries = list(_read_directory(data, count, directory, directory + size))
        self._ends = self._find_ends(directory)
        if sum(entry.size for entry in self.entries) > MOST_BYTES:
            raise TrackerUnusable(f"The workbook unpacks to more than {MOST_BYTES >> 30} GB, more than is read.")

    def _find_ends(self, directory: int) -> dict[int, int]:
        """Where the bytes of each entry end, by its offset: where the next entry or the directory begins.

        All are looked at, because those that nobody reads are copied as they are.
        """
        offsets = sorted({entry.offset for entry in self.entries})
        if len(offsets) < len(self.entries):
            raise damaged("two of its parts share the same bytes")
        ends = dict(pairwise([*offsets, directory]))
        for entry in self.entries:
            end = ends[entry.offset]
            if entry.offset + _LOCAL_HEADER.size > end or self._content_start(entry) + entry.packed_size > end:
                raise damaged(f"{entry.name} is not where it should be")
        return ends

    def read(self, entry: Entry) -> bytes:
        """The content of an entry, unpacked."""
        return b"".join(self.pieces(entry))

    def pieces(self, entry: Entry) -> Iterator[bytes]:
        """The content of an entry, unpacked, a few megabytes at a time.

        Raises TrackerUnusable when it is encrypted, damaged, or larger than it says.
        """
        if entry.flags & 1:
            raise TrackerUnusable("The workbook is password-protected; save it without a password.")
        if entry.size > max(RATIO_CHECKED_FROM, HIGHEST_RATIO * entry.packed_size):
            raise TrackerUnusable(f"The workbook's part {entry.name} unpacks to far more than a real one would.")
        size = crc = 0
        for piece in self._unpacked(entry):
            size += len(piece)
            crc = zlib.crc32(piece, crc)
            if size > entry.size:
                raise damaged(f"{entry.name} is longer than it says")
            yield piece
        if size != entry.size or crc != entry.crc:
            raise damaged(f"{entry.name} is not what was saved")

    def _unpacked(self, entry: Entry) -> Iterator[bytes]:
        packed = self._packed(entry)
        if entry.method == _STORED:
            yield from packed
            return
        if entry.method != _DEFLATED:
            raise TrackerUnusable(
                f"The workbook's part {entry.name} is packed in an unusual way; open it in Excel and save it again."
            )
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            for stretch in packed:
                while stretch and not inflater.eof:
                    yield inflater.decompress(stretch, PIECE)
                    stretch = inflater.unconsumed_tail
            if not inflater.eof:  # a last bit may be left inside
                yield inflater.flush()
        except zlib.error as error:
            raise damaged(f"{entry.name} cannot be unpacked") from error

    def _packed(self, entry: Entry) -> Iterator[bytes]:
        """The packed bytes of an entry; not all at once, because what zlib leaves over is copied every time."""
        start = self._content_start(entry)
        end = start + entry.packed_size
        for at in range(start, end, PIECE // 8):
            yield self._data[at : min(at + PIECE // 8, end)]

    def _content_start(self, entry: Entry) -> int:
        """Where the packed bytes of an entry start, behind its local header."""
        header = _LOCAL_HEADER.unpack_from(self._data, entry.offset)
        if header[0] != b"PK\3\4":
            raise damaged(f"{entry.name} is not where it should be")
        return entry.offset + _LOCAL_HEADER.size + int(header[9]) + int(header[10])

    def rebuilt(self, changes: Mapping[str, Packed | None]) -> bytes:
        """The file with some entries replaced, by name; None leaves an entry out. The rest is copied raw."""
        view = memoryview(self._data)
        pieces: list[bytes | memoryview] = []
        records: dict[int, bytes] = {}
        at = 0
        for entry in sorted(self.entries, key=lambda entry: entry.offset):
            if entry.name not in changes:
                raw = view[entry.offset : self._ends[entry.offset]]
                pieces.append(raw)
                records[entry.offset] = _moved(entry, at)
                at += len(raw)
            elif (packed := changes[entry.name]) is not None:
                header, records[entry.offset] = _headers(entry, packed, at)
                pieces += [header, *packed.pieces]
                at += len(header) + sum(map(len, packed.pieces))
        directory = b"".join(records[entry.offset] for entry in self.entries if entry.offset in records)
        if at + len(directory) >= _IN_WIDE_EXTRA:
            raise TrackerUnusable("The workbook would grow beyond 4 GB.")
        count = len(records)
        end = _DIRECTORY_END.pack(b"PK\5\6", 0, 0, count, count, len(directory), at, len(self._comment))
        return b"".join([*pieces, directory, end, self._comment])


def _find_directory(data: bytes) -> tuple[int, int, int, bytes]:
    """How many entries there are, where their directory starts, its length, and the file's comment."""
    at = data.rfind(b"PK\5\6", max(0, len(data) - _DIRECTORY_END.size - 0xFFFF))
    if at < 0 or at + _DIRECTORY_END.size > len(data):
        raise damaged("it is cut off, or no zip file")
    _, _, _, _, count, size, start, comment_length = _DIRECTORY_END.unpack_from(data, at)
    comment = data[at + _DIRECTORY_END.size :][:comment_length]
    end = at
    locator_at = at - _WIDE_LOCATOR.size
    if locator_at >= 0 and data.startswith(b"PK\6\7", locator_at):
        end = _WIDE_LOCATOR.unpack_from(data, locator_at)[2]
        if end > locator_at - _WIDE_DIRECTORY_END.size or not data.startswith(b"PK\6\6", end):
            raise damaged("its list of parts is broken")
        *_, count, size, start = _WIDE_DIRECTORY_END.unpack_from(data, end)
    if start + size != end:
        raise damaged("its list of parts is not where it should be")
    return count, start, size, comment


def _read_directory(data: bytes, count: int, at: int, end: int) -> Iterator[Entry]:
    for _ in range(count):
        if at + _RECORD.size > end or not data.startswith(b"PK\1\2", at):
            raise damaged("its list of parts is broken")
        fields = _RECORD.unpack_from(data, at)
        name_length, extra_length, comment_length = fields[10:13]
        length = _RECORD.size + name_length + extra_length + comment_length
        if at + length > end:
            raise damaged("its list of parts is broken")
        yield _entry(data[at : at + length], fields)
        at += length


def _entry(record: bytes, fields: tuple[int, ...]) -> Entry:
    """An entry from its line in the directory; a value beyond 4 GB, or written as if, stands in the extra fields."""
    name_end = _RECORD.size + fields[10]
    raw_name = record[_RECORD.size : name_end]
    wide_at = _wide_fields(record, name_end, fields[11])
    values = []
    for at in (_SIZE_AT, _PACKED_SIZE_AT, _OFFSET_AT):
        form = "<L"
        (value,) = struct.unpack_from(form, record, at)
        if value == _IN_WIDE_EXTRA:
            form, at, wide_at = "<Q", wide_at, wide_at + 8
            if wide_at > len(record):
                raise damaged("its list of parts is broken")
            (value,) = struct.unpack_from(form, record, at)
        values.append(value)
    size, packed_size, offset = values
    name = raw_name.decode("utf-8" if fields[3] & _UTF8_NAME else "cp437", "replace")
    return Entry(name, raw_name, fields[3], fields[4], fields[7], packed_size, size, offset, record, at, form)


def _wide_fields(record: bytes, at: int, length: int) -> int:
    """Where the zip64 values of a directory line start; its end when it has none."""
    end = at + length
    while at + 4 <= end:
        kind, size = struct.unpack_from("<2H", record, at)
        if kind == _WIDE_EXTRA:
            return at + 4
        at += 4 + size
    return len(record)


def _moved(entry: Entry, offset: int) -> bytes:
    """The directory line of an unchanged entry that now starts elsewhere."""
    record = bytearray(entry.record)
    struct.pack_into(entry.offset_format, record, entry.offset_at, offset)
    return bytes(record)


def _headers(entry: Entry, packed: Packed, offset: int) -> tuple[bytes, bytes]:
    """The local header and the directory line of a changed entry; its name, time and attributes stay."""
    fields = list(_RECORD.unpack_from(entry.record))
    made_by, time, date, internal, external = fields[1], fields[5], fields[6], fields[14], fields[15]
    flags = entry.flags & _UTF8_NAME
    sizes = (packed.crc, sum(map(len, packed.pieces)), packed.size)
    if packed.size >= _IN_WIDE_EXTRA:
        raise TrackerUnusable("The workbook would grow beyond 4 GB.")
    name = entry.raw_name
    local = _LOCAL_HEADER.pack(b"PK\3\4", 20, flags, _DEFLATED, time, date, *sizes, len(name), 0)
    record = _RECORD.pack(
        b"PK\1\2", made_by, 20, flags, _DEFLATED, time, date, *sizes, len(name), 0, 0, 0, internal, external, offset
    )
    return local + name, record + name
