"""Can two sides be compared: drawn sides that can, that cannot, and that only seem to; weights by hand."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from analysis.inference.checking.balance import standardised_gaps
from analysis.inference.checking.comparability import (
    comparability_checks,
    find_sides,
    overlap_gap,
    standardised,
    terms,
    weighted_balance,
)
from analysis.inference.design import Design
from analysis.inference.record import Check
from analysis.inference.sample import draw_sample

DESIGN = Design(
    kind="linear", outcome="y", treatment="rural", cluster="school", controls=("stage", "age")
)


def sides(seed: int = 1, n: int = 3000, shift: float = 4.0) -> pd.DataFrame:
    """Half rural; rural teachers are ``shift`` years older, and no vocational school is rural."""
    rng = np.random.default_rng(seed)
    rural = (np.arange(n) < n // 2).astype(float)
    stage = np.where(rng.random(n) < 0.6, "primary", "junior").astype(object)
    stage[(rural == 0) & (rng.random(n) < 0.2)] = "vocational"
    age = 40 + shift * rural + rng.normal(0, 8, n)
    y = 80 - 1.5 * rural - 0.1 * (age - 40) + rng.normal(0, 3, n)
    return pd.DataFrame(
        {"y": y, "rural": rural, "school": np.arange(n) % 60, "stage": stage, "age": age}
    )


def checks(frame: pd.DataFrame, design: Design = DESIGN) -> dict[str, Check]:
    return {c.name: c for c in comparability_checks(draw_sample(frame, design))}


def test_sides_that_differ_by_nature_can_still_be_compared() -> None:
    """A stage that one side does not have is far above .25 before weighting, and gone after."""
    found = checks(sides())
    raw = standardised_gaps(draw_sample(sides(), DESIGN), None)
    assert np.abs(raw).max() > 0.25
    assert (found["balance"].value or 0) < 0.25
    assert found["balance"].cap is None
    assert found["overlap"].verdict == "pass"


def test_the_weights_are_those_of_the_logit() -> None:
    """1 - e on one side, e on the other; the means of all covariates are then equal (Li, Morgan, Zaslavsky 2018)."""
    frame = sides(2).query("stage != 'vocational'")
    sample = draw_sample(frame, DESIGN)
    x = np.delete(sample.x, 1, axis=1)
    e = sm.Logit(sample.y * 0 + sample.is_treated, x).fit(disp=0).predict()
    found = find_sides(sample)
    assert found.weights == pytest.approx(np.where(sample.is_treated, 1 - e, e), abs=1e-6)
    means = [
        np.average(x[s], axis=0, weights=found.weights[s])
        for s in (found.is_focus, ~found.is_focus)
    ]
    assert means[0] == pytest.approx(means[1], abs=1e-6)


def test_sides_without_counterparts_are_capped() -> None:
    found = checks(sides(3, shift=45))
    assert found["overlap"].verdict == "fail"
    assert found["overlap"].cap == "D"


def test_what_adding_covariates_cannot_align_is_seen() -> None:
    """Old in primary on one side, old in junior on the other: means agree, the product does not."""
    rng = np.random.default_rng(4)
    n = 4000
    rural, primary = rng.integers(0, 2, n), rng.integers(0, 2, n)
    age = 40 + 8 * np.where(rural == primary, 1, -1) + rng.normal(0, 3, n)
    frame = pd.DataFrame(
        {
            "y": rng.normal(size=n), "rural": rural.astype(float), "school": np.arange(n) % 80,
            "stage": np.where(primary == 1, "primary", "junior"), "age": age,
        }
    )  # fmt: skip
    found = checks(frame, replace(DESIGN, controls=("stage",), linear=("age",)))
    assert found["balance"].verdict == "fail"
    assert found["balance"].cap == "D"
    assert found["balance"].detail == "stage_primary, age"


def test_few_rows_do_not_fail_by_chance() -> None:
    """Of 30 small draws without any difference hardly one is refused for its balance."""
    frames = [sides(s, n=160, shift=0.0).query("stage != 'vocational'") for s in range(30)]
    assert sum(checks(f)["balance"].cap == "D" for f in frames) <= 2


def test_nothing_to_align_is_capped() -> None:
    found = checks(sides(), replace(DESIGN, controls=()))
    assert {c.verdict for c in found.values()} == {"not_run"}
    assert {c.cap for c in found.values()} == {"D"}


def test_the_gap_under_overlap_weights_is_the_planted_one() -> None:
    """Planted -1.5; where effects do not differ, regression and weighting agree."""
    frame = sides(5)
    found = overlap_gap(draw_sample(frame, DESIGN))
    assert found.label == "overlap_weights"
    assert found.estimate == pytest.approx(-1.5, abs=0.4)


def test_order_scale_and_survey_weights() -> None:
    frame = sides(6, n=600).assign(w=1.0)
    one = checks(frame)
    moved = frame.sample(frac=1, random_state=1).assign(age=lambda f: 12 * f["age"], w=7.0)
    other = checks(moved, replace(DESIGN, weights="w"))
    for name in one:
        assert other[name].value == pytest.approx(one[name].value, abs=1e-4)
        assert other[name].verdict == one[name].verdict


def test_products_one_block_at_a_time_are_all_products() -> None:
    """Against all pairs at once: the same largest gap and as many terms; and no more room than a few matrices."""
    rng = np.random.default_rng(6)
    names = tuple(f"c{i}" for i in range(60))
    frame = pd.DataFrame(rng.normal(size=(300, 60)), columns=names)
    frame = frame.assign(c7=(frame["c7"] > 1) * 1.0, c8=lambda d: (frame["c7"] < -1) * 1.0)
    frame = frame.assign(
        y=rng.normal(size=300), rural=np.arange(300) % 2, school=np.arange(300) % 20
    )
    sample = draw_sample(frame, replace(DESIGN, controls=(), linear=names))
    found, x = find_sides(sample), sample.x[:, 2:]
    first, second = np.triu_indices(60, k=1)
    products = x[:, first] * x[:, second]
    gaps = standardised(np.column_stack([x, products]), found, found.weights)
    labels = [*names, *(f"{names[i]}, {names[j]}" for i, j in zip(first, second, strict=True))]
    tracemalloc.start()
    line = weighted_balance(sample, found)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert line.value == pytest.approx(gaps.max(), rel=1e-12)
    assert line.detail == labels[int(np.argmax(gaps))]
    assert peak < 12 * x.nbytes
    assert sum(len(told) for _, told in terms(sample)) == len(labels)
