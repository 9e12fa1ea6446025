"""What truth.json says besides rates and effects."""

from __future__ import annotations

import json

import numpy as np
import pytest

from analysis.synthetic.truth.record import Draw


def test_the_statement_is_plain_numbers_and_text(county: Draw) -> None:
    def plain(value: object) -> bool:
        if isinstance(value, dict):
            return all(isinstance(k, str) for k in value) and all(plain(v) for v in value.values())
        if isinstance(value, list | tuple):
            return all(plain(v) for v in value)
        return value is None or isinstance(value, str | bool | int | float)

    assert plain(county.truth)
    assert "NaN" not in json.dumps(county.truth)


def test_hidden_confounders_are_told_with_their_strength(county: Draw) -> None:
    hidden = county.truth["hidden"]
    # domain.md 6.5: the keen choose the course; better-led schools mentor more and lose fewer
    assert hidden["motivation_on_course_log_odds"] == 0.53
    assert hidden["lead_on_leaving_log_odds"] == pytest.approx(np.log(0.57))
    assert 0.3 < hidden["school_score_with_pilot_correlation"] < 0.7


def test_levels_are_counted(county: Draw) -> None:
    now = county.scores[county.scores["year"] == 2024]["digital_score"]
    stated = county.truth["scores"]["2024"]
    assert stated["n"] == len(now)
    assert stated["excellent_percent"] == pytest.approx(100 * (now >= 85).mean())
    assert county.truth["sizes"]["2024"]["rural"] == pytest.approx(0.39 * 5862, rel=0.02)
    covered = county.truth["needs"]["2025"]
    # domain.md 6.5: supply misses what rural teachers ask for
    assert covered["unmet_percent"]["rural"] > covered["unmet_percent"]["urban"] + 3


def test_options_and_world_are_told(county: Draw, nothing_planted: Draw) -> None:
    assert county.truth["options"]["seed"] == county.options.seed
    assert "no effect" in nothing_planted.truth["world"]
