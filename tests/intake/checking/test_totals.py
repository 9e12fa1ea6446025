"""Total rows of drawn sheets: believed nowhere, compared where one total stands over its rows."""

import pandas as pd
import pytest

from analysis.intake.checking.totals import sum_totals
from analysis.intake.ledger import join_lines
from analysis.intake.reading.header import TextTable
from tests.intake.drawn import variable

PUPILS = variable("n_pupils", "integer", ("schools",), unit="人")
NAME = variable("school_name", "text", ("schools",))


def table(totals: list[tuple[str, str]]) -> TextTable:
    """A sheet of two schools with 120 and 180 pupils, and total rows."""
    return TextTable(
        file="s.xlsx",
        sheet="表",
        frame=pd.DataFrame({"校名": ["一小", "二小"], "学生数": ["120", "180人"]}),
        rows=pd.Series([2, 3]),
        n_rows_in=2 + len(totals),
        unmapped=(),
        lines=join_lines([]),
        totals=pd.DataFrame(totals, columns=["校名", "学生数"]),
    )


@pytest.mark.parametrize(
    ("totals", "said"),
    [
        ([("合计", "300")], [[300.0, 300.0]]),
        ([("合计", "310人")], [[310.0, 300.0]]),
        ([("合计", "")], []),
        ([("合计", "见附表")], []),
        ([], []),
        ([("小计", "120"), ("合计", "300")], []),  # which rows does each add up?
    ],
)
def test_mess_43_a_total_row_is_compared_with_its_rows(
    totals: list[tuple[str, str]], said: list[list[float]]
) -> None:
    rows = pd.DataFrame(
        {"school_name": ["一小", "二小"], "n_pupils": pd.Series([120, 180], dtype="Int64")}
    )
    out = sum_totals(table(totals), rows, {"校名": NAME, "学生数": PUPILS}, 2025)
    assert out[["found", "expected"]].to_numpy().tolist() == said
    assert set(out["column"]) <= {"n_pupils"}
