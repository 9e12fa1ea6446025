"""One drawn column per kind of variable: what stood there, what it became, and what the ledger is told."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.intake.cleaning.cleaners import CLEANERS, Hints, clean_column
from analysis.study.objects import Study, Variable
from tests.intake.drawn import variable

SEX = variable("sex", "category", (), codes={"female": ("女", "女性"), "male": ("男",)})
STAFFED = variable("staffed_post", "flag", (), codes={"yes": ("是", "在编"), "no": ("否",)})
BACKBONE = variable("backbone", "category", (), codes={"none": ("无", "—"), "county": ("县级",)})
AGE = variable("age", "integer", (), unit="岁", low=16.0, high=80.0)

# variable | as written | typed | rule of the ledger line (none: taken as it stood)
COLUMNS: list[tuple[Variable, list[tuple[str, object, str]]]] = [
    (
        SEX,
        [
            ("女", "female", ""),
            ("女 ", "female", "spaces_width"),
            ("1.男", "male", "number_mark"),
            ("A、女", "female", "number_mark"),
            ("male", "male", ""),
            ("人妖", None, "unknown_spelling"),
            ("不详", None, "nothing_word"),
            ("(跳过)", None, "skipped"),
            ("（空）", None, ""),
            ("", None, ""),
        ],
    ),
    (STAFFED, [("在编", "yes", ""), ("否", "no", ""), ("外聘", None, "unknown_spelling")]),
    (
        BACKBONE,
        [
            ("无", "none", ""),
            ("—", "none", ""),
            ("县级", "county", ""),
            ("/", None, "nothing_word"),
        ],
    ),
    (
        AGE,
        [
            ("28", 28, ""),
            ("28岁", 28, "unit"),
            ("28.5", None, "not_whole"),
            ("310", None, "out_of_range"),
            ("3", None, "out_of_range"),
            ("二十八", None, "not_a_number"),
            ("保密", None, "nothing_word"),
        ],
    ),
    (
        variable("birth_month", "month", ()),
        [("1998-09", "1998-09", ""), ("1998-09-03", "1998-09", ""), ("1998", "1998", "date_form")],
    ),
    (
        variable("start_date", "date", ()),
        [("2025.3.1", "2025-03-01", "date_form"), ("2025年3月", "2025-03", "month_only")],
    ),
    (
        variable("school_id", "code", ()),
        [
            ("2199000001", "2199000001", ""),
            ("２１99000001", "2199000001", "spaces_width"),
            ("/", None, "nothing_word"),
        ],
    ),
    (
        variable("school_name", "text", ()),
        [
            ("第一小学（东校区）", "第一小学(东校区)", "spaces_width"),
            ("第 一 小学", "第一小学", "spaces_width"),
        ],
    ),
    (
        variable("school_group", "category", ()),
        [("ISP", "ISP", ""), ("None", None, "nothing_word")],
    ),
    (
        variable("staff_number", "person_number", ()),
        [("g100001 ", "G100001", "spaces_width"), ("00123", "00123", "")],
    ),
    (variable("name", "name", ()), [("张 三  ", "张 三  ", ""), ("空缺", None, "")]),
]


@pytest.mark.parametrize(("entry", "rows"), COLUMNS, ids=[v.id for v, _ in COLUMNS])
def test_a_column_is_cleaned_as_drawn(entry: Variable, rows: list[tuple[str, object, str]]) -> None:
    texts = pd.Series([text for text, _, _ in rows], dtype=object)
    cleaned = clean_column(texts, entry)
    values = [None if pd.isna(v) else v for v in cleaned.values]
    told = dict(zip(cleaned.changes["position"], cleaned.changes["rule"], strict=True))
    assert values == [value for _, value, _ in rows]
    assert [told.get(k, "") for k in range(len(rows))] == [rule for _, _, rule in rows]


def test_every_kind_has_a_cleaner(study: Study) -> None:
    assert {v.kind for v in study.variables.values()} <= set(CLEANERS)


def test_answers_of_the_delivery_come_first_and_in_order() -> None:
    answers = {"Teacher Assistant*": "no", "*Teacher*": "yes", "*": "no"}
    texts = pd.Series(
        ["Regular Teacher", "Teacher Assistant II", "Cook", "regular teacher "], dtype=object
    )
    cleaned = clean_column(texts, STAFFED, Hints(answers))
    assert cleaned.values.tolist() == ["yes", "no", "no", "yes"]


def test_an_answer_may_give_a_declared_missing_code_a_meaning() -> None:
    """Code 6 of a training item is 'took no training', the other declared codes are missing."""
    entry = variable("ict", "category", (), codes={"yes": ("参加",), "none": ("没有培训",)})
    hints = Hints({"1": "yes", "6": "none"}, {"6": "Not applicable", "9": "Omitted"})
    cleaned = clean_column(pd.Series(["1", "6", "9"], dtype=object), entry, hints)
    assert [None if pd.isna(v) else v for v in cleaned.values] == ["yes", "none", None]
    assert cleaned.changes["rule"].tolist() == ["user_missing"]


def test_an_empty_answer_declares_a_text_missing() -> None:
    cleaned = clean_column(pd.Series(["None"], dtype=object), SEX, Hints({"None": ""}))
    assert cleaned.values.isna().all()
    assert cleaned.changes["rule"].tolist() == ["declared_missing"]


def test_the_ledger_is_told_the_shape_of_an_identifying_value_and_never_the_value() -> None:
    entry = variable("person_number", "person_number", ())
    texts = pd.Series(["110105194912310021", "11010519491231002x"], dtype=object)
    changes = clean_column(texts, entry).changes
    assert changes["found"].tolist() == ["digits:18", "digits:17 letters:1"]
    assert changes["done"].tolist() == ["", "digits:17 letters:1"]


def test_a_number_of_a_person_in_the_wrong_column_is_masked() -> None:
    changes = clean_column(pd.Series(["见 11010519491231002X 张"], dtype=object), SEX).changes
    assert "11010519491231002" not in changes["found"][0]


def test_values_keep_the_index_of_the_texts() -> None:
    texts = pd.Series(["女", "男"], index=[7, 3], dtype=object)
    assert clean_column(texts, SEX).values.to_dict() == {7: "female", 3: "male"}


def test_an_empty_column_is_cleaned_to_an_empty_column() -> None:
    assert clean_column(pd.Series([], dtype=object), AGE).values.tolist() == []
