"""Which documents are asked for, and their files."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

from scripts.adapters.storage.case_folders.folders import CaseFolders
from scripts.adapters.word.documents.file_names import folder_name, free_name, save_new
from scripts.adapters.word.documents.making import Made, Maker, Order
from scripts.adapters.word.templates.template_errors import TemplateError
from tracker_schema.documents.documents import Document, documents
from tracker_schema.errors import UsageError
from tracker_schema.evidence.themes import similar_incidents
from tracker_schema.incidents.incident import Incident, ScopingReturn, Tracker, new_incident
from tracker_schema.wording import did_you_mean

# On a blank form: an incident with more of them is entered into the tracker, and its form is made from there.
MOST_PARTS = 9
FOLDER, DEMO_FOLDER = Path("documents"), Path("demo") / "documents"


def check(options: argparse.Namespace, parser: argparse.ArgumentParser) -> None:
    """Stop with the usage when the options of make_document do not go together.

    --demo without any other option means --all.
    """
    if options.demo and (options.tracker or options.config):
        parser.error("--demo makes its own tracker; leave out --tracker and --config")
    if options.all and options.list:
        parser.error("--all makes documents and --list makes none; leave one of them out")
    if options.asked:
        others = [options.words, options.all, options.list, options.agency, options.out, options.pdf, options.blank]
        if any(others) or options.demo:
            parser.error("--asked makes what the sheet Documents asks for, and takes no other words")
        return
    if options.children is not None and not (options.blank and 1 <= options.children <= MOST_PARTS):
        parser.error(f"--children goes with --blank, and with a number from 1 to {MOST_PARTS}")
    if options.blank:
        if len(options.words) != 1 or options.all or options.list or options.agency:
            parser.error("--blank goes with the NAME of one document, and with nothing else")
        return
    if options.demo and not options.words:
        options.all = not options.list
        return
    if options.list and not options.words:
        return
    if paper_asked_for(options):
        if len(options.words) > 1 or options.agency:
            parser.error(f"{options.words[0]} is about all cases; leave out the reference and --agency")
        return
    wanted = ["REFERENCE"] if options.all or options.list else ["NAME", "REFERENCE"]
    if len(options.words) != len(wanted):
        parser.error(f"this takes {' and '.join(wanted)}, and there are {len(options.words)} words")
    if options.agency and options.all:
        parser.error("--agency goes with one document; leave out --all")


def paper_asked_for(options: argparse.Namespace) -> Document | None:
    """Return the document of all cases that the command line asks for; None if it asks for anything else."""
    document = documents().get(options.words[0]) if options.words and not (options.all or options.list) else None
    return document if document and document.all_cases else None


def paper_order(document: Document, tracker: Tracker, ledger: Path, folders: CaseFolders) -> Order:
    """Return the order for a document of all cases; new is what the last summary for SLT did not report.

    `ledger` is the file in which that is remembered, and `folders` are those of the cases. Raises MailNotSent when the
    ledger cannot be read, and TrackerError when the folders cannot.
    """
    # Loaded here, because it takes SQLite and more, which other documents do not need.
    from scripts.adapters.ledger.sent_summaries import last_summary_before
    from scripts.adapters.mail.messages.weekly_summary import period_of
    from tracker_schema.documents.slt_paper import cases_of

    last = last_summary_before(ledger, period_of(tracker.as_of))
    cases = cases_of(tracker, last.since(tracker.as_of), last.reported)
    there = folders.cases()
    addresses = {
        incident.shown_reference: unquote(folders.address(folder, "")).rstrip("/")
        for incident in tracker.incidents
        if incident.reference and (folder := folder_name(incident.reference)) in there
    }
    return Order(document, None, tracker.as_of, cases=replace(cases, folders=addresses))


def incident_asked_for(options: argparse.Namespace, tracker: Tracker) -> Incident:
    """Return the incident whose reference is on the command line; without one, in a demonstration, that with the most
    documents to make.

    Raises UsageError when the tracker has no such incident.
    """
    if options.words:
        return tracker.find(options.words[-1])
    incidents = (incident for incident in tracker.incidents if incident.reference)
    return max(incidents, key=lambda incident: len(list(orders_of_the_stage(incident, tracker.as_of))))


def orders_asked_for(options: argparse.Namespace, incident: Incident, tracker: Tracker) -> list[Order]:
    """Return what to make for an incident of the tracker.

    Raises UsageError when there is no such document, or it cannot be made for that agency.
    """
    if options.all:
        orders = list(orders_of_the_stage(incident, tracker.as_of))
    else:
        orders = orders_for(document_called(options.words[0]), incident, tracker.as_of, options.agency)
    earlier = similar_incidents(incident, tracker)
    return [replace(order, earlier=earlier) for order in orders]


def blank_order(name: str, as_of: dt.date, children: int = 1) -> Order:
    """Return the order for a form that reports an incident, with that many children, that the tracker does not have.

    Raises UsageError when there is no such document, or it does not report an incident.
    """
    document = document_called(name)
    if not document.reports:
        can = ", ".join(each.name for each in documents().values() if each.reports)
        remedy = f"Give its reference; --blank is for {can}."
        raise UsageError(f"{name} is made for an incident in the tracker.", remedy)
    return Order(document, new_incident(children), as_of)


def orders_for(
    document: Document, incident: Incident, as_of: dt.date, agency: str | None = None, *, awaited: bool = False
) -> list[Order]:
    """Return the orders for a document: one, or one for each agency that was asked, or only that for `agency`.

    `agency` need not be on the Scoping sheet. `awaited` leaves out the agencies that have returned.

    Raises UsageError when no agency was asked, or the document is not made for an agency.
    """
    if document.all_cases:
        raise UsageError(f"{document.name} is about all cases.", "Leave out the reference.")
    if not document.per_agency:
        if agency:
            raise UsageError(f"{document.name} is not made for an agency.", "Leave out --agency.")
        return [Order(document, incident, as_of)]
    if agency:
        return [Order(document, incident, as_of, incident.scoping_of(agency))]
    asked: dict[str, ScopingReturn] = {}
    for scoping_return in incident.scoping:
        if scoping_return.agency and not (awaited and scoping_return.returned):
            asked.setdefault(scoping_return.agency, scoping_return)
    if not asked and not awaited:
        raise UsageError(
            f"{document.name} is made for an agency, and the Scoping sheet has none for {incident.reference}.",
            "Add a row there for each agency.",
        )
    return [Order(document, incident, as_of, scoping_return) for scoping_return in asked.values()]


def orders_of_the_stage(incident: Incident, as_of: dt.date) -> Iterator[Order]:
    """Yield an order for each document that the stage of the incident calls for."""
    for document in documents().values():
        if document.is_called_for(incident):
            yield from orders_for(document, incident, as_of, awaited=True)


def document_called(name: str) -> Document:
    """Return the document with that name. Raises UsageError, which offers the nearest name, when there is none."""
    if name in documents():
        return documents()[name]
    remedy = did_you_mean(name, documents()) or f"The documents are {', '.join(documents())}."
    raise UsageError(f"There is no document {name}.", remedy)


def carry_out(
    orders: list[Order], maker: Maker, folder: Path, *, pdf: bool, dry_run: bool
) -> tuple[list[Made], UsageError | None]:
    """Make the orders, each as a new file in `folder`, with `pdf` as a PDF too.

    Return what was made, and the error that says which templates cannot be used; None when all can.

    Beside a document that shows the agencies' returns goes a workbook with their merged chronology.

    Everything is made before anything is written. With `dry_run` nothing is written.

    Raises UsageError when the folder cannot be written or there is no LibreOffice for `pdf`.
    """
    if pdf:
        # Loaded here, because it takes lxml, and finding out that there is nothing to do should not.
        from scripts.adapters.word.documents.pdf import as_pdf, libreoffice

        libreoffice()
    filled: list[tuple[Order, Sequence[str], bytes, bytes | None]] = []
    faults: dict[str, TemplateError] = {}
    for order in orders:
        try:
            filled.append((order, maker.lacking(order), maker.make(order), maker.chronology(order)))
        except TemplateError as error:
            faults[str(error)] = error
    fault = next(iter(faults.values())) if len(faults) == 1 else UsageError(" ".join(faults)) if faults else None
    made: list[Made] = []
    for order, labels, data, workbook in filled:
        if dry_run:
            file = free_name(folder, order.stem, ".docx", [each.file for each in made])
            beside = free_name(folder, order.chronology_stem, ".xlsx") if workbook else None
            made.append(Made(order, labels, file, free_name(folder, file.stem, ".pdf") if pdf else None, beside))
        else:
            beside = save_new(folder, order.chronology_stem, ".xlsx", workbook) if workbook else None
            made.append(Made(order, labels, save_new(folder, order.stem, ".docx", data), workbook=beside))
    if dry_run or not pdf:
        return made, fault
    files = as_pdf({each.file.stem: data for each, (*_, data, _) in zip(made, filled, strict=True)})
    return [replace(each, pdf=save_new(folder, each.file.stem, ".pdf", files[each.file.stem])) for each in made], fault
