"""Messages entered in the ledger, sent and confirmed: each to each of its recipients, once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from scripts.adapters.cli.terminal import warn_on_stderr
from scripts.adapters.ledger.ledger import Entry, Ledger, State
from scripts.adapters.mail.address_book import HEAD_OF_SERVICE, AddressBook
from scripts.adapters.mail.deliveries import Delivery, Posting, Result
from scripts.adapters.mail.transport.drafts import Drafts
from scripts.adapters.mail.transport.message import Message, Recipient
from scripts.adapters.mail.transport.mime import as_email
from scripts.adapters.mail.transport.transports import Accepted, DidNotGo, MayHaveGone, Transport, transport_of
from scripts.adapters.settings.config import Config


def post(
    messages: Sequence[Message],
    config: Config,
    moment: dt.datetime,
    *,
    trial: bool,
    dry_run: bool = False,
    say: Callable[[str], None] = warn_on_stderr,
) -> Posting:
    """What came of `messages`, sent (or put down as drafts) as `config` says, at `moment`.

    A `trial`, such as a run on another workbook with --tracker, writes drafts only and has a ledger of its own; a
    `dry_run` does nothing. `say` is told when another run has to be waited for. Raises MailNotSent when the ledger
    cannot be used, so that nothing was sent; whatever happens later is told by the posting's `refusal`.
    """
    file = ledger_file(config, trial=trial)
    if dry_run and not file.exists():
        return _Run(config, None, moment, trial=trial).shown(messages)
    with Ledger(file) as ledger:
        run = _Run(config, ledger, moment, trial=trial)
        if dry_run:
            return run.shown(messages)
        with ledger.alone(moment, say):
            return run.posted(messages, ledger)


def ledger_file(config: Config, *, trial: bool) -> Path:
    """Where the ledger is; that of a `trial` lies beside the real one."""
    return config.ledger.file.with_name(f"trial-{config.ledger.file.name}") if trial else config.ledger.file


Send = Callable[[Message, Sequence[str]], Accepted]


class _Run:
    """The posting of one run."""

    def __init__(self, config: Config, ledger: Ledger | None, moment: dt.datetime, *, trial: bool) -> None:
        self._config = config
        self._ledger = ledger
        self._moment = moment
        self._trial = trial
        self._book = AddressBook(config)
        self._drafts = Drafts(config.mail.drafts_folder, config.council.marking)
        self._transport: Transport | None = None
        self._stopped: dict[str, str] = {}
        """By the way it was to go: why no further message is tried."""
        self._told_ids: set[int] = set()
        self._posting = Posting()

    def shown(self, messages: Sequence[Message]) -> Posting:
        """What would come of `messages`."""
        for message in messages:
            for recipient in self._allowed(message):
                known = self._ledger.find(message, recipient) if self._ledger else None
                if known is not None and known.state != "not sent":
                    self._tell_of(message, recipient, known)
                else:
                    draft = self._is_draft(recipient)
                    self._tell(message, recipient, "would be drafted" if draft else "would be sent")
        return self._posting

    def posted(self, messages: Sequence[Message], ledger: Ledger) -> Posting:
        """What came of `messages`."""
        known = {entry.id for entry in ledger.entries(states=["unknown"])}
        try:
            for message in messages:
                allowed = list(self._allowed(message))
                drafts = [each for each in allowed if self._is_draft(each)]
                self._post(ledger, message, drafts, "drafts", self._draft)
                others = [each for each in allowed if each not in drafts]
                self._post(ledger, message, others, self._config.mail.transport, self._send)
        finally:
            if self._transport is not None:
                self._transport.close()
        self._posting.unresolved = len(known - self._told_ids)
        return self._posting

    def _allowed(self, message: Message) -> Iterator[Recipient]:
        """Those to whom `message` may go; of the others it is told why not."""
        for recipient in message.recipients:
            if recipient.address is None:
                if self._is_draft(recipient):
                    yield recipient
                else:
                    why = f"config.toml has no address for it under [{recipient.setting}]"
                    if recipient.role == HEAD_OF_SERVICE:  # who is known by a name, which is not repeated
                        why += f" by the name that the tracker has for {message.reference}"
                    self._tell(message, recipient, "not sent", why)
            elif self._book.may_write_to(recipient):
                yield recipient
            else:
                why = "its address is not one that config.toml names, in a domain of mail.allowed_domains"
                self._tell(message, recipient, "not sent", why)

    def _is_draft(self, recipient: Recipient) -> bool:
        mail = self._config.mail
        return self._trial or mail.transport == "drafts" or (recipient.is_agency and mail.to_agencies == "drafts")

    def _post(self, ledger: Ledger, message: Message, recipients: Sequence[Recipient], way: str, send: Send) -> None:
        """Enter, send, confirm. If the run ends in between, the rows stay going: the next run finds them unknown."""
        if way in self._stopped:
            for recipient in recipients:
                self._tell(message, recipient, "not sent", self._stopped[way])
            return
        going: dict[Recipient, Entry] = {}
        for recipient, entry in zip(recipients, ledger.enter(message, recipients, way, self._moment), strict=True):
            if entry.state == "going":
                going[recipient] = entry
            else:
                self._tell_of(message, recipient, entry)
        if not going:
            return
        try:
            accepted = send(message, [each.address for each in going if each.address is not None])
        except DidNotGo as refused:
            if refused.one_by_one and len(going) > 1:
                ledger.confirm([(entry, "not sent", str(refused)) for entry in going.values()], self._moment)
                for recipient in going:
                    self._post(ledger, message, [recipient], way, send)
                return
            if refused.for_any:
                self._stopped[way] = str(refused)
            outcomes: dict[Recipient, tuple[State, str]] = dict.fromkeys(going, ("not sent", str(refused)))
        except MayHaveGone as trouble:
            outcomes = dict.fromkeys(going, ("unknown", str(trouble)))
        else:
            outcomes = {each: _outcome(each, accepted.refused) for each in going}
        ledger.confirm([(going[each], *outcome) for each, outcome in outcomes.items()], self._moment)
        for recipient, (state, why) in outcomes.items():
            self._told_ids.add(going[recipient].id)
            self._tell(message, recipient, _result(state, way), why)

    def _draft(self, message: Message, addresses: Sequence[str]) -> Accepted:
        self._posting.drafts.append(self._drafts.put(message, addresses))
        return Accepted()

    def _send(self, message: Message, addresses: Sequence[str]) -> Accepted:
        if self._transport is None:
            self._transport = transport_of(self._config)
        sender = self._config.mail.sender or ""
        marking = self._config.council.marking
        mail = as_email(message, addresses, marking=marking, sender=sender, moment=self._moment)
        return self._transport.send(mail, addresses)

    def _tell_of(self, message: Message, recipient: Recipient, entry: Entry) -> None:
        """Tell what the ledger says of an earlier run."""
        self._told_ids.add(entry.id)
        self._tell(message, recipient, "unknown" if entry.state == "unknown" else "done before", entry.why)

    def _tell(self, message: Message, recipient: Recipient, result: Result, why: str = "") -> None:
        self._posting.deliveries.append(Delivery(message, recipient, result, why))


def _outcome(recipient: Recipient, refused: Mapping[str, str]) -> tuple[State, str]:
    why = refused.get(recipient.address or "")
    return ("sent", "") if why is None else ("not sent", why)


def _result(state: State, way: str) -> Result:
    match state:
        case "sent":
            return "drafted" if way == "drafts" else "sent"
        case "unknown":
            return "unknown"
    return "not sent"
