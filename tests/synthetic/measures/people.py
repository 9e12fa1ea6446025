"""Schools and people: sizes, areas, ages, ranks, degrees, posts."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from analysis.synthetic.truth.record import Draw

Measure = Callable[[Draw], float]


def teachers(draw: Draw, year: int = 2024) -> pd.DataFrame:
    """Those who teach on 1 September of a year."""
    roster = draw.roster(year)
    return roster[roster["is_teacher"]]


def share(values: pd.Series | np.ndarray) -> float:
    return 100 * float(np.mean(values))


def n_teachers(draw: Draw) -> float:
    return len(teachers(draw))


def snapshots(draw: Draw) -> float:
    return draw.teachers["year"].nunique()


def schools_in(area: str) -> Measure:
    return lambda draw: float((draw.schools["area"] == area).sum())


def small_schools(draw: Draw) -> float:
    return float(draw.schools["is_small"].sum())


def smallest_small_school(draw: Draw) -> float:
    return float(draw.schools.loc[draw.schools["is_small"], "posts"].min())


def largest_small_school(draw: Draw) -> float:
    return float(draw.schools.loc[draw.schools["is_small"], "posts"].max())


def rural_share(draw: Draw) -> float:
    return share(teachers(draw)["area"] == "rural")


def eligible(draw: Draw) -> float:
    return float(teachers(draw)["subsidy_eligible"].sum())


def pilots_of(cohort: int) -> Measure:
    return lambda draw: float((draw.schools["cohort"] == cohort).sum())


def women(draw: Draw) -> float:
    return share(teachers(draw)["sex"] == "female")


def off_establishment(draw: Draw) -> float:
    return 100 - share(teachers(draw)["staffed_post"])


def rural_off_establishment(draw: Draw) -> float:
    rows = teachers(draw)
    return 100 - share(rows.loc[rows["area"] == "rural", "staffed_post"])


def age_peak(low: int, high: int) -> Measure:
    """The most frequent age between two, on the roster of 2024, over windows of three years."""

    def peak(draw: Draw) -> float:
        ages = np.floor(teachers(draw)["age"])
        counts = ages.value_counts().reindex(range(18, 62), fill_value=0).sort_index()
        smooth = counts.rolling(3, center=True).mean()
        return float(smooth.loc[low:high].idxmax())

    return peak


def rural_surplus(low: float, high: float) -> Measure:
    """Rural share of an age group less the urban one, percentage points."""

    def surplus(draw: Draw) -> float:
        rows = teachers(draw)
        part = rows["age"].between(low, high).groupby(rows["area"], observed=True).mean()
        return 100 * float(part["rural"] - part["urban"])

    return surplus


def rank_by_years(draw: Draw) -> float:
    """Rank correlation of title and years of teaching."""
    rows = teachers(draw)
    steps = ["none", "second", "first", "senior", "full"]
    rank = rows["title_rank"].cat.set_categories(steps).cat.codes
    return float(rank.corr(rows["years_teaching"], method="spearman"))


def never_senior(draw: Draw) -> float:
    """Percent still second or first grade among those with 25 to 35 years of teaching."""
    rows = teachers(draw)
    ranks = rows.loc[rows["years_teaching"].between(25, 35), "title_rank"]
    return share(ranks.isin(["second", "first"]))


def taught_in_primary(subject: str) -> Measure:
    """Percent of the primary stage, without those who teach everything."""

    def measure(draw: Draw) -> float:
        rows = teachers(draw)
        known = rows.loc[(rows["stage"] == "primary") & (rows["subject"] != "全科"), "subject"]
        return share(known == subject)

    return measure


def homeroom_in_main(draw: Draw) -> float:
    rows = teachers(draw)
    return share(rows.loc[rows["homeroom"], "subject"].isin(["语文", "数学", "英语", "全科"]))


def graduates_of(stage: str) -> Measure:
    """Percent with a bachelor's degree or more among the teachers of a stage."""

    def measure(draw: Draw) -> float:
        rows = teachers(draw)
        known = rows.loc[rows["stage"] == stage, "education"]
        return share(known.isin(["bachelor", "graduate"]))

    return measure


def hired(draw: Draw) -> float:
    """Teachers taken on for 1 September 2024."""
    return float((teachers(draw)["hired_year"] == 2024).sum())


def rural_qualified(year: int) -> Measure:
    def measure(draw: Draw) -> float:
        rows = teachers(draw, year)
        return share(rows.loc[rows["area"] == "rural", "education"] != "below")

    return measure


def general_teachers(draw: Draw) -> float:
    rows = teachers(draw)
    return float(((rows["subject"] == "全科") & rows["is_small"]).sum())


def schools_with_general(draw: Draw) -> float:
    rows = teachers(draw)
    return float(rows.loc[rows["subject"] == "全科", "school"].nunique())
