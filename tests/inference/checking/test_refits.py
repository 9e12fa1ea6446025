"""The same rows under other designs: what cannot be asked is left out, what can is fitted from its own rows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analysis.inference.checking.refits import refit_all, refit_one
from analysis.inference.estimators.regression import fit_regression
from analysis.inference.sample import draw_sample
from tests.inference.foreign import LINEAR, volunteers

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
