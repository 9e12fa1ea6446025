"""Studios of master teachers and the backbone list: who leads, who has joined, who stands on which step."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.synthetic.truth.office.desk import (
    FIRST_OFFICE_YEAR,
    MUST,
    SENIOR,
    URBAN_PULL,
    Desk,
    best,
    is_master,
    of_area,
    open_days,
    worth,
)
from analysis.synthetic.truth.office.figures import in_year

PERSON = ["person", "school", "area", "stage", "subject", "title_rank", "backbone", "hired_year"]
AUTUMN = ("10-08", "11-28")
SECOND_MEMBER = 0.35  # share of the schools reached that send two
RURAL_ONLY = {"urban": -np.inf, "town": 0.0, "rural": 0.4}
CHIEF_REACH = 0.25  # share of schools with a member of a rural chief's studio
OWN_SUBJECT, OWN_STAGE = 2.0, 1.0  # what draws a member to a studio, against luck below 1
WANTED_SUBJECT = 0.15  # of luck: schools rather send those for whose subject there is a studio
NEXT_OF_SUBJECT = 5.0  # a second studio of a subject waits until each subject has one
MASTER_MERIT = {"province": 3.0, "city": 2.0, "county": 1.0, "none": 0.0}


def draw_studios(desk: Desk) -> pd.DataFrame:
    """Hosts and members of all studios; a row is a person in one.

    ``kind`` is master or chief, ``studio`` numbers them within their kind; ``subject`` and ``stage`` are those
    of the host. Schools join year by year, the urban ones first; ``start_date`` is a day of the autumn in which
    the school joined, or in which the person was hired.
    """
    figures = desk.figures
    reach = in_year(figures.studio_reach, desk.year)
    parts = [_studios(desk, "master", figures.studios, reach, URBAN_PULL)]
    if figures.chief_studios:
        parts.append(_studios(desk, "chief", figures.chief_studios, CHIEF_REACH, RURAL_ONLY))
    return pd.concat(parts, ignore_index=True)


def _studios(
    desk: Desk, kind: str, count: int, reach: float, pull: dict[str, float]
) -> pd.DataFrame:
    teachers = desk.teachers[PERSON]
    hosts = _hosts(desk, kind, desk.scaled(count), pull)
    joined = _first_years(desk, kind, reach, pull)
    in_reach = teachers["school"].isin(joined.index) & ~teachers["person"].isin(hosts["person"])
    members = _members(desk, kind, teachers[in_reach], hosts).assign(role="member")
    members["studio"] = _studio_of(desk, kind, members, hosts)
    rows = pd.concat([hosts, members], ignore_index=True)
    since = rows["school"].map(joined).fillna(FIRST_OFFICE_YEAR).to_numpy()
    since = np.where(rows["role"] == "host", FIRST_OFFICE_YEAR, since)
    since = np.maximum(since, rows["hired_year"].to_numpy() + 1).astype(int) - 1
    rows["start_date"] = _autumn_days(since, desk.lasting(f"{kind}-day", rows["person"]))
    of_studio = hosts.set_index("studio")
    for name in ("subject", "stage"):
        rows[name] = rows["studio"].map(of_studio[name].astype(object))
    rows["kind"] = kind
    columns = ["kind", "studio", "subject", "stage", "role", "person", "school", "start_date"]
    return rows.sort_values(["kind", "studio", "role", "person"], ignore_index=True)[columns]


def _hosts(desk: Desk, kind: str, count: int, pull: dict[str, float]) -> pd.DataFrame:
    """The best of those with a senior title on the backbone list, of as many subjects as there are studios."""
    teachers = desk.teachers[PERSON]
    luck = desk.lasting(f"{kind}-host", teachers["person"])
    merit = of_backbone(teachers["backbone"]) + of_area(teachers, pull) + luck
    rows = teachers.assign(merit=merit + MUST * is_master(teachers))
    rows = rows.sort_values("merit", ascending=False, kind="stable", ignore_index=True)
    turn = rows.groupby(["stage", "subject"], observed=True).cumcount().to_numpy()
    hosts = best(rows, rows["merit"].to_numpy() - NEXT_OF_SUBJECT * turn, count)
    hosts = hosts.sort_values(["stage", "subject", "person"], ignore_index=True)
    return hosts.assign(role="host", studio=np.arange(1, len(hosts) + 1)).drop(columns="merit")


def _studio_of(desk: Desk, kind: str, members: pd.DataFrame, hosts: pd.DataFrame) -> np.ndarray:
    """The studio that each member joins: one of the own subject and stage where there is one."""
    luck = desk.lasting(f"{kind}-studio", members["person"])[:, None]
    fit = (luck + 0.618 * hosts["studio"].to_numpy()) % 1.0
    for name, worth_of in (("subject", OWN_SUBJECT), ("stage", OWN_STAGE)):
        own = members[name].astype(str).to_numpy()[:, None] == hosts[name].astype(str).to_numpy()
        fit = fit + worth_of * own
    return np.asarray(hosts["studio"].to_numpy()[fit.argmax(axis=1)])


def _autumn_days(years: np.ndarray, luck: np.ndarray) -> np.ndarray:
    """For each a working day of the autumn of its year: on these days studios take in members."""
    found: np.ndarray = np.full(len(years), np.datetime64("NaT"), "datetime64[s]")
    for year in np.unique(years):
        days, at = open_days(int(year), *AUTUMN), years == year
        found[at] = days[(luck[at] * len(days)).astype(int)]
    return found


def _first_years(desk: Desk, kind: str, reach: float, pull: dict[str, float]) -> pd.Series:
    """School -> the report year in which it joined, of those that have by now: a fixed order of all schools."""
    schools = desk.schools
    luck = desk.lasting(f"{kind}-school", schools["school"])
    order = np.argsort(-(of_area(schools, pull) - np.log(-np.log(luck))), kind="stable")
    years = np.arange(FIRST_OFFICE_YEAR, desk.year + 1)
    shares = [in_year(desk.figures.studio_reach, int(y)) for y in years]
    shares = shares if kind == "master" else [reach] * len(years)
    upto = np.round(np.array(shares) * len(schools)).astype(int)
    place = np.arange(int(upto[-1]))
    joined = years[np.searchsorted(upto, place, side="right")]
    return pd.Series(joined, index=schools["school"].to_numpy()[order[place]])


def _members(desk: Desk, kind: str, teachers: pd.DataFrame, hosts: pd.DataFrame) -> pd.DataFrame:
    """One member of each school, two of some: those who are asked first."""
    luck = desk.lasting(f"{kind}-member", teachers["person"])
    is_wanted = teachers["subject"].isin(hosts["subject"].astype(str)).to_numpy()
    merit = 0.3 * of_backbone(teachers["backbone"]) + WANTED_SUBJECT * is_wanted
    rows = teachers.assign(luck=luck - merit)
    rows = rows.sort_values(["school", "luck"], kind="stable")
    sends_two = desk.lasting(f"{kind}-two", rows["school"]) < SECOND_MEMBER
    return rows[rows.groupby("school").cumcount() < 1 + sends_two]


def of_backbone(levels: pd.Series) -> np.ndarray:
    """The merit of each backbone level."""
    return worth(levels, MASTER_MERIT)


def draw_backbone(desk: Desk) -> pd.DataFrame:
    """The list of the ladder; a row is a new teacher, a backbone teacher or a master.

    ``is_leader`` marks the subject leaders (学科带头人), the first of city or province level, in urban
    schools more often than elsewhere.
    """
    teachers = desk.teachers
    is_new = teachers["hired_year"] == desk.year - 1
    rows = teachers[is_new | (teachers["backbone"] != "none")].reset_index(drop=True)
    luck = desk.lasting("leader", rows["person"])
    merit = of_backbone(rows["backbone"]) + of_area(rows, URBAN_PULL) + 2 * luck
    merit += 2.0 * rows["title_rank"].isin(SENIOR)
    rows["is_leader"] = False
    first = np.argsort(-merit, kind="stable")[: desk.scaled(desk.figures.leaders)]
    rows.loc[first, "is_leader"] = True
    leads = rows["is_leader"] | (rows["backbone"] == "province")
    is_young = rows["backbone"] == "none"
    rows["ladder_stage"] = np.select([leads, is_young], ["master", "novice"], "backbone")
    # standing is confirmed each year, level by level
    rows["award_date"] = desk.day_of_each(
        desk.rng("standing"), rows[["backbone"]], "06-02", "07-04"
    )
    columns = ["person", "school", "subject", "backbone", "is_leader", "ladder_stage"]
    return rows[[*columns, "award_date"]]
