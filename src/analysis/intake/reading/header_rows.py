"""Which rows of a sheet could be its header: one row, or two of which the upper one groups columns of the lower."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np

from analysis.intake.cleaning.text import compact
from analysis.intake.cleaning.words import words
from analysis.intake.reading.header_units import split_unit

AGAIN = "#"  # before the number of a header that stands in the row again
BETWEEN = "/"  # between an upper header and the one below it: ``group/header``


@dataclass(frozen=True)
class HeaderRow:
    """A row that could be the header (the lower one of two), with the name of each column.

    ``places``: comparable header -> column. ``merged``: columns whose header is merged down over both rows.
    ``is_grouped``: whether an upper header is merged across several columns.
    """

    row: int
    names: tuple[str, ...]
    places: dict[str, int]
    merged: frozenset[int] = frozenset()
    is_grouped: bool = False
    depth: int = 1


@lru_cache(maxsize=1 << 14)
def header_key(header: str) -> str:
    """A header made comparable: without spaces, line breaks, width, case and marks of a form; number marks stay."""
    flat = compact(header)
    return _form_marks().sub("", flat) or flat


@cache
def _form_marks() -> re.Pattern[str]:
    """What platforms add to a question: ``*`` where it must be answered, its type, who fills it in."""
    types = "|".join(re.escape(compact(word)) for word in words().questionnaire.types)
    opening, closing = map(re.escape, words().options.asked)
    return re.compile(rf"^\*|[\[({opening}](?:{types})[\]){closing}]|\*$")


def header_places(cells: Iterable[str]) -> dict[str, int]:
    """Comparable header -> column; the second of two equal headers is ``header#2``, so that both can be named."""
    places: dict[str, int] = {}
    seen: dict[str, int] = {}
    cells = tuple(cells)
    for at, cell in enumerate(cells):
        key = header_key(cell)
        if not key:
            continue
        seen[key] = seen.get(key, 0) + 1
        places[key if seen[key] == 1 else f"{key}{AGAIN}{seen[key]}"] = at
    return _other_names(cells, places) | places


def _other_names(cells: Sequence[str], places: Mapping[str, int]) -> dict[str, int]:
    """What else a column may be called: its header without the unit, or the one before it with ``#2``."""
    bare = [split_unit(key)[0] for key in places]
    out = {b: at for b, at in zip(bare, places.values(), strict=True) if bare.count(b) == 1}
    for at in half_headers(cells):
        out.setdefault(f"{header_key(cells[at - 1])}{AGAIN}2", at)
    return out


def header_names(cells: Iterable[str]) -> list[str]:
    """The headers as they stand there, the second of two equal ones as ``header#2``, so that all are distinct."""
    seen: dict[str, int] = {}
    names = []
    for cell in cells:
        key = header_key(cell)
        seen[key] = seen.get(key, 0) + 1
        names.append(f"{cell.strip()}{AGAIN}{seen[key]}" if key and seen[key] > 1 else cell.strip())
    return names


def half_headers(cells: Sequence[str]) -> list[int]:
    """Columns that a machine had to name (``Column 56``), right behind one that has a header of its own."""
    is_machine = [_machine_header().fullmatch(header_key(cell)) is not None for cell in cells]
    return [
        at
        for at in range(1, len(cells))
        if is_machine[at] and cells[at - 1].strip() and not is_machine[at - 1]
    ]


@cache
def _machine_header() -> re.Pattern[str]:
    """A word for a column, and its number."""
    named = "|".join(re.escape(compact(word)) for word in words().questionnaire.half_headers)
    return re.compile(rf"(?:{named})\d+")


def header_rows(cells: np.ndarray) -> Iterator[HeaderRow]:
    """Every single row from the top, then every two rows that look like a header over two rows."""
    texts = [tuple(str(cell) for cell in row) for row in cells]
    for row, names in enumerate(texts):
        yield HeaderRow(row, names, header_places(names))
    for row in range(1, len(texts)):
        if _is_double(texts[row - 1], texts[row]):
            yield _double(row, texts[row - 1], texts[row])


def _is_double(upper: Sequence[str], lower: Sequence[str]) -> bool:
    """Two filled rows; a title has only one cell."""
    return sum(bool(cell.strip()) for cell in upper) > 1 and any(cell.strip() for cell in lower)


def _double(row: int, upper: Sequence[str], lower: Sequence[str]) -> HeaderRow:
    """Two rows as one header: a lower header alone where no other is alike, else with its group before it."""
    groups, is_grouped = _groups(upper, lower)
    plain = [low if low.strip() else up for up, low in zip(upper, lower, strict=True)]
    keys = [header_key(name) for name in plain]
    full = [
        f"{group}{BETWEEN}{name}" if group else name
        for group, name in zip(groups, plain, strict=True)
    ]
    names = tuple(
        name if keys.count(key) == 1 else whole
        for name, key, whole in zip(plain, keys, full, strict=True)
    )
    both = header_places(full) | header_places(names)
    places = dict(sorted(both.items(), key=lambda place: place[1]))
    merged = frozenset(k for k, low in enumerate(lower) if upper[k].strip() and not low.strip())
    return HeaderRow(row, names, places, merged, is_grouped, depth=2)


def _groups(upper: Sequence[str], lower: Sequence[str]) -> tuple[list[str], bool]:
    """The upper header over each lower one (empty over none), and whether one of them reaches over several."""
    groups, current, is_grouped = [], "", False
    for up, low in zip(upper, lower, strict=True):
        is_grouped |= bool(current and low.strip() and not up.strip())
        current = up.strip() or current
        groups.append(current if low.strip() else "")
        current = current if low.strip() else ""
    return groups, is_grouped
