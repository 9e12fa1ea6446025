"""What two lists say and cannot both be right is told, and nothing is changed."""

from __future__ import annotations

import pandas as pd

from analysis.intake.linking.listed import left_still_listed, missing_schools


def placed(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows with the place they came from."""
    return frame.assign(
        source_year=2025, source_file="f", source_sheet="", source_row=range(2, 2 + len(frame))
    )


def test_reality_14_who_retired_before_the_snapshot_and_is_still_listed_is_told() -> None:
    people = ["a", "b", "c", "d", "e"]
    roster = placed(pd.DataFrame({"person": people, "snapshot": "2025-09-01"}))
    exits = pd.DataFrame(
        [
            ("a", "retired", "2025-07-01"),  # gone, and still there
            ("b", "retired", "2025-10-01"),  # was in post on the day
            ("c", "resigned", "2025-07-01"),  # may have come back
            ("d", "deceased", "2025-06"),  # the day is not said
        ],
        columns=["person", "exit_reason", "exit_date"],
    ).astype("str")
    lines = left_still_listed(roster, exits)
    told = lines[["rule", "row", "found"]].to_numpy().tolist()
    assert told == [["left_still_listed", 2, "2025-07-01"]]


def test_mess_49_schools_that_the_look_up_lacks_are_told_row_by_row() -> None:
    roster = placed(
        pd.DataFrame({"year": [2024, 2025, 2025, 2025], "school_id": ["9", "1", "9", ""]})
    )
    schools = pd.DataFrame({"year": [2025], "school_id": ["1"]})
    lines = missing_schools(roster, schools)
    assert lines[["rule", "row", "found"]].to_numpy().tolist() == [["school_not_listed", 4, "9"]]
