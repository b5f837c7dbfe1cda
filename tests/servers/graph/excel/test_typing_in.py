from __future__ import annotations

import datetime as dt

import pytest

from tests.servers.graph.excel.typing_in import Formula, Typed, as_typed

TODAY = dt.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("Told", "Told"),
        ("  kept as it is ", "  kept as it is "),
        ("2026-11-23", dt.date(2026, 11, 23)),
        ("2026/11/23", dt.date(2026, 11, 23)),
        ("23/11/2026", dt.date(2026, 11, 23)),
        ("11/23/2026", "11/23/2026"),
        ("23.11.2026", "23.11.2026"),
        ("5 Nov 2026", dt.date(2026, 11, 5)),
        ("5-Nov-26", dt.date(2026, 11, 5)),
        ("November 5, 2026", dt.date(2026, 11, 5)),
        ("5 nov", dt.date(2026, 11, 5)),
        ("May 5", dt.date(2026, 5, 5)),
        ("May", "May"),
        ("Nov 2026", dt.date(2026, 11, 1)),
        ("1/2", dt.date(2026, 2, 1)),
        ("1-2", dt.date(2026, 2, 1)),
        ("2/13", dt.date(2013, 2, 1)),
        ("31/2/2026", "31/2/2026"),
        ("1 Jan 1899", "1 Jan 1899"),
        ("23/11/2026 10:30", dt.datetime(2026, 11, 23, 10, 30)),
        ("23/11/2026 1:30 pm", dt.datetime(2026, 11, 23, 13, 30)),
        ("2026-11-23T10:30", "2026-11-23T10:30"),
        ("12:00", 0.5),
        ("6 pm", 0.75),
        ("00123", 123),
        ("1,234.5", 1234.5),
        ("1,23", "1,23"),
        ("£12.50", 12.5),
        ("10%", 0.1),
        ("1e3", 1000),
        ("+5", 5),
        ("-5", -5),
        ("(5)", -5),
        ("1 1/2", 1.5),
        ("true", True),
        ("FALSE", False),
        ("#n/a", "#N/A"),
        ("=A1+B1", Formula("A1+B1")),
        ("+A1", Formula("A1")),
        ("-5 days", Formula("-5 days")),
        ("@A1", Formula("A1")),
        ("=", "="),
        ("-", "-"),
        ("'2026-11-23", "2026-11-23"),
        ("'=1+1", "=1+1"),
        ("''quoted'", "'quoted'"),
        ("CI-2026-001", "CI-2026-001"),
    ],
)
def test_what_excel_makes_of_typed_text(text: str, typed: Typed) -> None:
    found = as_typed(text, TODAY)
    assert (found, type(found)) == (typed, type(typed))
