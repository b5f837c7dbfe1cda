"""A folder of .eml files that a person opens in Outlook and sends. No file is named for anybody."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from scripts.adapters.mail.transport.message import Message
from scripts.adapters.mail.transport.mime import as_draft, file_name
from scripts.adapters.mail.transport.transports import DidNotGo
from scripts.adapters.storage.atomic_write import remove_left_overs, sync_folder, temporary_file

_PURPOSE = "drafts"


class Drafts:
    """The drafts in `folder`, which need not exist yet; their subjects begin with `marking`."""

    name = "drafts"

    def __init__(self, folder: Path, marking: str) -> None:
        self.folder = folder
        self._marking = marking

    def file_for(self, message: Message, addresses: Sequence[str]) -> Path:
        """Where the draft of `message` to `addresses` is put: always the same file for the same message."""
        known_by = hashlib.sha256("\0".join((message.digest, *sorted(addresses))).encode()).hexdigest()[:8]
        about = " ".join(filter(None, (message.period, message.kind, message.reference, message.stage)))
        return self.folder / f"{file_name(about)[:80]} {known_by}.eml"

    def put(self, message: Message, addresses: Sequence[str]) -> Path:
        """The new draft of `message` to `addresses`. Raises DidNotGo when it cannot be written."""
        path = self.file_for(message, addresses)
        content = as_draft(message, addresses, marking=self._marking).as_bytes()
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            remove_left_overs(self.folder, _PURPOSE)
            with temporary_file(self.folder, _PURPOSE, content) as temporary:
                temporary.replace(path)
        except OSError as error:
            raise DidNotGo(
                f"No draft can be put in {self.folder} ({error.strerror}); make room there, or name another "
                "mail.drafts_folder in config.toml",
                for_any=True,
            ) from None
        sync_folder(self.folder)
        return path
