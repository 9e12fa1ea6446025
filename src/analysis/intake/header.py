"""Finds the table inside a sheet: the header row under titles, the mapped columns, the rows that are records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from analysis.errors import DataError, nearest, raise_all
from analysis.intake.cleaners import words_of
from analysis.intake.ledger import join_lines, write_lines
from analysis.intake.sheets import RawSheet
from analysis.intake.text import compact

SEARCHED_ROWS = 30  # a header lies deeper only under a letter, not under a title
DATA_SHARE = 0.5  # a sheet with fewer of the mapped headers is another table, not a damaged one
SHOWN_HEADERS = 8
COLON = ":"


@dataclass(frozen=True)
class Found:
    """Where the mapped headers stand in a sheet: header row (position) and header -> column position."""

    row: int
    places: Mapping[str, int]
    headers: tuple[str, ...]


@dataclass(frozen=True)
class TextTable:
    """The rows of one sheet under its mapped headers, still text.

    ``frame``: one row per delivered row, one column per mapped header. ``rows``: row numbers in the sheet.
    ``n_rows_in``: filled rows under the header, dropped ones included. ``lines``: ledger of what was dropped.
    """

    file: str
    sheet: str
    frame: pd.DataFrame
    rows: pd.Series
    n_rows_in: int
    unmapped: tuple[str, ...]
    lines: pd.DataFrame
    missing: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def read_tables(sheets: Sequence[RawSheet], wanted: Iterable[str], sheet: str) -> list[TextTable]:
    """The mapped table of every sheet that holds it (or of the one sheet named).

    Raises DataError naming file, sheet, missing columns and the nearest headers; also for a sheet that is not there.
    """
    headers = tuple(wanted)
    matches = [(s, find_header(s, headers)) for s in choose_sheets(sheets, sheet)]
    fitting = [m for m in matches if len(m[1].places) >= DATA_SHARE * len(headers)]
    fitting = fitting or [max(matches, key=lambda m: len(m[1].places))]
    raise_all(e for raw, found in fitting for e in missing_columns(raw, found, headers))
    tables = [t for raw, found in fitting if not (t := cut_table(raw, found)).frame.empty]
    if not tables:
        raw = fitting[0][0]
        raise DataError("sheet_without_rows", file=raw.file, sheet=raw.sheet or "-")
    read = {t.sheet for t in tables}
    aside = [_set_aside(s) for s in sheets if s.sheet not in read and not s.cells.empty]
    return [_with_lines(tables[0], aside), *tables[1:]]


def choose_sheets(sheets: Sequence[RawSheet], name: str) -> list[RawSheet]:
    """The sheet of this name, or all filled sheets that are not hidden (all filled ones if all are hidden).

    Raises DataError if the named sheet is not there or empty.
    """
    if name:
        return _named(sheets, name)
    filled = [s for s in sheets if not s.cells.empty]
    return [s for s in filled if not s.is_hidden] or filled


def _named(sheets: Sequence[RawSheet], name: str) -> list[RawSheet]:
    """The sheet of this name; DataError with the nearest one."""
    found = [s for s in sheets if compact(s.sheet) == compact(name)]
    if not found:
        names = [s.sheet for s in sheets]
        near = nearest(name, names) or ", ".join(names)
        raise DataError("sheet_missing", file=sheets[0].file, sheet=name, nearest=near)
    if found[0].cells.empty:
        raise DataError("file_empty", file=found[0].file, sheet=name)
    return found


def find_header(raw: RawSheet, wanted: Sequence[str]) -> Found:
    """The row among the first that holds most of the wanted headers, the first of such rows."""
    keys = {header_key(w): w for w in wanted}
    top = raw.cells.iloc[:SEARCHED_ROWS]
    places = [header_places(row) for row in top.itertuples(index=False)]
    scores = [len(keys.keys() & place.keys()) for place in places]
    row = int(np.argmax(scores)) if scores else 0
    found = {keys[k]: at for k, at in places[row].items() if k in keys} if places else {}
    return Found(row, found, tuple(str(c) for c in top.iloc[row]))


def header_key(header: str) -> str:
    """A header made comparable: without spaces, line breaks, width and case; number marks stay."""
    return compact(header)


def header_places(cells: Iterable[str]) -> dict[str, int]:
    """Comparable header -> column; the second of two equal headers is ``header#2``, so that both can be named."""
    places: dict[str, int] = {}
    seen: dict[str, int] = {}
    for at, cell in enumerate(cells):
        key = header_key(cell)
        if not key:
            continue
        seen[key] = seen.get(key, 0) + 1
        places[key if seen[key] == 1 else f"{key}#{seen[key]}"] = at
    return places


def missing_columns(raw: RawSheet, found: Found, wanted: Sequence[str]) -> Iterable[DataError]:
    """One DataError per wanted header that the header row does not have; a single one if it has none of them."""
    if not found.places:
        expected = ", ".join(wanted[:SHOWN_HEADERS])
        yield DataError("header_missing", file=raw.file, sheet=raw.sheet or "-", expected=expected)
        return
    for header in wanted:
        if header not in found.places:
            near = nearest(header, [h for h in found.headers if h]) or "-"
            yield DataError(
                "column_missing",
                file=raw.file,
                sheet=raw.sheet or "-",
                column=header,
                nearest=near,
                row=raw.first_row + found.row,
            )


def cut_table(raw: RawSheet, found: Found) -> TextTable:
    """The rows under the header; blank rows do not count, totals, notes and repeated headers are set aside and told."""
    body = raw.cells.iloc[found.row + 1 :]
    cells = body.to_numpy(dtype=object)
    is_filled = (cells != "").any(axis=1)
    body, cells = body[is_filled], cells[is_filled]
    reasons = set_aside(cells, raw.cells.iloc[found.row].to_numpy(dtype=object))
    numbers = pd.Series(body.index + raw.first_row, dtype="int64")
    kept = reasons == ""
    frame = pd.DataFrame({h: cells[kept, at] for h, at in found.places.items()}, dtype=object)
    lines = [_dropped(raw, numbers, reasons), *_repeated_headers(raw, found)]
    return TextTable(
        file=raw.file,
        sheet=raw.sheet,
        frame=frame,
        rows=numbers[kept].reset_index(drop=True),
        n_rows_in=len(body),
        unmapped=unmapped_headers(found),
        lines=join_lines(lines),
        missing={h: raw.missing[h] for h in found.places if h in raw.missing},
    )


def set_aside(cells: np.ndarray, header: np.ndarray) -> np.ndarray:
    """Per row the reason why it is no record (total, note, header again), or an empty text."""
    if not len(cells):
        return np.array([], dtype=object)
    first = cells[np.arange(len(cells)), (cells != "").argmax(axis=1)]
    kinds = {text: _row_kind(text) for text in set(first)}
    reasons = np.array([kinds[text] for text in first], dtype=object)
    reasons[(cells == header).all(axis=1)] = "header_row"
    return reasons


def _row_kind(first: str) -> str:
    """What the first filled cell says its row is."""
    text = compact(first)
    if text.rstrip(COLON) in words_of("total"):
        return "total_row"
    before, colon, _ = text.partition(COLON)
    return "note_row" if before in words_of("note") and (colon or text == before) else ""


def _dropped(raw: RawSheet, numbers: pd.Series, reasons: np.ndarray) -> pd.DataFrame:
    """Ledger lines of the rows set aside; what they say is not kept, notes hold people's names."""
    gone = reasons != ""
    return write_lines(
        pd.Series(reasons[gone], dtype=object), file=raw.file, sheet=raw.sheet, row=numbers[gone]
    )


def _repeated_headers(raw: RawSheet, found: Found) -> list[pd.DataFrame]:
    """A note for each mapped header that stands in the row more than once: the first is the one meant."""
    keys = [header_key(h) for h in found.headers]
    return [
        write_lines(
            "repeated_header",
            file=raw.file,
            sheet=raw.sheet,
            row=raw.first_row + found.row,
            column=header,
            n=keys.count(header_key(header)),
        )
        for header in found.places
        if keys.count(header_key(header)) > 1
    ]


def unmapped_headers(found: Found) -> tuple[str, ...]:
    """Headers of the row that no variable takes."""
    taken = set(found.places.values())
    return tuple(h.strip() for at, h in enumerate(found.headers) if h.strip() and at not in taken)


def _set_aside(raw: RawSheet) -> pd.DataFrame:
    """A note that a sheet of the file was not read."""
    return write_lines("sheet_set_aside", file=raw.file, sheet=raw.sheet, n=len(raw.cells))


def _with_lines(table: TextTable, lines: list[pd.DataFrame]) -> TextTable:
    """The table with more ledger lines."""
    return replace(table, lines=join_lines([table.lines, *lines]))
