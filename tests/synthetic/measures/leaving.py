"""Leaving: rates by area and year, and what raises the drawn chances."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.synthetic.truth.rates import teacher_fates
from analysis.synthetic.truth.record import Draw
from tests.synthetic.measures.people import Measure
from tests.synthetic.measures.scores import fit

RISKS = ("young", "not_staffed", "hidden_away", "hidden_exhaustion", "distance_km", "hidden_lead")
FACTS = ("age", "staffed_post", "hidden_away", "hidden_exhaustion", "distance_km")


def rate(definition: str, area: str, *years: int) -> Measure:
    """Percent of the roster, mean over report years."""

    def measure(draw: Draw) -> float:
        found = [draw.truth["rates"][str(y)][definition][area]["percent"] for y in years]
        return float(np.mean(found))

    return measure


def _risks(draw: Draw) -> pd.DataFrame:
    """Teachers of the report years 2023 to 2025 outside flats and subsidy, with the log-odds of leaving."""
    rows = teacher_fates(draw)
    roster = draw.teachers[["year", "person", *FACTS]].assign(year=lambda t: t["year"] + 1)
    rows = rows[(rows["year"] >= 2023) & (rows["flat"] == 0) & ~rows["subsidy_eligible"]]
    rows = rows.drop(columns=[n for n in FACTS if n in rows]).merge(roster, on=["year", "person"])
    chance = rows["leave"]
    young, off = rows["age"] < 30, ~rows["staffed_post"]
    return rows.assign(logit=np.log(chance / (1 - chance)), young=young, not_staffed=off)


def odds_ratio_of(risk: str) -> Measure:
    """The odds ratio of one risk in the drawn chances, all others, area and year held fixed."""

    def measure(draw: Draw) -> float:
        rows = _risks(draw)
        cells = pd.get_dummies(rows["area"].astype(str) + rows["year"].astype(str)).to_numpy()
        found = fit(rows["logit"], *(rows[name] for name in RISKS), *cells.T[1:])
        return float(np.exp(found[RISKS.index(risk)]))

    return measure


def later_odds(draw: Draw) -> float:
    """The odds of 2025 relative to 2024, everything else alike."""
    rows = _risks(draw)
    rows = rows[rows["year"] >= 2024]
    area = pd.get_dummies(rows["area"]).to_numpy().T[1:]
    found = fit(rows["logit"], rows["year"] == 2025, *(rows[name] for name in RISKS), *area)
    return float(np.exp(found[0]))


def retired_early(draw: Draw) -> float:
    """Retired teachers who were under 54 on the roster before."""
    gone = draw.fates.loc[draw.fates["fate"] == "retires", ["year", "person"]]
    ages = draw.teachers[["year", "person", "age"]].assign(year=lambda t: t["year"] + 1)
    return float((gone.merge(ages, on=["year", "person"])["age"] < 54).sum())
