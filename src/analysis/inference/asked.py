"""Whether a design can be asked of a frame at all: columns, kinds of values, and words from the closed lists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

import numpy as np
import pandas as pd

from analysis.errors import DataError, nearest
from analysis.inference.checking.aligned import UNIT
from analysis.inference.checking.staggered import GONE
from analysis.inference.checking.staggered_variants import EQUAL
from analysis.inference.design import Design, DesignKind, check_columns
from analysis.inference.grade import CEILING
from analysis.inference.within import SHARE

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
OWN_COLUMNS = (EQUAL, GONE, UNIT, SHARE)  # written here: a column of the same name would be lost


def check_design(frame: pd.DataFrame, design: Design) -> None:
    """DataError that names the field, what was found, what was expected and the nearest right thing."""
    for field, word, known in closed_words(design):
        if word not in known:
            near = nearest(word, known) or known[0]
            raise DataError("design_bad_word", field=field, word=word, nearest=near)
    for field in NEEDED[design.kind]:
        if not getattr(design, field):
            raise DataError("design_needs_field", kind=design.kind, field=field)
    for column in sorted({*design.columns(), *design.controls, *design.linear} & {*OWN_COLUMNS}):
        raise DataError("design_own_column", column=column)
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
    is_linear = design.kind == "linear" or bool(design.absorb)  # levels leave least squares alone
    yield "link", design.link, ("identity",) if is_linear else ("identity", "logit", "cloglog")
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
    """DataError if what starts as a whole has two first periods: which one holds is not ours to say.

    Zero counts as missing: never. A unit whose rows lie in several clusters may have the start of each, as a teacher
    who changes school has; as long as it stays in one, it may be missing (the post did not count yet), but not two.
    """
    if design.kind != "staggered":
        return
    start = frame[design.first_treated].to_numpy(dtype=float, na_value=np.nan)
    start = np.where(start > 0, start, np.nan)
    for keys, is_whole in start_units(design):
        rows = frame[list(keys)].set_axis(range(len(keys)), axis=1).assign(start=start)
        known = rows.dropna(subset=[c for c in rows if not (is_whole and c == "start")])
        count = several(known)
        if count:
            raise DataError(
                "design_two_starts", column=design.first_treated, cluster=keys[0], count=count
            )


def start_units(design: Design) -> Iterator[tuple[tuple[str, ...], bool]]:
    """The columns inside which there is one start, and whether that holds for missing starts, too.

    What is taken out as a level, or is its own cluster, starts as a whole; but a person taken out may go from school
    to school. Such a unit has one start in each cluster; where clusters hold several, ``absorb`` must name them.
    """
    unit, cluster = design.unit_id, design.cluster
    whole = unit if unit == cluster else design.absorb
    if whole and (whole == cluster or whole != unit):
        yield (whole,), True
    elif unit and cluster:
        yield (unit, cluster), False


def several(starts: pd.DataFrame) -> int:
    """How many units (all columns but the last) have more than one of the last column's values."""
    pairs = starts.drop_duplicates()
    keys = list(pairs.columns[:-1])
    return len(pairs.loc[pairs.duplicated(keys), keys].drop_duplicates())


def example(values: pd.Series) -> str:
    """One value as it stands, for a message."""
    known = values.dropna()
    return str(known.iloc[0]) if len(known) else "-"
