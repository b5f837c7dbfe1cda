"""Colours for the words in a column: a conditional format for each word, which a person can change or delete."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from scripts.adapters.workbook.xlsx.addresses import Range
from scripts.adapters.workbook.xlsx.edit.extend_ranges import format_ranges
from scripts.adapters.workbook.xlsx.edit.style_editor import StyleEditor
from scripts.adapters.workbook.xlsx.markup import Cut, Element

# The order of a worksheet's elements is fixed; conditional formats come after the last of these.
_BEFORE = {
    "sheetData", "sheetCalcPr", "sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState",
    "dataConsolidate", "customSheetViews", "mergeCells", "phoneticPr", "conditionalFormatting",
}  # fmt: skip

Colours = tuple[str, str]
"""Of a filled cell: the fill and the text, each as RRGGBB."""

_PRIORITY = re.compile(rb"""\spriority\s*=\s*["']([0-9]{1,9})["']""")


@dataclass(frozen=True, slots=True)
class ColouredColumn:
    """A column whose cells are coloured by the word in them.

    sheet   the name of the sheet
    area    the cells
    words   their colours, by word
    """

    sheet: str
    area: Range
    words: Mapping[str, Colours]


def colour_cuts(whole: bytes, frame: Element, column: ColouredColumn, styles: StyleEditor) -> list[Cut]:
    """Return the change to a worksheet's XML without its rows that colours a column.

    None when one of its words has a rule there already. The rules of people come first.
    """
    for element, areas in format_ranges(frame):
        rules = whole[element.start : element.end].replace(b"&quot;", b'"')
        if any(area and area.overlaps(column.area) for area in areas) and any(
            _quoted(word) in rules for word in column.words
        ):
            return []
    numbers = styles.add_colours([_format(styles.prefix, *colours) for colours in column.words.values()])
    priority = max((int(found) for found in _PRIORITY.findall(whole)), default=0) + 1
    p = frame.prefix
    rules = b"".join(
        b'<%bcfRule type="cellIs" dxfId="%d" priority="%d" operator="equal">' % (p, number, priority + place)
        + b"<%bformula>%b</%bformula></%bcfRule>" % (p, _quoted(word), p, p)
        for place, (word, number) in enumerate(zip(column.words, numbers, strict=True))
    )
    area = str(column.area).encode()
    text = b'<%bconditionalFormatting sqref="%b">%b</%bconditionalFormatting>' % (p, area, rules, p)
    at = max(element.end for element in frame.children if element.name in _BEFORE)
    return [(at, at, text)]


def _quoted(word: str) -> bytes:
    return b'"%b"' % word.encode("ascii")


def _format(prefix: bytes, fill: str, text: str) -> bytes:
    """Return a format with a fill and bold text on it."""
    p, fill_code = prefix, fill.encode()
    return (
        b'<%bdxf><%bfont><%bb/><%bcolor rgb="FF%b"/></%bfont>' % (p, p, p, p, text.encode(), p)
        + b'<%bfill><%bpatternFill patternType="solid"><%bfgColor rgb="FF%b"/>' % (p, p, p, fill_code)
        + b'<%bbgColor rgb="FF%b"/></%bpatternFill></%bfill></%bdxf>' % (p, fill_code, p, p, p)
    )
