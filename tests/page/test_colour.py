"""Test 9, colour: every pair that stands side by side, against a stored table of contrasts and distances."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analysis.present import canvas

STYLE = Path(canvas.__file__).with_name("template") / "style.css"
WHITE = "#FFFFFF"
# Contrast on white, as style of the report, 4, has measured it, and the least that each use may have.
ON_WHITE = {"BLUE": (10.2, 4.5), "ORANGE": (5.4, 4.5), "GREY": (4.2, 3.0), "INK": (15.8, 4.5), "NOTE": (6.4, 4.5)}  # fmt: skip
# Series that stand side by side and must stay apart by colour alone; orange and grey differ in shape too.
SIDE_BY_SIDE = [("BLUE", "ORANGE"), ("BLUE", "GREY")]
LEAST_DISTANCE = 15.0  # in OKLab, times 100
# Machado, Oliveira and Fernandes 2009, severity 1: what red-, green- and blue-blind eyes see, in linear light.
BLIND = {
    "none": np.eye(3),
    "protan": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
    "deutan": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]),
    "tritan": np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]),
}  # fmt: skip


def linear(colour: str) -> np.ndarray:
    """A colour as linear light."""
    parts = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2."""
    light = sorted(
        (float(linear(c) @ [0.2126, 0.7152, 0.0722]) for c in (one, other)), reverse=True
    )
    return (light[0] + 0.05) / (light[1] + 0.05)


def oklab(light: np.ndarray) -> np.ndarray:
    """OKLab (Ottosson 2020) of linear light, times 100."""
    cone = np.array([[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566], [0.0883024619, 0.2817188376, 0.6299787005]])  # fmt: skip
    lab = np.array([[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099], [0.0259040371, 0.7827717662, -0.8086757660]])  # fmt: skip
    return np.asarray(100 * lab @ np.cbrt(np.clip(cone @ light, 0, None)))


def distance(one: str, other: str, seen: np.ndarray) -> float:
    """How far apart two colours are to an eye."""
    pair = [oklab(np.clip(seen @ linear(c), 0, 1)) for c in (one, other)]
    return float(np.linalg.norm(pair[0] - pair[1]))


@pytest.mark.parametrize("name", ON_WHITE)
def test_colours_have_their_stored_contrast(name: str) -> None:
    stored, least = ON_WHITE[name]
    found = contrast(getattr(canvas, name), WHITE)
    assert found == pytest.approx(stored, abs=0.06)
    assert found >= least


@pytest.mark.parametrize("eye", BLIND)
@pytest.mark.parametrize("pair", SIDE_BY_SIDE, ids="-".join)
def test_series_stay_apart_for_every_eye(pair: tuple[str, str], eye: str) -> None:
    one, other = (getattr(canvas, n) for n in pair)
    assert distance(one, other, BLIND[eye]) >= LEAST_DISTANCE


def test_the_distance_can_fail() -> None:
    """Teal beside grey, which the style refuses."""
    teal = "#0F7C85"
    assert min(distance(teal, canvas.GREY, eye) for eye in BLIND.values()) < LEAST_DISTANCE
    assert contrast("#4A86BD", WHITE) < 4.5


def test_words_on_a_shade_are_readable(text: str) -> None:
    """Shaded cells: every pair of text and ground that the page's style sheet sets; bars hold no words."""
    sheet = "".join(re.findall(r"<style>.*?</style>", text, re.S))
    rules = re.findall(r"([^{}]*)\{([^}]*background: ?(#[0-9A-Fa-f]{6})[^}]*)\}", sheet)
    pairs = [(ground, colour_of(rule)) for name, rule, ground in rules if "bar-of" not in name]
    assert pairs
    assert [(g, c) for g, c in pairs if contrast(g, c) < 4.5] == []


def colour_of(rule: str) -> str:
    """The text colour of a rule; ink where it sets none."""
    found = re.search(r"(?<![-\w])color: ?(#(?:[0-9A-Fa-f]{6}|fff))", rule)
    return canvas.INK if found is None else WHITE if found.group(1) == "#fff" else found.group(1)


def test_no_colour_but_those_of_the_table(text: str) -> None:
    """Drawings use the five colours, the band, the hairline and white."""
    own = {getattr(canvas, n).lower() for n in (*ON_WHITE, "HAIRLINE", "BAND")} | {"#ffffff"}
    drawn = re.findall(r"<svg class=\"plot\".*?</svg>", text, re.S)
    used = {c.lower() for d in drawn for c in re.findall(r"(?:fill|stroke): (#[0-9a-fA-F]{6})", d)}
    assert used <= own


@pytest.mark.browser
def test_without_fills_every_word_of_a_figure_remains(open_at: Any) -> None:
    tab = open_at({"width": 1280, "height": 900})
    words = (
        "[...document.querySelectorAll('svg.plot text, svg.plot tspan')].map(t => t.textContent)"
    )
    before = tab.evaluate(words)
    tab.evaluate(
        "document.querySelectorAll('svg.plot path').forEach(p => { p.style.fill = 'none'; p.style.stroke = '#000' })"
    )
    assert tab.evaluate(words) == before
    hidden = tab.evaluate(
        "[...document.querySelectorAll('svg.plot text')].filter(t => /fill: #f{3,6}/i.test(t.getAttribute('style'))).length"
    )
    assert hidden == 0


def test_every_colour_of_the_style_sheet_is_named_once() -> None:
    """The sheet and the drawings have the same palette."""
    sheet = STYLE.read_text(encoding="utf-8")
    for name in ("ink", "note", "hair", "blue", "orange"):
        known = {"hair": "HAIRLINE"}.get(name, name.upper())
        assert re.search(rf"--{name}: {getattr(canvas, known)}", sheet)


def test_pairs_are_all_pairs_of_two_colours() -> None:
    """Nothing is drawn in a third colour: if one is added, its pairs must be measured here."""
    colours = {"BLUE", "ORANGE", "GREY"}
    unmeasured = {frozenset(p) for p in combinations(sorted(colours), 2)} - set(
        map(frozenset, SIDE_BY_SIDE)
    )
    assert unmeasured == {frozenset(("ORANGE", "GREY"))}
