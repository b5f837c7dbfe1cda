"""The fields of a form, read from the content controls of its template.

    tag      Field.tag: the name of the answer; “child_{{ child.number }}_” before it: asked of each child
    title    Field.label; a * at its end means that a complete form has this answer
    kind     Field.kind: plain text, with or without line breaks; date; drop-down list; check box
    prompt   Field.help

The label of a check box is the text beside it, because Word keeps no more than 64 letters of a title.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from lxml.etree import _Element as Element

from scripts.adapters.word import controls
from scripts.adapters.word.names import name
from scripts.adapters.word.package import NO_DOCUMENT, main_part, parse, unpacked
from scripts.adapters.word.templates.template_errors import template_error, unusable
from scripts.adapters.word.templates.template_files import FOLDER, template_bytes, template_path
from tracker_schema.documents.documents import AGENCY, FORM, REFERENCE, Document, boxes, documents
from tracker_schema.documents.forms import Field, Form, Group, Kind

_OF_EACH_CHILD = re.compile(r"child_\{\{.*?\}\}_")
_REQUIRED = "*"


def form_of(document: Document, folder: Path = FOLDER) -> Form:
    """Return what the template of `document` in `folder` asks.

    Raises TemplateError when it is no Word document, or a field of it is of the wrong kind.
    """
    path = template_path(document.name, folder)
    return _form(document.name, path, template_bytes(path))


@lru_cache(maxsize=64)
def _form(document_name: str, path: Path, data: bytes) -> Form:
    document = documents()[document_name]
    try:
        parts = unpacked(data)
        body = parse(parts[main_part(parts)])
    except NO_DOCUMENT:
        raise unusable(path, "is no Word document (.docx)") from None
    fields: dict[str, Field] = {}
    groups: list[Group] = []
    for control in _outermost(body):
        tag = controls.tag_of(control) or ""
        if controls.is_repeating(control):
            groups.append(_group(control, tag))
        elif tag not in ("", REFERENCE, AGENCY) and not tag.startswith(FORM):
            field = _field(control, tag, document)
            if field and not _is_of_its_kind(field, fields.setdefault(field.tag, field)):
                why = f"the field “{field.tag}” is of another kind than it must be"
                raise template_error(path, "the text", "", why)
    return Form(document, tuple(fields.values()), tuple(groups))


@dataclass(frozen=True, slots=True)
class Place:
    """One control of a template.

    tag    its tag; that of a control for each child with its Jinja
    label  its title without the mark; the first in repeated rows may also be found by `rows`, the title of the rows
    kind   what kind of answer it takes
    help   its prompt
    part   the tag of the repeated rows that it is in, EACH_CHILD in the part of a child, "" elsewhere
    rows   the title of the repeated rows, at the first control in them
    """

    tag: str
    label: str
    kind: Kind
    help: str
    part: str = ""
    rows: str = ""


EACH_CHILD = "child"


def places_of(document: Document, folder: Path = FOLDER) -> list[Place]:
    """Return every control of the template of `document` that takes an answer, in order, one of the repeated rows once.

    Raises as `form_of`.
    """
    form_of(document, folder)  # it says what is wrong with the file
    parts = unpacked(template_bytes(template_path(document.name, folder)))
    places: list[Place] = []
    for control in _outermost(parse(parts[main_part(parts)])):
        if not controls.is_repeating(control):
            places += _place(control, EACH_CHILD if _OF_EACH_CHILD.match(controls.tag_of(control) or "") else "")
            continue
        part, tags = controls.tag_of(control) or "", set[str]()
        for inner in controls.controls(control):
            found = _place(inner, part, "" if tags else _label(control)[0])
            places += [place for place in found if place.tag not in tags]
            tags |= {place.tag for place in found}
    return places


def _place(control: Element, part: str, rows: str = "") -> list[Place]:
    tag, kind = controls.tag_of(control), controls.kind_of(control)
    if not tag or kind is None:
        return []
    return [Place(tag, _label(control)[0], kind, controls.text_in(control), part, rows)]


def _is_of_its_kind(field: Field, first: Field) -> bool:
    """Return True if `field` is of the kind of the `first` with its tag, and a check box just if facts tick it."""
    facts_tick_it = field.tag in boxes()
    if (field.column or facts_tick_it) and (field.kind == "checkbox") != facts_tick_it:
        return False
    return field.kind == first.kind


def _outermost(element: Element) -> Iterator[Element]:
    """Yield the controls below `element`, those too within others that take no answer, but none of repeated rows."""
    for child in element:
        is_control = child.tag == name("w:sdt")
        if is_control:
            yield child
        if not (is_control and (controls.is_repeating(child) or controls.kind_of(child))):
            yield from _outermost(child)


def _group(section: Element, tag: str) -> Group:
    """Return the repeated rows in a repeating section; its first row says what each of them asks."""
    found: dict[str, Field] = {}
    for control in controls.controls(section):
        own = controls.tag_of(control)
        field = _field(control, own) if own else None
        if field:
            found.setdefault(field.tag, field)
    label, required = _label(section)
    return Group(tag, label, tuple(found.values()), required)


def _field(control: Element, tag: str, document: Document | None = None) -> Field | None:
    """Return the field that a control is; None for one that takes no answer. No column holds one in repeated rows."""
    kind = controls.kind_of(control)
    if kind is None:
        return None
    bare = bare_tag(tag)
    column = document.column_of(bare) if document else None
    label, required = _label(control)
    if kind == "checkbox":
        label = controls.text_beside(control) or label
    elif column is not None and column.type == "date":
        kind = "date"
    return Field(
        bare,
        label,
        kind,
        "" if kind == "checkbox" else controls.text_in(control),
        controls.choices_of(control),
        required,
        bare != tag,
        column,
    )


def bare_tag(tag: str) -> str:
    """Return the tag of a control without its beginning that says that it is about each child."""
    return _OF_EACH_CHILD.sub("", tag)


def _label(control: Element) -> tuple[str, bool]:
    """Return the title of a control without its mark, and True if it has the mark."""
    title = controls.title_of(control)
    return title.removesuffix(_REQUIRED).rstrip(), title.endswith(_REQUIRED)
