"""The widths of new columns: <col> elements of their own, cut out of those that cover other columns too."""

from __future__ import annotations

from collections.abc import Mapping

from scripts.adapters.workbook.xlsx import markup
from scripts.adapters.workbook.xlsx.edit.sheet_edits import ColumnSetting
from scripts.adapters.workbook.xlsx.markup import Cut, Element

# What a column of ours does not take from a <col> that covered it: it is neither hidden nor in an outline.
_NOT_KEPT = {b"hidden", b"outlineLevel", b"bestFit"}


def width_cuts(head: bytes, tree: Element, prefix: bytes, wanted: Mapping[int, ColumnSetting]) -> list[Cut]:
    """Return the changes to the head of a sheet that give each wanted column its width and style.

    Every other column keeps what it has. `tree` is the tree of the head.
    """
    if not wanted:
        return []
    groups = [group for group in tree.named("cols") if group.children]
    there = [col for group in groups for col in group.named("col")]
    bare = b"<%bcol/>" % prefix
    cuts: list[Cut] = []
    covered: set[int] = set()
    for col in there:
        first, last = col.number("min", 1), col.number("max", 1)
        own = [column for column in sorted(wanted) if first <= column <= last and column not in covered]
        if own:
            covered.update(own)
            tag = _closed(head[col.start : col.opened])
            cuts.append((col.start, col.end, _split(tag, first, last, {column: wanted[column] for column in own})))
    missing = [column for column in sorted(wanted) if column not in covered]
    new = {column: _with_setting(bare, column, wanted[column]) for column in missing}
    if not groups and new:
        text = b"<%bcols>%b</%bcols>" % (prefix, b"".join(new.values()), prefix)
        empty = tree.child("cols")
        at = next(each.start for each in tree.children if each.name == "sheetData")
        return [(empty.start, empty.end, text) if empty else (at, at, text)]
    for column, text in new.items():
        after = next((col.start for col in there if col.number("min", 1) > column), groups[-1].closing)
        cuts.append((after, after, text))
    return cuts


def _split(tag: bytes, first: int, last: int, own: Mapping[int, ColumnSetting]) -> bytes:
    """Return the <col> elements in place of one that covers the columns `first` to `last`, some of them ours."""
    pieces: list[bytes] = []
    at = first
    for column, setting in own.items():
        if at < column:
            pieces.append(_over(tag, at, column - 1))
        pieces.append(_with_setting(tag, column, setting))
        at = column + 1
    if at <= last:
        pieces.append(_over(tag, at, last))
    return b"".join(pieces)


def _with_setting(tag: bytes, column: int, setting: ColumnSetting) -> bytes:
    tag = _over(markup.without_attributes(tag, _NOT_KEPT), column, column)
    for name, value in (("width", f"{setting.width:g}"), ("customWidth", "1"), ("style", str(setting.style))):
        tag = markup.set_attribute(tag, name, value)
    return tag


def _over(tag: bytes, first: int, last: int) -> bytes:
    return markup.set_attribute(markup.set_attribute(tag, "min", str(first)), "max", str(last))


def _closed(tag: bytes) -> bytes:
    """Return a start tag as an element of its own."""
    return tag if tag.endswith(b"/>") else tag[:-1].rstrip() + b"/>"
