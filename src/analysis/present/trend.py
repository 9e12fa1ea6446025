"""Trend: groups over years, dots joined, each group named at the end of its line."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from analysis.inference.record import Estimate
from analysis.present.canvas import (
    BLUE,
    GREY,
    HAIRLINE,
    INK,
    NOTE,
    ORANGE,
    SMALL,
    WIDTH,
    Canvas,
    Scale,
    diamond,
    dot,
    line,
    new_canvas,
    square,
    triangle,
    write,
)
from analysis.present.fonts import em_width, wrap
from analysis.present.labels import word
from analysis.present.numbers import show
from analysis.present.plot import Plot, PlotRow, tick_places

Look = tuple[Callable[[Canvas, tuple[float, float], str], None], str]
LOOKS: tuple[Look, ...] = ((dot, BLUE), (diamond, ORANGE), (square, GREY), (triangle, INK))
TOP, BOTTOM, HEIGHT = 34.0, 214.0, 244.0
LEFT = 44.0
YEAR_WIDTH = 40.0
NAME_EMS = 6.0
LINE = 17.0


@dataclass(frozen=True)
class Point:
    """One value of one group in one year, with its range if it comes from a sample."""

    year: int
    value: float
    low: float | None
    high: float | None
    decimals: int


def paint_trend(plot: Plot) -> Canvas:
    """Up to four groups; the vertical axis starts at zero, or says that it does not."""
    series = series_of(plot)
    canvas = new_canvas(HEIGHT)
    widest = max(em_width(part) for name in series for part in wrap(name, NAME_EMS))
    right = WIDTH - max(widest * SMALL * 1.12, 30.0) - 16
    years = sorted({p.year for points in series.values() for p in points})
    across = Scale(years[0] - 0.25, years[-1] + 0.25, LEFT, right)
    upward = value_scale([p for points in series.values() for p in points])
    draw_frame(canvas, across, upward, years)
    write(canvas, (0, 15), head_words(plot, upward), "left", NOTE)
    draw_start(canvas, across, plot.spec.start)
    for look, points in zip(LOOKS, series.values(), strict=False):
        draw_series(canvas, (across, upward), points, look)
    draw_first(canvas, (across, upward), series)
    draw_names(canvas, upward, series, right + 12)
    return canvas


def series_of(plot: Plot) -> dict[str, tuple[Point, ...]]:
    """Points by group, oldest first: levels are grouped by their row name, gaps by their two sides."""
    found: dict[str, list[Point]] = {}
    for row in plot.rows:
        for name, point in points_of(row, plot.spec.arm_labels):
            found.setdefault(name, []).append(point)
    return {n: tuple(sorted(p, key=lambda q: q.year)) for n, p in found.items()}


def points_of(row: PlotRow, arms: tuple[str, ...]) -> list[tuple[str, Point]]:
    """The points of one estimate: one of a level, two of a gap; none where the data hold none."""
    e = row.estimate
    found: list[tuple[str, float | None, Estimate | None]] = [(row.label, e.estimate, e)]
    if e.kind != "level":
        sides = zip(arms, ("focus", "reference"), strict=True)
        found = [(name, e.arms[side].level, None) for name, side in sides if side in e.arms]
    return [(n, point(e.year, v, source, row.decimals)) for n, v, source in found if v is not None]


def point(year: int, value: float, source: Estimate | None, decimals: int) -> Point:
    """One point; with a range only if the estimate is of the level itself."""
    low = source.ci_low if source else None
    high = source.ci_high if source else None
    return Point(year, value, low, high, decimals)


def value_scale(points: list[Point]) -> Scale:
    """From zero if the values are near enough to it; otherwise from below the lowest."""
    values = [v for p in points for v in (p.value, p.low, p.high) if v is not None]
    low, high = min(values), max(values)
    spare = (high - low) * 0.15 or abs(high) * 0.1 or 1.0
    start = 0.0 if 0 <= low <= 0.6 * high else low - spare
    return Scale(start, high + spare, BOTTOM, TOP)


def head_words(plot: Plot, upward: Scale) -> str:
    """The unit, and the warning if the axis does not start at zero."""
    unit = word("unit_line", unit=plot.unit)
    return unit if upward.low == 0 else unit + word("list_stop") + word("axis_cut")


def draw_frame(canvas: Canvas, across: Scale, upward: Scale, years: list[int]) -> None:
    """Light horizontal rules with their values, years below."""
    ticks = upward.ticks()
    places = max((tick_places(t) for t in ticks), default=0)
    for tick in ticks:
        y = upward.at(tick)
        line(canvas, (LEFT, y), (across.end, y), INK if tick == 0 else HAIRLINE, 0.9)
        write(canvas, (LEFT - 8, y + 5), show(tick, places), "right", NOTE)
    if upward.low != 0:
        draw_cut(canvas)
    step = max(1, math.ceil(YEAR_WIDTH / abs(across.at(1) - across.at(0))))
    for year in years[::-1][::step]:
        write(canvas, (across.at(year), BOTTOM + 20), str(year), "center", NOTE)


def draw_start(canvas: Canvas, across: Scale, year: int | None) -> None:
    """A broken line halfway between the last year before the policy and its first; none where it is not known."""
    if year is None:
        return
    x = across.at(year - 0.5)
    line(canvas, (x, TOP), (x, BOTTOM), NOTE, 1.0, dash=(4, 3))
    write(canvas, (x, TOP - 4), word("trend_start"), "center", NOTE)


def draw_cut(canvas: Canvas) -> None:
    """The sign of an axis that does not start at zero."""
    corners = ((LEFT, BOTTOM - 16), (LEFT - 4, BOTTOM - 11), (LEFT + 4, BOTTOM - 5), (LEFT, BOTTOM))
    for start, end in pairwise(corners):
        line(canvas, start, end, NOTE, 1.2)


def draw_series(
    canvas: Canvas, scales: tuple[Scale, Scale], points: tuple[Point, ...], look: Look
) -> None:
    """One group: its line, its marks, ranges where it has them."""
    across, upward = scales
    places = [(across.at(p.year), upward.at(p.value)) for p in points]
    for start, end in pairwise(places):
        line(canvas, start, end, look[1], 1.8)
    for spot, place in zip(points, places, strict=True):
        if spot.low is not None and spot.high is not None:
            ends = upward.at(spot.low), upward.at(spot.high)
            line(canvas, (place[0], ends[0]), (place[0], ends[1]), look[1], 1.2)
        look[0](canvas, place, look[1])


def draw_first(
    canvas: Canvas, scales: tuple[Scale, Scale], series: dict[str, tuple[Point, ...]]
) -> None:
    """Each group's oldest value: above its mark for the highest, below for the others."""
    highest = max(p[0].value for p in series.values())
    for (_, color), points in zip(LOOKS, series.values(), strict=False):
        if len(points) < 2:
            continue
        first = points[0]
        shift = -12 if first.value == highest else 22
        place = (scales[0].at(first.year), scales[1].at(first.value) + shift)
        write(canvas, place, show(first.value, first.decimals), "center", color)


def draw_names(
    canvas: Canvas, upward: Scale, series: dict[str, tuple[Point, ...]], x: float
) -> None:
    """Each group's name and last value at the height of that value, moved apart where they would touch."""
    texts = [(*wrap(name, NAME_EMS), show_last(points)) for name, points in series.items()]
    wanted = [upward.at(points[-1].value) + 3 for points in series.values()]
    tops = spread(wanted, [LINE * len(lines) + 4 for lines in texts], BOTTOM)
    for lines, look, top in zip(texts, LOOKS, tops, strict=False):
        for step, text in enumerate(lines):
            write(canvas, (x, top + LINE * step), text, "left", look[1])


def show_last(points: tuple[Point, ...]) -> str:
    """The newest value of a group."""
    return show(points[-1].value, points[-1].decimals)


def spread(heights: list[float], sizes: list[float], bottom: float) -> list[float]:
    """Tops of blocks moved just far enough not to touch, in their old order; the last ends at the bottom."""
    order = sorted(range(len(heights)), key=lambda i: heights[i])
    placed = list(heights)
    for before, after in pairwise(order):
        placed[after] = max(placed[after], placed[before] + sizes[before])
    limit = bottom + LINE
    for index in reversed(order):
        placed[index] = min(placed[index], limit - sizes[index])
        limit = placed[index]
    return placed
