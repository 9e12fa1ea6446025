"""Weights and response: two dots per group, its share of the roster and its share of the answers."""

from __future__ import annotations

from analysis.inference.record import Arm
from analysis.present.canvas import (
    BLUE,
    GREY,
    HAIRLINE,
    ORANGE,
    TEXT,
    WIDTH,
    Canvas,
    Scale,
    diamond,
    dot,
    line,
    new_canvas,
    write,
)
from analysis.present.fonts import em_width
from analysis.present.labels import word
from analysis.present.numbers import show_arm
from analysis.present.plot import Plot, PlotRow, draw_axis, write_lines
from analysis.present.series_rows import Rows

SIDES = ("roster", "answers")
LEFT, RIGHT, TOP, ROW = 52.0, 328.0, 30.0, 50.0


def paint_weights(plot: Plot) -> Canvas:
    """One row a group: its name, below it both shares as dots joined by a line, each with its value outside."""
    bottom = TOP + ROW * len(plot.rows)
    canvas = new_canvas(bottom + 54)
    levels = [a.level for r in plot.rows for a in r.estimate.arms.values() if a.level is not None]
    scale = Scale(0.0, max(levels, default=1.0) * 1.04, LEFT, RIGHT)
    draw_key(canvas, plot)
    for step, row in enumerate(plot.rows):
        draw_row(canvas, scale, row, TOP + ROW * step)
    draw_axis(canvas, scale, bottom)
    write_lines(canvas, bottom + 42, [word("axis_share", unit=plot.unit)])
    return canvas


def draw_key(canvas: Canvas, plot: Plot) -> None:
    """What the two marks are."""
    x = 10.0
    for name, mark, color in zip(plot.spec.arm_labels, (dot, diamond), (BLUE, ORANGE), strict=True):
        mark(canvas, (x, 10), color)
        write(canvas, (x + 11, 15), name, "left", color)
        x += 30 + em_width(name) * 13.5 * 1.12


def draw_row(canvas: Canvas, scale: Scale, row: PlotRow, top: float) -> None:
    """One group."""
    line(canvas, (0, top), (WIDTH, top), HAIRLINE, 0.8)
    write(canvas, (4, top + 19), row.label, "left", size=TEXT)
    y = top + ROW - 14
    arms = [row.estimate.arms.get(side) for side in SIDES]
    levels = [a.level if a is not None else None for a in arms]
    if levels[0] is None or levels[1] is None:
        return
    line(canvas, (scale.at(levels[0]), y), (scale.at(levels[1]), y), GREY, 1.6)
    diamond(canvas, (scale.at(levels[1]), y), ORANGE)
    dot(canvas, (scale.at(levels[0]), y), BLUE)
    side = 1 if levels[0] >= levels[1] else -1
    for arm, level, at, color in zip(arms, levels, (side, -side), (BLUE, ORANGE), strict=True):
        anchor = "left" if at > 0 else "right"
        write(canvas, (scale.at(level or 0.0) + 10 * at, y + 5), shown(arm), anchor, color)


def shown(arm: Arm | None) -> str:
    """A share as it is printed."""
    return show_arm(arm, "pp")


def weights_rows(plot: Plot) -> Rows:
    """One row a group: both shares and how many teachers each is of."""
    heads = (word("head_group"), *plot.spec.arm_labels, word("head_roster"), word("head_answers"))
    rows = tuple(
        (r.label, *(shown(r.estimate.arms.get(s)) for s in SIDES), *(people(r, s) for s in SIDES))
        for r in plot.rows
    )
    return heads, rows


def people(row: PlotRow, side: str) -> str:
    """How many teachers of a group are on one side; the sign for what is hidden."""
    arm = row.estimate.arms.get(side)
    return word("cell_hidden") if arm is None or arm.n_events is None else str(arm.n_events)
