"""Survey weights: answers raked to the margins of the roster, trimmed by a stated rule, with what they cost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.intake.survey.margins import Margins, merge_groups, order_groups

LIMIT = 5.0  # times the mean; DeBell and Krosnick 2009, ANES Technical Report nes012427
TOLERANCE = 1e-6  # largest relative misfit of any group
MOST_SWEEPS = 500
WEIGHT_COLUMNS = (
    "year",
    "n",
    "minimum",
    "maximum",
    "limit",
    "n_trimmed",
    "effective_n",
    "design_effect",
    "is_converged",
)
RESPONSE_COLUMNS = (
    "year",
    "margin",
    "group",
    "n_roster",
    "n_answers",
    "response_rate",
    "answer_share",
    "weighted_share",
    "roster_share",
)
ALL = "all"


@dataclass(frozen=True)
class Raked:
    """Weights with mean 1 by survey row (missing where a margin is), how many were trimmed, and what was merged.

    ``merged``: margin -> group -> what it was counted as, for margins in which groups were put together.
    ``used``: the margins it rests on; ``single``: those of which merging left one group.
    """

    weights: pd.Series
    n_trimmed: int
    is_converged: bool
    merged: dict[str, dict[str, str]]
    used: tuple[str, ...] = ()
    single: tuple[str, ...] = ()


def weigh(margins: Margins) -> Raked | None:
    """Weights of one questionnaire; None if no margin is left that has two groups.

    Raked to the roster's counts, cut at five times the mean, and raked once more from there, so that the margins
    hold again; a weight may then stand a little above the limit.
    """
    whole = margins.answers.dropna() if len(margins.answers.columns) else margins.answers.iloc[:0]
    every = {m: merge_groups(margins.roster[m], whole[m]) for m in margins.answers}
    merges = {m: names for m, names in every.items() if len(set(names.values())) > 1}
    if whole.empty or not merges:
        return None
    groups = pd.DataFrame({m: whole[m].map(names) for m, names in merges.items()})
    roster = {m: margins.roster[m].map(names).value_counts() for m, names in merges.items()}
    single = tuple(m for m, names in every.items() if m not in merges and len(names) > 1)
    weights, n_trimmed = raked_and_trimmed(groups, roster)
    merged = {m: n for m, n in merges.items() if any(k != v for k, v in n.items())}
    if weights is None:
        return Raked(
            pd.Series(np.nan, index=margins.answers.index), 0, False, merged, (*merges,), single
        )
    filled = pd.Series(weights, index=whole.index).reindex(margins.answers.index)
    return Raked(filled, n_trimmed, True, merged, (*merges,), single)


def raked_and_trimmed(
    groups: pd.DataFrame, roster: dict[str, pd.Series]
) -> tuple[np.ndarray | None, int]:
    """Weights with mean 1 and how many were cut; None where raking does not converge."""
    first = rake(groups, roster, np.ones(len(groups)))
    if first is None:
        return None, 0
    is_large = first > LIMIT
    if not is_large.any():
        return first, 0
    return rake(groups, roster, np.minimum(first, LIMIT)), int(is_large.sum())


def rake(
    groups: pd.DataFrame, roster: dict[str, pd.Series], start: np.ndarray
) -> np.ndarray | None:
    """Start weights raked to the shares of the roster, with mean 1, by the survey library; None if it cannot.

    Iterative proportional fitting: Deming and Stephan 1940, Annals of Mathematical Statistics 11, 427-444.
    """
    import polars as pl  # both slow to import, and needed by surveys only
    import svy
    from svy.errors import WeightingError

    columns = {m: groups[m].astype(str).to_list() for m in groups}
    sample = svy.Sample(pl.DataFrame(columns | {"start": start}), svy.Design(wgt="start"))
    size = len(groups)
    controls = {
        m: {str(g): size * n / counts.sum() for g, n in counts.items()}
        for m, counts in roster.items()
    }
    try:
        found = sample.weighting.rake(
            controls=controls, wgt_name="raked", tol=TOLERANCE, max_iter=MOST_SWEEPS
        )
    except WeightingError as error:
        if error.code != "CONVERGENCE_FAILED":
            raise
        return None  # the caller tells it
    weights = found.data["raked"].to_numpy().astype(float)
    return np.asarray(weights * size / weights.sum())


def design_effect(weights: np.ndarray) -> float:
    """How much unequal weights enlarge the variance of a mean: n sum(w^2) / (sum w)^2.

    Kish (1965), Survey Sampling, ch. 11.7; n divided by it is the effective number of answers.
    """
    return float(len(weights) * (weights**2).sum() / weights.sum() ** 2)


def weight_row(raked: Raked, year: int) -> dict[str, object]:
    """One row of ``weights``."""
    found = raked.weights.dropna().to_numpy()
    if not raked.is_converged:
        nothing: dict[str, object] = dict.fromkeys(
            ("minimum", "maximum", "effective_n", "design_effect"), np.nan
        )
        return {
            "year": year,
            "n": 0,
            "limit": LIMIT,
            "n_trimmed": 0,
            "is_converged": False,
        } | nothing
    effect = design_effect(found)
    return {
        "year": year,
        "n": len(found),
        "minimum": float(found.min()),
        "maximum": float(found.max()),
        "limit": LIMIT,
        "n_trimmed": raked.n_trimmed,
        "effective_n": len(found) / effect,
        "design_effect": effect,
        "is_converged": True,
    }


def response_rows(
    margins: Margins, weights: pd.Series | None, year: int
) -> Iterator[tuple[object, ...]]:
    """Rows of ``response``: who is on the roster and who answered, together and by group of each margin.

    Answers whose margins are all unknown (not on the roster) are in none of the counts.
    """
    known = margins.answers[margins.answers.notna().any(axis=1)]
    n_roster, n_answers = len(margins.roster), len(known)
    yield (year, ALL, ALL, n_roster, n_answers, n_answers / n_roster, 1.0, 1.0, 1.0)
    for margin in margins.answers:
        on_roster, answers = margins.roster[margin], known[margin].dropna()
        weighted = None if weights is None else weights.reindex(answers.index).fillna(0.0)
        for group in order_groups(set(on_roster)):
            is_in = answers == group
            n, n_in = int((on_roster == group).sum()), int(is_in.sum())
            share = (
                float(weighted[is_in].sum() / weighted.sum()) if weighted is not None else np.nan
            )
            of_answers = n_in / len(answers) if len(answers) else np.nan
            yield (year, margin, group, n, n_in, n_in / n, of_answers, share, n / n_roster)
