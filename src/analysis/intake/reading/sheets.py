"""One sheet as it was delivered: text cells, where they stood, and what the file itself says about missing codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from analysis.intake.ledger import join_lines


@dataclass(frozen=True)
class RawSheet:
    """One sheet of one file, nothing interpreted.

    ``cells``: text, one row per sheet row, title and header rows included; an empty cell is ``""``.
    ``first_row``: the number, in the sheet, of the first row of ``cells``. ``sheet`` is empty for files without sheets.
    ``widths``: of text files, how many cells each row really had; None where a row cannot be too short or too long.
    ``missing``: header -> code -> label of the codes that the file declares as missing (SPSS).
    ``lines``: ledger of what was put right before any header was known. ``repeated``: positions of rows that
    another export of the same survey holds too. ``merged``: blocks of merged cells in one column of ``cells``, each
    as column, first row and last row (positions).
    """

    file: str
    sheet: str
    cells: pd.DataFrame
    first_row: int = 1
    is_hidden: bool = False
    widths: tuple[int, ...] | None = None
    missing: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    lines: pd.DataFrame = field(default_factory=lambda: join_lines([]))
    repeated: frozenset[int] = frozenset()
    merged: tuple[tuple[int, int, int], ...] = ()
