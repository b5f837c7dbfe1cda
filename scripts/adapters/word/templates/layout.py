"""A new template, laid out from what the document holds: its head, then its sections in order."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import groupby
from typing import TYPE_CHECKING

from docx.shared import Cm, Pt

from scripts.adapters.word import controls
from scripts.adapters.word.templates.page import CELL_STYLE, TEXT_WIDTH, TICK_STYLE, blank_document
from scripts.adapters.word.templates.tables import Table, holding, is_below_table, pairs, paragraph
from tracker_schema.case import child_columns
from tracker_schema.documents.documents import AGENCY, FORM, REFERENCE, Document, Section
from tracker_schema.documents.fields import Field, Group, is_long
from tracker_schema.documents.shown import headings

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

# For each table that a section may ask for: what it holds, the rows it is made of, and its columns with their widths in
# centimetres and what stands in them for `each` row; then what is said when there is no row.
_TABLES = {
    "clocks": (
        "The clocks that have started, each with its deadline and how it stands",
        "clocks",
        (("Step", 5.6, "label"), ("From", 3.8, "from"), ("Due", 3.8, "due"), ("Stands", 3.8, "stands")),
        "No clock has started.",
    ),
    "agencies": (
        "The agencies asked, and when each is to return",
        "agencies",
        (("Agency", 5, "name"), ("Sent", 4, "sent"), ("Return by", 4, "return_by"), ("Returned", 4, "returned")),
        "No agency has been asked yet.",
    ),
    "actions": (
        "The actions, each with its owner and date",
        "actions",
        (("Action", 6.4, "action"), ("Owner", 3.6, "owner"), ("Due", 3.5, "due"), ("Done", 3.5, "done")),
        "No action has been recorded.",
    ),
}
_CHILD = "child.number"


def lay_out(document: Document) -> WordDocument:
    """The template of `document`. Raises SchemaError when its contents hold a slip."""
    word = blank_document()
    _head(word, document)
    for section in document.sections:
        _Laid(word, section, marked=not document.letter).lay()
    return word


def _head(word: WordDocument, document: Document) -> None:
    title = word.add_paragraph(style="Title")
    if document.protected or document.returned:
        title._p.append(controls.fixed(FORM + document.name, "Form", document.title))
    else:
        title.add_run(document.title)
    table = pairs(word, "What this document is about")
    about = controls.fixed(REFERENCE, "Reference", "{{ reference }}")
    table.pair("Reference", holding(about), long=False)
    if document.per_agency:
        agency = controls.fixed(AGENCY, "Agency", "{{ agency.name }}")
        table.pair("Agency", holding(agency), long=False)
        table.pair("Return by", paragraph("{{ agency.return_by }}", CELL_STYLE), long=False)
    made = ("Date", "{{ today }}") if document.letter else ("Made on", "{{ today }}, from the tracker")
    table.pair(made[0], paragraph(made[1], CELL_STYLE), long=False)
    if not document.letter and any(field.required for _, field in document.fields()):
        _paragraph(word, "What is marked * is needed. Fields are filled in by clicking into them.")


def _paragraph(word: WordDocument, text: str, *, introduces: bool = False) -> None:
    """Adds a paragraph of text, at some distance from a table above it; on one page with what it `introduces`."""
    below = is_below_table(word)
    added = word.add_paragraph(text)
    if below:
        added.paragraph_format.space_before = Pt(8)
    added.paragraph_format.keep_with_next = introduces or None


class _Laid:
    """One section on its way into a document; `marked` when a field that is needed has a mark."""

    def __init__(self, word: WordDocument, section: Section, *, marked: bool) -> None:
        self.word = word
        self.section = section
        self.marked = marked
        self.about_child = section.for_each is not None

    def lay(self) -> None:
        """Adds the section at the end of the document."""
        section = self.section
        if section.only_if:
            self._statement(f"if {section.only_if}")
        if section.for_each:
            first = f"[:{section.at_most}]" if section.at_most else ""
            self._statement(f"for child in {section.for_each}{first}")
        self._heading()
        introduces = bool(section.bullets or section.facts or section.table or section.field or section.group)
        for text in section.text:
            _paragraph(self.word, text, introduces=introduces)
        for text in section.bullets:
            self.word.add_paragraph(text, style="List Bullet")
        if section.facts and not self._answers_first():
            self._facts(pairs(self.word, section.heading or "Facts"))
        if section.table:
            self._table(section.table)
        if section.picture:
            self._picture(section.picture)
        for ticks, fields in groupby(section.field, lambda field: field.kind == "checkbox"):
            if ticks:
                self._ticks(fields)
            else:
                self._answers(fields)
        if section.group:
            self._group(section.group)
        if section.for_each:
            self._statement("endfor")
        if section.only_if:
            self._statement("endif")

    def _statement(self, jinja: str) -> None:
        """A condition or a loop in a paragraph of its own, which docxtpl takes away."""
        self.word.add_paragraph(f"{{%p {jinja} %}}")

    def _heading(self) -> None:
        section = self.section
        if section.heading is None:
            return
        text = section.heading
        if self.about_child:
            text += "{% if children|count > 1 %}: child {{ child.number }}{% endif %}"
        heading = self.word.add_heading(text, section.level)
        heading.paragraph_format.page_break_before = True if section.new_page else None

    def _answers_first(self) -> bool:
        """Whether answers follow the facts at once, so that both stand in one table."""
        section = self.section
        return bool(section.field) and section.field[0].kind != "checkbox" and not (section.table or section.picture)

    def _facts(self, table: Table) -> None:
        for fact in self.section.facts:
            of_child = self.about_child and (fact in child_columns() or fact == "age")
            shown = f"{{{{ {'child' if of_child else 'incident'}.{fact} }}}}"
            table.pair(headings()[fact], paragraph(shown, CELL_STYLE), long=is_long(fact))

    def _table(self, wanted: str) -> None:
        if wanted == "missing":
            self._statement("for each in missing")
            self.word.add_paragraph("{{ each }}", style="List Bullet")
            self._statement("endfor")
            return
        says, rows, columns, nothing = _TABLES[wanted]
        self._statement(f"if not {rows}")
        _paragraph(self.word, nothing)
        self._statement("endif")
        self._statement(f"if {rows}")
        table = Table(self.word, [Cm(width) for _, width, _ in columns], says)
        table.headings(heading for heading, _, _ in columns)
        table.tag_row(f"{{%tr for each in {rows} %}}")
        words = [paragraph(f"{{{{ each.{field} }}}}", CELL_STYLE) for _, _, field in columns]
        table.add(table.row(words, whole=True))
        table.tag_row("{%tr endfor %}")
        self._statement("endif")

    def _picture(self, picture: str) -> None:
        """A grey place for the picture of that name, to be moved or made smaller in Word as one likes."""
        run = self.word.add_paragraph().add_run()
        shape = run.add_picture(BytesIO(_grey()), width=TEXT_WIDTH, height=Cm(8))
        for side in "TBLR":
            shape._inline.set(f"dist{side}", "0")  # else LibreOffice leaves room around it, and it runs into the margin
        about = shape._inline.docPr
        about.set("name", picture)
        about.set("descr", f"Here comes the picture “{picture}”")

    def _tag(self, field: Field) -> str:
        return f"child_{{{{ {_CHILD} }}}}_{field.tag}" if self.about_child else field.tag

    def _answers(self, fields: Iterable[Field]) -> None:
        table = pairs(self.word, self.section.heading or "Answers")
        if self._answers_first() and self.section.field[0] in (fields := list(fields)):
            self._facts(table)
        for field in fields:
            control = controls.answer(field, self._tag(field))
            label = field.label + (" *" if field.required and self.marked else "")
            table.pair(label, holding(control), long=field.kind == "multiline", room=True)

    def _ticks(self, fields: Iterable[Field]) -> None:
        for field in fields:
            below = is_below_table(self.word)
            tick = self.word.add_paragraph(style=TICK_STYLE)
            tick._p.append(controls.answer(field, self._tag(field)))
            tick.add_run(f"\t{field.label}")
            if below:
                tick.paragraph_format.space_before = Pt(8)

    def _group(self, group: Group) -> None:
        widths = list(_widths(group))
        table = Table(self.word, widths, group.label)
        table.headings(field.label for field in group.field)
        rows = (
            table.row([holding(controls.answer(field, field.tag)) for field in group.field]) for _ in range(group.rows)
        )
        table.add(controls.repeating_rows(group.tag, group.label, rows))


def _widths(group: Group) -> Iterator[int]:
    """The widths of a group's columns: what runs to several lines gets twice as much."""
    shares = [2 if field.kind == "multiline" else 1 for field in group.field]
    return (int(TEXT_WIDTH * share / sum(shares)) for share in shares)


def _grey() -> bytes:
    """A grey picture, in PNG."""
    across, down = 17, 8

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", across, down, 8, 0, 0, 0, 0)
    lines = zlib.compress(b"".join(b"\x00" + b"\xdd" * across for _ in range(down)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", lines) + chunk(b"IEND", b"")
