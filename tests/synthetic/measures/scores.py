"""The test: levels, spread, schools, areas, and what a person's score is made of."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.synthetic.truth.record import Draw
from tests.synthetic.measures.people import Measure, share, teachers

CUT = 85  # 优秀
OWN = ["person", "age", "hidden_motivation", "hidden_ability", "hidden_score"]


def of_year(draw: Draw, year: int) -> pd.DataFrame:
    return draw.scores[draw.scores["year"] == year]


def waves(draw: Draw) -> float:
    return draw.scores["year"].nunique()


def first_new_form(draw: Draw) -> float:
    """The first year whose forms are those of the last year."""
    edition = draw.scores["test_form"].str[:4].groupby(draw.scores["year"]).first()
    return float(edition.index[edition == edition.iloc[-1]].min())


def excellent(year: int) -> Measure:
    return lambda draw: share(of_year(draw, year)["digital_score"] >= CUT)


def mean_2024(draw: Draw) -> float:
    return float(of_year(draw, 2024)["digital_score"].mean())


def spread_2024(draw: Draw) -> float:
    return float(of_year(draw, 2024)["digital_score"].std())


def at_ceiling(draw: Draw) -> float:
    return share(of_year(draw, 2024)["digital_score"] >= 99.95)


def correlation(draw: Draw) -> float:
    wide = [of_year(draw, y).set_index("person")["digital_score"] for y in (2024, 2025)]
    return float(wide[0].corr(wide[1]))


def fit(y: np.ndarray, *x: np.ndarray) -> np.ndarray:
    """Least-squares coefficients of the regressors, the intercept last."""
    design = np.column_stack([*x, np.ones(len(y))]).astype(float)
    return np.linalg.lstsq(design, np.asarray(y, float), rcond=None)[0]


def parts_2024(draw: Draw) -> pd.DataFrame:
    """Scores of 2024 without any programme, with what they are made of."""
    added = ("course", "pilot", "shadowing")
    rows = of_year(draw, 2024).merge(draw.roster(2023)[OWN], on="person")
    lost = sum(rows["digital_score"] - rows[f"score_without_{name}"] for name in added)
    return rows.assign(plain=rows["digital_score"] - lost)


def part(at: int) -> Measure:
    """One coefficient of the plain score: rural, town, age, motivation, ability."""

    def coefficient(draw: Draw) -> float:
        rows = parts_2024(draw)
        areas = [rows["area"] == name for name in ("rural", "town")]
        own = [rows[n] for n in ("age", "hidden_motivation", "hidden_ability")]
        return float(fit(rows["plain"] - rows["hidden_score"], *areas, *own)[at])

    return coefficient


def unexplained(draw: Draw) -> float:
    """Standard deviation of what is left of the plain score: the noise of one test."""
    rows = parts_2024(draw)
    areas = [rows["area"] == name for name in ("rural", "town")]
    x = [*areas, *(rows[n] for n in OWN[1:])]
    fitted = np.column_stack([*x, np.ones(len(rows))]).astype(float) @ fit(rows["plain"], *x)
    return float((rows["plain"] - fitted).std())


def school_variance(draw: Draw) -> float:
    return float((draw.schools["hidden_score"] ** 2).mean())


def icc_of(values: pd.Series, groups: pd.Series) -> float:
    """Intraclass correlation by one-way analysis of variance."""
    grouped = values.groupby(groups)
    size, mean = grouped.size(), grouped.mean()
    total, n, k = len(values), size, len(size)
    between = (n * (mean - values.mean()) ** 2).sum() / (k - 1)
    within = grouped.var().mul(n - 1).sum() / (total - k)
    usual = (total - (n**2).sum() / total) / (k - 1)
    return float((between - within) / (between + (usual - 1) * within))


def score_icc(draw: Draw) -> float:
    """Between-school share of the 2024 score without pilots, inside areas."""
    rows = parts_2024(draw)
    level = rows["plain"] - rows.groupby("area", observed=True)["plain"].transform("mean")
    return icc_of(level, rows["school"])


def untested(draw: Draw) -> float:
    """Teachers in post on test day who have no score of 2024."""
    rows, fates = teachers(draw, 2023), draw.fates[draw.fates["year"] == 2024]
    gone = fates.loc[(fates["next_school"] < 0) & (fates["event_date"] < "2024-05-21"), "person"]
    here = rows[~rows["person"].isin(gone)]
    return 100 - share(here["person"].isin(of_year(draw, 2024)["person"]))


def weakest_and_best(draw: Draw) -> float:
    """1 if application is the weakest dimension and responsibility the best, rural teachers furthest behind in the first."""
    names = [n for n in draw.scores if n.startswith("digital_") and n != "digital_score"]
    names.append("professional_growth")
    rows = of_year(draw, 2025)
    level, by_area = rows[names].mean(), rows.groupby("area", observed=True)[names].mean()
    gap = by_area.loc["rural"] - by_area.loc["urban"]
    ends = (level.idxmin(), level.idxmax(), gap.idxmin())
    return float(ends == ("digital_application", "digital_responsibility", "digital_application"))
