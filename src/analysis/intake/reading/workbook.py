"""Sheets of .xlsx, .xls, .xlsb and .ods through calamine, every cell as faithful text."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    XmlError,
    ZipError,
)

from analysis.errors import DataError
from analysis.intake.cleaning.text import plain_number
from analysis.intake.reading.archive import Lost, lost_cells
from analysis.intake.reading.sheets import RawSheet

ENCRYPTED = "EncryptedPackage".encode(
    "utf-16-le"
)  # the stream in which Office keeps a locked workbook
OLD_FORM = b"\xd0\xcf\x11\xe0"
PROTECTED = "file_protected"
FAULTS = (CalamineError, ZipError, XmlError, OSError, ValueError, OverflowError)
PANIC = "PanicException"  # how a fault inside the reader of workbooks arrives; its class cannot be imported


def read_workbook(path: Path) -> list[RawSheet]:
    """Every worksheet, empty and hidden ones too.

    Raises DataError for a file that is damaged, protected by a password, too large, or empty.
    """
    refuse_locked(path)
    lost = lost_cells(path)
    # not from_path: that believes the extension
    with (
        faults_told(path.name),
        path.open("rb") as stream,
        CalamineWorkbook.from_filelike(stream) as book,
    ):
        kinds = [m for m in book.sheets_metadata if m.typ == SheetTypeEnum.WorkSheet]
        sheets = [_read_sheet(path, book, m, lost.get(m.name, {})) for m in kinds]
    if all(s.cells.empty for s in sheets):
        names = ", ".join(s.sheet for s in sheets) or "-"
        raise DataError("file_empty", file=path.name, sheet=names)
    return sheets


@contextmanager
def faults_told(name: str) -> Iterator[None]:
    """Every fault that the reader of workbooks finds as a DataError about the file of this name."""
    try:
        yield
    except PasswordError as error:
        raise DataError(PROTECTED, file=name) from error
    except FAULTS as error:
        raise DataError("file_damaged", file=name, detail=error) from error
    except BaseException as error:
        if type(error).__name__ != PANIC:
            raise
        raise DataError("file_damaged", file=name, detail=error) from error


def refuse_locked(path: Path) -> None:
    """Raise DataError for a workbook with a password: reading by content would call it damaged."""
    raw = path.read_bytes()
    if raw.startswith(OLD_FORM) and (ENCRYPTED in raw or _says_locked(raw)):
        raise DataError(PROTECTED, file=path.name)


def _says_locked(raw: bytes) -> bool:
    """Whether calamine calls it locked; it does so only for a file with the right extension."""
    with tempfile.TemporaryDirectory() as folder:
        named = Path(folder) / "book.xls"
        named.write_bytes(raw)
        try:
            with faults_told(named.name):
                CalamineWorkbook.from_path(named).close()
        except DataError as error:  # damaged otherwise: the reader tells how
            return error.name == PROTECTED
        return False


def _read_sheet(path: Path, book: CalamineWorkbook, meta: Any, lost: Lost) -> RawSheet:
    sheet = book.get_sheet_by_name(meta.name)
    blank = [""] * sheet.width
    # a million blank rows above a stray remark are one list
    rows = [blank if r == blank else [*map(cell_text, r)] for r in sheet.to_python()]
    start = sheet.start or (0, 0)
    rows, first_row = with_lost(rows, start, lost)
    left = min([start[1], *(at for _, at in lost)])
    return RawSheet(
        file=path.name,
        sheet=meta.name,
        cells=pd.DataFrame(rows, dtype=object),
        first_row=first_row + 1,
        is_hidden=meta.visible != SheetVisibleEnum.Visible,
        merged=tuple(merged_down(sheet, first_row, left)),
    )


def merged_down(sheet: CalamineSheet, top: int, left: int) -> Iterator[tuple[int, int, int]]:
    """Column, first and last row of each block merged downwards in one column, counted from the first cell read."""
    for (first, at), (last, last_at) in sheet.merged_cell_ranges or ():
        if at == last_at and last > first and first >= top and at >= left:
            yield at - left, first - top, last - top


def with_lost(
    rows: list[list[str]], start: tuple[int, int], lost: Lost
) -> tuple[list[list[str]], int]:
    """The cells with the lost ones where they stood, and the row (from 0) of the first."""
    if not lost:
        return rows, start[0]
    top = min(start[0], *(row for row, _ in lost)) if rows else min(row for row, _ in lost)
    left = min(start[1], *(at for _, at in lost)) if rows else min(at for _, at in lost)
    height = max(start[0] + len(rows), *(row + 1 for row, _ in lost)) - top
    width = max(start[1] + max(map(len, rows), default=0), *(at + 1 for _, at in lost)) - left
    out = [[""] * width for _ in range(height)]
    for (row, at), text in lost.items():
        out[row - top][at - left] = text
    for k, cells in enumerate(rows, start=start[0] - top):
        for at, text in enumerate(cells, start=start[1] - left):
            out[k][at] = text or out[k][at]
    return out, top


def cell_text(cell: object) -> str:
    """One cell as text: a date as ISO, 3.0 as ``3``, long whole numbers digit by digit, a blank cell as ``""``."""
    if cell.__class__ is str:
        return "" if cell.isspace() else cell
    if cell.__class__ is float:
        return plain_number(cell) if cell - cell == 0 else str(cell)
    if isinstance(cell, dt.datetime):
        is_midnight = cell.time() == dt.time()
        return cell.date().isoformat() if is_midnight else cell.isoformat(" ", "seconds")
    if isinstance(cell, bool):
        return str(cell).upper()
    return str(cell)
