"""The themes of the learning from an incident, and earlier incidents with features in common.

They are a help to people who judge whether themes recur. Nothing is scored and nothing is predicted.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tracker_schema.columns.parsing import cleaned
from tracker_schema.evidence.ages import age_band
from tracker_schema.evidence.columns import Feature, evidence_columns
from tracker_schema.incidents.incident import Incident, Tracker
from tracker_schema.layouts.record import Record

_BETWEEN_PARTS = re.compile(r"[;,\r\n]")
# The bullet before a part, and the full stop after it.
_AROUND_A_PART = " .-–•*·"


@dataclass(frozen=True)
class SharedFeatures:
    """An earlier incident that has features in common with another one.

    incident: the earlier incident
    features: the features in common, in words, such as “theme: Professional curiosity”
    """

    incident: Incident
    features: tuple[str, ...]

    @property
    def learning_recorded(self) -> bool:
        """Whether the tracker says what was learned from it."""
        return bool(themes_of(self.incident))

    @property
    def actions_open(self) -> int:
        """How many of its actions are open: all that have no date on which they were done."""
        return len(self.incident.actions) - self.actions_done

    @property
    def actions_done(self) -> int:
        """How many of its actions are done."""
        return sum(action.done is not None for action in self.incident.actions)


def themes_of(incident: Incident) -> tuple[str, ...]:
    """Return the themes of an incident as they are typed, each once.

    The text is divided at semicolons, commas and line breaks. Two themes are the same in any spelling of capitals.
    """
    themes: dict[str, str] = {}
    for theme in _parts(incident, evidence_columns().learning):
        themes.setdefault(theme.casefold(), theme)
    return tuple(themes.values())


def similar_incidents(incident: Incident, tracker: Tracker) -> list[SharedFeatures]:
    """Return the incidents of which the council became aware earlier and that have features in common with `incident`.

    Those with the most features in common come first, of these the latest. An incident without a reference, or without
    a date aware that can be read, is left out; when `incident` has no such date, no incident is earlier. A feature that
    is not known is shared with nobody.
    """
    aware = incident.aware
    if aware is None:
        return []
    own = _features(incident)
    found: list[tuple[int, dt.date, SharedFeatures]] = []
    for other in tracker.incidents:
        if not other.reference or other.reference.casefold() == incident.reference.casefold():
            continue
        if other.aware is None or other.aware >= aware:
            continue
        theirs = _features(other)
        shared = [key for key in own if key in theirs]
        if any(own[key].enough for key in shared):
            words = tuple(own[key].words for key in shared)
            found.append((len(shared), other.aware, SharedFeatures(other, words)))
    found.sort(key=lambda each: each[:2], reverse=True)
    return [each for _, _, each in found]


@dataclass(frozen=True)
class _Found:
    """A feature of an incident in words; `enough` is False if two incidents must share another one besides."""

    words: str
    enough: bool = True


def _features(incident: Incident) -> Mapping[str, _Found]:
    """Return the features of an incident, by what is the same in another incident that shares them.

    Of several children, each has its own.
    """
    features: dict[str, _Found] = {}
    for feature in evidence_columns().feature:
        of_incident = feature.column and not incident.sheet.sheet.columns[feature.column].of_each_child
        for record in [incident] if of_incident else incident.children:
            for found in _of_record(feature, record):
                features.setdefault(found.words.casefold(), found)
    return features


def _of_record(feature: Feature, record: Record) -> Iterator[_Found]:
    if feature.age:
        band = age_band(record)
        if band:
            yield _Found(f"{feature.words}: {band[0].lower()}{band[1:]}")
    elif feature.column:
        parts = _parts(record, feature.column) if feature.listed else _answers(record.text(feature.column))
        yield from (_Found(f"{feature.words}: {part}") for part in parts)
    else:
        kind = next((kind for kind in feature.kinds if all(each.holds(record) for each in kind.all)), None)
        if kind:
            yield _Found(kind.words, kind.enough)


def _parts(record: Record, column: str) -> Iterator[str]:
    for part in _BETWEEN_PARTS.split(str(record.as_typed(column) or "")):
        yield from _answers(cleaned(part).strip(_AROUND_A_PART))


def _answers(text: str) -> Iterator[str]:
    """Yield the text, unless it says that there is nothing to say."""
    if text and text.casefold() not in evidence_columns().no_answer:
        yield text
