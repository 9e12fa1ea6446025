"""Delimited text files: encoding and delimiter found from the bytes, never from the name."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from statistics import median

import pandas as pd

from analysis.errors import DataError
from analysis.intake.ledger import join_lines, write_lines
from analysis.intake.reading.garbled import column_letters
from analysis.intake.reading.sheets import RawSheet

DELIMITERS = (",", "\t", ";", "|")
SNIFFED_LINES = 50
BLANK_CELL = r"(?m)(?:^|{0})[ \u3000\xa0]+(?:{0}|$)"  # a cell of nothing but spaces
MAX_LINES = 100  # a remark of more lines than this is a quote that was never closed
NULL = "\0"
STRAY_SHARE = (
    0.02  # of the bytes; in UTF-16 every comma, digit and line end has a null byte of its own
)
SELDOM = 10
MAX_CELL = 4 * 1024**2  # characters; the csv module's own limit is lower than a pasted text can be


def read_delimited(path: Path) -> list[RawSheet]:
    """The one sheet of a text file.

    Raises DataError for an unknown encoding, a binary file, a file without any text or a quote left open.
    """
    text = decode(path.name, path.read_bytes())
    if not text.strip():
        raise DataError("file_empty", file=path.name, sheet="-")
    csv.field_size_limit(MAX_CELL)
    delimiter = sniff_delimiter(text)
    rows = split_rows(path.name, text, delimiter)
    rows, lines = without_nulls(path.name, rows)
    cells = pd.DataFrame(even_rows(rows), dtype=object)
    if re.search(BLANK_CELL.format(re.escape(delimiter)), text):
        cells = cells.mask(cells.apply(lambda column: column.str.isspace()), "")
    widths = tuple(map(len, rows))
    return [RawSheet(file=path.name, sheet="", cells=cells, widths=widths, lines=lines)]


def without_nulls(name: str, rows: list[list[str]]) -> tuple[list[list[str]], pd.DataFrame]:
    """The rows without null characters, and a ledger line for each cell that held one."""
    places = [(k, at) for k, row in enumerate(rows) for at, cell in enumerate(row) if NULL in cell]
    if not places:
        return rows, join_lines([])
    told = write_lines(
        pd.Series(["control_character"] * len(places), dtype=object),
        file=name,
        row=[k + 1 for k, _ in places],
        column=[column_letters(at) for _, at in places],
    )
    return [[cell.replace(NULL, "") for cell in row] for row in rows], told


def split_rows(name: str, text: str, delimiter: str) -> list[list[str]]:
    """The rows of a text; DataError with file and line for a quote that is not closed or closes rows further down."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    spans: list[
        tuple[int, int]
    ] = []  # first line (from 1) and row number of rows over several lines
    line = 1
    try:
        for row in reader:
            if reader.line_num > line:
                spans.append((line, len(rows)))
            rows.append(row)
            line = reader.line_num + 1
    except csv.Error as error:
        raise DataError("quote_open", file=name, row=line, detail=error) from error
    width = median(map(len, rows))
    for line, at in spans:
        if any(swallows(cell, delimiter, width) for cell in rows[at]):
            raise DataError("quote_open", file=name, row=line, detail=f"+{rows_lines(rows[at])}")
    return rows


def rows_lines(row: list[str]) -> int:
    """How many line breaks stand inside the cells of a row."""
    return sum(len(cell.splitlines()) - 1 for cell in row if cell)


def swallows(cell: str, delimiter: str, width: float) -> bool:
    """Whether a cell holds whole rows: too many lines, or an inner line with as many delimiters as a row has."""
    lines = cell.splitlines()
    if len(lines) > MAX_LINES:
        return True
    return width > 1 and any(line.count(delimiter) >= width - 1 for line in lines[1:-1])


def even_rows(rows: list[list[str]]) -> list[list[str]]:
    """The rows with empty cells behind the short ones, so that all are as long as the longest."""
    width = max(map(len, rows))
    return [row if len(row) == width else row + [""] * (width - len(row)) for row in rows]


def decode(name: str, raw: bytes) -> str:
    """The text of the bytes, by mark (UTF-8, UTF-16) or by the first encoding that fits without an error."""
    for encoding in candidates(raw):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if NULL not in text or has_stray_nulls(raw):
            return text
    raise DataError("unknown_encoding", file=name)


def candidates(raw: bytes) -> tuple[str, ...]:
    """Encodings worth trying, best first."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    if b"\0" not in raw:
        return ("utf-8-sig", "gb18030")
    # UTF-16 without a mark: commas, digits and line ends have their null byte behind (le) or before (be)
    wide = "utf-16-le" if raw[1::2].count(0) > raw[0::2].count(0) else "utf-16-be"
    return ("utf-8-sig", "gb18030", wide) if has_stray_nulls(raw) else (wide,)


def has_stray_nulls(raw: bytes) -> bool:
    """Whether null bytes are so few, and so seldom beside a line end, that a cell holds them and not the encoding."""
    n_wide = raw.count(b"\n\0") + raw.count(b"\0\n")
    is_seldom = n_wide * SELDOM <= raw.count(b"\n")
    return 0 < raw.count(b"\0") <= STRAY_SHARE * len(raw) and is_seldom


def _width(lines: list[str], delimiter: str) -> float:
    """Into how many cells a delimiter splits most lines; 0 where it leaves a cell too long to hold."""
    try:
        return median(map(len, csv.reader(lines, delimiter=delimiter)))
    except csv.Error:
        return 0


def sniff_delimiter(text: str) -> str:
    """The delimiter that splits the first lines into most columns; a comma where none splits."""
    lines = text.splitlines()[:SNIFFED_LINES]
    widths = {d: _width(lines, d) for d in DELIMITERS}
    return max(DELIMITERS, key=lambda d: widths[d])
