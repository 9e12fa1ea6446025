"""Several exports of one questionnaire: told by their names, proven by their contents, nobody counted twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.intake.clean import clean_region
from analysis.intake.reading.exports import (
    ExportName,
    RepeatedExport,
    export_name,
    held_rows,
    opened_exports,
    repeated_exports,
)
from analysis.intake.reading.readers import read_sheets
from analysis.study.objects import Study
from tests.intake.drawn import draw_region, table_entry

EARLY, LATE = "331954276_按文本_工作情况_3_3.csv", "331954276_按文本_工作情况_5_5.csv"
NUMBER = "331954276_按序号_工作情况_5_5.csv"
HEAD = "序号,1、工号,2、年龄,3、分\n"
ROWS = [f"{k},G{k},{30 + k},甲{k % 2}\n" for k in range(1, 6)]


@pytest.mark.parametrize(
    ("file", "name"),
    [
        (EARLY, ("331954276", "text", 3, 3)),
        ("副本20260522-353820545_按文本_教师问卷_82_78.xlsx", ("353820545", "text", 82, 78)),
        ("[示例]331954276_按序号_a_b_1108_1067.xlsx", ("331954276", "number", 1108, 1067)),
        ("[问卷星数据]800_800_0.xls", ("[问卷星数据]", "text", 800, 800)),
        ("[问卷星数据]800_800_2.xls", ("[问卷星数据]", "number", 800, 800)),
    ],
)
def test_mess_03_the_name_of_an_export(file: str, name: tuple[str, str, int, int]) -> None:
    assert export_name(file) == ExportName(file, *name)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "file", ["教师花名册(2025年9月).xlsx", "培训台账2025.csv", "2024_2025.xls"]
)
def test_other_names_are_no_exports(file: str) -> None:
    assert export_name(file) is None


def test_pairs_are_of_one_questionnaire() -> None:
    other = "331913069_按文本_需求_9_9.csv"
    assert repeated_exports([LATE, other, EARLY, NUMBER]) == [
        RepeatedExport(EARLY, LATE, "grown"),
        RepeatedExport(NUMBER, LATE, "forms"),
    ]


def write(folder: Path, files: dict[str, str]) -> Path:
    """The files in a folder."""
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_only_rows_that_the_later_export_holds_word_for_word_repeat(tmp_path: Path) -> None:
    changed = ROWS[1].replace("甲0", "甲1")
    write(tmp_path, {EARLY: HEAD + ROWS[0] + changed + ROWS[2], LATE: HEAD + "".join(ROWS)})
    (early,), (late,) = (read_sheets(tmp_path / file) for file in (EARLY, LATE))
    assert held_rows(early, late) == {1, 3}  # positions; the header is 0


def test_a_file_that_cannot_be_read_is_left_to_its_own_entry(tmp_path: Path) -> None:
    write(tmp_path, {EARLY: "", LATE: HEAD + "".join(ROWS)})
    assert [*opened_exports(tmp_path, [EARLY, LATE])] == [LATE]


COLUMNS = {"1、工号": "staff_number", "2、年龄": "age"}


def test_mess_04_a_survey_exported_twice_while_growing_is_counted_once(
    tmp_path: Path, study: Study
) -> None:
    files = {EARLY: HEAD + "".join(ROWS[:3]), LATE: HEAD + "".join(ROWS)}
    entries = table_entry("survey", COLUMNS, EARLY) + table_entry("survey", COLUMNS, LATE)
    delivery = clean_region(draw_region(tmp_path, 2025, files, entries), study, "drawn", 2025)
    assert sorted(delivery.tables["survey"]["age"]) == [31, 32, 33, 34, 35]
    told = delivery.ledger[delivery.ledger["rule"] == "repeated_export"]
    assert told[["file", "row", "kind"]].to_numpy().tolist() == [
        [EARLY, row, "dropped"] for row in (2, 3, 4)
    ]
    for file in delivery.files:
        assert file.n_rows_in == file.n_rows_kept + (told["file"] == file.file).sum()


def test_two_forms_of_one_export_are_counted_once_and_what_differs_is_told(
    tmp_path: Path, study: Study
) -> None:
    numbers = [row.replace("甲0", "1").replace("甲1", "2") for row in ROWS]
    numbers[4] = numbers[4].replace(",35,", ",53,")  # the fifth answer differs
    files = {LATE: HEAD + "".join(ROWS), NUMBER: HEAD + "".join(numbers)}
    entries = table_entry("survey", COLUMNS, LATE) + table_entry("survey", COLUMNS, NUMBER)
    ledger = clean_region(draw_region(tmp_path, 2025, files, entries), study, "drawn", 2025).ledger
    told = ledger[ledger["rule"].isin(["repeated_export", "forms_disagree"])]
    assert sorted(told["rule"]) == ["forms_disagree", *["repeated_export"] * 4]
    assert told.loc[told["rule"] == "forms_disagree", "column"].tolist() == ["2、年龄"]


@pytest.mark.realdata
def test_the_real_pair_is_one_export_in_two_forms(realdata: Path) -> None:
    folder = realdata / "wjx_export_pair_800"
    text, number = (f"[问卷星数据]800_800_{kind}.xls" for kind in "02")
    opened = opened_exports(folder, [text, number])
    assert (len(opened[text][0].repeated), len(opened[number][0].repeated)) == (0, 800)
