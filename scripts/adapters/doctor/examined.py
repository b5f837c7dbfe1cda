"""The installation that is examined, and what earlier checks have found out for later ones."""

from __future__ import annotations

import datetime as dt
from argparse import Namespace
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from scripts.adapters.cli.terminal import Progress

if TYPE_CHECKING:
    from requests import Session

    from scripts.adapters.graph.calls import Calls
    from scripts.adapters.graph.drive_item import DriveItem
    from scripts.adapters.graph.excel.sessions import ExcelRefused
    from scripts.adapters.settings.config import Config, SignInSettings
    from scripts.adapters.storage.store import Snapshot
    from tracker_schema.incidents.incident import Tracker
    from tracker_schema.incidents.plan import Plan
    from tracker_schema.layouts.rows import WorkbookRows

Ask = Callable[[str], str]


@dataclass
class Examined:
    """The installation that is examined.

    options     of the command line
    as_of       the day on which the jobs would run
    progress    shows which check is running
    ask         asks a person a question and returns the answer; None when nobody is there
    failed      by the name of a check that did not succeed, the name of the check that is the cause
    clean_up    is closed at the end, whatever happens

    Each field after `failed` is set by one check, and used by the checks that need that one.
    """

    options: Namespace
    as_of: dt.date
    progress: Progress
    ask: Ask | None = None
    failed: dict[str, str] = field(default_factory=dict)

    config: Config = field(init=False)
    file: Path = field(init=False)
    snapshot: Snapshot = field(init=False, repr=False)
    rows: WorkbookRows = field(init=False, repr=False)
    tracker: Tracker = field(init=False, repr=False)
    plan: Plan = field(init=False, repr=False)
    session: Session = field(init=False, repr=False)
    service_time: dt.datetime | None = field(init=False, default=None)
    token: str = field(init=False, repr=False)
    rights: frozenset[str] = field(init=False)
    calls: Calls = field(init=False, repr=False)
    place: DriveItem = field(init=False)
    refusal_on_copy: ExcelRefused | None = field(init=False, default=None)
    """How Excel's service refused to change the copy."""
    mode: Literal["cells", "upload"] = field(init=False)
    copy: DriveItem = field(init=False)
    seconds: dict[str, float] = field(default_factory=dict)
    """How long things took."""
    clean_up: ExitStack = field(default_factory=ExitStack)

    @property
    def account(self) -> SignInSettings:
        """The sign-in that is examined: that of the tracker, or of mail where the tracker needs none."""
        in_sharepoint = self.options.tracker is None and self.config.sharepoint
        return self.config.sign_in if in_sharepoint else self.config.mail_account

    @property
    def verbose(self) -> bool:
        """Whether to print tracebacks."""
        return bool(self.options.verbose)

    @property
    def writes_nothing(self) -> bool:
        """Whether no file may be made, not even one that is removed again."""
        return bool(self.options.dry_run)
