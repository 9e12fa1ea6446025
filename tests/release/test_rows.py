"""Rows of estimates.csv: region and estimand in words, and a hidden count is empty, never 0."""

from __future__ import annotations

from dataclasses import replace

from analysis.inference.record import Arm
from analysis.release.disclosure import disclose
from analysis.release.effects import effect_claims
from analysis.release.rows import csv_row, rows_text, variants_text
from analysis.release.trails import make_trails
from analysis.study.load import load_study
from analysis.study.workspace import open_workspace
from tests.release.drawn import effect
from tests.release.test_changes import level

STUDY = load_study(open_workspace())


def test_a_row_says_where_what_and_of_whom() -> None:
    row = csv_row(STUDY, "画县", effect(population="全部专任教师"))
    assert list(row)[:2] == ["id", "region"]
    assert row["region"] == "画县"
    assert "成绩的变化" in str(row["estimand_text"])
    assert row["population_text"] == "全部专任教师"
    assert row["hidden"] == "—"


def test_a_ratio_has_no_sides_to_hide() -> None:
    """Its arm holds only who was counted; the row said ``all`` was hidden beside a number."""
    whole = effect(design="ratio", estimate=43.0, arms={"all": Arm(5862, 112, None, None)})
    row = csv_row(STUDY, "画县", whole)
    assert (row["hidden"], row["all_n_teachers"]) == ("—", 5862)
    gone = effect(design="ratio", estimate=None, reason="hidden", arms={})
    assert csv_row(STUDY, "画县", gone)["hidden"] == "all"


def test_hidden_counts_are_empty_and_named() -> None:
    small = effect(
        n_treated=7, arms={"treated": Arm(7, 2, None, 84.1), "control": Arm(2200, 112, None, 81.7)}
    )
    row = csv_row(STUDY, "画县", disclose(small)[0])
    assert row["hidden"] == "treated"
    assert row["treated_n_teachers"] == ""
    assert row["n_treated"] == ""
    assert row["n_dropped"] == ""
    assert row["control_n_teachers"] == 2200
    assert not [k for k, v in row.items() if k.startswith("treated_") and v == 0]


def test_a_true_zero_stays_zero() -> None:
    assert csv_row(STUDY, "画县", effect(n_dropped=0))["n_dropped"] == 0


def test_every_estimand_of_the_study_has_its_sentence() -> None:
    kinds = {d for p in STUDY.interventions.values() for d in p.design.values()}
    kinds |= {i.kind for p in STUDY.problems.values() for i in p.indicators}
    for kind in sorted(kinds):
        assert csv_row(STUDY, "画县", effect(estimand=kind))["estimand_text"]


def test_a_record_holds_its_row_its_population_and_its_claims() -> None:
    one = effect()
    trail = make_trails(STUDY, {one.id: one}, effect_claims(STUDY, one), "2025-09-01")[0]
    more = dict(trail.more)
    assert "estimate为1.2" in more["数据行"]
    assert one.id in more["数据行"]
    assert more["论断"].startswith(f"claims.csv中id为{one.id}")
    assert more["统计范围"]


def test_a_level_names_the_other_definitions_of_its_year() -> None:
    levels = {
        e.id: e for e in (level(2025, 1.4), level(2025, 3.6, definition="A4"), level(2024, 9.9))
    }
    told = variants_text(STUDY, levels["level:attrition:A2:2025"], levels)
    assert told == "全口径离开率（A4）3.6%"
    assert variants_text(STUDY, effect(), levels) == ""


def test_hidden_numbers_do_not_stand_in_the_row_of_a_record() -> None:
    hidden = replace(
        effect(), estimate=None, ci_low=None, ci_high=None, n_treated=0, reason="hidden"
    )
    assert "n_treated" not in rows_text(hidden)
