"""Points: the rows of one series (horizons, destinations, cohorts) on one scale, numbers in a right-hand column."""

from __future__ import annotations

from analysis.present.canvas import (
    BAND,
    BLUE,
    HAIRLINE,
    INK,
    NOTE,
    TEXT,
    WIDTH,
    Canvas,
    Scale,
    box,
    dot,
    line,
    new_canvas,
    write,
)
from analysis.present.labels import word
from analysis.present.plot import THICK, Plot, band_words, draw_axis, draw_span, write_lines
from analysis.present.series import (
    NamedPoint,
    decimals_of,
    named_points,
    reach_of,
    show_point,
    shown_points,
)

LEFT, RIGHT = 8.0, 372.0
TOP, ROW = 26.0, 52.0


def paint_points(plot: Plot) -> Canvas:
    """One row a point in the order of the series: name and number above, mark below."""
    points = named_points(plot)
    bottom = TOP + ROW * len(points)
    below = [t for t in (word("points_axis", unit=plot.unit), band_words(plot)) if t]
    canvas = new_canvas(bottom + 34 + 20 * len(below))
    relevant = plot.relevant or 0.0
    scale = Scale(*reach_of(shown_points(plot), (-relevant, relevant)), LEFT, RIGHT)
    write(canvas, (LEFT, 15), "← " + word("lower"), "left", NOTE)
    write(canvas, (RIGHT, 15), word("higher") + " →", "right", NOTE)
    for step, found in enumerate(points):
        draw_row(canvas, scale, found, TOP + ROW * step, (relevant, decimals_of(points)))
    draw_axis(canvas, scale, bottom)
    write_lines(canvas, bottom + 42, below)
    return canvas


def draw_row(
    canvas: Canvas, scale: Scale, found: NamedPoint, top: float, looks: tuple[float, int]
) -> None:
    """One row. ``looks``: the relevant effect and the places of the numbers."""
    relevant, decimals = looks
    line(canvas, (0, top), (WIDTH, top), HAIRLINE, 0.8)
    write(canvas, (4, top + 19), found.name, "left", size=TEXT)
    write(canvas, (WIDTH - 2, top + 19), show_point(found, decimals), "right")
    y = top + ROW - 14
    if relevant:
        low, high = scale.at(-relevant), scale.at(relevant)
        box(canvas, (low, y - 12), (high - low, 24), BAND)
    line(canvas, (scale.at(0), y - 12), (scale.at(0), y + 12), INK, 1.0)
    if found.point.estimate is None:
        return
    if found.ends is not None:
        draw_span(canvas, scale, found.ends, y, THICK)
    dot(canvas, (scale.at(found.value), y), BLUE)
