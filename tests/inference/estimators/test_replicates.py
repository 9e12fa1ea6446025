"""Replicate weights of every method: each variance by its formula, over estimates made one by one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.errors import DataError
from analysis.inference.design import Design
from analysis.inference.estimators.replicates import (
    fit_replicates,
    replicate_columns,
    stratum_coefficients,
)
from analysis.inference.estimators.survey import fit_mean
from analysis.inference.levels import survey_design
from analysis.inference.sample import draw_sample
from analysis.intake.source import Replicates

DESIGN = Design(
    kind="replicate", outcome="y", treatment="x", cluster="unit", weights="w", replicate_prefix="r"
)


def jackknifed(seed: int = 1, sizes: tuple[int, ...] = (2, 3, 4), per: int = 6) -> pd.DataFrame:
    """Strata of 2, 3 and 4 units with delete-one weights: the other units of the stratum stand in."""
    rng = np.random.default_rng(seed)
    units = [(h, i) for h, n in enumerate(sizes) for i in range(n)]
    rows = [(h, f"{h}-{i}") for h, i in units for _ in range(per)]
    frame = pd.DataFrame(rows, columns=["stratum", "unit"])
    frame["x"] = (rng.random(len(frame)) < 0.5).astype(float)
    effect = dict(zip(frame["unit"].unique(), rng.normal(size=len(units)), strict=True))
    frame["y"] = frame["unit"].map(effect) + 0.5 * frame["x"] + rng.normal(size=len(frame))
    frame["w"] = 1.0 + frame["stratum"]
    for k, (h, i) in enumerate(units):
        gone, kin = frame["unit"] == f"{h}-{i}", frame["stratum"] == h
        factor = np.where(gone, 0.0, np.where(kin, sizes[h] / (sizes[h] - 1), 1.0))
        frame[f"r{k + 1}"] = frame["w"] * factor
    return frame


def slope(frame: pd.DataFrame, weight: str) -> float:
    """Weighted least squares of y on x by hand."""
    w, x, y = (frame[c].to_numpy(float) for c in (weight, "x", "y"))
    xm, ym = np.average(x, weights=w), np.average(y, weights=w)
    return float((w * (x - xm) * (y - ym)).sum() / (w * (x - xm) ** 2).sum())


def expected(values: np.ndarray, coefficients: np.ndarray | float) -> float:
    """Root of the weighted sum of squares about the replicates' own mean."""
    return float(np.sqrt((coefficients * (values - values.mean()) ** 2).sum()))


COEFFICIENTS = {
    "BRR": 1 / 9 / 0.25,
    "JK1": 8 / 9,
    "JKn": np.array([1 / 2] * 2 + [2 / 3] * 3 + [3 / 4] * 4),
    "bootstrap": 1 / 9,
}


@pytest.mark.parametrize("method", [*COEFFICIENTS])
def test_the_variance_is_that_of_the_method(method: str) -> None:
    """Wolter 2007, ch. 3 to 5; Judkins 1990 for Fay's factor."""
    frame = jackknifed()
    names = replicate_columns(frame, "r")
    design = replace(DESIGN, method=method, fay=0.5)
    found = fit_replicates(draw_sample(frame, design))
    slopes = np.array([slope(frame, n) for n in names])
    assert found.value == pytest.approx(slope(frame, "w"))
    assert found.std_error == pytest.approx(expected(slopes, COEFFICIENTS[method]), rel=1e-6)
    level = fit_mean(draw_sample(frame, replace(design, kind="mean", treatment="")))
    means = np.array([np.average(frame["y"], weights=frame[n]) for n in names])
    assert level.std_error == pytest.approx(expected(means, COEFFICIENTS[method]), rel=1e-6)


def test_leaving_out_one_answer_at_a_time_is_the_classical_error() -> None:
    """The jackknife variance of a plain mean is s^2/n exactly (Tukey 1958)."""
    rng = np.random.default_rng(2)
    frame = pd.DataFrame({"y": rng.normal(size=12), "unit": range(12), "w": 1.0})
    for k in range(12):
        frame[f"r{k + 1}"] = np.where(frame["unit"] == k, 0.0, 12 / 11)
    design = replace(DESIGN, kind="mean", treatment="", method="JK1")
    found = fit_mean(draw_sample(frame, design))
    assert found.std_error == pytest.approx(frame["y"].std() / np.sqrt(12))


def test_the_stratified_jackknife_is_close_to_taylor() -> None:
    frame = jackknifed(3, sizes=(6, 7, 8))
    design = replace(DESIGN, kind="mean", treatment="", method="JKn")
    plain = replace(design, replicate_prefix=None, strata=("stratum",))
    by_weights, by_taylor = (fit_mean(draw_sample(frame, d)) for d in (design, plain))
    assert by_weights.std_error == pytest.approx(by_taylor.std_error, rel=0.02)


def test_coefficients_are_read_from_the_weights_even_of_a_part() -> None:
    """Of a part without the other units of a stratum nothing can be read: 1, which is never too small."""
    frame = jackknifed()
    part = frame[frame["unit"].isin(["0-0", "1-0", "1-1", "2-0"])]
    wide = part[replicate_columns(frame, "r")].to_numpy()
    found = stratum_coefficients(part["w"].to_numpy(), wide)
    assert found == pytest.approx([1, 1 / 2, 2 / 3, 2 / 3, 2 / 3, 1, 3 / 4, 3 / 4, 3 / 4])


def test_calibrated_jackknife_weights_are_refused() -> None:
    frame = jackknifed()
    rng = np.random.default_rng(3)
    frame["r4"] *= rng.uniform(0.9, 1.1, len(frame))
    with pytest.raises(DataError) as refused:
        fit_replicates(draw_sample(frame, replace(DESIGN, method="JKn")))
    assert refused.value.name == "replicates_no_strata"


def test_an_unknown_method_is_refused_with_the_nearest() -> None:
    with pytest.raises(DataError, match="BRR"):
        fit_replicates(draw_sample(jackknifed(), replace(DESIGN, method="BBR")))


@pytest.mark.parametrize("method", ["JK1", "bootstrap"])
def test_the_delivery_says_which_method(method: str) -> None:
    """What source.toml states under survey_replicates reaches the design; without it BRR with Fay's half."""
    frame = jackknifed().rename(
        columns=lambda c: c.replace("r", "survey_rep_") if c[1:].isdigit() else c
    )
    frame = frame.rename(columns={"w": "survey_weight"})
    told = Replicates(prefix="R", count=9, method=method, fay=0.0)  # type: ignore[arg-type]
    design = survey_design(frame, "y", "points", told)
    assert (design.method, design.fay, design.weights) == (method, 0.0, "survey_weight")
    silent = survey_design(frame, "y", "points")
    assert (silent.method, silent.fay) == ("", 0.5)


def test_columns_are_in_number_order() -> None:
    frame = pd.DataFrame(columns=["r10", "r2", "rank", "r1"])
    assert replicate_columns(frame, "r") == ["r1", "r2", "r10"]
