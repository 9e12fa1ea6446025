"""A small invented report to develop and test the page against; every number in it is made up for this file."""

from __future__ import annotations

from pathlib import Path

import nbformat

from analysis.inference.record import Arm, Estimate, Point
from analysis.present import page as shown
from analysis.present.export import page_from_notebook
from analysis.release.claims import (
    Claim,
    FigureSpec,
    Headline,
    Passage,
    Report,
    Scope,
    Section,
    Slot,
    Table,
    Trail,
)


def estimate(id: str, **fields: object) -> Estimate:
    """An estimate with defaults for what a test does not care about."""
    base = dict(
        id=id, kind="gap", subject=id, outcome="x", definition="A2", estimand="gap", design="ancova",
        assignment="volunteer", population="all", unit="pp", year=2025, estimate=None, std_error=1.0, df=80.0,
        ci_low=None, ci_high=None, p_value=0.01, p_adjusted=0.02, ci_adj_low=None, ci_adj_high=None,
        n_teachers=3912, n_schools=96, n_treated=1800, n_treated_schools=60, n_control_schools=36, n_dropped=12,
        mde=None, relevant_effect=None, grade="C", verdict="direction", files=("survey.xlsx",),
    )  # fmt: skip
    return Estimate(**(base | fields))  # type: ignore[arg-type]


def arms(focus: float, reference: float, n: int = 1900) -> dict[str, Arm]:
    """Two sides of a gap."""
    return {
        "focus": Arm(n, 60, None, focus),
        "reference": Arm(n + 112, 36, None, reference),
    }


def estimates() -> tuple[Estimate, ...]:
    """All estimates of the sample."""
    gaps = [
        ("need", 12.0, 8.0, 16.0, 17.0, 58.0, 41.0, 5.0),
        ("need_cross", 14.0, 9.0, 19.0, 16.0, 49.0, 33.0, 5.0),
        ("need_ict", 3.0, -2.0, 8.0, 6.0, 38.0, 32.0, 5.0),
    ]
    found = [
        estimate(i, estimate=e, ci_low=lo, ci_high=hi, raw_difference=raw, arms=arms(f, r), relevant_effect=rel,
                 verdict="direction" if lo > 0 else "undetermined", mde=5.6)
        for i, e, lo, hi, raw, f, r, rel in gaps
    ]  # fmt: skip
    score = dict(unit="points", relevant_effect=1.0, mde=1.4, kind="effect")
    found += [
        estimate("course", estimate=1.2, ci_low=0.7, ci_high=1.7, grade="C", **score),
        estimate("pilot", estimate=0.4, ci_low=-0.9, ci_high=1.7, ci_adj_low=-1.4, ci_adj_high=2.2, verdict="undetermined", grade="C", **score),
        estimate("mentor", estimate=0.1, ci_low=-0.5, ci_high=0.7, verdict="bounded", grade="D", **score),
        estimate("tiny", estimate=2.0, ci_low=-6.0, ci_high=10.0, verdict="undetermined", grade="D", **score),
        estimate("nodata", grade="E", verdict="undetermined", reason="no_file", **score),
        estimate("subsidy", estimate=-0.6, ci_low=-1.5, ci_high=0.3, kind="effect", mde=1.3, grade="D",
                 relevant_effect=1.0, verdict="undetermined", n_teachers=27412, n_schools=102),
        estimate("burnout", estimate=0.3, ci_low=0.1, ci_high=0.5, unit="points", raw_difference=0.5,
                 arms=arms(3.1, 2.6, 880), relevant_effect=0.2),
        estimate("refuted", estimate=0.4, ci_low=-0.3, ci_high=1.1, verdict="bounded", relevant_effect=3.0),
    ]  # fmt: skip
    found += [
        level(y, g, v)
        for g, vs in LEVELS.items()
        for y, v in zip(range(2020, 2026), vs, strict=True)
    ]
    return tuple(found)


LEVELS = {"rural": (5.0, 4.6, 4.8, 3.9, 3.1, 2.6), "urban": (3.0, 2.9, 2.6, 2.4, 2.0, 1.9)}
GROUPS = {"rural": "乡村", "urban": "城区"}


def level(year: int, group: str, value: float) -> Estimate:
    """The rate of one group in one year, of a whole roster: no range."""
    return estimate(f"level_{group}_{year}", kind="level", population=group, year=year, estimate=value, grade="A",
                    unit="percent", n_teachers=2100)  # fmt: skip


def slot(name: str, value: float, text: str, unit: str, source: str, decimals: int = 0) -> Slot:
    """One number of a sentence."""
    return Slot(name, value, text, unit, source, decimals)


def need_claim() -> Claim:
    """The first finding."""
    return Claim(
        "need.gap", "training_precision", "gap",
        "需求调研中，乡村教师最需要的前三类内容有{a}在当年未获得任何相应培训，城区为{b}；按学段、学科、教龄对齐后仍相差{d}，大致在{lo}至{hi}之间。",
        (
            slot("a", 58.0, "58.0%", "%", "need"), slot("b", 41.0, "41.0%", "%", "need"),
            slot("d", 12.0, "12.0个百分点", "pp", "need", 1), slot("lo", 8.0, "8.0", "pp", "need", 1),
            slot("hi", 16.0, "16.0个百分点", "pp", "need", 1),
        ),
        "medium", ("需求由本人填报，报名者与未报名者的填报习惯可能不同。",), "need",
    )  # fmt: skip


def cross_claim() -> Claim:
    """The second sentence of the first problem."""
    return Claim(
        "need.cross", "training_precision", "gap",
        "差距集中在跨学科教学一类，对齐后相差{d}；信息化应用一类相差{e}，尚不能判断。",
        (slot("d", 14.0, "14个百分点", "pp", "need_cross", 0), slot("e", 3.0, "3个百分点", "pp", "need_ict", 0)),
        "medium", (), "need_cross",
    )  # fmt: skip


def burnout_claim() -> Claim:
    """The second finding."""
    return Claim(
        "burnout.gap", "burnout", "gap",
        "班主任情绪衰竭均分{a}，其他教师{b}；条件对齐后仍高{d}（满分6分），大致在{lo}至{hi}之间。",
        (
            slot("a", 3.1, "3.1分", "points", "burnout", 1), slot("b", 2.6, "2.6分", "points", "burnout", 1),
            slot("d", 0.3, "0.3分", "points", "burnout", 1), slot("lo", 0.1, "0.1", "points", "burnout", 1),
            slot("hi", 0.5, "0.5分", "points", "burnout", 1),
        ),
        "weak", (), "burnout",
    )  # fmt: skip


def subsidy_claim(id: str = "subsidy.effect") -> Claim:
    """What cannot be told."""
    return Claim(
        id, "", "effect",
        "现有数据尚不能判断乡村教师生活补助提标与流失率变化的关系：估计下降{a}，但可能范围从下降{lo}到上升{hi}；今年能看出的最小变化是{m}。",
        (
            slot("a", -0.6, "0.6个百分点", "pp", "subsidy", 1), slot("lo", -1.5, "1.5个百分点", "pp", "subsidy", 1),
            slot("hi", 0.3, "0.3个百分点", "pp", "subsidy", 1), slot("m", 1.3, "1.3个百分点", "pp", "subsidy", 1),
        ),
        "undetermined", ("“看不出”不等于“没有”。",), "subsidy",
    )  # fmt: skip


def level_claim() -> Claim:
    """A level: counted, not estimated."""
    return Claim(
        "attrition.level", "urban_rural_gap", "level",
        "2025年乡村教师流失率{a}（每100名约{k}），城区{b}；五年前分别为{c}和{d}。",
        (
            slot("a", 2.6, "2.6%", "%", "level_rural_2025", 1), slot("k", 2.6, "3名", "人", "level_rural_2025", 0),
            slot("b", 1.9, "1.9%", "%", "level_urban_2025", 1), slot("c", 5.0, "5.0%", "%", "level_rural_2020", 1),
            slot("d", 3.0, "3.0%", "%", "level_urban_2020", 1),
        ),
        "level", (), "level_rural_2025",
    )  # fmt: skip


def refuted_claim() -> Claim:
    """What the data do not support."""
    return Claim(
        "refuted.hours", "", "gap",
        "“乡村教师培训时数少于城区”没有得到支持：相差{d}，大致在{lo}至{hi}之间，即使有差别也很小。",
        (
            slot("d", 0.4, "0.4学时", "hours", "refuted", 1), slot("lo", -0.3, "−0.3", "hours", "refuted", 1),
            slot("hi", 1.1, "1.1学时", "hours", "refuted", 1),
        ),
        "medium", (), "refuted",
    )  # fmt: skip


def course_claim() -> Claim:
    """An effect sentence."""
    return Claim(
        "course.effect", "", "effect",
        "参加数字技术专题培训满8学时的教师，测评得分与未参加者对齐后仍高{d}，大致在{lo}至{hi}之间。",
        (
            slot("d", 1.2, "1.2分", "points", "course", 1), slot("lo", 0.7, "0.7", "points", "course", 1),
            slot("hi", 1.7, "1.7分", "points", "course", 1),
        ),
        "medium", ("报名者本来更积极，这一差距可能偏大。",), "course",
    )  # fmt: skip


def followed() -> Estimate:
    """An estimate with the series that stand beside it: years around the start, cohorts, other ways of estimating."""

    def around(label: str, value: float, half: float = 0.8, n: int | None = 400) -> Point:
        return Point(label, value, half / 2, value - half, value + half, n)

    series = {
        "event_study": (around("-3", 0.2), around("-2", -0.1), Point("-1", 0.0), around("0", 0.9),
                        around("1", 1.5), Point("2", None, n=0)),
        "cohorts": (around("2022", 1.6), around("2023", 0.7, 9.0)),
        "specifications": tuple(around(f"way{i}", 0.6 + 0.2 * i, n=None) for i in (2, 0, 1)),
    }  # fmt: skip
    return estimate("followed", kind="effect", unit="points", estimate=1.1, std_error=0.25, ci_low=0.6, ci_high=1.6,
                    relevant_effect=1.0, series=series)  # fmt: skip


SERIES = {
    "event_study": ("event_study", ("前三年", "前两年", "前一年", "当年", "后一年", "后两年"), ()),
    "cohorts": ("points", ("2022年开始的一批", "2023年开始的一批"), ()),
    "specifications": ("curve", ("丙、全部", "甲、全部", "乙、近年"), (("丙", "全部"), ("甲", "全部"), ("乙", "近年"))),
}  # fmt: skip


def series_spec(name: str) -> FigureSpec:
    """The figure of one series of the estimate above."""
    kind, labels, choices = SERIES[name]
    return FigureSpec(
        f"followed-{name}".replace("_", "-"), kind, "智慧教育试点：逐年的相差", "相差（分），教师3912人，示例县，2025年",
        "范围没有按多项比较校正。", "数字素养测评2025.xlsx“成绩”", "点图：智慧教育试点逐年的相差", "共数点。数据见下表。",
        ("followed",), "points", ("智慧教育试点",), (), "得分为测评总分", name, labels, choices,
    )  # fmt: skip


def gap_spec() -> FigureSpec:
    """Two dots and their difference."""
    return FigureSpec(
        "need", "gap", "乡村教师未获培训的比例高于城区", "最需要的前三类内容当年未获任何相应培训的比例（%），答卷3912份，示例县，2025年",
        "右侧横线在零线右边，说明对齐后乡村仍然更高；横线穿过零线的一类尚不能判断。", "教师问卷2025.xlsx“Sheet1”、培训台账2025.xlsx“台账”，截至2025年9月1日",
        "点图：乡村与城区教师未获培训的比例，乡村高17个百分点", "共三行。全部内容：乡村58%，城区41%，对齐后相差12个百分点，大致在8至16之间。跨学科教学相差14，信息化应用相差3，后者尚不能判断。数据见下表。",
        ("need", "need_cross", "need_ict"), "pp", ("最需要的前三类内容", "其中：跨学科教学", "其中：信息化应用"), ("乡村教师", "城区教师"), "需求为本人填报；“获得”指当年参加过同类课程",
    )  # fmt: skip


def forest_spec() -> FigureSpec:
    """Programmes on the score."""
    return FigureSpec(
        "effects", "forest", "专题培训与得分较高相关，其余项目尚不能判断", "数字素养测评总分，参与者与条件相近的未参与者之差（分），教师3912人，示例县，2025年",
        "圆点是估计，横线是范围；空心圆点表示升降两种可能都还在。", "数字素养测评2025.xlsx“成绩”，2025年6月测评", "森林图：五个项目与数字素养得分，专题培训高1.2分",
        "五行。专题培训高1.2分，范围0.7至1.7。智慧教育试点尚不能判断。导师带教不超过1分。送教下乡人数少，范围很宽。县管校聘没有数据。数据见下表。",
        ("course", "pilot", "mentor", "tiny", "nodata"), "points",
        ("数字技术与学科融合专题培训", "智慧教育试点", "新教师导师带教", "送教下乡", "县管校聘交流轮岗"), (), "得分为测评总分，0至100分",
    )  # fmt: skip


def ruler_spec() -> FigureSpec:
    """What could be seen."""
    return FigureSpec(
        "ruler", "ruler", "今年只看得出1.3个百分点以上的变化", "乡村教师生活补助提标与流失率，教师27412人次年，示例县，2019—2025年",
        "我们的范围比有意义的变化更宽，所以不能下结论。", "教师花名册2019—2025.xlsx“名册”，9月1日时点", "标尺图：补助提标的范围、最小可辨变化与有意义的变化",
        "本次估计下降0.6个百分点，范围从下降1.5到上升0.3；最小可辨变化1.3，有意义的变化1。数据见下表。", ("subsidy",), "pp", ("乡村教师生活补助提标",), (), "流失按A2口径",
    )  # fmt: skip


def trend_spec() -> FigureSpec:
    """Two groups over six years."""
    rows = tuple(f"level_{g}_{y}" for g in LEVELS for y in range(2020, 2026))
    labels = tuple(GROUPS[g] for g in LEVELS for _ in range(6))
    return FigureSpec(
        "trend", "trend", "城乡流失率都在下降，乡村降得更多", "按A2口径的流失率（%），全员统计，每年教师约5800人，示例县，2020—2025年",
        "两条线一起下降，说明有相当部分是各地共同的变化。", "教师花名册2019—2025.xlsx“名册”，9月1日时点", "折线图：城乡教师流失率，乡村由5.0%降至2.6%",
        "乡村2020年5.0%，2025年2.6%；城区3.0%降至1.9%。全员统计，没有范围。数据见下表。", rows, "percent", labels, (), "离开本县（区）教育系统，退休和病故不计",
    )  # fmt: skip


def sections() -> tuple[Section, ...]:
    """Three problems: one with figure and records, one with a trend, one bare."""
    return (
        Section("training_precision", "培训供给与乡村教师需求仍有错位", "medium", (need_claim(), cross_claim()),
                "条件对齐后的相关，把握中等；范围按学校放宽。", ("只比较有没有学时，没有课堂运用的数据。", "需求为本人填报。"),
                "按需求调研中得分最高而未获培训的主题，先补乡村教师的课程供给，报名超额时以抽签分配，便于下一年比较。", (gap_spec(),)),
        Section("burnout", "班主任的情绪衰竭程度高于其他教师", "weak", (burnout_claim(),), "一次自评问卷，把握较小。",
                ("问卷为一次自评，不能判断因果，也不能用来评判个人。",), "先核减班主任的非教学事务，并在下一年同一问卷上复测。", (), ("教研员访谈记录没有交来。",)),
        Section("urban_rural_gap", "城乡教师流失率差距缩小但仍存在", "level", (level_claim(),), "全员统计，只说多少，不说原因。",
                ("差距包含年龄、学段等构成不同的影响。",), "", (trend_spec(),)),
    )  # fmt: skip


def trails() -> tuple[Trail, ...]:
    """One record for each estimate that a sentence cites."""
    cited = ("need", "need_cross", "need_ict", "burnout", "subsidy", "refuted", "course", "level_rural_2025",
             "level_urban_2025", "level_rural_2020", "level_urban_2020")  # fmt: skip
    lines = (
        ("定义", "最需要的前三类培训当年一类也没有获得的比例"),
        ("分子/分母", "乡村1044人/1800人，城区866人/2112人"),
        ("文件与工作表", "教师问卷2025.xlsx“Sheet1”"),
        ("时点", "2025年9月1日"),
    )
    more = (
        ("筛选", "在岗专任教师，问卷已关联到名册"),
        ("设计", "条件对齐（学段、学科、教龄），按学校聚类"),
        ("检查", "重叠：通过；平衡：通过；敏感性：提醒"),
        ("把握由来", "挑选自愿参加，上限C；无降级"),
        ("清单", "estimates.csv第12行；manifest 3f9a2c1b"),
    )
    return tuple(Trail(i, name, lines, more) for i, name in enumerate(cited, start=1))


def tables() -> dict[str, Table]:
    """A table of definitions, one of demand with hidden cells, one of reasons with a total."""
    return {
        "definitions": Table(
            "definitions", "各口径下的流失率，全部专任教师，示例县，2025年", ("口径", "怎么算", "流失率", "人数"),
            (("A1", "乡村在岗，一年后不在任何乡村岗位", "2.6", "2104"), ("A2", "一年后不在本县任何花名册", "2.1", "5862"),
             ("A4", "含退休、病故等全部原因", "4.4", "5862")), (False, False, True, True), "单位：%", ("退休年龄2025年起分步提高。",), "教师花名册2024.xlsx、2025.xlsx“名册”"),
        "demand": Table(
            "demand", "按主题的需求与供给，答卷3912份，示例县，2025年", ("主题", "需要的教师", "获得的教师", "覆盖率", "乡村覆盖率", "城区覆盖率", "差距（范围）"),
            (("跨学科教学", "1210", "420", "34.7", "28.1", "41.0", "12.9（7.8~18.0）"), ("信息化应用", "980", "610", "62.2", "60.4", "63.8", "3.4（−2.0~8.8）"),
             ("心理健康", "412", "0", "0", "…", "—", "—"), ("特殊教育", "※", "※", "※", "※", "※", "※")),
            (False, True, True, True, True, True, True), "单位：人、%", (), "教师问卷2025.xlsx、培训台账2025.xlsx"),
        "reasons": Table(
            "reasons", "一年内离开者的去向，名册5862人，示例县，2024年9月1日至2025年9月1日", ("去向", "人数", "占名册"),
            (("留任", "5421", "92.5"), ("县内调动", "302", "5.2"), ("离开本县教育系统", "139", "2.4"), ("合计", "5862", "100")),
            (False, True, True), "单位：人、%", ("分项与合计因四舍五入可能不等，未作调整。",), "教师花名册2024.xlsx、2025.xlsx“名册”"),
        "measures": Table(
            "measures", "各项举措的处理情况，示例县，2025年", ("举措", "处理", "说明"),
            (("乡村教师生活补助提标", "已评估", "尚不能判断"), ("县管校聘交流轮岗", "只描述", "没有可比的学校")), (False, False, False), "", (), "工作台账"),
    }  # fmt: skip


CHANGES = {"数据": "新增2025年问卷。", "口径": "流失率主口径由A4改为A2。", "方法": "无变化。"}


def said(id: str, text: str) -> Claim:
    """A sentence without numbers."""
    return Claim(id, "", "level", text, (), "level")


def report() -> Report:
    """The whole invented report."""
    heads = (
        Headline(
            "training_precision",
            "培训供给与乡村教师需求仍有错位",
            "58.0%对41.0%",
            need_claim(),
            "medium",
        ),
        Headline(
            "burnout", "班主任的情绪衰竭程度高于其他教师", "3.1分对2.6分", burnout_claim(), "weak"
        ),
        Headline(
            "urban_rural_gap",
            "城乡教师流失率差距缩小但仍存在",
            "2.6%对1.9%",
            level_claim(),
            "level",
        ),
    )
    text = "数据截至2025年9月1日，教师5862人，学校102所，答卷3912份"
    return Report(
        scope=Scope("demo-county", "示例县", 2025, "2025-09-01", 5862, 102, 3912, text, True),
        headlines=heads,
        cannot_tell=(subsidy_claim("summary.subsidy"),),
        refuted=(refuted_claim(),),
        problems=sections(),
        effects=(subsidy_claim(), course_claim()),
        changes=tuple(
            Passage(f"changes-{n}", head, (said(f"changes.{n}", text),))
            for n, (head, text) in enumerate(CHANGES.items())
        ),
        tables=tables(),
        figures={"effects": forest_spec(), "ruler": ruler_spec()},
        trails=trails(),
        notes=("人数不足10人的格子以※表示。", "答卷按城乡、学段、教龄加权。"),
        questions=(
            Passage(
                "questions-0",
                "数据从哪里来？",
                (said("questions.0", "来自本县名册、问卷和培训台账，每个数字后有出处编号。"),),
            ),
        ),
    )


def fragments(page: shown.Page) -> list[object]:
    """The cells of the report notebook, in order."""
    return [
        shown.show_head(page), shown.show_summary(page), shown.show_contents(), shown.show_problems(page),
        shown.show_changes(page), shown.show_effects(page), shown.show_demand(page), shown.show_reasons(page),
        shown.show_definitions(page), shown.show_measures(page), shown.show_questions(page), shown.show_notes(page),
        shown.show_trails(page),
    ]  # fmt: skip


def notebook(pieces: list[object]) -> nbformat.NotebookNode:
    """An executed notebook that displayed these pieces, one a cell."""
    cells = [
        nbformat.v4.new_code_cell(
            "show()",
            outputs=[
                nbformat.v4.new_output(
                    "execute_result", data={"text/html": p._repr_html_(), "text/plain": repr(p)}
                )
            ],
        )
        for p in pieces
    ]
    return nbformat.v4.new_notebook(cells=cells)


def build(folder: Path) -> Path:
    """Write the sample page and return its folder."""
    page = shown.open_page(report(), estimates())
    executed = folder / "executed.ipynb"
    nbformat.write(notebook(fragments(page)), str(executed))
    page_from_notebook(executed, folder / "index.html", "示例县2025年问题与不足", "3f9a2c1b")
    executed.unlink()
    return folder
