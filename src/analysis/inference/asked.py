"""Whether a design can be asked of a frame at all: columns, kinds of values, and words from the closed lists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

import pandas as pd

from analysis.errors import DataError, nearest
from analysis.inference.design import Design, DesignKind, check_columns
from analysis.inference.grade import CEILING

NEEDED: dict[str, tuple[str, ...]] = {
    "staggered": ("first_treated", "time"),
    "hazard": ("treatment", "unit_id", "time"),
    "aipw": ("treatment",),
    "linear": ("treatment",),
    "logit": ("treatment",),
    "ordered": ("treatment",),
    "oaxaca": ("treatment",),
    "replicate": ("treatment", "weights", "replicate_prefix"),
    "mean": (),
}
TWO_SIDED = ("hazard", "aipw", "logit", "oaxaca", "replicate")  # sides are told by 0 and 1 alone
OTHER_ERRORS = ("linear", "logit")  # kinds with robust or classical errors beside those by cluster


def check_design(frame: pd.DataFrame, design: Design) -> None:
    """DataError that names the field, what was found, what was expected and the nearest right thing."""
    for field, word, known in closed_words(design):
        if word not in known:
            near = nearest(word, known) or "-"
            raise DataError("design_bad_word", field=field, word=word, nearest=near)
    for field in NEEDED[design.kind]:
        if not getattr(design, field):
            raise DataError("design_needs_field", kind=design.kind, field=field)
    twice = frame.columns[frame.columns.duplicated()]
    if len(twice):
        raise DataError("design_column_twice", column=twice[0])
    check_columns(frame, design)
    for column in numbers_of(design):
        if not pd.api.types.is_numeric_dtype(frame[column]):
            raise DataError("design_not_number", column=column, found=example(frame[column]))
    for column in yes_no_of(design):
        values = frame[column].dropna()
        if not values.isin((0, 1)).all():
            raise DataError(
                "design_not_yes_no", column=column, found=example(values[~values.isin((0, 1))])
            )
    check_start(frame, design)


def closed_words(design: Design) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Fields that take one of a few words, the word given, and the words there are."""
    yield "kind", design.kind, get_args(DesignKind)
    yield "assignment", design.assignment, tuple(CEILING)
    yield "link", design.link, ("identity", "logit", "cloglog")
    errors = ("cluster", "robust", "classical") if design.kind in OTHER_ERRORS else ("cluster",)
    yield "errors", design.errors, errors


def numbers_of(design: Design) -> Iterator[str]:
    """The columns that must hold numbers."""
    for column in (design.outcome, design.first_treated, design.weights, design.treatment):
        if column:
            yield column
    if design.kind == "staggered":
        yield design.time


def yes_no_of(design: Design) -> Iterator[str]:
    """The columns that must hold nothing but 0 and 1."""
    if design.kind in TWO_SIDED:
        yield design.treatment
    is_share = design.unit == "pp" and design.kind not in ("ordered", "mean")
    if is_share or design.kind in ("hazard", "logit") or design.link != "identity":
        yield design.outcome


def check_start(frame: pd.DataFrame, design: Design) -> None:
    """DataError if a cluster whose own level is taken out has two first periods: which one holds is not ours to say."""
    if design.kind != "staggered" or not design.absorb or design.absorb != design.cluster:
        return
    starts = frame.groupby(design.cluster)[design.first_treated].nunique(dropna=False)
    if len(starts) > 1 and (starts > 1).any():
        raise DataError(
            "design_two_starts",
            column=design.first_treated,
            cluster=design.cluster,
            count=int((starts > 1).sum()),
        )


def example(values: pd.Series) -> str:
    """One value as it stands, for a message."""
    known = values.dropna()
    return str(known.iloc[0]) if len(known) else "-"
