"""The questions of the set-up, answered by a person or by a file, and the settings that come of it."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scripts.adapters.settings.set_up import asking
from scripts.adapters.settings.set_up.draft import Draft
from scripts.adapters.settings.set_up.questions import OF_THE_SETTINGS, OF_THE_WORKBOOK, QUESTIONS
from tracker_schema.errors import UsageError

LINK = "https://example.sharepoint.com/:x:/s/safeguarding/EaBcDeFg"


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    path = tmp_path / "Ann's log (new).xlsx"
    path.write_bytes(b"")
    return path


def person(*lines: str) -> Callable[[str], str]:
    """Return a person who types those lines, one for each question."""
    typed = iter(lines)
    return lambda _: next(typed)


def settings(draft: Draft) -> dict[str, Any]:
    draft.save()
    return tomllib.loads(draft.file.read_text("utf-8"))


def test_a_person_answers_goes_back_and_corrects(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    draft = Draft(tmp_path / "config.toml")
    asking.ask_all(
        OF_THE_SETTINGS,
        draft,
        person(
            *("Exmaple Council", "back", "Example Council", "1/11/2026"),
            *("head@council.example", "slt@council.example; dcs@council.example", "", "-", "not an address", ""),
            *("d", str(tmp_path / "Drafts"), "5", "", "y", ""),
        ),
    )
    assert "This must be one e-mail address" in capsys.readouterr().out
    found = settings(draft)
    assert found["council"] == {"name": "Example Council"}
    assert str(found["clocks"]["start_from"]) == "2026-11-01"
    assert found["recipients"] == {
        "hos_safeguarding": ["head@council.example"],
        "slt": ["slt@council.example", "dcs@council.example"],
    }
    assert found["mail"] == {
        "transport": "drafts",
        "drafts_folder": str(tmp_path / "Drafts"),
        "allowed_domains": ["council.example"],
    }
    assert found["slt"] == {"meets": "Friday"}


@pytest.mark.parametrize("typed", ['"{}"', "'{}'", "{}", "file:///{}"])
def test_a_workbook_is_dropped_or_pasted(typed: str, workbook: Path, tmp_path: Path) -> None:
    draft = Draft(tmp_path / "config.toml")
    asking.answer(OF_THE_WORKBOOK[0], typed.format(workbook), draft)
    assert settings(draft)["tracker"] == {"file": str(workbook)}


def test_a_link_takes_the_place_of_a_file_and_asks_for_the_sign_in(workbook: Path, tmp_path: Path) -> None:
    draft = Draft(tmp_path / "config.toml")
    asking.ask_all(OF_THE_WORKBOOK, draft, person(str(workbook)))
    ids = ("00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000002")
    asking.ask_all(OF_THE_WORKBOOK, draft, person(LINK, *ids, ""))
    found = settings(draft)
    assert found["sharepoint"] == {"link": LINK}
    assert found["sign_in"] == {"tenant": ids[0], "client_id": ids[1], "method": "device"}
    assert found["tracker"] == {}


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("workbook", "nowhere.xlsx", "There is no file nowhere.xlsx."),
        ("workbook", "", "This needs an answer."),
        ("start_from", "soon", "That is no date. Type it as 01/12/2026."),
        ("mail", "pigeon", "That is none of drafts, graph, smtp."),
        ("summary_to", "ann at council", "This"),
        ("slt_meets", "Sunday", "That is none of Monday"),
    ],
)
def test_a_wrong_answer_gets_a_sentence(name: str, typed: str, sentence: str, tmp_path: Path) -> None:
    question = next(each for each in QUESTIONS if each.name == name)
    with pytest.raises(UsageError) as error:
        asking.answer(question, typed, Draft(tmp_path / "config.toml"))
    assert str(error.value).startswith(sentence)


def test_settings_that_are_there_keep_their_comments_and_whatever_is_not_answered_anew(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    before = (
        '# Ours\n[slt]\nmeets = "Monday" # since May\n\n[clocks.rapid_review]\nwarn_working_days = 4\n\n'
        '[recipients]\nslt = ["slt@council.example"]\n\n[mail]\nallowed_domains = ["council.example"]\n'
    )
    config.write_text(before, "utf-8")
    draft = Draft(config)
    asking.ask_all(OF_THE_SETTINGS, draft, person("", "01/11/2026", *[""] * 6, str(tmp_path), *[""] * 4))
    kept = draft.finish()
    assert kept is not None
    assert kept.read_text("utf-8") == before
    text = config.read_text("utf-8")
    assert '# Ours\n[slt]\nmeets = "Monday" # since May\n' in text
    found = tomllib.loads(text)
    assert found["clocks"]["rapid_review"] == {"warn_working_days": 4}
    assert str(found["clocks"]["start_from"]) == "2026-11-01"
    assert found["recipients"] == {"slt": ["slt@council.example"]}
    assert not draft.file.exists()


def test_a_set_up_that_was_left_is_gone_on_with(tmp_path: Path) -> None:
    draft = Draft(tmp_path / "config.toml")
    with pytest.raises(StopIteration):
        asking.ask_all(OF_THE_SETTINGS, draft, person("Example Council", "01/11/2026"))
    assert Draft(tmp_path / "config.toml").get(("council", "name")) == "Example Council"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('sumary_to = "slt@council.example"', "sumary_to is no answer of the set-up. Did you mean “summary_to”?"),
        ('workbook = "none.xlsx"', "workbook: There is no file none.xlsx."),
        ('council = "Example Council"', "workbook: This needs an answer."),
        ('workbook = "{}"\nstart_from = "soon"', "start_from: That is no date."),
        ('workbook = "{}"\nrun = "yes"', "run must be true or false."),
    ],
)
def test_a_file_of_answers_is_told_its_mistake(text: str, sentence: str, workbook: Path, tmp_path: Path) -> None:
    file = tmp_path / "answers.toml"
    file.write_text(text.format(workbook.as_posix()), "utf-8")
    with pytest.raises(UsageError) as error:
        asking.answer_from(file, Draft(tmp_path / "config.toml"))
    assert f"{file}: {sentence}" in str(error.value)
