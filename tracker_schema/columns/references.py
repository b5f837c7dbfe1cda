"""References for new incidents, in the style of those already in the tracker."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import count

_NUMBERED = re.compile(r"(.*?)(\d+)", re.ASCII | re.DOTALL)
_YEAR = re.compile(r"(\D*)((?:19|20)\d\d)(\D*)", re.ASCII)


def next_references(used: Sequence[str], taken: Iterable[str], year: int) -> Iterator[str]:
    """Yield references that no row has: CI-2026-034 after CI-2026-033, and CI-2027-001 once it is 2027.

    `used` are the incidents' references from the first row to the last; the last that ends in a number sets the style.
    None of `taken` is yielded, in any spelling of capitals. `year` is the year in which the new incidents are entered.
    """
    beginning, width, last = _style(used, year)
    avoided = {reference.casefold() for reference in (*used, *taken)}
    for number in count(last + 1):
        reference = f"{beginning}{number:0{width}}"
        if reference.casefold() not in avoided:
            yield reference


def _style(used: Sequence[str], year: int) -> tuple[str, int, int]:
    """Return the beginning of a new reference, the least number of figures of its number, and the last number used."""
    numbered = [(match[1], match[2]) for reference in used if (match := _NUMBERED.fullmatch(reference))]
    if not numbered:
        return f"CI-{year}-", 3, 0
    beginning, figures = numbered[-1]
    # Of more figures, such as 2025/26, nobody can tell when the next year begins.
    if (found := _YEAR.fullmatch(beginning)) and int(found[2]) < year:
        beginning = f"{found[1]}{year}{found[3]}"
    same = [int(number) for start, number in numbered if start.casefold() == beginning.casefold()]
    return beginning, len(figures), max(same, default=0)
