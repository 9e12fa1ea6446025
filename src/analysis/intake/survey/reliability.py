"""How well the items of a scale go together: Cronbach's alpha and McDonald's omega."""

from __future__ import annotations

import warnings

import numpy as np

MIN_ITEMS = 3  # one factor is not identified by two items


def alpha(items: np.ndarray) -> float:
    """Cronbach's alpha of complete answers (n by k): k/(k-1) (1 - sum of variances / variance of the sum).

    Cronbach (1951), Psychometrika 16, 297-334. Missing where the sum does not vary or there is one item.
    """
    k = items.shape[1]
    if len(items) < 2 or k < 2:
        return float("nan")
    total = items.sum(axis=1).var(ddof=1)
    parts = items.var(axis=0, ddof=1).sum()
    return float(k / (k - 1) * (1 - parts / total)) if total > 0 else float("nan")


def omega(items: np.ndarray) -> float:
    """McDonald's omega total of complete answers (n by k), from one factor by maximum likelihood; see ``omega_of``."""
    if len(items) <= items.shape[1] or items.shape[1] < MIN_ITEMS:
        return float("nan")
    return omega_of(np.cov(items, rowvar=False), len(items))


def omega_of(covariance: np.ndarray, n_rows: int) -> float:
    """Omega total of a covariance matrix: (sum of loadings)^2 / ((sum of loadings)^2 + sum of unique variances).

    McDonald (1999), Test Theory, ch. 6, with the loadings of one factor by maximum likelihood. Missing where an
    item does not vary or the fit does not converge.
    """
    # slow to import, and few deliveries have items
    from statsmodels.multivariate.factor import Factor
    from statsmodels.tools.sm_exceptions import ConvergenceWarning

    spread = np.sqrt(np.diag(covariance))
    if (spread <= 0).any():
        return float("nan")
    correlation = covariance / np.outer(spread, spread)
    with warnings.catch_warnings():
        warnings.simplefilter("error", ConvergenceWarning)
        try:
            model = Factor(corr=correlation, n_factor=1, method="ml", nobs=n_rows)
            found = model.fit()
        except (ConvergenceWarning, np.linalg.LinAlgError):
            return float("nan")
    common = float((found.loadings[:, 0] * spread).sum()) ** 2
    unique = float((found.uniqueness * spread**2).sum())
    return common / (common + unique)
