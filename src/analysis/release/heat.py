"""Need against supply as a shaded table: topics by stage of career, one block per area, top five marked."""

from __future__ import annotations

from analysis.inference.describe.cells import JOIN
from analysis.inference.record import Estimate, Point
from analysis.release.claims import HeatCell, HeatMap, Table
from analysis.release.described import cell_name, largest, topic_name
from analysis.release.numbers import round_text
from analysis.release.trails import definition_text, files_text, fill, indicators_of
from analysis.release.wording import phrase
from analysis.study.objects import Indicator, Study

EDGES = (10.0, 20.0, 30.0, 40.0)  # per cent at which the shade deepens
Block = tuple[str, tuple[tuple[str, tuple[HeatCell, ...]], ...]]


def find_cells(study: Study, estimates: dict[str, Estimate]) -> tuple[Indicator, Estimate] | None:
    """The indicator by cells that has a value, with its record; None if there is none."""
    for estimate in estimates.values():
        if estimate.design == "cells" and estimate.series.get("pooled"):
            return indicators_of(study, estimate)[0], estimate
    return None


def demand_map(study: Study, estimates: dict[str, Estimate], region: str) -> HeatMap | None:
    """The map of needs without hours; None if the data have none or every cell is hidden."""
    found = find_cells(study, estimates)
    if found is None or not largest(found[1]):
        return None
    indicator, estimate = found
    points = {p.label: p for p in estimate.series["pooled"]}
    places = {t.label: (n, t.rank) for n, t in enumerate(largest(estimate), 1)}
    area, career = (study.variables[c] for c in indicator.across)
    careers = [c for c in career.codes if any(k.endswith(JOIN + c) for k in points)]
    topics = list(dict.fromkeys(k.split(JOIN)[0] for k in points))
    blocks = tuple(
        (area.code_label(a), block_rows(study, a, topics, careers, points, places))
        for a in area.codes
        if any(k.split(JOIN)[1] == a for k in points)
    )
    words = {"region": region, "measure": indicator.measure_text}
    return HeatMap(
        id="demand",
        title=fill(phrase("heat", "title", **words), year=estimate.year),
        heads=(phrase("heat", "topic"), *(career.code_label(c) for c in careers)),
        blocks=blocks,
        unit_line=phrase("heat", "unit"),
        summary=summary_text(study, indicator, estimate),
        notes=heat_notes(study, estimate),
        source=files_text(estimate.files),
    )


def block_rows(
    study: Study, area: str, topics: list[str], careers: list[str],
    points: dict[str, Point], places: dict[str, tuple[int, Point]],
) -> tuple[tuple[str, tuple[HeatCell, ...]], ...]:  # fmt: skip
    """The rows of one area: a topic and its cells by stage of career."""
    rows = []
    for topic in topics:
        labels = [JOIN.join((topic, area, career)) for career in careers]
        cells = tuple(heat_cell(points.get(k), places.get(k)) for k in labels)
        rows.append((topic_name(study, topic), cells))
    return tuple(rows)


def heat_cell(point: Point | None, place: tuple[int, Point] | None) -> HeatCell:
    """One cell: a whole number of per cent, or the sign for hidden or for no data."""
    if point is None:
        return HeatCell(phrase("tables", "not_in_data"), 0)
    if point.estimate is None:
        return HeatCell(phrase("tables", "hidden"), 0)
    value = round_text(point.estimate, 0)
    shade = 1 + sum(
        float(value) >= edge for edge in EDGES
    )  # by the number printed: equal ones look equal
    if place is None:
        return HeatCell(value, shade)
    number, rank = place
    ends = {"low": round_text(rank.ci_low or 0.0, 0), "high": round_text(rank.ci_high or 0.0, 0)}
    return HeatCell(value, shade, number, fill(phrase("heat", "ranks"), **ends))


def summary_text(study: Study, indicator: Indicator, estimate: Estimate) -> str:
    """What a reader who does not see the shades is told: base, extremes, what is hidden."""
    shown = [p for p in estimate.series["pooled"] if p.estimate is not None]
    values = sorted(p.estimate or 0.0 for p in shown)
    hidden = len(estimate.series["pooled"]) - len(shown)
    text = phrase(
        "heat", "summary", top=cell_name(study, largest(estimate)[0].label, indicator.across)
    )
    text += phrase("heat", "few") if hidden else ""
    return fill(
        text, n=estimate.n_teachers, low=round_text(values[0], 0), high=round_text(values[-1], 0),
        cells=len(shown), hidden=hidden,
    )  # fmt: skip


def heat_notes(study: Study, estimate: Estimate) -> tuple[str, ...]:
    """Definition, people in a cell, how the shades and ranks are to be read."""
    sizes = [p.n or 0 for p in estimate.series["pooled"] if p.estimate is not None]
    base = fill(phrase("heat", "base"), low=min(sizes), high=max(sizes), n=estimate.n_teachers)
    definition = phrase("heat", "definition", definition=definition_text(study, estimate))
    shades = fill(
        phrase("heat", "shades"), **{f"e{i}": round_text(e, 0) for i, e in enumerate(EDGES)}
    )
    return (definition, base, shades, phrase("heat", "top"))


def demand_table(heat: HeatMap) -> Table:
    """The same map as a plain table, for places that know no shades: the number, its place and ranks in one cell."""
    rows = tuple(
        (area, topic, *(plain_cell(c) for c in cells))
        for area, block in heat.blocks
        for topic, cells in block
    )
    heads = (phrase("heat", "area"), *heat.heads)
    numeric = (False, False, *(True for _ in heat.heads[1:]))
    return Table(
        heat.id, heat.title, heads, rows, numeric, heat.unit_line, heat.notes[:2], heat.source
    )


def plain_cell(cell: HeatCell) -> str:
    """A cell as text."""
    if not cell.place:
        return cell.text
    place = fill(phrase("heat", "place"), n=cell.place)
    return cell.text + place + phrase("heat", "plain_ranks", ranks=cell.ranks)
