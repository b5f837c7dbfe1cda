"""References for new incidents, in the style of those already in the tracker."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

_FIGURES = re.compile(r"\d+", re.ASCII)
_CHILD = re.compile(r"(.*\d)(?:\s*[/.-]\s*(?:child\s*)?[1-9a-i]|\s*\([1-9a-i]\)|[a-i])", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d", re.ASCII)


@dataclass(frozen=True)
class Style:
    """A way of writing references, such as CI-2026-014.

    shape: the reference in small letters, with 0 in place of each number
    widths: of each number in it, the most figures seen
    years: of each number in it, True if one of those seen may be a year of four figures
    """

    shape: str
    widths: tuple[int, ...]
    years: tuple[bool, ...]

    def fits(self, reference: str) -> bool:
        """Return True if the reference, or what comes before the number or letter of a child, is of this style."""
        if self.shape == shape_of(reference):
            return True
        child = _CHILD.fullmatch(reference.strip())
        return child is not None and self.shape == shape_of(child[1])

    def may_follow(self, reference: str) -> bool:
        """Return True if the reference may be the next of this style: its numbers are no longer, and no new year."""
        if self.shape != shape_of(reference):
            return False
        numbers = _FIGURES.findall(reference)
        pairs = zip(numbers, self.widths, self.years, strict=True)
        return all(len(number) <= width + 1 and (year or not _YEAR.fullmatch(number)) for number, width, year in pairs)


def styles_of(references: Iterable[str]) -> list[Style]:
    """Return the styles of the references that have a number, the commonest first."""
    seen: dict[str, list[list[str]]] = {}
    for reference in references:
        if numbers := _FIGURES.findall(reference):
            seen.setdefault(shape_of(reference), []).append(numbers)
    return [
        Style(
            shape,
            tuple(max(map(len, column)) for column in zip(*numbers, strict=True)),
            tuple(any(map(_YEAR.fullmatch, column)) for column in zip(*numbers, strict=True)),
        )
        for shape, numbers in sorted(seen.items(), key=lambda item: -len(item[1]))
    ]


def shape_of(reference: str) -> str:
    """Return the reference in small letters, with 0 in place of each number."""
    return _FIGURES.sub("0", reference.strip().casefold())


def next_references(
    used: Sequence[str], taken: Iterable[str], year: int, in_advance: Iterable[str] = ()
) -> Iterator[str]:
    """Yield references that no row has: CI-2026-034 after CI-2026-033, and CI-2027-001 once it is 2027.

    `used` are the incidents' references from the first row to the last; the last of those that end in a number and have
    the commonest style sets it. None of `taken` is yielded, in any spelling of capitals. `year` is the year in which
    the new incidents are entered. The references in `in_advance`, which people have typed into empty rows, come first.
    """
    start, width, end, last = _style(used, year)
    avoided = {reference.casefold() for reference in (*used, *taken)}
    for reference in in_advance:
        if reference.casefold() not in avoided:
            avoided.add(reference.casefold())
            yield reference
    for number in count(last + 1):
        reference = f"{start}{number:0{width}}{end}"
        if reference.casefold() not in avoided:
            yield reference


def _style(used: Sequence[str], year: int) -> tuple[str, int, str, int]:
    """Return what comes before the running number of a new reference, its least width, what follows, and the last."""
    numbered = [reference for reference in used if _FIGURES.search(reference)]
    ends = [reference for reference in numbered if reference[-1].isdigit() and reference[-1].isascii()]
    if not ends:
        return f"CI-{year}-", 3, "", 0
    shapes = Counter(map(shape_of, ends))
    most = max(shapes.values())
    latest = next(reference for reference in reversed(ends) if shapes[shape_of(reference)] == most)
    alike = [_parts(reference) for reference in ends if shape_of(reference) == shape_of(latest)]
    texts, numbers = _parts(latest)
    running = _running(numbers, [each for _, each in alike], year)
    new = [*numbers]
    # Of more numbers, such as 2025/26, nobody can tell when the next year begins.
    if len(numbers) == 2:
        other = 1 - running
        new[other] = _this_year(numbers[other], year, after=running < other)
    same = [
        int(each[running])
        for _, each in alike
        if all(one == two for place, (one, two) in enumerate(zip(each, new, strict=True)) if place != running)
    ]
    before = "".join(text + number for text, number in zip(texts, new[:running], strict=False)) + texts[running]
    after = "".join(text + number for text, number in zip(texts[running + 1 :], [*new[running + 1 :], ""], strict=True))
    # Before a year, as in 3/26, figures are filled up only where people do so.
    fills_up = not after or any(each[running].startswith("0") for _, each in alike)
    return before, len(numbers[running]) if fills_up else 1, after, max(same, default=0)


def _parts(reference: str) -> tuple[list[str], list[str]]:
    """Return the texts around the numbers of a reference, and the numbers."""
    return _FIGURES.split(reference), _FIGURES.findall(reference)


def _running(numbers: Sequence[str], alike: Sequence[Sequence[str]], year: int) -> int:
    """Return which of the numbers counts the incidents: the last, or the first of 14/26 when the last is a year."""
    if len(numbers) != 2 or _YEAR.fullmatch(numbers[0]):
        return len(numbers) - 1
    is_year = all(number[1] in (f"{each % 100:02}", str(each)) for number in alike for each in [_near(number[1], year)])
    differ = [len({each[place] for each in alike}) for place in (0, 1)]
    return 0 if is_year and differ[0] >= differ[1] else 1


def _near(number: str, year: int) -> int:
    """Return the year, within the last twenty and the next, that a number may be; else 0."""
    years = range(year - 20, year + 2)
    return next((each for each in years if number in (str(each), f"{each % 100:02}")), 0)


def _this_year(number: str, year: int, *, after: bool) -> str:
    """Return the year in a reference, renewed when it is over; `after`: it follows the running number."""
    if _YEAR.fullmatch(number):
        return str(year) if int(number) < year else number
    is_past = after and _near(number, year) and _near(number, year) < year
    return f"{year % 100:02}" if is_past else number
