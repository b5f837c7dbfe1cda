"""Jobs in processes of their own: forks of one that has loaded the modules, since to load them takes a second."""

from __future__ import annotations

import importlib
import multiprocessing
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from scripts.adapters.cli import command_line
from tests.scripts.run_here import Done

# The jobs, and what they load when they need it.
LOADED = (
    *("scripts.check_tracker", "scripts.doctor", "scripts.send_reminders", "scripts.adapters.storage.sharepoint_store"),
    *("docxtpl", "msal", "office365.graph_client", "truststore"),
)


def run_forked(job: str, *arguments: object, folder: Path, environment: Mapping[str, str]) -> Done:
    """Run a job in `folder`, where what it prints is kept. It waits as it does in earnest; only its clock does not."""
    forks = multiprocessing.get_context("forkserver")
    forks.set_forkserver_preload([__name__, *LOADED])
    printed = (folder / "stdout", folder / "stderr")
    process = forks.Process(target=_run, args=(job, [*map(str, arguments)], folder, dict(environment), printed))
    process.start()
    process.join(120)
    assert process.exitcode is not None, "the job has not ended"
    return Done(process.exitcode, *(path.read_text("utf-8") for path in printed))


def _run(job: str, arguments: list[str], folder: Path, environment: dict[str, str], printed: tuple[Path, Path]) -> None:
    for number, path in enumerate(printed, 1):
        with path.open("wb") as file:
            os.dup2(file.fileno(), number)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = [job, *arguments]
    time.sleep = lambda _seconds: None
    command_line.run(importlib.import_module(f"scripts.{job}").main)
