"""How the time and memory of a check and of many reminders grow with their rows.

    python -m tests.benchmarks.load [ROWS...]        (by default 250 500 1000; a row has about four reminders)

Each job runs in a process of its own. Prints, for each number of rows, the seconds and megabytes of `check_tracker`
without and with `--json`, and of `send_reminders` with the reminders of each row. Nothing is asserted: machines differ.
"""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.scripts.trackers import PROJECT, incident, save_tracker

DAY = dt.date(2026, 11, 23)
SETTINGS = """
[tracker]
file = "log.xlsx"
copies = 0
[council]
name = "Example Council"
[mail]
allowed_domains = ["agency.example", "council.example"]
drafts_folder = "drafts"
[agencies]
"Example Police" = "police@agency.example"
[recipients]
hos_safeguarding = ["hos@council.example"]
[ledger]
file = "ledger.sqlite3"
"""


def measured(folder: Path, job: str, *options: str) -> tuple[float, float]:
    """Return the seconds and the megabytes that a job took, run in `folder` with its config.toml."""
    begun = time.perf_counter()
    command = [sys.executable, "-m", f"scripts.{job}", "--as-of", DAY.isoformat(), *options]
    environment = os.environ | {"PYTHONPATH": str(PROJECT), "XDG_STATE_HOME": str(folder)}
    process = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    assert status == 0
    return time.perf_counter() - begun, used.ru_maxrss / 1024


def main() -> None:
    """Prints a line for each number of rows."""
    for rows in map(int, sys.argv[1:] or ("250", "500", "1000")):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            log = [
                incident(
                    f"CI-2026-{number:06}", aware_date=DAY - dt.timedelta(days=number % 300), summary="Made up. " * 20
                )
                for number in range(rows)
            ]
            asked = [
                {"reference": row["reference"], "agency": "Example Police", "sent": DAY - dt.timedelta(days=7)}
                for row in log
            ]
            save_tracker(folder / "log.xlsx", log, scoping=[row | {"returned": None} for row in asked])
            (folder / "config.toml").write_text(SETTINGS, "utf-8")
            json = measured(folder, "check_tracker", "--dry-run", "--json")
            plain = measured(folder, "check_tracker", "--dry-run")
            drafts = measured(folder, "send_reminders")
            made = len(list((folder / "drafts").glob("*.eml")))
        print(
            f"{rows:7,} rows: check {plain[0]:.1f} s {plain[1]:.0f} MB; with --json {json[0]:.1f} s {json[1]:.0f} MB; "
            f"send_reminders with {made:,} drafts {drafts[0]:.1f} s {drafts[1]:.0f} MB",
            flush=True,
        )


if __name__ == "__main__":
    main()
