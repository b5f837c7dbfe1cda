"""Signing in to Microsoft 365: as the app itself (certificate or client secret), or as a person who signed in once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from scripts.adapters.cli.clock import today
from scripts.adapters.cli.terminal import warn_on_stderr
from scripts.adapters.graph import token_cache as kept_sign_in
from scripts.adapters.graph.aadsts_errors import refusal
from scripts.adapters.graph.calls import NoAnswer, Tokens, unreachable
from scripts.adapters.graph.certificates import read_certificate
from scripts.adapters.settings.config import SignInSettings
from scripts.adapters.settings.secrets import client_secret
from tracker_schema.errors import SignInRefused

if TYPE_CHECKING:
    from requests import Session

SCOPES = ["https://graph.microsoft.com/.default"]
AUTHORITY = "https://login.microsoftonline.com/"


def sign_in(settings: SignInSettings, session: Session, warn: Callable[[str], None] = warn_on_stderr) -> Tokens:
    """Whoever `settings` say we are; `warn` is given a sentence when the certificate runs out soon.

    Raises SignInRefused when the certificate or the secret cannot be had; Microsoft is asked only for the first token.
    """
    if settings.method == "device":
        return PersonSignIn(settings, session)
    if settings.method == "secret":
        return AppSignIn(settings, session, client_secret())
    assert settings.certificate is not None  # noqa: S101 - config has seen to it
    certificate = read_certificate(settings.certificate, settings.private_key)
    if sentence := certificate.check(today()):
        warn(sentence)
    # No thumbprint: MSAL then signs with PS256 and names the certificate by its SHA-256.
    return AppSignIn(
        settings, session, {"private_key": certificate.private_key, "public_certificate": certificate.public}
    )


class AppSignIn:
    """The app itself, with `credential` as MSAL takes it."""

    def __init__(self, settings: SignInSettings, session: Session, credential: str | dict[str, str]) -> None:
        self._settings = settings
        self._session = session
        self._credential = credential
        self._app: Any = None

    def token(self) -> dict[str, Any]:
        """A token that is good now. Raises SignInRefused, or NoAnswer when Microsoft cannot be asked."""
        import msal  # type: ignore[import-untyped]

        with _reaching_microsoft():
            if self._app is None:
                self._app = _made(
                    msal.ConfidentialClientApplication,
                    self._settings,
                    client_credential=self._credential,
                    http_client=self._session,
                )
            return _token(self._app.acquire_token_for_client(SCOPES), self._settings)

    def renew(self) -> None:
        """Let the next token be a new one."""
        if self._app is not None:
            self._app.remove_tokens_for_client()


class PersonSignIn:
    """The person who signed in with `scripts.login`; a file keeps what renews that."""

    def __init__(self, settings: SignInSettings, session: Session) -> None:
        self._settings = settings
        self._session = session
        self._cache = kept_sign_in.load()
        self._app: Any = None
        self._force = False

    def token(self) -> dict[str, Any]:
        """A token that is good now. Raises SignInRefused when somebody has to sign in first, and NoAnswer when
        Microsoft cannot be asked.
        """
        with _reaching_microsoft():
            app = self._application()
            accounts = app.get_accounts()
            if not accounts:
                raise SignInRefused("Nobody has signed in yet; run python -m scripts.login once, as this user.")
            found = app.acquire_token_silent_with_error(SCOPES, accounts[0], force_refresh=self._force)
        self._force = False
        kept_sign_in.save(self._cache)
        return _token(found or {"error": "invalid_grant", "error_codes": [700082]}, self._settings)

    def renew(self) -> None:
        """Let the next token be a new one."""
        self._force = True

    def ask(self, show: Callable[[str], None]) -> None:
        """Sign a person in: `show` is given the sentence with the address to open and the code to type there.

        Raises SignInRefused when they do not do so in time, or may not, and NoAnswer when Microsoft cannot be asked.
        """
        with _reaching_microsoft():
            app = self._application()
            flow = app.initiate_device_flow(SCOPES)
            if "user_code" not in flow:
                raise refusal(flow, self._settings)
            show(f"Open {flow['verification_uri']} in any browser and type the code {flow['user_code']} there.")
            _token(app.acquire_token_by_device_flow(flow), self._settings)
        kept_sign_in.save(self._cache)

    def _application(self) -> Any:
        import msal

        if self._app is None:
            self._app = _made(
                msal.PublicClientApplication, self._settings, token_cache=self._cache, http_client=self._session
            )
        return self._app


@contextmanager
def _reaching_microsoft() -> Iterator[None]:
    """Nothing; what goes wrong on the way to Microsoft is told as `calls` tells it."""
    from msal.exceptions import MsalServiceError  # type: ignore[import-untyped]

    try:
        yield
    except OSError as error:
        raise unreachable(error) from None
    except MsalServiceError:
        raise NoAnswer(
            "Microsoft's sign-in is in trouble and was asked in vain; the next run catches up.", None, not_done=True
        ) from None


def _made(kind: Callable[..., Any], settings: SignInSettings, **details: Any) -> Any:
    try:
        return kind(settings.client_id, authority=AUTHORITY + str(settings.tenant), **details)
    except ValueError as error:  # MSAL asks for the tenant first, and says so of one that there is not
        if "authority" in str(error).lower() or "tenant" in str(error).lower():
            raise refusal({"error_codes": [90002]}, settings) from None
        raise SignInRefused(
            "The certificate or the client secret is not one that can be used; make a new one."
        ) from None


def _token(found: dict[str, Any], settings: SignInSettings) -> dict[str, Any]:
    if "access_token" not in found:
        raise refusal(found, settings)
    return {"access_token": found["access_token"], "token_type": "Bearer"}
