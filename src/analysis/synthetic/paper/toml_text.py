"""The text files beside a delivery: TOML and JSON."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

DECIMALS = 6


def write_text(path: Path, text: str) -> Path:
    """A text file in UTF-8 with plain line ends."""
    path.write_bytes(text.encode("utf-8"))
    return path


def json_text(values: Mapping[str, Any]) -> str:
    """JSON with a line for each key of ``values``, sorted, numbers to six decimals.

    So that the last bits of a sum on another machine do not show. Only a text without indents is made by the
    fast encoder. Raises ValueError for a number that is none.
    """
    exact = json.dumps(values, ensure_ascii=False, allow_nan=False, default=_plain)
    rounded = json.loads(exact, parse_float=lambda text: round(float(text), DECIMALS))
    lines = [f"{json.dumps(k)}: {_compact(rounded[k])}" for k in sorted(rounded)]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _plain(value: Any) -> Any:
    """A numpy number as Python's."""
    return value.item()


def toml_text(values: Mapping[str, Any], tables: Sequence[Mapping[str, Any]], name: str) -> str:
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
