"""New worksheets at the end of a workbook: their own parts, and the three lists of the workbook that name them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scripts.adapters.workbook.xlsx import markup
from scripts.adapters.workbook.xlsx.addresses import Range, address
from scripts.adapters.workbook.xlsx.archive import damaged
from scripts.adapters.workbook.xlsx.edit.cells import CellWriter
from scripts.adapters.workbook.xlsx.edit.style_editor import StyleEditor
from scripts.adapters.workbook.xlsx.package import CONTENT_TYPES, Package, relations_of
from tracker_schema.columns.schema import exact
from tracker_schema.errors import TrackerUnusable

_DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_LONGEST_NAME = 31
_NOT_IN_A_NAME = frozenset(r":\/?*[]")


@dataclass(frozen=True, slots=True)
class NewSheet:
    """A worksheet to add. Its cells take styles that the workbook has, so that the part of the styles stays as it is.

    name         its name
    rows         its cells from A1 on: the text of each, None for an empty one, and its style
    columns      the width in characters, and the style of cells that are not there, of each column
    frozen_rows  the rows at the top that stay in sight
    rules        the drop-downs, hints and error messages, as elements of data validation
    is_hidden    whether people see it only on purpose
    """

    name: str
    rows: Sequence[Sequence[tuple[str | None, int]]]
    columns: Sequence[tuple[float, int]] = ()
    frozen_rows: int = 0
    rules: Sequence[bytes] = ()
    is_hidden: bool = False


def added_sheets(package: Package, sheets: Sequence[NewSheet]) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Return the parts of a workbook that change, by part, and the new parts, by the names of their entries.

    Raises TrackerUnusable when the structure of the workbook is protected, it has a sheet of that name already, or it
    is damaged.
    """
    _check(package, sheets)
    part, relations = package.workbook_part, relations_of(package.workbook_part)
    listed, links, types = package.workbook.child("sheets"), package.tree(relations), package.tree(CONTENT_TYPES)
    if listed is None or not listed.children or not package.worksheets:
        raise damaged("it lists no sheets")
    like = next(iter(package.worksheets.values()))
    link = next(each for each in package.relations(part) if each.part == like.part).element
    folder = posixpath.dirname(package.entries[like.part].filename.replace("\\", "/")).lstrip("/")
    names, identifiers = _free_names(package, folder), _free_identifiers(links)
    number = max(sheet.number("sheetId", 0) for sheet in listed.children)
    own_id = _id_attribute(package.workbook, listed)
    named, linked, typed, new = [], [], [], {}
    for sheet in sheets:
        number += 1
        name, identifier = next(names), next(identifiers)
        new[name] = _part(package, sheet)
        hidden = b' state="hidden"' if sheet.is_hidden else b""
        escaped = markup.escaped(sheet.name, "ascii")
        named.append(
            b'<%bsheet name="%b" sheetId="%d"%b %b="%b"/>'
            % (listed.prefix, escaped, number, hidden, own_id, identifier)
        )
        kind = link.attributes.get("Type", "").encode()
        linked.append(
            b'<%bRelationship Id="%b" Type="%b" Target="/%b"/>' % (links.prefix, identifier, kind, name.encode())
        )
        typed.append(
            b'<%bOverride PartName="/%b" ContentType="%b"/>' % (types.prefix, name.encode(), _CONTENT_TYPE.encode())
        )
    additions = ((part, listed, named), (relations, links, linked), (CONTENT_TYPES, types, typed))
    changed = {}
    for place, group, elements in additions:
        data = package.read(place)
        changed[place] = markup.splice(data, markup.appended(data, group, elements, len(group.children)))
        markup.check(changed[place], place)
    return changed, new


def _check(package: Package, sheets: Sequence[NewSheet]) -> None:
    names = ", ".join(f"“{sheet.name}”" for sheet in sheets)
    protection = package.workbook.child("workbookProtection")
    if protection is not None and protection.true("lockStructure"):
        raise TrackerUnusable(
            f"The structure of the workbook is protected, so the sheet {names} was not added.",
            "In Excel, choose Review, Protect Workbook, and take the protection off.",
        )
    if package.related(package.workbook_part, "revisionHeaders"):
        raise TrackerUnusable(
            f"The workbook is shared in Excel's old way, so the sheet {names} was not added.",
            "In Excel, stop sharing it (Unshare Workbook); it can still be edited together in SharePoint.",
        )
    there = {
        exact(each.attributes.get("name", "")) for group in package.workbook.named("sheets") for each in group.children
    }
    for sheet in sheets:
        if exact(sheet.name) in there:
            raise TrackerUnusable(
                f"The workbook has a sheet “{sheet.name}” already, so none was added.", "Rename that sheet."
            )
        if len(sheet.name) > _LONGEST_NAME or _NOT_IN_A_NAME & set(sheet.name):
            raise TrackerUnusable(f"Excel does not take “{sheet.name}” as the name of a sheet, so none was added.")


def _free_names(package: Package, folder: str) -> Iterator[str]:
    """Yield names of entries that the workbook does not have."""
    for number in range(1, 1_000_000):
        name = posixpath.join(folder, f"sheet{number}.xml")
        if name.lower() not in package.entries:
            yield name


def _free_identifiers(links: markup.Element) -> Iterator[bytes]:
    """Yield identifiers that no link has; capitals do not tell them apart for every program."""
    there = {each.attributes.get("Id", "").lower() for each in links.children}
    for number in range(1, 1_000_000):
        if f"rid{number}" not in there:
            yield b"rId%d" % number


def _id_attribute(workbook: markup.Element, listed: markup.Element) -> bytes:
    """Return the name of the attribute by which a sheet names its link, and before it the prefix's declaration where
    only the other sheets have one.
    """
    sheet = listed.children[0]
    name = next((each for each in sheet.attributes if each.endswith(":id")), "r:id")
    declaration = f"xmlns:{name.removesuffix(':id')}"
    if declaration in workbook.attributes or declaration in listed.attributes:
        return name.encode()
    return b'%b="%b" %b' % (
        declaration.encode(),
        markup.escaped(sheet.attributes.get(declaration, ""), "ascii"),
        name.encode(),
    )


def _part(package: Package, sheet: NewSheet) -> bytes:
    prefix = package.workbook.prefix.rstrip(b":").decode()
    namespace = package.workbook.attributes.get(f"xmlns:{prefix}" if prefix else "xmlns", "")
    writer = CellWriter(sheet.name, b"", "utf-8", _styles(package), package.date_1904)
    last = max((len(row) for row in sheet.rows), default=1)
    pieces = [
        _DECLARATION,
        b'<worksheet xmlns="%b">' % markup.escaped(namespace, "ascii"),
        b'<dimension ref="%b"/>' % str(Range(1, 1, max(1, len(sheet.rows)), max(1, last))).encode(),
        _view(sheet.frozen_rows),
        b'<sheetFormatPr defaultRowHeight="15"/>',
        _columns(sheet.columns),
        b"<sheetData>",
        *(_row(writer, number, row) for number, row in enumerate(sheet.rows, 1)),
        b"</sheetData>",
        markup.new_group(b"", b"dataValidations", sheet.rules) if sheet.rules else b"",
        b'<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/></worksheet>',
    ]
    data = b"".join(pieces)
    markup.check(data, f"of the new sheet '{sheet.name}'")
    return data


def _styles(package: Package) -> StyleEditor:
    part = package.styles_part()
    return StyleEditor(package.read(part) if part else b"", part or "")


def _view(frozen: int) -> bytes:
    if not frozen:
        return b'<sheetViews><sheetView workbookViewId="0"/></sheetViews>'
    pane = b'<pane ySplit="%d" topLeftCell="A%d" activePane="bottomLeft" state="frozen"/>' % (frozen, frozen + 1)
    return b'<sheetViews><sheetView workbookViewId="0">%b</sheetView></sheetViews>' % pane


def _columns(columns: Sequence[tuple[float, int]]) -> bytes:
    if not columns:
        return b""
    made = (
        b'<col min="%d" max="%d" width="%.1f" style="%d" customWidth="1"/>' % (number, number, width, style)
        for number, (width, style) in enumerate(columns, 1)
    )
    return b"<cols>%b</cols>" % b"".join(made)


def _row(writer: CellWriter, number: int, cells: Sequence[tuple[str | None, int]]) -> bytes:
    made = [
        writer.cell(number, column, b'<c r="%b"' % address(number, column).encode(), style, value)
        for column, (value, style) in enumerate(cells, 1)
    ]
    return b'<row r="%d">%b</row>' % (number, b"".join(made))
