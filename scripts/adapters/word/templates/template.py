"""A template, compiled once, from which any number of documents are made.

docxtpl finds the Jinja among Word's markup. The result is compiled once and rendered here, because docxtpl itself
starts from the file each time, and reports no error where a text breaks the markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

import jinja2
from docxtpl import DocxTemplate
from lxml import etree
from lxml.etree import _Element as Element

from scripts.adapters.word import controls
from scripts.adapters.word.foreign_parts import without_foreign_parts
from scripts.adapters.word.names import name
from scripts.adapters.word.package import (
    APPLICATION,
    CORE,
    NO_DOCUMENT,
    SETTINGS,
    Properties,
    application_properties,
    core_properties,
    main_part,
    packed,
    parse,
    protected,
    serialized,
    unpacked,
)
from scripts.adapters.word.templates import environment
from scripts.adapters.word.templates.limits import render
from scripts.adapters.word.templates.picture_places import Picture, place_pictures
from scripts.adapters.word.templates.template_errors import TemplateError, template_error, unusable
from scripts.adapters.word.templates.template_files import template_bytes
from tracker_schema.documents.answers import Answers

_PLACES = {"document": "the text", "header": "the header", "footer": "the footer"}
_PLACES |= {"footnotes": "the footnotes", "endnotes": "the endnotes"}

_UNOPENED = ("Encountered unknown tag 'end", "Encountered unknown tag 'el")
_MALFORMED = ("unexpected", "expected token", "Expected an expression")


@dataclass(frozen=True)
class _Part:
    """One part of a template that holds text.

    path      its path in the file
    place     its name for a person, such as “the header”
    source    its Jinja, among Word's markup
    compiled  the same, compiled
    """

    path: str
    place: str
    source: str
    compiled: jinja2.Template


def read_template(path: Path) -> WordTemplate:
    """Return the template at `path`; one that has not changed since it was read is not compiled again.

    Raises TemplateError when it is no Word document, or its Jinja cannot be compiled.
    """
    return _compiled(path, template_bytes(path))


@lru_cache(maxsize=32)
def _compiled(path: Path, data: bytes) -> WordTemplate:
    return WordTemplate(path, data)


class WordTemplate:
    """A template with the content `data` of the file at `path`; `left_out` is what of it no document gets, in words.

    Raises as `read_template` does.
    """

    def __init__(self, path: Path, data: bytes) -> None:
        self.path = path
        try:
            self._kept, self.left_out = without_foreign_parts(unpacked(data))
            self._main = main_part(self._kept)
        except NO_DOCUMENT:
            raise unusable(path, "is no Word document (.docx)") from None
        self._parts = [self._part(part) for part in self._parts_with_text()]
        self._protected = protected(self._kept[SETTINGS]) if SETTINGS in self._kept else None

    def _parts_with_text(self) -> Iterable[str]:
        """Return the path of the body, then those of headers, footers and notes."""
        folder = PurePosixPath(self._main).parent
        others = (part for part in self._kept if PurePosixPath(part).parent == folder and part != self._main)
        return [self._main, *sorted(part for part in others if _place(part) in _PLACES.values())]

    def _part(self, path: str) -> _Part:
        # A line break before each paragraph: then Jinja's line numbers are those of the paragraphs.
        source = DocxTemplate(self.path).patch_xml(etree.tostring(parse(self._kept[path]), encoding="unicode"))
        source = _without_entities(source).replace("<w:p>", "\n<w:p>").replace("<w:p ", "\n<w:p ")
        try:
            compiled = environment.strict_environment().from_string(source)
        except jinja2.TemplateSyntaxError as error:
            raise self._error(_place(path), _line(source, error.lineno), error) from None
        return _Part(path, _place(path), source, compiled)

    @property
    def sources(self) -> Iterable[str]:
        """The Jinja of each part, among Word's markup."""
        return (part.source for part in self._parts)

    @property
    def tags(self) -> set[str]:
        """The tags of the controls in its text; those that a loop repeats with their Jinja."""
        return {tag for control in controls.controls(self._body()) if (tag := controls.tag_of(control))}

    @property
    def pictures(self) -> set[str]:
        """The names of the pictures in its text."""
        return {about.get("name", "") for about in self._body().iter(name("wp:docPr"))}

    def _body(self) -> Element:
        return parse(self._kept[self._main])

    def render(
        self,
        fields: Mapping[str, Any],
        answers: Answers,
        properties: Properties,
        pictures: Mapping[str, Sequence[Picture]],
        *,
        protect: bool,
    ) -> bytes:
        """Return the document, as a file.

        fields      what the template can show, by name
        answers     what goes into its controls
        properties  what Word shows under File, Info
        pictures    what goes into the places of these names; several of one name come one below the other
        protect     allow changes of its controls only, in Word

        Raises TemplateError when the template names something that does not exist.
        """
        parts = dict(self._kept)
        roots = self.fill_in(fields, answers)
        place_pictures(roots[self._main], parts, self._main, pictures)
        # Word checks no spelling in a document that is protected as a form. In a group, too, only the controls can be
        # changed; but whether people can add rows in one could not be tried, so a document with such rows is a form.
        has_rows = any(map(controls.is_repeating, controls.controls(roots[self._main])))
        if protect and not has_rows:
            controls.group(roots[self._main])
        parts |= {path: serialized(root) for path, root in roots.items()}
        if protect and has_rows and self._protected:
            parts[SETTINGS] = self._protected
        parts[CORE] = core_properties(properties)
        if APPLICATION in parts:
            parts[APPLICATION] = application_properties()
        return packed(parts)

    def fill_in(self, fields: Mapping[str, Any], answers: Answers) -> dict[str, Element]:
        """Return the parts of the document that hold text, by their path. Raises as `render` does."""
        roots = {part.path: self._rendered(part, fields) for part in self._parts}
        for root in roots.values():
            self._fill(root, answers)
        controls.number(roots.values())
        return roots

    def _rendered(self, part: _Part, fields: Mapping[str, Any]) -> Element:
        try:
            made = render(part.compiled, fields)
        except Exception as error:  # noqa: BLE001 - whatever a template does wrong is a mistake in the template
            raise self._error(part.place, _line(part.source, _line_of(error)), error) from None
        try:
            return parse(made.replace("\n<w:p", "<w:p"))
        except etree.XMLSyntaxError:
            why = "a condition or a loop ends in another table or list than it begins in"
            raise template_error(self.path, part.place, "", why) from None

    def _error(self, place: str, near: str, error: Exception) -> TemplateError:
        hint = error.hint if isinstance(error, environment.NoSuchField) else ""
        return template_error(self.path, place, near, _why(error), hint)

    def _fill(self, root: Element, answers: Answers) -> None:
        for control in controls.controls(root):
            tag = controls.tag_of(control)
            if tag is None:
                continue
            if tag in answers.known:
                controls.fill(control, answers.known[tag])
            elif tag in answers.prompts:
                controls.prompt(control, answers.prompts[tag])


def _place(path: str) -> str:
    """Return the name of a part for a person, such as “the header”; "" for one without text."""
    return _PLACES.get(PurePosixPath(path).stem.rstrip("0123456789"), "")


def _without_entities(source: str) -> str:
    """Return the source with & as itself in the Jinja, as docxtpl has < and > there."""
    pieces = source.split("&amp;")
    made = pieces[0]
    for piece in pieces[1:]:
        inside = max(made.rfind("{{"), made.rfind("{%")) > max(made.rfind("}}"), made.rfind("%}"))
        made += ("&" if inside else "&amp;") + piece
    return made


def _line_of(error: BaseException) -> int:
    """Return the line of the template in which rendering stopped; 0 when that is not known."""
    line, trace = getattr(error, "lineno", 0) or 0, error.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename in ("<template>", "<unknown>"):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _line(source: str, number: int) -> str:
    lines = source.split("\n")
    return lines[number - 1] if 0 < number <= len(lines) else ""


def _why(error: Exception) -> str:
    """Return what went wrong, as Jinja or we put it; of anything else only its kind, for it may quote the case."""
    if isinstance(error, jinja2.TemplateSyntaxError) and str(error.message).startswith(_UNOPENED):
        return "this ends a condition or a loop that does not begin before it; check the brackets of its beginning"
    if isinstance(error, jinja2.TemplateSyntaxError) and str(error.message).startswith(_MALFORMED):
        return "this is not how a field or a condition is written; check its brackets and quotes"
    if isinstance(error, jinja2.TemplateError):
        return str(error).rstrip(".")
    return f"it cannot be carried out ({type(error).__name__})"
