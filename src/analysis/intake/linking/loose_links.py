"""The looser second pass for people known by name only: who of this snapshot is who of the next, where only one can be.

A looser form links two names only if it is the form of exactly one name in each snapshot, counting also the
names that are linked already, so that a second person of like name blocks the link.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from analysis.intake.cleaning.names import parts_table
from analysis.intake.cleaning.text import is_among

PAIRS = ["base", "later", "link_pass"]


def link_loosely(base: pd.DataFrame, later: pd.DataFrame) -> pd.DataFrame:
    """Pairs of name forms, ``base`` and ``later``, with the pass that linked them; each form at most once.

    Both frames: one row per post with ``name_form``, ``school_id`` and, if delivered, ``post``.
    """
    pairs = pd.DataFrame(columns=PAIRS)
    if base.empty or later.empty:
        return pairs
    left, right = _with_parts(base), _with_parts(later)
    is_here, is_there = is_among(left["form"], right["form"]), is_among(right["form"], left["form"])
    left, right = left.assign(is_open=~is_here), right.assign(is_open=~is_there)
    for name, keys in PASSES.items():
        found = _one_to_one(keys(left), keys(right))
        found = found[_middle_agrees(found)][["base", "later"]].assign(link_pass=name)
        pairs = pd.concat([pairs, found], ignore_index=True)
        left["is_open"] &= ~is_among(left["form"], pairs["base"])
        right["is_open"] &= ~is_among(right["form"], pairs["later"])
    return pairs


def _with_parts(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with the parts of their names, in row order."""
    parts = parts_table(rows["name_form"])
    columns = [c for c in ("name_form", "school_id", "post") if c in rows]
    return rows[columns].merge(parts, left_on="name_form", right_on="form", how="inner")


def spelling_keys(rows: pd.DataFrame) -> pd.DataFrame:
    """The name without marks, accents, suffix and middle initial."""
    return _keys(rows, rows["key"])


def half_surname_keys(rows: pd.DataFrame) -> pd.DataFrame:
    """Each half of a hyphenated surname with the given name, beside the plain names."""
    halved = rows[rows["halves"] != ""]
    halved = halved.assign(halves=halved["halves"].str.split(" ")).explode("halves")
    keyed = halved["halves"].astype("str") + "|" + halved["given"]
    return pd.concat([_keys(rows, rows["key"]), _keys(halved, keyed)], ignore_index=True)


def same_post_keys(rows: pd.DataFrame) -> pd.DataFrame:
    """The post, its school and the given name: a surname that changed while everything else stayed."""
    if "post" not in rows:
        return _keys(rows.iloc[:0], rows["key"].iloc[:0])
    held = rows[rows["post"].notna() & (rows["given"] != "")]
    return _keys(held, held["post"] + "|" + held["school_id"].fillna("") + "|" + held["given"])


PASSES: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "spelling": spelling_keys,
    "half_surname": half_surname_keys,
    "same_post": same_post_keys,
}


def _keys(rows: pd.DataFrame, keys: pd.Series) -> pd.DataFrame:
    """One row per name and key: ``form``, ``middle``, ``is_open``, ``key``."""
    out = rows[["form", "middle", "is_open"]].assign(key=keys)
    return out.drop_duplicates(["form", "key"])


def _one_to_one(left: pd.DataFrame, right: pd.DataFrame) -> pd.DataFrame:
    """Open names that share a key which belongs to exactly one name on each side."""
    found = _single(left).merge(_single(right), on="key", suffixes=("", "_later"))
    found = found.rename(columns={"form": "base", "form_later": "later"})
    return found.drop_duplicates("base").drop_duplicates("later")


def _single(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows whose key no other name of the snapshot has, as far as they are not linked yet."""
    is_single = ~rows.duplicated("key", keep=False)
    return rows[is_single & rows["is_open"]]


def _middle_agrees(pairs: pd.DataFrame) -> pd.Series:
    """Whether two names have the same middle initial, or one of them has none."""
    before, after = pairs["middle"], pairs["middle_later"]
    return (before == after) | (before == "") | (after == "")
