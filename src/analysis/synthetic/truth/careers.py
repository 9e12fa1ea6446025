"""One year of careers: who retires, leaves, moves or stays between two snapshots, and who is hired."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.random import Generator

from analysis.synthetic.profile import AREAS, Planted, Profile, snapshot_size, year_odds
from analysis.synthetic.streams import intercept_for, sigmoid, stream

# statutory retirement, months: 60 for men and 55 for women, from 2025 one month more every four months
RETIREMENT_MONTHS = {"male": 720, "female": 660}
RETIREMENT_STEP = (2025 * 12, 4, 36)  # first month of the rise, months per step, cap
REASONS = ("resigned", "civil_service", "left_county", "dismissed")
REASON_SHARES = (0.40, 0.25, 0.33, 0.02)
MOVE_REASONS = {"urban": "moved_urban", "town": "moved_town"}
# days after 1 September on which people leave: winter holiday, end of the school year, any day
LEAVE_SEASONS = ((0.20, 140, 175), (0.60, 304, 364), (0.20, 5, 364))


@dataclass(frozen=True)
class Market:
    """What the yearly step needs to know: the schools, what is planted, and the calibrated intercepts."""

    seed: int
    schools: pd.DataFrame
    profile: Profile
    planted: Planted
    intercepts: dict[str, float]  # log-odds of leaving by area


def calibrate_market(
    seed: int, schools: pd.DataFrame, profile: Profile, planted: Planted, roster: pd.DataFrame
) -> Market:
    """The market whose usual leaving rates by area are the planted ones in the first roster."""
    teachers = roster[roster["is_teacher"]]
    offsets = risk_offsets(teachers, planted)
    intercepts = {
        area: intercept_for(planted.leave_rate[area], offsets[teachers["area"] == area])
        for area in AREAS
    }
    return Market(seed, schools, profile, planted, intercepts)


def risk_offsets(roster: pd.DataFrame, planted: Planted) -> np.ndarray:
    """Log-odds of leaving relative to the area's intercept, without year and programme."""
    odds = {
        planted.age_under_30_odds: roster["age"] < 30,
        planted.not_staffed_odds: ~roster["staffed_post"],
        planted.away_odds: roster["hidden_away"],
        planted.exhaustion_odds: roster["hidden_exhaustion"],
        planted.distance_odds: roster["distance_km"] / 10,
        planted.lead_odds: roster["hidden_lead"],
    }
    return sum(np.log(ratio) * value.to_numpy(float) for ratio, value in odds.items())


def weigh_risks(roster: pd.DataFrame, market: Market) -> pd.DataFrame:
    """The chances of one year for each person of a roster, with and without the subsidy.

    Columns ``leave``, ``leave_untreated`` (the bureau), ``out``, ``out_untreated`` (another area, if the
    person stays in the bureau) and ``within`` (another school of the same area, if neither).
    """
    year = int(roster["year"].iloc[0]) + 1
    planted = market.planted
    base = roster["area"].map(market.intercepts).to_numpy() + risk_offsets(roster, planted)
    base = base + np.log(year_odds(year))
    is_open = year > market.profile.subsidy_starts.year
    subsidy = np.log(planted.subsidy_odds) * (is_open & roster["subsidy_eligible"].to_numpy())
    rate_out, rate_within = _move_rates(roster, planted)
    out = np.log(rate_out / (1 - rate_out)) + np.log(year_odds(year))
    risks = {"leave": base + subsidy, "leave_untreated": base, "out": out + subsidy}
    risks |= {"out_untreated": out}
    frame = pd.DataFrame({name: sigmoid(value) for name, value in risks.items()})
    return frame.assign(within=rate_within)


def _move_rates(roster: pd.DataFrame, planted: Planted) -> tuple[np.ndarray, np.ndarray]:
    out = {a: sum(r for (f, t), r in planted.moves.items() if f == a != t) for a in AREAS}
    within = {a: planted.moves[a, a] for a in AREAS}
    return roster["area"].map(out).to_numpy(), roster["area"].map(within).to_numpy()


def live_year(roster: pd.DataFrame, market: Market) -> pd.DataFrame:
    """What becomes of everyone on a roster by the next 1 September; a row is a person, in the roster's order.

    ``fate`` is stays, moves, leaves, retires or dies; ``next_school`` is -1 out of post; ``reason`` and
    ``event_date`` are missing for those who stay; the chances of ``weigh_risks`` stand beside.
    """
    year = int(roster["year"].iloc[0]) + 1
    rng = stream(market.seed, year, "careers")
    fates = pd.concat([roster[["person", "school", "area"]], weigh_risks(roster, market)], axis=1)
    dice = rng.random((4, len(roster)))
    steps = {
        "retires": is_retired(roster, year),
        "dies": dice[0] < market.planted.death_rate,
        "leaves": dice[1] < fates["leave"],
        "moves": (dice[2] < fates["out"]) | (dice[3] < fates["within"]),
    }
    fates["fate"] = np.select(list(steps.values()), list(steps), "stays")
    fates["next_school"] = _next_schools(rng, fates, dice[2] < fates["out"].to_numpy(), market)
    fates.loc[fates["next_school"] == fates["school"], "fate"] = "stays"
    fates["reason"] = _reasons(rng, fates, market.schools)
    fates["event_date"] = _event_dates(rng, fates, roster, year)
    return fates.assign(year=year)


def retirement_month(sex: pd.Series, birth: pd.Series) -> np.ndarray:
    """The month (years times 12 plus month, January 0) in which the statutory age is reached."""
    month = birth.dt.year.to_numpy() * 12 + birth.dt.month.to_numpy() - 1
    month = month + sex.map(RETIREMENT_MONTHS).to_numpy()
    starts, every, cap = RETIREMENT_STEP
    later = np.minimum((month - starts) // every + 1, cap)
    return month + np.where(month >= starts, later, 0)


def is_retired(roster: pd.DataFrame, year: int) -> np.ndarray:
    """Whether the statutory age is reached before 1 September of ``year``."""
    return retirement_month(roster["sex"], roster["birth_date"]) < year * 12 + 8


def _next_schools(
    rng: Generator, fates: pd.DataFrame, is_out: np.ndarray, market: Market
) -> np.ndarray:
    """The school on the next snapshot, -1 for the gone; a mover with nowhere to go stays."""
    luck = rng.random((2, len(fates)))
    own, area = fates["school"].to_numpy(), fates["area"].to_numpy()
    target = np.where(is_out, _target_areas(area, luck[0], market.planted), area)
    is_moving = (fates["fate"] == "moves").to_numpy()
    following = np.where(fates["fate"].isin(["retires", "dies", "leaves"]), -1, own)
    for to in AREAS:
        there = market.schools[market.schools["area"] == to]
        movers = is_moving & (target == to)
        following[movers] = _pick_other(there, own[movers], luck[1, movers])
    return following


def _pick_other(there: pd.DataFrame, own: np.ndarray, luck: np.ndarray) -> np.ndarray:
    """One of the schools for each person, by size; never the person's own unless it is the only one."""
    schools = there["school"].to_numpy()
    reached = np.cumsum(there["posts"].to_numpy()) / there["posts"].sum()
    position = np.searchsorted(reached, luck)
    position = np.where(schools[position] == own, (position + 1) % len(schools), position)
    return schools[position]


def _target_areas(area: np.ndarray, luck: np.ndarray, planted: Planted) -> np.ndarray:
    """The area to which a mover who leaves the own one goes."""
    target = area.copy()
    for own in AREAS:
        ways = {to: rate for (start, to), rate in planted.moves.items() if start == own != to}
        reached = np.cumsum(list(ways.values())) / sum(ways.values())
        mine = area == own
        target[mine] = np.array(list(ways))[np.searchsorted(reached, luck[mine])]
    return target


def _reasons(rng: Generator, fates: pd.DataFrame, schools: pd.DataFrame) -> np.ndarray:
    """Reason codes of ``study/variables.toml``; a missing value for those who stay."""
    drawn = rng.choice(REASONS, len(fates), p=REASON_SHARES)
    to = schools["area"].to_numpy()[fates["next_school"].clip(lower=0)]
    moved = np.where(to == fates["area"], "moved_same", pd.Series(to).map(MOVE_REASONS))
    fate = fates["fate"].to_numpy()
    steps = [fate == name for name in ("retires", "dies", "leaves", "moves")]
    reasons = np.select(steps, ["retired", "deceased", drawn, moved], "")
    return np.where(reasons == "", None, reasons)


def _event_dates(rng: Generator, fates: pd.DataFrame, roster: pd.DataFrame, year: int) -> pd.Series:
    """The day: moves at the end of August, retirement in its month, leaving by season."""
    size = len(fates)
    season = np.searchsorted(np.cumsum([s for s, _, _ in LEAVE_SEASONS]), rng.random(size))
    low, high = (np.array([s[i] for s in LEAVE_SEASONS])[season.clip(max=2)] for i in (1, 2))
    day = low + np.floor(rng.random(size) * (high - low))
    start, last = np.datetime64(f"{year - 1}-09-01"), np.datetime64(f"{year}-08-31")
    month = retirement_month(roster["sex"], roster["birth_date"]).clip(min=(year - 1) * 12 + 8)
    retired = (month - 1970 * 12).astype("datetime64[M]").astype("datetime64[D]") + 27
    fate = fates["fate"].to_numpy()
    dates = np.where(fate == "retires", np.minimum(retired, last), start + day.astype(int))
    dates = np.where(fate == "moves", last, dates)
    return pd.Series(dates, index=fates.index).where(fate != "stays").astype("datetime64[s]")


def find_vacancies(
    market: Market, school: np.ndarray, is_teacher: np.ndarray, year: int
) -> pd.DataFrame:
    """The posts to fill on 1 September so that the bureau has its size; a row is a post and its school.

    Posts go first to schools that are short of their establishment.
    """
    rng = stream(market.seed, year, "vacancies")
    staff = market.schools["posts"].sum()
    parts = []
    for teaching, total in ((True, staff), (False, staff * market.profile.non_teaching_share)):
        there = school[(school >= 0) & (is_teacher == teaching)]
        size = snapshot_size(round(total), year)
        wanted = market.schools["posts"].to_numpy() / staff * size
        short = wanted - np.bincount(there, minlength=len(wanted))
        chosen = _pick_schools(rng, short, max(0, size - len(there)))
        parts.append(market.schools.iloc[chosen].assign(is_teacher=teaching))
    return pd.concat(parts, ignore_index=True)


def _pick_schools(rng: Generator, short: np.ndarray, needed: int) -> np.ndarray:
    slots: np.ndarray = np.repeat(np.arange(len(short)), np.ceil(short.clip(min=0)).astype(int))
    slots = rng.permutation(slots)[:needed]
    extra = rng.integers(0, len(short), needed - len(slots))
    return np.sort(np.concatenate([slots, extra]))
