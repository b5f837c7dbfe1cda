"""A cell that opens a file or a folder with one click."""

from __future__ import annotations

from dataclasses import dataclass

_LONGEST_ADDRESS = 255
"""Excel takes no longer text within a formula."""


@dataclass(frozen=True, slots=True)
class Link:
    """What a cell shows, and the address that a click on it opens: relative to the workbook, or on the web.

    address    the address
    text       what the cell shows
    """

    address: str
    text: str

    @property
    def formula(self) -> str | None:
        """The formula of the cell, without the = in front; None when Excel does not take one so long."""
        if max(len(self.address), len(self.text)) > _LONGEST_ADDRESS:
            return None
        return f"HYPERLINK({_quoted(self.address)},{_quoted(self.text)})"


def _quoted(text: str) -> str:
    """Return text within a formula, where it is text and nothing else."""
    return '"' + text.replace('"', '""') + '"'
