"""Completed Word forms for the tests: built by hand, and filled in as Word writes what a person types and chooses.

A control is put together from `control`; `form` makes a file of it, and `filled` fills in one that is there already.
Everybody in them is made up.
"""

from __future__ import annotations

import copy
import datetime as dt
import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from scripts.adapters.word.documents.making import Maker, Order
from tests.builders import MONDAY, rules
from tracker_schema.documents.documents import REFERENCE, documents
from tracker_schema.documents.shown import Council
from tracker_schema.incidents.incident import NEW_INCIDENT, new_incident, new_scoping_return
from tracker_schema.wording import long_date

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
W15 = "http://schemas.microsoft.com/office/word/2012/wordml"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SPACES = f'xmlns:w="{W}" xmlns:w14="{W14}" xmlns:w15="{W15}" xmlns:mc="{MC}"'

Value = str | bool | dt.date


# Built by hand


def run(text: str) -> str:
    """A run of text, with Word's breaks for its lines."""
    lines = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n"))
    return f'<w:r w:rsidRPr="00A1B2C3">{lines}</w:r>'


def control(tag: str, content: str, kind: str = "<w:text/>", *, label: str = "", prompt: bool = False) -> str:
    """A content control around `content`, its properties in Word's order."""
    return (
        f'<w:sdt><w:sdtPr><w:alias w:val={quoteattr(label or tag)}/><w:tag w:val={quoteattr(tag)}/><w:id w:val="7"/>'
        f'<w:lock w:val="sdtLocked"/>{"<w:showingPlcHdr/>" if prompt else ""}{kind}</w:sdtPr>'
        f"<w:sdtContent>{content}</w:sdtContent></w:sdt>"
    )


def paragraph(content: str) -> str:
    return f"<w:p>{content}</w:p>"


def repeated(tag: str, *rows: str) -> str:
    """A repeating section, each row of it a repeating section item."""
    items = "".join(control("", row, "<w15:repeatingSectionItem/>") for row in rows)
    return control(tag, items, "<w15:repeatingSection/>")


def parts(body: str, *, header: str | None = None, title: str | None = None, space: str = W) -> dict[str, str]:
    """The parts of a Word file with `body`."""
    found = {
        "[Content_Types].xml": f'<Types xmlns="{TYPES}"><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{MAIN_TYPE}"/></Types>',
        "_rels/.rels": _links(officeDocument="word/document.xml")
        if title is None
        else _links(**{"officeDocument": "word/document.xml", "core-properties": "docProps/core.xml"}),
        "word/document.xml": f"<w:document {SPACES}><w:body>{body}</w:body></w:document>".replace(W, space),
    }
    if header is not None:
        found["word/_rels/document.xml.rels"] = _links(header="header1.xml")
        found["word/header1.xml"] = f"<w:hdr {SPACES}>{header}</w:hdr>".replace(W, space)
    if title is not None:
        dc = "http://purl.org/dc/elements/1.1/"
        found["docProps/core.xml"] = (
            f'<coreProperties xmlns:dc="{dc}"><dc:title>{escape(title)}</dc:title></coreProperties>'
        )
    return found


def _links(**targets: str) -> str:
    each = (
        f'<Relationship Id="rId{number}" Type="{KINDS}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets.items(), 1)
    )
    return f'<Relationships xmlns="{LINKS}">{"".join(each)}</Relationships>'


def zipped(content: Mapping[str, str | bytes]) -> bytes:
    """A zip file of those parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in content.items():
            archive.writestr(name, part)
    return file.getvalue()


def form(body: str, **more: Any) -> bytes:
    """A Word file with `body`; `more` as in `parts`."""
    return zipped(parts(body, **more))


@cache
def unfilled(name: str, reference: str = NEW_INCIDENT, agency: str = "", *, children: int = 1) -> bytes:
    """The form of that name as it is sent out, made from its template for an incident of which nothing is known."""
    document, incident = documents()[name], new_incident(children)
    incident.values = {REFERENCE: reference}
    for condition in document.children_when:  # without one of these facts, a child has no part in the form
        for child in incident.children:
            child.values = {**child.values, condition.column: condition.is_[0]}
    order = Order(document, incident, MONDAY, new_scoping_return(agency) if document.per_agency else None)
    return _maker().make(order)


@cache
def _maker() -> Maker:
    return Maker(rules(), Council())


# Filled in, in a file that is there


def w(name: str) -> str:
    return f"{{{W}}}{name}"


def filled(
    data: bytes, values: Mapping[str, Value], rows: Mapping[str, Sequence[Mapping[str, Value]]] | None = None
) -> bytes:
    """The form in `data` with `values` by tag, as Word saves it when a person has typed, chosen and ticked them.

    `rows` are those of the repeated parts: rows are added, or removed, until there are so many. Raises KeyError when
    the form has no control of that tag.
    """
    missing = set(values) | set(rows or {})

    def fill(root: etree._Element) -> None:
        for section in [found for found in root.iter(w("sdt")) if _tag(found) in (rows or {})]:
            missing.discard(_tag(section))
            _fill_rows(section, (rows or {})[_tag(section)])
        for found in list(root.iter(w("sdt"))):
            if _tag(found) in values and not _is_in_row(found):
                missing.discard(_tag(found))
                type_in(found, values[_tag(found)])

    new = changed(data, fill)
    if missing:
        raise KeyError(f"the form has no control {sorted(missing)}")
    return new


def changed(data: bytes, change: Callable[[etree._Element], None]) -> bytes:
    """The file with `change` made to its text, its headers and its footers."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    for name in content:
        if name.startswith(("word/document", "word/header", "word/footer")) and name.endswith(".xml"):
            root = etree.fromstring(content[name])
            change(root)
            content[name] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return zipped(content)


def type_in(sdt: etree._Element, value: Value) -> None:
    """Put `value` into a control as Word does: the prompt goes, and with it its formatting."""
    about = sdt.find(w("sdtPr"))
    assert about is not None
    box = about.find(f"{{{W14}}}checkbox")
    if box is not None:
        checked = box.find(f"{{{W14}}}checked")
        assert checked is not None
        checked.set(f"{{{W14}}}val", "1" if value else "0")
        _put_text(sdt, "\N{BALLOT BOX WITH X}" if value else "\N{BALLOT BOX}")
        return
    for prompt in about.findall(w("showingPlcHdr")):
        about.remove(prompt)
    date = about.find(w("date"))
    if date is not None and isinstance(value, dt.date):
        date.set(w("fullDate"), f"{value:%Y-%m-%d}T00:00:00Z")
    choices = about.find(w("dropDownList"))
    if choices is not None:
        displays = {item.get(w("displayText")): item.get(w("value")) for item in choices.iter(w("listItem"))}
        assert value in displays, f"{value!r} is not among the choices {sorted(map(str, displays))}"
        choices.set(w("lastValue"), displays[str(value)] or "")
    _put_text(sdt, long_date(value) if isinstance(value, dt.date) else str(value))


def _put_text(sdt: etree._Element, text: str) -> None:
    """Make `text` the only text of the control, in its first run, without the formatting of a prompt."""
    content = sdt.find(w("sdtContent"))
    assert content is not None
    first, *others = list(content.iter(w("r")))
    for other in others:
        parent = other.getparent()
        assert parent is not None
        parent.remove(other)
    for child in list(first):
        formatting = child if child.tag == w("rPr") else None
        if formatting is None:
            first.remove(child)
            continue
        for style in formatting.findall(w("rStyle")):
            formatting.remove(style)
    first.set(w("rsidRPr"), "00A1B2C3")
    for number, line in enumerate(text.split("\n")):
        if number:
            etree.SubElement(first, w("br"))
        for at, stretch in enumerate(line.split("\t")):
            if at:
                etree.SubElement(first, w("tab"))
            word = etree.SubElement(first, w("t"))
            word.text = stretch
            word.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def _fill_rows(section: etree._Element, rows: Sequence[Mapping[str, Value]]) -> None:
    content = section.find(w("sdtContent"))
    assert content is not None
    items = [item for item in content if item.tag == w("sdt")]
    blank = copy.deepcopy(items[-1])
    for item in items[len(rows) :]:
        content.remove(item)
    for number in range(len(items), len(rows)):
        new = copy.deepcopy(blank)
        for identity in new.iter(w("id")):  # as Word does: each copy of a control gets a number of its own
            identity.set(w("val"), str(900_000 + 1_000 * number + int(str(identity.get(w("val")))) % 1_000))
        content.append(new)
    for item, row in zip([item for item in content if item.tag == w("sdt")], rows, strict=True):
        by_tag = {_tag(found): found for found in item.iter(w("sdt"))}
        for tag, value in row.items():
            type_in(by_tag[tag], value)


def _tag(sdt: etree._Element) -> str:
    tag = sdt.find(f"{w('sdtPr')}/{w('tag')}")
    return "" if tag is None else str(tag.get(w("val")))


def _is_in_row(sdt: etree._Element) -> bool:
    return any(
        above.tag == w("sdt") and above.find(f"{w('sdtPr')}/{{{W15}}}repeatingSectionItem") is not None
        for above in sdt.iterancestors()
    )
