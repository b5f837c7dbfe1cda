"""Documents made for a case: from its template, with everything that the tracker knows filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.adapters.word.documents.file_names import file_stem
from scripts.adapters.word.templates.building import FOLDER, template_path
from tracker_schema.case import Case
from tracker_schema.clocks import Rules
from tracker_schema.documents.answers import Answers, answers_of
from tracker_schema.documents.case_timeline import timeline_in_words
from tracker_schema.documents.documents import Document, missing_fields
from tracker_schema.documents.shown import Council, Fields, fields_of
from tracker_schema.stages import stages_in_words

if TYPE_CHECKING:
    from scripts.adapters.word.templates.picture_places import Picture
    from scripts.adapters.word.templates.template import WordTemplate


@dataclass(frozen=True)
class Order:
    """One document to be made about a case; `agency` is for whom, where it is made for each agency."""

    document: Document
    case: Case
    agency: str | None = None

    @property
    def stem(self) -> str:
        """What its file is called, without the ending."""
        return file_stem(self.case.reference, self.document.name, self.case.as_of, self.agency)

    @cached_property
    def lacking(self) -> list[str]:
        """The labels of what the tracker does not say and the document asks for."""
        return missing_fields(self.document, self.case, self.agency)


@dataclass(frozen=True)
class Made:
    """What became of one order: its file, and its PDF where one was asked for."""

    order: Order
    file: Path
    pdf: Path | None = None


@dataclass(frozen=True)
class Maker:
    """Makes documents for one council from the templates in a folder."""

    rules: Rules
    council: Council
    folder: Path = FOLDER

    def template(self, name: str) -> WordTemplate:
        """The template of the document with that name. Raises TemplateSlip when it cannot be used."""
        # Loaded here, because docxtpl takes long to load and a wrong command line needs none of it.
        from scripts.adapters.word.templates.template import read_template

        return read_template(template_path(name, self.folder))

    def make(self, order: Order) -> bytes:
        """The document as a Word file. Raises TemplateSlip when its template has a slip."""
        from scripts.adapters.word.package import Properties

        document, case = order.document, order.case
        return self.template(document.name).render(
            *self._said(order),
            Properties(f"{document.title}, {case.reference}", self.council.name, self.council.marking, case.as_of),
            pictures_of(document, case),
            protect=document.protected,
        )

    def try_out(self, order: Order) -> None:
        """Nothing; raises TemplateSlip when the document could not be made. Its pictures are not drawn."""
        self.template(order.document.name).fill_in(*self._said(order))

    def _said(self, order: Order) -> tuple[Fields, Answers]:
        document, case, agency = order.document, order.case, order.agency
        fields = fields_of(document, case, self.rules, self.council, agency)
        return fields, answers_of(document, case, self.council, agency)


def pictures_of(document: Document, case: Case) -> Mapping[str, Sequence[Picture]]:
    """The pictures that the document's contents ask for, drawn for the case, by name; a name may have none."""
    wanted = {section.picture for section in document.sections if section.picture}
    if not wanted:
        return {}
    # Loaded here, because most documents have no picture, and matplotlib takes long to load.
    from scripts.adapters.pictures.flowchart import flowchart_png
    from scripts.adapters.pictures.timeline import timeline_pngs
    from scripts.adapters.word.templates.picture_places import Picture

    drawn: dict[str, Sequence[Picture]] = {}
    if "flowchart" in wanted:
        drawn["flowchart"] = [Picture(flowchart_png(case), stages_in_words(case))]
    if "timeline" in wanted:
        drawn["timeline"] = [Picture(png, timeline_in_words(case)) for png in timeline_pngs(case)]
    return drawn
