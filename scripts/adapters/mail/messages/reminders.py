"""The reminders as messages: the daily list, the day 4 call, the chasers, and the notices to Heads and the Director."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from scripts.adapters.mail.address_book import AddressBook
from scripts.adapters.mail.messages.templates import Letter, environment, render_html, write_letter
from scripts.adapters.mail.messages.wording import filters
from scripts.adapters.mail.transport.message import Message, Recipient
from tracker_schema.mail.calls import Call
from tracker_schema.mail.chasers import Chaser, Stage, chaser_key
from tracker_schema.mail.daily_list import DailyList
from tracker_schema.mail.escalations import Escalation
from tracker_schema.mail.referrals import Referral
from tracker_schema.wording import long_date

DAILY_LIST, CALL, REFERRAL, CHASER, ESCALATION = "daily_list", "day_four_call", "referral", "chaser", "escalation"
TO_DIRECTOR = "director_escalation"


class Draft(Protocol):
    """A draft that waits for a person to send it."""

    @property
    def words(self) -> str:
        """What it is, about which case, for whom, and when it was made."""
        ...

    @property
    def new(self) -> bool:
        """Whether the last list did not name it."""
        ...

    @property
    def old(self) -> bool:
        """Whether it was made so long ago that it is only counted."""
        ...


class Writer:
    """Writes the reminders of the day `as_of` to the recipients in `book`; `common` are the facts of every message."""

    def __init__(self, book: AddressBook, as_of: dt.date, common: Mapping[str, object]) -> None:
        self._book = book
        self._as_of = as_of
        self._common = common
        self._templates = environment(filters(as_of))

    def daily_list(
        self,
        needed: DailyList,
        not_reminded: Sequence[str],
        drafts: Sequence[Draft],
        folder: str,
        sent_under: str,
        read_now: Sequence[str] = (),
    ) -> Message:
        """Return the list of what needs the Head of Service for Safeguarding today.

        `not_reminded` are sentences: who could not be reminded, and why. `drafts` wait in the folder of that path;
        `sent_under` is the heading under which a person says that a reminder was sent, "" when there is none.
        `read_now` are those of the sentences that are about a form that must be read at once.
        """
        letter = self._write(DAILY_LIST, **daily_facts(needed, not_reminded, drafts, folder, sent_under, read_now))
        return Message(
            DAILY_LIST,
            self._as_of.isoformat(),
            self._book.everyone("hos_safeguarding"),
            letter.subject,
            letter.text,
            html=letter.html,
        )

    def results_page(self, needed: DailyList, facts: Mapping[str, object]) -> str:
        """Return the results page: the daily list, and below it the `facts` about the program and this computer."""
        subject = f"What the tracker says, {long_date(self._as_of)}"
        page = {**self._common, **daily_facts(needed), **facts, "subject": subject}
        return render_html("results_page.html.j2", self._templates, page)

    def call(self, call: Call) -> Message:
        """Return the call to the Heads of Service about a case without a decision."""
        recipients = [*self._head(call.head), *self._book.everyone("day_four_meeting")]
        letter = self._write(CALL, call=call, stage=call.stage.value)
        return Message(
            CALL,
            call.meet_by.isoformat(),
            _without_duplicates([*recipients, *self._book.everyone("hos_safeguarding")]),
            letter.subject,
            letter.text,
            call.reference,
            call.stage.value,
        )

    def referral(self, referral: Referral) -> Message:
        """Return the notice to the operational Head of Service that their case was referred, or has a review."""
        letter = self._write(REFERRAL, referral=referral)
        return Message(
            REFERRAL,
            referral.referred.isoformat(),
            self._head(referral.head) or self._book.everyone("hos_safeguarding"),
            letter.subject,
            letter.text,
            referral.reference,
        )

    def escalation(self, escalation: Escalation) -> Message:
        """Return the notice to the Director that a statutory date has passed without its step."""
        letter = self._write(TO_DIRECTOR, escalation=escalation)
        return Message(
            TO_DIRECTOR,
            escalation.due.isoformat(),
            self._book.everyone("director"),
            letter.subject,
            letter.text,
            escalation.reference,
            escalation.clock,
        )

    def chaser(self, chaser: Chaser) -> Message:
        """Return the reminder to an agency; an escalated one is for the partnership's business unit."""
        escalated = chaser.stage is Stage.ESCALATED
        letter = self._write(ESCALATION if escalated else CHASER, chaser=chaser, stage=chaser.stage.value)
        return Message(
            CHASER,
            chaser.period.isoformat(),
            self._book.everyone("business_unit") if escalated else (self._book.agency(chaser.agency),),
            letter.subject,
            letter.text,
            chaser.reference,
            # Two agencies may share an address, and each is reminded of its own return.
            f"{chaser.stage.value}-{chaser_key(chaser.reference, chaser.agency)[1]}",
            f"{chaser.agency} {chaser.stage.value}",
        )

    def _head(self, name: str) -> tuple[Recipient, ...]:
        return (self._book.head_of_service(name),) if name else ()

    def _write(self, name: str, **facts: object) -> Letter:
        return write_letter(name, self._templates, {**self._common, **facts})


def daily_facts(
    needed: DailyList,
    not_reminded: Sequence[str] = (),
    drafts: Sequence[Draft] = (),
    folder: str = "",
    sent_under: str = "",
    read_now: Sequence[str] = (),
) -> dict[str, object]:
    """Return the facts that the templates of the daily list are given, besides those of every message."""
    return {
        "list": needed,
        "read_now": read_now,
        "not_reminded": [sentence for sentence in not_reminded if sentence not in read_now],
        "drafts": [draft for draft in drafts if not draft.old],
        "old_drafts": sum(draft.old for draft in drafts),
        "drafts_folder": folder,
        "sent_under": sent_under,
        "new_cases": [case for case in needed.cases if case.new],
        "old_cases": [case for case in needed.cases if case.rest],
    }


def _without_duplicates(recipients: Iterable[Recipient]) -> tuple[Recipient, ...]:
    """Return the recipients without those whose address an earlier one has."""
    by_address: dict[str, Recipient] = {}
    for recipient in recipients:
        by_address.setdefault((recipient.address or recipient.role).casefold(), recipient)
    return tuple(by_address.values())
