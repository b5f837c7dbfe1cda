"""References that end in the number or letter of a child, such as CI-2026-014/2 or CI-2026-014b."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Sequence
from typing import NamedTuple

# That a sheet has no column for when it was.
NOWHERE = "nowhere"

_FIGURES = re.compile(r"\d+")
_WITH_CHILD = re.compile(r"(.*\d)(?:\s*[/.-]\s*(?:child\s*)?([1-9]|[a-i])|\s*\(([1-9]|[a-i])\)|([a-i]))", re.IGNORECASE)
_MARK = re.compile(r"(?:child\s*)?(?:no\.?\s*)?([1-9]|[a-i])", re.IGNORECASE)


class Named(NamedTuple):
    """A reference as it stands, that of the incident, and the number or letter of the child where it ends in one."""

    whole: str | None
    stem: str | None
    child: str | None = None


def split_references(
    references: Sequence[str | None], when: Callable[[], Sequence[Hashable]], *, always: bool | None
) -> list[Named]:
    """Each reference parted into that of the incident and the child.

    With `always` None only where it cannot be mistaken: the log has other references like that of the incident, at
    least two rows differ in the child alone, and `when` gives for all of them the same, which is not None; or NOWHERE
    for further rows of the same children. Where `always` is False none is.
    """
    plainly = [Named(reference, reference) for reference in references]
    if always is False:
        return plainly
    split = [
        _split(reference) if reference and _may_end_in_child(reference) else each
        for reference, each in zip(references, plainly, strict=True)
    ]
    if always or not any(name.child for name in split):
        return split
    shapes = {_shape(name.stem) for name in split if name.stem and not name.child}
    rows: dict[str, list[int]] = {}
    for position, name in enumerate(split):
        if name.stem and _shape(name.stem) in shapes:
            rows.setdefault(name.stem.casefold(), []).append(position)
    times: Sequence[Hashable] = ()
    for positions in rows.values():
        children = {_child(split[position]) for position in positions}
        if len(children) > 1:
            times = times or when()
            told = [position for position in positions if times[position] != NOWHERE]
            same = {times[position] for position in told}
            if len(same) == 1 and None not in same and {_child(split[at]) for at in told} == children:
                for position in positions:
                    plainly[position] = split[position]
    return plainly


def _child(name: Named) -> str:
    return (name.child or "").casefold()


def child_mark(text: str | None) -> str | None:
    """The number or letter of a child in small letters; None when `text` is no such thing."""
    found = _MARK.fullmatch(text) if text else None
    return found[1].casefold() if found else None


def _may_end_in_child(reference: str) -> bool:
    """A glance at the end, for a log has many references and few of them do."""
    return reference[-1].isalpha() or reference[-1] == ")" or (len(reference) > 1 and not reference[-2].isdigit())


def _split(reference: str) -> Named:
    found = _WITH_CHILD.fullmatch(reference)
    if not found:
        return Named(reference, reference)
    stem, *children = found.groups()
    return Named(reference, stem.strip(), next(child for child in children if child))


def _shape(reference: str | None) -> str:
    return _FIGURES.sub("0", (reference or "").casefold())
