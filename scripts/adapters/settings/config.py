"""The settings of this installation: `config.toml`, read and checked as a whole.

`Config()` is complete by itself: every setting has a default, so that a job runs with `--tracker FILE` and no
config.toml at all. None stands for "as the schema has it". config.example.toml says what each setting is for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo

from scripts.adapters.settings import error_messages as config_problems
from scripts.adapters.settings.field_types import (
    ClientId,
    CountFrom,
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
from scripts.adapters.settings.layout_settings import LayoutSettings, SheetNames, sheets_of_the_layout
from scripts.adapters.settings.mail_settings import (
    Agencies,
    LedgerSettings,
    MailSettings,
    RecipientsSettings,
    RemindersSettings,
    ScheduleSettings,
    SltSettings,
    outside_the_domains,
)
from scripts.adapters.settings.paths import user_state_folder
from scripts.adapters.settings.toml_lines import Place
from tracker_schema.layouts.layouts import DATE, PER_NOTIFICATION, SHEET_PER_TYPE, TYPE, layout_schema


def default_copies_folder() -> Path:
    """The folder for copies of the tracker where config.toml names none."""
    return user_state_folder() / "copies"


def _outside_the_trackers_folder(folder: Path, info: ValidationInfo) -> Path:
    tracker: Path | None = info.data.get("file")
    if tracker is not None and folder.resolve().is_relative_to(tracker.resolve().parent):
        raise ValueError(
            "lies in the tracker's own folder, where everyone who sees the tracker would see its old copies too; "
            "name a folder elsewhere"
        )
    return folder


class CouncilSettings(Section):
    """Who the council is, and how its e-mails and documents are marked; a marking of `""` is none."""

    name: Line | None = None
    partnership: Line | None = None
    marking: Annotated[str, AfterValidator(no_control_characters)] = "OFFICIAL-SENSITIVE"


class TrackerSettings(Section):
    """Where the workbook is, and where copies of its earlier versions go."""

    file: PathHere | None = None
    copies_folder: Annotated[PathHere, AfterValidator(_outside_the_trackers_folder)] = Field(
        default_factory=default_copies_folder
    )
    copies: Annotated[int, Field(ge=0)] = 30


class SharePointSettings(Section):
    """Where the workbook is in SharePoint: a site, a library and a path, or a sharing link."""

    site: Site | None = None
    library: Line = "Documents"
    path: PathInLibrary | None = None
    link: SharingLink | None = None
    mode: Literal["auto", "cells", "upload"] = "auto"

    def __bool__(self) -> bool:
        return self.model_copy(update={"mode": "auto"}) != SharePointSettings()


class SignInSettings(Section):
    """Who this program is to Microsoft 365; the secrets that go with it are not kept here."""

    method: Literal["certificate", "secret", "device"] = "certificate"
    tenant: Tenant | None = None
    client_id: ClientId | None = None
    certificate: PathHere | None = None
    private_key: PathHere | None = None

    def missing(self) -> str | None:
        """The first setting that `method` needs and that is not there."""
        needed: dict[str, object] = {"tenant": self.tenant, "client_id": self.client_id}
        if self.method == "certificate":
            needed["certificate"] = self.certificate
        return next((name for name, value in needed.items() if value is None), None)


def _no_such_column(value: object) -> object:
    if value is True:
        raise ValueError("must be your heading in quotes, or false where your workbook has no such column")
    if isinstance(value, str) and not value.strip():
        raise ValueError("is empty; give it a value or delete the line")
    return "" if value is False else value


Heading = Annotated[str, BeforeValidator(_no_such_column)]


class ColumnHeadings(Section):
    """For each sheet, the heading in this council's workbook of a column id; `""` where it says that there is none."""

    incidents: Mapping[str, Heading] = Field(default_factory=dict)
    scoping: Mapping[str, Heading] = Field(default_factory=dict)
    actions: Mapping[str, Heading] = Field(default_factory=dict)


class ClockSettings(Section):
    """What this council changes of one clock."""

    on: bool = True
    label: Line | None = None
    length: Annotated[int, Field(gt=0)] | None = None
    unit: Literal["working days", "days", "months"] | None = None
    honours_closures: bool | None = None
    count_from: CountFrom | None = None


class ClocksSettings(Section):
    """How all clocks count and from when they raise alarms, and under `by_id` what is changed of single ones."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, ClockSettings]

    warn_working_days: Annotated[int, Field(ge=0, le=20)] = 2
    count_from: CountFrom = 0
    care_leavers: bool = True
    closure_days: Annotated[tuple[date, ...], Field(strict=False)] = ()
    start_from: date | None = None

    @property
    def by_id(self) -> Mapping[str, ClockSettings]:
        """The settings of the clocks that have a table of their own, by the id of the clock."""
        return self.__pydantic_extra__


def _one_place(sharepoint: SharePointSettings, info: ValidationInfo) -> SharePointSettings:
    if not sharepoint:
        return sharepoint
    tracker: TrackerSettings | None = info.data.get("tracker")
    if tracker is not None and tracker.file is not None:
        raise ValueError("says where the tracker is, and so does tracker.file; keep one of the two")
    if sharepoint.link is not None:
        if sharepoint.site is not None or sharepoint.path is not None:
            raise ValueError("has a link, and a site or path besides; keep the one or the other")
    elif sharepoint.site is None or sharepoint.path is None:
        missing = "site" if sharepoint.site is None else "path"
        raise ValueError(f"needs site and path, or a link; {missing} is missing")
    return sharepoint


def _complete(sign_in: SignInSettings, info: ValidationInfo) -> SignInSettings:
    mail: MailSettings | None = info.data.get("mail")
    by_graph = mail is not None and mail.transport == "graph"
    wanted = info.data.get("sharepoint") or by_graph or sign_in != SignInSettings()
    if wanted and (missing := sign_in.missing()):
        raise ValueError(f'needs {missing} for signing in with method = "{sign_in.method}"')
    return sign_in


def _columns_of_the_layout(columns: ColumnHeadings, info: ValidationInfo) -> ColumnHeadings:
    layout: LayoutSettings | None = info.data.get("layout")
    needs = {TYPE: (PER_NOTIFICATION,), DATE: (PER_NOTIFICATION, SHEET_PER_TYPE)}
    for column, kinds in needs.items():
        if columns.incidents.get(column) and layout is not None and layout.kind not in kinds:
            which = " or ".join(f'"{kind}"' for kind in kinds)
            raise ValueError(f"has incidents.{column}, which is read only with layout.kind = {which}")
    return columns


class Config(Section):
    """Everything config.toml can say, at its default where it does not."""

    council: CouncilSettings = CouncilSettings()
    tracker: TrackerSettings = Field(default_factory=TrackerSettings)
    sharepoint: Annotated[SharePointSettings, AfterValidator(_one_place)] = SharePointSettings()
    mail: MailSettings = Field(default_factory=MailSettings)
    sign_in: Annotated[SignInSettings, AfterValidator(_complete)] = Field(SignInSettings(), validate_default=True)
    layout: LayoutSettings = LayoutSettings()
    sheets: Annotated[SheetNames, AfterValidator(sheets_of_the_layout)] = SheetNames()
    columns: Annotated[ColumnHeadings, AfterValidator(_columns_of_the_layout)] = ColumnHeadings()
    choices: Mapping[str, Mapping[Text, str]] = Field(default_factory=dict)
    clocks: ClocksSettings = ClocksSettings()
    agencies: Agencies = Field(default_factory=dict)
    recipients: RecipientsSettings = RecipientsSettings()
    slt: SltSettings = SltSettings()
    reminders: RemindersSettings = RemindersSettings()
    ledger: LedgerSettings = Field(default_factory=LedgerSettings)
    schedule: ScheduleSettings = ScheduleSettings()


def load(
    path: Path,
    known_columns: Mapping[str, Collection[str]],
    known_clocks: Collection[str],
    known_choices: Mapping[str, Collection[str]] = MappingProxyType({}),
) -> Config:
    """The settings in the file at `path`.

    `known_columns` holds the column ids of each sheet, `known_clocks` the ids of the clocks and `known_choices` the
    choices of each column of the incidents whose words may be told (of dates: none): config.toml may name no others.
    Relative paths in the file are seen from its own folder.

    Raises UsageError, one sentence to a line, for everything in the file that is wrong, and when it is not there.
    """
    text = config_problems.read_text(path)
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
        allowed[table] = config_problems.ANY_NAME
    return config_problems.check(Config, text, allowed, no_two_alike, path, choices, _outside_the_domains)


def _outside_the_domains(config: Config) -> Iterator[config_problems.Problem]:
    return outside_the_domains(config.mail, config.agencies, config.recipients)


def _names(section: type[BaseModel], place: tuple[str, ...] = ()) -> dict[tuple[Any, ...], set[str]]:
    names: dict[tuple[Any, ...], set[str]] = {place: set(section.model_fields)}
    for name, field in section.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            names |= _names(field.annotation, (*place, name))
    return names
