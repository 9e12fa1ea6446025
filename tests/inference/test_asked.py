"""Questions that cannot be asked of a frame: each is refused in words, and its legitimate neighbour is not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.errors import DataError
from analysis.inference.asked import check_design
from analysis.inference.design import Design
from tests.inference.foreign import AIPW, LINEAR, SHARES, STAGGERED, staggered_frame, volunteers

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
