"""A folder of .eml files that a person opens in Outlook and sends. No file name holds a person's name."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from scripts.adapters.mail.transport.message import Message
from scripts.adapters.mail.transport.mime import as_draft, file_name
from scripts.adapters.mail.transport.transport import DidNotGo
from scripts.adapters.storage.atomic_write import write_over


class Drafts:
    """The drafts in `folder`, which is made when it is missing; their subjects begin with `marking`."""

    name = "drafts"

    def __init__(self, folder: Path, marking: str) -> None:
        self.folder = folder
        self._marking = marking

    def path_of(self, message: Message, addresses: Sequence[str]) -> Path:
        """Return the file for `message` to `addresses`: the same file whenever it is written."""
        digest = hashlib.sha256("\0".join((message.digest, *sorted(addresses))).encode()).hexdigest()[:8]
        title = " ".join(filter(None, (message.period, message.kind, message.reference, message.stage)))
        return self.folder / f"{file_name(title)[:80]} {digest}.eml"

    def write(self, message: Message, addresses: Sequence[str]) -> Path:
        """Write the draft of `message` to `addresses` and return its path.

        Raises DidNotGo when it cannot be written.
        """
        path = self.path_of(message, addresses)
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
