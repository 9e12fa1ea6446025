"""Scales in outcomes.toml: ours hold together, a workspace may add or replace one, and every mistake is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.errors import AnalysisError
from analysis.study.load import load_study
from analysis.study.workspace import open_workspace

SCALE = """
[scales.{name}]
label = "{label}"
label_en = "a scale"
items = ["burnout_ee_1", "burnout_ee_2"]
minimum_answered = 0.8
low = {low}
high = 6.0
good = "lower"
higher_means = "越高越倦怠"
"""


def overlaid(folder: Path, text: str, name: str = "outcomes.toml") -> str:
    """What loading a workspace with this file of its own complains about."""
    (folder / "study").mkdir(exist_ok=True)
    (folder / "study" / name).write_text(text, encoding="utf-8")
    with pytest.raises(AnalysisError) as caught:
        load_study(open_workspace(folder))
    return str(caught.value)


def test_our_scales_are_those_of_the_survey() -> None:
    study = load_study(open_workspace())
    sizes = {name: len(s.items) for name, s in study.scales.items()}
    assert sizes == {"burnout_ee": 9, "burnout_dp": 5, "burnout_pa": 8, "leave_intention": 4}
    assert {n for n, s in study.scales.items() if s.good == "higher"} == {"burnout_pa"}


def test_items_are_named_by_code_and_never_worded() -> None:
    """The wording of the scales is copyrighted: a label is the scale and the number of the item."""
    study = load_study(open_workspace())
    for scale in study.scales.values():
        for number, item in enumerate(scale.items, 1):
            assert study.variables[item].label == f"{scale.label}第{number}题"
            assert study.variables[item].meaning == ""


def test_a_workspace_replaces_one_scale_and_keeps_the_others(tmp_path: Path) -> None:
    (tmp_path / "study").mkdir()
    text = SCALE.format(name="burnout_ee", label="短量表", low=0.0)
    (tmp_path / "study" / "outcomes.toml").write_text(text, encoding="utf-8")
    scales = load_study(open_workspace(tmp_path)).scales
    assert scales["burnout_ee"].items == ("burnout_ee_1", "burnout_ee_2")
    assert set(scales) == {"burnout_ee", "burnout_dp", "burnout_pa", "leave_intention"}


def test_a_range_that_is_not_the_items_is_an_error(tmp_path: Path) -> None:
    told = overlaid(tmp_path, SCALE.format(name="burnout_ee", label="短量表", low=1.0))
    assert all(word in told for word in ("outcomes.toml", "burnout_ee_1", "1.0", "6.0"))


def test_a_scale_needs_a_variable_for_its_score(tmp_path: Path) -> None:
    told = overlaid(tmp_path, SCALE.format(name="burnout_eee", label="短量表", low=0.0))
    assert "burnout_eee" in told
    assert "burnout_ee。" in told  # the nearest


def test_an_unknown_item_a_reversed_stranger_and_a_used_label_are_errors(tmp_path: Path) -> None:
    text = SCALE.format(name="burnout_ee", label="离岗意向", low=0.0)
    text = text.replace('"burnout_ee_2"]', '"burnout_ee_22"]\nreversed = ["burnout_ee_3"]')
    told = overlaid(tmp_path, text)
    assert "burnout_ee_22" in told
    assert "burnout_ee_3" in told
    assert "离岗意向" in told


def test_a_misspelt_key_names_the_nearest(tmp_path: Path) -> None:
    text = SCALE.format(name="burnout_ee", label="短量表", low=0.0).replace("items", "itmes")
    told = overlaid(tmp_path, text)
    assert "outcomes.toml" in told
    assert "itmes" in told


def test_a_dependence_on_an_answer_that_is_none_is_an_error(tmp_path: Path) -> None:
    text = """
[tool_hours]
label = "小时"
label_en = "hours"
kind = "number"
tables = ["survey"]
only_if = { uses_tools = ["often"] }

[need_ai]
label = "需求"
label_en = "need"
kind = "integer"
tables = ["survey"]
topic = "aii"
"""
    told = overlaid(tmp_path, text, "variables.toml")
    assert "often" in told
    assert "aii" in told
