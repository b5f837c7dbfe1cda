"""What the cells below a heading say of themselves, told in kinds and counts and never in their own words."""

from __future__ import annotations

import datetime as dt
import re
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Literal

import numpy as np

from tracker_schema.adoption.choices import meaning
from tracker_schema.columns.parsing import NOT_YET, Unreadable, cleaned, parse_date, parse_text
from tracker_schema.columns.privacy import quotable
from tracker_schema.columns.schema import Column, Identifier, Part, Text, plain, read_data_file
from tracker_schema.working_days import Days

Look = Literal["reference", "number", "initials", "name", "long text", "child", "sex", "ethnicity"]

_INITIALS = re.compile(r"[A-Z](?:[. ]{0,2}[A-Z]){1,3}\.?")
_CHILD = re.compile(r"(?:child|sibling)?\s*[0-9A-F]", re.IGNORECASE)
_NUMBER = re.compile(r"[A-Z]{0,5}[ -]?\d{3,}(?:\.0)?", re.IGNORECASE)
_YES_OR_NO = frozenset({"yes", "no", "y", "n", "true", "false"})
# Excel's count of days from 2000 to 2049; nothing in a log is older but dates of birth.
_SERIALS = (36526, 54787)
_SAMPLE = 200
_LONG_TEXT_WORDS, _SHORT_TEXT_WORDS = 4, 5


class Looks(Part):
    """Everything cells.toml says."""

    telling: tuple[Identifier, ...]
    sex: tuple[Text, ...]
    ethnicity: tuple[Text, ...]
    looks: Mapping[Identifier, Look]


@cache
def looks() -> Looks:
    """The kinds of cells.toml. Raises SchemaError when that file holds a slip."""
    return read_data_file("adoption/cells.toml", Looks)


@dataclass(frozen=True, eq=False)
class Evidence:
    """The cells below one heading.

    `filled` counts the cells that hold anything, `not_yet` those of them that only say “not yet” (“N/A”, “tbc”).
    `dates` are the days by position in the column, NaT where a cell holds none, `dated` counts the cells that are
    dates or fail to be one only by the way they are written, `serials` the plain numbers in which Excel may keep one.
    `texts` are all cells but the dates.
    """

    cells: Sequence[Any]
    filled: int
    not_yet: int
    dated: int
    serials: int
    dates: Days
    texts: Sequence[str]

    @property
    def telling(self) -> int:
        """How many cells say something."""
        return self.filled - self.not_yet

    @property
    def share_of_dates(self) -> float:
        """Of the cells that say something, the share that are dates."""
        return self.dated / self.telling if self.telling else 0.0

    @property
    def share_of_days(self) -> float:
        """Of the cells that say something, the share that are dates or may be, as plain numbers."""
        return (self.dated + self.serials) / self.telling if self.telling else 0.0

    @property
    def words(self) -> float:
        """How many words a text has, half of them more and half fewer."""
        return statistics.median(len(text.split()) for text in self._sample) if self.texts else 0.0

    @property
    def different(self) -> float:
        """The share of the texts that stand once only."""
        return sum(count == 1 for count in Counter(self.texts).values()) / len(self.texts) if self.texts else 0.0

    @property
    def yes_or_no(self) -> float:
        """The share of the texts that say Yes or No."""
        return self._share(lambda text: plain(text) in _YES_OR_NO)

    def looking_like(self, look: Look) -> float:
        """The share of the texts that look so."""
        if look == "initials":
            return self._share(lambda text: bool(_INITIALS.fullmatch(text)))
        if look == "number":
            return self._share(lambda text: bool(_NUMBER.fullmatch(text)))
        if look == "child":
            return self._share(lambda text: bool(_CHILD.fullmatch(text)))
        if look == "long text":
            return self._share(lambda text: len(text.split()) >= _LONG_TEXT_WORDS)
        if look == "sex":
            return self._share(lambda text: text.casefold() in looks().sex)
        if look == "ethnicity":
            return self._share(lambda text: bool(_bare_words(text) & set(looks().ethnicity)))
        if look == "reference":
            return self._share(lambda text: any(map(str.isdigit, text)) and len(text) <= 24 and text.count(" ") < 3)
        return self._share(lambda text: len(text.split()) <= _SHORT_TEXT_WORDS)

    def choices_of(self, column: Column) -> float:
        """The share of the texts that mean a choice of `column`, half of it where that is not sure."""
        found = [meaning(text, column) for text in self._sample]
        return sum((1.0 if sure else 0.5) for choice, sure in found if choice) / len(found) if found else 0.0

    def kinds(self, column: Column | None = None) -> list[str]:
        """Up to three short sentences on what the cells are like, such as “12 of 14 are dates”.

        Where they are taken for those of `column`, which has choices, it is said how many are among these.
        """
        if not self.filled:
            return ["empty"]
        said = [f"{self.filled} of {len(self.cells)} filled"]
        if self.dated:
            said.append(f"{self.dated} of {self.filled} are dates")
        if self.not_yet and self.dated:
            said.append(f"{self.not_yet} say “not yet”, as “N/A” or “tbc” do")
        if column and column.choices and self.texts:
            meant = Counter({text: rows for text, rows in Counter(self.texts).items() if meaning(text, column)[1]})
            known = meant.total()
            said.append(f"{known} of {self.filled} are choices or usual words for them")
        elif self.texts and (len(self.texts) > self.dated or len(said) < 3):
            said.append(self._kind_of_text())
        return said[:3]

    def _kind_of_text(self) -> str:
        if self.yes_or_no > 0.7:
            return "Yes / No"
        if self._share(lambda text: text.replace(".", "", 1).isdigit()) > 0.8:
            return "numbers"
        if self.looking_like("initials") > 0.7:
            return "a few capitals"
        if self.words >= _LONG_TEXT_WORDS:
            return f"text, about {round(self.words)} words"
        if self.looking_like("reference") > 0.7:
            return "short, with figures, " + ("each different" if self.different > 0.9 else "some more than once")
        several = len(set(map(plain, self.texts)))
        return f"short text, {several} different" if several > 1 else "short text, always the same"

    def _share(self, holds: Any) -> float:
        return sum(1 for text in self._sample if holds(text)) / len(self._sample) if self.texts else 0.0

    @cached_property
    def _sample(self) -> Sequence[str]:
        """Texts from all over the column, as many as it takes to tell what they are like."""
        return self.texts[:: len(self.texts) // _SAMPLE + 1]


def evidence(cells: Sequence[Any], *, date_1904: bool = False) -> Evidence:
    """What `cells`, raw as `parsing` takes them, say of themselves."""
    dates = np.full(len(cells), np.datetime64("NaT"), dtype="datetime64[D]")
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
    return Evidence(cells, filled, not_yet, dated, serials, dates, texts)


def _text(cell: Any) -> str:
    if isinstance(cell, str):
        return cleaned(cell)
    try:
        return parse_text(cell)[0] or ""
    except Unreadable:
        return "?"


def _day(cell: Any, date_1904: bool) -> dt.date | None:
    if isinstance(cell, float | int | bool):
        return None  # a bare number may be Excel's way of keeping a date; it may as well be a reference
    try:
        return parse_date(cell, date_1904=date_1904)[0]
    except Unreadable:
        return None


def _bare_words(text: str) -> set[str]:
    return set(re.findall(r"[a-z]+", text.casefold()))
