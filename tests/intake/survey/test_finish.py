"""A survey from written files to scores, weights and checks; and one whose answers lead to nobody."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from analysis.errors import messages
from analysis.intake.survey.finish import CHECKS
from analysis.study.workspace import Workspace
from tests.intake.drawn import draw_region, roster_entry, table_entry
from tests.intake.survey.drawn import Cleaned, clean_drawn, survey_study

STUDY = survey_study()
ROSTER = {
    "工号": "staff_number",
    "姓名": "name",
    "学校": "school_name",
    "学段": "stage",
    "在编": "staffed_post",
    "参加工作": "work_start",
}
SURVEY = {"工号": "staff_number", "学校": "school_name", "教龄": "years_teaching"}
SURVEY |= {f"tired_{k}": f"tired_{k}" for k in range(1, 6)}
SCHOOLS = {"标识码": "school_id", "校名": "school_name", "城乡": "area"}
SIZE = 60


def draw(folder: Path, answers: list[str], columns: dict[str, str] | None = None) -> Workspace:
    """Sixty teachers, two thirds of them in the rural school, and these answers of the following March."""
    people = [
        f"A{k:02d},教师{chr(0x4E00 + k)},{'二小' if k % 3 else '一小'},{'小学' if k % 2 else '初中'},"
        f"{'编外' if k % 10 == 0 else '在编'},{2024 - k % 30}.08"
        for k in range(SIZE)
    ]
    roster = "\n".join([",".join(ROSTER), *people])
    schools = "标识码,校名,城乡\n1,一小,城区\n2,二小,乡村"
    entries = roster_entry(2024, ROSTER) + table_entry("schools", SCHOOLS)
    draw_region(folder, 2024, {"roster.csv": roster, "schools.csv": schools}, entries)
    used = columns or SURVEY
    survey = "\n".join([",".join(used), *answers])
    return draw_region(folder, 2025, {"survey.csv": survey}, table_entry("survey", used))


def answer(k: int, number: str | None = None) -> str:
    """The answer of teacher ``k``: number, school, years, five ratings that differ a little."""
    who = f"A{k:02d}" if number is None else number
    ratings = ",".join(str((k + j) % 3 + (2 if j == 4 else 1)) for j in range(5))
    return f"{who},{'二小' if k % 3 else '一小'},{k % 30},{ratings}"


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory) -> Cleaned:
    """All urban teachers answer and half of the rural ones."""
    who = [k for k in range(SIZE) if k % 3 == 0 or k % 6 < 3]
    space = draw(tmp_path_factory.mktemp("linked"), [answer(k) for k in who])
    return clean_drawn(space, STUDY, 2025)


def test_weights_give_the_rural_teachers_their_share(linked: Cleaned) -> None:
    survey = linked.result.tables["survey"]
    assert len(survey) == 40
    assert survey["survey_weight"].mean() == pytest.approx(1.0)
    shares = survey.groupby("school_id")["survey_weight"].sum() / survey["survey_weight"].sum()
    assert shares["2"] == pytest.approx(40 / 60, abs=1e-4)
    response = linked.result.checks["response"].set_index(["margin", "group"])
    assert response.loc[("area", "rural"), "response_rate"] == 0.5
    assert response.loc[("all", "all"), "response_rate"] == pytest.approx(40 / 60)
    weights = linked.result.checks["weights"].iloc[0]
    assert weights["effective_n"] < 40
    assert weights["effective_n"] * weights["design_effect"] == pytest.approx(40)


def test_checks_have_the_columns_that_are_promised(linked: Cleaned) -> None:
    for name, columns in CHECKS.items():
        assert tuple(linked.result.checks[name].columns) == columns
        assert not linked.result.checks[name].empty


def test_scores_and_items_are_in_the_typed_table(linked: Cleaned) -> None:
    survey = linked.result.tables["survey"]
    items = survey[[f"tired_{k}" for k in range(1, 6)]].astype(float)
    items["tired_5"] = 6 - items["tired_5"]
    assert survey["tired"].tolist() == pytest.approx(items.mean(axis=1).tolist())


def test_the_notes_say_what_the_weights_rest_on(linked: Cleaned) -> None:
    (note,) = [n for n in linked.result.notes if "有权重" in n]
    assert "2024-09-01" in note
    assert "40份" in note


def test_reality_12_an_anonymous_survey_with_school_names_typed_by_hand(tmp_path: Path) -> None:
    """No number leads to anybody: answers stay, are weighted by what they say themselves, and it is told."""
    who = [k for k in range(SIZE) if k % 3 == 0 or k % 6 < 3]
    columns = {h: v for h, v in SURVEY.items() if h != "工号"}
    lines = [answer(k).split(",", 1)[1].replace("二小", "示例县二小") for k in who]
    with_number = {"编号": "staff_number", **columns}
    found = clean_drawn(draw(tmp_path, ["匿名," + x for x in lines], with_number), STUDY, 2025)
    survey = found.result.tables["survey"]
    assert len(survey) == 40
    assert survey["teacher_id"].isna().all()
    assert survey["tired"].notna().all()
    shares = survey.groupby("school_id")["survey_weight"].sum() / survey["survey_weight"].sum()
    assert shares["2"] == pytest.approx(40 / 60, abs=1e-4)
    margins = set(found.result.checks["response"]["margin"])
    assert margins == {"all", "area", "years_band"}
    notes = " ".join(found.result.notes)
    assert "40份答卷（共40份）对不到名册上的人" in notes
    assert "没有用到" in notes


def test_a_group_without_any_answer_is_told_with_its_size(tmp_path: Path) -> None:
    """Nobody of the thirty teachers of the junior stage answered: no weights by stage, and it is said."""
    space = draw(tmp_path, [answer(k) for k in range(1, SIZE, 2)])
    found = clean_drawn(space, STUDY, 2025)
    notes = " ".join(found.result.notes)
    assert "初中（名册上30人）" in notes
    (single,) = [n for n in found.result.notes if "只剩一组" in n]
    assert "stage" in single
    (made,) = [n for n in found.result.notes if "有权重" in n]
    assert "stage" not in made
    assert bool(found.result.checks["weights"]["is_converged"].iloc[0])


def test_a_weight_that_the_survey_brings_is_not_touched(tmp_path: Path) -> None:
    columns = SURVEY | {"权重": "survey_weight"}
    answers = [f"{answer(k)},{1 + k % 2}.5" for k in range(SIZE)]
    found = clean_drawn(draw(tmp_path, answers, columns), STUDY, 2025)
    survey = found.result.tables["survey"].sort_values("source_row")
    assert survey["survey_weight"].tolist() == [1.5 + k % 2 for k in range(SIZE)]
    assert found.result.checks["weights"].empty


def test_without_a_roster_there_are_scores_and_no_weights(tmp_path: Path) -> None:
    space = draw_region(
        tmp_path,
        2025,
        {"survey.csv": "\n".join([",".join(SURVEY), *[answer(k) for k in range(20)]])},
        table_entry("survey", SURVEY),
    )
    found = clean_drawn(space, STUDY, 2025)
    assert "survey_weight" not in found.result.tables["survey"]
    assert found.result.tables["survey"]["tired"].notna().all()
    assert found.result.checks["weights"].empty
    assert messages()["note_weights_none"]["zh"].format(year=2025) in found.result.notes


def test_only_the_main_questionnaire_is_weighted(tmp_path: Path) -> None:
    """Everybody answers the needs, fewer the scale: the weights are those of the scale's answers."""
    space = draw(tmp_path, [answer(k) for k in range(0, SIZE, 2)])
    needs = {"工号": "staff_number"} | {f"need_{k}": f"need_{k}" for k in range(1, 13)}
    rows = [f"A{k:02d}," + ",".join(str((k + j) % 5 + 1) for j in range(12)) for k in range(SIZE)]
    folder = space.raw / "drawn" / "2025"
    (folder / "needs.csv").write_text("\n".join([",".join(needs), *rows]) + "\n", encoding="utf-8")
    with (folder / "source.toml").open("a", encoding="utf-8") as source:
        source.write(table_entry("survey", needs, "needs.csv"))
    survey = clean_drawn(space, STUDY, 2025).result.tables["survey"]
    assert len(survey) == SIZE
    has_weight = survey["survey_weight"].notna()
    assert has_weight.sum() == SIZE // 2
    assert (has_weight == survey["tired"].notna()).all()


def test_no_survey_at_all_leaves_everything_as_it_is(tmp_path: Path) -> None:
    entries = roster_entry(2025, {"工号": "staff_number", "姓名": "name", "学校": "school_name"})
    space = draw_region(tmp_path, 2025, {"roster.csv": "工号,姓名,学校\nA1,李红,一小"}, entries)
    found = clean_drawn(space, STUDY, 2025)
    assert set(found.result.tables) == {"roster"}
    assert all(isinstance(c, pd.DataFrame) and c.empty for c in found.result.checks.values())
