"""The typed tables are checked as a whole, and every breach is told with table, column and count."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.errors import DataError, SeveralErrors
from analysis.intake.tables import check_tables, columns_of, table_names
from analysis.study.objects import Study

ID = "t" + "0" * 16


def roster(**columns: object) -> pd.DataFrame:
    """A right roster of one row, with columns replaced."""
    right: dict[str, object] = {
        "teacher_id": [ID],
        "year": [2025],
        "snapshot": ["2025-09-01"],
        "school_id": ["1"],
        "is_teacher": ["yes"],
        "post_share": [1.0],
        "birth_month": ["1980-01"],
        "link_pass": ["name"],
        "has_ambiguous_name": [False],
        "source_year": [2025],
        "source_file": ["a.csv"],
        "source_sheet": [""],
        "source_row": [2],
    }
    frame = pd.DataFrame(right | columns)
    return frame.astype({c: "str" for c in frame if isinstance(frame[c][0], str)})


def test_a_right_table_passes(study: Study) -> None:
    check_tables(study, {"roster": roster()})


def test_all_breaches_are_told_at_once(study: Study) -> None:
    wrong = roster(
        teacher_id=["张三"], is_teacher=["maybe"], post_share=[9.0], birth_month=["1980.01"]
    )
    with pytest.raises(SeveralErrors) as error:
        check_tables(study, {"roster": wrong})
    columns = [e.fields["column"] for e in error.value.errors]
    assert columns == ["birth_month", "is_teacher", "post_share", "teacher_id"]


def test_a_person_stands_once_on_a_snapshot(study: Study) -> None:
    with pytest.raises(Exception, match="teacher_id"):
        check_tables(study, {"roster": pd.concat([roster(), roster()], ignore_index=True)})


@pytest.mark.parametrize("column", ["name", "staff_number", "school_name", "hours", "anything"])
def test_a_column_that_has_no_place_in_the_table_is_refused(study: Study, column: str) -> None:
    with pytest.raises(DataError, match=column):
        check_tables(study, {"roster": roster(**{column: ["张三"]})})


def test_tables_and_columns_come_from_the_study(study: Study) -> None:
    assert table_names(study) == [
        "assessments",
        "exits",
        "programmes",
        "roster",
        "schools",
        "survey",
        "trainings",
    ]
    assert list(columns_of(study, "schools")) == [
        "school_id",
        "school_name",
        "n_pupils",
        "school_group",
    ]
