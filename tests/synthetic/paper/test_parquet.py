"""Large bureaus: Parquet in codes, part by part, that intake reads without a single repair."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from analysis.intake.clean import clean_region
from analysis.study.load import load_study
from analysis.study.workspace import Workspace
from analysis.synthetic.options import BureauOptions
from analysis.synthetic.paper.parquet import column_array, write_parquet_bureau
from analysis.synthetic.truth.bureau import draw_bureau
from analysis.synthetic.truth.record import Draw

OPTIONS = BureauOptions(region="parts", teachers=240, schools=16, pilots=4, first_year=2024)
HALF = replace(OPTIONS, teachers=120, schools=8, pilots=2)


def two_parts() -> Iterator[Draw]:
    """Two bureaus of other seeds as the parts of one."""
    first = draw_bureau(replace(HALF, seed=11))
    yield first
    persons, schools = 1 + int(first.teachers["person"].max()), len(first.schools)
    yield replace(draw_bureau(replace(HALF, seed=12)), person_offset=persons, school_offset=schools)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a bureau in two parts."""
    folder = tmp_path_factory.mktemp("parts")
    write_parquet_bureau(two_parts(), folder / "data" / "raw", OPTIONS)
    return folder


@pytest.fixture(scope="module")
def region(home: Path) -> Path:
    return home / "data" / "raw" / "parts"


def test_every_part_is_a_row_group(region: Path) -> None:
    file = pq.ParquetFile(region / "2025" / "roster.parquet")
    sizes = [len(part.roster(2025)) for part in two_parts()]
    assert [file.metadata.row_group(k).num_rows for k in range(file.num_row_groups)] == sizes


def test_nobody_stands_in_two_parts(region: Path) -> None:
    roster = pd.read_parquet(region / "2025" / "roster.parquet")
    assert roster["person_number"].is_unique
    assert roster["staff_number"].is_unique
    schools = pd.read_parquet(region / "2025" / "schools.parquet")
    assert schools["school_id"].is_unique
    assert set(roster["school_id"]) <= set(schools["school_id"])


def test_values_are_those_of_the_draw_in_codes(region: Path) -> None:
    scores = pd.read_parquet(region / "2025" / "assessments.parquet")
    true = pd.concat([part.scores[part.scores["year"] == 2025] for part in two_parts()])
    assert scores["digital_score"].tolist() == true["digital_score"].tolist()
    roster = pd.read_parquet(region / "2025" / "roster.parquet")
    true = pd.concat([part.roster(2025) for part in two_parts()])
    assert roster["sex"].tolist() == true["sex"].tolist()
    assert (roster["staffed_post"] == "yes").tolist() == true["staffed_post"].tolist()
    assert roster["birth_month"].tolist() == true["birth_date"].dt.strftime("%Y-%m").tolist()


def test_an_answer_that_nobody_could_link_has_no_number(region: Path) -> None:
    survey = pd.read_parquet(region / "2025" / "survey.parquet")
    true = pd.concat([part.survey[part.survey["year"] == 2025] for part in two_parts()])
    assert survey["staff_number"].notna().tolist() == true["is_linkable"].tolist()
    assert 0 < survey["staff_number"].isna().sum() < len(survey)
    assert not {c for c in survey if c.startswith("hidden") or c == "person"}


def test_the_source_maps_columns_to_themselves(region: Path) -> None:
    made = tomllib.loads((region / "2025" / "source.toml").read_text(encoding="utf-8"))
    assert {e["file"] for e in made["files"]} == {p.name for p in region.glob("2025/*.parquet")}
    for entry in made["files"]:
        columns = pq.read_schema(region / "2025" / entry["file"]).names
        assert entry["columns"] == {name: name for name in columns}


def test_the_truth_holds_that_of_each_part(region: Path) -> None:
    truth = json.loads((region / "truth.json").read_text(encoding="utf-8"))
    assert truth["options"]["teachers"] == 240
    assert [part["options"]["seed"] for part in truth["parts"]] == [11, 12]


def test_intake_reads_every_row_and_links_everybody(home: Path, region: Path) -> None:
    space = Workspace(home=home, out=home / "out")
    delivery = clean_region(space, load_study(space), "parts", 2025)
    roster = delivery.tables["roster"]
    persons = sum(part.teachers["person"].nunique() for part in two_parts())
    assert roster["teacher_id"].nunique() == persons
    emptied = delivery.ledger[delivery.ledger["kind"] == "emptied"]
    assert emptied.empty, emptied.to_string()
    linked = delivery.links[delivery.links["table"].isin(["trainings", "exits"])]
    assert (linked["share"] == 1).all()
    scores = delivery.tables["assessments"]
    assert (
        len(scores[scores["year"] == 2025])
        == pq.read_metadata(region / "2025" / "assessments.parquet").num_rows
    )


def test_the_same_parts_give_the_same_bytes(region: Path, tmp_path: Path) -> None:
    written = write_parquet_bureau(two_parts(), tmp_path, OPTIONS)
    for path in written:
        same = region / path.relative_to(tmp_path / "parts")
        assert path.read_bytes() == same.read_bytes(), path.name


@pytest.mark.parametrize(
    ("variable", "column", "values"),
    [
        ("sex", pd.Series(["female", None], dtype="category"), ["female", None]),
        ("homeroom", pd.Series([True, False]), ["yes", "no"]),
        ("age", pd.Series([31.9, np.nan]), [31, None]),
        ("hours", pd.Series([1.5, np.nan]), [1.5, None]),
        ("work_start", pd.to_datetime(pd.Series(["1998-09-01", None])), ["1998-09", None]),
        ("test_form", pd.Series(["2023版A卷", None]), ["2023版A卷", None]),
    ],
)
def test_columns_in_codes(variable: str, column: pd.Series, values: list) -> None:
    assert column_array(variable, column).to_pylist() == values
