"""A run that is killed anywhere sends nothing twice, and loses nothing of which no person is told."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.adapters.mail.kills import DIED
from tests.servers.smtp_server import running_relay

if TYPE_CHECKING:
    from tests.servers.graph.server import GraphServer

WAITS = "Another run is sending mail; this one waits for it."
PROJECT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")


def killed_everywhere(
    folder: Path, transport: str, port: int = 0, crowd: int = 0, kind: str = "weekly_summary", **sign_in: str
) -> list[dict[str, Any]]:
    """What came of a run killed before its first statement, its second one, and so on; and then run again.

    `kind` is that of the message it sends.
    With a `crowd`, what came of so many runs at once.
    """
    asked = {
        "folder": str(folder),
        "transport": transport,
        "port": port,
        "sign_in": sign_in,
        "crowd": crowd,
        "kind": kind,
    }
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.adapters.mail.kills", json.dumps(asked)],
        cwd=PROJECT, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr.replace(WAITS, "").strip()) == (0, "")
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def check(found: list[dict[str, Any]], arrived: Counter[int], everybody: int) -> None:
    """`arrived` is how many copies, for how many people, of each number came to somebody."""
    assert [each["code"] for each in found] == [*[DIED] * (len(found) - 1), 0]
    for each in found:
        number, results = each["number"], set(each["results"])
        assert len(each["states"]) == len(each["results"]) == 2
        # Nothing twice.
        assert arrived[number] <= everybody, each
        # Nothing lost that nobody is told of.
        if arrived[number] < everybody:
            assert (arrived[number], results, set(each["states"])) == (0, {"unknown"}, {"unknown"}), each
        if results == {"unknown"}:
            assert "scripts.ledger --resolve" in each["refusal"]
        else:
            assert (set(each["states"]), each["refusal"]) == ({"sent"}, "")
    # And the matrix is one: runs died while it was going, on either side of its arrival, and after it was confirmed.
    kinds = {(each["results"][0], arrived[each["number"]] > 0) for each in found}
    assert {("unknown", False), ("unknown", True), ("done before", True)} <= kinds


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one: each run waits for the disk a dozen times."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of its own is made there
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else tmp_path) as made:
        yield Path(made)


def test_by_smtp(folder: Path) -> None:
    with running_relay(folder, security="none") as relay:
        found = killed_everywhere(folder, "smtp", relay.port)
    arrived = Counter(int(mail["Subject"].rpartition(" ")[2]) for to, mail in relay.taken for _ in to)
    check(found, arrived, everybody=2)


def test_through_graph(folder: Path, graph: GraphServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_CLIENT_SECRET", graph.entra.secret)
    found = killed_everywhere(
        folder, "graph", graph.port, method="secret", tenant=graph.entra.tenant, client_id=graph.entra.client_id
    )
    arrived = Counter(int(sent.subject.rpartition(" ")[2]) for sent in graph.mail.sent for _ in sent.recipients)
    check(found, arrived, everybody=2)


def test_as_drafts(folder: Path) -> None:
    found = killed_everywhere(folder, "drafts", kind="director_escalation")
    check(found, Counter({each["number"]: each["drafts"] for each in found}), everybody=1)


def test_24_runs_at_once_send_once(folder: Path) -> None:
    with running_relay(folder, security="none") as relay:
        found = killed_everywhere(folder, "smtp", relay.port, crowd=24)
    assert len(relay.taken) == 1
    assert sorted(relay.recipients()) == ["ann.sample@council.example", "bob.sample@council.example"]
    assert Counter(tuple(each["results"]) for each in found) == {("sent", "sent"): 1, ("done before",) * 2: 23}
    assert {each["refusal"] for each in found} == {""}
