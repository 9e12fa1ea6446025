"""Finds the table inside a sheet: the header row under titles, the mapped columns, the rows that are records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from analysis.errors import DataError, nearest, raise_all
from analysis.intake.cleaning.cleaners import words_of
from analysis.intake.cleaning.text import compact
from analysis.intake.cleaning.words import words
from analysis.intake.ledger import join_lines, shown, write_lines
from analysis.intake.reading.header_rows import (
    HeaderRow,
    half_headers,
    header_key,
    header_names,
    header_rows,
)
from analysis.intake.reading.header_units import header_unit
from analysis.intake.reading.known_headers import NONE_KNOWN, KnownHeaders, implied_places
from analysis.intake.reading.merged import fill_merged
from analysis.intake.reading.sheets import RawSheet

SEARCHED_ROWS = 30  # a header lies deeper only under a letter, not under a title
DATA_SHARE = 0.5  # a sheet with fewer of the mapped headers is another table, not a damaged one
SHOWN_HEADERS = 8
COLON = ":"
LINES = ("—", "-", "_")  # behind the colon of a heading over several blanks
LONGEST_HEADER = 40  # characters of an unmapped header that are worth showing


@dataclass(frozen=True)
class Found:
    """Where the mapped headers stand in a sheet: header row (position) and header -> column position.

    A header over two rows has ``depth`` 2: ``row`` is the lower one, ``headers`` name both (``group/header``).
    ``implied``: header -> variable of those among them that no line of source.toml maps.
    """

    row: int
    places: Mapping[str, int]
    headers: tuple[str, ...]
    implied: Mapping[str, str] = field(default_factory=dict)
    depth: int = 1


@dataclass(frozen=True)
class TextTable:
    """The rows of one sheet under its mapped headers, still text.

    ``frame``: one row per delivered row, one column per mapped header. ``rows``: row numbers in the sheet.
    ``units``: header -> the unit that the header itself names.
    ``n_rows_in``: filled rows under the header, dropped ones included. ``lines``: ledger of what was dropped.
    ``totals``: the total rows, under the same headers.
    """

    file: str
    sheet: str
    frame: pd.DataFrame
    rows: pd.Series
    n_rows_in: int
    unmapped: tuple[str, ...]
    lines: pd.DataFrame
    missing: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    implied: Mapping[str, str] = field(default_factory=dict)
    totals: pd.DataFrame = field(default_factory=pd.DataFrame)


def read_tables(
    sheets: Sequence[RawSheet],
    wanted: Iterable[str],
    sheet: str,
    known: KnownHeaders = NONE_KNOWN,
) -> list[TextTable]:
    """The mapped table of every sheet that holds it (or of the one sheet named).

    ``wanted``: headers that must be there. ``known``: headers that are mapped wherever they are.

    Raises DataError naming file, sheet, missing columns and the nearest headers; also for a sheet that is not there.
    """
    headers = tuple(wanted)
    matches = [(s, find_header(s, headers, known)) for s in choose_sheets(sheets, sheet)]
    fitting = fitting_sheets(matches, headers)
    raise_all(e for raw, found in fitting for e in missing_columns(raw, found, headers, known))
    cut = [(raw, cut_table(raw, found)) for raw, found in fitting]
    # a sheet of which another export holds every row is read, so that the rows are told
    tables = [t for raw, t in cut if raw.repeated or not t.frame.empty]
    if not tables:
        raise _no_rows(*fitting[0])
    read = {t.sheet for t in tables}
    aside = [_set_aside(s) for s in sheets if s.sheet not in read and not s.cells.empty]
    return [_with_lines(tables[0], aside), *tables[1:]]


def _no_rows(raw: RawSheet, found: Found) -> DataError:
    """Why a sheet with a header has no rows: there are none, or all are longer than the header."""
    place = {"file": raw.file, "sheet": raw.sheet or "-"}
    if "row_too_long" in uneven_rows(raw, found):
        return DataError("rows_too_long", **place, row=raw.first_row + found.row)
    return DataError("sheet_without_rows", **place)


def fitting_sheets(
    matches: Sequence[tuple[RawSheet, Found]], wanted: Sequence[str]
) -> list[tuple[RawSheet, Found]]:
    """The sheets that hold enough of the wanted headers (of the best sheet's, where none is named), or the best one."""
    best = max(len(found.places) for _, found in matches)
    needed = DATA_SHARE * (len(wanted) or max(best, 1))
    fitting = [m for m in matches if len(_named_places(m[1], wanted)) >= needed]
    return fitting or [max(matches, key=lambda m: len(m[1].places))]


def _named_places(found: Found, wanted: Sequence[str]) -> list[str]:
    """The headers found, only the wanted ones where any is named."""
    return [h for h in found.places if not wanted or h in wanted]


def choose_sheets(sheets: Sequence[RawSheet], name: str) -> list[RawSheet]:
    """The sheet of this name, or all filled ones neither hidden nor a form's guide (all filled ones if all are so).

    Raises DataError if the named sheet is not there or empty.
    """
    if name:
        return _named(sheets, name)
    filled = [s for s in sheets if not s.cells.empty]
    data = [s for s in filled if not is_guide(s)] or filled
    return [s for s in data if not s.is_hidden] or data


def is_guide(raw: RawSheet) -> bool:
    """Whether a sheet explains the form and shows examples, by its name."""
    return compact(raw.sheet) in {compact(name) for name in words().guide_sheets.names}


def _named(sheets: Sequence[RawSheet], name: str) -> list[RawSheet]:
    """The sheet of this name; DataError with the nearest one, or for a file that has no sheets."""
    if all(not s.sheet for s in sheets):
        raise DataError("sheet_in_text", file=sheets[0].file, sheet=name)
    found = [s for s in sheets if compact(s.sheet) == compact(name)]
    if not found:
        names = [s.sheet for s in sheets]
        near = nearest(name, names) or ", ".join(names)
        raise DataError("sheet_missing", file=sheets[0].file, sheet=name, nearest=near)
    if found[0].cells.empty:
        raise DataError("file_empty", file=found[0].file, sheet=name)
    return found


def find_header(raw: RawSheet, wanted: Sequence[str], known: KnownHeaders = NONE_KNOWN) -> Found:
    """The row (or two rows) among the first with most of the wanted headers, then of the known; the first of such."""
    keys = {header_key(w): w for w in wanted}
    top = raw.cells.iloc[:SEARCHED_ROWS].to_numpy(dtype=object)
    best = _best_row([*header_rows(top)] or [HeaderRow(0, (), {})], keys, known)
    found = {keys[k]: at for k, at in best.places.items() if k in keys}
    implied = implied_places(raw.file, best.names, found.values(), known)
    places_implied = {best.names[at].strip(): at for at in implied}
    variables = {best.names[at].strip(): name for at, name in implied.items()}
    return Found(best.row, found | places_implied, best.names, variables, best.depth)


def _best_row(rows: Sequence[HeaderRow], keys: Mapping[str, str], known: KnownHeaders) -> HeaderRow:
    """Most wanted headers, then most known ones, then two rows before one if both are needed."""
    n_wanted = [len(keys.keys() & row.places.keys()) for row in rows]
    fitting = [row for row, n in zip(rows, n_wanted, strict=True) if n == max(n_wanted)]
    scores = [_known_score(row, keys, known) for row in fitting]
    return fitting[scores.index(max(scores))]


def _known_score(row: HeaderRow, keys: Mapping[str, str], known: KnownHeaders) -> tuple[int, bool]:
    """How many known headers a row has, and whether it is two rows of which the upper one is needed.

    If a header that counts is merged down over names of other columns, the row of these is no record.
    """
    variables = {key: known.variable(key) for key in row.places}
    counting = {at for key, at in row.places.items() if key in keys or variables[key]}
    return len({*variables.values()} - {""}), row.is_grouped and bool(counting & row.merged)


def missing_columns(
    raw: RawSheet, found: Found, wanted: Sequence[str], known: KnownHeaders = NONE_KNOWN
) -> Iterable[DataError]:
    """One DataError per wanted header that the header row does not have; a single one if it has none of them."""
    if not found.places:
        name = "header_missing" if wanted else "header_unknown"
        expected = ", ".join((wanted or [*known.labels])[:SHOWN_HEADERS])
        yield DataError(name, file=raw.file, sheet=raw.sheet or "-", expected=expected)
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
    heads = raw.cells.iloc[found.row + 1 - found.depth : found.row + 1]
    reasons = set_aside(cells, heads.to_numpy(dtype=object))
    uneven = np.where(reasons == "", uneven_rows(raw, found)[is_filled], "")
    reasons = np.where(uneven == "row_too_long", uneven, reasons)
    reasons[np.isin(body.index, list(raw.repeated))] = "repeated_export"
    numbers = pd.Series(body.index + raw.first_row, dtype="int64")
    kept = reasons == ""
    frame, totals = (_mapped(cells[rows], found) for rows in (kept, reasons == "total_row"))
    frame, filled = fill_merged(raw, found.row, found.places, frame, body.index.to_numpy()[kept])
    short = np.where(uneven == "row_too_short", uneven, "")
    lines = [_told(raw, numbers, r) for r in (reasons, short)] + _repeated_headers(raw, found)
    lines += [raw.lines, _half_headers(raw, found), filled]
    return TextTable(
        file=raw.file,
        sheet=raw.sheet,
        frame=frame,
        rows=numbers[kept].reset_index(drop=True),
        n_rows_in=len(body),
        unmapped=unmapped_headers(found),
        lines=join_lines(lines),
        missing={h: raw.missing[h] for h in found.places if h in raw.missing},
        units=units_of(found),
        implied=found.implied,
        totals=totals,
    )


def units_of(found: Found) -> dict[str, str]:
    """Mapped header -> the unit in it, or its brackets where they hold anything else."""
    units = {h: header_unit(header_key(found.headers[at])) for h, at in found.places.items()}
    return {header: unit for header, unit in units.items() if unit}


def _mapped(cells: np.ndarray, found: Found) -> pd.DataFrame:
    """The mapped columns of some rows."""
    return pd.DataFrame({h: cells[:, at] for h, at in found.places.items()}, dtype=object)


def set_aside(cells: np.ndarray, heads: np.ndarray) -> np.ndarray:
    """Per row the reason why it is no record (total, note, header again), or an empty text."""
    if not len(cells):
        return np.array([], dtype=object)
    first = cells[np.arange(len(cells)), (cells != "").argmax(axis=1)]
    kinds = {text: _row_kind(text) for text in set(first)}
    reasons = np.array([kinds[text] for text in first], dtype=object)
    for head in heads:
        reasons[(cells == head).all(axis=1)] = "header_row"
    return reasons


def _row_kind(first: str) -> str:
    """What the first filled cell says its row is."""
    text = compact(first)
    if text.rstrip(COLON) in words_of("total"):
        return "total_row"
    before, colon, _ = text.partition(COLON)
    return "note_row" if before in words_of("note") and (colon or text == before) else ""


def uneven_rows(raw: RawSheet, found: Found) -> np.ndarray:
    """Per row under the header: cells missing at its end, filled cells behind the header's last, or an empty text."""
    body = raw.cells.iloc[found.row + 1 :]
    out: np.ndarray = np.full(len(body), "", dtype=object)
    if raw.widths is None:
        return out
    named = 1 + max((at for at, h in enumerate(found.headers) if h.strip()), default=-1)
    out[np.array(raw.widths[found.row + 1 :], dtype=int) < named] = "row_too_short"
    behind = body.iloc[:, raw.widths[found.row] :].to_numpy(dtype=object)
    out[(behind != "").any(axis=1)] = "row_too_long"
    return out


def _told(raw: RawSheet, numbers: pd.Series, reasons: np.ndarray) -> pd.DataFrame:
    """Ledger lines of the rows with a reason; what they say is not kept, notes hold people's names."""
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


def _half_headers(raw: RawSheet, found: Found) -> pd.DataFrame:
    """A note for each column without a header of its own behind one that has: the second half of a pair."""
    ats = half_headers(found.headers)
    return write_lines(
        pd.Series(["half_header"] * len(ats), dtype=object),
        file=raw.file,
        sheet=raw.sheet,
        row=raw.first_row + found.row,
        column=[shown(None, found.headers[at].strip()) for at in ats],
        done=[shown(None, found.headers[at - 1].strip()) for at in ats],
    )


def unmapped_headers(found: Found) -> tuple[str, ...]:
    """Headers of the row that no variable takes, as a page may show them: long digits masked, no contacts."""
    taken = set(found.places.values())
    names = header_names(found.headers)
    told = (h for at, h in enumerate(names) if h and at not in taken and not is_contact(h))
    return tuple(shown(None, header[:LONGEST_HEADER]) for header in told)


def is_contact(header: str) -> bool:
    """Whether a header is a note with somebody's name behind its word, or behind a colon (a group's line is none)."""
    flat = compact(header)
    _, colon, behind = flat.partition(COLON)
    if colon and behind and not behind.startswith(LINES):
        return True
    marked = [w for w in words_of("note") if len(w) > 1 and flat.startswith(w) and flat != w]
    return any(flat.removeprefix(w).rstrip(COLON) for w in marked)


def _set_aside(raw: RawSheet) -> pd.DataFrame:
    """A note that a sheet of the file was not read."""
    return write_lines("sheet_set_aside", file=raw.file, sheet=raw.sheet, n=len(raw.cells))


def _with_lines(table: TextTable, lines: list[pd.DataFrame]) -> TextTable:
    """The table with more ledger lines."""
    return replace(table, lines=join_lines([table.lines, *lines]))
