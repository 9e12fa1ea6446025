"""The cells of a Word table by row and column, merged ones in each place they cover, and which of them label another.

python-docx leaves out rows and cells in content controls, and stops at tables that Word itself opens.
"""

from __future__ import annotations

from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

MAX_COLUMNS = 63  # of a table in Word
Row = dict[int, BaseOxmlElement]


def labels_in(
    body: BaseOxmlElement, asked: set[BaseOxmlElement]
) -> dict[BaseOxmlElement, list[BaseOxmlElement]]:
    """For each cell asked for, of any table: the cells left of it and above it, which say what it is about."""
    found: dict[BaseOxmlElement, list[BaseOxmlElement]] = {}
    for table in body.iter(qn("w:tbl")):
        rows = grid_of(table)
        for n, row in enumerate(rows):
            for column, cell in row.items():
                if cell not in asked:
                    continue
                left = [row[c] for c in row if c < column]
                above = [upper[column] for upper in rows[:n] if column in upper]
                others = [c for c in (*left, *above) if c is not cell]
                found.setdefault(cell, []).extend(others)
    return found


def grid_of(table: BaseOxmlElement) -> list[Row]:
    """The rows of a table, each with its cells by column; a cell that goes on from above is the one above."""
    rows: list[Row] = []
    for line in own(table, "w:tr", "w:tbl"):
        row: Row = {}
        column = number_in(line, "w:gridBefore", 0)
        for cell in own(line, "w:tc", "w:tr"):
            upper = rows[-1].get(column) if rows else None
            width = number_in(cell, "w:gridSpan", 1)
            which = upper if upper is not None and goes_on(cell) else cell
            row |= dict.fromkeys(range(column, column + width), which)
            column += width
        rows.append(row)
    return rows


def own(element: BaseOxmlElement, tag: str, owner: str) -> list[BaseOxmlElement]:
    """The parts of a table or row that are its own, not those of a table inside it."""
    found = element.iter(qn(tag))
    return [p for p in found if next(p.iterancestors(qn(owner)), None) is element]


def number_in(element: BaseOxmlElement, tag: str, default: int) -> int:
    """A number among the properties of a row or cell, as far as Word allows; the default if there is none."""
    found = element.find(f"./*/{qn(tag)}")
    text = "" if found is None else found.get(qn("w:val"), "")
    return min(int(text), MAX_COLUMNS) if text.isascii() and text.isdigit() else default


def goes_on(cell: BaseOxmlElement) -> bool:
    """Whether a cell is the lower part of a merged one."""
    merge = cell.find(f"./{qn('w:tcPr')}/{qn('w:vMerge')}")
    return merge is not None and merge.get(qn("w:val"), "continue") == "continue"
