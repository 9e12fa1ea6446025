"""Studios of master teachers and the backbone list: who leads, who has joined, who stands on which step."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.synthetic.truth.office.desk import (
    FIRST_OFFICE_YEAR,
    URBAN_PULL,
    Desk,
    best,
    of_area,
    worth,
)
from analysis.synthetic.truth.office.figures import in_year

SECOND_MEMBER = 0.35  # share of the schools reached that send two
RURAL_ONLY = {"urban": -np.inf, "town": 0.0, "rural": 0.4}
CHIEF_REACH = 0.25  # share of schools with a member of a rural chief's studio
MASTER_MERIT = {"province": 3.0, "city": 2.0, "county": 1.0, "none": 0.0}


def draw_studios(desk: Desk) -> pd.DataFrame:
    """Hosts and members of all studios; a row is a person in one.

    ``kind`` is master or chief, ``studio`` numbers them within their kind. Schools join year by year, the
    urban ones first; ``start_date`` is that of the school, or the autumn in which the person was hired.
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
    columns = ["person", "school", "area", "subject", "backbone", "hired_year"]
    teachers = desk.teachers[columns]
    luck = desk.lasting(f"{kind}-host", teachers["person"])
    merit = of_backbone(teachers["backbone"]) + of_area(teachers, pull) + luck
    hosts = best(teachers, merit, desk.scaled(count)).assign(role="host")
    hosts["studio"] = np.arange(1, len(hosts) + 1)
    joined = _first_years(desk, kind, reach, pull)
    in_reach = teachers["school"].isin(joined.index) & ~teachers["person"].isin(hosts["person"])
    members = _members(desk, kind, teachers[in_reach]).assign(role="member")
    members["studio"] = 1 + (desk.lasting(f"{kind}-studio", members["school"]) * len(hosts)).astype(
        int
    )
    rows = pd.concat([hosts, members], ignore_index=True)
    since = rows["school"].map(joined).fillna(FIRST_OFFICE_YEAR).to_numpy()
    since = np.where(rows["role"] == "host", FIRST_OFFICE_YEAR, since)
    since = np.maximum(since, rows["hired_year"].to_numpy() + 1).astype(int) - 1
    rows["start_date"] = since.astype(str) + np.where(rows["studio"] % 2, "-10-15", "-11-05")
    rows["start_date"] = rows["start_date"].astype("datetime64[s]")
    subject = hosts.set_index("studio")["subject"].astype(object)
    rows["subject"] = rows["studio"].map(subject)
    rows["kind"] = kind
    columns = ["kind", "studio", "subject", "role", "person", "school", "start_date"]
    return rows.sort_values(["kind", "studio", "role", "person"], ignore_index=True)[columns]


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


def _members(desk: Desk, kind: str, teachers: pd.DataFrame) -> pd.DataFrame:
    """One member of each school, two of some: those who are asked first."""
    luck = desk.lasting(f"{kind}-member", teachers["person"])
    rows = teachers.assign(luck=luck - 0.3 * of_backbone(teachers["backbone"]))
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
    rows["is_leader"] = False
    first = np.argsort(-merit, kind="stable")[: desk.scaled(desk.figures.leaders)]
    rows.loc[first, "is_leader"] = True
    is_master = rows["is_leader"] | (rows["backbone"] == "province")
    is_young = rows["backbone"] == "none"
    rows["ladder_stage"] = np.select([is_master, is_young], ["master", "novice"], "backbone")
    rows["award_date"] = np.datetime64(f"{desk.year}-06-10", "s")  # standing is confirmed each year
    columns = ["person", "school", "subject", "backbone", "is_leader", "ladder_stage"]
    return rows[[*columns, "award_date"]]
