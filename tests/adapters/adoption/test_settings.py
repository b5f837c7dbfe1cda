"""The settings as text, and in place of those of an existing config.toml."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
import tomlkit
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.adapters.adoption.settings_file import write_settings
from scripts.adapters.adoption.trial import read_pages
from tests.adapters.adoption.council_logs import LOGS
from tracker_schema.adoption.choices import Meaning
from tracker_schema.adoption.proposal import propose
from tracker_schema.adoption.question import Answers
from tracker_schema.adoption.settings import put_in

TODAY = dt.date(2026, 11, 23)
EXAMPLE = Path(__file__).parents[3] / "config.example.toml"
HEADINGS = {"incidents": {"reference": "Reference", "outcome": "", "team": 'The "A" team'}}


@cache
def answers() -> Answers:
    """Return answers about one of the logs: a word that is sure, one that is not, and all other questions."""
    found = propose(read_pages(LOGS["sheet_per_year"]().saved(), "log"), "log")
    meanings = [
        Meaning("outcome", "SI", "Serious harm", sure=True, rows=2),
        Meaning("outcome", "Near miss", None, sure=False, rows=4),
    ]
    return Answers(found, meanings, "Done?", ["Y"], dt.date(2026, 11, 2), frozenset({"publish_local_review"}), True)


def put(text: str, given: Answers, headings: dict[str, dict[str, str]]) -> str:
    document = tomlkit.parse(text)
    put_in(document, given, headings)
    return tomlkit.dumps(document)


def test_the_text_is_toml_and_says_what_is_set_only() -> None:
    text = put("", answers(), HEADINGS)
    assert tomllib.loads(text) == {
        "sheets": {"incidents": "20*"},
        "columns": {"incidents": {"outcome": False, "team": 'The "A" team'}},
        "choices": {"outcome": {"SI": "Serious harm"}},
        "closed": {"column": "Done?", "words": ["Y"]},
        "tracker": {"status_colours": True},
        "clocks": {"start_from": dt.date(2026, 11, 2), "publish_local_review": {"on": False}},
    }
    assert '#"Near miss" = "…"  # 4 rows; which choice is meant?' in text.splitlines()


@settings(max_examples=30, deadline=None)
@given(st.text(), st.text(st.characters(exclude_categories=["Cs"])))
def test_any_heading_and_any_word_comes_back(heading: str, word: str) -> None:
    heading = heading.encode("utf-8", "ignore").decode()
    meant = [Meaning("outcome", word, "Death", sure=True, rows=1)]
    said = tomllib.loads(put("", replace(answers(), meanings=meant), {"incidents": {"team": heading or "T"}}))
    assert said["choices"]["outcome"] == {word: "Death"}
    assert said["columns"]["incidents"].get("team", heading) == (heading or "T")


def test_all_other_sections_stay_and_twice_changes_nothing_more() -> None:
    text = EXAMPLE.read_text("utf-8")
    once = put(text, answers(), HEADINGS)
    before, after = tomllib.loads(text), tomllib.loads(once)
    ours = ("sheets", "columns", "choices", "closed", "tracker", "clocks")
    assert {k: v for k, v in after.items() if k not in ours} == {k: v for k, v in before.items() if k not in ours}
    assert after["tracker"] == before["tracker"] | {"status_colours": True}
    assert put(once, answers(), HEADINGS) == once


def test_the_path_of_the_workbook_can_hold_any_character(tmp_path: Path) -> None:
    given = replace(answers(), start_from=None)
    for number, name in enumerate(("It's ours.xlsx", "Log 2026.xlsx", 'Q "1".xlsx')):
        config = tmp_path / f"{number}.toml"
        write_settings(config, given, HEADINGS, tmp_path / name, TODAY, dry_run=False)
        text = config.read_text("utf-8")
        assert tomllib.loads(text)["tracker"]["file"] == name
        assert tomllib.loads(text.replace("#start_from", "start_from"))["clocks"]["start_from"] == TODAY


@pytest.mark.parametrize("existing", ["[tracker]\nstatus_colours = true\n", "[clocks]\nstart_from = 2026-01-01\n"])
def test_what_a_person_no_longer_wants_is_taken_out(existing: str) -> None:
    given = replace(answers(), start_from=None, with_colours=False)
    said = tomllib.loads(put(existing, given, HEADINGS))
    assert "start_from" not in said["clocks"]
    assert not said.get("tracker", {}).get("status_colours")
