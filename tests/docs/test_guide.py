"""docs/for-heads-of-service.md is true: its pictures, statuses, commands and messages are those of the program."""

from __future__ import annotations

import re

import pytest

from tests.docs.pictures import FOLDER, pictures
from tests.scripts.trackers import PROJECT
from tracker_schema.columns.schema import tracker_schema

GUIDE = (PROJECT / "docs" / "for-heads-of-service.md").read_text("utf-8")


@pytest.fixture(scope="module")
def drawn() -> dict[str, str]:
    """Return the pictures as they are drawn today."""
    return pictures()


def test_the_pictures_show_what_the_program_does(drawn: dict[str, str]) -> None:
    for name, picture in drawn.items():
        assert (FOLDER / name).read_text("utf-8") == picture, "draw them again: python -m tests.docs.pictures"
    assert {path.name for path in FOLDER.glob("*.svg")} == drawn.keys()


def test_every_picture_is_in_the_guide_with_a_description() -> None:
    shown = dict(re.findall(r"!\[([^\]]{20,})\]\(pictures/([\w.-]+)\)", GUIDE))
    assert set(shown.values()) == {path.name for path in FOLDER.glob("*.svg")}


def test_every_status_and_every_column_of_ours_is_explained() -> None:
    incidents = tracker_schema().sheets["incidents"]
    table = GUIDE.partition("## What each status means")[2].partition("##")[0]
    assert set(incidents.columns["status"].choices) <= set(re.findall(r"^\| ([A-Z][\w ]+) \|", table, re.MULTILINE))
    sheets = tracker_schema().sheet
    known = {sheet.heading for sheet in sheets} | {column.heading for sheet in sheets for column in sheet.column}
    assert set(re.findall(r"\*([A-Z][\w ]+)\*", GUIDE)) <= known


def test_every_command_is_a_job() -> None:
    for job in re.findall(r"python -m scripts\.(\w+)", GUIDE):
        assert (PROJECT / "scripts" / f"{job}.py").exists()


def test_every_message_is_one_of_the_program() -> None:
    said = "".join(path.read_text("utf-8") for path in (PROJECT / "tracker_schema").rglob("*.py"))
    for sentence in re.findall(r"^\| … ([^|]+?) \|", GUIDE, re.MULTILINE):
        for piece in sentence.split("…"):
            assert piece.strip(" ;.") in said, piece
