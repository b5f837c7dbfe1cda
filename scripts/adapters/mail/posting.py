"""Messages entered in the ledger, sent and confirmed: each to each of its recipients, once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from scripts.adapters.cli.terminal import warn_on_stderr
from scripts.adapters.ledger.database import vanished, was_used
from scripts.adapters.ledger.ledger import DRAFTS, Entry, Ledger, State
from scripts.adapters.mail.address_book import DIRECTOR, HEAD_OF_SERVICE, AddressBook
from scripts.adapters.mail.deliveries import Delivery, Posting, Result
from scripts.adapters.mail.transport.choice import choose_transport
from scripts.adapters.mail.transport.drafts import Drafts
from scripts.adapters.mail.transport.message import Message, Recipient
from scripts.adapters.mail.transport.mime import as_email
from scripts.adapters.mail.transport.transport import Accepted, DidNotGo, MayHaveGone, Transport
from scripts.adapters.settings.config import Config


def post(
    messages: Iterable[Message],
    config: Config,
    moment: dt.datetime,
    *,
    as_of: dt.date,
    trial: bool,
    dry_run: bool = False,
    warn: Callable[[str], None] = warn_on_stderr,
) -> Posting:
    """Send `messages`, or write them as drafts, as `config` says, and return what became of each.

    They are those of the day `as_of`, and each is asked for when those before it have gone.
    A `trial`, such as a run on another workbook with --tracker, writes drafts only and has its own ledger. A `dry_run`
    sends and writes nothing. `warn` gets a sentence when another run has to be waited for. Raises MailNotSent when the
    ledger cannot be used and so nothing was sent; for all that happens later see the posting's `refusal`.
    """
    file = ledger_file(config, trial=trial)
    if dry_run and not file.exists():
        if was_used(file):
            raise vanished(file)
        return _Run(config, None, moment, as_of, trial=trial).preview(messages)
    with Ledger(file) as ledger:
        run = _Run(config, ledger, moment, as_of, trial=trial)
        if dry_run:
            ledger.require_known()
            return run.preview(messages)
        with ledger.alone(moment, warn):
            return run.post(messages, ledger)


def ledger_file(config: Config, *, trial: bool) -> Path:
    """Return the path of the ledger; that of a `trial` is beside the real one."""
    return config.ledger.file_of(trial=trial)


Send = Callable[[Message, Sequence[str]], Accepted]


class _Run:
    """The posting of one run."""

    def __init__(
        self, config: Config, ledger: Ledger | None, moment: dt.datetime, as_of: dt.date, *, trial: bool
    ) -> None:
        self._config = config
        self._ledger = ledger
        self._moment = moment
        self._trial = trial
        self._book = AddressBook(config)
        self._drafts = Drafts(config.drafts_folder(trial=trial), config.council.marking, as_of)
        self._transport: Transport | None = None
        self._stopped: dict[str, DidNotGo] = {}
        """By the way of sending: the error after which no other message is tried."""
        self._reported: set[int] = set()
        """The ids of the ledger's entries that are in the posting."""
        self._posting = Posting()

    def preview(self, messages: Iterable[Message]) -> Posting:
        """Return what would become of `messages`."""
        for message in messages:
            for recipient in self._permitted(message):
                known = self._ledger.find(message, recipient) if self._ledger else None
                if known is not None and known.state != "not sent":
                    self._report_entry(message, recipient, known)
                else:
                    draft = self._is_draft(recipient)
                    self._report(message, recipient, "would be drafted" if draft else "would be sent")
        return self._posting

    def post(self, messages: Iterable[Message], ledger: Ledger) -> Posting:
        """Send `messages` and return what became of them."""
        unknown = {entry.id for entry in ledger.entries(states=["unknown"])}
        self._drafts.clear_left_overs()
        try:
            for message in messages:
                permitted = list(self._permitted(message))
                drafts = [each for each in permitted if self._is_draft(each)]
                self._post(ledger, message, drafts, DRAFTS, self._draft)
                others = [each for each in permitted if each not in drafts]
                self._post(ledger, message, others, self._config.mail.transport, self._send)
        finally:
            if self._transport is not None:
                self._transport.close()
        self._posting.unresolved = len(unknown - self._reported)
        return self._posting

    def _permitted(self, message: Message) -> Iterator[Recipient]:
        """Give the recipients who may get `message`; report the others with the reason."""
        for recipient in message.recipients:
            if recipient.address is None:
                if self._is_draft(recipient):
                    yield recipient
                else:
                    why = f"config.toml has no address under [{recipient.setting}]"
                    if recipient.role == HEAD_OF_SERVICE:  # known by a name, which is not repeated
                        why += f" for the name that the tracker has for {message.reference}"
                    self._report(message, recipient, "not sent", f"{why}.")
            elif self._book.may_write_to(recipient):
                yield recipient
            else:
                why = "The address is not one that config.toml names in a domain of mail.allowed_domains."
                self._report(message, recipient, "not sent", why)

    def _is_draft(self, recipient: Recipient) -> bool:
        mail = self._config.mail
        if self._trial or mail.transport == "drafts":
            return True
        if recipient.role == DIRECTOR:
            return self._config.reminders.escalate_to_director == "drafts"
        return recipient.is_agency and mail.to_agencies == "drafts"

    def _post(self, ledger: Ledger, message: Message, recipients: Sequence[Recipient], way: str, send: Send) -> None:
        """Enter, send, confirm. If the run ends in between, the entries stay going: the next run finds them unknown."""
        if stopped := self._stopped.get(way):
            for recipient in recipients:
                self._report(message, recipient, "not sent", stopped.problem, stopped.remedy)
            return
        going: dict[Recipient, Entry] = {}
        for recipient, entry in zip(recipients, ledger.enter(message, recipients, way, self._moment), strict=True):
            if entry.state == "going":
                going[recipient] = entry
            else:
                self._report_entry(message, recipient, entry)
        if not going:
            return
        remedy = ""
        try:
            accepted = send(message, [each.address for each in going if each.address is not None])
        except DidNotGo as error:
            if error.one_by_one and len(going) > 1:
                ledger.confirm([(entry, "not sent", str(error)) for entry in going.values()], self._moment)
                for recipient in going:
                    self._post(ledger, message, [recipient], way, send)
                return
            if error.for_any:
                self._stopped[way] = error
            outcomes: dict[Recipient, tuple[State, str]] = dict.fromkeys(going, ("not sent", error.problem))
            remedy = error.remedy
        except MayHaveGone as error:
            outcomes = dict.fromkeys(going, ("unknown", error.problem))
        else:
            outcomes = {each: _outcome(each, accepted.refused) for each in going}
        ledger.confirm([(going[each], *outcome) for each, outcome in outcomes.items()], self._moment)
        for recipient, (state, why) in outcomes.items():
            self._reported.add(going[recipient].id)
            self._report(message, recipient, _result(state, way), why, remedy)

    def _draft(self, message: Message, addresses: Sequence[str]) -> Accepted:
        self._posting.drafts.append(self._drafts.write(message, addresses))
        return Accepted()

    def _send(self, message: Message, addresses: Sequence[str]) -> Accepted:
        if self._transport is None:
            self._transport = choose_transport(self._config)
        sender = self._config.mail.sender or ""
        marking = self._config.council.marking
        mail = as_email(message, addresses, marking=marking, sender=sender, moment=self._moment)
        return self._transport.send(mail, addresses)

    def _report_entry(self, message: Message, recipient: Recipient, entry: Entry) -> None:
        """Report what the ledger holds of an earlier run."""
        self._reported.add(entry.id)
        self._report(message, recipient, "unknown" if entry.state == "unknown" else "done before", entry.why)

    def _report(self, message: Message, recipient: Recipient, result: Result, why: str = "", remedy: str = "") -> None:
        self._posting.deliveries.append(Delivery(message, recipient, result, why, remedy))


def _outcome(recipient: Recipient, refused: Mapping[str, str]) -> tuple[State, str]:
    why = refused.get(recipient.address or "")
    return ("sent", "") if why is None else ("not sent", why)


def _result(state: State, way: str) -> Result:
    match state:
        case "sent":
            return "drafted" if way == DRAFTS else "sent"
        case "unknown":
            return "unknown"
    return "not sent"
