"""Which cells may be quoted outside the tracker.

A sentence about a cell names its address and the remedy. It quotes the cell only when that cannot identify a person:
when it is a failed date, and nothing else. (June, April and May are names too, and a health service number is figures
and spaces; so neither words nor figures alone are enough.)
"""

from __future__ import annotations

import re

_TIME_OF_DAY = re.compile(r"(?<!\s)\s+\d{1,2}[:.]\d{2}(?:[:.]\d{2})?\s*(?:am|pm)?$", re.IGNORECASE)
_MONTH = "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
_MONTH += "|nov(?:ember)?|dec(?:ember)?"
_WEEKDAY = "(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
_GAP = r"(?:\s++(?:[/.,-]\s*+)?+|[/.,-]\s*+)"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_FAILED_DATE = re.compile(
    rf"(?:{_WEEKDAY}[\s,.]+)?(?:{_DAY}{_GAP}(?:of\s+)?(?:\d{{1,2}}|{_MONTH}){_GAP}\d{{2}}(?:\d{{2}})?"
    rf"|(?:{_MONTH})\s+{_DAY},?\s+\d{{4}}|\d{{4}}{_GAP}\d{{1,2}}{_GAP}\d{{1,2}}|{_DAY}{_GAP}(?:\d{{1,2}}|{_MONTH}))\??",
    re.IGNORECASE | re.ASCII,
)
_PLACEHOLDER = re.compile(rf"n/?a|tb[acd]|none|pending|unknown|(?:last|next|this)\s+{_WEEKDAY}|[\s/?-]+", re.IGNORECASE)


def quotable(text: str) -> bool:
    """Return True if `text`, found in place of a date, is only a failed date or a word for “not yet”."""
    return bool(_PLACEHOLDER.fullmatch(text) or _FAILED_DATE.fullmatch(_TIME_OF_DAY.sub("", text)))
