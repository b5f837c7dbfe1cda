"""What is wrong with config.toml, as data: each mistake has its line, a problem and a remedy.

A message never repeats the value of a setting, because somebody may have put a password there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from scripts.adapters.settings.toml_lines import Place
from tracker_schema.errors import UsageError


@dataclass(frozen=True)
class Mistake:
    """One mistake in a settings file.

    place    the keys that lead to the setting
    problem  the words that follow the name of the setting, such as “is empty”
    remedy   a sentence; "" where `problem` says what to do
    """

    place: Place
    problem: str
    remedy: str = ""


class WrongValue(ValueError):
    """A value that a setting cannot have, for validators of pydantic; `problem` and `remedy` are as in `Mistake`."""

    def __init__(self, problem: str, remedy: str = "") -> None:
        super().__init__(problem, remedy)
        self.problem = problem
        self.remedy = remedy


class ConfigError(UsageError):
    """A settings file is wrong; `mistakes` has one error for each mistake, in the order of the lines."""

    def __init__(self, mistakes: Iterable[UsageError]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(map(str, self.mistakes)))
