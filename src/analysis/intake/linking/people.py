"""Who is who on the rosters of all years: by identity number, else by staff number, else by name.

``person`` is a text like ``P:<number>`` or ``N:<name>`` that never leaves memory: ``persons.py`` turns it into a
keyed hash. Prefixes: P identity number, S staff number, N name, A a row of nobody in particular (ambiguous name).
"""

from __future__ import annotations

from itertools import pairwise

import pandas as pd

from analysis.intake.cleaning.names import name_forms
from analysis.intake.cleaning.text import is_among
from analysis.intake.ledger import join_lines, row_lines
from analysis.intake.linking.namesakes import Traits, fits, may_confirm, split_name, traits_of

ONE_PERSON_SHARE = 1.2  # full-time posts: the largest single post found on real rosters
TOLERANCE = 1e-9
TABLE = "roster"
TRAITS = ("sex", "birth_month", "work_start")  # what tells two people of one name apart


def prepare_roster(roster: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows that stand for somebody, in order of year, school, file and row, with ``name_form``; and the ledger.

    A row without name and number is a vacant post; a row equal in everything to an earlier one is a repeat.
    """
    order = ["year", "school_id", "source_year", "source_file", "source_sheet", "source_row"]
    rows = roster.sort_values(order, kind="stable").reset_index(drop=True)
    for column in ("name", "person_number", "staff_number"):
        if column not in rows:
            rows[column] = pd.Series(None, index=rows.index, dtype="str")
    rows["name_form"] = name_forms(rows["name"])
    is_vacant = (rows["name_form"] == "") & rows[["person_number", "staff_number"]].isna().all(
        axis=1
    )
    said = [c for c in rows if not str(c).startswith("source_")]
    is_repeat = rows.duplicated(said) & ~is_vacant
    lines = [
        row_lines("vacant_post", rows[is_vacant], TABLE),
        row_lines("repeated_row", rows[is_repeat], TABLE),
    ]
    return rows[~is_vacant & ~is_repeat].reset_index(drop=True), join_lines(lines)


def identify(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows with ``person`` and ``link_pass`` (by what they were told apart), and the ledger of doubtful numbers."""
    out, lines = _trust_numbers(rows)
    out = out.assign(person=None, link_pass="").astype({"person": "object"})
    has_number = out["person_number"].notna()
    _name(out, has_number, "P:" + out["person_number"], "person_number")
    _by_staff_number(out)
    _by_known_name(out)
    _by_own_name(out)
    return out, lines


def _name(rows: pd.DataFrame, chosen: pd.Series, person: pd.Series, link_pass: str) -> None:
    """Fill in person and pass for the chosen rows."""
    rows.loc[chosen, "person"] = person[chosen]
    rows.loc[chosen, "link_pass"] = link_pass


def _trust_numbers(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows without the numbers that two names of one snapshot share: they tell nobody apart."""
    out, lines = rows.copy(), []
    for column, rule in (
        ("person_number", "number_shared"),
        ("staff_number", "staff_number_shared"),
    ):
        names = rows[rows["name_form"] != ""].groupby(["year", column])["name_form"].nunique()
        shared = pd.MultiIndex.from_frame(rows[["year", column]]).isin(names[names > 1].index)
        lines.append(row_lines(rule, rows[shared], TABLE, variable=column))
        out.loc[shared, column] = None
    return out, join_lines(lines)


def _by_staff_number(rows: pd.DataFrame) -> None:
    """Rows without identity number: the person who bears this staff number and name elsewhere, else a new one."""
    keys = rows["staff_number"] + "|" + rows["name_form"]
    open_ = rows["person"].isna() & rows["staff_number"].notna()
    known = one_person(keys[~rows["person"].isna()], rows["person"])
    own = ("S:" + keys).astype(object)
    _name(rows, open_, look_up(keys, known).fillna(own), "staff_number")


def _by_known_name(rows: pd.DataFrame) -> None:
    """Rows without any usable number: the one person of this name known by a number, if it can be told which."""
    known = rows["person"].notna()
    open_ = rows["person"].isna() & is_among(rows["name_form"], rows.loc[known, "name_form"])
    open_ &= rows["name_form"] != ""
    if not open_.any():
        return
    found = _sole_namesake(rows, open_, known)
    _name(rows, found.notna(), found, "name")
    _name(rows, open_ & found.isna(), nobody(rows), "ambiguous")


def _by_own_name(rows: pd.DataFrame) -> None:
    """The rest: one person a name, several where rows of a name contradict each other or share nothing but the name.

    Rows that nothing but the name joins to earlier ones start a person of their own, whose first rows are marked.
    """
    open_ = rows["person"].isna()
    names = rows["name_form"][open_]
    _name(rows, open_, "N:" + rows["name_form"], "name")
    if not any(column in rows for column in TRAITS):
        return  # nothing is delivered that could tell two people of one name apart
    is_needed = may_confirm(rows)
    for name, group in rows[
        open_ & is_among(rows["name_form"], names[_may_be_several(rows[open_])])
    ].groupby("name_form", sort=False):
        _split(rows, name, group, is_needed)


def _may_be_several(rows: pd.DataFrame) -> pd.Series:
    """Rows of names whose rows differ in anything that tells people apart."""
    columns = [c for c in (*TRAITS, "school_id") if c in rows]
    counts = rows.groupby("name_form")[columns].transform("nunique")
    return (counts > 1).any(axis=1)


def _split(rows: pd.DataFrame, name: str, group: pd.DataFrame, is_needed: bool) -> None:
    """The persons of the rows of one name; changes ``rows`` in place."""
    found = split_name(traits_of(group), is_needed)
    alone = nobody(group)
    first: dict[str, int] = {}
    for index, told in zip(group.index, found, strict=True):
        if told is None:
            rows.loc[index, ["person", "link_pass"]] = [alone[index], "ambiguous"]
            continue
        label, at = told
        if first.setdefault(label, at) == at:
            rows.loc[index, "person"] = f"N:{name}|{label}" if label else f"N:{name}"
            continue
        rows.loc[index, "person"] = alone.iloc[at]
        if group.at[index, "year"] == group["year"].iloc[at]:
            rows.loc[index, "link_pass"] = "ambiguous"


def _sole_namesake(rows: pd.DataFrame, open_: pd.Series, known: pd.Series) -> pd.Series:
    """Per open row the only known person of its name and month of birth (of its name, if it has no month).

    Of several such people the only one who has been at its school. Nobody if that person stands on the same snapshot
    already, or if two rows of a snapshot claim the same person.
    """
    none = pd.Series(None, index=rows.index, dtype="str")
    month = rows.get("birth_month", none)
    dated = rows["name_form"] + "|" + month
    bare = rows["name_form"].where(month.isna())
    found = look_up(dated.where(open_), one_person(dated[known], rows["person"]))
    placed = dated + "|" + rows["school_id"]
    found = found.fillna(look_up(placed.where(open_), one_person(placed[known], rows["person"])))
    by_name = one_person(rows["name_form"][known], rows["person"])
    found = found.fillna(look_up(bare.where(open_), by_name))
    present = pd.MultiIndex.from_frame(rows.loc[known, ["year", "person"]])
    is_there = pd.MultiIndex.from_arrays([rows["year"], found]).isin(present)
    found = found.where(~is_there & ~_twice(rows["year"], found), None)
    return found.where(_speaks_for(rows, found, known), None)


def _speaks_for(rows: pd.DataFrame, found: pd.Series, known: pd.Series) -> pd.Series:
    """Whether a row and the person of its name do not contradict each other, and share more than the name."""
    asked = found.notna()
    theirs = rows[known & is_among(rows["person"], found[asked])]
    of_person: dict[str, list[Traits]] = {}
    for person, traits in zip(theirs["person"], traits_of(theirs), strict=True):
        of_person.setdefault(person, []).append(traits)
    is_needed = may_confirm(rows)
    own = zip(traits_of(rows[asked]), found[asked], strict=True)
    speaks = [fits(traits, of_person[person], is_needed) for traits, person in own]
    return pd.Series(speaks, index=rows.index[asked]).reindex(rows.index, fill_value=False)


def _twice(years: pd.Series, persons: pd.Series) -> pd.Series:
    """Rows of one snapshot that claim the same person."""
    claims = pd.DataFrame({"year": years, "person": persons})
    return claims.duplicated(keep=False) & persons.notna()


def one_person(keys: pd.Series, persons: pd.Series) -> pd.Series:
    """Key -> person, for keys that belong to exactly one person."""
    pairs = pd.DataFrame({"key": keys, "person": persons.reindex(keys.index)}).dropna()
    pairs = pairs.drop_duplicates()
    single = pairs[~pairs.duplicated("key", keep=False)]
    return single.set_index("key")["person"]


def look_up(keys: pd.Series, known: pd.Series) -> pd.Series:
    """The person of each key, as an object column so that missing ones may be filled with text."""
    return keys.astype(object).map(known.astype(object)).astype(object)


def nobody(rows: pd.DataFrame) -> pd.Series:
    """A person text of its own for every row that cannot be told apart."""
    where = [
        rows[c].astype("str") for c in ("source_year", "source_file", "source_sheet", "source_row")
    ]
    return "A:" + where[0].str.cat(where[1:], sep=":")


def fold_posts(
    rows: pd.DataFrame, most_share: float
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """One row per person and snapshot; all rows with their final person; the ledger.

    Several posts are one person if a number says so, or if one name holds at most 1.2 posts together: the main
    post is the larger one, then the one on the establishment, then the first; its share becomes the sum (at most
    ``most_share``). Otherwise every row stands for itself, marked ``has_ambiguous_name``.
    """
    every = rows.copy()
    together = ["year", "person"]
    is_double = every.duplicated(together, keep=False)
    shares = _shares(every)
    total = shares.groupby([every["year"], every["person"]]).transform("sum", min_count=1)
    fits = (total <= ONE_PERSON_SHARE + TOLERANCE) & shares.notna()
    is_doubtful = is_double & every["person"].str.startswith("N:") & ~fits
    every.loc[is_doubtful, "person"] = nobody(every)[is_doubtful]
    every.loc[is_doubtful, "link_pass"] = "ambiguous"
    main = _main_posts(every, shares, together)
    lines = _fold_lines(every, main, is_doubtful, fits)
    if "post_share" in main:
        main["post_share"] = total.where(~is_doubtful, shares).clip(upper=most_share)
    main["has_ambiguous_name"] = _ambiguous(every, main)
    return main.drop(columns="share"), every, lines


def _shares(rows: pd.DataFrame) -> pd.Series:
    """The share of each post; not known where it is not delivered."""
    if "post_share" in rows:
        return rows["post_share"]
    return pd.Series(float("nan"), index=rows.index)


def _main_posts(rows: pd.DataFrame, shares: pd.Series, together: list[str]) -> pd.DataFrame:
    """One post per person and snapshot: the largest share, then the establishment's, then the first."""
    is_staffed = rows["staffed_post"] == "yes" if "staffed_post" in rows else False
    ranked = rows.assign(share=shares, is_staffed=is_staffed)
    ranked = ranked.sort_values(["share", "is_staffed"], ascending=False, kind="stable")
    return ranked.drop_duplicates(together).sort_index().drop(columns="is_staffed")


def _fold_lines(
    every: pd.DataFrame, main: pd.DataFrame, is_doubtful: pd.Series, fits: pd.Series
) -> pd.DataFrame:
    """Ledger lines of second posts, of full posts in a second school, and of rows whose name several people bear."""
    second = every[~every.index.isin(main.index)]
    keys = pd.MultiIndex.from_frame(second[["year", "person"]])
    own = main.set_index(["year", "person"])["school_id"].reindex(keys).to_numpy()
    is_guest = (second["school_id"].to_numpy() != own) & ~fits[second.index].to_numpy()
    rule = pd.Series(is_guest, index=second.index).map({True: "listed_twice", False: "second_post"})
    return join_lines(
        [
            row_lines(rule, second, TABLE),
            row_lines("ambiguous_name", every[is_doubtful], TABLE, variable="name"),
        ]
    )


def _ambiguous(every: pd.DataFrame, main: pd.DataFrame) -> pd.Series:
    """Rows that cannot be followed: an ambiguous name in their own snapshot, or the same name so in the next."""
    doubtful = every.loc[every["link_pass"] == "ambiguous", ["year", "name_form"]].drop_duplicates()
    years = sorted(every["year"].unique())
    following = main["year"].map(dict(pairwise(years)))
    then = pd.MultiIndex.from_arrays([following, main["name_form"]])
    by_name = main["link_pass"] == "name"
    return (main["link_pass"] == "ambiguous") | (
        by_name & then.isin(pd.MultiIndex.from_frame(doubtful))
    )
