"""The points of one series of an estimate with their names, and what drawings of them share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from analysis.errors import RunError
from analysis.inference.record import Estimate, Point
from analysis.present.canvas import Canvas, Scale, line, polygon
from analysis.present.labels import word
from analysis.present.numbers import show_range
from analysis.present.plot import Plot
from analysis.release.numbers import difference_decimals


@dataclass(frozen=True)
class NamedPoint:
    """One point with its name and, in a curve, the choices it is made of."""

    name: str
    point: Point
    choices: tuple[str, ...] = ()

    @property
    def value(self) -> float:
        """The estimate of a point that has one."""
        return self.point.estimate or 0.0

    @property
    def ends(self) -> tuple[float, float] | None:
        """The interval; None if the point has none."""
        low, high = self.point.ci_low, self.point.ci_high
        return None if low is None or high is None else (low, high)


def estimate_of(plot: Plot) -> Estimate:
    """The one estimate whose series a figure draws."""
    return plot.rows[0].estimate


def named_points(plot: Plot) -> tuple[NamedPoint, ...]:
    """The points of the figure's series with their names; RunError if there are not as many names as points."""
    points = estimate_of(plot).series.get(plot.spec.series, ())
    names = plot.spec.point_labels
    if len(points) != len(names):
        raise RunError("figure_labels", figure=plot.spec.id, rows=len(points), labels=len(names))
    choices = plot.spec.choices or ((),) * len(points)
    return tuple(NamedPoint(*found) for found in zip(names, points, choices, strict=True))


def shown_points(plot: Plot) -> tuple[NamedPoint, ...]:
    """The points that have a value."""
    return tuple(p for p in named_points(plot) if p.point.estimate is not None)


def decimals_of(points: Iterable[NamedPoint]) -> int:
    """The places all points are printed with: what the narrowest range asks for."""
    found = [difference_decimals(p.point.ci_low, p.point.ci_high) for p in points if p.ends]
    return max(found, default=1)


def show_point(found: NamedPoint, decimals: int) -> str:
    """A point with its range, or the sign for hidden (it stands on few) or for not in the data."""
    if found.point.estimate is None:
        return word("cell_missing" if found.point.n is None else "cell_hidden")
    return show_range(found.value, found.point.ci_low, found.point.ci_high, decimals)


def show_count(point: Point) -> str:
    """What a point stands on, or the sign for hidden or for not in the data."""
    if point.n is None:
        return word("cell_missing")
    return str(point.n) if point.n else word("cell_hidden")


def reach_of(points: Iterable[NamedPoint], more: Iterable[float] = ()) -> tuple[float, float]:
    """Lowest and highest value to show: all estimates, and ranges up to three times the middle one."""
    found = tuple(points)
    values = [0.0, *(p.value for p in found), *more]
    halves = sorted(abs(end - p.value) for p in found if p.ends for end in p.ends)
    longest = 3 * halves[len(halves) // 2] if halves else 0.0
    for p in found:
        low, high = p.ends or (p.value, p.value)
        values += [max(low, p.value - longest), min(high, p.value + longest)]
    spare = (max(values) - min(values)) * 0.06 or 1.0
    return min(values) - spare, max(values) + spare


def draw_upright(
    canvas: Canvas, upward: Scale, x: float, ends: tuple[float, float], look: tuple[str, float]
) -> None:
    """A range as an upright line; an arrow where it runs off the scale. ``look``: colour and width."""
    color, width = look
    low, high = (upward.at(upward.clip(v)) for v in ends)
    line(canvas, (x, low), (x, high), color, width)
    if ends[0] < upward.low:
        polygon(canvas, ((x, low + 2), (x - 4, low - 6), (x + 4, low - 6)), color)
    if ends[1] > upward.high:
        polygon(canvas, ((x, high - 2), (x - 4, high + 6), (x + 4, high + 6)), color)
