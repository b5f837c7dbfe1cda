"""Signing in through the real MSAL, and what a refusal means."""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import NoKeyringError

from scripts.adapters.cli.clock import today
from scripts.adapters.graph import token_cache
from scripts.adapters.graph.aadsts_errors import sign_in_error
from scripts.adapters.graph.certificates import read_certificate
from scripts.adapters.graph.errors import NoAnswer, connection_error
from scripts.adapters.graph.session import new_session
from scripts.adapters.graph.sign_in import PersonSignIn, sign_in
from scripts.adapters.settings.config import SignInSettings
from tests.adapters.graph.sharepoint import sign_in_settings
from tests.windows import STATE, is_ours_alone
from tracker_schema.errors import SignInRefused, TrackerUnreachable, TrackerUnusable

if TYPE_CHECKING:
    from tests.servers.graph.entra.certificates import AppCertificate
    from tests.servers.graph.server import GraphServer


class OwnKeyring(KeyringBackend):
    """A keyring of the test's own."""

    priority = 1

    def __init__(self, secrets: dict[str, str] | None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.secrets = secrets

    def get_password(self, service: str, username: str) -> str | None:
        assert service == "critical-incident-tracker"
        if self.secrets is None:
            raise NoKeyringError
        return self.secrets.get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        raise NotImplementedError


@pytest.fixture(autouse=True)
def in_keyring() -> Callable[[dict[str, str] | None], None]:
    """Puts secrets into the keyring; there is no keyring at first."""
    keyring.set_keyring(OwnKeyring(None))
    return lambda secrets: keyring.set_keyring(OwnKeyring(secrets))


@pytest.fixture
def settings(graph: GraphServer, tmp_path: Path, app_certificate: AppCertificate) -> SignInSettings:
    return sign_in_settings(graph, tmp_path, app_certificate)


def but(settings: SignInSettings, **changes: object) -> SignInSettings:
    return settings.model_copy(update=changes)


def assertion_of(graph: GraphServer) -> dict[str, Any]:
    (request,) = graph.requests_to("/token")
    header = request.form["client_assertion"].partition(".")[0]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(header + "=="))
    return found


# As the app


def test_with_a_certificate_by_sha_256(settings: SignInSettings, graph: GraphServer) -> None:
    who = sign_in(settings, new_session())
    assert graph.log == []
    assert set(who.token()) == {"access_token", "token_type"}
    assert assertion_of(graph)["alg"] == "PS256"
    assert "x5t" not in assertion_of(graph)
    who.token()
    assert len(graph.requests_to("/token")) == 1
    who.renew()
    who.token()
    assert len(graph.requests_to("/token")) == 2


def test_with_the_key_in_the_same_file(
    settings: SignInSettings, tmp_path: Path, app_certificate: AppCertificate
) -> None:
    both = tmp_path / "both.pem"
    both.write_text(app_certificate.private_pem + app_certificate.public_pem)
    assert sign_in(but(settings, certificate=both, private_key=None), new_session()).token()


@pytest.mark.parametrize("passphrase", [None, "made-up"])
def test_with_a_pfx_as_windows_exports_it(
    passphrase: str | None,
    settings: SignInSettings,
    tmp_path: Path,
    app_certificate: AppCertificate,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import pkcs12

    key = serialization.load_pem_private_key(app_certificate.private_pem.encode(), None)
    assert isinstance(key, RSAPrivateKey)
    locked = serialization.BestAvailableEncryption(passphrase.encode()) if passphrase else serialization.NoEncryption()
    pfx = tmp_path / "tracker.pfx"
    pfx.write_bytes(pkcs12.serialize_key_and_certificates(b"t", key, app_certificate.certificate, None, locked))
    of_pfx = but(settings, certificate=pfx, private_key=None)
    if passphrase:
        with pytest.raises(SignInRefused, match="If it has a passphrase, put that in the environment as TRACKER_KEY"):
            sign_in(of_pfx, new_session())
        monkeypatch.setenv("TRACKER_KEY_PASSPHRASE", passphrase)
    assert sign_in(of_pfx, new_session()).token()


def test_with_a_passphrase_from_the_keyring(
    settings: SignInSettings, in_keyring: Callable[[dict[str, str] | None], None]
) -> None:
    from cryptography.hazmat.primitives import serialization

    assert settings.private_key is not None
    key = serialization.load_pem_private_key(settings.private_key.read_bytes(), None)
    settings.private_key.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"made-up"),
        )
    )
    with pytest.raises(SignInRefused, match=r"tracker\.key holds no private key that can be read"):
        sign_in(settings, new_session())
    in_keyring({"key-passphrase": "made-up"})
    assert sign_in(settings, new_session()).token()


def test_with_a_client_secret(
    settings: SignInSettings,
    graph: GraphServer,
    monkeypatch: pytest.MonkeyPatch,
    in_keyring: Callable[[dict[str, str] | None], None],
) -> None:
    with_secret = but(settings, method="secret")
    nothing: dict[str, str] = {}
    for keys in (None, nothing):
        in_keyring(keys)
        with pytest.raises(
            SignInRefused, match="Put it in the environment as TRACKER_CLIENT_SECRET, or in the keyring"
        ):
            sign_in(with_secret, new_session())
    in_keyring({"client-secret": graph.entra.secret})
    assert sign_in(with_secret, new_session()).token()
    monkeypatch.setenv("TRACKER_CLIENT_SECRET", "wrong")
    with pytest.raises(SignInRefused, match=r"The client secret is wrong \(AADSTS7000215\)\."):
        sign_in(with_secret, new_session()).token()


@pytest.mark.parametrize(("days", "warned"), [(31, False), (30, True), (1, True), (0, True)])
def test_a_certificate_that_runs_out_soon(
    days: int, warned: bool, settings: SignInSettings, capsys: pytest.CaptureFixture[str]
) -> None:
    certificate = read_certificate(*_files(settings))
    sentence = certificate.check(certificate.expires - dt.timedelta(days=days))
    assert (sentence is not None) == warned
    if sentence:
        assert sentence.startswith(f"The certificate for signing in expires on {certificate.expires:%d/%m/%Y}, in ")


def _files(settings: SignInSettings) -> tuple[Path, Path | None]:
    assert settings.certificate is not None
    return settings.certificate, settings.private_key


@pytest.mark.parametrize("days", [20, -1])
def test_the_warning_and_the_refusal(
    days: int, settings: SignInSettings, graph: GraphServer, capsys: pytest.CaptureFixture[str]
) -> None:
    from tests.servers.graph.entra.certificates import make_certificate

    begins = dt.datetime.now(dt.UTC) + dt.timedelta(days=days - 100)
    made = make_certificate(begins=begins, days=100)
    certificate, private_key = _files(settings)
    certificate.write_text(made.public_pem)
    assert private_key is not None
    private_key.write_text(made.private_pem)
    expires = made.certificate.not_valid_after_utc.date()
    if days < 0:
        with pytest.raises(SignInRefused, match=f"expired on {expires:%d/%m/%Y}. Make a new one and upload"):
            sign_in(settings, new_session())
    else:
        sign_in(settings, new_session())
        left = (expires - today()).days
        assert f"expires on {expires:%d/%m/%Y}, in {left} days. Make a new one" in capsys.readouterr().err
    assert graph.log == []


def test_files_that_are_no_certificate(
    settings: SignInSettings, tmp_path: Path, app_certificate: AppCertificate
) -> None:
    from tests.servers.graph.entra.certificates import make_certificate

    other = tmp_path / "other.key"
    other.write_text(make_certificate().private_pem)
    nothing = tmp_path / "nothing.pem"
    nothing.write_text("hunter2")
    for changes, message in (
        ({"certificate": tmp_path / "none.pem"}, r"none\.pem cannot be read \(No such file or directory\)"),
        ({"certificate": nothing}, r"nothing\.pem holds no certificate as PEM"),
        ({"private_key": nothing}, r"nothing\.pem holds no private key that can be read"),
        ({"private_key": other}, r"The private key in other\.key does not belong to the certificate"),
    ):
        with pytest.raises(SignInRefused, match=message) as caught:
            sign_in(but(settings, **changes), new_session())
        assert "hunter2" not in str(caught.value)


# As a person


def test_a_person_signs_in_once(
    settings: SignInSettings, graph: GraphServer, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = but(settings, method="device")
    with pytest.raises(SignInRefused, match=r"Nobody has signed in yet\. Run python -m scripts\.login once"):
        sign_in(device, new_session()).token()
    graph.entra.pending_polls = 1
    who = sign_in(device, new_session())
    assert isinstance(who, PersonSignIn)
    shown: list[str] = []
    who.start(shown.append)
    assert shown == ["Open https://microsoft.com/devicelogin in any browser and type the code FAKE23CODE there."]
    kept = token_cache.cache_file()
    assert kept == own_home / STATE / "critical-incident-tracker" / "sign-in.json"
    assert is_ours_alone(kept)
    later = sign_in(device, new_session())
    assert later.token()
    before = kept.read_text()
    later.renew()
    before_renewal = len(graph.requests_to("/token"))
    later.token()
    assert len(graph.requests_to("/token")) == before_renewal + 1
    assert kept.read_text() != before  # the next refresh token
    assert [path.name for path in kept.parent.iterdir()] == ["sign-in.json"]


def test_a_persons_sign_in_that_has_expired(settings: SignInSettings, graph: GraphServer) -> None:
    device = but(settings, method="device")
    who = sign_in(device, new_session())
    assert isinstance(who, PersonSignIn)
    who.start(lambda _: None)
    graph.entra.refuse("AADSTS700082")
    who.renew()
    with pytest.raises(
        SignInRefused, match=r"because it was not used for a long time \(AADSTS700082\)\. Run python -m scripts\.login"
    ):
        who.token()


def test_a_code_that_nobody_types(settings: SignInSettings, graph: GraphServer) -> None:
    who = sign_in(but(settings, method="device"), new_session())
    assert isinstance(who, PersonSignIn)
    graph.entra.refuse("AADSTS70020")
    with pytest.raises(SignInRefused, match="The code was not typed in time"):
        who.start(lambda _: None)


@pytest.mark.parametrize("content", ["", "{", "[]", "\udcff"])
def test_a_stored_sign_in_that_is_damaged_is_not_called_missing(
    content: str, settings: SignInSettings, graph: GraphServer
) -> None:
    path = token_cache.cache_file()
    path.parent.mkdir(parents=True)
    path.write_text(content, "utf-8", errors="surrogateescape")
    who = sign_in(but(settings, method="device"), new_session())
    assert isinstance(who, PersonSignIn)
    with pytest.raises(SignInRefused) as caught:
        who.token()
    assert caught.value.problem == f"The stored sign-in {path} is damaged."
    assert caught.value.remedy == "Run python -m scripts.login again, as this user."
    assert graph.log == []
    who.start(lambda _: None)
    assert sign_in(but(settings, method="device"), new_session()).token()


def test_a_stored_sign_in_that_may_not_be_read(settings: SignInSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: object) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_text", denied)
    with pytest.raises(SignInRefused, match=r"cannot be read \(Permission denied\)\. Let this account read it\."):
        sign_in(but(settings, method="device"), new_session()).token()


def test_another_person_signs_in_instead(settings: SignInSettings, graph: GraphServer) -> None:
    for _ in range(2):
        who = sign_in(but(settings, method="device"), new_session())
        assert isinstance(who, PersonSignIn)
        who.start(lambda _: None)
    assert len(json.loads(token_cache.cache_file().read_text("utf-8"))["Account"]) == 1


# Refusals


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("AADSTS7000222", "The client secret has expired"),
        ("AADSTS700016", "The tenant has no app with this client_id"),
        ("AADSTS700027", "Microsoft does not know the certificate"),
        ("AADSTS700024", "The clock of this computer is wrong"),
        ("AADSTS50076", "The account needs a second factor"),
        ("AADSTS53003", "Conditional Access does not let this sign-in through"),
        ("AADSTS530035", "Conditional Access does not let this sign-in through"),
        ("AADSTS53011", "Conditional Access does not let this sign-in through"),
        ("AADSTS50097", "Conditional Access does not let this sign-in through"),
    ],
)
def test_what_a_refusal_means(code: str, problem: str, settings: SignInSettings, graph: GraphServer) -> None:
    graph.entra.refuse(code)
    with pytest.raises(SignInRefused, match=problem) as caught:
        sign_in(settings, new_session()).token()
    assert caught.value.exit_code == 3
    assert caught.value.problem.endswith(f" ({code}).")
    assert caught.value.remedy


def test_a_clock_that_is_wrong(settings: SignInSettings, graph: GraphServer) -> None:
    graph.clock_ahead = dt.timedelta(hours=3)
    with pytest.raises(SignInRefused, match="The clock of this computer is wrong"):
        sign_in(settings, new_session()).token()


def test_a_tenant_that_there_is_not(settings: SignInSettings) -> None:
    with pytest.raises(SignInRefused, match="There is no such tenant"):
        sign_in(but(settings, tenant="contos.onmicrosoft.com"), new_session()).token()


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ({"error_codes": [65001]}, "Nobody has agreed to the app's permissions"),
        ({"error_codes": [53003]}, "Conditional Access does not let this sign-in through"),
        (
            {"error_description": "AADSTS50173: the grant has expired"},
            "no longer valid, for example after a change of",
        ),
        ({"error": "invalid_grant"}, "no longer valid, for example after a change of"),
        ({"error": "authorization_declined"}, "The sign-in was declined"),
        ({"error": "invalid_grant", "error_codes": [50199]}, r"refused the sign-in \(AADSTS50199\)\. Look that up"),
        ({"error": "access_denied", "error_codes": [50199]}, r"was declined \(AADSTS50199\)"),
        ({"error_codes": [12345]}, r"refused the sign-in \(AADSTS12345\)\. Look that up at https://login"),
        ({"error": "odd"}, r"refused the sign-in \(odd\)"),
        ({}, r"refused the sign-in \(no reason given\)"),
    ],
)
def test_other_refusals(answer: dict[str, Any], message: str, settings: SignInSettings) -> None:
    error = sign_in_error(answer, but(settings, method="device"))
    assert isinstance(error, SignInRefused)
    with pytest.raises(SignInRefused, match=message):
        raise error


def test_a_refusal_that_goes_away_by_itself(settings: SignInSettings) -> None:
    assert isinstance(sign_in_error({"error": "temporarily_unavailable"}, settings), NoAnswer)


@pytest.mark.parametrize("path", ["/token", "openid-configuration"])
@pytest.mark.parametrize("method", ["certificate", "device"])
def test_a_sign_in_service_in_trouble_is_left_to_the_next_run(
    method: str, path: str, settings: SignInSettings, graph: GraphServer
) -> None:
    graph.fault(path_contains=path, status=503, times=99)
    who = sign_in(but(settings, method=method), new_session())
    try_it = (lambda: who.start(print)) if isinstance(who, PersonSignIn) else who.token
    with pytest.raises(TrackerUnreachable) as caught:
        try_it()
    assert caught.value.exit_code == 4


def test_no_way_to_microsoft_is_the_same_sentence_at_the_sign_in(settings: SignInSettings, graph: GraphServer) -> None:
    graph.fault(path_contains="", times=99, drop="before")
    with pytest.raises(TrackerUnreachable, match="cannot be reached, or ended the connection"):
        sign_in(settings, new_session()).token()


def test_a_file_of_certificates_that_is_not_there_is_named() -> None:
    missing = OSError("Could not find a suitable TLS CA certificate bundle, invalid path: nowhere.pem")
    error = connection_error(missing)
    assert isinstance(error, TrackerUnusable)
    assert "REQUESTS_CA_BUNDLE" in error.problem
    full = OSError(28, "No space left on device")
    assert connection_error(full) is full
