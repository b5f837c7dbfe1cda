"""What a person has answered about a workbook, and what is proposed before anybody has."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracker_schema.adoption.choices import Meaning
from tracker_schema.adoption.parts import Part
from tracker_schema.adoption.proposal import Proposal
from tracker_schema.clocks.clocks import Clock, default_clocks
from tracker_schema.columns.schema import INCIDENTS, plain

_TELL_IF_CLOSED = frozenset({"status", "closed", "open", "done", "state", "completed", "finished"})
_DATE = "closed"
_MEAN_CLOSED = frozenset({"closed", "y", "yes", "true", "complete", "completed", "done", "finished"})


@dataclass(frozen=True)
class Closed:
    """How the log says that a case is closed: a heading, and the words below it that mean closed."""

    heading: str
    words: Sequence[str]


@dataclass(frozen=True, eq=False)
class Answers:
    """All that the settings are made of.

    proposal: the worksheets and their headings
    meanings: the words for choices
    start_from: the day to start from; None: old deadlines count too
    not_kept: the ids of the clocks that the council does not use
    closed: how the log says that a case is closed, besides a date; None: it does not
    """

    proposal: Proposal
    meanings: Sequence[Meaning]
    start_from: dt.date | None = None
    not_kept: Sequence[str] = ()
    closed: Closed | None = None


def proposed(proposal: Proposal) -> Answers:
    """Return the proposal with all that is proposed besides its headings: words that mean closed, if no date does."""
    return Answers(proposal, proposal.meanings(), closed=next(_closed(proposal), None))


def _closed(proposal: Proposal) -> Iterator[Closed]:
    if any(
        m.column == _DATE and part.log.cells[m.number].share_of_days for part in proposal.parts for m in part.matches
    ):
        return
    for part in proposal.of(INCIDENTS):
        for match in part.matches:
            words = set(re.findall(r"[a-z]+", match.heading.casefold()))
            is_free = match.column is None or (match.column == _DATE and not match.sure)
            if is_free and words & _TELL_IF_CLOSED:
                # “Yes 12/11” says Yes.
                first = (re.match(r"[A-Za-z]+", text) for text in part.log.cells[match.number].texts)
                mean_closed = dict.fromkeys(word[0] for word in first if word and plain(word[0]) in _MEAN_CLOSED)
                if mean_closed:
                    yield Closed(match.heading, list(mean_closed))


def lacking(proposal: Proposal) -> list[tuple[Clock, list[str]]]:
    """Return every clock with our headings that it needs and that no heading of the workbook is."""
    found = []
    for clock in default_clocks():
        parts = proposal.of(clock.sheet)
        columns = columns_of(parts)
        missing = [parts[0].sheet.columns[c].heading for c in clock.missing_columns(columns)] if parts else []
        found.append((clock, missing if parts else [f"a sheet like {clock.sheet.capitalize()}"]))
    return found


def columns_of(parts: Sequence[Part]) -> set[str]:
    """Return the ids of the columns that are on any of the parts."""
    return {column for part in parts for column in part.numbers}
