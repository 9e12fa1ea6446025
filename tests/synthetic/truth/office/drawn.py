"""A drawn roster with the columns that the hand-kept lists look at; quick at any size."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.synthetic.options import BureauOptions, bureau_options
from analysis.synthetic.truth.office.desk import Desk

AREAS = ("urban", "town", "rural")
SUBJECTS = ("语文", "数学", "英语")


def drawn_schools(options: BureauOptions) -> pd.DataFrame:
    """Schools dealt to areas by share; each tenth is a pilot of 2025."""
    number = np.arange(options.schools)
    shares = np.array(options.profile.school_shares)
    area = np.searchsorted(np.cumsum(shares), (number + 0.5) / options.schools)
    return pd.DataFrame(
        {
            "school": number,
            "district": number % 12,
            "area": pd.Categorical.from_codes(area.clip(0, 2), AREAS),
            "subsidy_eligible": area == 2,
            "subsidy_grade": np.where(area == 2, 1 + number % 3, 0),
            "cohort": np.where(number % 10 == 0, 2025.0, np.nan),
        }
    )


def drawn_roster(options: BureauOptions, year: int = 2024) -> pd.DataFrame:
    """Staff of 1 September ``year``: one in twenty does not teach, one in twelve was hired that day."""
    rng = np.random.default_rng(1)
    size = round(options.teachers / 0.95)
    schools = drawn_schools(options)
    person = np.arange(size)
    is_new = person % 12 == 0
    years = np.where(is_new, np.where(person % 48 == 0, 6.0, 0.0), rng.uniform(1.0, 36.0, size))
    own = {
        "year": year,
        "person": person,
        "school": rng.integers(0, options.schools, size),
        "is_teacher": person % 20 != 19,
        "stage": pd.Categorical.from_codes(person % 2, ("primary", "junior")),
        "subject": pd.Categorical.from_codes(person % 3, SUBJECTS),
        "staffed_post": person % 10 != 0,
        "hired_year": np.where(is_new, year, year - 5),
        "years_teaching": years,
        "age": 23.0 + years,
        "title_rank": np.select(
            [(years > 15) & (person % 2 == 0), years > 9], ["senior", "first"], "second"
        ),
        "backbone": pd.Categorical.from_codes(
            np.where(years > 5, (person % 30 < 4) * (1 + person % 3), 0),
            ("none", "county", "city", "province"),
        ),
    }
    roster = pd.DataFrame(own)
    of_school = schools.drop(columns="school").iloc[roster["school"]].reset_index(drop=True)
    return pd.concat([roster, of_school], axis=1)


def drawn_desk(bureau: str, year: int = 2025, roster: pd.DataFrame | None = None) -> Desk:
    """A desk of full size with a drawn roster."""
    options = bureau_options(bureau)
    rows = drawn_roster(options, year - 1) if roster is None else roster
    return Desk(options, options.profile, drawn_schools(options), rows, year)
