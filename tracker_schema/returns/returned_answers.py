"""What a completed form says, control by control, before anybody asks what it means."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field


class ReturnRefused(Exception):
    """A file is not read in as a completed form, and stays where it is.

    The message is the rest of a sentence that starts with the file: what is wrong, and the remedy. It never holds
    what a field of the form says.
    """


@dataclass(frozen=True, slots=True)
class Answer:
    """One field of a form as it came back.

    `tag` is the field's name, `label` what people see. `text` is what stands in it, without what a tracked change
    deleted; empty when it still shows its prompt. `ticked` is a check box's state, None for any other field. `picked`
    is the day that Word keeps with a date field. `beside_text` tells that it holds a picture or the like besides.
    """

    tag: str
    label: str
    text: str = field(repr=False)
    ticked: bool | None = None
    picked: dt.date | None = field(default=None, repr=False)
    beside_text: bool = False

    @property
    def filled(self) -> bool:
        """Whether somebody gave an answer: a box is one when it is ticked."""
        return self.ticked if self.ticked is not None else bool(self.text) or self.beside_text


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a part of a form that people repeat as often as they need."""

    tag: str
    rows: tuple[tuple[Answer, ...], ...]


@dataclass(frozen=True, eq=False)
class Answers:
    """Everything a completed form says: single fields and repeated rows in the order of the document, and the
    document's own properties by name.
    """

    single: tuple[Answer, ...]
    repeated: tuple[Rows, ...] = ()
    properties: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __iter__(self) -> Iterator[Answer]:
        """Each answer, those in rows too."""
        yield from self.single
        for section in self.repeated:
            for row in section.rows:
                yield from row

    @property
    def tags(self) -> set[str]:
        """The tag of every field and every repeated part that is there, filled in or not."""
        return {answer.tag for answer in self} | {section.tag for section in self.repeated}
