"""A tracker in the made-up SharePoint, and the settings that lead there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scripts.adapters.graph.calls import Calls
from scripts.adapters.graph.session import new_session
from scripts.adapters.graph.sign_in import sign_in
from scripts.adapters.settings.config import SharePointSettings, SignInSettings
from tests.scripts.trackers import Row, incident, save_tracker
from tracker_schema.columns.schema import tracker_schema

if TYPE_CHECKING:
    from tests.servers.graph.entra.certificates import AppCertificate
    from tests.servers.graph.files.files import Item
    from tests.servers.graph.server import GraphServer

SITE = "https://contoso.sharepoint.com/sites/slt"
PATH = "Trackers/Critical incidents.xlsx"
NAME = "Critical incidents.xlsx"


def column_numbers(sheet: str, row: Row) -> dict[str, int]:
    """Return the number of each column of the sheet that `save_tracker` makes of rows like this one, by column id."""
    used = (column for column in tracker_schema().sheets[sheet].columns if column in row)
    return {column: number for number, column in enumerate(used, 1)}


COLUMN = column_numbers("incidents", incident("CI-1"))
NEXT_COLUMN = len(COLUMN) + 1
"""The first to the right of those of `incident`."""


def workbook(folder: Path, incidents: Sequence[Row], **more: Any) -> bytes:
    """Return the bytes of a tracker; see `save_tracker`."""
    return save_tracker(folder / "made.xlsx", incidents, **more).read_bytes()


def sign_in_settings(graph: GraphServer, folder: Path, certificate: AppCertificate) -> SignInSettings:
    """Return the app's sign-in with the certificate that the server knows, its files in `folder`."""
    public, private = folder / "tracker.pem", folder / "tracker.key"
    public.write_text(certificate.public_pem)
    private.write_text(certificate.private_pem)
    return SignInSettings(
        tenant=graph.entra.tenant, client_id=graph.entra.client_id, certificate=public, private_key=private
    )


def place_settings(**changes: Any) -> SharePointSettings:
    """Return the settings of [sharepoint] that lead to the tracker."""
    return SharePointSettings(**{"site": SITE, "path": PATH} | changes)


def calls_of(graph: GraphServer, folder: Path, certificate: AppCertificate) -> Calls:
    """Return requests to Graph, signed in with the certificate."""
    session = new_session()
    return Calls(sign_in(sign_in_settings(graph, folder, certificate), session), session)


def config_file(graph: GraphServer, folder: Path, certificate: AppCertificate | None = None, **changes: str) -> Path:
    """Return a config.toml that leads to the tracker at `PATH`; `changes` are further settings of [sharepoint].

    Without a certificate it signs in with the client secret, which the environment has to hold and which is faster.
    """
    lines = ["[sharepoint]", f"site = '{SITE}'", f"path = '{PATH}'"]
    lines += [f"{name} = '{value}'" for name, value in changes.items()]
    lines += [
        "[sign_in]",
        f"tenant = '{graph.entra.tenant}'",
        f"client_id = '{graph.entra.client_id}'",
    ]
    if certificate is None:
        lines += ["method = 'secret'"]
    else:
        settings = sign_in_settings(graph, folder, certificate)
        lines += [f"certificate = '{settings.certificate}'", f"private_key = '{settings.private_key}'"]
    lines += ["[mail]", "drafts_folder = 'Drafts'"]
    path = folder / "config.toml"
    path.write_text("\n".join(lines), "utf-8")
    return path


def put(graph: GraphServer, data: bytes) -> Item:
    """Put this workbook at `PATH`, as the only file, and begin a new run. Return the file."""
    graph.new_run()
    graph.clear_faults()
    graph.drive.items.clear()
    return graph.add_file(f"/{PATH}", data)


def saved(item: Item, path: Path) -> Path:
    """Write the file as people see it now to `path`, and return that."""
    path.write_bytes(item.live)
    return path
