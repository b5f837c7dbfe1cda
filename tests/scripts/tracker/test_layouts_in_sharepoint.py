"""Logs in other layouts, checked in SharePoint: each sheet's own cells are written, while people work beside them."""

from __future__ import annotations

import contextlib
import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from scripts import check_tracker
from tests.adapters.graph.sharepoint import config_file, put, saved
from tests.scripts.layouts import save_sheets
from tests.scripts.tracker.test_layouts import INCIDENTS, LAYOUTS
from tests.scripts.trackers import AS_OF, cells_of, column_of, told
from tests.servers.graph.server import GraphServer
from tracker_schema.errors import TrackerBusy


@pytest.fixture
def installed(graph: GraphServer, waits: list[float], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The settings of an installation that writes cell by cell."""
    monkeypatch.setenv("TRACKER_CLIENT_SECRET", graph.entra.secret)
    return config_file(graph, tmp_path, mode="cells")


def run(config: Path, capsys: pytest.CaptureFixture[str], as_of: dt.date = AS_OF) -> Any:
    capsys.readouterr()
    assert check_tracker.main(["--config", str(config), "--as-of", as_of.isoformat(), "--json"]) == 0
    return told(capsys.readouterr().out)


@pytest.mark.parametrize("mode", ["cells", "upload"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_each_row_says_what_is_worked_out_for_its_incident(
    layout: str, mode: str, installed: Path, graph: GraphServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheets, settings = LAYOUTS[layout]
    data = save_sheets(tmp_path / "Log.xlsx", sheets).read_bytes()
    before = {name: cells_of(tmp_path / "Log.xlsx", name) for name in sheets}
    item = put(graph, data)
    text = installed.read_text("utf-8").replace("mode = 'cells'", f"mode = '{mode}'")
    installed.write_text(f"{text}\n{settings}", "utf-8")
    found = run(installed, capsys)
    assert len(found["incidents"]) == len(INCIDENTS)
    statuses = {each["reference"]: each["status"] for each in found["incidents"]}
    after = saved(item, tmp_path / "after.xlsx")
    for name, cells in before.items():
        width = len(cells[0])
        assert [row[:width] for row in cells_of(after, name)] == cells
        assert column_of(after, "Status", name) == [statuses[each] for each in column_of(after, "Reference", name)]
    assert run(installed, capsys)["written"]["cells"] == 0


@pytest.mark.parametrize("request_number", [5, 7, 9])
def test_a_sheet_that_is_sorted_in_mid_run(
    request_number: int, installed: Path, graph: GraphServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheets, settings = LAYOUTS["one row per notification"]
    item = put(graph, save_sheets(tmp_path / "Log.xlsx", sheets).read_bytes())
    installed.write_text(installed.read_text("utf-8") + "\n" + settings, "utf-8")
    run(installed, capsys)
    graph.new_run()
    graph.after_request(request_number, lambda: graph.sort_rows(item, "Log", 3, 4, descending=True))
    next_day = AS_OF + dt.timedelta(days=1)
    with contextlib.suppress(TrackerBusy):  # then the next run catches up
        run(installed, capsys, next_day)
    statuses = {each["reference"]: each["status"] for each in run(installed, capsys, next_day)["incidents"]}
    after = saved(item, tmp_path / "after.xlsx")
    references = column_of(after, "Reference", "Log")
    assert references == sorted(references, reverse=True)
    assert column_of(after, "Status", "Log") == [statuses[reference] for reference in references]
