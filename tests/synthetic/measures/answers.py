"""Surveys: who answers, exhaustion and intention, needs and what was supplied."""

from __future__ import annotations

import pandas as pd
from statsmodels.api import Logit, add_constant

from analysis.synthetic.truth.record import Draw
from tests.synthetic.measures.people import Measure, share, teachers
from tests.synthetic.measures.scores import CUT, fit, icc_of, of_year

HERE = "2025-03-25"  # the last day of the survey


def items(prefix: str) -> Measure:
    """How many items of a scale the survey has."""
    return lambda draw: float(draw.survey.columns.str.fullmatch(prefix + r"\d+").sum())


def needs_of(draw: Draw) -> pd.DataFrame:
    rows = draw.needs if draw.profile.has_need_survey else draw.survey
    return rows[rows["year"] == 2025]


def need_topics(draw: Draw) -> float:
    return float(needs_of(draw).columns.str.startswith("need_").sum())


def n_need_answers(draw: Draw) -> float:
    return len(needs_of(draw))


def in_post_in_march(draw: Draw) -> pd.DataFrame:
    fates = draw.fates[draw.fates["year"] == 2025]
    gone = fates.loc[(fates["next_school"] < 0) & (fates["event_date"] < HERE), "person"]
    rows = teachers(draw)
    return rows[~rows["person"].isin(gone)]


def response(draw: Draw) -> float:
    return share(in_post_in_march(draw)["person"].isin(draw.survey["person"]))


def pull_of(fact: str) -> Measure:
    """The log-odds of answering for one fact, the others held fixed."""

    def measure(draw: Draw) -> float:
        rows = in_post_in_march(draw)
        x = {
            "motivation": rows["hidden_motivation"],
            "rural": rows["area"] == "rural",
            "not_staffed": ~rows["staffed_post"],
            "exhaustion": rows["hidden_exhaustion"],
        }
        answered = rows["person"].isin(draw.survey["person"])
        found = Logit(answered.astype(float), add_constant(pd.DataFrame(x).astype(float)))
        return float(found.fit(disp=0).params[fact])

    return measure


def excellent_responders(draw: Draw) -> float:
    """优秀率 of 2025 among those who answered less that of all tested, percentage points."""
    rows = of_year(draw, 2025)
    is_high = rows["digital_score"] >= CUT
    return share(is_high[rows["person"].isin(draw.survey["person"])]) - share(is_high)


def exhaustion_mean(draw: Draw) -> float:
    return float(draw.survey["burnout_ee"].mean())


def exhaustion_sd(draw: Draw) -> float:
    return float(draw.survey["burnout_ee"].std())


def exhaustion_icc(draw: Draw) -> float:
    return icc_of(draw.survey["burnout_ee"], draw.survey["school"])


def exhaustion_intention(draw: Draw) -> float:
    return float(draw.survey["burnout_ee"].corr(draw.survey["leave_intention"]))


def exhaustion_part(at: int) -> Measure:
    """What adds to exhaustion: ten hours a week, homeroom, the first three years, a small school; scale points."""

    def coefficient(draw: Draw) -> float:
        own = draw.roster(2024)[["person", "homeroom", "is_small", "hidden_lead"]]
        rows = draw.survey.merge(own, on="person")
        x = [rows["working_hours"] / 10, rows["homeroom"], rows["years_teaching"] < 3]
        return float(fit(rows["burnout_ee"], *x, rows["is_small"], rows["hidden_lead"])[at])

    return coefficient


def away_on_intention(draw: Draw) -> float:
    """Intention of those who live away from home less that of the others, scale points."""
    rows = draw.survey.merge(draw.roster(2024)[["person", "hidden_away"]], on="person")
    mean = rows.groupby("hidden_away")["leave_intention"].mean()
    return float(mean[True] - mean[False])


def honour(draw: Draw) -> float:
    return share(draw.survey["honour_satisfaction"] >= 4)


def tools_used(is_pilot: bool) -> Measure:
    """Share of respondents who use the tools in pilot schools or elsewhere."""

    def measure(draw: Draw) -> float:
        cohort = draw.survey["school"].map(draw.schools.set_index("school")["cohort"])
        return share(draw.survey.loc[cohort.notna() == is_pilot, "uses_tools"])

    return measure


def need_gap(topic: str) -> Measure:
    """Rural need less urban need, points of a scale of 1 to 5."""

    def gap(draw: Draw) -> float:
        rows = needs_of(draw)
        mean = rows.groupby("area", observed=True)[f"need_{topic}"].mean()
        return float(mean["rural"] - mean["urban"])

    return gap


def rural_supply(topic: str) -> Measure:
    """Hours on one topic per rural teacher relative to those per urban teacher, in 2025."""

    def ratio(draw: Draw) -> float:
        held = draw.trainings[(draw.trainings["year"] == 2025) & (draw.trainings["topic"] == topic)]
        hours = held.groupby("area", observed=False)["hours"].sum()
        per_head = hours / teachers(draw)["area"].value_counts()
        return float(per_head["rural"] / per_head["urban"])

    return ratio
