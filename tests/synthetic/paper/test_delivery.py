"""Deliveries: files that readers can open, the source beside them, and bytes that depend on the seed only."""

from __future__ import annotations

import json
import re
import tomllib
import zipfile
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from analysis.synthetic.options import BureauOptions
from analysis.synthetic.paper.delivery import write_bureau
from analysis.synthetic.paper.files import toml_text
from analysis.synthetic.truth.bureau import draw_bureau
from analysis.synthetic.truth.record import Draw

YEARS = range(2019, 2026)


def contents(folder: Path) -> dict[str, bytes]:
    """All files under a folder by their path inside it."""
    found = [p for p in folder.rglob("*") if p.is_file()]
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in found}


def source(delivered: Path, year: int) -> dict:
    return tomllib.loads((delivered / str(year) / "source.toml").read_text(encoding="utf-8"))


def read_table(path: Path, header: int = 0) -> pd.DataFrame:
    if path.suffix == ".xlsx":
        return pd.read_excel(path, engine="calamine", header=header, dtype=str)
    raw = path.read_bytes()
    encoding = "utf-8-sig" if raw.startswith(b"\xef\xbb\xbf") else "gb18030"
    return pd.read_csv(path, encoding=encoding, dtype=str)


def test_what_comes_in_which_year(delivered: Path) -> None:
    tables = {y: {f["table"] for f in source(delivered, y)["files"]} for y in YEARS}
    assert tables[2019] == {"roster", "schools"}
    assert tables[2020] == {"roster", "schools", "exits"}
    assert tables[2021] == {"roster", "schools", "exits", "trainings"}
    assert tables[2022] == tables[2021] | {"assessments"}
    assert tables[2025] == tables[2022] | {"survey", "programmes"}


@pytest.mark.parametrize("year", YEARS)
def test_source_names_files_and_headers_that_exist(delivered: Path, year: int) -> None:
    entries = source(delivered, year)["files"]
    on_disk = {p.name for p in (delivered / str(year)).iterdir()} - {"source.toml"}
    assert {e["file"] for e in entries} == on_disk
    for entry in entries:
        path = delivered / str(year) / entry["file"]
        headers = set(read_table(path)) | (
            set(read_table(path, 1)) if path.suffix == ".xlsx" else set()
        )
        assert set(entry["columns"]) <= headers


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
    old = (delivered / "2019" / "教师花名册2019年9月.csv").read_bytes()
    assert "姓名".encode("gb18030") in old[:20]
    roster = read_table(delivered / "2025" / "教师花名册(2025年9月).xlsx")
    assert "教师花名册" in roster.columns[0]  # a title row above the headers
    schools = read_table(delivered / "2025" / "学校台账2025.xlsx")
    assert schools.iloc[-1, 0] == "合计"
    pupils = schools["学生数"].astype(int)
    assert pupils.iloc[-1] == pupils.iloc[:-1].sum()


def test_rows_are_those_of_the_draw(small: Draw, delivered: Path) -> None:
    folder = delivered / "2025"
    assert len(read_table(folder / "教师花名册(2025年9月).xlsx", 1)) == len(small.roster(2025))
    for name, table in (
        ("培训台账2025.csv", small.trainings),
        ("数字素养测评成绩2025.csv", small.scores),
        ("教师问卷_按文本_2025.csv", small.survey),
    ):
        assert len(read_table(folder / name)) == (table["year"] == 2025).sum()


def test_no_person_number_in_any_file_can_be_real(delivered: Path) -> None:
    wide = str.maketrans("０１２３４５６７８９", "0123456789")
    seen = 0
    for path in delivered.rglob("*"):
        if path.suffix not in (".csv", ".xlsx"):
            continue
        text = read_table(path).to_csv().translate(wide)
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
    assert set(ours) == set(theirs)
    same = {name for name in ours if ours[name] == theirs[name]}
    assert {Path(name).name for name in same} == {"source.toml"}


def test_a_further_year_leaves_the_earlier_ones_alone(
    tiny_options: BureauOptions, tiny_raw: Path, tmp_path: Path
) -> None:
    before = contents(tiny_raw / "tiny")
    after = made(replace(tiny_options, last_year=2026), tmp_path)
    kept = {name: text for name, text in after.items() if not name.startswith("2026/")}
    assert {n for n in before if before[n] != kept[n]} == {"truth.json"}
    # roster, schools, exits, trainings, assessments, survey, rotation and the source
    assert len([name for name in after if name.startswith("2026/")]) == 8


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


def test_toml_is_read_back_as_written() -> None:
    entry = {
        "table": "roster",
        "file": '花名册 "新".xlsx',
        "columns": {"6、需求（1至5分）—(甲)": "need", "plain": "x"},
        "answers": {"staffed_post": {"占编": "yes"}},
    }
    text = toml_text({"year": 2025, "invented": True}, [entry, {"table": "schools"}], "files")
    made = tomllib.loads(text)
    assert made == {"year": 2025, "invented": True, "files": [entry, {"table": "schools"}]}
