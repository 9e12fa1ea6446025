"""The same rows under other designs: what cannot be asked is left out, what can is fitted from its own rows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analysis.inference.checking.hazard_variants import hazard_variants
from analysis.inference.checking.refits import refit_all, refit_one
from analysis.inference.estimators.hazard import fit_hazard
from analysis.inference.estimators.regression import fit_regression
from analysis.inference.sample import draw_sample
from tests.inference.foreign import HAZARD, LINEAR, volunteers

FRAME = volunteers(sites=20, size=5)
SAMPLE = draw_sample(FRAME, LINEAR)


def test_the_same_design_gives_the_same_fit() -> None:
    found = refit_one(SAMPLE, LINEAR, fit_regression)
    assert found is not None
    assert found.value == pytest.approx(fit_regression(SAMPLE).value, rel=1e-12)


def test_another_set_of_covariates_is_least_squares_on_it() -> None:
    found = refit_one(SAMPLE, replace(LINEAR, controls=()), fit_regression)
    took = FRAME["took"] == 1
    assert found is not None
    assert found.value == pytest.approx(FRAME["mark"][took].mean() - FRAME["mark"][~took].mean())


@pytest.mark.parametrize(
    ("column", "value"), [("took", 1.0), ("took", 0.0), ("mark", 5.0), ("mark", np.nan)]
)
def test_where_nothing_varies_there_is_no_fit(column: str, value: float) -> None:
    changed = replace(SAMPLE, rows=SAMPLE.rows.assign(**{column: value}))
    assert refit_one(changed, LINEAR, fit_regression) is None


def test_no_design_or_no_column_is_no_fit() -> None:
    assert refit_one(SAMPLE, None, fit_regression) is None
    assert refit_one(SAMPLE, replace(LINEAR, outcome="absent"), fit_regression) is None


def test_those_that_can_be_fitted_keep_their_names() -> None:
    designs = {"plain": replace(LINEAR, controls=()), "gone": replace(LINEAR, cluster="absent")}
    assert list(refit_all(SAMPLE, designs, fit_regression)) == ["plain"]


def test_hazards_fitted_together_are_those_fitted_alone() -> None:
    """What specifications share, and where their steps begin, moves no number; unneeded jackknives are left out."""
    sample = draw_sample(volunteers(sites=40, size=15), HAZARD)
    variants = hazard_variants(replace(HAZARD, horizons=()))
    together = refit_all(sample, variants, fit_hazard)
    assert list(together) == list(variants)
    for name, design in variants.items():
        alone = refit_one(sample, design, fit_hazard)
        assert alone is not None
        assert together[name].value == pytest.approx(alone.value, abs=1e-6 * alone.std_error)
        assert together[name].std_error == pytest.approx(alone.std_error, rel=1e-6)
        assert together[name].std_error_jackknife is None


def test_hazards_of_few_clusters_keep_their_jackknife() -> None:
    """Their interval rests on it."""
    sample = draw_sample(volunteers(sites=12, size=40), HAZARD)
    design = replace(HAZARD, horizons=())
    one = refit_all(sample, {"plain": design}, fit_hazard)["plain"]
    alone = fit_hazard(replace(sample, design=design))
    assert one.std_error_jackknife == pytest.approx(alone.std_error_jackknife, rel=1e-6)
