"""A check, what it finds, and how a row of checks is carried out.

A check is a function that looks at one thing and says in one sentence what it found. It may raise: what it raises is
then what it found. It is not carried out when a check that it needs has failed.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tracker_schema.errors import SignInRefused, TrackerBusy, TrackerError, TrackerUnusable, UsageError

if TYPE_CHECKING:
    from scripts.adapters.doctor.examined import Examined

Verdict = Literal["fine", "look", "wrong", "not checked"]

SETTINGS, TRACKER, BUSY = UsageError.exit_code, TrackerUnusable.exit_code, TrackerBusy.exit_code
INSTALL = "In the project's folder, run python -m pip install -r requirements.txt."


@dataclass(frozen=True)
class Answer:
    """What a check says: its verdict, one sentence about what it found, and one about what to do where it is not fine.

    `exit_code` is what the job ends with if this is wrong; None leaves that to the check.
    """

    verdict: Verdict
    found: str
    remedy: str = ""
    exit_code: int | None = None


Answers = Answer | list[Answer] | None


@dataclass(frozen=True)
class Finding:
    """The answer of the check called `name`."""

    name: str
    verdict: Verdict
    found: str
    remedy: str
    exit_code: int


@dataclass(frozen=True)
class Check:
    """One thing to look at, by `answer`: several answers are several findings, and None is none at all.

    `needs` are the names of the checks without whose success there is nothing to look at; `exit_code` is what the job
    ends with when this is wrong.
    """

    name: str
    answer: Callable[[Examined], Answers]
    needs: tuple[str, ...]
    exit_code: int


def check(
    name: str, *, exit_code: int, needs: tuple[str, ...] = ()
) -> Callable[[Callable[[Examined], Answers]], Check]:
    """What makes a function into the check called `name`; see `Check`."""
    return lambda answer: Check(name, answer, needs, exit_code)


def fine(found: str) -> Answer:
    """The answer that there is nothing to do."""
    return Answer("fine", found)


def look(found: str, remedy: str) -> Answer:
    """The answer that the jobs will run, but somebody should look at this."""
    return Answer("look", found, remedy)


def wrong(found: str, remedy: str, exit_code: int | None = None) -> Answer:
    """The answer that the jobs will not run like this."""
    return Answer("wrong", found, remedy, exit_code)


def not_checked(found: str, remedy: str) -> Answer:
    """The answer that nobody knows."""
    return Answer("not checked", found, remedy)


def refused(error: TrackerError) -> Answer:
    """The answer that `error` is, its sentence parted into what is so and what to do."""
    code = SETTINGS if isinstance(error, SignInRefused) else BUSY if isinstance(error, TrackerBusy) else None
    if isinstance(error, UsageError):
        code = error.exit_code
    found, remedy = parted(str(error))
    return wrong(found, remedy, code)


def parted(message: str) -> tuple[str, str]:
    """What is so and what to do about it, as two sentences: our errors say both in one."""
    message = message.strip()
    for mark in ("; ", ". "):
        found, _, remedy = message.partition(mark)
        if remedy:
            return _sentence(found), f"{remedy[0].upper()}{_sentence(remedy[1:])}"
    return _sentence(message), "Put that right and run doctor again."


def carry_out(checks: Sequence[Check], examined: Examined) -> list[Finding]:
    """What each of `checks` finds, in their order."""
    findings: list[Finding] = []
    for each in checks:
        examined.progress(each.name)
        cause = next((examined.failed[name] for name in each.needs if name in examined.failed), None)
        if cause is not None:
            given: Answers = not_checked(f"This takes “{cause}” first.", f"Put “{cause}” right and run doctor again.")
        else:
            given = _answers(each, examined)
        answers = given if isinstance(given, list) else [given] if given else []
        if any(answer.verdict in ("wrong", "not checked") for answer in answers):
            examined.failed[each.name] = cause or each.name
        findings += [
            Finding(each.name, answer.verdict, answer.found, answer.remedy, answer.exit_code or each.exit_code)
            for answer in answers
        ]
    return findings


def _answers(each: Check, examined: Examined) -> Answers:
    try:
        return each.answer(examined)
    except TrackerError as error:
        return refused(error)
    except ModuleNotFoundError as error:
        return wrong(f"The package {error.name} is not installed.", INSTALL)
    except Exception as error:  # noqa: BLE001 - whatever it is, the other checks go on
        if examined.verbose:
            traceback.print_exc()
        # The error's own words are left out: they may quote a cell.
        place = traceback.extract_tb(error.__traceback__)[-1]
        return wrong(
            f"The check itself failed ({type(error).__name__} at {Path(place.filename).name}:{place.lineno}).",
            "Run doctor again with --verbose and send what it shows to IT.",
        )


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."
