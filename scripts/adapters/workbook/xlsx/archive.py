"""The zip file that holds a workbook's parts: read piece by piece, and written again with some parts changed."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
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

_ZIP64_FIELD = 1  # sizes of this entry in 64 bits; zipfile writes its own

# zipfile raises all of these on damaged input.
_DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, OverflowError, NotImplementedError)


def damaged(what: str) -> TrackerUnusable:
    """Return the error for a damaged workbook; `what` is wrong with it, in words without a full stop."""
    return TrackerUnusable(f"The workbook is damaged: {what}.", "Restore an earlier version of it.")


class Archive:
    """A zip file in memory. `entries` are its files, in the order of its directory."""

    def __init__(self, data: bytes) -> None:
        """Read the directory. Raises TrackerUnusable when it is damaged, or the file is too large."""
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

    def pieces(self, entry: ZipInfo) -> Iterator[bytes]:
        """Yield the content of an entry, unpacked, PIECE bytes at a time.

        Raises TrackerUnusable when the entry is encrypted, damaged, packed in a way that spreadsheet programs do not
        use, or packed more tightly than a real one.
        """
        if entry.flag_bits & 1:
            raise TrackerUnusable("The workbook is password-protected.", "Save it without a password.")
        if entry.file_size > max(RATIO_CHECKED_FROM, HIGHEST_RATIO * entry.compress_size):
            raise TrackerUnusable(f"The workbook's part {entry.filename} unpacks to far more than a real one would.")
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

    def rewritten(self, changes: Mapping[str, bytes | None]) -> bytes:
        """Return the bytes of the zip file with some entries replaced, by their name; None leaves an entry out.

        The order, names, dates, comments and attributes of the entries stay, and so does the content of all others.
        Raises TrackerUnusable when an entry cannot be read.
        """
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as new:
            new.comment = self._zip.comment
            for entry in self.entries:
                content = changes[entry.filename] if entry.filename in changes else b"".join(self.pieces(entry))
                if content is not None:
                    new.writestr(_like(entry), content, compresslevel=LEVEL)
        return file.getvalue()


def _like(entry: ZipInfo) -> ZipInfo:
    """Return a new entry with the name, date, comment and attributes of another."""
    new = ZipInfo(entry.filename, entry.date_time)
    new.compress_type = entry.compress_type
    new.create_system, new.internal_attr, new.external_attr = (
        entry.create_system,
        entry.internal_attr,
        entry.external_attr,
    )
    new.comment, new.extra = entry.comment, b"".join(_extra_fields(entry.extra))
    return new


def _extra_fields(extra: bytes) -> Iterator[bytes]:
    """Yield the extra fields of an entry, such as its times, except for its sizes."""
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<2H", extra, at)
        if kind != _ZIP64_FIELD:
            yield extra[at : at + 4 + size]
        at += 4 + size
