"""The ledger: what it keeps and for how long, who it is kept from, and where it may lie."""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
import threading
from pathlib import Path

import pytest

from scripts.adapters.ledger import database
from scripts.adapters.ledger import ledger as ledgers
from scripts.adapters.ledger.database import VERSION, LedgerFile
from scripts.adapters.ledger.ledger import Ledger, State
from scripts.adapters.mail.posting import post
from scripts.adapters.storage import local_disk
from tests.adapters.mail.post_office import MOMENT, chaser, settings, summary
from tests.windows import is_ours_alone, of_linux
from tracker_schema.errors import MailNotSent, UsageError

DAY = dt.timedelta(days=1)


def quiet(_: str) -> None:
    pass


def entered(folder: Path, state: State = "sent", moment: dt.datetime = MOMENT) -> Ledger:
    """A ledger with a summary to two people and a chaser to an agency, all in that state."""
    config = settings(folder)
    ledger = Ledger(config.ledger.file)
    with ledger.alone(moment, quiet):
        for message in (summary(config), chaser(config)):
            entries = ledger.enter(message, message.recipients, "smtp", moment)
            ledger.confirm([(entry, state, "because") for entry in entries], moment)
    return ledger


def test_what_a_row_says(tmp_path: Path) -> None:
    with entered(tmp_path) as ledger:
        first, _, third = ledger.entries()
    assert (first.kind, first.reference, first.stage, first.period) == ("weekly_summary", None, "", "2026-W48")
    assert (third.kind, third.reference, third.stage) == ("agency_chaser", "CI-2026-001", "overdue")
    assert (third.role, third.domain, third.way, third.why) == (
        "agency Example Police", "agency.example", "smtp", "because",
    )  # fmt: skip
    assert (third.state, third.attempts, third.entered, third.changed) == ("sent", 1, MOMENT, MOMENT)


def test_no_address_and_no_subject_is_kept(tmp_path: Path) -> None:
    with entered(tmp_path):
        pass
    data = (tmp_path / "ledger.sqlite3").read_bytes()
    for word in (b"ann.sample", b"bob.sample", b"police@", b"3 overdue", b"Three steps"):
        assert word not in data
    assert is_ours_alone(tmp_path / "ledger.sqlite3")


def test_the_digest_is_of_this_ledger_alone(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    with entered(tmp_path / "a") as one, entered(tmp_path / "b") as other:
        assert {each.recipient for each in one.entries()}.isdisjoint(each.recipient for each in other.entries())


def test_what_may_go_is_only_what_is_new_or_surely_did_not(tmp_path: Path) -> None:
    config = settings(tmp_path)
    message = summary(config)
    for state, then in (("sent", "sent"), ("unknown", "unknown"), ("not sent", "going")):
        with Ledger(tmp_path / f"{state}.sqlite3") as ledger:
            with ledger.alone(MOMENT, quiet):
                entries = ledger.enter(message, message.recipients, "smtp", MOMENT)
                ledger.confirm([(entry, state, "") for entry in entries], MOMENT)  # type: ignore[misc]
            with ledger.alone(MOMENT, quiet):
                again = ledger.enter(message, message.recipients, "graph", MOMENT)
            assert [entry.state for entry in again] == [then, then]
            assert {entry.attempts for entry in again} == ({2} if then == "going" else {1})


def test_what_a_killed_run_left_is_unknown_to_the_next(tmp_path: Path) -> None:
    config = settings(tmp_path)
    with Ledger(config.ledger.file) as ledger:
        with ledger.alone(MOMENT, quiet):
            ledger.enter(summary(config), summary(config).recipients, "smtp", MOMENT)
        with ledger.alone(MOMENT + DAY, quiet):
            assert {(each.state, each.why) for each in ledger.entries()} == {("unknown", "The run was interrupted.")}


def test_entries_by_what_they_are_about(tmp_path: Path) -> None:
    with entered(tmp_path) as ledger:
        assert len(ledger.entries(kind="weekly_summary")) == 2
        assert [each.reference for each in ledger.entries(kind="agency_chaser")] == ["CI-2026-001"]
        assert ledger.entries(states=["unknown"]) == []
        assert ledger.entries(kind="agency_chaser", states=["unknown"]) == []


def test_only_what_is_unknown_can_be_resolved(tmp_path: Path) -> None:
    with entered(tmp_path, "unknown") as ledger:
        assert ledger.resolve(1, "sent", MOMENT + DAY).state == "sent"
        assert ledger.resolve(2, "not sent", MOMENT + DAY).why == "A person recorded it."
        with pytest.raises(UsageError, match="Message 1 is not unknown but sent, so nothing was changed"):
            ledger.resolve(1, "not sent", MOMENT)
        with pytest.raises(UsageError, match=r"has no message 99\. See python"):
            ledger.resolve(99, "sent", MOMENT)


def test_old_rows_are_counted_but_never_those_of_open_incidents(tmp_path: Path) -> None:
    with entered(tmp_path, moment=MOMENT - 500 * DAY) as ledger:
        assert ledger.summarise(MOMENT - 501 * DAY, []) == 0
        assert ledger.summarise(MOMENT, ["ci-2026-001"]) == 2
        assert [entry.reference for entry in ledger.entries()] == ["CI-2026-001"]
        assert ledger.counted() == [("2025-07", "weekly_summary", "sent", 2)]
        assert ledger.summarise(MOMENT, []) == 1
        assert ledger.summarise(MOMENT, []) == 0
        assert ledger.counted() == [("2025-07", "agency_chaser", "sent", 1), ("2025-07", "weekly_summary", "sent", 2)]


def test_what_is_unknown_is_never_counted_away(tmp_path: Path) -> None:
    with entered(tmp_path, "unknown", MOMENT - 500 * DAY) as ledger:
        assert ledger.summarise(MOMENT, []) == 0
        assert len(ledger.entries(states=["unknown"])) == 3


def test_another_run_is_waited_for_and_that_is_said(tmp_path: Path) -> None:
    file = settings(tmp_path).ledger.file
    said: list[str] = []
    order: list[str] = []
    waits = threading.Event()

    def second() -> None:
        def say(sentence: str) -> None:
            said.append(sentence)
            waits.set()

        with Ledger(file) as ledger, ledger.alone(MOMENT, say):
            order.append("second")

    with Ledger(file) as ledger:
        thread = threading.Thread(target=second)
        with ledger.alone(MOMENT, said.append):
            thread.start()
            waits.wait()
            order.append("first")
        thread.join()
    assert order == ["first", "second"]
    assert said == ["Another run is sending mail; this one waits for it."]


def test_what_goes_wrong_while_a_run_is_alone_is_not_the_ledgers(tmp_path: Path) -> None:
    with Ledger(tmp_path / "a") as ledger, pytest.raises(ConnectionResetError), ledger.alone(MOMENT, quiet):
        raise ConnectionResetError


def test_another_run_that_never_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledgers, "SECONDS_FOR_OTHERS", 0.0)
    with Ledger(tmp_path / "a") as one, Ledger(tmp_path / "a") as other, one.alone(MOMENT, quiet):  # noqa: SIM117
        with pytest.raises(MailNotSent, match="Another run has been sending mail for 0 minutes"):
            with other.alone(MOMENT, quiet):
                raise AssertionError("they are both alone")


# Where it may lie, and what is wrong with it


def test_a_file_that_is_no_ledger(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    path.write_bytes(b"Critical incidents (made up)" * 100)
    with pytest.raises(MailNotSent, match=r"ledger\.sqlite3 cannot be used \(file is not a database\)") as error:
        Ledger(path)
    assert error.value.exit_code == 5
    assert path.read_bytes().startswith(b"Critical")


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(MailNotSent, match=r"cannot be used \((Not a directory|[^)]*exists)\)"):
        Ledger(tmp_path / "file" / "ledger.sqlite3")


def test_a_ledger_of_a_newer_version(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "ledger") as rows:
        rows.execute(f"PRAGMA user_version = {VERSION + 1}")
    rows.close()
    with pytest.raises(MailNotSent, match="a newer version of this program made it"):
        Ledger(tmp_path / "ledger")


DAMAGE = {
    "its key": "DELETE FROM digest_key",
    "an empty key": "UPDATE digest_key SET key = ''",
    "a key of another kind": "UPDATE digest_key SET key = 'made up, and far too short'",
    "a date": "UPDATE message SET changed = 'yesterday'",
    "not a text": "UPDATE message SET why = CAST(x'ff00ff' AS TEXT)",
    "a table": "DROP TABLE message",
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_ledger_stops_mail_in_a_sentence(damage: str, tmp_path: Path) -> None:
    entered(tmp_path).connection.close()
    file = settings(tmp_path).ledger.file
    with sqlite3.connect(file) as rows:
        rows.execute(DAMAGE[damage])
    rows.close()
    config = settings(tmp_path)
    with pytest.raises(MailNotSent, match=r"ledger\.sqlite3 cannot be used \(.*\), so nothing more was sent"):
        post([summary(config)], config, MOMENT, as_of=MOMENT.date(), trial=False)
    assert not list(config.drafts_folder(trial=False).glob("*.eml"))


@pytest.mark.parametrize("lost", ["gone", "empty", "gone, and made again by another job"])
def test_a_ledger_that_vanished_stops_mail_until_a_person_says_so(lost: str, tmp_path: Path) -> None:
    config = settings(tmp_path)
    assert [
        each.result for each in post([summary(config)], config, MOMENT, as_of=MOMENT.date(), trial=False).deliveries
    ] == ["drafted"] * 2
    drafts = sorted(config.drafts_folder(trial=False).glob("*.eml"))
    if lost == "empty":
        config.ledger.file.write_bytes(b"")
    else:
        config.ledger.file.unlink()
    if "another job" in lost:
        LedgerFile(config.ledger.file).connection.close()
    for dry_run in (True, False, False):
        with pytest.raises(MailNotSent, match=r"is gone, empty or new, although this program has run before"):
            post([summary(config)], config, MOMENT, as_of=MOMENT.date(), trial=False, dry_run=dry_run)
    assert sorted(config.drafts_folder(trial=False).glob("*.eml")) == drafts
    with Ledger(config.ledger.file) as ledger:
        ledger.accept()
    assert [
        each.result for each in post([summary(config)], config, MOMENT, as_of=MOMENT.date(), trial=False).deliveries
    ] == ["drafted"] * 2


def test_a_ledger_that_another_program_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "SECONDS_FOR_A_WRITE", 0.01)
    with entered(tmp_path) as ledger, Ledger(ledger.file) as other:
        other.connection.execute("BEGIN EXCLUSIVE")
        with pytest.raises(MailNotSent, match=r"\(another program has it open\).* End that program, and run again"):
            Ledger(ledger.file)


def test_a_full_disk_after_sending_leaves_the_row_going(tmp_path: Path) -> None:
    config = settings(tmp_path)
    with Ledger(config.ledger.file) as ledger:
        with ledger.alone(MOMENT, quiet):
            entries = ledger.enter(summary(config), summary(config).recipients, "smtp", MOMENT)
            trigger = "CREATE TRIGGER full BEFORE UPDATE ON message BEGIN SELECT RAISE(ABORT, 'full'); END"
            ledger.connection.execute(trigger)
            with pytest.raises(MailNotSent, match=r"cannot be used \(full\)"):
                ledger.confirm([(entry, "sent", "") for entry in entries], MOMENT)
            ledger.connection.execute("DROP TRIGGER full")
        assert [entry.state for entry in ledger.entries()] == ["going", "going"]


@of_linux("the list of what is mounted")
@pytest.mark.parametrize(
    ("kind", "local"), [("ext4", True), ("tmpfs", True), ("cifs", False), ("nfs4", False), ("fuse.sshfs", False)]
)
def test_a_network_mount_is_refused(kind: str, local: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    share = tmp_path / "the share"
    share.mkdir()
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/sda1 / ext4 rw 0 0\n//server/x {str(share).replace(' ', chr(92) + '040')} {kind} rw 0 0\n")
    monkeypatch.setattr(local_disk, "MOUNTS", mounts)
    assert (local_disk.not_local(share / "ledger.sqlite3") is None) == local
    assert local_disk.not_local(tmp_path / "ledger.sqlite3") is None
    if not local:
        with pytest.raises(UsageError, match="is on a network drive, where two runs at the same time cannot"):
            Ledger(share / "ledger.sqlite3")
        assert os.listdir(share) == []  # noqa: PTH208


def test_a_folder_of_onedrive_and_a_share_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OneDriveCommercial", str(tmp_path / "OneDrive - Example Council"))
    inside = tmp_path / "OneDrive - Example Council" / "x" / "ledger.sqlite3"
    assert local_disk.not_local(inside) == "in a folder that OneDrive syncs"
    assert local_disk.not_local(Path("//server/share/ledger")) == "on a network share"
