"""Every check has words: none may show its code, and no wording claims more than grade and verdict allow."""

import ast
from pathlib import Path

import pytest

import analysis.inference
from analysis.inference.record import Check
from analysis.release.check_details import covariate_label, more_text
from analysis.release.check_words import (
    KINDS,
    check_row,
    checks_table,
    cost_text,
    found_text,
    share_text,
)
from analysis.release.wording import wording
from analysis.study.load import load_study
from analysis.study.workspace import open_workspace
from tests.release.drawn import effect
from tests.release.drawn_series import staggered

SOURCES = sorted(Path(analysis.inference.__file__).parent.rglob("*.py"))
VERDICTS = ("pass", "caution", "fail", "not_run")
NEVER_FAIL = ("mde", "design_effect", "one_score")  # they only tell
# The list that the issue gives: each must have words even where no estimate carries it yet.
ASKED = [
    "exposure_before_outcome",
    "clusters",
    "jackknife_agrees",
    "wild_bootstrap",
    "randomisation",
    "base",
    "mde",
    "balance",
    "overlap",
    "pre_period",
    "honest_did",
    "estimator_agreement",
    "twfe_weights",
    "robustness_value",
    "e_value",
    "placebo_date",
    "placebo_outcome",
    "leave_one_out",
    "specification_curve",
    "missingness",
    "separation",
    "concurrent",
    "design_effect",
    "required",
]


@pytest.fixture(scope="module")
def study():
    return load_study(open_workspace())


def names_in(source: str) -> set[str]:
    """Names of checks in a source: first arguments of Check(...), and texts kept under a name like NAME or REQUIRED."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Check" and node.args:
            found |= texts_of(node.args[0])
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            kept = {getattr(t, "id", "") for t in targets}
            if kept & {"name", "NAME", "COMMON"}:
                found |= texts_of(node.value)
            if "REQUIRED" in kept and isinstance(node.value, ast.Dict):
                found |= {t for v in node.value.values for t in texts_of(v)}
    return found


def texts_of(node: ast.expr) -> set[str]:
    """All texts inside an expression."""
    return {
        n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)
    }


def test_names_are_found_in_a_source():
    drawn = (
        'name = "a"\nCheck("b", 1)\nREQUIRED: dict = {"kind": ("c", *COMMON)}\nCOMMON = ("d",)\n'
    )
    assert names_in(drawn) == {"a", "b", "c", "d"}


def test_every_check_that_is_run_or_asked_for_has_all_its_words():
    run = set().union(*(names_in(p.read_text(encoding="utf-8")) for p in SOURCES))
    wanted = {n for n in run if n} | set(ASKED)
    assert wanted - set(KINDS) == set()
    words = wording()
    for table in ("check", "check_found", "check_needs"):
        assert set(KINDS) - set(words[table]) == set()
    meant = words["check_meaning"]
    assert [n for n in KINDS if f"{n}_fail" not in meant and n not in NEVER_FAIL] == []
    assert [n for n in KINDS if f"{n}_pass" not in meant] == []


@pytest.mark.parametrize("name", KINDS)
def test_a_row_says_everything_and_shows_no_code(study, name):
    verdicts = ["pass", "not_run"] if name in NEVER_FAIL else VERDICTS
    for verdict in verdicts:
        row = check_row(study, effect(), Check(name, 0.3, verdict))
        assert len(row) == 6
        assert all(row)
        assert name not in "".join(row)


@pytest.mark.parametrize(
    ("check", "said"),
    [
        (Check("overlap", 0.973, "pass"), "97%的参加者有条件相近的对照"),
        (Check("overlap", 0.9997, "pass"), "99.97%的参加者有条件相近的对照"),
        (Check("missingness", 0.021, "pass"), "两组缺失率相差2.1个百分点"),
        (Check("mde", 0.82, "pass"), "最小变化为0.82分"),
        (
            Check("placebo_date", 0.41, "pass", detail="estimate -0.2"),
            "假定提前开始，p值为0.41；参加一方相差−0.20分",
        ),
        (Check("pre_period", 0.41, "pass"), "开始前走势是否一致，联合检验p值为0.41"),
        (
            Check("pre_period", 1, "fail", detail="fewer than two leads"),
            "开始前可比的年份（基准年之外）有1个",
        ),
        (
            Check("concurrent", 1, "caution", detail="rural_subsidy"),
            "1项（乡村教师生活补助提标）",
        ),
        (
            Check("balance", 0.12, "caution", detail="age^2"),
            "最大的标准化差异为0.12（年龄）",
        ),
        (
            Check("required", None, "fail", blocks=True, detail="honest_did, placebo_date"),
            "应做而没有做的有2项（走势偏离敏感性、假日期检验）",
        ),
        (
            Check("multiplicity", 0.061, "caution", detail="family=4"),
            "校正后的p值为0.06；同一结果共比较4项",
        ),
        (
            Check("one_score", 1, "pass", detail="excellent"),
            "出自同一份成绩的另有1种（测评优秀率）",
        ),
        (Check("honest_did", 0.0, "fail"), "走势偏离到开始前最大偏离的一半，范围就跨过0"),
        (Check("randomisation", None, "not_run", detail="no lot"), "没有做（没有抽签）"),
        (Check("separation", None, "pass"), "人数少，不列"),  # hidden by disclosure
        (Check("wild_bootstrap", 0.001, "pass"), "自助法p值为小于0.005"),
    ],
)
def test_what_was_found_is_said_with_its_unit(study, check, said):
    assert found_text(study, effect(), check) == said


@pytest.mark.parametrize(
    ("check", "cost"),
    [
        (Check("mde", 1.0, "pass"), "无"),
        (Check("honest_did", 0.5, "caution", cap="C"), "封顶C"),
        (Check("missingness", 0.1, "fail", steps=1), "降一级"),
        (Check("missingness", 0.1, "fail", steps=2), "降2级"),
        (Check("balance", 0.4, "fail", cap="D", steps=1), "封顶D、降一级"),
        (Check("clusters", 1, "fail", blocks=True), "不成句"),
    ],
)
def test_the_cost_is_said_as_the_grade_takes_it(check, cost):
    assert cost_text(check) == cost


def test_what_was_not_run_never_passes(study):
    owed = check_row(study, effect(), Check("placebo_outcome", None, "not_run", steps=1))
    spare = check_row(study, effect(), Check("randomisation", None, "not_run", detail="no lot"))
    assert (owed[3], owed[4], owed[5]) == ("未做", "降一级", "应做而没有做，不能当作通过")
    assert (spare[3], spare[4], spare[5]) == ("未做", "无", "这里用不上，不影响等级")


def test_under_the_table_stands_how_the_grade_came_about(study):
    # drawn: chosen, so C at most; honest_did caps at C, two steps (placebo_outcome, specifications): D is the floor
    notes = checks_table(study, staggered(), "示例县").notes
    assert "最高可到C级" in notes[0]
    assert "扣分的检查：走势偏离敏感性、假结果检验、换种做法是否一致" in notes[0]
    assert "合计后为D级（把握较小）" in notes[0]
    assert notes[1:] == (
        "误差的算法：按学校聚类（夹心法）。",
        "有的批次和年份离开的人太少，按开始后的年数合并计算。",
    )


def test_a_table_cut_out_says_where_and_when(study):
    title = checks_table(study, staggered(), "示例县").title
    assert title == "智慧教育试点与数字素养得分：检查结果，示例县2025年"


@pytest.mark.parametrize(
    ("check", "said"),
    [
        (
            Check(
                "pre_period", 0.4, "pass", detail="leads=3, smallest trend=0.25, implied bias=0.94"
            ),
            "；共3个年份，每年0.25分以上的偏离才看得出，看不出的偏离最多带来0.94分",
        ),
        (
            Check("e_value", 1.4, "pass", detail="strongest observed sex 1.063"),
            "；已记录的最强因素“性别”相当于1.06",
        ),
        (
            Check(
                "robustness_value",
                0.1,
                "pass",
                detail="to lose the interval 0.1; 1x age: -1.2 (-2 to -0.4)",
            ),
            "；若有一个与“年龄”同样强的，估计变为−1.20分（−2.00分至−0.40分）",
        ),
        (
            Check("missingness", 0.1, "fail", steps=1, detail="bounds -0.3 to 1.25e+00"),
            "；按最坏和最好的情形，相差−0.30分至1.25分",
        ),
        (
            Check("overlap", 0.98, "caution", detail="largest 0.012, effective 0.83, used 0.979"),
            "；最大一份权重占1.2%，有效人数占83%，用上的参加者占98%",
        ),
        (
            Check("estimator_agreement", 0.3, "pass", detail="second=1.4 (0.3)"),
            "；第二种方法得1.40分",
        ),
        (Check("overlap", 0.98, "pass", detail="written in some other way"), ""),
        (Check("base", 40, "pass", detail="second=1.4 (0.3)"), ""),
    ],
)
def test_the_numbers_of_a_detail_are_said_with_their_units(study, check, said):
    assert more_text(study, effect(), check) == said


def test_a_trend_of_rates_is_in_points_of_percent(study):
    check = Check(
        "pre_period", 0.4, "pass", detail="leads=3, smallest trend=0.25, implied bias=0.94"
    )
    assert "0.25个百分点以上" in more_text(study, effect(unit="pp"), check)


def test_an_interval_that_covers_zero_is_not_blamed_on_trends(study):
    open_ = Check("honest_did", 0.0, "fail", cap="D", detail="smoothness=0; interval covers 0")
    assert found_text(study, effect(), open_) == "不论走势，范围本来就跨过0"


def test_a_share_that_is_not_exact_never_prints_as_if_it_were():
    assert [share_text(v) for v in (0.0, 0.004, 0.5, 0.9996, 1.0)] == [
        "0%",
        "0.4%",
        "50%",
        "99.96%",
        "100%",
    ]


def test_columns_of_the_matrix_are_named_by_their_variable(study):
    assert covariate_label(study, "title_rank_senior") == study.variables["title_rank"].label
    assert covariate_label(study, "age") == study.variables["age"].label
    assert covariate_label(study, "no_such_thing") == ""


def test_no_wording_of_a_check_claims_an_effect_or_its_absence():
    """Causal verbs and words for no effect belong to grade and verdict; the word for a test's result only to tests."""
    tables = (
        "check_found",
        "check_needs",
        "check_meaning",
        "check_detail",
        "sensitivity",
        "appendix",
    )
    said = "".join(str(v) for t in tables for v in wording()[t].values())
    for word in ("无效", "显著", "促进", "导致", "见效", "没有作用", "证明", "不太可能", "很可能"):
        assert word not in said, word
