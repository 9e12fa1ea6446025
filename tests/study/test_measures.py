"""Every row of the seed inventories has its entry in the live study, and what must not be counted is not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from analysis.errors import DataError
from analysis.study.load import load_study
from analysis.study.objects import Intervention, Measure, Study
from analysis.study.workspace import open_workspace

CITY = {f"S1-{n}" for n in range(1, 38)}  # domain reference, part 1.1
COUNTY = {f"S2-{n}" for n in range(38, 68)}  # part 1.2
FRAMES = {
    "S1-1",
    "S1-2",
    "S1-8",
    "S1-20",
    "S1-30",
    "S1-37",
    "S2-38",
    "S2-67",
}  # texts and umbrellas
LEFT_OUT = {"S1-14", "S1-36", "S2-43", "S2-44", "S2-64"}  # cases of persons, party, pupils
AUDITED = {"S1-3", "S2-42", "S2-52", "S2-56", "S2-62"}
FRAME = (
    '[measures.mine]\nlabel = "某项工作"\nlabel_en = "some work"\nrole = "describe"\n'
    'target_text = "甲"\ncomparison_text = "乙"\nwhy_text = "丙"\nsource = "丁"\n'
)


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study(open_workspace())


def entries(study: Study) -> list[Intervention | Measure]:
    return [*study.interventions.values(), *study.measures.values()]


def rows_of(study: Study, role: str) -> set[str]:
    return {r for m in study.measures.values() if m.role == role for r in m.rows}


def overlaid(tmp_path: Path, text: str) -> Study:
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "interventions.toml").write_text(text, encoding="utf-8")
    return load_study(open_workspace(tmp_path))


def test_every_row_of_the_inventories_is_covered_once(study: Study) -> None:
    rows = [row for entry in entries(study) for row in entry.rows]
    assert len(rows) == len(set(rows)) == 67
    assert set(rows) == CITY | COUNTY


def test_a_row_is_named_by_the_entry_that_covers_it(study: Study) -> None:
    for entry in entries(study):
        head = entry.source.split("：")[0]
        assert re.findall(r"\d+", head) == [row.split("-")[1] for row in entry.rows]


def test_what_is_only_a_text_is_not_counted(study: Study) -> None:
    framing = {r for m in study.measures.values() if not m.counts for r in m.rows}
    assert framing == FRAMES | LEFT_OUT


def test_cases_party_records_and_pupils_are_not_taken_in(study: Study) -> None:
    assert rows_of(study, "not_ingested") == LEFT_OUT
    tables = {t for v in study.variables.values() for t in v.tables}
    assert not tables & {"cases", "party", "exams", "pupils"}


def test_audited_measures_name_their_check(study: Study) -> None:
    assert rows_of(study, "audit") == AUDITED
    assert all(m.check for m in study.measures.values() if m.role == "audit")


def test_small_lists_are_never_split(study: Study) -> None:
    """Rows 12, 22 and 28 hold 20, 58 and 35 people: only totals, by nothing but the title itself."""
    for name in ("model_teachers", "small_school_generalists", "targeted_promotion"):
        columns = {column for count in study.measures[name].counts for column in count.where}
        assert columns <= {"honour", "subject", "programme"}


def test_labels_are_chinese_and_unique_over_all_measures(study: Study) -> None:
    labels = [e.label for e in entries(study)]
    assert len(labels) == len(set(labels))
    texts = [t for m in study.measures.values() for t in (m.label, m.why_text, m.target_text)]
    assert all(re.search("[\u4e00-\u9fff]", text) for text in texts)
    assert not any(re.search(r"\d+\s*[%人]", text) for text in texts)  # numbers come from the data


def test_a_counted_measure_says_which_file_would_bring_it(study: Study) -> None:
    assert all(m.missing_file for m in study.measures.values() if m.counts)


def test_planned_assignments(study: Study) -> None:
    """Ceilings of methods 1.1: pilots start in three years (B), the subsidy goes to chosen posts (C)."""
    assert study.interventions["smart_pilot"].assignment == "staggered"
    assert study.interventions["smart_pilot"].strata == ("area",)
    assert study.interventions["rural_subsidy"].assignment == "chosen"


def test_two_entries_cannot_cover_the_same_row(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="S1-3"):
        overlaid(tmp_path, FRAME + 'rows = ["S1-3"]\n')


def test_a_row_that_is_in_no_inventory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="rows"):
        overlaid(tmp_path, FRAME + 'rows = ["S3-1"]\n')


@pytest.mark.parametrize(
    ("count", "named"),
    [
        ('{ kind = "listed", table = "honour" }', "honours"),
        ('{ kind = "listed", table = "honours", where = { honor = ["contest"] } }', "honour"),
        ('{ kind = "listed", table = "honours", where = { honour = ["contests"] } }', "contest"),
        ('{ kind = "yuan", table = "funds", column = "spend_yuan" }', "spent_yuan"),
        ('{ kind = "listed", table = "honours", where = { exit_reason = [] } }', "exit_reason"),
    ],
)
def test_a_count_of_what_is_not_there_names_the_nearest(
    tmp_path: Path, count: str, named: str
) -> None:
    with pytest.raises(DataError, match=named):
        overlaid(tmp_path, FRAME + f"counts = [{count}]\n")


def test_strata_must_be_columns(tmp_path: Path) -> None:
    text = (
        '[mine]\nlabel = "某举措"\nlabel_en = "x"\nassignment = "chosen"\ndesign = {}\nstrata = ["aera"]\n'
        'exposure = { kind = "waiting_list", programme = "dormitory" }\n'
        'target_text = "甲"\nexposed_text = "乙"\ncomparison_text = "丙"\nbias_text = "丁"\nsource = "戊"\n'
    )
    with pytest.raises(DataError, match="area"):
        overlaid(tmp_path, text)


def test_a_workspace_replaces_one_measure_and_keeps_the_others(
    tmp_path: Path, study: Study
) -> None:
    found = overlaid(tmp_path, 'drop = ["study_tours"]\n\n' + FRAME)
    assert set(found.measures) == {*study.measures, "mine"} - {"study_tours"}


def test_a_workspace_may_leave_all_measures_out(tmp_path: Path) -> None:
    found = overlaid(tmp_path, 'drop = ["measures"]\n\n' + FRAME)
    assert set(found.measures) == {"mine"}


def test_a_measure_may_not_be_called_as_a_programme(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="智慧教育试点"):
        overlaid(tmp_path, FRAME.replace("某项工作", "智慧教育试点"))
