"""Exports of questionnaires: headers taken apart, ticks joined, the two forms of one export compared."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from analysis.intake.clean import clean_region
from analysis.intake.reading.header import read_tables
from analysis.intake.reading.header_rows import half_headers, header_key, header_names
from analysis.intake.reading.known_headers import known_key
from analysis.intake.reading.questionnaire import (
    Question,
    answers_of,
    compare_forms,
    contradictions,
    join_ticks,
    options_of,
    question_of,
    without_other_text,
)
from analysis.intake.reading.readers import open_sheets, read_sheets
from analysis.intake.reading.sheets import RawSheet
from analysis.study.objects import Study
from tests.intake.drawn import draw_region, table_entry


def sheet(*rows: list[str], **more: object) -> RawSheet:
    """A sheet of these rows."""
    return RawSheet("a.xls", "S", pd.DataFrame([*rows], dtype=object), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("header", "question"),
    [
        ("1、手机部数", Question(1, "手机部数", "")),
        ("3、性别 ", Question(3, "性别", "")),
        ("4：年龄", Question(4, "年龄", "")),
        ("16. 学历", Question(16, "学历", "")),
        ("17.您的学校", Question(17, "您的学校", "")),
        ("A01.您的学校", Question(1, "您的学校", "")),
        ("第6题(运动)", Question(6, "", "运动")),
        ("第8题(ACG文化(动漫、游戏等))", Question(8, "", "ACG文化(动漫、游戏等)")),
        ("第8题（教学设计）", Question(8, "", "教学设计")),
        ("6、以下情形—(EE1)", Question(6, "以下情形", "EE1")),
        ("6、以下情形—教学设计", Question(6, "以下情形", "教学设计")),
        ("stem [row]", Question(0, "stem", "row")),
        ("Q6_Row1", Question(6, "", "Row1")),
        ("Q2_Blank1", Question(2, "", "Blank1")),
        ("\n5、标签\n\n____", Question(5, "标签 ____", "")),
        ("姓名", Question(0, "姓名", "")),
        ("2024年级", Question(0, "2024年级", "")),
    ],
)
def test_mess_14_a_header_is_taken_apart(header: str, question: Question) -> None:
    assert question_of(header) == question


@pytest.mark.parametrize(
    "header",
    [
        "姓名（必填）",
        "姓名(必填)",
        "*姓名",
        "姓名[单选题]",
        "*姓名 [多选题]",
        "姓名(单选)",
        "【单选题】姓名",
        " 姓\n名 ",
        "姓名（自动）",
    ],
)
def test_mess_08_marks_of_a_form_are_no_part_of_the_header(header: str) -> None:
    assert header_key(header) == "姓名"


@pytest.mark.parametrize(
    "header",
    [
        "1、姓名",
        "1.姓名",
        "4：姓名",
        "16. 姓名",
        "A01.姓名",
        "*1、姓名 [单选题]",
        "1、 姓名：",
        "(2)姓名",
        "1、姓名____",
    ],
)
def test_mess_09_number_and_type_marks_do_not_hide_a_known_header(header: str) -> None:
    assert known_key(header) == "姓名"


def test_mess_10_line_breaks_and_blank_lines_in_a_header() -> None:
    (table,) = read_tables([sheet(["\n\n3、性别 ", "学校\n____"], ["女", "一小"])], ["3、性别"], "")
    assert table.frame["3、性别"].tolist() == ["女"]


def test_mess_12_six_equal_headers_stay_apart() -> None:
    head = ["标题"] * 6
    assert header_names(head) == ["标题", *(f"标题#{k}" for k in range(2, 7))]
    (table,) = read_tables([sheet(head, [*"abcdef"])], ["标题#2", "标题#6"], "")
    assert table.frame.to_numpy().tolist() == [["b", "f"]]
    assert table.unmapped == ("标题", "标题#3", "标题#4", "标题#5")


@pytest.mark.parametrize("name", ["Column 56", "列56", "Unnamed: 56"])
def test_mess_15_the_second_half_of_a_pair_is_named_and_told(name: str) -> None:
    head = ["序号", "起止时间", name, "姓名"]
    assert half_headers(head) == [2]
    (table,) = read_tables([sheet(head, ["1", "2月", "3月", "张三"])], ["起止时间#2"], "")
    assert table.frame["起止时间#2"].tolist() == ["3月"]
    told = table.lines[table.lines["rule"] == "half_header"]
    assert told[["column", "done"]].to_numpy().tolist() == [[name, "起止时间"]]


NUMBER = [
    [
        "序号",
        "第6题(运动)",
        "第6题(阅读/写作)",
        "第6题(其他【请注明】)",
        "第7题(甲)",
        "第7题(乙)",
        "8、分",
    ],
    ["1", "1", "1", "0", "4", "2", "9"],
    ["3", "0", "0", "1〖下棋〗", "1", "5", "8"],
    ["4", "0", "0", "0", "2", "2", ""],
    ["5", "-3", "-3", "-3", "-3", "-3", "1"],
    ["6", "-2", "-2", "-2", "3", "3", "1"],
]


def test_mess_13_columns_of_ticks_become_one_column_and_a_matrix_stays() -> None:
    joined = join_ticks(sheet(*NUMBER))
    assert joined.cells.to_numpy().tolist() == [
        ["序号", "第6题", "第7题(甲)", "第7题(乙)", "8、分"],
        ["1", "运动┋阅读/写作", "4", "2", "9"],
        ["3", "其他【请注明】〖下棋〗", "1", "5", "8"],
        ["4", "", "2", "2", ""],  # asked, nothing ticked
        ["5", "(跳过)", "-3", "-3", "1"],  # not asked
        ["6", "(空)", "3", "3", "1"],
    ]
    told = joined.lines[["rule", "column", "n"]].to_numpy().tolist()
    assert told == [["options_joined", "第6题", 3]]


def test_a_row_cut_off_inside_the_ticks_is_still_too_short() -> None:
    raw = sheet(["序号", "第1题(a)", "第1题(b)"], ["1", "1", "0"], ["2", "0", ""], widths=(3, 3, 2))
    assert join_ticks(raw).widths == (2, 2, 1)


def test_mess_18_only_the_joint_parts_options() -> None:
    assert options_of("ACG文化(动漫、游戏等)┋政治/军事┋其他〖电影，餐饮〗") == {
        "ACG文化(动漫、游戏等)",
        "政治/军事",
        "其他",
    }


def test_forms_that_disagree_are_told_answer_by_answer() -> None:
    texts = sheet(
        ["序号", "1、性别", "2、爱好", "3、矩阵—(甲)"],
        ["1", "男", "a┋b", "好"],
        ["2", "女", "a", "差"],
        ["3", "女", "b", "好"],
        ["4", "女", "b〖x〗", "好"],
        ["9", "男", "a", "好"],
    )
    numbers = join_ticks(
        sheet(
            ["序号", "1、性别", "第2题(a)", "第2题(b)", "第3题(甲)"],
            ["1", "1", "1", "1", "5"],
            ["2", "2", "0", "1", "1"],  # question 2 differs
            ["3", "1", "0", "1", "5"],  # question 1 differs
            ["4", "2", "0", "1", "5"],
            ["8", "2", "0", "1", "5"],  # only here; 9 only there
        )
    )
    found = compare_forms(texts, numbers)
    assert found[["serial", "question"]].to_numpy().tolist() == [
        ["8", ""],
        ["9", ""],
        ["3", "1、性别"],
        ["2", "2、爱好"],
    ]


def test_two_texts_of_one_number_agree_only_as_other_text() -> None:
    texts = sheet(
        ["序号", "1、款", "2、x"],
        *([str(k), t, "a"] for k, t in enumerate(["甲", "其他〖p〗", "其他〖q〗"])),
    )
    numbers = sheet(
        ["序号", "1、款", "2、x"], *([str(k), t, "1"] for k, t in enumerate(["1", "2", "2"]))
    )
    assert compare_forms(texts, numbers).empty


def test_mess_13_ticks_come_out_of_intake_as_the_text_form_does(
    tmp_path: Path, study: Study
) -> None:
    """The header of the joined column is mapped like any other."""
    rows = "序号,1、工号,第2题(甲),第2题(乙)\n" + "".join(
        f"{k},G{k},{k % 2},1\n" for k in range(1, 6)
    )
    columns = {"1、工号": "staff_number", "第2题": "survey_stratum"}
    space = draw_region(tmp_path, 2025, {"survey.csv": rows}, table_entry("survey", columns))
    ledger = clean_region(space, study, "drawn", 2025).ledger
    assert ledger.loc[ledger["rule"] == "options_joined", "column"].tolist() == ["第2题"]
    found = ledger.loc[ledger["variable"] == "survey_stratum", "found"]
    assert set(found) <= {"甲┋乙", "乙"}


PAIR = "wjx_export_pair_800/[问卷星数据]800_800_{}.xls"


@pytest.fixture(scope="module")
def pair(realdata: Path) -> tuple[RawSheet, RawSheet]:
    """The two forms of the real export."""
    text, number = (read_sheets(realdata / PAIR.format(kind))[0] for kind in "02")
    return text, number


@pytest.mark.realdata
def test_the_real_pair_agrees_in_its_two_forms(pair: tuple[RawSheet, RawSheet]) -> None:
    """README: both files give the same answers; here in all eight questions."""
    assert compare_forms(*pair).empty
    assert {question_of(h).number for h in answers_of(pair[1])} == {*range(9)}


@pytest.mark.realdata
def test_a_changed_answer_of_the_real_pair_is_found(pair: tuple[RawSheet, RawSheet]) -> None:
    text, number = pair
    changed = number.cells.copy()
    changed.iloc[5, 6], changed.iloc[9, 11] = "4", "运动┋阅读"
    other = RawSheet(number.file, number.sheet, changed)
    assert {*compare_forms(text, other)["question"]} == {"1、手机部数", "6、兴趣爱好"}


@pytest.mark.realdata
def test_mess_24_numbers_of_the_real_pair_follow_the_screen(
    pair: tuple[RawSheet, RawSheet],
) -> None:
    """README: 11 texts and 10 numbers; 9 is 免费赠送的, behind the dearest; two other texts are number 10."""
    text, number = (answers_of(raw)["2、手机价格"] for raw in pair)
    assert (text.nunique(), number.nunique()) == (11, 10)
    assert set(text[number == "9"]) == {"免费赠送的"}
    assert set(text[number == "8"]) == {"3500元及以上"}
    others = set(text[number == "10"])
    assert len(others) == 2
    assert {without_other_text(t) for t in others} == {"其他【请注明】"}


@pytest.mark.realdata
def test_mess_22_two_answers_of_the_real_pair_contradict_themselves(
    pair: tuple[RawSheet, RawSheet],
) -> None:
    for raw, header in zip(pair, ("8、关注资讯", "第8题"), strict=True):
        is_wrong = contradictions(answers_of(raw)[header])
        assert is_wrong.sum() == 2
    assert contradictions(pd.Series(["不关注", "财经┋不关注", "财经"])).tolist() == [
        False,
        True,
        False,
    ]


@pytest.mark.realdata
def test_the_real_pair_holds_its_options_and_bands_whole(pair: tuple[RawSheet, RawSheet]) -> None:
    answers = answers_of(pair[0])
    options = {o for a in answers["8、关注资讯"] for o in options_of(a)}
    assert {"ACG文化(动漫、游戏等)", "政治/军事"} <= options
    spelled = {text for column in answers for text in answers[column]}
    bands = "30~34岁 5001-8000元 3000元以下 15000元以上 4部及以上 10%左右 超过50% 没有投入 无收入 不知道/拒绝回答"
    assert set(bands.split()) <= spelled
    asked = [h for h in answers if question_of(h).number]
    assert answers.duplicated(asked).sum() == 1


@pytest.mark.realdata
def test_mess_07_system_columns_may_be_there_and_blank(realdata: Path) -> None:
    (raw,) = open_sheets(realdata / PAIR.format("0"))
    (table,) = read_tables([raw], ["3、性别"], "")
    assert len(table.frame) == 800
    assert table.unmapped[:6] == ("序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP")


@pytest.mark.realdata
def test_mess_39_gaps_in_the_serial_number_are_no_missing_rows(
    pair: tuple[RawSheet, RawSheet],
) -> None:
    serials = answers_of(pair[0]).index.astype(int)
    assert serials.is_monotonic_increasing
    assert len(serials) == 800
    (table,) = read_tables([pair[0]], ["3、性别"], "")
    assert table.rows.tolist() == [*range(2, 802)]  # rows of the sheet, whatever the serial says
