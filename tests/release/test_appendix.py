"""The technical appendix of one outcome: from drawn estimates to sentences, tables and figure."""

import pytest

from analysis.inference.record import Arm
from analysis.intake.delivery import Delivery
from analysis.release.appendix import compose_appendix
from analysis.study.load import load_study
from analysis.study.workspace import open_workspace
from tests.release.drawn import effect
from tests.release.drawn_series import staggered


@pytest.fixture(scope="module")
def study():
    return load_study(open_workspace())


@pytest.fixture
def delivery():
    return Delivery(
        region="r", label="示例县", year=2025, tables={}, ledger=None, files=(), links=None,
        is_invented=True, fingerprint="", as_of="2025-09-01", notes=(),
    )  # fmt: skip


def pilot(**changes):
    """The second programme that study/interventions.toml names for the score."""
    return effect(id="smart_pilot:digital_literacy:score", subject="smart_pilot", **changes)


def test_every_comparison_has_its_sentences_and_checks(study, delivery):
    found = compose_appendix(study, delivery, "digital_literacy", (effect(), pilot()))
    assert [c.id for c in found.comparisons] == ["digital_course", "smart_pilot"]
    course = found.comparisons[0]
    assert "1.2" in course.claims[0].plain()  # the drawn estimate
    assert len(course.tables[0].rows) == 2  # the two drawn checks
    assert found.figures[0].rows == (effect().id, pilot().id)


def test_one_comparison_alone_is_not_drawn(study, delivery):
    found = compose_appendix(study, delivery, "digital_literacy", (effect(),))
    assert found.figures == ()


def test_the_line_names_the_definition_that_was_used(study, delivery):
    found = compose_appendix(study, delivery, "digital_literacy", (effect(),))
    rule = study.outcomes["digital_literacy"].definitions["score"]
    assert found.line == f"数据截至2025年9月1日；口径：{rule.label}。{rule.text}"


def test_an_outcome_without_data_still_has_a_page(study, delivery):
    missing = effect(estimate=None, reason="no_outcome", checks=(), arms={}, grade="E")
    found = compose_appendix(study, delivery, "digital_literacy", (missing,))
    assert [t.id for t in found.tables] == ["measures"]
    assert "需要补交" in found.comparisons[0].claims[0].plain()


def test_small_cells_are_hidden_here(study, delivery):
    # fewer than 10 persons: release/disclosure.py, MIN_PERSONS
    few = effect(arms={"treated": Arm(9, 3, None, 84.1), "control": Arm(2200, 112, None, 81.7)})
    (shown,) = compose_appendix(study, delivery, "digital_literacy", (few,)).estimates
    assert (shown.arms["treated"].n_teachers, shown.arms["treated"].level) == (0, None)


def test_a_comparison_carries_all_that_stands_behind_it(study, delivery):
    found = compose_appendix(study, delivery, "digital_literacy", (effect(), staggered()))
    course, smart = found.comparisons
    assert [p.figure.kind for p in smart.series] == ["event_study", "points", "curve"]
    assert [t.id.split("-")[0] for t in (*smart.flow, *smart.tables)] == [
        "flow",
        "checks",
        "sensitivity",
    ]
    assert [t.id.split("-")[0] for t in (*course.flow, *course.tables)] == ["checks"]
    assert len(found.detectable[0].rows) == 2


def test_every_table_and_figure_has_its_own_id(study, delivery):
    found = compose_appendix(study, delivery, "digital_literacy", (effect(), staggered()))
    tables = [t.id for c in found.comparisons for t in (*c.flow, *c.tables)]
    tables += [t.id for t in (*found.definitions, *found.tables, *found.detectable)]
    figures = [p.figure.id for c in found.comparisons for p in c.series if p.figure]
    assert len(set(tables)) == len(tables)
    assert len(set(figures)) == len(figures)


def test_levels_fill_the_definitions_and_are_no_comparison(study, delivery):
    level = effect(
        id="level:digital_literacy:score:2025", kind="level", estimate=83.2, family="", arms={}
    )
    found = compose_appendix(study, delivery, "digital_literacy", (effect(), level))
    assert found.definitions[0].rows[0][2] == "83.2分"
    assert [c.id for c in found.comparisons] == ["digital_course"]
