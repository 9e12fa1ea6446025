"""Codes of the draw are those that ``study/variables.toml`` knows, and tables keep them."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.synthetic.truth.codes import CODES, code, frame_of, size_of, stack, take

# column of the draw -> variable of the study, where they are called otherwise
CALLED = {"reason": "exit_reason"}
UNDELIVERED = {
    "fate",
    "subject",
    "school_kind",
    "area_code",
}  # plain text there, or never delivered


@pytest.mark.parametrize("column", sorted(set(CODES) - UNDELIVERED))
def test_every_code_is_known_to_the_study(column: str, root: Path) -> None:
    known = tomllib.loads((root / "study" / "variables.toml").read_text(encoding="utf-8"))
    assert set(CODES[column]) <= set(known[CALLED.get(column, column)]["codes"])


def test_a_table_of_codes_and_days() -> None:
    rows = {
        "area": np.array([0, 2, -1]),
        "day": np.array(["2024-09-01", "NaT", "2025-01-31"], "datetime64[D]"),
        "hours": np.array([1.5, 2.0, 0.0]),
    }
    table = frame_of(rows)
    assert table["area"].tolist()[:2] == ["urban", "rural"]
    assert pd.isna(table["area"][2])
    assert table["day"].dtype == "datetime64[s]"
    assert table["day"].isna().tolist() == [False, True, False]
    assert table["hours"].tolist() == [1.5, 2.0, 0.0]


def test_rows_are_taken_and_stacked() -> None:
    rows = {"a": np.arange(4), "b": np.arange(4) * 10}
    assert take(rows, np.array([3, 0]), ["b"])["b"].tolist() == [30, 0]
    both = stack([rows, take(rows, rows["a"] > 2)])
    assert both["a"].tolist() == [0, 1, 2, 3, 3]
    assert (size_of(both), size_of({}), stack([])) == (5, 0, {})


def test_an_unknown_code_is_an_error() -> None:
    assert code("area", "rural") == 2
    with pytest.raises(ValueError, match="tuple"):
        code("area", "moon")
