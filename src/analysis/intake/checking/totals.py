"""Total rows beside the sums of the rows over them: a total that does not add up is told, not believed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from analysis.intake.cleaning.numbers import read_number
from analysis.intake.reading.header import TextTable
from analysis.study.objects import Variable

COLUMNS = ("year", "file", "sheet", "column", "found", "expected")
SUMMED = ("number", "integer")


def sum_totals(
    text: TextTable, rows: pd.DataFrame, variables: Mapping[str, Variable], year: int
) -> pd.DataFrame:
    """One row per summed column of a sheet's total row: what it says and what its rows add up to.

    ``variables``: header -> variable. A sheet with several total rows is left out: which rows each of them adds
    up cannot be told.
    """
    lines = list(_sums(text, rows, variables, year)) if len(text.totals) == 1 else []
    return pd.DataFrame(lines, columns=list(COLUMNS))


def _sums(
    text: TextTable, rows: pd.DataFrame, variables: Mapping[str, Variable], year: int
) -> Iterator[tuple[object, ...]]:
    for header, variable in variables.items():
        if variable.kind not in SUMMED or header not in text.totals:
            continue
        found, _ = read_number(str(text.totals[header].iloc[0]), variable)
        if found is not None:
            expected = float(rows[variable.id].astype("float64").sum())
            yield year, text.file, text.sheet, variable.id, found, expected
