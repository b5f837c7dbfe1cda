"""Templates that somebody has edited: a mistake in one is named, and no fact can do harm."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from jinja2 import meta

from scripts.adapters.mail.messages.template_check import FACTS, check_templates
from scripts.adapters.mail.messages.templates import FOLDER, environment, render, render_html, write_letter
from scripts.adapters.mail.messages.wording import filters
from tests.builders import MONDAY, assess_rows, rules
from tracker_schema.errors import UsageError
from tracker_schema.mail.deadlines import open_deadlines


@pytest.mark.parametrize(
    ("template", "says"),
    [
        ("{{ summray }}", "templates/emails/own.txt.j2, line 1: 'summray' is undefined. Correct the template."),
        ("a\n{% for x in y %}", "templates/emails/own.txt.j2, line 2: "),
        ("{{ ''.__class__.__mro__ }}", "templates/emails/own.txt.j2, line 1: "),
        ("{{ names.append(1) }}", "templates/emails/own.txt.j2, line 1: "),
        ("{{ 'a' | nosuch }}", "templates/emails/own.txt.j2, line 1: No filter named 'nosuch'"),
        ("{{ 'secret' + 1 }}", "templates/emails/own.txt.j2, line 1: something in it does not fit the facts"),
        ("{% include 'gone.txt.j2' %}", "The template templates/emails/gone.txt.j2 is missing"),
    ],
)
def test_a_slip_in_a_template_is_named_with_its_line(tmp_path: Path, template: str, says: str) -> None:
    (tmp_path / "own.txt.j2").write_text(template, "utf-8")
    with pytest.raises(UsageError) as caught:
        render("own.txt.j2", environment(filters(MONDAY), tmp_path), {"names": []})
    assert says in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("template", ["Dear colleague", "subject: a\n\nb", "Subject:\n\nb", "\nSubject: a\n\nb", ""])
def test_a_message_without_a_subject_is_an_error(tmp_path: Path, template: str) -> None:
    (tmp_path / "own.txt.j2").write_text(template, "utf-8")
    with pytest.raises(UsageError, match=r"^templates/emails/own\.txt\.j2 does not begin with a subject\. Begin its"):
        write_letter("own", environment({}, tmp_path), {})


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\x0b", "\x85", "\x00", "\u202e"])
def test_a_subject_is_one_line_whatever_a_fact_says(tmp_path: Path, end: str) -> None:
    (tmp_path / "daily_list.txt.j2").write_text("Subject: About {{ said }}\n\nDear colleague\n", "utf-8")
    (tmp_path / "daily_list.html.j2").write_text("<title>{{ subject }}</title>", "utf-8")
    letter = write_letter("daily_list", environment({}, tmp_path), {"said": f"R&D{end}Bcc: thief@elsewhere.example"})
    assert letter.subject in ("About R&D", "About R&D Bcc: thief@elsewhere.example")
    assert letter.text.endswith("Dear colleague\n")
    assert letter.html is not None
    assert "<title>About R&amp;D" in letter.html


@pytest.mark.parametrize(
    "expression",
    [
        "due._record",
        "due['_record']",
        "due | attr('_record')",
        "[due] | map(attribute='_record') | first",
        "due.__class__",
        "'{0._record}'.format(due)",
    ],
)
def test_a_template_cannot_reach_the_personal_facts_behind_a_deadline(tmp_path: Path, expression: str) -> None:
    tracker = assess_rows({"reference": "CI-1", "aware_date": MONDAY, "initials": "ZQ"})
    due = open_deadlines(tracker)[0]
    (tmp_path / "own.txt.j2").write_text(f"{{{{ {expression} }}}}", "utf-8")
    with pytest.raises(UsageError, match=r"unsafe|No filter named 'attr'"):
        render("own.txt.j2", environment(filters(MONDAY), tmp_path), {"due": due})


@pytest.mark.parametrize(
    "template",
    [
        "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}",
        "{% for a in range(1000) %}{% for b in range(1000) %}{% endfor %}{% endfor %}",
        "{{ 'a' * 2000000000 }}",
        "{{ 10 ** 1000000000 }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ 'a'.ljust(1000000000) }}",
        "{{ 'a'.zfill(1000000000) }}",
        "{{ 'a' | center(1000000000) }}",
        "{{ lipsum(n=1000000) }}",
        "{% set x = 'a' | replace('a', 'aaaa') %}",
        "{% for a in range(1000) %}{{ long }}{% endfor %}",
    ],
)
def test_a_template_has_limits(tmp_path: Path, template: str) -> None:
    (tmp_path / "own.txt.j2").write_text(template, "utf-8")
    with pytest.raises(UsageError, match=r"^templates/emails/own\.txt\.j2(, line 1)?: .*\. Correct the template\.$"):
        render("own.txt.j2", environment(filters(MONDAY), tmp_path), {"long": "a" * 100_000})


def test_only_html_is_escaped(tmp_path: Path) -> None:
    for name in ("own.txt.j2", "own.html.j2"):
        (tmp_path / name).write_text("<p>{{ said }}</p>", "utf-8")
    given = {"said": "R&D <b>"}
    assert render("own.txt.j2", environment({}, tmp_path), given) == "<p>R&D <b></p>"
    assert "<p>R&amp;D &lt;b&gt;</p>" in render_html("own.html.j2", environment({}, tmp_path), given)


def test_doctor_sees_slips_without_a_message_to_write(tmp_path: Path) -> None:
    (tmp_path / "a.txt.j2").write_text("{{ summray.overdue }} {{ marking }}", "utf-8")
    (tmp_path / "b.html.j2").write_text("{% if %}", "utf-8")
    (tmp_path / "c.txt.j2").write_text("{{ 'a' | nosuch }}", "utf-8")
    (tmp_path / "d.txt.j2").write_bytes(b"caf\xe9")
    (tmp_path / "e.txt.j2").write_text("Subject: {{ summary.overdue | length }}", "utf-8")
    (tmp_path / "f.txt.j2").write_text("{{ summary.overdue | length }}", "utf-8")
    found = check_templates(rules(), MONDAY, tmp_path)
    files = [error.problem.split(".j2")[0][-5:] for error in found]
    assert files == ["a.txt", "a.txt", ".html", "c.txt", "d.txt", "f.txt"]
    assert str(found[0]).endswith("asks for “summray”, which no template is given. Correct the template.")
    assert found[-1].problem == "templates/emails/f.txt.j2 does not begin with a subject."
    assert check_templates(rules(), MONDAY) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("chaser.txt.j2", "return overdue: {{ chaser.reference }}", "{{ chaser.refrence }}", "line 8: .*'refrence'"),
        ("day_four_call.txt.j2", "Subject: Still no decision", "Still no decision", "does not begin with a subject"),
        ("weekly_summary.html.j2", "{{ line.what }}", "{{ line.agency }}", "'agency'"),
        ("scoping_request.txt.j2", "Initial Scoping {{ reference }}{{", "{{", "subject"),
    ],
)
def test_doctor_fills_in_every_message_at_every_stage(tmp_path: Path, file: str, old: str, new: str, says: str) -> None:
    for path in FOLDER.glob("*.j2"):
        shutil.copy(path, tmp_path)
    template = (tmp_path / file).read_text("utf-8")
    assert old in template
    (tmp_path / file).write_text(template.replace(old, new), "utf-8")
    (error,) = check_templates(rules(), MONDAY, tmp_path)
    assert re.search(rf"^templates/emails/{file}.*{says}", error.problem)


def test_the_names_that_templates_are_given_are_those_they_ask_for() -> None:
    closed = environment(filters(MONDAY))
    asked = {name for path in FOLDER.glob("*.j2")
             for name in meta.find_undeclared_variables(closed.parse(path.read_text("utf-8")))}  # fmt: skip
    assert asked == FACTS


def test_every_message_is_in_the_templates_own_readme() -> None:
    readme = (FOLDER.parent / "README.md").read_text("utf-8")
    for path in FOLDER.glob("*.txt.j2"):
        assert f"| `{path.name.removesuffix('.txt.j2')}` |" in readme
