"""A small XML part as a tree that knows the bytes of every element, so that one of them can be replaced.

Nothing is ever parsed and written out again: a change is a cut in the bytes (`splice`), so prefixes, unknown
attributes, white space and comments around it stay as they were.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from xml.parsers import expat

from tracker_schema.errors import TrackerUnusable

_ANY_START_TAG = rb"""<[^<>"']*(?:"[^"]*"[^<>"']*|'[^']*'[^<>"']*)*>"""  # a ">" may stand in a quoted value

_START_TAG = re.compile(_ANY_START_TAG)
_ATTRIBUTE = re.compile(rb"""([^\s=<>"'/]+)\s*=\s*("[^"]*"|'[^']*')""")
_SPACED_ATTRIBUTE = re.compile(rb"\s+" + _ATTRIBUTE.pattern)
_DECLARED = re.compile(rb"""(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?\bencoding\s*=\s*["']([A-Za-z0-9._-]+)""")
_ASCII_BASED = re.compile(r"utf-?8|(us-)?ascii|iso-8859-\d+|windows-125\d|latin-?1")

Cut = tuple[int, int, bytes]  # from, to, the bytes to stand there instead


@dataclass(slots=True)
class Element:
    """An element: its name without prefix, its attributes with theirs, and where its bytes lie.

    `start` to `opened` is the start tag, `opened` to `closing` the content, `closing` to `end` the end tag; an
    element like <a/> has the last three equal.
    """

    name: str
    prefix: bytes
    attributes: dict[str, str]
    start: int
    opened: int
    closing: int = 0
    end: int = 0
    children: list[Element] = field(default_factory=list)

    def named(self, name: str) -> Iterator[Element]:
        """The direct children of that name, in order."""
        return (child for child in self.children if child.name == name)

    def child(self, name: str) -> Element | None:
        """The first direct child of that name, or None."""
        return next(self.named(name), None)

    def number(self, attribute: str, default: int) -> int:
        """The whole number an attribute holds, or the default where there is no such attribute."""
        text = self.attributes.get(attribute)
        if text is None:
            return default
        if not re.fullmatch(r"\s*[+-]?[0-9]{1,18}\s*", text):
            raise TrackerUnusable(f"The workbook is damaged: '{text[:40]}' as {attribute} of {self.name} is no number.")
        return int(text)

    def true(self, attribute: str) -> bool:
        """Whether an attribute says yes; absent is no."""
        return self.attributes.get(attribute, "").strip() in ("1", "true")


def parse(data: bytes, place: str, encoding: str | None = None) -> Element:
    """The root element of an XML part, or of a fragment of one.

    `place` names the part in an error message; `encoding` is needed for a fragment only, which cannot declare its own.
    Raises TrackerUnusable when the bytes are not well-formed or declare entities.
    """
    if encoding is None:
        encoding_of(data, place)
    parser = expat.ParserCreate(encoding)
    root: list[Element] = []
    open_elements: list[Element] = []

    def opened(name: str, attributes: dict[str, str]) -> None:
        start = parser.CurrentByteIndex
        tag = _START_TAG.match(data, start)
        if tag is None:
            raise TrackerUnusable(f"The workbook is damaged: {place} cannot be read as XML.")
        prefix, colon, local = name.rpartition(":")
        element = Element(local, (prefix + colon).encode(), attributes, start, tag.end())
        (open_elements[-1].children if open_elements else root).append(element)
        open_elements.append(element)

    def closed(_name: str) -> None:
        element = open_elements.pop()
        if data[element.opened - 2 : element.opened] == b"/>":
            element.closing = element.end = element.opened
        else:
            element.closing = parser.CurrentByteIndex
            element.end = data.index(b">", element.closing) + 1

    def declared(*_: object) -> None:
        raise TrackerUnusable(f"The workbook declares XML entities in {place}, which no spreadsheet program does.")

    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    parser.StartDoctypeDeclHandler = declared
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise TrackerUnusable(
            f"The workbook is damaged: {place} cannot be read as XML. Restore an earlier version of it."
        ) from error
    return root[0]


def check(data: bytes, place: str) -> None:
    """Raise TrackerUnusable when an XML part is not well-formed."""
    try:
        expat.ParserCreate().Parse(data, True)
    except expat.ExpatError as error:
        raise TrackerUnusable(f"The workbook's part {place} cannot be changed safely. Nothing was written.") from error


def encoding_of(data: bytes, place: str) -> str:
    """The encoding an XML part declares, in lower case; utf-8 when it declares none.

    Raises TrackerUnusable for one in which ASCII characters are not single bytes, such as UTF-16.
    """
    declaration = _DECLARED.match(data)
    encoding = declaration[1].decode().lower() if declaration else "utf-8"
    if b"\0" in data[:4] or not _ASCII_BASED.fullmatch(encoding):
        raise TrackerUnusable(
            f"The workbook stores {place} in an unusual text encoding; open it in Excel, save it, and try again."
        )
    return "utf-8" if encoding == "utf8" else encoding


def escaped(text: str, encoding: str) -> bytes:
    """Text as XML content in that encoding; quotes too, so that it can stand in an attribute."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    return text.encode("utf-8") if encoding == "utf-8" else text.encode("ascii", "xmlcharrefreplace")


def start_tags(prefix: bytes, name: str) -> re.Pattern[bytes]:
    """What finds the start tags of the elements of that name, in a part whose elements have that prefix."""
    return re.compile(rb"(?=<%b%b[\s/>])%b" % (re.escape(prefix), name.encode(), _ANY_START_TAG))


def attributes(tag: bytes) -> dict[bytes, bytes]:
    """The attributes of a start tag as they are written, character references and all."""
    return {found[1]: found[2][1:-1] for found in _ATTRIBUTE.finditer(tag)}


def without_attributes(tag: bytes, names: Container[bytes]) -> bytes:
    """The start tag without those attributes."""
    cuts = [(found.start(), found.end(), b"") for found in _SPACED_ATTRIBUTE.finditer(tag) if found[1] in names]
    return splice(tag, cuts)


def set_attribute(tag: bytes, name: str, value: str) -> bytes:
    """The start tag with that attribute set; `value` must need no escaping."""
    raw = value.encode()
    for attribute in _ATTRIBUTE.finditer(tag):
        if attribute[1] == name.encode():
            return tag[: attribute.start(2)] + b'"' + raw + b'"' + tag[attribute.end(2) :]
    end = len(tag) - (2 if tag.endswith(b"/>") else 1)
    return tag[:end].rstrip() + b" " + name.encode() + b'="' + raw + b'"' + tag[end:]


def splice(data: bytes, cuts: Sequence[Cut]) -> bytes:
    """The bytes with each cut's stretch replaced; cuts must not overlap."""
    pieces = []
    at = 0
    for start, end, replacement in sorted(cuts, key=lambda cut: cut[:2]):
        pieces += [data[at:start], replacement]
        at = end
    return b"".join([*pieces, data[at:]])
