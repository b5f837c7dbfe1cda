"""Content controls, the fields of a Word form: made, filled in as Word does it, and numbered.

A control that is made here cannot be deleted in Word; what it holds can be changed, except in a fixed one. Until it is
filled in it shows a prompt, and says so (w:showingPlcHdr), so that the prompt is never taken for an answer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import count
from typing import cast
from xml.sax.saxutils import escape, quoteattr

from lxml import etree
from lxml.etree import _Element as Element

from scripts.adapters.word.names import DECLARED, name
from scripts.adapters.word.text import for_word
from tracker_schema.documents.fields import Field, Kind
from tracker_schema.wording import long_date

PLACEHOLDER_STYLE = "PlaceholderText"
TICKED, UNTICKED = "☒", "☐"

# How Word writes a date that is chosen: as `long_date` does.
_DATE_FORMAT = "dddd d MMMM yyyy"
_TICK_FONT = '<w:rFonts w:ascii="MS Gothic" w:eastAsia="MS Gothic" w:hAnsi="MS Gothic" w:hint="eastAsia"/>'
_PLACEHOLDER = f'<w:rPr><w:rStyle w:val="{PLACEHOLDER_STYLE}"/></w:rPr>'


def answer(field: Field, tag: str) -> Element:
    """The control for an answer to `field`, to be put into a paragraph; it shows the field's help, or is not ticked."""
    if field.kind == "checkbox":
        return _control(tag, field.label, _kind("checkbox"), f"<w:rPr>{_TICK_FONT}</w:rPr>", UNTICKED)
    prompt = "<w:showingPlcHdr/>"
    return _control(tag, field.label, prompt + _kind(field.kind, field.choices), _PLACEHOLDER, field.help)


def fixed(tag: str, title: str, text: str) -> Element:
    """The control that says what the form is about, such as its reference; nobody can change what it holds."""
    return _control(tag, title, "<w:text/>", "", text, lock="sdtContentLocked")


def repeating_rows(tag: str, title: str, rows: Iterable[Element]) -> Element:
    """The rows of a table, wrapped so that Word offers to add another one like them."""
    section = _wrapper(tag, title, "<w15:repeatingSection/>", lock=True)
    content = _content(section)
    for row in rows:
        item = _wrapper(None, None, "<w15:repeatingSectionItem/>")
        _content(item).append(row)
        content.append(item)
    return section


def _control(tag: str, title: str, kind: str, run_properties: str, text: str, *, lock: str = "sdtLocked") -> Element:
    # The schema fixes the order: alias, tag, id, lock, showingPlcHdr, kind. The id comes last of all, see `number`.
    return etree.fromstring(
        f"<w:sdt {DECLARED}><w:sdtPr><w:alias w:val={quoteattr(title)}/><w:tag w:val={quoteattr(tag)}/>"
        f'<w:lock w:val="{lock}"/>{kind}</w:sdtPr><w:sdtContent><w:r>{run_properties}'
        f'<w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:sdtContent></w:sdt>'
    )


def _wrapper(tag: str | None, title: str | None, kind: str, *, lock: bool = False) -> Element:
    known = f"<w:alias w:val={quoteattr(title or '')}/><w:tag w:val={quoteattr(tag)}/>" if tag else ""
    locked = '<w:lock w:val="sdtLocked"/>' if lock else ""
    return etree.fromstring(f"<w:sdt {DECLARED}><w:sdtPr>{known}{locked}{kind}</w:sdtPr><w:sdtContent/></w:sdt>")


def _kind(kind: Kind, choices: Sequence[str] = ()) -> str:
    if kind == "date":
        return (
            f'<w:date><w:dateFormat w:val="{_DATE_FORMAT}"/><w:lid w:val="en-GB"/>'
            '<w:storeMappedDataAs w:val="date"/><w:calendar w:val="gregorian"/></w:date>'
        )
    if kind == "choice":
        items = (f"<w:listItem w:displayText={quoteattr(each)} w:value={quoteattr(each)}/>" for each in choices)
        return f"<w:dropDownList>{''.join(items)}</w:dropDownList>"
    if kind == "checkbox":
        return (
            '<w14:checkbox><w14:checked w14:val="0"/><w14:checkedState w14:val="2612" w14:font="MS Gothic"/>'
            '<w14:uncheckedState w14:val="2610" w14:font="MS Gothic"/></w14:checkbox>'
        )
    return '<w:text w:multiLine="1"/>' if kind == "multiline" else "<w:text/>"


# What is in a document


def controls(root: Element) -> Iterable[Element]:
    """Every content control below `root`, those within others too."""
    return root.iter(name("w:sdt"))


def properties(control: Element) -> Element:
    """The w:sdtPr of a control."""
    return cast("Element", control.find(name("w:sdtPr")))


def tag_of(control: Element) -> str | None:
    """The tag of a control; None for one without."""
    tag = properties(control).find(name("w:tag"))
    return None if tag is None else tag.get(name("w:val"))


def kind_of(control: Element) -> Kind | None:
    """What kind of answer a control takes; None for one that is there for something else."""
    given = properties(control)
    if given.find(name("w14:checkbox")) is not None:
        return "checkbox"
    if given.find(name("w:date")) is not None:
        return "date"
    if given.find(name("w:dropDownList")) is not None or given.find(name("w:comboBox")) is not None:
        return "choice"
    text = given.find(name("w:text"))
    if text is None:
        return None
    return "multiline" if text.get(name("w:multiLine")) in ("1", "true", "on") else "text"


def fill(control: Element, value: str | dt.date | bool) -> None:
    """Puts `value` into a control, as Word does when a person enters it. A truth value goes into a check box only."""
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
    look = run.find(name("w:rPr"))
    if look is not None and look.find(name("w:rStyle")) is not None:
        run.remove(look)
    _write(run, value)


def prompt(control: Element, words: str) -> None:
    """Has a control that is not filled in show `words` instead of its own prompt."""
    _write(_only_run(control), words)


def _only_run(control: Element) -> Element:
    """The first run of a control, emptied of its text, and alone: Word may have cut a prompt into several."""
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
    """The lines of `text` into an empty run, with line breaks and tabs as Word has them."""
    for number_of_line, line in enumerate(for_word(text).split("\n")):
        for number_of_part, part in enumerate(line.split("\t")):
            if number_of_line or number_of_part:
                etree.SubElement(run, name("w:tab" if number_of_part else "w:br"))
            words = etree.SubElement(run, name("w:t"), {name("xml:space"): "preserve"})
            words.text = part


def _content(control: Element) -> Element:
    return cast("Element", control.find(name("w:sdtContent")))


def unwrap(control: Element) -> None:
    """Puts what a control holds into its place."""
    for held in reversed(_content(control)):
        control.addnext(held)
    cast("Element", control.getparent()).remove(control)


def number(roots: Iterable[Element]) -> None:
    """Gives every control in the parts of one document a number of its own; a repeated row brings copies along."""
    numbers = count(1001)
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
