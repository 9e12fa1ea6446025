"""Scores by hand, a platform's mean beside them, and items that point the other way."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.intake.survey.scales import score, score_survey
from tests.intake.survey.drawn import ratings, scale, survey_part, survey_study

TIRED = scale("tired", 5, reversed=("tired_5",))


def tired(*rows: tuple[int | None, ...], year: int = 2025) -> pd.DataFrame:
    """Survey rows that answer the five items of ``tired``."""
    columns = {f"tired_{k + 1}": [row[k] for row in rows] for k in range(5)}
    return survey_part(ratings(columns), year=year).frame


def test_reversed_items_are_mirrored_and_few_gaps_bridged() -> None:
    rows = tired((1, 2, 3, 4, 6), (6, 6, 6, 6, 0), (1, None, 3, 4, 6), (1, None, None, 4, 6))
    # 1+2+3+4+(6-6) = 10 of 5; all worst; 8 of the 4 answered (80 %); 3 of 5 answered is too few
    assert score(rows, TIRED).tolist()[:3] == [2.0, 6.0, 2.0]
    assert score(rows, TIRED).isna().tolist() == [False, False, False, True]


@settings(max_examples=10)
@given(
    st.lists(st.lists(st.one_of(st.none(), st.integers(0, 6)), min_size=5, max_size=5), min_size=1)
)
def test_a_score_lies_within_the_answers_given(rows: list[list[int | None]]) -> None:
    found = score(tired(*(tuple(r) for r in rows)), TIRED)
    for answers, value in zip(rows, found, strict=True):
        turned = [a if k < 4 else 6 - a for k, a in enumerate(answers) if a is not None]
        assert pd.isna(value) == (len(turned) < 4)
        assert pd.isna(value) or min(turned) <= value <= max(turned)


def test_a_platforms_mean_yields_to_the_items_and_is_told() -> None:
    rows = tired((1, 2, 3, 4, 6), (1, 2, 3, 4, 6), (1, 2, 3, 4, 6), (None,) * 5).assign(  # type: ignore[arg-type]
        tired=[2.0, 2.009, 3.2, 4.5]
    )
    found = score_survey(survey_study(), rows)
    assert found.survey["tired"].tolist() == [2.0, 2.0, 2.0, 4.5]
    assert found.lines[["rule", "row", "variable"]].to_numpy().tolist() == [
        ["score_differs", 4, "tired"]
    ]


def test_a_mean_without_items_stands_and_is_told() -> None:
    rows = survey_part(pd.DataFrame({"tired": [1.5, 2.5]})).frame
    found = score_survey(survey_study(), rows)
    assert found.survey["tired"].tolist() == [1.5, 2.5]
    assert found.scales[["n_answers", "n_scored", "n_items", "mean"]].to_numpy().tolist() == [
        [2, 2, 0, 2.0]
    ]
    assert found.scales["alpha"].isna().all()
    assert ["tired" in note for note in found.notes] == [True]


def test_distributions_count_the_answers_as_given() -> None:
    rows = tired((0, 0, 0, 0, 6), (0, 0, 0, 0, 6), (6, 6, 6, 6, 0), (3, 3, 3, 3, None))
    found = score_survey(survey_study(), rows)
    last = found.items[found.items["item"] == "tired_5"].set_index("value")
    assert last["n"].to_dict() == {0: 1, 1: 0, 2: 0, 3: 0, 4: 0, 5: 0, 6: 2}
    assert last["share"].sum() == pytest.approx(1.0)
    scales = found.scales.iloc[0]
    assert (scales["floor_share"], scales["ceiling_share"]) == (0.5, 0.25)
    assert scales["mean"] == pytest.approx((0 + 0 + 6 + 3) / 4)


def wave(year: int, is_turned: bool) -> pd.DataFrame:
    """Sixty answers that go together; where turned, the third item was offered with its options upside down."""
    rng = np.random.default_rng(year)
    level = rng.integers(1, 6, 60)
    answers = [np.clip(level + rng.integers(-1, 2, 60), 0, 6) for _ in range(5)]
    answers[4] = 6 - answers[4]
    answers[2] = 6 - answers[2] if is_turned else answers[2]
    return tired(*zip(*(a.tolist() for a in answers), strict=True), year=year)


def test_reality_13_a_wave_with_options_upside_down_is_noted_not_turned() -> None:
    rows = pd.concat([wave(2024, False), wave(2025, True)], ignore_index=True)
    found = score_survey(survey_study(), rows)
    told = found.lines[found.lines["rule"] == "scale_direction"]
    assert told[["year", "variable", "n"]].to_numpy().tolist() == [[2025, "tired_3", 60]]
    assert found.survey["tired_3"].tolist() == rows["tired_3"].tolist()


def test_reality_13_two_kinds_of_scale_stand_side_by_side() -> None:
    """Items 0 to 6 and items 1 to 5 in one file are scored each in its own range."""
    study = survey_study()
    five = scale("need", 12, low=1.0, high=5.0, reversed=("need_1",))
    both = study.model_copy(update={"scales": study.scales | {"need": five}})
    needs = {f"need_{k}": [5 if k == 1 else 1] for k in range(1, 13)}
    answers = needs | {f"tired_{k}": [6 if k < 5 else 0] for k in range(1, 6)}
    found = score_survey(both, survey_part(ratings(answers)).frame)
    assert found.survey[["tired", "need"]].to_numpy().tolist() == [[6.0, 1.0]]


def test_a_negative_reliability_is_noted() -> None:
    """Item 1 up and item 2 down: the sum does not vary as its parts do."""
    rows = tired(*((k % 7, 6 - k % 7, k % 7, 6 - k % 7, 3 + k % 2) for k in range(40)))
    found = score_survey(survey_study(), rows)
    assert found.scales["alpha"].iloc[0] < 0
    assert [n for n in found.notes if "信度为负" in n]
