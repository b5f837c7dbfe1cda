"""The ledger: what was sent to whom, entered before it goes and confirmed after, so that nothing goes twice.

A row is one message to one recipient. It is `going` from before it is sent until it is known what came of it; then it
is `sent`, `not sent` (surely not: it may be tried again) or `unknown`. A row that is still going while nobody sends was
left by a run that was killed, and is unknown too. What is unknown goes to a person, who looks and says.

No address is kept, only the role that a recipient has, the domain, and a keyed digest by which the same address is
known again; and of an incident nothing but its reference.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, cast

from scripts.adapters.ledger.database import LedgerFile, written
from scripts.adapters.mail.transport.message import Message, Recipient
from scripts.adapters.settings.mail_settings import domain_of
from scripts.adapters.storage.locks import exclusive_lock
from tracker_schema.errors import MailNotSent, UsageError

State = Literal["going", "sent", "not sent", "unknown"]

SECONDS_FOR_OTHERS = 600.0
"""How long a run waits for another one that is sending."""

_COLUMNS = (
    *("id", "kind", "reference", "stage", "period", "role", "domain", "recipient"),
    *("state", "way", "why", "attempts", "entered", "changed"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the ledger; `recipient` is the digest of the address, `entered` and `changed` are moments in UTC."""

    id: int
    kind: str
    reference: str | None
    stage: str
    period: str
    role: str
    domain: str
    recipient: str
    state: State
    way: str
    why: str
    attempts: int
    entered: dt.datetime
    changed: dt.datetime


class Ledger(LedgerFile):
    """The ledger in a file; use it as a context manager."""

    @contextlib.contextmanager
    def alone(self, moment: dt.datetime, say: Callable[[str], None]) -> Iterator[None]:
        """Nobody else sends until this block ends; `say` is told when another run has to be waited for.

        Whatever is going as the block begins was left by a run that was killed: it becomes unknown. The system ends a
        run's turn when the run ends, however that is. Raises MailNotSent when the other run takes too long.
        """
        too_long = MailNotSent(
            f"Another run has been sending mail for {SECONDS_FOR_OTHERS / 60:.0f} minutes, so this one sent nothing; "
            "see what the other one waits for, or end it."
        )
        lock = self.file.with_name(f"{self.file.name}.lock")

        def on_wait() -> None:
            say("Another run is sending mail; this one waits for it.")

        with exclusive_lock(lock, too_long, seconds=SECONDS_FOR_OTHERS, on_wait=on_wait, failure=MailNotSent):
            with self.transaction():
                self.rows.execute(
                    "UPDATE message SET state = 'unknown', why = 'The run was interrupted.', changed = ? "
                    "WHERE state = 'going'",
                    [written(moment)],
                )
            yield

    def enter(self, message: Message, recipients: Sequence[Recipient], way: str, moment: dt.datetime) -> list[Entry]:
        """The rows of `message` to `recipients`, in their order; those that may go now are `going` from here on.

        Call it only while `alone`.
        """
        with self.transaction():
            return [self._entered(message, recipient, way, moment) for recipient in recipients]

    def confirm(self, outcomes: Sequence[tuple[Entry, State, str]], moment: dt.datetime) -> None:
        """Enter what came of each entry, and why.

        Raises MailNotSent when that cannot be entered: then the entries stay as they are, and so are unknown.
        """
        with self.transaction():
            self.rows.executemany(
                "UPDATE message SET state = ?, why = ?, changed = ? WHERE id = ?",
                [(state, why, written(moment), entry.id) for entry, state, why in outcomes],
            )

    def find(self, message: Message, recipient: Recipient) -> Entry | None:
        """The row of `message` to `recipient`; None when it was never entered."""
        with self.told():
            about = [message.kind, message.reference or "", message.stage, message.period, self.digest_of(recipient)]
            found = self._select("kind = ? AND reference = ? AND stage = ? AND period = ? AND recipient = ?", about)
        return found[0] if found else None

    def entries(
        self, *, kind: str | None = None, reference: str | None = None, states: Collection[State] = ()
    ) -> list[Entry]:
        """The rows of that kind, about that incident, in one of those states; the oldest first."""
        with self.told():
            rows = self._select("TRUE", [])
        return [
            entry
            for entry in rows
            if kind in (None, entry.kind)
            and reference in (None, entry.reference)
            and (not states or entry.state in states)
        ]

    def resolve(self, number: int, state: Literal["sent", "not sent"], moment: dt.datetime) -> Entry:
        """The row of that id, now that a person has said what became of it.

        Raises UsageError when there is no such row, or it was not unknown.
        """
        with self.transaction():
            found = self._select("id = ?", [number])
            if not found:
                raise UsageError(f"The ledger has no message {number}; see python -m scripts.ledger --unknown.")
            if found[0].state != "unknown":
                raise UsageError(f"Message {number} is not unknown but {found[0].state}; nothing was changed.")
            self.rows.execute(
                "UPDATE message SET state = ?, why = 'A person recorded it.', changed = ? WHERE id = ?",
                [state, written(moment), number],
            )
            return self._select("id = ?", [number])[0]

    def summarise(self, before: dt.datetime, open_references: Collection[str]) -> int:
        """How many rows were counted and removed: those last changed `before`, but none that is unknown or going, or
        is about one of `open_references`. Which jobs were run before is forgotten.
        """
        still_open = {reference.casefold() for reference in open_references}
        with self.transaction():
            old = [
                entry
                for entry in self._select("changed < ? AND state IN ('sent', 'not sent')", [written(before)])
                if entry.reference is None or entry.reference.casefold() not in still_open
            ]
            for entry in old:
                self.rows.execute(
                    "INSERT INTO counted VALUES (?, ?, ?, 1) "
                    "ON CONFLICT (month, kind, state) DO UPDATE SET number = number + 1",
                    [f"{entry.entered:%Y-%m}", entry.kind, entry.state],
                )
                self.rows.execute("DELETE FROM message WHERE id = ?", [entry.id])
            self.rows.execute("DELETE FROM job WHERE changed < ?", [written(before)])
        return len(old)

    def counted(self) -> list[tuple[str, str, str, int]]:
        """What was counted and removed: the month, the kind, the state, and how many."""
        with self.told():
            return self.rows.execute("SELECT month, kind, state, number FROM counted ORDER BY 1, 2, 3").fetchall()

    def digest_of(self, recipient: Recipient) -> str:
        """What the recipient's address is known by in this ledger."""
        known = (recipient.address or f"no address: {recipient.role}").casefold()
        return hashlib.blake2b(known.encode(), key=self.digest_key, digest_size=12).hexdigest()

    def _entered(self, message: Message, recipient: Recipient, way: str, moment: dt.datetime) -> Entry:
        now = written(moment)
        entry = self.find(message, recipient)
        if entry is None:
            domain = domain_of(recipient.address) if recipient.address else ""
            about = [message.kind, message.reference or "", message.stage, message.period]
            self.rows.execute(
                "INSERT INTO message (kind, reference, stage, period, role, domain, recipient, state, way, entered, "
                "changed) VALUES (?, ?, ?, ?, ?, ?, ?, 'going', ?, ?, ?)",
                [*about, recipient.role, domain, self.digest_of(recipient), way, now, now],
            )
        elif entry.state == "not sent":
            self.rows.execute(
                "UPDATE message SET state = 'going', way = ?, why = '', attempts = attempts + 1, changed = ? "
                "WHERE id = ?",
                [way, now, entry.id],
            )
        else:
            return entry
        entered = self.find(message, recipient)
        assert entered is not None  # noqa: S101 - it was just entered
        return entered

    def _select(self, where: str, values: Sequence[object]) -> list[Entry]:
        # `where` is one of the texts above.
        query = f"SELECT {', '.join(_COLUMNS)} FROM message WHERE {where} ORDER BY id"  # noqa: S608
        return [_entry(dict(zip(_COLUMNS, row, strict=True))) for row in self.rows.execute(query, values)]


def _entry(row: dict[str, object]) -> Entry:
    moments = {name: dt.datetime.fromisoformat(str(row[name])) for name in ("entered", "changed")}
    return Entry(**cast("dict[str, object]", {**row, "reference": row["reference"] or None, **moments}))  # type: ignore[arg-type]
