"""A plain regression as an estimator: least squares or logit with the errors that the design asks for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from analysis.inference.estimators.effects import Effect, linear_effect, risk_effect
from analysis.inference.estimators.fits import Fit, fit_linear, fit_logit
from analysis.inference.estimators.fitted import Fitted
from analysis.inference.sample import Sample


def fit_regression(sample: Sample) -> Fitted:
    """The treatment's coefficient (linear), its average risk difference, or its log-odds, with CRV1 and CRV3."""
    design = sample.design
    if design.kind == "linear":
        fit = fit_linear(sample)
        return fitted_from(fit, linear_effect(sample, fit, design.scale), sample)
    fit = fit_logit(sample)
    if design.measure == "log_odds":
        return fitted_from(fit, linear_effect(sample, fit), sample)
    return fitted_from(fit, risk_effect(sample, fit), sample)


def fitted_from(fit: Fit, effect: Effect, sample: Sample) -> Fitted:
    """A Fitted from coefficients and the gradient of one effect."""
    if fit.problem:
        return Fitted(np.nan, np.nan, np.nan, problem=fit.problem)
    moved = fit.jackknife - fit.beta if len(fit.jackknife) else fit.jackknife
    found = Fitted(
        value=effect.value,
        std_error=effect.std_error(fit.cov),
        df=float(freedom(fit, sample)),
        n_clusters=fit.n_clusters,
        std_error_jackknife=effect.std_error(fit.cov_jackknife) if len(moved) else None,
        jackknife=effect.value + moved @ effect.gradient if len(moved) else moved,
    )
    if effect.ratio is None:
        return found
    return replace(found, ratio=effect.ratio, log_ratio_error=effect.log_ratio_error(fit.cov))


def freedom(fit: Fit, sample: Sample) -> int:
    """Degrees of freedom of the t interval: clusters less one, without clusters rows less coefficients."""
    if sample.design.cluster and sample.design.errors == "cluster":
        return fit.n_clusters - 1
    return len(sample.y) - sample.x.shape[1]
