"""Which of the three ways mail goes out, and what each of them tells of a message.

A transport says of every message, surely, that it went or that it did not; or else that nobody knows. The last is
never tried again by itself: the next mail might be the second one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from scripts.adapters.settings.config import Config


class DidNotGo(Exception):
    """The message surely went to nobody. `for_any` when no other message would fare better just now."""

    def __init__(self, why: str, *, for_any: bool = False, one_by_one: bool = False) -> None:
        super().__init__(why)
        self.for_any = for_any
        self.one_by_one = one_by_one
        """Whether it was refused for one of its recipients, who is not named: to each alone it may go."""


class MayHaveGone(Exception):
    """Nobody knows whether the message went, for the answer is missing."""


@dataclass(frozen=True)
class Accepted:
    """The message went, but not to those who are `refused`: by address, why."""

    refused: Mapping[str, str] = field(default_factory=dict)


class Transport(Protocol):
    """A way for mail to go out."""

    name: str
    """"drafts", "smtp" or "graph"."""

    def send(self, mail: EmailMessage, addresses: Sequence[str]) -> Accepted:
        """Send `mail` to `addresses`, once. Raises DidNotGo or MayHaveGone."""
        ...

    def close(self) -> None:
        """End the connection, if there is one."""
        ...


def transport_of(config: Config) -> Transport:
    """The way that `config` names for mail that is sent; nothing is contacted before the first message."""
    if config.mail.transport == "smtp":
        from scripts.adapters.mail.transport.smtp_relay import SmtpRelay

        return SmtpRelay(config.mail)
    from scripts.adapters.mail.transport.graph_mailbox import GraphMailbox

    return GraphMailbox(config.mail, config.sign_in)
