"""The whole examination: the checks that apply to this installation, in their order."""

from __future__ import annotations

from scripts.adapters.doctor import this_computer
from scripts.adapters.doctor.checks import SETTINGS, Check, Finding, carry_out, not_checked
from scripts.adapters.doctor.examined import Examined
from tracker_schema.errors import UsageError

MOST_CHECKS = 40


def examine(examined: Examined) -> list[Finding]:
    """Run the checks that apply to this installation, and return their findings.

    Raises UsageError when the checklist is asked for and the tracker is not in SharePoint.
    """
    with examined.clean_up:
        findings = carry_out(this_computer.CHECKS, examined)
        try:
            from scripts.adapters.doctor import mail, settings, templates
        except ImportError:  # a package is missing, as the check of packages has reported
            missing = not_checked("“Packages” must be right first.", "Put “Packages” right and run doctor again.")
            return [*findings, Finding("Settings", missing.verdict, missing.found, missing.remedy, SETTINGS)]
        findings += carry_out(settings.CHECKS, examined)
        findings += carry_out(templates.CHECKS, examined)
        if examined.options.tracker is None:  # with --tracker, mail is drafts
            findings += carry_out(mail.CHECKS, examined)
        findings += carry_out(_checks_of_the_tracker(examined), examined)
        return findings


def _checks_of_the_tracker(examined: Examined) -> tuple[Check, ...]:
    from scripts.adapters.doctor import local_file, tracker

    known = "Settings" not in examined.failed
    in_sharepoint = known and examined.options.tracker is None and bool(examined.config.sharepoint)
    if examined.options.smoke and known and not in_sharepoint:
        raise UsageError(
            "The checklist is for a tracker in SharePoint.",
            "Fill in [sharepoint] in config.toml, and leave out --tracker.",
        )
    if not known:
        return (local_file.reading, *tracker.CHECKS)
    by_graph = examined.options.tracker is None and examined.config.mail.transport == "graph"
    if not in_sharepoint and not by_graph:
        return (*local_file.CHECKS, *tracker.CHECKS)
    from scripts.adapters.doctor import sharepoint, signing_in
    from scripts.adapters.doctor.smoke import smoke

    if not in_sharepoint:
        return (*local_file.CHECKS, *tracker.CHECKS, *signing_in.CHECKS_FOR_MAIL)

    checklist = smoke.CHECKS if examined.options.smoke else ()
    return (*signing_in.CHECKS, *sharepoint.CHECKS, *tracker.CHECKS, *sharepoint.WRITING_CHECKS, *checklist)
