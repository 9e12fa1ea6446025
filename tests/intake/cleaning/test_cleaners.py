"""One drawn column per kind of variable: what stood there, what it became, and what the ledger is told."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from analysis.intake.cleaning.cleaners import CLEANERS, NO_HINTS, Hints, clean_column
from analysis.study.load import load_study
from analysis.study.objects import Study, Variable
from analysis.study.workspace import open_workspace
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
            ("二十八", 28, "chinese_numeral"),
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
        [
            ("g100001 ", "G100001", "spaces_width"),
            ("g100001", "G100001", "letter_case"),
            ("00123", "00123", ""),
        ],
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


def read(
    texts: list[str], entry: Variable, hints: Hints = NO_HINTS
) -> tuple[list[object], list[str]]:
    """The typed values of a column and the one rule told of each text."""
    cleaned = clean_column(pd.Series(texts, dtype=object), entry, hints)
    told = dict(zip(cleaned.changes["position"], cleaned.changes["rule"], strict=True))
    values = [None if pd.isna(v) else v for v in cleaned.values]
    return values, [told.get(k, "") for k in range(len(texts))]


def test_mess_20_not_asked_and_not_answered_are_told_apart() -> None:
    """Both are missing, but only (跳过) is told: who was not asked is no part of the denominator."""
    texts = ["(跳过)", "（跳过）", "跳过", "(空)", "（空）", ""]
    assert read(texts, SEX) == ([None] * 6, ["skipped"] * 3 + [""] * 3)


def test_mess_20_codes_of_the_number_export_are_missing_only_where_declared() -> None:
    rating = variable("rating", "integer", (), low=-3.0, high=3.0)
    assert read(["-3", "-2", "2"], rating) == ([-3, -2, 2], ["", "", ""])
    hints = Hints({"-3": "(跳过)", "-2": "(空)"})
    assert read(["-3", "-2", "2"], rating, hints) == (
        [None, None, 2],
        ["skipped", "declared_missing", ""],
    )


def test_mess_21_words_for_nothing_are_missing_unless_they_are_a_zero_of_the_variable() -> None:
    words = [
        "无",
        "没有",
        "暂无",
        "不知道",
        "不清楚",
        "未知",
        "NULL",
        "保密",
        "-",
        "—",
        ".",
        "不知道/拒绝回答",
    ]
    assert read(words, AGE) == ([None] * 12, ["nothing_word"] * 12)
    income = variable("income", "number", (), unit="元", zero=("无收入", "没有投入", "无"))
    assert read(["无收入", "没有投入", "无", "0", "不知道"], income) == (
        [0, 0, 0, 0, None],
        ["zero_word"] * 3 + ["", "nothing_word"],
    )


def test_reality_18_a_real_zero_survives_beside_blank_and_words_for_nothing() -> None:
    pupils = variable("n_pupils", "integer", (), low=0.0)
    assert read(["0", "", "无", "/", "X", "０"], pupils) == (
        [0, None, None, None, None, 0],
        ["", "", "nothing_word", "nothing_word", "nothing_word", "spaces_width"],
    )
    assert read(["无", "/"], BACKBONE) == (["none", None], ["", "nothing_word"])


def test_mess_25_one_sex_in_all_its_spellings() -> None:
    sex = variable("sex", "category", (), codes={"female": ("女", "F"), "male": ("男", "M")})
    texts = ["1.男", "男", "A. 男", "M", "m", "male", "Ｍ", "B.女", "1"]
    values, _ = read(texts, sex)
    assert values == ["male"] * 7 + ["female", None]
    hints = Hints({"1": "female", "2": "male"})  # the codebook of this delivery
    assert read(["1", "2"], sex, hints)[0] == ["female", "male"]


def test_mess_26_scales_of_different_length_and_wording_side_by_side() -> None:
    five = variable(
        "five", "integer", (), low=1.0, high=5.0, codes={"5": ("非常同意",), "1": ("非常不同意",)}
    )
    seven = variable(
        "seven", "integer", (), low=1.0, high=7.0, codes={"7": ("非常同意", "完全符合")}
    )
    texts = ["非常同意", "A.非常同意", "1.非常同意", "5", "7"]
    assert read(texts, five) == ([5, 5, 5, 5, None], ["worded_number"] * 3 + ["", "out_of_range"])
    assert read(["非常同意", "完全符合", "7"], seven)[0] == [7, 7, 7]
    turned = Hints({"1": "5", "5": "1"})  # a delivery whose scale runs the other way says so
    assert read(["1", "5", "非常同意"], five, turned)[0] == [5, 1, 5]


def test_mess_27_a_band_in_a_number_is_emptied_and_never_its_midpoint() -> None:
    texts = ["30~34岁", "50岁以上", "28岁"]
    assert read(texts, AGE) == ([None, None, 28], ["band_not_number"] * 2 + ["unit"])


def test_mess_28_just_started_is_no_year_of_experience() -> None:
    years = variable(
        "years_teaching", "number", (), unit="年", low=0.0, high=60.0, zero=("刚入职",)
    )
    assert read(["3年", "刚入职", "三", "-1"], years) == (
        [3, 0, 3, None],
        ["unit", "zero_word", "chinese_numeral", "out_of_range"],
    )


def test_mess_29_full_width_is_compared_as_half_width_and_the_original_is_told() -> None:
    entries = {"２８": AGE, "（跳过）": SEX, "女\u3000": SEX, "县级\u200b": BACKBONE}
    for text, entry in entries.items():
        cleaned = clean_column(pd.Series([text], dtype=object), entry)
        assert cleaned.changes["found"].tolist() == [text]
    band = variable("age_band", "band", (), unit="岁")
    assert read(["３０～３４岁"], band)[0] == ["30-34"]


def test_mess_33_long_numbers_and_leading_zeros_stay_text() -> None:
    phone = variable("post", "code", ())
    assert read(["013800000000", "00123"], phone) == (["013800000000", "00123"], ["", ""])
    number = variable("person_number", "person_number", ())
    assert read(["1.1E+17"], number) == ([None], ["number_truncated"])


def test_mess_34_typed_ids_are_compared_without_case_and_odd_lengths_are_told() -> None:
    staff = variable("staff_number", "person_number", ())
    texts = [*(f"AB{n:04}" for n in range(9)), "ab0009", "AB001"]
    values, rules = read(texts, staff)
    assert values[9:] == ["AB0009", "AB001"]
    assert rules == [""] * 9 + ["letter_case", "unusual_length"]


def test_mess_37_a_place_stays_whole_and_its_words_become_codes() -> None:
    place = variable("place", "text", ())
    assert read(["湖北省-武汉市-洪山区", "湖北-武汉"], place)[0] == [
        "湖北省-武汉市-洪山区",
        "湖北-武汉",
    ]
    district = variable("district", "category", (), codes={"a": ("洪山",)})
    assert read(["湖北省-武汉市-洪山区"], district, Hints({"*洪山区": "a"}))[0] == ["a"]


def test_mess_37_urban_and_rural_in_every_word_of_the_study(root: Path) -> None:
    area = load_study(open_workspace(root)).variables["area"]
    texts = ["城区", "镇区", "乡村", "城市", "县镇", "农村", "111", "122", "220"]
    assert read(texts, area)[0] == ["urban", "town", "rural"] * 3


def test_mess_45_impossible_values_are_emptied_by_the_range_of_their_variable() -> None:
    week = variable("working_hours", "number", (), unit="小时", low=0.0, high=100.0)
    years = variable("years_teaching", "number", (), unit="年", low=0.0, high=60.0)
    for text, entry in {"443": week, "999": AGE, "997": years}.items():
        assert read([text], entry) == ([None], ["out_of_range"])


def test_mess_46_four_kinds_of_missing_are_missing_where_declared() -> None:
    item = variable("item", "integer", (), low=1.0, high=999.0)
    codes = {"6": "", "7": "", "96": "", "99": "", "996": "", "999": ""}
    assert read(["5", *codes], item, Hints(codes)) == (
        [5] + [None] * 6,
        [""] + ["declared_missing"] * 6,
    )
    in_file = Hints(missing={"9": "Omitted", "6": "Not applicable"})  # as an .sav declares them
    assert read(["5", "6", "9"], item, in_file) == ([5, None, None], ["", *["user_missing"] * 2])
    assert read(["6", "99"], item)[0] == [6, 99]  # undeclared, a code is a number


def test_mess_51_text_that_begins_like_a_formula_stays_text() -> None:
    free = variable("open_text", "text", ())
    texts = ["=1+1：一次集中培训", "+1，同意", "-希望", "@某人来"]
    assert read(texts, free)[0] == ["=1+1:一次集中培训", "+1,同意", "-希望", "@某人来"]


def test_reality_06_of_several_subjects_the_first_is_taken_and_told() -> None:
    subject = variable("subject", "text", (), takes_first=True)
    assert read(["语文、道法", "语文/道法", "道德与法治", "语文、"], subject) == (
        ["语文", "语文", "道德与法治", "语文、"],
        ["first_of_several", "first_of_several", "", ""],
    )
    coded = variable("subject", "category", (), takes_first=True, codes={"chinese": ("语文",)})
    assert read(["语文、道法"], coded) == (["chinese"], ["first_of_several"])


def test_a_spelling_of_many_rows_is_told_and_a_text_of_one_only_by_its_shape() -> None:
    texts = pd.Series(["女人"] * 3 + ["赵钱孙二"], dtype=object)
    told = clean_column(texts, SEX).changes
    assert told["found"].tolist() == ["女人"] * 3 + ["chars:4"]


def test_a_remark_where_a_school_should_stand_is_told_by_its_shape() -> None:
    school = variable("school_name", "text", ())
    texts = ["不想说 我叫岳不群 电话13712345678", "第 一 小学"]
    told = clean_column(pd.Series(texts, dtype=object), school).changes
    assert told["found"].tolist() == [
        "chars:3 spaces:1 chars:5 spaces:1 chars:13",
        "第 一 小学",
    ]
    assert "岳" not in told["done"][0]
