"""The Jinja of the templates: it shows what is there as it is, names every mistake, and can do nothing else."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scripts.adapters.word.templates.template_errors import TemplateError
from scripts.adapters.word.text import for_word
from tests.adapters.word.templates.templates import rendered, sample_fields, shown, template
from tests.word.documents import text_of

# What is shown


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("R&D <b>bold</b> > “quoted” 'single' \"double\"", "R&D <b>bold</b> > “quoted” 'single' \"double\""),
        ("{{ 7 * 7 }} {% raise %} {# not a remark #}", "{{ 7 * 7 }} {% raise %} {# not a remark #}"),
        ("{_{ kept }_} &amp; &lt;", "{_{ kept }_} &amp; &lt;"),
        ("one\ntwo\r\nthree\rfour", "one\ntwo\nthree\nfour"),
        ("a\tb", "a\tb"),
        ("page\fbreak\x0bline", "page\nbreak\nline"),
        ("bell\a and null\0 and escape\x1b", "bell and null and escape"),
        ("half a pair \ud83d", "half a pair \ufffd"),
        ("not a character \ufffe\uffff", "not a character "),
        ("שלום العربية 👩‍👧 \u202eturned\u202d", "שלום العربية 👩‍👧 turned"),
        (None, "Not recorded"),
        (pd.NaT, "Not recorded"),
        (pd.NA, "Not recorded"),
        (float("nan"), "Not recorded"),
        (dt.date(2026, 11, 30), "Monday 30 November 2026"),
        (dt.datetime(2026, 11, 30, 9), "Monday 30 November 2026"),
        (True, "Yes"),
        (7, "7"),
    ],
)
def test_a_value_is_shown_as_it_is(value: object, says: str, tmp_path: Path) -> None:
    assert shown(tmp_path, "a {{ reference }} z", reference=value) == f"a {says} z"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=80))
def test_any_text_at_all_is_shown_whole(text: str, tmp_path: Path) -> None:
    made = template(tmp_path, "{{ reference }}|{{ title }}")
    assert text_of(rendered(made, sample_fields(reference=text))).strip("\n") == (
        f"{for_word(text)}|Day 4 Meeting of Heads of Service".strip("\n")
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{{ incident.risk|upper }}", "MADE UP: SPECIFIC RISK"),
        ("{{ 'a & b' if incident.risk == 'Made up: Specific risk' }}", "a & b"),
        ("{% if incident.risk and 1 < 2 %}“yes”{% endif %}", "“yes”"),
        ("{% for child in children %}{{ child.number }}{{ loop.cycle(':', ';') }}{% endfor %}", "1:2;"),
        ("{{ clock.notify_panel.due }}", "Saturday 28 November 2026"),
        ("{{ council|sentence }} and {{ partnership|sentence }}", "Example Council and The Example Partnership"),
        ("{% for n in range(3) %}{{ n * 2 }} {% endfor %}.", "0 2 4 ."),
        ("{{ incident['risk'] }} {{ children[0].number }}", "Made up: Specific risk 1"),
        ("{{ incident.risk.known }} {{ actions|map(attribute='owner')|join(', ') }}", "Yes Made up: Owner"),
    ],
)
def test_what_a_template_can_do(text: str, says: str, tmp_path: Path) -> None:
    assert shown(tmp_path, text) == says


def test_what_is_not_recorded_counts_as_not_there(tmp_path: Path) -> None:
    fields = sample_fields()
    fields["incident"]["risk"] = type(fields["incident"]["risk"])("Not recorded", known=False)
    made = template(tmp_path, "{% if incident.risk %}there{% else %}{{ incident.risk }}{% endif %}")
    assert "Not recorded" in text_of(rendered(made, fields))


# What is an error


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{{ incident.rsk }}", r"there is no field incident\.rsk\. Did you mean incident\.risk\?"),
        ("{{ incidents.risk }}", r"there is no field incidents\. Did you mean incident\?"),
        ("{{ clock.notify_pannel.due }}", r"no field clock\.notify_pannel\. Did you mean clock\.notify_panel\?"),
        ("{% if incident.rsk %}x{% endif %}", "there is no field incident.rsk"),
        ("{% for child in children %}{{ child.name }}{% endfor %}", "there is no field child.name"),
        ("{{ incident }}", "this is a group of fields"),
        ("{{ children }}", "this is a group of fields"),
        ("{{ incident.risk|ukdate }}", "No filter named 'ukdate'"),
        ("{% for child in children %}", "near “{% for child in children %}”: .*nclosed|Unexpected end"),
        ("{{ incident.risk", "this is not how a field or a condition is written"),
        ("{% if %}", "this is not how a field or a condition is written"),
        ("{% if incident.risk }x{% endif %}", "does not begin before|this is not how"),
        ("there{% endif %}", "this ends a condition or a loop that does not begin before it; check the brackets"),
    ],
)
def test_a_mistake_is_named(text: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match=says) as raised:
        shown(tmp_path, text)
    assert raised.value.problem.startswith("The template trial.docx has a mistake in the text")
    assert "in Word and correct it (templates/README.md lists the fields" in raised.value.remedy
    assert "Made up" not in str(raised.value)


# What is refused


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ ''['__class__'] }}",
        "{{ incident.risk.__class__ }}",
        "{{ incident.risk.format(1) }}",
        "{{ incident.risk.upper() }}",
        "{{ 'x'.join(children) }}",
        "{{ incident.pop('risk') }}",
        "{{ incident.clear() }}",
        "{{ children.append(1) }}",
        "{{ incident.items() }}",
        "{{ self.__init__ }}",
        "{{ self._TemplateReference__context }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ lipsum(5000) }}",
        "{{ namespace(a=1) }}",
        "{{ dict(a=1) }}",
        "{{ joiner() }}",
        "{{ range(100000) }}",
        "{% for n in range(10**9) %}x{% endfor %}",
        "{% for n in range(1001) %}x{% endfor %}",
        "{% for a in range(999) %}{% for b in range(999) %}x{% endfor %}{% endfor %}",
        "{% macro a(n) %}{{ a(n ~ n) }}{% endmacro %}{{ a('xxxxxxxx') }}",
        "{% for child in children recursive %}{{ loop(children) }}{% endfor %}",
        "{{ 'x' * 1000000000 }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ incident.risk|safe }}",
        "{{ incident.risk|attr('upper') }}",
        "{{ incident.risk|format }}",
        "{{ incident.risk|center(1000000000) }}",
        "{{ incident.risk|default('') }}",
        "{{ incident.risk|tojson }}",
        "{{ [1]|map('attr', '__class__')|list }}",
        "{% include 'c:/secret.txt' %}",
        "{% import '/etc/passwd' as p %}",
        "{% extends '/etc/passwd' %}",
        "{{ open('/etc/passwd').read() }}",
        "{{ config }}",
        "{{ reference() }}",
        "{{ loop }}",
        "{% for child in children %}{{ loop.__init__ }}{% endfor %}",
        "{% set incident.risk = 'x' %}",
        "{% do children.append(1) %}",
    ],
)
def test_a_template_runs_no_code_reads_no_file_and_changes_no_data(text: str, tmp_path: Path) -> None:
    fields = sample_fields()
    before = repr(fields)
    with pytest.raises(TemplateError):
        rendered(template(tmp_path, text), fields)
    assert repr(fields) == before
