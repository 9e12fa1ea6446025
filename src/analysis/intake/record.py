"""The record of one cleaned delivery: what every later room is given."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from analysis.intake.source import Replicates, Stated

Verdict = Literal["usable", "usable_with_notes", "not_usable"]


@dataclass(frozen=True)
class FileRecord:
    """One sheet that was read: where it went, how many rows came in and stayed, what nobody mapped.

    ``holds``: the variables that have a value in it, and ``programme:<code>`` for each programme. ``reasons``:
    what speaks against it, as rules of the ledger or names of checks with their counts.
    """

    table: str
    file: str
    sheet: str
    year: int
    n_rows_in: int
    n_rows_kept: int
    sha256: str
    unmapped: tuple[str, ...]
    verdict: Verdict
    holds: tuple[str, ...] = ()
    reasons: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Delivery:
    """All deliveries of one region up to one report year, cleaned and linked.

    ``tables``: typed tables; a column is there only if some file brought a value for it. ``ledger``: see
    ``ledger.py``. ``links``: match rates by table, year and pass. ``as_of``: date of the newest snapshot, else of
    the newest receipt. ``notes``: sentences a reader must see. ``survey_replicates``: how replicate weights
    ``survey_rep_1`` … of the survey are to be used. ``stated``: figures of the report year that the
    bureau itself stated, by ``problem.indicator``. ``checks``: what the data check shows beside them (sums, comparison
    with the year before, scales, weights, links), each a table whose columns its maker documents.
    """

    region: str
    label: str
    year: int
    tables: dict[str, pd.DataFrame]
    ledger: pd.DataFrame
    files: tuple[FileRecord, ...]
    links: pd.DataFrame
    is_invented: bool
    fingerprint: str
    as_of: str
    notes: tuple[str, ...]
    survey_replicates: Replicates | None = None
    stated: dict[str, Stated] = field(default_factory=dict)
    checks: dict[str, pd.DataFrame] = field(default_factory=dict)
