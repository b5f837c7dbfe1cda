"""This computer and its packages. These checks need no package that may be missing."""

from __future__ import annotations

import importlib.metadata
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from scripts.adapters.doctor.checks import INSTALL, SETTINGS, Answer, check, fine, warning, wrong
from scripts.adapters.doctor.examined import Examined

OLDEST, NEWEST = (3, 11), (3, 13)
REQUIREMENTS = Path(__file__).parents[3] / "requirements.txt"
ENOUGH_DAYS = 365


def running_python() -> tuple[int, int]:
    """Return the version of Python that runs this."""
    return sys.version_info[:2]


@check("Python", exit_code=SETTINGS)
def python(_: Examined) -> Answer:
    """Check that the program was tried with this version of Python."""
    version = "{}.{}".format(*running_python())
    if not OLDEST <= running_python() <= NEWEST:
        return wrong(
            f"This is Python {version}, which this program was not tested with.",
            "Install Python {}.{} to {}.{} and start the jobs with it.".format(*OLDEST, *NEWEST),
        )
    return fine(f"This is Python {version}.")


@check("Packages", exit_code=SETTINGS)
def packages(_: Examined) -> Answer:
    """Check that the packages of requirements.txt are installed, each in its version."""
    missing, other, right = [], [], 0
    for name, wanted in required_packages():
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
        return warning(f"Installed in another version than was tested: {', '.join(other)}.", INSTALL)
    return fine(f"All {right} packages of requirements.txt are installed, in the versions that were tested.")


def required_packages() -> Iterator[tuple[str, str]]:
    """Yield each package that this computer needs, and its version."""
    text = REQUIREMENTS.read_text("utf-8")
    for name, version, condition in re.findall(r"^([\w.-]+)==([^\s;\\]+)(?: *;([^\\\n]*))?", text, re.MULTILINE):
        if not condition.strip() or applies_here(condition.strip()):
            yield name, version


def applies_here(condition: str) -> bool:
    """Return whether a condition of requirements.txt, such as `sys_platform == 'win32'`, holds on this computer."""
    try:
        from packaging.markers import Marker
    except ImportError:  # it is missing itself, which the check reports
        return False
    return Marker(condition).evaluate()


@check("Time zone", exit_code=SETTINGS)
def time_zone(_: Examined) -> Answer:
    """Check that this computer knows the time in London."""
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
    """Check that the bank holidays that are known reach a year ahead."""
    from tracker_schema.calendar.working_days import england_and_wales

    last = england_and_wales().last
    remedy = "Save https://www.gov.uk/bank-holidays.json as tracker_schema/calendar/bank_holidays.json."
    if last < examined.as_of:
        found = f"The bank holidays that are known ended on {last:%d/%m/%Y}, so no deadline can be worked out."
        return wrong(found, remedy)
    if (last - examined.as_of).days < ENOUGH_DAYS:
        return warning(f"The bank holidays that are known end on {last:%d/%m/%Y}, in less than a year.", remedy)
    return fine(f"The bank holidays are known until {last:%d/%m/%Y}.")


CHECKS = (python, packages, time_zone, bank_holidays)
