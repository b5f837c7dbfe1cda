"""Jobs run in the tests' own process, since one with pictures takes a second to start."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from scripts.adapters.cli import command_line

Job = Callable[[Sequence[str]], int]


@dataclass(frozen=True)
class Done:
    """What a job said and ended with, as in subprocess.CompletedProcess."""

    returncode: int
    stdout: str
    stderr: str


class RunHere:
    """Runs a job's `main` with its options in one folder, from the start to the exit code that a person sees."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        monkeypatch.chdir(folder)
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def __call__(self, main: Job, *arguments: object) -> Done:
        self._monkeypatch.setattr(sys, "argv", ["job", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            command_line.run(main)
        said = self._capsys.readouterr()
        assert isinstance(end.value.code, int)
        if "--json" in arguments:
            assert said.out.isascii(), "PowerShell may read it in another code page"
        return Done(end.value.code, said.out, said.err)
