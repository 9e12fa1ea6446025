"""Three drawn teachers followed from raw text to the panel; the answer stands beside them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from analysis.intake.clean import clean_region
from analysis.intake.delivery import Delivery
from analysis.panel.build import build_panel
from analysis.study.load import load_study
from analysis.study.workspace import Workspace, open_workspace

# 张 三 stays and passes the test after 16 hours; 李四 resigns; 王五 moves to town and has an impossible age of birth.
ROSTER_2024 = """姓名,教职工号,学校标识码,是否专任教师,性别,出生日期,参加工作年月,任教学段,是否在编,补助资格
张 三,G001,2199000001,是,女,1990.05,2012年9月,小学,是,是
李四,G002,2199000001,是,男,1985-03,2008.09,小学,否,是
王五,G003,2199000001,是,女,2999-01,2015-09,小学,是,是
"""
ROSTER_2025 = """姓名,教职工号,学校标识码,是否专任教师,性别,出生日期,参加工作年月,任教学段,是否在编,补助资格
张三,G001,2199000001,是,女,1990.05,2012年9月,小学,是,是
王五,G003,2199000002,是,女,1991-01,2015-09,小学,是,否
"""
SCHOOLS = """学校标识码,学校名称,城乡代码,试点起始时间
2199000001,村小,220,2024.09
2199000002,镇小,121,
"""
EXITS = """姓名,教职工号,变动原因,变动日期
李四,G002,辞职,2025-03-01
"""
SCORES_2024 = "教职工号,姓名,测评日期,总分\nG001,张三,2024-05-20,80.5\n"
SCORES_2025 = "教职工号,姓名,测评日期,总分\nG001,张三,2025-05-20,８6.5分\n"
HOURS = """教职工号,参训人,培训项目名称,培训主题,开始日期,结束日期,学时
G001,张三,数字技术与学科融合专题培训,信息化应用,2024/11/02,2024/11/03,16学时
G003,王五,数字技术与学科融合专题培训,信息化应用,2024/11/02,2024/11/03,6
"""
SOURCE = """region_label = "画县"
year = {year}
producer = "drawn in a test"
received = {year}-12-01
invented = true
persons = "invented"
root = "."
"""
FILE = '\n[[files]]\ntable = "{table}"\nfile = "{file}"\n'


def deliver(home: Path, year: int, files: dict[str, tuple[str, str]]) -> None:
    """One year's folder: table -> (file name, text), with a source.toml that maps nothing beyond the usual headers."""
    folder = home / "data" / "raw" / "drawn" / str(year)
    folder.mkdir(parents=True)
    source = SOURCE.format(year=year)
    for table, (name, text) in files.items():
        (folder / name).write_text(text, encoding="utf-8-sig")
        source += FILE.format(table=table, file=name)
        source += f"snapshot = {year}-09-01\n" if table == "roster" else ""
    (folder / "source.toml").write_text(source, encoding="utf-8")


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    home = tmp_path_factory.mktemp("one_row")
    first = {"roster": ("名册2024.csv", ROSTER_2024), "schools": ("学校2024.csv", SCHOOLS)}
    second = {"roster": ("名册2025.csv", ROSTER_2025), "schools": ("学校2025.csv", SCHOOLS)}
    deliver(home, 2024, first | {"assessments": ("成绩2024.csv", SCORES_2024)})
    more = {"assessments": ("成绩2025.csv", SCORES_2025), "exits": ("离岗2025.csv", EXITS)}
    deliver(home, 2025, second | more | {"trainings": ("培训2025.csv", HOURS)})
    return open_workspace(home)


@pytest.fixture(scope="module")
def delivery(space: Workspace) -> Delivery:
    return clean_region(space, load_study(space), "drawn", 2025)


@pytest.fixture(scope="module")
def rows(space: Workspace, delivery: Delivery) -> pd.DataFrame:
    """The panel rows of 2025 in roster order: Zhang, Li, Wang."""
    frame = build_panel(load_study(space), delivery).of_year().sort_values("row_order")
    assert len(frame) == 3
    return frame.reset_index(drop=True)


# column -> the answer for 张三, 李四, 王五 (None: not known)
ANSWER: dict[str, tuple[object, object, object]] = {
    "attrition_A1": (0.0, 1.0, 1.0),
    "attrition_A2": (0.0, 1.0, 0.0),
    "attrition_A3": (0.0, 0.0, 1.0),
    "attrition_A5": (0.0, 1.0, 1.0),
    "digital_score": (86.5, None, None),
    "pre_score": (80.5, None, None),
    "digital_literacy_excellent": (1.0, None, None),
    "age": (34.0, 39.0, None),
    "years_teaching": (12.0, 16.0, 9.0),
    "exposed_digital_course_digital_literacy": (1.0, 0.0, 0.0),
    "exposed_rural_subsidy_attrition": (1.0, 1.0, 1.0),
    "exposed_smart_pilot_attrition": (1.0, 1.0, 1.0),
}


@pytest.mark.parametrize("column", ANSWER)
def test_each_teacher_gets_the_answer(rows: pd.DataFrame, column: str) -> None:
    found = [None if pd.isna(v) else v for v in rows[column]]
    assert tuple(found) == ANSWER[column]


def test_what_was_changed_is_in_the_ledger(delivery: Delivery) -> None:
    """The impossible month of birth is refused, full-width digits and units are put right; each is a line."""
    columns = set(delivery.ledger["column"])
    assert "birth_month" in columns or "出生日期" in columns
    assert "digital_score" in columns or "总分" in columns


def test_no_name_and_no_number_passes_intake(delivery: Delivery) -> None:
    for name, table in delivery.tables.items():
        text = table.astype(str).to_csv()
        assert not any(
            word in text for word in ("张三", "张 三", "李四", "王五", "G001", "G002")
        ), name
