"""What a Word template says, as text: the file beside it by which a change of a template can be reviewed.

    python -m tests.word.field_list     write the text of every template, and the list of fields, as they are now

A line is a paragraph or a row of a table, its cells between bars. A field stands in brackets:

    [your_name: text, needed, “Your name”: Type your name]
    [place: choice (In area; Elsewhere in England), “Where it happened”: Choose one]
    [told_police: checkbox]
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lxml.etree import _Element as Element

from scripts.adapters.word import controls
from scripts.adapters.word.names import name
from scripts.adapters.word.package import parse, unpacked

_STYLES = {"Title": "# ", "Heading1": "## ", "Heading2": "### ", "ListBullet": "- "}


def text_path(template: Path) -> Path:
    """Return the path of the text beside a template."""
    return template.with_suffix(".txt")


def text_of_template(template: Path) -> str:
    """Return what the template says, with its header first and its footer last."""
    parts = unpacked(template.read_bytes())
    lines = [f"header: {line}" for line in _blocks(parse(parts["word/header1.xml"]))]
    body = parse(parts["word/document.xml"]).find(name("w:body"))
    assert body is not None
    lines += _blocks(body)
    lines += [f"footer: {line}" for line in _blocks(parse(parts["word/footer1.xml"]))]
    return "\n".join(lines) + "\n"


def _blocks(element: Element) -> Iterator[str]:
    """Yield the lines of the paragraphs, the tables and the rows in `element`."""
    for child in element:
        if child.tag == name("w:p"):
            yield _style(child) + _words(child)
        elif child.tag == name("w:tbl"):
            yield from _blocks(child)
        elif child.tag == name("w:tr"):
            yield f"| {' | '.join(' / '.join(_blocks(cell)) for cell in _cells(child))} |"
        elif child.tag == name("w:sdt"):
            yield from _around(child)


def _cells(row: Element) -> Iterator[Element]:
    return (cell for cell in row.iter(name("w:tc")))


def _around(control: Element) -> Iterator[str]:
    """Yield the lines in a control around others; of rows that people repeat only the first, and how many there are."""
    content = control.find(name("w:sdtContent"))
    assert content is not None
    if not controls.is_repeating(control):
        yield from _blocks(content)
        return
    rows = [row for row in content if row.tag == name("w:sdt")]
    yield f"rows [{controls.tag_of(control)}: {len(rows)} to begin with, “{controls.title_of(control)}”]"
    yield from _around(rows[0])


def _style(paragraph: Element) -> str:
    style = paragraph.find(f"{name('w:pPr')}/{name('w:pStyle')}")
    return "" if style is None else _STYLES.get(style.get(name("w:val"), ""), "")


def _words(element: Element) -> str:
    """Return the text in a paragraph with its fields, line breaks, tabs and pictures."""
    words = ""
    for child in element:
        if child.tag == name("w:sdt"):
            words += _field(child)
        elif child.tag == name("w:t"):
            words += child.text or ""
        elif child.tag in (name("w:br"), name("w:tab")):
            words += " ⏎ " if child.tag == name("w:br") else " ⇥ "
        elif child.tag == name("w:drawing"):
            words += "".join(f"(picture {about.get('name')})" for about in child.iter(name("wp:docPr")))
        elif child.tag != name("w:pPr"):
            words += _words(child)
    return words


def _field(control: Element) -> str:
    kind, title = controls.kind_of(control), controls.title_of(control)
    about = f"{controls.tag_of(control)}: {kind}"
    if kind == "checkbox":
        return f"[{about}]"
    if choices := controls.choices_of(control):
        about += f" ({'; '.join(choices)})"
    if title.endswith("*"):
        about += ", needed"
    return f"[{about}, “{title.removesuffix('*').rstrip()}”: {controls.text_in(control)}]"
