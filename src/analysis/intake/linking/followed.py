"""How many people of each snapshot are on the next, by how strictly one asks who is who."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import pandas as pd

from analysis.intake.cleaning.text import is_among

FOLLOWED_COLUMNS = ("year", "link", "n_base", "n_followed", "n_gone", "rate")


def followed_table(rows: pd.DataFrame, people: Mapping[str, pd.Series]) -> pd.DataFrame:
    """Per report year and reading of who is who: teachers of the snapshot before, and how many are on this one.

    ``rows``: one row per person and snapshot. ``people``: name of the reading (``strict``: numbers and exact names
    with month of birth; ``main``: the one that is used; ``loose``: whatever is likelier than not) -> person of each
    row. The base is the same for all: teachers whom the main reading can follow. ``rate``: share gone from every
    roster of the year, for whatever cause (definition A4 of domain 2.1).
    """
    lines = []
    years = sorted(int(y) for y in rows["year"].unique())
    for before, after in pairwise(years):
        is_base = (rows["year"] == before) & (rows["is_teacher"] == "yes")
        is_base &= ~rows["has_ambiguous_name"]
        for link, person in people.items():
            is_there = is_among(person[is_base], person[rows["year"] == after])
            lines.append((after, link, int(is_base.sum()), int(is_there.sum())))
    return _with_rates(lines)


def _with_rates(lines: list[tuple[int, str, int, int]]) -> pd.DataFrame:
    """The counts with those who are gone, and their share."""
    frame = pd.DataFrame(lines, columns=list(FOLLOWED_COLUMNS[:4]))
    counts = frame.astype(
        {"year": "int64", "link": "str", "n_base": "int64", "n_followed": "int64"}
    )
    gone = counts["n_base"] - counts["n_followed"]
    return counts.assign(n_gone=gone, rate=(gone / counts["n_base"]).where(counts["n_base"] > 0))
