"""Ruler: what this year's data could have seen at all, on one rule in the outcome's own unit."""

from __future__ import annotations

from analysis.inference.record import Estimate
from analysis.present.canvas import (
    GREY,
    HAIRLINE,
    INK,
    NOTE,
    ORANGE,
    TEXT,
    WIDTH,
    Canvas,
    Scale,
    line,
    new_canvas,
    write,
)
from analysis.present.labels import word
from analysis.present.numbers import show, show_estimate
from analysis.present.plot import (
    Plot,
    PlotRow,
    adjusted_range,
    adjusted_words,
    axis_words,
    draw_axis,
    draw_interval,
    range_of,
    write_lines,
)

LEFT, RIGHT = 10.0, 370.0
LANE = 46.0
NAME = 26.0


def paint_ruler(plot: Plot) -> Canvas:
    """For each programme three lanes over one axis: our range, the smallest visible change, the relevant one."""
    heights = [block_height(r) for r in plot.rows]
    below = [text for text in (axis_words(plot), adjusted_words(plot)) if text]
    canvas = new_canvas(sum(heights) + 32 + 20 * len(below))
    scale = ruler_scale(plot.rows)
    line(canvas, (scale.at(0), 4), (scale.at(0), sum(heights)), INK, 1.0)
    top = 0.0
    for row, height in zip(plot.rows, heights, strict=True):
        draw_block(canvas, scale, row, top)
        top += height
    draw_axis(canvas, scale, top)
    write_lines(canvas, top + 42, below)
    return canvas


def block_height(row: PlotRow) -> float:
    """A name, if there is one, and its lanes."""
    return (NAME if row.label else 4.0) + LANE * len(lanes(row.estimate)) + 6


def lanes(estimate: Estimate) -> tuple[str, ...]:
    """The lanes that can be drawn: without a value no lane."""
    known = {
        "interval": estimate.estimate,
        "mde": estimate.mde,
        "relevant": estimate.relevant_effect,
    }
    return tuple(name for name, value in known.items() if value is not None)


def ruler_scale(rows: tuple[PlotRow, ...]) -> Scale:
    """Symmetric about zero, wide enough for everything on it."""
    found = [r.estimate for r in rows]
    ends = [v for e in found for r in (range_of(e), adjusted_range(e)) if r for v in r]
    changes = [v for e in found for v in (e.mde, e.relevant_effect) if v is not None]
    values = [abs(v) for v in ends + changes]
    reach = max(values, default=1.0) * 1.08
    return Scale(-reach, reach, LEFT, RIGHT)


def draw_block(canvas: Canvas, scale: Scale, row: PlotRow, top: float) -> None:
    """One programme."""
    y = top + 4.0
    if row.label:
        write(canvas, (4, top + 19), row.label, "left", size=TEXT)
        y = top + NAME
    for name in lanes(row.estimate):
        draw_lane(canvas, scale, row, name, y)
        y += LANE
    line(canvas, (0, y + 2), (WIDTH, y + 2), HAIRLINE, 0.8)


def draw_lane(canvas: Canvas, scale: Scale, row: PlotRow, name: str, top: float) -> None:
    """One lane: its words at the left, its number at the right, its mark below."""
    estimate, y = row.estimate, top + 33
    write(canvas, (4, top + 18), word(f"lane_{name}"), "left", NOTE)
    if name == "interval":
        write(canvas, (WIDTH - 2, top + 18), show_estimate(estimate, row.decimals), "right")
        draw_interval(canvas, scale, estimate, y)
        return
    value, color = (estimate.mde, GREY) if name == "mde" else (estimate.relevant_effect, ORANGE)
    if value is None:
        return
    number = word("plus_minus", value=show(value, row.decimals))
    write(canvas, (WIDTH - 2, top + 18), number, "right")
    draw_reach(canvas, scale, value, y, color)


def draw_reach(canvas: Canvas, scale: Scale, value: float, y: float, color: str) -> None:
    """A change in either direction: dashed for what matters, solid for what can be seen, with upright ends."""
    dash = (4.0, 2.5) if color == ORANGE else None
    line(canvas, (scale.at(-value), y), (scale.at(value), y), color, 2.0, dash)
    for end in (-value, value):
        line(canvas, (scale.at(end), y - 6), (scale.at(end), y + 6), color, 2.0)
