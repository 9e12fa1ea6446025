"""Whether a design can be asked of a frame at all: columns, kinds of values, and words from the closed lists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

import numpy as np
import pandas as pd

from analysis.errors import DataError, nearest
from analysis.inference.checking.aligned import UNIT
from analysis.inference.checking.balance import days_of
from analysis.inference.checking.staggered import GONE
from analysis.inference.checking.staggered_variants import EQUAL
from analysis.inference.design import (
    Comparison,
    Design,
    DesignKind,
    Measure,
    Target,
    check_columns,
    check_named,
)
from analysis.inference.estimators.aipw_rows import CHANGE
from analysis.inference.estimators.aipw_rows import METHODS as AIPW_METHODS
from analysis.inference.estimators.replicates import METHODS as REPLICATE_METHODS
from analysis.inference.estimators.replicates import replicate_columns
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
CHANGES = (CHANGE, *(f"{CHANGE}_{m}" for m in AIPW_METHODS))
METHODS: dict[str, tuple[str, ...]] = {
    "hazard": ("", "weighted", "adjusted", "ipw"),
    "aipw": ("", *AIPW_METHODS, *CHANGES),
    "replicate": ("", *REPLICATE_METHODS),
    "mean": ("", *REPLICATE_METHODS),
}
LOG_ODDS = ("hazard", "logit", "ordered")  # kinds that have a coefficient beside the difference
UNITS = ("pp", "points")  # beside any unit that an outcome's own numbers have
SEVERAL = (
    "controls", "fixed", "linear", "strata", "horizons", "propensity_controls", "concurrent", "composition",
)  # fmt: skip
LEAST_REPLICATES = 2  # one estimate has no spread
OWN_COLUMNS = (EQUAL, GONE, UNIT, SHARE)  # written here: a column of the same name would be lost


def check_design(frame: pd.DataFrame, design: Design) -> None:
    """DataError that names the field, what was found, what was expected and the nearest right thing."""
    check_words(design)
    check_names(frame, design)
    check_numbers(frame, design)
    check_days(frame, design)
    check_replicates(frame, design)
    check_start(frame, design)


def check_words(design: Design) -> None:
    """DataError if a field holds no word of its closed list, lacks its column, or one column where there are many."""
    for field in SEVERAL:
        if not isinstance(getattr(design, field), tuple):
            raise DataError("design_not_tuple", field=field, found=getattr(design, field))
    for horizon in design.horizons:
        if not is_count(horizon):
            raise DataError("design_not_whole", field="horizons", found=horizon)
    for field, word, known in closed_words(design):
        if word not in known:
            near = nearest(word, known) or known[0]
            raise DataError("design_bad_word", field=field, word=word, nearest=near or '""')
    for field in needed_fields(design):
        if not getattr(design, field):
            raise DataError("design_needs_field", kind=design.kind, field=field)
    if design.composition and (design.kind, design.link) != ("staggered", "identity"):
        raise DataError("design_composition", kind=design.kind, link=design.link)


def closed_words(design: Design) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Fields that take one of a few words, the word given, and the words there are."""
    yield "kind", design.kind, get_args(DesignKind)
    yield "assignment", design.assignment, tuple(CEILING)
    is_linear = design.kind == "linear" or bool(design.absorb)  # levels leave least squares alone
    yield "link", design.link, ("identity",) if is_linear else ("identity", "logit", "cloglog")
    errors = ("cluster", "robust", "classical") if design.kind in OTHER_ERRORS else ("cluster",)
    yield "errors", design.errors, errors
    yield "method", design.method, METHODS.get(design.kind, ("",))
    yield "target", design.target, get_args(Target)
    yield "comparison", design.comparison, get_args(Comparison)
    yield "measure", design.measure, get_args(Measure) if design.kind in LOG_ODDS else ("effect",)
    plain = "".join(c for c in str(design.unit).casefold() if c not in " ._-")
    if not isinstance(design.unit, str) or plain in UNITS or plain in ("percentagepoints", "point"):
        yield "unit", design.unit, UNITS


def needed_fields(design: Design) -> Iterator[str]:
    """The fields that may not be empty; changes need a score to change from, the first of ``linear``."""
    yield from ("outcome", *NEEDED[design.kind])
    if design.kind == "aipw" and design.method.startswith(CHANGE):
        yield "linear"


def check_names(frame: pd.DataFrame, design: Design) -> None:
    """DataError if a column is missing, there twice, or named as one that is written here."""
    for column in sorted(named_columns(design) & {*OWN_COLUMNS}):
        raise DataError("design_own_column", column=column)
    twice = frame.columns[frame.columns.duplicated()]
    if len(twice):
        raise DataError("design_column_twice", column=twice[0])
    check_columns(frame, design)
    check_named(frame, (c for c in (design.exposed_on, design.closes_on) if c))


def named_columns(design: Design) -> set[str]:
    """Every column a design names, whether it can do without it or not."""
    return {*design.columns(), *design.controls, *design.linear, *design.composition}


def check_numbers(frame: pd.DataFrame, design: Design) -> None:
    """DataError if a column of numbers holds texts, or one of 0 and 1 anything else."""
    for column in numbers_of(frame, design):
        if not pd.api.types.is_numeric_dtype(frame[column]):
            raise DataError("design_not_number", column=column, found=example(frame[column]))
    for column in yes_no_of(design):
        values = frame[column].dropna()
        if not values.isin((0, 1)).all():
            raise DataError(
                "design_not_yes_no", column=column, found=example(values[~values.isin((0, 1))])
            )


def check_days(frame: pd.DataFrame, design: Design) -> None:
    """DataError if the two days of an exposure cannot be compared: no days, or a day against a number."""
    columns = [c for c in (design.exposed_on, design.closes_on) if c]
    is_number = [pd.api.types.is_numeric_dtype(frame[c]) for c in columns]
    for column, number in zip(columns, is_number, strict=True):
        if days_of(frame[column]) is None or (number and not all(is_number)):
            raise DataError("design_not_day", column=column, found=example(frame[column]))


def check_replicates(frame: pd.DataFrame, design: Design) -> None:
    """DataError if replicate weights cannot tell a variance; rows without a weight need none."""
    if not design.replicate_prefix:
        return
    names = replicate_columns(frame, design.replicate_prefix)
    if len(names) < LEAST_REPLICATES:
        raise DataError("design_few_replicates", prefix=design.replicate_prefix, count=len(names))
    is_fay = design.method in ("", "BRR")
    if is_fay and not is_part(design.fay):
        raise DataError("design_bad_word", field="fay", word=design.fay, nearest="0.5")
    used = frame[frame[design.weights] > 0] if design.weights else frame
    for column in names:
        found = bad_weight(used[column])
        if found:
            raise DataError("design_bad_replicate", column=column, found=found)


def is_count(value: object) -> bool:
    """Whether it is a whole number from 1 on."""
    return isinstance(value, int | np.integer) and bool(value >= 1)


def is_part(value: object) -> bool:
    """Whether it is a number from 0 to below 1."""
    return isinstance(value, int | float | np.number) and bool(0 <= value < 1)


def bad_weight(values: pd.Series) -> str:
    """A value that is no weight (a text, missing, infinite or below zero) as it stands; empty if there is none."""
    if not pd.api.types.is_numeric_dtype(values):
        return example(values)
    weights = values.to_numpy(dtype=float, na_value=np.nan)
    bad = weights[~(np.isfinite(weights) & (weights >= 0))]
    return str(bad[0]) if len(bad) else ""


def numbers_of(frame: pd.DataFrame, design: Design) -> Iterator[str]:
    """The columns that must hold numbers; covariates and placebos only where they hold anything at all."""
    for column in (design.outcome, design.first_treated, design.weights, design.treatment):
        if column:
            yield column
    if design.kind == "staggered":
        yield design.time
    own = (c.removesuffix("^2") for c in design.propensity_controls)
    placebos = (design.placebo_outcome, design.placebo_baseline)
    for column in (*placebos, *design.linear, *own):
        if column in frame and frame[column].notna().any():
            yield column


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
    is_unclear = (start < 0).any() or ((start == 0).any() and frame[design.time].min() <= 0)
    if is_unclear:
        raise DataError("design_start_not_positive", column=design.first_treated, time=design.time)
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
