"""How the time and memory of a check and of many drafts grow with their rows.

    python -m tests.benchmarks.load [ROWS...]        (by default 1000 2000 4000; the issue's are 100000 and 4000)

Each job runs in a process of its own. Prints, for each number of rows, the seconds and megabytes of `check_tracker
--json` and of as many drafts. Nothing is asserted: machines differ.
"""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.scripts.trackers import incident, save_tracker

DAY = dt.date(2026, 11, 23)
DRAFTS = """
import datetime, pathlib, sys
from scripts.adapters.mail.transport.drafts import Drafts
from scripts.adapters.mail.transport.message import Message, Recipient
drafts = Drafts(pathlib.Path(sys.argv[1]), "OFFICIAL", datetime.date(2026, 11, 23))
for number in range(int(sys.argv[2])):
    to = (Recipient("SLT", "slt@council.example", "recipients.slt"),)
    message = Message("chaser", "2026-11-23", to, f"No. {number}", "Made up.", reference=f"CI-{number}")
    drafts.write(message, [to[0].address])
"""


def measured(arguments: list[str]) -> tuple[float, float]:
    """The seconds and the megabytes that a process took."""
    begun = time.perf_counter()
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    assert status == 0
    return time.perf_counter() - begun, used.ru_maxrss / 1024


def main() -> None:
    """Prints a line for each number of rows."""
    for rows in map(int, sys.argv[1:] or ("1000", "2000", "4000")):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            log = [
                incident(
                    f"CI-2026-{number:06}", aware_date=DAY - dt.timedelta(days=number % 300), summary="Made up. " * 20
                )
                for number in range(rows)
            ]
            tracker = save_tracker(folder / "log.xlsx", log)
            job = [sys.executable, "-m", "scripts.check_tracker", "--tracker", str(tracker), "--as-of", DAY.isoformat()]
            json = measured([*job, "--dry-run", "--json"])
            plain = measured([*job, "--dry-run"])
            drafts = measured([sys.executable, "-c", DRAFTS, str(folder / "drafts"), str(rows)])
        print(
            f"{rows:7,} rows: check {plain[0]:.1f} s {plain[1]:.0f} MB; with --json {json[0]:.1f} s {json[1]:.0f} MB; "
            f"{rows:,} drafts {drafts[0]:.1f} s {drafts[1]:.0f} MB",
            flush=True,
        )


if __name__ == "__main__":
    main()
