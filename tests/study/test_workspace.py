"""Regions and years are found on disk, and a wrong one is refused with the nearest."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.errors import ParameterError
from analysis.study.workspace import check_region, check_year, open_workspace


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for year in ("2024", "2025", "notes"):
        folder = tmp_path / "data" / "raw" / "demo-county" / year
        folder.mkdir(parents=True)
        (folder / "source.toml").write_text("", encoding="utf-8")
    return tmp_path


def test_years_are_the_folders_with_a_source(home: Path) -> None:
    space = open_workspace(home)
    assert space.regions() == ["demo-county"]
    assert space.years("demo-county") == [2024, 2025]


def test_auto_takes_the_newest(home: Path) -> None:
    assert check_year(open_workspace(home), "demo-county", "auto") == 2025


def test_a_misspelt_region_names_the_nearest(home: Path) -> None:
    with pytest.raises(ParameterError, match="demo-county"):
        check_region(open_workspace(home), "demo-conty")


@pytest.mark.parametrize("year", [2023, "202", "next", -1])
def test_a_year_without_data_lists_those_with(home: Path, year: object) -> None:
    with pytest.raises(ParameterError, match="2024, 2025"):
        check_year(open_workspace(home), "demo-county", year)  # type: ignore[arg-type]


# 2022 is two years from 2024; of 2027 the newest is nearest; fullwidth and superscript digits are typing errors
@pytest.mark.parametrize(
    ("year", "near"),
    [
        (2022, "2024"),
        (2027, "2025"),
        ("２０２４", "2024"),
        ("²", "-"),
        ("9" * 5000, "-"),
        ("20 25", "2025"),
    ],
)
def test_an_unknown_year_names_the_nearest(home: Path, year: object, near: str) -> None:
    with pytest.raises(ParameterError) as caught:
        check_year(open_workspace(home), "demo-county", year)  # type: ignore[arg-type]
    assert f"最接近的是：{near}；" in str(caught.value)
    assert f"Nearest: {near};" in str(caught.value)


@pytest.mark.parametrize("year", ["auto", "2025"])
def test_a_region_without_a_year_is_explained(tmp_path: Path, year: str) -> None:
    folder = tmp_path / "data" / "raw" / "demo-county" / "notes"
    folder.mkdir(parents=True)
    (folder / "source.toml").write_text("", encoding="utf-8")
    with pytest.raises(ParameterError, match="years found: -"):
        check_year(open_workspace(tmp_path), "demo-county", year)


def test_a_home_that_is_no_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="--home"):
        open_workspace(tmp_path / "nowhere")


def test_results_may_go_elsewhere(home: Path, tmp_path: Path) -> None:
    space = open_workspace(home, tmp_path / "out")
    assert space.report("r", 2025) == tmp_path / "out" / "reports" / "r" / "2025"
    assert space.raw == home / "data" / "raw"
