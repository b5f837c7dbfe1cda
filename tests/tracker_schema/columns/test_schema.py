"""columns.toml says what the design says, and a slip in it is named with its place."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tracker_schema.columns.schema import (
    Column,
    Sheet,
    TrackerSchema,
    check_data,
    plain,
    read_data_file,
    tracker_schema,
)
from tracker_schema.columns.table_schema import table_schema
from tracker_schema.errors import SchemaError

PROJECT = Path(__file__).parents[3]

# id | heading | type, and what else there is to say
INCIDENTS = """
reference              | Reference                               | text, required, unique
child_id               | Child ID                                | text, personal
initials               | Initials                                | text, personal
date_of_birth          | Date of birth                           | date, personal
sex                    | Sex                                     | text, personal
ethnicity              | Ethnicity                               | text, personal
disability             | Disability                              | Yes / No / Not known
looked_after           | Looked after                            | Yes / No / Not known
care_leaver            | Care leaver                             | Yes / No / Not known
protection_plan        | Child protection plan                   | Yes / Recently ended / No / Not known
team                   | Team                                    | text
operational_head       | Operational Head of Service             | text
practitioner           | Allocated practitioner                  | text, personal
incident_date          | Date of incident                        | date
aware_date             | Date aware                              | date, required
place                  | Where it happened                       | In area / Elsewhere in England / Outside England
normally_resident      | Normally resident in area               | Yes / No / Not known
outcome                | Outcome                                 | Death / Serious harm / Other
abuse_or_neglect       | Abuse or neglect                        | Known / Suspected / No / Not known
category               | Category of harm                        | text
summary                | Summary                                 | text, personal
risk                   | Specific risk                           | text, personal
immediate_action       | Immediate action                        | text, personal
partner_views          | Partner views                           | text, personal
form_received          | Critical incident form received         | date
decision               | Decision                                | Notify Panel / Refer to DSPP only / Threshold not met
decision_date          | Decision date                           | date
decision_reason        | Reason for decision                     | text
heads_met              | Heads of Service met                    | date
panel_notified         | Panel notified                          | date
panel_reference        | Panel reference                         | text
ofsted_notified        | Secretary of State and Ofsted notified  | date
late_reason            | Reason for lateness                     | choice
partners_told          | Safeguarding partners told              | date
directors_told         | Directors told                          | date
lead_member_briefed    | Lead Member briefed                     | date
cspr_referred          | CSPR referral made                      | date
operational_head_told  | Operational Head told                   | date
notification_withdrawn | Notification withdrawn                  | date
dspp_decision | DSPP decision on the referral | Progress / Other learning / No further action
dspp_decided           | DSPP decision date                      | date
rapid_review_completed | Rapid review completed                  | date
rapid_review_sent      | Rapid review sent to Panel              | date
panel_response         | Panel response                          | date
review_decision        | Review decision                         | Local review / National review / No review
review_decided         | Review decided                          | date
review_form | Form of review | Full CSPR, independent author / CSPR, partnership author / Table-top review / Audit
reviewer               | Reviewer                                | text
review_informed        | Panel, Ofsted and DfE informed          | date
review_completed       | Review completed                        | date
review_published       | Review published                        | date
advance_copy_sent      | Advance copy sent                       | date
delay_explained        | Late publication explained              | date
paused_until           | Paused until                            | date
pause_reason           | Reason for pause                        | text, personal
dlt_discussed          | Discussed at Extended DLT               | date
learning_shared        | Learning shared with teams              | date
learning               | Learning themes                         | text
slt_discussed          | Last discussed at SLT                   | date
outcome_of_action      | Outcome of action                       | text
closed                 | Closed                                  | date
status | Status | script, Closed / Overdue / Check data / Due today / Due soon / Chase / On track / \
Before start / Complete
next_step              | Next step                               | script, text
next_due               | Next due                                | script, date
working_days_left      | Working days left                       | script, number
overdue_steps          | Overdue steps                           | script, text
data_problems          | Data problems                           | script, text
checked_on             | Checked on                              | script, date
"""
SCOPING = """
reference     | Reference     | text, required
agency        | Agency        | text, required
contact       | Contact       | text, personal
sent          | Sent          | date
returned      | Returned      | date
chaser_sent   | Chaser sent   | Yes / No
return_due    | Return due    | script, date
return_status | Return status | script, choice
last_chased   | Last chased   | script, date
"""
ACTIONS = """
reference     | Reference     | text, required
number        | Action number | text
action        | Action        | text, required, personal
owner         | Owner         | text
due           | Due           | date
done          | Done          | date
outcome       | Outcome       | text, personal
action_status | Action status | script, choice
"""


def as_told(column: Column) -> str:
    """The column in the words of the tables above."""
    kind = "" if column.id in ("late_reason", "return_status", "action_status") else " / ".join(column.choices)
    words = [
        "script" if column.by_script else "",
        kind or column.type,
        *(flag for flag in ("required", "unique", "personal") if getattr(column, flag)),
    ]
    return f"{column.id} | {column.heading} | {', '.join(filter(None, words))}"


@pytest.mark.parametrize(("sheet_id", "told"), [("incidents", INCIDENTS), ("scoping", SCOPING), ("actions", ACTIONS)])
def test_the_columns_are_those_of_the_design_in_its_order(sheet_id: str, told: str) -> None:
    wanted = [" | ".join(part.strip() for part in line.split("|")) for line in told.strip().split("\n")]
    assert [as_told(column) for column in tracker_schema().sheets[sheet_id].column] == wanted


def test_only_the_incidents_have_to_be_there() -> None:
    sheets = {sheet.heading: sheet.required for sheet in tracker_schema().sheet}
    assert sheets == {"Incidents": True, "Scoping": False, "Actions": False, "Documents": False, "SLT": False}


def test_dates_come_in_the_order_of_the_process() -> None:
    not_before = {
        (earlier, column.id)
        for sheet in tracker_schema().sheet
        for column in sheet.column
        for earlier in column.not_before
    }
    assert not_before >= {
        ("incident_date", "aware_date"),
        ("aware_date", "form_received"),
        ("aware_date", "decision_date"),
        ("aware_date", "panel_notified"),
        ("panel_notified", "rapid_review_completed"),
        ("rapid_review_completed", "rapid_review_sent"),
        ("rapid_review_sent", "panel_response"),
        ("cspr_referred", "dspp_decided"),
        ("review_decided", "review_published"),
        ("review_completed", "dlt_discussed"),
        ("dlt_discussed", "learning_shared"),
        ("sent", "returned"),
    }


def test_columns_are_filled_in_when_others_ask_for_it() -> None:
    columns = tracker_schema().sheets["incidents"].columns
    asked = {
        (column.id, condition.column, condition.is_ or "filled")
        for column in columns.values()
        for condition in column.required_when
    }
    assert asked >= {
        ("decision_date", "decision", "filled"),
        ("decision_reason", "decision", ("Threshold not met",)),
        ("review_decided", "review_decision", "filled"),
        ("review_form", "review_decision", ("Local review",)),
        ("dspp_decision", "dspp_decided", "filled"),
        ("dspp_decided", "dspp_decision", "filled"),
        ("pause_reason", "paused_until", "filled"),
        ("reviewer", "review_decision", ("Local review",)),
    }


def test_only_what_is_planned_may_lie_ahead() -> None:
    ahead = {column.id for sheet in tracker_schema().sheet for column in sheet.column if column.may_be_future}
    assert ahead == {"next_due", "return_due", "due", "paused_until"}


def test_every_column_says_in_a_sentence_what_it_is_for() -> None:
    for sheet in tracker_schema().sheet:
        assert sheet.about.endswith("."), sheet.id
        for column in sheet.column:
            assert column.about.endswith("."), column.id
            assert column.about[0].isupper(), column.id


# Headings


@pytest.mark.parametrize("sheet", tracker_schema().sheet, ids=lambda sheet: sheet.id)
def test_no_two_columns_of_a_sheet_answer_to_the_same_heading(sheet: Sheet) -> None:
    belongs_to: dict[str, str] = {}
    for column in sheet.column:
        for heading in (column.heading, *column.aliases):
            first = belongs_to.setdefault(plain(heading), column.id)
            assert first == column.id, f"“{heading}” is said of {first} and of {column.id}"


def test_no_two_sheets_answer_to_the_same_name() -> None:
    names = [plain(name) for sheet in tracker_schema().sheet for name in (sheet.heading, *sheet.aliases)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    "typed",
    ["Date aware", "DATE AWARE", " date  aware ", "Date\naware", "Date\u00a0aware:", "Date-aware", "Date aware*"],
)
def test_case_spaces_line_breaks_and_punctuation_of_a_heading_do_not_matter(typed: str) -> None:
    assert plain(typed) == plain("Date aware")


@pytest.mark.parametrize(
    ("one", "other"), [("Date aware", "Date unaware"), ("Review", "Reviews"), ("Step 1", "Step 2")]
)
def test_letters_and_figures_of_a_heading_do_matter(one: str, other: str) -> None:
    assert plain(one) != plain(other)


# The export to Frictionless Table Schema


def fields(sheet_id: str) -> dict[str, Any]:
    resource = next(resource for resource in table_schema()["resources"] if resource["name"] == sheet_id)
    return {field["name"]: field for field in resource["schema"]["fields"]}


def test_the_export_has_every_column_under_its_id_and_heading() -> None:
    for sheet in tracker_schema().sheet:
        assert {(name, field["title"]) for name, field in fields(sheet.id).items()} == {
            (column.id, column.heading) for column in sheet.column
        }


def test_the_export_keeps_to_the_types_and_constraints_of_table_schema() -> None:
    for sheet in tracker_schema().sheet:
        for field in fields(sheet.id).values():
            assert set(field) <= {"name", "title", "type", "description", "constraints"}
            assert field["type"] in {"string", "date", "integer"}
            assert set(field.get("constraints", {})) <= {"required", "unique", "enum"}


def test_the_export_tells_choices_and_what_is_required() -> None:
    incidents = fields("incidents")
    assert incidents["reference"]["constraints"] == {"required": True, "unique": True}
    assert incidents["outcome"]["constraints"] == {"enum": ["Death", "Serious harm", "Other"]}
    assert incidents["aware_date"] | {"description": ""} == {
        "name": "aware_date",
        "title": "Date aware",
        "type": "date",
        "description": "",
        "constraints": {"required": True},
    }
    assert "constraints" not in incidents["team"]


def test_the_export_ties_the_other_sheets_to_the_incidents() -> None:
    keys = {resource["name"]: resource["schema"].get("foreignKeys") for resource in table_schema()["resources"]}
    tied = [{"fields": ["reference"], "reference": {"resource": "incidents", "fields": ["reference"]}}]
    assert keys == {"incidents": None, "scoping": tied, "actions": tied, "documents": tied, "slt": None}


def test_the_module_prints_the_export() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "tracker_schema"], cwd=PROJECT, capture_output=True, encoding="utf-8", check=True
    )
    assert json.loads(run.stdout) == table_schema()


# Slips


COLUMN = 'id = "when"\nheading = "When"\ntype = "date"\nabout = "When it was."'
REFERENCE = '[[sheet.column]]\nid = "reference"\nheading = "Reference"\ntype = "text"\nabout = "Its key."'


def schema_with(column: str = COLUMN, synonyms: str = "") -> str:
    """A small schema that is in order when it is left alone."""
    sheet = '[[sheet]]\nid = "incidents"\nheading = "Incidents"\nabout = "One row for each."'
    return f"[synonyms]\n{synonyms}\n{sheet}\n{REFERENCE}\n[[sheet.column]]\n{column}\n"


def changed(old: str, new: str) -> str:
    assert old in COLUMN
    return schema_with(COLUMN.replace(old, new))


def slips() -> Iterator[tuple[str, str]]:
    """Each wrong schema, and what its complaint has to name."""
    when = "sheet “incidents”, column “when”"
    yield changed('type = "date"', 'type = "day"'), f"{when}, type: .*'date'"
    yield changed('heading = "When"\n', ""), f"{when}, heading: "
    yield changed('heading = "When"', 'heading = ""'), f"{when}, heading: "
    yield changed('id = "when"', 'id = "When"'), "sheet “incidents”, column “When”, id: "
    yield changed('type = "date"', 'type = "date"\nrequred = true'), f"{when}, requred: "
    yield changed('type = "date"', 'type = "date"\nrequired = "perhaps"'), f"{when}, required: "
    yield changed('type = "date"', 'type = "date"\nwritten_by = "robot"'), f"{when}, written_by: "
    yield changed('type = "date"', 'type = "choice"'), f"{when}: .*choices"
    yield changed('type = "date"', 'type = "date"\nchoices = ["Yes"]'), f"{when}: .*choices"
    yield changed('type = "date"', 'type = "text"\nnot_before = ["reference"]'), f"{when}: .*not_before"
    yield changed('type = "date"', 'type = "date"\nnot_before = ["reference"]'), "sheet “incidents”: .*reference"
    yield changed('type = "date"', 'type = "date"\nnot_before = ["aware"]'), "sheet “incidents”: .*when.*aware"
    yield (
        changed('type = "date"', 'type = "date"\nrequired_when = [{ column = "aware", filled = true }]'),
        "sheet “incidents”: .*when.*aware",
    )
    yield (
        changed('type = "date"', 'type = "date"\nrequired_when = [{ column = "reference", is = ["Yes"] }]'),
        "sheet “incidents”: .*when.*Yes",
    )
    yield (
        changed('type = "date"', 'type = "date"\nrequired_when = [{ column = "reference" }]'),
        f"{when}, required_when 1: ",
    )
    yield changed('type = "date"', 'type = "date"\nevent_choice = "reference"'), f"{when}: .*event_choice"
    yield (
        changed('type = "date"', 'type = "date"\nevent = "It was"\nevent_choice = "reference"'),
        "sheet “incidents”: .*when.*reference",
    )
    yield changed('type = "date"', 'type = "date"\nwidth = 20'), f"{when}: .*width"
    yield changed('type = "date"', 'type = "text"\nwidth = 0'), f"{when}, width: "
    yield (
        changed('type = "date"', 'type = "choice"\nchoices = ["Yes", "No"]\nmeanings = ["It was."]'),
        f"{when}: .*meanings",
    )
    yield changed('id = "when"', 'id = "reference"'), "sheet “incidents”: .*same id"
    yield schema_with(synonyms='"Perhaps" = ["maybe"]'), ".*Perhaps"
    yield schema_with() + "[[sheet]]\nid = 1\n", "sheet 2|sheet “1”"
    yield schema_with() + "wrong\n", ".*line"


def test_the_small_schema_is_in_order() -> None:
    assert [column.id for column in check_data("ours.toml", schema_with(), TrackerSchema).sheet[0].column] == [
        "reference",
        "when",
    ]


@pytest.mark.parametrize(("text", "place"), list(slips()))
def test_a_slip_is_named_with_its_file_and_place(text: str, place: str) -> None:
    with pytest.raises(SchemaError, match=f"^ours.toml: (?:{place})"):
        check_data("ours.toml", text, TrackerSchema)


def test_all_slips_are_named_each_on_its_line() -> None:
    text = changed('type = "date"', 'type = "day"\nrequired = "perhaps"')
    with pytest.raises(SchemaError) as refused:
        check_data("ours.toml", text, TrackerSchema)
    places = [line.split(": ")[1] for line in str(refused.value).split("\n")]
    assert places == ["sheet “incidents”, column “when”, type", "sheet “incidents”, column “when”, required"]


def test_a_data_file_is_named_for_itself() -> None:
    with pytest.raises(SchemaError, match=r"^clocks/clocks\.toml: "):
        read_data_file("clocks/clocks.toml", TrackerSchema)
