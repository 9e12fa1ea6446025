"""The whole report in words: planted wrong claims change it, every number has a trail, nothing hidden leaks."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from analysis.inference.evaluate import evaluate_outcome
from analysis.inference.measure import measure_problems
from analysis.inference.record import Arm, Estimate
from analysis.intake.delivery import Delivery
from analysis.panel.build import Panel
from analysis.release.claims import SLOT, Report
from analysis.release.compose import compose_report
from analysis.study.load import load_study
from analysis.study.objects import Study
from analysis.study.workspace import open_workspace
from tests.inference.drawn import drawn_panel


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study(open_workspace())


@pytest.fixture(scope="module")
def panel() -> Panel:
    return drawn_panel(1, years=(2023, 2024, 2025))


@pytest.fixture(scope="module")
def estimates(study: Study, panel: Panel) -> tuple[Estimate, ...]:
    effects = [e for o in study.outcomes for e in evaluate_outcome(study, panel, o)]
    return (*effects, *measure_problems(study, panel))


def delivery() -> Delivery:
    return Delivery(
        region="drawn", label="画县", year=2025, tables={}, ledger=pd.DataFrame(), files=(),
        links=pd.DataFrame(), is_invented=True, fingerprint="", as_of="2025-09-01", notes=(),
    )  # fmt: skip


def compose(study: Study, panel: Panel, estimates: tuple[Estimate, ...]) -> Report:
    return compose_report(study, delivery(), panel, estimates)


def test_every_slot_has_a_trail(
    study: Study, panel: Panel, estimates: tuple[Estimate, ...]
) -> None:
    report = compose(study, panel, estimates)
    known = {t.estimate for t in report.trails}
    slots = [s for c in report.claims() for s in c.slots]
    assert slots
    assert {s.source for s in slots} <= known
    assert [t.number for t in report.trails] == list(range(1, len(report.trails) + 1))


def test_every_template_number_is_a_filled_slot(
    study: Study, panel: Panel, estimates: tuple[Estimate, ...]
) -> None:
    for claim in compose(study, panel, estimates).claims():
        assert set(SLOT.findall(claim.text)) <= {s.name for s in claim.slots}
        assert "<" not in claim.text
        assert "{" not in claim.plain()


def test_every_slot_is_its_records_number(
    study: Study, panel: Panel, estimates: tuple[Estimate, ...]
) -> None:
    """A slot's value is a field of the estimate it names, or a plain function of two of its arms."""
    by_id = {e.id: e for e in estimates}
    for claim in compose(study, panel, estimates).claims():
        for slot in claim.slots:
            allowed = fields(by_id[slot.source]) + between(by_id[slot.source], estimates)
            assert any(abs(slot.value - v) < 1e-9 for v in allowed), (claim.id, slot)


def between(e: Estimate, estimates: tuple[Estimate, ...]) -> list[float]:
    """What a sentence may say of a record beside another: levels apart, members of a family that have a direction."""
    levels = [x.estimate for x in estimates if x.id.startswith("level:") and x.outcome == e.outcome]
    found = [abs((e.estimate or 0.0) - v) for v in levels if v is not None]
    found += [-v for v in found]
    clear = sum(x.verdict == "direction" for x in estimates if x.family and x.family == e.family)
    return [*found, float(clear)]


def fields(e: Estimate) -> list[float]:
    values: list[float | int | None] = [
        e.estimate, e.ci_low, e.ci_high, e.ci_adj_low, e.ci_adj_high, e.mde, e.relevant_effect,
        e.raw_difference, e.ratio, e.ratio_low, e.ratio_high, e.n_treated, e.n_treated_schools, e.n_control_schools,
        e.n_teachers, e.n_family,
    ]  # fmt: skip
    for a in e.arms.values():
        values += [a.level, a.n_teachers, a.n_rows, a.n_events]
    levels = {k: a.level for k, a in e.arms.items() if a.level is not None}
    values += [x - y for x in levels.values() for y in levels.values()]
    values += [10 * x for x in levels.values()]
    values += [p.estimate for points in e.series.values() for p in points]
    if e.p_value and e.p_adjusted:
        values.append(round(e.p_adjusted / e.p_value))
    found = [float(v) for v in values if v is not None]
    return found + [abs(v) for v in found]


def test_problems_without_data_say_what_would_answer_them(
    study: Study, panel: Panel, estimates: tuple[Estimate, ...]
) -> None:
    burnout = next(p for p in compose(study, panel, estimates).problems if p.id == "burnout")
    assert burnout.label == "none"
    assert "无法回答" in burnout.title
    assert "问卷" in burnout.plan_hook
    assert burnout.absent


def test_a_flipped_gap_refutes_the_problem(
    study: Study, panel: Panel, estimates: tuple[Estimate, ...]
) -> None:
    flipped = tuple(flip(e) if "digital_gap" in e.id else e for e in estimates)
    before, after = (compose(study, panel, e) for e in (estimates, flipped))
    assert "urban_rural_gap" in [h.problem for h in before.headlines]
    assert "urban_rural_gap" not in [h.problem for h in after.headlines]
    assert any("不低于城区" in c.plain() for c in after.refuted)


def flip(e: Estimate) -> Estimate:
    if e.estimate is None or e.ci_low is None or e.ci_high is None:
        return e
    arms = {"focus": e.arms["reference"], "reference": e.arms["focus"]}
    return replace(
        e, estimate=-e.estimate, ci_low=-e.ci_high, ci_high=-e.ci_low, arms=arms,
        ci_adj_low=-(e.ci_adj_high or 0), ci_adj_high=-(e.ci_adj_low or 0),
    )  # fmt: skip


def test_a_suppressed_side_leaves_no_number(
    study: Study, panel: Panel, estimates: tuple[Estimate, ...]
) -> None:
    def shrink(e: Estimate) -> Estimate:
        if "digital_gap" not in e.id:
            return e
        return replace(e, arms=e.arms | {"focus": Arm(7, 2, None, 71.23)})

    report = compose(study, panel, tuple(shrink(e) for e in estimates))
    text = "".join(c.plain() for c in report.claims())
    assert "71.2" not in text
    assert report.hidden
    section = next(p for p in report.problems if p.id == "urban_rural_gap")
    assert any("不单独列出" in t for t in section.absent)


def test_the_year_is_the_records_year(
    study: Study, panel: Panel, estimates: tuple[Estimate, ...]
) -> None:
    tables = compose(study, panel, estimates).tables
    assert "2025年" in tables["definitions"].title
    assert all(cell for t in tables.values() for row in t.rows for cell in row)


def test_same_estimates_same_words(
    study: Study, panel: Panel, estimates: tuple[Estimate, ...]
) -> None:
    assert compose(study, panel, estimates) == compose(study, panel, estimates)


def test_the_title_speaks_of_what_is_in_the_data(
    study: Study, panel: Panel, estimates: tuple[Estimate, ...]
) -> None:
    """Without scores the problem's own finding may not be claimed from another indicator's figures."""
    without = tuple(absent(e) if "digital_gap" in e.id else e for e in estimates)
    section = next(p for p in compose(study, panel, without).problems if p.id == "urban_rural_gap")
    assert "数字素养" not in section.title
    assert "流失率" in section.title
    both = tuple(absent(e) if e.id.startswith("urban_rural_gap") else e for e in estimates)
    section = next(p for p in compose(study, panel, both).problems if p.id == "urban_rural_gap")
    assert "现有数据无法回答" in section.title


def absent(e: Estimate) -> Estimate:
    return replace(
        e, estimate=None, ci_low=None, ci_high=None, reason="no_outcome", grade="E", arms={}
    )


def test_a_missing_grouping_column_names_its_file(
    study: Study, panel: Panel, estimates: tuple[Estimate, ...]
) -> None:
    changed = tuple(
        replace(absent(e), reason="no_group") if "digital_gap" in e.id else e for e in estimates
    )
    section = next(p for p in compose(study, panel, changed).problems if p.id == "urban_rural_gap")
    assert any("学校台账" in text for text in section.absent)
