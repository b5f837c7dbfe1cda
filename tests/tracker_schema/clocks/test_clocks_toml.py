"""clocks.toml says what the design says, and a slip in it is named with its place."""

from __future__ import annotations

import pytest

from tests.tracker_schema.clocks import oracle
from tracker_schema.clocks.clocks import Clock, _Clocks, changed, default_clocks, standard_clocks
from tracker_schema.columns.schema import check_data
from tracker_schema.errors import SchemaError

# Who acts, where the council's guidance says so.
OWNERS = {
    "report_incident": "operational Head of Service",
    "heads_of_service_meet": "Heads of Service",
    "notify_panel": "Head of Service for Safeguarding",
    "notify_ofsted": "Head of Service for Safeguarding",
    "tell_directors": "Head of Service for Safeguarding",
    "brief_lead_member": "Director of Children's Services",
    "scoping_return": "the agency",
    "rapid_review": "safeguarding partners",
    "send_rapid_review": "safeguarding partners",
    "inform_of_local_review": "safeguarding partners",
}


def test_the_clocks_are_those_of_the_design_in_its_order() -> None:
    units = {"SLT meetings": "meetings"}
    of_program = [
        (clock.id, clock.sheet, clock.anchor, clock.stop, clock.length, units.get(clock.unit, clock.unit), clock.basis)
        for clock in default_clocks()
    ]
    assert of_program == [
        (clock.id, clock.sheet, clock.anchor, clock.stop, clock.length, clock.unit, clock.basis)
        for clock in oracle.CLOCKS
    ]
    also = [
        (clock.id, clock.anchor_is == "first", clock.warn_working_days, clock.may_pause) for clock in default_clocks()
    ]
    assert also == [(clock.id, clock.in_order, clock.warns, clock.can_pause) for clock in oracle.CLOCKS]


def test_what_a_council_switches_on_has_no_length_of_ours() -> None:
    off = {clock.id: clock.length for clock in standard_clocks() if not clock.on}
    assert off == {"send_advance_copy": None, "explain_late_publication": None}


def test_a_clock_has_a_condition_where_the_design_has_one() -> None:
    conditions = {clock.id: bool(clock.applies) for clock in default_clocks()}
    of_design = {clock.id: clock.applies is not oracle.always for clock in oracle.CLOCKS}
    assert conditions == of_design | {"discuss_at_slt": True}  # while anything else of the case is open or to come


def test_partners_are_told_whenever_the_panel_is() -> None:
    applies = {clock.id: clock.applies for clock in standard_clocks()}
    assert applies["tell_partners"] == applies["notify_panel"]


def test_the_owner_is_who_the_guidance_says() -> None:
    assert {clock.id: clock.owner for clock in standard_clocks() if clock.id in OWNERS} == OWNERS


def test_labels_differ_and_can_be_listed_with_semicolons() -> None:
    labels = [clock.label for clock in standard_clocks()]
    assert len(set(labels)) == len(labels)
    assert not any(";" in label for label in labels)


def test_all_clocks_start_at_day_0_and_take_no_notice_of_closure_days() -> None:
    assert {(clock.count_from, clock.honours_closures) for clock in standard_clocks()} == {(0, False)}


def test_every_clock_has_its_source_in_a_sentence() -> None:
    assert all(clock.source.endswith(".") and len(clock.source) > 30 for clock in standard_clocks())


def test_every_condition_is_told_in_words_with_its_source() -> None:
    for clock in standard_clocks():
        if clock.condition:
            assert clock.condition.sentence
            assert clock.condition.source


@pytest.mark.parametrize(
    ("clock_id", "limit"),
    [("report_incident", "1 working day"), ("notify_panel", "5 working days"), ("publish_local_review", "6 months")],
)
def test_the_limit_in_words(clock_id: str, limit: str) -> None:
    assert next(clock.limit for clock in standard_clocks() if clock.id == clock_id) == limit


# Slips

GOOD = """
[[clock]]
id = "report_incident"
sheet = "incidents"
label = "Send the form"
anchor = ["aware_date"]
stop = ["form_received"]
length = 1
unit = "working days"
basis = "local procedure"
source = "The guidance."
owner = "somebody"
"""


def loaded(text: str) -> tuple[Clock, ...]:
    return check_data("ours.toml", text, _Clocks).clock


def test_the_small_file_is_in_order() -> None:
    assert [clock.id for clock in loaded(GOOD)] == ["report_incident"]


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('unit = "working days"', 'unit = "weeks"', ", unit: .*'working days'"),
        ("length = 1", "length = 0", ", length: "),
        ("length = 1", 'length = "one"', ", length: "),
        ("length = 1", "length = 1\nlenght = 2", ", lenght: "),
        ('basis = "local procedure"', 'basis = "habit"', ", basis: "),
        ('basis = "local procedure"\n', "", ", basis: "),
        ('anchor = ["aware_date"]', "anchor = []", ", anchor: "),
        ('anchor = ["aware_date"]', 'anchor = ["aware"]', ": .*aware is not a date column of incidents"),
        ('stop = ["form_received"]', 'stop = ["team"]', ": .*team is not a date column of incidents"),
        ('sheet = "incidents"', 'sheet = "scoping"', ": .*aware_date is not a date column of scoping"),
        ('sheet = "incidents"', 'sheet = "cases"', ": .*“cases” is not a sheet"),
        ("length = 1", 'length = 1\napplies = "on_mondays"', ": .*“on_mondays” is not a condition"),
        ("length = 1", "length = 1\ncount_from = 2", ", count_from: "),
        ("length = 1", 'length = 1\nhonours_closures = "perhaps"', ", honours_closures: "),
    ],
)
def test_a_slip_is_named_with_its_file_and_clock(old: str, new: str, named: str) -> None:
    assert old in GOOD
    with pytest.raises(SchemaError, match=f"^ours.toml: clock “report_incident”{named}"):
        loaded(GOOD.replace(old, new))


def test_two_clocks_of_one_id_are_refused() -> None:
    with pytest.raises(SchemaError, match=r"^ours.toml: .*same id"):
        loaded(GOOD + GOOD)


def test_no_toml_at_all_is_refused_with_the_line() -> None:
    with pytest.raises(SchemaError, match=r"^ours.toml: .*line 1"):
        loaded("[[clock]")


# Changes that a council may make


def test_a_changed_clock_is_checked_again() -> None:
    clock = loaded(GOOD)[0]
    assert changed(clock, {"length": 3, "label": "Send it"}).limit == "3 working days"
    with pytest.raises(SchemaError, match="clock report_incident is wrong: "):
        changed(clock, {"length": -1})
