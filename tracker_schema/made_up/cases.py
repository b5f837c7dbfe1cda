"""The made-up incidents of the demo. Nobody in them exists; each row's summary says what it is there to show.

Together they show every row status, every clock in as many states as it can have on one day, every return and action
status, and every kind of data problem that a row can have. A test holds them to that.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tracker_schema.columns.schema import ACTIONS, INCIDENTS, SCOPING
from tracker_schema.working_days import WorkingDays

Row = dict[str, object]
Rows = dict[str, list[Row]]


@dataclass(frozen=True)
class Formula:
    """A formula that a person left in a cell, for example “=TODAY()”."""

    text: str


def cases(as_of: dt.date, days: WorkingDays) -> Rows:
    """The made-up rows of each sheet, by the sheet's id and the columns' ids.

    Every date is so many working days of `days` before or after `as_of`, so that the same things are overdue, due
    today and due soon whatever the day. (When `as_of` is no working day, what can only fall due on one is missing.)
    Raises OutsideCalendar when `days` does not reach about a year back and two weeks ahead.
    """
    tell = _Tell(as_of, days)
    stories = _stories(tell)
    references = {name: f"CI-{as_of.year}-{number:03}" for number, name in enumerate(stories, 1)}
    references["declined_again"] = references["declined"]
    incidents = [
        {"reference": references[name]} | _child(number, as_of) | story
        for number, (name, story) in enumerate(stories.items(), 1)
    ]
    return {
        INCIDENTS: incidents,
        SCOPING: _scoping(tell, references),
        ACTIONS: _actions(tell, references),
    }


def _child(number: int, as_of: dt.date) -> Row:
    """What every made-up row says of the child and the incident, unless its story says otherwise."""
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
class _Tell:
    """The stages of the process, each done in time, as the columns that it fills in.

    Every number is so many working days before `as_of`.
    """

    as_of: dt.date
    days: WorkingDays

    def ago(self, working_days: int) -> dt.date:
        return self.days.add(self.as_of, -working_days) if working_days else self.as_of

    def ahead(self, working_days: int) -> dt.date:
        return self.days.add(self.as_of, working_days)

    def aware(self, when: int, summary: str) -> Row:
        """The council becomes aware, and has the form the same day."""
        day = self.ago(when)
        return {
            "incident_date": day - dt.timedelta(days=1),
            "aware_date": day,
            "summary": f"Made up: {summary}",
            "form_received": day,
        }

    def discussed(self, when: int) -> Row:
        return {"slt_discussed": self.ago(when)}

    def decided(self, when: int, decision: str, reason: str | None = "Made up: the criteria were gone through.") -> Row:
        return {"decision": decision, "decision_date": self.ago(when), "decision_reason": reason}

    def notified(self, when: int) -> Row:
        """Decided the day before; then everybody told on the day itself, and SLT within the week."""
        day = self.ago(when)
        return self.decided(when + 1, "Notify Panel") | {
            "panel_notified": day,
            "panel_reference": f"SIN-DEMO-{when:03}",
            "partners_told": day,
            "directors_told": day,
            "lead_member_briefed": day,
            "slt_discussed": day,
        }

    def referred(self, when: int) -> Row:
        day = self.ago(when)
        return self.decided(when, "Refer to DSPP only") | {
            "cspr_referred": day,
            "operational_head_told": day,
            "directors_told": day,
            "lead_member_briefed": day,
            "slt_discussed": day,
        }

    def rapidly_reviewed(self, when: int) -> Row:
        day = self.ago(when)
        return {"rapid_review_completed": day, "rapid_review_sent": day}

    def answered(self, when: int) -> Row:
        return {"panel_response": self.ago(when)}

    def local_review(self, when: int, form: str) -> Row:
        day = self.ago(when)
        return {
            "review_decision": "Local review",
            "review_decided": day,
            "review_form": form,
            "reviewer": "A. Reviewer",
            "review_informed": day,
        }

    def learned(self, completed: int, discussed: int) -> Row:
        return {
            "review_completed": self.ago(completed),
            "dlt_discussed": self.ago(discussed),
            "learning": "Made up: professional curiosity; sharing information early.",
        }


def _stories(tell: _Tell) -> dict[str, Row]:
    """Each incident's own columns, by a name for it; the longest ago comes first."""
    ago, ahead = tell.ago, tell.ahead
    rules_panel_out: Row = {"outcome": "Other"}
    elsewhere = tell.discussed(8) | tell.decided(9, "Threshold not met") | {"place": "Elsewhere in England"}
    return {
        # Closed, with every step of the whole process done in time.
        "closed": tell.aware(260, "closed after a full local review.")
        | tell.notified(257)
        | tell.rapidly_reviewed(245)
        | tell.answered(238)
        | tell.local_review(236, "Full CSPR, independent author")
        | tell.learned(140, 125)
        | {
            "outcome": "Death",
            "abuse_or_neglect": "Known",
            "review_published": ago(130),
            "learning_shared": ago(110),
            "outcome_of_action": "Made up: all actions done.",
            "closed": ago(100),
        },
        # Closed, though the Panel was notified and there was no rapid review.
        "closed_early": tell.aware(215, "closed while a statutory step was outstanding.")
        | tell.notified(212)
        | {"closed": ago(190)},
        # The local review should have been published; the Panel was told late of it; learning is being shared.
        "publication_overdue": tell.aware(190, "a local review that is not yet published.")
        | tell.notified(187)
        | tell.rapidly_reviewed(175)
        | tell.answered(168)
        | tell.local_review(150, "CSPR, partnership author")
        | tell.learned(30, 12)
        | {"review_informed": ago(145)},
        # Published after more than six months; the learning has not been shared in time either.
        "published_late": tell.aware(185, "a local review that was published late.")
        | tell.notified(182)
        | tell.rapidly_reviewed(170)
        | tell.answered(166)
        | tell.local_review(165, "Audit")
        | tell.learned(35, 25)
        | {"review_published": ago(24)},
        # Nothing is open, though learning was discussed and shared late; ready to be closed.
        "complete": tell.aware(170, "everything done, ready to be closed.")
        | tell.notified(168)
        | tell.rapidly_reviewed(155)
        | tell.answered(150)
        | tell.local_review(140, "Table-top review")
        | tell.learned(110, 85)
        | {"review_published": ago(80), "learning_shared": ago(60)},
        # A row kept in words: nothing after the notification can be worked out.
        "in_words": tell.aware(160, "dates kept in words, which no deadline can be worked out from.")
        | tell.notified(157)
        | {
            "slt_discussed": "most weeks",
            "cspr_referred": "see e-mail",
            "operational_head_told": "by phone",
            "rapid_review_completed": f"31/02/{tell.as_of.year}",
            "rapid_review_sent": "the week after",
            "review_decision": "Local review",
            "review_form": "Audit",
            "reviewer": "A. Reviewer",
            "review_decided": "before Easter",
            "review_completed": "tbc",
            "dlt_discussed": "next meeting",
        },
        # A national review whose report is to be discussed at Extended DLT today.
        "dlt_due_today": tell.aware(120, "a national review, to be discussed at Extended DLT today.")
        | tell.notified(117)
        | tell.rapidly_reviewed(105)
        | tell.answered(98)
        | {"review_decision": "National review", "review_decided": ago(95), "review_completed": ago(20)},
        # A local review without its form and reviewer, of which nobody has been told and which DLT has not discussed.
        "nobody_told": tell.aware(100, "a local review without form and reviewer, long finished.")
        | tell.notified(97)
        | tell.rapidly_reviewed(85)
        | tell.answered(78)
        | {"review_decision": "Local review", "review_decided": ago(75), "review_completed": ago(26)},
        # A local review without the day on which it was decided.
        "review_undated": tell.aware(70, "a local review whose decision has no date.")
        | tell.notified(67)
        | tell.rapidly_reviewed(55)
        | tell.answered(48)
        | tell.local_review(45, "Table-top review")
        | {"review_decided": None, "review_informed": None, "review_completed": ago(5)},
        # The Panel has not answered: time to ask.
        "panel_to_be_asked": tell.aware(34, "the Panel has not answered for more than ten working days.")
        | tell.notified(31)
        | tell.rapidly_reviewed(12),
        # The rapid review was late, and late again in being sent; the Panel's answer is awaited.
        "rapid_review_late": tell.aware(25, "a rapid review that was late and is with the Panel.")
        | tell.notified(22)
        | {"rapid_review_completed": ago(4), "rapid_review_sent": ago(2)},
        # The rapid review is overdue; the directors were told late and the Lead Member has not been briefed.
        "rapid_review_overdue": tell.aware(21, "a rapid review that is overdue, and a Lead Member not yet briefed.")
        | tell.notified(17)
        | {"outcome": "Death", "directors_told": ago(14), "lead_member_briefed": None},
        # The rapid review was finished yesterday and goes to the Panel today.
        "rapid_review_to_send": tell.aware(18, "a rapid review that goes to the Panel today.")
        | tell.notified(15)
        | {"rapid_review_completed": ago(1)},
        # The notification was withdrawn, so no rapid review is due; SLT's date lies ahead.
        "withdrawn": tell.aware(16, "a notification that was withdrawn, and a date in the future.")
        | tell.notified(13)
        | {"abuse_or_neglect": "Not known", "notification_withdrawn": ago(9), "slt_discussed": ahead(3)},
        # The rapid review is due tomorrow; a date was kept as Excel's own number for it.
        "rapid_review_due_soon": tell.aware(17, "a rapid review due tomorrow, and a date kept as a number.")
        | tell.notified(14)
        | {"decision_date": _serial(ago(15))},
        # Referred to the partnership; the form came late, and the operational Head was told late.
        "referred": tell.aware(14, "referred to the partnership only; the form came late.")
        | rules_panel_out
        | tell.referred(11)
        | {"form_received": ago(11), "operational_head_told": ago(8)},
        # The death of a looked after child, no abuse or neglect, sent to the Panel all the same. The form came a week
        # ago, so SLT discusses it today, be that a working day or not.
        "panel_will_not_consider": tell.aware(12, "a looked after child's death without abuse, sent to the Panel.")
        | tell.notified(9)
        | {"outcome": "Death", "looked_after": "Yes", "abuse_or_neglect": "No", "category": "Natural causes"}
        | {"form_received": tell.as_of - dt.timedelta(days=7), "slt_discussed": None},
        # It happened in another area, whose council notifies; and the row was pasted a second time.
        "declined": tell.aware(11, "threshold not met; this row stands here twice.") | elsewhere,
        "declined_again": tell.aware(11, "threshold not met; this row stands here twice.") | elsewhere,
        # Threshold not met, without a reason and though the facts recorded meet the criteria; aware long afterwards.
        "decision_against_facts": tell.aware(10, "a decision that the facts recorded contradict; known of late.")
        | tell.discussed(8)
        | tell.decided(7, "Threshold not met", None)
        | {"outcome": "Death", "abuse_or_neglect": "Known", "incident_date": ago(90)},
        # Not notified in time, or so it looks: the date stands in the next column. The Heads met, and decided late;
        # SLT has not discussed it within the week.
        "wrong_column": tell.aware(8, "the day of the notification typed in the wrong column.")
        | tell.decided(3, "Notify Panel")
        | {"heads_met": ago(4), "panel_reference": ago(3), "partners_told": ago(2)},
        # Day 5: no form, no decision, the Heads of Service have not met, and it is the last day for the Panel.
        "day_5": tell.aware(5, "day 5, no form, and nothing is decided.") | {"form_received": None},
        # A looked after child has died, no abuse or neglect: the Secretary of State and Ofsted are to be told today.
        "looked_after_death": tell.aware(5, "a looked after child's death, to be told to Ofsted today.")
        | tell.discussed(3)
        | tell.decided(3, "Threshold not met")
        | {"outcome": "Death", "looked_after": "Yes", "abuse_or_neglect": "No", "category": "Natural causes"},
        # Day 4 and no decision: the Heads of Service meet today.
        "day_4": tell.aware(4, "day 4 without a decision: the Heads of Service meet today."),
        # The Heads of Service have met on day 3; the decision has no date.
        "decision_undated": tell.aware(3, "a decision without its date.")
        | tell.decided(0, "Notify Panel")
        | {"decision_date": None, "heads_met": ago(0)},
        # Notified and referred today: everybody is to be told.
        "notified_today": tell.aware(3, "notified and referred today; everybody is to be told.")
        | tell.decided(1, "Notify Panel")
        | {"panel_notified": ago(0), "panel_reference": "SIN-DEMO-000", "cspr_referred": ago(0)},
        # Referred yesterday: the directors and the operational Head are to be told today.
        "referred_yesterday": tell.aware(3, "referred yesterday; everybody is to be told today.")
        | rules_panel_out
        | tell.decided(1, "Refer to DSPP only")
        | {"cspr_referred": ago(1)},
        # A care leaver has died; whether under 25 cannot be told without the date of birth.
        "care_leaver_death": tell.aware(2, "a care leaver's death without a date of birth.")
        | tell.discussed(2)
        | tell.decided(2, "Threshold not met")
        | {"outcome": "Death", "care_leaver": "Yes", "abuse_or_neglect": "No", "date_of_birth": None},
        # A new incident, on track.
        "new": tell.aware(1, "a new incident, on track."),
        # The day of becoming aware cannot be read.
        "aware_unreadable": tell.aware(2, "a day of becoming aware that cannot be read; a formula without result.")
        | {"aware_date": "last Tuesday", "heads_met": Formula("=NOW()-1")},
        # The day of becoming aware is missing; a formula elsewhere is broken, and a word is misspelt.
        "aware_missing": tell.aware(2, "no day of becoming aware, a broken formula, and a word misspelt.")
        | {"aware_date": None, "form_received": "#REF!", "outcome": "Deth"},
        # A row without its reference; the form came before anybody was aware.
        "no_reference": tell.aware(2, "a row without a reference, and two dates in the wrong order.")
        | {"reference": None, "form_received": ago(3)},
        # Known of today: the form is due tomorrow.
        "today": tell.aware(0, "known of today; the form has not come yet.") | {"form_received": None},
    }


def _serial(day: dt.date) -> str:
    """`day` as the number that Excel keeps for it, in text."""
    return str((day - dt.date(1899, 12, 30)).days)


def _scoping(tell: _Tell, references: dict[str, str]) -> list[Row]:
    ago = tell.ago

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
        # Overdue, on the last day, nearly due, and awaited.
        asked("rapid_review_overdue", "Primary school", ago(9)),
        asked("rapid_review_due_soon", "Health visiting service", ago(5)),
        asked("rapid_review_due_soon", "Housing service", ago(4)),
        asked("notified_today", "Police", ago(0)),
        # Not sent yet; a date that cannot be read; a return before it was asked for.
        asked("notified_today", "Health trust"),
        asked("rapid_review_due_soon", "Probation service", "sent Monday"),
        asked("rapid_review_to_send", "Secondary school", ago(10), ago(12)),
        # An incident that the first sheet does not have.
        asked("OLD-17", "Youth justice service", ago(2)),
    ]


def _actions(tell: _Tell, references: dict[str, str]) -> list[Row]:
    ago, ahead = tell.ago, tell.ahead

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
        # Overdue, today, soon, and on track.
        action("rapid_review_overdue", "arrange support for the practitioner.", ago(3)),
        action("rapid_review_overdue", "collect the chronology.", tell.as_of),
        action("day_5", "ask the Police for their view.", ahead(1)),
        action("notified_today", "plan the rapid review.", ahead(12)),
        # Without a day, and with one that cannot be read.
        action("notified_today", "check on brothers and sisters."),
        action("in_words", "write to the partnership.", "when possible"),
        # An incident that the first sheet does not have: a hyphen is missing.
        action(references["rapid_review_overdue"].replace("-", "", 1), "tell the school what was agreed.", ahead(5)),
    ]
