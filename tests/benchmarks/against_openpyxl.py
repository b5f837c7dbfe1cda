"""How fast, and in how much memory, the tracker is checked, as ratios to openpyxl's load and save of the same file.

    python -m tests.benchmarks.against_openpyxl                    1,000, 10,000 and 100,000 incidents
    python -m tests.benchmarks.against_openpyxl 1000 10000         these sizes only

For each size a tracker of made-up incidents without status columns is made; then, each in a process of its own:
openpyxl loads and saves it; the check runs for the first time (every status cell new); one row in sixty is edited
(about one status cell in a hundred changes) and the check runs again. Times are of the work, without the start of
Python and the imports; memory is the peak of the whole process, and what the work adds to that of the imports.
Nothing is asserted: machines differ, ratios less.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.scripts.trackers import AS_OF, PROJECT

SIZES = (1_000, 10_000, 100_000)
INCIDENTS_200 = 200


def make(size: int, path: Path) -> None:
    """A tracker of `size` made-up incidents at `path`, with a person's columns only."""
    from openpyxl import Workbook

    from tests.made_up_sample import sample
    from tracker_schema.calendar.working_days import england_and_wales
    from tracker_schema.columns.schema import tracker_schema

    incidents = tracker_schema().sheets["incidents"]
    columns = [column for column in incidents.column if not column.by_script]
    workbook = Workbook(write_only=True)
    page = workbook.create_sheet(incidents.heading)
    page.append(["Log of incidents (made up)"])
    page.append([column.heading for column in columns])
    # Without these nothing is closed or finished, so that there is something to write in every status column.
    open_ended = ("closed", "slt_discussed", "decision_date")
    for row in sample(size, AS_OF, england_and_wales())["incidents"]:
        page.append([None if column.id in open_ended else row.get(column.id) for column in columns])
    workbook.save(path)


def edit(path: Path) -> None:
    """One row in sixty of the tracker at `path` edited by a person, who empties Critical incident form received."""
    from scripts.adapters.workbook.read import Names, read_tracker
    from scripts.adapters.workbook.xlsx import patch

    read = read_tracker(path.read_bytes(), path.name, Names()).sheets["incidents"]
    emptied = {row: {read.numbers["form_received"]: None} for row in read.rows[::60]}
    path.write_bytes(patch(path.read_bytes(), {read.name: emptied}))


def _openpyxl(path: Path) -> int:
    import openpyxl

    before = _peak()
    started = time.perf_counter()
    openpyxl.load_workbook(path).save(path.with_suffix(".saved.xlsx"))
    _report(started, before)
    return 0


def _check(path: Path) -> int:
    from scripts.adapters.settings.config import Config
    from scripts.adapters.storage.local_store import LocalStore
    from scripts.adapters.tracker.checking import check

    before = _peak()
    started = time.perf_counter()
    store = LocalStore(path, copies_folder=path.parent / "copies", copies=1)
    done = check(Config(), store, AS_OF, dry_run=False, progress=lambda stage: None)
    _report(started, before, done.cells_written)
    return 0


def _peak() -> float:
    """The most memory this process has had, in MB. Read from Linux; getrusage would count the parent's at its start."""
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def _report(started: float, before: float, cells: int = 0) -> None:
    seconds = time.perf_counter() - started
    print(json.dumps({"seconds": seconds, "peak": _peak(), "work": _peak() - before, "cells": cells}))


def _run(what: str, path: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.against_openpyxl", what, str(path)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def compare(size: int, folder: Path) -> None:
    """Print one line for each of the first and the later run on `size` incidents."""
    path = folder / f"{size}.xlsx"
    make(size, path)
    repeats = 5 if size <= 1_000 else 3 if size <= 10_000 else 1
    original = path.read_bytes()
    for name in ("first", "later"):
        if name == "later":
            edit(path)
            original = path.read_bytes()
        theirs, ours = [], []
        for _ in range(repeats):
            theirs.append(_run("openpyxl", path))
            path.write_bytes(original)
            ours.append(_run("check", path))
        seconds = [statistics.median(run["seconds"] for run in runs) for runs in (theirs, ours)]
        peaks = [statistics.median(run["peak"] for run in runs) for runs in (theirs, ours)]
        works = [statistics.median(run["work"] for run in runs) for runs in (theirs, ours)]
        print(
            f"{size:>9,} {name:>6} {ours[0]['cells']:>9,.0f} {seconds[0]:>10.2f} {seconds[1]:>8.2f} "
            f"{seconds[0] / seconds[1]:>7.1f} x {peaks[0]:>9.0f} {peaks[1]:>8.0f} {peaks[1] / peaks[0]:>8.2f} "
            f"{works[1] / works[0]:>8.2f} {1e6 * seconds[1] / size:>8.0f}",
            flush=True,
        )


def whole_process(folder: Path) -> None:
    """Print how long the whole command takes on 200 incidents, as a multiple of `python -c "import pandas"`."""
    path = folder / "small.xlsx"
    make(INCIDENTS_200, path)
    original = path.read_bytes()
    environment = os.environ | {"XDG_STATE_HOME": str(folder / "state"), "LOCALAPPDATA": str(folder / "state")}
    job = ["-m", "scripts.check_tracker", "--tracker", str(path), "--as-of", AS_OF.isoformat()]
    times: dict[str, list[float]] = {"pandas": [], "first": [], "later": []}
    for _ in range(7):
        path.write_bytes(original)
        for name, arguments in (("pandas", ["-c", "import pandas"]), ("first", job), ("later", job)):
            started = time.perf_counter()
            command = [sys.executable, *arguments]
            subprocess.run(command, cwd=PROJECT, env=environment, stdout=subprocess.DEVNULL, check=True)
            times[name].append(time.perf_counter() - started)
    pandas, first, later = (statistics.median(times[name]) for name in ("pandas", "first", "later"))
    print(f"\nThe whole command on 200 incidents: import pandas {pandas:.2f} s, ", end="")
    print(f"first run {first:.2f} s ({first / pandas:.2f} x), next run {later:.2f} s ({later / pandas:.2f} x)")


def main(arguments: list[str]) -> int:
    """Compare on the sizes that `arguments` name."""
    if arguments and arguments[0] in ("openpyxl", "check"):
        return (_openpyxl if arguments[0] == "openpyxl" else _check)(Path(arguments[1]))
    with tempfile.TemporaryDirectory() as folder:
        print("incidents    run     cells   openpyxl    check    faster  openpyxl    check  share of share of us a row")
        print("                   written    seconds  seconds            peak MB  peak MB      peak     work")
        for size in [int(size) for size in arguments] or SIZES:
            compare(size, Path(folder))
        whole_process(Path(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
