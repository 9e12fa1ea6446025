"""The record of a question before anything is estimated, and with what a fit says."""

from __future__ import annotations

from dataclasses import replace

from analysis.inference.design import Design
from analysis.inference.estimators.fits import interval, p_value
from analysis.inference.estimators.fitted import Fitted
from analysis.inference.power import smallest_effect
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


def with_interval(record: Estimate, fitted: Fitted, kind: str, std_error: float) -> Estimate:
    """The record with estimate, 95 % t interval, p and smallest detectable effect under one standard error."""
    low, high = interval(fitted.value, std_error, fitted.df)
    return replace(
        record,
        estimate=fitted.value,
        std_error=std_error,
        std_error_kind=kind,
        df=fitted.df,
        ci_low=low,
        ci_high=high,
        p_value=p_value(fitted.value, std_error, fitted.df),
        mde=smallest_effect(std_error),
    )
