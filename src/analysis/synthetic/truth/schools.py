"""The schools of an invented bureau: where they lie, how large they are, and what about them stays hidden."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import Generator

from analysis.synthetic.options import BureauOptions
from analysis.synthetic.profile import AREAS, Planted, Profile
from analysis.synthetic.streams import share_out, stream

KINDS = {
    "urban": ("小学", "初级中学", "小学", "普通高中", "小学", "九年一贯制学校", "中等职业学校"),
    "town": ("中心小学", "初级中学", "中心小学", "九年一贯制学校"),
    "rural": ("小学", "小学", "小学", "九年一贯制学校", "小学"),
}
STAGE_CODES = {"小学": "21", "中心小学": "21", "初级中学": "31", "九年一贯制学校": "31"}
AREA_CODES = {"urban": ("111", "112"), "town": ("121", "122", "123"), "rural": ("210", "220")}
DISTANCE_KM = {"urban": (0.5, 4.0), "town": (8.0, 38.0), "rural": (6.0, 62.0)}
PLACE_HEADS = "柳石青白松竹杨枣槐桃梨清沙龙凤南北东西上下大小长"
PLACE_TAILS = "溪桥岗河坪湾沟岭寨店庄塘"
PILOT_LISTS = 40  # drawn, of which one is taken
NUMERALS = "一二三四五六七八九十"


def draw_schools(options: BureauOptions, profile: Profile, planted: Planted) -> pd.DataFrame:
    """The schools; a row is a school, its position in the table is ``school`` everywhere else.

    ``posts`` is the establishment in the reference year; columns ``hidden_*`` are in no delivery:
    the school's part of the score (points) and how well it is led (standard normal).
    """
    rng = stream(options.seed, 0, "schools")
    area: np.ndarray = np.repeat(AREAS, school_counts(options, profile))
    schools = pd.DataFrame({"school": np.arange(options.schools), "area": area})
    schools["is_small"] = _small_ones(area, profile)
    schools["posts"] = _posts(rng, schools, options, profile)
    schools["school_kind"] = np.where(schools["is_small"], "小学", _kinds(area))
    schools["school_id"] = _school_ids(schools["school_kind"])
    schools["school_name"] = _school_names(rng, schools)
    schools["area_code"] = [rng.choice(AREA_CODES[a]) for a in area]
    schools["distance_km"] = [round(rng.uniform(*DISTANCE_KM[a]), 1) for a in area]
    schools["subsidy_eligible"] = _eligible(schools, profile)
    schools["hidden_score"] = np.sqrt(planted.school_variance) * _hidden_parts(rng, schools)
    schools["hidden_lead"] = _hidden_parts(rng, schools)
    return schools


def school_counts(options: BureauOptions, profile: Profile) -> np.ndarray:
    """Schools by area, in the order of ``AREAS``."""
    shares = np.array([profile.school_shares[a] for a in AREAS])
    return share_out(shares, options.schools, least=1)


def draw_pilots(
    options: BureauOptions, profile: Profile, planted: Planted, schools: pd.DataFrame
) -> pd.DataFrame:
    """The pilot schools; a row is a school and its cohort, the report year of its first exposed test.

    Strong schools near the seat win: 0.6 and 0.2 for urban and town, and one for each standard deviation of
    the school's own mean (``domain.md`` 6.5). They start on 1 September of the year before the cohort's. Of
    several lists drawn so, the one is taken whose advantage is nearest to the planted one: with six schools
    in the newest cohort a single list misses it by a point in either direction.
    """
    cohorts = _deal_cohorts(options.pilots, profile)
    if not options.pilots:
        return pd.DataFrame({"school": cohorts, "cohort": cohorts})
    mean = schools["hidden_score"] + schools["area"].map(planted.area_points)
    index = schools["area"].map({"urban": 0.6, "town": 0.2, "rural": 0.0}) + mean / mean.std()
    index = index - 10.0 * schools["is_small"]  # a school of eight is asked last
    rng = stream(options.seed, 0, "pilots")
    noise = rng.gumbel(scale=0.5, size=(PILOT_LISTS, len(schools)))
    lists = np.argsort(-(index.to_numpy() + noise), axis=1, kind="stable")
    won = lists[:, : options.pilots]
    level, posts = mean.to_numpy(), schools["posts"].to_numpy()
    gaps = [_newest_advantage(chosen, cohorts, level, posts) for chosen in won]
    nearest = int(np.argmin(np.abs(np.array(gaps) - planted.pilot_advantage)))
    return pd.DataFrame({"school": won[nearest], "cohort": cohorts})


def _newest_advantage(
    chosen: np.ndarray, cohorts: np.ndarray, level: np.ndarray, posts: np.ndarray
) -> float:
    """Points by which the schools of the newest cohort lie above the never chosen, weighted by posts."""
    newest = chosen[cohorts == cohorts.max()]
    never = np.setdiff1d(np.arange(len(level)), chosen)
    if not len(never):
        return 0.0
    ours = np.average(level[newest], weights=posts[newest])
    return float(ours - np.average(level[never], weights=posts[never]))


def _deal_cohorts(pilots: int, profile: Profile) -> np.ndarray:
    """The cohort of each winner, best first: every cohort is dealt strong and less strong schools alike."""
    years = np.array([year for year, _ in profile.pilot_cohorts])
    sizes = share_out(np.array([n for _, n in profile.pilot_cohorts], float), pilots)
    place = np.concatenate([(np.arange(n) + 0.5) / n for n in sizes])
    return np.repeat(years, sizes)[np.argsort(place, kind="stable")]


def _hidden_parts(rng: Generator, schools: pd.DataFrame) -> np.ndarray:
    """Standard normals whose mean over teachers is zero in each area and whose variance is exactly one.

    Otherwise fourteen urban schools would blur the planted gap between the areas by half a point and more.
    """
    drawn = pd.Series(rng.standard_normal(len(schools)))
    posts = schools["posts"].astype(float)
    area = schools["area"]
    mean = (drawn * posts).groupby(area).transform("sum") / posts.groupby(area).transform("sum")
    centred = drawn - mean
    return (centred / np.sqrt((centred**2).mean())).to_numpy()


def _small_ones(area: np.ndarray, profile: Profile) -> np.ndarray:
    rural = np.flatnonzero(area == "rural")
    small = rural[len(rural) - round(profile.small_share * len(rural)) :]
    return np.isin(np.arange(len(area)), small)


def _posts(
    rng: Generator, schools: pd.DataFrame, options: BureauOptions, profile: Profile
) -> np.ndarray:
    """Teaching posts; the least is 5, small schools stay near 8 where the area is large enough."""
    shares = np.array([profile.teacher_shares[a] for a in AREAS])
    totals = share_out(shares, options.teachers)
    weights = rng.lognormal(0.0, 0.35, len(schools))
    small = schools["is_small"].to_numpy()
    weights[small] = 0.2 * np.sqrt(weights[small])  # near 8 posts, and more alike than the others
    least = min(5, int(totals.min() // max(1, schools["area"].value_counts().max())))
    posts: np.ndarray = np.zeros(len(schools), int)
    for area, total in zip(AREAS, totals, strict=True):
        mine = schools["area"].to_numpy() == area
        posts[mine] = share_out(weights[mine], int(total), least)
    return posts


def _kinds(area: np.ndarray) -> list[str]:
    position = pd.Series(area).groupby(area).cumcount()
    return [KINDS[a][i % len(KINDS[a])] for a, i in zip(area, position, strict=True)]


def _school_ids(kinds: pd.Series) -> list[str]:
    """Ten digits: two for the type, province 99 that does not exist, six for the school."""
    codes = {**STAGE_CODES, "普通高中": "34", "中等职业学校": "36"}
    return [f"{codes[k]}99{i + 1:06d}" for i, k in enumerate(kinds)]


def _school_names(rng: Generator, schools: pd.DataFrame) -> list[str]:
    places = [h + t for h in PLACE_HEADS for t in PLACE_TAILS]
    places += [
        p + n for n in NUMERALS for p in places
    ]  # enough for any number of schools asked for
    order = rng.permutation(len(PLACE_HEADS) * len(PLACE_TAILS))
    where = [places[i] for i in order] + places[len(order) :]
    number = schools.groupby(["area", "school_kind"]).cumcount()
    rows = zip(schools["area"], schools["school_kind"], number, where, strict=False)
    return [_school_name(area, kind, int(n), place) for area, kind, n, place in rows]


def _school_name(area: str, kind: str, number: int, place: str) -> str:
    if area == "urban":
        return f"示例县第{_numeral(number)}{kind}"
    if area == "town":
        return f"{place}镇{kind}"
    return f"{place}乡{kind}" if kind == "九年一贯制学校" else f"{place}村小学"


def _numeral(number: int) -> str:
    return NUMERALS[number] if number < len(NUMERALS) else str(number + 1)


def _eligible(schools: pd.DataFrame, profile: Profile) -> np.ndarray:
    """All rural posts, and the town schools farthest out until the share is reached."""
    is_rural = (schools["area"] == "rural").to_numpy()
    wanted = profile.eligible_share * schools["posts"].sum() - schools["posts"][is_rural].sum()
    town = schools[schools["area"] == "town"].sort_values("distance_km", ascending=False)
    reached = town["posts"].cumsum() - town["posts"] / 2 <= wanted
    return is_rural | schools["school"].isin(town["school"][reached]).to_numpy()
