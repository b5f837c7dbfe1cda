"""One document made for an incident: its template, with everything that the tracker has filled in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.adapters.word.documents.file_names import file_stem
from scripts.adapters.word.templates.template_files import FOLDER, template_path
from tracker_schema.clocks.clocks import Rules
from tracker_schema.documents.answers import Answers, answers_of
from tracker_schema.documents.case_details import SHOWN, CaseDetails, details_document
from tracker_schema.documents.case_timeline import timeline_in_words, timeline_of
from tracker_schema.documents.documents import Document, agency_form
from tracker_schema.documents.forms import Form, missing_fields
from tracker_schema.documents.shown import Council, Fields, fields_of
from tracker_schema.documents.shown_details import add_details
from tracker_schema.documents.shown_returns import fields_of_returns
from tracker_schema.documents.slt_paper import Cases, fields_of_paper
from tracker_schema.evidence.themes import SharedFeatures
from tracker_schema.incidents.incident import Incident, ScopingReturn
from tracker_schema.incidents.stages import stages_in_words, stages_of
from tracker_schema.returns.gathered_returns import GatheredReturns
from tracker_schema.wording import medium_date

if TYPE_CHECKING:
    from scripts.adapters.word.templates.picture_places import Picture
    from scripts.adapters.word.templates.template import WordTemplate


@dataclass(frozen=True)
class Order:
    """One document to be made.

    document        the document
    incident        the incident that it is about; None for a document of all cases
    as_of           the day on which it is made
    scoping_return  that of the agency that it is for; None for a document that is not made for each agency
    earlier         the earlier incidents that have features in common with it
    cases           the cases, for a document of all cases
    details         the case details, for a document that shows them; None when they are not filled in yet
    returns         what the agencies returned, for a document that shows it; None when nobody looked
    """

    document: Document
    incident: Incident | None
    as_of: dt.date
    scoping_return: ScopingReturn | None = None
    earlier: Sequence[SharedFeatures] = ()
    cases: Cases | None = None
    details: CaseDetails | None = None
    returns: GatheredReturns | None = None

    @property
    def agency(self) -> str | None:
        """The agency that the document is for; None if it is for none."""
        return self.scoping_return.agency if self.scoping_return else None

    @property
    def remark(self) -> str:
        """Sentences about an agency that the Scoping sheet does not have, or about returns that the document lacks."""
        if self.incident is None:
            return ""
        if self.returns:
            return _about_returns(self.returns, self.incident)
        if self.scoping_return is None or self.scoping_return.row:
            return ""
        asked = ", ".join(each.agency for each in self.incident.scoping if each.agency)
        others = f"the agencies there are {asked}" if asked else "no agency is there yet"
        return (
            f"{self.agency} is not on the Scoping sheet for {self.incident.reference}; {others}. If it is asked, add a "
            "row for it."
        )

    @property
    def stem(self) -> str:
        """The name of its file, without the ending."""
        reference = self.incident.reference if self.incident else None
        return file_stem(reference, self.document.name, self.as_of, self.agency)

    @property
    def chronology_stem(self) -> str:
        """The name of the file with the merged chronology beside it, without the ending."""
        return file_stem(self.incident.reference if self.incident else None, "chronology", self.as_of)


def _about_returns(returns: GatheredReturns, incident: Incident) -> str:
    if not returns.agencies:
        return "It shows no agency's return: none was found. Name the folder of the completed forms with --returns."
    states: dict[str, list[str]] = {}
    for each in incident.scoping:
        states.setdefault(returns.state(each), []).append(each.agency)
    return " ".join(f"{state}: {', '.join(agencies)}." for state, agencies in states.items())


@dataclass(frozen=True)
class Made:
    """What became of one order.

    order     what was asked for
    lacking   the labels of what the document asks for and the tracker does not have
    file      the Word file
    pdf       the PDF; None if none was asked for
    workbook  the merged chronology; None for a document that shows no agency's return
    """

    order: Order
    lacking: Sequence[str]
    file: Path
    pdf: Path | None = None
    workbook: Path | None = None


@dataclass(frozen=True)
class Maker:
    """Makes documents for one council from the templates in a folder.

    rules    the rules by which an agency's return is due
    council  the council, as the settings have it
    folder   the folder of the templates
    """

    rules: Rules
    council: Council
    folder: Path = FOLDER

    # Loaded in these two, because lxml and docxtpl take long to load and a wrong command line needs neither.

    def form(self, document: Document) -> Form:
        """Return what a document asks. Raises TemplateError when its template cannot be used."""
        from scripts.adapters.word.templates.form_fields import form_of

        return form_of(document, self.folder)

    def template(self, document: Document) -> WordTemplate:
        """Return the template of a document. Raises TemplateError when it cannot be used."""
        from scripts.adapters.word.templates.template import read_template

        return read_template(template_path(document.name, self.folder))

    def lacking(self, order: Order) -> list[str]:
        """Return the labels of what the document asks for and the tracker does not have. Raises as `make`."""
        if order.incident is None:
            return []
        form, details = self.form(order.document), self._details(order)
        missing = details.missing(len(order.incident.children)) if details else []
        return [*missing, *missing_fields(form, order.incident, order.scoping_return)]

    def make(self, order: Order) -> bytes:
        """Return the document as a Word file. Raises TemplateError when its template cannot be used."""
        from scripts.adapters.word.package import Properties

        document, incident, template = order.document, order.incident, self.template(order.document)
        title = f"{document.title}, {incident.reference if incident else medium_date(order.as_of)}"
        return template.render(
            *self._content(order),
            Properties(title, self.council.name, self.council.marking, order.as_of),
            pictures_of(template.pictures, incident, order.as_of) if incident else {},
            protect=document.protected,
        )

    def chronology(self, order: Order) -> bytes | None:
        """Return the merged chronology of the agencies' returns as a workbook; None when there is none to merge."""
        if order.incident is None or order.returns is None or not order.returns.agencies:
            return None
        # Loaded here, because openpyxl takes long to load.
        from scripts.adapters.reports.chronology import build

        return build(order.returns, order.incident, self.council, order.as_of)

    def try_out(self, order: Order) -> None:
        """Fill the document in, without its pictures. Raises as `make`."""
        self.template(order.document).fill_in(*self._content(order))

    def _content(self, order: Order) -> tuple[Fields, Answers]:
        if order.cases:
            return fields_of_paper(order.document, order.cases, order.as_of, self.council), Answers({}, {})
        form, incident, scoping_return = self.form(order.document), order.incident, order.scoping_return
        if incident is None:
            raise ValueError("an order is about an incident, or about all cases")
        fields = fields_of(form, incident, order.as_of, self.rules, self.council, scoping_return, order.earlier)
        if details := self._details(order):
            add_details(fields, details, len(incident.children))
        if order.document.shows_returns:
            returns = order.returns or GatheredReturns(self.form(agency_form()))
            fields.update(fields_of_returns(returns, incident, order.as_of, self.rules))
        return fields, answers_of(form, incident, self.council, scoping_return)

    def _details(self, order: Order) -> CaseDetails | None:
        """Return the case details for a document that shows them, empty ones if none are filled in; else None."""
        if order.document.case_details != SHOWN:
            return None
        return order.details or CaseDetails(self.form(details_document()))


def pictures_of(names: Collection[str], incident: Incident, as_of: dt.date) -> Mapping[str, Sequence[Picture]]:
    """Return the pictures for these places of a template, drawn for the incident as on `as_of`, by name.

    The names are “flowchart” and “timeline”; any other place keeps its picture. A long timeline is several pictures,
    and without clocks there is none.
    """
    if not {"flowchart", "timeline"} & set(names):
        return {}
    # Loaded here, because most documents have no picture, and Pillow and the font take long to load.
    from scripts.adapters.pictures.flowchart import flowchart_png
    from scripts.adapters.pictures.timeline import Timeline, timeline_pngs
    from scripts.adapters.word.templates.picture_places import Picture

    drawn: dict[str, Sequence[Picture]] = {}
    if "flowchart" in names:
        png = flowchart_png(incident.reference, as_of, stages_of(incident))
        drawn["flowchart"] = [Picture(png, stages_in_words(incident, as_of))]
    if "timeline" in names:
        timeline = Timeline(incident.reference, as_of, timeline_of(incident, as_of), incident.is_closed)
        drawn["timeline"] = [Picture(png, timeline_in_words(incident, as_of)) for png in timeline_pngs(timeline)]
    return drawn
