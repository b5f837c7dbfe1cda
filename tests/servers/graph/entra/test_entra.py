from __future__ import annotations

import base64
import datetime as dt
import importlib
import json
from typing import Any

import pytest
import requests
from office365.graph_client import GraphClient
from office365.runtime.client_request_exception import ClientRequestException

from tests.servers.graph.client import Client, refused
from tests.servers.graph.entra.certificates import AppCertificate, make_certificate
from tests.servers.graph.server import GraphServer

msal: Any = importlib.import_module("msal")  # it has no type information

SCOPE = ["https://graph.microsoft.com/.default"]


def app(graph: GraphServer, credential: Any, **options: Any) -> Any:
    tenant = options.pop("tenant", graph.entra.tenant)
    client_id = options.pop("client_id", graph.entra.client_id)
    return msal.ConfidentialClientApplication(
        client_id, authority=f"https://login.microsoftonline.com/{tenant}", client_credential=credential, **options
    )


def by_certificate(certificate: AppCertificate) -> dict[str, str]:
    return {"private_key": certificate.private_pem, "public_certificate": certificate.public_pem}


def claims(token: str) -> dict[str, Any]:
    part = token.split(".")[1]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return found


def header_of_assertion(graph: GraphServer) -> dict[str, Any]:
    assertion = graph.requests_to("oauth2/v2.0/token")[-1].form["client_assertion"].split(".")[0]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(assertion + "=" * (-len(assertion) % 4)))
    return found


def site_of(graph: GraphServer, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    return requests.get(
        f"https://graph.microsoft.com/v1.0/sites/{graph.site.id}", headers=headers, timeout=5
    ).status_code


def test_a_secret_through_the_library(graph: GraphServer) -> None:
    client: Any = GraphClient(tenant=graph.entra.tenant)
    client.with_client_secret(graph.entra.client_id, graph.entra.secret)
    assert client.sites.get_by_url(graph.site.web_url).execute_query().id == graph.site.id


def test_a_certificate_by_its_sha_256(graph: GraphServer, app_certificate: AppCertificate) -> None:
    answer = app(graph, by_certificate(app_certificate)).acquire_token_for_client(SCOPE)
    assert site_of(graph, answer["access_token"]) == 200
    header = header_of_assertion(graph)
    assert (header["alg"], "x5t#S256" in header) == ("PS256", True)


def test_a_certificate_by_its_thumbprint(graph: GraphServer, app_certificate: AppCertificate) -> None:
    client: Any = GraphClient(tenant=graph.entra.tenant)
    thumbprint = app_certificate.thumbprint
    client.with_certificate(graph.entra.client_id, thumbprint, app_certificate.private_pem)
    assert client.sites.get_by_url(graph.site.web_url).execute_query().id == graph.site.id
    assert header_of_assertion(graph)["alg"] == "RS256"


def refusal(answer: dict[str, Any]) -> tuple[str, str]:
    """Return the error and Microsoft's number for it."""
    return answer["error"], answer["error_description"].partition(":")[0]


def test_a_certificate_that_is_not_registered(graph: GraphServer) -> None:
    answer = app(graph, by_certificate(make_certificate())).acquire_token_for_client(SCOPE)
    assert refusal(answer) == ("invalid_client", "AADSTS700027")
    assert answer["error_codes"] == [700027]


def test_a_certificate_with_another_ones_key(graph: GraphServer, app_certificate: AppCertificate) -> None:
    credential = by_certificate(app_certificate) | {"private_key": make_certificate().private_pem}
    answer = app(graph, credential).acquire_token_for_client(SCOPE)
    assert refusal(answer) == ("invalid_client", "AADSTS700027")
    assert "does not match the signature" in answer["error_description"]


def test_a_certificate_that_has_run_out(graph: GraphServer) -> None:
    certificate = make_certificate(begins=dt.datetime.now(dt.UTC) - dt.timedelta(days=400))
    graph.entra.certificates.append(certificate.certificate)
    answer = app(graph, by_certificate(certificate)).acquire_token_for_client(SCOPE)
    assert "expired" in answer["error_description"]


@pytest.mark.parametrize(
    ("change", "code"),
    [({"aud": "https://example.org"}, "AADSTS700023"), ({"iss": "another"}, "AADSTS700027")],
)
def test_assertions_for_somewhere_or_somebody_else(
    graph: GraphServer, app_certificate: AppCertificate, change: dict[str, str], code: str
) -> None:
    credential = by_certificate(app_certificate)
    answer = app(graph, credential, client_claims=change).acquire_token_for_client(SCOPE)
    assert refusal(answer) == ("invalid_client", code)


def test_an_assertion_by_a_clock_that_is_wrong(graph: GraphServer, app_certificate: AppCertificate) -> None:
    graph.clock_ahead = dt.timedelta(hours=1)
    answer = app(graph, by_certificate(app_certificate)).acquire_token_for_client(SCOPE)
    assert refusal(answer) == ("invalid_client", "AADSTS700024")


def test_other_refusals(graph: GraphServer) -> None:
    wrong = app(graph, "wrong").acquire_token_for_client(SCOPE)
    assert refusal(wrong) == ("invalid_client", "AADSTS7000215")
    unknown = app(graph, graph.entra.secret, client_id="unknown").acquire_token_for_client(SCOPE)
    assert refusal(unknown) == ("unauthorized_client", "AADSTS700016")
    with pytest.raises(ValueError, match="Unable to get authority configuration"):
        app(graph, graph.entra.secret, tenant="example.org")
    graph.entra.refuse("AADSTS7000222")
    refused_now = app(graph, graph.entra.secret).acquire_token_for_client(SCOPE)
    assert refusal(refused_now) == ("invalid_client", "AADSTS7000222")


def test_the_token_says_what_it_allows(graph: GraphServer) -> None:
    token = app(graph, graph.entra.secret).acquire_token_for_client(SCOPE)["access_token"]
    assert claims(token)["roles"] == ["Sites.Selected"]
    assert claims(token)["exp"] - claims(token)["iat"] == graph.entra.token_seconds
    graph.entra.roles = ["Sites.ReadWrite.All"]
    assert claims(graph.entra.token())["roles"] == ["Sites.ReadWrite.All"]


def test_a_token_that_ends(graph: GraphServer) -> None:
    token = graph.entra.token()
    assert site_of(graph, token) == 200
    graph.clock_ahead = dt.timedelta(hours=2)
    assert site_of(graph, token) == 401
    token = graph.entra.token()
    graph.entra.expire_tokens()
    assert site_of(graph, token) == 401
    client = Client(graph, graph.add_file("/Tracker.xlsx", b""))
    graph.entra.token_seconds = 0
    with pytest.raises(ClientRequestException) as error:
        client.item("get")
    assert refused(error) == (401, "InvalidAuthenticationToken")


def person(graph: GraphServer, cache: Any = None) -> Any:
    authority = f"https://login.microsoftonline.com/{graph.entra.tenant}"
    return msal.PublicClientApplication(graph.entra.client_id, authority=authority, token_cache=cache)


def test_a_person_signs_in_with_a_device_code(graph: GraphServer) -> None:
    graph.entra.pending_polls = 2
    public = person(graph)
    flow = public.initiate_device_flow(["Sites.Selected"])
    assert "https://microsoft.com/devicelogin" in flow["message"]
    answer = public.acquire_token_by_device_flow(flow)
    assert claims(answer["access_token"])["scp"] == "Sites.Selected Mail.Send"
    assert site_of(graph, answer["access_token"]) == 200
    assert [request.status for request in graph.requests_to("oauth2/v2.0/token")] == [400, 400, 200]


def test_a_person_stays_signed_in(graph: GraphServer) -> None:
    cache = msal.SerializableTokenCache()
    public = person(graph, cache)
    public.acquire_token_by_device_flow(public.initiate_device_flow(["Sites.Selected"]))

    def later() -> dict[str, Any]:
        public = person(graph, cache)  # another each time, as MSAL keeps refusals for a minute
        account = public.get_accounts(graph.entra.user)[0]
        found: dict[str, Any] = public.acquire_token_silent_with_error(["Sites.Selected"], account, force_refresh=True)
        return found

    assert site_of(graph, later()["access_token"]) == 200
    graph.entra.refuse("AADSTS50076")
    assert refusal(later()) == ("invalid_grant", "AADSTS50076")
    graph.entra.refuse(None)
    graph.entra.refresh_tokens.clear()
    assert refusal(later()) == ("invalid_grant", "AADSTS70043")
