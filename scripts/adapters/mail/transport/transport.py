"""What every way of sending mail promises.

A transport says of each message that it was sent, or that it was not; or else that nobody knows. A message of which
nobody knows is never sent again automatically: it could arrive twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Protocol

from tracker_schema.errors import TrackerError


class DidNotGo(TrackerError):
    """The message was sent to nobody.

    for_any       whether every other message would fail in the same way
    one_by_one    whether one recipient, who is not named, was refused: each alone may still be accepted
    """

    def __init__(self, problem: str, remedy: str = "", *, for_any: bool = False, one_by_one: bool = False) -> None:
        super().__init__(problem, remedy)
        self.for_any = for_any
        self.one_by_one = one_by_one


class MayHaveGone(TrackerError):
    """Nobody knows whether the message was sent: the reply is missing."""


@dataclass(frozen=True)
class Accepted:
    """The message was sent.

    refused    the addresses it was not sent to, and for each the reason as a sentence
    """

    refused: Mapping[str, str] = field(default_factory=dict)


class Transport(Protocol):
    """A way of sending mail.

    name    “drafts”, “smtp” or “graph”
    """

    name: str

    def send(self, mail: EmailMessage, addresses: Sequence[str]) -> Accepted:
        """Send `mail` to `addresses`, once. Raises DidNotGo or MayHaveGone."""
        ...

    def close(self) -> None:
        """End the connection, if there is one."""
        ...
