"""The survey's tables of the data check: cells by hand, and small numbers that must not come out."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.intake.delivery import Delivery
from analysis.intake.ledger import NOTED
from analysis.intake.survey.finish import CHECKS
from analysis.intake.survey.marks import FINDERS
from analysis.release.check_survey import groups_to_hide, hide_small, survey_tables
from analysis.release.claims import Table
from analysis.release.wording import wording
from analysis.study.load import load_study
from analysis.study.objects import Study
from analysis.study.workspace import open_workspace

HIDDEN = "※"
SCALE = ("burnout_ee", 4320, 4310, 9, 0.746, 0.751, 2.567, 0.651, 0.0, 0.0005)


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study(open_workspace())


def tables(study: Study, **rows: list[tuple[object, ...]]) -> dict[str, Table]:
    """The rendered tables of drawn checks, by name."""
    checks = {n: pd.DataFrame(rows.get(n, []), columns=list(c)) for n, c in CHECKS.items()}
    delivery = Delivery(
        region="r", label="示例县", year=2025, tables={}, ledger=pd.DataFrame(), files=(),
        links=pd.DataFrame(), is_invented=True, fingerprint="", as_of="2025-09-01", notes=(),
        checks=checks,
    )  # fmt: skip
    return {t.id.removeprefix("check-"): t for t in survey_tables(study, delivery)}


def test_a_scale_is_one_row_and_few_at_its_end_are_hidden(study: Study) -> None:
    (row,) = tables(study, scales=[(2025, *SCALE)])["scales"].rows
    assert row[1:9] == ("情绪衰竭", "4320", "4310", "9", "0.75", "0.75", "2.57", "0.65")
    assert row[9:] == ("0.0%", HIDDEN)  # 0.0005 of 4310 are two persons


def test_a_scale_answered_by_few_says_nothing(study: Study) -> None:
    few = (2025, "burnout_ee", 9, 9, 9, 0.7, 0.7, 2.5, 0.6, 0.0, 0.0)
    (row,) = tables(study, scales=[few])["scales"].rows
    assert row[2:4] == (HIDDEN, HIDDEN)
    assert set(row[5:]) == {HIDDEN}


def test_a_scale_without_items_has_no_reliability(study: Study) -> None:
    nan = float("nan")
    (row,) = tables(study, scales=[(2025, "burnout_ee", 50, 50, 0, nan, nan, 2, 1, 0.0, 0.0)])[
        "scales"
    ].rows
    assert row[5:7] == ("—", "—")


def test_answers_of_one_item_stand_in_order_and_small_ones_are_hidden_in_pairs(
    study: Study,
) -> None:
    counts = [300, 200, 100, 60, 30, 8, 0]
    rows = [(2025, "burnout_ee", "burnout_ee_1", v, n, n / 698) for v, n in enumerate(counts)]
    (row,) = tables(study, items=rows)["items"].rows
    assert row[:3] == ("情绪衰竭", "情绪衰竭第1题", "698")
    shares = row[3].split("、")
    assert shares[0] == "0分：43%"
    # the eight are hidden, and the next smallest with them, or the rest to a hundred would tell
    assert [HIDDEN in s for s in shares] == [False, False, False, False, True, True, False]


def test_shares_of_fewer_than_twenty_answers_are_not_shown(study: Study) -> None:
    rows = [(2025, "burnout_ee", "burnout_ee_1", v, n, n / 19) for v, n in enumerate([10, 9])]
    (row,) = tables(study, items=rows)["items"].rows
    assert row[3] == HIDDEN


def test_response_by_group_in_words(study: Study) -> None:
    rows = [
        (2025, "all", "all", 2000, 1400, 0.7, 1.0, 1.0, 1.0),
        (2025, "area", "rural", 800, 480, 0.6, 480 / 1400, 0.4, 0.4),
        (2025, "area", "urban", 1200, 920, 920 / 1200, 920 / 1400, 0.6, 0.6),
        (2025, "years_band", "0-3", 500, 300, 0.6, 0.3, 0.25, 0.25),
        (2025, "years_band", "31-", 1500, 1100, 0.73, 0.7, 0.75, 0.75),
    ]
    shown = tables(study, response=rows)["response"].rows
    assert shown[1][2:] == ("乡村", "800", "480", "60%", "34.3%", "40.0%", "40.0%")
    assert [r[2] for r in shown[3:]] == ["0至3年", "31年及以上"]


def test_a_group_of_few_is_hidden_with_its_smallest_sibling(study: Study) -> None:
    """Seven of 60 rural teachers answered: their row and the smallest other one are hidden."""
    rows = [
        (2025, "area", "rural", 60, 7, 7 / 60, 0.03, 0.2, 0.2),
        (2025, "area", "town", 100, 80, 0.8, 0.3, 0.3, 0.3),
        (2025, "area", "urban", 200, 150, 0.75, 0.6, 0.5, 0.5),
    ]
    shown = tables(study, response=rows)["response"].rows
    assert [set(r[3:]) == {HIDDEN} for r in shown] == [True, True, False]


def test_few_who_did_not_answer_are_hidden_too() -> None:
    assert hide_small([50, 3, 40]) == [False, True, True]
    assert hide_small([3, 4, 40, 50]) == [True, True, True, False]  # 7 could be told from the whole
    assert hide_small([6, 7, 40]) == [True, True, False]
    assert hide_small([0, 12, 40]) == [False, False, False]


def test_weights_and_what_they_cost(study: Study) -> None:
    nan = float("nan")
    rows = [
        (2024, 0, nan, nan, 5.0, 0, nan, nan, False),
        (2025, 3987, 0.868, 1.344, 5.0, 0, 3967.4, 1.006, True),
    ]
    first, second = tables(study, weights=rows)["weights"].rows
    assert first[-1] == "否，未加权"
    assert first[2] == "—"
    assert second == ("2025", "3987", "0.87", "1.34", "5.00", "0", "3967", "1.01", "是")


def test_quality_names_every_mark(study: Study) -> None:
    marks = [*FINDERS, "second_answer"]
    rows = [(2025, "问卷.csv", mark, 200, 30, 0.15) for mark in marks]
    shown = tables(study, quality=rows)["quality"].rows
    assert all(row[-3:] == ("200", "30", "15.0%") for row in shown)
    assert len({row[2] for row in shown}) == len(marks)


@pytest.mark.parametrize(
    ("n", "n_marked", "cells"),
    [
        (200, 3, ("200", HIDDEN, HIDDEN)),
        (200, 195, ("200", HIDDEN, HIDDEN)),
        (200, 0, ("200", "0", "0.0%")),
        (8, 8, (HIDDEN, HIDDEN, HIDDEN)),
    ],
)
def test_few_marked_answers_are_hidden(
    study: Study, n: int, n_marked: int, cells: tuple[str, ...]
) -> None:
    (row,) = tables(study, quality=[(2025, "问卷.csv", "speeder", n, n_marked, n_marked / n)])[
        "quality"
    ].rows
    assert row[-3:] == cells


def test_hidden_groups_cannot_be_told_from_the_row_of_all(study: Study) -> None:
    """Of 120, groups of 4 and 3 are hidden with 13: 7 would be what the others leave."""
    rows = [
        (2025, "stage", "a", 100, 60, 0.6, 0.5, 0.5, 0.5),
        (2025, "stage", "b", 4, 1, 0.25, 0.1, 0.1, 0.1),
        (2025, "stage", "c", 3, 1, 0.3, 0.1, 0.1, 0.1),
        (2025, "stage", "d", 33, 20, 0.6, 0.3, 0.3, 0.3),
    ]
    hidden = groups_to_hide(pd.DataFrame(rows, columns=list(CHECKS["response"])))
    assert hidden == [False, True, True, True]


def test_a_negative_reliability_is_told_in_words(study: Study) -> None:
    row = (2025, "burnout_ee", 50, 50, 9, -9.0, float("nan"), 2.5, 0.6, 0.0, 0.0)
    (shown,) = tables(study, scales=[row])["scales"].rows
    assert shown[5].startswith("为负")


def test_every_rule_of_the_survey_has_words() -> None:
    words = wording()["ledger_rule"]
    for rule in (*FINDERS, "score_differs", "scale_direction", "retake"):
        assert rule in NOTED
        assert words[rule]


def test_nothing_delivered_gives_no_table(study: Study) -> None:
    assert tables(study) == {}
