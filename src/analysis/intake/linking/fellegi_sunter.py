"""How probable it is that a row means a known person: the model of Fellegi and Sunter, estimated from the data.

Fellegi and Sunter (1969), A theory for record linkage, JASA 64: each comparison of a row with a person multiplies the
odds by m / u, where m is how often it comes out so for the same person and u how often for another one. u is the
share of known people who have the value (frequency-based: Winkler 1989, Census Bureau RR 89/14, so that a rare name
weighs more than a common one); m and the share of rows that mean nobody known come from the rows themselves by
expectation and maximisation (Winkler 1988). A row means at most one person, so its candidates share one probability.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.intake.linking.near_names import LEVELS

ROUNDS = 25  # of expectation and maximisation: the parameters then move by less than a thousandth
NOBODY = (
    2.0,
    2.0,
)  # rows worth of belief, before any is seen, that a row means somebody, or nobody
AGREES = (19.0, 1.0)  # the same, that a field of one person agrees or differs from year to year
NEARNESS = 1.0  # pairs worth of belief in each nearness of a name
LEAST = 1e-6


@dataclass(frozen=True)
class Model:
    """``nobody``: share of rows that mean nobody known. ``names``: m by level of the name. ``fields``: m by field."""

    nobody: float
    names: np.ndarray
    fields: np.ndarray


@dataclass(frozen=True)
class Pairs:
    """Pairs of a row and a person as numbers: ``rows`` codes of the rows, ``levels`` codes of ``LEVELS``.

    ``level_u`` and ``field_u``: share of people who have the value. ``fields``: 1 agrees, 0 differs, NaN not known.
    """

    rows: np.ndarray
    levels: np.ndarray
    level_u: np.ndarray
    fields: np.ndarray
    field_u: np.ndarray


def posteriors(pairs: pd.DataFrame, fields: Sequence[str], n_rows: int, n_known: int) -> np.ndarray:
    """Per pair the probability that its row means its person.

    ``pairs``: ``row``, ``level`` and ``level_u``, and for each field ``<field>`` (1 agrees, 0 differs, missing
    where either side has no value) and ``<field>_u``. ``n_rows``: rows asked; ``n_known``: people known.
    """
    numbers = Pairs(
        pd.factorize(pairs["row"])[0],
        pairs["level"].map(LEVELS.index).to_numpy(int),
        pairs["level_u"].to_numpy(float).clip(LEAST, 1),
        pairs[list(fields)].to_numpy(float),
        pairs[[f"{name}_u" for name in fields]].to_numpy(float).clip(LEAST, 1 - LEAST),
    )
    model = start_model(len(fields))
    for _ in range(ROUNDS):
        model = _maximise(numbers, _weigh(numbers, model, n_known), n_rows)
    return _weigh(numbers, model, n_known)


def start_model(n_fields: int) -> Model:
    """The model before any row is seen: what the prior beliefs say."""
    names = np.full(len(LEVELS), 1 / len(LEVELS))
    return Model(NOBODY[1] / sum(NOBODY), names, np.full(n_fields, AGREES[0] / sum(AGREES)))


def _weigh(pairs: Pairs, model: Model, n_known: int) -> np.ndarray:
    """The probability of each pair under a model."""
    agrees, differs = model.fields / pairs.field_u, (1 - model.fields) / (1 - pairs.field_u)
    ratio = np.where(pairs.fields == 1, agrees, differs)
    ratio[np.isnan(pairs.fields)] = 1.0  # a side has no value: says nothing
    odds = model.names[pairs.levels] / pairs.level_u * ratio.prod(axis=1)
    weight = (1 - model.nobody) / n_known * odds
    total = np.bincount(pairs.rows, weight)
    return np.asarray(weight / (model.nobody + total[pairs.rows]))


def _maximise(pairs: Pairs, weights: np.ndarray, n_rows: int) -> Model:
    """The parameters under which the weighted pairs are likeliest, with a little prior belief."""
    names = NEARNESS + np.bincount(pairs.levels, weights, minlength=len(LEVELS))
    is_known = ~np.isnan(pairs.fields)
    hits = (weights[:, None] * np.nan_to_num(pairs.fields)).sum(axis=0)
    asked = (weights[:, None] * is_known).sum(axis=0)
    return Model(
        nobody=float((NOBODY[1] + n_rows - weights.sum()) / (sum(NOBODY) + n_rows)),
        names=names / names.sum(),
        fields=(AGREES[0] + hits) / (sum(AGREES) + asked),
    )
