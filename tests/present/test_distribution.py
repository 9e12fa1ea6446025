"""Distribution and weights: dots that add up, none for fewer than ten teachers, the cut drawn and told; two dots a group."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from analysis.inference.record import Estimate, Point
from analysis.inference.spread import SERIES, bin_edges, spread
from analysis.intake.delivery import Delivery
from analysis.present.canvas import BLUE, GREY
from analysis.present.distribution import columns_of, dot_share
from analysis.present.figures import data_table, png, svg
from analysis.present.plot import Plot, open_plot
from analysis.release.claims import FigureSpec
from analysis.release.disclosure import disclose_all
from analysis.release.spread_figures import cut_of, spread_figures, weights_figure
from analysis.study.load import load_study
from analysis.study.objects import Study
from analysis.study.workspace import open_workspace
from tests.present import sample

YEAR = 2025
SPREAD, LEVEL = "spread:digital_literacy:score:2025", "level:digital_literacy:excellent:2025"


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study(open_workspace())


def records(scores: np.ndarray, share: float | None = 40.7) -> dict[str, Estimate]:
    """The two records of a distribution, disclosed."""
    made = dict(kind="level", outcome="digital_literacy", n_teachers=len(scores), year=YEAR)
    points = tuple(spread(pd.Series(scores), 85.0))
    found = (
        sample.estimate(SPREAD, unit="points", definition="score", series={SERIES: points}, **made),
        sample.estimate(LEVEL, unit="pp", definition="excellent", estimate=share, **made),
    )
    return disclose_all(found)[0]


def drawn(n: int = 5360) -> np.ndarray:
    """Scores like the county's: about 83, at most 100."""
    return np.minimum(np.random.default_rng(3).normal(83, 8, n).round(2), 100.0)


def figure(study: Study, found: dict[str, Estimate]) -> Plot:
    (spec,) = spread_figures(study, study.outcomes["digital_literacy"], found, "示例县", YEAR)
    return open_plot(spec, found)


@pytest.mark.parametrize(("n", "dots"), [(5360, 100), (999, 50), (499, 20), (199, 0)])
def test_a_dot_stands_for_ten_teachers_or_more(n: int, dots: int) -> None:
    points = list(spread(pd.Series(drawn(n)), 85.0))
    assert sum(p.estimate or 0 for p in points) == dots
    assert sum(p.n or 0 for p in points) == (n if dots else 0)
    assert dots == 0 or n / dots >= 9.98


def test_dots_follow_the_ranks() -> None:
    """A fifth below 70, four fifths from 90 on: 20 dots of 100 left of every cut between, worked out by hand."""
    scores = pd.Series([65.0] * 200 + [95.0] * 800)
    points = {float(p.label): p.estimate for p in spread(scores, 85.0)}
    assert sum(d or 0 for e, d in points.items() if e < 85) == 20
    assert sum(d or 0 for e, d in points.items() if e >= 85) == 80


def test_the_cut_is_an_edge_and_the_highest_score_lies_inside() -> None:
    edges = bin_edges(53.2, 100.0, 85.0)
    assert 85.0 in edges
    assert edges[0] <= 53.2
    assert edges[-1] >= 100.0
    assert {round(b - a, 9) for a, b in pairwise(edges)} == {2.0}


def test_a_bin_of_fewer_than_ten_has_no_dot(study: Study) -> None:
    points = (Point("61", 1.0, n=6), Point("63", 49.0, n=2450), Point("65", 50.0, n=2544))
    found = records(drawn())
    raw = replace(found[SPREAD], series={SERIES: points})
    shown = disclose_all((raw, found[LEVEL]))[0]
    plot = figure(study, shown)
    assert [c.edge for c in columns_of(plot)] == [63.0, 65.0]
    assert "61" not in [row[0] for row in data_table(plot).rows]


def test_the_drawing_has_its_dots_and_says_the_share(study: Study) -> None:
    plot = figure(study, records(drawn()))
    picture = svg(plot)
    colours = Counter(re.findall(r"fill: (#\w+)", picture))
    beyond = sum(c.dots for c in columns_of(plot) if c.edge >= 85)
    assert colours[BLUE.lower()] >= beyond
    assert colours[GREY.lower()] == 100 - beyond
    assert "85分及以上：40.7%" in picture
    assert dot_share(plot) == 1
    assert plot.spec.title == "数字素养测评得分怎样分布：85分及以上占40.7%"
    assert sum(int(row[2]) for row in data_table(plot).rows) == 100
    assert len(png(plot)) > 1000


def test_a_hidden_share_leaves_no_cut(study: Study) -> None:
    found = records(drawn(), share=None)
    assert cut_of(study.outcomes["digital_literacy"], found, YEAR) == (None, None)
    plot = figure(study, found)
    assert plot.spec.title == "数字素养测评得分怎样分布"
    assert "及以上：" not in svg(plot)


def test_too_few_scores_give_no_figure(study: Study) -> None:
    outcome = study.outcomes["digital_literacy"]
    assert spread_figures(study, outcome, records(drawn(150)), "示例县", YEAR) == ()
    assert spread_figures(study, outcome, {}, "示例县", YEAR) == ()


# --- who answered ---------------------------------------------------------------------------------


def checked(**areas: tuple[int, int]) -> pd.DataFrame:
    """The check of a survey: roster and answers of each area."""
    roster, answers = (sum(v[i] for v in areas.values()) for i in (0, 1))
    rows = [
        {"year": YEAR, "margin": "area", "group": name, "n_roster": n, "n_answers": a, "response_rate": a / n,
         "answer_share": a / answers, "weighted_share": n / roster, "roster_share": n / roster}
        for name, (n, a) in areas.items()
    ]  # fmt: skip
    return pd.DataFrame(rows)


def delivery(check: pd.DataFrame | None) -> Delivery:
    nothing = pd.DataFrame()
    checks = {} if check is None else {"response": check}
    return Delivery(
        region="r", label="示例县", year=YEAR, tables={}, ledger=nothing, files=(), links=nothing, is_invented=True,
        fingerprint="", as_of="2025-09-01", notes=(), checks=checks,
    )  # fmt: skip


def responses(study: Study, check: pd.DataFrame) -> tuple[FigureSpec, Plot]:
    made = weights_figure(study, delivery(check))
    assert made is not None
    spec, found = made
    return spec, open_plot(spec, disclose_all(found)[0])


def test_two_dots_a_group_with_the_shares_of_the_check(study: Study) -> None:
    spec, plot = responses(study, checked(rural=(400, 100), urban=(600, 300)))
    assert spec.row_labels == ("城乡类别：乡村", "城乡类别：城区")
    words = re.findall(r"<text[^>]*>([^<]*)</text>", svg(plot))
    assert {"40", "25", "60", "75"} <= {w.rstrip("%") for w in words} | {
        w.split(".")[0] for w in words
    }
    assert data_table(plot).rows[0][3:] == ("400", "100")
    assert "加权补不了" in spec.reading


def test_groups_of_few_are_never_drawn_and_never_one_alone(study: Study) -> None:
    check = checked(rural=(400, 100), town=(60, 6), urban=(600, 300))
    _, plot = responses(study, check)
    assert (
        len(plot.rows) == 1
    )  # the smallest other goes too, so that the whole does not tell the first
    assert "镇区" not in svg(plot)
    assert "6" not in {c for row in data_table(plot).rows for c in row}


def test_without_a_survey_there_is_no_figure(study: Study) -> None:
    assert weights_figure(study, delivery(None)) is None
    assert weights_figure(study, delivery(pd.DataFrame())) is None
