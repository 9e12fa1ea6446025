"""Cells of need and supply from the record to the shaded table: hidden ones stay hidden, the top five is outlined."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.inference.describe.cells import cells_record
from analysis.inference.measure import blank_indicator
from analysis.inference.record import Estimate
from analysis.panel.build import Panel
from analysis.present.heat import heat_html
from analysis.release.described import described_claims, largest
from analysis.release.disclosure import disclose
from analysis.release.heat import demand_map, demand_table
from analysis.study.load import load_study
from analysis.study.workspace import open_workspace

STUDY = load_study(open_workspace())
PROBLEM = STUDY.problems["training_precision"]
CELLS = next(i for i in PROBLEM.indicators if i.kind == "cells")
TOPICS = [v.id for v in STUDY.variables.values() if v.topic]


def drawn(n: int, seed: int = 1, few: int = 0) -> Estimate:
    """A county of n teachers; rural ones lack digital hours; ``few`` veterans in the towns."""
    rng = np.random.default_rng(seed)
    area = rng.choice(["urban", "rural"], n)
    frame = pd.DataFrame(rng.integers(1, 6, (n, len(TOPICS))), columns=TOPICS).assign(
        teacher_id=[f"t{i}" for i in range(n)],
        school_id=[f"s{i}" for i in rng.integers(0, 40, n)],
        year=2025,
        area=area,
        career_stage=rng.choice(["novice", "early"], n),
    )
    frame.loc[frame.index < few, ["area", "career_stage"]] = ["town", "veteran"]
    frame["need_digital"] = np.where(area == "rural", 5, 1)
    held = pd.DataFrame(
        {"teacher_id": ["t0"], "topic": ["care"], "hours": [2.0], "end_date": ["2025-05-01"]}
    )
    panel = Panel("drawn", 2025, frame)
    blank = blank_indicator(STUDY, panel, PROBLEM.id, CELLS)
    return cells_record(blank, CELLS, STUDY, panel, {"trainings": held})


@pytest.fixture(scope="module")
def record() -> Estimate:
    return disclose(drawn(1200, few=15))[0]


def test_the_largest_cells_are_named_with_value_and_ranks(record: Estimate) -> None:
    claim = described_claims(STUDY, PROBLEM, CELLS, record)[0].plain()
    first, second = largest(record)[:2]
    assert {first.label.split("|")[0], second.label.split("|")[0]} == {"digital"}
    assert {first.label.split("|")[1], second.label.split("|")[1]} == {"rural"}
    assert f"{first.pooled.estimate:.0f}%" in claim
    assert "（第1至第" in claim
    assert claim.count("教师的信息化应用，") == 1  # several stages of one finding are told together


def test_a_small_cell_hides_raw_pooled_and_rank(record: Estimate) -> None:
    for name in ("cells", "pooled", "ranks"):
        mine = [p for p in record.series[name] if "|town|" in p.label]
        assert mine
        assert all(p.estimate is p.ci_low is p.ci_high is None and p.n == 0 for p in mine)
    assert all("|town|" not in t.label for t in largest(record))


def test_the_map_shows_numbers_marks_and_hidden_cells(record: Estimate) -> None:
    heat = demand_map(STUDY, {record.id: record}, "画县")
    assert heat is not None
    html = heat_html(heat)
    assert html.count("<table") == 3  # one block per area
    assert html.count(" top") == 5
    assert 'class="none"' in html
    assert "人数少，不列" in html
    assert len(heat.heads) <= 6
    for text in ("画县", "2025年", "单位：%", "来源" if heat.source else "口径"):
        assert text in html
    table = demand_table(heat)
    assert all(len(row) == len(table.heads) == len(table.numeric) for row in table.rows)
    assert sum("[" in c for row in table.rows for c in row) == 5


def test_no_differences_name_no_cells() -> None:
    level = drawn(1200)
    flat = tuple(replace(p, estimate=30.0) for p in level.series["pooled"])
    level = replace(level, series=level.series | {"pooled": flat})
    claim = described_claims(STUDY, PROBLEM, CELLS, disclose(level)[0])[0]
    assert "没有超出偶然" in claim.plain()
    assert not claim.slots


def test_a_tiny_region_hides_all_cells_and_says_so() -> None:
    record = disclose(drawn(40))[0]
    assert "不单独列出" in described_claims(STUDY, PROBLEM, CELLS, record)[0].plain()
    assert demand_map(STUDY, {record.id: record}, "画县") is None


def test_without_trainings_the_cells_are_absent() -> None:
    panel = Panel(
        "drawn", 2025, pd.DataFrame({"teacher_id": ["a"], "school_id": ["s"], "year": [2025]})
    )
    blank = blank_indicator(STUDY, panel, PROBLEM.id, CELLS)
    missing = cells_record(blank, CELLS, STUDY, panel, {})
    assert missing.reason == "no_outcome"
    assert CELLS.missing_file in described_claims(STUDY, PROBLEM, CELLS, missing)[0].plain()
