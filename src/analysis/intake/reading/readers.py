"""Opens any delivered file by what its first bytes say it is; the extension is never trusted."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path

from analysis.errors import DataError, nearest
from analysis.intake.reading.columnar import read_columnar
from analysis.intake.reading.delimited import read_delimited
from analysis.intake.reading.labelled import read_labelled
from analysis.intake.reading.sheets import RawSheet
from analysis.intake.reading.workbook import read_workbook

Reader = Callable[[Path], list[RawSheet]]
SIGNATURES: tuple[tuple[bytes, Reader], ...] = (
    (b"PK\x03\x04", read_workbook),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", read_workbook),
    (b"\x09\x08", read_workbook),  # .xls of 1995 and before
    (b"PAR1", read_columnar),
    (b"$FL2", read_labelled),
    (b"$FL3", read_labelled),
)
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
    """Every sheet of one file, text in and text out.

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
