"""The steps of the process as the columns that they fill in, to make up incidents from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tracker_schema.calendar.working_days import WorkingDays

_TUESDAY = 1

Row = dict[str, object]
Rows = dict[str, list[Row]]


@dataclass(frozen=True)
class Formula:
    """A formula that a person left in a cell.

    text: the formula, such as “=TODAY()”
    """

    text: str


@dataclass(frozen=True)
class Steps:
    """The steps of the process, each as the columns that are filled in when it is done in time.

    Each step takes the number of working days before `as_of` on which it was done.

    as_of: the day of the demonstration
    days:  the calendar of working days
    """

    as_of: dt.date
    days: WorkingDays

    def ago(self, working_days: int) -> dt.date:
        """Return the day that many working days before as-of."""
        return self.days.add(self.as_of, -working_days) if working_days else self.as_of

    def ahead(self, working_days: int) -> dt.date:
        """Return the day that many working days after as-of."""
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

    @property
    def last_meeting(self) -> dt.date:
        """The last Tuesday, on which SLT meets; as-of itself when that is a Tuesday."""
        return self.as_of - dt.timedelta(days=(self.as_of.weekday() - _TUESDAY) % 7)

    def decided(self, when: int, decision: str, reason: str | None = "Made up: the criteria were gone through.") -> Row:
        """Return the columns of a decision on the threshold."""
        return {"decision": decision, "decision_date": self.ago(when), "decision_reason": reason}

    def notified(self, when: int) -> Row:
        """Return the columns of a case decided the day before, with everybody notified on the day itself."""
        return (
            self.decided(when + 1, "Notify Panel")
            | self.on(when, "panel_notified", "partners_told", "directors_told", "lead_member_briefed")
            | {"panel_reference": f"SIN-DEMO-{when:03}"}
        )

    def referred(self, when: int) -> Row:
        """Return the columns of a referral, with everybody told on the day itself."""
        told = ("operational_head_told", "directors_told", "lead_member_briefed")
        return self.decided(when, "Refer to DSPP only") | self.on(when, "cspr_referred", *told)

    def rapidly_reviewed(self, when: int) -> Row:
        """Return the columns of a rapid review that was completed and sent on one day."""
        return self.on(when, "rapid_review_completed", "rapid_review_sent")

    def referral_decided(self, when: int, decision: str) -> Row:
        """Return the columns of the partnership's decision on a referral."""
        return {"dspp_decision": decision, "dspp_decided": self.ago(when)}

    def answered(self, when: int) -> Row:
        """Return the column of the Panel's answer."""
        return self.on(when, "panel_response")

    def local_review(self, when: int, form: str) -> Row:
        """Return the columns of a decision for a local review in this form."""
        return self.on(when, "review_decided", "review_informed", "operational_head_told") | {
            "review_decision": "Local review",
            "review_form": form,
            "reviewer": "A. Reviewer",
        }

    def national_review(self, when: int) -> Row:
        """Return the columns of a decision for a national review."""
        return self.on(when, "review_decided", "review_informed", "operational_head_told") | {
            "review_decision": "National review"
        }

    def learned(self, completed: int, discussed: int) -> Row:
        """Return the columns of a completed review that Extended DLT discussed later."""
        return {
            "review_completed": self.ago(completed),
            "dlt_discussed": self.ago(discussed),
            "learning": "Made up: professional curiosity; sharing information early.",
        }
