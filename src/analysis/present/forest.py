"""Forest: several programmes on one outcome, one scale; words and numbers stand in a right-hand column."""

from __future__ import annotations

from itertools import accumulate

from analysis.present.canvas import (
    BLUE,
    HAIRLINE,
    NOTE,
    TEXT,
    WIDTH,
    Canvas,
    Scale,
    dot,
    line,
    new_canvas,
    write,
)
from analysis.present.fonts import wrap
from analysis.present.labels import strength, word
from analysis.present.numbers import show_estimate
from analysis.present.plot import (
    Plot,
    PlotRow,
    adjusted_words,
    axis_words,
    band_words,
    difference_scale,
    draw_axis,
    draw_ground,
    draw_interval,
    label_of,
    write_lines,
)

LEFT, RIGHT = 8.0, 226.0
TOP = 26.0
LINE = 19.0
NAME_EMS = 15.5


def paint_forest(plot: Plot) -> Canvas:
    """One row per estimate in the order given: name and label above, mark and numbers below."""
    tops = tuple(accumulate((row_height(r) for r in plot.rows), initial=TOP))
    bottom, relevant = tops[-1], plot.relevant or 0.0
    keys = tuple(dict.fromkeys(r.estimate.verdict for r in plot.rows if r.estimate.is_usable))
    below = [t for t in (axis_words(plot), band_words(plot), adjusted_words(plot)) if t]
    first = bottom + 42 + 20 * len(below)
    canvas = new_canvas(first + 20 * -(-len(keys) // 2) - 8)
    scale = difference_scale(plot.rows, relevant, LEFT, RIGHT)
    draw_head(canvas)
    for row, top in zip(plot.rows, tops[:-1], strict=True):
        draw_ground(canvas, scale, relevant, top + row_height(row) - 28, top + row_height(row))
        draw_row(canvas, scale, row, top)
    draw_axis(canvas, scale, bottom)
    write_lines(canvas, bottom + 42, below)
    for step, verdict in enumerate(keys):
        draw_key(canvas, verdict, (4 + 170 * (step % 2), first + 20 * (step // 2)))
    return canvas


def row_height(row: PlotRow) -> float:
    """A row is as high as its name has lines, and one line for the mark."""
    return LINE * len(wrap(row.label, NAME_EMS)) + 32


def draw_head(canvas: Canvas) -> None:
    """Which way is which, and what the right-hand column holds."""
    write(canvas, (LEFT, 15), "← " + word("lower"), "left", NOTE)
    write(canvas, (RIGHT, 15), word("higher") + " →", "right", NOTE)
    write(canvas, (WIDTH - 2, 15), word("head_estimate_range"), "right", NOTE)


def draw_row(canvas: Canvas, scale: Scale, row: PlotRow, top: float) -> None:
    """One estimate."""
    line(canvas, (0, top), (WIDTH, top), HAIRLINE, 0.8)
    for step, text in enumerate(wrap(row.label, NAME_EMS)):
        write(canvas, (4, top + 19 + LINE * step), text, "left", size=TEXT)
    box_word = strength(label_of(row.estimate))
    write(canvas, (WIDTH - 2, top + 19), f"{box_word.dots} {box_word.word}".strip(), "right", NOTE)
    y = top + row_height(row) - 14
    draw_interval(canvas, scale, row.estimate, y)
    write(canvas, (WIDTH - 2, y + 5), show_estimate(row.estimate, row.decimals), "right")


def draw_key(canvas: Canvas, verdict: str, place: tuple[float, float]) -> None:
    """What one shape of mark means."""
    x, y = place
    line(canvas, (x, y - 5), (x + 24, y - 5), BLUE, 2.4)
    if verdict == "bounded":
        for end in (x, x + 24):
            line(canvas, (end, y - 11), (end, y + 1), BLUE, 2.4)
    else:
        dot(canvas, (x + 12, y - 5), BLUE, verdict == "direction")
    write(canvas, (x + 32, y), word(f"key_{verdict}"), "left", NOTE)
