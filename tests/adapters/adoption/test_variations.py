"""The same logs with shuffled columns, with other aliases as headings, and with typing errors in their headings."""

from __future__ import annotations

import random
from functools import cache

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from scripts.adapters.adoption.trial import read_pages
from tests.adapters.adoption.council_logs import LOGS
from tests.adapters.adoption.made_up_logs import chance as seeded
from tracker_schema.adoption.find_log import Page
from tracker_schema.adoption.matches import Match, needed_columns
from tracker_schema.adoption.proposal import propose
from tracker_schema.columns.schema import tracker_schema

# The logs with one sheet and one row of headings, in which a column can be moved by itself.
MOVABLE = [name for name in LOGS if name not in ("two_heading_rows", "sheet_per_type", "two_column_reference")]
Truth = dict[tuple[str, int], str | None]


@cache
def log(name: str) -> tuple[list[Page], Truth, dict[str, str]]:
    """Return the pages of a log, the truth about them, and the ids of the schema's sheets that they are."""
    made = LOGS[name]()
    pages = read_pages(made.saved(), f"{name}.xlsx")
    return pages, made.truth, {part.name: part.sheet.id for part in propose(pages, "log").parts}


def found(pages: list[Page]) -> dict[tuple[str, int], Match]:
    return {(part.name, match.number): match for part in propose(pages, "log").parts for match in part.matches}


def heading_row(page: Page, truth: Truth) -> int:
    """Return the position of the row of headings: the first in which all columns of the truth are filled."""
    numbers = [number for sheet, number in truth if sheet == page.name]
    return next(p for p, row in enumerate(page.rows) if len(row) >= max(numbers) and all(row[n - 1] for n in numbers))


def shuffled(page: Page, truth: Truth, chance: random.Random) -> tuple[Page, Truth]:
    width = max(map(len, page.rows))
    order = list(range(width))
    chance.shuffle(order)
    rows = [[(row + [""] * width)[place] for place in order] for row in map(list, page.rows)]
    moved = {
        (page.name, new + 1): truth[page.name, old + 1]
        for new, old in enumerate(order)
        if (page.name, old + 1) in truth
    }
    return Page(page.name, rows, page.hidden, page.date_1904), moved


def reheaded(page: Page, truth: Truth, chance: random.Random, sheet_id: str) -> Page:
    """Return the page with each heading of a column of ours replaced by another of its names."""
    columns = tracker_schema().sheets[sheet_id].columns
    position = heading_row(page, truth)
    row = list(page.rows[position])
    for (sheet, number), column in truth.items():
        if sheet == page.name and column and column in columns:
            row[number - 1] = chance.choice([columns[column].heading, *columns[column].aliases])
    return Page(page.name, [*page.rows[:position], row, *page.rows[position + 1 :]], page.hidden, page.date_1904)


def with_typos(page: Page, truth: Truth, chance: random.Random) -> Page:
    """Return the page with one letter dropped, doubled or swapped with the next in every third heading."""
    position = heading_row(page, truth)
    row = [
        _typo(cell, chance) if isinstance(cell, str) and len(cell) > 7 and chance.random() < 0.34 else cell
        for cell in page.rows[position]
    ]
    return Page(page.name, [*page.rows[:position], row, *page.rows[position + 1 :]], page.hidden, page.date_1904)


def _typo(text: str, chance: random.Random) -> str:
    place = chance.randrange(1, len(text) - 2)
    return chance.choice(
        [
            text[:place] + text[place + 1 :],
            text[:place] + text[place] + text[place:],
            text[:place] + text[place + 1] + text[place] + text[place + 2 :],
        ]
    )


def judge(matches: dict[tuple[str, int], Match], truth: Truth) -> tuple[int, int, list[tuple[str, str | None]]]:
    """Return how many headings are columns of ours, how many are proposed right, and those surely wrong or lost."""
    wanted = {place: column for place, column in truth.items() if column}
    right = sum(place in matches and matches[place].column == column for place, column in wanted.items())
    needed = frozenset[str]().union(*map(needed_columns, tracker_schema().sheet))
    wrong = [
        (match.heading, match.column)
        for place, match in matches.items()
        if match.sure and match.column != truth.get(place) and (match.column or truth.get(place) in needed)
    ]
    return len(wanted), right, wrong


def varied(name: str, way: str, chance: random.Random) -> tuple[list[Page], Truth]:
    """Return the pages of a log, varied in one of the `WAYS`, and the truth about them."""
    pages, truth, sheets = log(name)
    new: list[Page] = []
    moved_truth: Truth = {}
    for page in pages:
        if page.name not in sheets:
            new.append(page)
        elif way == "shuffled":
            moved, part = shuffled(page, truth, chance)
            new.append(moved)
            moved_truth |= part
        else:
            new.append(
                reheaded(page, truth, chance, sheets[page.name])
                if way == "aliases"
                else with_typos(page, truth, chance)
            )
    return new, moved_truth or truth


WAYS = {"aliases": 0.95, "shuffled": 0.85, "typos": 0.85}
"""The ways, and the share of headings for which the right column must still be proposed."""


@pytest.mark.parametrize("way", WAYS)
@settings(max_examples=12, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(name=st.sampled_from(MOVABLE), chance=st.randoms(use_true_random=False))
def test_no_heading_is_surely_wrong_and_none_that_a_clock_needs_is_lost(
    way: str, name: str, chance: random.Random
) -> None:
    pages, truth = varied(name, way, chance)
    _, _, wrong = judge(found(pages), truth)
    assert not wrong


@pytest.mark.parametrize(("way", "share"), WAYS.items())
def test_most_proposals_are_still_right(way: str, share: float) -> None:
    wanted = right = 0
    for name in MOVABLE:
        pages, truth = varied(name, way, seeded(name, way))
        there, surely, _ = judge(found(pages), truth)
        wanted, right = wanted + there, right + surely
    assert right >= share * wanted
