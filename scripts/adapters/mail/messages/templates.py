"""The templates of e-mails, in templates/emails/, where whoever keeps the wording may edit them.

`NAME.txt.j2` holds the subject and the plain text of a message: its first line begins with “Subject:”. `NAME.html.j2`
holds the same text as HTML. A template is given facts and puts them into words. It can run no code and change nothing
that it is given; a name that it does not know is an error and never a blank; HTML shows every fact as text. It has the
limits that Word templates have.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.adapters.mail.transport.mime import one_line
from tracker_schema.errors import UsageError

if TYPE_CHECKING:
    from jinja2 import Environment

FOLDER = Path(__file__).resolve().parents[4] / "templates" / "emails"

SUBJECT = "Subject:"
"""What the first line of a plain text begins with."""

IN_HTML = ("weekly_summary", "daily_list")
"""The messages that are sent as HTML and as plain text."""

Filters = Mapping[str, Callable[..., object]]


class LetterError(UsageError):
    """A template of e-mails cannot be used as it is."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One message in words.

    subject    one line, without the marking
    text       the plain text
    html       the same as HTML, with the styles on the elements; None for a message in plain text only
    """

    subject: str
    text: str
    html: str | None = None


def write_letter(name: str, templates: Environment, facts: Mapping[str, object]) -> Letter:
    """Return the message called `name`, filled in with `facts`; `templates` come from `environment`.

    The HTML of those in HTML is given the subject, too. Raises LetterError, which names the file, the line and the
    remedy, when a template has a mistake in it or is missing.
    """
    file = f"{name}.txt.j2"
    first, _, text = render(file, templates, facts).partition("\n")
    subject = one_line(first.removeprefix(SUBJECT))
    if not first.startswith(SUBJECT) or not subject:
        raise no_subject(file)
    page = None
    if name in IN_HTML:
        page = render_html(f"{name}.html.j2", templates, {**facts, "subject": subject})
    return Letter(subject, text.lstrip("\n"), page)


def render(file: str, templates: Environment, facts: Mapping[str, object]) -> str:
    """Return the template in `file`, filled in with `facts`. Raises LetterError as `write_letter` does."""
    from jinja2 import TemplateError

    from scripts.adapters.word.templates import limits

    try:
        return limits.render(templates.get_template(file), facts)
    except (TemplateError, TypeError, AttributeError, ValueError, OverflowError) as error:
        raise template_error(error, file) from None


def render_html(file: str, templates: Environment, facts: Mapping[str, object]) -> str:
    """As `render`, with the styles put on the elements, where every mail program reads them."""
    import css_inline

    html = render(file, templates, facts)
    return css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=False).inline(html)


def environment(filters: Filters, folder: Path = FOLDER) -> Environment:
    """Return the sandbox in which the templates of `folder` are filled in; each is read once.

    `filters` are what the templates may call with a bar.
    """
    from jinja2 import FileSystemLoader, StrictUndefined

    from scripts.adapters.word.templates.limits import LimitedEnvironment

    sandbox = LimitedEnvironment(
        loader=FileSystemLoader(folder),
        autoescape=lambda template: template is not None and template.endswith(".html.j2"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    sandbox.filters |= dict(filters)
    return sandbox


def no_subject(file: str) -> LetterError:
    """Return the error for a template in `file` whose message has no subject."""
    return LetterError(
        f"templates/emails/{file} does not begin with a subject.",
        f"Begin its first line with “{SUBJECT}” and the subject.",
    )


def template_error(error: Exception, file: str) -> LetterError:
    """Return what went wrong with the template in `file`, with its line where jinja2 says it."""
    from jinja2 import TemplateNotFound, TemplateSyntaxError

    if isinstance(error, TemplateNotFound):
        return LetterError(f"The template templates/emails/{error.name} is missing.", "Put it back.")
    if isinstance(error, TemplateSyntaxError):
        problem = f"templates/emails/{error.name or file}, line {error.lineno}: {error.message}"
    else:
        problem = f"templates/emails/{file}{_line(error, file)}: {_reason(error)}"
    return LetterError(f"{problem.rstrip('.')}.", "Correct the template.")


def _line(error: Exception, file: str) -> str:
    """Return the line of the template in which the error occurred, as “, line 3”; "" when it is not known."""
    trace = error.__traceback__
    line = ""
    while trace:
        if trace.tb_frame.f_code.co_filename.endswith(file):
            line = f", line {trace.tb_lineno}"
        trace = trace.tb_next
    return line


def _reason(error: Exception) -> str:
    from jinja2 import UndefinedError
    from jinja2.exceptions import SecurityError

    if isinstance(error, UndefinedError | SecurityError):
        return str(error)
    # Any other error may quote a fact.
    return f"something in it does not fit the facts ({type(error).__name__})"
