"""Drafts of bureaus whose programmes were dealt anew: nobody's exposure is his own, so nothing may sound causal."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.inference.evaluate import evaluate_outcome
from analysis.release.disclosure import disclose_all
from analysis.release.effects import effect_claims
from analysis.study.objects import Study
from tests.honesty.statements import Statement, read_claim
from tests.honesty.statements_draw import Found, Reports
from tests.honesty.statements_truth import Truths, judged
from tests.honesty.worlds import Plan, draw_world, panel_of, study_of

WORLD = "planted"
NOT_TEACHERS = ("group_", "pilot_start")  # columns that are a school's by their name


def draw_permuted(plan: Reports, seed: int) -> Found:
    """The statements about programmes of one draft whose exposures were dealt anew, and the seconds it took."""
    begin = time.perf_counter()
    drawn = draw_world(Plan(plan.world, "grade", plan.bureau, 1), seed)
    study = study_of(is_short=False)
    frame = dealt(drawn.frame, np.random.default_rng([seed, 5]))
    found = tuple(drafted(study, frame))
    return found, round(time.perf_counter() - begin, 1)


def drafted(study: Study, frame: pd.DataFrame) -> Iterator[Statement]:
    """What the page of effects says of a frame whose programmes do nothing."""
    panel = panel_of(frame)
    found = [e for o in study.outcomes for e in evaluate_outcome(study, panel, o)]
    shown, _ = disclose_all(tuple(e for e in found if f"exposed_{e.subject}_{e.outcome}" in frame))
    claims = (c for e in shown.values() for c in effect_claims(study, e))
    read = [s for c in claims for s in read_claim("effects", c, shown)]
    zeros = [{"intervention": e.subject, "outcome": e.outcome} for e in shown.values()]
    yield from judged(read, Truths({"zeros": zeros, "effects": []}, shown, {}))


def dealt(frame: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The frame with every programme dealt anew: a school's whole history to another school, a teacher's to another.

    What all teachers of a school share is the school's; all else is dealt among the teachers of a year of whom it is
    known.
    """
    names = [c for c in frame if c.startswith(("exposed_", *NOT_TEACHERS))]
    of_school = [c for c in names if is_shared(frame, c)]
    moved = dealt_schools(frame, of_school, rng)
    for column in (c for c in names if c not in of_school):
        moved[column] = dealt_teachers(frame, column, rng)
    return moved


def is_shared(frame: pd.DataFrame, column: str) -> bool:
    """Whether all teachers of a school have the same value in every year."""
    return bool((frame.groupby(["school_id", "year"])[column].nunique(dropna=False) <= 1).all())


def dealt_schools(
    frame: pd.DataFrame, columns: list[str], rng: np.random.Generator
) -> pd.DataFrame:
    """The frame with these columns taken, year by year, from the school that each school was dealt.

    Schools that are not there in every year keep their own.
    """
    history = frame.groupby(["school_id", "year"])[columns].first()
    years = frame.groupby("school_id")["year"].nunique()
    whole = years.index[years == frame["year"].nunique()]
    donor = dict(zip(whole, rng.permutation(whole.to_numpy()), strict=True))
    dealt_to = frame["school_id"].map(lambda s: donor.get(s, s))
    found = history.reindex(pd.MultiIndex.from_arrays([dealt_to, frame["year"]]))
    return frame.assign(**{c: pd.Series(found[c].array, frame.index) for c in columns})


def dealt_teachers(frame: pd.DataFrame, column: str, rng: np.random.Generator) -> pd.Series:
    """A teacher's column dealt among those of the same year of whom it is known."""
    found = frame[column].copy()
    for _, rows in frame[frame[column].notna()].groupby("year"):
        found.loc[rows.index] = rng.permutation(rows[column].to_numpy())
    return found
