"""The demonstration: a tracker of made-up cases, in a folder of its own, that shows what the jobs do."""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path

from scripts.adapters.settings.build import load_config, open_store
from scripts.adapters.settings.config import Config, CouncilSettings
from scripts.adapters.settings.mail_settings import LedgerSettings, MailSettings, RecipientsSettings
from scripts.adapters.storage.local_store import LocalStore
from scripts.adapters.storage.store import Store
from tracker_schema.errors import UsageError
from tracker_schema.working_days import OutsideCalendar, england_and_wales

TRACKER = Path("demo") / "Critical incident tracker (demo).xlsx"
DRAFTS = Path("demo") / "mail"
_LEDGER = Path("demo") / "ledger.sqlite3"
_AGENCIES = (
    *("Police", "Health trust", "Health visiting service", "Primary school", "Secondary school", "Housing service"),
    *("Probation service", "Youth justice service"),
)


def make(as_of: dt.date, sample_of: int | None = None) -> LocalStore:
    """A new tracker of made-up cases whose dates lie around `as_of`, in place of one from an earlier demonstration;
    with `sample_of`, so many plausible incidents of the last years.

    No copies are kept of it. Raises UsageError when it cannot be put there, because somebody has it open, or when
    the bank holidays known do not reach far enough around `as_of`.
    """
    # Making a workbook takes openpyxl, which takes long to load and which no other job needs.
    from scripts.adapters.workbook.new.new_workbook import build
    from tracker_schema.made_up import cases, sample

    days = england_and_wales()
    try:
        content = build(sample(sample_of, as_of, days) if sample_of else cases(as_of, days))
    except OutsideCalendar as error:
        raise UsageError(f"No demonstration can be made around {as_of:%d/%m/%Y}: {error}") from None
    try:
        TRACKER.parent.mkdir(exist_ok=True)
        TRACKER.write_bytes(content)
    except OSError as error:
        raise UsageError(
            f"The demonstration cannot be written to {TRACKER} ({error.strerror}); close it if it is open in Excel."
        ) from None
    return LocalStore(TRACKER, copies_folder=None, copies=0)


def settings() -> Config:
    """The settings of the demonstration: a made-up council whose mail is put in `DRAFTS`, anew each time."""
    _LEDGER.unlink(missing_ok=True)
    return Config(
        council=CouncilSettings(name="Example Council"),
        mail=MailSettings(allowed_domains=("council.example", "agency.example"), drafts_folder=DRAFTS),
        recipients=RecipientsSettings(
            slt=("slt@council.example",),
            hos_safeguarding=("hos.safeguarding@council.example",),
            day_four_meeting=("heads.of.service@council.example",),
            business_unit=("business.unit@council.example",),
            heads_of_service={
                "Head of Service One": "head.one@council.example",
                "Head of Service Two": "head.two@council.example",
            },
        ),
        ledger=LedgerSettings(file=_LEDGER),
        agencies={name: f"{name.lower().replace(' ', '.')}@agency.example" for name in _AGENCIES},
    )


def settings_and_store(options: argparse.Namespace, as_of: dt.date) -> tuple[Config, Store]:
    """What a job that mails works with: with --demo that of the demonstration, else what the `options` and config.toml
    say. Raises UsageError as `make`, `load_config` and `open_store` do.
    """
    if options.demo:
        return settings(), make(as_of)
    config = load_config(options)
    return config, open_store(config, options.tracker)
