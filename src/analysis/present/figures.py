"""Figures as they stand on the page: finding, measure, drawing, how to read it, source, and the table behind it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from analysis.errors import RunError, nearest
from analysis.present.canvas import Canvas, drawing_style
from analysis.present.curve import paint_curve
from analysis.present.distribution import distribution_rows, paint_distribution
from analysis.present.event_study import paint_event_study
from analysis.present.forest import paint_forest
from analysis.present.gap import paint_gap
from analysis.present.labels import strength, word
from analysis.present.markup import el, esc, join, txt
from analysis.present.numbers import show, show_arm, show_estimate, show_or_missing, show_range
from analysis.present.plot import Plot, PlotRow, adjusted_range, label_of
from analysis.present.points import paint_points
from analysis.present.rare import footnote
from analysis.present.ruler import paint_ruler
from analysis.present.series_rows import Rows, curve_rows, series_rows
from analysis.present.sources import compact
from analysis.present.svg import to_png, to_svg
from analysis.present.tables import number_mark, see, table_html
from analysis.present.trend import paint_trend, series_of
from analysis.present.weights import paint_weights, weights_rows
from analysis.release.claims import Table

PAINTERS: dict[str, Callable[[Plot], Canvas]] = {
    "forest": paint_forest,
    "gap": paint_gap,
    "trend": paint_trend,
    "ruler": paint_ruler,
    "event_study": paint_event_study,
    "points": paint_points,
    "curve": paint_curve,
    "distribution": paint_distribution,
    "weights": paint_weights,
}


def paint(plot: Plot) -> Canvas:
    """The drawing of one figure; RunError if its kind is unknown."""
    kind = plot.spec.kind
    if kind not in PAINTERS:
        raise RunError("figure_kind", kind=kind, nearest=nearest(kind, PAINTERS) or "-")
    return PAINTERS[kind](plot)


def svg(plot: Plot) -> str:
    """The figure as inline SVG."""
    spec = plot.spec
    with drawing_style():
        return to_svg(paint(plot), f"fig-{spec.id}", spec.alt_title, spec.alt_text)


def png(plot: Plot) -> bytes:
    """The figure as a picture for Word."""
    with drawing_style():
        return to_png(paint(plot))


def figure_html(plot: Plot) -> str:
    """The figure with everything that must go with it when it is cut out."""
    spec = plot.spec
    name = f"f-{spec.id}"
    title = el("span", number_mark("figure", name) + esc(spec.title), cls="cap")
    caption = el("figcaption", title + txt("span", spec.subtitle, cls="sub"))
    reading = el("p", txt("b", word("how_to_read")) + esc(spec.reading), cls="how")
    data = el("details", txt("summary", word("data")) + table_html(data_table(plot), "data"))
    notes = (txt("p", t, cls="note") for t in (footnote(plot.rare), source_line(plot)) if t)
    core = join(caption, svg(plot), reading, *notes)
    figure = el("figure", el("div", core.html, cls="core") + data, id=name)
    return see("figure", name) + figure


def source_line(plot: Plot) -> str:
    """Source, then definition."""
    pairs = (("source", plot.spec.source), ("definition", plot.spec.definition))
    found = (word(name) + word("colon") + compact(text) for name, text in pairs if text)
    return word("list_stop").join(found)


def data_table(plot: Plot) -> Table:
    """The numbers behind a figure as a table, one row per mark."""
    heads, rows = ROW_MAKERS[plot.spec.kind](plot)
    numeric = tuple(h not in text_heads() for h in heads)
    unit = word("unit_line", unit=plot.unit)
    title = word("data_of", title=plot.spec.title)
    return Table(f"data-{plot.spec.id}", title, heads, rows, numeric, unit, (), plot.spec.source)


@cache
def text_heads() -> frozenset[str]:
    """Heads of columns that hold words."""
    names = ("item", "group", "label", "period", "choice", "destination", "cohort")
    return frozenset(word(f"head_{n}") for n in names)


def heads_of(*names: str) -> tuple[str, ...]:
    """Column heads by their names."""
    return tuple(word(f"head_{n}") for n in names)


def name_of(row: PlotRow, plot: Plot) -> str:
    """A row's name; a figure of one unnamed row takes its own title."""
    return row.label or plot.spec.title


def forest_rows(plot: Plot) -> Rows:
    """Estimate with range, the range after adjustment, people, schools, label."""
    heads = heads_of("item", "estimate", "adjusted_range", "teachers", "schools", "label")
    return heads, tuple(
        (
            name_of(r, plot),
            show_estimate(r.estimate, r.decimals),
            show_adjusted(r),
            str(r.estimate.n_teachers),
            str(r.estimate.n_schools),
            strength(label_of(r.estimate)).word,
        )
        for r in plot.rows
    )


def show_adjusted(row: PlotRow) -> str:
    """The range after adjustment for several comparisons; the sign for none where it is not wider."""
    ends = adjusted_range(row.estimate)
    if ends is None:
        return word("cell_na" if row.estimate.estimate is not None else "cell_missing")
    low, high = (show(v, row.decimals) for v in ends)
    return word("span_range", low=low, high=high)


def gap_rows(plot: Plot) -> Rows:
    """Both levels, the raw and the aligned difference, people, label."""
    heads = ("", *plot.spec.arm_labels, *heads_of("raw", "adjusted", "teachers", "label"))
    return (word("head_item"), *heads[1:]), tuple(gap_row(r, plot) for r in plot.rows)


def gap_row(row: PlotRow, plot: Plot) -> tuple[str, ...]:
    """One difference."""
    e, sides = row.estimate, ("focus", "reference")[: len(plot.spec.arm_labels)]
    return (
        name_of(row, plot),
        *(show_arm(e.arms.get(s), e.unit) for s in sides),
        show_or_missing(e.raw_difference, row.decimals),
        show_estimate(e, row.decimals),
        str(e.n_teachers),
        strength(label_of(e)).word,
    )


def ruler_rows(plot: Plot) -> Rows:
    """Range, smallest visible change, relevant change, people."""
    heads = heads_of("item", "estimate", "mde", "relevant", "teachers")
    return heads, tuple(
        (
            name_of(r, plot),
            show_estimate(r.estimate, r.decimals),
            show_or_missing(r.estimate.mde, r.decimals),
            show_or_missing(r.estimate.relevant_effect, r.decimals),
            str(r.estimate.n_teachers),
        )
        for r in plot.rows
    )


def trend_rows(plot: Plot) -> Rows:
    """One row per year, one column per group."""
    series = series_of(plot)
    years = sorted({p.year for points in series.values() for p in points})
    values = {
        (n, p.year): show_range(p.value, p.low, p.high, p.decimals)
        for n, ps in series.items()
        for p in ps
    }
    rows = ((str(y), *(values.get((n, y), word("cell_missing")) for n in series)) for y in years)
    return (word("head_year"), *series), tuple(rows)


ROW_MAKERS: dict[str, Callable[[Plot], Rows]] = {
    "forest": forest_rows,
    "gap": gap_rows,
    "trend": trend_rows,
    "ruler": ruler_rows,
    "event_study": series_rows,
    "points": series_rows,
    "curve": curve_rows,
    "distribution": distribution_rows,
    "weights": weights_rows,
}
