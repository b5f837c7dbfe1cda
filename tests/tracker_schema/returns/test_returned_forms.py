"""What a completed form says, from its answers by tag."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.adapters.word.templates.form_fields import form_of
from tests.builders import MONDAY
from tracker_schema.documents.documents import AGENCY, FORM, REFERENCE, documents
from tracker_schema.incidents.incident import NEW_INCIDENT
from tracker_schema.returns.returned_answers import RepeatedRows, ReturnedAnswer, ReturnedAnswers, ReturnRefused
from tracker_schema.returns.returned_forms import ReturnedForm, gaps_in_words, read_form
from tracker_schema.returns.which_form import urgent_answers

CI, SCOPING = documents()["critical-incident-form"], documents()["initial-scoping"]


TAGS = {field.tag_of(child) for field in form_of(CI).fields for child in ((1, 2) if field.of_child else (None,))}


def answers(
    name: str, said: Mapping[str, str | ReturnedAnswer], *more: ReturnedAnswer, children: int = 1
) -> ReturnedAnswers:
    """Every field of the form, those of `said` filled in."""
    blank = {
        field.tag_of(child): ReturnedAnswer(field.tag_of(child), field.label, "")
        for field in form_of(documents()[name]).fields
        for child in (range(1, children + 1) if field.of_child else (None,))
    }
    given = {
        tag: text if isinstance(text, ReturnedAnswer) else ReturnedAnswer(tag, tag, text) for tag, text in said.items()
    }
    return ReturnedAnswers((ReturnedAnswer(f"{FORM}{name}", "Form", "x"), *{**blank, **given}.values(), *more))


def read(name: str, said: Mapping[str, str | ReturnedAnswer], *more: ReturnedAnswer, children: int = 1) -> ReturnedForm:
    return read_form(answers(name, said, *more, children=children), form_of, MONDAY)


def test_whose_form_it_is() -> None:
    form = read(SCOPING.name, {REFERENCE: " CI-2026-001 ", AGENCY: "Example  Police"})
    assert (form.reference, form.agency) == ("CI-2026-001", "Example Police")
    assert read(CI.name, {}).reference == ""


def test_nothing_filled_in_is_all_gaps() -> None:
    form = read(SCOPING.name, {})
    assert form.completeness == "0 of 6"
    assert gaps_in_words(form).startswith("6 answers missing: “Completed by”, “Date completed”,")
    assert form.values == {}


def test_what_goes_into_the_tracker_is_what_mirrors_it() -> None:
    form = read(
        CI.name,
        {"completed_by": "Made up", "incident_date": "Saturday 21 November 2026", "summary": "a\nb",
         "child_1_outcome": "Death", "team": " Duty \n team", "child_1_sex": "F", "other_children": "Made up",
         "view": "Notify Panel"},
    )  # fmt: skip
    assert form.values == {
        "incident_date": dt.date(2026, 11, 21),
        "outcome": "Death",
        "summary": "a\nb",
        "team": "Duty team",
        "sex": "F",
    }


def test_a_box_and_a_contact_are_no_entries() -> None:
    ticked = ReturnedAnswer("records_secured", "x", "", ticked=True)
    assert read(SCOPING.name, {"records_secured": ticked, "contact": "Made up"}).values == {}


@pytest.mark.parametrize("text", ["20/11/2026", "20 Nov 2026", "Friday 20 November 2026", "2026-11-20"])
def test_a_date_however_it_is_written(text: str) -> None:
    assert read(SCOPING.name, {"completed_on": text}).completed_on == dt.date(2026, 11, 20)


@pytest.mark.parametrize("text", ["20/11/26", "11/20/2026", "Monday 20 November 2026", "tbc", "1st week", "46349"])
def test_a_date_that_is_not_one(text: str) -> None:
    form = read(SCOPING.name, {"completed_on": text})
    assert (form.completed_on, form.unreadable) == (None, ())
    assert form.remarks == ("“Date completed” is not a date. Look at the form itself.",)


@given(st.dictionaries(st.sampled_from(sorted(TAGS)), st.text(max_size=20), max_size=8), st.integers(1, 4))
def test_whatever_is_filled_in_there_is_a_reading_or_a_sentence(said: dict[str, str], children: int) -> None:
    try:
        form = read(CI.name, said, children=children)
    except ReturnRefused as refusal:
        assert "more than one" in str(refusal)  # noqa: PT017
        return
    assert 0 <= form.answered <= form.required
    assert len(form.gaps) == form.required - form.answered
    assert not {"", None} & set(form.values.values())


def test_every_date_that_is_not_one_is_named() -> None:
    said = {"incident_date": "then", "aware_date": "x", "child_2_date_of_birth": "y"}
    assert read(CI.name, said, children=2).unreadable == (
        "Date of birth (child 2)", "Date of incident", "Date the council became aware",
    )  # fmt: skip


def test_a_date_that_nothing_hangs_on_is_only_told() -> None:
    form = read(SCOPING.name, {"approved_on": "next week"})
    assert form.remarks == ("“Date approved” is not a date. Look at the form itself.",)


def test_the_date_that_shows_counts() -> None:
    shows = ReturnedAnswer("completed_on", "x", "20/11/2026", picked=dt.date(2026, 11, 2))
    form = read(SCOPING.name, {"completed_on": shows})
    assert form.completed_on == dt.date(2026, 11, 20)
    assert form.remarks == (
        "“Date completed” shows one date, and Word stores another behind it. The one that shows was used.",
    )


def test_dates_in_the_wrong_order_and_ahead() -> None:
    said = {
        "completed_on": "01/12/2026",
        "incident_date": "05/12/2026",
        "aware_date": "20/11/2026",
        "child_1_date_of_birth": "06/12/2026",
    }
    assert read(CI.name, said).remarks == (
        "“Date completed” is in the future.",
        "“Date of birth” is in the future.",
        "“Date of incident” is in the future.",
        "“Date of incident” is before “Date of birth”.",
        "“Date the council became aware” is before “Date of incident”.",
        "The form says that it was completed before the incident.",
    )


def test_a_picture_in_an_answer() -> None:
    form = read(CI.name, {"risk": ReturnedAnswer("risk", "x", "", beside_text=True)})
    assert form.remarks == ("“Specific risk” also holds a picture or a note. Look at the form itself.",)
    assert "risk" not in form.values
    assert "Specific risk" not in form.gaps


def test_a_return_that_cannot_wait_says_so_first() -> None:
    for text in ("Yes", "yes, the other child"):
        assert urgent_answers(answers(SCOPING.name, {"action_needed": text}), "", form_of) == (
            "Read it now: to “Is anything needed at once to keep this or another child safe?” it answers “Yes”.",
        )
    assert urgent_answers(answers(SCOPING.name, {"action_needed": "It has been done"}), "", form_of) == ()


def test_a_form_for_a_new_incident_names_none() -> None:
    assert read(CI.name, {REFERENCE: NEW_INCIDENT}).reference == ""


def test_the_same_field_twice_is_read_where_it_is_filled_in() -> None:
    twice = ReturnedAnswer("learning", "x", "Made up")
    assert "What your agency has learned" not in read(SCOPING.name, {}, twice).gaps


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ((ReturnedAnswer(f"{FORM}{CI.name}", "x", "x"),), "is two forms in one"),
        ((ReturnedAnswer(REFERENCE, "x", "CI-2026-002"),), "names more than one reference"),
    ],
)
def test_a_form_that_says_two_things(more: tuple[ReturnedAnswer, ...], why: str) -> None:
    with pytest.raises(ReturnRefused, match=why):
        read(SCOPING.name, {REFERENCE: "CI-2026-001"}, *more)


def test_a_form_that_is_known_no_more() -> None:
    for tags in (["form:other"], ["learning", "completed_by"], []):
        with pytest.raises(ReturnRefused, match="lost its fields"):
            read_form(ReturnedAnswers(tuple(ReturnedAnswer(tag, tag, "x") for tag in tags)), form_of, MONDAY)
    with pytest.raises(ReturnRefused, match="lost its fields"):
        read_form(
            ReturnedAnswers((ReturnedAnswer(f"{FORM}{SCOPING.name}", "x", "x"), ReturnedAnswer("learning", "x", "x"))),
            form_of,
            MONDAY,
        )


def test_the_rows_of_a_repeated_part() -> None:
    (chronology, *_) = form_of(SCOPING).groups

    def row(event: str, response: str = "") -> tuple[ReturnedAnswer, ...]:
        return ReturnedAnswer("chronology_event", "x", event), ReturnedAnswer("chronology_response", "x", response)

    tags = {field.tag for field in chronology.fields}
    repeated = RepeatedRows("chronology", (row("a"), row(""), row("b", "c")))
    found = ReturnedAnswers((), (repeated,)).rows_of(chronology.tag, tags)
    assert [[answer.text for answer in each] for each in found] == [["a", ""], ["b", "c"]]
    # As Word 2010 leaves them: the fields, and no longer the rows around them.
    loose = ReturnedAnswers((*row("a"), *row(""), *row("b", "c"))).rows_of(chronology.tag, tags)
    assert [[answer.text for answer in each] for each in loose] == [["a", ""], ["b", "c"]]
