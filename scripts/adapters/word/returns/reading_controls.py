"""Read the answers in a completed form from its content controls, by their tags.

A control may be in a line of text, or around paragraphs, table cells or rows; in the body, a header or a footer; inside
another control. Tracked changes are read as if all had been accepted. A prompt that still shows is no answer.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from scripts.adapters.word.returns.returned_file import Element, ReturnedFile
from tracker_schema.documents.forms import Kind
from tracker_schema.returns.returned_answers import RepeatedRows, ReturnedAnswer, ReturnedAnswers, ReturnRefused

# Our forms have about a hundred fields, none deeper than a repeated row in a table.
MOST_CONTROLS = 5_000
DEEPEST_CONTROL = 6

_PREFIXES = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "w:",
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "w:",  # as a strict document has it
    "http://schemas.microsoft.com/office/word/2010/wordml": "w14:",
    "http://schemas.microsoft.com/office/word/2012/wordml": "w15:",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc:",
}
# Deleted by a tracked change, formatting, and a reading aid above other text.
_LEFT_OUT = frozenset({"w:del", "w:moveFrom", "w:rPr", "w:pPr", "w:tblPr", "w:trPr", "w:tcPr", "w:sectPr", "w:rt"})
_BESIDE_TEXT = frozenset({"w:drawing", "w:pict", "w:object", "w:footnoteReference", "w:endnoteReference"})
_CHARACTERS = {
    "w:br": "\n",
    "w:cr": "\n",
    "w:tab": "\t",
    "w:ptab": "\t",
    "w:noBreakHyphen": "-",
    "w:sym": "\N{REPLACEMENT CHARACTER}",  # a character of a symbol font, meaningless in another
}
_KINDS: dict[str, Kind] = {"w:date": "date", "w:dropDownList": "choice", "w:comboBox": "choice"}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def read_controls(returned: ReturnedFile) -> ReturnedAnswers:
    """Return the answers in the controls of `returned`.

    Raises ReturnRefused when there are more controls, or deeper ones, than a form can have.
    """
    found = _AnswersSoFar()
    for root in (returned.document, *returned.around):
        _read_element(root, found, 0)
    return ReturnedAnswers(tuple(found.single), tuple(found.repeated), tuple(found.untagged), returned.title)


def text_of(returned: ReturnedFile) -> str:
    """Return the text of the document, with that in its controls: never to be shown."""
    text = _TextCollector()
    text.add(returned.document)
    return text.text


@dataclass
class _AnswersSoFar:
    """The answers so far; `row` collects those of the repeated row that is being read."""

    single: list[ReturnedAnswer] = field(default_factory=list)
    repeated: list[RepeatedRows] = field(default_factory=list)
    untagged: list[ReturnedAnswer] = field(default_factory=list)
    row: list[ReturnedAnswer] | None = None
    controls: int = 0


def _read_element(element: Element, found: _AnswersSoFar, depth: int) -> None:
    for child in _accepted(element):
        if _name(child.tag) == "w:sdt":
            _read_control(child, found, depth + 1)
        else:
            _read_element(child, found, depth)


def _read_control(control: Element, found: _AnswersSoFar, depth: int) -> None:
    found.controls += 1
    if found.controls > MOST_CONTROLS or depth > DEEPEST_CONTROL:
        raise ReturnRefused("It has more fields than any form, so it was not read.", "Ask for the Word form itself.")
    about = {_name(child.tag): child for part in _named(control, "w:sdtPr") for child in part}
    contents = list(_named(control, "w:sdtContent"))
    tag = _value(about.get("w:tag"))
    if "w15:repeatingSection" in about:
        _read_rows(tag, contents, found, depth)
        return
    holds_others = "w15:repeatingSectionItem" in about or "w:group" in about
    if tag and not holds_others:
        (found.single if found.row is None else found.row).append(_answer(tag, about, contents))
    so_far = found.controls
    for content in contents:
        _read_element(content, found, depth)
    if not tag and not holds_others and found.controls == so_far:
        found.untagged.append(_answer("", about, contents))


def _read_rows(tag: str, contents: Iterable[Element], found: _AnswersSoFar, depth: int) -> None:
    """Read the rows of a repeated part. RepeatedRows within a row become further fields of that row."""
    rows: list[tuple[ReturnedAnswer, ...]] = []
    around = found.row
    for item in (child for content in contents for child in _accepted(content)):
        found.row = [] if around is None else around
        if _name(item.tag) == "w:sdt":
            _read_control(item, found, depth + 1)
        else:
            _read_element(item, found, depth)
        if found.row:
            rows.append(tuple(found.row))
    found.row = around
    if around is None:
        found.repeated.append(RepeatedRows(tag, tuple(rows)))


def _answer(tag: str, about: dict[str, Element], contents: Iterable[Element]) -> ReturnedAnswer:
    label = _value(about.get("w:alias")) or tag
    if "w14:checkbox" in about:
        state = next(_named(about["w14:checkbox"], "w14:checked"), None)
        return ReturnedAnswer(tag, label, "", ticked=state is not None and _is_on(state), kind="checkbox")
    kind: Kind = next((kind for name, kind in _KINDS.items() if name in about), "text")
    if _is_on(about.get("w:showingPlcHdr")):
        return ReturnedAnswer(tag, label, "", kind=kind)
    text = _TextCollector()
    for content in contents:
        text.add(content)
    return ReturnedAnswer(
        tag, label, text.text, picked=_picked(about.get("w:date")), beside_text=text.beside_text, kind=kind
    )


def _picked(date: Element | None) -> dt.date | None:
    """Return the day that Word stores with a date field, whatever its text is."""
    kept = _DAY.match(_value(date, "fullDate"))
    try:
        return dt.date.fromisoformat(kept[0]) if kept else None
    except ValueError:
        return None


class _TextCollector:
    """The text of a control: lines as people see them, without deleted text and prompts."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self.beside_text = False

    @property
    def text(self) -> str:
        """Return all of it, without spaces and empty lines at the ends."""
        return "".join(self._pieces).strip()

    def add(self, element: Element) -> None:
        """Add the text of `element`."""
        for child in _accepted(element):
            name = _name(child.tag)
            if name == "w:t":
                self._pieces.append(child.text or "")
            elif name in _CHARACTERS:
                self._pieces.append(_CHARACTERS[name])
            elif name in _BESIDE_TEXT:
                self.beside_text = True
            elif name == "w:sdt" and _only_prompts(child):
                continue
            else:
                self.add(child)
                if name == "w:p" and not _runs_on(child):
                    self._pieces.append("\n")


def _accepted(element: Element) -> Iterator[Element]:
    """Yield the children of `element` that are left when every tracked change is accepted; one of alternatives."""
    for child in element:
        name = _name(child.tag)
        if name == "mc:AlternateContent":
            # A text box is in a document twice: for today's Word and for older versions.
            choices = [*_named(child, "mc:Choice"), *_named(child, "mc:Fallback")]
            if choices:
                yield from _accepted(choices[0])
        elif name not in _LEFT_OUT and not _was_deleted(child, name):
            yield child


def _was_deleted(element: Element, name: str) -> bool:
    """Return True if a tracked change deleted a table's row or cell."""
    marks = {"w:tr": ("w:trPr", "w:del"), "w:tc": ("w:tcPr", "w:cellDel")}.get(name)
    return marks is not None and _has(element, *marks)


def _runs_on(paragraph: Element) -> bool:
    """Return True if a tracked change joined the paragraph to the next."""
    marks = (mark for about in _named(paragraph, "w:pPr") for of_end in _named(about, "w:rPr") for mark in of_end)
    return any(_name(mark.tag) in ("w:del", "w:moveFrom") for mark in marks)


def _has(element: Element, first: str, second: str) -> bool:
    return any(True for about in _named(element, first) for _ in _named(about, second))


def _only_prompts(control: Element) -> bool:
    return any(_is_on(child) for about in _named(control, "w:sdtPr") for child in _named(about, "w:showingPlcHdr"))


@lru_cache(maxsize=2048)
def _name(tag: str) -> str:
    """Return the tag with its usual prefix, such as “w:sdt”, whichever edition of the standard the document follows."""
    space, _, local = tag.rpartition("}")
    return _PREFIXES.get(space[1:], "?:") + local


def _named(element: Element, name: str) -> Iterator[Element]:
    return (child for child in element if _name(child.tag) == name)


def _value(element: Element | None, attribute: str = "val") -> str:
    """Return the value of one of Word's attributes; "" when it is missing."""
    if element is None:
        return ""
    found = (element.get(f"{{{space}}}{attribute}") for space in _PREFIXES)
    return next((text for text in found if text is not None), "")


def _is_on(switch: Element | None) -> bool:
    return switch is not None and _value(switch).lower() not in ("0", "false", "off")
