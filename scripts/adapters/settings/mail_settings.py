"""The settings for mail: its transport, its recipients, the ledger and the schedule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationInfo

from scripts.adapters.settings.errors import Mistake, WrongValue
from scripts.adapters.settings.field_types import (
    Host,
    Line,
    MailAddress,
    MailAddresses,
    MailDomains,
    PathHere,
    Section,
    TimesOfDay,
    WeekdayAndTime,
)
from scripts.adapters.settings.paths import is_on_a_share, user_state_folder


def default_ledger() -> Path:
    """Return the default file of the ledger."""
    return user_state_folder() / "ledger.sqlite3"


def same_name(name: str) -> str:
    """Return `name`, of a person or an agency, as such names are compared: without capitals or double spaces."""
    return " ".join(name.split()).casefold()


def _no_two_alike(table: Mapping[str, str]) -> Mapping[str, str]:
    first: dict[str, str] = {}
    for name in table:
        if not name.strip():
            raise WrongValue("has an address without a name", "Put the name in front of the =.")
        if (earlier := first.setdefault(same_name(name), name)) != name:
            raise WrongValue(f"has “{earlier}” and “{name}”, which are the same name", "Keep one of the two.")
    return table


def _on_this_computer(path: Path) -> Path:
    if not path.name:
        raise WrongValue("must be the name of a file, and is a folder")
    if is_on_a_share(path):
        raise WrongValue(
            "is on a network share, where two runs at the same time cannot be prevented",
            "Name a file on this computer.",
        )
    return path


AddressesByName = Annotated[Mapping[str, MailAddress], AfterValidator(_no_two_alike)]
Agencies = AddressesByName


class SmtpSettings(Section):
    """The council's mail relay; the password of `user` is not kept here."""

    host: Host | None = None
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: Line | None = None


def _never_in_the_clear(smtp: SmtpSettings) -> SmtpSettings:
    if smtp.user is not None and smtp.security == "none":
        raise WrongValue("would send its user's password without encryption", 'Set security = "starttls" or "tls".')
    return smtp


def _complete(smtp: SmtpSettings, info: ValidationInfo) -> SmtpSettings:
    if info.data.get("transport") == "smtp" and smtp.host is None:
        raise WrongValue('needs host for mail.transport = "smtp"')
    return _never_in_the_clear(smtp)


def _who_sends(sender: str | None, info: ValidationInfo) -> str | None:
    transport = info.data.get("transport", "drafts")
    if sender is None and transport != "drafts":
        raise WrongValue(f'is needed for mail.transport = "{transport}"', "Name the mailbox that mail comes from.")
    return sender


class MailSettings(Section):
    """The transport of mail, and the domains it may go to."""

    transport: Literal["drafts", "smtp", "graph"] = "drafts"
    sender: Annotated[MailAddress | None, AfterValidator(_who_sends)] = Field(None, validate_default=True)
    allowed_domains: MailDomains = ()
    drafts_folder: PathHere | None = None
    to_agencies: Literal["drafts", "send"] = "drafts"
    smtp: Annotated[SmtpSettings, AfterValidator(_complete)] = Field(SmtpSettings(), validate_default=True)


class CalendarSettings(Section):
    """The mailbox of the tracker's own in whose calendar the deadlines are kept; None for none."""

    mailbox: MailAddress | None = None


class RecipientsSettings(Section):
    """The recipients of each kind of mail, besides the agencies."""

    slt: MailAddresses = ()
    hos_safeguarding: MailAddresses = ()
    day_four_meeting: MailAddresses = ()
    business_unit: MailAddresses = ()
    director: MailAddresses = ()
    heads_of_service: AddressesByName = Field(default_factory=dict)


class SltSettings(Section):
    """The weekday on which the Senior Leadership Team meets."""

    meets: Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"] = "Tuesday"


class RemindersSettings(Section):
    """When the daily list is sent, the number of working days after which a late return is escalated, and whether the
    Director is told of a statutory date that passes.
    """

    daily_list: Literal["news", "always"] = "news"
    escalate_after: Annotated[int, Field(ge=1, le=20)] = 3
    escalate_to_director: Literal["drafts", "send", "off"] = "drafts"


class LedgerSettings(Section):
    """The file of the ledger, and for how many days each message is kept there."""

    file: Annotated[PathHere, AfterValidator(_on_this_computer)] = Field(default_factory=default_ledger)
    keep_days: Annotated[int, Field(ge=31)] = 400

    def file_of(self, *, trial: bool) -> Path:
        """Return the file of the ledger; that of a `trial`, such as a run with --tracker, is beside the real one."""
        return self.file.with_name(f"trial-{self.file.name}") if trial else self.file


class ScheduleSettings(Section):
    """The times at which run_schedule runs each job, in London time."""

    check_tracker: TimesOfDay = ("06:30", "12:30", "16:30")
    send_reminders: TimesOfDay = ("07:30",)
    weekly_summary: WeekdayAndTime = "Monday 09:00"
    summary_grace: Annotated[int, Field(ge=0, le=4)] = 3


def domain_of(address: str) -> str:
    """Return the part of `address` after the @, in small letters."""
    return address.rpartition("@")[2].lower()


def outside_the_domains(
    mail: MailSettings, agencies: Mapping[str, str], recipients: RecipientsSettings
) -> Iterator[Mistake]:
    """Yield a mistake for each address whose domain is not in `mail.allowed_domains`."""
    places: list[tuple[tuple[str | int, ...], str]] = [(("agencies", name), each) for name, each in agencies.items()]
    for name, value in recipients:
        if isinstance(value, tuple):
            places += [(("recipients", name, number), each) for number, each in enumerate(value)]
        else:
            places += [(("recipients", name, person), each) for person, each in value.items()]
    for place, address in places:
        if domain_of(address) not in mail.allowed_domains:
            problem = f"is in {domain_of(address)}, which is not one of mail.allowed_domains"
            yield Mistake(place, problem, "Correct one of the two.")
