"""One truth: a bureau drawn year by year, from which deliveries and simulations are made."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.synthetic.options import BureauOptions
from analysis.synthetic.profile import PROFILES, Planted, Profile, plant
from analysis.synthetic.streams import stream
from analysis.synthetic.truth.assessments import draw_scores
from analysis.synthetic.truth.careers import Market, calibrate_market, find_vacancies, live_year
from analysis.synthetic.truth.lists import draw_exits, draw_rotation
from analysis.synthetic.truth.people import first_people, hired_people, take_roster
from analysis.synthetic.truth.record import Draw
from analysis.synthetic.truth.schools import draw_pilots, draw_schools
from analysis.synthetic.truth.statement import state_truth
from analysis.synthetic.truth.survey import draw_survey
from analysis.synthetic.truth.trainings import draw_trainings

IN_POST = 400  # a last day beyond any school year
SURVEY_DAY = 205  # days after 1 September: the survey is over
TEST_DAY = 262  # and so is the test
TABLES = ("exits", "trainings", "scores", "survey", "rotation")


def draw_bureau(options: BureauOptions) -> Draw:
    """Draw one bureau; the same options give the same draw, and a later last year leaves earlier years alone."""
    profile, planted = PROFILES[options.bureau], plant(options.world)
    schools = draw_schools(options, profile, planted)
    pilots = draw_pilots(options, profile, planted, schools)
    # ``cohort``: report year of the first exposed test; missing for schools that never join
    schools = schools.merge(pilots, on="school", how="left", validate="one_to_one")
    rosters, fates = draw_careers(options, profile, planted, schools)
    years = [
        _draw_year(options, profile, planted, r, f) for r, f in zip(rosters, fates, strict=True)
    ]
    draw = Draw(
        options=options,
        profile=profile,
        planted=planted,
        schools=schools,
        teachers=pd.concat(rosters, ignore_index=True),
        fates=_until(pd.concat(fates, ignore_index=True), options),
        **{name: _until(_stack(years, name), options) for name in TABLES},
    )
    return replace(draw, truth=state_truth(draw))


def draw_careers(
    options: BureauOptions, profile: Profile, planted: Planted, schools: pd.DataFrame
) -> tuple[list[pd.DataFrame], list[pd.DataFrame]]:
    """The rosters of all years, and for each the fates of the year after it.

    The last fates lie beyond the last roster: the last autumn's courses need to know who is still there.
    """
    seed, first = options.seed, options.first_year
    market = Market(seed, schools, profile, planted, {})
    nobody = np.array([], int)
    places = find_vacancies(market, nobody, nobody.astype(bool), first)
    people = first_people(stream(seed, first, "people"), places, profile, first)
    school = places["school"].to_numpy(copy=True)
    rosters = [take_roster(seed, first, people, school, schools)]
    market = calibrate_market(seed, schools, profile, planted, rosters[0])
    fates = [live_year(rosters[0], market)]
    for year in range(first + 1, options.last_year + 1):
        school[fates[-1]["person"].to_numpy()] = fates[-1]["next_school"].to_numpy()
        places = find_vacancies(market, school, people["is_teacher"].to_numpy(), year)
        hired = hired_people(stream(seed, year, "people"), places, profile, year, len(people))
        people = pd.concat([people, hired], ignore_index=True)
        school = np.concatenate([school, places["school"].to_numpy()])
        rosters.append(take_roster(seed, year, people, school, schools))
        fates.append(live_year(rosters[-1], market))
    return rosters, fates


def _draw_year(
    options: BureauOptions,
    profile: Profile,
    planted: Planted,
    roster: pd.DataFrame,
    fates: pd.DataFrame,
) -> dict[str, pd.DataFrame]:
    """Everything in the school year after one roster; it belongs to the next report year.

    Of the school year after the last roster only the autumn's courses are wanted.
    """
    year, seed = int(roster["year"].iloc[0]) + 1, options.seed
    last_day = _last_days(fates, year)
    tables = {}
    if year >= profile.first_ledger_year:
        tables["trainings"] = draw_trainings(seed, year, roster, last_day, planted)
    if year > options.last_year:
        return tables
    if year >= profile.first_test_year:
        exposure = _exposure(roster, tables["trainings"], last_day, year)
        tables["scores"] = draw_scores(seed, year, roster, exposure, planted)
    if year >= profile.first_survey_year:
        tables["rotation"] = draw_rotation(options, profile, roster, fates)
        tables["survey"] = draw_survey(seed, year, roster, last_day > SURVEY_DAY)
    tables["exits"] = draw_exits(seed, fates, tables.get("rotation", pd.DataFrame()))
    return tables


def _last_days(fates: pd.DataFrame, year: int) -> np.ndarray:
    """Days after 1 September on which each person is last in post; a move is no end."""
    days = (fates["event_date"] - pd.Timestamp(f"{year - 1}-09-01")).dt.days
    ends = fates["fate"].isin(["leaves", "retires", "dies"])
    return days.where(ends, IN_POST).to_numpy().astype(int)


def _exposure(
    roster: pd.DataFrame, trainings: pd.DataFrame, last_day: np.ndarray, year: int
) -> pd.DataFrame:
    takers = trainings.loc[trainings["programme"] == "digital_course", "person"]
    return pd.DataFrame(
        {
            "took_course": roster["person"].isin(takers),
            "in_pilot": roster["cohort"] <= year,
            "is_present": last_day > TEST_DAY,
        }
    )


def _stack(years: list[dict[str, pd.DataFrame]], name: str) -> pd.DataFrame:
    """One table of all years; empty with its year column if no year has it."""
    parts = [tables[name] for tables in years if name in tables]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame({"year": []})


def _until(table: pd.DataFrame, options: BureauOptions) -> pd.DataFrame:
    """Without what happens after the last year."""
    return table[table["year"] <= options.last_year].reset_index(drop=True)
