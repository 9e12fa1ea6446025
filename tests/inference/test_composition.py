"""What a changing staff explains is taken out of scores, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.errors import DataError
from analysis.inference.composition import composed, composed_column
from analysis.inference.design import Design
from analysis.inference.estimate import estimate
from analysis.inference.estimators.staggered import fit_staggered
from analysis.inference.sample import draw_sample

DESIGN = Design(
    kind="staggered", outcome="score", treatment="exposed", cluster="school", absorb="school", time="year",
    first_treated="start", unit_id="school", composition=("age", "sex"),
)  # fmt: skip


def drawn(seed: int = 1, effect: float = 0.0, ageing: float = 0.8) -> pd.DataFrame:
    """Forty schools over six years, ten start in 2023; a year of age costs .2 points; starters age by ``ageing`` more."""
    rng = np.random.default_rng(seed)
    school, year = (a.ravel() for a in np.meshgrid(np.arange(40), np.arange(2019, 2025)))
    rows = pd.DataFrame({"school": school, "year": year}).loc[lambda d: d.index.repeat(25)]
    rows = rows.reset_index(drop=True)
    starts = rows["school"] < 10
    rows["start"] = np.where(starts, 2023.0, np.nan)
    rows["exposed"] = (starts & (rows["year"] >= 2023)).astype(float)
    rows["age"] = rng.normal(40, 9, len(rows)) + ageing * starts * (rows["year"] - 2019)
    rows["sex"] = rng.choice(["female", "male"], len(rows))
    noise = rng.normal(0, 3, len(rows)) + rng.normal(0, 1, 40)[rows["school"]]
    rows["score"] = 80 - 0.2 * (rows["age"] - 40) + effect * rows["exposed"] + noise
    return rows


def value(rows: pd.DataFrame, design: Design) -> float:
    """The average effect, without its checks."""
    return fit_staggered(draw_sample(rows, design), with_paths=False).value


@pytest.mark.parametrize("effect", [0.0, 2.0])
def test_an_ageing_staff_is_not_taken_for_the_programme(effect: float) -> None:
    """Starters are 3.6 years older in 2023-24 than before, .2 points each: .54 to .72 points that nobody caused.

    Four years before and two after lie 3 years apart on average, .8 years of age a year: 2.4 years, -.48 points.
    """
    plain, adjusted = [], []
    for seed in range(12):
        rows = drawn(seed, effect)
        plain.append(value(rows, replace(DESIGN, composition=())))
        adjusted.append(value(rows, DESIGN))
    spread = float(np.std(adjusted, ddof=1)) / np.sqrt(12)
    assert np.mean(adjusted) == pytest.approx(effect, abs=3 * spread)
    assert np.mean(plain) == pytest.approx(effect - 0.48, abs=3 * spread)


def test_what_age_adds_to_everybody_changes_nothing() -> None:
    rows = drawn()
    added = rows.assign(score=rows["score"] + 0.3 * rows["age"] - 0.01 * rows["age"] ** 2)
    mean = composed(added, DESIGN).mean() - composed(rows, DESIGN).mean()
    assert np.allclose(composed(added, DESIGN) - mean, composed(rows, DESIGN))
    assert composed(rows, DESIGN).mean() == pytest.approx(rows["score"].mean())


def test_without_facts_the_outcome_stays_as_it_is() -> None:
    rows = drawn()
    assert (composed(rows, replace(DESIGN, composition=())) == rows["score"]).all()
    nowhere = rows.drop(columns=["age", "sex"])
    assert (composed(nowhere, DESIGN) == rows["score"]).all()
    assert draw_sample(nowhere, DESIGN).left_out == ("age", "sex")
    few = rows.assign(age=rows["age"].where(rows.index % 3 == 0), sex=None)
    assert draw_sample(few, DESIGN).left_out == ("age", "sex")


def test_rows_without_a_fact_stay_and_are_not_moved_by_it() -> None:
    """Drawn by hand: one school, one year, ages 30, 40, 50 and one unknown; a year of age costs one point."""
    rows = pd.DataFrame({
        "school": 1, "year": 2020, "start": np.nan, "exposed": 0.0,
        "age": [30.0, 40.0, 50.0, np.nan], "score": [90.0, 80.0, 70.0, 80.0],
    })  # fmt: skip
    found = composed(rows, replace(DESIGN, composition=("age",)))
    assert np.allclose(found, [80.0, 80.0, 80.0, 80.0])
    gone = rows.assign(score=[90.0, 80.0, 70.0, np.nan])
    column = composed_column(gone, replace(DESIGN, composition=("age",)))
    assert np.allclose(column[:3], 80.0)
    assert np.isnan(column[3])


def test_copies_and_weights_are_the_same() -> None:
    rows = drawn().iloc[::7].reset_index(drop=True)
    twice = rows.loc[rows.index.repeat(np.where(rows["age"] > 45, 2, 1))]
    weighted = rows.assign(weight=np.where(rows["age"] > 45, 2.0, 1.0))
    copies = composed(twice, DESIGN)[~twice.index.duplicated()]
    assert np.allclose(copies, composed(weighted, replace(DESIGN, weights="weight")), atol=0.05)


def test_shares_and_other_kinds_have_no_composition() -> None:
    rows = drawn().assign(left=lambda d: (d["score"] > 85).astype(float))
    with pytest.raises(DataError, match="composition"):
        estimate(rows, replace(DESIGN, outcome="left", link="logit", unit="pp", absorb=""))
