"""What came of the messages of one run: for a person, as JSON, and as what a job raises."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from scripts.adapters.cli.terminal import show_table
from scripts.adapters.mail.transport.message import Message, Recipient
from tracker_schema.errors import MailNotSent

Result = Literal["sent", "drafted", "done before", "not sent", "unknown", "would be sent", "would be drafted"]


@dataclass(frozen=True)
class Delivery:
    """What came of one message to one recipient, and `why` where it did not go."""

    message: Message
    recipient: Recipient
    result: Result
    why: str = ""


@dataclass
class Posting:
    """What came of the messages of one run; `drafts` are the files that were written."""

    deliveries: list[Delivery] = field(default_factory=list)
    drafts: list[Path] = field(default_factory=list)
    unresolved: int = 0
    """How many rows of the ledger besides these are unknown."""

    @property
    def refusal(self) -> MailNotSent | None:
        """What a job raises when it has shown the rest: to whom mail did not go, and of what nobody knows."""
        sentences = [f"Mail was not sent to {who}: {why}." for why, who in self._by_reason("not sent")]
        sentences += [f"Whether mail went to {who} is not known: {why}." for why, who in self._by_reason("unknown")]
        if self.unresolved:
            sentences.append(f"Of {self.unresolved} earlier messages it is not known whether they went.")
        if self.unresolved or any(each.result == "unknown" for each in self.deliveries):
            sentences.append(
                "Look whether they arrived, and say so with python -m scripts.ledger --resolve; "
                "python -m scripts.ledger --unknown lists them."
            )
        return MailNotSent(" ".join(sentences)) if sentences else None

    def as_json(self) -> list[dict[str, Any]]:
        """Each delivery for a job's --json; no address is in it."""
        return [
            {
                "kind": each.message.kind,
                "reference": each.message.reference,
                "stage": each.message.stage,
                "period": each.message.period,
                "to": each.recipient.role,
                "result": each.result,
                "why": each.why,
            }
            for each in self.deliveries
        ]

    def _by_reason(self, result: Result) -> Iterator[tuple[str, str]]:
        reasons: dict[str, dict[str, None]] = {}
        for each in self.deliveries:
            if each.result == result:
                reasons.setdefault(each.why, {})[self._who(each)] = None
        for why, roles in reasons.items():
            yield why, ", ".join(roles)

    def _who(self, of: Delivery) -> str:
        """The recipient's role, and where others of that role fared better, which entry of the settings it is."""
        fellows = [each for each in of.message.recipients if each.setting == of.recipient.setting]
        results = {each.result for each in self.deliveries if each.message is of.message and each.recipient in fellows}
        if len(results) < 2:
            return of.recipient.role
        return f"{of.recipient.role} ({of.recipient.setting}, entry {fellows.index(of.recipient) + 1})"


def show(posting: Posting) -> None:
    """Print what came of each message, and where the drafts are."""
    rows = [
        (each.result, each.message.kind.replace("_", " "), each.message.reference or "", each.recipient.role, each.why)
        for each in posting.deliveries
    ]
    if rows:
        show_table("Mail", ("Result", "Message", "Reference", "To", "Why"), rows)
    for folder in sorted({draft.parent for draft in posting.drafts}):
        print(f"\nThe drafts are in {folder}: open each in Outlook, look at it, and send it.")
