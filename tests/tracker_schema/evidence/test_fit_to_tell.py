"""Nobody who knows the rules, and tries every small tracker that gives the same report, works out what is kept back."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping

import pytest

from scripts.adapters.reports.timeliness import files, tables
from tests.builders import assessed, rules
from tests.tracker_schema.evidence.test_timeliness import APRIL, AS_OF, SPRING, several
from tracker_schema.evidence.fit_to_tell import NOT_RECORDED, Line, counts_fit_to_tell, fit_to_tell
from tracker_schema.evidence.suppression import FEWEST, is_small, kept_back
from tracker_schema.evidence.timeliness import timeliness

World = tuple[int, ...]


def worlds(most: int, how_many: int) -> Iterator[World]:
    """Every row of so many counts that are no more than `most` together."""
    if how_many == 0:
        yield ()
        return
    for count in range(most + 1):
        for others in worlds(most - count, how_many - 1):
            yield (count, *others)


def worked_out(
    tried: Iterable[World], published: Callable[[World], Hashable], counts: Callable[[World], Mapping[str, int]]
) -> list[tuple[Hashable, str, World]]:
    """The small counts that every world with the same report has, so that the report tells them."""
    alike: dict[Hashable, list[World]] = defaultdict(list)
    for world in tried:
        alike[published(world)].append(world)
    return [
        (report, name, same[0])
        for report, same in alike.items()
        for name, count in counts(same[0]).items()
        if is_small(count) and all(counts(world)[name] == count for world in same)
    ]


def by_position(world: World) -> Mapping[str, int]:
    return {str(at): count for at, count in enumerate(world)} | {"in all": sum(world)}


@pytest.mark.parametrize(("rows", "most"), [(1, 20), (2, 20), (3, 15), (4, 11), (5, 10)])
def test_no_count_of_a_column_can_be_worked_out(rows: int, most: int) -> None:
    def published(world: World) -> Hashable:
        hidden = kept_back([(count,) for count in world])
        return hidden is not None and (sum(world), *(None if at in hidden else n for at, n in enumerate(world)))

    assert worked_out(worlds(most, rows), published, by_position) == []


def line_of(label: str, within: int, late: int) -> Line:
    """A quarter in which so many were made on working day 2, and so many, late, on day 7."""
    made = within + late
    half_by = sorted([2] * within + [7] * late)[(made - 1) // 2] if made >= FEWEST else None
    return Line(label, made, within, late, within / made if made else None, half_by=half_by, not_made=0)


def made_in_time(world: World) -> Hashable:
    pairs = list(zip(world[::2], world[1::2], strict=True))
    lines = [line_of(str(at), *pair) for at, pair in enumerate(pairs)]
    told, total = fit_to_tell(lines, line_of("in all", sum(world[::2]), sum(world[1::2])))
    return (*told, total)


def by_quarter(world: World) -> Mapping[str, int]:
    counts = {"within in all": sum(world[::2]), "late in all": sum(world[1::2]), "in all": sum(world)}
    for at in range(0, len(world), 2):
        counts |= {f"within {at}": world[at], f"late {at}": world[at + 1], f"made {at}": world[at] + world[at + 1]}
    return counts


@pytest.mark.parametrize(("quarters", "most"), [(1, 24), (2, 14), (3, 10), (4, 8)])
def test_no_number_of_a_quarter_can_be_worked_out(quarters: int, most: int) -> None:
    assert worked_out(worlds(most, 2 * quarters), made_in_time, by_quarter) == []


WORDS = ("Absence or handover", "Awaiting information", "Oversight", "Partners disagreed", NOT_RECORDED)


def test_no_number_of_a_reason_can_be_worked_out() -> None:
    def published(world: World) -> Hashable:
        words = [word for word, count in zip(WORDS, world, strict=True) for _ in range(count)]
        return (sum(world), *counts_fit_to_tell(words).items())  # in the order in which they are told

    enough = (world for world in worlds(12, len(WORDS)) if sum(world) >= FEWEST)
    assert worked_out(enough, published, by_position) == []


def test_no_number_of_a_whole_report_can_be_worked_out() -> None:
    """Everything that the job says of a tracker, whether it ends up on the terminal, in JSON, in Word or in Excel."""

    def published(world: World) -> Hashable:
        within, late = world
        incidents = [*several(1, within, APRIL, 2), *several(41, late, APRIL, 7, late_reason="Oversight")]
        found = timeliness(assessed(*incidents, as_of=AS_OF), rules(), SPRING, SPRING)
        report = tables.Report("Example Council", "", SPRING, SPRING, dt.date(2026, 11, 23), found)
        said = [[tables.headline(each), list(tables.rows(each)), list(tables.explanations(each))] for each in found]
        return json.dumps([files.as_json(report, []), said])

    def counts(world: World) -> Mapping[str, int]:
        return {"within": world[0], "late": world[1]}

    assert worked_out(worlds(9, 2), published, counts) == []
