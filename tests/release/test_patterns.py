"""The fifteen ways in which a bureau's report may put a finding: each named, with the record that triggers it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

from analysis.inference.background import ANCHOR, RESPONSE, SELF_RATING, background
from analysis.inference.record import Arm, Check, Estimate
from analysis.intake.delivery import Delivery
from analysis.release.effects import effect_claims
from analysis.release.indicators import indicator_claims
from analysis.release.material import Material
from analysis.release.remarks import forms_claim, multiplicity_claims, remarks
from analysis.study.load import load_study
from analysis.study.workspace import open_workspace
from tests.inference.drawn import drawn_panel
from tests.release.drawn import effect
from tests.release.test_effects import RISK

STUDY = load_study(open_workspace())
PANEL = drawn_panel(1, years=(2023, 2024, 2025))


def delivery(**fields: object) -> Delivery:
    base: dict[str, object] = dict(
        region="drawn", label="画县", year=2025, tables={}, ledger=pd.DataFrame(), files=(),
        links=pd.DataFrame(), is_invented=True, fingerprint="", as_of="2025-09-01", notes=(), checks={},
    )  # fmt: skip
    return Delivery(**(base | fields))  # type: ignore[arg-type]


def material(*estimates: Estimate, **fields: object) -> Material:
    return Material(STUDY, delivery(**fields), PANEL, {e.id: e for e in estimates}, ())


def programme(**changes: object) -> str:
    return "".join(c.plain() for c in effect_claims(STUDY, effect(**changes)))


def indicator(kind: str, **changes: object) -> str:
    """The sentences of the study's first indicator of a kind, for a record like the given one."""
    for problem in STUDY.problems.values():
        for one in problem.indicators:
            if one.kind == kind and one.measure and one.group:
                fields = {
                    "kind": kind,
                    "subject": one.id,
                    "unit": one.unit,
                    "outcome": "digital_literacy",
                }
                record = effect(id=f"{problem.id}.{one.id}", family="x", **(fields | changes))
                return "".join(
                    c.plain() for c in indicator_claims(STUDY, problem, one, {record.id: record})
                )
    raise AssertionError(f"the study has no {kind}")


def direction(**changes: object) -> str:
    return programme(**(RISK | {"grade": "B", "verdict": "direction", "ci_high": -0.1, "ci_low": -1.1,
                                "ci_adj_high": -0.05, "ratio_high": 0.96, "checks": LEADS} | changes))  # fmt: skip


LEADS = (Check("pre_period", 0.6, "pass"), Check("placebo_date", 0.4, "fail"))


def related() -> str:
    return indicator("association", definition="score", estimate=0.4, ci_low=0.2, ci_high=0.6)


def hidden() -> str:
    return indicator(
        "gap",
        definition="score",
        arms={"focus": Arm(0, 0, None, None), "reference": Arm(40, 3, None, 3.0)},
    )


def answered() -> str:
    record = background(
        PANEL, RESPONSE, "response", "pp", Arm(5862, 112, 3985, 68.0), ("问卷.csv",)
    )
    rows = [
        ("all", "all", 5862, 3985),
        ("area", "rural", 2200, 1200),
        ("area", "urban", 3662, 2785),
    ]
    table = pd.DataFrame(rows, columns=["margin", "group", "n_roster", "n_answers"]).assign(
        year=2025
    )
    table["response_rate"] = table["n_answers"] / table["n_roster"]
    weights = pd.DataFrame({"year": [2025], "is_converged": [True]})
    found = remarks(material(record, checks={"response": table, "weights": weights}))
    return found[0].plain()


def compared() -> str:
    found = [
        effect(n_family=4),
        effect(id="a:digital_literacy:score", n_family=4, verdict="undetermined"),
    ]
    return multiplicity_claims(material(*found))[0].plain()


def rated() -> str:
    id_ = f"{SELF_RATING}:digital_literacy"
    record = background(PANEL, id_, "self_rating", "correlation", Arm(900, 60, None, 0.35), ())
    return remarks(material(record))[0].plain()


def clustered() -> str:
    check = Check("design_effect", 5.2, "pass", detail="equivalent independent answers 1136")
    level = effect(id="level:x", kind="level", n_teachers=5862, checks=(check,), is_weighted=True)
    return remarks(material(level))[0].plain()


def forms(*anchors: float) -> str:
    tests = pd.DataFrame({"year": [2024, 2025], "test_form": ["A", "B"]})
    records = [
        background(PANEL, f"{ANCHOR}:{y}", "anchor", "points", Arm(900, 60, None, v), (), y)
        for y, v in zip((2024, 2025), anchors, strict=False)
    ]
    claim = forms_claim(material(*records, tables={"assessments": tests}))
    assert claim is not None
    return claim.plain()


PATTERNS: dict[str, tuple[Callable[[], str], tuple[str, ...]]] = {
    "1 有对照的差值": (programme, ("比", "高1.2分", "大致在0.9至1.5分之间")),
    "2 只是相关": (related, ("只说明两者同时出现", "不能据此认定因果")),
    "3 分辨不出": (lambda: programme(**RISK), ("尚不能判断", "从降低1.5个百分点到升高0.3个百分点", "不等于“没有”")),
    "4 很小而确定": (lambda: programme(verdict="bounded", estimate=0.1, ci_low=-0.2, ci_high=0.4, ci_adj_low=-0.3,
                                 ci_adj_high=0.5), ("数据足以说明", "也不超过0.5分")),
    "5 前后比较无对照": (lambda: programme(**RISK), ("同期", "不宜全部归于")),
    "6 双重差分": (direction, ("前提是", "大致在", "检查")),
    "7 自愿参加": (programme, ("一年就已高1.5分", "差距的一部分是原来就有的")),
    "8 小组不列": (hidden, ("为保护教师个人信息，不单独列出",)),
    "9 回收情况": (answered, ("3985份", "68.0%", "乡村", "作答偏少", "加权", "未作答者的情况仍不掌握")),
    "10 多项比较": (compared, ("同时比较了4项", "多项比较校正后", "1项")),
    "11 自评与测评": (rated, ("只有中等程度一致", "0.35", "不宜用来评判个人")),
    "12 学校聚集": (clustered, ("5862份", "1136份", "已按学校放宽")),
    "13 口径不可比": (lambda: forms(24.0, 25.5), ("不能直接相减", "共同题", "24.0分变为25.5分")),
}  # fmt: skip


@pytest.mark.parametrize("name", PATTERNS)
def test_each_pattern_is_reached_from_its_record(name: str) -> None:
    make, parts = PATTERNS[name]
    said = make()
    assert [p for p in parts if p not in said] == [], said
    assert "{" not in said
    assert "<" not in said


def test_forms_without_common_items_are_only_set_apart() -> None:
    said = forms()
    assert "没有共同题" in said
    assert "变为" not in said


def test_a_self_rating_that_hardly_agrees_is_called_so() -> None:
    id_ = f"{SELF_RATING}:digital_literacy"
    record = background(PANEL, id_, "self_rating", "correlation", Arm(900, 60, None, 0.1), ())
    assert "很低" in remarks(material(record))[0].plain()


def test_a_hidden_response_rate_is_not_told() -> None:
    record = background(PANEL, RESPONSE, "response", "pp", Arm(5862, 112, 3985, 68.0), ())
    assert remarks(material(replace(record, estimate=None, reason="hidden"))) == ()


def test_no_family_no_remark_on_luck() -> None:
    assert multiplicity_claims(material(effect(n_family=1))) == ()
