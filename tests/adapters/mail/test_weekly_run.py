"""A run of the weekly summary that is cut off: nothing goes twice, and nothing stays untold."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from scripts.adapters.ledger.sent_summaries import SentSummaries
from scripts.adapters.mail import weekly_run
from scripts.adapters.mail.deliveries import Posting
from scripts.adapters.settings.config import Config
from scripts.adapters.storage.local_store import LocalStore
from tests.adapters.mail.post_office import settings
from tests.builders import MONDAY, Cells, save_workbook

IN_A_WEEK = MONDAY + dt.timedelta(days=7)


class CutOff(BaseException):
    """The process is killed here."""


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return settings(tmp_path)


def ago(days: int) -> dt.date:
    return MONDAY - dt.timedelta(days=days)


def incident(reference: str, **cells: Any) -> Cells:
    return {"reference": reference, "aware_date": ago(5), "form_received": ago(4)} | cells


def run(folder: Path, config: Config, as_of: dt.date, *incidents: Cells) -> tuple[weekly_run.Written, Posting]:
    path = save_workbook(folder / "log.xlsx", {"incidents": list(incidents)})
    written = weekly_run.write(LocalStore(path, copies_folder=None, copies=0), config, as_of, trial=False)
    moment = dt.datetime.combine(as_of, dt.time(8), dt.UTC)
    return written, weekly_run.send(written, config, moment, trial=False, dry_run=False)


def new_in(written: weekly_run.Written) -> list[str]:
    return [each.reference for each in written.summary.new["Critical incident"]]


def test_cut_off_before_it_was_sent(tmp_path: Path, config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(weekly_run, "post", _cut_off)
        with pytest.raises(CutOff):
            run(tmp_path, config, MONDAY, incident("CI-1"))
    written, posting = run(tmp_path, config, MONDAY, incident("CI-1"))
    assert new_in(written) == ["CI-1"]
    assert [each.result for each in posting.deliveries] == ["drafted"] * 2


def test_cut_off_after_it_was_sent_and_before_that_was_remembered(
    tmp_path: Path, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(SentSummaries, "remember", _cut_off)
        with pytest.raises(CutOff):
            run(tmp_path, config, MONDAY, incident("CI-1"))
    # What is entered before the second run was in no mail, and must not be taken as told.
    again, posting = run(tmp_path, config, MONDAY, incident("CI-1"), incident("CI-2", form_received=ago(40)))
    assert [each.result for each in posting.deliveries] == ["done before"] * 2
    assert again.summary.since == ago(7)
    later, posting = run(tmp_path, config, IN_A_WEEK, incident("CI-1", form_received=MONDAY), incident("CI-3"))
    assert new_in(later) == ["CI-1"]  # dated within the week; told once too often rather than never
    assert posting.drafts


def test_a_mail_that_went_to_nobody_is_not_taken_as_told(tmp_path: Path) -> None:
    refused = settings(tmp_path, transport="smtp", sender="a@council.example", smtp={"host": "localhost", "port": 1})
    _, posting = run(tmp_path, refused, MONDAY, incident("CI-1"))
    assert posting.refusal is not None
    written, posting = run(tmp_path, settings(tmp_path), MONDAY, incident("CI-1"))
    assert new_in(written) == ["CI-1"]
    assert [each.result for each in posting.deliveries] == ["drafted"] * 2


def test_weeks_without_a_summary_are_made_up_for(tmp_path: Path, config: Config) -> None:
    run(tmp_path, config, MONDAY, incident("CI-1"))
    after = MONDAY + dt.timedelta(days=28)
    missed = [incident(f"CI-{number}", form_received=MONDAY + dt.timedelta(days=7 * number)) for number in (1, 2, 3)]
    written, _ = run(tmp_path, config, after, incident("CI-1"), *missed[1:])
    assert written.summary.since == MONDAY
    assert new_in(written) == ["CI-2", "CI-3"]


def _cut_off(*_: object, **__: object) -> None:
    raise CutOff
