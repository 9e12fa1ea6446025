"""Filled-in forms: what is spoilt is noted with its clean value, once, and the input stays as it was."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.synthetic.paper.filled import Filled, as_filled, cells, of_kind, told

HEADERS = {"name": "姓名", "hours": "学时"}


def drawn() -> Filled:
    rows = pd.DataFrame({"name": ["甲", "乙", "丙"], "hours": ["1", "2", "3"]})
    return Filled(rows)


def test_a_spoilt_cell_is_noted_with_its_clean_value() -> None:
    filled = drawn().spoil("hours", np.array([2]), cells(["3学时"]))
    assert filled.rows["hours"].tolist() == ["1", "2", "3学时"]
    assert told(filled, HEADERS) == {"dirt": {"学时": {"2": "3"}}}


def test_of_a_cell_spoilt_twice_the_first_value_is_the_clean_one() -> None:
    once = drawn().spoil("name", np.array([0, 1]), cells(["甲 ", "乙 "]))
    twice = once.spoil("name", np.array([1, 2]), cells(["□", "□"]))
    assert twice.rows["name"].tolist() == ["甲 ", "□", "□"]
    assert told(twice, HEADERS) == {"dirt": {"姓名": {"0": "甲", "1": "乙", "2": "丙"}}}


def test_what_stays_the_same_is_no_stain() -> None:
    filled = drawn().spoil("name", np.array([0]), cells(["甲"]))
    assert told(filled, HEADERS) == {}


def test_columns_without_a_header_are_not_told() -> None:
    filled = drawn().columns(kept=cells("xyz")).spoil("kept", np.array([1]), cells(["-"]))
    assert told(filled, HEADERS) == {}


def test_rows_that_should_not_be_there_are_told_by_their_kind() -> None:
    rows = of_kind(drawn().rows, "").copy()
    rows.loc[1, "row_kind"] = "double"
    assert told(Filled(rows), HEADERS) == {"rows": {"1": "double"}}


def test_input_is_left_alone() -> None:
    filled = drawn()
    filled.spoil("name", np.array([0]), cells(["□"])).columns(hours=cells("999"))
    assert filled.rows["name"].tolist() == ["甲", "乙", "丙"]
    assert filled.rows["hours"].tolist() == ["1", "2", "3"]


def test_a_plain_table_is_without_dirt() -> None:
    rows = pd.DataFrame({"name": ["甲"]})
    assert told(as_filled(rows), HEADERS) == {}
    assert as_filled(drawn().rows).rows.equals(drawn().rows)
