"""The model finds the parameters it was drawn with, and its probabilities are the shares that are right."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.intake.linking.fellegi_sunter import posteriors

N_ROWS, N_KNOWN, SCHOOLS = 3_000, 2_000, 40
NOBODY, SAME_SCHOOL = 0.2, 0.9


@pytest.fixture(scope="module")
def drawn() -> pd.DataFrame:
    """Rows that mean one of their candidates in 80 of 100 cases: the true one agrees in school in 90 of 100."""
    rng = np.random.default_rng(20251201)
    near = rng.poisson(0.005 * N_KNOWN, N_ROWS)  # others of a near name
    is_known = rng.random(N_ROWS) >= NOBODY
    rows = np.repeat(np.arange(N_ROWS), near + is_known)
    is_true = pd.Series(rows).duplicated().to_numpy() == False  # noqa: E712
    is_true &= is_known[rows]
    agrees = np.where(
        is_true, rng.random(len(rows)) < SAME_SCHOOL, rng.random(len(rows)) < 1 / SCHOOLS
    )
    share = (near + is_known)[rows] / N_KNOWN
    return pd.DataFrame(
        {
            "row": rows,
            "is_true": is_true,
            "level": "one_sign",
            "level_u": share,
            "school": agrees.astype(float),
            "school_u": 1 / SCHOOLS,
        }
    )


def test_probabilities_are_the_shares_that_are_right(drawn: pd.DataFrame) -> None:
    sure = posteriors(drawn, ["school"], N_ROWS, N_KNOWN)
    for low, high in ((0.0, 0.1), (0.5, 0.9), (0.9, 1.01)):
        chosen = (sure >= low) & (sure < high)
        if chosen.sum() >= 100:
            right = drawn.loc[chosen, "is_true"].mean()
            assert right == pytest.approx(sure[chosen].mean(), abs=0.05)
    # a little low: the share of people of a near name holds the right one too
    assert 0.85 < sure.sum() / drawn["is_true"].sum() <= 1.02


def test_a_row_shares_one_probability_among_its_candidates(drawn: pd.DataFrame) -> None:
    sure = pd.Series(posteriors(drawn, ["school"], N_ROWS, N_KNOWN))
    assert sure.groupby(drawn["row"]).sum().max() <= 1 + 1e-9


def test_a_field_that_is_not_there_says_nothing(drawn: pd.DataFrame) -> None:
    silent = drawn.assign(school=np.nan)
    sure = pd.Series(posteriors(silent, ["school"], N_ROWS, N_KNOWN))
    assert (sure.groupby(drawn["row"]).nunique() == 1).all()


def test_the_order_of_rows_changes_nothing(drawn: pd.DataFrame) -> None:
    mixed = drawn.sample(frac=1, random_state=7)
    one = posteriors(drawn, ["school"], N_ROWS, N_KNOWN)
    other = pd.Series(posteriors(mixed, ["school"], N_ROWS, N_KNOWN), index=mixed.index)
    assert other.sort_index().to_numpy() == pytest.approx(one)
