"""Mail: the drafts folder or the transport, the recipients, the ledger, and the jobs of the timetable."""

from __future__ import annotations

import os
from pathlib import Path

from scripts.adapters.doctor.checks import SETTINGS, Answer, Answers, check, fine, refused, warning, wrong
from scripts.adapters.doctor.examined import Examined
from scripts.adapters.doctor.moment import this_computers_time
from scripts.adapters.ledger.database import vanished, was_used
from scripts.adapters.ledger.job_runs import JobRecord
from scripts.adapters.ledger.ledger import Ledger
from scripts.adapters.mail.deliveries import DRAFTS_REMEDY
from scripts.adapters.mail.transport.transport import DidNotGo
from scripts.adapters.schedule.jobs import timetable
from scripts.adapters.schedule.runner import job_statuses
from scripts.adapters.schedule.timer import is_registered
from scripts.adapters.settings.build import rules_of
from scripts.adapters.settings.config import default_drafts_folder
from scripts.adapters.storage.local_disk import not_local
from tracker_schema.errors import MailNotSent, TrackerError
from tracker_schema.wording import counted


@check("Mail", needs=("Settings",), exit_code=SETTINGS)
def transport(examined: Examined) -> Answer | None:
    """Check that mail can be sent by the transport in the settings. Nothing is sent."""
    mail = examined.config.mail
    if refusal := _drafts(examined):
        return refusal
    if mail.transport == "drafts":
        return fine("Mail is put in a folder as drafts.")
    if mail.transport == "graph":
        return fine(f"Mail is sent from {mail.sender}. To try it, use --smoke --interactive, or send a mail.")
    from scripts.adapters.mail.transport.smtp_relay import SmtpRelay

    relay = SmtpRelay(mail)
    try:
        relay.check()
    except DidNotGo as error:
        return refused(error)
    finally:
        relay.close()
    if mail.smtp.security == "none":
        return warning(
            "The mail relay can be reached, but the connection to it is not encrypted.",
            'Set mail.smtp.security = "starttls", if the relay offers it.',
        )
    return fine("The mail relay can be reached, its certificate is trusted, and it accepts this program.")


@check("Calendar", needs=("Settings",), exit_code=SETTINGS)
def calendar(examined: Examined) -> Answer | None:
    """Check that the calendar of the settings can be read; None where there is none. Nothing is changed in it."""
    if examined.config.calendar.mailbox is None:
        return None
    from scripts.adapters.mail.calendar_run import open_calendar

    try:
        found = open_calendar(examined.config, this_computers_time().date()).live()
    except TrackerError as error:
        return refused(error)
    return fine(f"The calendar can be read, and holds {counted(len(found), 'deadline')}. Nothing was tried in it.")


@check("Recipients", needs=("Settings",), exit_code=SETTINGS)
def recipients(examined: Examined) -> Answer | None:
    """Check that each kind of mail has a recipient; None where mail is drafts."""
    if examined.config.mail.transport == "drafts":
        return None
    empty = [name for name, value in examined.config.recipients if not value]
    empty += [] if examined.config.agencies else ["agencies"]
    if empty:
        return warning(
            f"Nobody is named for {', '.join(empty)}, so mail to them is not sent.",
            "Name them in config.toml, under [recipients] and [agencies].",
        )
    return fine("Each kind of mail has a recipient.")


@check("Ledger", needs=("Settings",), exit_code=SETTINGS)
def ledger(examined: Examined) -> Answers:
    """Check that the ledger can be used, and that no message in it is unknown."""
    file = examined.config.ledger.file
    if why := not_local(file):
        return wrong(f"The ledger is {why}.", "Name a file on a disk of this computer as ledger.file in config.toml.")
    if not file.exists() and was_used(file):
        return refused(vanished(file))
    if not file.exists():
        return _may_write(file.parent, "ledger.file") or fine("There is no ledger yet; the first message makes it.")
    if examined.writes_nothing:
        return fine("There is a ledger; with --dry-run it is not opened.")
    try:
        with Ledger(file) as opened:
            unknown = opened.entries(states=["unknown"])
            known = opened.count()
            opened.require_known()
    except MailNotSent as error:
        return refused(error)
    if unknown:
        return warning(
            f"It is not known whether {counted(len(unknown), 'message')} arrived.",
            "Run python -m scripts.ledger --unknown.",
        )
    return fine(f"The ledger holds {counted(known, 'message')}, and the result of each is known.")


@check("Timetable", needs=("Ledger",), exit_code=SETTINGS)
def jobs(examined: Examined) -> Answers:
    """Check that the jobs of run_schedule were done; None where it has not run any."""
    config = examined.config
    if not config.ledger.file.exists() or examined.writes_nothing:
        return None
    with JobRecord(config.ledger.file) as record:
        calendar = rules_of(config).days
        found = job_statuses(timetable(config.schedule), record, calendar, this_computers_time())
    if not any(each.attempts for each in found):
        return None
    failed = [
        warning(f"{each.job} for {each.period} has failed.", each.why or "Run it by hand to see why.")
        for each in found
        if each.has_failed
    ]
    timer = (
        "A timer of this account runs them every 15 minutes."
        if is_registered()
        else "This account has no timer of set_up; something else has to call run_schedule."
    )
    return failed or fine(f"Each job of the timetable is done for its newest day or week, or is due. {timer}")


def _drafts(examined: Examined) -> Answer | None:
    """The answer that drafts are made and cannot be written, or are where nobody looks; None when all is well."""
    config = examined.config
    director = config.reminders.escalate_to_director
    if config.mail.transport != "drafts" and config.mail.to_agencies != "drafts" and director != "drafts":
        return None
    folder = config.drafts_folder(trial=False)
    if refusal := _may_write(folder, "mail.drafts_folder"):
        return refusal
    if config.sharepoint and folder == default_drafts_folder():
        return warning(f"Drafts are put in {folder}, which only this account opens.", DRAFTS_REMEDY)
    return None


def _may_write(folder: Path, setting: str) -> Answer | None:
    """The answer that this account may not write to a folder, which need not exist yet; None when it may."""
    there = next(each for each in (folder, *folder.parents) if each.exists())
    if there.is_dir() and os.access(there, os.W_OK | os.X_OK):
        return None
    return wrong(f"This account may not write to {folder}.", f"Open it to this account, or name another {setting}.")


CHECKS = (transport, calendar, recipients, ledger, jobs)
