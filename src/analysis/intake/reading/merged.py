"""Cells merged downwards: only the first of a block holds its text, so the rows below it are filled, and told."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.intake.ledger import join_lines, write_lines
from analysis.intake.reading.sheets import RawSheet

SHORTEST_CODE = 8  # digits: a school code has ten, an amount of a list fewer


def fill_merged(
    raw: RawSheet, header_row: int, places: Mapping[str, int], frame: pd.DataFrame, rows: np.ndarray
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The records with every block of their columns filled down to its end, and a ledger line for each cell filled.

    ``places``: header -> column of the sheet. ``rows``: the position of each record in the sheet; rows set aside
    are not among them. What the cells say is not told: they may be names. An amount merged over several rows is
    theirs together and stays with the first: filled down it would count several times in every sum.
    """
    blocks = [(at, first, last) for at, first, last in raw.merged if first > header_row]
    out, lines = frame.copy() if blocks else frame, []
    for header, at in places.items():
        for _, first, last in (block for block in blocks if block[0] == at):
            is_below = (rows > first) & (rows <= last) & (out[header] == "").to_numpy(dtype=bool)
            text = raw.cells.iat[first, at]
            if text and not _is_amount(text) and is_below.any():
                out.loc[is_below, header] = text
                lines.append(_told(raw, header, rows[is_below]))
    return out, join_lines(lines)


def _is_amount(text: str) -> bool:
    """Whether a text is a number short enough to be an amount and no code."""
    digits = text.strip().lstrip("+-").replace(",", "").replace(".", "", 1)
    return digits.isdecimal() and len(digits) < SHORTEST_CODE


def _told(raw: RawSheet, header: str, rows: np.ndarray) -> pd.DataFrame:
    """A line for each cell of one block that was filled."""
    rule = pd.Series(["merged_filled"] * len(rows), dtype=object)
    numbers = pd.Series(rows + raw.first_row, dtype="int64")
    return write_lines(rule, file=raw.file, sheet=raw.sheet, row=numbers, column=header)
