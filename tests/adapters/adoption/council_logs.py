"""Twelve workbooks like real councils' logs, each different from the others. Everybody in them is made up.

The headings were written down before the words and aliases that read them; those of `HELD_OUT` were not used to choose
any.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import openpyxl
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from tests.adapters.adoption.made_up_logs import (
    Case,
    Col,
    Log,
    after,
    age,
    at_a_time,
    cases,
    day_first,
    iso,
    number,
    text,
)

BLUE, AMBER, GREY = (PatternFill("solid", fgColor=colour) for colour in ("1F3864", "FFC000", "D9D9D9"))
OUTCOMES = {"Death": "Death", "Serious harm": "SI", "Other": "Near miss"}
YES_NO = {"Yes": "Y", "No": "N", "Not known": "NK"}


def _new(name: str, first_sheet: str) -> tuple[Log, Worksheet]:
    workbook = openpyxl.Workbook()
    workbook.worksheets[0].title = first_sheet
    return Log(name, workbook), workbook.worksheets[0]


def _title(sheet: Worksheet, row: int, text: str, across: int) -> None:
    sheet.cell(row, 1, text).font = Font(bold=True, size=14)
    sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=across)
    sheet.cell(row, 1).alignment = Alignment(horizontal="center")


def _heading_style(sheet: Worksheet, row: int) -> None:
    for cell in sheet[row]:
        if cell.value:
            cell.font = Font(bold=True, color="FFFFFF")
            cell.fill = BLUE
            cell.alignment = Alignment(wrap_text=True, vertical="top")


def abbreviations() -> Log:
    """Return a log with abbreviations: titles merged across; a legend beside it; a total below; a filter."""
    log, sheet = _new("abbreviations", "CI Log")
    columns = [
        Col("Ref No.", "reference"),
        Col("LCS ID", "child_id"),
        Col("Inits", "initials"),
        Col("DOB", "date_of_birth"),
        Col("M/F", "sex", words={"Female": "F", "Male": "M"}),
        Col("Eth.", "ethnicity"),
        Col("CLA?", "looked_after", words=YES_NO),
        Col("CPP", "protection_plan", words={"Recently ended": "Ended <12m", "Yes": "Y", "No": "N"}),
        Col("SW", "practitioner"),
        Col("HoS", "operational_head"),
        Col("Date of incident", "incident_date"),
        Col("LA aware", "aware_date"),
        Col("Death / SI", "outcome", words=OUTCOMES),
        Col("A/N known or suspected", "abuse_or_neglect"),
        Col("Brief circumstances", "summary"),
        Col("CIF rec'd", "form_received"),
        Col(
            "Threshold decision",
            "decision",
            words={"Notify Panel": "SIN", "Refer to DSPP only": "LCSPR ref only", "Threshold not met": "NFA"},
        ),
        Col("Dec. date", "decision_date"),
        Col("Rationale", "decision_reason"),
        Col("SIN sent", "panel_notified"),
        Col("SIN ref", "panel_reference"),
        Col("DCS informed", "directors_told"),
        Col("LM briefed", "lead_member_briefed"),
        Col("RR due", None, after("panel_notified", 21)),
        Col("RR held", "rapid_review_completed"),
        Col("RR to Panel", "rapid_review_sent"),
        Col("Panel resp.", "panel_response"),
        Col("LCSPR Y/N", "review_decision", words={"Local review": "LCSPR", "No review": "No LCSPR"}),
        Col("LCSPR pub.", "review_published"),
        Col("Closed", "closed"),
        Col("Notes", None, text("Chase police", "Awaiting PM", "See file")),
    ]
    _title(sheet, 1, "EXAMPLESHIRE COUNTY COUNCIL", len(columns))
    _title(sheet, 2, "Critical incidents, SINs and LCSPRs - OFFICIAL SENSITIVE (made up)", len(columns))
    last = log.fill(sheet, columns, cases(24), 4)
    _heading_style(sheet, 4)
    sheet.auto_filter.ref = f"A4:{get_column_letter(len(columns))}{last}"
    sheet.cell(last + 2, 1, "Total")
    sheet.cell(last + 2, 2, f"=COUNTA(A5:A{last})")
    for row, (colour, means) in enumerate(((AMBER, "due this week"), (GREY, "closed")), 6):
        sheet.cell(row, len(columns) + 3).fill = colour
        sheet.cell(row, len(columns) + 4, means)
    sheet.freeze_panes = "D5"
    return log


def panel_team() -> Log:
    """Return the log of a partnership team: an Excel table, dates as text, “N/A” and “tbc”, answers Y and N."""
    log, sheet = _new("panel_team", "Notifications")
    columns = [
        Col("Notification ID", "reference"),
        Col("Child's DOB", "date_of_birth", write=day_first),
        Col("Gender", "sex"),
        Col("Ethnic Background", "ethnicity"),
        Col("Looked After Child (Y/N)", "looked_after", words={"Yes": "Y", "No": "N", "Not known": "tbc"}),
        Col("Care Leaver (Y/N)", "care_leaver", words={"Yes": "Y", "No": "N"}),
        Col("Child known to Early Help (Y/N)", None, text("Y", "N")),
        Col("Incident Date", "incident_date", write=day_first),
        Col("Date Local Authority made aware", "aware_date", write=day_first),
        Col(
            "Death or Serious Harm",
            "outcome",
            words={"Serious harm": "Seriously harmed", "Death": "Died", "Other": "Neither"},
        ),
        Col("Abuse or Neglect?", "abuse_or_neglect", words={"Not known": "Unknown"}),
        Col("Type of Harm", "category"),
        Col("Summary of Incident", "summary"),
        Col(
            "Date National Panel Notified",
            "panel_notified",
            lambda case: case.get("panel_notified") or "N/A",
            write=day_first,
        ),
        Col("National Panel Reference", "panel_reference"),
        Col("Date Ofsted / DfE Notified", "ofsted_notified", write=day_first),
        Col("Safeguarding Partners Informed", "partners_told", write=day_first),
        Col("15 Working Day Deadline", None, after("panel_notified", 21), write=day_first),
        Col(
            "Rapid Review Meeting Date",
            "rapid_review_completed",
            lambda case: case.get("rapid_review_completed") or "tbc",
            write=day_first,
        ),
        Col("Date Rapid Review Submitted to National Panel", "rapid_review_sent", write=day_first),
        Col("Date of National Panel Response", "panel_response", write=day_first),
        Col(
            "Outcome of Rapid Review",
            "review_decision",
            words={"Local review": "Local CSPR", "National review": "National CSPR", "No review": "No further review"},
        ),
        Col("Lead Reviewer", "reviewer"),
        Col("Date CSPR Published", "review_published", write=day_first),
        Col("Comments", None, text("With legal", "Embargoed", "")),
    ]
    last = log.fill(sheet, columns, cases(18), 1)
    table = Table(displayName="tblNotifications", ref=f"A1:{get_column_letter(len(columns))}{last}")
    table.tableStyleInfo = TableStyleInfo(name="TableStyleMedium2", showRowStripes=True)
    sheet.add_table(table)
    return log


def two_heading_rows() -> Log:
    """Return a log with group headings, merged and coloured, and the same sub-heading in several groups."""
    log, sheet = _new("two_heading_rows", "Tracker")
    groups: list[tuple[str, list[Col]]] = [
        ("", [Col("Ref", "reference")]),
        (
            "Child",
            [
                Col("Initials", "initials"),
                Col("D.O.B.", "date_of_birth"),
                Col("Sex", "sex"),
                Col("LAC", "looked_after"),
                Col("CP Plan", "protection_plan"),
                Col("Team", "team"),
            ],
        ),
        (
            "Incident",
            [
                Col("Date", "incident_date"),
                Col("Date LA aware", "aware_date"),
                Col("Outcome", "outcome"),
                Col("Details", "summary"),
            ],
        ),
        (
            "Threshold decision",
            [
                Col(
                    "Decision",
                    "decision",
                    words={"Refer to DSPP only": "Refer to partnership", "Notify Panel": "Notify"},
                ),
                Col("Date", "decision_date"),
                Col("Reason", "decision_reason"),
            ],
        ),
        (
            "National Panel notification",
            [
                Col("Date sent", "panel_notified"),
                Col("Reference", "panel_reference"),
                Col("Partners informed", "partners_told"),
                Col("Lead Member informed", "lead_member_briefed"),
            ],
        ),
        (
            "Rapid review",
            [
                Col("Date completed", "rapid_review_completed"),
                Col("Sent to Panel", "rapid_review_sent"),
                Col("Panel response", "panel_response"),
            ],
        ),
        (
            "LCSPR",
            [Col("Decision", "review_decision"), Col("Author", "reviewer"), Col("Date published", "review_published")],
        ),
        (
            "Closure",
            [
                Col("Date closed", "closed"),
                Col("Signed off by", None, text("Head of Service One", "Head of Service Two")),
            ],
        ),
    ]
    first = 1
    for group, columns in groups:
        if group:
            sheet.cell(2, first, group)
        log.fill(sheet, columns, cases(16), 3, first)
        if len(columns) > 1:
            sheet.merge_cells(start_row=2, start_column=first, end_row=2, end_column=first + len(columns) - 1)
        first += len(columns)
    _title(sheet, 1, "Serious incident tracker (made up)", 6)
    _heading_style(sheet, 2)
    _heading_style(sheet, 3)
    return log


def sheet_per_year() -> Log:
    """Return a log with a sheet for each year, newest first, and a sheet of counts before them."""
    log, counts = _new("sheet_per_year", "Summary")
    for line in (("Year", "Incidents", "Deaths"), (2024, 5, 2), (2025, 9, 3), (2026, 10, 4)):
        counts.append(line)
    columns = [
        Col("Incident Reference Number", "reference"),
        Col("Child Initials", "initials"),
        Col("Date of Birth", "date_of_birth"),
        Col("Gender", "sex"),
        Col("Open to (team)", "team"),
        Col("Allocated SW", "practitioner"),
        Col("Date of Incident", "incident_date"),
        Col("Date LA Became Aware", "aware_date"),
        Col("Place of Incident", "place", words={"In area": "In borough", "Elsewhere in England": "Out of borough"}),
        Col(
            "Nature of Incident",
            "outcome",
            words={"Death": "Child death", "Serious harm": "Serious injury", "Other": "Other concern"},
        ),
        Col(
            "Abuse/Neglect",
            "abuse_or_neglect",
            words={"Known": "Yes - known", "Suspected": "Yes - suspected", "Not known": "Unclear"},
        ),
        Col("Action taken to safeguard child", "immediate_action"),
        Col(
            "Decision",
            "decision",
            words={"Threshold not met": "No further action", "Notify Panel": "National Panel notification"},
        ),
        Col("Date of Decision", "decision_date"),
        Col("Panel Notified", "panel_notified"),
        Col("CSPR Referral Date", "cspr_referred"),
        Col("Rapid Review Date", "rapid_review_completed"),
        Col("Rapid Review Decision", "review_decision"),
        Col("Date Closed", "closed"),
    ]
    all_cases = cases(24)
    for year in (2026, 2025, 2024):
        sheet = log.workbook.create_sheet(str(year))
        of_year = [case for case in all_cases if case["aware_date"].year == year]
        sheet.cell(1, 1, f"Critical incidents {year} (made up)")
        log.fill(sheet, columns, of_year, 3)
        _heading_style(sheet, 3)
    return log


def sheet_per_type() -> Log:
    """Return a log with a sheet for each type of notification, and the same child numbers and references on them."""
    log, forms = _new("sheet_per_type", "Critical Incidents")
    who = [
        Col("Incident Ref", "reference"),
        Col("System ID", "child_id"),
        Col("Child's initials", "initials"),
    ]
    all_cases = cases(20)
    log.fill(
        forms,
        [
            *who,
            Col("DOB", "date_of_birth"),
            Col("Team", "team"),
            Col("Head of Service", "operational_head"),
            Col("Incident date", "incident_date"),
            Col("Date council aware", "aware_date"),
            Col("What happened", "summary"),
            Col("Specific risks", "risk"),
            Col("Immediate safeguarding action", "immediate_action"),
            Col("Views of partner agencies", "partner_views"),
            Col("Critical Incident Form received", "form_received"),
            Col("Threshold decision", "decision", words={"Threshold not met": "NFA", "Refer to DSPP only": "CSPR"}),
            Col("Date of decision", "decision_date"),
            Col("Discussed at SLT", "slt_discussed"),
            Col("Date closed", "closed"),
        ],
        all_cases,
        2,
    )
    panel = log.workbook.create_sheet("National Panel")
    log.fill(
        panel,
        [
            *who,
            Col("Date notified to Panel", "panel_notified"),
            Col("Panel ref", "panel_reference"),
            Col("DSPP notified", "partners_told"),
            Col("DCS told", "directors_told"),
            Col("Lead Member told", "lead_member_briefed"),
            Col("RR completed", "rapid_review_completed"),
            Col("RR sent", "rapid_review_sent"),
            Col("Panel reply", "panel_response"),
        ],
        [case for case in all_cases if case.get("panel_notified")],
        2,
    )
    referrals = log.workbook.create_sheet("CSPR referrals")
    log.fill(
        referrals,
        [
            *who,
            Col("Date of referral", "notification_date", "cspr_referred"),
            Col("Ops HoS told", "operational_head_told"),
            Col("Decision of partnership", "review_decision"),
            Col("Partnership decision date", "review_decided"),
            Col("Type of review", "review_form"),
            Col("Author", "reviewer"),
            Col("Published", "review_published"),
        ],
        [case for case in all_cases if case.get("cspr_referred")],
        2,
    )
    for sheet in log.workbook.worksheets:
        _title(sheet, 1, f"{sheet.title} (made up)", 5)
        _heading_style(sheet, 2)
    log.kind = "one sheet per type"
    return log


def row_per_notification() -> Log:
    """Return a log with a row for each notification and a column for its type; incidents with several children."""
    log, sheet = _new("row_per_notification", "Notifications log")
    rows: list[Case] = []
    for case in cases(16):
        for type_, date in (
            ("CI form", "form_received"),
            ("National Panel", "panel_notified"),
            ("LCSPR referral", "cspr_referred"),
        ):
            if case.get(date):
                rows.append({**case, "type": type_, "made": case[date], "child": "1"})
    first = rows[3]
    rows.insert(4, {**first, "child": "2", "child_id": "1000002"})
    log.fill(
        sheet,
        [
            Col("Case ref", "reference"),
            Col("Child no.", "child_number", "child"),
            Col("Notification type", "notification_type", "type"),
            Col("Date submitted", "notification_date", "made"),
            Col("Mosaic ID", "child_id"),
            Col("Date of birth", "date_of_birth"),
            Col("Date of incident", "incident_date"),
            Col("Date authority aware", "aware_date"),
            Col("Death or serious harm", "outcome", words={"Serious harm": "Serious harm", "Other": "Other"}),
            Col("Abuse or neglect suspected", "abuse_or_neglect"),
            Col("Submitted by", None, text("HoS Safeguarding", "Deputy")),
            Col("Decision made", "decision"),
            Col("Decision date", "decision_date"),
            Col("Rapid review completed", "rapid_review_completed"),
            Col("Update for SLT", None, text("Made up: no change.", "Made up: rapid review arranged for next week.")),
            Col("Date closed", "closed"),
        ],
        rows,
        3,
    )
    sheet.cell(1, 1, "Notifications log (made up)")
    _heading_style(sheet, 3)
    log.kind = "one row per notification"
    return log


def two_column_reference() -> Log:
    """Return a log with references in two columns, a sheet of closed cases, rows struck through, and blank rows."""
    log, sheet = _new("two_column_reference", "Open cases")
    numbers: dict[str, int] = {}
    for case in cases(22):
        year = case["aware_date"].year
        numbers[case["reference"]] = 1 + sum(f"-{year}-" in reference for reference in numbers)
    columns = [
        Col("Year", "reference_prefix", lambda case: case["aware_date"].year),
        Col("No.", "reference", lambda case: numbers[case["reference"]]),
        Col("Child's date of birth", "date_of_birth"),
        Col("Ethnicity", "ethnicity"),
        Col("Disability", "disability"),
        Col("Service area", "team"),
        Col("Date occurred", "incident_date"),
        Col("Aware date", "aware_date"),
        Col("Death/harm", "outcome", words=OUTCOMES),
        Col("Category of abuse", "category"),
        Col("Circumstances", "summary"),
        Col("HoS meeting", "heads_met", after("aware_date", 4)),
        Col("Decision", "decision", words={"Threshold not met": "Not met"}),
        Col("Date decided", "decision_date"),
        Col("Panel notification date", "panel_notified"),
        Col("Director informed", "directors_told"),
        Col("Cabinet Member briefed", "lead_member_briefed"),
        Col("Rapid review complete", "rapid_review_completed"),
        Col("LCSPR decision", "review_decision"),
        Col("LCSPR decision date", "review_decided"),
        Col("Learning themes", "learning"),
        Col("Case closed", "closed"),
    ]
    open_cases = [case for case in cases(22) if not case.get("closed")]
    closed = [case for case in cases(22) if case.get("closed")]
    last = log.fill(sheet, columns, open_cases, 2)
    for cell in sheet[last - 1]:
        cell.font = Font(strike=True)
    log.struck = [f"{sheet.cell(last - 1, 1).value}/{sheet.cell(last - 1, 2).value}"]
    _title(sheet, 1, "Open cases (made up)", 4)
    archive = log.workbook.create_sheet("Closed cases")
    log.fill(archive, columns, closed, 2)
    return log


def dates_with_times() -> Log:
    """Return a log with times in its dates, drop-downs, hidden columns and sheets, its own “Status”, and notes."""
    log, sheet = _new("dates_with_times", "Incident Tracker")
    columns = [
        Col("Incident No", "reference"),
        Col("Status", None, text("Open", "Closed", "On hold")),
        Col("Person ID", "child_id"),
        Col("Child name", None, text("(made up)", "(withheld)")),
        Col("Date of Birth", "date_of_birth"),
        Col("Age at incident", None, age),
        Col("Looked After?", "looked_after"),
        Col("Care Experienced?", "care_leaver"),
        Col("CP plan at time of incident", "protection_plan"),
        Col("Lead Service", "team"),
        Col("Date/time of incident", "incident_date", write=at_a_time),
        Col("Date/time LA aware", "aware_date", write=at_a_time),
        Col(
            "Location",
            "place",
            words={"In area": "Local", "Elsewhere in England": "Out of area", "Outside England": "Abroad"},
        ),
        Col("Usually resident in area", "normally_resident"),
        Col(
            "Fatal / serious / other", "outcome", words={"Death": "Fatal", "Serious harm": "Serious", "Other": "Other"}
        ),
        Col("Abuse/neglect known or suspected", "abuse_or_neglect"),
        Col("Date/time CI form received", "form_received", write=at_a_time),
        Col("Strategy meeting", None, after("aware_date", 1), write=at_a_time),
        Col("Day 4 meeting", "heads_met", after("aware_date", 4), write=at_a_time),
        Col("Outcome of threshold decision", "decision", words={"Notify Panel": "Notify national panel"}),
        Col("Date/time of threshold decision", "decision_date", write=at_a_time),
        Col("Date/time Panel notified", "panel_notified", write=at_a_time),
        Col("Working days to notify", None, number(1, 7)),
        Col("Ofsted notified", "ofsted_notified", write=at_a_time),
        Col("Rapid Review", "rapid_review_completed", write=at_a_time),
        Col("Learning shared with teams", "learning_shared"),
        Col("Closed on", "closed", write=at_a_time),
    ]
    sheet.cell(1, 1, "Incident tracker (made up)")
    last = log.fill(sheet, columns, cases(20), 3)
    for letter in ("D", "F"):
        sheet.column_dimensions[letter].hidden = True
    lists = log.workbook.create_sheet("Lists")
    for row, word in enumerate(("Yes", "No", "Not known"), 1):
        lists.cell(row, 1, word)
    lists.sheet_state = "hidden"
    answers = DataValidation(type="list", formula1="=Lists!$A$1:$A$3", allow_blank=True)
    answers.add(f"G4:H{last}")
    sheet.add_data_validation(answers)
    sheet.cell(last + 3, 1, "Notes: times are when the duty team took the call. Ask business support for access.")
    sheet["K4"].comment = Comment("Made up: time is approximate", "A. Worker")
    return log


def questions() -> Log:
    """Return a log with whole questions as headings, few columns, conditional colours."""
    log, sheet = _new("questions", "Sheet1")
    columns = [
        Col("What is our reference for this case?", "reference"),
        Col("Child's initials (no names please)", "initials"),
        Col("When was the child born?", "date_of_birth"),
        Col("When did the incident happen?", "incident_date"),
        Col("When did the council become aware of the incident?", "aware_date"),
        Col(
            "Did the child die or suffer serious harm?",
            "outcome",
            words={"Death": "Died", "Serious harm": "Serious harm", "Other": "Neither"},
        ),
        Col("Is abuse or neglect known or suspected?", "abuse_or_neglect"),
        Col("Is the child looked after?", "looked_after"),
        Col(
            "What was decided about the threshold?",
            "decision",
            words={"Threshold not met": "Threshold not met - NFA", "Refer to DSPP only": "Refer to DSPP"},
        ),
        Col("Date the decision was made", "decision_date"),
        Col("Why was this decided?", "decision_reason"),
        Col("Date the national Panel was notified", "panel_notified"),
        Col("Date the Lead Member was told", "lead_member_briefed"),
        Col("Date the rapid review was completed", "rapid_review_completed"),
        Col("Who is filling in this row?", None, text("Business support", "HoS PA")),
        Col("Date the case was closed", "closed"),
    ]
    last = log.fill(sheet, columns, cases(12), 1)
    sheet.conditional_formatting.add(f"F2:F{last}", CellIsRule("equal", ['"Died"'], fill=AMBER))  # type: ignore[no-untyped-call]
    return log


def very_wide() -> Log:
    """Return a log with over 70 columns, half of them not the tracker's, and blank rows and rows of months."""
    log, sheet = _new("very_wide", "MASTER")
    columns = [
        Col("ID", "reference"),
        Col("Date added to tracker", None, after("aware_date", 2)),
        Col("Added by", None, text("A. Admin", "B. Admin")),
        Col("NHS number", None, number(4_000_000_000, 4_999_999_999)),
        Col("Liquidlogic ID", "child_id"),
        Col("Surname initial", None, text("A", "B")),
        Col("Date of Birth", "date_of_birth"),
        Col("Age", None, age),
        Col("Sex", "sex"),
        Col("Ethnic group", "ethnicity"),
        Col("Religion", None, text("None", "Christian", "Muslim", "Not known")),
        Col("First language", None, text("English", "Polish")),
        Col("Disabled?", "disability"),
        Col("EHCP?", None, text("Yes", "No")),
        Col("School", None, text("Example Primary", "Example Academy", "Not in school")),
        Col("Excluded?", None, text("Yes", "No")),
        Col("Child looked after?", "looked_after"),
        Col("Care leaver?", "care_leaver"),
        Col("Child protection plan?", "protection_plan"),
        Col("CP category", None, text("Neglect", "Emotional", "")),
        Col("CIN?", None, text("Yes", "No")),
        Col("Siblings", None, number(0, 5)),
        Col("Postcode district", None, text("EX1", "EX2")),
        Col("Ward", None, text("North", "South")),
        Col("Team", "team"),
        Col("Team manager", None, text("A. Manager", "B. Manager")),
        Col("Allocated social worker", "practitioner"),
        Col("Operational HoS", "operational_head"),
        Col("Incident date", "incident_date"),
        Col("Incident time", None, text("morning", "night")),
        Col("Date LA notified of incident", "aware_date"),
        Col("Notified by", None, text("Police", "Hospital")),
        Col("Location of incident", "place"),
        Col(
            "Incident type",
            "outcome",
            words={"Death": "Death of child", "Serious harm": "Serious harm to child", "Other": "Other"},
        ),
        Col("Harm category", "category"),
        Col("Abuse/neglect?", "abuse_or_neglect"),
        Col("Weapon used?", None, text("Yes", "No", "N/A")),
        Col("Incident summary", "summary"),
        Col("Current risks", "risk"),
        Col("Immediate action taken", "immediate_action"),
        Col("Police crime ref", None, number(20_000, 99_999)),
        Col("Police officer in case", None, text("DC Example", "DS Madeup")),
        Col("Strategy discussion date", None, after("aware_date", 1)),
        Col("S47 started", None, after("aware_date", 2)),
        Col("ICPC date", None, after("aware_date", 16)),
        Col("Coroner informed", None, after("incident_date", 3)),
        Col("CDOP notified", None, after("incident_date", 2)),
        Col("Critical incident form received", "form_received"),
        Col("HoS met", "heads_met", after("aware_date", 4)),
        Col(
            "Notification decision",
            "decision",
            words={
                "Notify Panel": "Notify",
                "Threshold not met": "Do not notify",
                "Refer to DSPP only": "Partnership only",
            },
        ),
        Col("Threshold decision date", "decision_date"),
        Col("Reason for decision", "decision_reason"),
        Col("Comments", None, text("Made up: await form", "")),
        Col("5 day deadline", None, after("aware_date", 7)),
        Col("National Panel notified", "panel_notified"),
        Col("Panel reference number", "panel_reference"),
        Col("Ofsted informed", "ofsted_notified"),
        Col("Partners notified", "partners_told"),
        Col("DCS & Service Director told", "directors_told"),
        Col("Lead Member informed", "lead_member_briefed"),
        Col("Press office informed", None, after("panel_notified", 1)),
        Col("Scoping due", None, after("panel_notified", 7)),
        Col("RR chair", None, text("Independent Chair", "Partner Chair")),
        Col("RR meeting", None, after("panel_notified", 14)),
        Col("RR completed", "rapid_review_completed"),
        Col("RR sent to Panel", "rapid_review_sent"),
        Col("Panel response received", "panel_response"),
        Col("Comments", None, text("Made up: Panel agreed", "")),
        Col("CSPR decision", "review_decision", words={"Local review": "Local CSPR", "No review": "None"}),
        Col("CSPR decision date", "review_decided"),
        Col("CSPR type", "review_form"),
        Col("Independent author", "reviewer"),
        Col("Cost of review", None, number(5_000, 20_000)),
        Col("CSPR completed", "review_completed"),
        Col("Publication date", "review_published"),
        Col("Extended DLT", "dlt_discussed"),
        Col("Learning shared", "learning_shared"),
        Col("Key learning", "learning"),
        Col("RAG", None, text("Red", "Amber", "Green")),
        Col("Date closed", "closed"),
        Col("Retention until", None, after("closed", 3650)),
    ]
    _title(sheet, 1, "MASTER TRACKER - DO NOT SORT (made up)", 8)
    row = 3
    log.fill(sheet, columns, [], row)
    _heading_style(sheet, row)
    log.filled.append((columns, cases(26)))
    month = None
    row += 1
    for case in cases(26):
        if case["aware_date"].month != month:
            month = case["aware_date"].month
            row += 1
            sheet.cell(row, 3, f"{case['aware_date']:%B %Y}".upper()).fill = GREY
            row += 1
        for place, column in enumerate(columns, 1):
            value = column.cell(case)
            sheet.cell(row, place, value)
            if isinstance(value, dt.date):
                sheet.cell(row, place).number_format = "dd-mmm-yy"
        row += 1
    return log


def three_sheets() -> Log:
    """Return incidents, returns and actions in one workbook, under other names; days from 1904; formulas."""
    log, sheet = _new("three_sheets", "Cases")
    log.workbook.epoch = CALENDAR_MAC_1904
    columns = [
        Col("URN", "reference"),
        Col("Initials", "initials"),
        Col("Birth date", "date_of_birth"),
        Col("Legal status / LAC", "looked_after"),
        Col("Service", "team"),
        Col("Date of the incident", "incident_date"),
        Col("Date known to LA", "aware_date"),
        Col("Outcome for child", "outcome", words={"Serious harm": "SI"}),
        Col("Known / suspected abuse or neglect", "abuse_or_neglect"),
        Col("Description", "summary"),
        Col(
            "Threshold met?",
            "decision",
            words={
                "Notify Panel": "Yes - notify Panel",
                "Refer to DSPP only": "No - refer to DSPP",
                "Threshold not met": "No",
            },
        ),
        Col("Date threshold decided", "decision_date"),
        Col("Days to decision", None, lambda case: "=NETWORKDAYS(G4,L4)-1"),
        Col("Date of SIN", "panel_notified"),
        Col("Withdrawn", "notification_withdrawn"),
        Col("Date RR completed", "rapid_review_completed"),
        Col("Date RR sent", "rapid_review_sent"),
        Col("Review decision", "review_decision"),
        Col("Closure date", "closed"),
    ]
    all_cases = cases(18)
    sheet.cell(1, 1, "Cases (made up)")
    log.fill(sheet, columns, all_cases, 3)
    returns = log.workbook.create_sheet("Agency info requests")
    asked = [
        {
            **case,
            "agency": agency,
            "asked": case["panel_notified"],
            "back": back,
            "who": f"contact@{agency.split()[0].lower()}.example",
        }
        for case in all_cases
        if case.get("panel_notified")
        for agency, back in (("Police", case["panel_notified"] + dt.timedelta(days=4)), ("Health trust", None))
    ]
    log.fill(
        returns,
        [
            Col("Case ref", "reference"),
            Col("Organisation", "agency", "agency"),
            Col("SPOC e-mail", "contact", "who"),
            Col("Date template sent", "sent", "asked"),
            Col("Date template returned", "returned", "back"),
            Col("Quality of return", None, text("Good", "Thin")),
        ],
        asked,
        2,
    )
    plan = log.workbook.create_sheet("Action tracker")
    to_do = [
        {
            **case,
            "do": "Made up: review the safety plan.",
            "by": "A. Owner",
            "until": case["aware_date"] + dt.timedelta(days=20),
        }
        for case in all_cases[:10]
    ]
    log.fill(
        plan,
        [
            Col("Incident reference", "reference"),
            Col("Agreed action", "action", "do"),
            Col("Person responsible", "owner", "by"),
            Col("Target date", "due", "until"),
            Col("Date completed", "done", after("aware_date", 18)),
            Col("Impact", None, text("Made up: good", "")),
        ],
        to_do,
        1,
    )
    return log


def exported_list() -> Log:
    """Return a list exported from SharePoint: run-together headings, ISO dates as text, columns of the system's own."""
    log, sheet = _new("exported_list", "owssvr")
    columns = [
        Col("Title", "reference"),
        Col("ChildInitials", "initials"),
        Col("DateOfBirth", "date_of_birth", write=iso),
        Col("IsLookedAfter", "looked_after", words={"Yes": "TRUE", "No": "FALSE", "Not known": ""}),
        Col("TeamName", "team"),
        Col("IncidentDate", "incident_date", write=iso),
        Col("LAAwareDate", "aware_date", write=iso),
        Col("IncidentOutcome", "outcome"),
        Col("AbuseOrNeglect", "abuse_or_neglect"),
        Col("IncidentSummary", "summary"),
        Col(
            "ThresholdDecision",
            "decision",
            words={
                "Notify Panel": "Panel",
                "Refer to DSPP only": "Partnership",
                "Threshold not met": "Below threshold",
            },
        ),
        Col("DecisionDate", "decision_date", write=iso),
        Col("PanelNotifiedDate", "panel_notified", write=iso),
        Col("PanelRef", "panel_reference"),
        Col("PartnersInformedDate", "partners_told", write=iso),
        Col("RapidReviewCompletedDate", "rapid_review_completed", write=iso),
        Col("ReviewDecision", "review_decision"),
        Col("DateClosed", "closed", write=iso),
        Col("Created", None, after("aware_date", 1), write=iso),
        Col("Created By", None, text("A. Worker", "B. Worker")),
        Col("Modified", None, after("aware_date", 30), write=iso),
        Col("Item Type", None, text("Item")),
        Col("Path", None, text("sites/example/lists/log")),
    ]
    log.fill(sheet, columns, cases(14), 1)
    return log


LOGS: dict[str, Callable[[], Log]] = {
    make.__name__: make
    for make in (
        *(abbreviations, panel_team, two_heading_rows, sheet_per_year, sheet_per_type, row_per_notification),
        *(two_column_reference, dates_with_times, questions, very_wide, three_sheets, exported_list),
    )
}
HELD_OUT = ("very_wide", "three_sheets", "exported_list", "sheet_per_year")
