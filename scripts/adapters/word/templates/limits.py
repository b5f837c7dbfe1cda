"""The limits that all templates have, of documents and of e-mails: none can fill the memory, or loop without an end."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any

from jinja2 import Template
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

MOST_ROUNDS, MOST_ROUNDS_IN_ALL = 1000, 20_000
MOST_LETTERS = 20_000_000
"""Of what one template makes; the longest document has a hundredth of it."""

_rounds_left = ContextVar("rounds left", default=0)

# Filters that neither take a text for markup nor can be made to fill the memory.
FILTERS = (
    *("capitalize", "count", "first", "groupby", "int", "join", "last", "length", "list", "lower", "map"),
    *("max", "min", "reject", "rejectattr", "reverse", "select", "selectattr", "sort", "string", "sum", "title"),
    *("trim", "truncate", "unique", "upper", "wordcount"),
)


class LimitedEnvironment(ImmutableSandboxedEnvironment):
    """A sandbox whose only function is a short range, and whose filters are FILTERS."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.globals = {"range": short_range}
        self.filters = {name: self.filters[name] for name in FILTERS}

    def is_safe_callable(self, obj: Any) -> bool:
        """Return True for macros and what is looked up. Raises SecurityError for methods of a text, number or list."""
        if isinstance(getattr(obj, "__self__", None), str | bytes | int | float | list | tuple):
            raise SecurityError("a template shows facts, and does not call their methods (unsafe)")
        return super().is_safe_callable(obj)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Return the product of two small numbers, or a remainder. Raises SecurityError for anything larger."""
        small = all(isinstance(each, int) and abs(each) <= MOST_ROUNDS for each in (left, right))
        if not small or operator == "**":
            raise SecurityError(f"{operator} is for small numbers only")
        return super().call_binop(context, operator, left, right)


def short_range(*bounds: int) -> range:
    """Return the numbers, if they are few. Raises SecurityError when they are more than the limits allow."""
    numbers = range(*bounds)
    left = _rounds_left.get() - len(numbers)
    if len(numbers) > MOST_ROUNDS or left < 0:
        raise SecurityError(f"range takes at most {MOST_ROUNDS} rounds, and {MOST_ROUNDS_IN_ALL} in all")
    _rounds_left.set(left)
    return numbers


def render(template: Template, fields: Mapping[str, Any]) -> str:
    """Return the text that a template of the environment makes of the fields. Raises whatever Jinja raises."""
    _rounds_left.set(MOST_ROUNDS_IN_ALL)
    pieces, letters = [], 0
    for piece in template.generate(**fields):
        letters += len(piece)
        if letters > MOST_LETTERS:
            raise SecurityError(f"it makes more than {MOST_LETTERS:,} letters")
        pieces.append(piece)
    return "".join(pieces)
