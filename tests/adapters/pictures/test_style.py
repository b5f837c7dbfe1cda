"""Styles that differ without colour, and text that is drawn as it is."""

from __future__ import annotations

import io
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.image import imread

from scripts.adapters.pictures import style
from scripts.adapters.pictures.painter import Painter
from scripts.adapters.pictures.style import INK, LINE, PAPER, QUIET, STYLES, WASH, ShapeStyle


def luminance(colour: str) -> float:
    """Return the relative luminance, as WCAG 2 defines it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_calculated_as_wcag_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("name", STYLES)
def test_text_has_enough_contrast_with_each_style(name: str) -> None:
    assert contrast(STYLES[name].fill, STYLES[name].text) >= 4.5


def test_text_has_enough_contrast_with_the_paper() -> None:
    assert min(contrast(text, paper) for text in (INK, QUIET) for paper in (PAPER, WASH)) >= 4.5
    assert contrast(LINE, PAPER) >= 2  # a thin line that nobody has to see


def test_styles_differ_without_colour() -> None:
    for one, other in itertools.combinations(STYLES.values(), 2):
        # As a photocopier shows them: by symbol, or by hatch, or by being far lighter.
        assert (one.symbol, one.hatch) != (other.symbol, other.hatch)


def test_every_symbol_is_in_the_font() -> None:
    for each in STYLES.values():
        assert style.shown(each.symbol) == style.shown(each.symbol, bold=True) == each.symbol


def a_picture(text: str = "CI-2026-001") -> bytes:
    painter = Painter(60, 20)
    painter.text(5, 10, text, style.TEXT, colour=INK, side="left")
    return painter.png()


def test_a_picture_is_as_large_as_it_was_asked_for_and_the_same_each_time() -> None:
    assert a_picture() == a_picture()
    height, width = imread(io.BytesIO(a_picture())).shape[:2]
    assert (width, height) == (int(60 / 25.4 * 200), int(20 / 25.4 * 200))


def test_each_hatch_is_drawn() -> None:
    def bar(hatch: str) -> bytes:
        painter = Painter(20, 10)
        painter.bar(5, 3, 10, 3.4, ShapeStyle(WASH, INK, hatch, ""))
        return painter.png()

    hatches = {each.hatch for each in STYLES.values()}
    assert len(set(map(bar, hatches))) == len(hatches)


@given(st.text())
def test_any_text_can_be_drawn(text: str) -> None:
    shown = style.shown(text)
    assert "\n" not in shown
    assert style.width_of(shown, style.TEXT) >= 0


@pytest.mark.parametrize(
    "text",
    ["$x$ costs $5", "a & b < c", "{{ reference }}", "\\frac", "\U0001f469\u200d\U0001f52c", "مرحبا", "a\x07b\ud800c"],
)
def test_text_is_text(text: str) -> None:
    assert a_picture(text) != a_picture("")


@given(st.text(max_size=60), st.floats(8, 60))
def test_wrapped_text_fits_and_loses_nothing(text: str, width: float) -> None:
    text = style.shown(text)
    lines = style.wrapped(text, width, style.TEXT)
    assert all(len(line) <= 1 or style.width_of(line, style.TEXT) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_an_ellipsis_marks_text_that_does_not_fit() -> None:
    text = "Tell the operational Head of Service of the CSPR referral"
    assert style.wrapped(text, 40, 8.5) == ["Tell the operational Head", "of Service of the CSPR", "referral"]
    lines = style.wrapped(text, 40, 8.5, lines=2)
    assert lines[0] == "Tell the operational Head"
    assert lines[1].startswith("of Service of the")
    assert lines[1].endswith("…")
    assert style.width_of(lines[1], 8.5) <= 40
    assert style.wrapped("", 40, 8.5) == [""]
