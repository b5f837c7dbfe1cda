"""The settings for documents and the forms that come back."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator

from scripts.adapters.settings.errors import WrongValue
from scripts.adapters.settings.field_types import Line, Section


def _folder(value: str) -> str:
    if "://" in value:
        raise WrongValue(
            "is a web address", 'Name a folder beside the tracker, such as "Cases", or one in the same library.'
        )
    return value


class ReturnsSettings(Section):
    """Whether forms that come back are entered at once, or only once a person has moved them to the folder for it."""

    enter: Literal["at once", "ask"] = "at once"


class DocumentsSettings(Section):
    """The folder of the cases, beside the tracker; which documents are made; and whether the Documents sheet is added
    to a workbook that has none.
    """

    folder: Annotated[Line, AfterValidator(_folder)] = "Cases"
    make: Literal["asked", "stage"] = "asked"
    sheet: bool = False
