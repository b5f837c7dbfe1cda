"""Content controls, the fields of a Word form: what they are, and filled in as Word does it.

Until a control is filled in it shows a prompt and is marked so (w:showingPlcHdr). A prompt is never read as an answer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from itertools import count
from typing import cast

from lxml import etree
from lxml.etree import _Element as Element

from scripts.adapters.word.names import name
from scripts.adapters.word.text import for_word
from tracker_schema.documents.forms import Kind
from tracker_schema.wording import long_date

# Kinds of controls that take no answer.
_NO_ANSWER = {
    *(name(f"w:{kind}") for kind in ("group", "picture", "docPartObj", "docPartList", "citation", "bibliography")),
    *(name(f"w15:{kind}") for kind in ("repeatingSection", "repeatingSectionItem")),
    name("w:equation"),
}
_NUMBER_OF_THE_GROUP = 1000
TICKED, UNTICKED = "☒", "☐"


def controls(root: Element) -> Iterable[Element]:
    """Return every content control below `root`, those within others too."""
    return root.iter(name("w:sdt"))


def properties(control: Element) -> Element:
    """Return the w:sdtPr of a control."""
    return cast("Element", control.find(name("w:sdtPr")))


def tag_of(control: Element) -> str | None:
    """Return the tag of a control; None if it has none."""
    tag = properties(control).find(name("w:tag"))
    return None if tag is None else tag.get(name("w:val"))


def title_of(control: Element) -> str:
    """Return the title of a control, as Word shows it above the control; empty if it has none."""
    title = properties(control).find(name("w:alias"))
    return "" if title is None else title.get(name("w:val"), "")


def is_repeating(control: Element) -> bool:
    """Return True for a control around rows that people repeat."""
    return properties(control).find(name("w15:repeatingSection")) is not None


def choices_of(control: Element) -> tuple[str, ...]:
    """Return the choices of a drop-down list, as people see them; empty for any other control."""
    items = properties(control).iter(name("w:listItem"))
    return tuple(item.get(name("w:displayText")) or item.get(name("w:value")) or "" for item in items)


def text_in(control: Element) -> str:
    """Return the text that a control shows, without line breaks."""
    return "".join(text.text or "" for text in _content(control).iter(name("w:t")))


def text_beside(control: Element) -> str:
    """Return the text of the paragraph that a control is in, without that of the control."""
    paragraph = next(control.iterancestors(name("w:p")), control)
    own = set(control.iter(name("w:t")))
    return "".join(text.text or "" for text in paragraph.iter(name("w:t")) if text not in own).strip()


def kind_of(control: Element) -> Kind | None:
    """Return what kind of answer a control takes; None if it takes none, such as a control around others."""
    given = properties(control)
    if given.find(name("w14:checkbox")) is not None:
        return "checkbox"
    if given.find(name("w:date")) is not None:
        return "date"
    if given.find(name("w:dropDownList")) is not None or given.find(name("w:comboBox")) is not None:
        return "choice"
    text = given.find(name("w:text"))
    if text is None:  # rich text, unless it is there for something else
        is_answer = not any(part.tag in _NO_ANSWER for part in given) and len(list(controls(control))) == 1
        return "multiline" if is_answer else None
    return "multiline" if text.get(name("w:multiLine")) in ("1", "true", "on") else "text"


def fill(control: Element, value: str | dt.date | bool) -> None:
    """Put `value` into a control, as Word does when a person enters it. A bool is for a check box only."""
    given = properties(control)
    if isinstance(value, bool):
        checked = cast("Element", given.find(f"{name('w14:checkbox')}/{name('w14:checked')}"))
        checked.set(name("w14:val"), "1" if value else "0")
        _write(_only_run(control), TICKED if value else UNTICKED)
        return
    date = given.find(name("w:date"))
    if isinstance(value, dt.date):
        if date is not None:
            date.set(name("w:fullDate"), f"{value:%Y-%m-%d}T00:00:00Z")
        value = long_date(value)
    showing = given.find(name("w:showingPlcHdr"))
    if showing is not None:
        given.remove(showing)
    run = _only_run(control)
    formatting = run.find(name("w:rPr"))
    if formatting is not None and formatting.find(name("w:rStyle")) is not None:
        run.remove(formatting)
    _write(run, value)


def prompt(control: Element, words: str) -> None:
    """Make a control that is not filled in show `words` instead of its own prompt."""
    _write(_only_run(control), words)


def _only_run(control: Element) -> Element:
    """Return the first run of a control, without its text, and remove the others: Word may have split a prompt."""
    runs = list(_content(control).iter(name("w:r")))
    for run in runs[1:]:
        cast("Element", run.getparent()).remove(run)
    if not runs:
        paragraph = next(_content(control).iter(name("w:p")), _content(control))
        return etree.SubElement(paragraph, name("w:r"))
    for part in [part for part in runs[0] if part.tag != name("w:rPr")]:
        runs[0].remove(part)
    return runs[0]


def _write(run: Element, text: str) -> None:
    """Write `text` into an empty run, with line breaks and tabs as Word has them."""
    for number_of_line, line in enumerate(for_word(text).split("\n")):
        for number_of_part, part in enumerate(line.split("\t")):
            if number_of_line or number_of_part:
                etree.SubElement(run, name("w:tab" if number_of_part else "w:br"))
            words = etree.SubElement(run, name("w:t"), {name("xml:space"): "preserve"})
            words.text = part


def _content(control: Element) -> Element:
    return cast("Element", control.find(name("w:sdtContent")))


def unwrap(control: Element) -> None:
    """Replace a control by what it holds."""
    for held in reversed(_content(control)):
        control.addnext(held)
    cast("Element", control.getparent()).remove(control)


def group(root: Element) -> None:
    """Make a group of the text of a document, as Word does under Developer: in it only the controls can be changed."""
    body = cast("Element", root.find(name("w:body")))
    control = etree.Element(name("w:sdt"))
    given = etree.SubElement(control, name("w:sdtPr"))
    etree.SubElement(given, name("w:id"), {name("w:val"): str(_NUMBER_OF_THE_GROUP)})
    etree.SubElement(given, name("w:lock"), {name("w:val"): "contentLocked"})
    etree.SubElement(given, name("w:group"))
    content = etree.SubElement(control, name("w:sdtContent"))
    content.extend(each for each in list(body) if each.tag != name("w:sectPr"))
    body.insert(0, control)


def number(roots: Iterable[Element]) -> None:
    """Give every control in the parts of one document a number of its own: a loop in the template makes copies."""
    numbers = count(_NUMBER_OF_THE_GROUP + 1)
    for root in roots:
        for control in controls(root):
            given = properties(control)
            for old in given.findall(name("w:id")):
                given.remove(old)
            own = etree.Element(name("w:id"), {name("w:val"): str(next(numbers))})
            before = [each for each in given if each.tag in _BEFORE_THE_NUMBER]
            if before:
                before[-1].addnext(own)
            else:
                given.insert(0, own)


_BEFORE_THE_NUMBER = {name("w:rPr"), name("w:alias"), name("w:tag")}
