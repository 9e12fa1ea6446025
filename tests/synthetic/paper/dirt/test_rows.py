"""Rows that should not be there, on drawn ledgers and results small enough to read."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.synthetic.dirt import Dirt
from analysis.synthetic.paper.dirt.brush import Brush
from analysis.synthetic.paper.dirt.rows import paste_lists, report_twice, retake_tests
from analysis.synthetic.truth.codes import DIMENSIONS


def brush(**rates: float) -> Brush:
    """A brush with some items only."""
    off = dict.fromkeys(vars(Dirt()), 0.0)
    return Brush(3, 2025, "drawn", Dirt(**(off | rates)))


def ledger(rows: list[tuple[int, int, str, str, str]]) -> pd.DataFrame:
    """Attendances: person, school, programme, mode, day."""
    out = pd.DataFrame(rows, columns=["person", "school", "programme", "mode", "start_date"])
    return out.assign(end_date=out["start_date"], hours=4.0)


DRAWN = ledger(
    [
        (1, 0, "assignment_design", "school", "2025-03-01"),
        (2, 0, "assignment_design", "school", "2025-03-01"),
        (5, 1, "digital_course", "blended", "2025-03-02"),
        (6, 1, "mentoring", "school", "2025-03-03"),
    ]
)
STAFF = pd.DataFrame({"person": [1, 2, 3, 4, 5, 6, 7], "school": [0, 0, 0, 0, 1, 1, 1]})


def test_a_pasted_list_holds_everyone_of_the_school_once() -> None:
    rows = paste_lists(brush(pasted_lists=1.0), DRAWN, STAFF)
    pasted = rows[rows["row_kind"] == "pasted"]
    # only the school's own session can be pasted: neither the course elsewhere nor a mentor's meeting
    assert pasted["person"].tolist() == [3, 4]
    assert set(pasted["programme"]) == {"assignment_design"}
    assert pasted["hours"].tolist() == [4.0, 4.0]
    assert rows["row_kind"].tolist() == ["", "", "", "", "pasted", "pasted"]


def test_nothing_is_pasted_where_no_school_held_anything() -> None:
    rows = paste_lists(brush(pasted_lists=1.0), DRAWN.iloc[2:], STAFF)
    assert rows["row_kind"].tolist() == ["", ""]


def test_switched_off_nothing_is_added() -> None:
    none = brush()
    assert len(paste_lists(none, DRAWN, STAFF)) == len(DRAWN)
    assert len(report_twice(none, DRAWN)) == len(DRAWN)


def test_pasted_rows_make_up_their_rate() -> None:
    size = 20_000
    rng = np.random.default_rng(1)
    rows = ledger([(0, 0, "school_based", "school", "2025-03-01")]).iloc[np.zeros(size, int)]
    rows = rows.assign(
        person=np.arange(size),
        school=rng.integers(0, 100, size),
        start_date=rng.integers(1, 9, size),
    ).assign(end_date=lambda r: r["start_date"])
    staff = pd.DataFrame({"person": np.arange(size, size + 4000), "school": np.arange(4000) % 100})
    pasted = paste_lists(brush(pasted_lists=0.02), rows, staff)["row_kind"] == "pasted"
    assert pasted.mean() == pytest.approx(0.02, abs=0.002)


def test_a_double_says_the_same_again() -> None:
    many = pd.concat([DRAWN] * 500, ignore_index=True)
    rows = report_twice(brush(ledger_doubles=0.04), many)
    doubles = rows[rows["row_kind"] == "double"]
    assert len(doubles) / len(many) == pytest.approx(0.04, abs=0.012)
    known = set(map(tuple, DRAWN.to_numpy().tolist()))
    assert set(map(tuple, doubles[[*DRAWN]].to_numpy().tolist())) <= known


def results(size: int) -> pd.DataFrame:
    rng = np.random.default_rng(2)
    dimensions = rng.normal(80, 5, (size, 5)).clip(0, 100).round(1)
    out = pd.DataFrame(dimensions, columns=list(DIMENSIONS))
    return out.assign(
        person=np.arange(size),
        digital_score=dimensions.mean(axis=1).round(2),
        anchor_score=np.round(0.3 * dimensions.mean(axis=1)),
        test_date=np.datetime64("2025-05-14", "s"),
    )


def test_a_retake_is_later_mostly_better_and_of_the_same_person() -> None:
    rows = retake_tests(brush(retakes=0.03), results(20_000))
    again = rows[rows["attempt"] == 2].set_index("person")
    first = rows[rows["attempt"] == 1].set_index("person").loc[again.index]
    assert len(again) / 20_000 == pytest.approx(0.03, abs=0.004)
    assert set(rows.loc[rows["row_kind"] == "retake", "attempt"]) == {2}
    assert (again["test_date"] > first["test_date"]).all()
    assert again["test_date"].dt.month.max() <= 6
    assert ((again["digital_score"] > first["digital_score"]).mean()) > 0.8
    of_parts = again[list(DIMENSIONS)].mean(axis=1).round(2)
    assert again["digital_score"].tolist() == pytest.approx(of_parts.tolist(), abs=0.011)
    assert again["digital_score"].max() <= 100
    assert again["anchor_score"].between(0, 30).all()


def test_input_is_left_alone() -> None:
    before = DRAWN.copy()
    paste_lists(brush(pasted_lists=1.0), report_twice(brush(ledger_doubles=1.0), DRAWN), STAFF)
    pd.testing.assert_frame_equal(DRAWN, before)
