"""Tables: open-sided, three lines, a caption that names itself, a key of symbols only where one is used."""

from __future__ import annotations

from functools import cache

from analysis.present.fonts import em_width
from analysis.present.labels import word
from analysis.present.markup import el, esc, hidden, join, txt
from analysis.present.sources import compact
from analysis.release.claims import Table

SYMBOLS = ("zero", "na", "missing", "hidden")
PHONE_EMS = 23.0  # the 343 px column of a phone at 15 px
WRAPPED_EMS = 5.5  # a column of words wraps down to this
MAX_KEPT_ROWS = 15  # a longer table may part between two pages, between rows; its head repeats


def table_html(table: Table, kind: str = "table") -> str:
    """A table in its scrolling frame with notes; ``kind`` is ``table``, or ``data`` for the table behind a figure.

    A ``table`` is numbered when the page is put together.
    """
    is_wide = width_of(table) > PHONE_EMS
    swipe = txt("p", word("swipe"), cls="swipe") if is_wide else ""
    frame = el(
        "div",
        el("table", caption(table, kind) + head(table) + body(table)),
        cls="scroll",
        role="region",
        aria_labelledby=f"cap-{table.id}",
        tabindex="0",
    )
    is_long = len(table.rows) > MAX_KEPT_ROWS
    look = f"tb {kind}" + (" wide" if is_wide else "") + (" long" if is_long else "")
    name = f"tb-{table.id}"
    shown = el("div", swipe + frame + notes(table), cls=look, id=name)
    return see("table", name) + shown if kind == "table" else shown


def caption(table: Table, kind: str) -> str:
    """What, who, where, when; the unit, if it is one for all, right above the head."""
    number = number_mark("table", f"tb-{table.id}") if kind == "table" else ""
    title = el("span", number + esc(table.title), cls="cap", id=f"cap-{table.id}")
    unit = txt("span", table.unit_line, cls="unit") if table.unit_line else ""
    return el("caption", title + unit)


def number_mark(kind: str, name: str) -> str:
    """The place of a number: filled in order when the page is put together, the same for the same name."""
    return txt("span", word(kind), cls="no", data_no=f"{kind} {name}")


def see(kind: str, name: str) -> str:
    """What the document view leaves in the text where a figure or table was: its number, as a link."""
    before, after = word("see").split("{number}")
    link = el("a", number_mark(kind, name), href=f"#{name}")
    return el("p", esc(before) + link + esc(after), cls="see")


def head(table: Table) -> str:
    """Column heads, aligned as their columns."""
    cells = (
        txt("th", h, scope="col", cls="num" if n else "")
        for h, n in zip(table.heads, table.numeric, strict=True)
    )
    return el("thead", el("tr", "".join(cells)))


def body(table: Table) -> str:
    """The rows; the first cell of each is its head, with a bar under it where the table has bars."""
    bars = table.bars or (None,) * len(table.rows)
    rows = enumerate(zip(table.rows, bars, strict=True))
    return el("tbody", "\n".join(body_row(table, i, row, bar) for i, (row, bar) in rows))


def body_row(table: Table, place: int, row: tuple[str, ...], bar: float | None) -> str:
    """One row; a total gets a thin rule above it, one that heads others stands out."""
    numeric = table.numeric
    drawn = bar_html(bar) if bar is not None else ""
    first = el("th", esc(row[0]) + drawn, scope="row", cls="num" if numeric[0] else "")
    rest = (
        el("td", cell(c), cls="num" if n else "") for c, n in zip(row[1:], numeric[1:], strict=True)
    )
    look = "total" if row[0] == word("total") else "group" if place in table.heads_at else ""
    return el("tr", first + "".join(rest), cls=look)


def bar_html(share: float) -> str:
    """A bar of so many per cent of the cell; the number beside it says the same."""
    return el("span", cls="bar-of", style=f"width:{share:.2f}%", aria_hidden="true")


def cell(text: str) -> str:
    """A cell; a symbol is followed by its words for screen readers."""
    meaning = symbols().get(text, "")
    if meaning and not text.isdigit():
        return txt("span", text, aria_hidden="true") + hidden(meaning)
    return esc(text)


@cache
def symbols() -> dict[str, str]:
    """The signs that may stand in a cell instead of a number, with their meaning."""
    return {word(f"cell_{name}"): word(f"symbol_{name}") for name in SYMBOLS}


def notes(table: Table) -> str:
    """Under the table: notes, the key of the symbols used, the source."""
    source = word("source") + word("colon") + compact(table.source) if table.source else ""
    lines = (*table.notes, symbol_key(table), source)
    return join(*(txt("p", text, cls="note") for text in lines if text)).html


def symbol_key(table: Table) -> str:
    """The key of the symbols that this table uses; empty if it uses none."""
    used = [s for s in symbols() if any(s == c for row in table.rows for c in row)]
    pairs = (f"{s} {symbols()[s]}" for s in used)
    return word("symbols") + word("colon") + word("list_stop").join(pairs) if used else ""


def width_of(table: Table) -> float:
    """Least width in em: numbers do not wrap, words and heads do; a gap between columns."""
    numbers = (
        max([em_width(r[i]) for r in table.rows] + [min(em_width(h), 3.0)])
        if is_number
        else WRAPPED_EMS
        for i, (h, is_number) in enumerate(zip(table.heads, table.numeric, strict=True))
    )
    return sum(w + 1.0 for w in numbers)
