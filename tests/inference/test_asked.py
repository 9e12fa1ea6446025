"""Questions that cannot be asked of a frame: each is refused in words, and its legitimate neighbour is not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.errors import DataError
from analysis.inference.asked import check_design
from analysis.inference.design import Design
from tests.inference.foreign import (
    AIPW,
    HAZARD,
    LINEAR,
    SHARES,
    STAGGERED,
    staggered_frame,
    volunteers,
)

SURVEY = replace(LINEAR, kind="replicate", weights="w", replicate_prefix="rep", assignment="chosen")
MEAN = Design(kind="mean", outcome="mark", weights="w", replicate_prefix="rep")
COUNTY = replace(STAGGERED, unit_id="site", absorb="")  # a place followed over the years


def refused(frame: pd.DataFrame, design: Design) -> str:
    """What the refusal says; empty if the question can be asked."""
    try:
        check_design(frame, design)
    except DataError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("name", ["equal_weight", "is_missing", "drawn_unit"])
def test_a_column_that_the_checks_would_write_over_is_refused(name: str) -> None:
    frame = staggered_frame().rename(columns={"calm": name})
    assert name in refused(frame, replace(STAGGERED, linear=(name,)))
    assert name in refused(frame, replace(STAGGERED, weights=name))
    assert refused(frame, STAGGERED) == ""  # it is there, and nobody asks for it
    people = volunteers().rename(columns={"block": name})
    assert name in refused(people, replace(AIPW, strata=(name,)))


def moved_start(frame: pd.DataFrame, value: float = 2005.0) -> pd.DataFrame:
    """The first site, which joins in 2004, with another start in its last wave."""
    is_last = (frame["site"] == "site 00") & (frame["wave"] == frame["wave"].max())
    return frame.assign(joined=frame["joined"].where(~is_last, value))


@pytest.mark.parametrize("value", [2005.0, np.nan, 0.0])
@pytest.mark.parametrize(
    "design",
    [
        STAGGERED,
        replace(STAGGERED, cluster="block"),
        COUNTY,
        replace(COUNTY, absorb="site"),
        replace(SHARES, unit_id="site"),
        replace(SHARES, unit_id="site", absorb=""),
    ],
)
def test_what_starts_as_a_whole_has_one_start(design: Design, value: float) -> None:
    """Whatever errors go with: a school whose level is taken out, or a place that is its own cluster."""
    said = refused(moved_start(staggered_frame(), value), design)
    assert "joined" in said
    assert "site" in said
    assert "1" in said
    assert refused(staggered_frame(), design) == ""


@pytest.mark.parametrize("design", [replace(STAGGERED, absorb="pupil"), SHARES])
def test_a_teacher_who_changes_school_may_have_the_start_of_each(design: Design) -> None:
    """The start belongs to the school: it may differ between a person's rows, but not inside one school."""
    frame = staggered_frame().assign(pupil=lambda f: f.groupby(["site", "wave"]).cumcount())
    frame["pupil"] = frame["site"].str[-2:].astype(int) // 4 * 100 + frame["pupil"]
    # site 00 joins in 2004 and site 01 in 2005: the people 0 to 5 are in both
    assert frame.groupby("pupil")["joined"].nunique().max() > 1
    assert refused(frame, design) == ""
    stays = frame.assign(pupil=frame["site"] + frame["pupil"].astype(str))
    said = refused(moved_start(stays), design)
    assert "joined" in said
    assert "6" in said  # people with two starts in one school


def test_a_post_that_counts_from_some_year_on_is_one_start() -> None:
    """Where a date holds for posts, a person comes into one: missing before, the date after."""
    frame = moved_start(staggered_frame(), np.nan).assign(pupil=lambda f: f["site"])
    frame["pupil"] += frame.groupby(["site", "wave"]).cumcount().astype(str)
    assert refused(frame, SHARES) == ""


def test_zero_and_missing_both_mean_never() -> None:
    frame = staggered_frame()
    mixed = frame.assign(joined=frame["joined"].where(frame["wave"] > 2002, frame["joined"].fillna(0)))  # fmt: skip
    assert refused(mixed, STAGGERED) == ""
    assert refused(mixed.assign(joined=mixed["joined"].astype("Int64")), COUNTY) == ""


def test_levels_are_taken_out_of_least_squares_only() -> None:
    """A logit on what is left after absorbing is no logit."""
    said = refused(staggered_frame(), replace(SHARES, absorb="site"))
    assert "link" in said
    assert "identity" in said
    assert "identity" in refused(volunteers(), replace(LINEAR, link="logit"))


def with_replicates(count: int = 4) -> pd.DataFrame:
    """The volunteers with a weight and replicate weights rep1, rep2, ... beside a column whose name is a number."""
    frame = volunteers().assign(w=1.0).assign(**{f"rep{i + 1}": 1.0 + i % 2 for i in range(count)})
    return frame.rename(columns={"block": 5})


DATED = replace(AIPW, exposed_on="day", closes_on="until")


def test_the_days_of_an_exposure_are_columns_with_days() -> None:
    frame = volunteers().assign(day="2001-03-01", until=pd.Timestamp("2001-05-20"))
    assert refused(frame, DATED) == ""
    assert "'day'" in refused(volunteers(), DATED)
    assert "'until'" in refused(frame.drop(columns="until"), DATED)
    assert "maybe" in refused(frame.assign(day="maybe"), DATED)
    assert "2001" in refused(frame.assign(day=2001), DATED)
    assert refused(frame.assign(day=2001, until=2002), DATED) == ""  # two years can be told apart


@pytest.mark.parametrize(
    "fields",
    [
        {"placebo_outcome": "sex"},
        {"placebo_baseline": "sex"},
        {"linear": ("sex",)},
        {"propensity_controls": ("sex",)},
        {"propensity_controls": ("sex^2",)},
    ],
)
def test_texts_are_no_numbers(fields: dict[str, object]) -> None:
    frame = volunteers().assign(sex=lambda f: np.where(f["sex"] == f["sex"].iloc[0], "f", "m"))
    said = refused(frame, replace(AIPW, controls=(), **fields))  # type: ignore[arg-type]
    assert "'sex'" in said
    empty = frame.assign(sex=None)  # nowhere filled: left out and named, or too few rows
    assert refused(empty, replace(AIPW, controls=(), **fields)) == ""  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("design", "fields", "near"),
    [
        (HAZARD, {"method": "wieghted"}, "weighted"),
        (HAZARD, {"method": "aipw"}, "ipw"),
        (AIPW, {"method": "ripw"}, "ipw"),
        (LINEAR, {"method": "ra"}, '""'),
        (SHARES, {"method": "ra"}, '""'),
        (AIPW, {"target": "atet"}, "att"),
        (STAGGERED, {"comparison": "nevr"}, "never"),
        (HAZARD, {"measure": "logodds"}, "log_odds"),
        (LINEAR, {"measure": "log_odds"}, "effect"),
        (SHARES, {"unit": "PP"}, "pp"),
        (SHARES, {"unit": "p.p."}, "pp"),
        (LINEAR, {"unit": "Points"}, "points"),
    ],
)
def test_closed_words_are_closed(design: Design, fields: dict[str, str], near: str) -> None:
    frame = staggered_frame() if design.kind == "staggered" else volunteers()
    ((field, word),) = fields.items()
    said = refused(frame, replace(design, **fields))  # type: ignore[arg-type]
    assert f"'{word}'" in said
    assert f"{field} is" in said
    assert f"Nearest: {near}." in said
    assert refused(frame, design) == ""


@pytest.mark.parametrize(
    ("design", "fields"),
    [
        (HAZARD, {"method": "adjusted", "measure": "log_odds", "target": "ate"}),
        (AIPW, {"method": "change"}),
        (AIPW, {"method": "change_entropy"}),
        (AIPW, {"unit": "EUR"}),  # an outcome has the unit of its own numbers
        (HAZARD, {"horizons": (np.int64(1), 3)}),
        (HAZARD, {"horizons": ()}),
    ],
)
def test_words_that_are_choices_stay(design: Design, fields: dict[str, object]) -> None:
    assert refused(volunteers(), replace(design, **fields)) == ""  # type: ignore[arg-type]


@pytest.mark.parametrize("field", ["controls", "linear", "fixed", "strata", "concurrent"])
@pytest.mark.parametrize("given", ["sex", ["sex"]])
def test_several_columns_are_a_tuple(field: str, given: object) -> None:
    said = refused(volunteers(), replace(AIPW, **{field: given}))  # type: ignore[arg-type]
    assert f"{field} should be a tuple" in said
    assert str(given) in said


@pytest.mark.parametrize("horizons", [(1.5,), ("1",), (0,), [1]])
def test_horizons_are_whole_numbers(horizons: object) -> None:
    assert "horizons" in refused(volunteers(), replace(HAZARD, horizons=horizons))  # type: ignore[arg-type]


def test_an_empty_field_that_is_needed_is_named() -> None:
    assert "needs outcome" in refused(volunteers(), replace(AIPW, outcome=""))
    assert "needs linear" in refused(volunteers(), replace(AIPW, method="change", linear=()))


@pytest.mark.parametrize("design", [SURVEY, MEAN])
def test_replicate_weights_must_tell_a_variance(design: Design) -> None:
    frame = with_replicates()
    assert refused(frame, design) == ""
    assert "there are 0" in refused(frame, replace(design, replicate_prefix="jk"))
    assert "there are 1" in refused(with_replicates(1), design)
    for fay in (1.0, -0.1, np.nan, "half"):
        said = refused(frame, replace(design, fay=fay))  # type: ignore[arg-type]
        assert "fay" in said
        assert str(fay) in said
    assert refused(frame, replace(design, fay=1.0, method="JK1")) == ""  # not asked there


@pytest.mark.parametrize("bad", [np.nan, -1.0, np.inf, "much"])
def test_replicate_weights_are_weights(bad: float | str) -> None:
    frame = with_replicates()
    column = frame["rep2"].astype(object if isinstance(bad, str) else float)
    column.iloc[7] = bad
    assert "'rep2'" in refused(frame.assign(rep2=column), SURVEY)
    if not isinstance(bad, str):  # whom the survey did not ask has no weight of either kind
        unasked = frame.assign(rep2=column, w=frame["w"].where(frame.index != 7))
        assert refused(unasked, SURVEY) == ""
