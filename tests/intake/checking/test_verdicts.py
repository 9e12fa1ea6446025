"""The verdict on a file: as it is, with a word of explanation, or not at all."""

import pandas as pd
import pytest

from analysis.intake.checking.verdicts import COUNTED, add_findings, find_reasons, judge_file
from analysis.intake.record import FileRecord


@pytest.mark.parametrize(
    ("n_in", "n_kept", "rules", "reasons", "verdict"),
    [
        (100, 100, {}, (), "usable"),
        (100, 99, {"repeated_row": 1}, (), "usable"),
        (100, 98, {"repeated_row": 2}, (("repeated_row", 2),), "usable_with_notes"),
        (100, 100, {"row_too_short": 1}, (("row_too_short", 1),), "usable_with_notes"),
        (100, 100, {"not_a_date": 5}, (), "usable"),
        (100, 100, {"not_a_date": 6}, (("not_a_date", 6),), "usable_with_notes"),
        (100, 100, {"unlinked": 6}, (("unlinked", 6),), "usable_with_notes"),
        (100, 100, {"unlinked": 51}, (("unlinked", 51),), "not_usable"),
        (100, 0, {"no_school": 100}, (("no_school", 100),), "not_usable"),
        (100, 0, {"repeated_row": 100}, (("repeated_row", 100),), "usable_with_notes"),
        (100, 0, {"repeated_export": 100}, (("repeated_export", 100),), "usable_with_notes"),
        (
            101,
            0,
            {"repeated_row": 100, "total_row": 1},
            (("repeated_row", 100),),
            "usable_with_notes",
        ),
        (100, 100, {"school_unknown": 6}, (("school_unknown", 6),), "usable_with_notes"),
        (100, 100, {"identical_answers": 11}, (("identical_answers", 11),), "usable_with_notes"),
        (100, 100, {"speeder": 10}, (), "usable"),
        (0, 0, {}, (), "not_usable"),
    ],
)
def test_a_sheet_is_judged_by_its_ledger(
    n_in: int, n_kept: int, rules: dict[str, int], reasons: tuple, verdict: str
) -> None:
    counts = dict.fromkeys(COUNTED, 0) | rules | {"rows": n_in, "kept": n_kept}
    assert find_reasons(counts) == reasons
    assert judge_file(counts, reasons) == verdict


def record(file: str, verdict: str = "usable") -> FileRecord:
    """One file of 2025 without a fault."""
    return FileRecord("survey", file, "", 2025, 9, 9, "", (), verdict)  # type: ignore[arg-type]


def test_what_whole_files_get_wrong_is_told_beside_their_names() -> None:
    sums = pd.DataFrame(
        [
            (2025, "name_count", "a.csv", "differs"),
            (2025, "name_count", "b.csv", "agrees"),
            (2024, "name_count", "b.csv", "differs"),
            (2025, "exits_listed", "", "differs"),
        ],
        columns=["year", "check", "file", "verdict"],
    )
    years = pd.DataFrame([(2025, "c.csv", "differs")], columns=["year", "file", "verdict"])
    a, b, c = add_findings(
        [record("a.csv"), record("b.csv"), record("c.csv", "not_usable")], sums, years
    )
    assert (a.verdict, a.reasons) == ("usable_with_notes", (("name_count", 1),))
    assert (b.verdict, b.reasons) == ("usable", ())
    assert (c.verdict, c.reasons) == ("not_usable", (("year_found", 1),))


def test_last_years_roster_cannot_be_used_and_counts_are_those_found() -> None:
    lines = [
        (2025, "same_people", "名册.xlsx", 40.0, "differs"),
        (2025, "same_file", "名单.xls", 2024.0, "differs"),  # a short list may stay as it was
        (2025, "headcount", "学校.xlsx", 3.0, "differs"),
    ]
    sums = pd.DataFrame(lines, columns=["year", "check", "file", "found", "verdict"])
    roster, short, schools = add_findings(
        [record("名册.xlsx"), record("名单.xls"), record("学校.xlsx")], sums
    )
    assert roster.verdict == "not_usable"
    assert short.verdict == "usable_with_notes"
    assert schools.reasons == (("headcount", 3),)
