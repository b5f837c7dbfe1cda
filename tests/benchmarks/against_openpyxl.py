"""Time and memory of check_tracker, as ratios to openpyxl's load and save of the same file.

    python -m tests.benchmarks.against_openpyxl                 300, 20,000 and 100,000 incidents
    python -m tests.benchmarks.against_openpyxl 1000 20000      these sizes only

For each size a tracker of made-up incidents without status columns is made. Then come three runs of the job:

    first      every status cell is new
    unchanged  nothing changed since
    edited     a person edited one row in sixty, so about one status cell in a hundred changes

Times and peaks of memory are of whole processes: the start of Python, the imports and the printing included. Small
trackers are compared with `python -c "import pandas"` too. Nothing is asserted: machines differ, ratios less.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.scripts.trackers import AS_OF, PROJECT

SIZES = (300, 20_000, 100_000)
SMALL = 1_000
RUNS = ("first", "unchanged", "edited")
LOAD_AND_SAVE = "import sys, openpyxl; openpyxl.load_workbook(sys.argv[1]).save(sys.argv[1] + '.saved.xlsx')"
THIS = "tests.benchmarks.against_openpyxl"


@dataclass(frozen=True)
class Measured:
    """What a process took: seconds, and its peak of memory in MB."""

    seconds: float
    peak: float


def make(path: Path, size: int) -> None:
    """Write a tracker of `size` made-up incidents, without the columns of the scripts."""
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
    """Empty Critical incident form received in one row of sixty, as a person could."""
    from scripts.adapters.workbook.read import Names, read_tracker
    from scripts.adapters.workbook.xlsx import patch

    read = read_tracker(path.read_bytes(), path.name, Names()).sheets["incidents"]
    emptied = {row: {read.numbers["form_received"]: None} for row in read.rows[::60]}
    path.write_bytes(patch(path.read_bytes(), {read.name: emptied}))


def measure(command: Sequence[str], environment: dict[str, str]) -> Measured:
    """Return what a Python command takes. This process must stay small: a child's peak starts with its parent's."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *command], cwd=PROJECT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert process.stdout is not None
    process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, command
    return Measured(seconds, used.ru_maxrss / 1024)


def median(runs: Sequence[Measured]) -> Measured:
    """Return the median of the times and of the peaks."""
    return Measured(statistics.median(run.seconds for run in runs), statistics.median(run.peak for run in runs))


def compare(size: int, folder: Path) -> None:
    """Print a line for each run of the job on a tracker of `size` incidents."""
    path = folder / f"{size}.xlsx"
    environment = os.environ | {"XDG_STATE_HOME": str(folder / "state"), "LOCALAPPDATA": str(folder / "state")}
    job = ["-m", "scripts.check_tracker", "--tracker", str(path), "--as-of", AS_OF.isoformat()]
    repeats = 7 if size <= SMALL else 3 if size < max(SIZES) else 1
    measure(["-m", THIS, "make", str(path), str(size)], environment)
    for run in RUNS:
        if run == "edited":
            measure(["-m", THIS, "edit", str(path)], environment)
        before = path.read_bytes()
        theirs, ours, pandas = [], [], []
        for _ in range(repeats):
            path.write_bytes(before)
            theirs.append(measure(["-c", LOAD_AND_SAVE, str(path)], environment))
            ours.append(measure(job, environment))
            if size <= SMALL:
                pandas.append(measure(["-c", "import pandas"], environment))
        openpyxl, check = median(theirs), median(ours)
        print(
            f"{size:>9,} {run:>9} {openpyxl.seconds:>9.2f} {check.seconds:>7.2f} "
            f"{openpyxl.seconds / check.seconds:>7.1f} x {openpyxl.peak:>9.0f} {check.peak:>7.0f} "
            f"{check.peak / openpyxl.peak:>8.2f} {1e6 * check.seconds / size:>8.0f}"
            + (f"   {check.seconds / median(pandas).seconds:.2f} x import pandas" if pandas else ""),
            flush=True,
        )


def main(arguments: Sequence[str]) -> int:
    """Compare on the sizes that `arguments` name."""
    if arguments and arguments[0] == "make":
        make(Path(arguments[1]), int(arguments[2]))
        return 0
    if arguments and arguments[0] == "edit":
        edit(Path(arguments[1]))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        print("incidents       run  openpyxl   check    faster  openpyxl   check    share   us a row")
        print("                     seconds seconds             peak MB peak MB  of peak")
        for size in [int(size) for size in arguments] or SIZES:
            compare(size, Path(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
