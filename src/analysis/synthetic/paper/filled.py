"""A form filled in, with a note of every cell and row that does not say what is true."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

KIND = "row_kind"  # column of the rows that stand for no event of their own; empty for all others


@dataclass(frozen=True)
class Stain:
    """Cells of one column: row positions from 0, and for each what a clean table would say there."""

    column: str
    positions: np.ndarray
    values: np.ndarray


@dataclass(frozen=True)
class Filled:
    """The rows in file order, one column for each variable, in words; and the stains, oldest first.

    Column ``row_kind``, where there is one, says why a row should not be there: ``double``, ``pasted``,
    ``test``, ``retake`` or ``second_answer``.
    """

    rows: pd.DataFrame
    stains: tuple[Stain, ...] = ()

    def spoil(self, column: str, positions: np.ndarray, values: np.ndarray) -> Filled:
        """The table with other values in some cells of a column; what stood there is kept as clean."""
        return self.spoil_all({column: values}, positions)

    def spoil_all(self, values: Mapping[str, np.ndarray], positions: np.ndarray) -> Filled:
        """The table with other values in the same cells of several columns."""
        if not len(positions):
            return self
        stains, columns = [*self.stains], {}
        for name, wanted in values.items():
            columns[name] = self.rows[name].to_numpy(dtype=object, copy=True)
            is_other = columns[name][positions] != wanted
            at = positions[is_other]
            stains.append(Stain(name, at, columns[name][at]))
            columns[name][at] = wanted[is_other]
        return Filled(with_cells(self.rows, columns), tuple(stains))

    def columns(self, **columns: np.ndarray) -> Filled:
        """The table with further or other columns, none of them dirt."""
        return replace(self, rows=with_cells(self.rows, columns))


def with_cells(rows: pd.DataFrame, columns: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """The table with columns of plain objects: to find out their type takes pandas longer than all the rest."""
    made = {
        name: pd.Series(values, index=rows.index, dtype=object, copy=False)
        for name, values in columns.items()
    }
    return rows.assign(**made)


def of_kind(rows: pd.DataFrame, kind: str) -> pd.DataFrame:
    """The table with every row marked as of one kind; an empty kind is an ordinary row."""
    return with_cells(rows, {KIND: np.full(len(rows), kind, dtype=object)})


def as_filled(rows: pd.DataFrame | Filled) -> Filled:
    """A table without any dirt as filled in; a filled one as it is."""
    return rows if isinstance(rows, Filled) else Filled(rows)


def told(filled: Filled, headers: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """The stains as ``truth.json`` tells them; rows are counted from 0 below the header.

    ``dirt``: header -> row -> clean value. ``rows``: row -> kind. ``headers``: variable -> header; a part
    without anything to tell is left out.
    """
    dirt: dict[str, dict[str, Any]] = {}
    for stain in (s for s in filled.stains if s.column in headers and len(s.positions)):
        noted = zip(stain.positions.tolist(), stain.values.tolist(), strict=True)
        # of a cell spoilt twice the first note is the clean one
        known = dirt.get(headers[stain.column], {})
        dirt[headers[stain.column]] = {str(at): value for at, value in noted} | known
    parts: dict[str, dict[str, Any]] = {"dirt": dirt, "rows": told_rows(filled)}
    return {name: part for name, part in parts.items() if part}


def told_rows(filled: Filled) -> dict[str, str]:
    """Row -> kind of the rows that should not be there."""
    if KIND not in filled.rows:
        return {}
    kinds = filled.rows[KIND].to_numpy(dtype=object)
    return {str(at): str(kinds[at]) for at in np.flatnonzero(kinds != "").tolist()}


def cells(values: Iterable[object]) -> np.ndarray:
    """Values as the cells of a column."""
    return np.array([*values], dtype=object)


def blanks(size: int) -> np.ndarray:
    """So many empty cells."""
    return np.full(size, "", dtype=object)
