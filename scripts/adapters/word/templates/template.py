"""A template, read and made ready once, from which any number of documents are made.

docxtpl finds the Jinja among Word's markup; what it makes of it is compiled once and rendered here, because docxtpl
itself starts from the file each time, and goes on silently where a text breaks the markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from docxtpl import DocxTemplate
from jinja2 import TemplateError, TemplateSyntaxError
from lxml import etree
from lxml.etree import _Element as Element

from scripts.adapters.word import controls
from scripts.adapters.word.package import (
    CORE,
    NO_DOCUMENT,
    SETTINGS,
    Properties,
    core_properties,
    main_part,
    packed,
    parse,
    protected,
    serialized,
    unpacked,
)
from scripts.adapters.word.templates import environment
from scripts.adapters.word.templates.picture_places import Picture, place_pictures
from scripts.adapters.word.templates.template_errors import slip, unusable
from tracker_schema.documents.answers import Answers

if TYPE_CHECKING:
    from jinja2 import Template

_PLACES = {"document": "the text", "header": "the header", "footer": "the footer"}
_PLACES |= {"footnotes": "the footnotes", "endnotes": "the endnotes"}


_UNOPENED = ("Encountered unknown tag 'end", "Encountered unknown tag 'el")
_MALFORMED = ("unexpected", "expected token", "Expected an expression")


@dataclass(frozen=True)
class _Part:
    """One part of a template that holds text."""

    path: str
    place: str
    source: str
    compiled: Template


def read_template(path: Path) -> WordTemplate:
    """The template in the file at `path`; one that was read before and is still the same is not made ready again.

    Raises TemplateSlip when it is none, or has a slip that shows at once.
    """
    try:
        return _made_ready(path, path.read_bytes())
    except FileNotFoundError:
        raise unusable(path, "is not there") from None
    except OSError as error:
        raise unusable(path, f"cannot be read ({error.strerror})") from None


@lru_cache(maxsize=32)
def _made_ready(path: Path, data: bytes) -> WordTemplate:
    return WordTemplate(path, data)


class WordTemplate:
    """The template that the file at `path` holds. Raises as `read_template` does."""

    def __init__(self, path: Path, data: bytes) -> None:
        self.path = path
        try:
            self._kept = unpacked(data)
            self._main = main_part(self._kept)
        except NO_DOCUMENT:
            raise unusable(path, "is no Word document (.docx)") from None
        self._parts = [self._part(part) for part in self._parts_with_text()]
        self._protected = protected(self._kept[SETTINGS]) if SETTINGS in self._kept else None

    def _parts_with_text(self) -> Iterable[str]:
        """The paths of the body first, then of headers, footers and notes."""
        folder = PurePosixPath(self._main).parent
        others = (part for part in self._kept if PurePosixPath(part).parent == folder and part != self._main)
        return [self._main, *sorted(part for part in others if _place(part) in _PLACES.values())]

    def _part(self, path: str) -> _Part:
        # A line break before each paragraph: then Jinja's line numbers are those of the paragraphs.
        source = DocxTemplate(self.path).patch_xml(etree.tostring(parse(self._kept[path]), encoding="unicode"))
        source = _without_entities(source).replace("<w:p>", "\n<w:p>").replace("<w:p ", "\n<w:p ")
        try:
            compiled = environment.strict_environment().from_string(source)
        except TemplateSyntaxError as error:
            raise slip(self.path, _place(path), _line(source, error.lineno), _why(error)) from None
        return _Part(path, _place(path), source, compiled)

    @property
    def sources(self) -> Iterable[str]:
        """The Jinja of each part, markup and all."""
        return (part.source for part in self._parts)

    def tags(self) -> set[str]:
        """The tags of the controls in it; in a section that is repeated for each child with their Jinja."""
        body = parse(self._kept[self._main])
        return {tag for control in controls.controls(body) if (tag := controls.tag_of(control))}

    def render(
        self,
        fields: Mapping[str, Any],
        answers: Answers,
        properties: Properties,
        pictures: Mapping[str, Sequence[Picture]],
        *,
        protect: bool,
    ) -> bytes:
        """The document, as a file, that `fields` and `answers` make of the template.

        `pictures` take the places of those names; several of one name come one below the other.
        With `protect` nothing but its controls can be changed in Word. Raises TemplateSlip when the template names
        something that is not there.
        """
        parts = dict(self._kept)
        roots = self.fill_in(fields, answers)
        place_pictures(roots[self._main], parts, self._main, pictures)
        parts |= {path: serialized(root) for path, root in roots.items()}
        if protect and self._protected:
            parts[SETTINGS] = self._protected
        parts[CORE] = core_properties(properties)
        return packed(parts)

    def fill_in(self, fields: Mapping[str, Any], answers: Answers) -> dict[str, Element]:
        """The parts with text that `fields` and `answers` make of the template, by path. Raises as `render` does."""
        roots = {part.path: self._rendered(part, fields) for part in self._parts}
        for root in roots.values():
            self._fill(root, answers)
        controls.number(roots.values())
        return roots

    def _rendered(self, part: _Part, fields: Mapping[str, Any]) -> Element:
        try:
            made = environment.render(part.compiled, fields)
        except Exception as error:  # noqa: BLE001 - whatever a template does wrong is told as a slip of the template
            raise slip(self.path, part.place, _line(part.source, _line_of(error)), _why(error)) from None
        try:
            return parse(made.replace("\n<w:p", "<w:p"))
        except etree.XMLSyntaxError:
            why = "a condition or a loop ends in another table or list than it begins in"
            raise slip(self.path, part.place, "", why) from None

    def _fill(self, root: Element, answers: Answers) -> None:
        for control in controls.controls(root):
            tag = controls.tag_of(control)
            if tag is None:
                continue
            if tag in answers.known:
                value = answers.known[tag]
                if isinstance(value, bool) != (controls.kind_of(control) == "checkbox"):
                    raise slip(self.path, "the text", "", f"the field “{tag}” is of another kind than it was")
                controls.fill(control, value)
            elif tag in answers.prompts:
                controls.prompt(control, answers.prompts[tag])


def _place(path: str) -> str:
    """Where a part is for somebody who looks at the document, such as “the header”; "" for one without text."""
    return _PLACES.get(PurePosixPath(path).stem.rstrip("0123456789"), "")


def _without_entities(source: str) -> str:
    """The source with & as itself in the Jinja, as docxtpl has < and > there."""
    pieces = source.split("&amp;")
    made = pieces[0]
    for piece in pieces[1:]:
        inside = max(made.rfind("{{"), made.rfind("{%")) > max(made.rfind("}}"), made.rfind("%}"))
        made += ("&" if inside else "&amp;") + piece
    return made


def _line_of(error: BaseException) -> int:
    """The line of the template in which rendering stopped; 0 when that is not known."""
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
    """What went wrong, in the words of Jinja or ours; of anything else only its kind, for it may quote the case."""
    if isinstance(error, TemplateSyntaxError) and str(error.message).startswith(_UNOPENED):
        return "a condition or a loop ends here that does not begin before; look at the brackets of its beginning"
    if isinstance(error, TemplateSyntaxError) and str(error.message).startswith(_MALFORMED):
        return "this is not written as a field or a condition is; look at its brackets and quotes"
    if isinstance(error, TemplateSyntaxError):
        return str(error.message).rstrip(".")
    if isinstance(error, TemplateError):
        return str(error).rstrip(".")
    return f"it cannot be carried out ({type(error).__name__})"
