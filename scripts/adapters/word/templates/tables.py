"""Tables of a new template: labels with answers or facts, columns under a row of headings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Length
from lxml.etree import _Element as Element

from scripts.adapters.word.templates.page import CELL_STYLE, LABEL_FILL, LABEL_STYLE, TABLE_STYLE, TEXT_WIDTH

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

LABEL_WIDTH = Cm(5.5)
ROOM = Cm(1.6)


class Table:
    """A table in the making, with columns of these widths; `says` is what it holds, for those who do not see it."""

    def __init__(self, document: WordDocument, widths: Sequence[int], says: str) -> None:
        self.widths = widths
        if is_below_table(document):
            document.add_paragraph(style=CELL_STYLE)  # without something in between Word makes one table of two
        self.element: Any = document.add_table(rows=0, cols=len(widths))._tbl
        properties = self.element.tblPr
        for old in list(properties):
            properties.remove(old)
        twips = [Length(width).twips for width in widths]
        # In the order of the schema; the widths stand here, in the grid and in the cells, for Word and LibreOffice.
        for xml in (
            f'<w:tblStyle w:val="{TABLE_STYLE}"/>',
            f'<w:tblW w:w="{sum(twips)}" w:type="dxa"/>',
            '<w:tblLayout w:type="fixed"/>',
            '<w:tblLook w:val="04A0" w:firstRow="1" w:firstColumn="1" w:noVBand="1"/>',
        ):
            properties.append(_parsed(xml))
        description = _new("w:tblDescription")
        description.set(qn("w:val"), says)
        properties.append(description)
        for column, width in zip(self.element.tblGrid.findall(qn("w:gridCol")), twips, strict=True):
            column.set(qn("w:w"), str(width))

    def add(self, row: Element) -> None:
        """Puts the row, or rows wrapped in a control, at the end."""
        self.element.append(row)

    def headings(self, texts: Iterable[str]) -> None:
        """Adds a row of headings, repeated on every page that the table reaches."""
        row = self.row([paragraph(text, LABEL_STYLE, keep_with_next=True) for text in texts], filled=True, whole=True)
        row.get_or_add_trPr().append(_new("w:tblHeader"))
        self.add(row)

    def tag_row(self, jinja: str) -> None:
        """Adds a row that holds a statement of a loop; docxtpl takes the row away."""
        words = [paragraph(jinja, CELL_STYLE), *(paragraph("", CELL_STYLE) for _ in self.widths[1:])]
        self.add(self.row(words))

    def row(self, paragraphs: Sequence[Any], *, filled: bool = False, whole: bool = False) -> Any:
        """A row of cells, not yet added. `whole`: not to be broken between pages."""
        row = _new("w:tr")
        if whole:
            row.get_or_add_trPr().append(_new("w:cantSplit"))
        for width, words in zip(self.widths, paragraphs, strict=True):
            row.append(_cell(width, 1, words, filled=filled))
        return row

    def pair(self, label: str, words: Any, *, long: bool, room: bool = False) -> None:
        """Adds a label with what belongs to it: beside it, or across the table below it when it may be long; with
        `room` to write there.
        """
        if not long:
            # The first row stays with the second, so that a heading is not alone with it at the end of a page.
            first = self.element.find(qn("w:tr")) is None
            row = _new("w:tr")
            row.get_or_add_trPr().append(_new("w:cantSplit"))
            row.append(_cell(self.widths[0], 1, paragraph(label, LABEL_STYLE, keep_with_next=first), filled=True))
            row.append(_cell(sum(self.widths[1:]), len(self.widths) - 1, words))
            self.add(row)
            return
        for content, is_label in ((paragraph(label, LABEL_STYLE, keep_with_next=True), True), (words, False)):
            row = _new("w:tr")
            if is_label:
                row.get_or_add_trPr().append(_new("w:cantSplit"))
            elif room:
                row.get_or_add_trPr().append(_parsed(f'<w:trHeight w:val="{ROOM.twips}" w:hRule="atLeast"/>'))
            row.append(_cell(sum(self.widths), len(self.widths), content, filled=is_label))
            self.add(row)


def is_below_table(document: WordDocument) -> bool:
    """Whether what is added next stands just below a table; a paragraph that docxtpl takes away does not count."""
    for element in reversed(document.element.body):
        if element.tag == qn("w:tbl"):
            return True
        if element.tag == qn("w:p") and not "".join(element.itertext()).startswith("{%p "):
            return False
    return False


def pairs(document: WordDocument, says: str) -> Table:
    """A table for labels and what belongs to them."""
    return Table(document, [LABEL_WIDTH, TEXT_WIDTH - LABEL_WIDTH], says)


def paragraph(text: str, style: str, *, keep_with_next: bool = False) -> Any:
    """A paragraph with that text."""
    made = _new("w:p")
    properties = made.get_or_add_pPr()
    properties.style = style
    if keep_with_next:
        properties.append(_new("w:keepNext"))
    if text:
        run = made.add_r()
        run.text = text
    return made


def holding(control: Element) -> Any:
    """A paragraph of a cell that holds a control."""
    made = paragraph("", CELL_STYLE)
    made.append(control)
    return made


def _cell(width: int, columns: int, words: Any, *, filled: bool = False) -> Any:
    cell = _new("w:tc")
    properties = cell.get_or_add_tcPr()
    properties.append(_parsed(f'<w:tcW w:w="{Length(width).twips}" w:type="dxa"/>'))
    if columns > 1:
        properties.append(_parsed(f'<w:gridSpan w:val="{columns}"/>'))
    if filled:
        properties.append(_parsed(f'<w:shd w:val="clear" w:color="auto" w:fill="{LABEL_FILL}"/>'))
    cell.append(words)
    return cell


def _new(tag: str) -> Any:
    return OxmlElement(tag)


def _parsed(xml: str) -> Any:
    head, _, tail = xml.partition(" ")
    return parse_xml(f"{head} {nsdecls('w')} {tail}")
