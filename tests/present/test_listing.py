"""The list of reports."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analysis.errors import DataError
from analysis.present.listing import write_listing


def report(folder: Path, region: str, year: int, **fields: object) -> None:
    place = folder / region / str(year)
    place.mkdir(parents=True)
    (place / "index.html").write_text("x", encoding="utf-8")
    manifest = {"year": year, "region_label": region.upper(), **fields}
    (place / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def test_regions_with_their_years_newest_first(tmp_path: Path) -> None:
    report(tmp_path, "b", 2024)
    report(tmp_path, "b", 2025, is_invented=True, title="乙县2025年问题与不足")
    report(tmp_path, "a", 2025)
    text = write_listing(tmp_path).read_text(encoding="utf-8")
    links = ["a/2025/index.html", "b/2025/index.html", "b/2024/index.html"]
    places = [text.index(f'href="{link}"') for link in links]
    assert places == sorted(places)
    assert text.count("虚构数据") == 1
    assert "乙县2025年问题与不足" in text
    assert text.count("<h1") == 1


def test_a_folder_without_a_finished_page_is_not_listed(tmp_path: Path) -> None:
    report(tmp_path, "a", 2025)
    (tmp_path / "a" / "2025" / "index.html").unlink()
    assert "还没有生成任何报告" in write_listing(tmp_path).read_text(encoding="utf-8")


def test_an_unreadable_manifest_is_named(tmp_path: Path) -> None:
    report(tmp_path, "a", 2025)
    (tmp_path / "a" / "2025" / "manifest.json").write_text("[1", encoding="utf-8")
    with pytest.raises(DataError, match=r"a/2025/manifest\.json"):
        write_listing(tmp_path)


def test_same_bytes_twice(tmp_path: Path) -> None:
    report(tmp_path, "a", 2025)
    assert write_listing(tmp_path).read_bytes() == write_listing(tmp_path).read_bytes()
