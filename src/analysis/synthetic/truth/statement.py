"""What is true of a drawn bureau, for tests, ``verify`` and the honesty runs; no analysis may read it.

Effects are sample averages over the treated cells of a report year. For leaving they are differences of the
drawn chances with and without the programme (percentage points); for the score, of each tested teacher's
score with and without it, ceiling and rounding included (points).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from analysis.synthetic.profile import AREAS
from analysis.synthetic.truth.assessments import EXCELLENT
from analysis.synthetic.truth.record import Draw
from analysis.synthetic.truth.trainings import MENTORING_HOURS

ATTRITION = ("A1", "A2", "A3", "A4", "A5")
# programme and outcome pairs whose effect is planted as zero in every world
ZEROS = (
    ("smart_pilot", "attrition"),
    ("digital_course", "attrition"),
    ("mentoring", "attrition"),
    ("rotation", "attrition"),
    ("rural_subsidy", "digital_literacy"),
    ("mentoring", "digital_literacy"),
)
NOTES = {
    "rates": "denominator: all teachers on the roster of 1 September of the year before; retirement and death "
    "do not count in A1, A2, A5 and stay in the denominator; leave, secondment and rotation stay on the roster",
    "subsidy": "odds ratio on leaving the bureau and on moving to another area, for eligible posts, from the "
    "report year 2025 on; moves inside the area are untouched",
    "digital_course": "points on the test of the same school year only; it does not carry over",
    "smart_pilot": "points on every test after the start; the first exposed test is that of the cohort's year",
    "ledger": "begins in September 2021; each delivered ledger holds the attendances that ended in its calendar year",
}


def state_truth(draw: Draw) -> dict[str, Any]:
    """Everything ``truth.json`` says: parameters, true rates, planted effects and zeros, and naive contrasts."""
    fates = teacher_fates(draw)
    return {
        "options": dict(vars(draw.options)),
        "notes": NOTES,
        "planted": _parameters(draw),
        "sizes": _sizes(draw),
        "rates": true_rates(fates),
        "effects": planted_effects(draw, fates),
        "zeros": [{"intervention": i, "outcome": o} for i, o in _zeros(draw)],
        "scores": _score_levels(draw),
        "naive": naive_contrasts(draw, fates),
    }


def _parameters(draw: Draw) -> dict[str, Any]:
    known = {k: v for k, v in vars(draw.planted).items() if k != "moves"}
    return known | {"moves": {f"{a} to {b}": r for (a, b), r in draw.planted.moves.items()}}


def _zeros(draw: Draw) -> list[tuple[str, str]]:
    planted = draw.planted
    none = {
        ("rural_subsidy", "attrition"): planted.subsidy_odds == 1,
        ("digital_course", "digital_literacy"): planted.course_points == 0,
        ("smart_pilot", "digital_literacy"): planted.pilot_points == 0,
    }
    return [*ZEROS, *(pair for pair, is_zero in none.items() if is_zero)]


def _sizes(draw: Draw) -> dict[str, dict[str, int]]:
    teachers = draw.teachers[draw.teachers["is_teacher"]]
    counts = teachers.groupby(["year", "area"]).size()
    return {str(y): {a: int(counts.get((y, a), 0)) for a in AREAS} for y in draw.options.years}


def teacher_fates(draw: Draw) -> pd.DataFrame:
    """Fates of teachers (not other staff) with 0/1 columns A1 to A5; a row is a teacher and report year.

    A1 is missing outside rural schools.
    """
    base = draw.teachers.assign(year=draw.teachers["year"] + 1)
    extra = base[
        ["person", "year", "is_teacher", "subsidy_eligible", "years_teaching", "hidden_lead"]
    ]
    fates = draw.fates.merge(extra, on=["person", "year"], validate="one_to_one")
    fates = fates[fates["is_teacher"]].reset_index(drop=True)
    following = draw.schools["area"].to_numpy()[fates["next_school"].clip(lower=0)]
    has_moved = (fates["fate"] == "moves").to_numpy()
    has_left = (fates["fate"] == "leaves").to_numpy()
    fates["A2"] = has_left.astype(float)
    fates["A3"] = has_moved.astype(float)
    fates["A4"] = (fates["next_school"] < 0).astype(float)
    fates["A5"] = (has_left | (has_moved & (following != fates["area"]))).astype(float)
    fates["A1"] = fates["A5"].where(fates["area"] == "rural")
    return fates


def true_rates(fates: pd.DataFrame) -> dict[str, Any]:
    """True rates of leaving by report year, definition and area, in percent, with their counts.

    Nothing for a definition in an area for whose teachers it does not exist.
    """
    everyone = pd.concat([fates, fates.assign(area="all")])
    cells = everyone.groupby(["year", "area"])[list(ATTRITION)]
    counts, sums = cells.count(), cells.sum()
    rates: dict[str, Any] = {}
    for (year, area), n in counts.iterrows():
        for code in ATTRITION:
            found = _rate(int(n[code]), int(sums.loc[(year, area), code]))
            rates.setdefault(str(year), {}).setdefault(code, {})[area] = found
    return rates


def _rate(n: int, leavers: int) -> dict[str, Any] | None:
    return {"n": n, "leavers": leavers, "percent": 100 * leavers / n} if n else None


def planted_effects(draw: Draw, fates: pd.DataFrame) -> list[dict[str, Any]]:
    """Each planted effect that is not zero, by report year and definition."""
    found: list[dict[str, Any]] = []
    if draw.planted.subsidy_odds != 1:
        found += _subsidy_effects(draw, fates)
    if len(draw.scores) and draw.planted.course_points:
        found += _score_effects(draw, "digital_course", "took_course", "score_without_course")
    if len(draw.scores) and draw.planted.pilot_points:
        found += _score_effects(draw, "smart_pilot", "in_pilot", "score_without_pilot")
    return found


def _subsidy_effects(draw: Draw, fates: pd.DataFrame) -> list[dict[str, Any]]:
    treated = fates[fates["subsidy_eligible"] & (fates["year"] > draw.profile.subsidy_starts.year)]
    found = []
    for year, cells in treated.groupby("year"):
        with_it, without = _chances(cells, ""), _chances(cells, "_untreated")
        for code in ATTRITION:
            mine = (
                (cells["area"] == "rural").to_numpy() if code == "A1" else np.ones(len(cells), bool)
            )
            p1, p0 = with_it[code][mine].mean(), without[code][mine].mean()
            entry = _effect(
                "rural_subsidy", "attrition", code, int(year), "pp", 100 * (p1 - p0), mine.sum()
            )
            found.append(
                entry | {"odds_ratio": draw.planted.subsidy_odds, "risk_ratio": float(p1 / p0)}
            )
    return found


def _chances(cells: pd.DataFrame, ending: str) -> dict[str, np.ndarray]:
    """The chance of each definition's event for those neither retired nor dead, zero for those."""
    leave, out = cells[f"leave{ending}"].to_numpy(), cells[f"out{ending}"].to_numpy()
    is_free = ~cells["fate"].isin(["retires", "dies"]).to_numpy()
    move = (1 - leave) * (1 - (1 - out) * (1 - cells["within"].to_numpy()))
    away = leave + (1 - leave) * out
    gone = np.where(is_free, leave, 1.0)
    return {
        "A1": away * is_free,
        "A2": leave * is_free,
        "A3": move * is_free,
        "A4": gone,
        "A5": away * is_free,
    }


def _score_effects(draw: Draw, programme: str, flag: str, without: str) -> list[dict[str, Any]]:
    found = []
    for year, cells in draw.scores[draw.scores[flag]].groupby("year"):
        points = (cells["digital_score"] - cells[without]).mean()
        excellent = (cells["digital_score"] >= EXCELLENT).mean() - (
            cells[without] >= EXCELLENT
        ).mean()
        for definition, unit, effect in (
            ("score", "points", points),
            ("excellent", "pp", 100 * excellent),
        ):
            found.append(
                _effect(
                    programme, "digital_literacy", definition, int(year), unit, effect, len(cells)
                )
            )
    return found


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


def _score_levels(draw: Draw) -> dict[str, Any]:
    if draw.scores.empty:
        return {}
    return {
        str(year): {
            "n": len(cells),
            "mean": float(cells["digital_score"].mean()),
            "sd": float(cells["digital_score"].std()),
            "excellent_percent": 100 * float((cells["digital_score"] >= EXCELLENT).mean()),
            "mean_by_area": {
                a: float(v) for a, v in cells.groupby("area")["digital_score"].mean().items()
            },
        }
        for year, cells in draw.scores.groupby("year")
    }


def naive_contrasts(draw: Draw, fates: pd.DataFrame) -> dict[str, Any]:
    """What a careless comparison finds in the last test year and over all years: wrong as planned."""
    if draw.scores.empty:
        return {}
    scores = draw.scores[draw.scores["year"] == draw.scores["year"].max()]
    cohort = scores["school"].map(draw.schools.set_index("school")["cohort"])
    newest, never = scores[cohort == cohort.max()], scores[cohort.isna()]
    taken = scores["took_course"]
    novices = mentored_novices(draw, fates)
    return {
        "year": int(scores["year"].iloc[0]),
        "digital_course_points": _gap(scores[taken], scores[~taken]),
        "smart_pilot_newest_cohort_points": _gap(newest, never),
        "mentoring_odds_ratio": odds_ratio_of_leaving(novices, "A2"),
        "mentoring_odds_ratio_of_chances": odds_ratio_of_leaving(novices, "leave"),
    }


def _gap(ours: pd.DataFrame, theirs: pd.DataFrame) -> float | None:
    if ours.empty or theirs.empty:
        return None
    return float(ours["digital_score"].mean() - theirs["digital_score"].mean())


def mentored_novices(draw: Draw, fates: pd.DataFrame) -> pd.DataFrame:
    """Teachers in their second or third year on 1 September with ``is_mentored`` in the 12 months before, and fate.

    A row is a teacher and report year; the ledger covers them from the report year 2023 on.
    """
    new = fates[
        fates["years_teaching"].between(0.9, 2.5) & (fates["year"] > draw.profile.first_ledger_year)
    ]
    rows = draw.trainings[draw.trainings["programme"] == "mentoring"]
    # the school year that ended on 31 August: its report year is one before that of the outcome
    school_year = rows["end_date"].dt.year + (rows["end_date"].dt.month >= 9)
    hours = rows.groupby([rows["person"], school_year])["hours"].sum()
    keys = pd.MultiIndex.from_arrays([new["person"], new["year"] - 1])
    return new.assign(is_mentored=hours.reindex(keys).fillna(0).to_numpy() >= MENTORING_HOURS)


def odds_ratio_of_leaving(novices: pd.DataFrame, column: str) -> float | None:
    """The odds of leaving of the mentored relative to the other new teachers, all report years together.

    ``column``: ``A2`` for those who left, ``leave`` for the drawn chances, which are free of their accident.
    """
    mean = novices.groupby("is_mentored")[column].mean()
    odds = mean / (1 - mean)
    if len(odds) < 2 or odds.min() <= 0:
        return None
    return float(odds[True] / odds[False])
