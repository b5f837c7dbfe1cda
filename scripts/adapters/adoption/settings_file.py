"""The settings in a new file; an existing file is never overwritten."""

from __future__ import annotations

import datetime as dt
import difflib
import os
from dataclasses import dataclass
from pathlib import Path

import tomlkit

from scripts.adapters.settings.toml_file import read_text
from scripts.adapters.storage.atomic_write import write_new
from tracker_schema.adoption.question import Answers
from tracker_schema.adoption.settings import Headings, put_in
from tracker_schema.errors import UsageError

_NEW = """\
# Settings of the critical incident tracker. The command adopt_tracker read {tracker}
# and wrote this file; you can change it. config.example.toml explains these and all other settings.


[tracker]
# The tracker workbook. A path without a drive starts from the folder of this file.
{file}


[clocks]
# Steps that were due before this day and are not recorded as done are history, and nobody is reminded of them.
{start}

"""


@dataclass(frozen=True)
class Written:
    """The result of writing the settings.

    path: the new file, None when none was written (a dry run, or the same settings)
    difference: the difference to the existing file, "" when there is none
    """

    path: Path | None
    difference: str


def write_settings(
    config: Path, answers: Answers, headings: Headings, workbook: Path | None, today: dt.date, *, dry_run: bool
) -> Written:
    """Write the settings to the file `config`, or to a new file beside it if `config` exists and differs.

    `answers` and `headings` are what the settings say. `workbook` is the tracker on this computer, None for one in
    SharePoint. `today` is shown as an example of a day to start from. Raises UsageError when the file cannot be
    written.
    """
    existing = read_text(config) if config.exists() else ""
    file = _file_line(workbook, config)
    start = "" if answers.start_from else f"#start_from = {today}"
    new = _NEW.format(tracker=f"“{workbook.name}”" if workbook else "the tracker in SharePoint", file=file, start=start)
    document = tomlkit.parse(existing or new)
    put_in(document, answers, headings)
    text = tomlkit.dumps(document)
    if not existing:
        return Written(None if dry_run else _write(config, text), "")
    if document.unwrap() == tomlkit.parse(existing).unwrap():
        return Written(None, "")
    beside = _free_name(config)
    lines = difflib.unified_diff(existing.splitlines(True), text.splitlines(True), config.name, beside.name)
    return Written(None if dry_run else _write(beside, text), "".join(lines))


def _file_line(workbook: Path | None, config: Path) -> str:
    if workbook is None:
        return "#file = 'C:\\Tracker\\Critical incidents.xlsx'"
    path, folder = workbook.resolve(), config.resolve().parent
    shown = path.relative_to(folder).as_posix() if path.is_relative_to(folder) else str(path)
    if "'" in shown:
        return tomlkit.dumps({"file": shown.replace(os.sep, "/")}).strip()
    return f"file = '{shown}'"


def _free_name(config: Path) -> Path:
    """Return a new name beside `config`."""
    number = 1
    while (beside := config.with_name(f"{config.stem}.proposed{f'-{number}' if number > 1 else ''}.toml")).exists():
        number += 1
    return beside


def _write(path: Path, text: str) -> Path:
    try:
        write_new(path, text.encode(), rights=None)
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written ({error.strerror}).", "Name another place for the settings with --config."
        ) from None
    return path
