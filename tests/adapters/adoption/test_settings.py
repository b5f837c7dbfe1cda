"""The settings as text, and in place of those of an existing config.toml."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.adapters.adoption.settings_file import clocks_text, write_settings
from tracker_schema.adoption.settings import Line, Settings, merged
from tracker_schema.errors import UsageError

SETTINGS = Settings(
    "one row per notification",
    [Line("incidents", ["2025", "2026"])],
    {"incidents": [Line("reference", "Ref", "known"), Line("outcome", False), Line("team", 'The "A" team')]},
    {"outcome": [Line("SI", "Serious harm"), Line("Near miss", "…", "open", "4 rows; which choice is meant?")]},
)
TODAY = dt.date(2026, 11, 23)
EXAMPLE = Path(__file__).parents[3] / "config.example.toml"


def test_the_text_is_toml_and_says_what_is_set_only() -> None:
    assert tomllib.loads(SETTINGS.text()) == {
        "layout": {"kind": "one row per notification"},
        "sheets": {"incidents": ["2025", "2026"]},
        "columns": {"incidents": {"outcome": False, "team": 'The "A" team'}},
        "choices": {"outcome": {"SI": "Serious harm"}},
    }
    assert '#reference = "Ref"' in SETTINGS.text().splitlines()
    assert '#"Near miss" = "…"  # 4 rows; which choice is meant?' in SETTINGS.text().splitlines()


@given(st.text(), st.text(st.characters(exclude_categories=["Cs"])))
def test_any_heading_and_any_word_comes_back(heading: str, word: str) -> None:
    heading = heading.encode("utf-8", "ignore").decode()
    settings = Settings(
        "one row per incident", [], {"incidents": [Line("team", heading)]}, {"outcome": [Line(word, "Death")]}
    )
    said = tomllib.loads(settings.text())
    assert said["columns"]["incidents"]["team"] == heading
    assert said["choices"]["outcome"] == {word: "Death"}


def test_all_other_sections_of_the_example_stay_as_they_are() -> None:
    text = EXAMPLE.read_text("utf-8")
    before, after = tomllib.loads(text), tomllib.loads(merged(text, SETTINGS.text()))
    ours = ("layout", "sheets", "columns", "choices")
    assert {k: v for k, v in after.items() if k not in ours} == {k: v for k, v in before.items() if k not in ours}
    assert {k: v for k, v in after.items() if k in ours} == tomllib.loads(SETTINGS.text())


def test_merging_twice_changes_nothing_more() -> None:
    once = merged(EXAMPLE.read_text("utf-8"), SETTINGS.text())
    assert merged(once, SETTINGS.text()).split() == once.split()


def test_comments_above_another_section_stay_with_it() -> None:
    text = "[sheets]\nincidents = 'Log'\n\n# About the clocks.\n[clocks]\nwarn_working_days = 3\n"
    assert "# About the clocks.\n[clocks]\nwarn_working_days = 3\n" in merged(text, SETTINGS.text())


def test_settings_outside_of_sections_are_refused_with_the_remedy(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("columns.incidents.team = 'Team'\n", "utf-8")
    with pytest.raises(UsageError, match="Put them below such headings"):
        write_settings(config, SETTINGS, None, clocks_text(None, TODAY, ()), dry_run=False)
    assert [path.name for path in tmp_path.iterdir()] == ["config.toml"]


def test_the_path_of_the_workbook_can_hold_any_character(tmp_path: Path) -> None:
    for name in ("It's ours.xlsx", "Log 2026.xlsx", 'Q "1".xlsx'):
        config = tmp_path / f"{name}.toml"
        write_settings(config, SETTINGS, tmp_path / name, clocks_text(None, TODAY, ()), dry_run=False)
        text = config.read_text("utf-8")
        assert tomllib.loads(text)["tracker"]["file"] == name
        assert tomllib.loads(text.replace("#start_from", "start_from"))["clocks"] == {"start_from": TODAY}
