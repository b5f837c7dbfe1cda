"""A message becomes an e-mail with a text, a page, pictures and attachments, and no header but its own."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.adapters.mail.transport.message import Attachment, Message, Picture, Recipient
from scripts.adapters.mail.transport.mime import LONGEST_SUBJECT, as_draft, as_email, file_name
from scripts.adapters.mail.transport.transport import DidNotGo
from tests.adapters.mail.post_office import MOMENT, PNG, settings, summary

SENDER = "tracker@council.example"
TO = ["ann.sample@council.example", "bob.sample@council.example"]


def sent(message: Message, marking: str = "OFFICIAL-SENSITIVE") -> EmailMessage:
    """`message` as whoever gets it reads it."""
    mail = as_email(message, TO, marking=marking, sender=SENDER, moment=MOMENT)
    return email.message_from_bytes(mail.as_bytes(), policy=email.policy.default)


def test_all_its_parts(tmp_path: Path) -> None:
    message = summary(
        settings(tmp_path),
        subject="Example Council, week 48: Zoë’s café",
        text="Café – ≥ 3\n.a line that begins with a full stop\n",
        html='<p>Café <img src="cid:status" alt="3 late"></p>',
        pictures=(Picture("status", PNG, "3 late"),),
        attachments=(Attachment("Dead/lines.ics", "text/calendar", b"BEGIN:VCALENDAR\r\n", {"method": "PUBLISH"}),),
    )
    mail = sent(message)
    assert mail["Subject"] == "OFFICIAL-SENSITIVE: Example Council, week 48: Zoë’s café"
    assert (mail["From"], mail["To"]) == (SENDER, ", ".join(TO))
    assert mail["Date"].datetime == MOMENT
    assert mail["Auto-Submitted"] == "auto-generated"
    plain, page = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert page is not None
    assert plain.get_content().splitlines() == message.text.splitlines()
    assert '<img src="cid:status@critical-incident-tracker" alt="3 late">' in page.get_content()
    kinds = [part.get_content_type() for part in mail.walk()]
    assert kinds == [
        *("multipart/mixed", "multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png"),
        "text/calendar",
    ]
    picture, calendar = [part for part in mail.walk() if part.get_filename()]
    assert (picture["Content-ID"], picture.get_content()) == ("<status@critical-incident-tracker>", PNG)
    assert picture.get_content_disposition() == "inline"
    assert (calendar.get_filename(), calendar.get_param("method")) == ("Dead-lines.ics", "PUBLISH")
    assert calendar.get_payload(decode=True) == b"BEGIN:VCALENDAR\r\n"


def test_a_relay_that_takes_only_seven_bits_takes_it(tmp_path: Path) -> None:
    message = summary(settings(tmp_path), text="é" * 2000, html="<p>" + "é" * 2000)
    data = as_email(message, TO, marking="ÖFFENTLICH", sender=SENDER, moment=MOMENT).as_bytes()
    assert data.isascii()
    assert max(map(len, data.split(b"\r\n"))) <= 998
    assert b"\n" not in data.replace(b"\r\n", b"")


def test_the_same_message_has_the_same_id_and_another_has_another(tmp_path: Path) -> None:
    config = settings(tmp_path)
    first, again = sent(summary(config)), sent(summary(config, text="Worded anew."))
    assert first["Message-ID"] == again["Message-ID"]
    assert first["Message-ID"].endswith("@council.example>")
    others = [
        summary(config, period="2026-W49"), summary(config, kind="hos_list"), summary(config, reference="CI-1"),
        summary(config, stage="late"), summary(config, recipients=summary(config).recipients[:1]),
    ]  # fmt: skip
    assert len({sent(each)["Message-ID"] for each in [summary(config), *others]}) == 6


def test_without_a_marking(tmp_path: Path) -> None:
    assert sent(summary(settings(tmp_path)), marking="")["Subject"] == "Example Council, week 48: 3 overdue"


HEADERS = {"subject", "to", "from", "date", "message-id", "auto-submitted", "mime-version", "content-type"}
HEADERS |= {"content-transfer-encoding"}


@given(text=st.text(max_size=300), marking=st.text(max_size=30), name=st.text(max_size=50))
def test_whatever_a_cell_or_a_setting_says_is_no_header(text: str, marking: str, name: str) -> None:
    recipients = (Recipient("SLT", TO[0], "recipients.slt"),)
    attachment = Attachment(name, "text/plain", b"x")
    message = Message("kind", "2026", recipients, text, "A text\n", reference=text, attachments=(attachment,))
    for mail in (as_email(message, TO, marking=marking, sender=SENDER, moment=MOMENT),
                 as_draft(message, TO, marking=marking)):  # fmt: skip
        read = email.message_from_bytes(mail.as_bytes(), policy=email.policy.default)
        assert {header.lower() for header in read.keys()} <= HEADERS | {"x-unsent"}  # noqa: SIM118 - a header may be twice
        assert len(read.keys()) == len(set(read.keys()))
        assert read["To"] == ", ".join(TO)
        assert len(read["Subject"]) <= LONGEST_SUBJECT
        parts = [part.get_content_type() for part in read.walk()]
        assert parts == ["multipart/mixed", "text/plain", "text/plain"]


@pytest.mark.parametrize(
    "injected", ["=?utf-8?q?CI-1=0D=0ABcc:_thief@elsewhere.example?=", "=?utf-8?b?Q0k=?=", "=\x00?us-ascii?q?x?="]
)
def test_an_encoded_word_is_not_decoded(injected: str, tmp_path: Path) -> None:
    message = summary(settings(tmp_path), subject=f"Late: {injected}")
    for mail in (as_email(message, TO, marking="", sender=SENDER, moment=MOMENT), as_draft(message, TO, marking="")):
        read = email.message_from_bytes(mail.as_bytes(), policy=email.policy.default)
        assert read["Bcc"] is None
        assert "?=" in read["Subject"]


@pytest.mark.parametrize("last", ["5", "é"])
def test_a_subject_begins_on_its_own_line(last: str, tmp_path: Path) -> None:
    for length in range(30, LONGEST_SUBJECT):
        message = summary(settings(tmp_path), subject=("late: " * 40)[:length] + last)
        data = as_email(message, TO, marking="OFFICIAL", sender=SENDER, moment=MOMENT).as_bytes()
        assert b"Subject:\r\n" not in data, length
        assert sent(message)["Subject"].startswith("OFFICIAL-SENSITIVE: late: ")


def test_a_line_break_becomes_a_space(tmp_path: Path) -> None:
    mail = sent(summary(settings(tmp_path), subject="CI-1\r\nBcc: everybody@elsewhere.example\u2028X\u202e"))
    assert mail["Subject"] == "OFFICIAL-SENSITIVE: CI-1 Bcc: everybody@elsewhere.example X"
    assert mail["Bcc"] is None


@pytest.mark.parametrize(
    ("text", "name"),
    [("../../etc/passwd", "etc-passwd"), ("C:\\x.ics", "C-x.ics"), ("\r\n", "file"), ("CI 1/6.ics", "CI 1-6.ics")],
)
def test_names_of_files(text: str, name: str) -> None:
    assert file_name(text) == name


@pytest.mark.parametrize(
    "changes",
    [{"kind": "a\nb"}, {"period": ""}, {"stage": "a b"}, {"recipients": ()},
     {"pictures": (Picture("status", PNG, "x"),)},
     {"pictures": (Picture("status", PNG, "x"),), "html": "<p>cid:status</p>"}],
)  # fmt: skip
def test_messages_that_a_program_may_not_make(changes: dict[str, object], tmp_path: Path) -> None:
    with pytest.raises(ValueError):
        summary(settings(tmp_path), **changes)


@pytest.mark.parametrize(
    "address",
    ["=?utf-8?q?b=40evil.example=2C?=@council.example", "a@council.example, b@evil.example", "A <a@b.example>"],
)
def test_a_message_that_others_read_otherwise_does_not_go(address: str, tmp_path: Path) -> None:
    """Whatever let the address through: the finished message is read again."""
    message = summary(settings(tmp_path))
    with pytest.raises(DidNotGo, match="would not be those that were meant, so it was not sent"):
        as_email(message, [address], marking="", sender=SENDER, moment=MOMENT)
    with pytest.raises(DidNotGo, match="would not be those that were meant, so it was not sent"):
        as_draft(message, [address], marking="")
