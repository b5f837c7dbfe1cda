"""The cells below a heading, described in kinds and counts and never in their own words."""

from __future__ import annotations

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

_YES_OR_NO = re.compile(r"yes|no|y|n|true|false", re.IGNORECASE)
_FIGURES = re.compile(r"\d+(?:\.\d*)?")
_KINDS: Mapping[CellKind, re.Pattern[str]] = {
    "initials": re.compile(r"[A-Z](?:[. ]{0,2}[A-Z]){1,3}\.?"),
    "child": re.compile(r"(?:child|sibling)?\s*[0-9A-F]", re.IGNORECASE),
    "number": re.compile(r"[A-Z]{0,5}[ -]?\d{3,}(?:\.0)?", re.IGNORECASE),
    "reference": re.compile(r"(?=.*\d)(?!(?:.* ){3}).{1,24}"),
}
# Excel's numbers of the days from 2000 to 2049; in a log only dates of birth are older.
_SERIALS = (36526, 54787)
_SAMPLE = 200
_MOSTLY = 0.7
_LONG_TEXT_WORDS = 4


class CellKinds(Part):
    """The content of cells.toml, which explains each key."""

    typical: tuple[Identifier, ...]
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
    texts: the cells that are not dates
    """

    cells: Sequence[Any]
    filled: int
    not_yet: int
    dated: int
    serials: int
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
    def unique(self) -> float:
        """The share of the texts that occur only once, 0 to 1."""
        return sum(count == 1 for count in Counter(self.texts).values()) / len(self.texts) if self.texts else 0.0

    def share_of_kind(self, kind: CellKind) -> float:
        """Return the share of the texts that are of that kind, 0 to 1."""
        return self._share(_KINDS[kind])

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
            if self.not_yet:
                sentences.append(f"{self.not_yet} say “not yet”, as “N/A” or “tbc” do")
        if column and column.choices and self.texts:
            known = sum(meaning(text, column)[1] * rows for text, rows in Counter(self.texts).items())
            sentences.append(f"{known} of {self.filled} are choices or usual words for them")
        elif self.texts:
            sentences.append(self._kind_of_text())
        return sentences[:3]

    def _kind_of_text(self) -> str:
        if self._share(_YES_OR_NO) > _MOSTLY:
            return "Yes / No"
        if self._share(_FIGURES) > _MOSTLY:
            return "numbers"
        if self.share_of_kind("initials") > _MOSTLY:
            return "a few capitals"
        words = round(statistics.median(len(text.split()) for text in self._sample))
        if words >= _LONG_TEXT_WORDS:
            return f"text, about {words} words"
        if self.share_of_kind("reference") > _MOSTLY:
            return "short, with figures"
        return f"short text, {len(set(map(plain, self.texts)))} different"

    def _share(self, pattern: re.Pattern[str]) -> float:
        return sum(bool(pattern.fullmatch(text)) for text in self._sample) / len(self._sample) if self.texts else 0.0

    @cached_property
    def _sample(self) -> Sequence[str]:
        """At most about 200 texts from all over the column."""
        return self.texts[:: len(self.texts) // _SAMPLE + 1]


def profile_of(cells: Sequence[Any], *, date_1904: bool = False) -> ColumnProfile:
    """Return the profile of `cells`, as they come from the workbook.

    `date_1904` means that the workbook counts days from 1904.
    """
    not_yet = dated = serials = 0
    texts: list[str] = []
    for cell in cells:
        text = _text(cell)
        is_not_yet = isinstance(cell, str) and plain(text) in NOT_YET
        if not text:
            continue
        if _is_day(cell, date_1904) or (isinstance(cell, str) and not is_not_yet and quotable(text)):
            dated += 1
            continue
        not_yet += is_not_yet
        serials += isinstance(cell, float) and cell.is_integer() and _SERIALS[0] <= cell <= _SERIALS[1]
        texts.append(text)
    return ColumnProfile(cells, len(texts) + dated, not_yet, dated, serials, texts)


def _text(cell: Any) -> str:
    if isinstance(cell, str):
        return cleaned(cell)
    try:
        return parse_text(cell)[0] or ""
    except Unreadable:
        return "?"


def _is_day(cell: Any, date_1904: bool) -> bool:
    if isinstance(cell, float | int | bool):
        return False  # it may be a date in Excel's numbers, or a reference
    try:
        return parse_date(cell, date_1904=date_1904)[0] is not None
    except Unreadable:
        return False
