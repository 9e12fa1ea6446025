"""Deliveries use spellings that the study knows, so that only source.toml stands between them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis.synthetic.paper.words import FLAGS, GRADES, OWN_WORDS, WORDS, YES_NO, spell, words_of
from analysis.synthetic.truth.codes import CODES
from analysis.synthetic.truth.schools import AREA_CODES

BUREAUS = ("county", "city")


@pytest.fixture(scope="module")
def variables(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "study" / "variables.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("bureau", BUREAUS)
@pytest.mark.parametrize("name", sorted(WORDS))
def test_spellings_are_known(name: str, bureau: str, variables: dict[str, Any]) -> None:
    codes = variables[name]["codes"]
    for code, word in words_of(bureau, name).items():
        assert word in codes[code], (name, code)


@pytest.mark.parametrize("bureau", BUREAUS)
@pytest.mark.parametrize("name", sorted(WORDS))
def test_no_two_codes_share_a_word(name: str, bureau: str) -> None:
    words = words_of(bureau, name)
    assert len(set(words.values())) == len(words)


@pytest.mark.parametrize("name", sorted(set(WORDS) & set(CODES)))
def test_every_code_of_a_draw_has_a_word(name: str) -> None:
    assert set(CODES[name]) <= set(WORDS[name])


def test_reasons_of_a_draw_have_words() -> None:
    assert set(CODES["reason"]) <= set(WORDS["exit_reason"])


def test_flags_grades_and_area_codes_are_known(variables: dict[str, Any]) -> None:
    for name in FLAGS:
        codes = variables[name]["codes"]
        assert YES_NO[True] in codes["yes"]
        assert YES_NO[False] in codes["no"]
    grades = [word for words in variables["subsidy_grade"]["codes"].values() for word in words]
    assert set(GRADES) <= set(grades)
    known = [word for words in variables["area"]["codes"].values() for word in words]
    assert {code for codes in AREA_CODES.values() for code in codes} <= set(known)


def test_own_words_are_of_known_codes() -> None:
    for own in OWN_WORDS.values():
        for name, words in own.items():
            assert set(words) <= set(WORDS[name])


def test_a_table_in_words() -> None:
    rows = pd.DataFrame(
        {
            "sex": pd.Categorical(["female", "male", None]),
            "homeroom": [True, False, True],
            "subject": pd.Categorical(["语文", "数学", "语文"]),
            "hours": [1.0, 2.0, 3.0],
        }
    )
    assert spell(rows, "county").to_dict("list") == {
        "sex": ["女", "男", ""],
        "homeroom": ["是", "否", "是"],
        "subject": ["语文", "数学", "语文"],
        "hours": [1.0, 2.0, 3.0],
    }


def test_a_code_without_a_word_is_an_error() -> None:
    with pytest.raises(KeyError, match="ninth"):
        spell(pd.DataFrame({"title_rank": ["ninth"]}), "county")
