"""The settings of this installation: `config.toml`, read and checked as a whole.

`Config()` is complete by itself: every setting has a default, so that a job runs with `--tracker FILE` and no
config.toml at all. None stands for "as the schema has it". config.example.toml says what each setting is for.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo

from scripts.adapters import config_problems
from scripts.adapters.state_folder import user_state_folder


def default_copies_folder() -> Path:
    """The folder for copies of the tracker where config.toml names none."""
    return user_state_folder() / "copies"


def _no_control_characters(value: str) -> str:
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
    if any(ord(character) < 32 for character in value):
        raise ValueError(f"has a tab or a line break in it, for so TOML reads \\t and \\n; {config_problems.QUOTES}")
    if "://" in value:
        raise ValueError("is a web address; name a file on this computer, or in a folder that OneDrive keeps in step")
    try:
        return (info.context or Path()) / Path(value.strip()).expanduser()
    except RuntimeError:
        raise ValueError("starts with ~, but the home folder of that user is not known; write it in full") from None


def _outside_the_trackers_folder(folder: Path, info: ValidationInfo) -> Path:
    tracker: Path | None = info.data.get("file")
    if tracker is not None and folder.resolve().is_relative_to(tracker.resolve().parent):
        raise ValueError(
            "lies in the tracker's own folder, where everyone who sees the tracker would see its old copies too; "
            "name a folder elsewhere"
        )
    return folder


Text = Annotated[str, Field(min_length=1)]
Line = Annotated[Text, AfterValidator(_no_control_characters)]
PathHere = Annotated[Path, BeforeValidator(_path)]
CountFrom = Annotated[int, Field(ge=0, le=1)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, str_strip_whitespace=True)


class TrackerSettings(_Section):
    """Where the workbook is, and where copies of its earlier versions go."""

    file: PathHere | None = None
    copies_folder: Annotated[PathHere, AfterValidator(_outside_the_trackers_folder)] = Field(
        default_factory=default_copies_folder
    )
    copies: Annotated[int, Field(ge=0)] = 30


class SheetNames(_Section):
    """What the sheets are called in this council's workbook, where their own names do not tell."""

    incidents: Text | None = None
    scoping: Text | None = None
    actions: Text | None = None


class ColumnHeadings(_Section):
    """For each sheet, the heading in this council's workbook of a column id."""

    incidents: Mapping[str, Text] = Field(default_factory=dict)
    scoping: Mapping[str, Text] = Field(default_factory=dict)
    actions: Mapping[str, Text] = Field(default_factory=dict)


class ClockSettings(_Section):
    """What this council changes of one clock."""

    on: bool = True
    label: Line | None = None
    length: Annotated[int, Field(gt=0)] | None = None
    unit: Literal["working days", "days", "months"] | None = None
    honours_closures: bool | None = None
    count_from: CountFrom | None = None


class ClocksSettings(_Section):
    """How all clocks count, and under `by_id` what is changed of single ones."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, ClockSettings]

    warn_working_days: Annotated[int, Field(ge=0, le=20)] = 2
    count_from: CountFrom = 0
    care_leavers: bool = True
    closure_days: Annotated[tuple[date, ...], Field(strict=False)] = ()

    @property
    def by_id(self) -> Mapping[str, ClockSettings]:
        """The settings of the clocks that have a table of their own, by the id of the clock."""
        return self.__pydantic_extra__


class Config(_Section):
    """Everything config.toml can say, at its default where it does not."""

    tracker: TrackerSettings = Field(default_factory=TrackerSettings)
    sheets: SheetNames = SheetNames()
    columns: ColumnHeadings = ColumnHeadings()
    clocks: ClocksSettings = ClocksSettings()


def load(path: Path, known_columns: Mapping[str, Collection[str]], known_clocks: Collection[str]) -> Config:
    """The settings in the file at `path`.

    `known_columns` holds the column ids of each sheet and `known_clocks` the ids of the clocks: config.toml may name
    no others. Relative paths in the file are seen from its own folder.

    Raises UsageError, one sentence to a line, for everything in the file that is wrong, and when it is not there.
    """
    text = config_problems.read_text(path)
    names = _names(Config)
    names["clocks",] |= set(known_clocks)
    for clock in known_clocks:
        names["clocks", clock] = set(ClockSettings.model_fields)
    for sheet in ColumnHeadings.model_fields:
        names["columns", sheet] = set(known_columns.get(sheet, ()))
    no_two_alike = [("sheets",), *(("columns", sheet) for sheet in ColumnHeadings.model_fields)]
    return config_problems.check(Config, text, names, no_two_alike, path)


def _names(section: type[BaseModel], place: tuple[str, ...] = ()) -> dict[tuple[Any, ...], set[str]]:
    names: dict[tuple[Any, ...], set[str]] = {place: set(section.model_fields)}
    for name, field in section.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            names |= _names(field.annotation, (*place, name))
    return names
