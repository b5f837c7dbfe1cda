"""The Jinja in which templates are written: it shows fields of one case, and can do nothing else.

It runs no code, reads no file, changes no data, and calls nothing but a short range. A field that does not exist is a
slip and never a blank; what a field says is text, in which {{ … }} means nothing.
"""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from functools import cache
from typing import Any

from jinja2 import StrictUndefined, Template, Undefined
from jinja2.exceptions import SecurityError, TemplateRuntimeError, UndefinedError
from jinja2.runtime import Context, LoopContext, TemplateReference
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from scripts.adapters.word.text import for_word
from tracker_schema.documents.shown import NAMES, NOT_RECORDED, Fields, Shown
from tracker_schema.wording import long_date

MOST_ROUNDS, MOST_ROUNDS_IN_ALL = 1000, 20_000
_rounds_left = ContextVar("rounds left", default=0)
_LINE_BREAK = Markup('</w:t><w:br/><w:t xml:space="preserve">')
_TAB = Markup('</w:t><w:tab/><w:t xml:space="preserve">')

# Those that neither take a text for markup nor can be made to fill the memory.
_FILTERS = (
    *("capitalize", "count", "first", "groupby", "int", "join", "last", "length", "list", "lower", "map"),
    *("max", "min", "reject", "rejectattr", "reverse", "select", "selectattr", "sort", "string", "sum", "title"),
    *("trim", "truncate", "unique", "upper", "wordcount"),
)


class Unknown(StrictUndefined):
    """A field that does not exist: using it is a slip, whose sentence says which was meant."""

    @property
    def _undefined_message(self) -> str:
        known: Iterable[str] = NAMES
        path = ""
        if isinstance(self._undefined_obj, Fields):
            known = self._undefined_obj
            path = f"{self._undefined_obj.path}." if self._undefined_obj.path else ""
        name = str(self._undefined_name)
        near = difflib.get_close_matches(name, known, 1)
        return f"there is no field {path}{name}" + (f"; did you mean {path}{near[0]}?" if near else "")


class _Environment(ImmutableSandboxedEnvironment):
    intercepted_binops = frozenset({"*", "**", "%"})

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A field, whether the text of one is known, or the count of a loop; no other attribute of anything."""
        if isinstance(obj, Unknown):
            raise UndefinedError(obj._undefined_message)
        if isinstance(obj, Fields):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        if _is_of_jinja(obj) or (isinstance(obj, Shown) and attribute == "known"):
            return super().getattr(obj, attribute)
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """As `getattr`; in a list also by number."""
        return self.getattr(obj, argument) if isinstance(argument, str) else super().getitem(obj, argument)

    def is_safe_callable(self, obj: Any) -> bool:
        """True for a short range and what loops offer; raises SecurityError for everything else."""
        if obj is _short_range or isinstance(obj, Undefined) or _is_of_jinja(getattr(obj, "__self__", None)):
            return True
        raise SecurityError("a template shows fields, and calls nothing")

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """The product of two small numbers, or a remainder; nothing else is multiplied in a letter."""
        small = all(isinstance(each, int) and abs(each) <= MOST_ROUNDS for each in (left, right))
        if not small or operator == "**":
            raise SecurityError(f"{operator} is for small numbers only")
        return super().call_binop(context, operator, left, right)


def _is_of_jinja(obj: object) -> bool:
    """Whether it is one of the things that Jinja itself gives a template, such as a loop."""
    return isinstance(obj, LoopContext | TemplateReference)


def _short_range(*bounds: int) -> range:
    numbers = range(*bounds)
    left = _rounds_left.get() - len(numbers)
    if len(numbers) > MOST_ROUNDS or left < 0:
        raise SecurityError(f"range takes at most {MOST_ROUNDS} rounds, and {MOST_ROUNDS_IN_ALL} in all")
    _rounds_left.set(left)
    return numbers


def render(template: Template, fields: Mapping[str, Any]) -> str:
    """What a template of the environment makes of the fields. Raises whatever Jinja raises."""
    _rounds_left.set(MOST_ROUNDS_IN_ALL)
    return template.render(fields)


def _in_word(value: Any) -> Any:
    """What stands in the document for `value`; nothing that is missing is ever shown as “None”, or as nothing."""
    if isinstance(value, Undefined | Markup):
        return value  # a slip, which is told when it is used; and what this function has made already
    if isinstance(value, Fields) or callable(value) or isinstance(value, dict | list | tuple | set | range):
        raise TemplateRuntimeError("that is no field, but a group of them; name one of the group")
    if isinstance(value, str):
        return escape(for_word(str(value))).replace("\n", _LINE_BREAK).replace("\t", _TAB)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if value is None or type(value).__name__ in ("NaTType", "NAType") or value != value:  # NaN is unlike itself
        return NOT_RECORDED
    return long_date(value) if isinstance(value, dt.date) else escape(for_word(str(value)))


def _sentence(text: str) -> str:
    """The text with its first letter a capital, for the beginning of a sentence."""
    return text[:1].upper() + text[1:]


@cache
def strict_environment() -> _Environment:
    """The environment in which every template is compiled."""
    environment = _Environment(autoescape=True, undefined=Unknown, finalize=_in_word)
    environment.globals = {"range": _short_range}
    filters: dict[str, Callable[..., Any]] = {name: environment.filters[name] for name in _FILTERS}
    environment.filters = filters | {"sentence": _sentence}
    return environment
