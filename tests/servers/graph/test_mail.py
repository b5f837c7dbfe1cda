from __future__ import annotations

import base64
from email.message import EmailMessage

import pytest
from office365.runtime.client_request_exception import ClientRequestException

from tests.servers.graph.client import Client, refused
from tests.servers.graph.server import GraphServer

MAILBOX = "tracker@contoso.com"
JSON = {
    "subject": "Overdue – made up",
    "body": {"contentType": "Text", "content": "One clock has run out."},
    "toRecipients": [{"emailAddress": {"address": "ann.sample@contoso.com"}}],
}


@pytest.fixture
def client(graph: GraphServer) -> Client:
    return Client(graph, graph.add_file("/Tracker.xlsx", b""))


def mime() -> bytes:
    message = EmailMessage()
    message["To"] = "Ann Sample <ann.sample@contoso.com>"
    message["Cc"] = "bob.sample@contoso.com"
    message["Subject"] = "Overdue – made up"
    message.set_content("One clock has run out.")
    return base64.b64encode(message.as_bytes())


def test_mail_as_json(graph: GraphServer, client: Client) -> None:
    answer = client.call("post", f"/users/{MAILBOX}/sendMail", {"message": JSON, "saveToSentItems": True})
    assert answer.status_code == 202
    (sent,) = graph.mail.sent
    assert (sent.mailbox, sent.subject, sent.recipients) == (MAILBOX, JSON["subject"], ["ann.sample@contoso.com"])
    assert sent.json == {"message": JSON, "saveToSentItems": True}


def test_mail_of_the_library(graph: GraphServer, client: Client) -> None:
    client.office.users[MAILBOX].send_mail("Overdue", "One clock", ["ann.sample@contoso.com"]).execute_query()
    assert graph.mail.sent[0].recipients == ["ann.sample@contoso.com"]


def test_mail_as_mime(graph: GraphServer, client: Client) -> None:
    client.call("post", f"/users/{MAILBOX}/sendMail", mime(), Content_Type="text/plain")
    (sent,) = graph.mail.sent
    assert (sent.subject, sent.recipients) == (JSON["subject"], ["ann.sample@contoso.com", "bob.sample@contoso.com"])
    assert sent.mime is not None
    assert sent.mime.get_content() == "One clock has run out.\n"


@pytest.mark.parametrize(
    ("mailbox", "body", "kind", "expected"),
    [
        ("ann.sample@contoso.com", {"message": JSON}, "application/json", (403, "ErrorAccessDenied")),
        ("nobody@contoso.com", {"message": JSON}, "application/json", (404, "ErrorInvalidUser")),
        (MAILBOX, {}, "application/json", (400, "ErrorInvalidParameter")),
        (MAILBOX, {"message": {"subject": "x"}}, "application/json", (400, "ErrorInvalidRecipients")),
        (MAILBOX, b"To: not base64", "text/plain", (400, "ErrorMimeContentInvalidBase64String")),
    ],
)
def test_mail_that_is_refused(
    graph: GraphServer, client: Client, mailbox: str, body: object, kind: str, expected: tuple[int, str]
) -> None:
    with pytest.raises(ClientRequestException) as error:
        client.call("post", f"/users/{mailbox}/sendMail", body, Content_Type=kind)
    assert refused(error) == expected
    assert graph.mail.sent == []


def test_a_token_for_all_mailboxes(graph: GraphServer, client: Client) -> None:
    graph.entra.roles = ["Mail.Send"]
    client.call("post", "/users/ann.sample@contoso.com/sendMail", {"message": JSON})
    assert len(graph.mail.sent) == 1
