"""Runs of doctor through its command line, and what they told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from scripts import doctor
from scripts.adapters.mail.messages import template_check
from scripts.adapters.word.templates import template_checks
from tests.adapters.graph.sharepoint import PATH, config_file
from tests.scripts.trackers import AS_OF, incident, save_tracker, told

if TYPE_CHECKING:
    from tests.servers.graph.files.files import Item
    from tests.servers.graph.server import GraphServer

Shown = Mapping[str, str]


@dataclass(frozen=True)
class Told:
    """What a run told."""

    code: int
    verdict: str
    checks: Sequence[Shown]

    def of(self, name: str) -> Shown:
        """The finding of the one check called that."""
        (found,) = [each for each in self.checks if each["name"] == name]
        return found

    def verdict_of(self, name: str) -> str:
        """Its verdict alone."""
        return self.of(name)["verdict"]

    def not_fine(self) -> dict[str, str]:
        """The verdicts by name of all that is not fine."""
        return {each["name"]: each["verdict"] for each in self.checks if each["verdict"] != "fine"}


def _once(check: Callable[..., list[Any]]) -> Callable[..., list[Any]]:
    """Return the check of templates that answers each day's second question as its first.

    The templates do not change from run to run; test_templates.py is about those that do.
    """
    found: dict[object, list[Any]] = {}

    def checked(*given: Any) -> list[Any]:
        as_of = given[-1]
        if as_of not in found:
            found[as_of] = check(*given)
        return found[as_of]

    return checked


_CHECKED_ONCE = {module: _once(module.check_templates) for module in (template_checks, template_check)}


class Doctor:
    """An installation in `folder`, and the job that examines it."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys

    def run(self, *arguments: object, as_of: dt.date = AS_OF) -> Told:
        """What a run tells with --json."""
        self._capsys.readouterr()
        with pytest.MonkeyPatch.context() as patch:
            for module, checked in _CHECKED_ONCE.items():
                patch.setattr(module, "check_templates", checked)
            code = doctor.main([*map(str, arguments), "--as-of", as_of.isoformat(), "--json"])
        answer: dict[str, Any] = told(self._capsys.readouterr().out)
        assert list(answer) == ["as_of", "checks", "verdict"]
        for each in answer["checks"]:
            assert list(each) == ["name", "verdict", "found", "remedy"]
            assert each["verdict"] in ("fine", "warning", "wrong", "not checked")
            assert each["found"][-1] in ".?!", each
            assert bool(each["remedy"]) == (each["verdict"] != "fine"), each
        return Told(code, answer["verdict"], answer["checks"])


class SharePointDoctor(Doctor):
    """An installation whose tracker is in the made-up SharePoint."""

    def __init__(self, graph: GraphServer, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        super().__init__(folder, capsys)
        self.graph = graph
        self.config = config_file(graph, folder)
        self.data = tracker_at(folder / "made.xlsx").read_bytes()
        self.item: Item = graph.add_file(f"/{PATH}", self.data)

    def examine(self, *arguments: object, as_of: dt.date = AS_OF) -> Told:
        """What a run tells; the tracker is as it was, and nothing is left beside it."""
        etag = self.item.etag
        answer = self.run("--config", self.config, *arguments, as_of=as_of)
        assert (self.item.live, self.item.etag) == (self.data, etag)
        assert list(self.graph.drive.items.values()) == [self.item]
        assert not self.graph.excel.sessions
        return answer


def tracker_at(path: Path, **cells: object) -> Path:
    """A tracker of two incidents with no status columns."""
    return save_tracker(path, [incident("CI-1", **cells), incident("CI-2")])
