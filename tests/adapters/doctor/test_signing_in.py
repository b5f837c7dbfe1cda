"""doctor on the way into Microsoft 365: each check fine, and each going wrong with its remedy."""

from __future__ import annotations

import datetime as dt
import os
from typing import TYPE_CHECKING

import pytest

from scripts.adapters.graph.session import new_session
from tests.adapters.doctor.doctor_runs import SharePointDoctor
from tests.adapters.graph.sharepoint import config_file

if TYPE_CHECKING:
    from tests.servers.graph.entra.certificates import AppCertificate
    from tests.servers.graph.server import GraphServer

ON_WINDOWS = os.name == "nt"  # which tells nothing by a mode
AFTER_THE_SIGN_IN = {
    *("Permissions", "Site", "Library", "File", "Reading the tracker", "Headings", "Clocks", "Like headings"),
    *("Our columns", "Status columns", "Changing the workbook", "Copies left behind", "Write permission"),
    "Way to write",
}


@pytest.mark.parametrize(
    ("minutes", "verdict", "code"),
    [(1, "fine", 0), (-3, "warning", 0), (4, "warning", 0), (7, "wrong", 2), (-90, "wrong", 2)],
)
def test_the_clock(sharepoint: SharePointDoctor, minutes: int, verdict: str, code: int) -> None:
    sharepoint.graph.clock_ahead = dt.timedelta(minutes=minutes)
    told = sharepoint.examine()
    assert told.verdict_of("Clock") == verdict
    assert told.code == code
    if verdict != "fine":
        way = "slow" if minutes > 0 else "fast"
        assert told.of("Clock")["found"] == f"The clock of this computer is {abs(minutes)} minutes {way}."
        assert "time server" in told.of("Clock")["remedy"]


def test_offline(sharepoint: SharePointDoctor) -> None:
    sharepoint.graph.drop_from(1)
    told = sharepoint.examine()
    assert told.code == 4
    assert told.of("Microsoft 365")["found"] == "Microsoft 365 cannot be reached, or ended the connection."
    assert "HTTPS_PROXY" in told.of("Microsoft 365")["remedy"]
    assert told.of("Sign-in")["found"] == "“Microsoft 365” must be right first."
    assert {name for name, verdict in told.not_fine().items() if verdict == "not checked"} == {
        "Clock",
        "Sign-in",
        "Sign-in for mail",
    } | AFTER_THE_SIGN_IN


@pytest.mark.parametrize(("error", "remedy"), [("SSLError", "REQUESTS_CA_BUNDLE"), ("ProxyError", "HTTPS_PROXY")])
def test_the_network_is_in_the_way(
    sharepoint: SharePointDoctor, monkeypatch: pytest.MonkeyPatch, error: str, remedy: str
) -> None:
    import requests

    def fails(*_: object, **__: object) -> None:
        raise getattr(requests.exceptions, error)("made up")

    monkeypatch.setattr(requests.Session, "request", fails)
    told = sharepoint.examine()
    assert told.code == (2 if error == "SSLError" else 4)
    assert remedy in told.of("Microsoft 365")["remedy"]


def test_no_client_secret(sharepoint: SharePointDoctor, monkeypatch: pytest.MonkeyPatch) -> None:
    import keyring

    monkeypatch.delenv("TRACKER_CLIENT_SECRET")
    monkeypatch.setattr(keyring, "get_password", lambda *_: None)
    told = sharepoint.examine()
    assert told.code == 2
    assert told.verdict_of("Secrets") == "wrong"
    assert "TRACKER_CLIENT_SECRET" in told.of("Secrets")["remedy"]
    assert told.of("Permissions")["found"] == "“Secrets” must be right first."
    monkeypatch.setattr(keyring, "get_password", lambda *_: sharepoint.graph.entra.secret)
    told = sharepoint.examine()
    assert told.code == 0
    assert told.of("Secrets")["found"] == "The client secret is in the keyring."


@pytest.mark.parametrize(
    ("code", "remedy"), [("AADSTS7000215", "value"), ("AADSTS700016", "overview"), ("AADSTS90002", "overview")]
)
def test_a_refused_sign_in_is_settings(sharepoint: SharePointDoctor, code: str, remedy: str) -> None:
    sharepoint.graph.entra.refuse(code)
    told = sharepoint.examine()
    assert told.code == 2
    assert told.verdict_of("Sign-in") == "wrong"
    assert remedy in told.of("Sign-in")["remedy"]
    assert set(told.not_fine()) == {"Sign-in"} | AFTER_THE_SIGN_IN


def test_nobody_has_signed_in(sharepoint: SharePointDoctor) -> None:
    text = sharepoint.config.read_text("utf-8").replace("'secret'", "'device'")
    sharepoint.config.write_text(text, "utf-8")
    told = sharepoint.examine()
    assert told.code == 2
    assert told.of("Secrets")["found"] == "Nobody has signed in yet."
    assert "scripts.login" in told.of("Secrets")["remedy"]


def test_the_certificate(sharepoint: SharePointDoctor, app_certificate: AppCertificate, graph: GraphServer) -> None:
    sharepoint.config = config_file(graph, sharepoint.folder, app_certificate)
    key = sharepoint.folder / "tracker.key"
    key.chmod(0o600)
    expires = app_certificate.certificate.not_valid_after_utc.date()
    early = dt.date(2026, 11, 23)
    told = sharepoint.examine(as_of=early)
    assert told.code == 0
    assert told.of("Certificate")["found"] == (
        f"The certificate has its private key and is valid until {expires:%d/%m/%Y}."
    )
    told = sharepoint.examine(as_of=expires - dt.timedelta(days=30))
    assert told.verdict_of("Certificate") == "warning"
    assert "in 30 days" in told.of("Certificate")["found"]
    assert "app registration" in told.of("Certificate")["remedy"]
    told = sharepoint.examine(as_of=expires + dt.timedelta(days=1))
    assert told.code == 2
    assert told.verdict_of("Certificate") == "wrong"
    assert told.verdict_of("Sign-in") == "not checked"
    key.chmod(0o644)
    told = sharepoint.examine(as_of=early)
    if not ON_WINDOWS:
        assert told.verdict_of("Certificate") == "warning"
        assert "chmod 600" in told.of("Certificate")["remedy"]
    key.unlink()
    told = sharepoint.examine(as_of=early)
    assert told.verdict_of("Certificate") == "wrong"


@pytest.mark.parametrize(
    ("roles", "verdict", "named"),
    [
        (["Sites.Selected"], "fine", "Sites.Selected"),
        (["Sites.Selected", "Sites.ReadWrite.All"], "warning", ": Sites.ReadWrite.All."),
        (["Files.ReadWrite.All", "Mail.Send"], "warning", ": Files.ReadWrite.All, Mail.Send."),
        (["Mail.Send"], "wrong", "(it has: Mail.Send)"),
        ([], "wrong", "(it has: none)"),
    ],
)
def test_permissions(sharepoint: SharePointDoctor, roles: list[str], verdict: str, named: str) -> None:
    sharepoint.graph.entra.roles = roles
    told = sharepoint.examine()
    assert told.verdict_of("Permissions") == verdict
    assert named in told.of("Permissions")["found"]
    if verdict == "warning":
        assert told.code == 0
        assert "Remove that" in told.of("Permissions")["remedy"]
        assert ("one mailbox" in told.of("Permissions")["remedy"]) == ("Mail.Send" in roles)
    if verdict == "wrong":
        assert told.code == 2


def test_offline_while_signing_in(sharepoint: SharePointDoctor) -> None:
    sharepoint.graph.fault(path_contains="/token", drop="before", times=9)
    told = sharepoint.examine()
    assert told.verdict_of("Sign-in") == "wrong"
    assert told.code == 4


def test_as_a_person(sharepoint: SharePointDoctor) -> None:
    from scripts.adapters.graph import token_cache
    from scripts.adapters.graph.sign_in import PersonSignIn
    from scripts.adapters.settings.config import SignInSettings

    entra = sharepoint.graph.entra
    settings = SignInSettings(method="device", tenant=entra.tenant, client_id=entra.client_id)
    PersonSignIn(settings, new_session()).start(lambda _sentence: None)
    text = sharepoint.config.read_text("utf-8").replace("'secret'", "'device'")
    sharepoint.config.write_text(text, "utf-8")
    told = sharepoint.examine()
    assert told.code == 0
    assert told.of("Sign-in")["found"] == "Microsoft accepts the sign-in, as a person."
    assert told.of("Permissions")["found"].endswith(": Mail.Send, Sites.Selected.")
    assert told.verdict_of("Permissions") == "fine"
    assert told.verdict_of("Secrets") == "fine"
    assert entra.user not in str(told.checks)
    token_cache.cache_file().chmod(0o644)
    entra.scopes.append("Files.ReadWrite.All")
    told = sharepoint.examine()
    if not ON_WINDOWS:
        assert "chmod 600" in told.of("Secrets")["remedy"]
    assert ": Files.ReadWrite.All." in told.of("Permissions")["found"]


def test_a_token_that_cannot_be_read(sharepoint: SharePointDoctor, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.servers.graph.entra import entra

    monkeypatch.setattr(entra, "_jwt", lambda _claims: "sealed")
    told = sharepoint.examine()
    assert (told.code, told.verdict_of("Permissions")) == (0, "not checked")
    assert "app registration" in told.of("Permissions")["remedy"]


def test_no_time_is_told(sharepoint: SharePointDoctor, monkeypatch: pytest.MonkeyPatch) -> None:
    from email import utils

    monkeypatch.setattr(utils, "parsedate_to_datetime", lambda _text: None)
    assert sharepoint.examine("--dry-run").verdict_of("Clock") == "not checked"


@pytest.mark.parametrize(("client", "verdict"), [("", "fine"), ("0", "wrong")])
def test_mail_may_sign_in_as_an_app_of_its_own(
    sharepoint: SharePointDoctor, app_certificate: AppCertificate, client: str, verdict: str
) -> None:
    entra = sharepoint.graph.entra
    (sharepoint.folder / "mail.pem").write_text(app_certificate.public_pem + app_certificate.private_pem)
    with sharepoint.config.open("a", encoding="utf-8") as config:
        config.write(
            "\ntransport = 'graph'\nsender = 'tracker@contoso.com'\n[mail_sign_in]\n"
            f"tenant = '{entra.tenant}'\nclient_id = '{client + entra.client_id[len(client) :]}'\n"
            "certificate = 'mail.pem'\n"
        )
    told = sharepoint.examine()
    assert told.verdict_of("Sign-in") == "fine"
    assert told.verdict_of("Sign-in for mail") == verdict
    assert ("AADSTS700016" in told.of("Sign-in for mail")["found"]) == (verdict == "wrong")
