"""Find the worksheets of a workbook that are the log of incidents, the scoping returns and the actions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from scripts.adapters.workbook.open_workbook import OpenWorkbook
from scripts.adapters.workbook.xlsx import Package
from tracker_schema.columns.headings import SEARCHED_ROWS, Headings, HeadingSearch, best_row
from tracker_schema.columns.parsing import Cell, is_blank
from tracker_schema.columns.problems import Problem
from tracker_schema.columns.schema import INCIDENTS, Sheet, exact, plain
from tracker_schema.errors import TrackerUnusable
from tracker_schema.layouts.choose_sheet import Candidate, choose_sheet, remarks_on_others
from tracker_schema.layouts.layouts import SHEET_PER_TYPE, Layout, layout_schema, with_layout

CLOSED = "closed"


@dataclass(frozen=True)
class Names:
    """The council's own names, as config.toml gives them.

    sheets: by sheet id, the name of the worksheet; a pattern or several names for the incidents; none: there is no such
        sheet
    columns: by sheet id and column id, the heading; "": the log has no such column
    choices: by column id of the incidents, the council's own words, each with the choice it means
    layout: how the log of incidents is laid out
    """

    sheets: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    layout: Layout = field(default_factory=Layout)

    def for_sheet(self, sheet_id: str) -> Sequence[str]:
        """Return the names, or patterns of names, that config.toml has for a sheet."""
        named = self.sheets.get(sheet_id, ())
        return (named,) if isinstance(named, str) else named


@dataclass(frozen=True)
class LogSheet:
    """One worksheet of the log.

    name: its name
    is_closed: every row on it counts as closed
    notification_type: the type of notification that every row on it is about; None: the rows say
    """

    name: str
    is_closed: bool = False
    notification_type: str | None = None


@dataclass(frozen=True)
class FoundSheets:
    """The worksheets that are one sheet of the schema, in the order of the workbook, and what to say of others."""

    worksheets: Sequence[LogSheet]
    remarks: Sequence[Problem] = ()


def find_worksheets(sheet: Sheet, workbook: OpenWorkbook, names: Names) -> FoundSheets:
    """Return the worksheets that are `sheet`; none of an optional sheet that is missing, or that config.toml rules out.

    They are those that config.toml names; else the one with the headings that are required, visible before hidden and
    with rows before empty, and of several the one with the sheet's name or an alias. An optional sheet needs the name
    too. Raises TrackerUnusable when it is not clear which worksheet it is.
    """
    package = workbook.package
    if sheet.id != INCIDENTS:
        return _find_optional(sheet, workbook, names)
    closed = _configured(CLOSED, package, names)
    remarks: Sequence[Problem] = ()
    if names.layout.kind == SHEET_PER_TYPE:
        found = _by_type(package, names)
    else:
        wanted = _configured(INCIDENTS, package, names)
        if not wanted:
            others = [name for name in package.sheet_names if name not in closed]
            wanted, remarks = _by_headings(sheet, others, workbook, names)
        found = dict.fromkeys(name for name in wanted if name not in closed)
    order = [name for name in package.sheet_names if name in found or name in closed]
    return FoundSheets([LogSheet(name, name in closed, found.get(name)) for name in order], remarks)


def _find_optional(sheet: Sheet, workbook: OpenWorkbook, names: Names) -> FoundSheets:
    """Return the worksheet of an optional sheet, if there is one, and a remark on one that only has its name."""
    if sheet.id in names.sheets and not names.for_sheet(sheet.id):
        return FoundSheets(())
    if named := _configured(sheet.id, workbook.package, names):
        return FoundSheets([LogSheet(name) for name in named])
    alike = _by_name(sheet, workbook.package.sheet_names)
    candidates = [_candidate(sheet, name, workbook, names, with_rows=len(alike) > 1) for name in alike]
    chosen = choose_sheet(sheet, candidates).chosen
    if chosen:
        return FoundSheets([LogSheet(chosen.name)])
    required = " and ".join(f"“{column.heading}”" for column in sheet.column if column.required)
    return FoundSheets(
        (),
        [
            Problem(
                "not-that-sheet",
                "warning" if plain(name) == plain(sheet.heading) else "note",
                f"{name}!A1",
                f"The sheet “{name}” is not read as “{sheet.heading}”, because it has no headings {required}.",
                f"If it is that sheet, correct its headings or name yours in config.toml under [columns.{sheet.id}]; "
                f"if there is none, write sheets.{sheet.id} = false.",
            )
            for name in alike
        ],
    )


def _configured(sheet_id: str, package: Package, names: Names) -> list[str]:
    """Return the worksheets that config.toml names for a sheet."""
    found: dict[str, None] = {}
    for wanted in names.for_sheet(sheet_id):
        named = [name for name in package.sheet_names if exact(name) == exact(wanted)]
        if "*" in wanted or "?" in wanted:
            named = [name for name in package.sheet_names if fnmatchcase(name.casefold().strip(), wanted.casefold())]
        if not named:
            raise TrackerUnusable(
                f"config.toml says that sheets.{sheet_id} is “{wanted}”, but the workbook has only {_listed(package)}.",
                "Correct the name in config.toml.",
            )
        found |= dict.fromkeys(named)
    return list(found)


def _listed(package: Package) -> str:
    return ", ".join(f"“{name}”" for name in package.sheet_names)


def _by_name(sheet: Sheet, sheet_names: Sequence[str]) -> list[str]:
    """Return the worksheets with the sheet's name or one of its aliases, in that order."""
    by_plain = {plain(name): name for name in reversed(sheet_names)}
    known = (plain(name) for name in (sheet.heading, *sheet.aliases))
    return [by_plain[name] for name in known if name in by_plain]


def _by_type(package: Package, names: Names) -> dict[str, str | None]:
    """Return the worksheet of each type of notification, by its name in config.toml, else by the type's own."""
    found: dict[str, str | None] = {}
    for type_ in layout_schema().type:
        named = _configured(type_.id, package, names)
        if not named:
            known = {plain(name) for name in (type_.name, *layout_schema().synonyms.get(type_.name, ()))}
            named = [name for name in package.sheet_names if plain(name) in known and name not in found]
        found |= dict.fromkeys(named[:1], type_.name)
    if len(found) > 1:
        return found
    settings = ", ".join(f"sheets.{type_.id}" for type_ in layout_schema().type)
    raise TrackerUnusable(
        f'layout.kind is "{SHEET_PER_TYPE}" in config.toml, but it is not clear which sheet is of which type '
        f"({_listed(package)}).",
        f"Name them in config.toml as {settings}.",
    )


def _by_headings(
    sheet: Sheet, sheet_names: Sequence[str], workbook: OpenWorkbook, names: Names
) -> tuple[list[str], list[Problem]]:
    """Return the worksheet with the headings of the incidents, and a remark that names others that could be it.

    Raises TrackerUnusable when it is not one.
    """
    laid_out = with_layout(sheet, names.layout, names.columns.get(sheet.id, {}))
    candidates = [_candidate(laid_out, name, workbook, names) for name in sheet_names]
    choice = choose_sheet(sheet, candidates)
    if choice.chosen and not choice.equal:
        return [choice.chosen.name], remarks_on_others(sheet, choice)
    if choice.chosen is None:
        if by_name := _by_name(sheet, sheet_names):
            return by_name[:1], []  # the reading names the heading that is missing
        part = [name for name in sheet_names if _has_some(laid_out, name, workbook, names)]
        if len(part) == 1:
            return part, []
    whole = [choice.chosen, *choice.equal] if choice.chosen else []
    which = f"{len(whole)} of them could be it" if whole else "none of them has the headings it needs"
    listed = ", ".join(
        f'"{candidate.name}"' for candidate in sorted(whole, key=lambda each: sheet_names.index(each.name))
    )
    several = f", or several as sheets.{sheet.id} = [{listed}]" if len(whole) > 1 else ""
    raise TrackerUnusable(
        f"The workbook has no sheet “{sheet.heading}” ({which}: {_listed(workbook.package)}).",
        f"Rename the right one, or name it in config.toml as sheets.{sheet.id}{several}; "
        "python -m scripts.adopt_tracker proposes which.",
    )


def _candidate(sheet: Sheet, name: str, workbook: OpenWorkbook, names: Names, *, with_rows: bool = True) -> Candidate:
    """Return the worksheet as what may be `sheet`; one that cannot be read has no headings."""
    required = {column.id for column in sheet.column if column.required}
    headings, rows = _headings(sheet, name, workbook, names)
    is_whole = headings is not None and required <= headings.numbers.keys()
    has_rows = is_whole and with_rows and headings is not None and _has_rows(headings, rows)
    return Candidate(name, is_whole, name in workbook.visible, has_rows)


def _has_some(sheet: Sheet, name: str, workbook: OpenWorkbook, names: Names) -> bool:
    headings, _ = _headings(sheet, name, workbook, names)
    required = {column.id for column in sheet.column if column.required}
    return headings is not None and bool(required & headings.numbers.keys())


def _headings(
    sheet: Sheet, name: str, workbook: OpenWorkbook, names: Names
) -> tuple[Headings | None, Sequence[Sequence[Cell]]]:
    """Return the headings of a worksheet, and its first rows."""
    search = HeadingSearch(rows=names.layout.heading_rows if sheet.id == INCIDENTS else None)
    try:
        rows = workbook.rows(name, most=2 * SEARCHED_ROWS)
    except TrackerUnusable:
        return None, ()
    return best_row(sheet, rows[:SEARCHED_ROWS], names.columns.get(sheet.id, {}), search), rows


def _has_rows(headings: Headings, rows: Sequence[Sequence[Cell]]) -> bool:
    """Return True if a row below the headings has at least two cells of known columns filled."""
    numbers = headings.numbers.values()
    return any(
        sum(number <= len(row) and not is_blank(row[number - 1]) for number in numbers) > 1
        for row in rows[headings.row :]
    )
