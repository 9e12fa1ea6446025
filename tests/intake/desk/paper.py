"""Fills a written workbook as an office would: rows put under its header, everything else left as it is."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from xlsxwriter.utility import xl_rowcol_to_cell

LAST_ROW = re.compile(r'<row r="(\d+)"')


def fill_sheet(source: Path, target: Path, rows: Sequence[Sequence[str]], sheet: int = 1) -> Path:
    """A copy of a workbook with ``rows`` under the last row of one sheet, as text cells."""
    part = f"xl/worksheets/sheet{sheet}.xml"
    with zipfile.ZipFile(source) as book, zipfile.ZipFile(target, "w") as copy:
        for name in book.namelist():
            content = book.read(name)
            if name == part:
                content = _with_rows(content.decode("utf-8"), rows).encode("utf-8")
            copy.writestr(name, content)
    return target


def _with_rows(xml: str, rows: Sequence[Sequence[str]]) -> str:
    first = max(int(n) for n in LAST_ROW.findall(xml))
    lines = [_row(at, cells) for at, cells in enumerate(rows, first)]
    xml = re.sub(r'<dimension ref="[^"]*"/>', "", xml)
    return xml.replace("</sheetData>", "".join(lines) + "</sheetData>")


def _row(at: int, cells: Sequence[str]) -> str:
    filled = "".join(
        f'<c r="{xl_rowcol_to_cell(at, k)}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'
        for k, text in enumerate(cells)
        if text
    )
    return f'<row r="{at + 1}">{filled}</row>'


def read_part(path: Path, name: str) -> str:
    """One part of a workbook as text."""
    with zipfile.ZipFile(path) as book:
        return book.read(name).decode("utf-8")
