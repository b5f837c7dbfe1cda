"""A mailbox in Microsoft 365: the real library against the server on loopback, and every way the answer can be lost."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from scripts.adapters.ledger.ledger import Ledger
from scripts.adapters.mail.deliveries import Posting
from scripts.adapters.mail.posting import post
from scripts.adapters.mail.transport.message import Message, Picture
from scripts.adapters.settings.config import Config
from tests.adapters.mail.post_office import MOMENT, PNG, chaser, settings, summary

if TYPE_CHECKING:
    from tests.servers.graph.server import GraphServer

ANN, BOB = "ann.sample@council.example", "bob.sample@council.example"
LOST = "Microsoft 365 did not answer after the message was sent to it."


@pytest.fixture
def config(graph: GraphServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    """Settings by which mail goes out of a mailbox of the test's tenant, with a client secret."""
    monkeypatch.setenv("TRACKER_CLIENT_SECRET", graph.entra.secret)
    return by_graph(tmp_path, graph)


def by_graph(folder: Path, graph: GraphServer, sender: str = "tracker@contoso.com") -> Config:
    who = {"method": "secret", "tenant": graph.entra.tenant, "client_id": graph.entra.client_id}
    return settings(folder, transport="graph", sender=sender, to_agencies="send", sign_in=who)


def posted(config: Config, *messages: Message) -> Posting:
    return post(messages, config, MOMENT, as_of=MOMENT.date(), trial=False)


def results(posting: Posting) -> list[str]:
    return [each.result for each in posting.deliveries]


def recipients(graph: GraphServer) -> list[str]:
    return [address for sent in graph.mail.sent for address in sent.recipients]


def test_mail_goes_out_as_it_was_made(graph: GraphServer, config: Config) -> None:
    message = summary(
        config, text="Café\n", html='<img src="cid:status" alt="x">', pictures=(Picture("status", PNG, "x"),)
    )
    posting = posted(config, message, chaser(config))
    assert (results(posting), posting.refusal) == (["sent"] * 3, None)
    assert [sent.recipients for sent in graph.mail.sent] == [[ANN, BOB], ["police@agency.example"]]
    mail = graph.mail.sent[0].mime
    assert mail is not None
    assert graph.mail.sent[0].mailbox == mail["From"] == "tracker@contoso.com"
    assert mail["Message-ID"] == f"<{message.digest}@contoso.com>"
    assert [part.get_content() for part in mail.walk() if part.get_content_type() == "image/png"] == [PNG]
    assert results(posted(config, message, chaser(config))) == ["done before"] * 3
    assert len(graph.requests_to("sendMail")) == 2


def test_the_sign_in_is_that_of_the_tracker_and_happens_once(graph: GraphServer, config: Config) -> None:
    posted(config, summary(config), chaser(config))
    assert len(graph.requests_to("/oauth2/v2.0/token")) == 1


def test_a_token_that_runs_out_on_the_way(graph: GraphServer, config: Config) -> None:
    graph.fault(path_contains="sendMail", status=401)
    assert results(posted(config, summary(config))) == ["sent", "sent"]
    assert recipients(graph) == [ANN, BOB]


def refusing(graph: GraphServer, address: str) -> Callable[[], object]:
    """Lets the tenant refuse every mail that has `address` among its recipients."""
    answer = graph.mail.answer

    def refused(request: Any, steps: Any, access: Any) -> Any:
        from tests.servers.graph.exchange import Refusal

        response = answer(request, steps, access)
        if address in graph.mail.sent[-1].recipients:
            graph.mail.sent.pop()
            raise Refusal(400, "ErrorInvalidRecipients", "At least one recipient is not valid.")
        return response

    graph.mail.answer = refused  # type: ignore[method-assign]
    return lambda: setattr(graph.mail, "answer", answer)


def test_one_refused_recipient_is_an_error_and_the_others_get_theirs_once(graph: GraphServer, config: Config) -> None:
    mend = refusing(graph, BOB)
    posting = posted(config, summary(config))
    assert results(posting) == ["sent", "not sent"]
    who = "SLT (recipients.slt, entry 2)"
    assert str(posting.refusal) == f"Mail was not sent to {who}. Microsoft 365 refuses this recipient."
    assert recipients(graph) == [ANN]
    mend()
    assert results(posted(config, summary(config))) == ["done before", "sent"]
    assert recipients(graph) == [ANN, BOB]


@pytest.mark.parametrize("seconds", [7, 88])
def test_too_many_requests_are_waited_out(seconds: int, graph: GraphServer, config: Config, waits: list[float]) -> None:
    graph.fault(path_contains="sendMail", status=429, headers={"Retry-After": str(seconds)}, times=3)
    assert results(posted(config, summary(config))) == ["sent", "sent"]
    assert waits == [seconds] * 3
    assert recipients(graph) == [ANN, BOB]


def test_too_long_a_wait_is_left_to_the_next_run(graph: GraphServer, config: Config, waits: list[float]) -> None:
    graph.fault(path_contains="sendMail", status=429, headers={"Retry-After": "600"})
    posting = posted(config, summary(config), chaser(config))
    assert results(posting) == ["not sent"] * 3
    assert "did not answer after several tries" in str(posting.refusal)
    assert waits == []
    assert results(posted(config, summary(config))) == ["sent", "sent"]
    assert recipients(graph) == [ANN, BOB]


@pytest.mark.parametrize(
    ("fault", "went"),
    [
        ({"drop": "before"}, False),
        ({"drop": "after"}, True),
        ({"status": 504, "after_work": True}, True),
        ({"status": 503}, False),
        ({"status": 500}, False),
    ],
)
def test_a_lost_answer_goes_to_a_person_and_never_again_by_itself(
    fault: dict[str, Any], went: bool, graph: GraphServer, config: Config, waits: list[float]
) -> None:
    graph.fault(path_contains="sendMail", **fault)
    posting = posted(config, summary(config))
    assert results(posting) == ["unknown", "unknown"]
    assert str(posting.refusal).startswith(f"Nobody knows whether mail reached SLT. {LOST} Check whether they arrived")
    assert waits == []
    expected = [ANN, BOB] if went else []
    assert recipients(graph) == expected
    assert results(posted(config, summary(config), chaser(config))) == ["unknown", "unknown", "sent"]
    assert recipients(graph) == [*expected, "police@agency.example"]


def raising(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Lets every request to send mail fail with `error`, whatever comes of it at Microsoft's."""
    import requests

    send = requests.adapters.HTTPAdapter.send

    def failing(self: Any, request: Any, *args: Any, **options: Any) -> Any:
        if "sendMail" in request.url:
            raise error
        return send(self, request, *args, **options)

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", failing)


def test_what_goes_wrong_before_there_is_a_connection_surely_did_not_go(
    graph: GraphServer, config: Config, waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    import requests
    from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError, SSLError

    pool: Any = None
    failures = [
        (requests.ConnectionError(MaxRetryError(pool, "/", NewConnectionError(pool, "refused"))), "several tries"),
        (requests.ConnectTimeout(MaxRetryError(pool, "/", ConnectTimeoutError())), "after several tries"),
        (
            requests.exceptions.SSLError(MaxRetryError(pool, "/", SSLError(ssl.SSLCertVerificationError("x")))),
            "This computer does not trust the certificate that answers",
        ),
    ]
    for error, why in failures:
        with monkeypatch.context() as patch:
            raising(patch, error)
            posting = posted(config, summary(config), chaser(config))
        assert results(posting) == ["not sent"] * 3
        assert why in str(posting.refusal)
    assert results(posted(config, summary(config))) == ["sent", "sent"]


def test_what_goes_wrong_on_a_connection_may_have_gone(
    graph: GraphServer, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    import requests

    for stage, error in enumerate(
        [requests.ReadTimeout("x"), requests.ConnectionError("reset"), requests.exceptions.SSLError("cut off")]
    ):
        with monkeypatch.context() as patch:
            raising(patch, error)
            posting = posted(config, summary(config, stage=str(stage)))
        assert results(posting) == ["unknown", "unknown"], error


@pytest.mark.parametrize(
    ("sender", "why"),
    [
        ("ann.sample@contoso.com", "This program is not allowed to send from ann.sample@contoso.com. See section 5 of "
         "docs/for-it.md."),
        ("nobody@contoso.com", "Microsoft 365 has no mailbox nobody@contoso.com. Correct mail.sender."),
    ],
)  # fmt: skip
def test_a_mailbox_that_is_not_to_be_had(
    sender: str, why: str, graph: GraphServer, config: Config, tmp_path: Path
) -> None:
    other = by_graph(tmp_path, graph, sender)
    posting = posted(other, summary(other), chaser(other))
    assert str(posting.refusal) == f"Mail was not sent to SLT, agency Example Police. {why}"
    assert len(graph.requests_to("sendMail")) == 1


@pytest.mark.parametrize(
    ("secret", "why"),
    [
        ("wrong", "Mail was not sent to SLT. The client secret is wrong"),
        ("", "Mail was not sent to SLT. The client secret is not known"),
    ],
)
def test_a_sign_in_that_is_refused(
    secret: str, why: str, graph: GraphServer, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_CLIENT_SECRET", secret)
    posting = posted(config, summary(config))
    assert str(posting.refusal).startswith(why)
    assert posting.refusal is not None
    assert posting.refusal.exit_code == 5
    monkeypatch.setenv("TRACKER_CLIENT_SECRET", graph.entra.secret)
    assert results(posted(config, summary(config))) == ["sent", "sent"]


def test_a_sign_in_that_nobody_answers_surely_sent_nothing(
    graph: GraphServer, config: Config, waits: list[float]
) -> None:
    graph.fault(path_contains="login.microsoftonline.com", drop="before", times=20)
    assert results(posted(config, summary(config))) == ["not sent", "not sent"]
    graph.clear_faults()
    assert results(posted(config, summary(config))) == ["sent", "sent"]


def test_no_request_is_made_when_there_is_nothing_to_send(graph: GraphServer, config: Config) -> None:
    posted(config, summary(config))
    before = len(graph.log)
    posted(config, summary(config))
    assert len(graph.log) == before
    with Ledger(config.ledger.file) as ledger:
        assert {entry.attempts for entry in ledger.entries()} == {1}


def test_what_is_sent_is_the_message_in_base64_and_no_json(graph: GraphServer, config: Config) -> None:
    posted(config, summary(config))
    (request,) = graph.requests_to("sendMail")
    assert request.headers["content-type"] == "text/plain"
    assert request.body.isascii()
    assert b"{" not in request.body
