"""Any number of made-up incidents, at every stage of the process: for the benchmarks and the logs that are adopted."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections import Counter
from collections.abc import Callable

from tracker_schema.calendar.working_days import WorkingDays
from tracker_schema.columns.schema import ACTIONS, INCIDENTS, SCOPING
from tracker_schema.made_up import Row, Rows
from tracker_schema.made_up.steps import Steps

# How far back the oldest incident lies, and how far ahead an action may be due, in working days.
_BACK, _AHEAD = 600, 30
_PROBLEMS = 0.03
_FORGOTTEN = 0.04

_AGENCIES = ("Police", "Health trust", "Primary school", "Secondary school", "Housing service", "Probation service")
_YES_NO = ("No", "No", "No", "Yes", "Not known")


def sample(n: int, as_of: dt.date, days: WorkingDays, seed: int = 1) -> Rows:
    """Return `n` made-up incidents with their scoping returns and actions, in the form of `cases`, the oldest first.

    The council became aware of each within the two and a half years before `as_of`, counted in the working days of
    `days`. Since then each has gone as far as such cases go, mostly in time. About 3 in 100 have a mistake. The same
    `seed` gives the same rows. Raises OutsideCalendar when `days` does not cover `as_of`.
    """
    # Not for secrets: the rows must be the same every time.
    chance = random.Random(seed)  # noqa: S311
    calendar = _Calendar(as_of, days)
    made: Counter[int] = Counter()
    last_meeting = Steps(as_of, days).last_meeting
    rows: Rows = {INCIDENTS: [], SCOPING: [], ACTIONS: []}
    # Squared, so that there are more recent incidents than old ones, and something of every stage is open.
    for aware in sorted((round(calendar.back * chance.random() ** 2) for _ in range(n)), reverse=True):
        year = calendar.day(aware).year
        made[year] += 1
        incident = _incident(chance, calendar, aware) | {"reference": f"CI-{year}-{made[year]:03}"}
        if calendar.day(aware) <= last_meeting and chance.random() >= _FORGOTTEN:
            closed = incident.get("closed")
            incident["slt_discussed"] = min(last_meeting, closed) if isinstance(closed, dt.date) else last_meeting
        rows[INCIDENTS].append(incident)
        if "panel_notified" in incident:
            rows[SCOPING].extend(_scoping(chance, calendar, aware - 5, incident["reference"]))
        if chance.random() < 0.5:
            rows[ACTIONS].append(_action(chance, calendar, aware - 3, incident["reference"]))
        if chance.random() < _PROBLEMS:
            _spoil(chance, incident)
    return rows


class _Calendar:
    """The working days around as-of by their distance from it; counted once, because counting is slow."""

    def __init__(self, as_of: dt.date, days: WorkingDays) -> None:
        days.require(as_of, "The day of the sample,")
        one_day = dt.timedelta(days=1)
        before = (as_of - number * one_day for number in itertools.count(1))
        after = (as_of + number * one_day for number in itertools.count(1))
        past = itertools.takewhile(lambda day: day >= days.first, before)
        to_come = itertools.takewhile(lambda day: day <= days.last, after)
        self._past = [as_of, *itertools.islice(filter(days.is_working_day, past), _BACK)]
        self._to_come = [as_of, *itertools.islice(filter(days.is_working_day, to_come), _AHEAD)]
        self.back = len(self._past) - 1

    def day(self, ago: int) -> dt.date:
        """Return the day `ago` working days before as-of, or after it if below zero; at most the last known day."""
        return self._past[min(ago, self.back)] if ago >= 0 else self._to_come[min(-ago, len(self._to_come) - 1)]


class _Progress:
    """One incident, whose dates are filled in step by step until today."""

    def __init__(self, chance: random.Random, calendar: _Calendar, aware: int) -> None:
        self._chance, self._calendar = chance, calendar
        self.now = aware
        self.row: Row = {"aware_date": calendar.day(aware)}

    def step(self, column: str, quickest: int, slowest: int, late: float = 0.1) -> bool:
        """Fill in `column` between `quickest` and `slowest` working days after the step before it.

        The share `late` of steps takes up to twice as long as `slowest`. Return False when that day is after as-of.
        """
        most = slowest * 2 + 1 if self._chance.random() < late else slowest
        then = self.now - self._chance.randint(quickest, most)
        if then < 0:
            return False
        self.now = then
        self.row[column] = self._calendar.day(then)
        return True


def _incident(chance: random.Random, calendar: _Calendar, aware: int) -> Row:
    pick: Callable[[tuple[str, ...]], str] = chance.choice
    went = _Progress(chance, calendar, aware)
    row = went.row
    day = calendar.day(aware)
    number = chance.randint(1, 999_999)
    row |= {
        "child_id": f"DEMO-{number:06}",
        "initials": "ZZ",
        "date_of_birth": day - dt.timedelta(days=chance.randint(20, 6400)),
        "sex": pick(("Female", "Male")),
        "ethnicity": "Not stated",
        "disability": pick(_YES_NO),
        "looked_after": pick(_YES_NO),
        "care_leaver": "No",
        "protection_plan": pick(("No", "Yes", "Recently ended", "Not known")),
        "team": pick(("Team Heron", "Team Otter", "Team Kestrel", "Team Badger")),
        "operational_head": pick(("Head of Service One", "Head of Service Two")),
        "practitioner": "A. Practitioner",
        "incident_date": day - dt.timedelta(days=chance.randint(0, 6)),
        "place": "In area",
        "normally_resident": "Yes",
        "outcome": pick(("Death", "Serious harm", "Serious harm", "Serious harm", "Other")),
        "abuse_or_neglect": pick(("Known", "Suspected", "Suspected", "No", "No")),
        "category": pick(("Neglect", "Physical abuse", "Emotional abuse", "Sexual abuse")),
        "summary": f"Made up: case {number} of a sample. Nobody in it exists.",
    }
    if row["outcome"] == "Death" and row["looked_after"] == "Not known":
        row["looked_after"] = "No"  # it decides who must be told
    if not went.step("form_received", 0, 1):
        return row
    row |= {
        "risk": "Made up: the adult concerned could return home.",
        "immediate_action": "Made up: a safety plan was agreed the same day.",
        "partner_views": "Made up: Police and the health trust agree with the plan.",
    }
    if not went.step("decision_date", 1, 3):
        return row
    row["decision_reason"] = "Made up: the criteria were gone through."
    if went.now < aware - 4:
        row["heads_met"] = calendar.day(aware - 4)
    to_panel = row["outcome"] != "Other" and row["abuse_or_neglect"] in ("Known", "Suspected")
    row["decision"] = "Notify Panel" if to_panel else pick(("Refer to DSPP only", "Threshold not met"))
    if row["looked_after"] == "Yes" and row["outcome"] == "Death" and not to_panel:
        row["ofsted_notified"] = row["decision_date"]
    if to_panel:
        _after_notification(chance, went)
    elif row["decision"] == "Refer to DSPP only" and went.step("cspr_referred", 0, 1):
        _tell_everybody(chance, row, "cspr_referred", "operational_head_told")
        if went.step("dspp_decided", 5, 15):
            row["dspp_decision"] = pick(("Progress", "No further action"))
            if row["dspp_decision"] == "Progress":
                _learn(chance, went)
            else:
                _close(went)
    elif row["decision"] == "Threshold not met":
        _close(went)
    return row


def _after_notification(chance: random.Random, went: _Progress) -> None:
    row = went.row
    if not went.step("panel_notified", 0, 1):
        return
    row["panel_reference"] = f"SIN-DEMO-{chance.randint(1, 99_999):05}"
    _tell_everybody(chance, row, "panel_notified", "partners_told")
    if went.step("rapid_review_completed", 8, 15):
        _learn(chance, went)


def _tell_everybody(chance: random.Random, row: Row, since: str, *others: str) -> None:
    for column in ("directors_told", "lead_member_briefed", *others):
        if chance.random() >= _FORGOTTEN:
            row[column] = row[since]


def _learn(chance: random.Random, went: _Progress) -> None:
    """Fill in the local review and its learning."""
    row = went.row
    if not went.step("review_decided", 0, 1):
        return
    if "rapid_review_completed" in row and not (
        went.step("rapid_review_sent", 0, 0) and went.step("panel_response", 4, 10)
    ):
        return
    if chance.random() < 0.3:
        row["review_decision"] = "No review"
        _close(went)
        return
    row |= {
        "review_decision": "Local review",
        "review_form": chance.choice(("CSPR, partnership author", "Table-top review", "Audit")),
        "reviewer": "A. Reviewer",
    }
    row["review_informed"] = row["review_decided"]
    if chance.random() >= _FORGOTTEN:
        row.setdefault("operational_head_told", row["review_decided"])
    done = (
        went.step("review_completed", 60, 100)
        and went.step("review_published", 5, 20)
        and went.step("dlt_discussed", 0, 12)
        and went.step("learning_shared", 5, 20)
    )
    if done:
        row["learning"] = "Made up: professional curiosity; sharing information early."
        _close(went)


def _close(went: _Progress) -> None:
    if went.step("closed", 2, 20):
        went.row["outcome_of_action"] = "Made up: all actions done."


def _scoping(chance: random.Random, calendar: _Calendar, sent: int, reference: object) -> list[Row]:
    rows = []
    for agency in chance.sample(_AGENCIES, 2):
        contact = f"{agency.replace(' ', '.').lower()}@agency.example"
        row: Row = {"reference": reference, "agency": agency, "contact": contact}
        returned = sent - chance.randint(2, 7)
        if sent >= 0:
            row["sent"] = calendar.day(sent)
        if returned >= 0:
            row["returned"] = calendar.day(returned)
        rows.append(row)
    return rows


def _action(chance: random.Random, calendar: _Calendar, due: int, reference: object) -> Row:
    row: Row = {
        "reference": reference,
        "action": "Made up: review the safety plan.",
        "owner": "Head of Service One",
        "due": calendar.day(due - 15),
    }
    done = due - chance.randint(5, 18)
    if done >= 0:
        row |= {"done": calendar.day(done), "outcome": "Made up: done as agreed."}
    return row


def _spoil(chance: random.Random, row: Row) -> None:
    """Put a typical mistake into `row`."""
    slips: tuple[Row, ...] = (
        {"aware_date": "last Tuesday"},
        {"incident_date": "31/02/2026"},
        {"outcome": "Deth"},
        {"form_received": "#REF!"},
        {"date_of_birth": None},
        {"abuse_or_neglect": "suspicious"},
        {"decision_date": None},
        {"aware_date": None},
    )
    row |= chance.choice(slips)
