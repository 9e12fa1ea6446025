"""The record of a question before anything is estimated."""

from __future__ import annotations

from analysis.inference.design import Design
from analysis.inference.record import Estimate


def blank_estimate(design: Design) -> Estimate:
    """What is asked and nothing more: no number, grade E until one is found."""
    return Estimate(
        id=f"{design.treatment or design.first_treated}:{design.outcome}",
        kind="effect",
        subject=design.treatment or design.first_treated,
        outcome=design.outcome,
        definition="",
        estimand=design.estimand or design.kind,
        design=design.kind,
        assignment=design.assignment,
        population=design.population,
        unit=design.unit,
        year=0,
        estimate=None, std_error=None, df=None, ci_low=None, ci_high=None,
        p_value=None, p_adjusted=None, ci_adj_low=None, ci_adj_high=None,
        n_teachers=0, n_schools=0, n_treated=0, n_treated_schools=0, n_control_schools=0,
        n_dropped=0, mde=None,
        relevant_effect=design.relevant_effect,
    )  # fmt: skip
