"""What a cell reads as, which problem it gives, and what may never be said of it."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tracker_schema.columns.choices import choice_words, parse_choice
from tracker_schema.columns.column_values import read_column
from tracker_schema.columns.dates import parse_date
from tracker_schema.columns.parsing import NO_RESULT, ErrorValue, Fault, Unreadable, parse_text
from tracker_schema.columns.schema import Column, tracker_schema

SYNONYMS = tracker_schema().synonyms
NOVEMBER_5 = dt.date(2026, 11, 5)
YES_NO = ["Yes", "No", "Not known"]


def fault_of(cell: Any, *, date_1904: bool = False) -> Fault:
    """What is wrong with a cell in which no date can be read."""
    with pytest.raises(Unreadable) as refused:
        parse_date(cell, date_1904=date_1904)
    return refused.value.fault


def choice_fault(cell: Any, choices: list[str]) -> Fault:
    with pytest.raises(Unreadable) as refused:
        parse_choice(cell, choice_words(choices, SYNONYMS))
    return refused.value.fault


# Dates


@pytest.mark.parametrize(
    "cell",
    [
        dt.date(2026, 11, 5),
        dt.datetime(2026, 11, 5),
        dt.datetime(2026, 11, 5, 23, 59, 59),
        "05/11/2026",
        "5/11/2026",
        "  05/11/2026 ",
        "05/11/2026\u00a0",  # a non-breaking space
        "\u00a0 05/11/2026\u2003",  # and a wide one
        "\u200b05/11/2026\ufeff",  # zero-width: pasted from a web page
        "\u200e05/\u200e11/\u200e2026",  # left-to-right marks: pasted from Windows
        "05/11/2026\n",
        "05-11-2026",
        "05.11.2026",
        "05 / 11 / 2026",
        "05/11/2026 14:30",
        "05/11/2026 00:00:00",
        "2026-11-05",
        "2026-11-05 14:30",
        "2026-11-05T14:30:00",
        "5 Nov 2026",
        "05 Nov 2026",
        "5 NOV 2026",
        "5-Nov-2026",
        "5\u00a0Nov\u00a02026",
        "5 November 2026",
        "5th November 2026",
        "5th of November, 2026",
        "Thu 5 Nov 2026",
        "Thursday, 5 November 2026",
    ],
)
def test_read_as_5_november_2026(cell: Any) -> None:
    assert parse_date(cell) == (NOVEMBER_5, None)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("11/05/2026", dt.date(2026, 5, 11)),  # never 5 November
        ("01/02/2026", dt.date(2026, 2, 1)),
        ("12/11/2026", dt.date(2026, 11, 12)),
        ("29/02/2028", dt.date(2028, 2, 29)),
        ("1 Sept 2026", dt.date(2026, 9, 1)),
        ("31 May 2027", dt.date(2027, 5, 31)),
    ],
)
def test_the_day_comes_before_the_month(text: str, date: dt.date) -> None:
    assert parse_date(text) == (date, None)


@pytest.mark.parametrize("cell", ["", " ", "\u00a0", "\u200b", "\n\t "])
def test_an_empty_cell_is_no_date_and_no_problem(cell: str) -> None:
    assert parse_date(cell) == (None, None)


@pytest.mark.parametrize(
    ("cell", "date_1904"), [(46331.0, False), ("46331", False), (46331.75, False), (44869.0, True), ("44869", True)]
)
def test_excels_number_for_a_date_is_read_and_its_format_is_to_be_mended(cell: Any, date_1904: bool) -> None:
    date, fault = parse_date(cell, date_1904=date_1904)
    assert date == NOVEMBER_5
    assert fault
    assert fault.code == "date-as-number"
    assert "05/11/2026" in fault.predicate
    assert fault.remedy == "Format the cell as a date."
    assert not fault.blocking


@pytest.mark.parametrize(
    ("cell", "gist"),
    [
        # Days that are not in the calendar
        ("31/02/2026", "is not a day of the calendar"),
        ("29/02/2027", "is not a day of the calendar"),
        ("31 Nov 2026", "is not a day of the calendar"),
        ("2026-02-30", "is not a day of the calendar"),
        ("0/11/2026", "is not a day of the calendar"),
        # American order, which is never tried
        ("11/25/2026", "the day comes first"),
        ("Nov 5 2026", "date"),
        ("November 5, 2026", "date"),
        ("2026/11/05", "date"),
        # Two figures for a year
        ("05/11/26", "year of two figures"),
        ("5 Nov 26", "year of two figures"),
        ("5-11-26", "year of two figures"),
        # Years that nobody can have meant
        ("05/11/0026", "cannot be right"),
        ("05/11/2206", "cannot be right"),
        (dt.date(1899, 12, 31), "cannot be right"),
        # Not the day of the week that is said
        ("Friday 5 November 2026", "is a Thursday"),
        # Half dates and other texts
        ("Nov 2026", "date"),
        ("5 Nov", "date"),
        ("2026", "date"),
        ("05/11", "date"),
        ("05/11/2026 and 06/11/2026", "date"),
        ("05/11-2026", "date"),
        ("by the 5th", "date"),
        ("last Friday", "is not a date"),
        ("tbc", "Leave the cell empty"),
        ("N/A", "Leave the cell empty"),
        ("-", "is not a date"),
        # Numbers that Excel would not keep for a date of our time
        (5.0, "a number that is not a date"),
        (0.0, "a number that is not a date"),
        (-46331.0, "a number that is not a date"),
        (20261105.0, "a number that is not a date"),
        ("20261105", "date"),
        (2026.0, "a number that is not a date"),
        (float("nan"), "a number that is not a date"),
        (float("inf"), "a number that is not a date"),
        # Other things that Excel keeps
        (True, "does not hold a date"),
        (False, "does not hold a date"),
        (dt.time(9, 30), "a time of day without a date"),
        (dt.timedelta(hours=30), "does not hold a date"),
    ],
)
def test_no_date_is_guessed(cell: Any, gist: str) -> None:
    fault = fault_of(cell)
    assert fault.code == "unreadable-date"
    assert fault.blocking
    assert re.search(gist, f"{fault.predicate}. {fault.remedy}")
    assert "05/11/2026" in fault.remedy or "Leave the cell empty" in fault.remedy, "no remedy"


@pytest.mark.parametrize("text", ["31/02/2026", "11/25/2026", "5/11/26", "31 Nov 2026", "Friday 5 November 2026"])
def test_a_failed_date_is_quoted_but_never_where_the_column_is_personal(text: str) -> None:
    fault = fault_of(text)
    assert f"“{text}”" in fault.predicate
    assert text not in fault.unquoted
    assert not re.search(r"\d", fault.unquoted.replace("05/11/2026", ""))


# The accepted forms, and nothing else

_FORMS: Mapping[str, Callable[[dt.date], Any]] = {
    "figures": lambda date: f"{date:%d/%m/}{date.year}",
    "short figures": lambda date: f"{date.day}/{date.month}/{date.year}",
    "ISO": lambda date: date.isoformat(),
    "ISO with a time": lambda date: f"{date.isoformat()}T00:00:00",
    "words": lambda date: f"{date.day} {date:%b} {date.year}",
    "long words": lambda date: f"{date.day} {date:%B} {date.year}",
    "a date": lambda date: date,
    "a moment": lambda date: dt.datetime.combine(date, dt.time(17, 5)),
}
any_date = st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31))
spaces = st.text("\u00a0 \u200b\t\n\ufeff", max_size=3)


@pytest.mark.parametrize("form", _FORMS)
@given(date=any_date, before=spaces, after=spaces)
def test_a_date_in_any_accepted_form_reads_back_as_itself(form: str, date: dt.date, before: str, after: str) -> None:
    cell = _FORMS[form](date)
    assert parse_date(f"{before}{cell}{after}" if isinstance(cell, str) else cell) == (date, None)


@given(st.dates(dt.date(1950, 1, 1), dt.date(2099, 12, 31)), st.booleans(), st.booleans())
def test_a_date_as_a_number_reads_back_as_itself(date: dt.date, date_1904: bool, as_text: bool) -> None:
    number = (date - (dt.date(1904, 1, 1) if date_1904 else dt.date(1899, 12, 30))).days
    read, fault = parse_date(str(number) if as_text else float(number), date_1904=date_1904)
    assert read == date
    assert fault
    assert fault.code == "date-as-number"


_TIME = r"(?:[t\s,]+(?:[01]?\d|2[0-3])[:.][0-5]\d(?:[:.][0-5]\d(?:\.\d+)?)?\s*(?:am|pm)?)?"


def says_the_date(text: str, date: dt.date) -> bool:
    """Whether `text` is one of the ways in which that one date may be written."""
    words = " ".join(re.sub("[\u200b-\u200f\u2060\ufeff\u00ad]", "", text).split()).casefold()
    month, weekday = f"{date:%B}".casefold(), f"{date:%A}".casefold()
    months = f"{month}|{month[:3]}" + ("|sept" if date.month == 9 else "")
    weekdays = rf"(?:(?:{weekday}|{weekday[:4]}s?|{weekday[:3]}s?)[,.]?\s)?"
    ways = (
        rf"0?{date.day}\s?([/.-])\s?0?{date.month}\s?\1\s?{date.year}{_TIME}",
        rf"{date.isoformat()}{_TIME}z?",
        rf"{weekdays}0?{date.day}(?:st|nd|rd|th)?[\s-]+(?:of )?(?:{months})[.,]?[\s-]+{date.year}{_TIME}",
        rf"{(date - dt.date(1899, 12, 30)).days}(?:\.0*)?",
    )
    return any(re.fullmatch(way, words) for way in ways)


_BITS = (
    *("5", "05", "11", "31", "2026", "26", "0", "46331", "1", "Nov", "November", "May", "feb", "Thu", "Sunday"),
    *("/", "-", ".", " ", " ", ",", "st", "th", "of", "T", "10:30", "at", "Robin", "\u00a0", "\u200b", "?", "~", "c."),
)
near_dates = st.lists(st.sampled_from(_BITS), max_size=9).map("".join)
around_a_date = st.builds(
    lambda before, form, date, after: f"{before}{_FORMS[form](date)}{after}",
    st.sampled_from(["", "c. ", "Robin ", "by ", "1", "0", "-", "Monday ", "not "]),
    st.sampled_from(sorted(set(_FORMS) - {"a date", "a moment"})),
    any_date,
    st.sampled_from(["", "?", " or 6", "0", " (Robin)", " 9:30", " 9.30am", " BST", "+01:00", " BC"]),
)


@given(st.text() | near_dates | around_a_date)
@example("5 Nov 2026 or 6 Nov 2026")
@example("Marching 5 2026")
@example("5 Mayor 2026")
def test_other_text_is_never_a_date_and_never_any_other_exception(text: str) -> None:
    with contextlib.suppress(Unreadable):
        date, _ = parse_date(text)
        assert date is None or says_the_date(text, date)


# Choices


@pytest.mark.parametrize(
    ("cells", "choice"),
    [
        (["Yes", "yes", "YES", " yes ", "Y", "y", "y\u00a0", "Yes\u200b", True, "y e s"], "Yes"),
        (["No", "no", "NO", "N", "n", " n ", "\u00a0No", False], "No"),
        (["Not known", "NOT KNOWN", "not  known", "Not\u00a0known", "Notknown", "not-known", "unknown"], "Not known"),
        (["", " ", "\u00a0", "\u200b"], None),
    ],
)
def test_yes_and_no_in_any_case_and_spacing(cells: list[Any], choice: str | None) -> None:
    for cell in cells:
        assert parse_choice(cell, choice_words(YES_NO, SYNONYMS)) == (choice, None), repr(cell)


def _every_choice() -> Mapping[str, Column]:
    sheets = tracker_schema().sheet
    return {f"{sheet.id}.{column.id}": column for sheet in sheets for column in sheet.column if column.choices}


@pytest.mark.parametrize("column", _every_choice().values(), ids=_every_choice())
def test_every_choice_reads_as_itself_however_it_is_typed(column: Column) -> None:
    known = choice_words(column.choices, SYNONYMS)
    for choice in column.choices:
        for typed in (choice, choice.upper(), choice.lower(), f" {choice} ", choice.replace(" ", "\u00a0")):
            assert parse_choice(typed, known) == (choice, None)


@pytest.mark.parametrize(
    ("typed", "choices", "meant"),
    [
        ("Suspcted", ["Known", "Suspected", "No", "Not known"], "Suspected"),
        ("knwon", ["Known", "Suspected", "No", "Not known"], "Known"),
        ("Notify the Pannel", ["Notify Panel", "Refer to DSPP only", "Threshold not met"], "Notify Panel"),
        ("Treshold not met", ["Notify Panel", "Refer to DSPP only", "Threshold not met"], "Threshold not met"),
        ("Deth", ["Death", "Serious harm", "Other"], "Death"),
    ],
)
def test_a_slip_in_a_choice_is_refused_with_the_one_that_was_meant(typed: str, choices: list[str], meant: str) -> None:
    fault = choice_fault(typed, choices)
    assert (fault.code, fault.blocking) == ("not-a-choice", True)
    assert fault.remedy == f"Did you mean “{meant}”?"


@pytest.mark.parametrize("typed", ["see file", "Yes/No", "maybe", "1", 1.0, 46331.0, dt.date(2026, 11, 5), "ja", "?"])
def test_what_is_not_on_the_list_is_refused_with_the_list(typed: Any) -> None:
    fault = choice_fault(typed, YES_NO)
    assert (fault.code, fault.blocking) == ("not-a-choice", True)
    assert all(choice in fault.remedy for choice in YES_NO)


# Cells without a value


@pytest.mark.parametrize("error", ["#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?"])
def test_an_excel_error_is_said_as_such_in_any_column(error: str) -> None:
    for fault in (fault_of(ErrorValue(error)), choice_fault(ErrorValue(error), YES_NO)):
        assert (fault.code, fault.blocking) == ("excel-error", True)
        assert f"the Excel error {error}" in fault.predicate
        assert "Correct the formula" in fault.remedy


def test_a_formula_without_a_stored_result_is_said_as_such_in_any_column() -> None:
    for fault in (fault_of(NO_RESULT), choice_fault(NO_RESULT, YES_NO)):
        assert (fault.code, fault.blocking) == ("formula-without-result", True)
        assert "Open the tracker in Excel and save it" in fault.remedy


# Text


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("CI-2026-001", "CI-2026-001"),
        ("  CI-2026-001\u00a0", "CI-2026-001"),
        ("CI\u00a02026\n001", "CI 2026 001"),
        ("CI-\u200b2026-001", "CI-2026-001"),
        (17.0, "17"),
        (17.5, "17.5"),
        (dt.date(2026, 11, 5), "05/11/2026"),
        ("", None),
        (" \u00a0\u200b", None),
    ],
)
def test_text_is_cleaned(cell: Any, text: str | None) -> None:
    assert parse_text(cell) == (text, None)


# A column at a time


def test_a_column_knows_what_is_filled_and_what_cannot_be_read() -> None:
    cells = ["05/11/2026", "", "soon", 46331.0, ErrorValue("#N/A"), " "]
    parsed = read_column(tracker_schema().sheets["incidents"].columns["aware_date"], cells, SYNONYMS, date_1904=False)
    assert parsed.values == [NOVEMBER_5, None, None, NOVEMBER_5, None, None]
    assert {position: (fault.code, fault.blocking) for position, fault in parsed.faults.items()} == {
        2: ("unreadable-date", True),
        3: ("date-as-number", False),
        4: ("excel-error", True),
    }


def test_an_empty_column_has_no_values_and_no_faults() -> None:
    columns = tracker_schema().sheets["incidents"].columns
    for cells in ([], ["", "", ""], ["", " ", ""]):
        for column in columns.values():
            parsed = read_column(column, cells, SYNONYMS, date_1904=False)
            assert (parsed.values, parsed.faults) == ([None] * len(cells), {})


def test_a_column_of_noughts_and_falsehoods_is_not_empty() -> None:
    disability = tracker_schema().sheets["incidents"].columns["disability"]
    parsed = read_column(disability, ["", False, 0.0], SYNONYMS, date_1904=False)
    assert parsed.values == [None, "No", None]
    assert list(parsed.faults) == [2]


def test_cells_that_python_takes_for_equal_are_read_each_as_what_it_is() -> None:
    disability = tracker_schema().sheets["incidents"].columns["disability"]
    parsed = read_column(disability, [True, 1.0, "1", True, False, 0.0], SYNONYMS, date_1904=False)
    assert parsed.values == ["Yes", None, None, "Yes", "No", None]


# Privacy: what may be said of a cell

PLANTED = [
    "Robin Example",
    "R. Example",
    "943 476 5919",  # a number such as the health service gives
    "943-476-5919",
    "9434765919",
    "0121 496 0000",
    "robin@nowhere.invalid",
    "DEMO-0017",
    "Robin Example 31/02/2026",
    "31/02/2026 (Robin)",
    "born 12/13/2019, see Robin",
    "Robin, 5 Nov 26",
]


@pytest.mark.parametrize("planted", PLANTED)
def test_what_may_say_something_of_a_person_is_never_quoted(planted: str) -> None:
    for fault in (fault_of(planted), choice_fault(planted, YES_NO)):
        for word in re.findall(r"[^\W\d_]{2,}|\d{3,}", planted):
            assert word not in fault.predicate.replace("05/11/2026", "")
            assert word not in fault.unquoted.replace("05/11/2026", "")


@given(
    st.sampled_from(["Robin", "Ümit", "Mayra", "Augusta", "Sunil", "Novak", "Q"]),
    st.sampled_from(["{} 31/02/2026", "31/02/2026 {}", "31{}/02/2026", "{}, 5/11/26", "5 {} 2026", "{}"]),
)
def test_a_name_beside_a_failed_date_is_never_quoted(name: str, pattern: str) -> None:
    fault = fault_of(pattern.format(name))
    assert name not in fault.predicate
    assert name not in fault.unquoted


@given(st.from_regex(r"\A[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}\Z"))
def test_the_figures_of_a_health_service_number_are_never_quoted(number: str) -> None:
    fault = fault_of(number)
    assert number not in fault.predicate
    assert number not in fault.unquoted


@pytest.mark.parametrize(
    "text",
    [
        "Wedding 4 Nov 2026",
        "Thumb 5 Nov 2026",
        "Frieda 6 Nov 2026",
        "05/11/2026 99:99",
        "5 Nov 2026, 25.61",
        "2٥/11/2026",
        "5/11/2026 10:30:99",
    ],
)
def test_what_only_looks_like_a_date_is_none(text: str) -> None:
    with pytest.raises(Unreadable):
        parse_date(text)


@pytest.mark.parametrize("text", ["No?", "não", "y?", "Nø"])
def test_what_only_looks_like_an_answer_is_none(text: str) -> None:
    known = choice_words(["Known", "Suspected", "No", "Not known", "Yes"], SYNONYMS)
    with pytest.raises(Unreadable):
        parse_choice(text, known)


def test_a_moment_that_names_a_time_zone_is_refused_for_it_can_be_another_day_here() -> None:
    with pytest.raises(Unreadable):
        parse_date("2026-06-30T23:30:00Z")


@pytest.mark.parametrize("text", ["943 476", "123 4567", "12 345 678", "June 943 476", "April May 1234", "May 020 794"])
def test_figures_and_names_that_are_no_failed_date_are_not_quoted(text: str) -> None:
    with pytest.raises(Unreadable) as refused:
        parse_date(text)
    assert text not in refused.value.fault.predicate


def test_own_words_go_before_the_synonyms_and_never_before_a_choice() -> None:
    outcome = tracker_schema().sheets["incidents"].columns["outcome"]
    own = {"SI": "Serious harm", "Fatal": "Other", "Death": "Other", "With police": ""}
    cells = ["si", "FATAL", "Death", "with  police", "SII"]
    parsed = read_column(outcome, cells, SYNONYMS, own, date_1904=False)
    assert parsed.values == ["Serious harm", "Other", "Death", None, None]
    assert list(parsed.faults) == [4]
    assert read_column(outcome, ["S.II"], {}, own, date_1904=False).faults[0].remedy == "Did you mean “Serious harm”?"


def test_own_words_in_a_date_column_count_as_empty() -> None:
    aware = tracker_schema().sheets["incidents"].columns["aware_date"]
    parsed = read_column(aware, ["N / A", "n/a", "tbc", dt.date(2026, 11, 18), 3.0], {}, {"N/A": ""}, date_1904=False)
    assert parsed.values == [None, None, None, dt.date(2026, 11, 18), None]
    assert list(parsed.faults) == [2, 4]


@pytest.mark.parametrize("text", ["yes - 20/3", "29/10/2026 - chased ack", "5th November by phone", "2026-11-05 done"])
def test_a_date_with_words_is_said_to_be_one(text: str) -> None:
    with pytest.raises(Unreadable) as raised:
        parse_date(text)
    assert raised.value.fault.predicate == "holds a date and other words"
    assert raised.value.fault.remedy.startswith("To keep both, leave only the date here, with its year")
