"""The schools of an invented bureau: where they lie, how large they are, and what about them stays hidden."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from analysis.synthetic.options import BureauOptions
from analysis.synthetic.planted import Planted
from analysis.synthetic.profile import AREAS, RURAL, TOWN, URBAN, Profile
from analysis.synthetic.streams import share_out, stream
from analysis.synthetic.truth.codes import Rows, code

KINDS = {
    URBAN: ("小学", "初级中学", "小学", "普通高中", "小学", "九年一贯制学校", "中等职业学校"),
    TOWN: ("中心小学", "初级中学", "中心小学", "九年一贯制学校"),
    RURAL: ("小学", "小学", "小学", "九年一贯制学校", "小学"),
}
AREA_CODES = {URBAN: ("111", "112"), TOWN: ("121", "122", "123"), RURAL: ("210", "220")}
DISTANCE_KM = np.array([[0.5, 4.0], [8.0, 38.0], [6.0, 62.0]])
SMALL_POSTS = (5, 11)
PILOT_LISTS = 40  # drawn, of which one is taken
PILOT_PULL = np.array([0.6, 0.2, 0.0])  # urban, town (domain.md 6.5)
SHARE_OF_SHOCK = 1.0  # heads are judged by the results of the year, good luck included
# grades of the subsidy by distance: a tenth near, a fifth far (a choice)
GRADE_QUANTILES = (0.1, 0.8)
TOOL_USE = (0.62, 0.90)  # share of teachers using the tools elsewhere and in pilot schools
RENAMED = 2
RENAMED_IN, MERGED_IN = 2023, 2025  # rosters of 1 September


def draw_schools(options: BureauOptions, profile: Profile, planted: Planted) -> Rows:
    """The schools; a row is a school, its position in the table is ``school`` everywhere else.

    ``posts`` is the establishment in the reference year; columns ``hidden_*`` are in no delivery:
    the school's part of the score (points), how well it is led (standard normal), and how its pilot
    effect differs (standard normal).
    """
    rng = stream(options.seed, 0, "schools")
    counts = school_counts(options, profile)
    area: np.ndarray = np.repeat(np.arange(3), counts)
    schools: Rows = {"school": np.arange(options.schools), "area": area}
    schools["district"] = _districts(area, counts, profile)
    schools["is_small"] = _small_ones(area, profile)
    schools["posts"] = _posts(rng, schools, options, profile)
    schools["school_kind"] = _kinds(area, schools["is_small"])
    schools["area_code"] = _area_codes(rng, area)
    low, high = DISTANCE_KM[area].T
    schools["distance_km"] = np.asarray(rng.uniform(low, high)).round(1)
    schools["subsidy_eligible"] = _eligible(schools, profile)
    schools["subsidy_grade"] = _grades(schools)
    schools["hidden_score"] = planted.school_variance**0.5 * _hidden_parts(rng, schools)
    schools["hidden_lead"] = _hidden_parts(rng, schools)
    schools["hidden_pilot"] = rng.standard_normal(options.schools)
    return schools | _changes(rng, schools)


def school_counts(options: BureauOptions, profile: Profile) -> np.ndarray:
    """Schools by area, in the order of ``AREAS``."""
    return share_out(np.array(profile.school_shares), options.schools, least=1)


def draw_pilots(
    options: BureauOptions, profile: Profile, planted: Planted, schools: Rows, shock: np.ndarray
) -> np.ndarray:
    """For each school its cohort, the report year of its first exposed test; missing if it never joins.

    Strong schools near the seat win: 0.6 and 0.2 for urban and town, and one for each standard deviation of
    the school's own mean (``domain.md`` 6.5), the luck of the year (``shock``, points) included. They start
    on 1 September of the year before the cohort's. Of several lists drawn so, the one is taken whose
    advantage is nearest to the planted one: with six schools in the newest cohort a single list misses it by
    a point in either direction.
    """
    joins = np.full(options.schools, np.nan)
    if planted.treated_districts:
        joins[schools["district"] < planted.treated_districts] = profile.pilot_cohorts[-1][0]
        return joins
    if not options.pilots:
        return joins
    cohorts = _deal_cohorts(options.pilots, profile)
    level = schools["hidden_score"] + np.array(planted.area_points)[schools["area"]]
    shown = level + SHARE_OF_SHOCK * shock
    index = PILOT_PULL[schools["area"]] + shown / shown.std()
    index = index - 10.0 * schools["is_small"]  # a school of eight is asked last
    luck = stream(options.seed, 0, "pilots").gumbel(size=(PILOT_LISTS, len(level)))
    lists = np.argsort(-(index + planted.pilot_noise * luck), axis=1, kind="stable")
    lists = lists[:, : options.pilots]
    gaps = np.array([_newest_advantage(won, cohorts, level, schools["posts"]) for won in lists])
    nearest = int(np.argmin(np.abs(gaps - planted.pilot_advantage)))
    joins[lists[nearest]] = cohorts
    return joins


def tool_use(schools: Rows, cohort: np.ndarray, rng: Generator) -> np.ndarray:
    """The share of a school's teachers who use the tools: higher in pilot schools."""
    usual = np.where(np.isnan(cohort), *TOOL_USE)
    return np.round(rng.normal(usual, 0.05, len(cohort)).clip(0.3, 0.99), 2)


def _newest_advantage(
    chosen: np.ndarray, cohorts: np.ndarray, level: np.ndarray, posts: np.ndarray
) -> float:
    """Points by which the schools of the newest cohort lie above the never chosen, weighted by posts."""
    newest = chosen[cohorts == cohorts.max()]
    never: np.ndarray = np.ones(len(level), bool)
    never[chosen] = False
    if not never.any():
        return 0.0
    ours = np.average(level[newest], weights=posts[newest])
    return float(ours - np.average(level[never], weights=posts[never]))


def _deal_cohorts(pilots: int, profile: Profile) -> np.ndarray:
    """The cohort of each winner, best first: every cohort is dealt strong and less strong schools alike."""
    years = np.array([year for year, _ in profile.pilot_cohorts], float)
    sizes = share_out(np.array([n for _, n in profile.pilot_cohorts], float), pilots)
    place = np.concatenate([(np.arange(n) + 0.5) / n for n in sizes])
    return np.repeat(years, sizes)[np.argsort(place, kind="stable")]


def _hidden_parts(rng: Generator, schools: Rows) -> np.ndarray:
    """Standard normals whose mean over teachers is zero in each area and whose variance is exactly one.

    Otherwise fourteen urban schools would blur the planted gap between the areas by half a point and more.
    """
    drawn = rng.standard_normal(len(schools["area"]))
    area, posts = schools["area"], schools["posts"]
    mean = np.bincount(area, drawn * posts, 3) / np.bincount(area, posts, 3)
    centred = drawn - mean[area]
    return centred / np.sqrt((centred**2).mean())


def _districts(area: np.ndarray, counts: np.ndarray, profile: Profile) -> np.ndarray:
    """Districts hold schools of every area as far as there are enough."""
    place = np.arange(len(area)) - np.repeat(np.cumsum(counts) - counts, counts)
    return place % min(profile.districts, max(1, len(area) // 3))


def _small_ones(area: np.ndarray, profile: Profile) -> np.ndarray:
    rural = np.flatnonzero(area == RURAL)
    small = rural[len(rural) - round(profile.small_share * len(rural)) :]
    return np.isin(np.arange(len(area)), small)


def _posts(rng: Generator, schools: Rows, options: BureauOptions, profile: Profile) -> np.ndarray:
    """Teaching posts; small schools have 5 to 11 where the area has teachers enough, all others 5 at least."""
    totals = share_out(np.array(profile.teacher_shares), options.teachers)
    weights = rng.lognormal(0.0, 0.35, options.schools)
    small = rng.integers(SMALL_POSTS[0], SMALL_POSTS[1] + 1, options.schools)
    posts: np.ndarray = np.zeros(options.schools, int)
    for at in range(len(AREAS)):
        mine = schools["area"] == at
        is_small = schools["is_small"][mine]
        posts[mine] = _area_posts(weights[mine], small[mine], is_small, int(totals[at]))
    return posts


def _area_posts(
    weights: np.ndarray, small: np.ndarray, is_small: np.ndarray, total: int
) -> np.ndarray:
    """The posts of one area's schools."""
    rest = total - int(small[is_small].sum())
    least = 12 if is_small.any() else 5
    if is_small.all() or rest < least * (~is_small).sum():
        return share_out(weights, total, min(5, total // len(weights)))
    posts = small.copy()
    posts[~is_small] = share_out(weights[~is_small], rest, least)
    return posts


def _kinds(area: np.ndarray, is_small: np.ndarray) -> np.ndarray:
    """Kinds of schools in turn; a small one is a primary school."""
    kinds: np.ndarray = np.zeros(len(area), int)
    for at, names in KINDS.items():
        mine = np.flatnonzero(area == at)
        cycle = np.array([code("school_kind", name) for name in names])
        kinds[mine] = cycle[np.arange(len(mine)) % len(cycle)]
    kinds[is_small] = code("school_kind", "小学")
    return kinds


def _area_codes(rng: Generator, area: np.ndarray) -> np.ndarray:
    luck = rng.random(len(area))
    found: np.ndarray = np.zeros(len(area), int)
    for at, names in AREA_CODES.items():
        known = np.array([code("area_code", name) for name in names])
        found[area == at] = known[(luck[area == at] * len(known)).astype(int)]
    return found


def _eligible(schools: Rows, profile: Profile) -> np.ndarray:
    """All rural posts, and the town schools farthest out until the share is reached."""
    posts = schools["posts"]
    is_rural = schools["area"] == RURAL
    wanted = profile.eligible_share * posts.sum() - posts[is_rural].sum()
    town = np.flatnonzero(schools["area"] == TOWN)
    far_first = town[np.argsort(-schools["distance_km"][town], kind="stable")]
    reached = np.cumsum(posts[far_first]) - posts[far_first] / 2 <= wanted
    return is_rural | np.isin(schools["school"], far_first[reached])


def _grades(schools: Rows) -> np.ndarray:
    """Grades 1 to 3 of the subsidy by distance, 0 where there is none."""
    eligible = schools["subsidy_eligible"]
    if not eligible.any():
        return np.zeros(len(eligible), int)
    limits = np.quantile(schools["distance_km"][eligible], GRADE_QUANTILES)
    return np.where(eligible, 1 + np.searchsorted(limits, schools["distance_km"]), 0)


def _changes(rng: Generator, schools: Rows) -> Rows:
    """Two schools that change their name and one that is merged into its neighbour (``domain.md`` 6.6)."""
    size = len(schools["school"])
    renamed_in: np.ndarray = np.zeros(size, int)
    merged_into = np.full(size, -1)
    usual = np.flatnonzero(~schools["is_small"] & (schools["area"] == TOWN))
    small = np.flatnonzero(schools["is_small"])
    renamed_in[rng.permutation(usual)[:RENAMED]] = RENAMED_IN
    if len(small) > 1:  # a small school closes, the next one takes its teachers
        gone, taken = small[0], small[1]
        merged_into[gone] = taken
    merged_in = np.where(merged_into >= 0, MERGED_IN, 0)
    return {"renamed_in": renamed_in, "merged_into": merged_into, "merged_in": merged_in}
