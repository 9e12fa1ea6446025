"""Where dirt falls: at the item's rate, on its own stream, the same in every run."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.synthetic.dirt import Dirt
from analysis.synthetic.paper.dirt.brush import Brush, open_brush
from analysis.synthetic.truth.record import Draw

BRUSH = Brush(seed=3, year=2025, file="roster", dirt=Dirt())


def test_rows_are_found_at_the_rate() -> None:
    found = BRUSH.some("unmatched_names", 100_000)
    assert len(found) / 100_000 == pytest.approx(0.03, abs=0.003)
    assert (found[1:] > found[:-1]).all()


def test_the_same_brush_finds_the_same_rows_and_another_does_not() -> None:
    ours = BRUSH.some("retakes", 5000).tolist()
    assert ours == BRUSH.some("retakes", 5000).tolist()
    for other in (replace(BRUSH, year=2024), replace(BRUSH, seed=4), replace(BRUSH, file="exits")):
        assert ours != other.some("retakes", 5000).tolist()
    assert ours != BRUSH.some("retakes", 5000, "-second").tolist()


def test_an_item_switched_off_finds_nothing() -> None:
    off = replace(BRUSH, dirt=Dirt.of("-retakes"))
    assert off.some("retakes", 1000).tolist() == []
    assert off.count("retakes", 1000) == 0
    # and leaves the others where they were
    assert off.some("speeders", 1000).tolist() == BRUSH.some("speeders", 1000).tolist()


def test_a_rare_item_is_there_at_least_once() -> None:
    assert BRUSH.count("test_rows", 40) == 1
    assert BRUSH.count("test_rows", 5000) == 10
    assert BRUSH.count("test_rows", 0) == 0


def test_options_say_which_dirt(small: Draw) -> None:
    clean = replace(small, options=replace(small.options, dirt="none"))
    assert open_brush(clean, 2025, "roster").dirt == Dirt.of("none")
