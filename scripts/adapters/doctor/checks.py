"""A check, its answers, and `carry_out`, which runs a sequence of checks.

A check is a function that examines one thing and returns an answer. An error that it raises is its answer too. It is
not run when a check that it needs has failed.
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

Verdict = Literal["fine", "warning", "wrong", "not checked"]

SETTINGS, TRACKER, BUSY = UsageError.exit_code, TrackerUnusable.exit_code, TrackerBusy.exit_code
INSTALL = "In the project's folder, run python -m pip install -r requirements.txt."
AGAIN = "Put that right and run doctor again."


@dataclass(frozen=True)
class Answer:
    """The answer of a check.

    verdict    fine; warning: the jobs will run, but somebody should act; wrong: they will not run; not checked
    found      a sentence
    remedy     a sentence, "" when it is fine
    exit_code  of doctor when this is wrong; None for that of the check
    """

    verdict: Verdict
    found: str
    remedy: str = ""
    exit_code: int | None = None


Answers = Answer | list[Answer] | None


@dataclass(frozen=True)
class Finding:
    """An answer of the check called `name`; the other fields are those of `Answer`."""

    name: str
    verdict: Verdict
    found: str
    remedy: str
    exit_code: int


@dataclass(frozen=True)
class Check:
    """One thing to examine.

    name       the name in the table and in the JSON
    answer     the function: it returns one answer, several, or None when the check does not apply here
    needs      the names of the checks that must succeed first
    exit_code  of doctor when this is wrong
    """

    name: str
    answer: Callable[[Examined], Answers]
    needs: tuple[str, ...]
    exit_code: int


def check(
    name: str, *, exit_code: int, needs: tuple[str, ...] = ()
) -> Callable[[Callable[[Examined], Answers]], Check]:
    """Return a decorator that makes a function the check called `name`; see `Check`."""
    return lambda answer: Check(name, answer, needs, exit_code)


def fine(found: str) -> Answer:
    """Return the answer that there is nothing to do."""
    return Answer("fine", found)


def warning(found: str, remedy: str) -> Answer:
    """Return the answer that the jobs will run, but somebody should act."""
    return Answer("warning", found, remedy)


def wrong(found: str, remedy: str, exit_code: int | None = None) -> Answer:
    """Return the answer that the jobs will not run like this."""
    return Answer("wrong", found, remedy, exit_code)


def not_checked(found: str, remedy: str) -> Answer:
    """Return the answer that this could not be checked."""
    return Answer("not checked", found, remedy)


def refused(error: TrackerError) -> Answer:
    """Return `error` as an answer: its problem, and its remedy or a general one."""
    code = SETTINGS if isinstance(error, SignInRefused) else BUSY if isinstance(error, TrackerBusy) else None
    if isinstance(error, UsageError):
        code = error.exit_code
    return wrong(error.problem, error.remedy or AGAIN, code)


def carry_out(checks: Sequence[Check], examined: Examined) -> list[Finding]:
    """Run `checks` in their order, and return their findings."""
    findings: list[Finding] = []
    for one in checks:
        examined.progress(one.name)
        cause = next((examined.failed[name] for name in one.needs if name in examined.failed), None)
        if cause is not None:
            given: Answers = not_checked(
                f"“{cause}” must be right first.", f"Put “{cause}” right and run doctor again."
            )
        else:
            given = _answers(one, examined)
        answers = given if isinstance(given, list) else [given] if given else []
        if any(answer.verdict in ("wrong", "not checked") for answer in answers):
            examined.failed[one.name] = cause or one.name
        findings += [
            Finding(one.name, answer.verdict, answer.found, answer.remedy, answer.exit_code or one.exit_code)
            for answer in answers
        ]
    return findings


def _answers(one: Check, examined: Examined) -> Answers:
    try:
        return one.answer(examined)
    except TrackerError as error:
        return refused(error)
    except ModuleNotFoundError as error:
        return wrong(f"The package {error.name} is not installed.", INSTALL)
    except Exception as error:  # noqa: BLE001 - the other checks go on
        if examined.verbose:
            traceback.print_exc()
        # The error's own words are left out: they may quote a cell.
        place = traceback.extract_tb(error.__traceback__)[-1]
        return wrong(
            f"The check itself failed ({type(error).__name__} at {Path(place.filename).name}:{place.lineno}).",
            "Run doctor again with --verbose and send what it shows to IT.",
        )
