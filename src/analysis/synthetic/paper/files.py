"""Writes tables as the files that offices send: CSV in several encodings, workbooks with a title row."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

# workbooks carry the day they were made; ours is the same in every run
MADE_DAY = (12, 31)


def write_csv(path: Path, table: pd.DataFrame, encoding: str) -> Path:
    """A CSV file with Windows line ends; ``encoding`` is gb18030 or utf-8-sig."""
    text = table.to_csv(index=False, lineterminator="\r\n")
    path.write_bytes(text.encode(encoding))
    return path


def write_workbook(
    path: Path, table: pd.DataFrame, sheet: str, title: str, last_row: list[Any], year: int
) -> Path:
    """One sheet: a title row merged over the table if there is a title, headers, rows, and a last row if given."""
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        book.set_properties({"created": dt.datetime(year, *MADE_DAY), "author": ""})
        page = book.add_worksheet(sheet)
        start = 0
        if title:
            page.merge_range(0, 0, 0, len(table.columns) - 1, title)
            start = 1
        page.write_row(start, 0, list(table.columns))
        columns = [table[name].tolist() for name in table.columns]
        row = start
        for row, cells in enumerate(zip(*columns, strict=True), start + 1):
            page.write_row(row, 0, [None if cell == "" else cell for cell in cells])
        if last_row:
            page.write_row(row + 1, 0, last_row)
    return path


def write_text(path: Path, text: str) -> Path:
    """A text file in UTF-8 with plain line ends."""
    path.write_bytes(text.encode("utf-8"))
    return path


def toml_text(values: Mapping[str, Any], tables: list[Mapping[str, Any]], name: str) -> str:
    """TOML of top-level values and an array of tables ``name``, whose entries may hold tables of strings."""
    lines = [f"{key} = {_toml_value(value)}" for key, value in values.items()]
    for table in tables:
        lines += ["", f"[[{name}]]", *_toml_table(table, name)]
    return "\n".join(lines) + "\n"


def _toml_table(table: Mapping[str, Any], path: str) -> list[str]:
    plain = {k: v for k, v in table.items() if not isinstance(v, Mapping)}
    nested = {k: v for k, v in table.items() if isinstance(v, Mapping)}
    lines = [f"{_toml_key(key)} = {_toml_value(value)}" for key, value in plain.items()]
    for key, inner in nested.items():
        below = f"{path}.{_toml_key(key)}"
        body = _toml_table(inner, below)
        has_values = any(not isinstance(v, Mapping) for v in inner.values())
        lines += [f"[{below}]", *body] if has_values else body
    return lines


def _toml_key(key: str) -> str:
    return (
        key
        if key.isascii() and key.replace("_", "").isalnum()
        else json.dumps(key, ensure_ascii=False)
    )


def _toml_value(value: Any) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False)
