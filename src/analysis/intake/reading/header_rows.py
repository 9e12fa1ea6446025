"""Which rows of a sheet could be its header: one row, or two of which the upper one groups columns of the lower."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.intake.cleaning.text import compact

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


def header_key(header: str) -> str:
    """A header made comparable: without spaces, line breaks, width and case; number marks stay."""
    return compact(header)


def header_places(cells: Iterable[str]) -> dict[str, int]:
    """Comparable header -> column; the second of two equal headers is ``header#2``, so that both can be named."""
    places: dict[str, int] = {}
    seen: dict[str, int] = {}
    for at, cell in enumerate(cells):
        key = header_key(cell)
        if not key:
            continue
        seen[key] = seen.get(key, 0) + 1
        places[key if seen[key] == 1 else f"{key}#{seen[key]}"] = at
    return places


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
