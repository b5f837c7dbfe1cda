"""Sign in to Microsoft 365: as the app itself (certificate or client secret), or as a person who signed in once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from scripts.adapters.cli.clock import today
from scripts.adapters.cli.terminal import warn_on_stderr
from scripts.adapters.graph import token_cache
from scripts.adapters.graph.aadsts_errors import sign_in_error
from scripts.adapters.graph.calls import Tokens
from scripts.adapters.graph.certificates import read_certificate
from scripts.adapters.graph.errors import NoAnswer, connection_error
from scripts.adapters.settings.config import SignInSettings
from scripts.adapters.settings.secrets import client_secret
from tracker_schema.errors import SignInRefused

if TYPE_CHECKING:
    from requests import Session

SCOPES = ["https://graph.microsoft.com/.default"]
AUTHORITY = "https://login.microsoftonline.com/"


def sign_in(settings: SignInSettings, session: Session, warn: Callable[[str], None] = warn_on_stderr) -> Tokens:
    """Return the tokens of whoever `settings` name. Microsoft is asked only when the first token is.

    `warn` is called with a sentence when the certificate expires soon. Raises SignInRefused when the certificate or
    the secret cannot be read.
    """
    if settings.method == "device":
        return PersonSignIn(settings, session)
    if settings.method == "secret":
        return AppSignIn(settings, session, client_secret())
    assert settings.certificate is not None  # noqa: S101 - config has checked it
    certificate = read_certificate(settings.certificate, settings.private_key)
    if sentence := certificate.check(today()):
        warn(sentence)
    # Without a thumbprint MSAL signs with PS256 and names the certificate by its SHA-256.
    return AppSignIn(
        settings, session, {"private_key": certificate.private_key, "public_certificate": certificate.public}
    )


class AppSignIn:
    """The tokens of the app itself, with `credential` as MSAL takes it."""

    def __init__(self, settings: SignInSettings, session: Session, credential: str | dict[str, str]) -> None:
        self._settings = settings
        self._session = session
        self._credential = credential
        self._app: Any = None

    def token(self) -> dict[str, Any]:
        """Return a token that is valid now. Raises SignInRefused, or NoAnswer when Microsoft cannot be reached."""
        import msal  # type: ignore[import-untyped]

        with _translate_errors():
            if self._app is None:
                self._app = _make_app(
                    msal.ConfidentialClientApplication,
                    self._settings,
                    client_credential=self._credential,
                    http_client=self._session,
                )
            return _token_in(self._app.acquire_token_for_client(SCOPES), self._settings)

    def renew(self) -> None:
        """Make the next call of `token` get a new one."""
        if self._app is not None:
            self._app.remove_tokens_for_client()


class PersonSignIn:
    """The tokens of the person who signed in with `scripts.login`; a file stores what renews them."""

    def __init__(self, settings: SignInSettings, session: Session) -> None:
        self._settings = settings
        self._session = session
        self._cache: Any = None
        self._app: Any = None
        self._force = False

    def token(self) -> dict[str, Any]:
        """Return a token that is valid now.

        Raises SignInRefused when a person has to sign in first, and NoAnswer when Microsoft cannot be reached.
        """
        if self._app is None:
            self._open(token_cache.load())
        with _translate_errors():
            accounts = self._app.get_accounts()
            if not accounts:
                raise SignInRefused("Nobody has signed in yet.", "Run python -m scripts.login once, as this user.")
            answer = self._app.acquire_token_silent_with_error(SCOPES, accounts[0], force_refresh=self._force)
        self._force = False
        token_cache.save(self._cache)
        return _token_in(answer or {"error": "invalid_grant", "error_codes": [700082]}, self._settings)

    def renew(self) -> None:
        """Make the next call of `token` get a new one."""
        self._force = True

    def start(self, show: Callable[[str], None]) -> None:
        """Sign a person in, in the place of anybody who has signed in before.

        `show` is called with a sentence that has the address to open and the code to type there. Raises SignInRefused
        when they do not do so in time, or may not, and NoAnswer when Microsoft cannot be reached.
        """
        self._open(token_cache.new_cache())
        with _translate_errors():
            flow = self._app.initiate_device_flow(SCOPES)
            if "user_code" not in flow:
                raise sign_in_error(flow, self._settings)
            show(f"Open {flow['verification_uri']} in any browser and type the code {flow['user_code']} there.")
            _token_in(self._app.acquire_token_by_device_flow(flow), self._settings)
        token_cache.save(self._cache)

    def _open(self, cache: Any) -> None:
        import msal

        self._cache = cache
        with _translate_errors():
            self._app = _make_app(
                msal.PublicClientApplication, self._settings, token_cache=cache, http_client=self._session
            )


@contextmanager
def _translate_errors() -> Iterator[None]:
    """Raise what goes wrong on the way to Microsoft as `calls` does."""
    from msal.exceptions import MsalServiceError  # type: ignore[import-untyped]

    try:
        yield
    except OSError as error:
        raise connection_error(error) from None
    except MsalServiceError:
        raise NoAnswer(
            "Microsoft's sign-in has trouble and did not answer.", "The next run catches up.", not_done=True
        ) from None


def _make_app(kind: Callable[..., Any], settings: SignInSettings, **details: Any) -> Any:
    try:
        return kind(settings.client_id, authority=AUTHORITY + str(settings.tenant), **details)
    except ValueError as error:  # MSAL asks for the tenant first; these words are its own
        if "authority" in str(error).lower() or "tenant" in str(error).lower():
            raise sign_in_error({"error_codes": [90002]}, settings) from None
        raise SignInRefused("The certificate or the client secret cannot be used.", "Make a new one.") from None


def _token_in(answer: dict[str, Any], settings: SignInSettings) -> dict[str, Any]:
    if "access_token" not in answer:
        raise sign_in_error(answer, settings)
    return {"access_token": answer["access_token"], "token_type": "Bearer"}
