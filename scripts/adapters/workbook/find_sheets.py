"""Find the worksheets of a workbook that are the log of incidents, the scoping returns and the actions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from scripts.adapters.workbook.open_workbook import OpenWorkbook
from scripts.adapters.workbook.xlsx import Package
from tracker_schema.columns.headings import SEARCHED_ROWS, HeadingSearch, best_row
from tracker_schema.columns.schema import INCIDENTS, Sheet, plain
from tracker_schema.errors import TrackerUnusable
from tracker_schema.layouts.layouts import SHEET_PER_TYPE, Layout, layout_schema, with_layout

CLOSED = "closed"


@dataclass(frozen=True)
class Names:
    """The council's own names, as config.toml gives them.

    sheets: by sheet id, the name of the worksheet; a pattern or several names for the incidents
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


def find_worksheets(sheet: Sheet, workbook: OpenWorkbook, names: Names) -> Sequence[LogSheet]:
    """Return the worksheets that are `sheet`, in the order of the workbook; none of an optional sheet that is missing.

    They are found by the names in config.toml, else by the sheet's own name or an alias. The incidents are also found
    by their headings, when exactly one worksheet has all that are required. Raises TrackerUnusable when it is not clear
    which worksheet it is.
    """
    package = workbook.package
    if sheet.id != INCIDENTS:
        name = _configured(sheet.id, package, names) or _by_name(sheet, package.sheet_names)[:1]
        return [LogSheet(each) for each in name]
    closed = _configured(CLOSED, package, names)
    if names.layout.kind == SHEET_PER_TYPE:
        found = _by_type(package, names)
    else:
        wanted = _configured(INCIDENTS, package, names)
        others = [name for name in package.sheet_names if name not in closed]
        wanted = wanted or _by_name(sheet, others)[:1] or _by_headings(sheet, others, workbook, names)
        found = dict.fromkeys(name for name in wanted if name not in closed)
    order = [name for name in package.sheet_names if name in found or name in closed]
    return [LogSheet(name, name in closed, found.get(name)) for name in order]


def _configured(sheet_id: str, package: Package, names: Names) -> list[str]:
    """Return the worksheets that config.toml names for a sheet."""
    found: dict[str, None] = {}
    for wanted in names.for_sheet(sheet_id):
        named = [name for name in package.sheet_names if plain(name) == plain(wanted)]
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


def _by_headings(sheet: Sheet, sheet_names: Sequence[str], workbook: OpenWorkbook, names: Names) -> list[str]:
    """Return the one worksheet with the headings of the incidents. Raises TrackerUnusable when it is not one."""
    configured = names.columns.get(sheet.id, {})
    laid_out = with_layout(sheet, names.layout, configured)
    search = HeadingSearch(rows=names.layout.heading_rows)
    found = {
        name: best_row(laid_out, workbook.rows(name, most=SEARCHED_ROWS), configured, search) for name in sheet_names
    }
    required = {column.id for column in sheet.column if column.required}
    whole = [name for name, headings in found.items() if headings and required <= headings.numbers.keys()]
    part = [name for name, headings in found.items() if headings and required & headings.numbers.keys()]
    if len(whole) == 1:
        return whole
    if not whole and len(part) == 1:  # the reading names the heading that is missing
        return part
    which = f"{len(whole)} of them could be it" if whole else "none of them has the headings it needs"
    listed = ", ".join(f'"{name}"' for name in whole)
    several = f", or several as sheets.{sheet.id} = [{listed}]" if len(whole) > 1 else ""
    raise TrackerUnusable(
        f"The workbook has no sheet “{sheet.heading}” ({which}: {_listed(workbook.package)}).",
        f"Rename the right one, or name it in config.toml as sheets.{sheet.id}{several}; "
        "python -m scripts.adopt_tracker proposes which.",
    )
