"""Made-up facts for every message, at every stage that it can have: to try the templates on."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping
from itertools import product

from scripts.adapters.mail.messages import reminders, scoping_request, weekly_summary
from scripts.adapters.mail.messages.facts import common_facts
from scripts.adapters.mail.transport.message import Picture
from scripts.adapters.mail.waiting_drafts import WaitingDraft
from scripts.adapters.settings.config import CouncilSettings
from scripts.adapters.storage.store import Snapshot
from tracker_schema.clocks.clocks import Rules
from tracker_schema.incidents.assess import assess
from tracker_schema.incidents.incident import Tracker
from tracker_schema.incidents.memory import Change
from tracker_schema.made_up.tracker import made_up_rows
from tracker_schema.mail.calls import Call, CallStage, Need
from tracker_schema.mail.chasers import Chaser, Stage
from tracker_schema.mail.daily_list import CaseItems, Item, daily_list
from tracker_schema.mail.escalations import Escalation
from tracker_schema.mail.referrals import Referral
from tracker_schema.mail.slt_meetings import meetings_around
from tracker_schema.mail.summary import summarise
from tracker_schema.mail.waiting import Paused, Waiting
from tracker_schema.wording import long_date

Example = tuple[str, Mapping[str, object]]
"""The name of a message, and facts to fill it in with."""

_REFERENCE, _AGENCY = "CI-SAMPLE", "Made-up agency"
_HEADS = ("Made-up Head of Service", "")


def examples(rules: Rules, as_of: dt.date) -> Iterator[Example]:
    """Give facts for every message around `as_of`, by `rules`: of the made-up cases, and of a tracker without any.

    Raises OutsideCalendar when the bank holidays that are known do not reach far enough around that day.
    """
    snapshot = Snapshot(b"", "made-up", "Made-up cases.xlsx")
    for rows in (made_up_rows(as_of, rules.days), made_up_rows(as_of, rules.days, empty=True)):
        tracker = assess(rows, rules, as_of)
        common = common_facts(CouncilSettings(name="Example Council"), snapshot, tracker)
        for name, facts in (*_lists(tracker), *_calls(as_of), *_chasers(as_of), *_requests(as_of)):
            yield name, {**common, **facts}


def _lists(tracker: Tracker) -> Iterator[Example]:
    needed = daily_list(tracker)
    if tracker.incidents:
        needed = dataclasses.replace(
            needed,
            changes=[(change, True) for change in _changes()],
            received=["Made up"],
            since=tracker.as_of,
            cases=[CaseItems(case.reference, case.new, [*case.new, *_to_put_right()]) for case in needed.cases],
            waiting=[Waiting(_REFERENCE, "Made up")],
            paused=_paused(tracker.as_of),
            not_watched=["Made up"],
        )
    for not_reminded in ([], ["A made-up sentence."]):
        drafts = [WaitingDraft(("", "made up"), "Made up", new=bool(not_reminded))]
        yield (
            reminders.DAILY_LIST,
            reminders.daily_facts(needed, not_reminded, drafts, "Made up", read_now=["X"]),
        )
    as_of = tracker.as_of
    summary = summarise(tracker, meetings_around(as_of, "Tuesday", tracker.rules.days), as_of - dt.timedelta(7), None)
    if tracker.incidents:
        summary = dataclasses.replace(
            summary,
            changes=_changes(),
            against_facts=summary.since_then,
            not_watched=["Made up"],
        )
    else:
        summary = dataclasses.replace(summary, untold=("deadlines", "reviews", "returns", "learning"))
    pictures = [Picture("timeline", b"", "Made up")]
    yield weekly_summary.KIND, weekly_summary.summary_facts(summary, pictures)


def _changes() -> list[Change]:
    return [Change("row", "Made up.", "Made up.", (_REFERENCE,), stops=True)]


def _to_put_right() -> list[Item]:
    """Something to put right in a cell, and a question that has none."""
    return [Item((_REFERENCE, cell), words="Made up.", cell=cell, stops=bool(cell)) for cell in ("Made-up!A1", "")]


def _paused(as_of: dt.date) -> list[Paused]:
    return [Paused(_REFERENCE, "Made-up step", as_of, as_of, explained) for explained in (True, False)]


def _calls(as_of: dt.date) -> Iterator[Example]:
    needs = tuple(Need("Made-up heading", *each) for each in ((True, True), (False, True), (False, False)))
    for head, stage, met, panel_by in product(_HEADS, CallStage, (True, False), (as_of, None)):
        call = Call(_REFERENCE, head, stage, met, as_of, panel_by, needs, "Made up.")
        yield reminders.CALL, {"call": call, "stage": stage.value}
    for head, review in product(_HEADS, ("", "Made-up review")):
        yield reminders.REFERRAL, {"referral": Referral(_REFERENCE, head, as_of, review)}
    yield reminders.TO_DIRECTOR, {"escalation": Escalation(_REFERENCE, "made_up", "Made-up step", "somebody", as_of)}


def _chasers(as_of: dt.date) -> Iterator[Example]:
    for stage in Stage:
        name = reminders.ESCALATION if stage is Stage.ESCALATED else reminders.CHASER
        for missing, day in ((("Made-up question",), as_of), ((), None)):
            chaser = Chaser(_REFERENCE, _AGENCY, stage, as_of, as_of, 3, missing, day, day)
            yield name, {"chaser": chaser, "stage": stage.value}


def _requests(as_of: dt.date) -> Iterator[Example]:
    for by in (long_date(as_of), ""):
        facts = {"partnership": "the made-up partnership", "reference": _REFERENCE, "agency": _AGENCY, "by": by}
        yield scoping_request.KIND, facts
