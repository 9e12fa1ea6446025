"""Links people: rosters of one snapshot to the next, and every other table to the roster of the right snapshot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise

import pandas as pd

from analysis.intake.cleaning.names import name_forms
from analysis.intake.cleaning.text import is_among
from analysis.intake.ledger import join_lines, row_lines
from analysis.intake.linking.loose_links import link_loosely
from analysis.intake.linking.people import fold_posts, identify, look_up, one_person, prepare_roster

LINK_COLUMNS = ("table", "year", "link_pass", "found", "n_rows", "n_linked", "share")
NAME_KEYS = ("exact_text", "space_case", "loose")
ROW_PASSES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("person_number", ("person_number",)),
    ("staff_number", ("staff_number", "name_form")),
    ("name_school", ("name_form", "school_id")),
)


@dataclass(frozen=True)
class LinkedRoster:
    """The rosters of all years with everybody told apart.

    ``frame``: one row per person and snapshot. ``posts``: every post with its final ``person``, for linking other
    tables and for match rates. ``lines``: ledger. ``links``: match rates from each snapshot to the next.
    """

    frame: pd.DataFrame
    posts: pd.DataFrame
    lines: pd.DataFrame
    links: pd.DataFrame


def link_roster(roster: pd.DataFrame, most_share: float = float("inf")) -> LinkedRoster:
    """Tell apart everybody on the rosters of all years; ``most_share`` caps the summed share of several posts."""
    rows, vacant = prepare_roster(roster)
    named, doubtful = identify(rows)
    folded, posts, second = fold_posts(named, most_share)
    pairs = chain_pairs(folded)
    roots = one_root(folded, pairs)
    frame, posts = _merge(folded, pairs, roots), _merge(posts, pairs, roots)
    links = pd.concat([pass_rates(frame), name_rates(posts)], ignore_index=True)
    return LinkedRoster(frame, posts, join_lines([vacant, doubtful, second]), links)


def snapshot_pairs(rows: pd.DataFrame) -> list[tuple[int, int]]:
    """Each snapshot year with the next one there is."""
    years = sorted(int(y) for y in rows["year"].unique())
    return list(pairwise(years))


def chain_pairs(rows: pd.DataFrame) -> pd.DataFrame:
    """Loose pairs of people known by name only: ``base``, ``later``, ``link_pass``, ``year`` of the later snapshot."""
    by_name = rows[rows["person"].str.startswith("N:")]
    parts = []
    for before, after in snapshot_pairs(rows):
        left, right = by_name[by_name["year"] == before], by_name[by_name["year"] == after]
        parts.append(link_loosely(left, right).assign(year=after))
    empty = pd.DataFrame(columns=["base", "later", "link_pass", "year"])
    return pd.concat([empty, *parts], ignore_index=True)


def one_root(rows: pd.DataFrame, pairs: pd.DataFrame) -> dict[str, str]:
    """Person -> the person they are the same as, named as on the first snapshot.

    Two people who ever stand on one snapshot together stay two.
    """
    paired = pd.concat(["N:" + pairs["base"], "N:" + pairs["later"]])
    met = rows[is_among(rows["person"], paired)]
    seen = met.groupby("person")["year"].agg(set).to_dict()
    roots: dict[str, str] = {}
    for base, later in zip("N:" + pairs["base"], "N:" + pairs["later"], strict=True):
        first, other = roots.get(base, base), roots.get(later, later)
        if first == other or seen[first] & seen[other]:
            continue
        seen[first] |= seen[other]
        roots |= {p: first for p, root in roots.items() if root == other} | {other: first}
    return roots


def _merge(rows: pd.DataFrame, pairs: pd.DataFrame, roots: dict[str, str]) -> pd.DataFrame:
    """The rows with people whom a loose pass linked as one, and the pass where it linked them."""
    if not roots:
        return rows
    linked = pairs[("N:" + pairs["later"]).isin(roots)]
    passes = linked.set_index(["year", "later"])["link_pass"].to_dict()
    paired = rows[is_among(rows["name_form"], linked["later"]) & (rows["link_pass"] == "name")]
    keys = zip(paired["year"], paired["name_form"], strict=True)
    loose = pd.Series([passes.get(k) for k in keys], index=paired.index, dtype="object")
    link_pass = loose.reindex(rows.index).fillna(rows["link_pass"])
    person = look_up(rows["person"], pd.Series(roots)).fillna(rows["person"])
    return rows.assign(person=person, link_pass=link_pass)


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


def link_table(lines: Sequence[tuple[object, ...]]) -> pd.DataFrame:
    """Match rates as a table: table, year, link_pass, what was found, rows asked, rows linked and their share."""
    frame = pd.DataFrame(lines, columns=list(LINK_COLUMNS[:-1]))
    numbers = frame[["n_rows", "n_linked"]].astype("float64")
    share = (numbers["n_linked"] / numbers["n_rows"]).where(numbers["n_rows"] > 0)
    types = {"table": "str", "link_pass": "str", "found": "str"}
    counts = {"year": "int64", "n_rows": "int64", "n_linked": "int64"}
    return frame.assign(share=share).astype(types | counts)


def link_rows(rows: pd.DataFrame, posts: pd.DataFrame) -> pd.DataFrame:
    """The rows with ``person`` and ``link_pass``, found on the snapshot of the year before, else of the year itself.

    ``rows``: a typed table with ``link_year``. ``posts``: every post of every snapshot. By identity number, then
    staff number (and name, where both are given), then name and school, then a name that is unique in the bureau.
    """
    out = rows.assign(person=None, link_pass=None, name_form=name_forms(_texts(rows, "name")))
    out = out.astype({"person": "object", "link_pass": "object"})
    for column in ("person_number", "staff_number"):
        out[column] = _texts(rows, column)
    known = posts[["year", "person", *_linking_columns(posts)]]
    asked = out[["person", "link_pass", *_linking_columns(out)]]
    for year in sorted(int(y) for y in out["link_year"].unique()):
        chosen = out["link_year"] == year
        out.loc[chosen, ["person", "link_pass"]] = _link_year(asked[chosen], pools(known, year))
    return out


def _linking_columns(rows: pd.DataFrame) -> list[str]:
    """The columns that any pass looks at."""
    return [c for c in ("name_form", "school_id", "person_number", "staff_number") if c in rows]


def _texts(rows: pd.DataFrame, column: str) -> pd.Series:
    """A column, or missing texts where it was not delivered."""
    return rows[column] if column in rows else pd.Series(None, index=rows.index, dtype="str")


def pools(posts: pd.DataFrame, year: int) -> list[pd.DataFrame]:
    """Posts of the snapshots to look in: the year before, then the year; if neither is there, the nearest."""
    years = sorted(int(y) for y in posts["year"].unique())
    wanted = [y for y in (year - 1, year) if y in years]
    wanted = wanted or sorted(years, key=lambda y: (abs(y - year + 1), y))[:1]
    return [posts[posts["year"] == y] for y in wanted]


def _link_year(rows: pd.DataFrame, snapshots: list[pd.DataFrame]) -> pd.DataFrame:
    """Person and pass for the rows of one year."""
    out = rows[["person", "link_pass"]].copy()
    every = pd.concat(snapshots, ignore_index=True)
    steps = [(name, keys, posts) for name, keys in ROW_PASSES for posts in snapshots]
    for name, columns, posts in [*steps, ("name", ("name_form",), every)]:
        rows = rows[out.loc[rows.index, "person"].isna()]
        if rows.empty:
            break
        found = _found(rows, posts, columns)
        out.loc[found.index, "person"] = found
        out.loc[found.index, "link_pass"] = name
    return out


def _found(rows: pd.DataFrame, posts: pd.DataFrame, columns: Sequence[str]) -> pd.Series:
    """The person of each row whose key one person alone has; a staff number by itself serves rows without a name."""
    found = look_up(_keys(rows, columns), one_person(_keys(posts, columns), posts["person"]))
    if columns[0] == "staff_number":
        nameless = rows["staff_number"].where(rows["name_form"] == "")
        known = one_person(posts["staff_number"], posts["person"])
        found = found.fillna(look_up(nameless, known))
    return found.dropna()


def _keys(rows: pd.DataFrame, columns: Sequence[str]) -> pd.Series:
    """Several columns as one text; missing where one of them is missing or empty."""
    parts = [t.where(t != "") for t in (_texts(rows, c) for c in columns)]
    return reduce(lambda left, right: left + "|" + right, parts)


def own_people(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of a region without any roster: people are told apart by the number in the row itself."""
    number, staff = _texts(rows, "person_number"), _texts(rows, "staff_number")
    person = ("P:" + number).fillna("S:" + staff)
    return rows.assign(
        person=person,
        link_pass=person.where(person.isna(), "own_number"),
        name_form=name_forms(_texts(rows, "name")),
        person_number=number,
        staff_number=staff,
    )


def row_rates(rows: pd.DataFrame, table: str) -> pd.DataFrame:
    """Match rates of one table by year and pass; rows without any name or number count as asked, never as linked."""
    lines = []
    for year, group in rows.groupby("year"):
        for name, count in group["link_pass"].value_counts().sort_index().items():
            lines.append((table, int(year), name, "on_roster", len(group), int(count)))
    return link_table(lines)


def unlinked_lines(rows: pd.DataFrame, table: str) -> pd.DataFrame:
    """A ledger line per row that names somebody whom no roster knows, or whom two may be."""
    is_named = rows[["person_number", "staff_number"]].notna().any(axis=1) | (
        rows["name_form"] != ""
    )
    return row_lines("unlinked", rows[rows["person"].isna() & is_named], table)
