"""The pieces of the Word file: sentences with marks, captions as fields, real tables, pictures with alt text."""

from __future__ import annotations

import io
from typing import Any

from docx.document import Document as WordDocument
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.shared import Mm, Pt

from analysis.present.docx_page import add_field, add_in_order, element, run
from analysis.present.fonts import em_width
from analysis.present.labels import word
from analysis.present.sources import compact
from analysis.present.svg import WORD_WIDTH_MM
from analysis.present.tables import MAX_KEPT_ROWS, symbol_key
from analysis.present.trail import TrailBook, pieces, trail_anchor
from analysis.release.claims import Claim, Table, Trail

TEXT_WIDTH_MM = 156.0
POINTS = (12.0, 10.5, 9.0)
GAP_EMS = 1.6
LEAST_EMS = 6.0  # of a column of words
HEAVY, THIN = "12", "6"  # eighths of a point


def add_claim(paragraph: Any, book: TrailBook, claim: Claim) -> None:
    """A sentence; after the clause of the last number of each record its mark, a link to the record."""
    for piece in pieces(book, claim):
        if piece.trail is not None and not piece.slot:
            add_mark(paragraph, piece.trail)
        else:
            run(paragraph, piece.text)


def add_mark(paragraph: Any, trail: Trail) -> None:
    """The mark of one record, raised, leading to it."""
    link = element("hyperlink", anchor=bookmark_name(trail), history="1")
    mark = run(paragraph, word("trail_mark", number=trail.number))
    mark.font.superscript = True
    paragraph._p.remove(mark._r)
    link.append(mark._r)
    paragraph._p.append(link)


def bookmark_name(trail: Trail) -> str:
    """The name of a record's place; Word allows no hyphen."""
    return trail_anchor(trail).replace("-", "_")


def add_bookmark(paragraph: Any, trail: Trail) -> None:
    """The place of a record."""
    start = element("bookmarkStart", id=str(trail.number), name=bookmark_name(trail))
    paragraph._p.append(start)
    paragraph._p.append(element("bookmarkEnd", id=str(trail.number)))


def add_caption(document: WordDocument, kind: str, number: int, title: str) -> None:
    """A caption whose number is a field; it stays with what follows."""
    paragraph = document.add_paragraph(style="Caption")
    run(paragraph, word(kind))
    add_field(paragraph, f"SEQ {word(kind)} \\* ARABIC", str(number))
    run(paragraph, "\N{IDEOGRAPHIC SPACE}" + title)


def add_picture(document: WordDocument, picture: bytes, title: str, description: str) -> None:
    """A picture in the line of text, with its alt text."""
    paragraph = document.add_paragraph(style="Picture")
    paragraph.paragraph_format.keep_with_next = True
    shape = run(paragraph, "").add_picture(io.BytesIO(picture), width=Mm(WORD_WIDTH_MM))
    named = shape._inline.docPr
    named.set("title", title)
    named.set("descr", description)
    named.set("name", title)


def add_table(document: WordDocument, table: Table) -> None:
    """A real table with three lines; its head repeats, its rows do not split; notes below."""
    if table.unit_line:
        line = document.add_paragraph(table.unit_line, style="Note")
        line.paragraph_format.keep_with_next = True
    made = document.add_table(rows=1 + len(table.rows), cols=len(table.heads))
    made.alignment, made.autofit = WD_TABLE_ALIGNMENT.LEFT, False
    for row, cells in zip(made.rows, (table.heads, *table.rows), strict=True):
        fill_row(row, cells, table.numeric)
    set_widths(made, table)
    keep_together(made)
    repeat_head(made.rows[0])
    set_lines(made)
    source = word("source") + word("colon") + compact(table.source) if table.source else ""
    for text in (*table.notes, symbol_key(table), source):
        if text:
            document.add_paragraph(text, style="Note")
    document.add_paragraph(style="Note")


def keep_together(made: Any) -> None:
    """A short table stays on one page."""
    if len(made.rows) > MAX_KEPT_ROWS:
        return
    for row in list(made.rows)[:-1]:
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True


def set_widths(made: Any, table: Table) -> None:
    """Columns of numbers as wide as their numbers, columns of words share the rest of the text width."""
    points = table_points(table)
    for index, ems in enumerate(shares(table, TEXT_WIDTH_MM / millimetres(points))):
        width = Mm(ems * millimetres(points))
        made.columns[index].width = width
        for cell in made.columns[index].cells:
            cell.width = width
            for one in cell.paragraphs[0].runs:
                one.font.size = Pt(points)


def millimetres(points: float) -> float:
    """The width of one em."""
    return points * 25.4 / 72


def table_points(table: Table) -> float:
    """The largest of three sizes at which every column still gets four em."""
    return next(
        (p for p in POINTS if min(shares(table, TEXT_WIDTH_MM / millimetres(p))) >= 4), POINTS[-1]
    )


def shares(table: Table, ems: float) -> list[float]:
    """Widths of all columns in em, together ``ems``.

    What is too much is taken from the columns of words first, then from those of numbers, from the widest most and from
    none that asks for less than ``LEAST_EMS``; what is left goes to the columns of words.
    """
    found = [asked_width(table, i) for i in range(len(table.heads))]
    for is_number in (False, True):
        mine = [n == is_number for n in table.numeric]
        over = [max(w - LEAST_EMS, 0.0) * m for w, m in zip(found, mine, strict=True)]
        taken = min(max(sum(found) - ems, 0.0), sum(over))
        found = [w - taken * o / (sum(over) or 1.0) for w, o in zip(found, over, strict=True)]
    spare = ems - sum(found)
    words = [0.0 if n else w for w, n in zip(found, table.numeric, strict=True)]
    if spare < 0 or not sum(words):
        return [w * ems / sum(found) for w in found]
    return [w + spare * v / sum(words) for w, v in zip(found, words, strict=True)]


def asked_width(table: Table, index: int) -> float:
    """Width of one column in em: numbers in full, words up to sixteen, a gap between columns."""
    cells = max(em_width(row[index]) for row in table.rows) if table.rows else 0.0
    widest = max(cells, min(em_width(table.heads[index]), 4.0))
    return (widest * 1.05 if table.numeric[index] else min(widest, 16.0)) + GAP_EMS


def fill_row(row: Any, cells: tuple[str, ...], numeric: tuple[bool, ...]) -> None:
    """One row: words at the left, numbers at the right; the row does not part at a page end."""
    row._tr.get_or_add_trPr().append(element("cantSplit"))
    for cell, text, is_number in zip(row.cells, cells, numeric, strict=True):
        paragraph = cell.paragraphs[0]
        paragraph.style = "Table Text"
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if is_number else WD_ALIGN_PARAGRAPH.LEFT
        run(paragraph, text)


def repeat_head(row: Any) -> None:
    """The head row comes again on every page."""
    row._tr.get_or_add_trPr().append(element("tblHeader"))


def set_lines(table: Any) -> None:
    """A heavy line above and below, a thin one under the head, nothing at the sides."""
    borders = element("tblBorders")
    for side in ("top", "bottom"):
        borders.append(element(side, val="single", sz=HEAVY, space="0", color="000000"))
    add_in_order(table._tbl.tblPr, borders, "w:tblLayout")
    for cell in table.rows[0].cells:
        below = element("tcBorders")
        below.append(element("bottom", val="single", sz=THIN, space="0", color="000000"))
        cell._tc.get_or_add_tcPr().append(below)


def add_page_break(document: WordDocument) -> None:
    """What follows starts on a new page."""
    paragraph = document.add_paragraph(style="Note")
    run(paragraph, "").add_break(WD_BREAK.PAGE)
