"""Facts about the whole: counted from the response table, first tests only, correlations over those who have both."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from analysis.inference.background import ANCHOR, RESPONSE, SELF_RATING, measure_background
from analysis.inference.record import Estimate
from analysis.intake.delivery import Delivery
from analysis.panel.build import Panel, SourceFile
from analysis.study.load import load_study
from analysis.study.workspace import open_workspace

STUDY = load_study(open_workspace())


def panel(**columns: object) -> Panel:
    n = 40
    frame = pd.DataFrame({"year": 2025, "school_id": [f"s{i % 4}" for i in range(n)]})
    frame["is_respondent"] = [i % 2 == 0 for i in range(n)]
    files = {"roster": (SourceFile(2024, "名册.xlsx"),), "survey": (SourceFile(2025, "问卷.csv"),)}
    return Panel("drawn", 2025, frame.assign(**columns), files=files)


def delivery(**fields: object) -> Delivery:
    base: dict[str, object] = dict(
        region="drawn", label="画县", year=2025, tables={}, ledger=pd.DataFrame(), files=(),
        links=pd.DataFrame(), is_invented=True, fingerprint="", as_of="2025-09-01", notes=(), checks={},
    )  # fmt: skip
    return Delivery(**(base | fields))  # type: ignore[arg-type]


def measured(made: Delivery, of: Panel) -> dict[str, Estimate]:
    return {e.id: e for e in measure_background(STUDY, made, of)}


def test_without_weights_the_linked_are_counted() -> None:
    level = measured(delivery(), panel())[RESPONSE]
    assert (level.estimand, level.estimate) == ("linked", 50.0)
    assert level.files == ("名册.xlsx", "问卷.csv")


def test_the_weighted_survey_is_the_one_that_is_told() -> None:
    table = pd.DataFrame(
        {"year": [2025], "margin": ["all"], "group": ["all"], "n_roster": [40], "n_answers": [30]}
    )
    survey = pd.DataFrame({"year": [2025], "survey_weight": [1.2], "source_file": ["加权问卷.csv"]})
    made = delivery(checks={"response": table}, tables={"survey": survey})
    level = measured(made, panel())[RESPONSE]
    assert (level.estimand, level.estimate) == ("response", 75.0)
    assert level.files == ("名册.xlsx", "加权问卷.csv")


def test_a_survey_alone_has_no_response_rate() -> None:
    assert RESPONSE not in measured(delivery(), replace(panel(), files={}))


def test_common_items_are_averaged_over_first_tests() -> None:
    tests = pd.DataFrame(
        {
            "year": [2024, 2024, 2025, 2025],
            "anchor_score": [20.0, 22.0, 24.0, 30.0],
            "attempt": [1, 1, 1, 2],
            "school_id": ["a", "b", "a", "a"],
        }
    )
    found = measured(delivery(tables={"assessments": tests}), panel())
    assert found[f"{ANCHOR}:2024"].estimate == pytest.approx(21.0)
    assert found[f"{ANCHOR}:2025"].estimate == pytest.approx(24.0)


def test_a_self_rating_is_held_against_the_test_of_those_who_have_both() -> None:
    own = [50.0 + i for i in range(40)]
    scores = [60.0 + i for i in range(39)] + [None]
    of = panel(digital_literacy_self=own, digital_literacy_score=scores)
    found = measured(delivery(), of)[f"{SELF_RATING}:digital_literacy"]
    assert found.estimate == pytest.approx(1.0)
    assert found.n_teachers == 39


def test_too_few_pairs_say_nothing() -> None:
    scores = [60.0 + i for i in range(20)] + [None] * 20
    of = panel(digital_literacy_self=range(40), digital_literacy_score=scores)
    assert f"{SELF_RATING}:digital_literacy" not in measured(delivery(), of)
