"""The guard over the log: what was there at the last run and is gone or changed."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from tracker_schema.checks.headings import is_needed
from tracker_schema.clocks.clocks import STATUTORY, Clock, Rules
from tracker_schema.clocks.results import OPEN, ClockResult, State, anchor_of
from tracker_schema.clocks.timed_record import TimedRecord, short_name
from tracker_schema.columns.problems import Problem
from tracker_schema.columns.schema import ACTIONS, INCIDENTS, plain, tracker_schema
from tracker_schema.incidents.incident import Incident, Tracker
from tracker_schema.incidents.memory import Change, GoneHeading, Memory, PageMemory, Source, larger
from tracker_schema.incidents.own_columns import last_checked
from tracker_schema.layouts.rows import SheetRows, WorkbookRows
from tracker_schema.wording import DAYS, day_and_month, nearest, short_date

HEADING_GONE = "heading-gone"
MOST_NAMED = 12
_GUARDED = (*STATUTORY, "national guidance")
# Without its end every closed incident is open again.
_ENDS_A_CASE = "closed"
# What is said of the child and of what happened: blank, such a fact rules nothing out.
_FACTS = frozenset(
    (
        *("date_of_birth", "incident_date", "place", "normally_resident", "outcome", "abuse_or_neglect"),
        *("looked_after", "care_leaver"),
    )
)
_ON_PURPOSE = "If it was removed on purpose, ask IT to record that: check_tracker --removed"


def gone_headings(before: Memory | None, rows: WorkbookRows) -> list[GoneHeading]:
    """Return the headings that were there `before` and are not in `rows`, sheet by sheet.

    A worksheet that is gone has lost those of its headings that no other worksheet of its sheet has.
    """
    found = []
    for name, page in before.pages.items() if before else ():
        sheet = rows.sheets.get(page.sheet)
        now = {each.name: each for each in sheet.pages} if sheet is not None else {}
        there = set(now[name].numbers) if name in now else {column for each in now.values() for column in each.numbers}
        on = (name,) if name in now else tuple(now)
        new = [text for each in on for text in now[each].unknown.values() if text not in page.others]
        columns = tracker_schema().sheets[page.sheet].columns
        for column, heading in page.headings.items():
            if column not in there:
                names = (heading, *((columns[column].heading, *columns[column].aliases) if column in columns else ()))
                found.append(GoneHeading(page.sheet, name, column, heading, _renamed(names, new), on))
    return found


def _renamed(names: Sequence[str], new: Sequence[str]) -> str:
    """Return the one of the `new` headings that may have replaced a heading with those `names`, "" when none may."""
    for name in names:
        near = nearest(plain(name), map(plain, new))
        if near is not None:
            return next(" ".join(text.split()) for text in new if plain(text) == near)
    return " ".join(new[0].split()) if len(new) == 1 else ""


def gone_on(gone: Iterable[GoneHeading], record: TimedRecord) -> set[str]:
    """Return the ids of the columns that are gone from every worksheet on which the record has a row."""
    missing: dict[str, set[str]] = {}
    for each in gone:
        for page in each.on:
            missing.setdefault(page, set()).add(each.column)
    pages = {page.name for page, _ in record.sheet.lines(record.position)} if missing else ()
    return set.intersection(*(missing.get(page, set()) for page in pages)) if pages else set()


def uncertain(
    clock: Clock, result: ClockResult | None, record: TimedRecord, gone: Collection[str]
) -> ClockResult | None:
    """Return the clock on a record of which the columns `gone` are missing: what hangs on them cannot be told.

    A fact that is gone rules nothing out, as a blank one does not; a clock that runs all the same goes on.
    """
    missing = set(gone)
    if not missing.isdisjoint(clock.columns) and not (result and result.stopped):
        anchor = anchor_of(clock, record)[0]
        no_anchor = anchor is None and not missing.isdisjoint(clock.anchor)
        no_end = result is not None and result.state in OPEN and not missing.isdisjoint(clock.stop)
        applies = set(clock.condition.columns if clock.condition else ()) & missing
        if result is None:
            no_condition = anchor is not None and bool(applies)
        else:
            no_condition = result.state in OPEN and bool(applies - _FACTS)
        if no_anchor or no_end or no_condition:
            due = result.due if result else None
            return ClockResult(clock, State.CANNOT_TELL, anchor, due, None, None)
    return result


def problems_of(gone: Iterable[GoneHeading], sheet: SheetRows, rules: Rules) -> list[Problem]:
    """Return the problem with each heading that is gone from a sheet that is still there."""
    problems = []
    for each in gone:
        for page in sheet.pages if each.sheet == sheet.sheet.id else ():
            if page.name in each.on:
                change = _heading_change(each, sheet, rules)
                problems.append(
                    Problem(
                        HEADING_GONE,
                        "error" if change.stops else "warning",
                        page.address_of_headings(),
                        change.problem,
                        change.remedy,
                        column=each.column,
                        heading=each.heading,
                        needed=change.stops,
                    )
                )
    return problems


def changes_since(
    before: Memory | None,
    rows: WorkbookRows,
    incidents: Sequence[Incident],
    others: Mapping[str, Sequence[TimedRecord]],
    gone: Sequence[GoneHeading],
    rules: Rules,
    as_of: dt.date,
) -> list[Change]:
    """Return what is gone or changed since `before`: the file first, then headings, sheets, rows and dates.

    `others` are the rows of the other sheets, by sheet id.
    """
    if before is None:
        return []
    changes = _file_change(before, rows.sheets[INCIDENTS])
    changes += [_sheet_change(sheet, gone, before, rules) for sheet in _gone_sheets(gone, rows)]
    headings = [_heading_change(each, rows.sheets[each.sheet], rules) for each in gone if each.on]
    changes += sorted(dict.fromkeys(headings), key=lambda change: not change.stops)
    if lost := gone_references(before, incidents):
        changes.append(_row_change(lost, before))
    for sheet_id, records in others.items():
        if fewer := _fewer_rows(before, rows.sheets[sheet_id], records, incidents, gone):
            changes.append(_count_change(fewer, rows.sheets[sheet_id], before))
    return changes + _date_changes(before, incidents, gone, rules, as_of)


def _file_change(before: Memory, sheet: SheetRows) -> list[Change]:
    """Return that the file is an earlier version than the one `before`, if its column says so."""
    checked = last_checked(sheet)
    if checked is None or before.checked is None or checked >= before.checked:
        return []
    heading = sheet.heading("checked_on")
    problem = (
        f"This is an earlier version of the tracker: “{heading}” says {short_date(checked)}, and at the last run it "
        f"said {short_date(before.checked)}."
    )
    return [Change("file", problem, "See its version history, and that OneDrive is running if it syncs the file.")]


def gone_references(before: Memory | None, incidents: Sequence[Incident]) -> list[str]:
    """Return the references that were there `before` and are none of `incidents`."""
    there = {name.casefold() for incident in incidents for name in (incident.reference, *incident.names)}
    return [reference for reference in (before.dates if before else ()) if reference.casefold() not in there]


def _fewer_rows(
    before: Memory,
    sheet: SheetRows,
    records: Sequence[TimedRecord],
    incidents: Sequence[Incident],
    gone: Sequence[GoneHeading],
) -> dict[str, tuple[int, int]]:
    """Return how many rows a sheet had and has for each open incident that has fewer than `before`.

    A row of an incident that is itself gone is not missed besides.
    """
    sheet_id = sheet.sheet.id
    if any((each.sheet, each.column) == (sheet_id, "reference") for each in gone):
        return {}
    now = Counter(record.reference.casefold() for record in records)
    known = {reference.casefold(): count for reference, count in before.counts.get(sheet_id, {}).items()}
    fewer = {}
    for incident in incidents:
        for name in (incident.reference, *incident.names) if not incident.is_closed else ():
            had, has = known.get(name.casefold(), 0), now[name.casefold()]
            if has < had:
                fewer[short_name(name)] = (had, has)
    return fewer


def _gone_sheets(gone: Iterable[GoneHeading], rows: WorkbookRows) -> list[str]:
    return list(dict.fromkeys(each.sheet for each in gone if each.sheet not in rows.sheets))


def _sheet_change(sheet: str, gone: Sequence[GoneHeading], before: Memory, rules: Rules) -> Change:
    page = next(each.page for each in gone if each.sheet == sheet)
    return Change(
        "sheet",
        f"The sheet “{page}” was in the tracker on {_day(before.as_of)} and is not found any more. "
        "What it held cannot be told.",
        f"Put it back, or name it as before. {_ON_PURPOSE} {_quoted(page)}.",
        stops=sheet == ACTIONS or bool(rules.clocks_of(sheet)),
    )


def _heading_change(gone: GoneHeading, sheet: SheetRows, rules: Rules) -> Change:
    columns = sheet.sheet.columns
    needed = gone.column in columns and is_needed(columns[gone.column], sheet, rules)
    needed = needed or (gone.sheet, gone.column) == (INCIDENTS, _ENDS_A_CASE)
    timed = [clock.label for clock in rules.clocks_of(gone.sheet) if gone.column in clock.columns]
    consequence = f" Cannot be told without it: {'; '.join(timed)}." if timed else ""
    where = ", ".join(f"“{page}”" for page in gone.on)
    meant = f"Did you mean “{gone.renamed}”? " if gone.renamed else ""
    return Change(
        "heading",
        f"The heading “{gone.heading}” was there at the last run, and is not on the sheet {where} any more."
        f"{consequence}",
        f"{meant}Name the heading as before, or give the new one in config.toml as "
        f"columns.{gone.sheet}.{gone.column}. {_ON_PURPOSE} {_quoted(gone.heading)}.",
        stops=needed,
    )


def _row_change(lost: Sequence[str], before: Memory) -> Change:
    shown = [short_name(reference) for reference in lost]
    more = f", and {len(shown) - MOST_NAMED} more" if len(shown) > MOST_NAMED else ""
    return Change(
        "row",
        f"In the last {before.source}, not in the tracker any more: {', '.join(shown[:MOST_NAMED])}{more}.",
        "Put the row back, for example from the file's version history. "
        f"{_ON_PURPOSE} {' '.join(map(_quoted, shown[:MOST_NAMED]))}.",
        tuple(shown),
    )


def _count_change(fewer: Mapping[str, tuple[int, int]], sheet: SheetRows, before: Memory) -> Change:
    named = [f"{reference} had {had}, has {has}" for reference, (had, has) in list(fewer.items())[:MOST_NAMED]]
    more = f"; and {len(fewer) - MOST_NAMED} more" if len(fewer) > MOST_NAMED else ""
    pages = ", ".join(f"“{page.name}”" for page in sheet.pages)
    return Change(
        "row",
        f"Fewer rows on the sheet {pages} than in the last {before.source}: {'; '.join(named)}{more}.",
        "Put the rows back, for example from the file's version history. "
        f"{_ON_PURPOSE} {' '.join(_quoted(reference) for reference in list(fewer)[:MOST_NAMED])}.",
        tuple(fewer),
    )


def _quoted(name: str) -> str:
    """Return a name as it is typed on a command line."""
    return f'"{name}"' if " " in name else name


def _date_changes(
    before: Memory, incidents: Sequence[Incident], gone: Sequence[GoneHeading], rules: Rules, as_of: dt.date
) -> list[Change]:
    known = {reference.casefold(): days for reference, days in before.dates.items()}
    changes = []
    for incident in _once(incidents):
        lost = gone_on(gone, incident)
        for column, was in known.get(incident.reference.casefold(), {}).items():
            day = incident.date(column)
            if day == was or column in lost or not incident.has_column(column):
                continue
            now = f"is {short_date(day)}" if day else "cannot be read"
            if not incident.is_filled(column):
                now = "is empty"
            changes.append(
                Change(
                    "date",
                    f"{' '.join(incident.heading(column).split())} of {incident.shown_reference} was "
                    f"{short_date(was)}, {now} {_since(before.as_of, as_of)}.",
                    "If that is a slip, correct it in the tracker.",
                    (incident.shown_reference,),
                )
            )
    return changes


def _once(incidents: Sequence[Incident]) -> list[Incident]:
    """Return the incidents whose reference no other one has."""
    counts = Counter(incident.reference.casefold() for incident in incidents)
    return [incident for incident in incidents if incident.reference and counts[incident.reference.casefold()] == 1]


def _since(day: dt.date, as_of: dt.date) -> str:
    if day >= as_of:
        return "since the last run"
    return "since yesterday" if as_of - day == dt.timedelta(1) else f"since {_day(day)}"


def _day(day: dt.date) -> str:
    return f"{DAYS[day.weekday()]} {day_and_month(day)}"


def remembered(tracker: Tracker, source: Source) -> Memory:
    """Return what a run is to remember of the tracker.

    What is gone since the run before stays in memory until it is back, or a person records that it was removed.
    """
    before, rows = tracker.before, tracker.rows
    pages = {page.name: _page(sheet_id, page) for sheet_id, sheet in rows.sheets.items() for page in sheet.pages}
    for gone in gone_headings(before, rows):
        assert before is not None  # noqa: S101 - or nothing was gone
        old = before.pages[gone.page]
        kept = pages.get(gone.page, PageMemory(gone.sheet, {}, old.others))
        pages[gone.page] = PageMemory(gone.sheet, {**kept.headings, gone.column: gone.heading}, old.others)
    columns = guarded_columns(tracker.rules)
    dates: dict[str, Mapping[str, dt.date]] = {}
    known = {reference.casefold(): days for reference, days in before.dates.items()} if before else {}
    for incident in _once(tracker.incidents):
        days = {column: day for column in columns if (day := incident.date(column))}
        kept_days = known.get(incident.reference.casefold(), {})
        dates[incident.reference] = {
            **{column: day for column, day in kept_days.items() if not incident.has_column(column)},
            **days,
        }
    for reference in gone_references(before, tracker.incidents):
        assert before is not None  # noqa: S101 - or nothing was gone
        dates[reference] = before.dates[reference]
    counts = {
        sheet_id: dict(Counter(record.reference for record in tracker.records[sheet_id] if record.reference))
        for sheet_id in rows.sheets
        if sheet_id != INCIDENTS
    }
    return Memory(
        tracker.as_of,
        source,
        pages,
        dates,
        larger(counts, before.counts if before else {}),
        last_checked(rows.sheets[INCIDENTS]),
    )


def _page(sheet_id: str, page: SheetRows) -> PageMemory:
    ours = {column.id for column in page.sheet.written_by_script()}
    headings = {column: page.heading(column) for column in page.numbers if column not in ours}
    return PageMemory(sheet_id, headings, tuple(page.unknown.values()))


def guarded_columns(rules: Rules) -> tuple[str, ...]:
    """Return the ids of the columns of incidents that start or stop a deadline of law or national guidance."""
    clocks = [clock for clock in rules.clocks_of(INCIDENTS) if clock.basis in _GUARDED]
    return tuple(dict.fromkeys(column for clock in clocks for column in (*clock.anchor, *clock.stop)))
