"""Distribution: dots over whole-unit bins, each the same share of teachers; the cut drawn, the share beyond it told."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.present.canvas import (
    BLUE,
    GREY,
    INK,
    Canvas,
    Scale,
    dot,
    line,
    new_canvas,
    write,
)
from analysis.present.labels import word
from analysis.present.numbers import show_estimate
from analysis.present.plot import Plot, draw_axis, write_lines
from analysis.present.series import estimate_of
from analysis.present.series_rows import Rows

LEFT, RIGHT, TOP = 12.0, 368.0, 52.0
LARGEST = 9.0  # of a dot, across


@dataclass(frozen=True)
class Column:
    """The dots over one bin: its lower edge, its width, how many."""

    edge: float
    width: float
    dots: int


def columns_of(plot: Plot) -> tuple[Column, ...]:
    """The bins that have dots; one that stands on too few teachers has none."""
    points = estimate_of(plot).series.get(plot.spec.series, ())
    edges = [float(p.label) for p in points]
    width = edges[1] - edges[0] if len(edges) > 1 else 1.0
    counts = [round(p.estimate or 0.0) for p in points]
    return tuple(Column(e, width, n) for e, n in zip(edges, counts, strict=True) if n)


def dot_share(plot: Plot) -> int:
    """Per cent of teachers that one dot stands for."""
    points = estimate_of(plot).series.get(plot.spec.series, ())
    return round(100 / max(sum(p.estimate or 0.0 for p in points), 1.0))


def paint_distribution(plot: Plot) -> Canvas:
    """Dots stacked from the axis up; those beyond the cut in the accent, the others grey."""
    columns = columns_of(plot)
    first, last = columns[0].edge, columns[-1].edge + columns[-1].width
    scale = Scale(first, last, LEFT, RIGHT)
    size = min(LARGEST, scale.at(first + columns[0].width) - scale.at(first))
    bottom = TOP + size * max(c.dots for c in columns) + 8
    bin_words = word("bin_means", width=f"{columns[0].width:g}", unit=plot.unit)
    below = [word("dot_means", share=dot_share(plot)), bin_words]
    canvas = new_canvas(bottom + 34 + 20 * len(below))
    for column in columns:
        draw_column(canvas, scale, column, (bottom, size), is_beyond(plot, column))
    draw_cut(canvas, scale, plot, bottom)
    draw_axis(canvas, scale, bottom)
    write_lines(canvas, bottom + 42, below)
    return canvas


def is_beyond(plot: Plot, column: Column) -> bool:
    """Whether a bin lies at the cut or above it; without a cut all do."""
    return plot.spec.cut is None or column.edge >= plot.spec.cut


def draw_column(
    canvas: Canvas, scale: Scale, column: Column, place: tuple[float, float], is_accent: bool
) -> None:
    """The dots of one bin. ``place``: the axis' height, and the size of a dot."""
    bottom, size = place
    x = scale.at(column.edge + column.width / 2)
    for step in range(column.dots):
        y = bottom - size * (step + 0.5) - 2
        dot(canvas, (x, y), BLUE if is_accent else GREY, radius=size / 2 - 1.4)


def draw_cut(canvas: Canvas, scale: Scale, plot: Plot, bottom: float) -> None:
    """The cut as a line with its score, and the share beyond it in words."""
    if plot.spec.cut is None:
        return
    x = scale.at(scale.clip(plot.spec.cut))
    line(canvas, (x, TOP - 20), (x, bottom), INK, 1.0)
    beyond = next((r for r in plot.rows[1:] if r.estimate.estimate is not None), None)
    text = word("cut", score=f"{plot.spec.cut:g}", unit=plot.unit)
    if beyond is not None:
        share = show_estimate(beyond.estimate, beyond.decimals)
        text = word("cut_share", score=f"{plot.spec.cut:g}", unit=plot.unit, share=share)
    is_left = x > (LEFT + RIGHT) / 2
    write(canvas, (x - 6 if is_left else x + 6, TOP - 26), text, "right" if is_left else "left", BLUE)  # fmt: skip


def distribution_rows(plot: Plot) -> Rows:
    """One row a bin that has dots: from, to (the last has no end), per cent of teachers as its dots say."""
    heads = tuple(word(f"head_{n}") for n in ("bin_from", "bin_to", "bin_share"))
    share = dot_share(plot)
    columns = columns_of(plot)
    ends = (*(f"{c.edge + c.width:g}" for c in columns[:-1]), word("and_above"))
    rows = ((f"{c.edge:g}", to, str(c.dots * share)) for c, to in zip(columns, ends, strict=True))
    return heads, tuple(rows)
