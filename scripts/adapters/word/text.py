"""Text as Word can hold it."""

from __future__ import annotations

import re

# Characters that XML 1.0 cannot hold. Half of a surrogate pair is what is left of a letter that is lost already.
_NOT_IN_XML = re.compile("[\x00-\x08\x0e-\x1f\ufffe\uffff]")
# Signs after which letters of any language run the other way, so that nobody could read them.
_OVERRIDES = re.compile("[\u202d\u202e]")
_HALF_A_PAIR = re.compile("[\ud800-\udfff]")
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c]")


def for_word(text: str) -> str:
    """Return `text` with line feeds as line ends, and without characters that Word cannot hold or nobody can read."""
    text = _LINE_ENDS.sub("\n", text)
    return _HALF_A_PAIR.sub("\ufffd", _NOT_IN_XML.sub("", _OVERRIDES.sub("", text)))
