"""What to estimate on any tidy frame, by column names: one small frozen object for every estimator."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from analysis.errors import DataError, nearest

Link = Literal["identity", "logit", "cloglog"]
DesignKind = Literal[
    "staggered",  # E1, E2: units that start in different periods against those that have not
    "hazard",  # E3: exposure up to a landmark, leaving after it
    "aipw",  # E4: effect on the exposed, aligned on the score before
    "linear",  # least squares, the coefficient of the treatment
    "logit",  # pooled logit, average risk difference on the exposed
    "replicate",  # least squares with a survey's replicate weights
    "mean",  # E5: a level with its interval
    "oaxaca",  # E5: a gap split into what composition explains and the rest
    "ordered",  # E5: an ordered answer
]

Comparison = Literal["never", "not_yet"]
Target = Literal["att", "ate"]
Measure = Literal["effect", "log_odds"]


@dataclass(frozen=True)
class Design:
    """One question to a frame; columns by name, everything else by fixed words.

    ``outcome``: numbers, or 0/1 with ``unit`` "pp" (estimates then are percentage points). ``treatment``: 0/1 (for
    ``oaxaca`` and gaps the focus group). ``first_treated`` (staggered only): the first period a unit is exposed in,
    in the numbers of ``time``; missing or 0 for units never exposed; one to a school (``absorb``, or ``cluster`` for
    the rows of a person, who may change school). ``unit_id``: the person or place followed over ``time``, with one row
    in each period: copies count once. ``cluster``: where errors go together; empty: rows are independent (HC1).
    ``controls`` are numeric (entered with their square) or text (as levels), ``linear`` numeric without a square,
    ``fixed`` always levels, ``absorb`` one column of fixed effects taken out before the fit (identity link only).
    ``strata``: columns inside which units could have been drawn: only then a randomisation p is computed.
    """

    kind: DesignKind
    outcome: str
    treatment: str = ""
    cluster: str = ""
    unit: str = "points"
    controls: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()
    linear: tuple[str, ...] = ()
    weights: str | None = None
    replicate_prefix: str | None = None
    fay: float = 0.5
    is_policy: bool = False  # groups before and after a date: a cluster is on one side only
    first_treated: str = ""
    unit_id: str = ""
    time: str = ""
    link: Link = "identity"
    comparison: Comparison = "not_yet"
    absorb: str = ""
    errors: Literal["cluster", "robust", "classical"] = "cluster"
    method: str = ""  # a variant of the estimator: "ra", "ipw", "aipw"; "weighted", "adjusted"
    target: Target = "att"  # aipw: effect on the exposed, or on everybody
    measure: Measure = "effect"  # of a logit: risk difference or coefficient
    strata: tuple[str, ...] = ()
    placebo_outcome: str = ""  # a column that the treatment cannot move
    placebo_baseline: str = ""  # aipw of changes: the value before the placebo's
    exposed_on: str = ""  # column: ISO day on which the exposure that counts was complete
    closes_on: str = ""  # column: ISO day by which it had to be
    horizons: tuple[int, ...] = (1, 3, 5)  # hazard: periods after the landmark
    composition: tuple[str, ...] = ()  # staggered scores: facts of a row whose part is taken out
    within: str = ""  # hazard: exposed and unexposed of the same such unit are compared
    causes: str = ""  # hazard: column with the reason of leaving, missing for those who stay
    assignment: str = "chosen"  # lot, cutoff, staggered, chosen, volunteer, universal
    population: str = ""
    estimand: str = ""  # sentence: which effect, on whom, when
    relevant_effect: float | None = None
    propensity_controls: tuple[str, ...] = ()  # aipw: where they differ; "age^2" is a square
    concurrent: tuple[str, ...] = ()  # other programmes that start on the same units

    @property
    def scale(self) -> float:
        """What turns the outcome's own numbers into the unit: 100 for percentage points."""
        return 100.0 if self.unit == "pp" and self.measure == "effect" else 1.0

    def columns(self) -> tuple[str, ...]:
        """Every column the design cannot do without (covariates may be absent, and are then named as left out)."""
        named = (self.outcome, self.treatment, self.first_treated, self.unit_id, self.time)
        more = (
            self.cluster,
            self.absorb,
            self.weights or "",
            self.placebo_outcome,
            self.placebo_baseline,
            self.within,
        )
        own = (c.removesuffix("^2") for c in self.propensity_controls)
        latest = (
            self.linear[:1] if self.method.startswith("change") else ()
        )  # what a change is from
        whole = (*named, *more, *self.fixed, *self.strata, self.causes, *own, *latest)
        return tuple(dict.fromkeys(c for c in whole if c))


def check_columns(frame: pd.DataFrame, design: Design) -> None:
    """DataError if the frame lacks a column the design names, with the nearest that is there."""
    check_named(frame, design.columns())


def check_named(frame: pd.DataFrame, columns: Iterable[str]) -> None:
    """DataError if the frame lacks one of the columns, with the nearest that is there."""
    for column in columns:
        if column not in frame:
            known = [str(c) for c in frame.columns]
            raise DataError(
                "design_no_column", column=column, nearest=nearest(column, known) or "-"
            )


def missing_columns(frame: pd.DataFrame, design: Design) -> Iterator[str]:
    """The columns a design cannot do without that are not in the frame."""
    return (c for c in design.columns() if c not in frame)
