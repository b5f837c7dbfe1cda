"""The cells below a heading, described in kinds and counts and never in their own words."""

from __future__ import annotations

import datetime as dt
import re
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Literal

from tracker_schema.adoption.choices import meaning
from tracker_schema.columns.dates import NOT_YET, parse_date
from tracker_schema.columns.parsing import Unreadable, cleaned, parse_text
from tracker_schema.columns.privacy import quotable
from tracker_schema.columns.schema import Column, Identifier, Part, plain, read_data_file

CellKind = Literal["reference", "number", "initials", "child"]

_INITIALS = re.compile(r"[A-Z](?:[. ]{0,2}[A-Z]){1,3}\.?")
_CHILD = re.compile(r"(?:child|sibling)?\s*[0-9A-F]", re.IGNORECASE)
_NUMBER = re.compile(r"[A-Z]{0,5}[ -]?\d{3,}(?:\.0)?", re.IGNORECASE)
_YES_OR_NO = frozenset({"yes", "no", "y", "n", "true", "false"})
# Excel's numbers of the days from 2000 to 2049; in a log only dates of birth are older.
_SERIALS = (36526, 54787)
_SAMPLE = 200
_LONG_TEXT_WORDS = 4


class CellKinds(Part):
    """The content of cells.toml, which explains each key."""

    typical: tuple[Identifier, ...]
    day_of_check: Identifier
    kinds: Mapping[Identifier, CellKind]


@cache
def cell_kinds() -> CellKinds:
    """Return the content of cells.toml. Raises SchemaError when that file has a mistake."""
    return read_data_file("adoption/cells.toml", CellKinds)


@dataclass(frozen=True, eq=False)
class ColumnProfile:
    """The cells below one heading.

    cells: all of them, from the top down
    filled: how many are not empty
    not_yet: how many only say “not yet”, as “N/A” or “tbc” do
    dated: how many are dates, or would be if they were written in another way
    serials: how many are plain numbers in which Excel may keep a date
    dates: for each cell its date, or None
    texts: the cells that are not dates
    """

    cells: Sequence[Any]
    filled: int
    not_yet: int
    dated: int
    serials: int
    dates: Sequence[dt.date | None]
    texts: Sequence[str]

    @property
    def informative(self) -> int:
        """The number of cells that are filled and do not only say “not yet”."""
        return self.filled - self.not_yet

    @property
    def share_of_days(self) -> float:
        """The share of the informative cells that are dates, or plain numbers that may be dates, 0 to 1."""
        return (self.dated + self.serials) / self.informative if self.informative else 0.0

    @property
    def words(self) -> float:
        """The median number of words of a text."""
        return statistics.median(len(text.split()) for text in self._sample) if self.texts else 0.0

    @property
    def unique(self) -> float:
        """The share of the texts that occur only once, 0 to 1."""
        return sum(count == 1 for count in Counter(self.texts).values()) / len(self.texts) if self.texts else 0.0

    @property
    def yes_or_no(self) -> float:
        """The share of the texts that say Yes or No, 0 to 1."""
        return self._share(lambda text: plain(text) in _YES_OR_NO)

    def share_of_kind(self, kind: CellKind) -> float:
        """Return the share of the texts that are of that kind, 0 to 1."""
        if kind == "initials":
            return self._share(lambda text: bool(_INITIALS.fullmatch(text)))
        if kind == "number":
            return self._share(lambda text: bool(_NUMBER.fullmatch(text)))
        if kind == "child":
            return self._share(lambda text: bool(_CHILD.fullmatch(text)))
        return self._share(lambda text: any(map(str.isdigit, text)) and len(text) <= 24 and text.count(" ") < 3)

    def choices_of(self, column: Column) -> float:
        """Return the share of the texts that mean a choice of `column`, 0 to 1; an unsure one counts half."""
        found = [(choice, sure) for choice, sure in (meaning(text, column) for text in self._sample) if choice != ""]
        return sum((1.0 if sure else 0.5) for choice, sure in found if choice) / len(found) if found else 0.0

    def kinds(self, column: Column | None = None) -> list[str]:
        """Return up to three short sentences about the cells, such as “12 of 14 are dates”.

        With a `column` that has choices, one of them is how many cells are such choices.
        """
        if not self.filled:
            return ["empty"]
        sentences = [f"{self.filled} of {len(self.cells)} filled"]
        if self.dated:
            sentences.append(f"{self.dated} of {self.filled} are dates")
        if self.not_yet and self.dated:
            sentences.append(f"{self.not_yet} say “not yet”, as “N/A” or “tbc” do")
        if column and column.choices and self.texts:
            meant = Counter({text: rows for text, rows in Counter(self.texts).items() if meaning(text, column)[1]})
            known = meant.total()
            sentences.append(f"{known} of {self.filled} are choices or usual words for them")
        elif self.texts and (len(self.texts) > self.dated or len(sentences) < 3):
            sentences.append(self._kind_of_text())
        return sentences[:3]

    def _kind_of_text(self) -> str:
        if self.yes_or_no > 0.7:
            return "Yes / No"
        if self._share(lambda text: text.replace(".", "", 1).isdigit()) > 0.8:
            return "numbers"
        if self.share_of_kind("initials") > 0.7:
            return "a few capitals"
        if self.words >= _LONG_TEXT_WORDS:
            return f"text, about {round(self.words)} words"
        if self.share_of_kind("reference") > 0.7:
            return "short, with figures, " + ("each different" if self.unique > 0.9 else "some more than once")
        several = len(set(map(plain, self.texts)))
        return f"short text, {several} different" if several > 1 else "short text, always the same"

    def _share(self, holds: Any) -> float:
        return sum(1 for text in self._sample if holds(text)) / len(self._sample) if self.texts else 0.0

    @cached_property
    def _sample(self) -> Sequence[str]:
        """At most about 200 texts from all over the column."""
        return self.texts[:: len(self.texts) // _SAMPLE + 1]


def profile_of(cells: Sequence[Any], *, date_1904: bool = False) -> ColumnProfile:
    """Return the profile of `cells`, as they come from the workbook.

    `date_1904` means that the workbook counts days from 1904.
    """
    dates: list[dt.date | None] = [None] * len(cells)
    filled = not_yet = dated = serials = 0
    texts: list[str] = []
    for position, cell in enumerate(cells):
        text = _text(cell)
        if not text:
            continue
        filled += 1
        day = _day(cell, date_1904)
        if day is not None:
            dates[position] = day
            dated += 1
        elif isinstance(cell, str) and plain(text) in NOT_YET:
            not_yet += 1
            texts.append(text)
        elif isinstance(cell, str) and quotable(text):
            dated += 1
        else:
            serials += isinstance(cell, float) and cell.is_integer() and _SERIALS[0] <= cell <= _SERIALS[1]
            texts.append(text)
    return ColumnProfile(cells, filled, not_yet, dated, serials, dates, texts)


def _text(cell: Any) -> str:
    if isinstance(cell, str):
        return cleaned(cell)
    try:
        return parse_text(cell)[0] or ""
    except Unreadable:
        return "?"


def _day(cell: Any, date_1904: bool) -> dt.date | None:
    if isinstance(cell, float | int | bool):
        return None  # it may be a date in Excel's numbers, or a reference
    try:
        return parse_date(cell, date_1904=date_1904)[0]
    except Unreadable:
        return None
