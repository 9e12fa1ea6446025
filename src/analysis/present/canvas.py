"""Drawing in units of the finished figure: 380 wide, y downward, text in units; no axes machinery, no global state."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Polygon, Rectangle
from matplotlib.ticker import MaxNLocator

from analysis.present.fonts import FAMILY, check_glyphs, font

WIDTH = 380.0
TEXT = 14.5
SMALL = 13.5
BLUE, ORANGE, GREY = "#12436D", "#B54708", "#767C85"
INK, NOTE, HAIRLINE, BAND = "#1F2328", "#57606A", "#D0D7DE", "#E9EFF5"
POINTS_PER_INCH = 72.0
ABOVE = 2.5  # marks lie above lines, so that a hollow one is white inside; words above both


@dataclass(frozen=True)
class Canvas:
    """One figure whose data units are its printed units."""

    figure: Figure
    axes: Axes
    height: float


@dataclass(frozen=True)
class Scale:
    """Values ``low`` to ``high`` laid on x (or y) from ``start`` to ``end``."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """The place of a value."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    def clip(self, value: float) -> float:
        """The value drawn back onto the scale."""
        return min(max(value, self.low), self.high)

    def ticks(self, count: int = 4) -> tuple[float, ...]:
        """Round values on the scale."""
        found = MaxNLocator(nbins=count, steps=[1, 2, 2.5, 5, 10]).tick_values(self.low, self.high)
        return tuple(float(v) for v in found if self.low <= v <= self.high)


@contextmanager
def drawing_style() -> Iterator[None]:
    """Our settings for the time of one drawing; a warning of matplotlib becomes an error here."""
    font()
    ours = {
        "font.family": FAMILY,
        "svg.fonttype": "none",
        "svg.hashsalt": "report",
        "path.simplify": False,
        "axes.unicode_minus": True,
    }
    with mpl.rc_context(ours), warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def new_canvas(height: float) -> Canvas:
    """An empty figure, 380 units wide."""
    figure = Figure(figsize=(WIDTH / POINTS_PER_INCH, height / POINTS_PER_INCH))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, WIDTH), ylim=(height, 0))
    axes.set_axis_off()
    return Canvas(figure, axes, height)


def write(
    canvas: Canvas,
    place: tuple[float, float],
    text: str,
    anchor: str = "left",
    color: str = INK,
    size: float = SMALL,
) -> None:
    """Text with its baseline at a place; RunError if the face lacks a character of it."""
    x, y = place
    canvas.axes.text(x, y, check_glyphs(text), ha=anchor, va="baseline", color=color, fontsize=size)


def line(
    canvas: Canvas,
    start: tuple[float, float],
    end: tuple[float, float],
    color: str = INK,
    width: float = 1.0,
    dash: tuple[float, float] | None = None,
) -> None:
    """A straight line."""
    style = (0, dash) if dash else "-"
    x, y = (start[0], end[0]), (start[1], end[1])
    canvas.axes.plot(
        x, y, color=color, lw=width, ls=style, clip_on=False, solid_capstyle="butt", marker=""
    )


def box(
    canvas: Canvas,
    corner: tuple[float, float],
    size: tuple[float, float],
    fill: str,
    edge: str = "none",
) -> None:
    """A rectangle; its corner is the upper left one."""
    canvas.axes.add_patch(Rectangle(corner, *size, fc=fill, ec=edge, lw=1.2, clip_on=False))


def dot(
    canvas: Canvas, place: tuple[float, float], color: str, filled: bool = True, radius: float = 5.0
) -> None:
    """A round mark; hollow ones are white inside."""
    fill = color if filled else "white"
    canvas.axes.add_patch(
        Circle(place, radius, fc=fill, ec=color, lw=1.8, clip_on=False, zorder=ABOVE)
    )


def polygon(
    canvas: Canvas, corners: tuple[tuple[float, float], ...], color: str, filled: bool = True
) -> None:
    """A mark with corners."""
    fill = color if filled else "white"
    canvas.axes.add_patch(
        Polygon(corners, closed=True, fc=fill, ec=color, lw=1.8, clip_on=False, zorder=ABOVE)
    )


def diamond(canvas: Canvas, place: tuple[float, float], color: str, filled: bool = True) -> None:
    """A square standing on its corner."""
    x, y = place
    polygon(canvas, ((x, y - 6), (x + 6, y), (x, y + 6), (x - 6, y)), color, filled)


def square(canvas: Canvas, place: tuple[float, float], color: str, filled: bool = True) -> None:
    """A square mark."""
    x, y = place
    polygon(canvas, ((x - 4, y - 4), (x + 4, y - 4), (x + 4, y + 4), (x - 4, y + 4)), color, filled)


def triangle(canvas: Canvas, place: tuple[float, float], color: str, filled: bool = True) -> None:
    """A triangle mark, point up."""
    x, y = place
    polygon(canvas, ((x, y - 6), (x + 6, y + 5), (x - 6, y + 5)), color, filled)
