"""Raking against a published table and against a few lines of numpy; trimming, and what unequal weights cost."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.intake.survey.margins import Margins
from analysis.intake.survey.weights import (
    LIMIT,
    design_effect,
    rake,
    response_rows,
    weigh,
    weight_row,
)


def sweep(weights: np.ndarray, groups: pd.DataFrame, targets: dict[str, pd.Series]) -> np.ndarray:
    """Iterative proportional fitting, derived anew: each margin in turn, two hundred times."""
    w = weights.astype(float).copy()
    shares = [
        ((groups[margin] == group).to_numpy(), share * len(w))
        for margin, wanted in targets.items()
        for group, share in wanted.items()
    ]
    for _ in range(200):
        for mine, total in shares:
            w[mine] *= total / w[mine].sum()
    return w


def test_raking_gives_the_published_table() -> None:
    """The 4 by 4 example of Wikipedia, "Iterative proportional fitting" (printed after few sweeps: within .1)."""
    seed = np.array([[40, 30, 20, 10], [35, 50, 100, 75], [30, 80, 70, 120], [20, 30, 40, 50]])
    published = [
        [64.56, 46.23, 35.38, 3.83],
        [49.97, 68.15, 156.49, 25.39],
        [56.72, 144.43, 145.06, 53.79],
        [28.74, 41.18, 63.03, 17.05],
    ]
    places = [(f"r{i}", f"c{j}") for i in range(4) for j in range(4)]
    groups = pd.DataFrame(places, columns=["row", "column"])
    targets = {
        "row": pd.Series([150, 300, 400, 150], index=["r0", "r1", "r2", "r3"]),
        "column": pd.Series([200, 300, 400, 100], index=["c0", "c1", "c2", "c3"]),
    }
    found = rake(groups, targets, seed.ravel().astype(float))
    assert found is not None
    assert found.reshape(4, 4) * 1000 / 16 == pytest.approx(np.array(published), abs=0.1)


def drawn(seed: int = 3, n: int = 600) -> Margins:
    """A roster of 2000 of whom some groups answer less often than others."""
    rng = np.random.default_rng(seed)
    roster = pd.DataFrame(
        {
            "area": rng.choice(["rural", "town", "urban"], 2000, p=[0.4, 0.35, 0.25]),
            "years_band": rng.choice(["0-3", "4-10", "11-20"], 2000, p=[0.2, 0.3, 0.5]),
            "staffed_post": rng.choice(["yes", "no"], 2000, p=[0.92, 0.08]),
        },
        index=[f"t{k}" for k in range(2000)],
    )
    chance = np.where(roster["area"] == "rural", 1.0, 2.0) * np.where(
        roster["staffed_post"] == "no", 0.6, 1
    )
    at = rng.choice(2000, n, replace=False, p=chance / chance.sum())
    return Margins(roster, roster.iloc[at].reset_index(drop=True), "2024-09-01")


def test_raking_agrees_with_an_independent_derivation() -> None:
    margins = drawn()
    raked = weigh(margins)
    assert raked is not None
    assert raked.is_converged
    targets = {m: margins.roster[m].value_counts(normalize=True) for m in margins.roster}
    expected = sweep(np.ones(len(margins.answers)), margins.answers, targets)
    assert raked.weights.to_numpy() == pytest.approx(expected, rel=1e-4)
    assert raked.weights.mean() == pytest.approx(1.0)


def test_weighted_answers_have_the_rosters_shares() -> None:
    margins = drawn()
    raked = weigh(margins)
    assert raked is not None
    rows = pd.DataFrame(
        response_rows(margins, raked.weights, 2025),
        columns=[
            "year",
            "margin",
            "group",
            "n_roster",
            "n_answers",
            "rate",
            "answers",
            "weighted",
            "roster",
        ],
    )
    assert rows["weighted"].to_numpy() == pytest.approx(rows["roster"].to_numpy(), abs=1e-5)
    assert (rows["answers"] - rows["roster"]).abs().max() > 0.05
    rural = rows.set_index("group").loc["rural"]
    assert rural["rate"] == rural["n_answers"] / rural["n_roster"]
    assert rows.groupby("margin")["n_answers"].sum().unique().tolist() == [600]


def test_a_weight_beyond_five_times_the_mean_is_cut_and_raked_again() -> None:
    """One answer stands for two rare groups at once; the rule by hand: rake, cut at 5, rake from there."""
    answers = pd.DataFrame(
        {
            "a": ["x"] * 10 + ["y"] * 190,
            "b": ["u"] + ["v"] * 9 + ["u"] * 7 + ["v"] * 183,
        }
    )
    roster = pd.DataFrame({"a": ["x"] * 200 + ["y"] * 800, "b": (["u"] + ["v"] * 4) * 200})
    targets = {m: roster[m].value_counts(normalize=True) for m in roster}
    first = sweep(np.ones(200), answers, targets)
    expected = sweep(np.minimum(first, 5.0), answers, targets)
    raked = weigh(Margins(roster, answers, ""))
    assert raked is not None
    assert raked.weights.to_numpy() == pytest.approx(expected, rel=1e-4)
    assert raked.n_trimmed == (first > 5).sum() > 0
    row = weight_row(raked, 2025)
    assert row["limit"] == LIMIT
    assert row["maximum"] == pytest.approx(expected.max(), rel=1e-4)
    assert expected.max() < first.max()


def test_kish_by_hand() -> None:
    """Weights 1, 1, 1, 3: 4 x 12 / 36 = 4/3, so four answers count as three."""
    weights = np.array([1.0, 1.0, 1.0, 3.0])
    assert design_effect(weights) == pytest.approx(4 / 3)
    assert design_effect(np.ones(7)) == 1.0


def test_margins_that_contradict_each_other_give_no_weights() -> None:
    """All of x are u among the answers, and on the roster they are not: no weights can do it."""
    roster = pd.DataFrame({"a": ["x"] * 90 + ["y"] * 10, "b": ["u"] * 20 + ["v"] * 80})
    answers = pd.DataFrame({"a": ["x"] * 30 + ["y"] * 30, "b": ["u"] * 30 + ["v"] * 30})
    raked = weigh(Margins(roster, answers, ""))
    assert raked is not None
    assert not raked.is_converged
    assert raked.weights.isna().all()
    assert weight_row(raked, 2025)["is_converged"] is False


def test_a_row_with_a_gap_has_no_weight_and_one_group_is_no_margin() -> None:
    margins = drawn()
    gap = margins.answers.copy()
    gap.loc[0, "area"] = None
    raked = weigh(Margins(margins.roster, gap, ""))
    assert raked is not None
    assert raked.weights.isna().to_numpy().nonzero()[0].tolist() == [0]
    same = pd.DataFrame({"a": ["x"] * 20})
    assert weigh(Margins(same, same, "")) is None
    assert weigh(Margins(same[[]], same[[]], "")) is None
