"""The parts of a Word file: taken out of it, put into it, and the few that we write ourselves."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from lxml import etree
from lxml.etree import _Element as Element

from scripts.adapters.word.names import name
from scripts.adapters.word.text import for_word
from scripts.adapters.workbook.xlsx.archive import Archive
from tracker_schema.errors import TrackerUnusable

CONTENT_TYPES, SETTINGS = "[Content_Types].xml", "word/settings.xml"
CORE, APPLICATION = "docProps/core.xml", "docProps/app.xml"

# The schema fixes what comes before w:documentProtection among the settings.
_BEFORE_PROTECTION = {
    name(f"w:{each}")
    for each in (
        *("writeProtection", "view", "zoom", "removePersonalInformation", "removeDateAndTime"),
        *("doNotDisplayPageBoundaries", "displayBackgroundShape", "printPostScriptOverText"),
        *("printFractionalCharacterWidth", "printFormsData", "embedTrueTypeFonts", "embedSystemFonts"),
        *("saveSubsetFonts", "saveFormsData", "mirrorMargins", "alignBordersAndEdges"),
        *("bordersDoNotSurroundHeader", "bordersDoNotSurroundFooter", "gutterAtTop", "hideSpellingErrors"),
        *("hideGrammaticalErrors", "activeWritingStyle", "proofState", "formsDesign", "attachedTemplate"),
        *("linkStyles", "stylePaneFormatFilter", "stylePaneSortMethod", "documentType", "mailMerge"),
        *("revisionView", "trackRevisions", "doNotTrackMoves", "doNotTrackFormatting"),
    )
}
# What is raised when a file is no Word document, or a damaged one.
NO_DOCUMENT = (TrackerUnusable, KeyError, etree.XMLSyntaxError)

LARGEST_UNPACKED = 200 << 20  # all parts together

_APPLICATION_NAMESPACE = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
_CORE_NAMESPACES = {
    "cp": "http://schemas.openxmlformats.org/package/2006/metadata/core-properties",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}


@dataclass(frozen=True)
class Properties:
    """What Word shows under File, Info."""

    title: str
    author: str
    keywords: str
    made_on: dt.date


# Python writes another number on Windows; the same content gives the same bytes on every system.
_UNIX = 3


def parse(data: bytes | str) -> Element:
    """Return the root of the XML in `data`. Raises lxml.etree.XMLSyntaxError when it is not well formed."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    return etree.fromstring(data.encode() if isinstance(data, str) else data, parser)


def serialized(root: Element) -> bytes:
    """Return the XML as a part of a file."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def protected(settings: bytes) -> bytes:
    """Return the settings of a document of which people can change only the fields. There is no password."""
    root = parse(settings)
    for old in root.findall(name("w:documentProtection")):
        root.remove(old)
    protection = etree.Element(name("w:documentProtection"), {name("w:edit"): "forms", name("w:enforcement"): "1"})
    position = max((place for place, each in enumerate(root, 1) if each.tag in _BEFORE_PROTECTION), default=0)
    root.insert(position, protection)
    return serialized(root)


def core_properties(given: Properties) -> bytes:
    """Return the part with the properties of the document."""
    root = etree.Element(f"{{{_CORE_NAMESPACES['cp']}}}coreProperties", nsmap=_CORE_NAMESPACES)

    def add(prefixed: str, text: str, **attributes: str) -> None:
        prefix, _, local = prefixed.partition(":")
        element = etree.SubElement(root, f"{{{_CORE_NAMESPACES[prefix]}}}{local}")
        element.text = for_word(text)
        if attributes:
            element.set(f"{{{_CORE_NAMESPACES['xsi']}}}type", attributes["type"])

    add("dc:title", given.title)
    add("dc:creator", given.author)
    add("cp:keywords", given.keywords)
    add("dc:language", "en-GB")
    for moment in ("dcterms:created", "dcterms:modified"):
        add(moment, f"{given.made_on:%Y-%m-%d}T00:00:00Z", type="dcterms:W3CDTF")
    return serialized(root)


def application_properties() -> bytes:
    """Return the part that says which program made the document: this one, not the Word that made the template."""
    root = etree.Element(f"{{{_APPLICATION_NAMESPACE}}}Properties")
    etree.SubElement(root, f"{{{_APPLICATION_NAMESPACE}}}Application").text = "Critical Incident Tracker"
    return serialized(root)


def unpacked(data: bytes) -> dict[str, bytes]:
    """Return the parts of the file `data` by their path. For one of our files or a template: a file that comes back is
    opened with more care, by returns/returned_file.py.

    Raises TrackerUnusable when it cannot be unpacked, or unpacks to more than a document can hold.
    """
    archive = Archive(data)
    entries = [entry for entry in archive.entries if not entry.is_dir()]
    if sum(entry.file_size for entry in entries) > LARGEST_UNPACKED:
        raise TrackerUnusable(f"The file unpacks to more than {LARGEST_UNPACKED >> 20} MB, so it was not opened.")
    return {entry.filename: b"".join(archive.pieces(entry)) for entry in entries}


def packed(parts: Mapping[str, bytes]) -> bytes:
    """Return the parts as one file; the same parts give the same bytes."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as archive:
        for part in sorted(parts, key=lambda part: (part != CONTENT_TYPES, part)):
            about = zipfile.ZipInfo(part, (1980, 1, 1, 0, 0, 0))
            about.create_system = _UNIX
            about.compress_type = zipfile.ZIP_DEFLATED
            about.external_attr = 0o600 << 16
            archive.writestr(about, parts[part])
    return into.getvalue()


def relationships(parts: Mapping[str, bytes], path: str) -> Mapping[str, str]:
    """Return the targets of the relationships of the part at `path` ("" for the whole file), by id, as paths in it.

    Raises KeyError when there are none.
    """
    folder = PurePosixPath(path).parent
    found = parse(parts[relationships_part(path)])
    return {each.get("Id", ""): _resolved(folder, each.get("Target", "")) for each in found}


def relationships_part(path: str) -> str:
    """Return the path of the part with the relationships of the part at `path`."""
    part = PurePosixPath(path)
    return str(part.parent / "_rels" / f"{part.name}.rels")


def main_part(parts: Mapping[str, bytes]) -> str:
    """Return the path of the part with the text. Raises KeyError when there is none: the file is no document."""
    for each in parse(parts["_rels/.rels"]):
        if each.get("Type", "").endswith("/officeDocument"):
            path = _resolved(PurePosixPath(), each.get("Target", ""))
            return path if parts[path] else ""
    raise KeyError("officeDocument")


def _resolved(folder: PurePosixPath, target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else str(folder / target)
