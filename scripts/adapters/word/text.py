"""Text as Word can hold it."""

from __future__ import annotations

import re

# What XML 1.0 has no place for. A half of a surrogate pair stood for something that is lost already.
_NOT_IN_XML = re.compile("[\x00-\x08\x0e-\x1f\ufffe\uffff]")
# Signs that have letters of any language run the other way round: whatever follows could not be read.
_TURNED_ROUND = re.compile("[\u202d\u202e]")
_HALF_A_PAIR = re.compile("[\ud800-\udfff]")
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c]")


def for_word(text: str) -> str:
    """`text` with its line ends as line feeds and without characters that nobody can read or that hinder it."""
    text = _LINE_ENDS.sub("\n", text)
    return _HALF_A_PAIR.sub("\ufffd", _NOT_IN_XML.sub("", _TURNED_ROUND.sub("", text)))
