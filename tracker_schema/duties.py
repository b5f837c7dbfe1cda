"""The named conditions of the process: who must be told or must act, read off the facts of each row.

The sources are the council's practice guidance and the national guidance it rests on, in our words. A blank or
“Not known” fact rules nothing out; a fact that cannot be read leaves open whether the duty is there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from tracker_schema.old_facts import Facts, Mask
from tracker_schema.working_days import Days

ADULT, CARE_LEAVER_UNTIL = 18, 25


@dataclass(frozen=True, eq=False)
class Answer:
    """Row by row: yes, no, or (a fact that matters cannot be read) unclear. `yes` and `unclear` exclude each other."""

    yes: Mask
    unclear: Mask

    @property
    def no(self) -> Mask:
        """The rows on which the answer is no, whatever the unreadable facts may say."""
        return ~(self.yes | self.unclear)

    def __and__(self, other: Answer) -> Answer:
        yes, no = self.yes & other.yes, self.no | other.no
        return Answer(yes, ~(yes | no))

    def __or__(self, other: Answer) -> Answer:
        return ~(~self & ~other)

    def __invert__(self) -> Answer:
        return Answer(self.no, self.unclear)


@dataclass(frozen=True)
class Situation:
    """What a duty may ask besides the facts: the day, the deadline of the clock it governs (datetime64[D] per
    row; NaT where it is not known), the first day whose bank holidays are known, and whether this council counts
    care leavers under 25.
    """

    as_of: dt.date
    due: Days
    known_from: dt.date
    care_leavers: bool


@dataclass(frozen=True)
class Duty:
    """A condition: in a sentence, by whose rule, on which columns, and how it is told from the facts."""

    says: str
    source: str
    columns: tuple[str, ...]
    holds: Callable[[Facts, Situation], Answer]


def holds(duty: Duty, facts: Facts, situation: Situation) -> Answer:
    """Whether the duty holds on each row of `facts`; for several children it does when it holds for one of them."""
    if facts.children is facts:
        return duty.holds(facts, situation)
    of_each = replace(situation, due=situation.due[facts.children.incident_of])
    return of_any_child(facts, lambda each: duty.holds(each, of_each))


def of_any_child(facts: Facts, ask: Callable[[Facts], Answer]) -> Answer:
    """What `ask` answers for any child of each incident; it is given facts with a row for each child."""
    answer, incidents = ask(facts.children), facts.children.incident_of
    yes, unclear = np.zeros(len(facts), bool), np.zeros(len(facts), bool)
    np.logical_or.at(yes, incidents, answer.yes)
    np.logical_or.at(unclear, incidents, answer.unclear)
    return Answer(yes, unclear & ~yes)


def certain(mask: Mask) -> Answer:
    """`mask` as an answer that leaves nothing open."""
    return Answer(mask, np.zeros(len(mask), bool))


def is_dated(facts: Facts, column: str) -> Answer:
    """Whether the column holds a date; something else in it leaves that open."""
    dates = facts.column(column)
    return Answer(dates.filled & ~dates.unreadable, dates.unreadable)


def is_one_of(facts: Facts, column: str, *choices: str) -> Answer:
    """Whether the column holds one of `choices`."""
    return Answer(facts.is_one_of(column, *choices), facts.column(column).unreadable)


def reached_age(facts: Facts, years: int) -> Answer:
    """Whether the child had reached the age on the date of the incident, or when that is blank on the date aware.

    No date of birth, or no date to compare it with, is a no: an unknown age counts as young. Somebody born on
    29 February comes of age on 1 March.
    """
    birth = facts.column("date_of_birth")
    incident, aware = facts.column("incident_date"), facts.column("aware_date")
    day = np.where(incident.filled, incident.values, aware.values)
    day_unreadable = np.where(incident.filled, incident.unreadable, aware.unreadable)
    month = birth.values.astype("datetime64[M]")
    day_of_month = birth.values - month.astype("datetime64[D]")
    birthday = (month + np.timedelta64(12 * years, "M")).astype("datetime64[D]") + day_of_month
    unclear = birth.unreadable | (birth.filled & day_unreadable)
    return Answer((day >= birthday) & ~unclear, unclear)


def age_on(born: dt.date, day: dt.date) -> int:
    """The age in years on `day`; somebody born on 29 February has a birthday on 1 March in a common year."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def ruled_out(facts: Facts) -> Answer:
    """Whether a recorded fact rules the national Panel out."""
    abroad = is_one_of(facts, "place", "Outside England") & is_one_of(facts, "normally_resident", "No")
    return (
        is_one_of(facts, "abuse_or_neglect", "No")
        | is_one_of(facts, "outcome", "Other")
        | is_one_of(facts, "place", "Elsewhere in England")
        | abroad
        | reached_age(facts, ADULT)
    )


def criteria_met(facts: Facts) -> Answer:
    """Whether the facts recorded meet the Panel's criteria: every one of them is there, and none rules it out."""
    abroad = is_one_of(facts, "place", "Outside England") & is_one_of(facts, "normally_resident", "Yes")
    return (
        is_one_of(facts, "outcome", "Death", "Serious harm")
        & is_one_of(facts, "abuse_or_neglect", "Known", "Suspected")
        & (is_one_of(facts, "place", "In area") | abroad)
        & ~reached_age(facts, ADULT)
    )


def _panel_to_be_notified(facts: Facts, situation: Situation) -> Answer:
    undecided = certain(~facts.filled("decision"))
    return is_one_of(facts, "decision", "Notify Panel") | (undecided & ~ruled_out(facts))


def _ofsted_to_be_notified(facts: Facts, situation: Situation) -> Answer:
    young_care_leaver = is_one_of(facts, "care_leaver", "Yes") & ~reached_age(facts, CARE_LEAVER_UNTIL)
    looked_after = is_one_of(facts, "looked_after", "Yes")
    return is_one_of(facts, "outcome", "Death") & (
        looked_after | young_care_leaver if situation.care_leavers else looked_after
    )


def _threshold_to_decide(facts: Facts, situation: Situation) -> Answer:
    undated = facts.filled("decision") & ~facts.filled("decision_date")
    return Answer(~undated, undated)


def _heads_of_service_to_meet(facts: Facts, situation: Situation) -> Answer:
    decision = facts.column("decision")
    undecided = Answer(~decision.filled, decision.unreadable)
    aware = facts.column("aware_date")
    # (A deadline beyond the last day known has not been reached, for today is known.)
    too_early = aware.values < np.datetime64(situation.known_from)
    day_4_reached = Answer(np.datetime64(situation.as_of) >= situation.due, aware.unreadable | too_early)
    return certain(facts.filled("heads_met")) | (undecided & day_4_reached)


def _rapid_review_to_be_held(facts: Facts, situation: Situation) -> Answer:
    return ~is_dated(facts, "notification_withdrawn") & ~is_one_of(facts, "abuse_or_neglect", "No")


def _local_review_decided(facts: Facts, situation: Situation) -> Answer:
    return is_one_of(facts, "review_decision", "Local review")


_AGE = ("date_of_birth", "incident_date", "aware_date")
_PANEL_FACTS = ("abuse_or_neglect", "outcome", "place", "normally_resident", *_AGE)

DUTIES = {
    "panel_to_be_notified": Duty(
        "the decision is to notify the Panel, or nothing is decided yet and no recorded fact rules the Panel out",
        "Children Act 2004, section 16C: a council that knows or suspects abuse or neglect notifies the Panel when a "
        "child dies or is seriously harmed in its area, or normally lives there and it happened outside England",
        ("decision", *_PANEL_FACTS),
        _panel_to_be_notified,
    ),
    "ofsted_to_be_notified": Duty(
        "a looked after child, or a care leaver under 25, has died",
        "the Secretary of State and Ofsted are told of such a death whether or not abuse or neglect is suspected",
        ("outcome", "looked_after", "care_leaver", *_AGE),
        _ofsted_to_be_notified,
    ),
    "threshold_to_decide": Duty(
        "an incident is logged",
        "the council's guidance looks for a decision on each of them by day 4",
        ("decision", "decision_date"),
        _threshold_to_decide,
    ),
    "heads_of_service_to_meet": Duty(
        "day 4 has come without a decision, or the Heads of Service have met",
        "the council's guidance has them meet on the specific risk, the immediate action and the partners' views",
        ("decision", "heads_met"),
        _heads_of_service_to_meet,
    ),
    "rapid_review_to_be_held": Duty(
        "the notification stands, and abuse or neglect has not been ruled out",
        "a notified incident is followed by a rapid review; without abuse or neglect the Panel considers none",
        ("notification_withdrawn", "abuse_or_neglect"),
        _rapid_review_to_be_held,
    ),
    "local_review_decided": Duty(
        "the partners have decided on a local review",
        "a local review is made known at once to the Panel, Ofsted and DfE, and published within six months",
        ("review_decision",),
        _local_review_decided,
    ),
}
