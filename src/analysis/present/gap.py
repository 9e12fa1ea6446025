"""Gap: two groups as two dots joined by a line, and the range on their difference only."""

from __future__ import annotations

from itertools import accumulate

from analysis.present.canvas import (
    BLUE,
    GREY,
    HAIRLINE,
    NOTE,
    ORANGE,
    TEXT,
    WIDTH,
    Canvas,
    Scale,
    diamond,
    dot,
    line,
    new_canvas,
    square,
    write,
)
from analysis.present.fonts import em_width, wrap
from analysis.present.labels import word
from analysis.present.numbers import show_arm, show_estimate
from analysis.present.plot import (
    Plot,
    PlotRow,
    adjusted_words,
    band_words,
    difference_scale,
    draw_axis,
    draw_ground,
    draw_interval,
    write_lines,
)

LEFT, MIDDLE = 46.0, 176.0
FROM, TO = 236.0, 360.0
TOP = 54.0
LINE = 19.0
NAME_EMS = 14.0


def paint_gap(plot: Plot) -> Canvas:
    """One row per difference: levels of both groups at the left, their difference with its range at the right."""
    tops = tuple(accumulate((row_height(r) for r in plot.rows), initial=TOP))
    bottom, relevant = tops[-1], plot.relevant or 0.0
    below = words_below(plot)
    canvas = new_canvas(bottom + 54 + 20 * len(below))
    scale = difference_scale(plot.rows, relevant, FROM, TO)
    draw_head(canvas, plot)
    levels = level_scale(plot.rows)
    for row, top in zip(plot.rows, tops[:-1], strict=True):
        draw_ground(canvas, scale, relevant, top + row_height(row) - 32, top + row_height(row))
        draw_row(canvas, (levels, scale), row, top)
    draw_axis(canvas, scale, bottom)
    write_lines(canvas, bottom + 62, below)
    draw_key(canvas, plot, bottom + 42)
    return canvas


def row_height(row: PlotRow) -> float:
    """A row is as high as its name has lines, and one line for the marks."""
    return (LINE * len(wrap(row.label, NAME_EMS)) if row.label else 6.0) + 40


def level_scale(rows: tuple[PlotRow, ...]) -> Scale | None:
    """The scale of both groups' levels, shares from zero; None if no row has levels."""
    found = [a.level for r in rows for a in r.estimate.arms.values() if a.level is not None]
    if not found:
        return None
    spare = (max(found) - min(found)) * 0.04 or 1.0
    start = 0.0 if starts_at_zero(rows) else min(found) - spare
    return Scale(start, max(found) + spare, LEFT, MIDDLE)


def starts_at_zero(rows: tuple[PlotRow, ...]) -> bool:
    """Whether the levels are shares; scores lie too far from zero to be told apart from there."""
    return all(r.estimate.unit in ("pp", "percent") for r in rows)


def words_below(plot: Plot) -> list[str]:
    """What must be said under the marks."""
    cut = "" if starts_at_zero(plot.rows) or level_scale(plot.rows) is None else word("level_cut")
    return [text for text in (band_words(plot), adjusted_words(plot), cut) if text]


def draw_head(canvas: Canvas, plot: Plot) -> None:
    """Names of the two groups with their marks, and of the right-hand part."""
    x = 10.0
    for name, mark, color in zip(
        plot.spec.arm_labels, (dot, diamond), (BLUE, ORANGE), strict=False
    ):
        mark(canvas, (x, 10), color)
        write(canvas, (x + 11, 15), name, "left", color)
        x += 30 + em_width(name) * 13.5 * 1.12
    write(canvas, (WIDTH - 2, 40), word("head_difference", unit=plot.unit), "right", NOTE)
    line(canvas, (0, TOP), (WIDTH, TOP), HAIRLINE, 0.8)


def draw_row(canvas: Canvas, scales: tuple[Scale | None, Scale], row: PlotRow, top: float) -> None:
    """One difference with the levels it is made of."""
    for step, text in enumerate(wrap(row.label, NAME_EMS) if row.label else ()):
        write(canvas, (4, top + 19 + LINE * step), text, "left", size=TEXT)
    write(canvas, (WIDTH - 2, top + 19), show_estimate(row.estimate, row.decimals), "right")
    y = top + row_height(row) - 16
    if scales[0] is not None:
        draw_levels(canvas, scales[0], row, y)
    draw_difference(canvas, scales[1], row, y)
    line(canvas, (0, y + 16), (WIDTH, y + 16), HAIRLINE, 0.8)


def draw_levels(canvas: Canvas, scale: Scale, row: PlotRow, y: float) -> None:
    """Both groups' dots, joined, each with its value on the outer side."""
    arms = row.estimate.arms
    focus, reference = (arms[s].level if s in arms else None for s in ("focus", "reference"))
    if focus is None or reference is None:
        return
    line(canvas, (scale.at(focus), y), (scale.at(reference), y), GREY, 1.6)
    diamond(canvas, (scale.at(reference), y), ORANGE)
    dot(canvas, (scale.at(focus), y), BLUE)
    side, unit = 1 if focus >= reference else -1, row.estimate.unit
    write_level(canvas, (scale.at(focus), y), show_arm(arms["focus"], unit), side, BLUE)
    write_level(canvas, (scale.at(reference), y), show_arm(arms["reference"], unit), -side, ORANGE)


def write_level(
    canvas: Canvas, place: tuple[float, float], text: str, side: int, color: str
) -> None:
    """A value beside its dot: side 1 to the right, -1 to the left."""
    anchor = "left" if side > 0 else "right"
    write(canvas, (place[0] + 10 * side, place[1] + 5), text, anchor, color)


def draw_difference(canvas: Canvas, scale: Scale, row: PlotRow, y: float) -> None:
    """The like-for-like difference with its range, and the raw one as a small square joined to it."""
    raw, adjusted = row.estimate.raw_difference, row.estimate.estimate
    if is_adjusted(row) and raw is not None and adjusted is not None:
        line(canvas, (scale.at(raw), y - 9), (scale.at(adjusted), y), GREY, 1.2)
        square(canvas, (scale.at(raw), y - 9), GREY)
    draw_interval(canvas, scale, row.estimate, y)


def is_adjusted(row: PlotRow) -> bool:
    """Whether the difference was aligned, so that a raw one stands beside it."""
    raw, adjusted = row.estimate.raw_difference, row.estimate.estimate
    return raw is not None and adjusted is not None and abs(raw - adjusted) > 1e-9


def draw_key(canvas: Canvas, plot: Plot, y: float) -> None:
    """What the marks of the right-hand part mean; the square only where one was drawn."""
    x = 4.0
    if any(is_adjusted(r) for r in plot.rows):
        square(canvas, (x + 6, y - 5), GREY)
        write(canvas, (x + 18, y), word("key_raw"), "left", NOTE)
        x += 78
    line(canvas, (x, y - 5), (x + 24, y - 5), BLUE, 2.4)
    dot(canvas, (x + 12, y - 5), BLUE)
    name = "key_adjusted" if x > 4 else "key_gap"
    write(canvas, (x + 32, y), word(name), "left", NOTE)
