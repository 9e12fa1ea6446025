"""What else stands in a sentence decides whether a placeholder may be filled: groups, places, times, denials."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.errors import DataError
from analysis.release.fill.answer import number_text
from analysis.release.fill.meaning import Meaning, Reader, Unsure, read_place
from analysis.release.fill.places import find_places
from analysis.study.blanks import load_blanks
from analysis.study.load import load_study
from analysis.study.workspace import open_workspace

SPACE = open_workspace()
READER = Reader(load_blanks(SPACE, load_study(SPACE)), "示例县", 2025)


def read(*paragraphs: str) -> Meaning | Unsure:
    return read_place(READER, find_places(paragraphs)[-1], {})


@pytest.mark.parametrize(
    "text",
    [
        "组织送教下乡XX场次。", "2025年，组织送教下乡XX场次，覆盖全县32所乡村中小学。", "全年组织教师跟岗学习XX人次。",
        "共有专任教师XX名。",
    ],
)  # fmt: skip
def test_plain_sentences_are_understood(text: str) -> None:
    assert isinstance(read(text), Meaning)


@pytest.mark.parametrize(
    "text",
    [
        "男教师中，参加跟岗学习XX名", "小学，专任教师XX名", "第三学区，专任教师XX名", "除民办学校外，专任教师XX名",
        "在第一小学，组织送教下乡XX场次", "邻县，组织送教下乡XX场次", "平均每校，送教下乡XX场次", "计划开展，送教下乡XX场次",
        "未完成的有，送教下乡XX场次", "增加，送教下乡XX场次", "跟岗学习XX名，均为男教师", "送教下乡XX场次，因疫情取消",
        "2024 年，送教下乡XX场次", "２０２４年，送教下乡XX场次", "24年，送教下乡XX场次", "2024-2025学年，送教下乡XX场次",
        "近年来，送教下乡XX场次", "暑假，送教下乡XX场次", "截至十月，送教下乡XX场次",
        "2024年，组织送教下乡40场次；跟岗学习XX人次。",
    ],
)  # fmt: skip
def test_what_narrows_denies_or_moves_a_count_leaves_it_open(text: str) -> None:
    assert isinstance(read(text), Unsure)


@pytest.mark.parametrize("heading", ["一、2024年工作回顾", "2024年工作总结"])
def test_a_heading_says_of_which_year_its_chapter_is(heading: str) -> None:
    assert read(heading, "组织送教下乡XX场次。") == Unsure("other_year")
    assert isinstance(read(heading, "2025年，组织送教下乡XX场次。"), Meaning)
    assert isinstance(read(heading, "一、2025年工作", "组织送教下乡XX场次。"), Meaning)


def test_more_than_so_many_ten_thousand() -> None:
    """1,190,000 yuan are 119 ten thousand: more than 110 of them."""
    assert number_text(1_190_000.0, "yuan", "万元", is_over=True) == "110"
    assert number_text(1_190_000.0, "yuan", "元", is_over=True) == "1100000"


def test_a_subject_that_names_no_group_of_verbs_is_told(tmp_path: Path) -> None:
    (tmp_path / "study").mkdir()
    entry = (
        '[subjects.a]\nnames = ["甲"]\ntable = "roster"\nkinds = ["persons"]\nsays = ["honord"]\n'
    )
    (tmp_path / "study" / "fill.toml").write_text(entry, encoding="utf-8")
    space = open_workspace(tmp_path)
    with pytest.raises(DataError) as told:
        load_blanks(space, load_study(space))
    fields = told.value.fields
    assert (fields["entry"], fields["key"], fields["nearest"]) == ("subjects.a", "says", "honoured")
