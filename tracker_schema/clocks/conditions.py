"""The conditions of the process: who must be told or must act, read off the facts.

An answer is True, False, or None when a fact that decides it is filled in and cannot be read. A blank or “Not known”
fact rules nothing out. The sources are the council's practice guidance and the national guidance behind it, in our
words.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tracker_schema.calendar.working_days import age_on
from tracker_schema.layouts.record import Record

ADULT, CARE_LEAVER_UNTIL = 18, 25

Answer = bool | None


@dataclass(frozen=True, slots=True)
class Situation:
    """What a condition may ask besides the facts.

    as_of           the day for which the clocks are worked out
    due             the deadline of the clock that the condition decides on, None when it has none
    known_from      the first day whose bank holidays are known
    care_leavers    whether this council notifies the deaths of care leavers under 25
    """

    as_of: dt.date
    due: dt.date | None
    known_from: dt.date
    care_leavers: bool


@dataclass(frozen=True)
class ProcessCondition:
    """When a clock applies.

    sentence    the condition in words, after “only when”
    source      whose rule it is
    columns     the columns it reads
    holds       the answer for one child of an incident (of several children: it holds when it holds for one of them)
    required    columns that the workbook must have, or the clock cannot be worked out
    unknown     gives the columns that decide it for one child and are blank or not known; None when none can
    of_case     whether it asks what else is open in the case
    national    whether it holds for one child by national guidance only, which makes that the basis of the clock
    """

    sentence: str
    source: str
    columns: tuple[str, ...]
    holds: Callable[[Record, Situation], Answer]
    required: tuple[str, ...] = ()
    unknown: Callable[[Record, Situation], tuple[str, ...]] | None = None
    of_case: bool = False
    national: Callable[[Record], bool] | None = None


def any_of(*answers: Answer) -> Answer:
    """Return True when one of the answers is, else None when one is not known, else False."""
    return True if True in answers else None if None in answers else False


def all_of(*answers: Answer) -> Answer:
    """Return False when one of the answers is, else None when one is not known, else True."""
    return False if False in answers else None if None in answers else True


def negate(answer: Answer) -> Answer:
    """Return the opposite; None stays None."""
    return None if answer is None else not answer


def is_dated(facts: Record, column: str) -> Answer:
    """Return whether the column holds a date."""
    return None if column in facts.unreadable else column in facts.values


def is_one_of(facts: Record, column: str, *choices: str) -> Answer:
    """Return whether the column holds one of `choices`."""
    return None if column in facts.unreadable else facts.values.get(column) in choices


def has_reached(facts: Record, years: int) -> Answer:
    """Return whether the child had reached that age on the date of the incident, or if that is blank, the date aware.

    No date of birth, or no date to compare it with, means no: an unknown age counts as young.
    """
    if "date_of_birth" in facts.unreadable:
        return None
    born = facts.date("date_of_birth")
    day_column = "incident_date" if facts.is_filled("incident_date") else "aware_date"
    if born is None:
        return False
    if day_column in facts.unreadable:
        return None
    day = facts.date(day_column)
    return day is not None and age_on(born, day) >= years


def is_ruled_out(facts: Record) -> Answer:
    """Return whether a recorded fact rules the national Panel out for this child."""
    return any_of(
        is_one_of(facts, "abuse_or_neglect", "No"),
        is_one_of(facts, "outcome", "Other"),
        is_one_of(facts, "place", "Elsewhere in England"),
        all_of(is_one_of(facts, "place", "Outside England"), is_one_of(facts, "normally_resident", "No")),
        has_reached(facts, ADULT),
    )


def meets_criteria(facts: Record) -> Answer:
    """Return whether the recorded facts of this child meet the Panel's criteria: all are there, none rules it out."""
    return all_of(
        is_one_of(facts, "outcome", "Death", "Serious harm"),
        is_one_of(facts, "abuse_or_neglect", "Known", "Suspected"),
        any_of(
            is_one_of(facts, "place", "In area"),
            all_of(is_one_of(facts, "place", "Outside England"), is_one_of(facts, "normally_resident", "Yes")),
        ),
        negate(has_reached(facts, ADULT)),
    )


def holds_for_any(condition: ProcessCondition, children: Sequence[Record], situation: Situation) -> Answer:
    """Return whether the condition holds for one of the children of an incident."""
    if len(children) == 1:
        return condition.holds(children[0], situation)
    return any_of(*(condition.holds(child, situation) for child in children))


def unknown_for_any(condition: ProcessCondition, children: Sequence[Record], situation: Situation) -> tuple[str, ...]:
    """Return the facts of any child that decide the condition and are not known.

    None are when the condition holds for another child anyway.
    """
    if condition.unknown is None:
        return ()
    found = [(child, condition.unknown(child, situation)) for child in children]
    unknown = tuple(dict.fromkeys(column for _, columns in found for column in columns))
    others = (child for child, columns in found if not columns)
    if unknown and any(condition.holds(child, situation) for child in others):
        return ()
    return unknown


def panel_to_be_notified(facts: Record) -> Answer:
    """Return whether the Panel is to be notified: that is decided, or nothing is decided and nothing rules it out."""
    undecided = not facts.is_filled("decision")
    return any_of(is_one_of(facts, "decision", "Notify Panel"), undecided and negate(is_ruled_out(facts)))


def is_for_panel(facts: Record) -> bool:
    """Return whether the Panel is to be notified of this child and considers it: no recorded fact rules it out."""
    return panel_to_be_notified(facts) is True and is_ruled_out(facts) is False


def _ofsted_to_be_notified(facts: Record, situation: Situation) -> Answer:
    died = is_one_of(facts, "outcome", "Death")
    if died is False:
        return False
    looked_after = is_one_of(facts, "looked_after", "Yes")
    if not situation.care_leavers:
        return all_of(died, looked_after)
    young_leaver = all_of(is_one_of(facts, "care_leaver", "Yes"), negate(has_reached(facts, CARE_LEAVER_UNTIL)))
    return all_of(died, any_of(looked_after, young_leaver))


def _threshold_to_decide(facts: Record, situation: Situation) -> Answer:
    return None if facts.is_filled("decision") and not facts.is_filled("decision_date") else True


def _heads_of_service_to_meet(facts: Record, situation: Situation) -> Answer:
    if facts.is_filled("heads_met"):
        return True
    undecided = None if "decision" in facts.unreadable else "decision" not in facts.values
    aware = facts.date("aware_date")
    # (A deadline beyond the last day known has not been reached, for today is known.)
    if "aware_date" in facts.unreadable or (aware is not None and aware < situation.known_from):
        day_4_reached: Answer = None
    else:
        day_4_reached = situation.due is not None and situation.as_of >= situation.due
    return all_of(undecided, day_4_reached)


def is_unknown(facts: Record, column: str) -> bool:
    """Return whether the workbook has the column, and its cell is blank or “Not known”."""
    if column in facts.unreadable or not facts.has_column(column):
        return False
    return facts.values.get(column) in (None, "Not known")


def _unknown_for_panel(facts: Record, situation: Situation) -> tuple[str, ...]:
    """Return the blank facts that decide whether the Panel is to be notified of this child.

    A decision to notify leaves nothing open, nor does a fact that rules the Panel out anyway.
    """
    if facts["decision"] == "Notify Panel" or "decision" in facts.unreadable or is_ruled_out(facts) is not False:
        return ()
    deciding = ("outcome", "abuse_or_neglect")
    return tuple(column for column in deciding if facts.has_column(column) and not facts.is_filled(column))


def is_young_leaver(facts: Record) -> bool:
    """Return whether the child is recorded as a care leaver and had not reached 25."""
    return facts["care_leaver"] == "Yes" and has_reached(facts, CARE_LEAVER_UNTIL) is False


def unknown_for_ofsted(facts: Record, situation: Situation) -> tuple[str, ...]:
    """Return the facts that decide whether this child's death is to be told to Ofsted and are not known.

    Somebody of 18 or over is not looked after, and the death of a care leaver under 25 is told anyway.
    """
    applies_anyway = situation.care_leavers and is_young_leaver(facts)
    if facts["outcome"] == "Death" and not applies_anyway and has_reached(facts, ADULT) is False:
        return ("looked_after",) if is_unknown(facts, "looked_after") else ()
    may_be_looked_after = is_unknown(facts, "looked_after") and has_reached(facts, ADULT) is False
    if is_unknown(facts, "outcome") and (applies_anyway or facts["looked_after"] == "Yes" or may_be_looked_after):
        return ("outcome",)
    return ()


def rapid_review_to_be_held(facts: Record) -> Answer:
    """Return whether a rapid review is held: the notification holds, for a child, and the Panel considers it."""
    return all_of(
        negate(is_dated(facts, "notification_withdrawn")),
        negate(is_one_of(facts, "abuse_or_neglect", "No")),
        negate(has_reached(facts, ADULT)),
        negate(is_one_of(facts, "decision", "Threshold not met")),
    )


def _review_to_be_decided(facts: Record, situation: Situation) -> Answer:
    referred_only = facts.is_filled("dspp_decided") and not facts.is_filled("rapid_review_completed")
    return any_of(
        is_one_of(facts, "dspp_decision", "Progress"), False if referred_only else rapid_review_to_be_held(facts)
    )


def _referral_decided(facts: Record, situation: Situation) -> Answer:
    return is_one_of(facts, "decision", "Refer to DSPP only")


def _referral_without_notification(facts: Record, situation: Situation) -> Answer:
    return negate(is_dated(facts, "panel_notified"))


def _local_review_unpublished(facts: Record, situation: Situation) -> Answer:
    return all_of(_local_review_decided(facts, situation), negate(is_dated(facts, "review_published")))


def _local_review_decided(facts: Record, situation: Situation) -> Answer:
    return is_one_of(facts, "review_decision", "Local review")


_AGE = ("date_of_birth", "incident_date", "aware_date")
_PANEL_FACTS = ("abuse_or_neglect", "outcome", "place", "normally_resident", *_AGE)

CONDITIONS = {
    "panel_to_be_notified": ProcessCondition(
        "the decision is to notify the Panel, or nothing is decided yet and no recorded fact rules the Panel out",
        "Children Act 2004, section 16C: a council that knows or suspects abuse or neglect notifies the Panel when a "
        "child dies or is seriously harmed in its area, or normally lives there and it happened outside England",
        ("decision", *_PANEL_FACTS),
        lambda facts, _: panel_to_be_notified(facts),
        unknown=_unknown_for_panel,
    ),
    "ofsted_to_be_notified": ProcessCondition(
        "a looked after child, or a care leaver under 25, has died",
        "the Secretary of State and Ofsted are told of such a death whether or not abuse or neglect is suspected",
        ("outcome", "looked_after", "care_leaver", *_AGE),
        _ofsted_to_be_notified,
        unknown=unknown_for_ofsted,
        national=lambda facts: facts["looked_after"] == "No" or has_reached(facts, ADULT) is True,
    ),
    "threshold_to_decide": ProcessCondition(
        "an incident is logged",
        "the council's guidance looks for a decision on each of them by day 4",
        ("decision", "decision_date"),
        _threshold_to_decide,
    ),
    "heads_of_service_to_meet": ProcessCondition(
        "day 4 has come without a decision, or the Heads of Service have met",
        "the council's guidance has them meet on the specific risk, the immediate action and the partners' views",
        ("decision", "heads_met"),
        _heads_of_service_to_meet,
        required=("decision",),
    ),
    "rapid_review_to_be_held": ProcessCondition(
        "the notification of a child under 18 is not withdrawn, abuse or neglect is not ruled out, and the decision is "
        "not that the threshold is not met",
        "a notified incident is followed by a rapid review; the Panel considers none without abuse or neglect, or of "
        "an adult",
        ("notification_withdrawn", "abuse_or_neglect", "decision", *_AGE),
        lambda facts, _: rapid_review_to_be_held(facts),
    ),
    "review_to_be_decided": ProcessCondition(
        "a rapid review is held, or the partnership takes the referral further",
        "the partners decide on a review with the rapid review, or when they progress a referral",
        ("dspp_decision", "dspp_decided", "notification_withdrawn", "abuse_or_neglect", "decision", *_AGE),
        _review_to_be_decided,
    ),
    "referral_decided": ProcessCondition(
        "the decision is to refer to the partnership only",
        "the council's guidance has such an incident referred to the partnership for a local review",
        ("decision",),
        _referral_decided,
    ),
    "referral_without_notification": ProcessCondition(
        "the Panel is not notified",
        "after a notification the rapid review decides; a referral alone waits for the partnership",
        ("panel_notified",),
        _referral_without_notification,
    ),
    "local_review_unpublished": ProcessCondition(
        "the partners have decided on a local review that is not published",
        "whoever is to be told of a late publication is told why",
        ("review_decision", "review_published"),
        _local_review_unpublished,
    ),
    "case_goes_on": ProcessCondition(
        "anything else of the case is open or still to come",
        "the council's guidance has SLT discuss incidents weekly",
        (),
        lambda facts, situation: True,
        of_case=True,
    ),
    "local_review_decided": ProcessCondition(
        "the partners have decided on a local review",
        "a local review is made known at once to the Panel, Ofsted and DfE, and published within six months",
        ("review_decision",),
        _local_review_decided,
    ),
}
