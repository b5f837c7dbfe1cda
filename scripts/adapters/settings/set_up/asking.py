"""The questions are answered: one by one by a person, with a way back, or all at once by a file of answers."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from scripts.adapters.settings.set_up.draft import Draft
from scripts.adapters.settings.set_up.questions import NOTHING, QUESTIONS, Question
from scripts.adapters.settings.toml_file import parse, read_text
from tracker_schema.errors import UsageError
from tracker_schema.wording import did_you_mean

BACK = "back"
HELP = f"Press Enter to take what is in [brackets]. Type {BACK} for the question before, {NOTHING} for no answer."

Reader = Callable[[str], str]
"""Shows a question and returns the line that a person types."""


def read_line(question: str) -> str:
    """Print a question, and return the answer. Raises UsageError when nobody is there to answer."""
    print(question, end=" ", flush=True)
    line = sys.stdin.readline()
    if not line:
        raise UsageError("The set-up was left before its end.", "Run it again; it goes on with the answers so far.")
    return line.strip()


def answers_of(draft: Draft) -> dict[str, Any]:
    """Return the answers that the settings hold, by the name of the question."""
    found = {question.name: draft.answer_to(question) for question in QUESTIONS}
    return {name: value for name, value in found.items() if value is not None}


def ask_all(questions: Sequence[Question], draft: Draft, read: Reader = read_line) -> None:
    """Ask each question that applies, and keep every answer in the draft at once."""
    asked: list[int] = []
    position = 0
    while position < len(questions):
        question = questions[position]
        if not question.asked(answers_of(draft)):
            position += 1
            continue
        typed = read(_shown(question, draft))
        if typed.casefold() == BACK:
            if asked:
                position = asked.pop()
            else:
                print("This is the first question.")
            continue
        try:
            answer(question, typed, draft)
        except UsageError as error:
            print(error)
            continue
        draft.save()
        asked.append(position)
        position += 1


def answer(question: Question, typed: str, draft: Draft) -> None:
    """Put an answer into the draft as it was typed; “” takes what is proposed. Raises UsageError when it is none."""
    now = draft.answer_to(question)
    if not typed and now is not None:
        return
    text = typed or question.default
    if text in ("", NOTHING):
        if question.needed:
            raise UsageError("This needs an answer.")
        draft.put(question, None)
        return
    value = question.read(text)
    question.require_right(value, draft.config.resolve().parent)
    draft.put(question, value)


def answer_from(file: Path, draft: Draft) -> dict[str, Any]:
    """Put the answers of a file into the draft, and return what else it says.

    Raises UsageError, with the name of the answer, when one is wrong or an answer that is needed is missing.
    """
    given = parse(read_text(file), file)
    known = {question.name for question in QUESTIONS} | set(ORDERS)
    for name in given:
        if name not in known:
            raise UsageError(f"{file}: {name} is no answer of the set-up.", did_you_mean(name, known))
    for question in QUESTIONS:
        if not question.asked(answers_of(draft)):
            continue
        try:
            answer(question, _typed(given.get(question.name, "")), draft)
        except UsageError as error:
            raise UsageError(f"{file}: {question.name}: {error.problem}", error.remedy) from None
    for name in ORDERS:
        if not isinstance(given.get(name, False), bool):
            raise UsageError(f"{file}: {name} must be true or false.")
    return {name: given.get(name, False) for name in ORDERS}


ORDERS = {
    "certain_headings_only": "take the headings that are certain, and ask nothing about the others",
    "run": "run the jobs once when the settings are written",
    "every_quarter_of_an_hour": "run them every 15 minutes from then on",
    "shortcuts": "make the two shortcuts",
}
"""What a file of answers says besides: each true or false."""


def _typed(value: object) -> str:
    if isinstance(value, list):
        return " ".join(map(str, value))
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _shown(question: Question, draft: Draft) -> str:
    lines = ["", question.text]
    if question.choices:
        lines += [
            f"  {number}  {choice}{f': {means}' if means else ''}"
            for number, (choice, means) in enumerate(question.choices.items(), 1)
        ]
    now = draft.answer_to(question)
    proposed = question.default if now is None else ", ".join(now) if isinstance(now, list) else _as_typed(now)
    return "\n".join([*lines, f"[{proposed}]" if proposed else ">"])


def _as_typed(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:%d/%m/%Y}" if isinstance(value, dt.date) else str(value)


def is_yes(question: str, *, default: bool = True, read: Reader = read_line) -> bool:
    """Ask a question until it is answered with yes or no, and return whether it was yes."""
    while True:
        typed = read(f"\n{question} {'[yes]' if default else '[no]'}").casefold()
        if not typed:
            return default
        if typed in ("y", "yes", "n", "no"):
            return typed.startswith("y")
        print("Type yes or no.")
