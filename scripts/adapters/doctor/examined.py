"""What is examined, and what the checks so far have learnt of it for those that come after."""

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

    from scripts.adapters.graph.calls import Calls, Refused
    from scripts.adapters.graph.drive_item import DriveItem
    from scripts.adapters.settings.config import Config
    from scripts.adapters.storage.store import Snapshot
    from tracker_schema.assessment.plan import Plan
    from tracker_schema.layouts.rows import WorkbookRows
    from tracker_schema.old_assessment import Assessment

Ask = Callable[[str], str]


@dataclass
class Examined:
    """This installation as the command line's `options` name it, on `as_of`.

    `ask` puts a question to a person and gives the answer; None when nobody is there. What follows `failed` is set by
    the check that finds it out, and used by checks that need that one. `clean_up` is closed at the end, whatever
    happens.
    """

    options: Namespace
    as_of: dt.date
    progress: Progress
    ask: Ask | None = None
    failed: dict[str, str] = field(default_factory=dict)
    """By the name of a check that did not succeed: that of the one which is the cause."""

    config: Config = field(init=False)
    file: Path = field(init=False)
    snapshot: Snapshot = field(init=False, repr=False)
    tracker: WorkbookRows = field(init=False, repr=False)
    assessment: Assessment = field(init=False, repr=False)
    plan: Plan = field(init=False, repr=False)
    session: Session = field(init=False, repr=False)
    service_time: dt.datetime | None = field(init=False, default=None)
    token: str = field(init=False, repr=False)
    rights: frozenset[str] = field(init=False)
    calls: Calls = field(init=False, repr=False)
    place: DriveItem = field(init=False)
    refusal_on_copy: Refused | None = field(init=False, default=None)
    """How Excel's service refused to change the copy."""
    mode: Literal["cells", "upload"] = field(init=False)
    copy: DriveItem = field(init=False)
    seconds: dict[str, float] = field(default_factory=dict)
    """How long things took."""
    clean_up: ExitStack = field(default_factory=ExitStack)

    @property
    def verbose(self) -> bool:
        """Whether to show where in the program something went wrong."""
        return bool(self.options.verbose)

    @property
    def writes_nothing(self) -> bool:
        """Whether not even a file that is removed again may be made."""
        return bool(self.options.dry_run)
