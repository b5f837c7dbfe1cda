"""The meanings of a council's words for choices, and which words are never shown."""

from __future__ import annotations

import pytest

from tracker_schema.adoption.choices import Meaning, meaning, meanings
from tracker_schema.columns.schema import tracker_schema
from tracker_schema.layouts.layouts import TYPE, layout_schema

COLUMNS = {**tracker_schema().sheets["incidents"].columns, **layout_schema().columns}


@pytest.mark.parametrize(
    ("column", "word", "choice"),
    [
        ("outcome", "SI", "Serious harm"),
        ("outcome", "Death of child", "Death"),
        ("outcome", "Death - made up remark", "Death"),
        ("decision", "NFA", "Threshold not met"),
        ("decision", "SIN", "Notify Panel"),
        ("decision", "Threshold not met - NFA", "Threshold not met"),
        ("review_decision", "LCSPR", "Local review"),
        ("abuse_or_neglect", "Yes - known", "Known"),
        ("place", "Out of borough", "Elsewhere in England"),
        ("looked_after", "Y", "Yes"),
        ("protection_plan", "Yes (neglect)", "Yes"),
        (TYPE, "CI form", "Critical incident"),
        (TYPE, "LCSPR referral", "CSPR referral"),
    ],
)
def test_what_is_sure(column: str, word: str, choice: str) -> None:
    assert meaning(word, COLUMNS[column]) == (choice, True)


@pytest.mark.parametrize(
    ("column", "word"),
    [
        ("outcome", "Near miss"),
        ("outcome", "Death or serious harm"),
        ("decision", "Do not notify Panel"),
        ("decision", "Yes"),
        ("review_decision", "No LCSPR"),
        ("looked_after", "No - but was until May"),
        ("protection_plan", "Yes?"),
        ("abuse_or_neglect", "Not suspected"),
        ("abuse_or_neglect", "Seriously"),
        ("review_decision", "Locl reveiw"),
    ],
)
def test_what_is_not_sure(column: str, word: str) -> None:
    assert not meaning(word, COLUMNS[column])[1]


def test_a_negation_is_never_taken_for_what_it_denies() -> None:
    assert meaning("No LCSPR", COLUMNS["review_decision"])[0] != "Local review"
    assert meaning("Do not notify Panel", COLUMNS["decision"])[0] != "Notify Panel"
    assert meaning("Not suspected", COLUMNS["abuse_or_neglect"])[0] != "Suspected"


def test_a_remark_on_one_case_is_not_shown_and_what_is_known_is_left_out() -> None:
    texts = ["Death", "SI", "SI", "Death - Zebedee Madeup", "Near miss", "Near miss", "Zebedee", "x" * 60, "x" * 60]
    assert meanings(COLUMNS["outcome"], texts) == [
        Meaning("outcome", "Near miss", None, sure=False, rows=2),
        Meaning("outcome", "SI", "Serious harm", sure=True, rows=2),
    ]


@pytest.mark.parametrize("column", ["disability", "looked_after", "care_leaver", "protection_plan"])
def test_a_word_that_describes_a_child_is_shown_only_where_it_is_common(column: str) -> None:
    assert meanings(COLUMNS[column], ["Zebedee's group"] * 4) == []
    assert [each.rows for each in meanings(COLUMNS[column], ["Near miss"] * 5)] == [5]


def test_in_a_column_of_dates_only_what_says_not_yet_is_a_word() -> None:
    texts = ["N/A", "N/A", "tbc", "Zebedee", "see file"]
    found = [(each.word, each.choice, each.sure, each.rows) for each in meanings(COLUMNS["panel_notified"], texts)]
    assert found == [("N/A", "", True, 2), ("tbc", "", True, 1)]
