"""Rows that no number and no exact name links: the one person they most probably mean, if that is sure enough."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.intake.linking.fellegi_sunter import posteriors
from analysis.intake.linking.near_names import LEVELS, near_pairs

SURE = (
    0.98  # from here a link is made: on invented bureaus fewer than 5 in 1,000 such links are wrong
)
LIKELY = 0.5  # from here the loose count of people who stayed takes a link for true
MARGIN = 0.5  # by how much the second-best person must be less probable
LINKS = ["row", "known", "probability"]


def probable_links(
    asked: pd.DataFrame,
    known: pd.DataFrame,
    fields: Sequence[str],
    least: float = SURE,
    crowd: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """``row`` (index of ``asked``), ``known`` (a person) and ``probability`` of every link that is likely enough.

    ``asked``: one row per row to link. ``known``: people by ``person``, several rows where one has several values.
    Both with ``name_form`` and ``fields``, which count where both frames have them. Only people whose name is
    near are looked at. Each row is linked at most once; a person may be meant by several rows. ``crowd``: everybody
    among whom chance may make two people alike, if ``known`` are only those who can be meant.
    """
    shared = [f for f in fields if f in asked and f in known]
    pairs = compare(asked, known, shared, known if crowd is None else crowd)
    if pairs.empty:
        return pd.DataFrame(columns=LINKS)
    pairs["probability"] = posteriors(pairs, shared, len(asked), known["person"].nunique())
    return _best(pairs, least)


def _best(pairs: pd.DataFrame, least: float) -> pd.DataFrame:
    """The likeliest person of each row, where likely enough and well before the second."""
    ranked = pairs.sort_values(["probability", "known"], ascending=[False, True], kind="stable")
    first = ranked.drop_duplicates("row")
    second = ranked[~ranked.index.isin(first.index)].drop_duplicates("row")
    behind = first["row"].map(second.set_index("row")["probability"]).fillna(0.0)
    is_clear = (first["probability"] >= least) & (first["probability"] - behind >= MARGIN)
    return first.loc[is_clear, LINKS].sort_values("row", ignore_index=True)


def compare(
    asked: pd.DataFrame, known: pd.DataFrame, fields: Sequence[str], crowd: pd.DataFrame
) -> pd.DataFrame:
    """One row per asked row and person of near name: how near, which fields agree, each value's share of the crowd.

    Whoever shares a slip of the pen and nothing else is left out: there are many of them and none is likely.
    """
    names = near_pairs(asked["name_form"], crowd["name_form"])
    names["level_u"] = _near_shares(names, crowd)
    rows = asked[["name_form", *fields]].rename_axis("row").reset_index()
    pairs = rows.merge(names.rename(columns={"left": "name_form"}), on="name_form")
    codes, persons = pd.factorize(known["person"])
    people = known[["name_form", *fields]].assign(known=codes).drop_duplicates()
    people = people.rename(columns={"name_form": "right"})
    pairs = pairs.merge(people, on="right", suffixes=("", "_known"))
    for name in fields:
        pairs[f"{name}_u"] = pairs[name].map(shares(crowd, name)).astype("float64").fillna(0.0)
        pairs[name] = _agreement(pairs[name], pairs[f"{name}_known"])
    is_near = pairs["level"] != LEVELS[-1]
    single = _of_person(pairs[is_near | (pairs[list(fields)] == 1).any(axis=1)], fields)
    return single.assign(known=persons.to_numpy(object)[single["known"]])


def _agreement(asked: pd.Series, known: pd.Series) -> pd.Series:
    """1 where two values agree, 0 where they differ, missing where one is not there."""
    is_known = asked.notna() & known.notna()
    return (asked.astype(object) == known.astype(object)).astype("float64").where(is_known)


def _of_person(pairs: pd.DataFrame, fields: Sequence[str]) -> pd.DataFrame:
    """One row per asked row and person: the nearest name, and agreement with any value of the person."""
    depth = pairs["level"].map({level: at for at, level in enumerate(LEVELS)})
    columns = ["row", "known", "level", "level_u", *fields, *(f"{name}_u" for name in fields)]
    ranked = pairs[columns].assign(depth=depth).sort_values(["row", "known", "depth"])
    single = ranked.drop_duplicates(["row", "known"]).reset_index(drop=True)
    best = ranked.groupby(["row", "known"], sort=True)[list(fields)].max()
    return single.assign(**{name: best[name].to_numpy() for name in fields})


def shares(crowd: pd.DataFrame, name: str) -> dict[object, float]:
    """Value -> share of the crowd who have it."""
    values = crowd[["person", name]].dropna().drop_duplicates()
    counts = values[name].astype(object).value_counts() / crowd["person"].nunique()
    return dict(counts)


def _near_shares(names: pd.DataFrame, crowd: pd.DataFrame) -> pd.Series:
    """Per pair of names the share of the crowd whose name is as near to the one on the left."""
    bearers = crowd[["person", "name_form"]].drop_duplicates()["name_form"].astype(object)
    counts = names["right"].map(bearers.value_counts())
    near = counts.groupby([names["left"], names["level"]]).transform("sum")
    return near / crowd["person"].nunique()
