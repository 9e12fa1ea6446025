"""Published numbers reproduced through the project's own estimators; each names its source."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from analysis.inference.design import Design
from analysis.inference.estimators.effects import risk_effect
from analysis.inference.estimators.fits import fit_linear, fit_logit
from analysis.inference.estimators.replicates import fit_replicates
from analysis.inference.estimators.survey import fit_mean
from analysis.inference.sample import draw_sample


def test_teaching_intervention_logit() -> None:
    """Spector and Mazzeo 1980 (data shipped with the statistics library): PSI 2.379 on the logit scale."""
    data = sm.datasets.spector.load_pandas().data.assign(row=[f"r{i:02d}" for i in range(32)])
    design = Design(
        kind="logit",
        outcome="GRADE",
        treatment="PSI",
        cluster="row",
        unit="pp",
        linear=("GPA", "TUCE"),
    )
    sample = draw_sample(data, design)
    fit = fit_logit(sample)
    assert fit.beta[1] == pytest.approx(2.379, abs=0.0005)
    assert risk_effect(sample, fit).value > 0


def test_longley_least_squares() -> None:
    """Longley 1967 benchmark of least squares (NIST certified): the coefficient of GNP is -0.0358191792925910."""
    data = sm.datasets.longley.load_pandas().data
    names = ["GNP", "GNPDEFL", "UNEMP", "ARMED", "POP", "YEAR"]
    x = np.column_stack([np.ones(len(data)), data[names]])
    design = Design(kind="linear", outcome="TOTEMP", treatment="GNP", cluster="YEAR", unit="points")
    plain = draw_sample(data, design)
    sample = type(plain)(**{**plain.__dict__, "x": x, "names": ("const", *names)})
    assert fit_linear(sample).beta[1] == pytest.approx(-0.0358191792925910, rel=1e-7)


def replicated(n: int = 120, reps: int = 8) -> pd.DataFrame:
    """Four strata of two schools with a balanced half-sample design (Hadamard 8), Fay 0.5."""
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"half": np.arange(n) % 2, "stratum": np.arange(n) % 4})
    frame["school_id"] = frame["stratum"].astype(str) + frame["half"].astype(str)
    frame["x"] = (rng.random(n) < 0.5).astype(float)
    frame["y"] = 2 + 0.5 * frame["x"] + rng.normal(size=n)
    frame["survey_weight"] = 1.0 + frame["stratum"]
    h2 = np.array([[1, 1], [1, -1]])
    hadamard = np.kron(np.kron(h2, h2), h2)
    for r in range(reps):
        sign = hadamard[r, 1 + frame["stratum"].to_numpy()] * np.where(frame["half"] == 0, 1, -1)
        frame[f"survey_rep_{r + 1}"] = frame["survey_weight"] * np.where(sign > 0, 1.5, 0.5)
    return frame


def test_fay_variance_is_its_textbook_formula() -> None:
    """Judkins 1990: variance = sum of squared deviations of the replicate estimates over R (1 - k) squared, k = 0.5."""
    frame = replicated()
    design = Design(
        kind="replicate", outcome="y", treatment="x", cluster="school_id", unit="points",
        weights="survey_weight", replicate_prefix="survey_rep_",
    )  # fmt: skip
    sample = draw_sample(frame, design)
    found = fit_replicates(sample)

    def slope(weights: np.ndarray) -> float:
        root = np.sqrt(weights)[:, None]
        return float(np.linalg.lstsq(root * sample.x, root[:, 0] * sample.y, rcond=None)[0][1])

    slopes = np.array([slope(frame[f"survey_rep_{r}"].to_numpy()) for r in range(1, 9)])
    assert found.value == pytest.approx(slope(frame["survey_weight"].to_numpy()))
    expected = np.sqrt(((slopes - slopes.mean()) ** 2).sum() / (8 * 0.25))
    assert found.std_error == pytest.approx(expected, rel=1e-6)
    means = np.array(
        [np.average(frame["y"], weights=frame[f"survey_rep_{r}"]) for r in range(1, 9)]
    )
    level = fit_mean(draw_sample(frame, replace(design, kind="mean", treatment="")))
    assert level.std_error == pytest.approx(
        np.sqrt(((means - means.mean()) ** 2).sum() / 2), rel=1e-6
    )
