"""A template as lines of text, so that a change to it can be read as one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from lxml.etree import _Element as Element

from scripts.adapters.word import controls
from scripts.adapters.word.names import name
from scripts.adapters.word.package import parse, unpacked

_PARTS = ("document", "header", "footer", "footnotes", "endnotes")


def dumped(data: bytes) -> str:
    """What the Word file `data` says, part by part: paragraphs with their style, rows, and [fields] with their tags."""
    parts = unpacked(data)
    lines: list[str] = []
    for kind in _PARTS:
        for part in sorted(parts):
            path = PurePosixPath(part)
            if path.parent.name == "word" and path.stem.rstrip("0123456789") == kind and path.suffix == ".xml":
                lines += [f"== {path.stem}", *_blocks(parse(parts[part]))]
    return "\n".join(lines) + "\n"


def _blocks(root: Element) -> Iterator[str]:
    for element in root:
        if element.tag == name("w:p"):
            style = element.find(f"{name('w:pPr')}/{name('w:pStyle')}")
            text = _text(element)
            if text:
                yield f"{'' if style is None else style.get(name('w:val'))}: {text}".removeprefix(": ")
        elif element.tag == name("w:tr"):
            yield f"| {' | '.join(_text(cell) for cell in element.iter(name('w:tc')))} |"
        elif element.tag == name("w:sdt"):
            tag = controls.tag_of(element)
            if tag:
                yield f"[rows {tag}]"
            yield from _blocks(element)
        elif element.tag != name("w:sdtPr"):
            yield from _blocks(element)


def _text(element: Element) -> str:
    """The text of a paragraph or cell; a field is its tag and kind, with what it shows."""
    said: list[str] = []
    for each in element:
        if each.tag == name("w:sdt"):
            kind = controls.kind_of(each)
            shows = "" if kind == "checkbox" else f" “{_text(each)}”"
            said.append(f"[{kind or 'rows'} {controls.tag_of(each) or ''}{shows}]")
        elif each.tag == name("w:t"):
            said.append(each.text or "")
        elif each.tag in (name("w:br"), name("w:tab"), name("w:p")):
            said.append(_text(each) + " ")
        elif each.tag == name("w:drawing"):
            said.append(f"[picture {next(each.iter(name('wp:docPr'))).get('name')}]")
        elif each.tag not in (name("w:sdtPr"), name("w:instrText")):
            said.append(_text(each))
    return "".join(said).strip() if element.tag in (name("w:p"), name("w:tc")) else "".join(said)
