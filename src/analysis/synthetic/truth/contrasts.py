"""What a careless comparison finds, and what the usual methods make of it: wrong as planned (``domain.md`` 6.4)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from analysis.synthetic.profile import FIRST_SUBSIDY
from analysis.synthetic.truth.effects import chances_of
from analysis.synthetic.truth.record import Draw
from analysis.synthetic.truth.trainings import MENTORING_HOURS

NOVICE = (0.9, 2.5)  # years of teaching on 1 September: second or third year


def naive_contrasts(draw: Draw, fates: pd.DataFrame) -> dict[str, Any]:
    """Contrasts of the last test year and of all report years; nothing for what was not drawn."""
    found: dict[str, Any] = {}
    if not draw.scores.empty:
        found |= score_contrasts(draw)
    return (
        found | subsidy_contrasts(fates) | mentoring_contrasts(draw, fates) | flat_contrasts(fates)
    )


def score_contrasts(draw: Draw) -> dict[str, Any]:
    """Course and newest pilot cohort in the last test, each compared in four ways, in points."""
    scores = paired_scores(draw)
    cohort = scores["school"].map(draw.schools.set_index("school")["cohort"])
    is_newest = cohort == cohort.max()
    pilots = scores[is_newest | cohort.isna()]
    groups = {
        "digital_course": (scores, scores["took_course"]),
        "smart_pilot": (pilots, is_newest[pilots.index]),
    }
    found: dict[str, Any] = {"year": int(scores["year"].iloc[0])}
    for name, (rows, treated) in groups.items():
        if 0 < treated.sum() < len(rows):
            found[f"{name}_points"] = four_ways(rows, treated.to_numpy(float))
    return found


def paired_scores(draw: Draw) -> pd.DataFrame:
    """Scores of the last test with ``pre_score`` and its mean over the school; missing for who had none."""
    last = draw.scores["year"].max()
    columns = ["person", "school", "year", "digital_score", "took_course"]
    now = draw.scores.loc[draw.scores["year"] == last, columns].reset_index(drop=True)
    before = draw.scores[draw.scores["year"] == last - 1].set_index("person")["digital_score"]
    now["pre_score"] = now["person"].map(before)
    now["school_pre_score"] = now.groupby("school")["pre_score"].transform("mean")
    return now


def four_ways(rows: pd.DataFrame, treated: np.ndarray) -> dict[str, float | None]:
    """Naive difference, ANCOVA on the pre-score, with the school's mean as well, and change score."""
    score, before = rows["digital_score"].to_numpy(), rows["pre_score"].to_numpy()
    found: dict[str, float | None] = {"naive": _slope(score, treated)}
    kept = ~np.isnan(before)
    if treated[kept].min(initial=1) == treated[kept].max(initial=0):
        return found
    y, d, pre = score[kept], treated[kept], before[kept]
    school = rows["school_pre_score"].to_numpy()[kept]
    return found | {
        "ancova": _slope(y, d, pre),
        "ancova_with_school": _slope(y, d, pre, school),
        "change": _slope(y - pre, d),
    }


def _slope(y: np.ndarray, *x: np.ndarray) -> float:
    """The least-squares coefficient of the first regressor, with an intercept."""
    design = np.column_stack([*x, np.ones(len(y))])
    return float(np.linalg.lstsq(design, y, rcond=None)[0][0])


def subsidy_contrasts(fates: pd.DataFrame) -> dict[str, Any]:
    """The subsidy read from rates of leaving the own area, before and after: chances, so free of accident."""
    is_after = fates["year"].to_numpy() > FIRST_SUBSIDY.year
    if not is_after.any() or is_after.all():
        return {}
    chance = chances_of(fates, "")["A5"]
    paid = fates["subsidy_eligible"].to_numpy()
    rate = {(a, p): chance[(is_after == a) & (paid == p)].mean() for a in (0, 1) for p in (0, 1)}
    log = {key: np.log(value / (1 - value)) for key, value in rate.items()}
    both = (rate, log)
    before_after = [float(v[1, 1] - v[0, 1]) for v in both]
    others = [float(v[1, 0] - v[0, 0]) for v in both]
    return {
        "rural_subsidy_before_after_pp": 100 * before_after[0],
        "rural_subsidy_difference_in_differences_pp": 100 * (before_after[0] - others[0]),
        "rural_subsidy_difference_in_log_odds": before_after[1] - others[1],
    }


def mentoring_contrasts(draw: Draw, fates: pd.DataFrame) -> dict[str, Any]:
    """The odds of leaving of mentored new teachers relative to the others, all of them and school by school."""
    novices = mentored_novices(draw, fates)
    return {
        "mentoring_odds_ratio": odds_ratio(novices, "A2"),
        "mentoring_odds_ratio_of_chances": odds_ratio(novices, "leave"),
        "mentoring_odds_ratio_within_schools": odds_ratio_within(novices, "leave"),
    }


def mentored_novices(draw: Draw, fates: pd.DataFrame) -> pd.DataFrame:
    """Teachers in their second or third year on 1 September with ``is_mentored`` in the 12 months before, and fate.

    A row is a teacher and report year; the ledger covers them from the report year 2023 on.
    """
    is_new = fates["years_teaching"].between(*NOVICE)
    new = fates[is_new & (fates["year"] > draw.profile.first_ledger_year)]
    if draw.trainings.empty:
        return new.assign(is_mentored=False)
    rows = draw.trainings[draw.trainings["programme"] == "mentoring"]
    # the school year that ended on 31 August: its report year is one before that of the outcome
    school_year = rows["end_date"].dt.year + (rows["end_date"].dt.month >= 9)
    hours = rows.groupby([rows["person"], school_year])["hours"].sum()
    keys = pd.MultiIndex.from_arrays([new["person"], new["year"] - 1])
    return new.assign(is_mentored=hours.reindex(keys).fillna(0).to_numpy() >= MENTORING_HOURS)


def odds_ratio(rows: pd.DataFrame, column: str) -> float | None:
    """The odds of leaving of the mentored relative to the others.

    ``column``: ``A2`` for those who left, ``leave`` for the drawn chances, which are free of their accident.
    """
    mean = rows.groupby("is_mentored")[column].mean()
    odds = mean / (1 - mean)
    if len(odds) < 2 or odds.min() <= 0:
        return None
    return float(odds[True] / odds[False])


def odds_ratio_within(rows: pd.DataFrame, column: str) -> float | None:
    """The Mantel-Haenszel odds ratio of the mentored over schools."""
    grouped = (
        rows.groupby(["school", "is_mentored"])[column].agg(["sum", "size"]).unstack(fill_value=0)
    )
    if len(grouped.columns) < 4:
        return None
    events, sizes = grouped["sum"], grouped["size"]
    total = sizes.sum(axis=1)
    ours = (events[True] * (sizes[False] - events[False]) / total).sum()
    theirs = (events[False] * (sizes[True] - events[True]) / total).sum()
    return float(ours / theirs) if theirs else None


def flat_contrasts(fates: pd.DataFrame) -> dict[str, Any]:
    """The odds of leaving of those with a flat, against the waiting list and against all of the area."""
    rows = fates[(fates["area"] == "rural") & (fates["year"] > FIRST_SUBSIDY.year)]
    if not (rows["flat"] == 2).any():
        return {}
    mean = {name: rows.loc[mask, "leave"].mean() for name, mask in _flat_groups(rows).items()}
    odds = {name: value / (1 - value) for name, value in mean.items()}
    return {
        "dormitory_odds_ratio_to_waiting": float(odds["flat"] / odds["waiting"]),
        "dormitory_odds_ratio_to_all": float(odds["flat"] / odds["others"]),
    }


def _flat_groups(rows: pd.DataFrame) -> dict[str, pd.Series]:
    return {"flat": rows["flat"] == 2, "waiting": rows["flat"] == 1, "others": rows["flat"] == 0}
