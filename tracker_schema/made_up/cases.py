"""The made-up incidents of the demonstration. Nobody in them exists; the summary of each says what it is an example of.

Together they show every status of an incident, a return and an action, and every kind of data problem that a row can
have. Their tests list the status and the clocks that each incident must show.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tracker_schema.calendar.working_days import WorkingDays
from tracker_schema.columns.schema import ACTIONS, INCIDENTS, SCOPING

Row = dict[str, object]
Rows = dict[str, list[Row]]


@dataclass(frozen=True)
class Formula:
    """A formula that a person left in a cell.

    text: the formula, such as “=TODAY()”
    """

    text: str


def cases(as_of: dt.date, days: WorkingDays) -> Rows:
    """Return the made-up rows of each sheet, by sheet id; a row holds its values by column id.

    Every date is a number of working days before or after `as_of`, so that the same steps are overdue, due today and
    due soon on any day. (If `as_of` is not a working day, no scoping return is due on it.) Raises OutsideCalendar when
    `days` does not cover about a year before `as_of` and two weeks after it.
    """
    steps = _Steps(as_of, days)
    stories = _stories(steps)
    references = {name: f"CI-{as_of.year}-{number:03}" for number, name in enumerate(stories, 1)}
    references["declined_again"] = references["declined"]
    incidents = [
        {"reference": references[name]} | _child(number, as_of) | story
        for number, (name, story) in enumerate(stories.items(), 1)
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


@dataclass(frozen=True)
class _Steps:
    """The steps of the process, each as the columns that are filled in when it is done in time.

    Each step takes the number of working days before `as_of` on which it was done.

    as_of: the day of the demonstration
    days:  the calendar of working days
    """

    as_of: dt.date
    days: WorkingDays

    def ago(self, working_days: int) -> dt.date:
        return self.days.add(self.as_of, -working_days) if working_days else self.as_of

    def ahead(self, working_days: int) -> dt.date:
        return self.days.add(self.as_of, working_days)

    def aware(self, when: int, summary: str) -> Row:
        """Return the columns of an incident reported by form on the day the council became aware."""
        return self.on(when, "aware_date", "form_received") | {
            "incident_date": self.ago(when) - dt.timedelta(days=1),
            "summary": f"Made up: {summary}",
        }

    def on(self, when: int, *columns: str) -> Row:
        """Return `columns`, all filled in on the same day."""
        return dict.fromkeys(columns, self.ago(when))

    def discussed(self, when: int) -> Row:
        return self.on(when, "slt_discussed")

    def decided(self, when: int, decision: str, reason: str | None = "Made up: the criteria were gone through.") -> Row:
        return {"decision": decision, "decision_date": self.ago(when), "decision_reason": reason}

    def notified(self, when: int) -> Row:
        """Return the columns of a case decided the day before, with everybody notified on the day itself."""
        return (
            self.decided(when + 1, "Notify Panel")
            | self.on(when, "panel_notified", "partners_told", "directors_told", "lead_member_briefed", "slt_discussed")
            | {"panel_reference": f"SIN-DEMO-{when:03}"}
        )

    def referred(self, when: int) -> Row:
        told = ("operational_head_told", "directors_told", "lead_member_briefed", "slt_discussed")
        return self.decided(when, "Refer to DSPP only") | self.on(when, "cspr_referred", *told)

    def rapidly_reviewed(self, when: int) -> Row:
        return self.on(when, "rapid_review_completed", "rapid_review_sent")

    def answered(self, when: int) -> Row:
        return self.on(when, "panel_response")

    def local_review(self, when: int, form: str) -> Row:
        return self.on(when, "review_decided", "review_informed") | {
            "review_decision": "Local review",
            "review_form": form,
            "reviewer": "A. Reviewer",
        }

    def learned(self, completed: int, discussed: int) -> Row:
        return {
            "review_completed": self.ago(completed),
            "dlt_discussed": self.ago(discussed),
            "learning": "Made up: professional curiosity; sharing information early.",
        }


def _stories(steps: _Steps) -> dict[str, Row]:
    """Return the columns of each incident by a name for it, the oldest first."""
    ago, ahead = steps.ago, steps.ahead
    rules_panel_out: Row = {"outcome": "Other"}
    elsewhere = steps.discussed(8) | steps.decided(9, "Threshold not met") | {"place": "Elsewhere in England"}
    return {
        "closed": steps.aware(260, "closed after a full local review.")
        | steps.notified(257)
        | steps.rapidly_reviewed(245)
        | steps.answered(238)
        | steps.local_review(236, "Full CSPR, independent author")
        | steps.learned(140, 125)
        | {
            "outcome": "Death",
            "abuse_or_neglect": "Known",
            "review_published": ago(130),
            "learning_shared": ago(110),
            "outcome_of_action": "Made up: all actions done.",
            "closed": ago(100),
        },
        "closed_early": steps.aware(215, "closed while a statutory step was outstanding.")
        | steps.notified(212)
        | {"closed": ago(190)},
        # The Panel was informed late of this review.
        "publication_overdue": steps.aware(190, "a local review that is not yet published.")
        | steps.notified(187)
        | steps.rapidly_reviewed(175)
        | steps.answered(168)
        | steps.local_review(150, "CSPR, partnership author")
        | steps.learned(30, 12)
        | {"review_informed": ago(145)},
        # Published after more than six months. The learning is overdue too.
        "published_late": steps.aware(185, "a local review that was published late.")
        | steps.notified(182)
        | steps.rapidly_reviewed(170)
        | steps.answered(166)
        | steps.local_review(165, "Audit")
        | steps.learned(35, 25)
        | {"review_published": ago(24)},
        # The learning was discussed and shared late.
        "complete": steps.aware(170, "everything done, ready to be closed.")
        | steps.notified(168)
        | steps.rapidly_reviewed(155)
        | steps.answered(150)
        | steps.local_review(140, "Table-top review")
        | steps.learned(110, 85)
        | {"review_published": ago(80), "learning_shared": ago(60)},
        "in_words": steps.aware(160, "dates kept in words, which no deadline can be worked out from.")
        | steps.notified(157)
        | {
            "slt_discussed": "most weeks",
            "cspr_referred": "see e-mail",
            "operational_head_told": "by phone",
            "rapid_review_completed": f"31/02/{steps.as_of.year}",
            "rapid_review_sent": "the week after",
            "review_decision": "Local review",
            "review_form": "Audit",
            "reviewer": "A. Reviewer",
            "review_decided": "before Easter",
            "review_completed": "tbc",
            "dlt_discussed": "next meeting",
        },
        "dlt_due_today": steps.aware(120, "a national review, to be discussed at Extended DLT today.")
        | steps.notified(117)
        | steps.rapidly_reviewed(105)
        | steps.answered(98)
        | {"review_decision": "National review", "review_decided": ago(95), "review_completed": ago(20)},
        # Nobody has been informed of this review, and Extended DLT has not discussed it.
        "nobody_told": steps.aware(100, "a local review without form and reviewer, long finished.")
        | steps.notified(97)
        | steps.rapidly_reviewed(85)
        | steps.answered(78)
        | {"review_decision": "Local review", "review_decided": ago(75), "review_completed": ago(26)},
        "review_undated": steps.aware(70, "a local review whose decision has no date.")
        | steps.notified(67)
        | steps.rapidly_reviewed(55)
        | steps.answered(48)
        | steps.local_review(45, "Table-top review")
        | {"review_decided": None, "review_informed": None, "review_completed": ago(5)},
        "panel_to_be_asked": steps.aware(34, "the Panel has not answered for more than ten working days.")
        | steps.notified(31)
        | steps.rapidly_reviewed(12),
        # The rapid review was also sent late.
        "rapid_review_late": steps.aware(25, "a rapid review that was late and is with the Panel.")
        | steps.notified(22)
        | {"rapid_review_completed": ago(4), "rapid_review_sent": ago(2)},
        # The directors were told late.
        "rapid_review_overdue": steps.aware(21, "a rapid review that is overdue, and a Lead Member not yet briefed.")
        | steps.notified(17)
        | {"outcome": "Death", "directors_told": ago(14), "lead_member_briefed": None},
        "rapid_review_to_send": steps.aware(18, "a rapid review that goes to the Panel today.")
        | steps.notified(15)
        | {"rapid_review_completed": ago(1)},
        # No rapid review is due after a withdrawal. The date in the future is SLT's.
        "withdrawn": steps.aware(16, "a notification that was withdrawn, and a date in the future.")
        | steps.notified(13)
        | {"abuse_or_neglect": "Not known", "notification_withdrawn": ago(9), "slt_discussed": ahead(3)},
        # The date is the number that Excel stores for it.
        "rapid_review_due_soon": steps.aware(17, "a rapid review due tomorrow, and a date kept as a number.")
        | steps.notified(14)
        | {"decision_date": _serial(ago(15))},
        # The operational Head of Service was told late.
        "referred": steps.aware(14, "referred to the partnership only; the form came late.")
        | rules_panel_out
        | steps.referred(11)
        | {"form_received": ago(11), "operational_head_told": ago(8)},
        # The form came a week ago, so SLT discusses the incident today, even if today is not a working day.
        "panel_will_not_consider": steps.aware(12, "a looked after child's death without abuse, sent to the Panel.")
        | steps.notified(9)
        | {"outcome": "Death", "looked_after": "Yes", "abuse_or_neglect": "No", "category": "Natural causes"}
        | {"form_received": steps.as_of - dt.timedelta(days=7), "slt_discussed": None},
        # It happened in another area, whose council notifies. The row was pasted twice.
        "declined": steps.aware(11, "threshold not met; this row stands here twice.") | elsewhere,
        "declined_again": steps.aware(11, "threshold not met; this row stands here twice.") | elsewhere,
        # Threshold not met, without a reason. The council became aware long after the incident.
        "decision_against_facts": steps.aware(10, "a decision that the facts recorded contradict; known of late.")
        | steps.discussed(8)
        | steps.decided(7, "Threshold not met", None)
        | {"outcome": "Death", "abuse_or_neglect": "Known", "incident_date": ago(90)},
        # The date is in the next column, so the notification is overdue. The decision was late, and SLT has not
        # discussed the incident within the week.
        "wrong_column": steps.aware(8, "the day of the notification typed in the wrong column.")
        | steps.decided(3, "Notify Panel")
        | {"heads_met": ago(4), "panel_reference": ago(3), "partners_told": ago(2)},
        # The Heads of Service have not met, and today is the last day to notify the Panel.
        "day_5": steps.aware(5, "day 5, no form, and nothing is decided.") | {"form_received": None},
        # No abuse or neglect, so the Panel need not be notified.
        "looked_after_death": steps.aware(5, "a looked after child's death, to be told to Ofsted today.")
        | steps.discussed(3)
        | steps.decided(3, "Threshold not met")
        | {"outcome": "Death", "looked_after": "Yes", "abuse_or_neglect": "No", "category": "Natural causes"},
        "day_4": steps.aware(4, "day 4 without a decision: the Heads of Service meet today."),
        # The Heads of Service met on day 3.
        "decision_undated": steps.aware(3, "a decision without its date.")
        | steps.decided(0, "Notify Panel")
        | {"decision_date": None, "heads_met": ago(0)},
        "notified_today": steps.aware(3, "notified and referred today; everybody is to be told.")
        | steps.decided(1, "Notify Panel")
        | {"panel_notified": ago(0), "panel_reference": "SIN-DEMO-000", "cspr_referred": ago(0)},
        # The directors and the operational Head of Service are due to be told today.
        "referred_yesterday": steps.aware(3, "referred yesterday; everybody is to be told today.")
        | rules_panel_out
        | steps.decided(1, "Refer to DSPP only")
        | {"cspr_referred": ago(1)},
        "care_leaver_death": steps.aware(2, "a care leaver's death without a date of birth.")
        | steps.discussed(2)
        | steps.decided(2, "Threshold not met")
        | {"outcome": "Death", "care_leaver": "Yes", "abuse_or_neglect": "No", "date_of_birth": None},
        "new": steps.aware(1, "a new incident, on track."),
        "aware_unreadable": steps.aware(2, "a day of becoming aware that cannot be read; a formula without result.")
        | {"aware_date": "last Tuesday", "heads_met": Formula("=NOW()-1")},
        "aware_missing": steps.aware(2, "no day of becoming aware, a broken formula, and a word misspelt.")
        | {"aware_date": None, "form_received": "#REF!", "outcome": "Deth"},
        # The form is dated before the day the council became aware.
        "no_reference": steps.aware(2, "a row without a reference, and two dates in the wrong order.")
        | {"reference": None, "form_received": ago(3)},
        "today": steps.aware(0, "known of today; the form has not come yet.") | {"form_received": None},
    }


def _serial(day: dt.date) -> str:
    """Return the number that Excel stores for `day`, as text."""
    return str((day - dt.date(1899, 12, 30)).days)


def _scoping(steps: _Steps, references: dict[str, str]) -> list[Row]:
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


def _actions(steps: _Steps, references: dict[str, str]) -> list[Row]:
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
