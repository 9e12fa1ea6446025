"""This delivery beside last year's: drawn pairs of years with what must and what must not be told."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.intake.checking.comparison import GONE, JUMPED, NEW, SAME, compare_years, hide_few
from tests.intake.drawn import small_study


def survey(year: int, n: int = 20, **columns: object) -> pd.DataFrame:
    """Answers of one year."""
    return pd.DataFrame({"source_year": [year] * n} | columns)


def told(before: pd.DataFrame, now: pd.DataFrame) -> dict[tuple[str, str, str], str]:
    """Verdict by what, column and code."""
    out = compare_years(small_study(), {"survey": pd.concat([before, now])}, 2025)
    return {(r.what, r.column, r.code): r.verdict for r in out.itertuples()}


@pytest.mark.parametrize(
    ("n", "verdict"), [(20, SAME), (25, SAME), (26, JUMPED), (16, SAME), (15, JUMPED)]
)
def test_a_quarter_more_or_fewer_rows_is_a_jump(n: int, verdict: str) -> None:
    assert told(survey(2024), survey(2025, n))["rows", "", ""] == verdict


def test_a_column_that_came_and_one_that_went() -> None:
    found = told(survey(2024, age=[30] * 20), survey(2025, need=[3] * 20))
    assert found["column", "age", ""] == GONE
    assert found["column", "need", ""] == NEW


@pytest.mark.parametrize(("women", "verdict"), [(10, SAME), (12, SAME), (13, JUMPED)])
def test_a_category_jumps_by_more_than_ten_points(women: int, verdict: str) -> None:
    before = survey(2024, sex=["female"] * 10 + ["male"] * 10)
    now = survey(2025, sex=["female"] * women + ["male"] * (20 - women))
    assert told(before, now)["category", "sex", "female"] == verdict


def test_a_new_category_is_told_without_the_share_of_a_few() -> None:
    before = survey(2024, sex=["female"] * 20)
    tables = {"survey": pd.concat([before, survey(2025, sex=["female"] * 17 + ["male"] * 3)])}
    out = compare_years(small_study(), tables, 2025)
    row = out[(out["code"] == "male")].iloc[0]
    assert (row["verdict"], row["before"]) == (NEW, 0.0)
    assert pd.isna(row["now"])


@pytest.mark.parametrize(("age", "verdict"), [(32.0, SAME), (40.0, JUMPED)])
def test_a_mean_jumps_by_half_a_spread(age: float, verdict: str) -> None:
    ages = [25.0, 35.0] * 10  # spread about 5.1
    assert told(survey(2024, age=ages), survey(2025, age=[age] * 20))["mean", "age", ""] == verdict


def test_a_first_delivery_has_nothing_beside_it() -> None:
    assert compare_years(small_study(), {"survey": survey(2025)}, 2025).empty


def test_a_table_new_or_gone_this_year() -> None:
    tables = {"survey": survey(2025), "exits": survey(2024)}
    out = compare_years(small_study(), tables, 2025)
    assert out[["table", "verdict"]].to_numpy().tolist() == [["exits", GONE], ["survey", NEW]]


def shown(before: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """What is compared, by what, column and code."""
    out = compare_years(small_study(), {"survey": pd.concat([before, now])}, 2025)
    return out.set_index(["what", "column", "code"])


def test_the_mean_and_the_share_of_few_answers_are_not_told() -> None:
    """One of twenty gave an age: its mean is a person's age, and its spread is no number."""
    one = [None] * 19
    out = shown(survey(2024, age=[30.0, *one]), survey(2025, age=[50.0, *one]))
    for what in ("mean", "column"):
        row = out.loc[(what, "age", "")]
        assert row["verdict"] == SAME
        assert row[["before", "now"]].isna().all()


def test_a_hidden_share_cannot_be_told_from_the_others() -> None:
    """Two of 40 are men: the share of the others would tell it."""
    both = ["female"] * 38 + ["male"] * 2
    out = shown(survey(2024, 40, sex=both), survey(2025, 40, sex=["female", "male"] * 20))
    out = out.sort_index()
    assert out.loc["category", "before"].isna().all()
    assert out.loc["category", "now"].tolist() == [0.5, 0.5]


@given(st.lists(st.integers(0, 60), min_size=1, max_size=7))
def test_what_is_hidden_is_ten_or_more_of_at_least_two(counts: list[int]) -> None:
    hidden = hide_few([(n,) for n in counts])
    inside = [n for n, is_hidden in zip(counts, hidden, strict=True) if is_hidden]
    assert all(n not in range(1, 10) for n, h in zip(counts, hidden, strict=True) if not h)
    everything = [n for n in counts if n]
    assert not inside or inside == everything or (len(inside) > 1 and sum(inside) >= 10)
