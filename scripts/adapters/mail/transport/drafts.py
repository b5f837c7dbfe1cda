"""A folder of .eml files that a person opens in Outlook and sends.

A file is named for the day on which it was made, the message, the agency and the incident, and for nobody by name.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from scripts.adapters.mail.transport.message import Message
from scripts.adapters.mail.transport.mime import as_draft, file_name
from scripts.adapters.mail.transport.transport import DidNotGo
from scripts.adapters.storage.atomic_write import clear_left_overs, write_over


class Drafts:
    """The drafts in `folder`, which is made when it is missing; their subjects begin with `marking`.

    New ones are made on the day `made_on`.
    """

    name = "drafts"

    def __init__(self, folder: Path, marking: str, made_on: dt.date) -> None:
        self.folder = folder
        self._marking = marking
        self._made_on = made_on

    def _path_of(self, message: Message, addresses: Sequence[str]) -> Path:
        """Return the file for `message` to `addresses`: the one that is there, if it was written on an earlier day."""
        digest = hashlib.sha256("\0".join((message.digest, *sorted(addresses))).encode()).hexdigest()[:8]
        kind = message.kind.replace("_", "-")
        words = (self._made_on.isoformat(), kind, message.title or message.stage, message.reference)
        new = self.folder / f"{file_name(' '.join(filter(None, words)))[:100]} {digest}.eml"
        return self._there.setdefault(digest, new)

    @cached_property
    def _there(self) -> dict[str, Path]:
        """The drafts by their digests. The folder is looked through once in a run, not for each of thousands."""
        return {path.stem.rpartition(" ")[2]: path for path in self.folder.glob("* *.eml")}

    def clear_left_overs(self) -> None:
        """Delete what a run that was killed left half written."""
        clear_left_overs(self.folder)

    def write(self, message: Message, addresses: Sequence[str]) -> Path:
        """Write the draft of `message` to `addresses` and return its path.

        Raises DidNotGo when it cannot be written.
        """
        path = self._path_of(message, addresses)
        content = as_draft(message, addresses, marking=self._marking).as_bytes()
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_over(path, content)
        except OSError as error:
            raise DidNotGo(
                f"No draft can be written to {self.folder} ({error.strerror}).",
                "Make space there, or name another folder as mail.drafts_folder in config.toml.",
                for_any=True,
            ) from None
        return path
