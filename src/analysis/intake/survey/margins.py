"""Who could have answered and who did, by the margins that both the roster and the answers know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import pandas as pd

MARGINS = ("area", "stage", "years_band", "staffed_post")
BANDS = (0, 4, 11, 21, 31)  # first whole year of teaching of each band
UNKNOWN = "unknown"
MERGED = "+"  # between the groups that were put together
LINKED_SHARE = (
    0.5  # of the answers, from which the linked ones are weighted by the roster's own columns
)
FILLED_SHARE = 0.95  # of unlinked answers that must fill a margin for it to be used
FEWEST = 5  # answers of a group; fewer make weights that rest on single persons


@dataclass(frozen=True)
class Margins:
    """The base roster and the answers of one questionnaire, each with one column per usable margin.

    ``answers`` has the index of the survey rows; a row with a gap gets no weight. ``day``: date of the roster.
    ``left_out``: margins that the roster has and the answers do not.
    """

    roster: pd.DataFrame
    answers: pd.DataFrame
    day: str
    left_out: tuple[str, ...] = ()


def base_roster(tables: Mapping[str, pd.DataFrame], year: int) -> pd.DataFrame:
    """The teachers of 1 September before the survey year, else of the year itself; empty if there is no roster."""
    roster = tables.get("roster")
    if roster is None:
        return pd.DataFrame()
    teachers = roster[roster["is_teacher"] == "yes"]
    before = teachers[teachers["year"] == year - 1]
    return teachers[teachers["year"] == year] if before.empty else before


def roster_groups(tables: Mapping[str, pd.DataFrame], base: pd.DataFrame) -> pd.DataFrame:
    """Each teacher of the base roster (index) with a group for every margin that the roster knows."""
    known: dict[str, pd.Series] = {}
    area = area_of(tables, base)
    if area is not None:
        known["area"] = area
    if "work_start" in base:
        known["years_band"] = band_of(whole_years(base["work_start"], base["year"]))
    known |= {c: base[c] for c in ("stage", "staffed_post") if c in base}
    groups = pd.DataFrame({m: known[m] for m in MARGINS if m in known and known[m].notna().any()})
    filled = groups.astype(object).where(groups.notna(), UNKNOWN)
    return filled.set_axis(base["teacher_id"].to_numpy(), axis=0)


def area_of(tables: Mapping[str, pd.DataFrame], rows: pd.DataFrame) -> pd.Series | None:
    """The area of each row's school by the school list of the row's year, else by the newest that has the school."""
    schools = tables.get("schools")
    if schools is None or "area" not in schools or "school_id" not in rows:
        return None
    facts = schools[schools["area"].notna()].sort_values("year")
    now = facts.drop_duplicates(["school_id", "year"]).set_index(["school_id", "year"])["area"]
    keys = pd.MultiIndex.from_arrays([rows["school_id"], rows["year"]])
    own = pd.Series(now.reindex(keys).to_numpy(dtype=object), index=rows.index)
    newest = facts.drop_duplicates("school_id", keep="last").set_index("school_id")["area"]
    return own.where(own.notna(), rows["school_id"].map(newest).astype(object))


def whole_years(months: pd.Series, years: pd.Series) -> pd.Series:
    """Whole years from ``YYYY-MM`` texts to 1 September of each year; missing where only a year is known."""
    parts = months.astype("string").str.extract(r"^(\d{4})-(\d{2})$").astype("Float64")
    since = (years.astype("Float64") - parts[0]) * 12 + (9 - parts[1])
    return (since // 12).astype("float64").set_axis(months.index)


def band_of(years: pd.Series) -> pd.Series:
    """The band of years of teaching: ``0-3``, ``4-10``, ``11-20``, ``21-30``, ``31-``."""
    edges = [*map(float, BANDS), float("inf")]
    names = [f"{a:g}-" + (f"{b - 1:g}" if b < edges[-1] else "") for a, b in pairwise(edges)]
    return pd.cut(years.astype("float64"), edges, right=False, labels=names).astype(object)


def own_groups(tables: Mapping[str, pd.DataFrame], answers: pd.DataFrame) -> pd.DataFrame:
    """The margins that unlinked answers bring themselves: area of the school named, years of teaching, codes."""
    found: dict[str, pd.Series] = {}
    area = area_of(tables, answers)
    if area is not None:
        found["area"] = area
    if "years_teaching" in answers:
        found["years_band"] = band_of(answers["years_teaching"])
    found |= {c: answers[c].astype(object) for c in ("stage", "staffed_post") if c in answers}
    return pd.DataFrame({m: found[m] for m in MARGINS if m in found}, index=answers.index)


def find_margins(
    tables: Mapping[str, pd.DataFrame], answers: pd.DataFrame, year: int
) -> Margins | None:
    """Margins of roster and answers; None without a roster.

    If at least half of the answers are linked, the roster tells the groups of those; otherwise all answers are
    taken by what they say themselves, with the margins that nearly all of them fill.
    """
    base = base_roster(tables, year)
    if base.empty:
        return None
    groups = roster_groups(tables, base)
    day = str(base["snapshot"].iloc[0]) if "snapshot" in base else str(int(base["year"].iloc[0]))
    is_on = answers["teacher_id"].isin(groups.index)
    if is_on.mean() >= LINKED_SHARE:
        mine = groups.reindex(answers["teacher_id"].where(is_on)).set_axis(answers.index, axis=0)
        return Margins(groups, mine, day)
    own = own_groups(tables, answers)
    usable = [m for m in groups if m in own and own[m].notna().mean() >= FILLED_SHARE]
    left_out = tuple(m for m in groups if m not in usable)
    return Margins(groups[usable], own[usable], day, left_out)


def merge_groups(roster: pd.Series, answers: pd.Series) -> dict[str, str]:
    """Group -> what it is counted as: groups with fewer than five answers (or nobody on the roster) are merged.

    The smallest goes first: a band into the band before it (the first into the next), any other group into the
    smallest of the others. What nothing is left to merge with stays alone.
    """
    n_roster, n_answers = roster.value_counts(), answers.value_counts()
    sets = [[g] for g in order_groups({*n_roster.index, *n_answers.index})]

    def size(groups: list[str]) -> int:
        on_roster = sum(int(n_roster.get(g, 0)) for g in groups)
        return sum(int(n_answers.get(g, 0)) for g in groups) if on_roster else -1

    while len(sets) > 1 and min(map(size, sets)) < FEWEST:
        at = min(range(len(sets)), key=lambda i: size(sets[i]))
        small = sets.pop(at)
        smallest = min(range(len(sets)), key=lambda i: size(sets[i]))
        to = max(at - 1, 0) if is_band(small[0]) else smallest
        sets[to] = [*sets[to], *small]
    return {g: MERGED.join(order_groups(groups)) for groups in sets for g in groups}


def empty_groups(margins: Margins) -> dict[str, dict[str, int]]:
    """Margin -> group without a complete answer -> how many are on the roster; nothing where nobody answered."""
    whole = margins.answers.dropna()
    if whole.empty:
        return {}
    counts = {m: margins.roster[m].value_counts() for m in margins.answers}
    found = {
        m: {g: int(sizes[g]) for g in order_groups({*sizes.index} - {*whole[m]})}
        for m, sizes in counts.items()
    }
    return {m: groups for m, groups in found.items() if groups}


def is_band(group: str) -> bool:
    """Whether a group is a band of years."""
    return group[:1].isdigit()


def order_groups(groups: set[str] | list[str]) -> list[str]:
    """Bands by their years, then the other groups by name."""
    return sorted(
        groups, key=lambda g: (not is_band(g), int(g.split("-")[0]) if is_band(g) else 0, g)
    )
