"""Signing in: the token endpoint of Microsoft Entra."""

from __future__ import annotations

import base64
import datetime as dt
import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography import x509

from tests.servers.graph.entra.access import Access
from tests.servers.graph.entra.assertions import AssertionRefused, check_assertion
from tests.servers.graph.exchange import Refusal, Request, Response, no_such_request

LOGIN = "https://login.microsoftonline.com"

ERRORS = {
    "AADSTS7000215": (401, "invalid_client", "Invalid client secret provided. Ensure the secret being sent in the "
                      "request is the client secret value, not the client secret ID."),
    "AADSTS7000222": (401, "invalid_client", "The provided client secret keys for app are expired."),
    "AADSTS700016": (400, "unauthorized_client", "Application was not found in the directory."),
    "AADSTS700027": (401, "invalid_client", "The certificate with identifier used to sign the client assertion is "
                     "not registered on application, or the client assertion contains an invalid signature."),
    "AADSTS700024": (401, "invalid_client", "Client assertion is not within its valid time range."),
    "AADSTS700023": (401, "invalid_client", "Client assertion audience claim does not match Realm issuer."),
    "AADSTS90002": (400, "invalid_request", "Tenant not found. Check to make sure you have the correct tenant ID."),
    "AADSTS50076": (400, "invalid_grant", "Due to a configuration change made by your administrator, or because you "
                    "moved to a new location, you must use multi-factor authentication."),
    "AADSTS70043": (400, "invalid_grant", "The refresh token has expired or is invalid due to sign-in frequency "
                    "checks by conditional access."),
    "AADSTS700082": (400, "invalid_grant", "The refresh token has expired due to inactivity."),
    "AADSTS70016": (400, "authorization_pending", "OAuth 2.0 device flow error. Authorization is pending."),
    "AADSTS70020": (400, "expired_token", "The device code has expired."),
}  # fmt: skip


@dataclass
class Entra:
    """One tenant with one app; the fields are the switches of a test."""

    now: Callable[[], dt.datetime]
    tenant: str = "contoso.onmicrosoft.com"
    tenant_id: str = "0b1f7c3e-6a52-4f0e-9d4c-3f2f7a1e5c10"
    client_id: str = "6d7c2f6e-90fd-4f42-8c3e-1b6f3c0a9a11"
    secret: str = "made-up-secret"  # noqa: S105
    certificates: list[x509.Certificate] = field(default_factory=list)
    roles: list[str] = field(default_factory=lambda: ["Sites.Selected"])  # of the app
    scopes: list[str] = field(default_factory=lambda: ["Sites.Selected", "Mail.Send"])  # of a person who signed in
    user: str = "tracker@contoso.com"
    token_seconds: int = 3599
    pending_polls: int = 0  # how often the device flow is still waiting for the person
    poll_seconds: int = 0  # how long the client has to wait in between
    tokens: dict[str, Access] = field(default_factory=dict)
    refresh_tokens: set[str] = field(default_factory=set)
    _refusal: str | None = None
    _device_codes: set[str] = field(default_factory=set)

    def refuse(self, code: str | None) -> None:
        """Refuse every token from now on with a code of Microsoft's, such as "AADSTS53003"; None ends that."""
        self._refusal = code

    def expire_tokens(self) -> None:
        """Let all access tokens end now."""
        self.tokens.clear()

    def token(self) -> str:
        """Return a new access token of the app, for a test that needs no sign-in."""
        return self._issue(self.roles, None)

    def access(self, authorization: str) -> Access:
        """Return what a request's bearer token allows. Raises Refusal when it is none, or has expired."""
        kind, _, token = authorization.partition(" ")
        access = self.tokens.get(token)
        challenge = {"WWW-Authenticate": 'Bearer realm="", authorization_uri="https://login.microsoftonline.com/"'}
        if kind != "Bearer" or not token:
            raise Refusal(401, "InvalidAuthenticationToken", "Access token is empty.", headers=challenge)
        if access is None or access.expires <= self.now():
            message = "Lifetime validation failed, the token is expired."
            raise Refusal(401, "InvalidAuthenticationToken", message, headers=challenge)
        return access

    def answer(self, request: Request) -> Response:
        """Return the answer to a request to login.microsoftonline.com."""
        match request.method, *request.segments:
            case ["GET", _, "discovery", "instance"]:
                return Response(200, _instances())
            case ["GET", tenant, *_, "openid-configuration"]:
                return self._configuration(tenant)
            case ["POST", tenant, "oauth2", "v2.0", "devicecode"]:
                return self._refused_tenant(tenant) or self._device_code(request.form)
            case ["POST", tenant, "oauth2", "v2.0", "token"]:
                return self._refused_tenant(tenant) or self._token(request.form, tenant)
        raise no_such_request(request)

    def _configuration(self, tenant: str) -> Response:
        base = f"{LOGIN}/{tenant}"
        return self._refused_tenant(tenant) or Response(
            200,
            {
                "issuer": f"{LOGIN}/{self.tenant_id}/v2.0",
                "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
                "token_endpoint": f"{base}/oauth2/v2.0/token",
                "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode",
            },
        )

    def _refused_tenant(self, tenant: str) -> Response | None:
        known = (self.tenant, self.tenant_id, "organizations", "common")
        return None if tenant in known else self._error("AADSTS90002")

    def _token(self, form: Mapping[str, str], tenant: str) -> Response:
        refusal = self._refusal or (form.get("client_id") != self.client_id and "AADSTS700016") or None
        if refusal:
            return self._error(refusal)
        match form.get("grant_type", "").rpartition(":")[2]:
            case "client_credentials":
                return self._for_app(form, tenant)
            case "device_code":
                return self._for_device(form)
            case "refresh_token" if form.get("refresh_token") in self.refresh_tokens:
                self.refresh_tokens.discard(form["refresh_token"])
                return self._for_person(form)
        return self._error("AADSTS70043")

    def _for_app(self, form: Mapping[str, str], tenant: str) -> Response:
        if "client_assertion" in form:
            audiences = [f"{LOGIN}/{each}/oauth2/v2.0/token" for each in (tenant, self.tenant_id)]
            try:
                check_assertion(form["client_assertion"], self.certificates, self.client_id, audiences, self.now())
            except AssertionRefused as refused:
                return self._error(refused.code, str(refused))
        elif form.get("client_secret") != self.secret:
            return self._error("AADSTS7000215")
        return Response(200, self._token_body(self._issue(self.roles, None)))

    def _device_code(self, form: Mapping[str, str]) -> Response:
        if form.get("client_id") != self.client_id:
            return self._error("AADSTS700016")
        code = uuid.uuid4().hex
        self._device_codes.add(code)
        place = "https://microsoft.com/devicelogin"
        return Response(
            200,
            {
                "user_code": "FAKE23CODE",
                "device_code": code,
                "verification_uri": place,
                "expires_in": 900,
                "interval": self.poll_seconds,
                "message": f"To sign in, open the page {place} and enter the code FAKE23CODE to authenticate.",
            },
        )

    def _for_device(self, form: Mapping[str, str]) -> Response:
        if form.get("device_code") not in self._device_codes:
            return self._error("AADSTS70020")
        if self.pending_polls:
            self.pending_polls -= 1
            return self._error("AADSTS70016")
        return self._for_person(form)

    def _for_person(self, form: Mapping[str, str]) -> Response:
        """Return the answer, with the ids under which MSAL stores a person's tokens."""
        refresh_token = f"refresh-{uuid.uuid4().hex}"
        self.refresh_tokens.add(refresh_token)
        now = int(self.now().timestamp())
        identity = {
            "aud": form["client_id"], "iss": f"{LOGIN}/{self.tenant_id}/v2.0", "iat": now, "nbf": now,
            "exp": now + self.token_seconds, "sub": "made-up", "oid": "made-up", "tid": self.tenant_id,
            "preferred_username": self.user,
        }  # fmt: skip
        body = self._token_body(self._issue(self.scopes, self.user)) | {
            "refresh_token": refresh_token,
            "client_info": _encoded({"uid": "made-up", "utid": self.tenant_id}),
            "scope": " ".join(f"https://graph.microsoft.com/{scope}" for scope in self.scopes),
            "id_token": _jwt(identity),
        }
        return Response(200, body)

    def _token_body(self, token: str) -> dict[str, Any]:
        seconds = self.token_seconds
        return {"token_type": "Bearer", "expires_in": seconds, "ext_expires_in": seconds, "access_token": token}

    def _issue(self, rights: list[str], user: str | None) -> str:
        """Return a well-formed token, unsigned, with the claims of Microsoft's."""
        now = self.now()
        expires = now + dt.timedelta(seconds=self.token_seconds)
        claims = {
            "aud": "https://graph.microsoft.com", "iss": f"https://sts.windows.net/{self.tenant_id}/",
            "iat": int(now.timestamp()), "nbf": int(now.timestamp()), "exp": int(expires.timestamp()),
            "appid": self.client_id, "tid": self.tenant_id, "uti": uuid.uuid4().hex,
        }  # fmt: skip
        claims |= {"roles": rights, "idtyp": "app"} if user is None else {"scp": " ".join(rights), "upn": user}
        token = _jwt(claims)
        self.tokens[token] = Access(frozenset(rights), user, expires)
        return token

    def _error(self, code: str, reason: str = "") -> Response:
        status, error, description = ERRORS.get(code, (400, "invalid_grant", "The request was refused."))
        trace = f"Trace ID: {uuid.uuid4()} Correlation ID: {uuid.uuid4()} Timestamp: 2026-11-23 00:00:00Z"
        body = {
            "error": error,
            "error_description": f"{code}: {description} {reason}".rstrip() + f" {trace}",
            "error_codes": [int(code.removeprefix("AADSTS"))],
            "error_uri": f"{LOGIN}/error?code={code.removeprefix('AADSTS')}",
        }
        return Response(status, body)


def _instances() -> dict[str, Any]:
    hosts = ["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"]
    return {
        "tenant_discovery_endpoint": f"{LOGIN}/common/v2.0/.well-known/openid-configuration",
        "metadata": [{"preferred_network": hosts[0], "preferred_cache": hosts[1], "aliases": hosts}],
    }


def _jwt(claims: Mapping[str, Any]) -> str:
    return f"{_encoded({'typ': 'JWT', 'alg': 'none'})}.{_encoded(claims)}.unsigned"


def _encoded(values: Mapping[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")
