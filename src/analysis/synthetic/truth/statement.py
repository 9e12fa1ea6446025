"""What is true of a drawn bureau, for tests, ``verify`` and the honesty runs; no analysis may read it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from analysis.synthetic.planted import WORLD_NOTES
from analysis.synthetic.profile import AREAS
from analysis.synthetic.truth.assessments import EXCELLENT
from analysis.synthetic.truth.contrasts import naive_contrasts
from analysis.synthetic.truth.effects import need_coverage, planted_effects, planted_zeros
from analysis.synthetic.truth.rates import teacher_fates, true_rates
from analysis.synthetic.truth.record import Draw

NOTES = {
    "rates": "denominator: all teachers on the roster of 1 September of the year before; retirement and death "
    "do not count in A1, A2, A5 and stay in the denominator; leave, secondment and rotation stay on the roster",
    "subsidy": "odds ratio on leaving the bureau and on moving to another area, for eligible posts, from the "
    "report year 2025 on; moves inside the area are untouched",
    "digital_course": "points on the test of the same school year only; it does not carry over",
    "smart_pilot": "points on every test after the start; the first exposed test is that of the cohort's year",
    "dormitory": "odds ratio on leaving the bureau against the waiting list, drawn by lot; applicants of both "
    "kinds have lower odds than others of the area anyway",
    "shadowing": "points on the test of the same school year; odds ratio on leaving the own area in the next",
    "outreach": "need coverage of all rural teachers who answered, with and without the hours of outreach",
    "ledger": "begins in September 2021; each delivered ledger holds the attendances that ended in its calendar "
    "year; what schools do themselves is entered from 2025 on",
    "naive": "what careless and usual comparisons find in this draw; not what is true",
}


def state_truth(draw: Draw) -> dict[str, Any]:
    """Everything ``truth.json`` says: parameters, true rates, planted effects and zeros, and naive contrasts."""
    fates = teacher_fates(draw)
    zeros = planted_zeros(draw)
    return {
        "options": dict(vars(draw.options)),
        "world": WORLD_NOTES[draw.options.world],
        "notes": NOTES,
        "planted": dict(vars(draw.planted)),
        "hidden": hidden_strengths(draw),
        "pilots": int(draw.schools["cohort"].notna().sum()),
        "sizes": _sizes(draw),
        "rates": true_rates(fates),
        "effects": planted_effects(draw, fates),
        "zeros": [{"intervention": i, "outcome": o} for i, o in zeros],
        "scores": _score_levels(draw),
        "needs": _need_levels(draw),
        "naive": naive_contrasts(draw, fates),
    }


def hidden_strengths(draw: Draw) -> dict[str, float]:
    """How strongly what no file holds drives exposure and outcome; correlations over the last roster's teachers."""
    last = draw.teachers[draw.teachers["is_teacher"]]
    last = last[last["year"] == last["year"].max()]
    found = {
        "motivation_on_score_points": draw.planted.keen_points,
        "motivation_on_course_log_odds": draw.planted.course_pull_motivation,
        "lead_on_leaving_log_odds": float(np.log(draw.planted.lead_odds)),
        "lead_on_mentoring_log_odds": draw.planted.lead_on_mentoring,
    }
    is_pilot = last["cohort"].notna()
    if 0 < is_pilot.mean() < 1:
        found["school_score_with_pilot_correlation"] = float(last["hidden_score"].corr(is_pilot))
    return found


def _sizes(draw: Draw) -> dict[str, dict[str, int]]:
    teachers = draw.teachers[draw.teachers["is_teacher"]]
    counts = pd.crosstab(teachers["year"], teachers["area"])
    return {str(y): {a: int(counts.loc[y].get(a, 0)) for a in AREAS} for y in draw.options.years}


def _score_levels(draw: Draw) -> dict[str, Any]:
    if draw.scores.empty:
        return {}
    return {str(year): _levels(cells) for year, cells in draw.scores.groupby("year")}


def _levels(cells: pd.DataFrame) -> dict[str, Any]:
    score = cells["digital_score"]
    by_area = score.groupby(cells["area"], observed=True).mean()
    return {
        "n": len(cells),
        "mean": float(score.mean()),
        "sd": float(score.std()),
        "excellent_percent": 100 * float((score >= EXCELLENT).mean()),
        "mean_by_area": {str(area): float(value) for area, value in by_area.items()},
    }


def _need_levels(draw: Draw) -> dict[str, Any]:
    """Share of the largest needs met, and of those who had none of them met, in percent by area."""
    found = {}
    for year in draw.options.years:
        covered = need_coverage(draw, year)
        if len(covered):
            share = covered["coverage"].groupby(covered["area"], observed=True)
            none = share.agg(lambda values: 100 * (values == 0).mean())
            found[str(year)] = {
                "coverage_percent": {str(a): 100 * float(v) for a, v in share.mean().items()},
                "unmet_percent": {str(a): float(v) for a, v in none.items()},
            }
    return found
