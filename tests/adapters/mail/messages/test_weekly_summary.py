"""The summary as a message: safe whatever a cell says, readable by everybody, and the same in its parts."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from lxml import html as lxml_html

from scripts.adapters.mail.messages.facts import common_facts, source_of
from scripts.adapters.mail.messages.weekly_summary import SummaryMail, period_of, write_summary
from scripts.adapters.settings.config import CouncilSettings
from scripts.adapters.storage.store import Snapshot
from tests.builders import MONDAY, Cells, assess_rows
from tracker_schema.calendar.working_days import england_and_wales
from tracker_schema.incidents.guard import remembered
from tracker_schema.incidents.memory import Memory
from tracker_schema.mail.slt_meetings import meetings_around
from tracker_schema.mail.summary import summarise

DAYS = england_and_wales()
WORKBOOK = Path("/shared/Critical incidents.xlsx").absolute()
SNAPSHOT = Snapshot(b"", "0123456789abcdef" * 4, "Critical incidents.xlsx", str(WORKBOOK))
COUNCIL = CouncilSettings(name="Example Council")


def ago(days: int) -> dt.date:
    return MONDAY - dt.timedelta(days=days)


def incident(reference: str, **cells: Any) -> Cells:
    return {"reference": reference, "aware_date": ago(12), "form_received": ago(12), "outcome": "Death"} | cells


def mail_of(
    *incidents: Cells, council: CouncilSettings = COUNCIL, before: Memory | None = None, **sheets: Any
) -> SummaryMail:
    tracker = assess_rows(*incidents, before=before, **sheets)
    summary = summarise(tracker, meetings_around(MONDAY, "Tuesday", DAYS), ago(7), None)
    return write_summary(summary, DAYS, common_facts(council, SNAPSHOT, tracker))


def said_by(element: etree._Element) -> str:
    return "".join(map(str, element.itertext()))


@pytest.fixture(scope="module")
def busy() -> SummaryMail:
    """The summary of a tracker in which every part has something to say."""
    notified = {"decision": "Notify Panel", "decision_date": ago(60), "panel_notified": ago(60), "aware_date": ago(62)}
    local = {"review_decision": "Local review", "review_decided": ago(40), "review_completed": ago(39)}
    return mail_of(
        incident("CI-1"),
        incident("CI-2", aware_date=ago(5), form_received=ago(4), abuse_or_neglect="Suspected", looked_after="No"),
        incident("CI-3", **notified, rapid_review_completed=ago(50), **local),
        incident("CI-4", aware_date="tbc"),
        incident("CI-5", closed=ago(2), decision="Threshold not met", decision_date=ago(9)),
        scoping=[{"reference": "CI-3", "agency": "Example Police", "sent": ago(30)}],
        actions=[{"reference": "CI-1", "action": "Made up", "due": ago(3), "done": ""}],
    )


def test_the_subject_says_the_week_and_counts_and_names_no_case(busy: SummaryMail) -> None:
    expected = r"Example Council: Critical incidents, week of Monday 23 November 2026: \d+ overdue, \d+ due, \d+ new"
    assert re.fullmatch(expected, busy.subject)


@pytest.mark.parametrize(
    ("day", "week"), [("2026-11-23", "2026-W48"), ("2027-01-03", "2026-W53"), ("2027-01-04", "2027-W01")]
)
def test_the_week_that_a_summary_is_for(day: str, week: str) -> None:
    assert period_of(dt.date.fromisoformat(day)) == week


def test_both_parts_say_the_same_in_the_same_order(busy: SummaryMail) -> None:
    page = lxml_html.fromstring(busy.html)
    headings = [" ".join(said_by(each).split()) for each in page.findall(".//h2")]
    assert len(headings) >= 6
    lines = busy.text.splitlines()
    assert [line for line in lines if line in set(map(str.upper, headings))] == list(map(str.upper, headings))
    shown = said_by(page)
    for reference in ("CI-1", "CI-2", "CI-3", "CI-4"):
        assert shown.count(reference) == busy.text.count(reference) > 0, reference
    for sentence in page.findall(".//p")[1:4]:
        assert said_by(sentence) in " ".join(lines)


def test_where_there_is_nothing_the_summary_is_a_few_lines() -> None:
    empty = mail_of()
    for text in (empty.text, said_by(lxml_html.fromstring(empty.html))):
        said = " ".join(text.split())
        assert "Nothing is overdue. SLT is asked for nothing this week." in said
        assert "There are no open cases." in said
        assert "No incident is logged." in said
        assert len(said) < 700
    assert empty.pictures == ()
    assert "<img" not in empty.html
    headings = lxml_html.fromstring(empty.html).findall(".//h2")
    assert [said_by(each) for each in headings] == ["Not watched here"]  # the empty tracker has no sheet of returns


def test_three_sentences_say_what_is_overdue_what_cannot_be_told_and_what_slt_is_asked(busy: SummaryMail) -> None:
    said = " ".join(busy.text.split())
    assert "1 statutory step is overdue (CI-3); " in said
    assert "8 other steps, 1 scoping return and 1 agreed action are late." in said
    assert "Not every deadline can be told: a date or another entry is missing or cannot be read (CI-4), a fact" in said
    assert "SLT is asked to see to the overdue statutory steps, have missing facts and dates" in said


def test_the_last_line_is_short_and_the_versions_go_to_the_ledger(busy: SummaryMail) -> None:
    assert busy.text.splitlines()[-1] == "From Critical incidents.xlsx, as on 23/11/2026."
    assert "0123456789abcdef" not in busy.text + busy.html
    source = source_of(SNAPSHOT, assess_rows())
    assert re.fullmatch(
        rf"tracker version {SNAPSHOT.version}; bank holidays as known on [\d/]+; program version \d+\.\d+\.\d+", source
    )


def test_the_workbook_can_be_opened_from_the_summary(busy: SummaryMail) -> None:
    (link,) = lxml_html.fromstring(busy.html).iter("a")
    assert (link.get("href"), said_by(link)) == (WORKBOOK.as_uri(), "Open the workbook")
    assert f"The workbook: {WORKBOOK}" in busy.text


def test_what_is_gone_from_the_tracker_is_the_first_thing_said() -> None:
    before = remembered(assess_rows(incident("CI-1"), incident("CI-9")), "summary")
    found = mail_of(incident("CI-1"), before=before)
    first = lxml_html.fromstring(found.html).findall(".//p")[1]
    assert said_by(first).startswith("Rows about CI-9 are gone from the tracker")
    assert "In the last summary, not in the tracker any more: CI-9." in found.text


def test_what_a_cell_says_is_text_in_html() -> None:
    hostile = '<img src="https://elsewhere.example/x" onerror=alert(1)>'
    found = mail_of(
        incident(hostile),
        incident("{{ 7 * 7 }}{% raw %}"),
        scoping=[{"reference": "CI-1", "agency": "<script>alert(1)</script>", "sent": ago(30)}],
    )
    page = lxml_html.fromstring(found.html)
    assert not list(page.iter("img"))
    assert not list(page.iter("script"))
    assert "alert(1)" in said_by(page)
    assert "{{ 7 * 7 }}" in found.text
    assert "<script>alert(1)</script>" in found.text
    assert not re.search(r"https?:", found.html.replace("https://elsewhere.example", ""))


def test_a_council_with_a_name_of_markup_breaks_nothing() -> None:
    found = mail_of(council=CouncilSettings(marking="<b>A & B</b>", name='Example & "Council" <i>'))
    page = lxml_html.fromstring(found.html)
    assert not list(page.iter("b", "i"))
    assert 'Example & "Council" <i>' in said_by(page)
    assert "<b>A & B</b>" in said_by(page)


def test_every_picture_has_words_and_every_table_headings(busy: SummaryMail) -> None:
    page = lxml_html.fromstring(busy.html)
    images = list(page.iter("img"))
    assert (
        {image.get("src") for image in images}
        == {f"cid:{picture.name}" for picture in busy.pictures}
        == {"cid:timeline"}
    )
    alts = {f"cid:{picture.name}": picture.alt for picture in busy.pictures}
    assert all(image.get("alt") == alts[str(image.get("src"))] for image in images)
    (*tables,) = page.iter("table")
    assert len(tables) == 1
    for table in tables:
        headings = table.findall("thead/tr/th")
        assert headings
        assert all(heading.get("scope") == "col" for heading in headings)
        assert {len(row.findall("td")) + len(row.findall("th")) for row in table.iter("tr")} == {len(headings)}


def test_styles_stand_on_the_elements_and_the_page_needs_nothing_else(busy: SummaryMail) -> None:
    assert "<style" not in busy.html
    assert "<link" not in busy.html
    assert 'style="' in busy.html
    page = busy.page()
    assert "cid:" not in page
    assert page.count("data:image/png;base64,") == 1
    assert not re.search(r'src="(?!data:)', page)


def _luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_every_text_can_be_told_from_the_white_page(busy: SummaryMail) -> None:
    """WCAG 2 level AA: a contrast of at least 4.5 to 1."""
    colours = set(re.findall(r"(?<![-\w])color:\s*(#[0-9a-f]{6})", busy.html))
    assert len(colours) >= 3
    for colour in colours:
        assert 1.05 / (_luminance(colour) + 0.05) >= 4.5, colour
    assert set(re.findall(r"background:\s*([^;\"]+)", busy.html)) == {"#ffffff"}


def test_a_long_tracker_gives_a_short_mail_that_says_how_much_it_leaves_out() -> None:
    many = mail_of(*(incident(f"CI-{number}", aware_date=ago(12)) for number in range(1, 121)))
    assert len(many.html) < 100_000  # beyond which mail programs cut a message off
    assert re.search(r"And [\d,]+ more\.", many.text)
    assert "120 incidents of 120 are open" in " ".join(many.text.split())


def test_lines_of_the_text_part_are_short_enough_for_every_mail_program(busy: SummaryMail) -> None:
    assert max(map(len, busy.text.splitlines())) <= 100
    assert "\n\n\n\n" not in busy.text
    assert "None" not in busy.text
