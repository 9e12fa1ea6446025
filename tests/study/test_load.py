"""The study files load, hold together, and every mistake is named with its place and the nearest right thing."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.errors import AnalysisError, DataError, SeveralErrors
from analysis.study.load import load_study, study_hash
from analysis.study.references import check_references
from analysis.study.workspace import open_workspace


def overlay(tmp_path: Path, name: str, text: str) -> Path:
    (tmp_path / "study").mkdir(exist_ok=True)
    (tmp_path / "study" / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_our_own_study_loads() -> None:
    study = load_study(open_workspace())
    assert set(study.outcomes["attrition"].definitions) == {"A1", "A2", "A3", "A4", "A5"}
    assert {"rural_subsidy", "smart_pilot", "digital_course", "mentoring", "rotation"} <= set(
        study.interventions
    )
    assert {"training_precision", "urban_rural_gap", "burnout"} <= set(study.problems)


def test_every_label_is_chinese_and_unique() -> None:
    study = load_study(open_workspace())
    for kind in ("variables", "interventions", "outcomes", "problems"):
        labels = [e.label for e in getattr(study, kind).values()]
        assert len(labels) == len(set(labels))
        assert all(any("\u4e00" <= c <= "\u9fff" for c in label) for label in labels)


def test_a_workspace_entry_replaces_ours_and_drop_removes_it(tmp_path: Path) -> None:
    home = overlay(tmp_path, "interventions.toml", 'drop = ["rotation"]\n')
    study = load_study(open_workspace(home))
    assert "rotation" not in study.interventions
    home = overlay(
        tmp_path,
        "variables.toml",
        '[age]\nlabel = "周岁"\nlabel_en = "age"\nkind = "number"\ntables = ["panel"]\n',
    )
    assert load_study(open_workspace(home)).variables["age"].label == "周岁"


def test_a_misspelt_key_names_file_entry_and_nearest(tmp_path: Path) -> None:
    home = overlay(
        tmp_path, "variables.toml", '[age]\nlable = "年龄"\nlabel_en = "age"\nkind = "number"\n'
    )
    with pytest.raises(AnalysisError) as caught:
        load_study(open_workspace(home))
    text = str(caught.value)
    assert "variables.toml" in text
    assert "[age]" in text
    assert "lable" in text
    assert "label" in text
    assert caught.value.exit_code == 3


def test_all_problems_are_reported_at_once(tmp_path: Path) -> None:
    text = (
        '[age]\nlabel = "年龄甲"\nlabel_en = "age"\nkind = "nummer"\n'
        '[years_teaching]\nlabel_en = "years"\nkind = "number"\n'
    )
    with pytest.raises(SeveralErrors) as caught:
        load_study(open_workspace(overlay(tmp_path, "variables.toml", text)))
    assert len(caught.value.errors) == 2


def test_an_unknown_outcome_in_a_programme_names_the_nearest(tmp_path: Path) -> None:
    text = (
        '[x]\nlabel = "某举措"\nlabel_en = "x"\nassignment = "chosen"\ndesign = { atrition = "describe" }\n'
        'exposure = { kind = "attendance", programme = "mentoring", min_hours = 1.0 }\n'
        'target_text = "甲"\nexposed_text = "乙"\ncomparison_text = "丙"\nbias_text = "丁"\nsource = "戊"\n'
    )
    with pytest.raises(DataError, match="attrition"):
        load_study(open_workspace(overlay(tmp_path, "interventions.toml", text)))


def test_the_same_label_twice_is_refused(tmp_path: Path) -> None:
    text = '[mine]\nlabel = "年龄"\nlabel_en = "mine"\nkind = "number"\n'
    with pytest.raises(DataError, match="年龄"):
        load_study(open_workspace(overlay(tmp_path, "variables.toml", text)))


def test_a_broken_file_says_which(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"problems\.toml"):
        load_study(open_workspace(overlay(tmp_path, "problems.toml", "[broken\n")))


def test_dropping_what_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="rotation"):
        load_study(open_workspace(overlay(tmp_path, "interventions.toml", 'drop = ["rotatoin"]\n')))


def test_the_hash_follows_the_overlay(tmp_path: Path) -> None:
    before = study_hash(open_workspace(tmp_path))
    overlay(tmp_path, "variables.toml", "")
    assert study_hash(open_workspace(tmp_path)) != before


def test_references_are_clean() -> None:
    assert check_references(load_study(open_workspace())) == []
