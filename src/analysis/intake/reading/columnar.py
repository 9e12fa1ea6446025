"""Parquet files, as a data centre exports them: every column as the text that a workbook would show."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from analysis.errors import DataError
from analysis.intake.cleaning.text import plain_number
from analysis.intake.reading.sheets import RawSheet


def read_columnar(path: Path) -> list[RawSheet]:
    """The one table of a Parquet file; the first row of its cells are the column names.

    Raises DataError for a file that is damaged or has no columns.
    """
    try:
        table = pq.read_table(path, partitioning=None, memory_map=False)
    except (pa.ArrowException, OSError) as error:
        raise DataError("file_damaged", file=path.name, detail=error) from error
    if not table.num_columns:
        raise DataError("file_empty", file=path.name, sheet="-")
    names = np.array(table.column_names, dtype=object)
    columns: list[np.ndarray] = [
        np.append(names[[at]], column_texts(c)) for at, c in enumerate(table.columns)
    ]
    return [RawSheet(file=path.name, sheet="", cells=pd.DataFrame(dict(enumerate(columns))))]


def column_texts(column: pa.ChunkedArray) -> np.ndarray:
    """The cells of a column as texts; each different value is spelled once, so that long columns stay small."""
    if pa.types.is_nested(column.type):  # lists and records are no cells; nobody can map them
        return np.array(["" if v is None else str(v) for v in column.to_pylist()], dtype=object)
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    coded = column.unify_dictionaries().combine_chunks()
    coded = coded.chunk(0) if isinstance(coded, pa.ChunkedArray) else coded
    words = np.array([*_spelled(coded.dictionary), ""], dtype=object)
    codes = coded.indices.cast(pa.int64()).fill_null(len(words) - 1)
    return words[codes.to_numpy(zero_copy_only=False)]


def _spelled(values: pa.Array) -> list[str]:
    """The texts of different values: a date as ISO, 3.0 as ``3``, nothing as an empty text."""
    kind = values.type
    if pa.types.is_floating(kind):
        # a single-precision 85.3 is 85.3, not its nearest double
        numbers = values.to_numpy(False)
        return [plain_number(float(str(v))) if np.isfinite(v) else "" for v in numbers]
    if pa.types.is_boolean(kind):
        return [str(value).upper() for value in values.to_pylist()]
    if pa.types.is_timestamp(kind):
        return _moments(values)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return ["" if text.isspace() else text for text in values.fill_null("").to_pylist()]
    return [str(value) for value in values.to_pylist()]


def _moments(values: pa.Array) -> list[str]:
    """Moments to the second; midnight stands for the day."""
    local = pc.local_timestamp(values) if values.type.tz else values
    seconds = local.cast(pa.timestamp("s"), safe=False)
    texts = pc.strftime(seconds, "%Y-%m-%d %H:%M:%S").to_pylist()
    return [text.removesuffix(" 00:00:00") for text in texts]
