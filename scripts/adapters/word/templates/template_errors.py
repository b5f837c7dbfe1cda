"""What is wrong in a template, told with the template, the place in it, and the field."""

from __future__ import annotations

import re
from pathlib import Path

from tracker_schema.errors import UsageError

_INSTRUCTION = re.compile("<w:instrText.*?</w:instrText>")
_MARKUP = re.compile("<[^>]+>")
_MOST_WORDS = 90
README = "templates/README.md"


class TemplateSlip(UsageError):
    """A template cannot be used as it is."""


def slip(template: Path, place: str, near: str, why: str) -> TemplateSlip:
    """The slip as a sentence with its remedy. `place` is such as “the header”, `near` the markup around it."""
    words = " ".join(_MARKUP.sub("", _INSTRUCTION.sub("", near.replace("<w:tab/>", " "))).split())[:_MOST_WORDS]
    where = f"{place}, near “{words}”" if words else place
    then = " Open" if why.endswith("?") else "; open"
    return TemplateSlip(
        f"The template {template.name} has a slip in {where}: {why}{then} {template.as_posix()} in Word and mend it "
        f"({README} lists the fields there are)."
    )


def unusable(template: Path, why: str) -> TemplateSlip:
    """The sentence that the file as a whole is no template."""
    return TemplateSlip(
        f"The template {template.as_posix()} {why}; put it back from the project, or delete it and run "
        "python -m scripts.build_templates."
    )
