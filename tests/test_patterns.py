"""The time that a pattern of ours takes grows with the text, and no faster: of a cell, a form, an answer, a setting."""

from __future__ import annotations

import ast
import importlib
import re
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tracker_schema.columns.excel_limits import LONGEST_TEXT

ROOT = Path(__file__).parents[1]
METHODS: dict[str, Callable[[Any, Any], object]] = {
    "search": lambda pattern, text: pattern.search(text),
    "match": lambda pattern, text: pattern.match(text),
    "fullmatch": lambda pattern, text: pattern.fullmatch(text),
    "sub": lambda pattern, text: pattern.sub(text[:0], text),
    "split": lambda pattern, text: pattern.split(text),
    "findall": lambda pattern, text: pattern.findall(text),
    "finditer": lambda pattern, text: list(pattern.finditer(text)),
}
FLAGS = ("IGNORECASE", "ASCII", "MULTILINE", "DOTALL")

# What hostile texts are made of, besides the letters of the pattern itself.
UNITS = ("a", "1", " ", "\n", "a1", "a ", "1 ", "a\n", "<a ", "1/", "-1", "child ", "''", '="', "a.", "é")
SHORT, SECONDS = 2_000, 1.0
SUSPICIOUS = 0.002


class TooSlow(Exception):
    """A pattern has had its processor time."""


def patterns() -> Iterator[tuple[str, Any, str]]:
    """Where each pattern is used, the pattern, and how."""
    trees = {path: ast.parse(path.read_text("utf-8")) for top in ("scripts", "tracker_schema")
             for path in (ROOT / top).rglob("*.py")}  # fmt: skip
    used: dict[str, set[str]] = {}
    for tree in trees.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.attr in METHODS:
                used.setdefault(node.value.id, set()).add(node.attr)
    for path, tree in trees.items():
        calls = [
            node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re.")
        ]
        if not calls or path.name == "__main__.py":
            continue
        module = importlib.import_module(
            ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        )
        for name, value in vars(module).items():
            if isinstance(value, re.Pattern):
                for method in used.get(name, ()):
                    yield f"{module.__name__}.{name}", value, method
        for node in calls:
            method = ast.unparse(node.func).removeprefix("re.")
            if method in METHODS:
                flags = sum(getattr(re, flag) for flag in FLAGS if flag in ast.unparse(node))
                try:
                    source = eval(ast.unparse(node.args[0]), vars(module))  # noqa: S307 - our own code
                except NameError:  # made of words that the tracker, the settings or the schema have
                    continue
                yield f"{module.__name__}:{node.lineno}", re.compile(source, flags), method


def _texts(pattern: Any, length: int) -> Iterator[Any]:
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    for unit in (*UNITS, *sorted(set(re.sub(r"[\w\s()|?:^$+*]|\\.", "", source)))):
        for start, end in (("", "\0"), ("1", "x")):
            text = start + unit * (length // len(unit) - 2) + end
            yield text if isinstance(pattern.pattern, str) else text.encode()


def _seconds(run: Callable[[], object]) -> float:
    before = time.thread_time()
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        run()
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return time.thread_time() - before


@pytest.mark.skipif(not hasattr(signal, "SIGPROF"), reason="Windows cannot stop a pattern after so much processor time")
def test_every_pattern_is_linear() -> None:
    def stop(*_: object) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGPROF, stop)
    slow = set()
    number = 0
    try:
        for where, pattern, method in patterns():
            number += 1
            run = METHODS[method]
            for text, long in zip(_texts(pattern, SHORT), _texts(pattern, LONGEST_TEXT), strict=True):
                try:
                    if _seconds(lambda: run(pattern, text)) > SUSPICIOUS:  # noqa: B023
                        _seconds(lambda: run(pattern, long))  # noqa: B023
                except TooSlow:
                    slow.add(f"{where} {method} {text[:12]!r}")
                    break
    finally:
        signal.signal(signal.SIGPROF, before)
    assert number > 100
    assert not slow, "\n".join(sorted(slow))
