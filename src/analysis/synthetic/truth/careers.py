"""One year of careers: who retires, leaves, moves or stays between two snapshots, and who is hired."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.random import Generator

from analysis.synthetic.options import BureauOptions
from analysis.synthetic.planted import Planted, year_odds
from analysis.synthetic.profile import AREAS, RURAL, URBAN, Profile, snapshot_size
from analysis.synthetic.streams import happen, intercept_for, log_odds, sigmoid, stream
from analysis.synthetic.truth.codes import CODES, EVERY, Rows, code, take
from analysis.synthetic.truth.people import teaches

# statutory retirement, months: 60 for men and 55 for women, from 2025 one month more every four months
RETIREMENT_MONTHS = np.array([660, 720])  # women, men
RETIREMENT_STEP = (2025 * 12, 4, 36)  # first month of the rise, months per step, cap
REASONS = ("resigned", "civil_service", "left_county", "dismissed")
REASON_SHARES = (0.40, 0.25, 0.33, 0.02)
MOVE_REASONS = ("moved_urban", "moved_town", "moved_same")
# days after 1 September on which people leave: winter holiday, end of the school year, any day
Seasons = tuple[tuple[float, int, int], ...]
ALL_YEAR: Seasons = ((1.0, 5, 364),)
LEAVE_SEASONS: Seasons = ((0.20, 140, 175), (0.60, 304, 364), (0.20, 5, 364))
DISTANCE_SD = 15.0  # kilometres
STAYS, RETIRES, DIES, LEAVES, MOVES = range(5)


@dataclass(frozen=True)
class Market:
    """What the yearly step needs to know: the schools, what is planted, and the calibrated intercepts."""

    options: BureauOptions
    schools: Rows
    profile: Profile
    planted: Planted
    intercepts: np.ndarray  # log-odds of leaving by area


def calibrate_market(
    options: BureauOptions, schools: Rows, profile: Profile, planted: Planted, roster: Rows
) -> Market:
    """The market whose usual leaving rates by area are the planted ones in the first roster."""
    teachers = take(roster, roster["is_teacher"])
    offsets = risk_offsets(teachers, planted)
    found = [
        intercept_for(planted.leave_rate[at], offsets[teachers["area"] == at])
        for at in range(len(AREAS))
    ]
    return Market(options, schools, profile, planted, np.array(found))


def risk_offsets(roster: Rows, planted: Planted) -> np.ndarray:
    """Log-odds of leaving relative to the area's intercept, without year and programme."""
    odds = (
        (planted.age_under_30_odds, roster["age"] < 30),
        (planted.not_staffed_odds, ~roster["staffed_post"]),
        (planted.away_odds, roster["hidden_away"]),
        (planted.exhaustion_odds, roster["hidden_exhaustion"]),
        (planted.distance_odds, roster["distance_km"] / 10),
        (planted.lead_odds, roster["hidden_lead"]),
    )
    total: np.ndarray = sum((np.log(ratio) * value for ratio, value in odds), np.zeros(1))
    return total


def weigh_risks(roster: Rows, market: Market, flats: np.ndarray, shadowed: np.ndarray) -> Rows:
    """The chances of one year for each person of a roster.

    ``leave`` (the bureau), ``out`` (another area, if the person stays in the bureau) and ``within`` (another
    school of the same area, if neither); ``*_untreated``: without the subsidy; ``leave_waiting``: without the
    flat. ``flats``: 2 with a flat, 1 on the waiting list, 0 neither. ``shadowed``: the host school of the year
    before, or -1.
    """
    year = int(roster["year"][0]) + 1
    planted = market.planted
    base = market.intercepts[roster["area"]] + risk_offsets(roster, planted)
    base = base + np.log(year_odds(planted, year))
    base = base + planted.subsidy_trend * (year - 2024) * roster["subsidy_eligible"]
    base = base + np.log(planted.applicant_odds) * (flats > 0)
    base = _weak_leave(roster, planted, year, base)
    flat = np.log(planted.dormitory_odds) * (flats == 2)
    subsidy = _subsidy_log_odds(roster, market, year)
    rate_out, within = _move_rates(roster, planted)
    out = rate_out + np.log(year_odds(planted, year))
    out = out + np.log(planted.shadowing_move_odds) * (shadowed >= 0)
    log_chances = {
        "leave": base + flat + subsidy,
        "leave_untreated": base + flat,
        "leave_waiting": base + subsidy,
        "out": out + subsidy,
        "out_untreated": out,
    }
    return {name: sigmoid(value) for name, value in log_chances.items()} | {"within": within}


def _subsidy_log_odds(roster: Rows, market: Market, year: int) -> np.ndarray:
    """What the subsidy does to the log-odds of each person, from the first whole report year on."""
    planted, open_years = market.planted, year - market.profile.subsidy_starts.year - 1
    if open_years < 0:
        return np.zeros(len(roster["school"]))
    paid = roster["subsidy_eligible"]
    usual = roster["distance_km"][paid].mean() if paid.any() else 0.0
    far = (roster["distance_km"] - usual) / DISTANCE_SD
    effect = np.log(planted.subsidy_odds) + open_years * np.log(planted.subsidy_growth)
    return (effect + planted.subsidy_spread * far) * paid


def _weak_leave(roster: Rows, planted: Planted, year: int, base: np.ndarray) -> np.ndarray:
    """Log-odds of leaving; in the world of missing scores the weak leave pilot schools and the strong do not.

    As many leave as would have anyway: nothing is done to leaving as such.
    """
    in_pilot = (roster["cohort"] <= year) & roster["is_teacher"]
    if not planted.missing_slope or not in_pilot.any():
        return base
    pulled = base[in_pilot] - planted.missing_slope * roster["hidden_ability"][in_pilot]
    shifted = base.copy()
    shifted[in_pilot] = pulled + intercept_for(float(sigmoid(base[in_pilot]).mean()), pulled)
    return shifted


def _move_rates(roster: Rows, planted: Planted) -> tuple[np.ndarray, np.ndarray]:
    """The log-odds of leaving the own area and the chance of another school inside it."""
    moves = np.array(planted.moves)
    out = np.array([log_odds(moves[at].sum() - moves[at, at]) for at in range(len(AREAS))])
    return out[roster["area"]], np.diag(moves)[roster["area"]]


def live_year(roster: Rows, market: Market, flats: np.ndarray, shadowed: np.ndarray) -> Rows:
    """What becomes of everyone on a roster by the next 1 September; a row is a person, in the roster's order.

    ``fate`` is stays, moves, leaves, retires or dies; ``next_school`` is -1 out of post; ``reason`` and
    ``event_date`` are missing for those who stay; the chances of ``weigh_risks`` stand beside.
    """
    year = int(roster["year"][0]) + 1
    rng = stream(market.options.seed, year, "careers")
    fates = take(roster, EVERY, ("person", "school", "area"))
    fates |= weigh_risks(roster, market, flats, shadowed)
    retires = is_retired(roster, year)
    dies = (rng.random(len(retires)) < market.planted.death_rate) & ~retires
    is_free = ~retires & ~dies
    strata = _strata(roster) if market.options.fixed_totals else None
    leaves = happen(rng, fates["leave"] * is_free, strata)
    is_out = happen(rng, fates["out"] * (is_free & ~leaves), strata)
    moves = is_out | (happen(rng, fates["within"] * (is_free & ~leaves), strata))
    fates["fate"] = np.select([retires, dies, leaves, moves], [RETIRES, DIES, LEAVES, MOVES], STAYS)
    fates["next_school"] = _next_schools(
        rng, fates | {"stage": roster["stage"]}, is_out, shadowed, market
    )
    _merge_schools(fates, market.schools, year)
    fates["fate"][(fates["next_school"] == fates["school"]) & (fates["fate"] == MOVES)] = STAYS
    fates["reason"] = _reasons(rng, fates, market.schools)
    seasons = ALL_YEAR if market.planted.is_leaving_all_year else LEAVE_SEASONS
    fates["event_date"] = _event_dates(rng, fates, roster, year, seasons)
    return fates | {"flat": flats, "was_guest": shadowed >= 0, "year": np.full(len(leaves), year)}


def _strata(roster: Rows) -> np.ndarray:
    """Groups whose totals are fixed: area, eligibility and whether one teaches."""
    return 4 * roster["area"] + 2 * roster["subsidy_eligible"] + roster["is_teacher"]


def retirement_month(sex: np.ndarray, birth: np.ndarray) -> np.ndarray:
    """The month (years times 12 plus month, January 0) in which the statutory age is reached."""
    month = birth.astype("datetime64[M]").astype(int) + 1970 * 12 + RETIREMENT_MONTHS[sex]
    starts, every, cap = RETIREMENT_STEP
    later = np.minimum((month - starts) // every + 1, cap)
    return month + np.where(month >= starts, later, 0)


def is_retired(roster: Rows, year: int) -> np.ndarray:
    """Whether the statutory age is reached before 1 September of ``year``."""
    return retirement_month(roster["sex"], roster["birth_date"]) < year * 12 + 8


def _next_schools(
    rng: Generator, fates: Rows, is_out: np.ndarray, shadowed: np.ndarray, market: Market
) -> np.ndarray:
    """The school on the next snapshot, -1 for the gone; a mover with nowhere to go stays."""
    luck = rng.random((3, len(is_out)))
    own, area = fates["school"], fates["area"]
    target = np.where(is_out, _target_areas(area, luck[0], market.planted), area)
    is_moving = fates["fate"] == MOVES
    following = np.where(np.isin(fates["fate"], (RETIRES, DIES, LEAVES)), -1, own)
    for to, stage in product(range(len(AREAS)), range(len(CODES["stage"]))):
        movers = is_moving & (target == to) & (fates["stage"] == stage)
        there = _schools_of(market.schools, to, stage)
        following[movers] = _pick_other(market.schools, there, own[movers], luck[1, movers])
    # the school where one was a guest asks for half of those who go to town, if it teaches their stage
    fits = teaches(market.schools["school_kind"][shadowed], fates["stage"]) & (shadowed >= 0)
    to_host = is_moving & is_out & fits & (target == URBAN) & (luck[2] < 0.5)
    return np.where(to_host, shadowed, following)


def _schools_of(schools: Rows, area: int, stage: int) -> np.ndarray:
    """The schools of an area that teach a stage; all of the area's if none does."""
    in_area = schools["area"] == area
    fits = in_area & teaches(schools["school_kind"], np.full(len(in_area), stage))
    return np.flatnonzero(fits if fits.any() else in_area)


def _pick_other(schools: Rows, there: np.ndarray, own: np.ndarray, luck: np.ndarray) -> np.ndarray:
    """One of these schools for each person, by size; never the person's own unless it is the only one."""
    posts = schools["posts"][there]
    reached = np.cumsum(posts) / posts.sum()
    at = np.searchsorted(reached, luck).clip(max=len(there) - 1)
    return there[np.where(there[at] == own, (at + 1) % len(there), at)]


def _target_areas(area: np.ndarray, luck: np.ndarray, planted: Planted) -> np.ndarray:
    """The area to which a mover who leaves the own one goes."""
    moves = np.array(planted.moves) * (1 - np.eye(len(AREAS)))
    reached = np.cumsum(moves, axis=1) / moves.sum(axis=1, keepdims=True)
    return (luck[:, None] > reached[area]).sum(axis=1).clip(max=len(AREAS) - 1)


def _merge_schools(fates: Rows, schools: Rows, year: int) -> None:
    """Everyone whom the next roster would show in a school that is merged by then is in the other school."""
    after = np.where(schools["merged_in"] == year, schools["merged_into"], -1)
    to = np.where(fates["next_school"] >= 0, after[fates["next_school"]], -1)
    fates["next_school"] = np.where(to >= 0, to, fates["next_school"])
    has_moved = (fates["fate"] == STAYS) & (fates["next_school"] != fates["school"])
    fates["fate"][has_moved] = MOVES


def _reasons(rng: Generator, fates: Rows, schools: Rows) -> np.ndarray:
    """Reason codes; -1 for those who stay."""
    size = len(fates["fate"])
    own = np.array([code("reason", name) for name in REASONS])
    drawn = own[np.searchsorted(np.cumsum(REASON_SHARES), rng.random(size)).clip(max=3)]
    to = schools["area"][fates["next_school"]]
    move = np.array([code("reason", name) for name in MOVE_REASONS])
    moved = np.where(to == fates["area"], move[2], move[np.minimum(to, RURAL)])
    steps = [fates["fate"] == fate for fate in (RETIRES, DIES, LEAVES, MOVES)]
    known = [code("reason", "retired"), code("reason", "deceased"), drawn, moved]
    return np.select(steps, known, -1)


def _event_dates(
    rng: Generator, fates: Rows, roster: Rows, year: int, seasons: Seasons
) -> np.ndarray:
    """The day: moves at the end of August, retirement in its month, leaving by season; missing for stayers."""
    size = len(fates["fate"])
    season = np.searchsorted(np.cumsum([s for s, _, _ in seasons]), rng.random(size))
    low, high = np.array([s[1:] for s in seasons])[season.clip(max=len(seasons) - 1)].T
    day = low + np.floor(rng.random(size) * (high - low)).astype(int)
    start, last = np.datetime64(f"{year - 1}-09-01"), np.datetime64(f"{year}-08-31")
    month = retirement_month(roster["sex"], roster["birth_date"]).clip(min=(year - 1) * 12 + 8)
    retired = (month - 1970 * 12).astype("datetime64[M]").astype("datetime64[D]") + 27
    dates = np.where(fates["fate"] == RETIRES, np.minimum(retired, last), start + day)
    dates[fates["fate"] == MOVES] = last
    dates[fates["fate"] == STAYS] = np.datetime64("NaT")
    return dates


def find_vacancies(market: Market, school: np.ndarray, is_teacher: np.ndarray, year: int) -> Rows:
    """The posts to fill on 1 September so that the bureau has its size; a row is a post and its school.

    Posts go first to schools that are short of their establishment.
    """
    rng = stream(market.options.seed, year, "vacancies")
    schools = market.schools
    is_open = (schools["merged_in"] == 0) | (year < schools["merged_in"])
    posts = schools["posts"] * is_open
    staff = schools["posts"].sum()
    wanted = posts / posts.sum()
    parts = []
    for teaching, total in ((True, staff), (False, staff * market.profile.non_teaching_share)):
        there = school[(school >= 0) & (is_teacher == teaching)]
        size = snapshot_size(market.profile, round(total), year)
        short = wanted * size - np.bincount(there, minlength=len(wanted))
        chosen = _pick_schools(rng, np.where(is_open, short, -1.0), max(0, size - len(there)))
        parts.append((chosen, np.full(len(chosen), teaching)))
    chosen = np.concatenate([part[0] for part in parts])
    facts = take(schools, chosen, ("area", "school_kind"))
    return facts | {"school": chosen, "is_teacher": np.concatenate([part[1] for part in parts])}


def _pick_schools(rng: Generator, short: np.ndarray, needed: int) -> np.ndarray:
    """Schools for so many posts: one for each post they are short of, in random order, then any that is open."""
    slots: np.ndarray = np.repeat(np.arange(len(short)), np.ceil(short.clip(min=0)).astype(int))
    slots = rng.permutation(slots)[:needed]
    is_open = np.flatnonzero(short > -1.0) if (short > -1.0).any() else np.arange(len(short))
    extra = rng.choice(is_open, needed - len(slots))
    return np.sort(np.concatenate([slots, extra]))
