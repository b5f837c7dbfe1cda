"""The words of headings: one typing error in a word is corrected, and answers are taken as they are."""

from __future__ import annotations

import pytest

from tracker_schema.adoption.words import words_of, words_of_answer


@pytest.mark.parametrize("word", ["Rapid", "rapd", "raid", "rapidd", "repid", "rapdi", "arpid"])
def test_one_typing_error_in_a_word_of_a_heading_is_corrected(word: str) -> None:
    assert words_of(f"Date the {word} review was completed") == words_of("Rapid review completed")


@pytest.mark.parametrize("word", ["rpaidd", "vapidly", "rap"])
def test_a_word_with_more_differences_is_another_word(word: str) -> None:
    assert words_of(f"{word} review completed") != words_of("Rapid review completed")


def test_an_answer_is_not_corrected() -> None:
    assert words_of_answer("Locl review") != words_of_answer("Local review")
