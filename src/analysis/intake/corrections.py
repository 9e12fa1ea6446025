"""Corrections of single cells, made on the text before it is cleaned; one that fits nothing stops the reading."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from analysis.errors import DataError, raise_all
from analysis.intake.ledger import join_lines, shape, shown, write_lines
from analysis.intake.masking import shown_unread
from analysis.intake.reading.header import TextTable
from analysis.intake.reading.header_rows import header_key
from analysis.intake.source import Correction
from analysis.intake.typed_rows import TypedRows
from analysis.study.objects import Variable

RULE, CONFIRMED = "corrected", "confirmed"
LONGEST_WRITTEN = 500  # characters of a cell that are written into a workbook for schools
CUT_MARK = "..."
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")
Variables = Mapping[str, Variable]


def written(text: str) -> str:
    """A text as a workbook or a text file can hold it: no control characters, and not too long to read."""
    plain = _UNWRITABLE.sub("", text)
    return plain if len(plain) <= LONGEST_WRITTEN else plain[:LONGEST_WRITTEN] + CUT_MARK


def apply_corrections(
    table: TextTable, corrections: Sequence[Correction], variables: Variables
) -> TextTable:
    """The table with its cells corrected in the order given, and a ledger line for each.

    ``variables``: header -> variable of the mapped columns; of identifying ones only shapes are told.
    Raises DataError (several at once) for every cell that does not hold what a correction expects.
    """
    wanted = [c for c in corrections if c.file == table.file and c.sheet in ("", table.sheet)]
    if not wanted:
        return table
    headers = {header_key(header): header for header in table.frame.columns}
    places = {int(number): at for at, number in enumerate(table.rows)}
    fitting = [
        (c, places[c.row], headers[header_key(c.column)])
        for c in wanted
        if c.row in places and header_key(c.column) in headers
    ]
    frame, errors, lines = table.frame.copy(), [], []
    for each, at, header in fitting:
        before, now = str(table.frame[header].iloc[at]), str(frame[header].iloc[at])
        if is_confirmation(each):
            if stands(each, now):
                lines.append(_line(each, table.sheet, header, variables.get(header)))
        elif stands(each, now):
            frame.iloc[at, frame.columns.get_loc(header)] = each.to
            lines.append(_line(each, table.sheet, header, variables.get(header)))
        elif now != each.to or not stands(each, before):  # not the same correction once more
            errors.append(_unmatched(each, table.sheet, now, variables.get(header)))
    raise_all(errors)
    return replace(table, frame=frame, lines=join_lines([table.lines, *lines]))


def is_confirmation(correction: Correction) -> bool:
    """Whether it says that a cell is right as it is; of one that holds something else by now it says nothing."""
    return correction.to == correction.found


def stands(correction: Correction, text: str) -> bool:
    """Whether a cell holds what a correction found there, or what a workbook could show of it."""
    return correction.found in (text, written(text))


def _unmatched(
    correction: Correction, sheet: str, now: str, variable: Variable | None
) -> DataError:
    """What is said of a correction whose cell holds something else."""
    return DataError(
        "correction_unmatched",
        file=correction.file,
        sheet=sheet or "-",
        row=correction.row,
        column=correction.column,
        found=shown(variable, now) or "-",
        expected=shown(variable, correction.found) or "-",
    )


def _line(
    correction: Correction, sheet: str, header: str, variable: Variable | None
) -> pd.DataFrame:
    """The ledger line of one correction; its reason may name somebody, so it stays in source.toml."""
    return write_lines(
        CONFIRMED if is_confirmation(correction) else RULE,
        file=correction.file,
        sheet=sheet,
        row=correction.row,
        column=header,
        variable=variable.id if variable else "",
        found=shown_unread(variable, correction.found),
        done=shown_unread(variable, correction.to),
    )


def unread_corrections(
    corrections: Iterable[Correction], parts: Iterable[TypedRows]
) -> Iterator[DataError]:
    """One DataError per correction of a row or column that no table of its file has."""
    done = set()
    for part in parts:
        lines = part.lines[part.lines["rule"] == RULE]
        for row, column in zip(lines["row"], lines["column"], strict=True):
            keys = {(part.file, sheet, int(row), header_key(column)) for sheet in ("", part.sheet)}
            done |= keys
    for each in corrections:
        if is_confirmation(each):
            continue
        if (each.file, each.sheet, each.row, header_key(each.column)) not in done:
            yield DataError(
                "correction_unread",
                file=each.file,
                sheet=each.sheet or "-",
                row=each.row,
                column=each.column,
                found=shape(each.found),
            )
