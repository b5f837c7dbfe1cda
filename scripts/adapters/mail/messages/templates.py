"""The templates of e-mails, in templates/emails/, where whoever keeps the wording may edit them.

A template is given facts and puts them into words. It can run no code and change nothing that it is given; a name
that it does not know is an error and never an empty place; and in HTML whatever it is given is shown as text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from tracker_schema.errors import UsageError

if TYPE_CHECKING:
    from jinja2 import Environment

FOLDER = Path(__file__).resolve().parents[4] / "templates" / "emails"

Filters = Mapping[str, Callable[..., object]]


def rendered(name: str, filters: Filters, facts: Mapping[str, object], *, folder: Path = FOLDER) -> str:
    """The template called `name`, filled in with `facts`; `filters` are what it may call with a bar.

    Raises UsageError, which names the file, the line and the remedy, when the template has a slip in it.
    """
    from jinja2 import TemplateError

    try:
        return environment(filters, folder).get_template(name).render(**facts)
    except (TemplateError, TypeError, AttributeError, ValueError, OverflowError) as error:
        raise told(error, name) from None


def environment(filters: Filters, folder: Path = FOLDER) -> Environment:
    """The closed world in which the templates of `folder` are rendered."""
    from jinja2 import FileSystemLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    closed = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(folder),
        autoescape=lambda template: template is not None and template.endswith(".html.j2"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    closed.filters |= dict(filters)
    return closed


def told(error: Exception, name: str) -> UsageError:
    """What went wrong with the template called `name`, in a sentence with its file, its line and the remedy."""
    from jinja2 import TemplateNotFound, TemplateSyntaxError

    if isinstance(error, TemplateNotFound):
        return UsageError(f"The template templates/emails/{error.name} is missing; put it back.")
    if isinstance(error, TemplateSyntaxError):
        place = f"templates/emails/{error.name or name}, line {error.lineno}"
        return UsageError(f"{place}: {error.message}; correct the template.")
    return UsageError(f"templates/emails/{name}{_line(error, name)}: {_reason(error)}; correct the template.")


def rendered_html(name: str, filters: Filters, facts: Mapping[str, object], *, folder: Path = FOLDER) -> str:
    """As `rendered`, with the styles put on the elements, where every mail program finds them."""
    import css_inline

    html = rendered(name, filters, facts, folder=folder)
    return css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=False).inline(html)


def _line(error: Exception, name: str) -> str:
    """In which line of the template the error came up, where jinja2 can tell."""
    trace = error.__traceback__
    line = ""
    while trace:
        if trace.tb_frame.f_code.co_filename.endswith(name):
            line = f", line {trace.tb_lineno}"
        trace = trace.tb_next
    return line


def _reason(error: Exception) -> str:
    from jinja2 import UndefinedError
    from jinja2.exceptions import SecurityError

    if isinstance(error, UndefinedError | SecurityError):
        return str(error)
    # What else went wrong may quote what the template was given.
    return f"something in it does not fit what it is given ({type(error).__name__})"
