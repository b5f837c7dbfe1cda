"""From a proposal to settings that were tried: the workbook is read with them, and has to be read as was proposed."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from python_calamine import CalamineWorkbook

from scripts.adapters.workbook.read import Names, read_tracker
from scripts.adapters.workbook.worksheet import read_page
from scripts.adapters.workbook.xlsx import Package
from tracker_schema.adoption.choices import Meaning
from tracker_schema.adoption.matching import Match
from tracker_schema.adoption.parts import Part
from tracker_schema.adoption.proposal import Proposal
from tracker_schema.adoption.settings import Line, Settings
from tracker_schema.columns.headings import HeadingLook
from tracker_schema.columns.schema import INCIDENTS, Column, plain, tracker_schema
from tracker_schema.errors import TrackerUnusable
from tracker_schema.layouts.layouts import Layout, with_layout
from tracker_schema.layouts.rows import WorkbookRows, column_letters
from tracker_schema.wording import counted

_AS_LIKELY_AS_NOT = 0.5
_YEAR = re.compile(r"20\d\d(?:\s*[-–]\s*\d\d(?:\d\d)?)?")

Headings = Mapping[str, Mapping[str, str]]
"""By sheet id and column id, the heading that stands for a column; "" for one that is not there."""


@dataclass(frozen=True, eq=False)
class Adopted:
    """What was settled: the proposal as it was answered, the settings, and the tracker as it is read with them.

    `at_odds` says where one setting cannot serve two worksheets, and what to do.
    """

    proposal: Proposal
    meanings: Sequence[Meaning]
    settings: Settings
    tracker: WorkbookRows
    at_odds: Sequence[str]


class Unfinished(TrackerUnusable):
    """The workbook is a log, and no heading is taken for a column that must be there: `settings` are those so far."""

    def __init__(self, message: str, settings: Settings) -> None:
        """Keep `settings`, for a person to finish."""
        super().__init__(message)
        self.settings = settings


def settle(data: bytes, file_name: str, proposal: Proposal, meanings: Sequence[Meaning], *, doubtful: bool) -> Adopted:
    """`proposal` as settings, and the workbook in `data` read with them.

    `doubtful` says whether headings that are not sure are set too; else they are left as comments, but for those of
    the columns that every tracker must have. Raises Unfinished when none is taken for one of those.
    """
    said = _said(proposal, doubtful)
    found = [_found(data, part, said) for part in proposal.parts]
    for part, numbers in zip(proposal.parts, found, strict=True):
        for column in sorted(numbers.keys() - said[part.sheet.id].keys()):
            said[part.sheet.id][column] = ""
    found = [_found(data, part, said) for part in proposal.parts]
    fewest = {sheet: dict(_not_found_without(proposal, sheet, columns)) for sheet, columns in said.items()}
    if [_found(data, part, fewest) for part in proposal.parts] != found:
        fewest = said
    columns = {sheet: list(_lines(proposal, sheet, said[sheet], fewest[sheet])) for sheet in said}
    sheets = [Line(key, names[0] if len(names) == 1 else names) for key, names in _sheets(proposal).items()]
    choices = {column: list(_words(meanings, column)) for column in dict.fromkeys(m.column for m in meanings)}
    words: dict[str, dict[str, str]] = {}
    for sure in _sure(meanings):
        words.setdefault(sure.column, {})[sure.word] = sure.choice or ""
    settings = Settings(proposal.kind, None, sheets, columns, choices)
    try:
        tracker = read_tracker(data, file_name, Names(_sheets(proposal), fewest, words, Layout(proposal.kind)))
    except TrackerUnusable as unusable:
        raise Unfinished(str(unusable), settings) from None
    return Adopted(proposal, meanings, settings, tracker, list(_at_odds(proposal, said, found)))


def _found(data: bytes, part: Part, headings: Headings) -> dict[str, int]:
    """The column number of each column of people's that the reader finds on the worksheet, by its id."""
    package = Package.open(data)
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    configured = headings.get(part.sheet.id, {})
    sheet = part.sheet
    if sheet.id == INCIDENTS:
        sheet = with_layout(tracker_schema().sheets[INCIDENTS], Layout(part.kind), configured)
    read = read_page(sheet, package, workbook, part.name, configured, HeadingLook(partial=True))
    return {column: number for column, number in read.numbers.items() if not sheet.columns[column].by_script}


def _at_odds(proposal: Proposal, said: Headings, found: Sequence[Mapping[str, int]]) -> Iterator[str]:
    """A sentence for each heading that is not read as was settled, because another worksheet has another one."""
    for part, numbers in zip(proposal.parts, found, strict=True):
        for match in part.matches:
            if match.column and match.column in said[part.sheet.id] and numbers.get(match.column) != match.number:
                yield (
                    f"{part.name}!{column_letters(match.number)}{part.log.row}: “{match.heading}” is not read as "
                    f"“{part.sheet.columns[match.column].heading}”, because another sheet has “"
                    f"{said[part.sheet.id][match.column]}” for it; give both the same heading."
                )


def _sure(meanings: Sequence[Meaning]) -> Iterator[Meaning]:
    return (found for found in meanings if found.sure and found.choice is not None)


def _sheets(proposal: Proposal) -> dict[str, list[str]]:
    """The worksheets by the name of the setting that is for them, those of several years as a pattern."""
    sheets: dict[str, list[str]] = {}
    for part in proposal.parts:
        sheets.setdefault(part.key, []).append(part.name)
    names = [*proposal.others, *(part.name for part in proposal.parts)]
    return {key: _of_any_year(of_key, names) for key, of_key in sheets.items()}


def _of_any_year(names: Sequence[str], all_names: Sequence[str]) -> list[str]:
    """A pattern that next year's worksheet will fit too, where `names` differ in the year only and no other fits it."""
    patterns = {_YEAR.sub("20*", name) for name in names}
    pattern = next(iter(patterns))
    others = (name for name in all_names if name not in names)
    if len(names) > 1 and len(patterns) == 1 and not any(_fits(name, pattern) for name in others):
        return [pattern]
    return list(names)


def _fits(name: str, pattern: str) -> bool:
    return fnmatchcase(name.casefold().strip(), pattern.casefold())


def _is_taken(column: Column, match: Match, doubtful: bool) -> bool:
    # No deadline hangs on the reference; what else must be there is not guessed at.
    likely = match.confidence >= _AS_LIKELY_AS_NOT or column.id == "reference"
    return match.sure or ((doubtful or column.required) and likely)


def _said(proposal: Proposal, doubtful: bool) -> dict[str, dict[str, str]]:
    """The heading of every column that is taken; one of ours that collides with a heading of theirs gets another."""
    said: dict[str, dict[str, str]] = {}
    for part in proposal.parts:
        of_sheet = said.setdefault(part.sheet.id, {})
        for match in part.matches:
            if match.column and _is_taken(part.sheet.columns[match.column], match, doubtful):
                of_sheet.setdefault(match.column, full_heading(part, match))
        for column, theirs in part.theirs.items():
            of_sheet[column] = _another(part.sheet.columns[column], theirs)
    return said


def full_heading(part: Part, match: Match) -> str:
    """The heading, with its group heading where another column has the same one."""
    alike = sum(plain(heading) == plain(match.heading) for heading in part.log.headings.values())
    group = part.log.groups.get(match.number)
    return f"{group} / {match.heading}" if group and alike > 1 else match.heading


def _another(column: Column, theirs: str) -> str:
    names = (column.heading, *column.aliases, f"{column.heading} (worked out)")
    return next(name for name in names if plain(name) != plain(theirs))


def _not_found_without(proposal: Proposal, sheet_id: str, columns: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The headings that the reader does not know for the column anyway."""
    schema = proposal.of(sheet_id)[0].sheet
    for column_id, heading in columns.items():
        column = schema.columns[column_id]
        if (
            not heading
            or column.by_script
            or plain(heading) not in {plain(n) for n in (column.heading, *column.aliases)}
        ):
            yield column_id, heading


def _lines(proposal: Proposal, sheet_id: str, said: Mapping[str, str], fewest: Mapping[str, str]) -> Iterator[Line]:
    """The lines of [columns.…], in the order of the columns of the schema."""
    parts = proposal.of(sheet_id)
    matches = {match.column: (part, match) for part in reversed(parts) for match in part.matches if match.column}
    for column in parts[0].sheet.column:
        if column.id in said:
            sure = column.id not in matches or matches[column.id][1].sure
            remark = "" if sure else f"look at this: {percent(matches[column.id][1].confidence)} sure"
            if not said[column.id] and column.id in matches:
                perhaps = f"look at this: perhaps “{full_heading(*matches[column.id])}”, {remark.rpartition(': ')[2]}"
                yield Line(column.id, False, "set", perhaps)
            elif not said[column.id]:
                yield Line(column.id, False, "set", "a heading looks like it, and is something else")
            elif column.by_script:
                yield Line(column.id, said[column.id], "set", "yours of that name is left alone")
            else:
                yield Line(column.id, said[column.id], "set" if column.id in fewest else "known", remark)
        elif column.id in matches:
            part, match = matches[column.id]
            kinds = "; ".join(match.kinds)
            yield Line(column.id, full_heading(part, match), "open", f"{percent(match.confidence)} sure: {kinds}")
        elif column.required:
            yield Line(column.id, "…", "open", "must be there: put your heading for it, and delete the # on the left")


def percent(share: float) -> str:
    """The share in hundredths, never all of them: nothing here is that sure."""
    return f"{min(round(share * 100), 99)} %"


def _words(meanings: Sequence[Meaning], column: str) -> Iterator[Line]:
    """The lines of one [choices.…]."""
    for found in meanings:
        if found.column == column:
            rows = counted(found.rows, "row")
            if found.sure and found.choice is not None:
                yield Line(found.word, found.choice)
            else:
                yield Line(found.word, found.choice or "…", "open", f"{rows}; which choice is meant?")
