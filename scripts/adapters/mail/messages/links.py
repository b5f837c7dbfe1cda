"""Where the workbook is, the paper for SLT, and the folder of each case: for a person to open them from a message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Link:
    """Something to open.

    text       its web address or its path, as a person reads it
    address    the same as the address of a link
    """

    text: str
    address: str


@dataclass(frozen=True, slots=True)
class Links:
    """What a message links to.

    workbook    the tracker, None when it is not known where it is
    paper       the paper for SLT, None when there is none
    cases       the folder of each case that has one, by its reference as it is shown outside the tracker
    """

    workbook: Link | None = None
    paper: Link | None = None
    cases: Mapping[str, Link] = field(default_factory=dict)


def link_to(where: str) -> Link:
    """Return the link to a web address, or to a whole path on a disk."""
    return Link(where, where if where.startswith("https://") else Path(where).as_uri())
