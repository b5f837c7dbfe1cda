"""This computer and what is installed on it. Nothing here takes a package that may be missing."""

from __future__ import annotations

import importlib.metadata
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from scripts.adapters.doctor.checks import INSTALL, SETTINGS, Answer, check, fine, look, wrong
from scripts.adapters.doctor.examined import Examined

OLDEST, NEWEST = (3, 11), (3, 13)
REQUIREMENTS = Path(__file__).parents[3] / "requirements.txt"
ENOUGH_DAYS = 365


def running_python() -> tuple[int, int]:
    """The version of Python that runs this."""
    return sys.version_info[:2]


@check("Python", exit_code=SETTINGS)
def python(_: Examined) -> Answer:
    """Whether the version of Python is one that this was tried with."""
    version = "{}.{}".format(*running_python())
    if not OLDEST <= running_python() <= NEWEST:
        return wrong(
            f"This is Python {version}, with which this program was not tried.",
            "Install Python {}.{} to {}.{} and start the jobs with it.".format(*OLDEST, *NEWEST),
        )
    return fine(f"This is Python {version}.")


@check("Packages", exit_code=SETTINGS)
def packages(_: Examined) -> Answer:
    """Whether the packages of requirements.txt are installed, each in its version."""
    missing, other, right = [], [], 0
    for name, wanted in _required():
        try:
            installed = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            missing.append(name)
            continue
        if installed == wanted:
            right += 1
        else:
            other.append(f"{name} {installed} instead of {wanted}")
    if missing:
        besides = f"; there is also {', '.join(other)}" if other else ""
        return wrong(f"Not installed: {', '.join(missing)}{besides}.", INSTALL)
    if other:
        return look(f"Installed in another version than was tried: {', '.join(other)}.", INSTALL)
    return fine(f"All {right} packages of requirements.txt are installed, in the versions that were tried.")


def _required() -> Iterator[tuple[str, str]]:
    """Each package that this computer needs, and its version."""
    text = REQUIREMENTS.read_text("utf-8")
    for name, version, condition in re.findall(r"^([\w.-]+)==([^\s;\\]+)(?: *;([^\\\n]*))?", text, re.MULTILINE):
        if not condition.strip() or _holds(condition.strip()):
            yield name, version


def _holds(condition: str) -> bool:
    try:
        from packaging.markers import Marker
    except ImportError:  # it is missing itself, as the check will say; what needs a condition matters less
        return False
    return Marker(condition).evaluate()


@check("Time zone", exit_code=SETTINGS)
def time_zone(_: Examined) -> Answer:
    """Whether this computer knows what time it is in London."""
    try:
        london = ZoneInfo("Europe/London")
    except ZoneInfoNotFoundError:
        return wrong("The time zone data of Europe/London is missing.", INSTALL)
    hours = [datetime(2026, month, 1, 12, tzinfo=UTC).astimezone(london).hour for month in (1, 7)]
    if hours != [12, 13]:
        return wrong("The time zone data of Europe/London is wrong: it knows no summer time.", INSTALL)
    return fine("The time zone data of Europe/London is there.")


@check("Bank holidays", exit_code=SETTINGS)
def bank_holidays(examined: Examined) -> Answer:
    """Whether the bank holidays known reach a year ahead."""
    from tracker_schema.calendar.working_days import england_and_wales

    last = england_and_wales().last
    remedy = (
        "Put the newer list of https://www.gov.uk/bank-holidays.json in tracker_schema/calendar/bank_holidays.json."
    )
    if last < examined.as_of:
        return wrong(f"The bank holidays known ended on {last:%d/%m/%Y}, so that no deadline can be told.", remedy)
    if (last - examined.as_of).days < ENOUGH_DAYS:
        return look(f"The bank holidays known end on {last:%d/%m/%Y}, in less than a year.", remedy)
    return fine(f"The bank holidays are known until {last:%d/%m/%Y}.")


CHECKS = (python, packages, time_zone, bank_holidays)
