"""The ledger: each message is entered before it is sent and confirmed after, so that none is sent twice.

A row is one message to one recipient. It is `going` from before it is sent until the result is known; then it is
`sent`, `not sent` (it may be tried again) or `unknown`. When no run is sending, a row that is still `going` was left by
a run that was killed, so it is unknown too. A person checks what is unknown and records the result.

A draft is `sent` by “drafts” when it is written, and waits. When a person says that they sent it, it is by “a person”.

No address is stored, only the recipient's role, the domain, and a keyed digest that recognises the same address; of an
incident only its reference.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Literal

from scripts.adapters.ledger.database import MailLedgerFile, mark_used, timestamp
from scripts.adapters.mail.transport.message import Message, Recipient
from scripts.adapters.settings.mail_settings import domain_of
from scripts.adapters.storage.locks import exclusive_lock
from tracker_schema.errors import MailNotSent, UsageError

State = Literal["going", "sent", "not sent", "unknown"]

DRAFTS, BY_A_PERSON = "drafts", "a person"
"""Ways in which a message goes: as a draft that waits, and as a draft that a person says they have sent."""

SECONDS_FOR_OTHERS = 600.0
"""The time a run waits for another one that is sending."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the ledger.

    `recipient` is the digest of the address; `entered` and `changed` are in UTC; `source` are the versions of the
    tracker's file and of the program.
    """

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
    source: str


_COLUMNS = tuple(field.name for field in fields(Entry))


class Ledger(MailLedgerFile):
    """The ledger; use it as a context manager."""

    @contextlib.contextmanager
    def alone(self, moment: dt.datetime, say: Callable[[str], None]) -> Iterator[None]:
        """Keep all other runs from sending until the block ends; `say` reports that another run is waited for.

        Rows that are `going` when the block begins were left by a run that was killed: they become unknown. Raises
        MailNotSent when the other run takes too long, or the ledger is new although there was one before.
        """
        too_long = MailNotSent(
            f"Another run has been sending mail for {SECONDS_FOR_OTHERS / 60:.0f} minutes, so this one sent nothing.",
            "See what the other one waits for, or end it.",
        )
        self.require_known()
        lock = self.file.with_name(f"{self.file.name}.lock")

        def on_wait() -> None:
            say("Another run is sending mail; this one waits for it.")

        with exclusive_lock(lock, too_long, seconds=SECONDS_FOR_OTHERS, on_wait=on_wait, failure=MailNotSent):
            with self.translate_errors():
                mark_used(self.file)
            with self.transaction():
                self.connection.execute(
                    "UPDATE message SET state = 'unknown', why = 'The run was interrupted.', changed = ? "
                    "WHERE state = 'going'",
                    [timestamp(moment)],
                )
            yield

    def enter(self, message: Message, recipients: Sequence[Recipient], way: str, moment: dt.datetime) -> list[Entry]:
        """Return the rows of `message` to `recipients`, in their order; those that may be sent now become `going`.

        Call it only while `alone`.
        """
        with self.transaction():
            return [self._entered(message, recipient, way, moment) for recipient in recipients]

    def confirm(self, outcomes: Sequence[tuple[Entry, State, str]], moment: dt.datetime) -> None:
        """Enter the result of each entry, and the reason.

        Raises MailNotSent when that fails: the entries then stay `going`, so they will be unknown.
        """
        with self.transaction():
            self.connection.executemany(
                "UPDATE message SET state = ?, why = ?, changed = ? WHERE id = ?",
                [(state, why, timestamp(moment), entry.id) for entry, state, why in outcomes],
            )

    def find(self, message: Message, recipient: Recipient) -> Entry | None:
        """Return the row of `message` to `recipient`; None when there is none."""
        with self.translate_errors():
            about = [message.kind, message.reference or "", message.stage, message.period, self.digest_of(recipient)]
            found = self._select("kind = ? AND reference = ? AND stage = ? AND period = ? AND recipient = ?", about)
        return found[0] if found else None

    def entries(self, *, kind: str | None = None, states: Collection[State] = ()) -> list[Entry]:
        """Return the rows of that kind, in one of those states, the oldest first."""
        wanted, values = ["TRUE"], list[str]()
        if kind is not None:
            wanted.append("kind = ?")
            values.append(kind)
        if states:
            wanted.append(f"state IN ({', '.join('?' * len(states))})")
            values += states
        with self.translate_errors():
            return self._select(" AND ".join(wanted), values)

    def count(self) -> int:
        """Return the number of rows."""
        with self.translate_errors():
            (number,) = self.connection.execute("SELECT COUNT(*) FROM message").fetchone()
        return int(number)

    def resolve(self, number: int, state: Literal["sent", "not sent"], moment: dt.datetime) -> Entry:
        """Record the result that a person gives for an unknown message, and return its row.

        Raises UsageError when there is no such row, or it is not unknown.
        """
        with self.transaction():
            found = self._select("id = ?", [number])
            if not found:
                raise UsageError(f"The ledger has no message {number}.", "See python -m scripts.ledger --unknown.")
            if found[0].state != "unknown":
                raise UsageError(f"Message {number} is not unknown but {found[0].state}, so nothing was changed.")
            self.connection.execute(
                "UPDATE message SET state = ?, why = 'A person recorded it.', changed = ? WHERE id = ?",
                [state, timestamp(moment), number],
            )
            return self._select("id = ?", [number])[0]

    def waiting_drafts(self, kind: str | None = None) -> list[Entry]:
        """Return the drafts of which nobody has said that they were sent, the oldest first."""
        return [entry for entry in self.entries(kind=kind, states=["sent"]) if entry.way == DRAFTS]

    def record_sent(self, numbers: Collection[int], day: dt.date) -> list[Entry]:
        """Record that a person sent these drafts on `day`, and return their rows.

        Raises UsageError, and records nothing, when one of them is no draft that waits.
        """
        noon = dt.datetime.combine(day, dt.time(12), dt.UTC)  # in London that is the same day
        with self.transaction():
            for number in numbers:
                found = self._select("id = ?", [number])
                if not found:
                    raise UsageError(f"The ledger has no message {number}.", "See python -m scripts.ledger --waiting.")
                if (found[0].state, found[0].way) != ("sent", DRAFTS):
                    raise UsageError(
                        f"Message {number} is no draft that waits, so nothing was recorded.",
                        "See python -m scripts.ledger --waiting.",
                    )
                self.connection.execute(
                    "UPDATE message SET way = ?, changed = ? WHERE id = ?", [BY_A_PERSON, timestamp(noon), number]
                )
            return [entry for number in numbers for entry in self._select("id = ?", [number])]

    def summarise(self, before: dt.datetime, open_references: Collection[str]) -> int:
        """Replace old rows with counts by month, forget old runs of jobs, and return the number of rows removed.

        Old is what last changed `before` that moment. Rows that are unknown or going, or about one of
        `open_references`, stay.
        """
        still_open = {reference.casefold() for reference in open_references}
        with self.transaction():
            old = [
                entry
                for entry in self._select("changed < ? AND state IN ('sent', 'not sent')", [timestamp(before)])
                if entry.reference is None or entry.reference.casefold() not in still_open
            ]
            for entry in old:
                self.connection.execute(
                    "INSERT INTO counted VALUES (?, ?, ?, 1) "
                    "ON CONFLICT (month, kind, state) DO UPDATE SET number = number + 1",
                    [f"{entry.entered:%Y-%m}", entry.kind, entry.state],
                )
                self.connection.execute("DELETE FROM message WHERE id = ?", [entry.id])
            self.connection.execute("DELETE FROM job WHERE changed < ?", [timestamp(before)])
        return len(old)

    def counted(self) -> list[tuple[str, str, str, int]]:
        """Return the counts of the rows removed: month, kind, state and number."""
        with self.translate_errors():
            return self.connection.execute("SELECT month, kind, state, number FROM counted ORDER BY 1, 2, 3").fetchall()

    def digest_of(self, recipient: Recipient) -> str:
        """Return the digest of the recipient's address in this ledger."""
        known = (recipient.address or f"no address: {recipient.role}").casefold()
        return hashlib.blake2b(known.encode(), key=self.digest_key, digest_size=12).hexdigest()

    def _entered(self, message: Message, recipient: Recipient, way: str, moment: dt.datetime) -> Entry:
        now = timestamp(moment)
        entry = self.find(message, recipient)
        if entry is None:
            domain = domain_of(recipient.address) if recipient.address else ""
            about = [message.kind, message.reference or "", message.stage, message.period]
            self.connection.execute(
                "INSERT INTO message (kind, reference, stage, period, role, domain, recipient, state, way, entered, "
                "changed, source) VALUES (?, ?, ?, ?, ?, ?, ?, 'going', ?, ?, ?, ?)",
                [*about, recipient.role, domain, self.digest_of(recipient), way, now, now, message.source],
            )
        elif entry.state == "not sent":
            self.connection.execute(
                "UPDATE message SET state = 'going', way = ?, why = '', attempts = attempts + 1, changed = ?, "
                "source = ? WHERE id = ?",
                [way, now, message.source, entry.id],
            )
        else:
            return entry
        entered = self.find(message, recipient)
        assert entered is not None  # noqa: S101 - it was just entered
        return entered

    def _select(self, where: str, values: Sequence[object]) -> list[Entry]:
        # `where` is one of the texts above.
        query = f"SELECT {', '.join(_COLUMNS)} FROM message WHERE {where} ORDER BY id"  # noqa: S608
        rows = [Entry(*row) for row in self.connection.execute(query, values)]  # with dates as texts
        return [
            replace(
                row,
                reference=row.reference or None,
                entered=self.moment(row.entered),
                changed=self.moment(row.changed),
            )
            for row in rows
        ]
