"""The drop-downs, hints and error messages of Excel in the cells of a new tracker."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation

from tracker_schema.columns.schema import Column, Sheet

# The cells of each drop-down's choices. They are on a sheet of their own, because a list within the rule itself is
# split at commas, and “Full CSPR, independent author” has one.
Lists = Mapping[tuple[str, ...], str]
Suggestions = Mapping[str, Mapping[str, Sequence[str]]]

LISTS, REFERENCE = "Lists", "reference"


def lists(sheets: Iterable[Sheet], suggestions: Suggestions, page: str = LISTS) -> Lists:
    """Return the cells of each drop-down's words on the sheet called `page`. Columns with the same words share a list.

    `suggestions` has, by sheet id and column id, what the drop-down of a text column offers.
    """
    places: dict[tuple[str, ...], str] = {}
    for sheet in sheets:
        for column in sheet.column:
            words = column.choices or suggested(suggestions, sheet, column)
            if words and not column.by_script and words not in places:
                letter = get_column_letter(len(places) + 1)
                places[words] = f"{quoted(page)}!${letter}$1:${letter}${len(words)}"
    return places


def quoted(name: str) -> str:
    """Return the name of a sheet as a formula has it."""
    return name if name.isascii() and name.isalpha() else str(quote_sheetname(name))


def suggested(suggestions: Suggestions, sheet: Sheet, column: Column) -> tuple[str, ...]:
    """Return what the drop-down of a text column offers; nothing when it has none."""
    return tuple(suggestions.get(sheet.id, {}).get(column.id, ()))


def rows_of(places: Lists) -> Iterator[list[str | None]]:
    """Yield the rows of the hidden sheet of the choices."""
    for number in range(max(map(len, places), default=0)):
        yield [choices[number] if number < len(choices) else None for choices in places]


def add_lists(workbook: Workbook, places: Lists) -> None:
    """Add the hidden sheet of the choices to a write-only workbook."""
    page = workbook.create_sheet(LISTS)
    page.sheet_state = "hidden"
    for row in rows_of(places):
        page.append(row)


def rule(
    column: Column,
    sheet: Sheet,
    rows: tuple[int, int],
    places: Lists,
    references: str | None,
    suggestions: Suggestions,
) -> DataValidation | None:
    """Return the rule for a column of a sheet, on the first to the last of `rows`; None when it needs none.

    `references` are the cells of the incidents' references, None when they are in no one place.
    """
    letter = get_column_letter(1 + sheet.column.index(column))
    first, last = rows
    found = _rule(column, f"${letter}${first}:${letter}${last}", f"{letter}{first}", places)
    if found is None and references and column.id == REFERENCE:
        error = "Please choose a reference that is on the sheet of incidents."
        found = _list(column, references, "No such incident", error)
    if found is None and (words := suggested(suggestions, sheet, column)):
        found = _list(column, places[words], "Not on the list", "Please choose from the list, or leave it as it is.")
        found.errorStyle = "warning"  # people may type what the list does not have yet
    if found:
        found.showInputMessage = found.showErrorMessage = found.allow_blank = True
        found.add(f"{letter}{first}:{letter}{last}")
    return found


def _rule(column: Column, cells: str, first_cell: str, places: Lists) -> DataValidation | None:
    if column.by_script:
        return DataValidation(
            promptTitle="Filled in automatically", prompt=f"{column.about} What is typed here is replaced."
        )
    if column.choices:
        return _list(
            column,
            places[column.choices],
            "Please choose from the list",
            f"The list has: {'; '.join(column.choices)}. If none fits, leave the cell empty.",
        )
    if column.type == "date":
        return _date(column)
    if column.unique:
        return DataValidation(
            type="custom",
            formula1=f"COUNTIF({cells},{first_cell})=1",
            prompt=column.about,
            errorTitle="Already used",
            error="Another row has this reference. Each incident needs a reference of its own.",
        )
    return None


def _list(column: Column, source: str, title: str, error: str) -> DataValidation:
    return DataValidation(type="list", formula1=source, prompt=column.about, errorTitle=title, error=error)


def _date(column: Column) -> DataValidation:
    return DataValidation(
        type="date",
        operator="between",
        formula1="DATE(1990,1,1)",
        formula2="DATE(2099,12,31)",
        prompt=f"{column.about} Type the date day first: 05/11/2026.",
        errorTitle="This is not a date",
        error="Please type the date as day, month and year, for example 05/11/2026. "
        "If it is not known, leave the cell empty.",
    )
