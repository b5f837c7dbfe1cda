"""Messages go to those whom the settings name, once, and the posting says what came of each."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scripts.adapters.ledger.ledger import Ledger
from scripts.adapters.mail import deliveries
from scripts.adapters.mail.address_book import AddressBook
from scripts.adapters.mail.deliveries import Posting
from scripts.adapters.mail.posting import post
from scripts.adapters.mail.transport.message import Message, Recipient
from scripts.adapters.settings.config import Config
from tests.adapters.mail.post_office import MOMENT, chaser, opened, settings, summary
from tests.windows import is_ours_alone


def posted(config: Config, *messages: Message, trial: bool = False, dry_run: bool = False) -> Posting:
    return post(messages, config, MOMENT, as_of=MOMENT.date(), trial=trial, dry_run=dry_run, warn=_never)


def _never(sentence: str) -> None:
    raise AssertionError(sentence)


def results(posting: Posting) -> list[tuple[str, str]]:
    return [(each.recipient.role, each.result) for each in posting.deliveries]


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


# Drafts


def test_a_draft_that_outlook_opens_as_unsent(tmp_path: Path) -> None:
    config = settings(tmp_path)
    posting = posted(config, summary(config))
    assert results(posting) == [("SLT", "drafted"), ("SLT", "drafted")]
    assert posting.refusal is None
    (path,) = posting.drafts
    mail = opened(path)
    assert mail["X-Unsent"] == "1"
    assert mail["To"] == "ann.sample@council.example, bob.sample@council.example"
    assert mail["Subject"] == "OFFICIAL-SENSITIVE: Example Council, week 48: 3 overdue"
    assert mail["From"] is None
    assert is_ours_alone(path)


def test_the_name_of_a_draft_says_the_reference_and_nothing_of_anybody(tmp_path: Path) -> None:
    config = settings(tmp_path)
    odd = chaser(config, reference="..\\..\\CI 1/2026\n" + "x" * 300)
    (first,) = posted(config, chaser(config)).drafts
    (second,) = posted(config, odd).drafts
    assert first.parent == second.parent == config.drafts_folder(trial=False)
    assert first.name[:-13] == "2026-11-23 agency-chaser overdue CI-2026-001"
    assert second.name.startswith("2026-11-23 agency-chaser overdue ..-..-CI 1-2026-xxx")
    assert len(second.name) < 120


def test_a_second_run_makes_no_second_draft_even_when_a_person_removed_it(tmp_path: Path) -> None:
    config = settings(tmp_path)
    (path,) = posted(config, summary(config)).drafts
    path.unlink()
    again = posted(config, summary(config))
    assert results(again) == [("SLT", "done before"), ("SLT", "done before")]
    assert (again.drafts, again.refusal, files(config.drafts_folder(trial=False))) == ([], None, [])


def test_whoever_joins_the_list_gets_it_and_nobody_else_again(tmp_path: Path) -> None:
    before = settings(tmp_path)
    posted(before, summary(before, recipients=AddressBook(before).everyone("slt")[:1]))
    posting = posted(before, summary(before))
    assert results(posting) == [("SLT", "done before"), ("SLT", "drafted")]
    assert opened(posting.drafts[0])["To"] == "bob.sample@council.example"


def test_without_any_settings_a_draft_is_left_to_a_person_to_address(own_home: Path) -> None:
    config = Config()
    posting = posted(config, summary(config))
    assert results(posting) == [("SLT", "drafted")]
    assert opened(posting.drafts[0])["To"] is None
    assert posted(config, summary(config)).drafts == []
    assert posting.drafts[0].is_relative_to(own_home)


def test_a_trial_writes_drafts_and_does_not_keep_the_real_message_back(tmp_path: Path) -> None:
    config = settings(tmp_path, transport="smtp", sender="tracker@council.example", smtp={"host": "relay.invalid"})
    assert results(posted(config, summary(config), trial=True)) == [("SLT", "drafted")] * 2
    assert results(posted(config, summary(config), trial=True)) == [("SLT", "done before")] * 2
    assert results(posted(config, summary(config), dry_run=True)) == [("SLT", "would be sent")] * 2


def test_a_dry_run_does_nothing(tmp_path: Path) -> None:
    config = settings(tmp_path)
    assert results(posted(config, summary(config), dry_run=True)) == [("SLT", "would be drafted")] * 2
    assert files(tmp_path) == []
    posted(config, summary(config))
    before = files(tmp_path)
    dry = posted(config, summary(config), chaser(config), dry_run=True)
    assert results(dry) == [*[("SLT", "done before")] * 2, ("agency Example Police", "would be drafted")]
    assert files(tmp_path) == before


def test_a_drafts_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "drafts").write_text("a file, not a folder")
    config = settings(tmp_path)
    posting = posted(config, summary(config), chaser(config))
    assert {each.result for each in posting.deliveries} == {"not sent"}
    assert posting.refusal is not None
    assert posting.refusal.exit_code == 5
    reason = r"\([^)]*exists\)"
    assert re.sub(reason, "(…)", str(posting.refusal)) == (
        f"Mail was not sent to SLT, agency Example Police. No draft can be written to {tmp_path / 'drafts'} (…). "
        "Make space there, or name another folder as mail.drafts_folder in config.toml."
    )


# Whom it may go to


@pytest.mark.parametrize(
    ("recipient", "why"),
    [
        (
            Recipient("SLT", "eve@elsewhere.example", "recipients.slt"),
            "The address is not one that config.toml names in a domain of mail.allowed_domains.",
        ),
        (
            Recipient("SLT", "eve@council.example", "recipients.slt"),
            "The address is not one that config.toml names in a domain of mail.allowed_domains.",
        ),
        (Recipient("business unit", None, "recipients.business_unit"),
         "config.toml has no address under [recipients.business_unit]."),
    ],
)  # fmt: skip
def test_nobody_whom_the_settings_do_not_name_gets_mail(recipient: Recipient, why: str, tmp_path: Path) -> None:
    config = settings(tmp_path, transport="smtp", sender="tracker@council.example", smtp={"host": "relay.invalid"})
    posting = posted(config, summary(config, recipients=(recipient,)))
    assert str(posting.refusal) == f"Mail was not sent to {recipient.role}. {why}"
    with Ledger(config.ledger.file) as ledger:
        assert ledger.entries() == []


def test_an_address_outside_the_allowed_domains_gets_no_draft_either(tmp_path: Path) -> None:
    config = settings(tmp_path, allowed_domains=["agency.example"])
    posting = posted(config, summary(config))
    assert results(posting) == [("SLT", "not sent"), ("SLT", "not sent")]
    assert posting.drafts == []


def test_the_address_book(tmp_path: Path) -> None:
    book = AddressBook(settings(tmp_path))
    assert book.head_of_service(" head OF  service one ").address == "one@council.example"
    assert book.head_of_service("Head of Service Two").address is None
    assert book.agency("EXAMPLE police") == Recipient("agency Example Police", "police@agency.example", "agencies")
    assert book.agency("Example  School") == Recipient("agency Example School", None, "agencies")
    assert book.agency("Example Police").is_agency
    assert not book.everyone("slt")[0].is_agency


# What is told


def test_what_a_job_shows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = settings(tmp_path)
    posting = posted(config, summary(config), chaser(config))
    deliveries.show(posting)
    shown = capsys.readouterr().out
    assert "drafted  agency chaser   CI-2026-001  agency Example Police" in shown
    assert f"The drafts are in {config.drafts_folder(trial=False)}: open each" in shown
    assert "@" not in shown
    assert posting.as_json()[2] == {
        "kind": "agency_chaser", "reference": "CI-2026-001", "stage": "overdue", "period": "2026-W48",
        "to": "agency Example Police", "result": "drafted", "why": "",
    }  # fmt: skip


def test_the_demonstration_has_somebody_for_every_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from scripts.adapters.tracker import demo
    from tracker_schema.calendar.working_days import england_and_wales
    from tracker_schema.made_up import cases

    monkeypatch.chdir(tmp_path)
    demo.DRAFTS.parent.mkdir()
    for _ in range(2):
        config = demo.settings()
        book = AddressBook(config)
        made_up = cases(MOMENT.date(), england_and_wales())
        heads = {str(row["operational_head"]) for row in made_up["incidents"] if row.get("operational_head")}
        agencies = {str(row["agency"]) for row in made_up["scoping"]}
        everybody = [*map(book.head_of_service, heads), *map(book.agency, agencies), *book.everyone("slt")]
        assert [each.role for each in everybody if not book.may_write_to(each)] == []
        assert {each for _, each in results(posted(config, summary(config)))} == {"drafted"}
