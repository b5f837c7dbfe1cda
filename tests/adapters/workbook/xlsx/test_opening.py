"""Files that can be read as a workbook, and the error messages for those that cannot."""

from __future__ import annotations

import io
import random
import re
import struct
import zipfile
import zlib
from typing import Any

import pytest

from scripts.adapters.workbook import open_workbook as opened
from scripts.adapters.workbook.open_workbook import open_workbook
from scripts.adapters.workbook.xlsx import Package, archive, patch
from tests.adapters.workbook.xlsx.books import (
    MAIN,
    book,
    changed_parts,
    parts,
    parts_of,
    relations,
    sheet,
    value,
    workbook_part,
    zipped,
)
from tracker_schema.errors import TrackerUnusable

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
ROW = '<row r="1"><c r="A1"><v>7</v></c></row>'


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (OLE2 + "EncryptedPackage".encode("utf-16-le"), "encrypted by a password or a sensitivity label"),
        (OLE2 + "Workbook".encode("utf-16-le"), r"\.xls"),
        (b"<!DOCTYPE html><html>Sign in</html>", "web page"),
        (b"Reference,Team\r\n", "not an .xlsx workbook"),
        (b"PK\3\4", "cut off"),
        (zipped({}), "without an Excel workbook"),
        (book(sheet())[:-30], "cut off"),
        (b"PK" + book(sheet())[:-30], "cut off"),
        (b"\0" * 100 + book(sheet()), "not an .xlsx workbook"),
        (zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>"}), r"\.ods"),
        (zipped({"Index/Document.iwa": "x"}), "Numbers"),
        (zipped({"readme.txt": "x"}), "without an Excel workbook"),
        (zipped({"_rels/.rels": relations(("r", "officeDocument", "xl/workbook.bin")), "xl/workbook.bin": ""}), "xlsb"),
        (zipped({"_rels/.rels": relations(("r", "officeDocument", "word/document.xml")), "word/document.xml": "x"}),
         "another Office program"),
        (zipped({"_rels/.rels": relations(("r", "officeDocument", "xl/workbook.xml"))}), "without an Excel workbook"),
        (book(sheet(), more={"xl/workbook.xml": "<workbook"}), "xl/workbook.xml cannot be read as XML"),
        (book(sheet(), more={"XL/Workbook.xml": "<workbook/>"}), "two parts named xl/workbook.xml"),
        (book(sheet(), more={"xl\\workbook.xml": "<workbook/>"}), "two parts named xl/workbook.xml"),
        (book(sheet(), more={"xl/workbook.xml": '<!DOCTYPE w [<!ENTITY a "b">]><workbook>&a;</workbook>'}), "entities"),
        (book(sheet(), more={"xl/workbook.xml": workbook_part("One").encode("utf-16")}), "unusual text encoding"),
    ],
)  # fmt: skip
def test_what_is_no_workbook_is_named(data: bytes, why: str) -> None:
    with pytest.raises(TrackerUnusable, match=why) as refusal:
        Package.open(data)
    assert str(refusal.value).endswith(".")
    with pytest.raises(TrackerUnusable, match=why):
        patch(data, {"One": {1: {1: "x"}}})


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"xl/worksheets/sheet1.xml": sheet().encode("utf-16")}, "unusual text encoding"),
        ({"xl/worksheets/sheet1.xml": sheet(ROW)[:-30]}, "no rows or breaks off"),
        ({"xl/worksheets/sheet1.xml": sheet(ROW) + "<x/>"}, "cannot be read as XML"),
        ({"xl/worksheets/sheet1.xml": sheet(ROW).replace("<?xml", '<!DOCTYPE x [<!ENTITY a "b">]><?xml')}, "XML"),
        ({"xl/worksheets/sheet1.xml": "<worksheet/>"}, "no rows or breaks off"),
        ({"xl/_rels/workbook.xml.rels": relations(("rId1", "worksheet", "nowhere.xml"))}, "xl/nowhere.xml is missing"),
        ({"_xmlsignatures/origin.sigs": ""}, "digitally signed"),
    ],
)
def test_what_cannot_be_written_is_named(more: dict[str, str | bytes], why: str) -> None:
    source = book(sheet(ROW), more=more)
    assert Package.open(source).sheet_names == ["One"]
    with pytest.raises(TrackerUnusable, match=why):
        patch(source, {"One": {1: {1: "x"}}})


def test_sheets_in_their_order_with_hidden_ones_and_without_charts() -> None:
    names = ("One", "Two", "Three")
    source = book(
        sheet(), sheet(), sheet(),
        more={
            "xl/workbook.xml": workbook_part(*names).replace('name="One"', 'name="One" state="veryHidden"'),
            "xl/_rels/workbook.xml.rels": relations(
                ("rId1", "worksheet", "worksheets/sheet3.xml"),
                ("rId2", "chartsheet", "chartsheets/sheet1.xml"),
                ("rId3", "worksheet", "worksheets/sheet1.xml"),
            ),
        },
    )  # fmt: skip
    assert Package.open(source).sheet_names == ["One", "Three"]
    assert changed_parts(source, patch(source, {"One": {1: {1: "x"}}})) == {"xl/worksheets/sheet3.xml"}


@pytest.mark.parametrize("target", ["/xl/worksheets/sheet1.xml", "worksheets\\sheet1.xml", "./Worksheets/SHEET1.XML",
                                    "../xl/worksheets/sheet1.xml", "worksheets/sheet%31.xml"])  # fmt: skip
def test_links_may_be_written_in_many_ways(target: str) -> None:
    links = relations(("rId1", "worksheet", target), ("rId9", "styles", "/xl/styles.xml"))
    source = book(sheet(), more={"xl/_rels/workbook.xml.rels": links})
    assert changed_parts(source, patch(source, {"One": {1: {1: "x"}}})) == {"xl/worksheets/sheet1.xml"}


def test_two_sheets_of_one_part_are_not_both_written() -> None:
    links = relations(("rId1", "worksheet", "worksheets/sheet1.xml"), ("rId2", "worksheet", "worksheets/sheet1.xml"))
    source = book(sheet(), sheet(), more={"xl/_rels/workbook.xml.rels": links})
    with pytest.raises(TrackerUnusable, match="two sheets share the part"):
        patch(source, {"One": {1: {1: "x"}}, "Two": {1: {2: "y"}}})


def test_the_prefix_of_a_link_is_free() -> None:
    source = book(
        sheet(),
        more={"xl/workbook.xml": workbook_part("One").replace("r:id", "d3p1:id").replace("xmlns:r", "xmlns:d3p1")},
    )
    assert Package.open(source).sheet_names == ["One"]


def test_dates_from_1904_are_recognised() -> None:
    inside = '<workbookPr date1904="true"/>'
    assert Package.open(book(sheet(), more={"xl/workbook.xml": workbook_part("One", inside=inside)})).date_1904
    assert not Package.open(book(sheet())).date_1904


def test_a_password_on_the_zip_is_named() -> None:
    data = bytearray(book(sheet()))
    for at in records(data):
        data[at + 8] |= 1
    with pytest.raises(TrackerUnusable, match="password"):
        Package.open(bytes(data))


def records(data: bytes | bytearray) -> list[int]:
    """Where the line of each entry starts in the directory of a zip file."""
    return [found.start() for found in re.finditer(b"PK\1\2", data)]


def test_an_unusual_packing_is_refused_only_where_it_matters() -> None:
    parts_ = parts_of(sheet(), more={"docProps/thumbnail.jpeg": b"x" * 1000})
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts_.items():
            method = zipfile.ZIP_BZIP2 if "thumbnail" in name else zipfile.ZIP_DEFLATED
            made.writestr(name, content, method)
    patched = patch(file.getvalue(), {"One": {1: {1: "x"}}})
    assert parts(patched)["docProps/thumbnail.jpeg"] == b"x" * 1000
    for method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        with pytest.raises(TrackerUnusable, match="packed in an unusual way"):
            Package.open(zipped(parts_, method))


class Unseekable(io.RawIOBase):
    """A file that cannot seek: zipfile then writes the sizes after each part instead of before it."""

    def __init__(self) -> None:
        self.written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.written += data
        return len(data)


def test_a_streamed_zip_keeps_its_bytes() -> None:
    file = Unseekable()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.comment = b"made by a stream"
        for name, content in parts_of(sheet()).items():
            made.writestr(name, content)
    source = bytes(file.written)
    assert b"PK\7\x08" in source
    patched = patch(source, {"One": {1: {1: "x"}}})
    assert changed_parts(source, patched) == {"xl/worksheets/sheet1.xml"}
    assert packed(patched).items() >= untouched(source).items()
    with zipfile.ZipFile(io.BytesIO(patched)) as read:
        assert read.comment == b"made by a stream"


def packed(data: bytes) -> dict[str, bytes]:
    """The packed bytes of each entry as they are in the file."""
    found = {}
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        for entry in opened.infolist():
            name_length, extra_length = struct.unpack_from("<2H", data, entry.header_offset + 26)
            start = entry.header_offset + 30 + name_length + extra_length
            found[entry.filename] = data[start : start + entry.compress_size]
    return found


def untouched(data: bytes) -> dict[str, bytes]:
    return {name: raw for name, raw in packed(data).items() if "sheet1" not in name}


def test_untouched_entries_are_copied_raw_with_their_attributes() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for n, (name, content) in enumerate(parts_of(sheet(), more={"customXml/item1.xml": "<x/>"}).items()):
            entry = zipfile.ZipInfo(name, (1980 + n, 1, 2, 3, 4, 6))
            entry.comment, entry.extra, entry.external_attr = b"c", b"\xfe\xca\2\0ab", 0o600 << 16
            entry.compress_type = zipfile.ZIP_STORED if n % 2 else zipfile.ZIP_DEFLATED
            made.writestr(entry, content)
    source = file.getvalue()
    patched = patch(source, {"One": {1: {1: "x"}}})
    assert list(parts(patched)) == list(parts(source))
    with zipfile.ZipFile(io.BytesIO(source)) as old, zipfile.ZipFile(io.BytesIO(patched)) as new:
        for before, after in zip(old.infolist(), new.infolist(), strict=True):
            assert (before.filename, before.date_time) == (after.filename, after.date_time)
            assert before.external_attr == after.external_attr
            assert (before.comment, before.extra) == (after.comment, after.extra)
            assert (before.create_system, before.internal_attr) == (after.create_system, after.internal_attr)
            if "sheet1" not in before.filename:
                assert before.compress_type == after.compress_type
    assert packed(patched).items() >= untouched(source).items()
    assert changed_parts(source, patched) == {"xl/worksheets/sheet1.xml"}


def test_a_zip64_file() -> None:
    """Some writers use the 64-bit fields of zip for every file, however small."""
    contents, wide = parts_of(sheet(ROW)), 2**32 - 1
    body, directory = b"", b""
    for name, text in contents.items():
        content = text if isinstance(text, bytes) else text.encode()
        raw, crc, offset = name.encode(), zlib.crc32(content), len(body)
        body += struct.pack("<4s5H3L2H", b"PK\3\4", 45, 0, 0, 0, 33, crc, wide, wide, len(raw), 20) + raw
        body += struct.pack("<2H2Q", 1, 16, len(content), len(content)) + content
        directory += struct.pack(
            "<4s6H3L5H2L", b"PK\1\2", 45, 45, 0, 0, 0, 33, crc, wide, wide, len(raw), 28, 0, 0, 0, 0, wide
        ) + raw + struct.pack("<2H3Q", 1, 24, len(content), len(content), offset)  # fmt: skip
    end_at = len(body) + len(directory)
    ending = struct.pack(
        "<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, len(contents), len(contents), len(directory), len(body)
    )
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, end_at, 1)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, wide, wide, 0)
    source = body + directory + ending + locator + end
    assert value(source, 1, 1) == 7
    patched = patch(source, {"One": {1: {2: "x"}}})
    assert (value(patched, 1, 1), value(patched, 1, 2)) == (7, "x")
    assert changed_parts(source, patched) == {"xl/worksheets/sheet1.xml"}


def test_a_zip_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = book(sheet(" " * 4_000_000))
    assert Package.open(bomb).sheet_names == ["One"]
    patch(bomb, {"One": {1: {1: "x"}}})  # tightly packed, but small
    monkeypatch.setattr(archive, "RATIO_CHECKED_FROM", 1_000_000)
    with pytest.raises(
        TrackerUnusable, match=r"The part xl/worksheets/sheet1\.xml unpacks to far more than a real one"
    ):
        Package.open(bomb)
    monkeypatch.setattr(archive, "MOST_BYTES", 3_000_000)
    with pytest.raises(TrackerUnusable, match="unpacks to more than the limit"):
        Package.open(bomb)


SHARED = "xl/sharedStrings.xml"


def test_a_bomb_in_a_part_that_only_the_reader_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any part is looked at before any is opened; and its true size, if it may be large, before the reader takes it."""
    strings = f'<sst xmlns="{MAIN}">{"<si><t>a</t></si>" * 4_000_000}</sst>'
    with pytest.raises(TrackerUnusable, match=r"The part xl/sharedStrings\.xml unpacks to far more than a real one"):
        open_workbook(book(sheet(), more={SHARED: strings}), "a.xlsx")
    noise = random.Random(1).randbytes(100_000).hex()  # noqa: S311
    sound = book(sheet(), more={SHARED: f'<sst xmlns="{MAIN}"><si><t>{noise}</t></si></sst>'})
    open_workbook(sound, "a.xlsx")
    liar = bytearray(sound)
    at = next(at for at in records(liar) if SHARED.encode() in liar[at : at + 80]) + 24
    liar[at : at + 4] = struct.pack("<L", 100)
    with pytest.raises(TrackerUnusable, match=r"sharedStrings\.xml is not as it was saved"):
        open_workbook(bytes(liar), "a.xlsx")
    monkeypatch.setattr(opened, "_MOST_SHARED", 100_000)
    with pytest.raises(TrackerUnusable, match=r"sharedStrings\.xml unpacks to .* MB, more than the limit"):
        open_workbook(sound, "a.xlsx")


def test_a_row_that_excel_does_not_have() -> None:
    source = book(sheet('<row r="1048577"><c r="A1048577"><v>1</v></c></row>'))
    for use in (lambda: Package.open(source).scan("One"), lambda: patch(source, {"One": {1: {1: "x"}}})):
        with pytest.raises(TrackerUnusable, match="has a row 1048577, and 1048576 is the last one that there is"):
            use()


def test_too_many_parts_are_refused() -> None:
    many = {f"customXml/item{n}.xml": "<x/>" for n in range(archive.MOST_PARTS)}
    with pytest.raises(TrackerUnusable, match="parts, more than the limit of 5,000"):
        Package.open(book(sheet(), more=many))


def test_a_part_longer_than_it_says_is_refused() -> None:
    source = bytearray(book(sheet("<row/>" * 100)))
    at = next(at for at in records(source) if b"sheet1.xml" in source[at : at + 80]) + 24
    (size,) = struct.unpack("<L", source[at : at + 4])
    source[at : at + 4] = struct.pack("<L", size - 1)
    with pytest.raises(TrackerUnusable, match=r"sheet1\.xml is not as it was saved"):
        patch(bytes(source), {"One": {1: {1: "x"}}})


def test_a_part_that_is_not_what_was_saved_is_refused() -> None:
    source = bytearray(zipped(parts_of(sheet(ROW)), zipfile.ZIP_STORED))
    at = source.index(b"<v>7</v>")
    source[at + 3 : at + 4] = b"8"
    with pytest.raises(TrackerUnusable, match=r"sheet1\.xml is not as it was saved"):
        patch(bytes(source), {"One": {1: {1: "x"}}})


def test_two_entries_over_the_same_bytes_are_refused() -> None:
    source = bytearray(book(sheet()))
    at = records(source)[1] + 42
    source[at : at + 4] = struct.pack("<L", 0)
    with pytest.raises(TrackerUnusable, match=r"\.rels is not as it was saved"):
        Package.open(bytes(source))


def test_parts_that_overlap_are_refused() -> None:
    source = bytearray(zipped({**parts_of(sheet()), "docProps/thumbnail.jpeg": b"x" * 5_000}, zipfile.ZIP_STORED))
    at = next(at for at in records(source) if b"_rels" in source[at : at + 80]) + 20
    source[at : at + 4] = struct.pack("<L", len(source))
    with pytest.raises(TrackerUnusable, match="share the same bytes"):
        Package.open(bytes(source))


def test_an_unknown_sheet_is_named() -> None:
    package = Package.open(book(sheet()))
    for question in (package.tables, package.scan):
        with pytest.raises(TrackerUnusable, match="no worksheet 'Log'"):
            question("Log")
