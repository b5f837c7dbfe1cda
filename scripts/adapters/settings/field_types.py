"""The kinds of values that config.toml may hold: texts, paths, web addresses and ids, each refused with its remedy."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, ValidationInfo

from scripts.adapters.settings.error_messages import QUOTES
from tracker_schema.wording import DAYS

# Of a file that was shared: /:x:/s/safeguarding/…, x for Excel.
_SHARING_LINK = re.compile(r"/:\w:/")

# As strict as a header is safe: no names, no quotes, no comments, and nothing but ASCII.
_DOMAIN = r"(?=.{4,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+"
_LOCAL_PART = r"(?=.{1,64}@)[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"

_LONGEST_JOINT = 5


class Section(BaseModel):
    """A section of config.toml: every name known, no value of another type, nothing changed after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, str_strip_whitespace=True)


def no_control_characters(value: str) -> str:
    """`value`. Raises ValueError when it has a tab or a line break in it."""
    if any(ord(character) < 32 for character in value):
        raise ValueError("has a tab or a line break in it")
    return value


def _path(value: object, info: ValidationInfo) -> Path:
    """The path that `value` names, seen from the folder of config.toml."""
    if isinstance(value, Path):
        return value
    if not isinstance(value, str):
        raise ValueError("must be text in quotes")
    if not value.strip():
        raise ValueError("is empty; name a path or delete the line")
    if "-----BEGIN" in value:
        raise ValueError("is the thing itself; save it in a file that only this account can read, and name that file")
    if any(ord(character) < 32 for character in value):
        raise ValueError(f"has a tab or a line break in it, for so TOML reads \\t and \\n; {QUOTES}")
    if "://" in value:
        raise ValueError(
            "is a web address; name a file on this computer, or in a folder that OneDrive keeps in step "
            "(a tracker in SharePoint goes under [sharepoint])"
        )
    try:
        return (info.context or Path()) / Path(value.strip()).expanduser()
    except RuntimeError:
        raise ValueError("starts with ~, but the home folder of that user is not known; write it in full") from None


def _address(value: str) -> str:
    """A web address, without what people copy along with it."""
    parts = urlsplit(value)
    if parts.scheme != "https" or not parts.hostname or parts.username or parts.port:
        raise ValueError("must be a web address that starts with https://, as your browser shows it")
    return value


def _site(value: str) -> str:
    """The address of a site, without a solidus at its end."""
    path = urlsplit(_address(value)).path
    if _SHARING_LINK.match(path):
        raise ValueError('is a sharing link; give it as link = "…" instead of site, library and path')
    if "?" in value or "#" in value or path.casefold().endswith(".aspx"):
        raise ValueError('must be the site alone, like "https://example.sharepoint.com/sites/safeguarding"')
    return value.rstrip("/")


def _path_in_library(value: str) -> str:
    if "\\" in value or "://" in value:
        raise ValueError('must be the path within the library, with / between folders, like "Logs/Incidents.xlsx"')
    if not value.casefold().endswith((".xlsx", ".xlsm")):
        raise ValueError("must end with the workbook's name, .xlsx or .xlsm")
    return value.strip("/")


def _sheets(value: object) -> tuple[str, ...]:
    """The names, or patterns of names, of sheets: one text, or a list of them."""
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
        raise ValueError('must be the name of a sheet in quotes, or a list of such names, like ["2025", "2026"]')
    if not names or not all(name.strip() for name in names):
        raise ValueError("is empty; give it a value or delete the line")
    return tuple(name.strip() for name in names)


def _joint(value: object) -> str:
    """What stands between two texts that are joined; a space is a space here."""
    if not isinstance(value, str):
        raise ValueError("must be text in quotes")
    if len(value) > _LONGEST_JOINT:
        raise ValueError(f"must have {_LONGEST_JOINT} characters or fewer")
    return no_control_characters(value)


def _tenant(value: str) -> str:
    if not re.fullmatch(r"[\w-]+(\.[\w-]+)*", value, re.ASCII):
        raise ValueError("must be the directory (tenant) id of the app registration, or a domain of the council's")
    return value


def _client_id(value: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", value, re.IGNORECASE):
        raise ValueError("must be the application (client) id of the app registration, 36 characters with four dashes")
    return value


def _mail_address(value: str) -> str:
    if not re.fullmatch(f"{_LOCAL_PART}@{_DOMAIN}", value, re.IGNORECASE):
        raise ValueError('must be one e-mail address and nothing else, like "ann.sample@example.gov.uk"')
    return value


def _mail_domain(value: str) -> str:
    if not re.fullmatch(_DOMAIN, value, re.IGNORECASE):
        raise ValueError('must be what follows the @ of an address, like "example.gov.uk"')
    return value.lower()


def _host(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?", value, re.IGNORECASE):
        raise ValueError('must be the name of a computer, like "relay.example.gov.uk"')
    return value


def _listed(value: object) -> object:
    """The list that `value` is, or the list of one that it stands for."""
    if isinstance(value, str):
        return [value]
    if not isinstance(value, list | tuple):
        raise ValueError('must be a list in square brackets, like ["ann.sample@example.gov.uk"]')
    return value


def _times(value: object) -> object:
    """The times of day that `value` lists; one is a list of one, and “never” is an empty list."""
    if value == "never":
        return ()
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list | tuple):
        raise ValueError('must be a time in quotes, like "07:30", or a list of them, or "never"')
    return value


def _time(value: str) -> str:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        raise ValueError('must be a time of day in quotes, with two figures for hours and minutes, like "07:30"')
    return value


def _weekday_and_time(value: str) -> str:
    weekday, _, time = value.partition(" ")
    if value != "never" and (weekday not in DAYS or not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", time)):
        raise ValueError('must be a weekday and a time, like "Monday 09:00", or "never"')
    return value


Text = Annotated[str, Field(min_length=1)]
Line = Annotated[Text, AfterValidator(no_control_characters)]
PathHere = Annotated[Path, BeforeValidator(_path)]
Joint = Annotated[str, PlainValidator(_joint)]
Sheets = Annotated[tuple[str, ...], BeforeValidator(_sheets)]
Site = Annotated[Line, AfterValidator(_site)]
SharingLink = Annotated[Line, AfterValidator(_address)]
PathInLibrary = Annotated[Line, AfterValidator(_path_in_library)]
Tenant = Annotated[Line, AfterValidator(_tenant)]
ClientId = Annotated[Line, AfterValidator(_client_id)]
MailAddress = Annotated[Line, AfterValidator(_mail_address)]
MailAddresses = Annotated[tuple[MailAddress, ...], BeforeValidator(_listed), Field(strict=False)]
MailDomain = Annotated[Line, AfterValidator(_mail_domain)]
MailDomains = Annotated[tuple[MailDomain, ...], BeforeValidator(_listed), Field(strict=False)]
Host = Annotated[Line, AfterValidator(_host)]
TimesOfDay = Annotated[tuple[Annotated[str, AfterValidator(_time)], ...], BeforeValidator(_times), Field(strict=False)]
WeekdayAndTime = Annotated[str, AfterValidator(_weekday_and_time)]
CountFrom = Annotated[int, Field(ge=0, le=1)]
