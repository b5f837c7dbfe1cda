"""Pictures in a document: each replaces the picture of the same name in the template, and is as wide."""

from __future__ import annotations

import copy
import itertools
import struct
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import cast

from lxml import etree
from lxml.etree import _Element as Element

from scripts.adapters.word.names import NAMESPACES, name
from scripts.adapters.word.package import parse, relationships, relationships_part, serialized

# What fits on a page below a heading, in English metric units.
TALLEST = 21 * 360_000

_IMAGE = f"{NAMESPACES['r']}/image"
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


@dataclass(frozen=True)
class Picture:
    """A picture for a document.

    png          the picture
    description  its alternative text
    """

    png: bytes = field(repr=False)
    description: str


def place_pictures(
    body: Element, parts: MutableMapping[str, bytes], main: str, pictures: Mapping[str, Sequence[Picture]]
) -> None:
    """Put `pictures` in place of those of the same names in `body`, the part called `main`, and into the `parts`.

    Several of one name come one below the other, each in a paragraph like that of the first. Where a name has no
    picture, its paragraph is removed. Every picture of the document gets a number of its own.
    """
    for about in list(body.iter(name("wp:docPr"))):
        given = pictures.get(about.get("name", ""))
        if given:
            _place(about, parts, main, given)
        elif given is not None:
            paragraph = next(about.iterancestors(name("w:p")))
            cast("Element", paragraph.getparent()).remove(paragraph)
    for number, about in enumerate(body.iter(name("wp:docPr")), 1):
        about.set("id", str(number))


def _place(about: Element, parts: MutableMapping[str, bytes], main: str, pictures: Sequence[Picture]) -> None:
    paragraph = next(about.iterancestors(name("w:p")))
    copies = [paragraph, *(copy.deepcopy(paragraph) for _ in pictures[1:])]
    for before, after in itertools.pairwise(copies):
        before.addnext(after)
    for number, (each, picture) in enumerate(zip(copies, pictures, strict=True), 1):
        drawing = next(each.iter(name("wp:docPr")))
        drawing.set("descr", picture.description)
        # A file of its own: equal pictures in the template share one.
        key = _related(parts, main, f"media/{about.get('name')}-{number}.png")
        next(each.iter(name("a:blip"))).set(name("r:embed"), key)
        parts[relationships(parts, main)[key]] = picture.png
        _fit(each, picture.png)


def _related(parts: MutableMapping[str, bytes], main: str, target: str) -> str:
    """Return the id of a new relationship with the picture at `target`."""
    path = relationships_part(main)
    root = parse(parts[path])
    key = f"picture{len(root) + 1}"
    etree.SubElement(root, _RELATIONSHIP, {"Id": key, "Type": _IMAGE, "Target": str(PurePosixPath(target))})
    parts[path] = serialized(root)
    return key


def _fit(paragraph: Element, png: bytes) -> None:
    """Give the picture in a paragraph its own proportions, at the width of its place or as tall as fits."""
    across, down = struct.unpack(">II", png[16:24])
    for extent in [*paragraph.iter(name("wp:extent")), *paragraph.iter(name("a:ext"))]:
        if extent.get("cx"):
            width = min(int(extent.get("cx", "0")), TALLEST * across // down)
            extent.set("cx", str(width))
            extent.set("cy", str(width * down // across))
