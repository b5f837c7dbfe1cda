"""Where a log says something of a second child of an incident: on a row of its own, which says whose row it is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import count
from typing import NamedTuple

from tracker_schema.columns.parsing import is_blank
from tracker_schema.columns.schema import INCIDENTS, Column
from tracker_schema.incidents.plan import CellWrite
from tracker_schema.layouts.combined_rows import CombinedRows
from tracker_schema.layouts.layouts import CHILD, Layout
from tracker_schema.layouts.log_lines import numbers_children
from tracker_schema.layouts.rows import SheetRows
from tracker_schema.returns.entries.added_rows import AddedRow, AddedRows
from tracker_schema.returns.entries.entries import ChildStyle, Entry, NotEntered, Value
from tracker_schema.wording import short_date

_FIRST_LETTER = ord("a")
# The fact that is always written of each child where all share one row. A cell that speaks of several children cannot
# be read, so the row has an error until each child has a row.
SAID_OF_EACH = "outcome"


def child_style(sheet: SheetRows, page: SheetRows, layout: Layout) -> ChildStyle | None:
    """Return how rows of a worksheet say which child they are about; None when they cannot.

    `sheet` is the log of which `page` is a worksheet.
    """
    if sheet.sheet.id != INCIDENTS:
        return None
    if CHILD in page.numbers and (numbers_children(page) or all(map(is_blank, page.cells_in(CHILD)))):
        return ChildStyle(column=page.numbers[CHILD])
    if layout.child_in_reference is False:
        return None
    days = page.sheet.identity("day")
    if not layout.child_in_reference and not all(column in page.numbers for column in days):
        return None
    before, after, letters = _ending(sheet)
    return ChildStyle(None, before, after, letters, () if layout.child_in_reference else days)


def _ending(sheet: SheetRows) -> tuple[str, str, str]:
    """Return what is before and after the child at the end of references, and a letter if children have letters."""
    if isinstance(sheet, CombinedRows):
        for whole, incident, child in reversed(sheet.log.references):
            if whole and incident and child:
                ending = whole[len(incident) :]
                at = ending.casefold().rindex(child)
                return ending[:at], ending[at + 1 :], ending[at] if child.isalpha() else ""
    return "/", "", ""


class ChildRow(NamedTuple):
    """A row that is added for one child of an incident.

    entry: what goes into it
    added: the row
    number: the number of the child
    """

    entry: Entry
    added: AddedRow
    number: int


def add_child_rows(rows: AddedRows, sheet: SheetRows, entry: Entry, page: SheetRows, known: int = 0) -> list[ChildRow]:
    """Add a row below the log for each of the children of `entry`, and return them.

    `page` is the worksheet of the incident, `known` how many children of it the log has. Raises NotEntered, and adds
    none, when one of them can have no row, or it would not be read as one about the same incident.
    """
    if not entry.children:
        return []
    position = rows.position_on(page)
    style = position.children
    if style is None:
        raise NotEntered("The log has no place for a second child of an incident.", "Give each child a row.")
    for column in style.same_days:
        if not entry.on_each_row.get(column):
            raise NotEntered(
                f"Without “{sheet.heading(column)}”, the rows of several children are not read as one incident.",
                "Fill it in, and give each child a row.",
            )
    first = max(known + 1, 2)
    numbers = (
        number for number in count(first) if _reference(style, entry, number).casefold() not in sheet.also_called
    )
    before = len(rows.rows)
    children: list[ChildRow] = []
    try:
        for number, values in zip(numbers, entry.children.values(), strict=False):
            of_child = replace(
                entry, reference=_reference(style, entry, number), values={**entry.on_each_row, **values}, children={}
            )
            children.append(ChildRow(of_child, rows.add_below(of_child), number))
    except NotEntered:
        del rows.rows[before:]
        raise
    return children


def child_cell(added: AddedRow, entry: Entry, number: int) -> list[CellWrite]:
    """Return the cell that says which child an added row is about, where the log has a column for that."""
    style, row = added.position.children, added.row
    if style is None or style.column is None:
        return []
    return [CellWrite(row.sheet, row.row, style.column, CHILD, entry.reference, "", _mark(style, number))]


def _mark(style: ChildStyle, number: int) -> str:
    """Return how the log calls the child of that number: 2, or b."""
    if not style.letters:
        return str(number)
    letter = chr(_FIRST_LETTER + number - 1)
    return letter.upper() if style.letters.isupper() else letter


def _reference(style: ChildStyle, entry: Entry, number: int) -> str:
    """Return the reference of the row about that child."""
    return entry.reference + ("" if style.column else f"{style.before}{_mark(style, number)}{style.after}")


def in_one_row(entry: Entry, columns: Mapping[str, Column]) -> tuple[dict[str, Value | None], Collection[str]]:
    """Return the values of an entry whose children share one row, and those columns that only a text can fill.

    What differs between the children is written of each, such as “child 1: Death; child 2: Serious harm”.
    """
    children: Sequence[Mapping[str, Value | None]] = [entry.values, *entry.children.values()]
    values = dict(entry.values)
    as_text = set()
    for column in columns.values():
        said = [child.get(column.id) for child in children]
        if not column.of_each_child or (column.id in entry.on_each_row) or not (any(said) or column.id == SAID_OF_EACH):
            continue
        if len(set(said)) > 1 or column.id == SAID_OF_EACH:
            values[column.id] = "; ".join(f"child {n}: {_in_words(value)}" for n, value in enumerate(said, 1))
            if column.type != "text":
                as_text.add(column.id)
    return values, as_text


def _in_words(value: Value | None) -> str:
    if value is None:
        return "not recorded"
    return value if isinstance(value, str) else short_date(value)
