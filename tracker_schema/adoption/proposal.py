"""A whole workbook as a proposal: which sheets are the log, how it is laid out, and what its columns are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tracker_schema.adoption.choices import Meaning, meanings
from tracker_schema.adoption.find_log import Page
from tracker_schema.adoption.log_layout import laid_out
from tracker_schema.adoption.matching.matches import Match
from tracker_schema.adoption.parts import NEEDED, Part, part_of
from tracker_schema.columns.schema import INCIDENTS, plain
from tracker_schema.errors import TrackerUnusable
from tracker_schema.layouts.layouts import Kind


@dataclass(frozen=True, eq=False)
class Proposal:
    """A workbook as a tracker.

    kind: its layout
    parts: the worksheets that belong to the tracker
    others: the names of its other worksheets
    """

    kind: Kind
    parts: Sequence[Part]
    others: Sequence[str]

    def of(self, sheet_id: str) -> list[Part]:
        """Return the parts that are the schema's sheet with that id."""
        return [part for part in self.parts if part.sheet.id == sheet_id]

    def doubtful(self) -> Iterator[tuple[Part, Match]]:
        """Yield each heading about which a person should be asked."""
        return ((part, match) for part in self.parts for match in part.matches if not match.sure)

    def answered(self, part: Part, match: Match, column: str | None) -> Proposal:
        """Return the proposal with that heading as `column` (None: none of ours), and no other heading as that column.

        The same heading on another sheet of incidents, such as that of another year, becomes the same column.
        """

        def settled(other: Match, *, here: bool) -> Match:
            is_open = not here and not (other.sure and other.column)
            if other is match or (is_open and plain(other.heading) == plain(match.heading)):
                return replace(other, column=column, confidence=1.0, runner_up=None)
            return replace(other, column=None) if here and column and other.column == column else other

        parts = [
            replace(p, matches=[settled(other, here=p is part) for other in p.matches])
            if p.sheet.id == part.sheet.id
            else p
            for p in self.parts
        ]
        return replace(self, parts=parts)

    def meanings(self) -> list[Meaning]:
        """Return the meanings of the words in columns of choices, and of those for “not yet” in columns of dates.

        All worksheets of incidents are taken together.
        """
        texts: dict[str, list[str]] = {}
        for part in self.of(INCIDENTS):
            for column, number in part.numbers.items():
                if part.sheet.columns[column].type in ("choice", "date"):
                    texts.setdefault(column, []).extend(part.log.cells[number].texts)
        columns = {column.id: column for part in self.of(INCIDENTS) for column in part.sheet.column}
        return [found for column, below in texts.items() for found in meanings(columns[column], below)]


def propose(pages: Sequence[Page], file_name: str) -> Proposal:
    """Return the workbook `file_name`, which has these `pages`, as a tracker.

    Raises TrackerUnusable when it is no log of critical incidents.
    """
    parts = [part for page in pages if (part := part_of(page)) is not None]
    logs = [part for part in parts if part.sheet.id == INCIDENTS]
    logs = [part for part in logs if not part.log.page.hidden] or logs
    if not logs:
        raise _no_tracker(file_name, pages)
    kind, logs = laid_out(logs, pages)
    others = {sheet_id: max((p for p in parts if p.sheet.id == sheet_id), key=len, default=None) for sheet_id in NEEDED}
    taken = [*logs, *(part for part in others.values() if part is not None)]
    names = {part.name for part in taken}
    return Proposal(kind, taken, [page.name for page in pages if page.name not in names])


def _no_tracker(file_name: str, pages: Sequence[Page]) -> TrackerUnusable:
    listed = ", ".join(f"“{page.name}”" for page in pages)
    return TrackerUnusable(
        f"{file_name} is no log of critical incidents. None of its sheets ({listed}) has a row of headings with a "
        "reference, the date the council became aware, and steps such as the decision or the Panel's notification.",
        "Name another workbook, or start one with python -m scripts.new_tracker.",
    )
