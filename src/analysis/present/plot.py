"""What one figure draws: the specification with its estimates looked up, and the scale and marks figures share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from analysis.errors import RunError
from analysis.inference.record import Estimate
from analysis.present.canvas import (
    BAND,
    BLUE,
    HAIRLINE,
    INK,
    NOTE,
    SMALL,
    Canvas,
    Scale,
    box,
    dot,
    line,
    polygon,
    write,
)
from analysis.present.labels import unit_word, word
from analysis.present.numbers import decimals_for, show
from analysis.present.rare import without_rare
from analysis.release.claims import FigureSpec
from analysis.release.effects import label_of as effect_label
from analysis.release.indicators import indicator_label

THICK, THIN = 2.6, 1.0


@dataclass(frozen=True)
class PlotRow:
    """One estimate of a figure with its name and the places it is printed with."""

    label: str
    estimate: Estimate
    decimals: int


@dataclass(frozen=True)
class Plot:
    """One figure ready to be drawn."""

    spec: FigureSpec
    rows: tuple[PlotRow, ...]
    rare: str = ""  # characters of names that the face lacks; marks stand for them

    @property
    def unit(self) -> str:
        """The unit as printed."""
        return unit_word(self.spec.unit)

    @property
    def relevant(self) -> float | None:
        """The relevant effect of the outcome, the same for all rows; None if no row has one."""
        found = [r.estimate.relevant_effect for r in self.rows if r.estimate.relevant_effect]
        return max(found) if found else None


def open_plot(spec: FigureSpec, estimates: Mapping[str, Estimate]) -> Plot:
    """The figure with its estimates, which must be disclosed already.

    Raises RunError if a row is not among the estimates or the names do not match the rows.
    """
    lost = [name for name in spec.rows if name not in estimates]
    if lost:
        raise RunError("figure_row_unknown", figure=spec.id, rows=", ".join(lost))
    names = spec.row_labels or ("",) * len(spec.rows)
    if len(names) != len(spec.rows) or (len(spec.rows) > 1 and not spec.row_labels):
        raise RunError("figure_labels", figure=spec.id, rows=len(spec.rows), labels=len(names))
    spec, rare = without_rare(spec)
    names = spec.row_labels or names
    found = (estimates[row] for row in spec.rows)
    rows = (PlotRow(n, e, decimals_for(e)) for n, e in zip(names, found, strict=True))
    return Plot(spec, tuple(rows), rare)


def label_of(estimate: Estimate) -> str:
    """The id of the strength label of one estimate, as ``release`` gives it."""
    return effect_label(estimate) if estimate.kind == "effect" else indicator_label(estimate)


def difference_scale(rows: tuple[PlotRow, ...], relevant: float, start: float, end: float) -> Scale:
    """A scale that shows zero, the relevant effect and every estimate; very wide ranges run off its ends."""
    found = [r.estimate for r in rows if r.estimate.estimate is not None]
    points = [v for e in found for v in (e.estimate, e.raw_difference) if v is not None]
    ends = [v for e in found for r in (range_of(e), adjusted_range(e)) if r for v in r]
    sizes = sorted(abs(v) for v in ends) or [0.0]
    near = relevant * 1.4
    reach = max(
        [near, *(abs(p) * 1.15 for p in points), min(3 * sizes[len(sizes) // 2], sizes[-1])]
    )
    near = max(near, reach * 0.12) or 1.0
    low = max([near, *(-v for v in points + ends)])
    high = max([near, *points, *ends])
    return Scale(-min(reach or 1.0, low) * 1.06, min(reach or 1.0, high) * 1.06, start, end)


def draw_ground(canvas: Canvas, scale: Scale, relevant: float, top: float, bottom: float) -> None:
    """The band of changes too small to matter, and the zero line: under one row's marks, not under its words."""
    if relevant:
        left, right = scale.at(scale.clip(-relevant)), scale.at(scale.clip(relevant))
        box(canvas, (left, top), (right - left, bottom - top), BAND)
    line(canvas, (scale.at(0), top), (scale.at(0), bottom), INK, 1.0)


def draw_axis(canvas: Canvas, scale: Scale, y: float) -> None:
    """A horizontal axis with round values."""
    line(canvas, (scale.start, y), (scale.end, y), HAIRLINE, 1.0)
    ticks = scale.ticks()
    places = max((tick_places(t) for t in ticks), default=0)
    for tick in ticks:
        line(canvas, (scale.at(tick), y), (scale.at(tick), y + 4), NOTE, 1.0)
        write(canvas, (scale.at(tick), y + 18), show(tick, places), "center", NOTE)


def tick_places(value: float) -> int:
    """Places needed to print a round value."""
    return next((d for d in range(4) if abs(value - round(value, d)) < 1e-9), 4)


def draw_interval(canvas: Canvas, scale: Scale, estimate: Estimate, y: float) -> None:
    """The range and its estimate: filled for a direction, hollow for undetermined, bar ends for bounded.

    A thin line behind is the range after adjustment for several comparisons, which the verdict goes by.
    """
    if estimate.estimate is None:
        return
    ends, wider = range_of(estimate), adjusted_range(estimate)
    if wider is not None:
        draw_span(canvas, scale, wider, y, THIN)
    if ends is not None:
        draw_span(canvas, scale, ends, y, THICK)
    if estimate.verdict == "bounded" and ends is not None:
        draw_ends(canvas, scale, wider or ends, y)
    else:
        is_clear = estimate.verdict == "direction"
        dot(canvas, (scale.at(scale.clip(estimate.estimate)), y), BLUE, is_clear)


def range_of(estimate: Estimate) -> tuple[float, float] | None:
    """The range of one estimate; None if it has none."""
    low, high = estimate.ci_low, estimate.ci_high
    return None if low is None or high is None else (low, high)


def adjusted_range(estimate: Estimate) -> tuple[float, float] | None:
    """The range after adjustment for several comparisons, if it is wider than the plain one."""
    low, high = estimate.ci_adj_low, estimate.ci_adj_high
    plain = range_of(estimate)
    if low is None or high is None or plain is None:
        return None
    return (low, high) if high - low > (plain[1] - plain[0]) * 1.001 else None


def draw_span(
    canvas: Canvas, scale: Scale, ends: tuple[float, float], y: float, width: float
) -> None:
    """A range as a line; an arrow where it runs off the scale."""
    low, high = (scale.at(scale.clip(v)) for v in ends)
    line(canvas, (low, y), (high, y), BLUE, width)
    if ends[0] < scale.low:
        polygon(canvas, ((low - 2, y), (low + 6, y - 5), (low + 6, y + 5)), BLUE)
    if ends[1] > scale.high:
        polygon(canvas, ((high + 2, y), (high - 6, y - 5), (high - 6, y + 5)), BLUE)


def draw_ends(canvas: Canvas, scale: Scale, ends: tuple[float, float], y: float) -> None:
    """Upright bars at both ends of a range."""
    for value in ends:
        x = scale.at(scale.clip(value))
        line(canvas, (x, y - 6), (x, y + 6), BLUE, 2.4)


def axis_words(plot: Plot) -> str:
    """The unit of the axis, and what its zero is."""
    return word("axis_unit", unit=plot.unit)


def adjusted_words(plot: Plot) -> str:
    """What the thin lines are; empty if there are none."""
    has_thin = any(adjusted_range(r.estimate) for r in plot.rows)
    return word("key_adjusted_range") if has_thin else ""


def band_words(plot: Plot) -> str:
    """What the pale band says."""
    value = f"{plot.relevant:g}{plot.unit}" if plot.relevant else ""
    return word("band", value=value) if value else ""


def write_lines(canvas: Canvas, y: float, texts: Iterable[str]) -> None:
    """Lines of small grey text, one under the other, empty ones left out."""
    for step, text in enumerate(t for t in texts if t):
        write(canvas, (4, y + 20 * step), text, "left", NOTE, SMALL)
