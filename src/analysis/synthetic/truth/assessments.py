"""The digital-literacy test of each May: a person part, a school part, what the programmes add, and five dimensions."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from analysis.synthetic.options import BureauOptions
from analysis.synthetic.planted import Planted, drift_points
from analysis.synthetic.profile import RURAL, Profile
from analysis.synthetic.streams import log_odds, sigmoid, stream
from analysis.synthetic.truth.calendar import school_days
from analysis.synthetic.truth.codes import DIMENSIONS, EVERY, Rows, take

# points above or below the total: responsibility best, application weakest (domain.md 5.3); sums to zero
LEVELS = np.array([1.2, -0.8, -2.9, 2.2, 0.3])
RURAL_LEVELS = np.array([0.2, 0.2, -0.8, 0.2, 0.2])  # the rural gap lies mostly in application
DIMENSION_SD = 3.2
EXCELLENT = 85.0
SHOCK_MEMORY = 0.5  # of a school's luck from one year to the next
ANCHOR_FULL = 30.0  # points of the items that all forms have in common
ANCHOR_SD = 1.6
SCORE_SD = 7.8
FLAGS = ("took_course", "in_pilot", "was_guest", "took_short")
FIRST_SHOCK = 2010
TEST_DAYS = 5  # working days over which the schools of a bureau are tested
LATE_TESTS = 0.08  # share of a school tested a day later
FIRST_FORM = 2019


def draw_shocks(
    options: BureauOptions, planted: Planted, districts: np.ndarray, year: int
) -> np.ndarray:
    """The luck of each school in one year, in points; half of it is remembered a year later."""
    shock: np.ndarray = np.zeros(options.schools)
    fresh = planted.shock_sd * np.sqrt(1 - SHOCK_MEMORY**2)
    for each in range(max(FIRST_SHOCK, year - 8), year + 1):
        rng = stream(options.seed, each, "shocks")
        shock = SHOCK_MEMORY * shock + fresh * rng.standard_normal(options.schools)
        district = planted.district_sd * rng.standard_normal(int(districts.max()) + 1)
    return shock + district[districts]


def draw_scores(
    options: BureauOptions,
    year: int,
    roster: Rows,
    exposure: Rows,
    planted: Planted,
    schools: Rows,
) -> Rows:
    """The test of May ``year``; a row is a tested teacher of the roster of 1 September before.

    ``exposure`` (same rows as ``roster``) has ``took_course``, ``in_pilot``, ``was_guest``, ``took_short`` and
    ``is_present``, still in post in May. Scores in points, 0 to 100; ``score_without_course``, ``_pilot``,
    ``_shadowing`` and ``_short`` (the first short course) are the same person's score with one programme taken away. The total is the mean of the five
    dimensions. ``anchor_score`` is that of the items all forms have in common.
    """
    rng = stream(options.seed, year, "assessments")
    shock = draw_shocks(options, planted, schools["district"], year)
    plain = plain_score(rng, roster, planted, year, options.fixed_totals)
    plain = plain + shock[roster["school"]]
    form = options.profile.form_points if year < options.profile.new_form else 0.0
    added = programme_points(roster, exposure, planted, schools, year)
    true = plain + sum(added.values())
    dimensions = _dimensions(true + form, _dimension_spread(rng, roster))
    scores = take(roster, EVERY, ("person", "school", "area"))
    scores |= {"year": np.full(len(true), year), "digital_score": _total(dimensions)}
    scores |= {name: dimensions[:, at] for at, name in enumerate(DIMENSIONS)}
    for name in ("course", "pilot", "shadowing", "short"):
        without = (true + form - added[name]).clip(0, 100)
        lost = (true + form).clip(0, 100) - without
        scores[f"score_without_{name}"] = np.round(scores["digital_score"] - lost, 2)
    scores |= {name: exposure[name] for name in FLAGS}
    scores["anchor_score"] = _anchor(rng, true)
    scores["test_date"] = _test_days(rng, roster["school"], options.schools, year)
    scores["test_form"] = _forms(rng, options.profile, year, len(true))
    is_tested = roster["is_teacher"] & exposure["is_present"]
    is_tested &= rng.random(len(true)) >= _not_tested(planted, plain, exposure["in_pilot"])
    return take(scores, is_tested)


def programme_points(
    roster: Rows, exposure: Rows, planted: Planted, schools: Rows, year: int
) -> dict[str, np.ndarray]:
    """Points that each programme adds to each person's score."""
    young = (40.0 - roster["age"]) / 10.0
    course = planted.course_points + planted.course_spread * young
    since = year - np.nan_to_num(roster["cohort"], nan=year)
    pilot = planted.pilot_points + planted.pilot_growth * since
    pilot = pilot + planted.pilot_spread * schools["hidden_pilot"][roster["school"]]
    return {
        "course": course * exposure["took_course"],
        "pilot": pilot * exposure["in_pilot"],
        "shadowing": planted.shadowing_points * exposure["was_guest"],
        "short": planted.short_course_points * exposure["took_short"],
    }


def plain_score(
    rng: Generator, roster: Rows, planted: Planted, year: int, is_centred: bool
) -> np.ndarray:
    """The score without programme, form and luck of the school, before rounding, in points (``domain.md`` 6.3).

    ``is_centred``: the luck of all teachers together is nil, so that a published mean is met.
    """
    keen = planted.keen_points + planted.keen_growth * (year - 2024)
    trend = planted.pilot_trend * (year - 2024) * ~np.isnan(roster["cohort"])
    luck = (
        keen * roster["hidden_motivation"]
        + planted.ability_sd * roster["hidden_ability"]
        + planted.noise_sd * rng.standard_normal(len(roster["age"]))
    )
    if is_centred:
        luck -= luck[roster["is_teacher"]].mean()
    return (
        planted.intercept
        + drift_points(year)
        + trend
        + roster["hidden_score"]
        + np.array(planted.area_points)[roster["area"]]
        + planted.age_points * (roster["age"] - 40)
        + luck
    )


def _not_tested(planted: Planted, plain: np.ndarray, in_pilot: np.ndarray) -> np.ndarray:
    """The chance of having no score: alike for all, but in the world of missing scores the weak of pilot schools."""
    if not planted.missing_slope:
        return np.full(len(plain), planted.not_tested)
    weak = (plain.mean() - plain) / SCORE_SD
    return sigmoid(
        log_odds(planted.not_tested) + (1.0 + 1.5 * planted.missing_slope * weak) * in_pilot
    )


def _dimension_spread(rng: Generator, roster: Rows) -> np.ndarray:
    """How each dimension departs from the total, summing to zero for each teacher (rows by 5)."""
    own = rng.standard_normal((len(roster["area"]), len(DIMENSIONS))) * DIMENSION_SD
    own -= own.mean(axis=1, keepdims=True)
    return own + LEVELS + (roster["area"] == RURAL)[:, None] * RURAL_LEVELS


def _dimensions(score: np.ndarray, spread: np.ndarray) -> np.ndarray:
    """Points to one decimal, averaging to the score; near 100 the dimensions draw together.

    A total above 100 is 100: the slight ceiling of the test.
    """
    total = score.clip(0, 100)[:, None]
    room = np.where(spread > 0, 100 - total, total)
    fits = np.divide(room, np.abs(spread), out=np.ones_like(spread), where=spread != 0)
    return np.round(total + spread * fits.min(axis=1, keepdims=True).clip(0, 1), 1)


def _total(dimensions: np.ndarray) -> np.ndarray:
    return np.round(dimensions.mean(axis=1), 2)


def _anchor(rng: Generator, true: np.ndarray) -> np.ndarray:
    """Points on the common items: the same for the same ability, whatever the form."""
    points = ANCHOR_FULL * true / 100 + ANCHOR_SD * rng.standard_normal(len(true))
    return points.clip(0, ANCHOR_FULL).round(1)


def _test_days(rng: Generator, school: np.ndarray, schools: int, year: int) -> np.ndarray:
    """A school's day, and its next working day for a few who were away; from 12 May on."""
    days = school_days(year)
    first = int(np.searchsorted(days, np.datetime64(f"{year}-05-12")))
    own = first + rng.integers(0, TEST_DAYS, schools)[school]
    return days[own + (rng.random(len(school)) < LATE_TESTS)]


def _forms(rng: Generator, profile: Profile, year: int, size: int) -> np.ndarray:
    """Form A or B of the edition in use."""
    mark = f"{year}年"
    if profile.new_form:  # editions are used for several years
        mark = f"{profile.new_form if year >= profile.new_form else FIRST_FORM}版"
    names = np.array([f"{mark}{letter}卷" for letter in "AB"])
    return names[rng.integers(0, 2, size)]
