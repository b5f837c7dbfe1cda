"""The demonstration: a tracker of made-up cases in the folder demo/, to try the jobs on."""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path

from scripts.adapters.settings.build import load_config, open_store
from scripts.adapters.settings.config import Config, CouncilSettings
from scripts.adapters.settings.mail_settings import LedgerSettings, MailSettings, RecipientsSettings
from scripts.adapters.storage.atomic_write import write_over
from scripts.adapters.storage.local_store import LocalStore
from scripts.adapters.storage.store import Store
from tracker_schema.calendar.working_days import OutsideCalendar, england_and_wales
from tracker_schema.errors import UsageError

TRACKER = Path("demo") / "Critical incident tracker (demo).xlsx"
DRAFTS = Path("demo") / "mail"
_LEDGER = Path("demo") / "ledger.sqlite3"
_AGENCIES = (
    *("Police", "Health trust", "Health visiting service", "Primary school", "Secondary school", "Housing service"),
    *("Probation service", "Youth justice service"),
)


def make(as_of: dt.date) -> LocalStore:
    """Make a tracker of made-up cases with dates around `as_of`, and return where it is stored.

    It replaces the tracker of an earlier demonstration, and no backups are kept. Raises UsageError when the file cannot
    be written (somebody may have it open), or when the known bank holidays do not reach far enough around `as_of`.
    """
    # Making a workbook takes openpyxl, which takes long to load and which no other job needs.
    from scripts.adapters.workbook.new.new_workbook import build
    from tracker_schema.made_up import cases

    try:
        content = build(cases(as_of, england_and_wales()))
    except OutsideCalendar:
        raise UsageError(
            f"The demonstration cannot be made for {as_of:%d/%m/%Y}: too few bank holidays around that day are known.",
            "Choose another day with --as-of.",
        ) from None
    try:
        TRACKER.parent.mkdir(exist_ok=True)
        write_over(TRACKER, content, rights=None)
    except OSError as error:
        raise UsageError(
            f"The demonstration cannot be written to {TRACKER} ({error.strerror}).", "If it is open in Excel, close it."
        ) from None
    return LocalStore(TRACKER, copies_folder=None, copies=0)


def settings() -> Config:
    """Return the settings of a made-up council, whose mail goes to the folder `DRAFTS`; its ledger starts empty."""
    from scripts.adapters.ledger.database import forget

    forget(_LEDGER)
    return Config(
        council=CouncilSettings(name="Example Council"),
        mail=MailSettings(allowed_domains=("council.example", "agency.example"), drafts_folder=DRAFTS),
        recipients=RecipientsSettings(
            slt=("slt@council.example",),
            hos_safeguarding=("hos.safeguarding@council.example",),
            day_four_meeting=("heads.of.service@council.example",),
            business_unit=("business.unit@council.example",),
            director=("director@council.example",),
            heads_of_service={
                "Head of Service One": "head.one@council.example",
                "Head of Service Two": "head.two@council.example",
            },
        ),
        ledger=LedgerSettings(file=_LEDGER),
        agencies={name: f"{name.lower().replace(' ', '.')}@agency.example" for name in _AGENCIES},
    )


def settings_and_store(options: argparse.Namespace, as_of: dt.date) -> tuple[Config, Store]:
    """Return the settings and the store of a job that sends mail.

    With --demo in `options` they are those of the demonstration around `as_of`; otherwise those of config.toml. Raises
    UsageError as `make`, `load_config` and `open_store` do.
    """
    if options.demo:
        return settings(), make(as_of)
    config = load_config(options)
    return config, open_store(config, options.tracker)
