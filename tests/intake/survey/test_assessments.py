"""Tests of several waves: other forms, and people who took the test again."""

from __future__ import annotations

from pathlib import Path

from analysis.panel.scores import one_per_person
from tests.intake.drawn import draw_region, roster_entry, table_entry
from tests.intake.survey.drawn import Cleaned, clean_drawn, survey_study

ROSTER = {"工号": "staff_number", "姓名": "name", "学校": "school_name"}
TESTS = {
    "工号": "staff_number",
    "姓名": "name",
    "日期": "test_date",
    "卷": "test_form",
    "次": "attempt",
    "总分": "digital_score",
    "共同题": "anchor_score",
}


def cleaned(folder: Path, anchor: bool = True) -> Cleaned:
    """Two waves of three teachers: another form in the second, in which one of them sits the test twice."""
    roster = "工号,姓名,学校\nA1,李红,一小\nA2,张三,一小\nA3,王五,一小"
    head = ",".join(TESTS)
    point = "20" if anchor else ""
    waves = {
        2024: [f"A{k},,2024-05-1{k},A卷,1,8{k},{point}" for k in (1, 2, 3)],
        2025: [f"A{k},,2025-05-1{k},B卷,1,7{k},{point}" for k in (1, 2, 3)]
        + [f"A2,,2025-06-20,B卷,2,95,{point}"],
    }
    names = ["", "李红", "张三", "王五"]
    for year, lines in waves.items():
        named = [x.replace(",,", f",{names[int(x[1])]},", 1) for x in lines]
        files = {"roster.csv": roster, "assessments.csv": "\n".join([head, *named])}
        entries = roster_entry(year, ROSTER) + table_entry("assessments", TESTS)
        space = draw_region(folder, year, files, entries)
    study = survey_study()
    tables = ("assessments", *study.variables["staff_number"].tables)
    numbered = study.variables["staff_number"].model_copy(update={"tables": tables})
    return clean_drawn(
        space,
        study.model_copy(update={"variables": study.variables | {"staff_number": numbered}}),
        2025,
    )


def test_reality_10_retakes_are_told_and_the_first_try_counts(tmp_path: Path) -> None:
    found = cleaned(tmp_path)
    told = found.ledger[found.ledger["rule"] == "retake"]
    assert told[["table", "year", "row", "done", "kind", "n"]].to_numpy().tolist() == [
        ["assessments", 2025, 5, "first", "noted", 1]
    ]
    assert any("2025年1条" in note for note in found.result.notes)
    kept = one_per_person(found.result.tables["assessments"])
    assert sorted(kept.loc[kept["year"] == 2025, "digital_score"]) == [71.0, 72.0, 73.0]


def test_reality_10_another_form_is_told_with_and_without_common_items(tmp_path: Path) -> None:
    told = [
        next(n for n in cleaned(tmp_path / name, anchor).result.notes if "试卷" in n)
        for name, anchor in (("with", True), ("without", False))
    ]
    assert ["2025年" in note for note in told] == [True, True]
    assert ["共同题" in note for note in told] == [True, False]
