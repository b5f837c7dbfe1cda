"""What one run remembers of the log for the next, and what the next one finds gone or changed.

Of the log only references, headings and dates are remembered.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from tracker_schema.columns.schema import plain
from tracker_schema.errors import UsageError
from tracker_schema.wording import did_you_mean

Source = Literal["check", "list", "summary"]


@dataclass(frozen=True)
class PageMemory:
    """The headings of one worksheet.

    sheet       the id of the sheet that it was read as
    headings    by column id, the heading
    others      the headings that are none of ours
    """

    sheet: str
    headings: Mapping[str, str]
    others: tuple[str, ...]


@dataclass(frozen=True)
class Memory:
    """What a run found in the log.

    as_of     its day
    source    what the run made of it: a check, a daily list or a summary
    pages     the headings, by the name of the worksheet
    dates     by reference of an incident, its dates that start or stop a deadline, by column id
    counts    by the id of a sheet that names incidents, how many rows it had for each reference
    checked   the newest day on which this program had checked a row; None when it had checked none
    forms     by reference in small letters, how many children a form tells of that waits because the log has no place
              for them
    """

    as_of: dt.date
    source: Source
    pages: Mapping[str, PageMemory]
    dates: Mapping[str, Mapping[str, dt.date]]
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    checked: dt.date | None = None
    forms: Mapping[str, int] = field(default_factory=dict)

    def knows(self, sheet: str, column: str) -> bool:
        """Return whether the sheet had the column."""
        return any(page.sheet == sheet and column in page.headings for page in self.pages.values())


@dataclass(frozen=True, slots=True)
class GoneHeading:
    """A heading of the last run that the log has no more.

    sheet     the id of its sheet
    page      the worksheet on which it was
    column    the id of its column
    heading   the heading
    renamed   the heading that may have replaced it, "" when none may
    on        the worksheets on which it is missing now, none when the whole sheet is gone
    """

    sheet: str
    page: str
    column: str
    heading: str
    renamed: str
    on: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What was there at the last run and is gone or changed, as everything that speaks says it first.

    kind         file, heading, sheet, row or date; memory when what the last run found cannot be read
    problem      what is gone or changed, a sentence
    remedy       what to do about it, a sentence
    references   the incidents that it is about, none when it is about no single one
    stops        whether it keeps deadlines from being worked out
    """

    kind: Literal["file", "heading", "sheet", "row", "date", "memory"]
    problem: str
    remedy: str
    references: tuple[str, ...] = ()
    stops: bool = False

    @property
    def message(self) -> str:
        """What is gone or changed and what to do about it, in one text."""
        return f"{self.problem} {self.remedy}".strip()


def merge(own: Memory, others: Collection[Memory]) -> Memory:
    """Return `own` with the worksheets, headings and incidents that only the `others` know, the first of them first."""
    pages, dates = dict(own.pages), dict(own.dates)
    known = {reference.casefold() for reference in dates}
    for other in others:
        for name, page in other.pages.items():
            mine = pages.get(name, page)
            pages[name] = replace(mine, headings={**page.headings, **mine.headings})
        for reference, days in other.dates.items():
            if reference.casefold() not in known:
                dates[reference] = days
                known.add(reference.casefold())
    counts: Mapping[str, Mapping[str, int]] = {}
    for memory in (own, *others):
        counts = larger(counts, memory.counts)
    return replace(own, pages=pages, dates=dates, counts=counts)


def larger(
    counts: Mapping[str, Mapping[str, int]], others: Mapping[str, Mapping[str, int]]
) -> dict[str, dict[str, int]]:
    """Return the larger of two numbers of rows, for each reference of each sheet."""
    return {
        sheet: {
            reference: max(counts.get(sheet, {}).get(reference, 0), others.get(sheet, {}).get(reference, 0))
            for reference in {**others.get(sheet, {}), **counts.get(sheet, {})}
        }
        for sheet in {**others, **counts}
    }


def without(memory: Memory, names: Collection[str]) -> Memory:
    """Return `memory` without the incidents, headings and worksheets of those `names`.

    A heading is known by its words or by the id of its column. Of an incident, its rows of other sheets go too.
    """
    references, words = {name.casefold() for name in names}, {plain(name) for name in names}

    def removed(_: PageMemory, column: str, heading: str) -> bool:
        return plain(heading) in words or column in names

    return replace(
        _without_headings(memory, removed, [name for name in memory.pages if name.casefold() in references]),
        dates={reference: days for reference, days in memory.dates.items() if reference.casefold() not in references},
        counts={
            sheet: {reference: rows for reference, rows in found.items() if reference.casefold() not in references}
            for sheet, found in memory.counts.items()
        },
    )


def without_unused(memory: Memory, sheets: Collection[str], columns: Mapping[str, Collection[str]]) -> Memory:
    """Return `memory` without what the settings say the log does not have: `sheets`, and by sheet id `columns`."""

    def unused(page: PageMemory, column: str, _: str) -> bool:
        return column in columns.get(page.sheet, ())

    kept = _without_headings(memory, unused, [name for name, page in memory.pages.items() if page.sheet in sheets])
    return replace(kept, counts={sheet: found for sheet, found in memory.counts.items() if sheet not in sheets})


def _without_headings(
    memory: Memory, is_removed: Callable[[PageMemory, str, str], bool], pages: Collection[str]
) -> Memory:
    """Return `memory` without those worksheets and the removed headings, asked by worksheet, column and words."""
    kept = {
        name: replace(
            page,
            headings={
                column: heading for column, heading in page.headings.items() if not is_removed(page, column, heading)
            },
        )
        for name, page in memory.pages.items()
        if name not in pages
    }
    return replace(memory, pages=kept)


def require_known(memory: Memory, names: Collection[str]) -> None:
    """Raise UsageError, which offers the nearest name, when `memory` has one of the `names` nowhere."""
    known = [*memory.dates, *memory.pages, *(reference for found in memory.counts.values() for reference in found)]
    for page in memory.pages.values():
        known += [*page.headings, *page.headings.values()]
    found = {name.casefold() for name in known} | {plain(name) for name in known}
    for name in names:
        if name.casefold() not in found and plain(name) not in found:
            remedy = did_you_mean(name, known) or "Copy the reference or the heading from the message."
            raise UsageError(f"“{name}” was neither an incident nor a heading at the last run.", remedy)
