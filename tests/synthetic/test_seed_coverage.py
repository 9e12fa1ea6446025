"""Every row of the two seed inventories is accounted for, by files that hold what the row says, scaled to size."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from analysis.synthetic.options import bureau_options
from analysis.synthetic.paper.delivery import plan_year, write_bureau
from analysis.synthetic.paper.form import Form
from analysis.synthetic.truth.bureau import draw_bureau
from analysis.synthetic.truth.record import Draw

ROWS = 67
CITY_ROWS = 37
YEAR = 2025
CODE = re.compile(r"`([^`]+)`")
PAGE = Path(__file__).parents[2] / "docs" / "seed-coverage.md"
ABSENT = {14: "师德", 43: "党", 44: "师德", 64: "学业"}  # held on purpose in no file


@dataclass(frozen=True)
class Row:
    """One row of the page."""

    number: int
    item: str
    bureau: str
    files: tuple[str, ...]
    columns: tuple[str, ...]
    note: str


def page_rows() -> list[Row]:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    cells = [[c.strip() for c in line.strip("|").split("|")] for line in lines if line[:2] == "| "]
    return [
        Row(int(c[0]), c[1], c[2], tuple(CODE.findall(c[3])), tuple(CODE.findall(c[4])), c[5])
        for c in cells
        if c[0].isdigit()
    ]


@dataclass(frozen=True)
class Fact:
    """What rows of one file must say: those whose column ``where`` starts with ``word`` are as many as ``wanted``.

    ``wanted`` is a count at full size, or None for "some". ``share`` is set where it is a share of the rows.
    ``column``: rows are counted by its different values. ``parts``: how many lists, each rounded for itself,
    make up the count. ``is_fixed``: it does not shrink with the bureau. ``year``: of the delivery.
    """

    number: int
    file: str
    where: str
    word: str
    wanted: float | None = None
    share: bool = False
    column: str = ""
    parts: int = 1
    is_fixed: bool = False
    year: int = YEAR


PROGRAMME, LEDGER, FUNDS = "培训项目", "培训台账{year}.csv", "培训经费台账{year}.xlsx"
TITLES, PRIZES = "荣誉台账{year}.csv", "教学竞赛获奖名单{year}.xlsx"
STUDIOS, TRAINERS = "名师工作室成员名单{year}.xlsx", "培训师资库{year}.xlsx"
SCHOOLS = "学校台账{year}.xlsx"
# programme by row of the inventory: the city's ledger and that of its funds
CITY_PROGRAMMES = {
    9: "教育家精神研学班",
    17: "骨干教师提质研修",
    24: "送教下乡",
    25: "城区优质学校跟岗研修",
}
COUNTY_PROGRAMMES = {
    42: "网络学院通识研修",
    45: "新入职教师规范化培训",
    46: "骨干教师提质研修",
    48: "送教下乡",
    51: "教学设计与实施培训",
    52: "网络学院通识研修",
    53: "人工智能应用能力提升培训",
    54: "心理健康教育专项培训",
    58: "名师工作室联合教研",
}
FACTS = (
    *(Fact(n, LEDGER, PROGRAMME, word) for n, word in CITY_PROGRAMMES.items()),
    *(Fact(n, FUNDS, "项目名称", word) for n, word in CITY_PROGRAMMES.items()),
    *(Fact(n, LEDGER, "培训项目名称", word) for n, word in COUNTY_PROGRAMMES.items()),
    Fact(4, STUDIOS, "工作室职务", "主持人", 12),
    Fact(4, STUDIOS, "工作室职务", "成员"),
    Fact(5, "骨干教师名册{year}.xlsx", "是否学科带头人", "是", 87),
    Fact(10, "师德故事案例目录{year}.csv", "案例标题", "", 1200),
    Fact(10, "师德故事案例目录{year}.csv", "案例标题", "", 1200, column="案例标题"),
    Fact(10, "师德故事案例目录{year}.csv", "是否入选省级案例库", "入选", 32),
    Fact(12, TITLES, "荣誉称号", "师德标兵", 50),
    Fact(12, TITLES, "荣誉称号", "最美乡村教师", 20),
    *(Fact(15, "骨干教师名册{year}.xlsx", "培养阶段", w) for w in ("新教师", "骨干教师", "名师")),
    Fact(16, LEDGER, PROGRAMME, "启航计划新教师集中研修"),
    Fact(16, "新教师导师带教记录{year}.xlsx", PROGRAMME, "新教师导师带教"),
    Fact(16, "新教师考核名单{year}.xlsx", "考核等次", "优秀", 0.85, share=True),
    Fact(18, PRIZES, "级别", "市级", 120),
    Fact(18, PRIZES, "奖项名称", "省级教学能手", 3),
    Fact(19, LEDGER, PROGRAMME, "名师工作室联合教研"),
    Fact(19, STUDIOS, "所在学校", "", 0.59 * 360, column="所在学校", parts=4),
    Fact(22, "教师花名册({year}年9月).xlsx", "任教学科", "全科"),
    Fact(23, "培训课程目录{year}.xlsx", "课程名称", "乡土课程开发"),
    Fact(23, "培训课程目录{year}.xlsx", "主题", "留守儿童关爱"),
    Fact(24, LEDGER, PROGRAMME, "送教下乡", 6000),
    Fact(26, "乡村教师生活补助发放表{year}.xlsx", "月标准(元)", "1000"),
    Fact(26, "乡村教师生活补助发放表{year}.xlsx", "月标准(元)", "800", year=2024),
    Fact(28, "职称定向评价通过名单{year}.xls", "取得职称", "高级教师", 35),
    Fact(31, "云平台课程目录{year}.csv", "微课名称", "", 8000),
    *(Fact(32, "AI工具启用登记{year}.csv", "工具名称", w) for w in ("AI备课助手", "智能评课系统")),
    Fact(33, LEDGER, PROGRAMME, "数字技术与学科融合专题培训", 15000),
    Fact(34, "微课与智慧课堂案例评选{year}.csv", "姓名", "", 200),
    Fact(34, "微课与智慧课堂案例评选{year}.csv", "是否省级展播", "入选", 30),
    Fact(35, SCHOOLS, "试点批次", "第", 50),
    Fact(35, SCHOOLS, "试点批次", "第", 3, column="试点批次", is_fixed=True),
    Fact(39, "培训督导与会议台账{year}.csv", "项目名称", "培训工作专题会议", 4, is_fixed=True),
    Fact(40, TRAINERS, "师资类别", "培训专家", 120),
    Fact(40, TRAINERS, "师资类别", "乡镇培训师", 150),
    Fact(45, "新入职教师考核表{year}.xlsx", "考核等次", "优秀", 0.35, share=True),
    Fact(45, "新入职教师考核表{year}.xlsx", "考核等次", "不合格", 0.02, share=True),
    Fact(47, "骨干教师结对帮扶名单{year}.xlsx", "身份", "指导教师"),
    Fact(47, "骨干教师结对帮扶名单{year}.xlsx", "身份", "青年教师"),
    Fact(48, FUNDS, "项目名称", "送教下乡"),
    Fact(49, "乡村首席教师工作室名单{year}.xls", "角色", "主持人", 12),
    *(Fact(50, "城乡教师结对帮扶名单{year}.csv", "角色", w, 160) for w in ("城区教师", "乡村教师")),
    *(Fact(55, LEDGER, "培训形式", word) for word in ("线上", "线下", "混合", "校本")),
    *(Fact(57, PRIZES, "级别", word) for word in ("县级", "市级", "省级")),
    Fact(59, "课题立项一览表{year}.xls", "立项结果", "立项", 0.95, share=True),
    Fact(60, TRAINERS, "师资类别", "乡镇培训师"),
    Fact(61, LEDGER, "考核结果", "优秀"),
    Fact(63, TITLES, "荣誉称号", "优秀教师", 216, parts=3),
    Fact(63, TITLES, "荣誉称号", "优秀教育工作者", 72, parts=3),
    *(Fact(65, "骨干教师名册{year}.xlsx", "骨干级别", w) for w in ("县级", "市级", "省级")),
    Fact(66, PRIZES, "城乡代码", "2", 20, year=2024),
    Fact(66, PRIZES, "城乡代码", "2", 26),
)
SIZES = {"county": {"teachers": 1200}, "city": {"teachers": 2000}}
HEADER_ROWS = 4  # title and two rows of headers, and one to spare
FOOT = ("合计", "填表人", "审核人")
NEAR = 0.03  # a share may be off by as much


@cache
def drawn(bureau: str) -> Draw:
    """A small bureau without dirt: what its lists say can be counted."""
    asked = {"region": bureau, "first_year": 2023, "dirt": "none"} | SIZES[bureau]
    return draw_bureau(bureau_options(bureau, **asked))


@cache
def delivered(bureau: str, year: int = YEAR) -> tuple[Form, ...]:
    """The forms of a small bureau's delivery."""
    return tuple(form for form, _ in plan_year(drawn(bureau), year))


pytestmark = pytest.mark.xdist_group("recovery")


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Bureau -> the folder of its deliveries, really written."""
    raw = tmp_path_factory.mktemp("covered")
    for bureau in SIZES:
        write_bureau(drawn(bureau), raw)
    return {bureau: raw / bureau for bureau in SIZES}


def matching(bureau: str, pattern: str, year: int = YEAR) -> list[Form]:
    wanted = pattern.replace("{year}", str(year))
    return [form for form in delivered(bureau, year) if fnmatchcase(form.file, wanted)]


def headers(form: Form) -> frozenset[str]:
    return frozenset({*form.headers.values(), *form.extra})


def sheets_of(path: Path, encoding: str) -> list[pd.DataFrame]:
    if path.suffix == ".csv":
        return [pd.read_csv(path, encoding=encoding, header=None, dtype=str)]
    sheets = pd.read_excel(path, engine="calamine", header=None, dtype=str, sheet_name=None)
    return [*sheets.values()]


def below_header(cells: pd.DataFrame, wanted: frozenset[str]) -> pd.DataFrame:
    """One sheet as a table: columns by header, without title, totals and signatures; blanks are missing."""
    is_header = cells.iloc[:HEADER_ROWS].isin(wanted)
    top = is_header.index[is_header.any(axis=1)]
    at = {cells.loc[r, c]: c for c in cells for r in top if is_header.loc[r, c]}
    rows = cells.loc[top.max() + 1 :] if len(top) else cells.iloc[:0]
    is_foot = rows[0].fillna("").str.startswith(FOOT)
    return rows[~is_foot].rename(columns={c: h for h, c in at.items()})


def read_rows(folder: Path, form: Form, year: int = YEAR) -> pd.DataFrame:
    """What one delivered file says; nothing at all if there is no such file."""
    path = folder / str(year) / form.file
    return read_cells(path, form.encoding, headers(form)) if path.exists() else pd.DataFrame()


@cache
def read_cells(path: Path, encoding: str, wanted: frozenset[str]) -> pd.DataFrame:
    parts = [below_header(cells, wanted) for cells in sheets_of(path, encoding)]
    return pd.concat(parts, ignore_index=True)


def count_rows(rows: pd.DataFrame, fact: Fact) -> float:
    """What a table says of a fact: a number of rows or of values, or a share of the rows."""
    if fact.where not in rows:
        return 0
    held = rows[rows[fact.where].notna()]
    found = held[held[fact.where].str.startswith(fact.word)]
    if fact.share:
        return len(found) / max(1, len(held))
    return found[fact.column].nunique() if fact.column else len(found)


def is_met(count: float, fact: Fact, scale: float) -> bool:
    """Whether a count is what the page says, for a bureau of so much of the full size."""
    if fact.wanted is None:
        return count > 0
    if fact.share:
        return abs(count - fact.wanted) <= NEAR
    wanted = max(1, fact.wanted * (1 if fact.is_fixed else scale))
    # a few are rounded, thousands are drawn to within a hundredth
    return abs(count - wanted) <= max(0.51 * fact.parts, 0.01 * wanted)


def find_blank(rows: pd.DataFrame, columns: set[str]) -> set[str]:
    """Which of the columns are missing or say nothing."""
    return {c for c in columns if c not in rows or rows[c].isna().all()}


def test_each_row_of_the_inventories_stands_once() -> None:
    assert [row.number for row in page_rows()] == [*range(1, ROWS + 1)]


def test_rows_belong_to_the_bureau_of_their_seed() -> None:
    bureaus = [row.bureau for row in page_rows()]
    assert bureaus == ["city"] * CITY_ROWS + ["county"] * (ROWS - CITY_ROWS)


def test_a_row_has_files_with_columns_or_a_reason() -> None:
    for row in page_rows():
        assert bool(row.files) == bool(row.columns), row.number
        assert row.note.endswith("."), row.number
        assert row.item, row.number


@pytest.mark.parametrize("row", page_rows(), ids=lambda row: str(row.number))
def test_named_files_and_columns_are_delivered(row: Row) -> None:
    found = {pattern: matching(row.bureau, pattern) for pattern in row.files}
    for pattern, forms in found.items():
        assert len(forms) == 1, pattern
        assert headers(forms[0]) & set(row.columns), pattern
    known = {header for forms in found.values() for form in forms for header in headers(form)}
    assert set(row.columns) <= known, set(row.columns) - known


@pytest.mark.parametrize(
    "row", [r for r in page_rows() if r.files], ids=lambda row: str(row.number)
)
def test_named_columns_are_filled_in(row: Row, folders: dict[str, Path]) -> None:
    blank = set(row.columns)
    for pattern in row.files:
        for form in matching(row.bureau, pattern):
            named = headers(form) & set(row.columns)
            said = read_rows(folders[row.bureau], form)
            assert not find_blank(said, named), form.file
            blank -= named
    assert not blank


def held_rows(fact: Fact, folders: dict[str, Path]) -> tuple[pd.DataFrame, float]:
    """The rows of the file of a fact, and which part of the full size the bureau has."""
    bureau = "city" if fact.number <= CITY_ROWS else "county"
    (form,) = matching(bureau, fact.file, fact.year)
    rows = read_rows(folders[bureau], form, fact.year)
    if fact.where == "城乡代码":  # not in the list itself: that of the school
        rows = rows.assign(城乡代码=rows["单位"].map(area_codes(folders[bureau])))
    return rows, drawn(bureau).options.scale


def area_codes(folder: Path) -> pd.Series:
    """Name of a school -> the code of its place, by the ledgers of two years."""
    forms = {year: matching("county", SCHOOLS, year)[0] for year in (YEAR - 1, YEAR)}
    parts = [read_rows(folder, form, year) for year, form in forms.items()]
    return pd.concat(parts).drop_duplicates("校名").set_index("校名")["城乡代码"]


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: f"{fact.number}-{fact.word}-{fact.year}")
def test_files_hold_what_the_page_says(fact: Fact, folders: dict[str, Path]) -> None:
    rows, scale = held_rows(fact, folders)
    count = count_rows(rows, fact)
    assert is_met(count, fact, scale), (count, fact, scale)


def test_the_facts_are_about_files_that_the_page_names() -> None:
    rows = {row.number: row for row in page_rows()}
    for fact in FACTS:
        named = [p for p in rows[fact.number].files if fnmatchcase(fact.file, p) or p == fact.file]
        assert named, fact


def test_half_of_the_hours_are_said_to_be_practice_and_fewer_are(folders: dict[str, Path]) -> None:
    for bureau, share in (("county", 0.43), ("city", 0.46)):
        (form,) = matching(bureau, "培训课程目录{year}.xlsx")
        rows = read_rows(folders[bureau], form)
        hours = rows["学时"].astype(float).groupby(rows["课程类型"]).sum()
        assert hours["实践课"] / hours.sum() == pytest.approx(share, abs=0.015)


@pytest.mark.parametrize(("bureau", "programme"), [("county", "培训项目名称"), ("city", PROGRAMME)])
def test_money_is_spent_on_programmes_of_the_ledger(
    bureau: str, programme: str, folders: dict[str, Path]
) -> None:
    ledger, funds = (
        read_rows(folders[bureau], matching(bureau, file)[0]) for file in (LEDGER, FUNDS)
    )
    assert set(funds["项目名称"]) <= set(ledger[programme])


ABSENCES: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "empty file": lambda rows: rows.iloc[:0],
    "blank column": lambda rows: rows.assign(培训项目=None),
    "no such programme": lambda rows: rows[rows["培训项目"] != "送教下乡"],
    "half of it": lambda rows: rows.iloc[::2],
}


@pytest.mark.parametrize("absence", ABSENCES)
def test_a_fact_is_missed_where_it_is_not_held(absence: str, folders: dict[str, Path]) -> None:
    (fact,) = [f for f in FACTS if f.number == 24 and f.wanted]
    rows, scale = held_rows(fact, folders)
    assert is_met(count_rows(rows, fact), fact, scale)
    poor = ABSENCES[absence](rows)
    assert not is_met(count_rows(poor, fact), fact, scale)
    if absence in ("empty file", "blank column"):
        assert find_blank(poor, {PROGRAMME}) == {PROGRAMME}
        assert not is_met(count_rows(poor, fact), replace(fact, wanted=None), scale)


def test_a_file_that_was_not_written_says_nothing(tmp_path: Path) -> None:
    (form,) = matching("city", LEDGER)
    assert find_blank(read_rows(tmp_path, form), {PROGRAMME}) == {PROGRAMME}


def test_every_delivered_file_serves_some_row() -> None:
    for bureau in ("city", "county"):
        named = {pattern for row in page_rows() for pattern in row.files}
        patterns = [pattern.replace("{year}", str(YEAR)) for pattern in named]
        for form in delivered(bureau):
            assert any(fnmatchcase(form.file, pattern) for pattern in patterns), form.file


def test_what_is_absent_on_purpose_is_named_and_in_no_file() -> None:
    rows = {row.number: row for row in page_rows()}
    for number, word in ABSENT.items():
        assert not rows[number].files
        assert "Deliberately absent" in rows[number].note
        assert word in rows[number].item
    for bureau in ("city", "county"):
        written = {h for form in delivered(bureau) for h in headers(form)}
        assert not [h for h in written if "政治面貌" in h or "违规" in h or "处分" in h]
