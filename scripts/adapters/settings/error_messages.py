"""What is wrong with a settings file, said to the person who wrote it: the file, the line, the setting, the remedy.

Everything wrong is found in one go. What a setting holds is not repeated, for somebody may have put a password there.
"""

from __future__ import annotations

import codecs
import json
import re
import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from scripts.adapters.settings.toml_lines import Place, keys_with_lines, line_of, lines_of, repeated_keys
from tracker_schema.errors import UsageError

Model = TypeVar("Model", bound=BaseModel)
Names = Mapping[Place, Collection[str]]
Problem = tuple[Place, str]

ANY_NAME = ("any name at all",)
"""What may stand in a table whose names are this council's own."""

QUOTES = "put paths in single quotes, or write / for \\"
SECRET = re.compile(r"passw|passphrase|passcode|^pwd|pwd$|secret|token|credential|(api|private|access).?key", re.I)

_SENTENCES = {
    "bool_type": "must be true or false, in small letters and without quotes",
    "int_type": "must be a whole number, without quotes",
    "string_type": "must be text in quotes",
    "string_too_short": "is empty; give it a value or delete the line",
    "tuple_type": "must be a list in square brackets, like [2026-12-24, 2026-12-31]",
    "date_type": "must be a date, year first and without quotes, like 2026-12-24",
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be {ge} or more",
    "less_than_equal": "must be {le} or less",
}

# What tomllib says, and how to say it to somebody who has not heard of TOML.
_BACKSLASH = f"a \\ in double quotes has a meaning of its own; {QUOTES}"
_OPEN_QUOTES = "the quotes that open here are not closed"
_SYNTAX = (
    (r"Unescaped '\\'|Invalid hex value|not a Unicode scalar", _BACKSLASH),
    (r"Illegal character '\\n'|Found invalid character '\\n'|Unterminated string|Expected [\"']+'", _OPEN_QUOTES),
    (r"(Illegal|Found invalid) character", "there is a character here that cannot be seen; type the line again"),
    (r"Expected '='", "there must be one name, then a = and then a value on each line"),
    (r"Invalid value \(at end", "there is no value here, or the list that opens here has no ] at its end"),
    (r"Invalid value", "the value must be in quotes, or a number, a date, true, false or a [list]"),
    (r"Unclosed array", "the list that opens here needs a comma between its entries and a ] at its end"),
    (r"Unclosed inline table", "what opens here with { needs a } on the same line"),
    (r"Expected '\]", "the heading of a section must be closed, like [tracker]"),
    (r"Expected newline", "there is more here than a value; text needs quotes, dates are like 2026-12-24"),
    (r"Invalid (statement|initial character)", "this is not a setting, a [section], or a comment that starts with #"),
    (r"Cannot (declare|overwrite|mutate|redefine)|Duplicate", "this is given twice; keep one of the two"),
)
_OPENED_EARLIER = re.compile("Unclosed|Unterminated|Expected [\"']+'|Invalid value \\(at end")


def read_text(path: Path) -> str:
    """The text of the settings file at `path`, in any of the ways Notepad saves it: UTF-8, with BOM, or "Unicode".

    Raises UsageError when the file is not there, cannot be read, or is in some other encoding.
    """
    if path.is_dir():
        raise UsageError(f"{path} is a folder; name the settings file in it")
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise UsageError(
            f"{path} does not exist; copy config.example.toml to that name and fill it in, "
            "or say with --config where the settings are"
        ) from None
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror}); check its permissions") from None
    unicode = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = data.decode("utf-16" if unicode else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = 1 if unicode else data.count(b"\n", 0, error.start) + 1
        raise UsageError(
            f"{path}:{line}: the file is not saved as UTF-8; in Notepad choose Save as, and there Encoding: UTF-8"
        ) from None
    return text.replace("\r\n", "\n")


def check(
    model: type[Model],
    text: str,
    names: Names,
    distinct: Collection[Place],
    path: Path,
    values: Names = MappingProxyType({}),
    besides: Callable[[Model], Iterator[Problem]] = lambda _: iter(()),
) -> Model:
    """The settings that `text`, which was read from `path`, holds, as a `model`.

    `names` says, for each table, which names may stand in it, and `distinct` in which tables no two may be given the
    same value; `values` says, for some tables, which values may stand in them, and `besides` finds what is wrong with
    settings that are right one by one. Raises UsageError, one sentence to a line, for all that is wrong.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(_syntax(error, text, path)) from None
    wrong_names = list(_wrong_names(data, names))
    problems = wrong_names + [problem for table in distinct for problem in _same_twice(data, table)]
    problems += [problem for table, allowed in values.items() for problem in _not_allowed(data, table, allowed)]
    checked = None
    try:
        checked = model.model_validate(data, context=path.parent)
        problems += besides(checked)
    except ValidationError as error:
        named = {place for place, _ in wrong_names}
        problems += [problem for problem in _wrong_values(error) if problem[0] not in named]
    if checked is not None and not problems:
        return checked
    lines = lines_of(text)
    found = sorted({(line_of(place, lines) or 1, f"{_shown(place)} {sentence}") for place, sentence in problems})
    raise UsageError("\n".join(f"{path}:{line}: {sentence}" for line, sentence in found))


def _wrong_names(table: Mapping[str, Any], names: Names, place: Place = (), like: Place = ()) -> Iterator[Problem]:
    """What is wrong with the names in `table`, which stands at `place` and may hold the names that `like` may."""
    if names[like] is ANY_NAME:
        return
    for name, value in table.items():
        here, meant = (*place, name), name
        if name not in names[like]:
            if SECRET.search(name):
                yield here, "is a secret; put it in the environment or keyring, never in this file"
                continue
            sentence, meant = _not_a_name(name, value, names, like)
            yield here, sentence
        if isinstance(value, dict):
            inner = (*like, meant)
            yield from _wrong_names(value, names, here, inner) if inner in names else _secrets(value, here)


def _secrets(table: Mapping[str, Any], place: Place) -> Iterator[Problem]:
    for name, value in table.items():
        if SECRET.search(name):
            yield (*place, name), "is a secret; put it in the environment or keyring, never in this file"
        elif isinstance(value, dict):
            yield from _secrets(value, (*place, name))


def _not_a_name(name: str, value: object, names: Names, place: Place) -> tuple[str, str]:
    """The sentence about `name`, which may not stand in the table at `place`, and the name that was probably meant."""
    of_columns = place[:1] == ("columns",) and len(place) == 2
    kind = "the id of a column" if of_columns else "a setting or a clock" if place == ("clocks",) else "a setting"
    if of_columns and isinstance(value, str) and value in names[place]:
        return f"is the wrong way round; write {value} = {_quoted(name)}", value
    homes = sorted(home for home in names if _is_setting(name, home, names))
    if homes and not of_columns and not isinstance(value, dict):
        which = " or ".join(f"[{_shown(home)}]" for home in homes[:2])
        which = which if len(homes) <= 2 else f"a heading like [{_shown(homes[0])}]"
        return f"is not {kind} here; it belongs below {which}", name
    if close := get_close_matches(re.sub(r"\W+", "_", name.strip().lower()), names[place], 1):
        return f"is not {kind}; did you mean {_quoted(close[0])}?", close[0]
    if len(names[place]) <= 8:
        return f"is not {kind}; there is {', '.join(_quoted(known) for known in sorted(names[place]))}", name
    return f"is not {kind}; see config.example.toml for those there are", name


def _is_setting(name: str, table: Place, names: Names) -> bool:
    return name in names[table] and (*table, name) not in names and table[:1] != ("columns",)


def _table_at(data: Mapping[str, Any], place: Place) -> Mapping[str, Any]:
    """The table that stands at `place`; an empty one where none does."""
    table: Any = data
    for key in place:
        table = table.get(key) if isinstance(table, dict) else None
    return table if isinstance(table, dict) else {}


def _not_allowed(data: Mapping[str, Any], place: Place, allowed: Collection[str]) -> Iterator[Problem]:
    for name, value in _table_at(data, place).items():
        if isinstance(value, str) and value not in allowed:
            close = get_close_matches(value.strip(), allowed, 1)
            meant = f"; did you mean {_quoted(close[0])}?" if close else ""
            named = " or ".join(map(_quoted, filter(None, allowed))) or '"", for such a cell can only count as empty'
            yield (*place, name), f"must be {named}{meant}"


def _same_twice(data: Mapping[str, Any], place: Place) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for name, value in _table_at(data, place).items():
        for text in value if isinstance(value, list) else [value]:
            if not isinstance(text, str):
                continue
            # As the reader of the workbook compares: case, spaces and punctuation do not count.
            plain = "".join(character for character in text.casefold() if character.isalnum())
            if plain and plain in first:
                yield (*place, name), f"is the same as {first[plain]}; each needs a name of its own"
            first.setdefault(plain, name)


def _wrong_values(error: ValidationError) -> Iterator[Problem]:
    for detail in error.errors(include_url=False):
        place, kind, context = detail["loc"], detail["type"], detail.get("ctx", {})
        if kind == "extra_forbidden":
            continue  # _wrong_names has said it, with what was meant
        if kind == "value_error":
            yield place, str(context["error"])
        elif kind == "literal_error":
            choices = re.findall(r"'([^']*)'", context["expected"])
            close = get_close_matches(str(detail["input"]).strip().lower(), choices, 1)
            meant = f"; did you mean {_quoted(close[0])}?" if close else ""
            yield place, f"must be {' or '.join(_quoted(choice) for choice in choices)}{meant}"
        elif kind in ("model_type", "dict_type", "mapping_type"):
            yield place, f"is a section; write [{_shown(place)}] on a line of its own and its settings below"
        else:
            yield place, _SENTENCES.get(kind, "cannot have this value; see config.example.toml").format(**context)


def _syntax(error: tomllib.TOMLDecodeError, text: str, path: Path) -> str:
    if repeated := repeated_keys(text):
        return "\n".join(
            f"{path}:{again}: {_shown(place)} is already on line {first}; keep one of the two"
            for place, first, again in repeated
        )
    said = str(error)
    at = re.search(r"\(at line (\d+), column \d+\)", said)
    line = int(at[1]) if at else text.rstrip().count("\n") + 1
    if _OPENED_EARLIER.match(said):
        keys = [where for place, where in keys_with_lines(text) if isinstance(place[-1], str) and where <= line]
        line = max(keys, default=line)
    otherwise = "this cannot be read; compare it with config.example.toml"
    plain = next((plain for pattern, plain in _SYNTAX if re.search(pattern, said)), otherwise)
    if re.search(r"=\s*[“”‘’]", text.split("\n")[line - 1]):
        plain = "there are curly quotes here; type straight ones"
    return f"{path}:{line}: {plain}"


def _shown(place: Place) -> str:
    shown = ""
    for part in place:
        if isinstance(part, int):
            shown += f", entry {part + 1},"
        else:
            shown += ("." if shown else "") + (part if re.fullmatch(r"[\w-]+", part) else _quoted(part))
    return shown


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
