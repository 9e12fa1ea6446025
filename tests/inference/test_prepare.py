"""What is left out before complete cases are chosen, and that the flow tells it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.errors import DataError
from analysis.inference.estimate import estimate
from analysis.inference.prepare import followed, prepare, seen_before
from tests.inference.foreign import SHARES, STAGGERED, staggered_frame
from tests.inference.test_within import DESIGN, led


def rows_of(known: list[float], unknown: int) -> pd.DataFrame:
    """A period with some known outcomes and some unknown."""
    return pd.DataFrame({"quit": [*known, *[np.nan] * unknown]})


def periods(unknown: int) -> pd.DataFrame:
    """Two periods of a hundred: five leave in the first, nobody in the second, where some are unknown."""
    one = rows_of([1.0] * 5 + [0.0] * 95, 0).assign(wave=1)
    two = rows_of([0.0] * (100 - unknown), unknown).assign(wave=2)
    return pd.concat([one, two], ignore_index=True)


@pytest.mark.parametrize(("unknown", "left"), [(0, 200), (1, 200), (5, 100), (20, 100)])
def test_a_period_without_leavers_counts_unless_they_may_all_be_unknown(
    unknown: int, left: int
) -> None:
    """One in forty leaves overall, so that two unknown are half of what the second period usually has."""
    design = replace(SHARES, time="wave")
    assert len(followed(periods(unknown), design)) == left


def test_units_never_seen_unexposed_are_left_out_and_told() -> None:
    frame = staggered_frame(sites=24)
    always = frame["joined"].mask(frame["site"] == "site 03", 2001.0)
    found = prepare(frame.assign(joined=always), STAGGERED)
    assert "site 03" not in set(found.rows["site"])
    assert found.steps == {"rows": len(frame), "used": len(found.rows)}
    assert seen_before(frame, STAGGERED) is frame


def test_units_never_seen_unexposed_count_nowhere() -> None:
    """Exposed from the first wave on, a site is neither treated nor control: the record is the one without it."""
    frame = staggered_frame(sites=24)
    mine = frame["site"].isin(["site 02", "site 03", "site 06"])
    always = estimate(frame.assign(joined=frame["joined"].mask(mine, 2001.0)), STAGGERED)
    without = estimate(frame[~mine], STAGGERED)
    assert (always.n_treated_schools, always.n_control_schools) == (12, 9)
    assert always.checks == without.checks
    assert (always.estimate, always.std_error) == (without.estimate, without.std_error)


def test_a_start_of_nought_is_unclear_where_periods_begin_there() -> None:
    frame = staggered_frame(sites=24)
    early = frame.assign(wave=frame["wave"] - 2004, joined=frame["joined"] - 2004)
    with pytest.raises(DataError, match="joined"):
        estimate(early, STAGGERED)


def test_within_is_never_given_up() -> None:
    """Most schools have nobody who took part and lose fewer: between them the course would seem to drive people out."""
    frame = led(5, n=80)
    none = frame["school"] < 50
    frame["took"] = frame["took"].mask(none, 0.0)
    rng = np.random.default_rng(5)
    frame["left"] = (rng.random(len(frame)) < np.where(none, 0.08, 0.25)).astype(float)
    found = estimate(frame, replace(DESIGN, within="school"))
    assert found.left_out == ()
    assert found.verdict != "direction"
    nobody = estimate(
        frame[none].assign(took=frame["school"] % 2.0), replace(DESIGN, within="school")
    )
    assert (nobody.grade, nobody.reason) == ("E", "none_within")
