"""Text as Word can hold it."""

from __future__ import annotations

import re

# What XML 1.0 has no place for. A half of a surrogate pair stood for something that is lost already.
_NOT_IN_XML = re.compile("[\x00-\x08\x0e-\x1f\ufffe\uffff]")
_HALF_A_PAIR = re.compile("[\ud800-\udfff]")
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c]")


def for_word(text: str) -> str:
    """`text` with its line ends as line feeds and without control characters, of which nothing can be read."""
    text = _LINE_ENDS.sub("\n", text)
    return _HALF_A_PAIR.sub("\ufffd", _NOT_IN_XML.sub("", text))
