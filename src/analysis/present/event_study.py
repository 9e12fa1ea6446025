"""Event study: the difference of both sides in each year before and after the start, against one reference year."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.present.canvas import (
    BAND,
    BLUE,
    GREY,
    HAIRLINE,
    INK,
    NOTE,
    WIDTH,
    Canvas,
    Scale,
    box,
    dot,
    line,
    new_canvas,
    square,
    write,
)
from analysis.present.labels import word
from analysis.present.numbers import MINUS, show
from analysis.present.plot import THICK, Plot, tick_places, write_lines
from analysis.present.series import NamedPoint, draw_upright, named_points, reach_of, shown_points

LEFT, RIGHT = 46.0, 372.0
TOP, BOTTOM = 48.0, 248.0
MIN_STEP = 26.0  # between two printed years


@dataclass(frozen=True)
class Frame:
    """Where the periods and values lie: one place a period, in the order of the series."""

    across: Scale
    upward: Scale
    start: float  # the place of the line between before and after


def paint_event_study(plot: Plot) -> Canvas:
    """Years before on grey ground, squares; years after on white, dots; the reference a hollow dot at zero."""
    points = named_points(plot)
    below = words_below(plot, points)
    canvas = new_canvas(BOTTOM + 32 + 20 * len(below))
    frame = frame_of(plot, points)
    draw_grounds(canvas, frame)
    draw_values(canvas, frame)
    draw_relevant(canvas, frame, plot.relevant)
    for position, found in enumerate(points):
        draw_point(canvas, frame, position, found)
    draw_periods(canvas, frame, points)
    write(canvas, (0, 15), word("unit_line", unit=plot.unit), "left", NOTE)
    write_lines(canvas, BOTTOM + 42, below)
    return canvas


def frame_of(plot: Plot, points: tuple[NamedPoint, ...]) -> Frame:
    """The scales, wide enough for what matters beside the points."""
    relevant = plot.relevant or 0.0
    low, high = reach_of(shown_points(plot), (-relevant, relevant))
    across = Scale(-0.6, len(points) - 0.4, LEFT, RIGHT)
    before = sum(is_before(p) for p in points)
    return Frame(across, Scale(low, high, BOTTOM, TOP), across.at(before - 0.5))


def is_before(found: NamedPoint) -> bool:
    """Whether a point lies before the start."""
    return found.point.label.startswith("-")


def is_reference(found: NamedPoint) -> bool:
    """Whether a point is the one that the others are measured from."""
    return found.point.estimate == 0 and found.point.std_error is None and found.ends is None


def draw_grounds(canvas: Canvas, frame: Frame) -> None:
    """Grey before the start, white after it, the start as a named line."""
    box(canvas, (LEFT, TOP), (frame.start - LEFT, BOTTOM - TOP), BAND)
    line(canvas, (frame.start, TOP - 22), (frame.start, BOTTOM), INK, 1.4, (5.0, 3.0))
    write(canvas, (frame.start - 8, TOP - 8), word("before_start"), "right", NOTE)
    write(canvas, (frame.start + 8, TOP - 8), word("after_start"), "left", NOTE)


def draw_values(canvas: Canvas, frame: Frame) -> None:
    """Light horizontal rules with their values; zero in ink."""
    ticks = frame.upward.ticks()
    places = max((tick_places(t) for t in ticks), default=0)
    for tick in ticks:
        y = frame.upward.at(tick)
        line(canvas, (LEFT, y), (RIGHT, y), INK if tick == 0 else HAIRLINE, 1.0)
        write(canvas, (LEFT - 8, y + 5), show(tick, places), "right", NOTE)


def draw_relevant(canvas: Canvas, frame: Frame, relevant: float | None) -> None:
    """The change that matters, on both sides of zero, as fine dashed lines."""
    for value in (-relevant, relevant) if relevant else ():
        y = frame.upward.at(value)
        line(canvas, (LEFT, y), (RIGHT, y), GREY, 1.2, (2.0, 3.0))


def draw_point(canvas: Canvas, frame: Frame, position: int, found: NamedPoint) -> None:
    """One period: range and mark; the sign for hidden where few stand behind it."""
    x = frame.across.at(position)
    if found.point.estimate is None:
        sign = word("cell_missing" if found.point.n is None else "cell_hidden")
        write(canvas, (x, frame.upward.at(0) + 5), sign, "center", NOTE)
        return
    color = GREY if is_before(found) else BLUE
    if found.ends is not None:
        draw_upright(canvas, frame.upward, x, found.ends, (color, THICK))
    place = (x, frame.upward.at(found.value))
    if is_reference(found):
        dot(canvas, place, INK, filled=False, radius=6.0)
    elif is_before(found):
        square(canvas, place, GREY)
    else:
        dot(canvas, place, BLUE)


def draw_periods(canvas: Canvas, frame: Frame, points: tuple[NamedPoint, ...]) -> None:
    """Years since the start under the axis, as many as have room; 0 and the reference always."""
    width = frame.across.at(1) - frame.across.at(0)
    step = max(1, -(-MIN_STEP // width)) if width else 1
    for position, found in enumerate(points):
        label = found.point.label
        number = int(label) if label.lstrip("-").isdigit() else None
        if number is not None and number % step and not is_reference(found):
            continue
        text = found.name if number is None else label.replace("-", MINUS)
        write(
            canvas, (min(frame.across.at(position), WIDTH - 10), BOTTOM + 20), text, "center", NOTE
        )


def words_below(plot: Plot, points: tuple[NamedPoint, ...]) -> list[str]:
    """What the axis counts, what the marks are, what the fine lines are."""
    has_reference = any(is_reference(p) for p in points)
    value = f"{plot.relevant:g}{plot.unit}" if plot.relevant else ""
    return [
        word("period_axis"),
        word("point_marks"),
        *([word("reference_mark")] if has_reference else []),
        *([word("relevant_lines", value=value)] if value else []),
        *([word("few_below")] if any(p.point.n == 0 for p in points) else []),
    ]
