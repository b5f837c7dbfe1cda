"""What a Word file may hold besides its text, and no form or letter of ours has: macros, objects, links to other files.

Word may run or fetch such parts when somebody opens the file. They are known by the relationships of its parts.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping

from lxml.etree import _Element as Element

from scripts.adapters.word.names import NAMESPACES
from scripts.adapters.word.package import CONTENT_TYPES, parse, serialized

_KINDS = {
    "attachedtemplate": "an attached template",
    "vbaproject": "macros",
    "wordvbadata": "macros",
    "keymapcustomizations": "its own keys for commands",
    "attachedtoolbars": "its own toolbars",
    "oleobject": "an embedded object",
    "package": "an embedded file",
    "control": "a control that runs code (ActiveX)",
    "activexcontrolbinary": "a control that runs code (ActiveX)",
    "afchunk": "text from another file",
    "subdocument": "a sub-document",
    "frame": "a frame with another file",
    "mailmergesource": "a mail merge",
    "mailmergeheadersource": "a mail merge",
    "recipientdata": "a mail merge",
}
_LINK = "a link to another file"
_HARMLESS_LINK = "hyperlink"  # it is followed only when somebody clicks on it
_WITH_MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"
_PLAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_IDENTIFIERS = f"{{{NAMESPACES['r']}}}"


def foreign_kind(relationship: Element) -> str | None:
    """Return what a relationship leads to, such as “macros”; None for what a form or letter of ours may have."""
    kind = relationship.get("Type", "").rpartition("/")[2]
    if found := _KINDS.get(kind.lower()):
        return found
    return _LINK if relationship.get("TargetMode") == "External" and kind != _HARMLESS_LINK else None


def without_foreign_parts(parts: Mapping[str, bytes]) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """Return the parts of a Word file without those that are foreign, and what was left out, in words.

    Raises lxml.etree.XMLSyntaxError when a part is not well formed.
    """
    kept, left_out, gone = dict(parts), dict[str, None](), set[str]()
    for path in [path for path in parts if path.endswith(".rels")]:
        root = parse(parts[path])
        foreign = {each: kind for each in root if (kind := foreign_kind(each))}
        if not foreign:
            continue
        left_out |= dict.fromkeys(foreign.values())
        owner = posixpath.normpath(posixpath.join(posixpath.dirname(path), "..", posixpath.basename(path)[:-5]))
        gone |= {
            posixpath.normpath(posixpath.join("/", posixpath.dirname(owner), each.get("Target", "")))[1:]
            for each in foreign
            if each.get("TargetMode") != "External"
        }
        if owner in kept:
            kept[owner] = _without_references(kept[owner], {each.get("Id", "") for each in foreign})
        for each in foreign:
            root.remove(each)
        kept[path] = serialized(root)
    kept = {path: data for path, data in kept.items() if path not in gone and _owner_of(path) not in gone}
    if gone or _WITH_MACROS.encode() in kept.get(CONTENT_TYPES, b""):
        kept[CONTENT_TYPES] = _content_types(kept[CONTENT_TYPES], gone)
    return kept, tuple(left_out)


def _owner_of(path: str) -> str:
    """Return the part whose relationships the part at `path` holds; "" when it holds none."""
    folder, _, name = path.rpartition("/_rels/")
    return f"{folder}/{name.removesuffix('.rels')}" if folder else ""


def _without_references(part: bytes, identifiers: Iterable[str]) -> bytes:
    """Return the part without the elements that name one of these relationships."""
    root, gone = parse(part), set(identifiers)
    for element in list(root.iter()):
        names = {value for key, value in element.items() if str(key).startswith(_IDENTIFIERS)}
        parent = element.getparent()
        if names & gone and parent is not None:
            parent.remove(element)
    return serialized(root)


def _content_types(part: bytes, gone: Iterable[str]) -> bytes:
    root, names = parse(part), {f"/{path}" for path in gone}
    for each in list(root):
        if each.get("PartName") in names:
            root.remove(each)
        elif each.get("ContentType") == _WITH_MACROS:
            each.set("ContentType", _PLAIN)
    return serialized(root)
