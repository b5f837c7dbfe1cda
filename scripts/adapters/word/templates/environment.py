"""The Jinja in which templates are written: it shows fields of one case, and can do nothing else.

It runs no code, reads no file, changes no data, and calls nothing but a short range. A field that does not exist is an
error and never a blank; what a field holds is text, in which {{ … }} means nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cache, partial
from typing import Any, cast

from jinja2 import StrictUndefined, Undefined
from jinja2.exceptions import SecurityError, TemplateRuntimeError, UndefinedError
from jinja2.runtime import LoopContext, TemplateReference
from jinja2.utils import missing
from markupsafe import Markup, escape

from scripts.adapters.word.templates.limits import LimitedEnvironment, short_range
from scripts.adapters.word.text import for_word
from tracker_schema.documents.shown import NAMES, NOT_RECORDED, Fields, Shown
from tracker_schema.documents.slt_paper import PAPER_NAMES
from tracker_schema.wording import long_date, nearest, sentence

_LINE_BREAK = Markup('</w:t><w:br/><w:t xml:space="preserve">')
_TAB = Markup('</w:t><w:tab/><w:t xml:space="preserve">')


class NoSuchField(UndefinedError):
    """A template names a field that does not exist; `hint` is a sentence with the one that was probably meant."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class Unknown(StrictUndefined):
    """A name in a template that does not exist: using it raises NoSuchField."""

    def __init__(
        self,
        hint: str | None = None,
        obj: Any = missing,
        name: str | None = None,
        exc: type[TemplateRuntimeError] = UndefinedError,
    ) -> None:
        if hint is None and name is not None:
            known: Iterable[str] = obj if isinstance(obj, Fields) else (*NAMES, *PAPER_NAMES)
            path = f"{obj.path}." if isinstance(obj, Fields) and obj.path else ""
            near = nearest(str(name), known)
            hint = f"there is no field {path}{name}"
            meant = partial(NoSuchField, hint=f"Did you mean {path}{near}?" if near else "")
            exc = cast("type[TemplateRuntimeError]", meant)  # it is only called, with the message
        super().__init__(hint, obj, name, exc)


class _Environment(LimitedEnvironment):
    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return a field, whether its text is known, or the count of a loop; no other attribute of anything."""
        if isinstance(obj, Unknown):
            return obj
        if isinstance(obj, Fields):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        if _is_of_jinja(obj) or (isinstance(obj, Shown) and attribute == "known"):
            return super().getattr(obj, attribute)
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Return as `getattr`; an element of a list also by its number."""
        return self.getattr(obj, argument) if isinstance(argument, str) else super().getitem(obj, argument)

    def is_safe_callable(self, obj: Any) -> bool:
        """Return True for a short range and what loops offer. Raises SecurityError for everything else."""
        if obj is short_range or isinstance(obj, Undefined) or _is_of_jinja(getattr(obj, "__self__", None)):
            return True
        raise SecurityError("a template shows fields, and calls nothing")


def _is_of_jinja(obj: object) -> bool:
    """Return True for what Jinja itself gives a template, such as a loop."""
    return isinstance(obj, LoopContext | TemplateReference)


def _in_word(value: Any) -> Any:
    """Return what the document shows for `value`; a missing one is never shown as “None”, or as nothing."""
    if isinstance(value, Undefined | Markup):
        return value  # an error, raised when it is used; or what this function has made already
    if isinstance(value, Fields) or callable(value) or isinstance(value, dict | list | tuple | set | range):
        raise TemplateRuntimeError("this is a group of fields; name one of them, such as incident.risk")
    if isinstance(value, str):
        return escape(for_word(str(value))).replace("\n", _LINE_BREAK).replace("\t", _TAB)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if value is None or type(value).__name__ in ("NaTType", "NAType") or value != value:  # NaN is unlike itself
        return NOT_RECORDED
    return long_date(value) if isinstance(value, dt.date) else escape(for_word(str(value)))


@cache
def strict_environment() -> _Environment:
    """Return the environment in which every template is compiled."""
    environment = _Environment(autoescape=True, undefined=Unknown, finalize=_in_word)
    environment.filters["sentence"] = sentence
    return environment
