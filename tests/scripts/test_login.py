"""Signing in once, as a person does it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scripts import check_tracker, login
from tests.adapters.graph.sharepoint import PATH, config_file, workbook
from tests.scripts.trackers import AS_OF, incident, told
from tracker_schema.errors import SignInRefused, UsageError

if TYPE_CHECKING:
    from tests.servers.graph.entra.certificates import AppCertificate
    from tests.servers.graph.server import GraphServer


def test_a_person_signs_in_once_and_the_check_uses_it(
    graph: GraphServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = config_file(graph, tmp_path)
    config.write_text(config.read_text("utf-8").replace("'secret'", "'device'"), "utf-8")
    item = graph.add_file(f"/{PATH}", workbook(tmp_path, [incident("CI-1")]))
    check = ["--config", str(config), "--as-of", AS_OF.isoformat(), "--json"]
    with pytest.raises(SignInRefused, match=r"Run python -m scripts\.login once"):
        check_tracker.main(check)
    assert login.main(["--config", str(config)]) == 0
    said = capsys.readouterr()
    assert said.out == "Signed in.\n"
    assert said.err == "Open https://microsoft.com/devicelogin in any browser and type the code FAKE23CODE there.\n"
    assert check_tracker.main(check) == 0
    assert item.history


def test_a_certificate_is_tried(
    graph: GraphServer, tmp_path: Path, app_certificate: AppCertificate, capsys: pytest.CaptureFixture[str]
) -> None:
    config = config_file(graph, tmp_path, app_certificate)
    assert login.main(["--config", str(config), "--json"]) == 0
    assert told(capsys.readouterr().out) == {
        "signed_in": True,
        "method": "certificate",
        "methods": {"the tracker": "certificate"},
    }
    graph.entra.refuse("AADSTS700027")
    with pytest.raises(SignInRefused, match="Microsoft does not know the certificate"):
        login.main(["--config", str(config)])


def test_mail_with_a_sign_in_of_its_own_is_tried_too(
    graph: GraphServer,
    tmp_path: Path,
    app_certificate: AppCertificate,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("TRACKER_CLIENT_SECRET", graph.entra.secret)
    with_certificate = config_file(graph, tmp_path, app_certificate).read_text("utf-8")
    own = with_certificate.partition("[sign_in]")[2].partition("[mail]")[0]
    config = config_file(graph, tmp_path)
    config.write_text(f"{config.read_text('utf-8')}\n[mail_sign_in]{own}", "utf-8")
    assert login.main(["--config", str(config)]) == 0
    assert capsys.readouterr().out == "Signed in, once for the tracker and once for mail.\n"
    graph.entra.refuse("AADSTS700027")
    with pytest.raises(SignInRefused, match="Microsoft does not know the certificate"):
        login.main(["--config", str(config)])


def test_without_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match=r"does not say how to sign in: tenant is missing under \[sign_in\]"):
        login.main([])
