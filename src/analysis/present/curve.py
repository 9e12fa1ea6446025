"""Specification curve: other ways of estimating, sorted, with the choices each is made of as dots below."""

from __future__ import annotations

from analysis.inference.record import Estimate, Point
from analysis.present.canvas import (
    BAND,
    BLUE,
    GREY,
    HAIRLINE,
    INK,
    NOTE,
    ORANGE,
    WIDTH,
    Canvas,
    Scale,
    box,
    diamond,
    dot,
    line,
    new_canvas,
    write,
)
from analysis.present.fonts import wrap
from analysis.present.labels import word
from analysis.present.numbers import show
from analysis.present.plot import Plot, tick_places, write_lines
from analysis.present.series import (
    NamedPoint,
    draw_upright,
    estimate_of,
    reach_of,
    shown_points,
)

LEFT, RIGHT = 150.0, 372.0
TOP, BOTTOM = 30.0, 216.0
LINE, GAP = 17.0, 5.0
NAME_EMS = 9.5
HEADLINE = "headline"


def paint_curve(plot: Plot) -> Canvas:
    """From the smallest to the largest; the report's own is an orange diamond, its standard error a pale band."""
    estimate = estimate_of(plot)
    points = sorted_points(plot)
    names = choice_names(points)
    tops, bottom = matrix_tops(names)
    canvas = new_canvas(bottom + 50)
    across = Scale(-0.7, len(points) - 0.3, LEFT, RIGHT)
    error = estimate.std_error or 0.0
    own = estimate.estimate or 0.0
    upward = Scale(*reach_of(points, (own - error, own + error)), BOTTOM, TOP)
    write(canvas, (0, 15), word("unit_line", unit=plot.unit), "left", NOTE)
    draw_band(canvas, upward, own, error)
    draw_values(canvas, upward)
    for position, found in enumerate(points):
        draw_estimate(canvas, (across.at(position), upward), found)
    draw_matrix(canvas, across, points, tuple(zip(names, tops, strict=True)))
    draw_keys(canvas, bottom + 18, error)
    return canvas


def sorted_points(plot: Plot) -> tuple[NamedPoint, ...]:
    """All points by size, and the report's own among them if the series does not hold it."""
    points = list(shown_points(plot))
    if all(p.point.label != HEADLINE for p in points):
        points.append(NamedPoint(word("key_headline"), own_point(estimate_of(plot))))
    return tuple(sorted(points, key=lambda p: (p.value, p.name)))


def own_point(estimate: Estimate) -> Point:
    """The estimate itself as a point."""
    return Point(HEADLINE, estimate.estimate, estimate.std_error, estimate.ci_low, estimate.ci_high)


def choice_names(points: tuple[NamedPoint, ...]) -> tuple[str, ...]:
    """Every choice that some way of estimating makes: first those that stand first in the ids, then the second ones."""
    made = [p.choices for p in points if p.point.label != HEADLINE]
    deepest = max((len(c) for c in made), default=0)
    return tuple(dict.fromkeys(c[i] for i in range(deepest) for c in made if len(c) > i))


def matrix_tops(names: tuple[str, ...]) -> tuple[tuple[float, ...], float]:
    """The top of each choice's row, as high as its name has lines, and where the last one ends."""
    tops, y = [], BOTTOM + 16.0
    for name in names:
        tops.append(y)
        y += LINE * len(wrap(name, NAME_EMS)) + GAP
    return tuple(tops), y


def draw_band(canvas: Canvas, upward: Scale, own: float, error: float) -> None:
    """The report's own estimate as a line, one standard error to both sides as a band."""
    top, bottom = upward.at(own + error), upward.at(own - error)
    box(canvas, (LEFT, top), (RIGHT - LEFT, bottom - top), BAND)
    line(canvas, (LEFT, upward.at(own)), (RIGHT, upward.at(own)), ORANGE, 1.2, (4.0, 2.5))


def draw_values(canvas: Canvas, upward: Scale) -> None:
    """Light horizontal rules with their values; zero in ink."""
    ticks = upward.ticks()
    places = max((tick_places(t) for t in ticks), default=0)
    for tick in ticks:
        y = upward.at(tick)
        line(canvas, (LEFT, y), (RIGHT, y), INK if tick == 0 else HAIRLINE, 1.0)
        write(canvas, (LEFT - 8, y + 5), show(tick, places), "right", NOTE)


def draw_estimate(canvas: Canvas, place: tuple[float, Scale], found: NamedPoint) -> None:
    """One way of estimating: range and dot, the report's own a diamond."""
    x, upward = place
    is_own = found.point.label == HEADLINE
    if found.ends is not None:
        draw_upright(canvas, upward, x, found.ends, (ORANGE, 2.2) if is_own else (GREY, 1.4))
    spot = (x, upward.at(found.value))
    if is_own:
        diamond(canvas, spot, ORANGE)
    else:
        dot(canvas, spot, BLUE, radius=3.0)


def draw_matrix(
    canvas: Canvas,
    across: Scale,
    points: tuple[NamedPoint, ...],
    rows: tuple[tuple[str, float], ...],
) -> None:
    """A row a choice, a dot where a way of estimating makes it; nothing under the report's own."""
    for name, top in rows:
        lines = wrap(name, NAME_EMS)
        line(canvas, (0, top - 2), (WIDTH, top - 2), HAIRLINE, 0.8)
        for step, text in enumerate(lines):
            write(canvas, (4, top + 13 + LINE * step), text, "left", NOTE)
        y = top + LINE * len(lines) / 2 + 1
        for position, found in enumerate(points):
            if name in found.choices and found.point.label != HEADLINE:
                dot(canvas, (across.at(position), y), INK, radius=2.4)


def draw_keys(canvas: Canvas, y: float, error: float) -> None:
    """What diamond, dots and band are."""
    diamond(canvas, (10, y - 5), ORANGE)
    write(canvas, (22, y), word("key_headline"), "left", NOTE)
    dot(canvas, (152, y - 5), BLUE, radius=3.0)
    write(canvas, (162, y), word("key_choice"), "left", NOTE)
    if error:
        box(canvas, (238, y - 12), (22, 13), BAND, HAIRLINE)
        write(canvas, (266, y), word("key_std_error"), "left", NOTE)
    write_lines(canvas, y + 22, [word("choices_below")])
