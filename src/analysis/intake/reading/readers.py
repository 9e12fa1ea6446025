"""Opens any delivered file by what its first bytes say it is; the extension is never trusted."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from analysis.errors import DataError, nearest
from analysis.intake.ledger import join_lines, write_lines
from analysis.intake.reading.columnar import read_columnar
from analysis.intake.reading.delimited import read_delimited
from analysis.intake.reading.garbled import column_letters, mend_garbled
from analysis.intake.reading.labelled import read_labelled
from analysis.intake.reading.questionnaire import join_ticks
from analysis.intake.reading.sheets import RawSheet
from analysis.intake.reading.workbook import read_workbook

Reader = Callable[[Path], list[RawSheet]]
SIGNATURES: tuple[tuple[bytes, Reader], ...] = (
    (b"PK\x03\x04", read_workbook),
    (b"PK\x05\x06", read_workbook),  # an archive of nothing
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", read_workbook),
    (b"\x09\x08", read_workbook),  # .xls of 1995 and before
    (b"PAR1", read_columnar),
    (b"$FL2", read_labelled),
    (b"$FL3", read_labelled),
)
LONGEST_CELL = 32_767  # characters, the limit of a spreadsheet
FOREIGN = {  # lower case: what is sent by mistake, or by systems that call a web page .xls
    b"%pdf": "PDF",
    b"<!doctype html": "HTML",
    b"<html": "HTML",
    b"<table": "HTML",
    b"<meta": "HTML",
    b"{\\rtf": "RTF",
    b"\xff\xd8\xff": "JPEG",
    b"\x89png": "PNG",
    b"rar!": "RAR",
    b"7z\xbc\xaf": "7Z",
    b"<?xml": "XML",
}


def read_sheets(path: Path) -> list[RawSheet]:
    """Every sheet of one file, double-encoded text put right, ticks of a multiple choice in one column; both told.

    Raises DataError as ``open_sheets`` does.
    """
    return [tell_long(join_ticks(mend_garbled(sheet))) for sheet in open_sheets(path)]


def open_sheets(path: Path) -> list[RawSheet]:
    """Every sheet of one file as it stands there, text in and text out.

    Raises DataError naming file (and sheet) if it is missing, empty, damaged, protected, or no table at all.
    """
    found = find_file(path)
    head = _head(found)
    if not head.strip():
        raise DataError("file_empty", file=path.name, sheet="-")
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for mark, kind in FOREIGN.items():
        if start.startswith(mark):
            raise DataError("file_foreign", file=path.name, kind=kind)
    reader = next((r for mark, r in SIGNATURES if head.startswith(mark)), read_delimited)
    return reader(found)


def tell_long(raw: RawSheet) -> RawSheet:
    """The sheet with a note for each column that holds a text longer than a cell of a spreadsheet can be."""
    lines = [raw.lines]
    for at in raw.cells:
        texts = raw.cells[at].to_numpy()
        if max(map(len, texts), default=0) > LONGEST_CELL:
            is_long = [len(text) > LONGEST_CELL for text in texts]
            place = {
                "file": raw.file,
                "sheet": raw.sheet,
                "row": raw.first_row + is_long.index(True),
            }
            column = column_letters(raw.cells.columns.get_loc(at))
            lines.append(write_lines("long_text", **place, column=column, n=sum(is_long)))
    return replace(raw, lines=join_lines(lines)) if len(lines) > 1 else raw


def _head(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(64)


def find_file(path: Path) -> Path:
    """The file under exactly this name, or under the same name composed otherwise (macOS splits accents).

    Raises DataError for a folder, or with the nearest name in the folder.
    """
    if path.is_file():
        return path
    if path.is_dir():
        raise DataError("file_is_folder", file=path.name)
    names = sorted(p.name for p in path.parent.iterdir()) if path.parent.is_dir() else []
    composed = {unicodedata.normalize("NFC", n): n for n in names}
    same = composed.get(unicodedata.normalize("NFC", path.name))
    if same is not None and path.with_name(same).is_file():
        return path.with_name(same)
    near = nearest(path.name, names) or "-"
    raise DataError("file_missing", file=path.name, folder=path.parent.name, nearest=near)
