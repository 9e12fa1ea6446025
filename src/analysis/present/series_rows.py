"""The tables behind the figures of a series: one row per point, in the order in which it is drawn."""

from __future__ import annotations

from analysis.present.curve import sorted_points
from analysis.present.labels import word
from analysis.present.plot import Plot
from analysis.present.series import (
    NamedPoint,
    decimals_of,
    named_points,
    show_count,
    show_point,
)

Rows = tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]
NAMED_BY = {
    "event_study": "head_period",
    "horizons": "head_period",
    "destinations": "head_destination",
    "cohorts": "head_cohort",
}


def series_rows(plot: Plot) -> Rows:
    """Name, value with its range, and how many stand behind it."""
    points = named_points(plot)
    heads = (word(NAMED_BY[plot.spec.series]), word("head_estimate_range"), word("head_teachers"))
    decimals = decimals_of(points)
    return heads, tuple((p.name, *cells(p, decimals)) for p in points)


def cells(found: NamedPoint, decimals: int) -> tuple[str, str]:
    """Value and count; a year that is measured from has no range and stands on itself."""
    return show_point(found, decimals), show_count(found.point)


def curve_rows(plot: Plot) -> Rows:
    """Way of estimating and its value with the range, from the smallest to the largest."""
    points = sorted_points(plot)
    decimals = decimals_of(points)
    heads = (word("head_choice"), word("head_estimate_range"))
    return heads, tuple((p.name, show_point(p, decimals)) for p in points)
