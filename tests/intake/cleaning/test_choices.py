"""Answers to questions with options: split on the platform's sign only, typed text left out, contradictions told."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.intake.cleaning.cell import Hints
from analysis.intake.cleaning.cleaners import NO_HINTS, clean_column
from analysis.study.objects import Variable
from tests.intake.drawn import variable

TOPICS = variable(
    "topics",
    "choices",
    (),
    codes={
        "culture": ("ACG文化(动漫、游戏等)",),
        "politics": ("政治/军事",),
        "money": ("财经",),
        "free": ("免费, 赠送",),
        "other": ("其他",),
        "none": ("不关注",),
    },
    exclusive=("none",),
)
REASON = variable("reason", "category", (), codes={"gift": ("赠送",), "other": ("其他",)})


def cleaned(
    texts: list[str], entry: Variable, hints: Hints = NO_HINTS
) -> tuple[list[object], list[list[str]]]:
    """The typed values, and the rules told of each text."""
    column = clean_column(pd.Series(texts, dtype=object), entry, hints)
    changes = column.changes
    rules = [changes.loc[changes["position"] == k, "rule"].tolist() for k in range(len(texts))]
    return [None if pd.isna(v) else v for v in column.values], rules


ANSWERS = [
    ("财经┋ACG文化(动漫、游戏等)", "culture;money", []),
    ("政治/军事", "politics", []),
    ("财经→政治/军事", "money;politics", ["ranking"]),  # in the order ranked
    ("政治/军事-->财经", "politics;money", ["ranking"]),
    ("财经; 政治/军事", "politics;money", []),
    ("财经, 政治/军事", "politics;money", []),
    ("免费, 赠送, 财经", "money;free", []),  # an option may hold the sign
    ("财经、政治/军事", None, ["unknown_spelling"]),  # no platform's sign
    ("A.财经┋B.政治/军事", "politics;money", ["number_mark"]),
    ("财经┋养生", "money", ["unknown_option"]),
    ("养生", None, ["unknown_spelling"]),
    ("", None, []),
    ("(跳过)", None, ["skipped"]),
]


@pytest.mark.parametrize(("text", "codes", "rules"), ANSWERS)
def test_mess_18_an_answer_is_split_on_the_separator_only(
    text: str, codes: str | None, rules: list[str]
) -> None:
    assert cleaned([text], TOPICS) == ([codes], [rules])


def test_mess_19_typed_text_is_dropped_two_texts_are_one_code_and_only_its_shape_is_told() -> None:
    texts = ["其他【请注明】〖亲友赠送的〗", "其他〖王五给的〗", "其他：王五给的"]
    for entry in (REASON, TOPICS):
        values, rules = cleaned(texts, entry)
        assert values == ["other"] * 3
        assert rules == [["other_text"]] * 3
    found = clean_column(pd.Series(texts, dtype=object), REASON).changes["found"].tolist()
    assert found == ["其他【请注明】〖chars:5〗", "其他〖chars:4〗", "其他：chars:4"]
    ticked = clean_column(pd.Series(["财经┋其他〖王五，无〗"], dtype=object), TOPICS)
    assert ticked.values.tolist() == ["money;other"]
    assert "王五" not in ticked.changes.to_string()


def test_mess_22_an_exclusive_option_beside_others_is_kept_and_told() -> None:
    assert cleaned(["不关注┋财经", "不关注"], TOPICS) == (
        ["money;none", "none"],
        [["exclusive_option"], []],
    )


def test_mess_23_a_reworded_option_is_one_code() -> None:
    hints = Hints({"不再关注*": "none", "财*金融": "money"})
    assert cleaned(["不再关注了┋财经", "财经与金融", "财经"], TOPICS, hints)[0] == [
        "money;none",
        "money",
        "money",
    ]
    given = Hints({"*给Hint": "gift", "*给思路": "gift"})
    values, _ = cleaned(["逐步给 Hint", "逐步给思路"], REASON, given)
    assert values == ["gift", "gift"]


def test_mess_24_a_number_without_a_declared_meaning_is_no_answer() -> None:
    """Codes are the order on a screen: they are neither options nor sizes until source.toml says so."""
    assert cleaned(["2", "9"], REASON) == ([None, None], [["unknown_spelling"]] * 2)
    assert cleaned(["2", "9"], REASON, Hints({"2": "other", "9": "gift"}))[0] == ["other", "gift"]


def test_several_rules_of_one_answer_are_several_lines() -> None:
    values, rules = cleaned(["不关注┋A.财经┋养生┋其他〖x〗"], TOPICS)
    assert values == ["money;other;none"]
    assert rules == [["number_mark", "other_text", "unknown_option", "exclusive_option"]]
