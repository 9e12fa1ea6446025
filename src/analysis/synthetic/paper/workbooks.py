"""Workbooks (.xlsx): XlsxWriter makes everything but the rows, which are put in as one text.

Cell by cell, XlsxWriter needs about ten microseconds each: more than a second for one roster.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from analysis.synthetic.paper.cells import cell_texts, holds_any, join_cells, row_bytes
from analysis.synthetic.paper.layout import Page

# workbooks carry the day they were made; ours is the same in every run
MADE_DAY = (12, 31)
ENTRY_DAY = (1980, 1, 1, 0, 0, 0)  # of the parts inside, the earliest that the format knows
LEVEL = 1  # of compression: a third of the time for a tenth more bytes
DIMENSION = re.compile(rb'<dimension ref="[A-Z0-9:]+"/>')
OPENING = '" t="inlineStr"><is><t xml:space="preserve">'
ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def write_xlsx(path: Path, table: pd.DataFrame, pages: list[Page], year: int) -> Path:
    """A workbook whose ``pages`` hold the rows of ``table``; the same bytes for the same table and ``year``."""
    rows = rows_xml(table, np.concatenate([_row_numbers(page) for page in pages]))
    parts = {f"xl/worksheets/sheet{k}.xml": page for k, page in enumerate(pages, 1)}
    frame = zipfile.ZipFile(io.BytesIO(_frame(pages, year)))
    with zipfile.ZipFile(path, "w") as book:
        for name in frame.namelist():
            content = frame.read(name)
            if name in parts:
                page = parts[name]
                content = put_rows(content, page, row_bytes(rows, page.start, page.stop))
            entry = zipfile.ZipInfo(name, ENTRY_DAY)
            book.writestr(entry, content, zipfile.ZIP_DEFLATED, LEVEL)
    return path


def _row_numbers(page: Page) -> np.ndarray:
    """The numbers, from 1, of the rows of the table on their sheet."""
    return np.arange(page.n_rows) + len(page.head) + 1


def _frame(pages: list[Page], year: int) -> bytes:
    """The workbook without the rows of the table; they are left out between head and tail."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": dt.datetime(year, *MADE_DAY), "author": ""})
        middle = book.add_format({"align": "center", "valign": "vcenter"})
        for page in pages:
            _fill_frame(book.add_worksheet(page.name), page, middle)
    return out.getvalue()


def _fill_frame(sheet: Any, page: Page, middle: Any) -> None:
    """Head and tail of one sheet."""
    merged = {merge[:2]: merge for merge in page.merges}
    for at, cells in enumerate(page.head):
        sheet.write_row(at, 0, [None if (at, k) in merged else c for k, c in enumerate(cells)])
    for (at, k), merge in merged.items():
        sheet.merge_range(*merge, page.head[at][k], middle)
    for row, below in enumerate(page.tail, len(page.head) + page.n_rows):
        sheet.write_row(row, 0, below)


def put_rows(sheet: bytes, page: Page, rows: bytes) -> bytes:
    """The XML of a sheet with the rows of the table between head and tail."""
    first_below = len(page.head) + page.n_rows + 1
    corner = f"{xl_col_to_name(len(page.head[-1]) - 1)}{first_below + len(page.tail) - 1}"
    sheet = DIMENSION.sub(f'<dimension ref="A1:{corner}"/>'.encode(), sheet, count=1)
    at = sheet.index(f'<row r="{first_below}"'.encode() if page.tail else b"</sheetData>")
    return sheet[:at] + rows + sheet[at:]


def rows_xml(table: pd.DataFrame, numbers: np.ndarray) -> pa.Array:
    """The rows of a sheet as XML, a text per row; ``numbers`` are those of the rows. An empty cell is left out."""
    places = pa.array(numbers).cast(pa.large_string())
    cells = [_column_xml(table.iloc[:, at], at, places) for at in range(table.shape[1])]
    return join_cells(['<row r="', places, '">', *cells, "</row>"])


def _column_xml(column: pd.Series, at: int, places: pa.Array) -> pa.Array:
    texts, is_number = cell_texts(column)
    start = f'<c r="{xl_col_to_name(at)}'
    if is_number:
        cells = join_cells([start, places, '"><v>', texts, "</v></c>"])
    else:
        cells = join_cells([start, places, OPENING, escaped(texts), "</t></is></c>"])
    return pc.if_else(pc.equal(texts, ""), "", cells)


def escaped(texts: pa.Array) -> pa.Array:
    """Texts as they may stand in XML."""
    if holds_any(texts, "".join(ESCAPES)):
        for mark, written in ESCAPES.items():
            texts = pc.replace_substring(texts, mark, written)
    return texts
