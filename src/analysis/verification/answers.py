"""The published analyses as designs: each function puts one question to its data and gives figures by name.

Nothing is estimated here: every number comes from ``estimate()``, or from the estimator or check it is made of where
the published figure is a part that a report does not state (another average, an interval at a given deviation).
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.inference.checking.hidden import e_value, robustness_value
from analysis.inference.checking.honest import honest_curve
from analysis.inference.design import Design
from analysis.inference.estimate import estimate
from analysis.inference.estimators.callaway import Aggregation, callaway_aggregate
from analysis.inference.estimators.fitted import Paths
from analysis.inference.estimators.ordered import fit_ordered
from analysis.inference.estimators.staggered import fit_staggered
from analysis.inference.power import sample_size_per_arm
from analysis.inference.record import Estimate
from analysis.inference.sample import draw_sample
from analysis.verification.record import Answers

COUNTIES = Design(
    "staggered", "lemp", cluster="countyreal", first_treated="first.treat",
    unit_id="countyreal", time="year",
)  # fmt: skip
STATES = Design(
    "staggered", "dins", cluster="stfips", first_treated="start", unit_id="stfips", time="year",
    absorb="stfips",
)  # fmt: skip
DONORS = Design(
    "staggered", "Rate", cluster="State", first_treated="start", unit_id="State", time="quarter",
    absorb="State",
)  # fmt: skip
HOUSES = Design("linear", "rprice", "y81nrinc", linear=("y81", "nearinc"), errors="classical")
TRAINEES = Design("linear", "re78", "treat", errors="robust")
QUITTERS = Design(
    "aipw", "wt82_71", "qsmk", target="ate", method="ipw",
    controls=("sex", "race", "age", "education", "smokeintensity", "smokeyrs", "exercise",
              "active", "wt71"),
)  # fmt: skip
SMOKERS = Design(
    "hazard", "death", "qsmk", unit="pp", unit_id="seqn", time="wave", method="ipw", target="ate",
    controls=("age", "smokeintensity", "smokeyrs", "wt71"),
    fixed=("sex", "race", "education", "exercise", "active"),
)  # fmt: skip
BIRTHS = Design(
    "aipw", "bweight", "mbsmoke_", linear=("prenatal1_", "mmarried_", "mage", "fbaby_"),
    target="ate", propensity_controls=("mmarried_", "mage", "mage^2", "fbaby_", "medu"),
)  # fmt: skip
SPENDING = Design(
    "oaxaca", "AVGEXP", "OWNRENT", cluster="row", linear=("AGE", "INCOME", "INCOMESQ")
)
TEACHING = Design(
    "logit", "GRADE", "PSI", linear=("GPA", "TUCE"), errors="classical", measure="log_odds"
)
JUNIORS = Design(
    "ordered", "y", "pared", linear=("public", "gpa"), errors="classical", measure="log_odds"
)
ANSWER_LEVELS = {"unlikely": 0.0, "somewhat likely": 1.0, "very likely": 2.0}
DARFUR = (0.09731582, 0.02325654, 783)  # estimate, error, degrees of freedom as sensemakr prints


def number(value: float | None) -> float:
    """A figure, or NaN where there is none."""
    return math.nan if value is None else float(value)


def ask(frame: pd.DataFrame, design: Design) -> Estimate:
    """The record of a question; checks that refit do not touch the figures and are left out."""
    return estimate(frame, design, cheap=True)


def value_and_error(frame: pd.DataFrame, design: Design) -> Answers:
    """Estimate and standard error."""
    found = ask(frame, design)
    return {"estimate": number(found.estimate), "se": number(found.std_error)}


def counties_by_cohort(frame: pd.DataFrame) -> Answers:
    """Callaway and Sant'Anna's four averages and the error of the first; never-treated controls."""
    kinds: tuple[Aggregation, ...] = ("simple", "group", "dynamic", "calendar")
    design = replace(COUNTIES, comparison="never")
    found = {kind: callaway_aggregate(frame, design, kind) for kind in kinds}
    averages = {kind: fitted.value for kind, fitted in found.items()}
    return averages | {"simple se": found["simple"].std_error}


def counties_extended(frame: pd.DataFrame) -> Answers:
    """Extended two-way fixed effects with log population: effects by years since the start."""
    points = ask(frame, replace(COUNTIES, linear=("lpop",))).series["event_study"]
    values = {f"e{p.label}": number(p.estimate) for p in points}
    return values | {f"e{p.label} se": number(p.std_error) for p in points}


def expansion_paths(frame: pd.DataFrame) -> Paths:
    """The event study of states that expanded Medicaid in 2014 against those that had not by 2015; its first year."""
    rows = frame[(frame["year"] < 2016) & (frame["yexp2"] != 2015)]
    rows = rows.assign(start=rows["yexp2"].where(rows["yexp2"] == 2014))
    paths = fit_staggered(draw_sample(rows, STATES)).paths
    if paths is None:
        raise ValueError("an event study without periods before the start")
    return replace(paths, weights=(np.array(paths.times) == 0).astype(float))


def expansion_limits(
    frame: pd.DataFrame, values: tuple[float, ...], is_smoothness: bool
) -> Answers:
    """Ends of the robust intervals at some deviations."""
    points = honest_curve(expansion_paths(frame), values, is_smoothness=is_smoothness)
    low = {f"{p.label} low": number(p.ci_low) for p in points}
    return low | {f"{p.label} high": number(p.ci_high) for p in points}


def expansion_smoothness(frame: pd.DataFrame) -> Answers:
    """Robust intervals when a trend bends by at most M a year."""
    return expansion_limits(frame, (0.0, 0.01, 0.02), True)


def expansion_magnitudes(frame: pd.DataFrame) -> Answers:
    """Robust intervals when later deviations are at most Mbar times the largest earlier one."""
    return expansion_limits(frame, (0.5, 1.0, 1.5, 2.0), False)


def organ_donation(frame: pd.DataFrame) -> Answers:
    """California asks drivers actively from July 2011; the estimator's number, as one treated state gives grade E."""
    quarters = sorted(frame["Quarter"].unique(), key=lambda q: (q[2:], q[:2]))
    order = {name: float(at) for at, name in enumerate(quarters)}
    is_asked = frame["State"] == "California"
    rows = frame.assign(
        quarter=frame["Quarter"].map(order), start=np.where(is_asked, order["Q32011"], np.nan)
    )
    found = fit_staggered(draw_sample(rows, DONORS))
    return {"estimate": found.value, "se": found.std_error}


def incinerator(frame: pd.DataFrame) -> Answers:
    """Real house prices near a garbage incinerator after its building began, least squares."""
    return value_and_error(frame, HOUSES)


def job_training(frame: pd.DataFrame) -> Answers:
    """Earnings of 1978 by lot, difference of means with HC1."""
    return value_and_error(frame, TRAINEES)


def weight_gain(frame: pd.DataFrame) -> Answers:
    """Kilograms gained by those who quit smoking: crude, weighted, and standardised with the product of the book."""
    levels = ["sex", "race", "education", "exercise", "active"]
    centred = frame["smokeintensity"] - frame["smokeintensity"].mean()
    rows = frame.assign(product=frame["qsmk"] * centred)
    rows[levels] = rows[levels].astype(str)
    plain = replace(QUITTERS, kind="linear", method="")
    designs = {
        "crude": replace(plain, controls=(), errors="classical"),
        "ipw": QUITTERS,
        "standardised": replace(plain, errors="robust", linear=("product",)),
    }
    found = {}
    for name, design in designs.items():
        record = ask(rows, design)
        found[name] = number(record.estimate)
        found[f"{name} low"], found[f"{name} high"] = number(record.ci_low), number(record.ci_high)
    return found


def survival(frame: pd.DataFrame) -> Answers:
    """Alive after 120 months, per cent, had everybody quit and had nobody."""
    found = ask(frame.assign(wave=0), SMOKERS)
    untreated = number(found.estimate) / (number(found.ratio) - 1)
    return {"quit": 100 - untreated - number(found.estimate), "not": 100 - untreated}


def smoking(frame: pd.DataFrame) -> Answers:
    """Grams of birth weight: outcome model, weights, and both, treatment models by probit."""
    methods = {"RA": "ra", "IPW": "ipw_probit", "AIPW": "aipw_probit"}
    found = {name: ask(frame, replace(BIRTHS, method=m)) for name, m in methods.items()}
    values = {name: number(record.estimate) for name, record in found.items()}
    return values | {"AIPW se": number(found["AIPW"].std_error)}


def spending(frame: pd.DataFrame) -> Answers:
    """Card spending of owners and tenants: the gap and its two parts."""
    points = ask(frame, SPENDING).series["decomposition"]
    return {p.label: number(p.estimate) for p in points}


def teaching(frame: pd.DataFrame) -> Answers:
    """Log-odds of a better grade under the personalised system of instruction, maximum likelihood."""
    return value_and_error(frame, TEACHING)


def graduate_school(frame: pd.DataFrame) -> Answers:
    """Log-odds of applying, proportional odds: a parent with a degree."""
    rows = frame.assign(y=frame["apply"].map(ANSWER_LEVELS))
    found = fit_ordered(draw_sample(rows, JUNIORS))
    return {"estimate": found.value, "se": found.std_error}


def people_per_arm(frame: pd.DataFrame) -> Answers:
    """People in each of two arms, 5 % two-sided, 80 % power."""
    return {f"d={d}": sample_size_per_arm(d) for d in (0.5, 0.2)}


def hidden_causes(frame: pd.DataFrame) -> Answers:
    """Per cent of both variances that a hidden cause needs, for the estimate and for its interval."""
    t, df = DARFUR[0] / DARFUR[1], DARFUR[2]
    return {
        "estimate, %": 100 * robustness_value(t, df),
        "interval, %": 100 * robustness_value(t, df, level=0.05),
    }


def risk_ratios(frame: pd.DataFrame) -> Answers:
    """The risk ratio that would explain 3.9 (from 1.8) away."""
    return {"of 3.9": e_value(3.9), "of 1.8": e_value(1.8)}
