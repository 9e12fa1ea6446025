"""Drawn panels with planted effects, for the estimators; all numbers are invented here."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.panel.build import Panel


def drawn_panel(
    seed: int = 1,
    schools: int = 60,
    size: int = 25,
    years: tuple[int, ...] = (2021, 2022, 2023, 2024, 2025),
    course: float = 1.0,
    subsidy: float = 0.0,
) -> Panel:
    """A county: half the schools rural and eligible; a course with a planted effect; a subsidy on the odds of leaving."""
    rng = np.random.default_rng(seed)
    rows = pd.concat([one_year(rng, y, schools, size, course, subsidy) for y in years])
    frame = rows.reset_index(drop=True)
    frame["row_order"] = range(len(frame))
    return Panel(
        region="drawn",
        year=max(years),
        frame=frame,
        counts={"teachers": 0, "schools": 0, "answers": 0},
    )


def one_year(
    rng: np.random.Generator, year: int, schools: int, size: int, course: float, subsidy: float
) -> pd.DataFrame:
    """One row per teacher: rural schools lose more, everybody loses less in 2025, keen teachers take the course."""
    n = schools * size
    school = np.repeat(np.arange(schools), size)
    rural = (school < schools // 2).astype(float)
    school_effect = rng.normal(scale=2.0, size=schools)[school]
    keen = rng.normal(size=n)
    pre_level = 80 + school_effect + 3 * keen - 1.6 * rural  # who is keen is so in both years
    pre = pre_level + rng.normal(scale=4, size=n)
    took = (keen + rng.normal(size=n) > 0).astype(float)
    score = pre_level + course * took + rng.normal(scale=4, size=n)
    on = rural * (year == 2025)
    logit = -2.6 + 0.5 * rural - 0.4 * (year == 2025) + subsidy * on
    left = (rng.random(n) < 1 / (1 + np.exp(-logit))).astype(float)
    frame = pd.DataFrame(
        {
            "teacher_id": [f"t{year}-{i}" for i in range(n)],
            "school_id": [f"s{i:03d}" for i in school],
            "year": year,
            "area": np.where(rural == 1, "rural", "urban"),
            "sex": np.where(rng.random(n) < 0.7, "female", "male"),
            "age": rng.integers(23, 58, n).astype(float),
            "digital_score": score,
            "pre_score": pre,
            "digital_literacy_score": score,
            "attrition_A2": left,
            "attrition_A1": np.where(rural == 1, left, np.nan),
            "group_rural_subsidy": rural,
            "exposed_rural_subsidy_attrition": on,
            "exposed_digital_course_digital_literacy": took,
        }
    )
    frame["school_pre_score"] = frame.groupby("school_id")["pre_score"].transform("mean")
    return frame
