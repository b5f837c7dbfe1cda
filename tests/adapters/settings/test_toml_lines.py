"""Every key of a TOML document is found on its own line, whatever stands around it."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.adapters.settings.toml_lines import Place, first_unfinished_line, given_before, line_of, lines_of

DOCUMENT = '''\
# tracker = "a comment that looks like a key"
title = "has # no comment, and a = sign"

[tracker]   # copies = 1
"file" = 'C:\\no\\escapes'    # file = "another"
copies.kept = 3
copies . 'for ever' = true

[clocks]
warn = 2
days = [ # a list over lines
  2026-12-24,

  # 2026-12-25,
  2026-12-31, ]
text = """
not.a.key = 1
[not_a_table]
""""
late = 0

[clocks."notify \\u0070anel"]
warn = 3
inline = { warn = 1, inner = { "a.b" = [ { c = 1 }, { c = 2 } ] } }
when = 2026-11-23 09:00:00  # with a space
escaped = "a \\" quote # and = more"
[[agency]]
name = "one"
[agency.contact]
name = "A"
[[agency]]
name = "two"
[[agency.sent]]
day = 1
'''

EXPECTED: dict[Place, int] = {
    ("title",): 2,
    ("tracker",): 4,
    ("tracker", "file"): 5,
    ("tracker", "copies", "kept"): 6,
    ("tracker", "copies", "for ever"): 7,
    ("clocks",): 9,
    ("clocks", "warn"): 10,
    ("clocks", "days"): 11,
    ("clocks", "days", 0): 12,
    ("clocks", "days", 1): 15,
    ("clocks", "text"): 16,
    ("clocks", "late"): 20,
    ("clocks", "notify panel"): 22,
    ("clocks", "notify panel", "warn"): 23,
    ("clocks", "notify panel", "inline", "warn"): 24,
    ("clocks", "notify panel", "inline", "inner", "a.b", 1, "c"): 24,
    ("clocks", "notify panel", "when"): 25,
    ("clocks", "notify panel", "escaped"): 26,
    ("agency", 0, "name"): 28,
    ("agency", 0, "contact", "name"): 30,
    ("agency", 1): 31,
    ("agency", 1, "name"): 32,
    ("agency", 1, "sent", 0, "day"): 34,
}


def places_in(value: Any, place: Place = ()) -> set[Place]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return {place, *(found for key, below in inner for found in places_in(below, (*place, key)))}


def test_the_document_is_toml_and_every_place_in_it_has_a_line() -> None:
    assert set(lines_of(DOCUMENT)) == places_in(tomllib.loads(DOCUMENT)) - {()}


@pytest.mark.parametrize(("place", "line"), EXPECTED.items(), ids=lambda case: str(case))
def test_line(place: Place, line: int) -> None:
    assert line_of(place, lines_of(DOCUMENT)) == line


def test_a_place_that_is_not_there_has_the_line_of_what_it_would_stand_in() -> None:
    assert line_of(("tracker", "missing", 3), lines_of(DOCUMENT)) == 4
    assert line_of(("missing",), lines_of(DOCUMENT)) is None


@pytest.mark.parametrize(
    ("text", "place", "first", "line"),
    [
        ("a = 1\n# a = 2\nb = 1\na = 2", ("a",), 1, 4),
        ("[t]\na = 1\n[u]\na = 1\n[t]\n", ("t",), 1, 5),
        ("[t]\na = [\n 1,\n]\n'a' = 2", ("t", "a"), 2, 5),
    ],
)
def test_keys_given_twice(text: str, place: Place, first: int, line: int) -> None:
    assert given_before(text, line) == (place, first)


def test_keys_given_once() -> None:
    assert given_before("[t.u]\na = 1\n[t]\na = 1", 4) is None


@pytest.mark.parametrize(
    ("text", "line"),
    [("a = 1\nb = [\n1,\n2", 2), ("a = 1\n\nb = '''\n\n", 3), ("a", 1), ("", 1)],
)
def test_where_what_is_not_complete_begins(text: str, line: int) -> None:
    assert first_unfinished_line(text) == line


KEYS = st.text("ab.-_ '\"\\#=é", min_size=0, max_size=4)
TREES = st.recursive(
    st.one_of(st.integers(0, 9), st.booleans(), st.text("ab#=[]{}\"'\\\n,", max_size=6)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=8,
)


def quoted(text: str) -> str:
    return '"' + "".join(f"\\u{ord(c):04x}" if c in '"\\\n' else c for c in text) + '"'


def written(value: Any) -> str:
    """The TOML for `value` with its list entries on lines of their own."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return quoted(value) if len(value) % 2 else f"'''\n{value}'''" if "'" not in value else quoted(value)
    if isinstance(value, list):
        return "[ # [ = {\n" + "".join(f"{written(entry)} , # ]\n\n" for entry in value) + "]"
    return "{" + ", ".join(f"{quoted(key)} = {written(entry)}" for key, entry in value.items()) + "}"


@given(st.dictionaries(KEYS, TREES, max_size=4))
def test_every_place_of_any_document_is_found(data: dict[str, Any]) -> None:
    text = "".join(f"{quoted(key)} = {written(value)} # a = 1\n" for key, value in data.items())
    assert tomllib.loads(text) == data
    lines = lines_of(text)
    assert set(lines) == places_in(data) - {()}
    for key in data:
        assert text.split("\n")[lines[key,] - 1].startswith(quoted(key))


@given(st.text("ab=.[]{}'\"\\#\n, ", max_size=40))
def test_text_that_is_not_toml_does_no_harm(text: str) -> None:
    lines_of(text)
