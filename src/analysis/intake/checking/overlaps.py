"""Files of one delivery that say the same: every row of one list stands in another of the same table and year.

A "cleaned" copy sent beside the raw one, often with more rows, would count everybody twice where rows differ in a
detail; that one list is wholly inside another is told, so that the office can say which of them counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations

import pandas as pd

from analysis.intake.ledger import join_lines, write_lines
from analysis.intake.typed_rows import TypedRows

FEWEST = 10  # rows; shorter lists are inside each other by chance
WHO = ("person_number", "staff_number", "name", "school_id", "school_name")
PLACE = ("year", "snapshot")


@dataclass(frozen=True)
class Listed:
    """One part, its place among all parts, and who stands in it by each column that tells people or schools apart."""

    at: int
    part: TypedRows
    who: Mapping[str, frozenset[str]]


def overlap_lines(parts: Sequence[TypedRows]) -> pd.DataFrame:
    """A ledger line for each list of which all rows stand in another file of its table, year and delivery too."""
    groups: dict[tuple[str, int], list[Listed]] = {}
    for at, part in enumerate(parts):
        groups.setdefault((part.table, part.year), []).append(Listed(at, part, who_stands_in(part)))
    pairs = (pair for group in groups.values() for pair in _pairs(group))
    return join_lines(_told(a.part, b.part) for a, b in pairs if is_inside(a, b))


def who_stands_in(part: TypedRows) -> dict[str, frozenset[str]]:
    """The people and schools of a part, column by column; columns without any are left out."""
    found = {c: frozenset(part.frame[c].dropna()) for c in WHO if c in part.frame}
    return {column: values for column, values in found.items() if values}


def _pairs(group: Sequence[Listed]) -> Iterator[tuple[Listed, Listed]]:
    """Lists of two files that could be one list twice, the first no longer than the second."""
    for a, b in permutations(group, 2):
        sizes = (len(a.part.frame), -a.at), (len(b.part.frame), -b.at)
        if a.part.file != b.part.file and sizes[0] < sizes[1] and len(a.part.frame) >= FEWEST:
            yield a, b


def is_inside(inner: Listed, outer: Listed) -> bool:
    """Whether every row of one list stands in the other, by all columns of both; people or schools among them."""
    a, b = inner.part.frame, outer.part.frame
    who = [c for c in inner.who if c in b]
    if not who or not all(inner.who[c] <= outer.who.get(c, frozenset()) for c in who):
        return False  # nearly always enough
    shared = [c for c in a if c in b and not str(c).startswith("source_")]
    told = [c for c in shared if c not in PLACE]
    if len(told) < len(who) + 1 or not all(holds_values(b[c], a[c]) for c in told):
        return False
    rows, others = (_as_numbers(frame[shared]) for frame in (a, b))
    return bool(rows.isin(others).all())


def holds_values(outer: pd.Series, inner: pd.Series) -> bool:
    """Whether every value of one column stands in the other; far cheaper than comparing whole rows."""
    return set(inner.dropna().unique()) <= set(outer.dropna().unique())


def _as_numbers(rows: pd.DataFrame) -> pd.Series:
    """Each row as one number to compare."""
    texts = rows.astype("str").fillna("").astype(object)
    return pd.util.hash_pandas_object(texts, index=False)


def _told(inner: TypedRows, outer: TypedRows) -> pd.DataFrame:
    """How many rows of the one stand in how many of the other."""
    return write_lines(
        "entries_overlap",
        table=inner.table,
        year=inner.year,
        file=inner.file,
        sheet=inner.sheet,
        found=f"{len(inner.frame)} / {len(outer.frame)}",
        done=outer.file,
        n=len(inner.frame),
    )
