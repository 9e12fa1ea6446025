"""Old binary workbooks (.xls), which some offices still send; written cell by cell through xlwt."""

from __future__ import annotations

import io
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import pandas as pd
import xlwt

from analysis.synthetic.paper.cells import cell_texts
from analysis.synthetic.paper.layout import Cell, Page

MOST_ROWS = 65536  # of a sheet


def write_xls(path: Path, table: pd.DataFrame, pages: list[Page]) -> Path:
    """A workbook of Excel 97 to 2003 whose ``pages`` hold the rows of ``table``: for lists, not for rosters.

    Raises ValueError if a sheet would have more rows than the format holds.
    """
    book = xlwt.Workbook(encoding="utf-8")
    middle = xlwt.easyxf("align: horiz center, vert center")
    columns = [_cells(table.iloc[:, at]) for at in range(table.shape[1])]
    for page in pages:
        if len(page.head) + page.n_rows + len(page.tail) > MOST_ROWS:
            raise ValueError(f"{path.name}: {page.n_rows} rows, a sheet of .xls holds {MOST_ROWS}")
        rows = zip(*(column[page.start : page.stop] for column in columns), strict=True)
        _fill(book.add_sheet(page.name), page, rows, middle)
    out = io.BytesIO()
    book.save(out)
    path.write_bytes(out.getvalue())
    return path


def _fill(sheet: Any, page: Page, body: Any, middle: Any) -> None:
    """One sheet: merged cells first, then every other filled cell."""
    merged = {merge[:2]: merge for merge in page.merges}
    for (at, k), (top, left, bottom, right) in merged.items():
        sheet.write_merge(top, bottom, left, right, page.head[at][k], middle)
    rows: chain[Sequence[Cell]] = chain(page.head, body, page.tail)
    for at, cells in enumerate(rows):
        for k, cell in enumerate(cells):
            if cell not in ("", None) and (at, k) not in merged:
                sheet.write(at, k, cell)


def _cells(column: pd.Series) -> list[Cell]:
    """The cells of a column as Python values: numbers as numbers, everything else as text."""
    texts, is_number = cell_texts(column)
    cells = texts.to_pylist()
    return [float(cell) if cell else "" for cell in cells] if is_number else cells
