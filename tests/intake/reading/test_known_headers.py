"""Headers that equal a label or a synonym need no line; explicit lines win; doubt is an error, not a guess."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.errors import DataError
from analysis.intake.clean import clean_region
from analysis.intake.reading.header import TextTable, read_tables
from analysis.intake.reading.known_headers import known_headers, known_key
from analysis.intake.reading.readers import read_sheets
from analysis.intake.source import FileEntry
from analysis.study.load import load_study
from analysis.study.objects import Study
from analysis.study.workspace import open_workspace
from tests.intake.drawn import draw_region, variable

TABLES = ("trainings",)
VARIABLES = (
    variable("name", "name", TABLES).model_copy(
        update={"label": "姓名", "synonyms": ("参训人", "教师姓名")}
    ),
    variable("hours", "number", TABLES).model_copy(
        update={"label": "学时(含线上)", "synonyms": ("课时",)}
    ),
    variable("programme", "category", TABLES).model_copy(update={"label": "项目"}),
    variable("age", "number", ("survey",)).model_copy(update={"label": "年龄"}),
)
STUDY = Study(variables={v.id: v for v in VARIABLES}, interventions={}, outcomes={}, problems={})


def read(tmp_path: Path, text: str, columns: dict[str, str] | None = None) -> TextTable:
    """The one table of a trainings file with these explicit lines."""
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    entry = FileEntry(table="trainings", file="a.csv", columns=columns or {})
    known = known_headers(STUDY, entry)
    (table,) = read_tables(read_sheets(tmp_path / "a.csv"), entry.columns, "", known)
    return table


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ("1、您的姓名", "您的姓名"),
        ("12. 姓 名", "姓名"),
        ("(3)学时（含线上）", "学时(含线上)"),
        ("2024年级", "2024年级"),  # a number without a mark is part of the name
        ("1.5", "1.5"),
    ],
)
def test_a_header_is_compared_without_number_mark_spaces_and_width(header: str, key: str) -> None:
    assert known_key(header) == key


def test_labels_and_synonyms_are_mapped_under_a_title(tmp_path: Path) -> None:
    table = read(tmp_path, "培训台账,,,\n1、参训人,学时（含线上）,项 目,年龄\n张三,8,数字,40\n")
    assert table.implied == {"1、参训人": "name", "学时（含线上）": "hours", "项 目": "programme"}
    assert table.frame.to_numpy().tolist() == [["张三", "8", "数字"]]
    assert table.unmapped == ("年龄",)  # a variable of another table


def test_an_explicit_line_wins(tmp_path: Path) -> None:
    table = read(tmp_path, "姓名,曾用名,课时\n张三,张二,8\n", {"曾用名": "name"})
    assert table.implied == {"课时": "hours"}
    assert table.unmapped == ("姓名",)


def test_a_label_goes_before_a_synonym(tmp_path: Path) -> None:
    table = read(tmp_path, "参训人,姓名\n张二,张三\n")
    assert table.implied == {"姓名": "name"}


def test_two_synonyms_of_one_variable_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError) as error:
        read(tmp_path, "参训人,教师姓名\n张二,张三\n")
    assert (error.value.name, error.value.fields["variable"]) == ("source_twice", "name")


def test_a_file_without_any_known_header_names_what_is_known(tmp_path: Path) -> None:
    with pytest.raises(DataError) as error:
        read(tmp_path, "甲,乙\n1,2\n")
    assert error.value.name == "header_unknown"
    assert "姓名" in error.value.fields["expected"]  # type: ignore[operator]


def test_an_explicit_line_without_its_column_is_still_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError) as error:
        read(tmp_path, "姓名,课时\n张三,8\n", {"编号": "programme"})
    assert error.value.name in ("column_missing", "header_missing")
    assert "编号" in str(error.value)


def test_a_delivery_without_any_line_is_read(tmp_path: Path, study: Study) -> None:
    """The labels of the small study are its ids."""
    entry = '[[files]]\ntable = "trainings"\nfile = "t.csv"\n'
    space = draw_region(tmp_path, 2025, {"t.csv": "name,programme,hours\n张三,数字培训,8\n"}, entry)
    trainings = clean_region(space, study, "drawn", 2025).tables["trainings"]
    assert trainings[["programme", "hours"]].to_numpy().tolist() == [["digital", 8.0]]


def test_what_a_table_needs_is_still_asked_for(tmp_path: Path, study: Study) -> None:
    entry = '[[files]]\ntable = "trainings"\nfile = "t.csv"\n'
    space = draw_region(tmp_path, 2025, {"t.csv": "programme,hours\n数字培训,8\n"}, entry)
    with pytest.raises(DataError) as error:
        clean_region(space, study, "drawn", 2025)
    assert error.value.name == "source_no_key"
    assert error.value.fields["delivered"] == "t.csv"


@pytest.mark.parametrize(
    ("header", "name"),
    [
        *(
            (h, "name")
            for h in [
                "姓名",
                "1、姓名",
                "您的姓名",
                "1、您的姓名：",
                "基本信息：—姓名：",
                "请输入姓名",
                "姓名（必填）",
            ]
        ),
        *((h, "staff_number") for h in ["职工号", "工号", "教职工号", "教师工号"]),
        *((h, "school_name") for h in ["单位", "所属单位", "所在学院", "所在学校"]),
        ("部门", ""),  # stands beside 单位 too often: it is listed as unmapped
    ],
)
def test_mess_11_one_concept_under_many_headers(root: Path, header: str, name: str) -> None:
    """By the study that is delivered, without a line in source.toml."""
    study = load_study(open_workspace(root))
    assert known_headers(study, FileEntry(table="survey", file="a")).variable(header) == name
