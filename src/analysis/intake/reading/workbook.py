"""Sheets of .xlsx, .xls, .xlsb and .ods through calamine, every cell as faithful text."""

from __future__ import annotations

import datetime as dt
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd
from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    XmlError,
    ZipError,
)

from analysis.errors import DataError
from analysis.intake.cleaning.text import plain_number
from analysis.intake.reading.sheets import RawSheet

ENCRYPTED = "EncryptedPackage".encode(
    "utf-16-le"
)  # the stream in which Office keeps a locked workbook
OLD_FORM = b"\xd0\xcf\x11\xe0"
MAX_UNPACKED = 2 * 1024**3  # bytes; a workbook that unpacks to more is damaged or made to harm


def read_workbook(path: Path) -> list[RawSheet]:
    """Every worksheet, empty and hidden ones too.

    Raises DataError for a file that is damaged, protected by a password, or empty.
    """
    refuse_bomb(path)
    refuse_locked(path)
    try:
        # not from_path: that believes the extension
        with path.open("rb") as stream, CalamineWorkbook.from_filelike(stream) as book:
            kinds = [m for m in book.sheets_metadata if m.typ == SheetTypeEnum.WorkSheet]
            sheets = [_read_sheet(path, book, m) for m in kinds]
    except PasswordError as error:
        raise DataError("file_protected", file=path.name) from error
    except (CalamineError, ZipError, XmlError, OSError, ValueError) as error:
        raise DataError("file_damaged", file=path.name, detail=error) from error
    if all(s.cells.empty for s in sheets):
        names = ", ".join(s.sheet for s in sheets) or "-"
        raise DataError("file_empty", file=path.name, sheet=names)
    return sheets


def refuse_bomb(path: Path) -> None:
    """Raise DataError for an archive that would unpack to more than any delivery can hold, or that is cut short."""
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as archive:
        unpacked = sum(entry.file_size for entry in archive.infolist())
    if unpacked > MAX_UNPACKED:
        raise DataError("file_too_large", file=path.name, size=unpacked, limit=MAX_UNPACKED)


def refuse_locked(path: Path) -> None:
    """Raise DataError for a workbook with a password: reading by content would call it damaged."""
    raw = path.read_bytes()
    if raw.startswith(OLD_FORM) and (ENCRYPTED in raw or _says_locked(raw)):
        raise DataError("file_protected", file=path.name)


def _says_locked(raw: bytes) -> bool:
    """Whether calamine calls it locked; it does so only for a file with the right extension."""
    with tempfile.TemporaryDirectory() as folder:
        named = Path(folder) / "book.xls"
        named.write_bytes(raw)
        try:
            CalamineWorkbook.from_path(named).close()
        except PasswordError:
            return True
        except CalamineError:  # damaged otherwise: the reader tells how
            return False
        return False


def _read_sheet(path: Path, book: CalamineWorkbook, meta: Any) -> RawSheet:
    sheet = book.get_sheet_by_name(meta.name)
    rows = [[cell_text(cell) for cell in row] for row in sheet.to_python()]
    first_row = sheet.start[0] + 1 if sheet.start else 1
    return RawSheet(
        file=path.name,
        sheet=meta.name,
        cells=pd.DataFrame(rows, dtype=object),
        first_row=first_row,
        is_hidden=meta.visible != SheetVisibleEnum.Visible,
    )


def cell_text(cell: object) -> str:
    """One cell as text: a date as ISO, 3.0 as ``3``, long whole numbers digit by digit, a blank cell as ``""``."""
    if cell.__class__ is str:
        return "" if cell.isspace() else cell
    if cell.__class__ is float:
        return plain_number(cell) if cell - cell == 0 else ""
    if isinstance(cell, dt.datetime):
        is_midnight = cell.time() == dt.time()
        return cell.date().isoformat() if is_midnight else cell.isoformat(" ", "seconds")
    if isinstance(cell, bool):
        return str(cell).upper()
    return str(cell)
