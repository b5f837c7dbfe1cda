"""The merged chronology of an incident as an Excel workbook, with what each agency says beside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from scripts.adapters.reports.pages import Table, add_line, add_page, add_table, marked, new_workbook, saved
from tracker_schema.documents.shown import Council
from tracker_schema.incidents.incident import Incident
from tracker_schema.returns.gathered_returns import GatheredReturns
from tracker_schema.wording import counted, long_date

TITLE = "Chronology"
_TOP = 5


def build(returns: GatheredReturns, incident: Incident, council: Council, as_of: dt.date) -> bytes:
    """Return the bytes of the workbook."""
    title = f"{TITLE}, {incident.reference}"
    workbook = new_workbook(title, council.name)
    for table in (_chronology(returns), _agencies(returns, incident)):
        page = add_page(workbook, table.name, [width for _, width in table.columns], council.marking)
        add_line(page, 1, marked(f"{title}: {table.name}", council.marking), "Tracker title")
        add_line(page, 2, f"{council.name}, {long_date(as_of)}. Only for people who may see the case.")
        add_line(page, 3, table.about)
        add_table(page, _TOP, table)
    return saved(workbook)


def _chronology(returns: GatheredReturns) -> Table:
    date, *others = returns.chronology.fields
    columns = (("Sorted by", 13), (date.label, 20), ("Agency", 24), *((field.label, 56) for field in others))
    rows = [
        (event.day, event.cells.get(date.tag, ""), event.agency, *(event.cells.get(each.tag, "") for each in others))
        for event in returns.events
    ]
    undated = sum(event.day is None for event in returns.events)
    about = "Every row that an agency sent, by date. A period is sorted by its first day."
    about += f" {counted(undated, 'row')} at the end: the date cannot be told." if undated else ""
    return Table(TITLE, about, columns, rows, "No agency has sent a chronology.")


def _agencies(returns: GatheredReturns, incident: Incident) -> Table:
    fields = [field for field in returns.form.fields if not field.of_child]
    columns = (("Agency", 24), ("State", 20), ("Missing", 36), *((field.label, 36) for field in fields))
    rows: list[Sequence[str]] = []
    asked = {each.agency.casefold(): each for each in incident.scoping if each.agency}
    for each in asked.values():
        found = returns.of(each.agency)
        answers, missing = (found.answers, found.missing) if found else ({}, ())
        rows.append(
            (each.agency, returns.state(each), "; ".join(missing), *(answers.get(field.tag, "") for field in fields))
        )
    rows += [
        (each.agency, "Not on the Scoping sheet", "; ".join(each.missing),
         *(each.answers.get(field.tag, "") for field in fields))
        for each in returns.agencies if each.agency.casefold() not in asked
    ]  # fmt: skip
    return Table("Agencies", "What each agency answered, side by side.", columns, rows, "No agency has been asked.")
