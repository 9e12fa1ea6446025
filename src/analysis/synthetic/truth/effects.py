"""The planted effects on the scale that an estimator reports, as sample averages over the treated cells.

For leaving they are differences of the drawn chances with and without the programme (percentage points); for
the score, of each tested teacher's score with and without it, ceiling and rounding included (points); for need
coverage, of the share of needs met with and without it (percentage points).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from analysis.synthetic.truth.assessments import EXCELLENT
from analysis.synthetic.truth.codes import SHORT_COURSES, TOPICS
from analysis.synthetic.truth.rates import ATTRITION
from analysis.synthetic.truth.record import Draw
from analysis.synthetic.truth.survey import EXHAUSTION_SD

# programme and outcome pairs whose effect is planted as zero in every world
ZEROS = (
    ("smart_pilot", "attrition"),
    ("digital_course", "attrition"),
    ("mentoring", "attrition"),
    ("rotation", "attrition"),
    ("rural_subsidy", "digital_literacy"),
    ("mentoring", "digital_literacy"),
    ("outreach", "digital_literacy"),
    ("volunteering", "attrition"),
)
SCORED = {
    "digital_course": ("took_course", "score_without_course"),
    "smart_pilot": ("in_pilot", "score_without_pilot"),
    "shadowing": ("was_guest", "score_without_shadowing"),
    "short_01": ("took_short", "score_without_short"),
}
TOP_NEEDS = 3


def planted_effects(draw: Draw, fates: pd.DataFrame) -> list[dict[str, Any]]:
    """Each planted effect that is not zero, by report year and definition."""
    found = [*_leaving_effects(draw, fates), *_score_effects(draw)]
    return [*found, *_coverage_effects(draw), *_exhaustion_effects(draw)]


def planted_zeros(draw: Draw) -> list[tuple[str, str]]:
    """Programme and outcome pairs without any effect."""
    planted = draw.planted
    points = {
        "digital_course": planted.course_points or planted.course_spread,
        "smart_pilot": planted.pilot_points or planted.pilot_growth or planted.pilot_spread,
        "shadowing": planted.shadowing_points,
    }
    if planted.short_courses:
        points |= dict.fromkeys(SHORT_COURSES, 0.0)
        points |= {SHORT_COURSES[0]: planted.short_course_points}
    found = [(name, "digital_literacy") for name, value in points.items() if not value]
    odds = {
        "rural_subsidy": planted.subsidy_odds,
        "dormitory": planted.dormitory_odds,
        "shadowing": planted.shadowing_move_odds,
    }
    found += [(name, "attrition") for name, ratio in odds.items() if ratio == 1]
    if not planted.volunteer_exhaustion:
        found.append(("volunteering", "burnout_ee"))
    return [*ZEROS, *found]


def _leaving_effects(draw: Draw, fates: pd.DataFrame) -> list[dict[str, Any]]:
    planted, found = draw.planted, []
    is_paid = fates["subsidy_eligible"] & (fates["year"] > draw.profile.subsidy_starts.year)
    if planted.subsidy_odds != 1:
        found += _chance_effects("rural_subsidy", fates[is_paid], "_untreated")
    if planted.dormitory_odds != 1:
        housed = fates[(fates["flat"] == 2) & is_paid]
        found += _chance_effects("dormitory", housed, "_waiting")
    if planted.shadowing_move_odds != 1:
        guests = fates[fates["was_guest"]]
        plain = odds_without(guests["out"], planted.shadowing_move_odds)
        found += _chance_effects("shadowing", guests.assign(out_home=plain), "_home")
    return found


def odds_without(chances: pd.Series, ratio: float) -> pd.Series:
    """The chances if their odds were not multiplied by a ratio."""
    odds = chances / (1 - chances) / ratio
    return odds / (1 + odds)


def _chance_effects(programme: str, treated: pd.DataFrame, ending: str) -> list[dict[str, Any]]:
    found = []
    for year, cells in treated.groupby("year"):
        both = [chances_of(cells, each) for each in ("", ending)]
        ratio = odds_ratio_of(cells, ending)
        for code in ATTRITION:
            mine = np.ones(len(cells), bool) if code != "A1" else cells["A1"].notna().to_numpy()
            if not mine.any():  # the definition exists for none of them
                continue
            p1, p0 = (float(chances[code][mine].mean()) for chances in both)
            n, effect = int(mine.sum()), 100 * (p1 - p0)
            entry = _effect(programme, "attrition", code, int(year), "pp", effect, n)
            found.append(entry | {"odds_ratio": ratio, "risk_ratio": p1 / p0 if p0 else None})
    return found


def odds_ratio_of(cells: pd.DataFrame, ending: str) -> float:
    """The geometric mean over the cells of the odds with a programme relative to those without."""
    name = "leave" if f"leave{ending}" in cells else "out"
    log_odds = [np.log(p / (1 - p)) for p in (cells[name], cells[name + ending])]
    return float(np.exp((log_odds[0] - log_odds[1]).mean()))


def chances_of(cells: pd.DataFrame, ending: str) -> dict[str, np.ndarray]:
    """The chance of each definition's event for those neither retired nor dead, zero for those (A4: one).

    ``ending`` names the columns to read: ``leave<ending>`` and ``out<ending>`` where they exist.
    """

    def read(name: str) -> np.ndarray:
        return cells[name + ending if name + ending in cells else name].to_numpy()

    leave, out = read("leave"), read("out")
    is_free = ~cells["fate"].isin(["retires", "dies"]).to_numpy()
    move = (1 - leave) * (1 - (1 - out) * (1 - cells["within"].to_numpy()))
    away = (leave + (1 - leave) * out) * is_free
    gone = np.where(is_free, leave, 1.0)
    return {"A1": away, "A2": leave * is_free, "A3": move * is_free, "A4": gone, "A5": away}


def _score_effects(draw: Draw) -> list[dict[str, Any]]:
    zeros, found = planted_zeros(draw), []
    for programme, (flag, without) in SCORED.items():
        if (programme, "digital_literacy") in zeros or draw.scores.empty:
            continue
        for year, cells in draw.scores[draw.scores[flag]].groupby("year"):
            found += _of_scores(programme, int(year), cells["digital_score"], cells[without])
    return found


def _of_scores(
    programme: str, year: int, score: pd.Series, without: pd.Series
) -> list[dict[str, Any]]:
    excellent = (score >= EXCELLENT).mean() - (without >= EXCELLENT).mean()
    effects = (
        ("score", "points", (score - without).mean()),
        ("excellent", "pp", 100 * excellent),
    )
    return [
        _effect(programme, "digital_literacy", definition, year, unit, effect, len(score))
        for definition, unit, effect in effects
    ]


def _coverage_effects(draw: Draw) -> list[dict[str, Any]]:
    """Outreach of each year on the need coverage of rural teachers who answered."""
    found = []
    for year in draw.options.years:
        covered = need_coverage(draw, year)
        rural = covered[covered["area"] == "rural"] if len(covered) else covered
        if len(rural):
            points = 100 * (rural["coverage"] - rural["coverage_without_outreach"]).mean()
            found.append(
                _effect("outreach", "need_coverage", "share", year, "pp", points, len(rural))
            )
    return found


def need_coverage(draw: Draw, year: int) -> pd.DataFrame:
    """How far the training of a calendar year met the three largest needs, ties included; a row is a respondent.

    ``coverage`` and ``coverage_without_outreach`` are shares of those needs with any hours.
    """
    table = draw.needs if draw.profile.has_need_survey else draw.survey
    answers = table[table["year"] == year].reset_index(drop=True)
    if answers.empty:
        return answers
    needs = answers[[f"need_{topic}" for topic in TOPICS]].to_numpy()
    is_top = needs >= np.sort(needs, axis=1)[:, -TOP_NEEDS][:, None]
    held = draw.trainings[draw.trainings["year"] == year]
    out = answers[["person", "area"]].copy()
    for name, rows in (
        ("coverage", held),
        ("coverage_without_outreach", held[held["programme"] != "outreach"]),
    ):
        met = is_top & _has_hours(rows, answers["person"].to_numpy())
        out[name] = met.sum(axis=1) / is_top.sum(axis=1)
    return out


def _has_hours(rows: pd.DataFrame, persons: np.ndarray) -> np.ndarray:
    """Whether each person had any hours on each topic (persons by topics)."""
    topic = rows["topic"].cat.codes.to_numpy()
    size = 1 + max(int(persons.max()), int(rows["person"].max()))
    grid: np.ndarray = np.zeros((size, len(rows["topic"].cat.categories)), bool)
    grid[rows["person"].to_numpy(), topic] = True
    return grid[persons][:, : len(TOPICS)]


def _exhaustion_effects(draw: Draw) -> list[dict[str, Any]]:
    """Ten hours of volunteering on emotional exhaustion, in points of the scale before items are rounded."""
    slope = 10 * draw.planted.volunteer_exhaustion * EXHAUSTION_SD
    if not slope or draw.survey.empty:
        return []
    served = draw.survey[draw.survey["volunteer_hours"] > 0]
    unit = "points per 10 hours"
    return [
        _effect("volunteering", "burnout_ee", "mean", int(y), unit, slope, len(rows))
        for y, rows in served.groupby("year")
    ]


def _effect(
    programme: str, outcome: str, definition: str, year: int, unit: str, effect: float, n: int
) -> dict[str, Any]:
    return {
        "intervention": programme,
        "outcome": outcome,
        "definition": definition,
        "year": year,
        "unit": unit,
        "effect": float(effect),
        "n_treated": int(n),
    }
