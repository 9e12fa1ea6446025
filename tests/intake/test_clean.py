"""A drawn region from raw files to typed tables: every row is either in a table or in the ledger."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import AnalysisError, DataError, ParameterError
from analysis.intake import clean
from analysis.intake.clean import clean_region
from analysis.intake.record import Delivery
from analysis.study.objects import Study
from analysis.study.workspace import Workspace
from tests.intake.drawn import draw_region, roster_entry, small_study, table_entry

ROSTER = {
    "姓名": "name",
    "身份证号": "person_number",
    "学校": "school_name",
    "岗位": "is_teacher",
    "出生年月": "birth_month",
}
TRAININGS = {
    "姓名": "name",
    "单位": "school_name",
    "项目": "programme",
    "开始": "start_date",
    "学时": "hours",
}
SCHOOLS = {"标识码": "school_id", "校名": "school_name", "学生数": "n_pupils"}

# numbers of region 99: they have a right check digit and can belong to nobody
LI, ZHANG, WANG = "990101198001010014", "990101199002020024", "990101197503030039"
FILES_2024 = {
    "roster.csv": f"""
教师花名册,,,,
姓名,身份证号,学校,岗位,出生年月
李红,{LI},一小,专任教师,1980.01
张 三,{ZHANG},示例县二小,专任教师,1990年2月
王五,990101197503030030,二小,工勤,1975.3
合计,3,,,
""",
    "schools.csv": "标识码,校名,学生数\n1,一小,120人\n2,二小,若干\n",
}
FILES_2025 = {
    "roster.csv": f"""
姓名,身份证号,学校,岗位,出生年月
李红,{LI},二小,专任教师,1980.01
张三,{ZHANG},二小,专任教师,1990.02
""",
    "schools.csv": "标识码,校名,学生数\n1,一小,118\n2,二小,90\n",
    "trainings.csv": """
姓名,单位,项目,开始,学时
李红,一小,数字培训,2025.3.1,16学时
李红,一小,数字培训,2025-03-01,16
张三,二小,数字培训,2025-03-01,3天
赵六,二小,数字培训,2025-03-01,8
张三,二小,数字培训,2026-01-10,8
""",
}


def both_years(tmp_path: Path) -> Workspace:
    """The drawn region with its two deliveries."""
    entries = roster_entry(2024, ROSTER) + table_entry("schools", SCHOOLS)
    draw_region(tmp_path, 2024, FILES_2024, entries)
    entries = (
        roster_entry(2025, ROSTER)
        + table_entry("schools", SCHOOLS)
        + table_entry("trainings", TRAININGS)
    )
    return draw_region(tmp_path, 2025, FILES_2025, entries)


@pytest.fixture(scope="module")
def delivery(tmp_path_factory: pytest.TempPathFactory) -> Delivery:
    return clean_region(both_years(tmp_path_factory.mktemp("region")), small_study(), "drawn", 2025)


def told(delivery: Delivery, *columns: str) -> list[list[object]]:
    """The ledger's columns, row by row."""
    return delivery.ledger[list(columns)].to_numpy().tolist()


def test_the_roster_is_typed_keyed_and_joined_to_schools(delivery: Delivery) -> None:
    roster = delivery.tables["roster"]
    found = roster[["year", "school_id", "is_teacher", "birth_month", "source_row"]]
    assert found.to_numpy().tolist() == [
        [2024, "1", "yes", "1980-01", 3],
        [2024, "2", "yes", "1990-02", 4],
        [2024, "2", "no", "1975-03", 5],
        [2025, "2", "yes", "1980-01", 2],
        [2025, "2", "yes", "1990-02", 3],
    ]
    li, zhang, wang, li_later, zhang_later = roster["teacher_id"]
    assert (li, zhang) == (li_later, zhang_later)
    assert len({li, zhang, wang}) == 3


def test_trainings_are_linked_and_the_same_event_counts_once(delivery: Delivery) -> None:
    trainings, roster = delivery.tables["trainings"], delivery.tables["roster"]
    li, zhang = roster["teacher_id"][:2]
    found = trainings[["teacher_id", "start_date", "hours", "link_pass"]].astype(object)
    assert found.where(found.notna(), None).to_numpy().tolist() == [
        [li, "2025-03-01", 16.0, "name_school"],
        [zhang, "2025-03-01", None, "name_school"],
        [None, "2025-03-01", 8.0, None],
    ]


def test_the_ledger_tells_everything_that_was_done(delivery: Delivery) -> None:
    ledger = delivery.ledger
    dropped = ledger[ledger["kind"] == "dropped"][["year", "file", "row", "rule"]]
    assert dropped.to_numpy().tolist() == [
        [2024, "roster.csv", 6, "total_row"],
        [2025, "trainings.csv", 3, "repeated_row"],
        [2025, "trainings.csv", 6, "after_report_year"],
    ]
    emptied = ledger[ledger["kind"] == "emptied"][["file", "row", "column", "found", "rule"]]
    assert emptied.to_numpy().tolist() == [
        ["roster.csv", 5, "身份证号", "digits:18", "check_digit_wrong"],
        ["schools.csv", 3, "学生数", "chars:2", "not_a_number"],
        ["trainings.csv", 4, "学时", "3天", "other_unit"],
    ]
    repaired = ledger[ledger["kind"] == "repaired"]
    assert set(repaired["rule"]) == {"date_form", "unit", "school_by_name"}
    assert told(delivery, "row", "rule").count([5, "unlinked"]) == 1


def test_rows_in_are_rows_out_and_rows_in_the_ledger(delivery: Delivery) -> None:
    assert_rows_add_up(delivery)


def assert_rows_add_up(delivery: Delivery) -> None:
    """For each table: filled rows of its files = rows of the table + rows that the ledger drops."""
    rows_in = pd.Series(dtype="int64")
    for record in delivery.files:
        rows_in[record.table] = rows_in.get(record.table, 0) + record.n_rows_in
    dropped = delivery.ledger[delivery.ledger["kind"] == "dropped"].groupby("table")["n"].sum()
    for table, n_rows in rows_in.items():
        assert n_rows == len(delivery.tables[str(table)]) + dropped.get(table, 0), table
        kept = sum(r.n_rows_kept for r in delivery.files if r.table == table)
        assert kept == len(delivery.tables[str(table)]), table


def test_what_the_delivery_says_of_itself(delivery: Delivery) -> None:
    assert (delivery.region, delivery.label, delivery.year) == ("drawn", "示例县", 2025)
    assert delivery.as_of == "2025-09-01"
    assert [(r.table, r.year, r.n_rows_in, r.n_rows_kept, r.verdict) for r in delivery.files] == [
        ("roster", 2024, 4, 3, "usable_with_notes"),
        ("schools", 2024, 2, 2, "usable_with_notes"),
        ("roster", 2025, 2, 2, "usable"),
        ("schools", 2025, 2, 2, "usable"),
        ("trainings", 2025, 5, 3, "usable_with_notes"),
    ]


def test_an_earlier_report_does_not_see_later_deliveries(tmp_path: Path, study: Study) -> None:
    delivery = clean_region(both_years(tmp_path), study, "drawn", 2024)
    assert set(delivery.tables) == {"roster", "schools"}
    assert set(delivery.tables["roster"]["year"]) == {2024}


def test_a_column_without_any_value_is_not_there(tmp_path: Path, study: Study) -> None:
    files = {"roster.csv": "姓名,学校,出生年月\n张三,一小,\n"}
    columns = {"姓名": "name", "学校": "school_name", "出生年月": "birth_month"}
    delivery = clean_region(
        draw_region(tmp_path, 2025, files, roster_entry(2025, columns)), study, "drawn", 2025
    )
    assert "birth_month" not in delivery.tables["roster"]


def test_a_roster_that_does_not_say_who_teaches_is_one_of_teachers(
    tmp_path: Path, study: Study
) -> None:
    files = {"roster.csv": "姓名,学校\n张三,一小\n"}
    columns = {"姓名": "name", "学校": "school_name"}
    delivery = clean_region(
        draw_region(tmp_path, 2025, files, roster_entry(2025, columns)), study, "drawn", 2025
    )
    assert delivery.tables["roster"]["is_teacher"].tolist() == ["yes"]
    assert told(delivery, "rule", "n") == [["assumed_teacher", 1]]


def test_a_second_answer_of_one_person_in_one_year_is_dropped(tmp_path: Path, study: Study) -> None:
    files = {"survey.csv": "工号,需求\ng1,3\ng2,4\ng1,5\n,1\n,1\n"}
    entry = table_entry("survey", {"工号": "staff_number", "需求": "need"})
    delivery = clean_region(draw_region(tmp_path, 2025, files, entry), study, "drawn", 2025)
    assert delivery.tables["survey"]["need"].tolist() == [
        3,
        4,
        1,
        1,
    ]  # two anonymous answers alike are two answers
    assert [line for line in told(delivery, "row", "kind") if line[1] == "dropped"] == [
        [4, "dropped"]
    ]
    assert [4, "second_answer"] in told(delivery, "row", "rule")


def test_answers_of_one_person_in_two_files_of_a_year_become_one_row(
    tmp_path: Path, study: Study
) -> None:
    files = {
        "needs.csv": "工号,需求,年龄\nG1,3,\nG2,,40\n,1,\n",
        "followup.csv": "工号,需求,年龄,性别\nG3,2,30,女\nG2,5,41,男\nG1,4,35,\nG1,1,36,女\n,1,,女\n",
    }
    columns = {"工号": "staff_number", "需求": "need", "年龄": "age"}
    entries = table_entry("survey", columns, "needs.csv") + table_entry(
        "survey", columns | {"性别": "sex"}, "followup.csv"
    )
    delivery = clean_region(draw_region(tmp_path, 2025, files, entries), study, "drawn", 2025)
    survey = delivery.tables["survey"]
    found = survey[["need", "age", "sex", "source_file", "source_row"]].astype(object)
    assert found.where(found.notna(), None).to_numpy().tolist() == [
        [2, 30, "female", "followup.csv", 2],
        [1, None, "female", "followup.csv", 6],  # without a number: of nobody known
        [3, 35, None, "needs.csv", 2],  # the answer given twice in one file does not count
        [5, 40, "male", "needs.csv", 3],
        [1, None, None, "needs.csv", 4],
    ]
    assert told(delivery, "file", "rule", "kind", "n") == [
        ["followup.csv", "answer_joined", "noted", 2],
        ["followup.csv", "second_answer", "dropped", 1],
    ]
    records = [(r.file, r.n_rows_in, r.n_rows_kept) for r in delivery.files]
    assert records == [("needs.csv", 3, 3), ("followup.csv", 5, 4)]


def test_answers_of_one_person_in_two_years_stay_two(tmp_path: Path, study: Study) -> None:
    entry = table_entry("survey", {"工号": "staff_number", "需求": "need"})
    draw_region(tmp_path, 2024, {"survey.csv": "工号,需求\ng1,3\n"}, entry)
    space = draw_region(tmp_path, 2025, {"survey.csv": "工号,需求\ng1,5\n"}, entry)
    survey = clean_region(space, study, "drawn", 2025).tables["survey"]
    assert survey[["year", "need"]].to_numpy().tolist() == [[2024, 3], [2025, 5]]
    assert survey["teacher_id"].nunique() == 1


def test_ids_unique_only_inside_a_group_get_the_group_in_front(
    tmp_path: Path, study: Study
) -> None:
    files = {"survey.csv": "id,school,group\n1,9,A\n1,9,B\n"}
    columns = {"id": "staff_number", "school": "school_id", "group": "survey_stratum"}
    entry = table_entry("survey", columns).replace(
        "[files.columns]", 'ids_within = "survey_stratum"\n[files.columns]'
    )
    survey = clean_region(draw_region(tmp_path, 2025, files, entry), study, "drawn", 2025).tables[
        "survey"
    ]
    assert survey["school_id"].tolist() == ["A:9", "B:9"]
    assert survey["teacher_id"].nunique() == 2


def test_a_list_without_schools_and_a_roster_without_codes_still_link(
    tmp_path: Path, study: Study
) -> None:
    files = {"roster.csv": "姓名,学校\n张三,一小\n", "trainings.csv": "姓名,项目\n张三,数字培训\n"}
    entries = roster_entry(2025, {"姓名": "name", "学校": "school_name"})
    entries += table_entry("trainings", {"姓名": "name", "项目": "programme"})
    tables = clean_region(draw_region(tmp_path, 2025, files, entries), study, "drawn", 2025).tables
    assert tables["trainings"]["teacher_id"].tolist() == tables["roster"]["teacher_id"].tolist()


def test_constants_hold_for_all_rows(tmp_path: Path, study: Study) -> None:
    files = {"trainings.csv": "姓名,学时\n张三,8\n李四,4\n"}
    entry = table_entry("trainings", {"姓名": "name", "学时": "hours"})
    entry += '[files.constants]\nprogramme = "数字培训"\nstart_date = 2025-03-01\n'
    delivery = clean_region(draw_region(tmp_path, 2025, files, entry), study, "drawn", 2025)
    assert set(delivery.tables["trainings"]["programme"]) == {"digital"}
    assert set(delivery.tables["trainings"]["start_date"]) == {"2025-03-01"}


@pytest.mark.parametrize(
    ("row", "told_as", "kept"),
    [
        ("G2,40", [["row_too_short", 3]], [4, None]),
        ("G2,40,3,9", [["row_too_long", 3]], [4]),
        ("G2,40,3,,", [], [4, 3]),  # empty cells at the end push nothing aside
    ],
)
def test_a_row_of_another_length_leaves_a_line(
    tmp_path: Path, study: Study, row: str, told_as: list[list[object]], kept: list[int | None]
) -> None:
    files = {"t.csv": f"工号,年龄,需求\nG1,30,4\n{row}\n"}
    columns = {"工号": "staff_number", "年龄": "age", "需求": "need"}
    entry = table_entry("survey", columns, "t.csv")
    delivery = clean_region(draw_region(tmp_path, 2025, files, entry), study, "drawn", 2025)
    assert told(delivery, "rule", "row") == told_as
    need = delivery.tables["survey"]["need"].astype(object)
    assert need.where(need.notna(), None).tolist() == kept
    (record,) = delivery.files
    assert record.n_rows_in == 2
    assert record.verdict == ("usable_with_notes" if told_as else "usable")
    assert_rows_add_up(delivery)


def test_a_header_shorter_than_every_row_is_refused(tmp_path: Path, study: Study) -> None:
    files = {"t.csv": "姓名,项目\n张三,数字培训,8\n李四,数字培训,8\n"}
    entry = table_entry("trainings", {"姓名": "name", "项目": "programme"}, "t.csv")
    assert failures(draw_region(tmp_path, 2025, files, entry), study) == ["rows_too_long"]


def test_a_table_of_which_no_row_is_left_is_not_there_and_told(
    tmp_path: Path, study: Study
) -> None:
    """Both tests are of the year after the report."""
    files = {
        "roster.csv": "姓名,学校\n张三,一小\n",
        "assessments.csv": "姓名,日期,分\n张三,2026-05-01,80\n李四,2026-05-02,70\n",
    }
    columns = {"姓名": "name", "日期": "test_date", "分": "digital_score"}
    entries = roster_entry(2025, {"姓名": "name", "学校": "school_name"})
    entries += table_entry("assessments", columns)
    delivery = clean_region(draw_region(tmp_path, 2025, files, entries), study, "drawn", 2025)
    assert set(delivery.tables) == {"roster"}
    assert [line for line in told(delivery, "rule", "row") if line[1]] == [
        ["after_report_year", 2],
        ["after_report_year", 3],
    ]
    assert [(r.table, r.n_rows_kept, r.verdict) for r in delivery.files] == [
        ("roster", 1, "usable"),
        ("assessments", 0, "not_usable"),
    ]
    (note,) = delivery.notes
    assert note.startswith("assessments.csv：全部2行")


def test_two_deliveries_cannot_bring_a_roster_of_one_year(tmp_path: Path, study: Study) -> None:
    columns = {"姓名": "name", "学校": "school_name"}
    files = {"roster.csv": "姓名,学校\n张三,一小\n"}
    draw_region(tmp_path, 2024, files, roster_entry(2024, columns))
    space = draw_region(tmp_path, 2025, files, roster_entry(2024, columns))
    with pytest.raises(DataError) as error:
        clean_region(space, study, "drawn", 2025)
    assert error.value.name == "source_same_snapshot"
    assert (error.value.fields["first"], error.value.fields["second"]) == (
        "2024/roster.csv (2024-09-01)",
        "2025/roster.csv (2024-09-01)",
    )


def failures(space: Workspace, study: Study, year: int = 2025, region: str = "drawn") -> list[str]:
    """The ids of all errors of a cleaning that must fail."""
    with pytest.raises(AnalysisError) as error:
        clean_region(space, study, region, year)
    return [e.name for e in getattr(error.value, "errors", (error.value,))]


def test_every_broken_file_is_told_at_once(tmp_path: Path, study: Study) -> None:
    space = both_years(tmp_path)
    folder = space.delivery("drawn", 2025)
    (folder / "trainings.csv").unlink()
    (folder / "schools.csv").write_text("标识码,校名\n1,一小\n", encoding="utf-8")
    assert failures(space, study) == ["column_missing", "file_missing"]


def test_unknown_region_and_year_are_questions_of_the_asker(tmp_path: Path, study: Study) -> None:
    space = both_years(tmp_path)
    for region, year in (("drawnn", 2025), ("drawn", 2023)):
        with pytest.raises(ParameterError) as error:
            clean_region(space, study, region, year)
        assert error.value.exit_code == 2


def test_deliveries_must_agree_about_their_people(tmp_path: Path, study: Study) -> None:
    space = both_years(tmp_path)
    path = space.delivery("drawn", 2024) / "source.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace('"invented"', '"public"'), encoding="utf-8"
    )
    assert failures(space, study) == ["source_persons_differ"]


def test_an_error_leaves_nothing_behind(tmp_path: Path, study: Study) -> None:
    space = both_years(tmp_path)
    (space.delivery("drawn", 2025) / "trainings.csv").unlink()
    with pytest.raises(DataError):
        clean_region(space, study, "drawn", 2025)
    left = {p.name for p in space.processed("drawn").rglob("*") if p.is_file()}
    assert "delivery.json" not in left  # what could be read is kept for the next try, behind a lock
    outside = [p for p in space.processed("drawn").rglob("*") if p.is_file()]
    assert {p.name for p in outside if "identity" not in p.parts} == {"key.txt"}


NAMES = st.sampled_from(["张三", "张 三", "李红", "", "合计", "王五 ", "无"])
NUMBERS = st.sampled_from([LI, ZHANG, WANG, "", "12", "990101199002020020"])
PLACES = st.sampled_from(["一小", "二小", "示例县一小", ""])
MONTHS = st.sampled_from(["1980.01", "1875.01", "刚来", ""])
PEOPLE_ROWS = st.lists(
    st.tuples(NAMES, NUMBERS, PLACES, st.sampled_from(["专任教师", "工勤", "?"]), MONTHS),
    max_size=12,
)
DAYS = st.sampled_from(["2025-03-01", "2025.3.1", "2026-02-01", "2024年5月", "?", ""])
EVENT_ROWS = st.lists(
    st.tuples(NAMES, PLACES, st.just("数字培训"), DAYS, st.sampled_from(["8", "8学时", "900", ""])),
    max_size=12,
)


def as_csv(columns: dict[str, str], rows: list[tuple[str, ...]], sure: tuple[str, ...]) -> str:
    """A file with these rows behind one that is surely there."""
    return "\n".join(",".join(r) for r in [tuple(columns), sure, *rows])


@settings(deadline=None, max_examples=12)
@given(PEOPLE_ROWS, PEOPLE_ROWS, EVENT_ROWS)
def test_no_row_is_ever_lost_in_silence(
    before: list[tuple[str, ...]], after: list[tuple[str, ...]], events: list[tuple[str, ...]]
) -> None:
    """Rows in = rows out + rows in the ledger, whatever stands in the files; and a person is once on a snapshot."""
    sure = ("钱一", "", "一小", "专任教师", "1980.01")
    files = {
        "trainings.csv": as_csv(TRAININGS, events, ("钱一", "一小", "数字培训", "2025-01-02", "4"))
    }
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        draw_region(
            home, 2024, {"roster.csv": as_csv(ROSTER, before, sure)}, roster_entry(2024, ROSTER)
        )
        entries = roster_entry(2025, ROSTER) + table_entry("trainings", TRAININGS)
        space = draw_region(
            home, 2025, files | {"roster.csv": as_csv(ROSTER, after, sure)}, entries
        )
        delivery = clean_region(space, small_study(), "drawn", 2025)
    assert_rows_add_up(delivery)
    assert not delivery.tables["roster"].duplicated(["teacher_id", "year"]).any()


def test_a_file_saved_while_it_is_read_stops_the_run(
    tmp_path: Path, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    space = both_years(tmp_path)
    honest = clean.finish_survey

    def meanwhile(*given: Any) -> Any:
        with (space.delivery("drawn", 2025) / "roster.csv").open("a", encoding="utf-8") as stream:
            stream.write("\n")
        return honest(*given)

    monkeypatch.setattr(clean, "finish_survey", meanwhile)
    with pytest.raises(DataError) as caught:
        clean_region(space, study, "drawn", 2025)
    assert caught.value.name == "files_changed"
    monkeypatch.setattr(clean, "finish_survey", honest)
    assert clean_region(space, study, "drawn", 2025).fingerprint == clean.current_fingerprint(
        space, study, "drawn", 2025
    )
