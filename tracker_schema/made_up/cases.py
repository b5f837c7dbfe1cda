"""The made-up tracker of the demonstration. Nobody in it exists.

It shows every status of an incident, a return and an action, and every kind of data problem that a row can have. Its
tests list the status and the clocks that each incident must show.
"""

from __future__ import annotations

import datetime as dt

from tracker_schema.calendar.working_days import WorkingDays
from tracker_schema.columns.schema import ACTIONS, INCIDENTS, SCOPING
from tracker_schema.made_up.steps import Row, Rows, Steps
from tracker_schema.made_up.stories import stories


def cases(as_of: dt.date, days: WorkingDays) -> Rows:
    """Return the made-up rows of each sheet, by sheet id; a row holds its values by column id.

    Every date is a number of working days before or after `as_of`, so that the same steps are overdue, due today and
    due soon on any day. (If `as_of` is not a working day, no scoping return is due on it.) Raises OutsideCalendar when
    `days` does not cover about a year before `as_of` and two weeks after it.
    """
    steps = Steps(as_of, days)
    made_up = stories(steps)
    references = {name: f"CI-{as_of.year}-{number:03}" for number, name in enumerate(made_up, 1)}
    references["declined_again"] = references["declined"]
    incidents = [
        {"reference": references[name]} | _child(number, as_of) | _discussed(story, steps) | story
        for number, (name, story) in enumerate(made_up.items(), 1)
    ]
    return {
        INCIDENTS: incidents,
        SCOPING: _scoping(steps, references),
        ACTIONS: _actions(steps, references),
    }


def _child(number: int, as_of: dt.date) -> Row:
    """Return the facts of the child and the incident, for all that its story leaves open."""
    return {
        "child_id": f"DEMO-{number:04}",
        "initials": "ZZ",
        "date_of_birth": as_of - dt.timedelta(days=1500 + 97 * number),
        "sex": ("Female", "Male")[number % 2],
        "ethnicity": "Not stated",
        "disability": "No",
        "looked_after": "No",
        "care_leaver": "No",
        "protection_plan": ("No", "Yes", "Recently ended", "Not known")[number % 4],
        "team": ("Team Heron", "Team Otter", "Team Kestrel")[number % 3],
        "operational_head": ("Head of Service One", "Head of Service Two")[number % 2],
        "practitioner": "A. Practitioner",
        "place": "In area",
        "normally_resident": "Yes",
        "outcome": "Serious harm",
        "abuse_or_neglect": "Suspected",
        "category": ("Neglect", "Physical abuse", "Emotional abuse")[number % 3],
        "risk": "Made up: the adult concerned could return home.",
        "immediate_action": "Made up: a safety plan was agreed the same day.",
        "partner_views": "Made up: Police and the health trust agree with the plan.",
    }


def _discussed(story: Row, steps: Steps) -> Row:
    """Return the column of the last discussion at SLT: at its last meeting, or on the day the incident was closed."""
    day = story.get("closed", steps.last_meeting)
    aware = story.get("aware_date")
    has_met = isinstance(aware, dt.date) and isinstance(day, dt.date) and aware <= day
    return {"slt_discussed": day} if has_met else {}


def _scoping(steps: Steps, references: dict[str, str]) -> list[Row]:
    ago = steps.ago

    def asked(incident: str, agency: str, sent: object = None, returned: object = None) -> Row:
        contact = f"{agency.replace(' ', '.').lower()}@agency.example"
        return {
            "reference": references.get(incident, incident),
            "agency": agency,
            "contact": contact,
            "sent": sent,
            "returned": returned,
        }

    return [
        # In time, and late.
        asked("closed", "Police", ago(256), ago(252)),
        asked("closed", "Health trust", ago(256), ago(247)),
        asked("rapid_review_overdue", "Police", ago(16), ago(12)),
        # All returned, so that the partnership can decide.
        asked("referred", "Police", ago(10), ago(6)),
        # Overdue, due today, due soon, and awaited.
        asked("rapid_review_overdue", "Primary school", ago(9)),
        asked("rapid_review_due_soon", "Health visiting service", ago(5)),
        asked("rapid_review_due_soon", "Housing service", ago(4)),
        asked("notified_today", "Police", ago(0)),
        # Not sent yet; a date that cannot be read; returned before it was sent.
        asked("notified_today", "Health trust"),
        asked("rapid_review_due_soon", "Probation service", "sent Monday"),
        asked("rapid_review_to_send", "Secondary school", ago(10), ago(12)),
        # An incident that is not on the Incidents sheet.
        asked("OLD-17", "Youth justice service", ago(2)),
    ]


def _actions(steps: Steps, references: dict[str, str]) -> list[Row]:
    ago, ahead = steps.ago, steps.ahead

    def action(incident: str, what: str, due: object = None, done: object = None) -> Row:
        return {
            "reference": references.get(incident, incident),
            "action": f"Made up: {what}",
            "owner": "Head of Service One",
            "due": due,
            "done": done,
            "outcome": "Made up: done as agreed." if done else None,
        }

    return [
        # In time, and late.
        action("closed", "review the safety plan.", ago(240), ago(245)),
        action("closed", "brief the team.", ago(230), ago(220)),
        # Overdue, due today, due soon, and on track.
        action("rapid_review_overdue", "arrange support for the practitioner.", ago(3)),
        action("rapid_review_overdue", "collect the chronology.", steps.as_of),
        action("day_5", "ask the Police for their view.", ahead(1)),
        action("notified_today", "plan the rapid review.", ahead(12)),
        # Without a due date, and with one that cannot be read.
        action("notified_today", "check on brothers and sisters."),
        action("in_words", "write to the partnership.", "when possible"),
        # A reference that is not on the Incidents sheet, because a hyphen is missing.
        action(references["rapid_review_overdue"].replace("-", "", 1), "tell the school what was agreed.", ahead(5)),
    ]
