"""Number formats: what Excel shows for a simple one, such as "CI-2026-"000, and which of them show a day or a time."""

from __future__ import annotations

import datetime as dt
import re

GENERAL, TEXT = 0, 49
DATE = "dd/mm/yyyy"  # not the built-in format 14, which Excel shows the way the reader's country does
DATE_AND_TIME = "dd/mm/yyyy hh:mm"
FIRST_OWN = 164  # the numbers below are Excel's built-in formats

_DATES = {*range(14, 18), 22, *range(27, 32), 36, *range(50, 59)}  # built-in formats that show a day
_TIMES = {*range(18, 22), *range(32, 36), *range(45, 48)}  # and those that show only a time

# The literal parts of a format code: quoted text, an escaped character, a padding, a colour or condition.
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!(?:h+|m+|s+)\])[^\]\[]*\]|General|AM/PM|A/P', re.IGNORECASE | re.DOTALL)
_LETTERS = re.compile(r"d+|m+|y+|h+|s+", re.IGNORECASE)

_TOKEN = re.compile(r'"([^"]*)"|\\(.)|([0#?]+)|([-+/(): ])|([^0#?"\\])', re.DOTALL)
_DATE_TOKEN = re.compile(r'"([^"]*)"|\\(.)|(d{1,4}|m{1,4}|y{2,4})|([-/., ])', re.IGNORECASE)
_LOCALE = re.compile(r"^\[\$-[0-9A-Fa-f,]+\]")
_PARTS = {"d": "{0.day}", "dd": "{0:%d}", "ddd": "{0:%a}", "dddd": "{0:%A}", "m": "{0.month}", "mm": "{0:%m}"}
_PARTS |= {"mmm": "{0:%b}", "mmmm": "{0:%B}", "yy": "{0:%y}", "yyy": "{0:%Y}", "yyyy": "{0:%Y}"}

BUILT_IN = {1: "0", 14: "dd/mm/yyyy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy"}
"""The codes of the number formats that a workbook does not spell out, of those that are simple."""


def shown_number(number: float, code: str) -> str | None:
    """Return what Excel shows for a whole number with a format of texts and figures; None for any other.

    `code` is the format's code. A format with decimals, thousands, conditions or several sections is not simple.
    """
    if number < 0 or not float(number).is_integer():
        return None
    tokens = _tokens(code)
    places = sum(len(figures) for _, figures in tokens)
    if not places:
        return None
    left = str(int(number))
    text = ""
    first = next(at for at, (_, figures) in enumerate(tokens) if figures)
    for at in reversed(range(len(tokens))):
        literal, figures = tokens[at]
        if not figures:
            text = literal + text
            continue
        taken = left if at == first else left[-len(figures) :]
        left = "" if at == first else left[: -len(figures)]
        least = figures.count("0")
        text = taken.rjust(least, "0") + text
    return text


def shown_date(day: dt.date, code: str) -> str | None:
    """Return what Excel shows for a date with a format of days, months and years; None for any other format."""
    code = _LOCALE.sub("", code).removesuffix(";@")
    text, at = "", 0
    while at < len(code):
        token = _DATE_TOKEN.match(code, at)
        if token is None:
            return None
        quoted, escaped, part, mark = token.groups()
        text += _PARTS[part.lower()].format(day) if part else (quoted or escaped or mark or "")
        at = token.end()
    return text or None


def shows_day(number: int, code: str | None) -> bool:
    """Return True when a number format shows a day, month or year; `code` is None for a built-in one."""
    if code is None:
        return number in _DATES
    runs = _runs(code)
    for before, run, after in zip(["", *runs], runs, [*runs[1:], ""], strict=False):
        minutes = run in ("m", "mm") and (before.startswith("h") or after.startswith("s"))
        if run[0] in "dmy" and not minutes:
            return True
    return False


def shows_day_or_time(number: int, code: str | None) -> bool:
    """Return True when a number format shows a day, a time of day or a length of time."""
    return number in _DATES or number in _TIMES if code is None else bool(_runs(code))


def _tokens(code: str) -> list[tuple[str, str]]:
    """Return the texts and the runs of figures of a format; an empty list when it has anything else."""
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(code):
        token = _TOKEN.match(code, at)
        if token is None or token[5]:
            return []
        found.append(("", token[3]) if token[3] else (token[1] or token[2] or token[4] or "", ""))
        at = token.end()
    return found


def _runs(code: str) -> list[str]:
    return [run.lower() for run in _LETTERS.findall(_LITERAL.sub("", code))]
