"""The checklist for a new tenant: how SharePoint behaves here, tried on a copy of the tracker.

The numbers are those of the checklist. The findings hold no data of the tracker, so the JSON can be sent to the
developers.
"""

from __future__ import annotations

from scripts.adapters.doctor.checks import SETTINGS, TRACKER, Answer, check, fine, not_checked, warning, wrong
from scripts.adapters.doctor.examined import Examined
from scripts.adapters.doctor.local_file import READING
from scripts.adapters.doctor.sharepoint import FILE, WRITING
from scripts.adapters.doctor.signing_in import SIGN_IN
from scripts.adapters.doctor.smoke import cells as smoke_cells
from scripts.adapters.doctor.smoke import mail as smoke_mail
from scripts.adapters.doctor.smoke import rows as smoke_rows
from scripts.adapters.doctor.smoke.cells import COPY, DEVELOPERS, put, seconds_now
from scripts.adapters.doctor.smoke.trial_copy import folder_of, trial_copy
from scripts.adapters.doctor.tracker import HEADINGS
from scripts.adapters.graph.drive_item import find_item, refresh, site_address
from scripts.adapters.graph.errors import Refused
from tracker_schema.errors import SignInRefused

NAME = "~doctor check #1"
_NOT_SAFE = 'Set sharepoint.mode = "cells" in config.toml, and report this to the developers.'


@check(COPY, needs=(READING, WRITING, HEADINGS), exit_code=TRACKER)
def copy(examined: Examined) -> Answer:
    """Make the copy that all other checks use."""
    began = seconds_now()
    examined.copy = examined.clean_up.enter_context(
        trial_copy(examined.calls, examined.place, examined.snapshot.data, NAME)
    )
    examined.seconds["upload"] = seconds_now() - began
    return fine("A copy of the tracker is beside it while this runs.")


@check("1 Token", needs=("Permissions",), exit_code=SETTINGS)
def token(examined: Examined) -> Answer:
    """Check that the token holds Sites.Selected and nothing else."""
    listed = ", ".join(sorted(examined.rights))
    if examined.rights == {"Sites.Selected"}:
        return fine("The token holds Sites.Selected alone.")
    return warning(f"The token holds {listed}.", "Nothing but Sites.Selected is needed.")


@check("1 Another site", needs=(SIGN_IN,), exit_code=SETTINGS)
def another_site(examined: Examined) -> Answer:
    """Check that this program cannot open a site that was not granted."""
    address = examined.options.other_site
    if not address:
        return not_checked("No other site was named.", "Name one with --other-site URL.")
    try:
        examined.calls.get(f"/sites/{site_address(address)}/drives?$select=id")
    except SignInRefused:
        return fine("Another site is closed to this program (401).")
    except Refused as refused:
        if refused.status == 403:
            return fine(f"Another site is closed to this program ({refused.status}).")
        return not_checked(f"The other site was answered with {refused.status}.", "Check the address of that site.")
    return wrong("Another site is open to this program.", "Remove tenant-wide permissions, or the grant on that site.")


@check("2 By path", needs=(COPY, FILE), exit_code=TRACKER)
def by_path(examined: Examined) -> Answer:
    """Check that the copy, which has a # in its name, is found by site, library and path."""
    settings = examined.config.sharepoint
    if settings.site is None:
        return not_checked("The settings name a link and no path.", "Give site, library and path to try this.")
    _, folder = folder_of(examined.calls, examined.copy)
    path = f"{folder}/{examined.copy.name}".strip("/")
    found = find_item(examined.calls, settings.model_copy(update={"path": path}))
    if found.item != examined.copy.item:
        return wrong("The path leads to another file.", DEVELOPERS)
    return fine("A file with # in its name is found by its path.")


@check("2 By link", needs=(COPY,), exit_code=TRACKER)
def by_link(examined: Examined) -> Answer:
    """Check that the copy is found by its address in the browser, as by a sharing link."""
    link = examined.calls.read(f"{examined.copy.path}?$select=webUrl")["webUrl"]
    found = find_item(
        examined.calls,
        examined.config.sharepoint.model_copy(update={"site": None, "path": None, "link": link}),
    )
    if found.item != examined.copy.item:
        return wrong("The link leads to another file.", DEVELOPERS)
    return fine("A file is found by its link.")


@check("3 Current version", needs=(COPY,), exit_code=TRACKER)
def current_version(examined: Examined) -> Answer:
    """Check that a whole file made from the current version is accepted."""
    now = refresh(examined.calls, examined.copy)
    answer = put(examined, now.etag)
    return fine(f"The new version was accepted; the eTag {'changed' if answer != now.etag else 'stayed the same'}.")


@check("3 Old version", needs=("3 Current version",), exit_code=TRACKER)
def old_version(examined: Examined) -> Answer:
    """Check that a whole file made from an old version is refused."""
    if refresh(examined.calls, examined.copy).etag == examined.copy.etag:
        return not_checked("The first version is still the current one.", DEVELOPERS)
    try:
        put(examined, examined.copy.etag)
    except Refused as refused:
        if refused.status in (409, 412):
            return fine(f"A file made from an old version is refused ({refused.status}).")
        raise
    return wrong("A file made from an old version was accepted, so a person's edit could be lost.", _NOT_SAFE)


@check("3 Empty change", needs=(COPY,), exit_code=TRACKER)
def empty_change(examined: Examined) -> Answer:
    """Check whether an empty change leaves a file as it is; it could then find out who has the file open."""
    before = refresh(examined.calls, examined.copy)
    try:
        examined.calls.once("patch", before.path, {}, {"If-Match": before.etag})
        result = "accepted"
    except Refused as refused:
        result = f"refused ({refused.status})"
    if refresh(examined.calls, before).etag != before.etag:
        return warning(f"A change that changes nothing is {result}, and changes the eTag.", DEVELOPERS)
    return fine(f"A change that changes nothing is {result}, and leaves the file as it was.")


@check("The copy removed", needs=(COPY,), exit_code=TRACKER)
def removed(examined: Examined) -> Answer:
    """Remove the copy."""
    if examined.ask is not None:
        examined.ask("Close the copy in Excel, and press Enter here.")
    examined.clean_up.close()
    return fine("The copy is removed; for a while the site's recycle bin shows it.")


CHECKS = (
    copy,
    token,
    another_site,
    by_path,
    by_link,
    current_version,
    old_version,
    empty_change,
    *smoke_cells.CHECKS,
    *smoke_rows.CHECKS,
    *smoke_mail.CHECKS,
    removed,
)
