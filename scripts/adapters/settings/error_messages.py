"""Check the data of a settings file against its model, and name every mistake with its line and remedy, all at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from scripts.adapters.settings.errors import ConfigError, Mistake, WrongValue
from scripts.adapters.settings.toml_file import dotted, parse, quoted
from scripts.adapters.settings.toml_lines import Place, line_of, lines_of
from tracker_schema.errors import UsageError
from tracker_schema.wording import nearest

Model = TypeVar("Model", bound=BaseModel)
Names = Mapping[Place, Collection[str]]

ANY_NAME = ("any name at all",)
"""The names of a table that the council fills with names of its own."""

_SECRET = re.compile(r"passw|passphrase|passcode|^pwd|pwd$|secret|token|credential|(api|private|access).?key", re.I)
_MOST_NAMES_LISTED = 8

_PROBLEMS = {
    "bool_type": "must be true or false, in small letters and without quotes",
    "int_type": "must be a whole number, without quotes",
    "string_type": "must be text in quotes",
    "tuple_type": "must be a list in square brackets, like [2026-12-24, 2026-12-31]",
    "date_type": "must be a date, year first and without quotes, like 2026-12-24",
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be {ge} or more",
    "less_than_equal": "must be {le} or less",
}


def check(
    model: type[Model],
    text: str,
    names: Names,
    distinct: Collection[Place],
    path: Path,
    values: Names = MappingProxyType({}),
    more_checks: Callable[[Model], Iterator[Mistake]] = lambda _: iter(()),
) -> Model:
    """Return the settings in `text`, which was read from `path`, as a `model`.

    `names` has the names that each table may hold, `values` the values of some tables, `distinct` the tables in which
    no two names may have the same value. `more_checks` compares settings that are right one by one.
    Raises ConfigError for all mistakes together, and UsageError when `text` is not TOML.
    """
    data = parse(text, path)
    wrong_names = list(_wrong_names(data, names))
    mistakes = wrong_names + [mistake for table in distinct for mistake in _same_twice(data, table)]
    mistakes += [mistake for table, allowed in values.items() for mistake in _not_allowed(data, table, allowed)]
    checked = None
    try:
        checked = model.model_validate(data, context=path.parent)
        mistakes += more_checks(checked)
    except ValidationError as error:
        named = {mistake.place for mistake in wrong_names}
        mistakes += [mistake for mistake in wrong_values(error) if mistake.place not in named]
    if checked is not None and not mistakes:
        return checked
    lines = lines_of(text)
    found = sorted({(line_of(at.place, lines) or 1, dotted(at.place), at.problem, at.remedy) for at in mistakes})
    raise ConfigError(UsageError(f"{path}:{line}: {name} {problem}.", remedy) for line, name, problem, remedy in found)


def _wrong_names(table: Mapping[str, Any], names: Names, place: Place = (), like: Place = ()) -> Iterator[Mistake]:
    """The mistakes in the names of `table`, which is at `place` and may hold the names that the table at `like` may."""
    if names[like] is ANY_NAME:
        return
    for name, value in table.items():
        here, meant = (*place, name), name
        if _SECRET.search(name) and name not in names[like]:
            yield _secret(here)
            continue
        if name not in names[like]:
            problem, remedy, meant = _not_a_name(name, value, names, like)
            yield Mistake(here, problem, remedy)
        if isinstance(value, dict):
            inner = (*like, meant)
            yield from _wrong_names(value, names, here, inner) if inner in names else _secrets(value, here)


def _secrets(table: Mapping[str, Any], place: Place) -> Iterator[Mistake]:
    for name, value in table.items():
        if _SECRET.search(name):
            yield _secret((*place, name))
        elif isinstance(value, dict):
            yield from _secrets(value, (*place, name))


def _secret(place: Place) -> Mistake:
    return Mistake(place, "is a secret", "Put it in the environment or keyring, never in this file.")


def _not_a_name(name: str, value: object, names: Names, place: Place) -> tuple[str, str, str]:
    """The problem and remedy for `name`, which the table at `place` may not hold, and the name that was meant."""
    of_columns = place[:1] == ("columns",) and len(place) == 2
    kind = "the id of a column" if of_columns else "a setting or a clock" if place == ("clocks",) else "a setting"
    if of_columns and isinstance(value, str) and value in names[place]:
        return "is the wrong way round", f"Write {value} = {quoted(name)}.", value
    homes = sorted(home for home in names if _is_setting(name, home, names))
    if homes and not of_columns and not isinstance(value, dict):
        some = " or ".join(f"[{dotted(home)}]" for home in homes[:2])
        where = some if len(homes) <= 2 else f"a heading like [{dotted(homes[0])}]"
        return f"is not {kind} here", f"Move it below {where}.", name
    if near := nearest(re.sub(r"\W+", "_", name.strip()), names[place]):
        return f"is not {kind}", f"Did you mean {quoted(near)}?", near
    if len(names[place]) <= _MOST_NAMES_LISTED:
        return f"is not {kind}", f"Use one of {', '.join(map(quoted, sorted(names[place])))}.", name
    return f"is not {kind}", "See config.example.toml for those that there are.", name


def _is_setting(name: str, table: Place, names: Names) -> bool:
    return name in names[table] and (*table, name) not in names and table[:1] != ("columns",)


def _table_at(data: Mapping[str, Any], place: Place) -> Mapping[str, Any]:
    """The table at `place`, or an empty one."""
    table: Any = data
    for key in place:
        table = table.get(key) if isinstance(table, dict) else None
    return table if isinstance(table, dict) else {}


def _not_allowed(data: Mapping[str, Any], place: Place, allowed: Collection[str]) -> Iterator[Mistake]:
    for name, value in _table_at(data, place).items():
        if isinstance(value, str) and value not in allowed:
            none = '"", because such a cell can only count as empty'
            yield Mistake((*place, name), *_one_of([text for text in allowed if text], value, none))


def _one_of(allowed: Collection[str], value: str, none: str = "") -> tuple[str, str]:
    near = nearest(value.strip(), allowed)
    must_be = " or ".join(map(quoted, allowed)) or none
    return f"must be {must_be}", f"Did you mean {quoted(near)}?" if near is not None else ""


def _same_twice(data: Mapping[str, Any], place: Place) -> Iterator[Mistake]:
    first: dict[str, str] = {}
    for name, value in _table_at(data, place).items():
        for text in value if isinstance(value, list) else [value]:
            if not isinstance(text, str):
                continue
            # The reader of the workbook compares in the same way: capitals, spaces and punctuation do not count.
            plain = "".join(character for character in text.casefold() if character.isalnum())
            if plain and plain in first:
                yield Mistake((*place, name), f"is the same as {first[plain]}", "Each needs a name of its own.")
            first.setdefault(plain, name)


def wrong_values(error: ValidationError) -> Iterator[Mistake]:
    """Return each wrong value that a section's model has found. Names that are wrong are left out."""
    for detail in error.errors(include_url=False):
        place, kind, context = detail["loc"], detail["type"], detail.get("ctx", {})
        wrong = context.get("error")
        if kind == "extra_forbidden":
            continue  # _wrong_names has found it
        if isinstance(wrong, WrongValue):
            yield Mistake(place, wrong.problem, wrong.remedy)
        elif kind == "literal_error":
            yield Mistake(place, *_one_of(re.findall(r"'([^']*)'", context["expected"]), str(detail["input"])))
        elif kind in ("model_type", "dict_type", "mapping_type"):
            remedy = f"Write [{dotted(place)}] on a line of its own, and its settings below it."
            yield Mistake(place, "is a section", remedy)
        elif kind == "string_too_short":
            yield Mistake(place, "is empty", "Give it a value or delete the line.")
        elif kind in _PROBLEMS:
            yield Mistake(place, _PROBLEMS[kind].format(**context))
        else:
            yield Mistake(place, "cannot have this value", "See config.example.toml.")
