"""A figure the bureau stated is laid over the study; without one a ratio is only described."""

from __future__ import annotations

from analysis.intake.source import Stated
from analysis.study.load import load_study
from analysis.study.stated import with_stated
from analysis.study.workspace import open_workspace

KEY = "training_modes.practice_share"


def test_nobody_is_held_against_a_figure_that_was_not_stated() -> None:
    study = load_study(open_workspace())
    indicators = [i for p in study.problems.values() for i in p.indicators]
    assert {i.stated for i in indicators} == {None}
    assert with_stated(study, {}) is study


def test_a_stated_figure_reaches_its_indicator_only() -> None:
    study = load_study(open_workspace())
    told = with_stated(study, {KEY: Stated(value=40.0, text="x")})
    found = {f"{p.id}.{i.id}": i.stated for p in told.problems.values() for i in p.indicators}
    assert {k for k, v in found.items() if v is not None} == {KEY}
    assert found[KEY] == 40.0
    assert told.problems["training_modes"].indicators[0].stated_text == "x"
