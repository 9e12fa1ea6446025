"""Which checks an estimate carries, by its design."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from scipy import stats

from analysis.inference import checks as c
from analysis.inference.designs import group_column
from analysis.inference.effects import Effect
from analysis.inference.fits import Fit, fit_logit
from analysis.inference.record import Check, Estimate
from analysis.inference.sample import Sample, draw_sample
from analysis.panel.build import Panel
from analysis.study.objects import Intervention

MIN_LEADS = 2


def diagnose(
    sample: Sample, rows: pd.DataFrame, fit: Fit, effect: Effect, record: Estimate
) -> tuple[Check, ...]:
    """The checks every clustered estimate carries, then those of its kind."""
    std_error = record.std_error or 0.0
    smaller = min(int(sample.is_treated.sum()), int((~sample.is_treated).sum()))
    common: tuple[Check, ...] = (
        c.order_check(sample),
        c.cluster_check(sample),
        c.size_check(smaller),
        c.mde_check(std_error),
        c.agreement_check(effect, fit),
        c.influence_check(effect, fit, std_error),
        c.missing_check(rows, sample.design.outcome, sample.design.treatment),
    )
    if sample.design.kind == "logit":
        common += (c.separation_check(fit, sample),)
    if record.design == "policy_logit":
        return common
    if record.assignment == "lot":  # nobody chose: what chance left uneven is adjusted for
        return (*common, replace(c.balance_check(sample), cap=None))
    return common + selection_checks(sample, fit, effect, record)


def selection_checks(
    sample: Sample, fit: Fit, effect: Effect, record: Estimate
) -> tuple[Check, ...]:
    """Balance, overlap and hidden causes, where people or schools chose or were chosen."""
    found = (c.balance_check(sample), c.overlap_check(sample))
    if effect.ratio is None:
        df = len(sample.y) - sample.x.shape[1]
        strongest = c.strongest_covariate(sample)
        return (*found, c.robustness_check(effect, record.std_error or 1.0, df, strongest))
    half = stats.t.ppf(0.975, record.df) * effect.log_ratio_error(fit.cov)
    nearest = np.exp(np.log(effect.ratio) - np.sign(np.log(effect.ratio)) * half)
    return (*found, c.e_value_check(effect.ratio, float(nearest)))


def policy_checks(
    panel: Panel, programme: Intervention, sample: Sample, record: Estimate
) -> tuple[Check, ...]:
    """Lead test of a policy's pre-years and the quasi-experimental checks that this version does not run."""
    if record.design != "policy_logit":
        return ()
    missing = c.not_yet(("honest_did", "estimator_agreement", "placebo_date"))
    return (lead_check(panel, programme, sample), bundle_check(programme), *missing)


def bundle_check(programme: Intervention) -> Check:
    """Whether other programmes started on the same units at the same time; then the estimate is of the bundle."""
    others = ", ".join(programme.concurrent)
    return Check(
        "concurrent", len(programme.concurrent), "caution" if others else "pass", detail=others
    )


def lead_check(panel: Panel, programme: Intervention, sample: Sample) -> Check:
    """Joint test that the groups moved together before the policy; few pre-years cap at C, a rejection at D.

    Passing is never evidence by itself: the test has little power.
    """
    group = group_column(programme)
    rows = sample.rows[sample.rows[sample.design.treatment] == 0]
    years = sorted(rows.loc[rows[group] == 1, "year"].unique())
    leads = years[:-1]
    if len(leads) < MIN_LEADS:
        return Check("pre_period", len(leads), "fail", cap="C", detail="fewer than two leads")
    p = lead_p(rows, sample, group, leads)
    is_fine = p is not None and p >= 0.05
    return Check("pre_period", p, "pass" if is_fine else "fail", cap="C" if is_fine else "D")


def lead_p(rows: pd.DataFrame, sample: Sample, group: str, leads: list[int]) -> float | None:
    """P of the Wald test that all group-by-lead terms are zero (F with G-1 degrees of freedom); None if not fitted."""
    frame = rows.assign(
        **{f"lead_{y}": ((rows["year"] == y) & (rows[group] == 1)).astype(float) for y in leads}
    )
    first, rest = f"lead_{leads[0]}", tuple(f"lead_{y}" for y in leads[1:])
    design = replace(sample.design, treatment=first, linear=rest)
    lead_sample = draw_sample(frame, design)
    fit = fit_logit(lead_sample)
    terms = [1, *(i for i, n in enumerate(lead_sample.names) if n in rest)]
    if fit.problem or len(terms) < len(leads):
        return None
    beta, cov = fit.beta[terms], fit.cov[np.ix_(terms, terms)]
    wald = float(beta @ np.linalg.solve(cov, beta)) / len(terms)
    return float(stats.f.sf(wald, len(terms), fit.n_clusters - 1))
