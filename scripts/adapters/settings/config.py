"""The settings of this installation, from `config.toml`.

`Config()` is complete: every setting has a default, so that a job runs with `--tracker FILE` and no config.toml.
None means the value of the schema. config.example.toml explains each setting.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, ValidationInfo

from scripts.adapters.settings.clock_settings import ClockSettings, ClocksSettings
from scripts.adapters.settings.documents_settings import DocumentsSettings, ReturnsSettings
from scripts.adapters.settings.error_messages import ANY_NAME, check
from scripts.adapters.settings.errors import Mistake, WrongValue
from scripts.adapters.settings.field_types import (
    ClientId,
    Line,
    PathHere,
    PathInLibrary,
    Section,
    SharingLink,
    Site,
    Tenant,
    Text,
    no_control_characters,
)
from scripts.adapters.settings.layout_settings import ClosedSettings, LayoutSettings, SheetNames, sheets_of_the_layout
from scripts.adapters.settings.mail_settings import (
    Agencies,
    CalendarSettings,
    LedgerSettings,
    MailSettings,
    RecipientsSettings,
    RemindersSettings,
    ScheduleSettings,
    SltSettings,
    outside_the_domains,
)
from scripts.adapters.settings.paths import user_state_folder
from scripts.adapters.settings.toml_file import read_text
from scripts.adapters.settings.toml_lines import Place
from tracker_schema.layouts.layouts import DATE, PER_NOTIFICATION, SHEET_PER_TYPE, TYPE, layout_schema


def default_drafts_folder() -> Path:
    """Return the folder for drafts that only this account opens."""
    return user_state_folder() / "drafts"


DRAFTS_BESIDE = "Drafts of e-mails"
"""The folder for drafts beside a tracker on a disk."""


def default_copies_folder() -> Path:
    """Return the default folder for copies of the tracker."""
    return user_state_folder() / "copies"


def _outside_the_trackers_folder(folder: Path, info: ValidationInfo) -> Path:
    tracker: Path | None = info.data.get("file")
    if tracker is not None and folder.resolve().is_relative_to(tracker.resolve().parent):
        raise WrongValue(
            "is in the tracker's own folder, where everyone who sees the tracker would see its old copies too",
            "Name a folder elsewhere.",
        )
    return folder


class CouncilSettings(Section):
    """The names of the council and its partnership, and the marking of e-mails and documents ("" for none)."""

    name: Line | None = None
    partnership: Line | None = None
    marking: Annotated[str, AfterValidator(no_control_characters)] = "OFFICIAL-SENSITIVE"


class TrackerSettings(Section):
    """The workbook, the folder for copies of its earlier versions, and whether our columns get colours."""

    file: PathHere | None = None
    copies_folder: Annotated[PathHere, AfterValidator(_outside_the_trackers_folder)] = Field(
        default_factory=default_copies_folder
    )
    copies: Annotated[int, Field(ge=0)] = 30
    status_colours: bool = False


class SharePointSettings(Section):
    """The workbook in SharePoint: a site, a library and a path; or a sharing link; or ids."""

    site: Site | None = None
    library: Line = "Documents"
    path: PathInLibrary | None = None
    link: SharingLink | None = None
    drive: Line | None = None
    item: Line | None = None
    mode: Literal["auto", "cells", "upload"] = "auto"
    checked_on_days: Annotated[int, Field(ge=1, le=31)] = 7
    compare_downloads: bool = True

    def __bool__(self) -> bool:
        how = {"mode", "checked_on_days", "compare_downloads"}
        return self.model_dump(exclude=how) != SharePointSettings().model_dump(exclude=how)


class SignInSettings(Section):
    """The account that signs in to Microsoft 365. Its secrets are not kept here."""

    method: Literal["certificate", "secret", "device"] = "certificate"
    tenant: Tenant | None = None
    client_id: ClientId | None = None
    certificate: PathHere | None = None
    private_key: PathHere | None = None

    def missing(self) -> str | None:
        """Return the name of the first setting that `method` needs and that is missing; None when there is none."""
        needed: dict[str, object] = {"tenant": self.tenant, "client_id": self.client_id}
        if self.method == "certificate":
            needed["certificate"] = self.certificate
        return next((name for name, value in needed.items() if value is None), None)


def _no_such_column(value: object) -> object:
    if value is True:
        raise WrongValue("must be your heading in quotes, or false where your workbook has no such column")
    if isinstance(value, str) and not value.strip():
        raise WrongValue("is empty", "Give it a value or delete the line.")
    return "" if value is False else value


Heading = Annotated[str, BeforeValidator(_no_such_column)]


class ColumnHeadings(Section):
    """For each sheet, this council's headings by column id; "" for a column that the workbook does not have."""

    incidents: Mapping[str, Heading] = Field(default_factory=dict)
    scoping: Mapping[str, Heading] = Field(default_factory=dict)
    actions: Mapping[str, Heading] = Field(default_factory=dict)
    documents: Mapping[str, Heading] = Field(default_factory=dict)
    slt: Mapping[str, Heading] = Field(default_factory=dict)


def _one_place(sharepoint: SharePointSettings, info: ValidationInfo) -> SharePointSettings:
    if not sharepoint:
        return sharepoint
    tracker: TrackerSettings | None = info.data.get("tracker")
    if tracker is not None and tracker.file is not None:
        raise WrongValue("names a tracker, and so does tracker.file", "Keep one of the two.")
    by_path = sharepoint.site is not None or sharepoint.path is not None
    if sharepoint.drive is not None or sharepoint.item is not None:
        if by_path or sharepoint.link is not None:
            raise WrongValue("has a drive or item, and also a link, site or path", "Keep one or the other.")
        if sharepoint.drive is None or sharepoint.item is None:
            raise WrongValue("needs both drive and item", f"Add {'drive' if sharepoint.drive is None else 'item'}.")
    elif sharepoint.link is not None:
        if by_path:
            raise WrongValue("has a link, and also a site or path", "Keep one or the other.")
    elif sharepoint.site is None or sharepoint.path is None:
        missing = "site" if sharepoint.site is None else "path"
        raise WrongValue("needs site and path, or a link, or drive and item", f"Add {missing}.")
    return sharepoint


def _for_an_app(sign_in: SignInSettings) -> SignInSettings:
    if sign_in == SignInSettings():
        return sign_in
    if sign_in.method == "device":
        raise WrongValue("is the sign-in of an app, so its method cannot be device", "Use a certificate.")
    if missing := sign_in.missing():
        raise WrongValue(f'needs {missing} for signing in with method = "{sign_in.method}"')
    return sign_in


def _complete(sign_in: SignInSettings, info: ValidationInfo) -> SignInSettings:
    mail: MailSettings | None = info.data.get("mail")
    for_mail: SignInSettings = info.data.get("mail_sign_in") or SignInSettings()
    if sign_in.method == for_mail.method == "secret" and sign_in.client_id != for_mail.client_id:
        raise WrongValue(
            "and mail_sign_in both have a client secret, and only one can be stored",
            'Set method = "certificate" in one of them.',
        )
    calendar: CalendarSettings = info.data.get("calendar") or CalendarSettings()
    mailbox = calendar.mailbox or (mail is not None and mail.transport == "graph")
    by_graph = mailbox and for_mail == SignInSettings()
    wanted = info.data.get("sharepoint") or by_graph or sign_in != SignInSettings()
    if wanted and (missing := sign_in.missing()):
        raise WrongValue(f'needs {missing} for signing in with method = "{sign_in.method}"')
    return sign_in


def _columns_of_the_layout(columns: ColumnHeadings, info: ValidationInfo) -> ColumnHeadings:
    layout: LayoutSettings | None = info.data.get("layout")
    needs = {TYPE: (PER_NOTIFICATION,), DATE: (PER_NOTIFICATION, SHEET_PER_TYPE)}
    for column, kinds in needs.items():
        if columns.incidents.get(column) and layout is not None and layout.kind not in kinds:
            which = " or ".join(f'"{kind}"' for kind in kinds)
            raise WrongValue(f"has incidents.{column}, which is read only with layout.kind = {which}")
    return columns


class Config(Section):
    """All settings, with their defaults."""

    council: CouncilSettings = CouncilSettings()
    tracker: TrackerSettings = Field(default_factory=TrackerSettings)
    sharepoint: Annotated[SharePointSettings, AfterValidator(_one_place)] = SharePointSettings()
    mail: MailSettings = Field(default_factory=MailSettings)
    calendar: CalendarSettings = CalendarSettings()
    mail_sign_in: Annotated[SignInSettings, AfterValidator(_for_an_app)] = SignInSettings()
    sign_in: Annotated[SignInSettings, AfterValidator(_complete)] = Field(SignInSettings(), validate_default=True)
    layout: LayoutSettings = LayoutSettings()
    closed: ClosedSettings = ClosedSettings()
    sheets: Annotated[SheetNames, AfterValidator(sheets_of_the_layout)] = SheetNames()
    columns: Annotated[ColumnHeadings, AfterValidator(_columns_of_the_layout)] = ColumnHeadings()
    choices: Mapping[str, Mapping[Text, str]] = Field(default_factory=dict)
    clocks: ClocksSettings = ClocksSettings()
    agencies: Agencies = Field(default_factory=dict)
    recipients: RecipientsSettings = RecipientsSettings()
    documents: DocumentsSettings = DocumentsSettings()
    returns: ReturnsSettings = ReturnsSettings()
    slt: SltSettings = SltSettings()
    reminders: RemindersSettings = RemindersSettings()
    ledger: LedgerSettings = Field(default_factory=LedgerSettings)
    schedule: ScheduleSettings = ScheduleSettings()

    @property
    def mail_account(self) -> SignInSettings:
        """The account that signs in to send mail through Microsoft 365."""
        return self.mail_sign_in if self.mail_sign_in != SignInSettings() else self.sign_in

    def drafts_folder(self, *, trial: bool) -> Path:
        """Return the folder for drafts: `mail.drafts_folder`, else one beside the tracker, else this account's own.

        Only a tracker on a disk has a folder beside it, and a `trial`, such as a run with --tracker, does not use it.
        """
        if self.mail.drafts_folder is not None:
            return self.mail.drafts_folder
        if self.tracker.file is not None and not trial:
            return self.tracker.file.parent / DRAFTS_BESIDE
        return default_drafts_folder()


def load(
    path: Path,
    known_columns: Mapping[str, Collection[str]],
    known_clocks: Collection[str],
    known_choices: Mapping[str, Collection[str]] = MappingProxyType({}),
) -> Config:
    """Return the settings in the file at `path`. Relative paths in it start from its own folder.

    `known_columns` has the column ids of each sheet, `known_clocks` the ids of the clocks, and `known_choices` the
    choices of each column of the incidents that may have words of the council's own (for a date: none).
    Raises ConfigError for all mistakes in the file together, and UsageError when it does not exist or is not TOML.
    """
    text = read_text(path)
    names = _names(Config)
    names["clocks",] |= set(known_clocks)
    for clock in known_clocks:
        names["clocks", clock] = set(ClockSettings.model_fields)
    for sheet in ColumnHeadings.model_fields:
        names["columns", sheet] = set(known_columns.get(sheet, ()))
    names["choices",] = set(known_choices)
    names["layout", "dates"] = {type_.id for type_ in layout_schema().type}
    choices: dict[Place, Collection[str]] = {
        ("choices", column): ("", *words) for column, words in known_choices.items()
    }
    no_two_alike = [("sheets",), *(("columns", sheet) for sheet in ColumnHeadings.model_fields)]
    allowed: dict[Place, Collection[str]] = dict(names)
    for table in (("agencies",), ("recipients", "heads_of_service")):
        allowed[table] = ANY_NAME
    return check(Config, text, allowed, no_two_alike, path, choices, _outside_the_domains)


def _outside_the_domains(config: Config) -> Iterator[Mistake]:
    return outside_the_domains(config.mail, config.agencies, config.recipients)


def _names(section: type[BaseModel], place: tuple[str, ...] = ()) -> dict[tuple[Any, ...], set[str]]:
    names: dict[tuple[Any, ...], set[str]] = {place: set(section.model_fields)}
    for name, field in section.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            names |= _names(field.annotation, (*place, name))
    return names
