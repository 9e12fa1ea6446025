"""The surveys: needs, burnout, intention to leave, hours; and who answers.

Items have codes, not wordings: the scales are copyrighted (``domain.md`` 2.3).
"""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from analysis.synthetic.options import BureauOptions
from analysis.synthetic.planted import Planted
from analysis.synthetic.profile import RURAL
from analysis.synthetic.streams import choose, happen, intercept_for, sigmoid, stream, zeros
from analysis.synthetic.truth.codes import TOPICS, Rows, take

# log-odds of answering (domain.md 6.6): not at random
RESPONSE_PULL = {"motivation": 0.25, "rural": -0.25, "not_staffed": -0.40, "exhaustion": -0.20}
# mean of the need on a scale of 1 to 5 (before rounding), and what rural posts add; in the order of TOPICS
NEEDS = np.array(
    [
        [3.30, 0.75],
        [3.20, 0.75],
        [3.20, -0.10],
        [3.00, -0.10],
        [2.95, 0.0],
        [3.35, 0.15],
        [2.90, 0.0],
        [2.85, 0.0],
        [2.80, -0.15],
        [2.80, 0.10],
        [2.40, 0.60],
        [3.05, 0.05],
    ]
)
NEED_SD, NEED_OWN_SD = 1.05, 0.4
EXHAUSTION_MEAN = 2.53
EXHAUSTION_SD = 0.50
CYNICISM_MEAN, ACCOMPLISHMENT_MEAN = 2.04, 3.12
ITEM_SD = 0.95
INTENTION_MEAN, INTENTION_SD = 2.25, 0.9
INTENTION_LINK = 0.49  # of a standard deviation; gives a correlation near .41 between the scales
SATISFIED = 0.92  # answer 4 or 5 of 5 on the honour of the profession
LINKABLE = 0.92
TRAINING_LIKED = np.array([0.02, 0.06, 0.22, 0.45, 0.25])  # satisfaction with training, 1 to 5
SERVICE_HOURS = (2.0, 3.0, 4.0)
SERVANTS = 0.35  # share of teachers who serve as volunteers in a year
# first day and days; nobody has left yet when needs are asked
NEED_MONTH, ANSWER_MONTH = ("09-02", 4), ("03-10", 14)
WHO = ("person", "school", "area", "sex", "age", "years_teaching")
IDLE_SECONDS = (95, 40000)


def draw_services(options: BureauOptions, year: int, roster: Rows, last_day: np.ndarray) -> Rows:
    """Volunteer services of a school year; a row is one service of one teacher, ``hours`` long."""
    rng = stream(options.seed, year, "volunteering")
    able = np.flatnonzero(roster["is_teacher"] & (last_day > 300))
    who = able[rng.random(len(able)) < SERVANTS]
    count = round(options.profile.services * options.scale)
    served = who[rng.integers(0, len(who), count)] if len(who) else who
    rows = take(roster, served, ("person", "school", "area"))
    rows["service_date"] = np.datetime64(f"{year}-02-06") + rng.integers(0, 31, len(served))
    rows["hours"] = np.array(SERVICE_HOURS)[rng.integers(0, 3, len(served))]
    return rows | {"year": np.full(len(served), year)}


def draw_survey(
    options: BureauOptions,
    year: int,
    roster: Rows,
    is_present: np.ndarray,
    services: Rows,
    planted: Planted,
    tool_use: np.ndarray,
) -> Rows:
    """The answers of March ``year``; a row is a respondent.

    ``roster`` is that of 1 September before; ``is_present`` says who is still in post; ``services`` the
    volunteer services of the year; ``tool_use`` the share of each school's teachers who use the tools.
    Exhaustion, cynicism and accomplishment items 0-6, intention items 1-5, working hours a week, seconds
    taken; ``is_linkable`` is false for those who left their staff number blank or mistyped it.
    """
    rng = stream(options.seed, year, "survey")
    chances = _response_chances(roster, options.profile.response)
    able = roster["is_teacher"] & is_present
    strata = zeros(len(able)) if options.fixed_totals else None
    answered = np.flatnonzero(able & happen(rng, chances, strata))
    served = np.bincount(services["person"], services["hours"], 1 + int(roster["person"].max()))
    who = take(roster, answered)
    answers = take(who, np.arange(len(answered)), WHO)
    answers["volunteer_hours"] = served[who["person"]]
    answers["working_hours"] = _working_hours(rng, who)
    answers |= _burnout(rng, who, answers, planted)
    answers |= _intention(rng, who, answers["burnout_ee"])
    answers["honour_satisfaction"] = _honour(rng, len(answered))
    answers["uses_tools"] = rng.random(len(answered)) < tool_use[who["school"]]
    if not options.profile.has_need_survey:
        answers |= _needs(rng, who)
    luck = stream(options.seed, year, "training-satisfaction").random(len(answered))
    steps = np.searchsorted(TRAINING_LIKED.cumsum()[:-1], luck)
    answers["training_satisfaction"] = np.asarray(steps) + 1
    return _sheet(rng, answers, year, f"{year}-{ANSWER_MONTH[0]}", ANSWER_MONTH[1])


def draw_needs(options: BureauOptions, year: int, roster: Rows) -> Rows:
    """The need survey of September ``year - 1``, which every teacher answers; a row is a respondent."""
    rng = stream(options.seed, year, "needs")
    who = take(roster, roster["is_teacher"])
    answers = take(who, np.arange(len(who["person"])), WHO) | _needs(rng, who)
    return _sheet(rng, answers, year, f"{year - 1}-{NEED_MONTH[0]}", NEED_MONTH[1])


def _sheet(rng: Generator, answers: Rows, year: int, first: str, days: int) -> Rows:
    """Answers with their moment, in the order in which they came in."""
    size = len(answers["person"])
    day = np.datetime64(first) + rng.integers(0, days, size)
    answers["survey_date"] = day + rng.integers(8 * 60, 21 * 60, size).astype("timedelta64[m]")
    answers["answer_seconds"] = rng.lognormal(5.85, 0.45, size).clip(*IDLE_SECONDS).astype(int)
    answers["is_linkable"] = rng.random(size) < LINKABLE
    answers["year"] = np.full(size, year)
    return take(answers, np.lexsort((answers["person"], answers["survey_date"])))


def _response_chances(roster: Rows, response: float) -> np.ndarray:
    pull = (
        RESPONSE_PULL["motivation"] * roster["hidden_motivation"]
        + RESPONSE_PULL["rural"] * (roster["area"] == RURAL)
        + RESPONSE_PULL["not_staffed"] * ~roster["staffed_post"]
        + RESPONSE_PULL["exhaustion"] * roster["hidden_exhaustion"]
    )
    return sigmoid(pull + intercept_for(response, pull))


def _working_hours(rng: Generator, who: Rows) -> np.ndarray:
    extra = 4.5 * who["homeroom"] + 2.5 * who["is_small"]
    return (rng.normal(46.5, 5.0, len(extra)) + extra).clip(25, 75).round().astype(int)


def _burnout(rng: Generator, who: Rows, answers: Rows, planted: Planted) -> Rows:
    """Nine, five and eight items; exhaustion from a person's own level, hours, homeroom, novices, small schools."""
    size = len(who["person"])
    lead = -0.13 * who["hidden_lead"]  # the school part, about .05 of the variance
    load = 0.02 * (answers["working_hours"] - 48) + 0.15 * who["homeroom"] + lead
    load = load + 0.15 * (who["years_teaching"] < 3) + 0.25 * who["is_small"]
    own = 0.85 * who["hidden_exhaustion"] + 0.5 * rng.standard_normal(size)
    served = planted.volunteer_exhaustion * answers["volunteer_hours"]
    level = EXHAUSTION_MEAN - 0.03 + load + EXHAUSTION_SD * (own + served)
    dark = CYNICISM_MEAN + 0.45 * own + 0.5 * rng.standard_normal(size)
    bright = ACCOMPLISHMENT_MEAN - 0.35 * own + 0.9 * rng.standard_normal(size)
    items = _items(rng, "ee", level, 9, 0, 6) | _items(rng, "dp", dark, 5, 0, 6)
    items |= _items(rng, "pa", bright, 8, 0, 6)
    return items | {"burnout_ee": scale_mean(items, "ee", 9)}


def _items(rng: Generator, name: str, level: np.ndarray, count: int, low: int, high: int) -> Rows:
    """So many items around a person's level, each rounded to the scale."""
    raw = level[:, None] + ITEM_SD * rng.standard_normal((len(level), count))
    answers = raw.round().clip(low, high).astype(np.int8)
    return {f"{name}{at + 1}": answers[:, at] for at in range(count)}


def scale_mean(items: Rows, name: str, count: int) -> np.ndarray:
    """The mean of a scale's items, to two decimals."""
    total: np.ndarray = sum(
        (items[f"{name}{at + 1}"].astype(int) for at in range(count)), np.zeros(1, int)
    )
    return np.round(total / count, 2)


def _intention(rng: Generator, who: Rows, exhaustion: np.ndarray) -> Rows:
    """Four items of 1 to 5: exhaustion, living away from home, and the rest."""
    z = (exhaustion - exhaustion.mean()) / max(exhaustion.std(), 1e-9)
    rest = rng.standard_normal(len(z)) + 0.4 * who["hidden_away"]
    level = INTENTION_MEAN + INTENTION_SD * (INTENTION_LINK * z + 0.88 * rest)
    items = _items(rng, "ti", level, 4, 1, 5)
    return items | {"leave_intention": scale_mean(items, "ti", 4)}


def _honour(rng: Generator, size: int) -> np.ndarray:
    """Satisfaction with the honour of the profession, 1 to 5; as many content as the bureau reports."""
    content: np.ndarray = np.zeros(size, bool)
    content[choose(rng, np.zeros(size), round(SATISFIED * size))] = True
    return np.where(content, rng.integers(4, 6, size), rng.integers(1, 4, size))


def _needs(rng: Generator, who: Rows) -> Rows:
    """The need of each topic, 1 to 5; rural teachers ask more for digital and interdisciplinary teaching."""
    is_rural = (who["area"] == RURAL)[:, None]
    own = NEED_OWN_SD * rng.standard_normal((len(who["area"]), 1))
    noise = NEED_SD * rng.standard_normal((len(who["area"]), len(TOPICS)))
    needs = (NEEDS[:, 0] + NEEDS[:, 1] * is_rural + own + noise).round().clip(1, 5)
    return {f"need_{topic}": needs[:, at].astype(np.int8) for at, topic in enumerate(TOPICS)}
