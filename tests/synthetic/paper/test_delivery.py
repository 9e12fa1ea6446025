"""Deliveries: files that readers can open, the source beside them, and bytes that depend on the seed only."""

from __future__ import annotations

import csv
import io
import json
import re
import tomllib
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from analysis.synthetic.options import BureauOptions
from analysis.synthetic.paper.delivery import plan_year, write_bureau
from analysis.synthetic.truth.bureau import draw_bureau
from analysis.synthetic.truth.record import Draw

YEARS = range(2019, 2026)


def contents(folder: Path) -> dict[str, bytes]:
    """All files under a folder by their path inside it."""
    found = [p for p in folder.rglob("*") if p.is_file()]
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in found}


def source(delivered: Path, year: int) -> dict:
    return tomllib.loads((delivered / str(year) / "source.toml").read_text(encoding="utf-8"))


def sheets(path: Path) -> list[list[list[str]]]:
    """The rows of every sheet of a file, title and notes included; a text file is one sheet."""
    if path.suffix in (".xlsx", ".xls"):
        with path.open("rb") as stream, CalamineWorkbook.from_filelike(stream) as book:
            found = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
        return [[[str(cell) for cell in row] for row in sheet] for sheet in found]
    raw = path.read_bytes()
    encoding = "utf-8-sig" if raw.startswith(b"\xef\xbb\xbf") else "gb18030"
    return [list(csv.reader(io.StringIO(raw.decode(encoding), newline="")))]


def named(sheet: list[list[str]]) -> set[str]:
    """All texts of the first rows: a title and a header over one or two rows."""
    return {cell for row in sheet[:3] for cell in row}


def test_what_comes_in_which_year(delivered: Path) -> None:
    tables = {y: {f["table"] for f in source(delivered, y)["files"]} for y in YEARS}
    assert tables[2019] == {"roster", "schools"}
    assert tables[2020] == {"roster", "schools", "exits"}
    assert tables[2021] == {"roster", "schools", "exits", "trainings"}
    assert tables[2022] == tables[2021] | {"assessments"}
    assert tables[2025] >= tables[2022] | {"survey", "programmes"}


@pytest.mark.parametrize("year", YEARS)
def test_source_names_files_and_headers_that_exist(delivered: Path, year: int) -> None:
    entries = source(delivered, year)["files"]
    on_disk = {p.name for p in (delivered / str(year)).iterdir()} - {"source.toml"}
    assert {e["file"] for e in entries} <= on_disk
    for entry in entries:
        for sheet in sheets(delivered / str(year) / entry["file"]):
            leaves = {header.rsplit("/", 1)[-1] for header in entry["columns"]}
            assert leaves <= named(sheet)


def test_only_what_a_table_takes_up_is_in_the_source(small: Draw, delivered: Path) -> None:
    planned = {form.file: form.table for form, _ in plan_year(small, 2025)}
    entries = {e["file"] for e in source(delivered, 2025)["files"]}
    assert entries == {file for file, table in planned.items() if table}
    written = {p.name for p in (delivered / "2025").iterdir()}
    assert written == {*planned, "source.toml"}


def test_no_two_files_of_a_year_have_one_name(county: Draw) -> None:
    names = [form.file for form, _ in plan_year(county, 2025)]
    assert len(names) == len(set(names))


def test_what_the_draw_lacks_has_no_file(small: Draw) -> None:
    lacking = replace(small, needs=small.needs.iloc[:0], dormitories=small.dormitories.iloc[:0])
    files = {form.file for form, _ in plan_year(lacking, 2025)}
    assert not [f for f in files if "需求调研" in f or "周转宿舍" in f]


def test_a_list_of_those_who_passed_takes_the_place_of_scores(small: Draw, tmp_path: Path) -> None:
    listed = replace(small, options=replace(small.options, tests="pass-list"))
    write_bureau(listed, tmp_path, years=[2025])
    files = {p.name for p in (tmp_path / "small" / "2025").iterdir()}
    assert [f for f in files if "达标" in f]
    assert not [f for f in files if "测评成绩" in f]
    # no table takes it up, so the source does not name it
    entries = source(tmp_path / "small", 2025)["files"]
    assert not [e for e in entries if "达标" in e["file"] or not e["table"]]


def test_source_says_invented_and_when(delivered: Path) -> None:
    made = source(delivered, 2025)
    assert made["invented"] is True
    assert made["persons"] == "invented"
    assert made["year"] == 2025
    assert made["received"].isoformat() <= "2025-12-31"
    (roster,) = [e for e in made["files"] if e["table"] == "roster"]
    assert roster["snapshot"].isoformat() == "2025-09-01"


def test_formats_are_mixed(delivered: Path) -> None:
    starts = {p: p.read_bytes()[:3] for p in delivered.rglob("*.csv")}
    assert {start == b"\xef\xbb\xbf" for start in starts.values()} == {True, False}
    assert {p.suffix for p in delivered.rglob("*.*")} >= {".csv", ".xls", ".xlsx", ".toml"}
    old = (delivered / "2019" / "教师花名册2019年9月.csv").read_bytes()
    assert "姓名".encode("gb18030") in old[:20]
    (roster,) = sheets(delivered / "2025" / "教师花名册(2025年9月).xlsx")
    assert "教师花名册" in roster[0][0]  # a title row above the headers


def test_the_school_ledger_adds_up(delivered: Path) -> None:
    (rows,) = sheets(delivered / "2025" / "学校台账2025.xlsx")
    header = next(row for row in rows if "学生数" in row)
    pupils = [row[header.index("学生数")] for row in rows[rows.index(header) + 1 :]]
    total = next(k for k, row in enumerate(rows[rows.index(header) + 1 :]) if row[0] == "合计")
    assert sum(map(float, pupils[:total])) == float(pupils[total])


def test_rows_are_those_of_the_draw(small: Draw, tmp_path: Path) -> None:
    clean = replace(small, options=replace(small.options, dirt="none"))
    write_bureau(clean, tmp_path, years=[2025])
    entries = source(tmp_path / "small", 2025)["files"]
    found: dict[str, int] = {}
    for entry in entries:
        rows = [
            row for sheet in sheets(tmp_path / "small" / "2025" / entry["file"]) for row in sheet
        ]
        found[entry["table"]] = found.get(entry["table"], 0) + len(rows)
    trainings = small.trainings[small.trainings["year"] == 2025]
    mentored = trainings[trainings["programme"] == "mentoring"]
    assert found["roster"] == len(small.roster(2025)) + 2  # title and header
    # the ledger's header; of the mentors' workbook title and header of each school
    assert found["trainings"] == len(trainings) + 1 + 2 * mentored["school"].nunique()
    assert found["assessments"] == (small.scores["year"] == 2025).sum() + 1


def test_no_person_number_in_any_file_can_be_real(delivered: Path) -> None:
    wide = str.maketrans("０１２３４５６７８９", "0123456789")
    seen = 0
    for path in delivered.rglob("*"):
        if path.suffix not in (".csv", ".xlsx", ".xls"):
            continue
        text = "\n".join(",".join(row) for sheet in sheets(path) for row in sheet).translate(wide)
        found = re.findall(r"(?<!\d)\d{17}[\dXx](?!\d)", text)
        seen += len(found)
        assert all(number.startswith("99") for number in found)
    assert seen > 5000


def made(options: BureauOptions, raw: Path) -> dict[str, bytes]:
    """The files of a bureau, made anew."""
    write_bureau(draw_bureau(options), raw)
    return contents(raw / options.region)


def test_same_seed_same_bytes(tiny_options: BureauOptions, tiny_raw: Path, tmp_path: Path) -> None:
    assert made(tiny_options, tmp_path) == contents(tiny_raw / "tiny")


def test_another_seed_other_bytes(
    tiny_options: BureauOptions, tiny_raw: Path, tmp_path: Path
) -> None:
    ours, theirs = contents(tiny_raw / "tiny"), made(replace(tiny_options, seed=8), tmp_path)
    # the questionnaires' names hold their counts of answers
    plain = [{re.sub(r"_\d+_\d+\.csv$", "", name) for name in files} for files in (ours, theirs)]
    assert plain[0] == plain[1]
    same = {name for name in ours if ours[name] == theirs.get(name)}
    assert {Path(name).name for name in same} == {"source.toml"}


def test_a_further_year_leaves_the_earlier_ones_alone(
    tiny_options: BureauOptions, tiny_raw: Path, tmp_path: Path
) -> None:
    before = contents(tiny_raw / "tiny")
    after = made(replace(tiny_options, last_year=2026), tmp_path)
    kept = {name: text for name, text in after.items() if not name.startswith("2026/")}
    assert {n for n in before if before[n] != kept[n]} == {"truth.json"}
    assert len([name for name in after if name.startswith("2026/")]) > 8


def test_one_year_alone_has_the_bytes_it_has_among_all(
    tiny_options: BureauOptions, tiny_raw: Path, tmp_path: Path
) -> None:
    write_bureau(draw_bureau(tiny_options), tmp_path, years=[2025])
    alone, among = contents(tmp_path / "tiny"), contents(tiny_raw / "tiny")
    assert set(alone) == {name for name in among if not name.startswith("2024/")}
    # the truth too: it tells of all years, whichever are written
    assert {name for name, content in alone.items() if among[name] != content} == set()


def test_workbooks_carry_a_fixed_date(delivered: Path) -> None:
    with zipfile.ZipFile(delivered / "2025" / "学校台账2025.xlsx") as book:
        core = book.read("docProps/core.xml").decode()
        years = {entry.date_time[0] for entry in book.infolist()}
    assert "2025-12-31T00:00:00Z" in core
    assert years == {1980}  # the archive's zero, not the day of writing


def test_truth_stands_beside_the_years(delivered: Path, small: Draw) -> None:
    truth = json.loads((delivered / "truth.json").read_text(encoding="utf-8"))
    assert truth["options"]["seed"] == small.options.seed
    assert set(truth["rates"]) == {str(y) for y in range(2020, 2026)}


def test_the_truth_tells_what_is_dirt_in_which_file(delivered: Path) -> None:
    files = json.loads((delivered / "truth.json").read_text(encoding="utf-8"))["files"]
    name = "2023/教师花名册2023年9月.csv"
    ((header, *rows),) = sheets(delivered / name)
    dirt = files[name]["dirt"]["身份证件号"]
    assert len(dirt) > 3
    for row, clean in dirt.items():
        assert rows[int(row)][header.index("身份证件号")] != clean
        assert re.fullmatch(r"99\d{15}[\dX]", clean)
    every = {f"{year}/{e['file']}" for year in YEARS for e in source(delivered, year)["files"]}
    assert set(files) <= every | {p.relative_to(delivered).as_posix() for p in delivered.rglob("*")}
