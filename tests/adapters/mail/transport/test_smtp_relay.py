"""The council's relay, a real one on loopback: what it takes, what it refuses, and every way it falls silent."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest

from scripts.adapters.ledger.ledger import Ledger
from scripts.adapters.mail.deliveries import Posting
from scripts.adapters.mail.posting import post
from scripts.adapters.mail.transport import smtp_relay
from scripts.adapters.mail.transport.message import Message
from scripts.adapters.settings.config import Config
from tests.adapters.mail.post_office import MOMENT, chaser, settings, summary
from tests.servers.relay_fixtures import PASSWORD
from tests.servers.smtp_server import Relay, running_relay

ANN, BOB = "ann.sample@council.example", "bob.sample@council.example"


def by_smtp(folder: Path, port: int, **smtp: Any) -> Config:
    host = {"host": "localhost", "port": port, "user": "svc-tracker"}
    return settings(folder, transport="smtp", sender="tracker@council.example", to_agencies="send", smtp=host | smtp)


def posted(config: Config, *messages: Message) -> Posting:
    return post(messages, config, MOMENT, as_of=MOMENT.date(), trial=False)


def states(config: Config) -> list[str]:
    with Ledger(config.ledger.file) as ledger:
        return [entry.state for entry in ledger.entries()]


def results(posting: Posting) -> list[str]:
    return [each.result for each in posting.deliveries]


def test_mail_goes_out_encrypted_and_signed_in(relay: Relay, tmp_path: Path) -> None:
    config = by_smtp(tmp_path, relay.port)
    text = "Café\r\n.\r\nBcc: nobody\n..two\n" + "long " * 500
    posting = posted(config, summary(config, text=text), chaser(config))
    assert (results(posting), posting.refusal) == (["sent", "sent", "sent"], None)
    assert relay.signed_in == ["svc-tracker"]
    (to, mail), (to_agency, _) = relay.taken
    assert (to, to_agency) == ([ANN, BOB], ["police@agency.example"])
    assert (mail["From"], mail["To"]) == ("tracker@council.example", f"{ANN}, {BOB}")
    assert mail["Subject"] == "OFFICIAL-SENSITIVE: Example Council, week 48: 3 overdue"
    body = mail.get_body(("plain",))
    assert body is not None
    assert body.get_content().split() == text.split()
    assert results(posted(config, summary(config), chaser(config))) == ["done before"] * 3
    assert len(relay.taken) == 2


def test_to_agencies_goes_a_draft_unless_the_settings_say_send(relay: Relay, tmp_path: Path) -> None:
    config = by_smtp(tmp_path, relay.port)
    mail = config.mail.model_copy(update={"to_agencies": "drafts"})
    config = config.model_copy(update={"mail": mail})
    posting = posted(config, chaser(config), summary(config))
    assert results(posting) == ["drafted", "sent", "sent"]
    assert relay.recipients() == [ANN, BOB]


def test_one_refused_recipient_is_an_error_and_the_others_get_theirs_once(relay: Relay, tmp_path: Path) -> None:
    config = by_smtp(tmp_path, relay.port)
    relay.refuses[BOB] = "550 no such mailbox here"
    posting = posted(config, summary(config))
    assert results(posting) == ["sent", "not sent"]
    assert str(posting.refusal) == (
        f"Mail was not sent to SLT (recipients.slt, entry 2). The mail relay localhost:{relay.port} refuses this "
        "recipient (550)."
    )
    assert posting.refusal is not None
    assert posting.refusal.exit_code == 5
    relay.refuses.clear()
    assert results(posted(config, summary(config))) == ["done before", "sent"]
    assert relay.recipients() == [ANN, BOB]
    assert len({mail["Message-ID"] for _, mail in relay.taken}) == 1


def test_all_recipients_refused(relay: Relay, tmp_path: Path) -> None:
    config = by_smtp(tmp_path, relay.port)
    relay.refuses |= {ANN: "550 no", BOB: "451 later"}
    assert results(posted(config, summary(config), chaser(config))) == ["not sent", "not sent", "sent"]
    assert relay.recipients() == ["police@agency.example"]


@pytest.mark.parametrize(
    ("replies", "breaks", "why"),
    [
        ({"MAIL": "553 not from here"}, [], "accepts no mail from tracker@council.example (553)"),
        ({"DATA": "554 it looks like spam"}, [], "does not accept the message (554)"),
        ({"DATA": "452 full for now"}, [], "does not accept the message (452)"),
        ({}, ["mail"], "broke the connection before the message was sent"),
    ],
)
def test_what_surely_did_not_go_goes_with_the_next_run(
    replies: dict[str, str], breaks: list[Any], why: str, relay: Relay, tmp_path: Path
) -> None:
    config = by_smtp(tmp_path, relay.port)
    relay.replies |= replies
    relay.breaks += breaks
    posting = posted(config, summary(config))
    assert results(posting) == ["not sent", "not sent"]
    assert why in str(posting.refusal)
    assert "--resolve" not in str(posting.refusal)
    assert relay.taken == []
    relay.replies.clear()
    assert results(posted(config, summary(config))) == ["sent", "sent"]
    assert relay.recipients() == [ANN, BOB]


@pytest.mark.parametrize("moment", ["data", "middle", "reply lost", "reply lost, not kept"])
def test_what_may_have_gone_goes_to_a_person_and_never_again_by_itself(
    moment: Any, relay: Relay, tmp_path: Path
) -> None:
    config = by_smtp(tmp_path, relay.port)
    relay.breaks.append(moment)
    posting = posted(config, summary(config))
    assert results(posting) == ["unknown", "unknown"]
    assert str(posting.refusal) == (
        f"Nobody knows whether mail reached SLT. The mail relay localhost:{relay.port} broke the connection while the "
        "message was being sent. Check whether they arrived: python -m scripts.ledger --unknown lists them. Record the "
        "answer with python -m scripts.ledger --resolve."
    )
    before = relay.recipients()
    again = posted(config, summary(config), chaser(config))
    assert results(again) == ["unknown", "unknown", "sent"]
    assert relay.recipients() == [*before, "police@agency.example"]
    later = posted(config, chaser(config, stage="escalated"))
    assert results(later) == ["sent"]
    assert str(later.refusal).startswith("Nobody knows whether 2 earlier messages were sent. Check whether")
    with Ledger(config.ledger.file) as ledger:
        for entry in ledger.entries(states=["unknown"]):
            ledger.resolve(entry.id, "sent" if before else "not sent", MOMENT)
    resolved = posted(config, summary(config))
    assert results(resolved) == ["done before" if before else "sent"] * 2
    assert resolved.refusal is None
    assert relay.recipients().count(ANN) == 1


def test_a_reply_that_does_not_come_is_not_waited_for_for_ever(
    relay: Relay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp_relay, "SECONDS_FOR_A_REPLY", 0.3)
    config = by_smtp(tmp_path, relay.port)
    relay.breaks.append("silence")
    assert results(posted(config, summary(config))) == ["unknown", "unknown"]
    assert relay.recipients() == [ANN, BOB]
    assert results(posted(config, summary(config))) == ["unknown", "unknown"]
    assert relay.recipients() == [ANN, BOB]


def test_a_lost_connection_does_not_keep_the_next_message_back(relay: Relay, tmp_path: Path) -> None:
    config = by_smtp(tmp_path, relay.port)
    relay.breaks.append("middle")
    assert results(posted(config, summary(config), chaser(config))) == ["unknown", "unknown", "sent"]


@pytest.mark.parametrize(
    ("smtp", "variables", "why"),
    [
        ({}, {"SSL_CERT_FILE": ""}, "The mail relay localhost:{port} has a certificate that this computer does not "
         "trust, or one for another name. If the council has its own certificate authority, name its file in "
         "SSL_CERT_FILE."),
        ({"security": "tls"}, {}, "The mail relay localhost:{port} cannot be reached, or broke the connection."),
        ({}, {"TRACKER_SMTP_PASSWORD": "wrong"}, "The mail relay localhost:{port} refuses the user or the password "
         "(535). Correct mail.smtp.user and TRACKER_SMTP_PASSWORD."),
        ({}, {"TRACKER_SMTP_PASSWORD": ""}, "The password of mail.smtp.user is not known. Put it in the environment as "
         "TRACKER_SMTP_PASSWORD, or in the keyring with python -m keyring set critical-incident-tracker smtp-password"),
        ({"user": None}, {}, "accepts no mail from tracker@council.example (530)"),
        ({"host": "127.0.0.1"}, {}, "or one for another name"),
    ],
)  # fmt: skip
def test_a_relay_that_is_not_to_be_had(
    smtp: dict[str, Any], variables: dict[str, str], why: str, relay: Relay, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    config = by_smtp(tmp_path, relay.port, **smtp)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    posting = posted(config, summary(config), chaser(config))
    assert results(posting) == ["not sent"] * 3
    assert why.format(port=relay.port) in str(posting.refusal)
    assert PASSWORD not in str(posting.refusal)
    assert relay.taken == []
    # The second message is not even tried: it would fare no better.
    assert len(states(config)) == 2


def test_nobody_listens(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    posting = posted(by_smtp(tmp_path, port), summary(by_smtp(tmp_path, port)))
    assert "cannot be reached, or broke the connection. Check that this computer is online" in str(posting.refusal)


def test_a_relay_without_starttls_gets_no_mail(tmp_path: Path) -> None:
    with running_relay(tmp_path, security="none") as relay:
        config = by_smtp(tmp_path, relay.port, user=None)
        assert "offers no STARTTLS" in str(posted(config, summary(config)).refusal)
        open_config = by_smtp(tmp_path, relay.port, user=None, security="none")
        assert posted(open_config, summary(open_config)).refusal is None
        assert relay.recipients() == [ANN, BOB]


def test_tls_from_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with running_relay(tmp_path, security="tls") as relay:
        strange = by_smtp(tmp_path / "strange", relay.port, user=None, security="tls")
        assert "that this computer does not trust" in str(posted(strange, summary(strange)).refusal)
        assert relay.taken == []
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
        config = by_smtp(tmp_path, relay.port, user=None, security="tls")
        assert posted(config, summary(config)).refusal is None
        assert relay.recipients() == [ANN, BOB]


def test_a_certificate_for_another_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with running_relay(tmp_path, host_in_certificate="elsewhere.example") as relay:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
        config = by_smtp(tmp_path, relay.port, user=None)
        assert "for another name" in str(posted(config, summary(config)).refusal)
        assert relay.taken == []
