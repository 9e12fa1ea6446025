"""One problem as a section: what its title may say when the data refute it by sign, or by how near both sides are."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.inference.measure import blank_indicator
from analysis.inference.record import Arm, Estimate
from analysis.panel.build import Panel
from analysis.release.section import Finding, find_problem, lead_text
from analysis.study.load import load_study
from analysis.study.workspace import open_workspace
from tests.release.test_described import EMPTY

STUDY = load_study(open_workspace())
PANEL: Panel = EMPTY
LEVELS = ("levels_percent", "levels_percent_open")


def weighed(raw: float, adjusted: float, verdicts: tuple[str, str]) -> Finding:
    """The needs of new teachers against those of others; verdicts of the plain and of the like-for-like gap."""
    problem = STUDY.problems["need_by_group"]
    records = {
        f"{problem.id}.{i.id}": replace(
            blank_indicator(STUDY, PANEL, problem.id, i), reason="no_outcome"
        )
        for i in problem.indicators
    }
    first = problem.indicators[0]
    sides = {"focus": Arm(500, 50, 120, 24.0 + raw), "reference": Arm(900, 60, 216, 24.0)}
    main: Estimate = replace(
        blank_indicator(STUDY, PANEL, problem.id, first),
        estimate=adjusted, ci_low=adjusted - 1, ci_high=adjusted + 1, ci_adj_low=adjusted - 1,
        ci_adj_high=adjusted + 1, arms=sides, grade="C", verdict=verdicts[1],
    )  # fmt: skip
    plain = replace(main, id=f"{main.id}:raw", estimate=raw, verdict=verdicts[0])
    records |= {main.id: main, plain.id: plain}
    return find_problem(STUDY, problem, records, "画县")


@pytest.mark.parametrize(
    ("raw", "verdicts", "title"),
    [
        (1.8, ("bounded", "bounded"), "新教师与其他教师所需培训没有获得的比例相差不大"),
        (-9.0, ("direction", "direction"), "新教师的培训需求没有比其他教师更少得到满足"),
        (9.0, ("direction", "direction"), "新教师的培训需求比其他教师更少得到满足"),
        (2.0, ("undetermined", "undetermined"), "新教师的培训需求是否更少得到满足尚不能判断"),
    ],
)
def test_a_title_leans_only_where_the_figures_do(
    raw: float, verdicts: tuple[str, str], title: str
) -> None:
    """24.0 + 1.8 against 24.0 is near; a title with "not less met" would contradict the two figures."""
    assert weighed(raw, raw, verdicts).section.title == title


def test_near_sides_are_told_with_their_bound() -> None:
    (said,) = weighed(1.8, 1.5, ("bounded", "bounded")).refuted
    text = said.plain()
    assert "26%" in text
    assert "24%" in text
    assert "相差不超过2.5个百分点" in text


def test_a_study_without_a_title_for_near_sides_takes_the_one_it_has() -> None:
    problem = STUDY.problems["training_money"]
    assert not problem.lead_near
    assert lead_text(problem, problem.indicators[0], "near") == problem.lead_refuted


@pytest.mark.parametrize(
    ("verdicts", "is_told"),
    [(("direction", "direction"), True), (("undetermined", "undetermined"), False)],
)
def test_answers_that_do_not_tell_the_sides_apart_have_no_higher_side(
    verdicts: tuple[str, str], is_told: bool
) -> None:
    """26 against 24 percent of answers may be chance: which is higher is left open, in the sentence and the figure."""
    found = weighed(2.0, 2.0, verdicts).section
    levels = next(c.plain() for c in found.evidence if c.id.endswith(LEVELS))
    assert ("高2.0个百分点" in levels) == is_told
    assert ("谁高谁低尚不能判断" in levels) != is_told
    assert ("高2.0个百分点" in found.figures[0].title) == is_told
