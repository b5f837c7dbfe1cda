"""The reminders as messages: the daily list, the call to the Heads of Service, word of a referral, and the chasers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from scripts.adapters.mail.address_book import AddressBook
from scripts.adapters.mail.messages.templates import rendered, rendered_html
from scripts.adapters.mail.messages.wording import MOST_ROWS, filters
from scripts.adapters.mail.transport.message import Message, Recipient
from tracker_schema.mail.chasers import Chaser, Stage, asked
from tracker_schema.mail.reminders import Call, CallStage, DailyList, Referral
from tracker_schema.wording import near_date

DAILY_LIST, CALL, REFERRAL, CHASER = "daily_list", "day_four_call", "referral", "chaser"


class Writer:
    """Writes reminders as from `as_of` to those in the `book`; `given` is what every template gets: the marking, the
    council, the headings of the incidents, and the foot.
    """

    def __init__(self, book: AddressBook, as_of: dt.date, given: Mapping[str, object]) -> None:
        self._book = book
        self._as_of = as_of
        self._given = {**given, "as_of": as_of, "most": MOST_ROWS}
        self._filters = filters(as_of)

    def daily_list(self, found: DailyList, not_reminded: Sequence[str]) -> Message:
        """The list of what needs the Head of Service for Safeguarding today, and who could not be reminded and why."""
        counts = f"{len(found.overdue)} overdue, {len(found.today)} due today, {len(found.soon)} due soon"
        subject = "Critical incidents today: " + ("nothing needs you" if found.is_empty else counts)
        facts = {**self._given, "subject": subject, "list": found, "not_reminded": not_reminded}
        return Message(
            DAILY_LIST,
            self._as_of.isoformat(),
            self._book.everyone("hos_safeguarding"),
            subject,
            rendered("daily_list.txt.j2", self._filters, facts),
            html=rendered_html("daily_list.html.j2", self._filters, facts),
        )

    def call(self, call: Call) -> Message:
        """The call to the Heads of Service about a case without a decision."""
        subjects = {
            CallStage.WARNED: f"Decision needed by {near_date(call.meet_by, self._as_of)}",
            CallStage.CALLED: "Decision needed today" if call.met else "Heads of Service to meet today",
            CallStage.REPEATED: "Still no decision",
        }
        recipients = [*self._head(call.head), *self._book.everyone("day_four_meeting")]
        return Message(
            CALL,
            call.meet_by.isoformat(),
            _each_once([*recipients, *self._book.everyone("hos_safeguarding")]),
            f"{subjects[call.stage]}: {call.reference}",
            self._text("day_four_call.txt.j2", call=call, stage=call.stage.value),
            call.reference,
            call.stage.value,
        )

    def referral(self, referral: Referral) -> Message:
        """Word to the operational Head of Service that their case was referred for a local review."""
        recipients = self._head(referral.head) or self._book.everyone("hos_safeguarding")
        return Message(
            REFERRAL,
            referral.referred.isoformat(),
            tuple(recipients),
            f"CSPR referral made: {referral.reference}",
            self._text("referral.txt.j2", referral=referral),
            referral.reference,
        )

    def chaser(self, chaser: Chaser) -> Message:
        """A reminder to an agency; an escalated one is for the partnership's business unit."""
        escalated = chaser.stage is Stage.ESCALATED
        subjects = {
            Stage.BEFORE_DUE: f"Initial Scoping return due on {near_date(chaser.due, self._as_of)}",
            Stage.DUE_TODAY: "Initial Scoping return due today",
            Stage.OVERDUE: "Initial Scoping return overdue",
            Stage.ESCALATED: "Initial Scoping return not received",
        }
        return Message(
            CHASER,
            chaser.due.isoformat(),
            self._book.everyone("business_unit") if escalated else (self._book.agency(chaser.agency),),
            f"{subjects[chaser.stage]}: {chaser.reference}",
            self._text("escalation.txt.j2" if escalated else "chaser.txt.j2", chaser=chaser, stage=chaser.stage.value),
            chaser.reference,
            # Two agencies may share an address, and each is reminded of its own return.
            f"{chaser.stage.value}-{asked(chaser.reference, chaser.agency)[1]}",
        )

    def _head(self, name: str) -> tuple[Recipient, ...]:
        return (self._book.head_of_service(name),) if name else ()

    def _text(self, template: str, **facts: object) -> str:
        return rendered(template, self._filters, {**self._given, **facts})


def _each_once(recipients: Iterable[Recipient]) -> tuple[Recipient, ...]:
    """The recipients, those with an address that an earlier one has left out."""
    seen: dict[str, Recipient] = {}
    for recipient in recipients:
        seen.setdefault((recipient.address or recipient.role).casefold(), recipient)
    return tuple(seen.values())
