"""Sums that must agree: each check with rows drawn to agree and rows drawn to differ."""

import pandas as pd
import pytest

from analysis.intake.checking.sums import AGREES, DIFFERS, check_sums, judged
from analysis.intake.checking.totals import COLUMNS as TOTAL_COLUMNS
from analysis.intake.record import FileRecord

NO_TOTALS = pd.DataFrame(columns=list(TOTAL_COLUMNS))
PARTS = ("digital_awareness", "digital_skills", "digital_application")
PARTS += ("digital_responsibility", "professional_growth")


def rows(**columns: list[object]) -> pd.DataFrame:
    """Rows of the newest delivery, from one file."""
    return pd.DataFrame(columns).assign(source_year=2025, source_file="a.xlsx")


def found(check: str, tables: dict[str, pd.DataFrame]) -> list[tuple[float, float, str]]:
    """What one check says of the tables: found, expected, verdict."""
    out = check_sums(tables, [], NO_TOTALS, 2025)
    return list(
        out.loc[out["check"] == check, ["found", "expected", "verdict"]].itertuples(
            index=False, name=None
        )
    )


@pytest.mark.parametrize(
    ("sums", "verdict"),
    [((0, 0), AGREES), ((1, 0), DIFFERS), ((1000, 1004), AGREES), ((1000, 1006), DIFFERS)],
)
def test_half_a_percent_is_rounding(sums: tuple[float, float], verdict: str) -> None:
    assert judged(*sums) == verdict


@pytest.mark.parametrize(
    ("file", "n_rows", "said"),
    [
        ("331954276_按文本_教师调查_469_460.xlsx", 460, [(460.0, 460.0, AGREES)]),
        ("331954276_按文本_教师调查_469_460.xlsx", 469, [(469.0, 460.0, DIFFERS)]),
        ("花名册2025.xlsx", 460, []),
    ],
)
def test_mess_03_rows_are_counted_beside_the_name_of_the_file(
    file: str, n_rows: int, said: list[tuple[float, float, str]]
) -> None:
    record = FileRecord("survey", file, "", 2025, n_rows, n_rows, "", (), "usable")
    out = check_sums({}, [record], NO_TOTALS, 2025)
    assert list(out[["found", "expected", "verdict"]].itertuples(index=False, name=None)) == said


def test_total_rows_keep_their_place() -> None:
    lines = [
        (2025, "a.xlsx", "表一", "n_pupils", 300.0, 290.0),
        (2024, "b.xlsx", "", "n_pupils", 1.0, 2.0),
    ]
    out = check_sums({}, [], pd.DataFrame(lines, columns=list(TOTAL_COLUMNS)), 2025)
    assert out[["file", "subject", "verdict"]].to_numpy().tolist() == [
        ["a.xlsx", "表一 / n_pupils", DIFFERS]
    ]


def test_attendances_paid_for_beside_those_in_the_ledger() -> None:
    funds = rows(programme=["ai", "care", "ai"], n_attendances=[2, 5, 1])
    ledger = rows(programme=["ai"] * 3 + ["other"])
    # ai: 2 + 1 paid and 3 in the ledger; care was paid for and is not in the ledger at all
    care = (0.0, 5.0, DIFFERS)
    assert found("attendances", {"funds": funds, "trainings": ledger}) == [(3.0, 3.0, AGREES), care]
    assert found("attendances", {"funds": funds, "trainings": ledger[1:]}) == [
        (2.0, 3.0, DIFFERS),
        care,
    ]
    assert (
        found("attendances", {"funds": funds}) == []
    )  # without a ledger there is nothing to compare


def test_last_years_file_under_this_years_name() -> None:
    def record(year: int, digest: str) -> FileRecord:
        return FileRecord("roster", f"名册{year}.xlsx", "", year, 9, 9, digest, (), "usable")

    out = check_sums(
        {}, [record(2024, "aa"), record(2025, "aa"), record(2025, "bb")], NO_TOTALS, 2025
    )
    assert out[["check", "file", "verdict"]].to_numpy().tolist() == [
        ["same_file", "名册2025.xlsx", DIFFERS]
    ]


@pytest.mark.parametrize(("now", "n_lines"), [(range(40), 1), (range(1, 41), 0), (range(20), 0)])
def test_a_roster_on_which_nobody_came_or_went(now: range, n_lines: int) -> None:
    before = rows(teacher_id=[f"t{k}" for k in range(40 if len(now) == 40 else 20)]).assign(
        year=2024
    )
    roster = pd.concat([before, rows(teacher_id=[f"t{k}" for k in now]).assign(year=2025)])
    assert len(found("same_people", {"roster": roster})) == n_lines


def test_amounts_and_budgets_count_the_rows_that_are_off() -> None:
    subsidy = rows(
        monthly_yuan=[800.0, 1000.0, None],
        paid_months=[12, 12, 1],
        amount_yuan=[9600.0, 9600.0, 5.0],
    )
    assert found("amount", {"funds": subsidy}) == [(1.0, 0.0, DIFFERS)]
    spent = rows(budget_yuan=[10.0, 20.0], spent_yuan=[10.0, 19.0])
    assert found("overspent", {"funds": spent}) == [(0.0, 0.0, AGREES)]


def test_a_total_beyond_its_own_dimensions() -> None:
    within = {key: [80.0, 80.0, 80.0] for key in PARTS} | {PARTS[0]: [90.0, 90.0, 90.0]}
    scores = rows(digital_score=[85.0, 90.05, 90.3], **within)
    assert found("score_range", {"assessments": scores}) == [(1.0, 0.0, DIFFERS)]


def test_people_gone_from_the_roster_beside_the_list_of_leavers() -> None:
    ids = [f"t{k}" for k in range(10)]
    before = rows(teacher_id=ids, year=[2024] * 10)
    now = rows(teacher_id=ids[:6], year=[2025] * 6)
    exits = rows(teacher_id=[*ids[6:9], "t0", None], year=[2025] * 5)
    tables = {"roster": pd.concat([before, now]), "exits": exits}
    assert found("exits_listed", tables) == [(3.0, 4.0, DIFFERS)]
    tables["exits"] = rows(teacher_id=ids[6:], year=[2025] * 4)
    assert found("exits_listed", tables) == [(4.0, 4.0, AGREES)]
    assert found("exits_listed", {"roster": now, "exits": exits}) == []  # no snapshot before


def test_a_school_that_counts_other_teachers_than_the_roster() -> None:
    roster = rows(
        teacher_id=["a", "b", "c"],
        school_id=["1", "1", "2"],
        year=[2025] * 3,
        is_teacher=["yes", "yes", "no"],
    )
    schools = rows(school_id=["1", "2", "3"], n_teachers=[2, 1, 0])
    assert found("headcount", {"roster": roster, "schools": schools}) == [(1.0, 0.0, DIFFERS)]
    assert found("headcount", {"roster": roster, "schools": rows(school_id=["1"])}) == []


def test_another_delivery_is_not_looked_at() -> None:
    old = rows(budget_yuan=[1.0], spent_yuan=[9.0]).assign(source_year=2024)
    assert found("overspent", {"funds": old}) == []
