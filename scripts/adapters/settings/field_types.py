"""The types of values in config.toml, such as paths, web addresses and ids, each with a problem and a remedy."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, ValidationInfo

from scripts.adapters.settings.errors import WrongValue
from scripts.adapters.settings.paths import typed_path
from scripts.adapters.settings.toml_file import QUOTES
from tracker_schema.wording import DAYS

# The path of a sharing link: /:x:/s/safeguarding/…, x for Excel.
_SHARING_LINK = re.compile(r"/:\w:/")

# Stricter than the standard, so that an address is safe in a header and says where its mail goes: only ASCII; no names,
# quotes, comments or encoded words (=?…?=); no way to another domain (%, !); no letters of other alphabets in a domain
# (xn--), which may look like ours.
_DOMAIN = r"(?=.{4,253}$)(?!(?:.*\.)?xn--)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+"
_LOCAL_PART = r"(?=.{1,64}@)[a-z0-9#$&'*+/^_`{|}~-]+(\.[a-z0-9#$&'*+/^_`{|}~-]+)*"

_LONGEST_SEPARATOR = 5


class Section(BaseModel):
    """A section of config.toml: no unknown names, no value of another type, and frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, str_strip_whitespace=True)


def no_control_characters(value: str) -> str:
    """Return `value`. Raises WrongValue when it contains a tab or a line break."""
    if any(ord(character) < 32 for character in value):
        raise WrongValue("contains a tab or a line break")
    return value


def _path(value: object, info: ValidationInfo) -> Path:
    """The path `value`; one without a drive starts from the folder of config.toml."""
    if isinstance(value, Path):
        return value
    if not isinstance(value, str):
        raise WrongValue("must be text in quotes")
    if not value.strip():
        raise WrongValue("is empty", "Name a path or delete the line.")
    if "-----BEGIN" in value:
        raise WrongValue(
            "is the key or certificate itself", "Save it in a file that only this account can read, and name that file."
        )
    if any(ord(character) < 32 for character in value):
        raise WrongValue("contains a tab or a line break, which is how TOML reads \\t and \\n", QUOTES)
    path = typed_path(value)
    if any(len(os.fsencode(part)) > 255 for part in path.parts):
        raise WrongValue("has a name in it that is longer than 255 letters, the most that a disk takes")
    return (info.context or Path()) / path


def _address(value: str) -> str:
    """A web address that starts with https:// and holds no user, password or port."""
    parts = urlsplit(value)
    if parts.scheme != "https" or not parts.hostname or parts.username or parts.port:
        raise WrongValue("must be a web address that starts with https://, as your browser shows it")
    return value


def _site(value: str) -> str:
    """The address of a site, without a / at its end."""
    path = urlsplit(_address(value)).path
    if _SHARING_LINK.match(path):
        raise WrongValue("is a sharing link", 'Give it as link = "…" instead of site, library and path.')
    if "?" in value or "#" in value or path.casefold().endswith(".aspx"):
        raise WrongValue('must be the site alone, like "https://example.sharepoint.com/sites/safeguarding"')
    return value.rstrip("/")


def _path_in_library(value: str) -> str:
    if "\\" in value or "://" in value:
        raise WrongValue('must be the path within the library, with / between folders, like "Logs/Incidents.xlsx"')
    if not value.casefold().endswith((".xlsx", ".xlsm")):
        raise WrongValue("must end with the workbook's name, .xlsx or .xlsm")
    return value.strip("/")


def _sheets(value: object) -> tuple[str, ...]:
    """The names, or patterns of names, of sheets: one text, or a list of them."""
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
        raise WrongValue('must be the name of a sheet in quotes, or a list of such names, like ["2025", "2026"]')
    if not names or not all(name.strip() for name in names):
        raise WrongValue("is empty", "Give it a value or delete the line.")
    return tuple(name.strip() for name in names)


def _separator(value: object) -> str:
    """The separator between two texts; spaces in it are kept."""
    if not isinstance(value, str):
        raise WrongValue("must be text in quotes")
    if len(value) > _LONGEST_SEPARATOR:
        raise WrongValue(f"must have {_LONGEST_SEPARATOR} characters or fewer")
    return no_control_characters(value)


def _tenant(value: str) -> str:
    if not re.fullmatch(r"[\w-]+(\.[\w-]+)*", value, re.ASCII):
        raise WrongValue("must be the directory (tenant) id of the app registration, or a domain of the council's")
    return value


def _client_id(value: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", value, re.IGNORECASE):
        raise WrongValue("must be the application (client) id of the app registration, 36 characters with four dashes")
    return value


def _mail_address(value: str) -> str:
    if not re.fullmatch(f"{_LOCAL_PART}@{_DOMAIN}", value, re.IGNORECASE | re.ASCII):
        raise WrongValue('must be one e-mail address and nothing else, like "ann.sample@example.gov.uk"')
    return value


def _mail_domain(value: str) -> str:
    if not re.fullmatch(_DOMAIN, value, re.IGNORECASE | re.ASCII):
        raise WrongValue('must be what follows the @ of an address, like "example.gov.uk"')
    return value.lower()


def _host(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?", value, re.IGNORECASE | re.ASCII):
        raise WrongValue('must be the name of a computer, like "relay.example.gov.uk"')
    return value


def _listed(value: object) -> object:
    """`value` if it is a list, else a list of it."""
    if isinstance(value, str):
        return [value]
    if not isinstance(value, list | tuple):
        raise WrongValue('must be a list in square brackets, like ["ann.sample@example.gov.uk"]')
    return value


def _times(value: object) -> object:
    """The times of day in `value`; a single one is a list of one, and “never” is an empty list."""
    if value == "never":
        return ()
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list | tuple):
        raise WrongValue('must be a time in quotes, like "07:30", or a list of them, or "never"')
    return value


def _time(value: str) -> str:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        raise WrongValue('must be a time of day in quotes, with two figures for hours and minutes, like "07:30"')
    return value


def _weekday_and_time(value: str) -> str:
    weekday, _, time = value.partition(" ")
    if value != "never" and (weekday not in DAYS or not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", time)):
        raise WrongValue('must be a weekday and a time, like "Monday 09:00", or "never"')
    return value


Text = Annotated[str, Field(min_length=1)]
Line = Annotated[Text, AfterValidator(no_control_characters)]
PathHere = Annotated[Path, BeforeValidator(_path)]
Separator = Annotated[str, PlainValidator(_separator)]
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
