"""The timeliness report as a Word document, for the partnership and Ofsted."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from docx.shared import Length

from scripts.adapters.reports.timeliness import tables
from scripts.adapters.reports.timeliness.tables import Cell, Report
from scripts.adapters.word.templates.page import CELL_STYLE, TEXT_WIDTH, blank_document
from scripts.adapters.word.templates.tables import Table, paragraph
from tracker_schema.evidence.timeliness import Timeliness
from tracker_schema.wording import long_date

if TYPE_CHECKING:
    from docx.document import Document as WordDocument


def build(report: Report) -> bytes:
    """The bytes of the document that shows `report`."""
    word = blank_document(report.marking, f"{report.title}, {report.period}")
    word.core_properties.title = f"{report.title}, {report.period}"
    word.core_properties.author = report.council
    word.core_properties.comments = ""
    word.add_paragraph(report.title, style="Title")
    word.add_paragraph(f"{report.council}, {report.period}. Made on {long_date(report.as_of)}.")
    for found in report.types:
        _add_type(word, found)
    word.add_heading("How to read this report", 1)
    for note in tables.notes(report):
        word.add_paragraph(note, style="List Bullet")
    stream = io.BytesIO()
    word.save(stream)
    return stream.getvalue()


def _add_type(word: WordDocument, found: Timeliness) -> None:
    word.add_heading(found.kind.name, 1)
    word.add_paragraph(tables.headline(found)).paragraph_format.keep_with_next = True
    first = 4 if found.limit else 2  # so many times as wide as the others
    _add_table(word, f"{found.kind.name} by quarter", tables.headings(found), tables.rows(found), first)
    for title, counts in tables.explanations(found):
        word.add_heading(title, 2)
        _add_table(word, title, [tables.REASON, tables.NUMBER], tables.reasons(counts), first=5)


def _add_table(
    word: WordDocument, says: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]], first: float
) -> None:
    """Adds a table whose first column is `first` halves of the width of each of the others."""
    share = TEXT_WIDTH / (first / 2 + len(headings) - 1)
    widths = [Length(int(share * first / 2)), *(Length(int(share)) for _ in headings[1:])]
    table = Table(word, widths, says)
    table.headings(headings)
    shown = [list(map(tables.in_words, row)) for row in rows]
    for number, row in enumerate(shown, 1):
        # A few rows only: they stay together on one page.
        stays = number < len(shown)
        table.add(table.row([paragraph(cell, CELL_STYLE, keep_with_next=stays) for cell in row], whole=True))
