"""Deliveries use headers and spellings that the study knows, so that only source.toml stands between them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from analysis.synthetic.paper import forms
from analysis.synthetic.paper.words import WORDS, YES_NO
from analysis.synthetic.truth.schools import AREA_CODES

FORMS = (
    forms.roster_form,
    forms.school_form,
    forms.training_form,
    forms.score_form,
    forms.survey_form,
    forms.exit_form,
    forms.rotation_form,
)


@pytest.fixture(scope="module")
def variables(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "study" / "variables.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", sorted(WORDS))
def test_spellings_are_known(name: str, variables: dict[str, Any]) -> None:
    codes = variables[name]["codes"]
    for code, word in WORDS[name].items():
        assert word in codes[code], (name, code)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("year", [2019, 2022, 2025, 2026])
def test_columns_belong_to_their_table(form: Any, year: int, variables: dict[str, Any]) -> None:
    made = form(year)
    for variable in set(made.headers) - set(made.unmapped):
        assert made.table in variables[variable]["tables"], variable
    assert len(set(made.headers.values())) == len(made.headers)


def test_flags_and_area_codes_are_known(variables: dict[str, Any]) -> None:
    for name in ("is_teacher", "staffed_post", "homeroom", "subsidy_eligible", "is_small"):
        codes = variables[name]["codes"]
        assert YES_NO[True] in codes["yes"]
        assert YES_NO[False] in codes["no"]
    for area, codes in AREA_CODES.items():
        assert set(codes) <= set(variables["area"]["codes"][area])


def test_a_spelling_the_study_does_not_know_is_declared() -> None:
    assert forms.roster_form(2019).answers == {"staffed_post": {"占编": "yes"}}
    assert forms.roster_form(2023).answers == {}


def test_headers_change_over_the_years() -> None:
    before, after = forms.roster_form(2020).headers, forms.roster_form(2025).headers
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"school_name", "title_rank", "staffed_post"}
