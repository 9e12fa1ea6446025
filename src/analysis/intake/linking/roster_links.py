"""Links the rosters of all years: who of one snapshot is who of another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from analysis.intake.cleaning.text import is_among
from analysis.intake.ledger import join_lines
from analysis.intake.linking.cut_numbers import restore_numbers
from analysis.intake.linking.followed import followed_table
from analysis.intake.linking.loose_links import link_loosely
from analysis.intake.linking.people import fold_posts, identify, look_up, prepare_roster
from analysis.intake.linking.probable import LIKELY, SURE
from analysis.intake.linking.probable_people import probable_people
from analysis.intake.linking.rates import (
    name_rates,
    pass_rates,
    snapshot_pairs,
    stated_confidence,
)

PAIR_COLUMNS = ["base", "later", "link_pass", "year"]


@dataclass(frozen=True)
class LinkedRoster:
    """The rosters of all years with everybody told apart.

    ``frame``: one row per person and snapshot. ``posts``: every post with its final ``person``, for linking other
    tables and for match rates. ``lines``: ledger. ``links``: match rates from each snapshot to the next.
    ``followed``: the share that left under a strict, the main and a loose reading of who is who.
    """

    frame: pd.DataFrame
    posts: pd.DataFrame
    lines: pd.DataFrame
    links: pd.DataFrame
    followed: pd.DataFrame


def link_roster(roster: pd.DataFrame, most_share: float = float("inf")) -> LinkedRoster:
    """Tell apart everybody on the rosters of all years; ``most_share`` caps the summed share of several posts."""
    rows, vacant = prepare_roster(roster)
    whole, restored = restore_numbers(rows, "roster")
    named, doubtful = identify(whole)
    folded, posts, second = fold_posts(named, most_share)
    pairs = chain_pairs(folded)
    roots = one_root(folded, pairs)
    chained, posts = _merge(folded, pairs, roots), _merge(posts, pairs, roots)
    likely = without_namesakes(probable_people(chained, LIKELY))
    sure = likely[likely["probability"] >= SURE]
    main, loose = same_people(chained, sure), same_people(chained, likely)
    frame, posts = join_people(chained, sure, main), join_people(posts, sure, main)
    people = {
        "strict": folded["person"],
        "main": frame["person"],
        "loose": look_up(chained["person"], pd.Series(loose, dtype=object)).fillna(
            chained["person"]
        ),
    }
    links = pd.concat([pass_rates(frame), name_rates(posts)], ignore_index=True)
    lines = join_lines([vacant, restored, doubtful, second])
    return LinkedRoster(frame, posts, lines, links, followed_table(frame, people))


def without_namesakes(links: pd.DataFrame) -> pd.DataFrame:
    """Links but those of two people of one name whom their rows contradict to be one (``N:<name>|<told by>``)."""
    names = [links[c].astype("str").str.split("|").str[0] for c in ("row", "known")]
    is_told_apart = (names[0] == names[1]) & names[0].str.startswith("N:")
    return links[~is_told_apart]


def chain_pairs(rows: pd.DataFrame) -> pd.DataFrame:
    """Loose pairs of people known by name only: ``base``, ``later``, ``link_pass``, ``year`` of the later snapshot."""
    by_name = rows[rows["person"] == "N:" + rows["name_form"]]
    parts = []
    for before, after in snapshot_pairs(rows):
        left, right = by_name[by_name["year"] == before], by_name[by_name["year"] == after]
        pairs = link_loosely(left, right).assign(year=after)
        parts.append(pairs.assign(base="N:" + pairs["base"], later="N:" + pairs["later"]))
    empty = pd.DataFrame(columns=PAIR_COLUMNS)
    return pd.concat([empty, *parts], ignore_index=True)


def one_root(rows: pd.DataFrame, pairs: pd.DataFrame) -> dict[str, str]:
    """Person -> the person they are the same as, named as the ``base`` of the pair.

    Two people who ever stand on one snapshot together stay two.
    """
    met = rows[is_among(rows["person"], pd.concat([pairs["base"], pairs["later"]]))]
    seen = met.groupby("person")["year"].agg(set).to_dict()
    roots: dict[str, str] = {}
    for base, later in zip(pairs["base"], pairs["later"], strict=True):
        first, other = roots.get(base, base), roots.get(later, later)
        if first == other or seen[first] & seen[other]:
            continue
        seen[first] |= seen[other]
        roots |= {p: first for p, root in roots.items() if root == other} | {other: first}
    return roots


def _merge(rows: pd.DataFrame, pairs: pd.DataFrame, roots: Mapping[str, str]) -> pd.DataFrame:
    """The rows with people whom a loose pass linked as one, and the pass where it linked them."""
    if not roots:
        return rows
    linked = pairs[pairs["later"].isin(roots)]
    passes = linked.set_index(["year", "later"])["link_pass"].to_dict()
    own = "N:" + rows["name_form"]
    paired = rows[is_among(own, linked["later"]) & (rows["link_pass"] == "name")]
    keys = zip(paired["year"], own[paired.index], strict=True)
    loose = pd.Series([passes.get(k) for k in keys], index=paired.index, dtype="object")
    link_pass = loose.reindex(rows.index).fillna(rows["link_pass"])
    person = look_up(rows["person"], pd.Series(roots)).fillna(rows["person"])
    return rows.assign(person=person, link_pass=link_pass)


def same_people(rows: pd.DataFrame, links: pd.DataFrame) -> dict[str, str]:
    """Person -> the person they most probably are, the surest links first."""
    order = links.sort_values("probability", ascending=False, kind="stable")
    return one_root(rows, order.rename(columns={"known": "base", "row": "later"}))


def join_people(rows: pd.DataFrame, links: pd.DataFrame, roots: Mapping[str, str]) -> pd.DataFrame:
    """The rows with people linked by probability as one, and ``link_confidence`` for every row."""
    known = {p: root for p, root in roots.items() if p != root}
    person = look_up(rows["person"], pd.Series(known, dtype=object))
    is_joined = person.notna()
    sureness = links.drop_duplicates("row").set_index("row")["probability"].astype(object)
    given = look_up(rows["person"].where(is_joined), sureness).astype("float64")
    out = rows.assign(
        person=person.fillna(rows["person"]),
        link_pass=rows["link_pass"].mask(is_joined, "probable"),
    )
    if "has_ambiguous_name" in rows:
        out["has_ambiguous_name"] = rows["has_ambiguous_name"] & ~is_joined
    return out.assign(link_confidence=stated_confidence(out["link_pass"], given))
