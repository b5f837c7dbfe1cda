"""Word documents as a reader sees them, for the tests: read with python-docx, from the file alone."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docx import Document
from docx.oxml.ns import qn


def opened(document: bytes | Path) -> Any:
    """The document as python-docx has it; the text of one that is a group stands for itself, for it looks into none."""
    opened = Document(str(document) if isinstance(document, Path) else io.BytesIO(document))
    for group in list(opened.element.body.iter(qn("w:group"))):
        control = group.getparent().getparent()
        for held in reversed(list(control.find(qn("w:sdtContent")))):
            control.addnext(held)
        control.getparent().remove(control)
    return opened


def text_of(document: bytes | Path) -> str:
    """What the document says, line by line; with its header first and its footer last."""
    word = opened(document)
    (section,) = word.sections
    parts = (section.header._element, word.element.body, section.footer._element)
    return "\n".join(line for part in parts for line in _lines(part))


def _lines(part: Any) -> Iterator[str]:
    return (_text(paragraph) for paragraph in part.iter(qn("w:p")))


def _text(element: Any) -> str:
    """The text of the runs, with their line breaks and tabs."""
    marks = {qn("w:br"): "\n", qn("w:tab"): "\t"}
    return "".join(marks.get(each.tag, each.text or "") for run in element.iter(qn("w:r")) for each in run
                   if each.tag in (qn("w:t"), *marks))  # fmt: skip


def controls_of(document: bytes | Path) -> dict[str, Any]:
    """The first control with each tag."""
    found: dict[str, Any] = {}
    for control in opened(document).element.body.iter(qn("w:sdt")):
        tag = control.find(f"{qn('w:sdtPr')}/{qn('w:tag')}")
        if tag is not None:
            found.setdefault(tag.get(qn("w:val")), control)
    return found


def text_in(control: Any) -> str:
    """What a control shows, its lines with line feeds."""
    return _text(control)


def is_prompt(control: Any) -> bool:
    """Return True if a control still shows its prompt."""
    return control.find(f"{qn('w:sdtPr')}/{qn('w:showingPlcHdr')}") is not None
