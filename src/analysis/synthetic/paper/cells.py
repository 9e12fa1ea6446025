"""Columns of a table as the texts that stand in its cells, whole columns at a time."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

TEXT = pa.large_string()
NUMBERS = "iuf"


def cell_texts(column: pd.Series) -> tuple[pa.Array, bool]:
    """The texts of one column, missing ones empty, and whether the column holds numbers.

    The texts are those of ``DataFrame.to_csv``: floats in their shortest form, a date without a time if no
    cell of the column has one.
    """
    dtype = column.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        return _words(column)
    if dtype.kind == "f":
        return _floats(column.to_numpy(dtype=float)), True
    if dtype.kind == "b":
        return _plain(pc.if_else(pa.array(column, from_pandas=True), "True", "False")), False
    if dtype.kind == "M":
        return _dates(column.to_numpy()), False
    return _values(column)


def _words(column: pd.Series) -> tuple[pa.Array, bool]:
    """Categories are spelled once, whatever the number of rows."""
    words, are_numbers = cell_texts(pd.Series(column.cat.categories))
    codes = column.cat.codes.to_numpy()
    return _plain(words.take(pa.array(codes, mask=codes < 0))), are_numbers


def _floats(values: np.ndarray) -> pa.Array:
    """Most columns hold few different numbers: each is spelled once."""
    codes, found = pd.factorize(values)
    texts = pa.array([repr(float(value)) for value in found], TEXT)
    return _plain(texts.take(pa.array(codes, mask=codes < 0)))


def _dates(values: np.ndarray) -> pa.Array:
    days: np.ndarray = values.astype("datetime64[D]")
    known = ~np.isnat(values)
    if (days[known] == values[known]).all():
        texts: np.ndarray = days.astype(str)
    else:
        texts = np.char.replace(values.astype("datetime64[s]").astype(str), "T", " ")
    return _plain(pa.array(texts, TEXT, mask=~known))


def _values(column: pd.Series) -> tuple[pa.Array, bool]:
    """Texts, whole numbers, or objects of several kinds in one column."""
    try:
        array = pa.array(column, from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        array = None
    if array is not None and pa.types.is_integer(array.type):
        return _plain(array.cast(TEXT)), True
    if array is None or not (
        pa.types.is_string(array.type) or pa.types.is_large_string(array.type)
    ):
        missing = column.isna().to_numpy()
        array = pa.array([str(cell) for cell in column], TEXT, mask=missing)
    return _plain(array), False


def _plain(texts: pa.Array) -> pa.Array:
    """One array of long texts without gaps."""
    whole = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    return whole.cast(TEXT).fill_null("")


def join_cells(parts: list[pa.Array | str]) -> pa.Array:
    """The texts of several columns joined row by row; a plain text between them stands in every row."""
    joined = [pa.scalar(part, TEXT) if isinstance(part, str) else part for part in parts]
    return pc.binary_join_element_wise(*joined, pa.scalar("", TEXT))


def holds_any(texts: pa.Array, marks: str) -> bool:
    """Whether one of these ASCII marks may stand in any of the texts: one look at the bytes of all."""
    data = texts.buffers()[2]
    if data is None:
        return False
    raw = np.frombuffer(data, dtype=np.uint8)
    return any(bool((raw == ord(mark)).any()) for mark in marks)


def row_bytes(rows: pa.Array, start: int, stop: int) -> bytes:
    """The texts of rows ``start`` to ``stop`` one after the other, as UTF-8."""
    _, offsets, data = rows.buffers()
    if data is None or start == stop:
        return b""
    at = np.frombuffer(offsets, dtype=np.int64)[rows.offset : rows.offset + len(rows) + 1]
    return data.slice(int(at[start]), int(at[stop] - at[start])).to_pybytes()
