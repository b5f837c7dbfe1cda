"""The part of config.toml that is about mail: how it goes out, who may get it, and where what was sent is entered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationInfo

from scripts.adapters.settings.error_messages import Problem
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
from scripts.adapters.settings.paths import user_state_folder


def default_drafts_folder() -> Path:
    """The folder for drafts where config.toml names none."""
    return user_state_folder() / "drafts"


def default_ledger() -> Path:
    """The ledger where config.toml names none."""
    return user_state_folder() / "ledger.sqlite3"


def same_name(name: str) -> str:
    """`name` of a person or an agency as such names are compared: capitals and the number of spaces do not count."""
    return " ".join(name.split()).casefold()


def _no_two_alike(table: Mapping[str, str]) -> Mapping[str, str]:
    first: dict[str, str] = {}
    for name in table:
        if not name.strip():
            raise ValueError("has an address without a name; put the name in front of the =")
        if (earlier := first.setdefault(same_name(name), name)) != name:
            raise ValueError(f"has “{earlier}” and “{name}”, which are the same name; keep one of the two")
    return table


def _on_this_computer(path: Path) -> Path:
    if str(path).startswith(("\\\\", "//")):
        raise ValueError("must be on a disk of this computer: on a network share two runs could not be kept apart")
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
        raise ValueError('would send the password of its user in the clear; set security = "starttls" or "tls"')
    return smtp


def _complete(smtp: SmtpSettings, info: ValidationInfo) -> SmtpSettings:
    if info.data.get("transport") == "smtp" and smtp.host is None:
        raise ValueError('needs host for mail.transport = "smtp"')
    return _never_in_the_clear(smtp)


def _who_sends(sender: str | None, info: ValidationInfo) -> str | None:
    transport = info.data.get("transport", "drafts")
    if sender is None and transport != "drafts":
        raise ValueError(f'is needed for mail.transport = "{transport}": the mailbox that mail comes from')
    return sender


class MailSettings(Section):
    """How mail goes out, and which domains it may go to."""

    transport: Literal["drafts", "smtp", "graph"] = "drafts"
    sender: Annotated[MailAddress | None, AfterValidator(_who_sends)] = Field(None, validate_default=True)
    allowed_domains: MailDomains = ()
    drafts_folder: PathHere = Field(default_factory=default_drafts_folder)
    to_agencies: Literal["drafts", "send"] = "drafts"
    smtp: Annotated[SmtpSettings, AfterValidator(_complete)] = Field(SmtpSettings(), validate_default=True)


class RecipientsSettings(Section):
    """Who gets what, besides the agencies."""

    slt: MailAddresses = ()
    hos_safeguarding: MailAddresses = ()
    day_four_meeting: MailAddresses = ()
    business_unit: MailAddresses = ()
    heads_of_service: AddressesByName = Field(default_factory=dict)


class SltSettings(Section):
    """When the Senior Leadership Team meets."""

    meets: Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"] = "Tuesday"


class RemindersSettings(Section):
    """When reminders become more urgent."""

    escalate_after: Annotated[int, Field(ge=1, le=20)] = 3


class LedgerSettings(Section):
    """Where it is entered what was sent, and for how long each message is kept there."""

    file: Annotated[PathHere, AfterValidator(_on_this_computer)] = Field(default_factory=default_ledger)
    keep_days: Annotated[int, Field(ge=31)] = 400


class ScheduleSettings(Section):
    """When run_schedule runs which job, by the clock in London."""

    check_tracker: TimesOfDay = ("06:30", "12:30", "16:30")
    send_reminders: TimesOfDay = ("07:30",)
    weekly_summary: WeekdayAndTime = "Monday 09:00"
    summary_grace: Annotated[int, Field(ge=0, le=4)] = 3


def domain_of(address: str) -> str:
    """What follows the @ of `address`, in small letters."""
    return address.rpartition("@")[2].lower()


def outside_the_domains(
    mail: MailSettings, agencies: Mapping[str, str], recipients: RecipientsSettings
) -> Iterator[Problem]:
    """Each address of the settings that mail may not go to, with where it stands and the remedy."""
    places: list[tuple[tuple[str | int, ...], str]] = [(("agencies", name), each) for name, each in agencies.items()]
    for name, value in recipients:
        if isinstance(value, tuple):
            places += [(("recipients", name, number), each) for number, each in enumerate(value)]
        else:
            places += [(("recipients", name, person), each) for person, each in value.items()]
    for place, address in places:
        if domain_of(address) not in mail.allowed_domains:
            yield place, f"is in {domain_of(address)}, which is not one of mail.allowed_domains; correct one of the two"
