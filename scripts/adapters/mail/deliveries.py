"""What became of the messages of one run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from scripts.adapters.cli.terminal import show_table
from scripts.adapters.mail.transport.message import Message, Recipient
from scripts.adapters.settings.config import default_drafts_folder
from tracker_schema.errors import MailNotSent

DRAFTS_REMEDY = "Name one that the Head of Service can open as mail.drafts_folder in config.toml."
"""What to do when drafts go to a folder that only this account opens."""

Result = Literal["sent", "drafted", "done before", "not sent", "unknown", "would be sent", "would be drafted"]


@dataclass(frozen=True)
class Delivery:
    """What became of one message to one recipient.

    why       why it was not sent, as a sentence, "" when it was
    remedy    what to do about it, as a sentence, "" when there is nothing to do
    """

    message: Message
    recipient: Recipient
    result: Result
    why: str = ""
    remedy: str = ""


@dataclass
class Posting:
    """What became of the messages of one run.

    drafts        the files that were written
    unresolved    how many other messages in the ledger are unknown
    """

    deliveries: list[Delivery] = field(default_factory=list)
    drafts: list[Path] = field(default_factory=list)
    unresolved: int = 0

    @property
    def refusal(self) -> MailNotSent | None:
        """The error that a job raises at its end: to whom mail was not sent, and where nobody knows; None when all
        is well.
        """
        problems = [f"Mail was not sent to {roles}. {why}" for why, roles in self._by_reason("not sent")]
        problems += [f"Nobody knows whether mail reached {roles}. {why}" for why, roles in self._by_reason("unknown")]
        remedies = list(dict.fromkeys(each.remedy for each in self.deliveries if each.remedy))
        if self.unresolved:
            problems.append(f"Nobody knows whether {self.unresolved} earlier messages were sent.")
        if self.unresolved or any(each.result == "unknown" for each in self.deliveries):
            remedies.append(
                "Check whether they arrived: python -m scripts.ledger --unknown lists them. Record the answer with "
                "python -m scripts.ledger --resolve."
            )
        return MailNotSent(" ".join(problems), " ".join(remedies)) if problems else None

    def reports(self, kind: str, *, news: bool) -> bool:
        """Return whether no `news` is left to report: there was none, or a message of `kind` went now."""
        went = any(each.message.kind == kind and each.result in ("sent", "drafted") for each in self.deliveries)
        return went or not news

    def as_json(self) -> list[dict[str, Any]]:
        """Return each delivery for a job's --json. It holds no address."""
        return [
            {
                "kind": each.message.kind,
                "reference": each.message.reference,
                "stage": each.message.stage,
                "period": each.message.period,
                "to": each.recipient.role,
                "result": each.result,
                "why": f"{each.why} {each.remedy}".strip(),
            }
            for each in self.deliveries
        ]

    def _by_reason(self, result: Result) -> Iterator[tuple[str, str]]:
        reasons: dict[str, dict[str, None]] = {}
        for each in self.deliveries:
            if each.result == result:
                reasons.setdefault(each.why, {})[self._role(each)] = None
        for why, roles in reasons.items():
            yield why, ", ".join(roles)

    def _role(self, delivery: Delivery) -> str:
        """Return the recipient's role, with its entry in the settings when others of that role had another result."""
        message, setting = delivery.message, delivery.recipient.setting
        same_role = [each for each in message.recipients if each.setting == setting]
        results = {each.result for each in self.deliveries if each.message is message and each.recipient in same_role}
        if len(results) < 2:
            return delivery.recipient.role
        return f"{delivery.recipient.role} ({setting}, entry {same_role.index(delivery.recipient) + 1})"


def show(posting: Posting) -> None:
    """Print what became of each message, and where the drafts are."""
    rows = [
        (
            each.result,
            each.message.kind.replace("_", " "),
            each.message.reference or "",
            each.recipient.role,
            f"{each.why} {each.remedy}".strip(),
        )
        for each in posting.deliveries
    ]
    if rows:
        show_table("Mail", ("Result", "Message", "Reference", "To", "Why"), rows)
    for folder in sorted({draft.parent for draft in posting.drafts}):
        print(f"\nThe drafts are in {folder}: open each one in Outlook, check it, and send it.")
        if folder == default_drafts_folder():
            print(f"Only this account opens that folder. {DRAFTS_REMEDY}")
