"""The fields that templates can use, as templates/README.md lists them, and those that one uses.

python -m tests.word.field_list     write the list into templates/README.md, and the text of each template beside it
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from jinja2 import nodes

from scripts.adapters.word.templates.environment import strict_environment
from scripts.adapters.word.templates.template import WordTemplate
from scripts.adapters.word.templates.template_files import FOLDER, template_path
from tests.word.template_text import text_of_template, text_path
from tracker_schema.columns.schema import ACTIONS, INCIDENTS, SCOPING, tracker_schema
from tracker_schema.documents.documents import documents
from tracker_schema.documents.shown import NAMES
from tracker_schema.documents.slt_paper import PAPER_NAMES

README = FOLDER.parent / "README.md"
BEGIN, END = "<!-- written by python -m tests.word.field_list -->", "<!-- end -->"


def fields_used(template: WordTemplate) -> list[str]:
    """Return the fields that the Jinja of a template names, such as “incident.risk”, in alphabetical order.

    A field of an element of a list has the list before it: “children: child.initials”.
    """
    found: set[str] = set()
    for source in template.sources:
        tree = strict_environment().parse(source)
        lists: dict[str, str] = {}
        for loop in tree.find_all(nodes.For):  # from the outside in: a list may be part of an element of another
            head, _, rest = _path(loop.iter).partition(".")
            lists[_name(loop.target)] = f"{lists[head]}.{rest}" if head in lists else _path(loop.iter)
        for node in tree.find_all((nodes.Getattr, nodes.Name)):
            path = _path(node)
            head = path.partition(".")[0]
            if head in lists:
                found.add(f"{lists[head]}: {path}")
            else:
                found.add(path)
    longer = {path for path in found if "." in path}
    whole = {path for path in found if not any(other.startswith((f"{path}.", f"{path}: ")) for other in longer)}
    return sorted(path for path in whole if not path.startswith("loop"))


def _path(node: nodes.Node) -> str:
    """Return the dotted name that a node is, or the one that it is part or filter of."""
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        return f"{_path(node.node)}.{node.attr}"
    inner = getattr(node, "node", None)
    return _path(inner) if isinstance(inner, nodes.Node) else ""


def _name(node: nodes.Node) -> str:
    return node.name if isinstance(node, nodes.Name) else ""


def refreshed(text: str) -> str:
    """Return `text`, that of the README, with its list of fields as the templates are now."""
    made = "\n".join(_lines())
    return re.sub(f"(?s){re.escape(BEGIN)}.*?{re.escape(END)}", lambda _: f"{BEGIN}\n\n{made}\n{END}", text)


def _lines() -> Iterator[str]:
    yield "### Every name there is\n"
    yield from _table(["Name", "What it says"], ([f"`{name}`", says] for name, says in NAMES.items()))
    yield "\n### The names in a document of all cases\n"
    yield from _table(["Name", "What it says"], ([f"`{name}`", says] for name, says in PAPER_NAMES.items()))
    yield "\n### The facts of an incident and of a child\n"
    columns = tracker_schema().sheets[INCIDENTS].column
    yield from _table(["Field", "Column of the tracker"], ([f"`incident.{each.id}`", each.heading] for each in columns))
    yield "\nOf a clock: " + _listed("label from due done stands state rule owner") + "."
    yield f"\nOf an agency: {_listed('name return_by')} and the columns of the Scoping sheet, {_columns(SCOPING)}."
    yield f"\nOf an action: the columns of the Actions sheet, {_columns(ACTIONS)}."
    yield f"\nOf an earlier incident: {_listed('reference aware shared learned actions')}."


def _listed(names: str) -> str:
    return ", ".join(f"`{name}`" for name in names.split())


def _columns(sheet: str) -> str:
    return _listed(" ".join(tracker_schema().sheets[sheet].columns))


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(headings)} |"
    yield "|" + "---|" * len(headings)
    for row in rows:
        yield f"| {' | '.join(row)} |".replace("  ", " ")


if __name__ == "__main__":
    README.write_text(refreshed(README.read_text("utf-8")), "utf-8", newline="\n")
    for template in map(template_path, documents()):
        text_path(template).write_text(text_of_template(template), "utf-8", newline="\n")
