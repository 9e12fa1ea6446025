"""The specifications of a landmark hazard and its placebo."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from analysis.inference.checking.hazard_variants import hazard_variants, placebo_design
from analysis.inference.estimators.hazard import fit_hazard
from tests.inference.drawn_hazard import LANDMARK, draw_volunteers, hazard_sample


def test_at_least_twelve_that_ask_the_same() -> None:
    """Even with one control: other methods, links and covariates, never another exposure, outcome or cluster."""
    found = hazard_variants(replace(LANDMARK, controls=("sex",)))
    assert len(found) >= 12
    assert len(set(found.values())) == len(found)
    for one in found.values():
        assert (one.outcome, one.treatment, one.cluster) == ("left", "took", "school")
    assert found["weighted"].controls == ("sex",)
    assert found["without_sex"].controls == ()


def test_the_specifications_agree_where_the_model_is_right() -> None:
    """All fits of one drawn county are usable, and three quarters lie within one error of the first."""
    frame = draw_volunteers(3, schools=16, years=3).frame
    design = replace(LANDMARK, horizons=(1,), causes="")
    found = [fit_hazard(hazard_sample(frame, d)) for d in hazard_variants(design).values()]
    values = np.array([f.value for f in found])
    assert not any(f.problem for f in found)
    assert np.mean(np.abs(values - values[0]) <= found[0].std_error) >= 0.75
    assert len(np.unique(values.round(9))) > 8


def test_the_placebo_is_another_outcome_never_a_later_exposure() -> None:
    """Who is exposed a year later has stayed: only an outcome that cannot move will do."""
    assert placebo_design(LANDMARK) is None
    found = placebo_design(replace(LANDMARK, placebo_outcome="retired"))
    assert found is not None
    assert (found.outcome, found.causes, found.treatment) == ("retired", "", "took")
