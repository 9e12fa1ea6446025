"""The hand-kept lists use spellings that the study knows."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis.synthetic.paper.office_words import (
    LIST_PROGRAMMES,
    OFFICE_FLAGS,
    OFFICE_WORDS,
    office_words,
    spell_office,
)


@pytest.fixture(scope="module")
def variables(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "study" / "variables.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", sorted(OFFICE_WORDS))
@pytest.mark.parametrize("bureau", ["county", "city"])
def test_spellings_are_known(name: str, bureau: str, variables: dict[str, Any]) -> None:
    codes = variables[name]["codes"]
    for code, word in office_words(bureau, name).items():
        assert word in codes[code], (name, code)


def test_lists_and_flags_are_known(variables: dict[str, Any]) -> None:
    for code, word in LIST_PROGRAMMES.items():
        assert word in variables["programme"]["codes"][code]
    for name, (yes, no) in OFFICE_FLAGS.items():
        assert yes in variables[name]["codes"]["yes"]
        assert no in variables[name]["codes"]["no"]


def test_a_list_in_words() -> None:
    rows = pd.DataFrame(
        {"honour": ["contest"], "is_shown": [True], "topic": ["care"], "backbone": ["none"]}
    )
    spelled = spell_office(rows, "county").iloc[0].to_dict()
    assert spelled == {
        "honour": "教学技能竞赛",
        "is_shown": "入选",
        "topic": "留守儿童关爱",
        "backbone": "无",
    }
    assert spell_office(rows, "city")["honour"].tolist() == ["教学技能大比武"]
