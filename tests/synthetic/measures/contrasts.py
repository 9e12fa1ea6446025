"""What careless and usual comparisons find, computed again in plain numpy, without the code that states the truth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analysis.synthetic.options import BureauOptions
from analysis.synthetic.profile import RURAL, URBAN
from analysis.synthetic.truth.bureau import draw_years
from analysis.synthetic.truth.careers import DIES, RETIRES
from analysis.synthetic.truth.codes import CODES

Rows = dict[str, np.ndarray]
MENTORING = CODES["programme"].index("mentoring")
FIRST_PAID = 2025  # the report year of the first whole window with the subsidy
FACTS = ("age", "years_teaching", "subsidy_eligible", "is_teacher", "cohort")


@dataclass(frozen=True)
class Seen:
    """What a comparison may use of one draw: tests, fates of teachers, novices with their mentoring."""

    scores: Rows
    fates: Rows
    novices: Rows


Figures = dict[str, float]


def see(options: BureauOptions) -> Seen:
    """Draw the years quickly and keep what the comparisons need; rows are tests, and teachers and report years."""
    course, years = draw_years(options, is_whole=False)
    tests = [tables["scores"] for tables in years[:-1] if "scores" in tables]
    cohort = course.schools["cohort"]
    fates = [_fates(tables) for tables in years[:-1]]
    pairs = zip(years[:-2], fates[1:], strict=True)
    novices = [_novices(before["trainings"], now) for before, now in pairs if "trainings" in before]
    scores = _stack(tests)
    return Seen(scores | {"cohort": cohort[scores["school"]]}, _stack(fates), _stack(novices))


def _stack(parts: list[Rows]) -> Rows:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _only(rows: Rows, kept: np.ndarray) -> Rows:
    return {name: values[kept] for name, values in rows.items()}


def _fates(tables: dict[str, Rows]) -> Rows:
    both = tables["fates"] | {name: tables["teachers"][name] for name in FACTS}
    area = both["area"]
    free = ~np.isin(both["fate"], (RETIRES, DIES))
    lost = both["leave"] + (1 - both["leave"]) * both["out"]
    both |= {"lost_chance": lost * free, "is_rural": area == RURAL}
    return _only(both, both["is_teacher"])


def _novices(trainings: Rows, fates: Rows) -> Rows:
    """Second- and third-year teachers with whether they met a mentor for 20 hours in the school year before."""
    mine = trainings["programme"] == MENTORING
    top = max(trainings["person"].max(), fates["person"].max()) + 1
    hours = np.bincount(trainings["person"][mine], trainings["hours"][mine], top)
    years = fates["years_teaching"]
    rows = _only(fates, (years >= 0.9) & (years <= 2.5))
    return rows | {"is_mentored": hours[rows["person"]] >= 20}


def slope(y: np.ndarray, d: np.ndarray, *others: np.ndarray) -> float:
    """The least-squares coefficient of ``d`` beside an intercept and others, from the normal equations."""
    x = np.column_stack([d, *others]).astype(float)
    x = x - x.mean(axis=0)
    return float(np.linalg.solve(x.T @ x, x.T @ (y - y.mean()))[0])


def odds(p: float) -> float:
    return p / (1 - p)


def paired(seen: Seen, year: int = 2025) -> Rows:
    """The tests of a year with the person's score of the year before (``pre``) and its mean over the school."""
    now = _only(seen.scores, seen.scores["year"] == year)
    before = _only(seen.scores, seen.scores["year"] == year - 1)
    known = np.full(max(now["person"].max(), before["person"].max()) + 1, np.nan)
    known[before["person"]] = before["digital_score"]
    pre, school = known[now["person"]], now["school"]
    has = ~np.isnan(pre)
    counts = np.bincount(school[has], minlength=school.max() + 1)
    sums = np.bincount(school[has], pre[has], school.max() + 1)
    with np.errstate(invalid="ignore"):
        return now | {"pre": pre, "school_pre": (sums / counts)[school]}


def four_ways(rows: Rows, treated: np.ndarray) -> Figures:
    """Naive, with the own pre-score, with the school's as well, and change score; points."""
    y = rows["digital_score"]
    has = ~np.isnan(rows["pre"])
    d, now, pre = treated[has], y[has], rows["pre"][has]
    return {
        "naive": y[treated].mean() - y[~treated].mean(),
        "ancova": slope(now, d, pre),
        "ancova_with_school": slope(now, d, pre, rows["school_pre"][has]),
        "change": (now - pre)[d].mean() - (now - pre)[~d].mean(),
    }


def course_ways(seen: Seen) -> Figures:
    rows = paired(seen)
    return four_ways(rows, rows["took_course"])


def pilot_ways(seen: Seen) -> Figures:
    """The cohort of 2025 against the schools that are never pilots."""
    rows = paired(seen)
    rows = _only(rows, np.isnan(rows["cohort"]) | (rows["cohort"] == 2025))
    return four_ways(rows, rows["cohort"] == 2025)


def subsidy_ways(seen: Seen) -> Figures:
    """Rural posts read alone and against urban ones, the log-odds of eligible posts, and what is true of rural ones.

    All from the drawn chances of leaving the area or the bureau: free of who happened to leave.
    """
    rows = seen.fates
    level = {
        (area, year): rows["lost_chance"][(rows["area"] == area) & (rows["year"] == year)].mean()
        for area in (URBAN, RURAL)
        for year in (2024, 2025)
    }
    fall = {area: 100 * (level[area, 2025] - level[area, 2024]) for area in (URBAN, RURAL)}
    return {
        "read_pp": fall[RURAL],
        "additive_pp": fall[RURAL] - fall[URBAN],
        "true_pp": _true_subsidy(rows),
        "log_odds": _log_odds_did(rows),
    }


def _log_odds_did(rows: Rows) -> float:
    """Eligible posts against the others, 2025 against all years before, in log-odds."""
    after, paid = rows["year"] >= FIRST_PAID, rows["subsidy_eligible"]
    chance = rows["lost_chance"]
    logs = {
        (a, p): np.log(odds(chance[(after == a) & (paid == p)].mean()))
        for a in (0, 1)
        for p in (0, 1)
    }
    return float((logs[1, 1] - logs[0, 1]) - (logs[1, 0] - logs[0, 0]))


def _true_subsidy(rows: Rows) -> float:
    """What the subsidy took from the rural chance of 2025, percentage points."""
    free = ~np.isin(rows["fate"], (RETIRES, DIES))
    without = rows["leave_untreated"] + (1 - rows["leave_untreated"]) * rows["out_untreated"]
    mine = rows["is_rural"] & (rows["year"] == FIRST_PAID)
    return float(100 * (rows["lost_chance"] - without * free)[mine].mean())


def mentoring_ways(seen: Seen) -> Figures:
    """Odds ratio of leaving, mentored to not, from the chances: all novices, and school by school; and points."""
    rows = seen.novices
    met, p, school = rows["is_mentored"], rows["leave"], rows["school"]
    size = [np.bincount(school[met == m], minlength=school.max() + 1) for m in (False, True)]
    sums = [np.bincount(school[met == m], p[met == m], school.max() + 1) for m in (False, True)]
    n = np.maximum(size[0] + size[1], 1)
    ours, theirs = sums[1] * (size[0] - sums[0]) / n, sums[0] * (size[1] - sums[1]) / n
    return {
        "naive": odds(p[met].mean()) / odds(p[~met].mean()),
        "within": ours.sum() / theirs.sum(),
        "points": _mentored_points(seen),
    }


def _mentored_points(seen: Seen) -> float:
    """Points of the mentored on the test of 2025 beside the own score of the year before."""
    rows, novices = paired(seen), _only(seen.novices, seen.novices["year"] == 2025)
    state = np.full(max(rows["person"].max(), novices["person"].max()) + 1, -1)
    state[novices["person"]] = novices["is_mentored"]
    mine = (state[rows["person"]] >= 0) & ~np.isnan(rows["pre"])
    return slope(rows["digital_score"][mine], state[rows["person"]][mine], rows["pre"][mine])


def flat_ways(seen: Seen) -> Figures:
    """Odds ratio of leaving with a flat, to the waiting list and to all other rural teachers, from the chances."""
    rows = _only(seen.fates, seen.fates["is_rural"] & (seen.fates["year"] >= FIRST_PAID))
    level = [odds(rows["leave"][rows["flat"] == code].mean()) for code in (0, 1, 2)]
    return {"to_waiting": level[2] / level[1], "to_all": level[2] / level[0]}


def shadowing_ways(seen: Seen) -> Figures:
    """Guests against other rural teachers: points on the test, odds of leaving the area, share of those to the host."""
    rows = paired(seen)
    rows = _only(rows, (rows["area"] == RURAL) & ~np.isnan(rows["pre"]))
    points = slope(rows["digital_score"], rows["was_guest"], rows["pre"])
    fates = _only(seen.fates, seen.fates["is_rural"] & (seen.fates["year"] == 2025))
    guest, out = fates["was_guest"], fates["out"]
    return {"points": points, "odds_out": odds(out[guest].mean()) / odds(out[~guest].mean())}


WAYS: dict[str, Callable[[Seen], Figures]] = {
    "digital_course": course_ways,
    "smart_pilot": pilot_ways,
    "rural_subsidy": subsidy_ways,
    "mentoring": mentoring_ways,
    "dormitory": flat_ways,
    "shadowing": shadowing_ways,
}


def all_ways(seen: Seen) -> dict[tuple[str, str], float]:
    """All figures by programme and way."""
    return {(p, way): float(v) for p, ways in WAYS.items() for way, v in ways(seen).items()}
