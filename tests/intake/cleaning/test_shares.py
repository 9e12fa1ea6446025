"""One column of shares written three ways, by the rule that the module states."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.intake.cleaning.cleaners import clean_column
from analysis.intake.cleaning.shares import share_habit
from tests.intake.drawn import variable

SHARE = variable("tool_use_rate", "number", (), low=0.0, high=1.0)
POSTS = variable("post_share", "number", (), low=0.0, high=2.0)

# the column as written | what it says | rules
COLUMNS = [
    (
        ["0.45", "45", "45%", "7", "0", "100", "120"],
        [0.45, 0.45, 0.45, 0.07, 0.0, 1.0, None],
        {1: "percent", 2: "percent", 3: "percent", 5: "percent", 6: "out_of_range"},
    ),
    # 1 is one percent or all of it; 1.00 is written as the shares are, not as the percents
    (["45", "1", "1.00"], [0.45, None, 1.0], {0: "percent", 1: "share_ambiguous"}),
    (["45.5", "1.00"], [0.455, None], {0: "percent", 1: "share_ambiguous"}),
    # no plain number that is surely a percent: numbers stand as they are, a 5 may be a slip for 0.5
    (["0.45", "5", "1", "45%"], [0.45, None, 1.0, 0.45], {1: "out_of_range", 3: "percent"}),
]


@pytest.mark.parametrize(("texts", "values", "rules"), COLUMNS)
def test_reality_19_a_share_is_read_by_how_its_column_is_written(
    texts: list[str], values: list[float | None], rules: dict[int, str]
) -> None:
    cleaned = clean_column(pd.Series(texts, dtype=object), SHARE)
    found = [None if pd.isna(v) else round(v, 6) for v in cleaned.values]
    assert found == values
    changes = cleaned.changes
    assert dict(zip(changes["position"], changes["rule"], strict=True)) == rules


def test_more_than_one_post_is_no_percent() -> None:
    texts = pd.Series(["1", "0.5", "1.5", "2"], dtype=object)
    assert clean_column(texts, POSTS).values.tolist() == [1, 0.5, 1.5, 2]
    assert clean_column(texts, POSTS).changes.empty


def test_a_column_writes_percents_by_one_sure_number() -> None:
    assert share_habit(["0.3", "10"], SHARE).writes_percents
    assert not share_habit(["0.3", "9"], SHARE).writes_percents
    assert not share_habit(["0.3", "101"], SHARE).writes_percents
    assert not share_habit(["0.3", "45%"], SHARE).writes_percents


@given(st.lists(st.integers(2, 99), min_size=1), st.data())
def test_however_it_is_written_a_share_is_the_same(
    percents: list[int], data: st.DataObject
) -> None:
    """Two to 99 percent have one reading only in every form, beside one number that is surely a percent."""
    forms = [data.draw(st.sampled_from(["{0}", "{0}%", "{1:.2f}"])) for _ in percents]
    texts = [form.format(p, p / 100) for form, p in zip(forms, percents, strict=True)]
    cleaned = clean_column(pd.Series([*texts, "50"], dtype=object), SHARE).values
    assert [round(100 * v) for v in cleaned[:-1]] == percents
