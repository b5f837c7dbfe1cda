"""The text of a settings file, and what keeps it from being TOML, in plain words."""

from __future__ import annotations

import codecs
import re
import tomllib
from pathlib import Path
from typing import Any

from scripts.adapters.settings.toml_lines import Place, first_unfinished_line, given_before
from tracker_schema.errors import UsageError

QUOTES = "Put paths in single quotes, or write / for \\."

# What tomllib reports, and a problem and remedy for somebody who does not know TOML.
_SYNTAX = (
    (r"Unescaped '\\'|Invalid hex value|not a Unicode scalar", r"in double quotes, \ has a special meaning", QUOTES),
    (
        r"Illegal character '\\n'|Found invalid character '\\n'|Unterminated string|Expected [\"']+'",
        "the quotes that open here are not closed",
        "Type the same quotes at the end of the text.",
    ),
    (r"(Illegal|Found invalid) character", "there is an invisible character here", "Type the line again."),
    (r"Expected '='", "each line must have one name, then =, then a value", ""),
    (r"Invalid value \(at end", "there is no value here, or the list that opens here has no ] at its end", ""),
    (r"Invalid value", "the value must be in quotes, or a number, a date, true, false or a [list]", ""),
    (r"Unclosed array", "the list that opens here needs a comma between its entries and a ] at its end", ""),
    (r"Unclosed inline table", "the { that opens here needs a } on the same line", ""),
    (r"Expected '\]", "the heading of a section must be closed, like [tracker]", ""),
    (r"Expected newline", "there is more here than one value", "Put text in quotes; write dates like 2026-12-24."),
    (r"Invalid (statement|initial character)", "this is not a setting, a [section], or a comment with #", ""),
    (r"Cannot (declare|overwrite|mutate|redefine)|Duplicate", "this is given twice", "Keep one of the two."),
)
_GIVEN_TWICE = re.compile(_SYNTAX[-1][0])
_OPENED_EARLIER = re.compile("Unclosed|Unterminated|Expected [\"']+'|Invalid value \\(at end")


def read_text(path: Path) -> str:
    """Return the text of the settings file at `path`, in any encoding of Notepad: UTF-8, with a BOM, or "Unicode".

    Raises UsageError when the file does not exist, cannot be read, or has another encoding.
    """
    if path.is_dir():
        raise UsageError(f"{path} is a folder.", "Name the settings file in it.")
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise UsageError(
            f"{path} does not exist.",
            "Copy config.example.toml to that name and fill it in, or name another file with --config.",
        ) from None
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror}).", "Check its permissions.") from None
    unicode = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = data.decode("utf-16" if unicode else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = 1 if unicode else data.count(b"\n", 0, error.start) + 1
        raise UsageError(
            f"{path}:{line}: the file is not saved as UTF-8.", "In Notepad choose Save as, and there Encoding: UTF-8."
        ) from None
    return text.replace("\r\n", "\n")


def parse(text: str, path: Path) -> dict[str, Any]:
    """Return the data in `text`, which was read from `path`. Raises UsageError, with the line, when it is not TOML."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(str(error), text, path) from None
    except (ValueError, RecursionError):
        raise UsageError(f"{path}: a number or a list in it is too long to be read.", "Shorten it.") from None


def _syntax_error(reported: str, text: str, path: Path) -> UsageError:
    at = re.search(r"\(at line (\d+), column \d+\)", reported)
    line = int(at[1]) if at else text.rstrip().count("\n") + 1
    if _OPENED_EARLIER.match(reported):
        line = first_unfinished_line(text)
    if _GIVEN_TWICE.match(reported) and (repeated := given_before(text, line)):
        place, first = repeated
        return UsageError(f"{path}:{line}: {dotted(place)} is already on line {first}.", "Keep one of the two.")
    if re.search(r"=\s*[“”‘’]", text.split("\n")[line - 1]):
        return UsageError(f"{path}:{line}: there are curly quotes here.", "Type straight ones.")
    otherwise = ("", "this cannot be read", "Compare it with config.example.toml.")
    _, problem, remedy = next((row for row in _SYNTAX if re.search(row[0], reported)), otherwise)
    return UsageError(f"{path}:{line}: {problem}.", remedy)


def dotted(place: Place) -> str:
    """Return the name of a setting as people write it, such as `clocks.notify_panel.length`."""
    name = ""
    for part in place:
        if isinstance(part, int):
            name += f", entry {part + 1},"
        else:
            name += ("." if name else "") + (part if re.fullmatch(r"[\w-]+", part) else quoted(part))
    return name


def quoted(text: str) -> str:
    """Return `text` in the double quotes of TOML."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
