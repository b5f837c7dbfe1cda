"""Text as spreadsheets store it: characters that XML cannot hold are spelt _xHHHH_."""

from __future__ import annotations

import re

_SPELT = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LOOKS_SPELT = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")


def spelt(text: str, more: str = "") -> str:
    """Text that XML can hold: its other characters, and those in `more`, are spelt, and so is what looks spelt."""
    text = _LOOKS_SPELT.sub("_x005F_", text)
    text = _NOT_IN_XML.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    for character in more:
        text = text.replace(character, f"_x{ord(character):04x}_")
    return text


def unspelt(text: str) -> str:
    """The text that was meant."""
    return _SPELT.sub(lambda found: chr(int(found[1], 16)), text)
