"""Need against supply as shaded tables, one block per area: a number in every cell, the largest outlined."""

from __future__ import annotations

from analysis.present.labels import word
from analysis.present.markup import el, esc, hidden, join, txt
from analysis.present.sources import compact
from analysis.present.tables import number_mark, see, symbols
from analysis.release.claims import HeatCell, HeatMap

Row = tuple[str, tuple[HeatCell, ...]]


def heat_html(heat: HeatMap) -> str:
    """All blocks with the notes they share; each block is a table of its own that a phone shows whole."""
    blocks = (block_html(heat, n, area, rows) for n, (area, rows) in enumerate(heat.blocks, 1))
    lines = (heat.summary, *heat.notes, symbol_line(heat))
    notes = (txt("p", line, cls="note") for line in lines if line)
    return join(*blocks, *notes).html


def block_html(heat: HeatMap, number: int, area: str, rows: tuple[Row, ...]) -> str:
    """One area: topics down, stages of career across."""
    name = f"tb-{heat.id}-{number}"
    title = el(
        "span",
        number_mark("table", name) + esc(word("heat_title", title=heat.title, area=area)),
        cls="cap",
        id=f"cap-{heat.id}-{number}",
    )
    caption = el("caption", title + txt("span", heat.unit_line, cls="unit"))
    first, *others = heat.heads
    heads = txt("th", first, scope="col") + "".join(txt("th", h, scope="col") for h in others)
    body = "\n".join(row_html(row) for row in rows)
    table = el("table", caption + el("thead", el("tr", heads)) + el("tbody", body), cls="heat")
    frame = el(
        "div",
        table,
        cls="scroll",
        role="region",
        aria_labelledby=f"cap-{heat.id}-{number}",
        tabindex="0",
    )
    source = txt("p", word("source") + word("colon") + compact(heat.source), cls="note")
    return see("table", name) + el("div", frame + source, cls="tb table", id=name)


def row_html(row: Row) -> str:
    """One topic with its cells."""
    topic, cells = row
    return el("tr", txt("th", topic, scope="row") + "".join(cell_html(c) for c in cells))


def cell_html(cell: HeatCell) -> str:
    """One cell: shaded by its number; hatched with the sign and its words if hidden; outlined with place and ranks."""
    look = f"s{cell.shade}" if cell.shade else "none"
    if not cell.shade:
        meaning = hidden(symbols().get(cell.text, ""))
        return el("td", txt("span", cell.text, aria_hidden="true") + meaning, cls=look)
    if not cell.place:
        return txt("td", cell.text, cls=look)
    place = txt("span", word("heat_place", n=cell.place), cls="place")
    return el(
        "td", esc(cell.text) + place + txt("span", cell.ranks, cls="ranks"), cls=f"{look} top"
    )


def symbol_line(heat: HeatMap) -> str:
    """The key of the signs that stand in the cells; empty if none does."""
    cells = [c for _, rows in heat.blocks for _, row in rows for c in row]
    used = [s for s in symbols() if any(c.text == s and not c.shade for c in cells)]
    pairs = (f"{s} {symbols()[s]}" for s in used)
    return word("symbols") + word("colon") + word("list_stop").join(pairs) if used else ""
