"""What is wrong in a template, with the template, the place in it, and the field."""

from __future__ import annotations

import re
from pathlib import Path

from tracker_schema.errors import UsageError

_INSTRUCTION = re.compile("<w:instrText.*?</w:instrText>")
_MARKUP = re.compile("<[^<>]+>")
_MOST_WORDS = 90
README = "templates/README.md"


class TemplateError(UsageError):
    """A template cannot be used as it is."""


def template_error(template: Path, place: str, near: str, why: str, hint: str = "") -> TemplateError:
    """Return the error for one place in a template.

    `place` is such as “the header”, `near` the markup around it, `why` the rest of a sentence that says what is wrong,
    and `hint` a sentence that says what was probably meant.
    """
    words = " ".join(_MARKUP.sub("", _INSTRUCTION.sub("", near.replace("<w:tab/>", " "))).split())[:_MOST_WORDS]
    where = f"{place}, near “{words}”" if words else place
    remedy = f"Open {template.as_posix()} in Word and correct it ({README} lists the fields that you can use)."
    return TemplateError(f"The template {template.name} has a mistake in {where}: {why}.", f"{hint} {remedy}".strip())


def unusable(template: Path, why: str) -> TemplateError:
    """Return the error for a file that is no template at all; `why` is the rest of the sentence about it."""
    return TemplateError(
        f"The template {template.as_posix()} {why}.", "Put back the template that came with this program."
    )
