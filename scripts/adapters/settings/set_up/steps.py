"""What the set-up does besides asking: it runs other jobs, each as a program of its own, with the settings so far."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from scripts.adapters.settings.set_up.draft import Draft
from tracker_schema.errors import UsageError
from tracker_schema.wording import counted

_LEAVE = "stop"


def run_job(job: str, *options: str) -> int:
    """Run a job at this terminal, and return its exit code."""
    sys.stdout.flush()
    command = [sys.executable, "-m", f"scripts.{job}", *options]
    return subprocess.run(command, check=False).returncode  # noqa: S603 - our own program, with options of our own


def sign_in(draft: Draft) -> None:
    """Let the person sign in to Microsoft 365, with the code that is shown. Raises UsageError when that fails."""
    if run_job("login", "--config", str(draft.file)):
        raise UsageError("Nobody is signed in to Microsoft 365.", "Run the set-up again when IT has mended that.")


def adopt(draft: Draft, read: Callable[[str], str] | None, *, certain_only: bool = False) -> None:
    """Find out which heading of the log is which column, and go on with the settings that say so.

    `read` shows a question and returns the answer; without it nobody can be asked, and the page of headings has to be
    confirmed already, unless `certain_only`. Raises UsageError when the headings are not settled.
    """
    options = ["--yes"] if certain_only else []
    while (page := _adopt_once(draft, options)) is not None:
        where = f"Correct {page} in Excel, choose Yes at its top, save it and close it." if page else ""
        if read is None:
            raise UsageError(
                "The headings of the log are not settled yet.", f"{where} Then run the set-up again.".strip()
            )
        print(f"\n{where}".rstrip())
        if page:
            open_for_person(Path(page))
        if read(f"Press Enter when that is done, or type {_LEAVE} to go on another day.").casefold() == _LEAVE:
            raise UsageError("The set-up is not finished.", "Run it again; it goes on with the answers so far.")


def _adopt_once(draft: Draft, options: Sequence[str]) -> str | None:
    """Run adopt_tracker once. Return the page that a person has to correct, "" after an error, None when it is done."""
    draft.save()
    command = [sys.executable, "-m", "scripts.adopt_tracker", "--config", str(draft.file), "--json", *options]
    # What it asks and what is wrong comes on standard error, which the person sees.
    done = subprocess.run(command, stdout=subprocess.PIPE, encoding="utf-8", check=False)  # noqa: S603 - our own program
    if done.returncode:
        return ""
    found = json.loads(done.stdout)
    if "page" in found:
        return str(found["page"])
    if found["settings"]["written"]:
        draft.take_over(Path(found["settings"]["written"]))
    return None


def show_first_run(draft: Draft) -> None:
    """Show what a first run would write and mail. Raises UsageError when the tracker cannot be checked."""
    command = [sys.executable, "-m", "scripts.check_tracker", "--dry-run", "--json", "--config", str(draft.file)]
    done = subprocess.run(command, stdout=subprocess.PIPE, encoding="utf-8", check=False)  # noqa: S603 - as above
    if done.returncode:
        raise UsageError("The tracker cannot be checked with these settings.", "Mend that, and run the set-up again.")
    found = json.loads(done.stdout)
    statuses = Counter(incident["status"] for incident in found["incidents"])
    errors = sum(problem["severity"] == "error" for problem in _problems(found))
    print(f"{counted(len(found['incidents']), 'incident')}: {', '.join(f'{n} {word}' for word, n in statuses.items())}")
    print(f"{counted(errors, 'mistake')} in the data that stop a deadline from being worked out")
    print(f"{counted(len(found['changes']), 'cell')} of the status columns to be written")
    for job in ("send_reminders", "weekly_summary"):
        run_job(job, "--dry-run", "--config", str(draft.file))


def _problems(found: dict[str, Any]) -> list[dict[str, Any]]:
    return [*found["problems"], *(problem for incident in found["incidents"] for problem in incident["problems"])]


def open_for_person(path: Path) -> None:
    """Open a file in the program that people use for it, where the system knows one."""
    if sys.platform == "win32":
        import os

        os.startfile(path)  # noqa: S606 - a page that this program has just made
