"""The old engine and the new one give the same on random rows. Goes when the old engine goes."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.builders import tracker
from tests.tracker_schema.clocks.random_rows import KINDS_OF_ROWS, cell_and_fact, rules_of, settings_of_councils
from tracker_schema import old_assessment, old_plan
from tracker_schema.assessment import assess as new
from tracker_schema.assessment import plan
from tracker_schema.clocks.clocks import Rules
from tracker_schema.clocks.results import OPEN, State
from tracker_schema.columns.schema import INCIDENTS, tracker_schema
from tracker_schema.errors import TrackerUnusable
from tracker_schema.layouts.combine_sheets import combine_sheets
from tracker_schema.layouts.layouts import CHILD, Layout, with_layout
from tracker_schema.layouts.rows import WorkbookRows

COLUMNS = [column.id for column in tracker_schema().sheets[INCIDENTS].column if not column.by_script]
EXAMPLES = int(os.environ.get("EXAMPLES", "60"))


def day(value: Any) -> dt.date | None:
    return None if str(value) == "NaT" else dt.date.fromisoformat(str(value))


def compare(rows: WorkbookRows, rules: Rules, as_of: dt.date) -> None:
    before = old_assessment.assess(rows, rules, as_of)
    after = new.assess(rows, rules, as_of)
    assert before.sheets.keys() == after.records.keys()
    for sheet_id, sheet in before.sheets.items():
        records = after.records[sheet_id]
        assert len(records) == len(sheet.facts)
        for position, record in enumerate(records):
            old: dict[str, Any] = {}
            for clock_id, reading in sheet.readings.items():
                state = State(reading.state[position])
                if state == State.LEFT_OUT:
                    continue
                days = [day(array[position]) for array in (reading.anchor, reading.due, reading.stopped)]
                left = int(reading.left[position]) if state in OPEN else None
                old[clock_id] = (state, *days, left)
            now = {
                result.clock.id: (result.state, result.anchor, result.due, result.stopped, result.working_days_left)
                for result in record.clocks.values()
            }
            said = {
                column: cells[position]
                for column, cells in rows.sheets[sheet_id].cells.items()
                if cells[position] != ""
            }
            assert old == now, said
            wanted = {column: values[position] for column, values in sheet.status.items()}
            found = dict(record.worked_out)
            assert bool(wanted.pop("data_problems", None)) == bool(found.pop("data_problems", None)), said
            assert wanted == found, said
        key = lambda problem: (  # noqa: E731
            problem.code,
            problem.severity,
            problem.cell,
            problem.row,
            problem.column,
            problem.position,
        )
        assert sorted(map(str, map(key, sheet.problems))) == sorted(map(str, map(key, after.by_sheet[sheet_id])))
        per_record = [
            sorted(problem.code for problem in sheet.problems if problem.position == at) for at in range(len(records))
        ]
        assert per_record == [sorted(problem.code for problem in record.problems) for record in records]
    assert planned(old_plan.plan_writes, before) == planned(plan.plan_writes, after)


def planned(plan_writes: Any, of: Any) -> Any:
    try:
        made = plan_writes(of)
    except TrackerUnusable as error:
        return error.problem.partition(",")[0]
    return made.headings, [write for write in made.cells if write.column != "data_problems"]


FURTHER: Mapping[str, Any] = {
    "reference": st.sampled_from((None, "CI-1", "CI-2", "ci-2", "CI-3", "CI-10", "7", "soon")),
    "review_published": st.sampled_from((None, -2, "soon")),
    "operational_head_told": st.sampled_from((None, -1)),
    "cspr_referred": st.sampled_from((None, None, -3)),
    "team": st.sampled_from((None, "23/11/2026", "North")),
    "decision_reason": st.sampled_from((None, "because", "20/11/2026")),
    "panel_reference": st.sampled_from((None, "22/11/2026")),
}
ROWS = st.lists(
    st.tuples(
        st.one_of(*(st.fixed_dictionaries(kind()) for kind in KINDS_OF_ROWS)), st.fixed_dictionaries(dict(FURTHER))
    ),
    min_size=12,
    max_size=24,
)
dates = st.sampled_from((None, *range(-15, 6), "soon", dt.date(2011, 1, 1)))
references = st.sampled_from((None, "CI-1", "CI-2", "CI-4", "CI-33"))
SCOPING = st.lists(
    st.fixed_dictionaries({"reference": references, "agency": st.just("Police"), "sent": dates, "returned": dates}),
    max_size=12,
)
ACTIONS = st.lists(st.fixed_dictionaries({"reference": references, "due": dates, "done": dates}), max_size=12)


def cells_of(recipe: Mapping[str, Any], as_of: dt.date) -> dict[str, Any]:
    return {column: cell_and_fact(value, as_of)[0] for column, value in recipe.items()}


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(ROWS, SCOPING, ACTIONS, settings_of_councils, st.sets(st.sampled_from(COLUMNS), max_size=8), st.booleans())
def test_the_same_of_random_rows(
    rows: Any, scoping: Any, actions: Any, council: Any, without: set[str], whole: bool
) -> None:
    columns = [column for column in COLUMNS if whole or column == "reference" or column not in without]
    incidents = [
        {column: cell for column, cell in cells_of(one | two, council.as_of).items() if column in columns}
        for one, two in rows
    ]
    read = tracker(
        *incidents,
        columns=columns,
        scoping=[cells_of(row, council.as_of) for row in scoping],
        actions=[cells_of(row, council.as_of) for row in actions],
    )
    compare(read, rules_of(council), council.as_of)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(ROWS, settings_of_councils, st.lists(st.sampled_from((None, 1.0, 2.0, 3.0)), min_size=24, max_size=24))
def test_the_same_of_random_rows_with_children(rows: Any, council: Any, numbers: Any) -> None:
    sheet = tracker_schema().sheets[INCIDENTS]
    laid_out = with_layout(sheet, Layout(), {})
    incidents = []
    for (one, two), number in zip(rows, numbers, strict=False):
        cells = cells_of(one | two, council.as_of)
        incidents.append({**cells, "child_number": "" if number is None else number})
    ids = [*COLUMNS, CHILD]
    plain = tracker(
        *({k: v for k, v in row.items() if k != "child_number"} for row in incidents), columns=COLUMNS
    ).sheets[INCIDENTS]
    from dataclasses import replace

    page = replace(
        plain,
        sheet=laid_out,
        cells={**plain.cells, CHILD: [row["child_number"] for row in incidents]},
        numbers={column: number for number, column in enumerate(ids, 1)},
        headings={**plain.headings, CHILD: "Child"},
        next_column=len(ids) + 1,
    )
    combined = combine_sheets(laid_out, [page], Layout(), date_1904=False)
    compare(WorkbookRows("x.xlsx", {INCIDENTS: combined}), rules_of(council), council.as_of)
