"""The settings in a new file; an existing file is never overwritten."""

from __future__ import annotations

import datetime as dt
import difflib
import os
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.adapters.settings.toml_file import read_text
from scripts.adapters.storage.atomic_write import write_new
from tracker_schema.adoption.settings import Settings, merged
from tracker_schema.errors import UsageError

_HEAD = """\
# Settings of the critical incident tracker. The command adopt_tracker read {tracker}
# and wrote this file; you can change it. config.example.toml explains these and all other settings.


[tracker]

# The tracker workbook. A path without a drive starts from the folder of this file.
{file}
"""

_CLOCKS = """

[clocks]

# Steps that were due before this day and are not recorded as done are history, and nobody is reminded of them.
"""


@dataclass(frozen=True)
class Written:
    """The result of writing the settings.

    path: the new file, None when none was written (a dry run, or the same settings)
    difference: the difference to the existing file, "" when there is none
    """

    path: Path | None
    difference: str


def write_settings(config: Path, settings: Settings, workbook: Path | None, clocks: str, *, dry_run: bool) -> Written:
    """Write `settings` to the file `config`, or to a new file beside it if `config` exists and differs.

    `workbook` is the tracker on this computer, None for one in SharePoint. `clocks` is the text of `clocks_text`, which
    only settings without [clocks] take. Raises UsageError when the file cannot be
    written.
    """
    sections = settings.text()
    if not config.exists():
        head = _HEAD.format(tracker=_named(workbook), file=_file_line(workbook, config))
        text = f"{head}\n\n{sections}{clocks}"
        return Written(None if dry_run else _write(config, text), "")
    existing = read_text(config)
    text = merged(existing, sections)
    if not re.search(r"^[ \t]*\[clocks[\].]", existing, re.MULTILINE) and "\n#start_from" not in clocks:
        text += clocks
    _refuse_unless_it_loads(text, config)
    if text.split() == existing.split():
        return Written(None, "")
    beside = _free_name(config)
    difference = "".join(
        difflib.unified_diff(existing.splitlines(True), text.splitlines(True), config.name, beside.name)
    )
    return Written(None if dry_run else _write(beside, text), difference)


def clocks_text(start_from: dt.date | None, today: dt.date, not_kept: Sequence[str]) -> str:
    """Return the section [clocks]: the day to start from, and the clocks that this council does not use.

    Without a day there is a comment with `today`.
    """
    day = f"start_from = {start_from}" if start_from else f"#start_from = {today}"
    return f"{_CLOCKS}{day}\n" + "".join(f"\n[clocks.{clock}]\non = false\n" for clock in not_kept)


def _refuse_unless_it_loads(text: str, config: Path) -> None:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise UsageError(
            f"{config} has sheets, columns or choices outside the sections [sheets], [columns] and [choices], so they "
            "cannot be replaced.",
            "Put them below such headings, or name another file with --config.",
        ) from None


def _named(workbook: Path | None) -> str:
    return f"“{workbook.name}”" if workbook else "the tracker in SharePoint"


def _file_line(workbook: Path | None, config: Path) -> str:
    if workbook is None:
        return "#file = 'C:\\Tracker\\Critical incidents.xlsx'"
    path = workbook.resolve()
    folder = config.resolve().parent
    shown = path.relative_to(folder).as_posix() if path.is_relative_to(folder) else str(path)
    if "'" in shown:
        return f'file = "{shown.replace(os.sep, "/")}"'
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
