"""Workbooks for the tests, made part by part so that each can be odd; and how to compare two."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree

import openpyxl
import python_calamine

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"

# Formats by their number: 0 plain, 1 a date, 2 a date and time, 3 a time, 4 per cent, 5 bold, 6 a date of one's own.
STYLES = (
    f'{DECLARATION}<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="dd/mm/yyyy;@"/>'
    '</numFmts><fonts count="2"><font><sz val="11"/></font><font><b/><sz val="11"/></font></fonts>'
    '<fills count="1"><fill><patternFill patternType="none"/></fill></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="7"><xf numFmtId="0" fontId="0"/><xf numFmtId="14"/><xf numFmtId="22"/><xf numFmtId="20"/>'
    '<xf numFmtId="9"/><xf numFmtId="0" fontId="1"><alignment wrapText="1"/></xf><xf numFmtId="164"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    '<dxfs count="1"><dxf><numFmt numFmtId="0" formatCode="dd/mm/yyyy"/></dxf></dxfs></styleSheet>'
)


def sheet(rows: str = "", *, before: str = "", after: str = "", attributes: str = "") -> str:
    """Return a worksheet part with those rows, and what comes before and after them."""
    return (
        f'{DECLARATION}<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}"{attributes}>{before}'
        f"<sheetData>{rows}</sheetData>{after}</worksheet>"
    )


def prefixed(xml: str) -> str:
    """A part with the prefix x: on each of its elements, which must have none yet."""
    return re.sub(r"<(/?)(?=\w)", r"<\1x:", xml).replace("xmlns=", "xmlns:x=")


def relations(*links: tuple[str, str, str]) -> str:
    """A part of links: identifier, kind, target."""
    entries = "".join(
        f'<Relationship Id="{identifier}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for identifier, kind, target in links
    )
    return f'{DECLARATION}<Relationships xmlns="{PACKAGE}/relationships">{entries}</Relationships>'


def workbook_part(*names: str, inside: str = "", after: str = "") -> str:
    """The workbook part, its sheets linked as rId1 and so on."""
    sheets = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(names, 1))
    return (
        f'{DECLARATION}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{inside}<sheets>{sheets}</sheets>{after}</workbook>'
    )


def content_types(parts: Mapping[str, str | bytes]) -> str:
    """The list of content types for those parts."""
    kinds = {"xl/workbook": "sheet.main", "xl/styles": "styles", "xl/worksheets/": "worksheet", "xl/tables/": "table",
             "xl/calcChain": "calcChain"}  # fmt: skip
    overrides = "".join(
        f'<Override PartName="/{part}" ContentType="{TYPE}.{kind}+xml"/>'
        for part in parts
        for start, kind in kinds.items()
        if part.startswith(start) and part.endswith(".xml")
    )
    return (
        f'{DECLARATION}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def parts_of(*sheets: str, more: Mapping[str, str | bytes] | None = None) -> dict[str, str | bytes]:
    """The parts of a workbook with those worksheet parts, named One, Two and Three; `more` is added or replaces."""
    names = ["One", "Two", "Three"][: len(sheets)]
    links = [(f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)]
    parts: dict[str, str | bytes] = {
        "_rels/.rels": relations(("rId1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": workbook_part(*names),
        "xl/_rels/workbook.xml.rels": relations(*links, ("rId9", "styles", "styles.xml")),
        "xl/styles.xml": STYLES,
        **{f"xl/worksheets/sheet{n}.xml": part for n, part in enumerate(sheets, 1)},
        **(more or {}),
    }
    return {"[Content_Types].xml": content_types(parts), **parts}


def zipped(parts: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Those parts as a file."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo()
            entry.filename = name  # a \ in it is kept, also on Windows
            entry.compress_type = method
            archive.writestr(entry, content)
    return file.getvalue()


def book(*sheets: str, more: Mapping[str, str | bytes] | None = None) -> bytes:
    """A workbook with those worksheet parts, named One, Two and Three; `more` is added or replaces."""
    return zipped(parts_of(*sheets, more=more))


def saved(workbook: openpyxl.Workbook) -> bytes:
    """A workbook as the bytes of its file."""
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def parts(data: bytes) -> dict[str, bytes]:
    """The content of every part of a file, which must be sound: checksums right, XML well-formed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        contents = {name: archive.read(name) for name in archive.namelist()}
    for name, content in contents.items():
        if name.endswith((".xml", ".rels")) and content:
            ElementTree.fromstring(content)  # noqa: S314  our own
    return contents


def changed_parts(before: bytes, after: bytes) -> set[str]:
    """The names of the parts that differ, or that only one of the two files has."""
    old, new = parts(before), parts(after)
    return {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}


def part(data: bytes, name: str = "xl/worksheets/sheet1.xml") -> str:
    """One part as text."""
    return parts(data)[name].decode()


def values(data: bytes, name: str = "One") -> list[list[Any]]:
    """What python-calamine reads from a sheet, A1 first."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        return workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)


def value(data: bytes, row: int, column: int, name: str = "One") -> Any:
    """What python-calamine reads from a cell; empty text where there is none."""
    grid = values(data, name)
    return grid[row - 1][column - 1] if row <= len(grid) and column <= len(grid[row - 1]) else ""
