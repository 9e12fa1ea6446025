"""Match rates: how many were found, by what, and how surely."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import pandas as pd

from analysis.intake.cleaning.text import is_among

LINK_COLUMNS = ("table", "year", "link_pass", "found", "n_rows", "n_linked", "share")
CONFIDENCE_COLUMNS = ("table", "year", "link_pass", "confidence", "n_links")
NAME_KEYS = ("exact_text", "space_case", "loose")

# How often a link of a pass is right. Where invented bureaus of 900 to 20,000 teachers (who is who is known there;
# tests/intake/linking/test_precision.py) had no wrong link among n, one less three nth parts is stated, the lower
# end of what such a count allows (Hanley and Lippman-Hand 1983), rounded down. Where nobody can know, as with changed
# surnames on a real roster, the share that chance does not explain (tests/intake/test_linking_cps.py).
CONFIDENCE: Mapping[str, float] = {
    "person_number": 0.9999,
    "number_cut": 0.999,
    "staff_number": 0.9999,
    "name_school": 0.999,
    "name": 0.99,
    "own_number": 0.999,
    "spelling": 0.95,
    "half_surname": 0.95,
    "same_post": 0.95,
    "ambiguous": 0.0,  # a row of its own: linked to nobody
}


def stated_confidence(passes: pd.Series, given: pd.Series) -> pd.Series:
    """The confidence of each link: that of its model where ``given``, else what is stated for its pass."""
    known = given.astype("float64")
    return known.fillna(passes.astype(object).map(dict(CONFIDENCE))).astype("float64")


def snapshot_pairs(rows: pd.DataFrame) -> list[tuple[int, int]]:
    """Each snapshot year with the next one there is."""
    years = sorted(int(y) for y in rows["year"].unique())
    return list(pairwise(years))


def pass_rates(rows: pd.DataFrame) -> pd.DataFrame:
    """Of the people of each snapshot, how many stand on the next, by the pass that tells them apart there."""
    lines = []
    for before, after in snapshot_pairs(rows):
        base = rows[(rows["year"] == before) & ~rows["has_ambiguous_name"]]
        later = rows[rows["year"] == after]
        passes = base["person"].map(later.set_index("person")["link_pass"])
        for name, count in passes.value_counts().sort_index().items():
            lines.append(("roster", after, name, "in_bureau", len(base), int(count)))
    return link_table(lines)


def name_rates(posts: pd.DataFrame) -> pd.DataFrame:
    """Followed shares of teachers known by name only, under each form of the name; empty where numbers are used."""
    is_named = posts["link_pass"] != "person_number"
    if is_named.mean() <= 0.5 or "is_teacher" not in posts:
        return link_table([])
    # a name that several people bear is followed as a name here, so that the three forms are comparable
    is_told = posts["link_pass"] != "ambiguous"
    loose = posts["person"].where(is_told, "N:" + posts["name_form"])
    keyed = posts.assign(exact_text=posts["name"], space_case=posts["name_form"], loose=loose)
    lines = []
    for before, after in snapshot_pairs(posts):
        base, later = keyed[keyed["year"] == before], keyed[keyed["year"] == after]
        lines += [line for key in NAME_KEYS for line in follow(base, later, key)]
    return link_table(lines)


def follow(base: pd.DataFrame, later: pd.DataFrame, key: str) -> Iterator[tuple[object, ...]]:
    """Of the teachers whose name is on one teaching post: found in any post, as teacher, as teacher in the same school.

    Both frames: one row per post with ``key``, ``name_form``, ``is_teacher``, ``school_id`` and ``year``.
    """
    unique_by = "exact_text" if key == "exact_text" else "space_case"
    teachers = base[(base["is_teacher"] == "yes") & (base["name_form"] != "")]
    teachers = teachers[~teachers.duplicated(unique_by, keep=False)]
    teaching = later[later["is_teacher"] == "yes"]
    posts = {
        "in_bureau": is_among(teachers[key], later[key]),
        "still_teacher": is_among(teachers[key], teaching[key]),
        "same_school": _in_pairs(teachers, teaching, [key, "school_id"]),
    }
    year = int(later["year"].iloc[0])
    for found, is_found in posts.items():
        yield "roster", year, key, found, len(teachers), int(is_found.sum())


def _in_pairs(rows: pd.DataFrame, later: pd.DataFrame, columns: list[str]) -> pd.Series:
    """Whether the values of several columns occur together in the later rows."""
    known = pd.MultiIndex.from_frame(later[columns])
    return pd.Series(pd.MultiIndex.from_frame(rows[columns]).isin(known), index=rows.index)


def row_rates(rows: pd.DataFrame, table: str) -> pd.DataFrame:
    """Match rates of one table by year and pass; rows without any name or number count as asked, never as linked."""
    lines = []
    for year, group in rows.groupby("year"):
        for name, count in group["link_pass"].value_counts().sort_index().items():
            lines.append((table, int(year), name, "on_roster", len(group), int(count)))
    return link_table(lines)


def link_table(lines: Sequence[tuple[object, ...]]) -> pd.DataFrame:
    """Match rates as a table: table, year, link_pass, what was found, rows asked, rows linked and their share."""
    frame = pd.DataFrame(lines, columns=list(LINK_COLUMNS[:-1]))
    numbers = frame[["n_rows", "n_linked"]].astype("float64")
    share = (numbers["n_linked"] / numbers["n_rows"]).where(numbers["n_rows"] > 0)
    types = {"table": "str", "link_pass": "str", "found": "str"}
    counts = {"year": "int64", "n_rows": "int64", "n_linked": "int64"}
    return frame.assign(share=share).astype(types | counts)


def confidence_table(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Links of every table by year and pass, with their mean confidence: columns ``CONFIDENCE_COLUMNS``."""
    parts = [
        _confidences(name, rows)
        for name, rows in tables.items()
        if {"link_pass", "link_confidence"} <= set(rows.columns)
    ]
    filled = [part for part in parts if not part.empty]
    columns = list(CONFIDENCE_COLUMNS)
    out = pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=columns)
    kinds = {"table": "str", "link_pass": "str", "year": "int64", "n_links": "int64"}
    return out[columns].astype(kinds | {"confidence": "float64"})


def _confidences(table: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Mean confidence and number of the links of one table; a row of an ambiguous name is no link."""
    linked = rows[rows["link_pass"].notna() & (rows["link_pass"] != "ambiguous")]
    groups = linked.groupby(["year", "link_pass"], sort=True)["link_confidence"]
    return groups.agg(confidence="mean", n_links="size").reset_index().assign(table=table)
