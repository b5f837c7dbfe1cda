"""References that end in the number or letter of a child, such as CI-2026-014/2 or CI-2026-014b."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Sequence
from typing import NamedTuple

# In place of the dates of a row: its sheet has no column for them.
NO_DATES = "no dates"

_FIGURES = re.compile(r"\d+")
_WITH_CHILD = re.compile(r"(.*\d)(?:\s*[/.-]\s*(?:child\s*)?([1-9]|[a-i])|\s*\(([1-9]|[a-i])\)|([a-i]))", re.IGNORECASE)
_MARK = re.compile(r"(?:child\s*)?(?:no\.?\s*)?([1-9]|[a-i])", re.IGNORECASE)


class SplitReference(NamedTuple):
    """A reference in two parts.

    whole: the reference in the workbook; None when the row has none that can be read
    incident: the reference of the incident
    child: the number or letter of the child, in small letters; "" when the reference does not end in one
    """

    whole: str | None
    incident: str | None
    child: str = ""


def split_references(
    references: Sequence[str | None], dates: Callable[[], Sequence[Hashable]], *, always: bool | None
) -> list[SplitReference]:
    """Return each reference, split into that of the incident and the child.

    `always` True splits each that may end in a child, False none. None splits only where that cannot be a mistake:
    the log has other references like that of the incident, at least two rows differ in the child alone, and all of
    them have the same `dates` (None: not known; NO_DATES does not count, if the same children have rows with dates).
    """
    whole = [SplitReference(reference, reference) for reference in references]
    if always is False:
        return whole
    split = [_split(each.whole) if each.whole and _may_end_in_child(each.whole) else each for each in whole]
    if always or not any(each.child for each in split):
        return split
    shapes = {_shape(each.incident) for each in split if each.incident and not each.child}
    positions_of: dict[str, list[int]] = {}
    for position, each in enumerate(split):
        if each.incident and _shape(each.incident) in shapes:
            positions_of.setdefault(each.incident.casefold(), []).append(position)
    known_dates: Sequence[Hashable] = ()
    for positions in positions_of.values():
        children = {split[position].child for position in positions}
        if len(children) > 1:
            known_dates = known_dates or dates()
            dated = [position for position in positions if known_dates[position] != NO_DATES]
            different = {known_dates[position] for position in dated}
            if len(different) == 1 and None not in different and {split[at].child for at in dated} == children:
                for position in positions:
                    whole[position] = split[position]
    return whole


def child_mark(text: str | None) -> str:
    """Return the number or letter of a child in small letters; "" when `text` is no such thing."""
    match = _MARK.fullmatch(text) if text else None
    return match[1].casefold() if match else ""


def _may_end_in_child(reference: str) -> bool:
    """Return False, quickly, for most references: a log has many, and few end in a child."""
    return reference[-1].isalpha() or reference[-1] == ")" or (len(reference) > 1 and not reference[-2].isdigit())


def _split(reference: str) -> SplitReference:
    match = _WITH_CHILD.fullmatch(reference)
    if not match:
        return SplitReference(reference, reference)
    incident, *children = match.groups()
    return SplitReference(reference, incident.strip(), next(child for child in children if child).casefold())


def _shape(reference: str | None) -> str:
    """Return the reference with each number as 0, so that references of one style are equal."""
    return _FIGURES.sub("0", (reference or "").casefold())
