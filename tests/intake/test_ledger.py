"""The ledger adds up, keeps no identifying value, and every rule has a text for readers."""

from __future__ import annotations

import tomllib
from importlib import resources

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.intake.ledger import COLUMNS, KINDS, close_ledger, shape, shown, write_lines
from tests.intake.drawn import variable

TEXT = variable("remark", "text", ())
SCHOOL = variable("school_id", "code", ())
NAME = variable("name", "name", ())


def test_identical_repairs_are_one_line_and_refusals_stay_apart() -> None:
    rules = pd.Series(["unit", "unit", "out_of_range", "out_of_range"])
    lines = close_ledger(
        [write_lines(rules, table="t", row=pd.Series([9, 4, 5, 6]), found="x", done="y")]
    )
    told = lines[["rule", "row", "n", "kind"]].to_numpy().tolist()
    assert told == [
        ["unit", 4, 2, "repaired"],
        ["out_of_range", 5, 1, "emptied"],
        ["out_of_range", 6, 1, "emptied"],
    ]


@settings(deadline=None, max_examples=25)
@given(st.lists(st.sampled_from(sorted(KINDS)), max_size=30))
def test_no_line_is_lost_by_adding_up(rules: list[str]) -> None:
    parts = [write_lines(rule, table="t", row=k) for k, rule in enumerate(rules)]
    lines = close_ledger(parts)
    assert lines["n"].sum() == len(rules)
    assert list(lines.columns) == list(COLUMNS)


@given(st.text(min_size=1, max_size=40))
def test_a_shape_holds_no_letter_and_no_digit_of_the_value(text: str) -> None:
    assert not set(shape(text)) - set("digitsleerspacgnh:0123456789 ")
    total = sum(int(part.split(":")[1]) for part in shape(text).split())
    assert total == len(text)


def test_names_are_shown_as_shapes_and_long_digits_are_masked_everywhere() -> None:
    assert shown(NAME, "张 三") == "chars:1 spaces:1 chars:1"
    assert shown(TEXT, "电话13800000000") == "电话[digits:11]"
    assert shown(SCHOOL, "2199000001") == "2199000001"  # a school's code has ten digits
    assert len(shown(TEXT, "长" * 500)) == 83


def test_every_rule_has_a_kind_and_a_text_for_readers() -> None:
    """The check sheet words each rule and kind; a rule without a text would stop it."""
    text = resources.files("analysis.release").joinpath("wording.toml").read_text(encoding="utf-8")
    wording = tomllib.loads(text)
    assert set(wording["ledger_rule"]) >= set(KINDS)
    assert set(wording["ledger_kind"]) >= set(KINDS.values())
