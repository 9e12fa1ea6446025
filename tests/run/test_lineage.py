"""Last year's report beside this one: its manifest and its levels, or that there is none; a damaged one stops the run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analysis.errors import DataError
from analysis.run.lineage import read_levels, read_made

MANIFEST = {
    "study": "s", "package": "p", "lock": "l", "parameters": {"definitions": {"attrition": "A2"}}
}  # fmt: skip


def folder(tmp_path: Path, manifest: str) -> Path:
    (tmp_path / "manifest.json").write_text(manifest, encoding="utf-8")
    rows = "id,estimate\r\nlevel:attrition:A2:2024,3.0\r\nlevel:x:y:2024,\r\ncourse:z,1.0\r\n"
    (tmp_path / "estimates.csv").write_text(rows, encoding="utf-8-sig")
    return tmp_path


def test_hashes_definitions_and_levels_are_read(tmp_path: Path) -> None:
    made = read_made(folder(tmp_path, json.dumps(MANIFEST)))
    assert (made.study, made.package, made.lock) == ("s", "p", "l")
    assert made.definitions == {"attrition": "A2"}
    assert made.published == {"level:attrition:A2:2024": 3.0}


def test_a_damaged_manifest_is_named(tmp_path: Path) -> None:
    for text in ("{", json.dumps({"study": "s"})):
        with pytest.raises(DataError, match=r"estimates\.csv"):
            read_made(folder(tmp_path, text))


def test_a_report_without_a_table_published_nothing(tmp_path: Path) -> None:
    assert read_levels(tmp_path / "estimates.csv") == {}
