"""TOML as a draft needs it: any header and any file name, comments beside the values, always the same bytes."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator, Mapping

GUESS = "# ? "  # begins what is only a guess
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")
Value = str | int | float | bool | dt.date


def toml_key(name: str) -> str:
    """A key, quoted unless it is plain."""
    return name if _BARE.fullmatch(name) else toml_value(name)


def toml_value(value: Value) -> str:
    """A text, number, truth value or date."""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return json.dumps(value)


def toml_pair(key: str, value: Value) -> str:
    """One line ``key = value``."""
    return f"{toml_key(key)} = {toml_value(value)}"


def toml_table(path: str, values: Mapping[str, Value]) -> Iterator[str]:
    """A table with its header; nothing for an empty one."""
    if values:
        yield f"[{path}]"
        yield from (toml_pair(key, value) for key, value in values.items())


def toml_list(key: str, values: Iterable[str]) -> str:
    """One line with a list of texts."""
    return f"{toml_key(key)} = [{', '.join(toml_value(v) for v in values)}]"


def comment(text: str) -> str:
    """A text as it may stand behind a comment mark: one line, nothing a TOML file must not hold."""
    return _CONTROL.sub(" ", text)


def commented_out(lines: Iterable[str]) -> list[str]:
    """Lines that count only once somebody takes the mark away."""
    return [line if line.startswith("#") else f"{GUESS}{line}" for line in lines]
