"""Counts of measures: drawn rows with the answers beside them."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.inference.measures import MeasureRecord, Tally, measure_measures, tally
from analysis.intake.delivery import Delivery
from analysis.panel.build import Panel, SourceFile
from analysis.study.load import load_study
from analysis.study.objects import Count, Study
from analysis.study.workspace import open_workspace

TRAININGS = pd.DataFrame(
    [
        ("study_tour", "1", "t1", "s1", 40.0, 2025),
        ("study_tour", "1", "t2", "s1", 40.0, 2025),
        ("study_tour", "2", "t1", "s2", 40.0, 2025),
        ("study_tour", "2", None, "s2", 40.0, 2025),  # could not be linked
        ("upgrading", "1", "t3", None, 20.0, 2025),  # session 1 of another programme
        ("study_tour", "9", "t9", "s9", 40.0, 2024),  # another year
    ],
    columns=["programme", "session", "teacher_id", "school_id", "hours", "year"],
)
SCHOOLS = pd.DataFrame({"school_id": ["s1", "s2"], "area": ["rural", "urban"], "year": 2025})
TOURS = {"programme": ("study_tour",)}


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study(open_workspace())


def delivery(**tables: pd.DataFrame) -> Delivery:
    return Delivery(
        region="drawn", label="画县", year=2025, tables=tables, ledger=pd.DataFrame(), files=(),
        links=pd.DataFrame(), is_invented=True, fingerprint="", as_of="2025-09-01", notes=(),
    )  # fmt: skip


def panel() -> Panel:
    files = {"trainings": (SourceFile(2025, "培训台账2025.csv", ("programme:study_tour",)),)}
    return Panel("drawn", 2025, pd.DataFrame(), files=files)


def found(study: Study, **tables: pd.DataFrame) -> dict[str, MeasureRecord]:
    return {r.id: r for r in measure_measures(study, delivery(**tables), panel())}


@pytest.mark.parametrize(
    ("kind", "where", "n"),
    [
        ("attendances", {}, 5),
        ("attendances", TOURS, 4),
        ("sessions", {}, 3),  # two of one programme, one of the other
        ("persons", {}, 3),
        ("persons", TOURS, 2),
        ("schools", {}, 2),
        ("listed", {"area": ("rural",)}, 2),  # a fact of the school
        ("hours_share", {"programme": ("upgrading",)}, 100 * 20 / 180),
        ("entries", {"teacher_id": ()}, 4),  # any value
    ],
)
def test_each_kind_counts_its_own_unit(
    kind: str, where: dict[str, tuple[str, ...]], n: float
) -> None:
    tables = {"trainings": TRAININGS[TRAININGS["year"] == 2025], "schools": SCHOOLS}
    rule = Count(kind=kind, table="trainings", where=where)  # type: ignore[arg-type]
    counted = tally(rule, tables)
    assert counted is not None
    assert counted.n == pytest.approx(n)


def test_money_is_the_sum_of_its_column() -> None:
    funds = pd.DataFrame({"programme": ["a", "b", None], "spent_yuan": [10.0, 20.5, None]})
    rule = Count(
        kind="yuan", table="funds", where={"spent_yuan": ()}, column="spent_yuan", label="决算"
    )
    assert tally(rule, {"funds": funds}) == Tally("yuan", "决算", 30.5, 2)


def test_what_was_not_delivered_is_not_nought() -> None:
    rule = Count(kind="listed", table="honours", where={"honour": ("contest",)})
    assert tally(rule, {}) is None
    assert tally(rule, {"honours": pd.DataFrame({"year": [2025]})}) is None  # no such column
    other = pd.DataFrame({"honour": ["ethics_model"], "year": [2025]})
    assert tally(rule, {"honours": other}) is None  # none of that kind


def test_a_record_names_its_files_and_only_the_report_year_counts(study: Study) -> None:
    record = found(study, trainings=TRAININGS)["study_tours"]
    assert record.tallies == (Tally("sessions", "", 2.0, 4), Tally("attendances", "", 4.0, 4))
    assert record.files == ("培训台账2025.csv",)
    assert record.reason == ""


def test_without_data_every_measure_says_why_it_is_not_counted(study: Study) -> None:
    records = found(study)
    assert set(records) == set(study.measures)
    for name, record in records.items():
        entry = study.measures[name]
        expected = "no_data" if entry.counts else "framing"
        assert record.reason == ("not_ingested" if entry.role == "not_ingested" else expected)
        assert record.tallies == ()


def test_what_is_not_taken_in_is_not_looked_for(study: Study) -> None:
    """Even an entry that names a table is not counted once it says not to take it in."""
    count = Count(kind="listed", table="trainings")
    closed = study.measures["ethics_cases"].model_copy(update={"counts": (count,)})
    asked = study.model_copy(update={"measures": {"ethics_cases": closed}})
    (record,) = measure_measures(asked, delivery(trainings=TRAININGS), panel())
    assert (record.tallies, record.reason) == ((), "not_ingested")


def test_an_audit_counts_the_sums_of_its_own_programmes(study: Study) -> None:
    sums = pd.DataFrame(
        {
            "check": ["attendances", "attendances", "overspent"],
            "subject": ["online_general", "outreach", ""],
            "verdict": ["differs", "agrees", "agrees"],
        }
    )
    held = TRAININGS.assign(programme="online_general")
    funds = pd.DataFrame({"budget_yuan": [1.0], "spent_yuan": [1.0], "year": [2025]})
    tables = delivery(trainings=held, funds=funds)
    checked = Delivery(**{**vars(tables), "checks": {"sums": sums}})
    records = {r.id: r for r in measure_measures(study, checked, panel())}
    sizes = {k: (r.n_checked, r.n_differs) for k, r in records.items() if r.role == "audit"}
    assert sizes == {
        "all_training": (2, 1), "online_study": (1, 1), "practice_share": (0, 0), "training_funds": (1, 0),
    }  # fmt: skip


@given(st.permutations(range(5)))
def test_the_order_of_rows_counts_for_nothing(order: list[int]) -> None:
    rows = TRAININGS[TRAININGS["year"] == 2025].iloc[order]
    for kind, n in (("sessions", 3), ("persons", 3), ("attendances", 5)):
        counted = tally(Count(kind=kind, table="trainings"), {"trainings": rows})  # type: ignore[arg-type]
        assert counted is not None
        assert counted.n == n
