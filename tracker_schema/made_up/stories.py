"""The made-up incidents, one by one. The summary of each says what it is an example of."""

from __future__ import annotations

import datetime as dt

from tracker_schema.columns.excel_limits import serial_number
from tracker_schema.made_up.steps import Formula, Row, Steps


def stories(steps: Steps) -> dict[str, Row]:
    """Return the columns of each incident by a name for it, the oldest first."""
    ago, ahead = steps.ago, steps.ahead
    rules_panel_out: Row = {"outcome": "Other"}
    elsewhere = steps.decided(9, "Threshold not met") | {"place": "Elsewhere in England"}
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
        | {"partners_told": None, "closed": ago(190)},
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
        | steps.national_review(95)
        | {"review_completed": ago(20)},
        # Its publication is not due while it is paused. Nothing is overdue.
        "paused": steps.aware(110, "a local review that is paused for criminal proceedings.")
        | steps.notified(107)
        | steps.rapidly_reviewed(95)
        | steps.answered(88)
        | steps.local_review(95, "Full CSPR, independent author")
        | {"paused_until": ahead(40), "pause_reason": "Made up: criminal proceedings until the spring."},
        # Nobody has been informed of this review, and Extended DLT has not discussed it.
        "nobody_told": steps.aware(100, "a local review without form and reviewer, long finished.")
        | steps.notified(97)
        | steps.rapidly_reviewed(85)
        | steps.answered(78)
        | {"review_decision": "Local review", "review_decided": ago(75), "review_completed": ago(26)},
        # The step after it, Extended DLT, starts with the day on which the review was completed.
        "not_recorded_as_completed": steps.aware(90, "a review that is published, and not recorded as completed.")
        | steps.notified(87)
        | steps.rapidly_reviewed(75)
        | steps.answered(68)
        | steps.local_review(75, "Audit")
        | {"review_published": ago(15)},
        "national": steps.aware(80, "a national review that is under way.")
        | steps.notified(77)
        | steps.rapidly_reviewed(65)
        | steps.answered(58)
        | steps.national_review(65),
        # Without a notification, the partnership decides; what it decides on is a local review.
        "progressed": steps.aware(75, "a referral that the partnership took further: a local review.")
        | rules_panel_out
        | steps.local_review(60, "Table-top review")
        | steps.referred(72)
        | steps.referral_decided(60, "Progress"),
        "review_undated": steps.aware(70, "a local review whose decision has no date.")
        | steps.notified(67)
        | steps.rapidly_reviewed(55)
        | steps.answered(48)
        | steps.local_review(45, "Table-top review")
        | {"review_decided": None, "review_informed": None, "review_completed": ago(5)},
        "other_learning": steps.aware(50, "a referral that ends with other learning, still to be shared.")
        | rules_panel_out
        | steps.referred(47)
        | steps.referral_decided(35, "Other learning"),
        # The rapid review, the Panel's answer, and then no decision.
        "review_undecided": steps.aware(40, "a rapid review without a decision on what follows.")
        | steps.notified(37)
        | steps.rapidly_reviewed(24)
        | steps.answered(16),
        "panel_to_be_asked": steps.aware(34, "the Panel has not answered for more than ten working days.")
        | steps.notified(31)
        | steps.rapidly_reviewed(12)
        | steps.local_review(12, "CSPR, partnership author"),
        # SLT has not discussed the incident for three weeks.
        "not_discussed": steps.aware(32, "a national review that SLT has not discussed for weeks.")
        | steps.notified(30)
        | steps.rapidly_reviewed(17)
        | steps.answered(9)
        | steps.national_review(17)
        | {"slt_discussed": steps.last_meeting - dt.timedelta(days=21)},
        # The rapid review was also sent late.
        "rapid_review_late": steps.aware(25, "a rapid review that was late and is with the Panel.")
        | steps.notified(22)
        | {"rapid_review_completed": ago(4), "rapid_review_sent": ago(2)}
        | steps.local_review(4, "Audit"),
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
        | {"decision_date": str(serial_number(ago(15), date_1904=False))},
        # The operational Head of Service was told late. Every agency has returned, and the partnership is to decide.
        "referred": steps.aware(14, "referred to the partnership only, which is to decide; the form came late.")
        | rules_panel_out
        | steps.referred(11)
        | {"form_received": ago(11), "operational_head_told": ago(8)},
        # Nothing more is to be done in the process.
        "panel_will_not_consider": steps.aware(12, "a looked after child's death without abuse, sent to the Panel.")
        | steps.notified(9)
        | {"outcome": "Death", "looked_after": "Yes", "abuse_or_neglect": "No", "category": "Natural causes"}
        | {"form_received": steps.as_of - dt.timedelta(days=7)},
        # It happened in another area, whose council notifies. The row was pasted twice.
        "declined": steps.aware(11, "threshold not met; this row stands here twice.") | elsewhere,
        "declined_again": steps.aware(11, "threshold not met; this row stands here twice.") | elsewhere,
        # Threshold not met, without a reason. The council became aware long after the incident.
        "decision_against_facts": steps.aware(10, "a decision that the facts recorded contradict; known of late.")
        | steps.decided(7, "Threshold not met", None)
        | {"outcome": "Death", "abuse_or_neglect": "Known", "incident_date": ago(90)},
        # The reason is on record, so this is a warning.
        "decision_with_reason": steps.aware(9, "a decision against the facts recorded, with its reason.")
        | steps.decided(6, "Threshold not met")
        | {"outcome": "Death", "abuse_or_neglect": "Suspected"},
        # Whether Ofsted is to be told cannot be worked out.
        "care_not_known": steps.aware(9, "a child's death, and nobody knows whether the child was looked after.")
        | steps.decided(6, "Threshold not met")
        | {"outcome": "Death", "looked_after": "Not known", "abuse_or_neglect": "No", "category": "Natural causes"},
        # The date is in the next column, so the notification is overdue. The decision was late, and SLT has not
        # discussed the incident.
        "wrong_column": steps.aware(8, "the day of the notification typed in the wrong column.")
        | steps.decided(3, "Notify Panel")
        | {"heads_met": ago(4), "panel_reference": ago(3), "partners_told": ago(2), "slt_discussed": None},
        # The Heads of Service have not met, and today is the last day to notify the Panel.
        "day_5": steps.aware(5, "day 5, no form, and nothing is decided.") | {"form_received": None},
        # No abuse or neglect, so the Panel need not be notified.
        "looked_after_death": steps.aware(5, "a looked after child's death, to be told to Ofsted today.")
        | steps.decided(3, "Threshold not met")
        | {"outcome": "Death", "looked_after": "Yes", "abuse_or_neglect": "No", "category": "Natural causes"},
        "day_4": steps.aware(4, "day 4 without a decision: the Heads of Service meet today."),
        # The Heads of Service met on day 3.
        "decision_undated": steps.aware(3, "a decision without its date.")
        | steps.decided(0, "Notify Panel")
        | {"decision_date": None, "heads_met": ago(0)},
        "to_be_referred": steps.aware(3, "to be referred to the partnership; decided today.")
        | rules_panel_out
        | steps.decided(0, "Refer to DSPP only"),
        "notified_today": steps.aware(3, "notified and referred today; everybody is to be told.")
        | steps.decided(1, "Notify Panel")
        | {"panel_notified": ago(0), "panel_reference": "SIN-DEMO-000", "cspr_referred": ago(0)},
        # The directors and the operational Head of Service are due to be told today.
        "referred_yesterday": steps.aware(3, "referred yesterday; everybody is to be told today.")
        | rules_panel_out
        | steps.decided(1, "Refer to DSPP only")
        | {"cspr_referred": ago(1)},
        "care_leaver_death": steps.aware(2, "a care leaver's death without a date of birth.")
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
