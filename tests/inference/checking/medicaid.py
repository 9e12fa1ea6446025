"""The Medicaid example of the HonestDiD package's README, by hand: two-way fixed effects with clustered errors."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.inference.estimators.fitted import Paths


def shipped(name: str) -> pd.DataFrame:
    """A data set shipped with the library moderndid, read without importing it (which takes seconds)."""
    spec = find_spec("moderndid")
    assert spec is not None
    assert spec.submodule_search_locations
    place = Path(spec.submodule_search_locations[0]) / "core" / "datasets"
    frame: pd.DataFrame = pd.read_pickle(place / f"{name}.pkl.gz")
    return frame


@cache
def medicaid_paths(post: tuple[float, ...]) -> Paths:
    """43 of the 46 states, 2008 to 2015, first treated 2014 or not by 2015; reference 2013; ``post`` weighs 2014 and 2015.

    Errors as the R package fixest gives them: clusters less one, and coefficients that are not nested in clusters.
    """
    data = shipped("ehec_data")
    data = data[(data["year"] < 2016) & (data["yexp2"] != 2015)]
    state, year = pd.factorize(data["stfips"])[0], data["year"].to_numpy()
    g = state.max() + 1
    treated = (data["yexp2"] == 2014).to_numpy(float)
    years = [y for y in range(2008, 2016) if y != 2013]
    terms = np.column_stack([treated * (year == y) for y in years])
    dummies = np.column_stack(
        [*(state == s for s in range(g)), *(year == y for y in range(2009, 2016))]
    )
    x = np.column_stack([terms, dummies.astype(float)])
    y = data["dins"].to_numpy()
    bread = np.linalg.inv(x.T @ x)
    beta = bread @ x.T @ y
    scores = np.array([x[state == s].T @ (y - x @ beta)[state == s] for s in range(g)])
    n, k = len(y), len(years) + 8  # seven terms, seven years and a constant; states are nested
    cov = bread @ (scores.T @ scores) @ bread * (g / (g - 1)) * ((n - 1) / (n - k))
    times = tuple(y - 2014 for y in years)
    return Paths(times, beta[:7], cov[:7, :7], np.array([0.0] * 5 + list(post)))
