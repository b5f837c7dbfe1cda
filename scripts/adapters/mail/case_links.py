"""The links of the weekly summary and the daily list: to the workbook, SLT's paper and the folder of each open case."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

from scripts.adapters.mail.messages.links import Link, Links, link_to
from scripts.adapters.settings.config import Config
from scripts.adapters.storage.store import Snapshot, Store
from scripts.adapters.word.documents.copies import PAPERS
from scripts.adapters.word.documents.file_names import folder_name
from tracker_schema.errors import TrackerError
from tracker_schema.incidents.incident import Tracker

_PAPER = "slt-paper "


def find_links(
    store: Store, config: Config, snapshot: Snapshot, tracker: Tracker, warn: Callable[[str], None]
) -> Links:
    """Return the links to what is there beside the tracker, which was read from `store` as `snapshot`.

    When the folders of cases cannot be read, `warn` gets a sentence, and only the workbook is linked to.
    """
    workbook = link_to(snapshot.where) if snapshot.where else None
    folders = store.case_folders(config.documents.folder)

    def link(folder: str, name: str = "") -> Link:
        address = folders.address(folder, name)
        if "://" in address:
            return link_to(address)
        return link_to(str(Path(snapshot.where).parent / unquote(address)))  # from the tracker's own folder

    try:
        there = folders.cases()
        papers = sorted(name for name in folders.files(PAPERS) if name.startswith(_PAPER)) if PAPERS in there else []
        cases = {
            incident.shown_reference: link(folder)
            for incident in tracker.open_incidents
            if (folder := folder_name(incident.reference)) in there
        }
        return Links(workbook, link(PAPERS, papers[-1]) if papers else None, cases)
    except TrackerError as error:
        warn(str(error))
        return Links(workbook)
