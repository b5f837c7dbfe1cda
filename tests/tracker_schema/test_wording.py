"""Suggestions, and text that is safe to print."""

from __future__ import annotations

import pytest

from tracker_schema.wording import did_you_mean, nearest, printable

AGENCIES = ("Police", "Health trust", "Housing service")


@pytest.mark.parametrize(
    ("word", "near"),
    [("police", "Police"), ("Health  Trust", "Health trust"), ("Polise", "Police"), ("zzz", None), ("", None)],
)
def test_the_nearest_word(word: str, near: str | None) -> None:
    assert nearest(word, AGENCIES) == near
    assert did_you_mean(word, AGENCIES) == (f"Did you mean “{near}”?" if near else "")


def test_how_near_a_word_must_be() -> None:
    assert nearest("Housing", AGENCIES, likeness=0.6) == "Housing service"
    assert nearest("Housing", AGENCIES, likeness=0.8) is None


def test_text_on_one_line() -> None:
    assert printable("“Zoë” – 1½") == "“Zoë” – 1½"
    assert printable("a\tb\x1b[2Jc\u2028d") == "a b [2Jc d"
