"""Posts a message over and over, and dies each time one statement later: run with `python -m`, and JSON after it.

Each time there is a first run, which dies, and a second one, which does not. The runs are forks, so that the modules
are loaded once; they die by os._exit, which runs nothing more. A statement that is come by again is no new place to die
at. Prints what the second run and the ledger said.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from types import FrameType, SimpleNamespace
from typing import Any

from scripts.adapters.ledger import database, ledger
from scripts.adapters.ledger.ledger import Ledger
from scripts.adapters.mail import posting
from scripts.adapters.mail.posting import post
from scripts.adapters.mail.transport import drafts, graph_mailbox, smtp_relay
from scripts.adapters.settings.config import Config
from scripts.adapters.storage import atomic_write
from tests.adapters.mail.post_office import MOMENT, escalation, settings, summary

DIED = 77
# What enters, sends and confirms.
WATCHED = {
    "smtp": {posting.__file__, ledger.__file__, smtp_relay.__file__},
    "graph": {graph_mailbox.__file__},
    "drafts": {posting.__file__, ledger.__file__, database.__file__, drafts.__file__, atomic_write.__file__},
}


def _die_at(number: int, watched: set[str]) -> None:
    """Let this process die just before the `number`-th statement of the modules whose files are `watched`."""
    seen: set[tuple[str, int]] = set()

    def trace(frame: FrameType, event: str, _argument: Any) -> Any:
        if frame.f_code.co_filename not in watched:
            return None
        if event == "line":
            seen.add((frame.f_code.co_filename, frame.f_lineno))
            if len(seen) == number:
                os._exit(DIED)
        return trace

    sys.settrace(trace)


def _run(config: Config, number: int, kind: str) -> dict[str, Any]:
    name = f"No. {number}"
    message = escalation(config, name) if kind == "director_escalation" else summary(config, subject=name)
    found = post([message], config, MOMENT, as_of=MOMENT.date(), trial=False)
    return {"results": [each.result for each in found.deliveries], "refusal": str(found.refusal or "")}


def _killed(config: Config, number: int, kind: str) -> int:
    """The exit code of a run that dies before its `number`-th statement: 0 when it has no more than that."""
    process = os.fork()
    if process:
        return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    try:
        _die_at(number, WATCHED[config.mail.transport])
        _run(config, number, kind)
    except BaseException as error:  # noqa: BLE001 - it must not come back into the loop
        print(repr(error), file=sys.stderr)
        os._exit(1)
    os._exit(0)


def _crowd(config: Config, size: int) -> list[dict[str, Any]]:
    """What came of so many runs of the same message that begin at the same moment."""
    gate, open_gate = os.pipe()
    processes = []
    for number in range(size):
        process = os.fork()
        if not process:
            os.close(open_gate)
            os.read(gate, 1)  # until the gate is closed
            report = config.ledger.file.with_name(f"{number}.json")
            report.write_text(json.dumps(_run(config, 1, "weekly_summary")), "utf-8")
            os._exit(0)
        processes.append(process)
    os.close(open_gate)
    assert {os.waitpid(process, 0)[1] for process in processes} == {0}
    return [json.loads(config.ledger.file.with_name(f"{number}.json").read_text("utf-8")) for number in range(size)]


def main(asked: dict[str, Any]) -> None:
    """Kill and run again until the first run reaches its end; prints a list of what came of it.

    With a crowd, let that many runs begin at once instead.
    """
    folder, port = Path(asked["folder"]), asked["port"]
    mail: dict[str, Any] = {"transport": asked["transport"]}
    if asked["transport"] == "smtp":
        mail |= {"sender": "t@council.example", "smtp": {"host": "localhost", "port": port, "security": "none"}}
    if asked["transport"] == "graph":
        mail |= {"sender": "tracker@contoso.com", "sign_in": asked["sign_in"]}
        import pytest

        from tests.servers.graph.redirect import redirect_requests

        redirect_requests(SimpleNamespace(port=port, kills_client=False), pytest.MonkeyPatch())  # type: ignore[arg-type]
    if asked["crowd"]:
        print(json.dumps(_crowd(settings(folder, **mail), asked["crowd"])))
        return
    found = []
    number, code = 0, DIED
    while code == DIED:
        number += 1
        here = folder / str(number)
        here.mkdir()
        config = settings(here, **mail)
        code = _killed(config, number, asked["kind"])
        again = _run(config, number, asked["kind"])
        with Ledger(config.ledger.file) as opened:
            states = [entry.state for entry in opened.entries()]
        drafts = len(list(config.drafts_folder(trial=False).glob("*.eml")))
        found.append({"number": number, "code": code, "states": states, "drafts": drafts, **again})
    print(json.dumps(found))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
