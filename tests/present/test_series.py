"""Figures of one series: what is drawn, what is said under it, and what never is."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from analysis.errors import RunError
from analysis.inference.record import Point
from analysis.present.canvas import BLUE, GREY, INK, ORANGE
from analysis.present.curve import choice_names, sorted_points
from analysis.present.figures import data_table, svg
from analysis.present.labels import word
from analysis.present.plot import Plot, open_plot
from analysis.present.series import NamedPoint, reach_of, show_point
from analysis.release.disclosure import disclose
from tests.present import sample


def plot(name: str, **changes: object) -> Plot:
    """The figure of one series of the drawn estimate."""
    one = replace(sample.followed(), **changes)  # type: ignore[arg-type]
    return open_plot(sample.series_spec(name), {one.id: one})


def texts(drawn: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", drawn)


def marks(drawn: str, fill: str, edge: str) -> int:
    """How many marks of one fill and edge were drawn."""
    return drawn.count(f"fill: {fill.lower()}; stroke: {edge.lower()}")


def test_the_reference_is_the_one_hollow_mark() -> None:
    drawn = svg(plot("event_study"))
    assert marks(drawn, "#ffffff", INK) == 1
    assert word("reference_mark") in texts(drawn)


def test_years_before_and_after_differ_in_shape_and_colour() -> None:
    drawn = svg(plot("event_study"))
    assert (marks(drawn, GREY, GREY), marks(drawn, BLUE, BLUE)) == (2, 2)
    assert {"开始前", "开始后", "−3", "−1", "0"} <= set(texts(drawn))


def test_a_hidden_year_is_a_sign_and_no_mark() -> None:
    drawn = svg(plot("event_study"))
    assert texts(drawn).count(word("cell_hidden")) == 1
    assert word("few_below") in texts(drawn)
    assert data_table(plot("event_study")).rows[-1] == ("后两年", "※", "※")


def test_a_small_year_is_hidden_before_it_can_be_drawn() -> None:
    small = (*sample.followed().series["event_study"][:-1], Point("2", 7.7, 0.1, 7.5, 7.9, 6))
    one = disclose(replace(sample.followed(), series={"event_study": small}))[0]
    shown = open_plot(sample.series_spec("event_study"), {one.id: one})
    assert not any("7." in t for t in texts(svg(shown)))
    assert data_table(shown).rows[-1] == ("后两年", "※", "※")


def test_the_change_that_matters_is_drawn_and_said() -> None:
    assert word("relevant_lines", value="1分") in texts(svg(plot("event_study")))
    said = texts(svg(plot("event_study", relevant_effect=None)))
    assert not any("有意义" in t for t in said)


def test_the_table_of_years_holds_ranges_and_counts() -> None:
    rows = data_table(plot("event_study")).rows
    assert rows[0] == ("前三年", "0.2（−0.6~1.0）", "400")
    assert rows[2] == ("前一年", "0.0", "…")  # the reference: zero by construction, no range


def test_a_curve_is_sorted_and_holds_the_report_s_own_once() -> None:
    points = sorted_points(plot("specifications"))
    assert [p.value for p in points] == [0.6, 0.8, 1.0, 1.1]
    assert points[-1].name == word("key_headline")
    drawn = svg(plot("specifications"))
    assert marks(drawn, ORANGE, ORANGE) == 2  # the mark, and its key
    assert word("key_std_error") in texts(drawn)


def test_choices_are_grouped_by_their_place_in_the_id() -> None:
    names = choice_names(sorted_points(plot("specifications")))
    assert names == ("甲", "乙", "丙", "全部", "近年")
    drawn = svg(plot("specifications"))
    assert marks(drawn, INK, INK) == 6  # two choices for each of three ways
    assert set(names) <= set(texts(drawn))


def test_a_very_wide_range_does_not_press_the_others_together() -> None:
    halves = (1.0, 1.0, 50.0)
    found = [
        NamedPoint("", Point("", v, 1.0, v - h, v + h))
        for v, h in zip((0, 1, 2), halves, strict=True)
    ]
    low, high = reach_of(found)
    assert low >= -4
    assert high <= 6
    assert low < 0 < high


def test_every_estimate_lies_on_the_scale() -> None:
    found = [NamedPoint("", Point("", v)) for v in (-3.0, 8.0)]
    low, high = reach_of(found, (10.0,))
    assert low < -3
    assert high > 10


def test_hidden_and_absent_points_differ_in_their_sign() -> None:
    assert show_point(NamedPoint("", Point("", None, n=0)), 1) == "※"
    assert show_point(NamedPoint("", Point("", None)), 1) == "…"


def test_names_that_do_not_fit_the_points_stop() -> None:
    spec = replace(sample.series_spec("cohorts"), point_labels=("一个",))
    with pytest.raises(RunError, match="followed"):
        svg(open_plot(spec, {"followed": sample.followed()}))
