"""What source.toml may say, and that everything wrong in it is said at once with the nearest right name."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.errors import AnalysisError, DataError, SeveralErrors
from analysis.intake.clean import clean_region
from analysis.intake.source import load_source
from analysis.study.load import load_study
from analysis.study.objects import Study
from analysis.study.workspace import open_workspace
from tests.intake.drawn import draw_region, roster_entry, table_entry

COLUMNS = {"姓名": "name", "学校": "school_name"}
GOOD = roster_entry(2025, COLUMNS)


def problems(tmp_path: Path, study: Study, entries: str, year: int = 2025) -> list[DataError]:
    """The errors of one delivery whose [[files]] are these."""
    space = draw_region(tmp_path, 2025, {}, entries)
    if year != 2025:
        (space.raw / "drawn" / "2025").rename(space.raw / "drawn" / str(year))
    with pytest.raises(AnalysisError) as error:
        load_source(space, study, "drawn", year)
    found = error.value.errors if isinstance(error.value, SeveralErrors) else (error.value,)
    assert all(isinstance(e, DataError) for e in found)
    assert all(e.fields["file"].endswith("/source.toml") for e in found)  # type: ignore[attr-defined]
    return list(found)  # type: ignore[arg-type]


def only(tmp_path: Path, study: Study, entries: str) -> DataError:
    """The one error of a delivery."""
    (error,) = problems(tmp_path, study, entries)
    return error


def test_a_right_file_is_read(tmp_path: Path, study: Study) -> None:
    space = draw_region(tmp_path, 2025, {}, GOOD)
    source = load_source(space, study, "drawn", 2025)
    (entry,) = source.files
    assert (source.region_label, source.persons, source.invented) == ("示例县", "invented", False)
    assert (entry.table, entry.columns) == ("roster", COLUMNS)


def test_an_unknown_key_names_the_nearest(tmp_path: Path, study: Study) -> None:
    error = only(tmp_path, study, GOOD.replace("snapshot", "snapshoot"))
    # the misspelt key is one problem of form; what follows from it is told after it is mended
    assert (error.name, error.fields["nearest"]) == ("source_bad_key", "snapshot")


def test_an_unknown_table_names_the_nearest(tmp_path: Path, study: Study) -> None:
    error = only(tmp_path, study, GOOD.replace('"roster"', '"rooster"'))
    assert (error.name, error.fields["nearest"]) == ("source_unknown_table", "roster")


def test_an_unknown_variable_names_file_table_and_nearest(tmp_path: Path, study: Study) -> None:
    error = only(tmp_path, study, roster_entry(2025, COLUMNS | {"性别": "sexx"}))
    assert error.name == "source_unknown_variable"
    assert error.fields["delivered"] == "roster.csv"
    assert (error.fields["variable"], error.fields["nearest"]) == ("sexx", "sex")


def test_a_variable_of_another_table_is_refused(tmp_path: Path, study: Study) -> None:
    error = only(tmp_path, study, roster_entry(2025, COLUMNS | {"学时": "hours"}))
    assert (error.name, error.fields["variable"]) == ("source_unknown_variable", "hours")


def test_all_problems_are_told_at_once(tmp_path: Path, study: Study) -> None:
    entries = roster_entry(2025, {"姓名": "nmae", "性别": "sex"}) + table_entry("trainigs", COLUMNS)
    names = [e.name for e in problems(tmp_path, study, entries)]
    assert names == [
        "source_unknown_variable",
        "source_unknown_table",
    ]


def test_one_variable_comes_from_one_column(tmp_path: Path, study: Study) -> None:
    error = only(tmp_path, study, roster_entry(2025, COLUMNS | {"曾用名": "name"}))
    assert (error.name, error.fields["variable"]) == ("source_twice", "name")


def test_an_answer_must_lead_to_a_known_code(tmp_path: Path, study: Study) -> None:
    entries = (
        roster_entry(2025, COLUMNS | {"性别": "sex"})
        + '[files.answers.sex]\n"F" = "femal"\n"?" = ""\n'
    )
    error = only(tmp_path, study, entries)
    assert (error.name, error.fields["code"], error.fields["nearest"]) == (
        "source_unknown_code",
        "femal",
        "female",
    )


@pytest.mark.parametrize(
    ("entry", "needed"),
    [
        (roster_entry(2025, {"学校": "school_name"}), "person_number / staff_number / name"),
        (roster_entry(2025, {"姓名": "name"}), "school_id / school_name"),
        (table_entry("schools", {"学生数": "n_pupils"}), "school_id / school_name"),
        (table_entry("trainings", {"姓名": "name"}), "programme / topic"),
    ],
)
def test_a_table_needs_what_its_rows_are_known_by(
    tmp_path: Path, study: Study, entry: str, needed: str
) -> None:
    """Told once the file's own headers are known, as they may name what no line maps."""
    header = entry.split("[files.columns]\n")[1].split(" = ")[0].strip('"')
    name = entry.split('file = "')[1].split('"')[0]
    space = draw_region(tmp_path, 2025, {name: f"{header},x\n1,2\n"}, entry)
    with pytest.raises(DataError) as error:
        clean_region(space, study, "drawn", 2025)
    assert (error.value.name, error.value.fields["expected"]) == ("source_no_key", needed)


def test_a_roster_needs_its_date(tmp_path: Path, study: Study) -> None:
    error = only(tmp_path, study, GOOD.replace("snapshot = 2025-09-01", ""))
    assert error.name == "source_no_snapshot"


def test_a_roster_dated_after_the_report_year_is_refused(tmp_path: Path, study: Study) -> None:
    error = only(tmp_path, study, GOOD.replace("2025-09-01", "2026-01-01"))
    assert (error.name, error.fields["expected"]) == ("source_after_year", "2025-12-31")


def test_the_year_must_be_that_of_the_folder(tmp_path: Path, study: Study) -> None:
    (error,) = problems(tmp_path, study, GOOD, year=2024)
    assert (error.name, error.fields["found"], error.fields["expected"]) == (
        "source_wrong_year",
        2025,
        2024,
    )


def test_what_is_no_toml_is_said_to_be_none(tmp_path: Path, study: Study) -> None:
    assert only(tmp_path, study, "[[files]\n").name == "source_not_toml"


def test_a_missing_source_is_said_to_be_missing(tmp_path: Path, study: Study) -> None:
    space = draw_region(tmp_path, 2025, {}, GOOD)
    (space.raw / "drawn" / "2025" / "source.toml").unlink()
    with pytest.raises(DataError) as error:
        load_source(space, study, "drawn", 2025)
    assert error.value.name == "source_missing"


@pytest.mark.parametrize(("day", "is_right"), [("2024-01-01", True), ("2023-12-31", False)])
def test_a_roster_is_of_the_folders_year_or_the_year_before(
    tmp_path: Path, study: Study, day: str, is_right: bool
) -> None:
    entries = GOOD.replace("2025-09-01", day)
    if is_right:
        load_source(draw_region(tmp_path, 2025, {}, entries), study, "drawn", 2025)
        return
    error = only(tmp_path, study, entries)
    assert (error.name, str(error.fields["found"])) == ("source_old_snapshot", day)
    assert error.fields["delivered"] == "roster.csv"
    assert error.fields["expected"] == "2024-01-01 – 2025-12-31"


def test_a_delivery_without_files_is_refused(tmp_path: Path, study: Study) -> None:
    assert only(tmp_path, study, "files = []\n").name == "source_no_files"


def test_a_source_in_another_encoding_is_to_be_saved_as_utf8(tmp_path: Path, study: Study) -> None:
    space = draw_region(tmp_path, 2025, {}, GOOD)
    path = space.raw / "drawn" / "2025" / "source.toml"
    path.write_bytes(path.read_text(encoding="utf-8").encode("gbk"))
    with pytest.raises(DataError, match="UTF-8") as error:
        load_source(space, study, "drawn", 2025)
    assert error.value.name == "source_not_utf8"


STATED = '\n[stated."{}"]\nvalue = 50.0\ntext = "the plan\'s"\n'


def test_a_stated_figure_names_a_ratio_of_the_study(tmp_path: Path) -> None:
    whole, key = load_study(open_workspace()), "training_modes.practice_share"
    space = draw_region(tmp_path, 2025, {}, GOOD + STATED.format(key))
    assert load_source(space, whole, "drawn", 2025).stated[key].value == 50
    error = only(tmp_path, whole, GOOD + STATED.format(key[:-1]))
    assert (error.name, error.fields["nearest"]) == ("source_unknown_stated", key)
