"""What a report may tell of each quarter and of the reasons for lateness, small counts kept back.

What is left is meant to stand up to a reader who knows these rules and tries every tracker that would have given the
same report: each small count kept back could then have been another one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tracker_schema.evidence.suppression import FEWEST, is_small, kept_back

NOT_RECORDED = "Not recorded"


@dataclass(frozen=True)
class Line:
    """What is told of one quarter, or of all of them. None stands for what is kept back, and where there is nothing to
    tell: a share of none, or of a type without a limit.

    `made` notifications, of them `within` the limit and `late`; `share` of those within it, 0 to 1, or where the late
    are too few to be told, what it is `at_least`; `half_by`, the working days from awareness within which at least half
    of them were made; `not_made`: overdue on the day of the report, by the quarter of the deadline.
    """

    label: str
    made: int | None = None
    within: int | None = None
    late: int | None = None
    share: float | None = None
    at_least: float | None = None
    half_by: int | None = None
    not_made: int | None = None


Counts = Mapping[str, int | None]


def fit_to_tell(lines: Sequence[Line], total: Line) -> tuple[list[Line], Line]:
    """The lines and their total with everything kept back that is a small count, or would tell one."""
    *fit, fit_total = _made_in_time([*lines, total])
    hidden = kept_back([(line.not_made or 0,) for line in lines])
    if hidden is None or total.not_made is None:
        return fit, fit_total
    return [
        line if at in hidden else replace(line, not_made=lines[at].not_made) for at, line in enumerate(fit)
    ], replace(fit_total, not_made=total.not_made)


def _made_in_time(lines: Sequence[Line]) -> list[Line]:
    """What may be told of those that were made; the last of `lines` is the total."""
    parts, total = lines[:-1], lines[-1]
    if total.within is not None:
        hidden = kept_back([(line.within or 0, line.late or 0, line.made or 0) for line in parts])
        if hidden is not None:
            return _without([replace(line, not_made=None) for line in lines], hidden)
    # How many were in time cannot be told even in all; how many there were perhaps can.
    hidden = kept_back([(line.made or 0,) for line in parts])
    if hidden is None:
        return [Line(line.label) for line in lines]
    return _without(lines if total.within is None else _unsplit(lines), hidden)


def _without(lines: Sequence[Line], hidden: frozenset[int]) -> list[Line]:
    return [Line(line.label) if at in hidden else line for at, line in enumerate(lines)]


def _unsplit(lines: Sequence[Line]) -> list[Line]:
    """The lines, the total last, without how many were in time.

    By how many days half were made tells on which side of the limit they lie; so that is told in all only, and only
    where it is plain anyway that most were in time.
    """
    total = lines[-1]
    few_late = is_small(total.late or 0) and not is_small(total.within or 0)
    unsplit = [Line(line.label, line.made, at_least=_at_least(line) if few_late else None) for line in lines]
    if unsplit[-1].at_least is not None:
        unsplit[-1] = replace(unsplit[-1], half_by=total.half_by)
    return unsplit


def _at_least(line: Line) -> float | None:
    """The share within the limit if as many were late as can be when the number of the late is too small to be told:
    which is said by its being kept back. None where that says little.
    """
    share = 1 - (FEWEST - 1) / line.made if line.made else 0.0
    # No half: of eight notifications, with nothing said of their share, it would be known that four were late.
    return share if share > 0.5 else None


def counts_fit_to_tell(words: Sequence[str]) -> Counts:
    """How often each of `words` stands there: the most frequent first, then those kept back; nothing where all are.

    The order of those kept back is that of the alphabet, which says nothing of their number.
    """
    ordered = sorted(set(words))
    hidden = kept_back([(words.count(word),) for word in ordered])
    if hidden is None or len(hidden) == len(ordered):
        return {}
    told = {word: None if at in hidden else words.count(word) for at, word in enumerate(ordered)}
    return dict(sorted(told.items(), key=lambda item: (item[0] == NOT_RECORDED, -(item[1] or 0))))
