"""A tracker in SharePoint: its place, the permission to write there, and the way in which it will be written."""

from __future__ import annotations

import contextlib

from scripts.adapters.doctor.checks import SETTINGS, TRACKER, Answer, check, fine, not_checked, warning, wrong
from scripts.adapters.doctor.examined import Examined
from scripts.adapters.doctor.local_file import DRY_RUN, READING, WITHOUT_DRY_RUN, size
from scripts.adapters.doctor.signing_in import SIGN_IN
from scripts.adapters.doctor.smoke.trial_copy import left_over, trial_copy
from scripts.adapters.doctor.tracker import HEADINGS
from scripts.adapters.graph.download import read_version
from scripts.adapters.graph.drive_item import find_item, site_address
from scripts.adapters.graph.errors import Refused
from scripts.adapters.graph.excel.cells import try_cells
from scripts.adapters.graph.excel.open_sheet import Work
from scripts.adapters.settings.build import names_of
from scripts.adapters.storage.store import Snapshot
from tracker_schema.errors import TrackerBusy
from tracker_schema.incidents.plan import Plan
from tracker_schema.layouts.rows import WorkbookRows

SITE, LIBRARY, FILE = "Site", "Library", "File"
WRITING, MODE = "Write permission", "Way to write"
COPY = "~doctor check"
_FOR_ONE_FILE = "Files.SelectedOperations.Selected"


@check(SITE, needs=("Settings", SIGN_IN), exit_code=SETTINGS)
def site(examined: Examined) -> Answer | None:
    """Check that the site exists and this program may open it; None where the settings have a link or ids."""
    settings = examined.config.sharepoint
    if settings.site is None:
        return None
    try:
        examined.calls.get(f"/sites/{site_address(settings.site)}?$select=id")
    except Refused:
        find_item(examined.calls, settings)  # it raises an error that says what is wrong
        raise
    return fine(f"The site {settings.site} is there and open to this program.")


@check(LIBRARY, needs=(SITE,), exit_code=SETTINGS)
def library(examined: Examined) -> Answer | None:
    """Check that the library exists; None where the settings have a link or ids."""
    settings = examined.config.sharepoint
    if settings.site is None:
        return None
    drives = examined.calls.read_all(f"/sites/{site_address(settings.site)}/drives?$select=name")
    if settings.library.casefold() not in [str(drive["name"]).casefold() for drive in drives]:
        find_item(examined.calls, settings)  # it knows libraries by other names too, and lists them
    return fine(f"The library “{settings.library}” is there.")


@check(FILE, needs=(LIBRARY,), exit_code=TRACKER)
def file(examined: Examined) -> Answer:
    """Check that the tracker is where the settings say."""
    examined.place = find_item(examined.calls, examined.config.sharepoint)
    return fine(f"“{examined.place.name}” is there ({size(examined.place.size)}).")


@check(READING, needs=(FILE,), exit_code=TRACKER)
def reading(examined: Examined) -> Answer:
    """Check that the file can be downloaded, which uses another address than all other calls."""
    compare = examined.config.sharepoint.compare_downloads
    data, examined.place = read_version(examined.calls, examined.place, compare=compare)
    examined.snapshot = Snapshot(data, examined.place.etag, examined.place.name)
    if not compare:
        return fine("The file can be downloaded, twice alike; the settings say not to compare it with its version.")
    return fine("The file can be downloaded, and what comes is the version that SharePoint names.")


@check("Copies left behind", needs=(READING,), exit_code=TRACKER)
def copies_left(examined: Examined) -> Answer | None:
    """Name the copies that a killed run of doctor left beside the tracker; None when there are none."""
    names = left_over(examined.calls, examined.place, COPY)
    if not names:
        return None
    listed = ", ".join(f"“{name}”" for name in names)
    return warning(
        f"Beside the tracker is {listed}, which a run of doctor left there or is using now.",
        "Unless doctor is running elsewhere now, delete it there, because it holds what the tracker held.",
    )


@check(WRITING, needs=(READING,), exit_code=TRACKER)
def writing(examined: Examined) -> Answer:
    """Check that a copy beside the tracker can be made, changed and removed."""
    if examined.writes_nothing:
        return not_checked(DRY_RUN, WITHOUT_DRY_RUN)
    calls, data = examined.calls, examined.snapshot.data
    try:
        # Whether the tracker itself is locked is another check.
        with trial_copy(calls, examined.place, data, COPY) as copy, contextlib.suppress(TrackerBusy):
            examined.refusal_on_copy = try_cells(calls, copy, _work(examined), keeps_changes=True)
    except Refused as refused:
        if refused.status == 403 and _FOR_ONE_FILE in examined.rights:
            return warning(
                "The grant is for the tracker alone, so no copy beside it can be made to try writing.",
                "Run check_tracker and look whether the status columns are filled.",
            )
        if refused.status == 403:
            return wrong(
                "This program may read the tracker's folder but not write there.",
                "Ask IT to grant the app registration “write” on that site, or the signed-in account the right to "
                "edit.",
            )
        if refused.status in (413, 507):
            return wrong("The library is full.", "Make room in it, and in the site's recycle bin.")
        raise
    return fine(
        "A copy of the tracker could be made beside it and removed; for a while the site's recycle bin shows it."
    )


@check(MODE, needs=(READING,), exit_code=TRACKER)
def way_to_write(examined: Examined) -> Answer:
    """Find out which ways of writing are possible, and which will be used."""
    wanted = examined.config.sharepoint.mode
    if WRITING in examined.failed and not examined.writes_nothing:
        return not_checked(f"“{WRITING}” must be right first.", f"Put “{WRITING}” right and run doctor again.")
    refusal = examined.refusal_on_copy or try_cells(
        examined.calls, examined.place, _work(examined), keeps_changes=False
    )
    examined.mode = "upload" if wanted == "upload" or refusal is not None else "cells"
    if refusal is None:
        possible = "Excel's service opens the tracker so that single cells can be written"
        if wanted == "upload":
            return warning(
                f"{possible}, but the settings say upload, which waits while anybody has it open.",
                'Set sharepoint.mode = "auto" in config.toml, unless there is a reason.',
            )
        return fine(f"{possible}, also while people have it open; {wanted} uses that.")
    found = f"Excel's service does not change the tracker for this program (error {refusal.code})"
    if wanted == "cells":
        return wrong(
            f"{found}, and the settings allow no other way.",
            'Set sharepoint.mode = "auto" in config.toml, or sign in as a person: [sign_in] method = "device".',
        )
    if wanted == "upload":
        return fine(f"{found}; the settings say upload, which does not need it.")
    return warning(
        f"{found}; auto uploads the whole file instead, when nobody has it open.",
        'If people have it open most of the day, sign in as a person: [sign_in] method = "device".',
    )


def _work(examined: Examined) -> Work:
    """What a run reads before it writes; nothing where the headings are not found."""
    rows = WorkbookRows(examined.place.name, {}) if HEADINGS in examined.failed else examined.rows
    return Work(rows, Plan((), ()), names_of(examined.config).columns)


# Who has the file open is not looked at here: SharePoint tells it only of a change that is refused, and the tracker
# itself is not for trying changes on. (`--smoke` tries it on a copy.)
CHECKS = (site, library, file, reading)
WRITING_CHECKS = (copies_left, writing, way_to_write)
