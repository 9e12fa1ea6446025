"""SPSS files: values as code text, user-missing codes kept and declared, so that nobody mistakes 998 for an age."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat

from analysis.errors import DataError
from analysis.intake.cleaning.text import plain_number
from analysis.intake.reading.sheets import RawSheet


def read_labelled(path: Path) -> list[RawSheet]:
    """The one sheet of a .sav file: variable names as its first row, then one row per case, numbered from 1.

    Raises DataError for a damaged or empty file.
    """
    try:
        frame, meta = pyreadstat.read_sav(path, user_missing=True)
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, ValueError) as error:
        raise DataError("file_damaged", file=path.name, detail=error) from error
    if frame.empty:
        raise DataError("file_empty", file=path.name, sheet="-")
    body = frame.apply(code_text)
    header = pd.DataFrame([frame.columns], columns=frame.columns)
    cells = pd.concat([header, body], ignore_index=True).astype(object)
    missing = dict(missing_codes(frame, meta))
    return [RawSheet(file=path.name, sheet="", cells=cells, first_row=0, missing=missing)]


def code_text(column: pd.Series) -> pd.Series:
    """One column as text: 3.0 is ``3``, a system-missing value is ``""``."""
    known = {v: _text(v) for v in column.dropna().unique()}
    return column.map(known).fillna("").astype(object)


def _text(value: object) -> str:
    return plain_number(value) if isinstance(value, float) else str(value).strip()


def missing_codes(frame: pd.DataFrame, meta: Any) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Header -> code -> label for every column in which a declared missing code really occurs."""
    for header, ranges in meta.missing_ranges.items():
        labels = {_text(k): v for k, v in meta.variable_value_labels.get(header, {}).items()}
        found = [v for v in frame[header].dropna().unique() if _inside(v, ranges)]
        if found:
            yield header, {_text(v): labels.get(_text(v), "") for v in found}


def _inside(value: Any, ranges: list[dict[str, Any]]) -> bool:
    """Whether a value lies in one of the declared missing ranges."""
    alike = [r for r in ranges if isinstance(r["lo"], str) == isinstance(value, str)]
    return any(r["lo"] <= value <= r["hi"] for r in alike)
