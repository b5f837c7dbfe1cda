"""Build what a job works with from config.toml and the command line: the settings, the store, the names, the rules."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.adapters.cli.command_line import DEFAULT_CONFIG
from scripts.adapters.settings.clock_settings import ClocksSettings
from scripts.adapters.settings.config import Config, load
from scripts.adapters.storage.local_store import LocalStore
from scripts.adapters.storage.store import Store
from scripts.adapters.workbook.read import Names
from tracker_schema.calendar.working_days import england_and_wales
from tracker_schema.clocks.clocks import Clock, Rules, changed, standard_clocks
from tracker_schema.columns.schema import INCIDENTS, tracker_schema
from tracker_schema.errors import UsageError
from tracker_schema.layouts.layouts import Layout, incident_columns
from tracker_schema.wording import DAYS

if TYPE_CHECKING:
    from tracker_schema.documents.shown import Council


def load_config(options: argparse.Namespace) -> Config:
    """Return the settings in the file after --config, else in config.toml, else the defaults.

    Raises UsageError when the file is wrong, or when the one after --config does not exist.
    """
    path: Path = options.config or DEFAULT_CONFIG
    if options.config is None and not path.exists():
        if path.with_name(f"{path.name}.txt").exists():
            raise UsageError(
                f"The settings are in {path.name}.txt, and have to be in {path.name}.",
                "Take .txt off the name. (In Explorer, View > Show > File name extensions shows it.)",
            )
        return Config()
    columns = {sheet.id: [column.id for column in sheet.column] for sheet in tracker_schema().sheet}
    columns[INCIDENTS] = [column.id for column in incident_columns()]
    has_words = [column for column in incident_columns() if column.type in ("choice", "date") and not column.by_script]
    choices = {column.id: column.choices for column in has_words}
    return load(path, columns, [clock.id for clock in standard_clocks()], choices)


def open_store(config: Config, tracker: Path | None) -> Store:
    """Return the store of the file `tracker` from the command line, else of the configured file or SharePoint.

    Raises UsageError when none is named.
    """
    if tracker is None and config.sharepoint:
        # Loaded here: a local check needs none of its modules.
        from scripts.adapters.storage.sharepoint_store import SharePointStore

        return SharePointStore(config.sharepoint, config.sign_in, names_of(config).columns)
    path = tracker or config.tracker.file
    if path is None:
        raise UsageError(
            "No tracker is named.",
            "Name the workbook with --tracker FILE, or in config.toml (copy config.example.toml) as tracker.file or "
            "under [sharepoint]. To try the program without one, use --demo.",
        )
    return LocalStore(path, copies_folder=config.tracker.copies_folder, copies=config.tracker.copies)


def council_of(config: Config) -> Council:
    """Return the council named on documents, in general words where config.toml does not name it."""
    # Loaded here: only documents need it.
    from tracker_schema.documents.shown import Council

    return Council(**config.council.model_dump(include=set(Council.__dataclass_fields__), exclude_none=True))


def names_of(config: Config) -> Names:
    """Return this council's names for sheets, columns and choices, and the layout of its log."""
    sheets = {
        sheet: [name] if isinstance(name, str) else name or () for sheet, name in config.sheets if name or name is False
    }
    layout = config.layout
    return Names(
        sheets,
        config.columns.model_dump(),
        config.choices,
        Layout(
            layout.kind,
            layout.dates,
            layout.joined_with,
            layout.child_in_reference,
            layout.heading_rows,
            layout.struck_through == "closed",
            config.closed.column or "",
            config.closed.words,
        ),
    )


def rules_of(config: Config) -> Rules:
    """Return the clocks with this council's settings. Raises UsageError when one is switched on without a length."""
    settings = config.clocks
    clocks = [_as_set(clock, settings) for clock in standard_clocks() if _is_on(clock, settings)]
    return Rules(
        england_and_wales(),
        tuple(clocks),
        warn_working_days=settings.warn_working_days,
        care_leavers=settings.care_leavers,
        closures=settings.closure_days,
        start_from=settings.start_from,
        slt_weekday=DAYS.index(config.slt.meets),
    )


def _is_on(clock: Clock, settings: ClocksSettings) -> bool:
    return settings.by_id[clock.id].on if clock.id in settings.by_id else clock.on


def _as_set(clock: Clock, settings: ClocksSettings) -> Clock:
    changes: dict[str, object] = {"count_from": settings.count_from} if settings.count_from else {}
    if clock.id in settings.by_id:
        changes |= settings.by_id[clock.id].model_dump(exclude_none=True)
    if clock.length is None and "length" not in changes:
        raise UsageError(
            f"The settings switch on the clock {clock.id} and give it no length.",
            f"Add a line such as length = 5 below [clocks.{clock.id}], or delete that section.",
        )
    return changed(clock, changes) if changes else clock
