from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

from analysis.inference.checking.agreement import agreement_check, twfe_check, twfe_weights
from analysis.inference.design import Design
from analysis.inference.estimators.cells import Cells, make_cells
from analysis.inference.estimators.fitted import Fitted
from analysis.inference.record import Estimate
from analysis.inference.sample import draw_sample
from tests.inference.checking.records import drawn_estimate


def fitted(value: float, std_error: float = 1.0, problem: str = "") -> Fitted:
    """An estimate with 100 degrees of freedom."""
    return Fitted(value, std_error, 100.0, problem=problem)


def record(low: float, high: float) -> Estimate:
    """An estimate with an interval and a standard error of 1."""
    return drawn_estimate(estimate=(low + high) / 2, std_error=1.0, ci_low=low, ci_high=high)


@pytest.mark.parametrize(
    ("main", "second", "interval", "value", "verdict", "steps"),
    [
        (3.0, fitted(2.5), (1.0, 5.0), 0.5, "pass", 0),
        (3.0, fitted(4.5), (1.0, 5.0), 1.5, "fail", 1),
        (0.3, fitted(-0.3), (-1.7, 2.3), 0.6, "pass", 0),  # a sign without direction says nothing
        (0.45, fitted(-0.45, 0.1), (0.05, 0.85), 0.9, "fail", 1),  # the other side of zero
        (0.45, fitted(-0.45, 0.1), (-0.05, 0.95), 0.9, "pass", 0),  # nothing to turn
        (3.0, fitted(np.nan, np.nan, "callaway_cells"), (1.0, 5.0), None, "not_run", 1),
        (3.0, fitted(np.nan, np.nan), (1.0, 5.0), None, "not_run", 1),
    ],
)
def test_costs(
    main: float, second: Fitted, interval: tuple[float, float], value: float | None,
    verdict: str, steps: int,
) -> None:  # fmt: skip
    found = agreement_check(fitted(main), second, record(*interval))
    assert (found.verdict, found.steps, found.cap) == (verdict, steps, None)
    assert found.value == pytest.approx(value)


def cells(cohort: list[float], time: list[float], weight: list[float], cluster: list[int]) -> Cells:
    """Cells typed by hand; outcomes do not matter."""
    n = len(time)
    return Cells(
        y=np.zeros(n), weight=np.array(weight), count=np.ones(n), cohort=np.array(cohort),
        time=np.array(time), cluster=np.array(cluster), unit=np.zeros(n, int),
        covariates=np.empty((n, 0)), n_rows=n,
    )  # fmt: skip


def test_published_weights_of_two_groups() -> None:
    """De Chaisemartin and D'Haultfoeuille 2020, section I: weights 1/2 (group 1, period 3), 1 and -1/2 (group 2)."""
    drawn = cells([3, 3, 3, 2, 2, 2], [1, 2, 3, 1, 2, 3], [1.0] * 6, [0, 0, 0, 1, 1, 1])
    assert twfe_weights(drawn) == pytest.approx([0.5, 1.0, -0.5])
    found = twfe_check(drawn)
    assert found.value == pytest.approx(0.5)
    assert (found.verdict, found.cap, found.steps, found.blocks) == ("caution", None, 0, False)
    assert found.detail == "negative=0.333 of treated cells"


def test_one_start_has_equal_weights_and_none_negative() -> None:
    drawn = cells(
        [3, 3, 3, np.inf, np.inf, np.inf], [1, 2, 3, 1, 2, 3], [1.0] * 6, [0, 0, 0, 1, 1, 1]
    )
    assert twfe_weights(drawn) == pytest.approx([1.0])
    assert twfe_check(drawn).verdict == "pass"


def test_no_treated_or_nobody_else_is_not_run() -> None:
    nobody = cells([np.inf] * 4, [1, 2, 1, 2], [1.0] * 4, [0, 0, 1, 1])
    together = cells([2.0] * 4, [1, 2, 1, 2], [1.0] * 4, [0, 0, 1, 1])
    assert twfe_check(nobody).verdict == "not_run"
    assert twfe_check(together).verdict == "not_run"


def test_weights_times_effects_are_the_regression() -> None:
    """Planted: cells with their own effect and no noise; the two-way regression is the weighted sum of the effects."""
    rng = np.random.default_rng(2)
    first = np.repeat([2.0, 4.0, np.nan, 3.0], 6)
    frame = pd.DataFrame({"school": np.repeat(range(24), 5), "year": list(range(1, 6)) * 24})
    frame["first"] = first[frame["school"]]
    frame["on"] = (frame["year"] >= frame["first"]).astype(float)
    frame["teachers"] = rng.integers(5, 60, len(frame)).astype(float)
    frame["effect"] = frame["on"] * rng.normal(size=len(frame))
    frame["y"] = frame["effect"] + frame["school"] + frame["year"] ** 2
    design = Design(
        kind="staggered", outcome="y", treatment="on", cluster="school", first_treated="first",
        unit_id="school", time="year", weights="teachers",
    )  # fmt: skip
    weights = twfe_weights(make_cells(draw_sample(frame, design)))
    plain = smf.wls("y ~ on + C(school) + C(year)", frame, weights=frame["teachers"]).fit()
    treated = frame.loc[frame["on"] == 1, "effect"].to_numpy()
    assert weights @ treated == pytest.approx(plain.params["on"])
    assert weights.sum() == pytest.approx(1.0)
