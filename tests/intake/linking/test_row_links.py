"""Other tables find their people on the snapshot of the year before, then of the year itself."""

from __future__ import annotations

from io import StringIO

import pandas as pd

from analysis.intake.linking.rates import row_rates
from analysis.intake.linking.row_links import (
    Snapshots,
    link_rows,
    open_snapshots,
    own_people,
    unlinked_lines,
)

POSTS = """
year | person | name_form | school_id | person_number | staff_number
2024 | P:1    | 张三      | s1        | 1             | g1
2024 | P:2    | 李红      | s1        | 2             | g2
2024 | P:3    | 李红      | s2        | 3             | -
2024 | P:4    | 王五      | s2        | 4             | g4
2025 | P:1    | 张三      | s3        | 1             | g1
2025 | P:5    | 新人      | s1        | 5             | g5
2025 | P:6    | 王五      | s1        | 6             | -
2025 | P:7    | 李红      | s2        | 7             | -
"""

# link_year | name | school | numbers | who it is, by which pass, and why
ROWS = """
link_year | name  | school_id | person_number | staff_number | person | link_pass
2025      | 张三  | s1        | 1             | -            | P:1    | person_number
2025      | 张 三 | s9        | -             | g1           | P:1    | staff_number
2025      | 李红  | s2        | -             | -            | P:3    | name_school
2025      | 李红  | s9        | -             | -            | -      | -
2025      | 张三  | s9        | -             | -            | P:1    | name
2025      | 新人  | s1        | -             | -            | P:5    | name_school
2025      | 王五  | s2        | -             | -            | P:4    | name_school
2025      | 王五  | s9        | -             | -            | -      | -
2025      | -     | -         | -             | g4           | P:4    | staff_number
2025      | 赵六  | s1        | -             | g1           | -      | -
2024      | 新人  | s1        | -             | -            | -      | -
"""


def table(text: str) -> pd.DataFrame:
    """A drawn table of texts; ``-`` is missing."""
    frame = pd.read_csv(StringIO(text.strip()), sep="|", dtype=str)
    frame.columns = frame.columns.str.strip()
    frame = frame.map(str.strip, na_action="ignore").replace("-", None)
    years = {c: "int64" for c in ("year", "link_year") if c in frame}
    return frame.astype(dict.fromkeys(frame.columns, "str")).astype(years)


def snapshots(text: str = POSTS) -> Snapshots:
    """Drawn posts as other tables ask for them."""
    return open_snapshots(table(text))


def test_each_row_finds_its_person_by_the_strongest_pass() -> None:
    rows = table(ROWS)
    linked = link_rows(rows.drop(columns=["person", "link_pass"]), snapshots())
    expected = rows[["person", "link_pass"]].astype(object)
    for column in expected:
        found = linked[column].astype(object).where(linked[column].notna(), None)
        assert found.tolist() == expected[column].where(expected[column].notna(), None).tolist()


def test_a_staff_number_with_another_name_is_not_believed() -> None:
    row = table("link_year | name | school_id | staff_number\n2025 | 赵六 | s1 | g1")
    assert link_rows(row, snapshots())["person"].isna().all()


def test_a_table_without_schools_links_by_the_name_alone() -> None:
    row = table("link_year | name\n2025 | 张三\n2025 | 李红")
    linked = link_rows(row, snapshots())
    assert linked["link_pass"].tolist() == ["name", None]


def test_without_a_snapshot_of_either_year_the_nearest_serves() -> None:
    row = table("link_year | name | school_id\n2020 | 张三 | s1")
    assert link_rows(row, snapshots())["person"].tolist() == ["P:1"]


def test_rates_and_ledger_count_who_was_not_found() -> None:
    rows = table(ROWS).drop(columns=["person", "link_pass"])
    linked = link_rows(rows, snapshots()).assign(
        year=2025, source_year=2025, source_file="t.csv", source_sheet="", source_row=range(2, 13)
    )
    rates = row_rates(linked, "trainings")
    assert rates.set_index("link_pass")["n_linked"].to_dict() == {
        "name": 1,
        "name_school": 3,
        "person_number": 1,
        "staff_number": 2,
    }
    assert unlinked_lines(linked, "trainings")["row"].tolist() == [5, 9, 11, 12]


def test_where_there_is_no_roster_a_row_is_known_by_its_own_number() -> None:
    rows = table("name | staff_number | person_number\n张三 | g1 | -\n李四 | - | 2\n王五 | - | -")
    linked = own_people(rows)
    assert linked["person"].astype(object).where(linked["person"].notna(), None).tolist() == [
        "S:g1",
        "P:2",
        None,
    ]
