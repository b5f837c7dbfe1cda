"""A small XML part as a tree that knows the bytes of every element, so that one element can be replaced.

lxml and other parsers know no byte positions, and write a part out in their own way. Here nothing is written out
again: a change is a cut in the bytes (`splice`), so prefixes, unknown attributes, white space and comments stay.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from xml.parsers import expat

from scripts.adapters.workbook.xlsx.archive import damaged
from tracker_schema.errors import TrackerUnusable

_ANY_START_TAG = rb"""<[^<>"']*(?:"[^"]*"[^<>"']*|'[^']*'[^<>"']*)*>"""  # a quoted value may contain ">"

_START_TAG = re.compile(_ANY_START_TAG)
# Each begins where a name or a space begins, not in the middle of one: so the time grows with the text and no faster.
_ATTRIBUTE = re.compile(rb"""(?<![^\s=<>"'/])([^\s=<>"'/]+)\s*=\s*("[^"]*"|'[^']*')""")
_SPACED_ATTRIBUTE = re.compile(rb"(?<!\s)\s+" + _ATTRIBUTE.pattern)
_DECLARED = re.compile(rb"""(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?\bencoding\s*=\s*["']([A-Za-z0-9._-]+)""")
_ASCII_BASED = re.compile(r"utf-?8|(us-)?ascii|iso-8859-\d+|windows-125\d|latin-?1")
_NUMBER = re.compile(r"\s*[+-]?[0-9]{1,18}\s*")

_CODED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_SEEMS_CODED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")

Cut = tuple[int, int, bytes]  # from, to, and the bytes to put there


@dataclass(slots=True)
class Element:
    """An XML element and where its bytes are.

    name             without prefix
    prefix           such as b"x:", or b""
    attributes       by their names with prefix
    start, opened    of the start tag: its first byte, and the byte after it
    closing, end     of the end tag: the same; an element like <a/> has `closing` and `end` equal to `opened`
    children         the elements in it, in order
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
        """Yield the direct children of that name, in order."""
        return (child for child in self.children if child.name == name)

    def child(self, name: str) -> Element | None:
        """Return the first direct child of that name, or None."""
        return next(self.named(name), None)

    def grandchildren(self, name: str) -> list[Element]:
        """Return the children of the first child of that name; none when there is no such child."""
        child = self.child(name)
        return child.children if child else []

    def number(self, attribute: str, default: int) -> int:
        """Return the whole number in an attribute, or `default` when there is no such attribute.

        Raises TrackerUnusable when the attribute is not a whole number.
        """
        text = self.attributes.get(attribute)
        if text is None:
            return default
        if not _NUMBER.fullmatch(text):
            raise damaged(f"'{text[:40]}' as {attribute} of {self.name} is no number")
        return int(text)

    def true(self, attribute: str) -> bool:
        """Return True when an attribute is there and is true."""
        return self.attributes.get(attribute, "").strip() in ("1", "true")


def parse(data: bytes, place: str, encoding: str | None = None) -> Element:
    """Return the root element of an XML part, or of a fragment of one.

    `place` names the part in an error message. `encoding` is for a fragment, which cannot declare its own.
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
            raise damaged(f"{place} cannot be read as XML")
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
        raise damaged(f"{place} cannot be read as XML") from error
    return root[0]


def check(data: bytes, place: str) -> None:
    """Raise TrackerUnusable when a part that was changed is not well-formed."""
    try:
        expat.ParserCreate().Parse(data, True)
    except expat.ExpatError as error:
        raise TrackerUnusable(
            f"The workbook's part {place} cannot be changed safely, so nothing was written."
        ) from error


def encoding_of(data: bytes, place: str) -> str:
    """Return the encoding that an XML part declares, in lower case; utf-8 when it declares none.

    Raises TrackerUnusable for one in which ASCII characters are not single bytes, such as UTF-16.
    """
    declaration = _DECLARED.match(data)
    encoding = declaration[1].decode().lower() if declaration else "utf-8"
    if b"\0" in data[:4] or not _ASCII_BASED.fullmatch(encoding):
        raise TrackerUnusable(
            f"The workbook stores {place} in an unusual text encoding.", "Open it in Excel, save it, and try again."
        )
    return "utf-8" if encoding == "utf8" else encoding


def escaped(text: str, encoding: str) -> bytes:
    """Return text as XML content in that encoding; quotes are escaped too, so that it can be an attribute."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    return text.encode("utf-8") if encoding == "utf-8" else text.encode("ascii", "xmlcharrefreplace")


def coded(text: str, more: str = "") -> str:
    """Return text as workbooks store it: characters that XML cannot hold, and those in `more`, as _xHHHH_.

    Text that contains such a code already has its first character coded.
    """
    text = _SEEMS_CODED.sub("_x005F_", text)
    text = _NOT_IN_XML.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    for character in more:
        text = text.replace(character, f"_x{ord(character):04x}_")
    return text


def decoded(text: str) -> str:
    """Return the text that `coded` was given."""
    return _CODED.sub(lambda found: chr(int(found[1], 16)), text)


def start_tags(prefix: bytes, name: str) -> re.Pattern[bytes]:
    """Return the pattern of the start tags of the elements of that name, in a part whose elements have that prefix."""
    return re.compile(rb"(?=<%b%b[\s/>])%b" % (re.escape(prefix), name.encode(), _ANY_START_TAG))


def attributes(tag: bytes) -> dict[bytes, bytes]:
    """Return the attributes of a start tag as they are written, with their character references."""
    return {found[1]: found[2][1:-1] for found in _ATTRIBUTE.finditer(tag)}


def without_attributes(tag: bytes, names: Container[bytes]) -> bytes:
    """Return the start tag without those attributes."""
    cuts = [(found.start(), found.end(), b"") for found in _SPACED_ATTRIBUTE.finditer(tag) if found[1] in names]
    return splice(tag, cuts)


def set_attribute(tag: bytes, name: str, value: str) -> bytes:
    """Return the start tag with that attribute set; `value` must need no escaping."""
    raw = value.encode()
    for attribute in _ATTRIBUTE.finditer(tag):
        if attribute[1] == name.encode():
            return tag[: attribute.start(2)] + b'"' + raw + b'"' + tag[attribute.end(2) :]
    end = len(tag) - (2 if tag.endswith(b"/>") else 1)
    return tag[:end].rstrip() + b" " + name.encode() + b'="' + raw + b'"' + tag[end:]


def attribute_cut(data: bytes, element: Element, name: str, value: str) -> Cut:
    """Return the cut that sets an attribute of an element of `data`."""
    return element.start, element.opened, set_attribute(data[element.start : element.opened], name, value)


def splice(data: bytes, cuts: Sequence[Cut]) -> bytes:
    """Return the bytes with the range of each cut replaced. Cuts must not overlap."""
    pieces = []
    at = 0
    for start, end, replacement in sorted(cuts, key=lambda cut: cut[:2]):
        pieces += [data[at:start], replacement]
        at = end
    return b"".join([*pieces, data[at:]])


def appended(data: bytes, group: Element, added: Sequence[bytes], there: int) -> list[Cut]:
    """Return the cuts that add elements at the end of a group; its count, where it has one, is raised from `there`."""
    tag = data[group.start : group.opened]
    if "count" in group.attributes:
        tag = set_attribute(tag, "count", str(there + len(added)))
    if group.end == group.opened:
        name = group.prefix + group.name.encode()
        return [(group.start, group.end, tag[:-2].rstrip() + b">" + b"".join(added) + b"</%b>" % name)]
    return [(group.start, group.opened, tag), (group.closing, group.closing, b"".join(added))]


def new_group(prefix: bytes, name: bytes, elements: Sequence[bytes]) -> bytes:
    """Return a group of elements with their count."""
    name = prefix + name
    return b'<%b count="%d">%b</%b>' % (name, len(elements), b"".join(elements), name)
